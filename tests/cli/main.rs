//! The binary as its users meet it: every command in a sealed environment, with standard output,
//! standard error and the exit code pinned together.

#![allow(clippy::needless_raw_string_hashes, clippy::unwrap_used)]

mod support;

mod add;
mod completions;
mod config;
mod delete;
mod doctor;
mod edit;
mod exec;
mod export;
mod import;
mod keys;
mod list;
mod man;
mod output;
mod policy;
mod prompts;
mod readme;
mod secrets;
mod service;
mod show;
mod store;
mod terminal;
mod upgrade;
