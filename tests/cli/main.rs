//! The binary as its users meet it: every command in a sealed environment, with standard output,
//! standard error and the exit code pinned together.

#![allow(clippy::unwrap_used, clippy::needless_raw_string_hashes)]

mod support;

mod completions;
mod delete;
mod man;
mod prompts;
mod terminal;
