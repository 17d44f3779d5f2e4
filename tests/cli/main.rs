//! The binary as its users meet it: every command in a sealed environment, with standard output,
//! standard error and the exit code pinned together.

#![allow(
    clippy::disallowed_methods,
    clippy::needless_raw_string_hashes,
    clippy::unwrap_used
)]

mod support;

mod access;
mod add;
mod audit;
mod ciphertext;
mod completions;
mod config;
mod corruption;
mod delete;
mod doctor;
mod edit;
mod examples;
mod exec;
mod export;
mod files;
mod guards;
mod hooks;
mod impact;
mod import;
mod keep;
mod keys;
mod list;
mod man;
mod merge;
mod mirror;
mod output;
mod plan;
mod policy;
mod previews;
mod prompts;
mod protect;
mod prune;
mod readme;
mod recipes;
mod replace;
mod restore;
mod retire;
mod run;
mod screens;
mod secrets;
mod service;
mod show;
mod signals;
mod standing;
mod store;
mod tampered;
mod terminal;
mod upgrade;
mod values;
mod who;
