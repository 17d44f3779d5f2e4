//! connctl against the programs of the databases: the same store, the same columns, in turn.
//!
//! ```text
//! cargo bench                    # all of it, with up to 1,000,000 connectors
//! cargo bench -- 10000           # one size
//! cargo bench -- file            # against the sqlite3 shell
//! cargo bench -- server 10000    # against psql, on a PostgreSQL server of its own
//! ```
//!
//! Machines differ and are busy, so only ratios are printed, of the time on the clock and of that of
//! the processor: the median of several pairs in alternating order, with the least and the greatest.
//! Whatever changes the store gets a fresh copy of it each time. What misses its target is marked; the
//! exit code tells nothing of it. What a server does is on the clock, and in no other figure.

#![allow(
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    clippy::unwrap_used
)]
#![cfg_attr(
    not(feature = "postgres"),
    allow(dead_code, reason = "only servers need it")
)]

mod data;
mod in_file;
mod measure;
#[cfg(feature = "postgres")]
mod on_server;
#[cfg(feature = "postgres")]
#[allow(dead_code, reason = "tests need more of it")]
#[path = "../../tests/support/server.rs"]
mod server;

use std::path::Path;
use std::process::{Command, Stdio};

const CONNCTL: &str = env!("CARGO_BIN_EXE_connctl");

const SIZES: [usize; 4] = [50, 10_000, 100_000, 1_000_000];

/// The size of the store that a large one is compared to.
const SMALL: usize = 1_000;

/// The word that makes this program run another one and report on it.
const MEASURE: &str = "--measure";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == MEASURE) {
        return measure::measure(&arguments[1..]);
    }
    let is_said = |word: &str| arguments.iter().any(|argument| argument == word);
    let sizes = arguments
        .iter()
        .filter_map(|argument| argument.parse().ok());
    let mut sizes: Vec<usize> = sizes.collect();
    let is_sized = !sizes.is_empty();
    if !is_sized {
        // Whoever only tests that this program works does not wait for a million.
        let all = is_said("--bench");
        sizes = if all { SIZES.to_vec() } else { vec![SIZES[0]] };
    }
    let folder = tempfile::Builder::new()
        .prefix("connctl-bench-")
        .tempdir()
        .unwrap();
    if is_said("file") || !is_said("server") {
        in_file::measure(folder.path(), &sizes);
    }
    if is_said("server") || !is_said("file") {
        // What a small store takes there is the way to the server, which is measured at any size.
        let sizes = if is_sized {
            &sizes
        } else {
            &sizes[sizes.len() - 1..]
        };
        on_server(folder.path(), sizes);
    }
}

#[cfg(feature = "postgres")]
use on_server::measure as on_server;

#[cfg(not(feature = "postgres"))]
fn on_server(_: &Path, _: &[usize]) {
    println!("This connctl is built without servers; nothing was measured on one.");
}

fn runs(program: &str, argument: &str) -> bool {
    let mut command = Command::new(program);
    command.arg(argument).stdout(Stdio::null()).status().is_ok()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
