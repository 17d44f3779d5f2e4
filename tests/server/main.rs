//! Stores on a server: what the database itself refuses, and the binary as those who work with such a
//! store meet it.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

mod bulk;
mod control;
mod cuts;
mod everywhere;
mod failover;
mod messages;
mod page;
mod passwords;
mod roles;
mod settings;

#[path = "../support/server.rs"]
mod server;

#[allow(dead_code)]
#[path = "../cli/support/mod.rs"]
mod support;

use connctl::store::{OpenOptions, ServerPlace, Store, Surroundings};
use server::{BOSS, server};

/// A new database with an empty store in a schema.
fn database_with_store(schema: &str) -> String {
    let database = server().database();
    let url = format!("{}?schema={schema}", server().url(BOSS, &database));
    let place = ServerPlace::new(&url, Surroundings::default()).unwrap();
    assert!(Store::init_on_server(&place, &OpenOptions::default()).unwrap());
    database
}

/// How long a drill takes: more if `CONNCTL_LONG_DRILLS` is set.
fn length_of_drill(short: usize, long: usize) -> usize {
    match std::env::var_os("CONNCTL_LONG_DRILLS") {
        Some(_) => long,
        None => short,
    }
}
