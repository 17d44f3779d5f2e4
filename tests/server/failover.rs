//! The primary is lost, and a standby takes its place: nothing that was acknowledged is gone.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::length_of_drill;
use super::server::{BOSS, Server};
use super::support::Sandbox;

const WRITERS: usize = 4;

/// What a writer knows of its connectors.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Known {
    There,
    Gone,
    /// connctl said that it cannot tell.
    Uncertain,
}

/// What a writer knows in the end, and how many of its changes failed.
type Account = (BTreeMap<String, Known>, usize);

/// Adds and deletes connectors of its own until told to end, whatever comes of it.
fn write(sandbox: &Sandbox, writer: usize, done: &AtomicUsize, is_over: &AtomicBool) -> Account {
    let mut known = BTreeMap::new();
    let (mut failed, mut round) = (0, 0);
    while !is_over.load(Ordering::SeqCst) {
        let id = format!("w{writer}-{}", round / 2 % 20);
        round += 1;
        let before = known.get(&id).copied().unwrap_or(Known::Gone);
        let run = match before {
            Known::There => sandbox.run(&["delete", &id, "--yes"]),
            Known::Gone => sandbox.run(&["add", &id, "--system", "s", "--env", "testing"]),
            Known::Uncertain => continue,
        };
        let after = match (run.code, before) {
            (0, Known::There) => Known::Gone,
            (0, _) => Known::There,
            (1 | 8, _) if run.stderr.contains("nothing was changed") => before,
            (1, _) if run.stderr.contains("cannot connect to") => before,
            (1, _) if run.stderr.contains("whether") => Known::Uncertain,
            _ => panic!("{run}"),
        };
        if run.code == 0 {
            done.fetch_add(1, Ordering::SeqCst);
        } else {
            failed += 1;
        }
        known.insert(id, after);
    }
    (known, failed)
}

/// Waits until something is so.
fn wait(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..600 {
        if is_so() {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("{what} did not come about");
}

#[test]
#[ignore = "needs postgresql"]
fn nothing_acknowledged_is_lost_with_the_primary() {
    let primary = Server::start();
    primary.sql("postgres", "CREATE DATABASE platform");
    let standby = primary.standby();
    primary.sql(
        "postgres",
        "ALTER SYSTEM SET synchronous_standby_names = '*'",
    );
    primary.sql(
        "postgres",
        "ALTER SYSTEM SET synchronous_commit = remote_apply",
    );
    primary.sql("postgres", "SELECT pg_reload_conf()");
    wait("a synchronous standby", || {
        primary.sql("postgres", "SELECT sync_state FROM pg_stat_replication") == "sync\n"
    });
    let hosts = [&primary, &standby].map(|server| {
        let folder = server.folder.display().to_string().replace('/', "%2F");
        format!("{folder}:{}", server.port)
    });
    let url = format!(
        "postgres://{BOSS}@{}/platform?target_session_attrs=read-write",
        hosts.join(",")
    );
    let run = Sandbox::at(&url).run(&["init"]);
    assert_eq!(run.code, 0, "{run}");

    let (done, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let at_least = length_of_drill(40, 400);
    let known: Vec<Account> = thread::scope(|scope| {
        let (done, is_over, url) = (&done, &is_over, &url);
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| scope.spawn(move || write(&Sandbox::at(url), writer, done, is_over)))
            .collect();
        wait("writing", || done.load(Ordering::SeqCst) >= at_least);
        primary.kill();
        thread::sleep(Duration::from_millis(500));
        standby.sql("postgres", "SELECT pg_promote()");
        let before = done.load(Ordering::SeqCst);
        wait("writing after the failover", || {
            done.load(Ordering::SeqCst) >= before + at_least
        });
        is_over.store(true, Ordering::SeqCst);
        writers.into_iter().map(|one| one.join().unwrap()).collect()
    });

    let (mut wrong, mut uncertain, mut failed) = (Vec::new(), 0, 0);
    for (known, failures) in known {
        failed += failures;
        for (id, known) in known {
            let sql = format!("SELECT count(*) FROM connctl.connectors WHERE id = '{id}'");
            let is_there = standby.sql("platform", &sql) == "1\n";
            match known {
                Known::Uncertain => uncertain += 1,
                known if (known == Known::There) == is_there => {}
                known => wrong.push((id, known)),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    println!(
        "{} changes made, {failed} not, of {uncertain} it could not be told",
        done.load(Ordering::SeqCst)
    );
    let run = Sandbox::at(&url).run(&["audit", "verify"]);
    assert_eq!(run.code, 0, "{run}");
}
