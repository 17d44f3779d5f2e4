//! Eight processes at once on one store: nothing that was acknowledged is lost, nothing dangles, and
//! whoever reads sees one state.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

#[allow(dead_code)]
#[path = "../cli/support/mod.rs"]
mod support;

mod trail;
mod worker;

use std::collections::BTreeSet;
use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::Sandbox;
use trail::{assert_chained, played_back};
use worker::Worker;

const DURATION: Duration = Duration::from_secs(20);

/// What a worker does again and again.
type Step = fn(&mut Worker, &Sandbox);

/// Lets workers work at once for a time.
fn work<const COUNT: usize>(
    sandbox: &Sandbox,
    duration: Duration,
    steps: [(&'static str, Step); COUNT],
) -> Vec<Worker> {
    let start = Instant::now();
    std::thread::scope(|scope| {
        let threads = steps.map(|(name, step)| {
            scope.spawn(move || {
                let mut worker = Worker::new(name);
                while start.elapsed() < duration {
                    step(&mut worker, sandbox);
                }
                worker
            })
        });
        threads.map(|thread| thread.join().unwrap()).into()
    })
}

fn ids(export: &Value, list: &str) -> BTreeSet<String> {
    let entries = export[list].as_array().into_iter().flatten();
    entries
        .map(|entry| entry["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Every reference meets a connector that is not on trial, and what is written at once is seen at once.
fn assert_whole(export: &Value) {
    let records = |list: &str| export[list].as_array().into_iter().flatten();
    let usable = records("connectors").filter(|one| one["retired_at"].is_null());
    let usable: BTreeSet<&str> = usable.map(|one| one["id"].as_str().unwrap()).collect();
    for service in records("services") {
        for role in ["sources", "destinations"] {
            for id in service[role].as_array().unwrap() {
                assert!(usable.contains(id.as_str().unwrap()), "{service}");
            }
        }
    }
    assert_eq!(of(export, "left")["note"], of(export, "right")["note"]);
    let all = records("connectors").chain(records("services"));
    let mirrored = all.filter(|one| one["origin"].is_string());
    let notes: BTreeSet<_> = mirrored.map(|one| one["note"].as_str()).collect();
    assert!(notes.len() <= 1, "{notes:?}");
}

fn of<'e>(export: &'e Value, id: &str) -> &'e Value {
    let connectors = export["connectors"].as_array().unwrap();
    connectors.iter().find(|one| one["id"] == id).unwrap()
}

/// What each worker met.
fn print(workers: &[Worker]) {
    println!("worker      operations  conflicts  gave up  worst wait, seconds");
    for worker in workers {
        println!(
            "{:<11} {:>10} {:>10} {:>8}  {:.2}",
            worker.name,
            worker.operations,
            worker.conflicts,
            worker.busy,
            worker.worst.as_secs_f64()
        );
        assert!(
            worker.operations > worker.busy,
            "{} did nothing",
            worker.name
        );
    }
}

#[test]
#[ignore = "takes twenty seconds"]
fn eight_processes_lose_nothing() {
    let sandbox = &Sandbox::new();
    for id in ["shared", "left", "right"] {
        let run = sandbox.run(&["add", id, "--system", "s", "--env", "live", "--note", "0"]);
        assert_eq!(run.code, 0, "{run}");
    }
    let workers = work(
        sandbox,
        DURATION,
        [
            ("services-a", Worker::change_services),
            ("services-b", Worker::change_services),
            ("names", |worker, sandbox| match worker.below(2) {
                0 => worker.edit(sandbox, "--name"),
                _ => worker.replace_guest(sandbox),
            }),
            ("notes", |worker, sandbox| match worker.below(2) {
                0 => worker.edit(sandbox, "--note"),
                _ => worker.change_trials(sandbox),
            }),
            ("pairs", |worker, sandbox| match worker.below(2) {
                0 => worker.replace_pair(sandbox),
                _ => worker.mirror(sandbox),
            }),
            ("deleter", |worker, sandbox| {
                worker.change_connectors(sandbox, "d", false);
            }),
            ("pruner", |worker, sandbox| {
                worker.change_connectors(sandbox, "p", true);
            }),
            ("reader", Worker::look),
        ],
    );
    print(&workers);
    let export: Value = serde_json::from_str(&sandbox.export("json")).unwrap();
    assert_whole(&export);
    let expected = |fixed: &[&str], names: &[&str]| {
        let owners = workers.iter().filter(|worker| names.contains(&worker.name));
        let owned = owners.flat_map(|worker| worker.owned.iter().cloned());
        let fixed = fixed.iter().map(|&id| id.to_owned());
        fixed.chain(owned).collect::<BTreeSet<_>>()
    };
    assert_eq!(
        ids(&export, "connectors"),
        expected(
            &["shared", "left", "right"],
            &["notes", "pairs", "deleter", "pruner"]
        )
    );
    assert_eq!(
        ids(&export, "services"),
        expected(&["mirrored"], &["services-a", "services-b"])
    );
    let written = |name: &str| {
        let worker = workers.iter().find(|worker| worker.name == name).unwrap();
        worker.written.to_string()
    };
    let shared = of(&export, "shared");
    assert_eq!(shared["note"], written("notes"));
    if written("names") != "0" {
        assert_eq!(shared["name"], written("names"));
    }
    assert_eq!(of(&export, "left")["note"], written("pairs"));
    let mirrored = workers.iter().find_map(|worker| worker.mirrored.as_ref());
    for connector in mirrored.unwrap()["connectors"].as_array().unwrap() {
        let id = connector["id"].as_str().unwrap();
        assert_eq!(of(&export, id)["note"], connector["note"], "{id}");
    }
    let played_back = played_back(sandbox, &workers);
    played_back.assert_is(&export);
    println!("{:?}", played_back.counts);
    // How many replacements and untried trials there are is a matter of luck.
    let counts = played_back.counts;
    assert!(counts.trials > 0 && counts.mirrors > 0, "{counts:?}");
    assert_chained(sandbox);
    assert_nothing_dangles(sandbox);
}

/// As the engine itself tells.
fn assert_nothing_dangles(sandbox: &Sandbox) {
    for lost in [
        "SELECT count(*) FROM service_connectors AS r WHERE NOT EXISTS
            (SELECT 1 FROM connectors AS c WHERE c.id = r.connector_id)",
        "SELECT count(*) FROM service_connectors AS r WHERE NOT EXISTS
            (SELECT 1 FROM services AS s WHERE s.id = r.service_id)",
        "SELECT count(*) FROM service_connectors AS r JOIN connectors AS c
            ON c.id = r.connector_id WHERE c.retired_at IS NOT NULL",
    ] {
        assert_eq!(sandbox.sql(lost), ["0"], "{lost}");
    }
    if sandbox.is_in_file() {
        assert_eq!(sandbox.sql("PRAGMA integrity_check"), ["ok"]);
    }
}

#[test]
fn a_reader_who_pauses_shuts_nobody_out() {
    let sandbox = Sandbox::new();
    let connectors: String = (0..2_000)
        .map(|number| {
            format!(
                "{{\"type\":\"connector\",\"id\":\"c{number}\",\"name\":\"{}\",\"system\":\"s\",\
                 \"environment\":\"live\"}}\n",
                "n".repeat(200)
            )
        })
        .collect();
    sandbox.write("many.ndjson", connectors);
    assert_eq!(sandbox.run(&["import", "many.ndjson"]).code, 0);
    let mut reader = sandbox
        .command()
        .args(["list", "all", "-o", "json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = reader.stdout.take().unwrap();
    // The first byte is there, so all that fits into the pipe is, and the rest waits.
    let mut first = [0];
    stdout.read_exact(&mut first).unwrap();
    let run = sandbox.run(&["delete", "c7", "--yes"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(reader.try_wait().unwrap().is_none(), "it did not pause");
    let mut rest = Vec::from(first);
    stdout.read_to_end(&mut rest).unwrap();
    assert!(reader.wait().unwrap().success());
    let list: Value = serde_json::from_slice(&rest).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 2_000);
}

#[test]
#[ignore = "takes ten seconds"]
fn a_replacement_meets_edits_and_deletions() {
    let sandbox = &Sandbox::new();
    for id in ["x", "y", "z"] {
        let run = sandbox.run(&["add", id, "--system", "s", "--env", "testing"]);
        assert_eq!(run.code, 0, "{run}");
    }
    let workers = work(
        sandbox,
        DURATION / 2,
        [
            ("uses-a", Worker::change_uses),
            ("uses-b", Worker::change_uses),
            ("there", |worker, sandbox| {
                worker.replace(sandbox, "x", "y", &[]);
            }),
            ("back", |worker, sandbox| {
                worker.replace(sandbox, "y", "x", &[]);
            }),
        ],
    );
    let export: Value = serde_json::from_str(&sandbox.export("json")).unwrap();
    let owned = workers
        .iter()
        .flat_map(|worker| worker.owned.iter().cloned());
    assert_eq!(ids(&export, "services"), owned.collect());
    let played_back = played_back(sandbox, &workers);
    println!("{:?}", played_back.counts);
    assert!(played_back.counts.replacements > 10);
    played_back.assert_is(&export);
    assert_chained(sandbox);
}
