//! One file for each verb, one folder for each noun. A command reads its arguments, works on the
//! store through the context, and hands values to the output.
//!
//! Commands do not use each other: what several do is in [`crate::ops`], what several are told in
//! [`args`].

pub mod access;
pub mod add;
pub mod args;
pub mod audit;
pub mod backup;
pub mod compact;
pub mod completions;
pub mod copy;
pub mod delete;
pub mod doctor;
pub mod edit;
pub mod exec;
pub mod export;
pub mod impact;
pub mod import;
pub mod init;
pub mod key;
pub mod list;
pub mod man;
pub mod policy;
pub mod protect;
pub mod prune;
pub mod rename;
pub mod replace;
pub mod restore;
pub mod retire;
pub mod revive;
pub mod run;
pub mod secret;
pub mod service;
pub mod show;
pub mod unprotect;
