//! Eight processes at once on one store: nothing that was acknowledged is lost, nothing dangles, and
//! whoever reads sees one state.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

#[allow(dead_code)]
#[path = "cli/support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use sha2::{Digest, Sha256};
use support::{Run, Sandbox};

const DURATION: Duration = Duration::from_secs(20);

/// How long connctl waits for a lock unless the configuration says otherwise.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How many connectors there are that come and go.
const GUESTS: usize = 12;

/// What one worker did and knows.
#[derive(Default)]
struct Worker {
    name: &'static str,
    operations: usize,
    /// Refused because of what another one did.
    conflicts: usize,
    /// Gave up waiting for a lock.
    busy: usize,
    worst: Duration,
    random: u64,
    /// What it made and did not delete: nobody else makes or deletes it.
    owned: BTreeSet<String>,
    /// The last number that it wrote and that was acknowledged.
    written: usize,
}

impl Worker {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            random: name
                .bytes()
                .fold(17, |seed, byte| seed * 31 + u64::from(byte)),
            ..Self::default()
        }
    }

    /// Runs the binary. `expected` are the exit codes that only tell of what others did; true if it
    /// was done.
    fn run(&mut self, sandbox: &Sandbox, arguments: &[&str], expected: &[i32]) -> Option<Run> {
        let start = Instant::now();
        let run = sandbox.run(arguments);
        let took = start.elapsed();
        self.operations += 1;
        self.worst = self.worst.max(took);
        match run.code {
            0 => return Some(run),
            8 => {
                assert!(took >= BUSY_TIMEOUT, "{arguments:?} after {took:?}: {run}");
                self.busy += 1;
            }
            code if expected.contains(&code) => self.conflicts += 1,
            _ => panic!("{} {arguments:?}: {run}", self.name),
        }
        None
    }

    fn below(&mut self, limit: usize) -> usize {
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.random >> 33).unwrap() % limit
    }

    /// A connector that may be there or not.
    fn guest(&mut self) -> String {
        let kind = ["d", "p"][self.below(2)];
        format!("{kind}{}", self.below(GUESTS))
    }

    /// Adds a service, or deletes one of its own.
    fn change_services(&mut self, sandbox: &Sandbox) {
        if self.owned.len() > 6 || self.below(3) == 0 && !self.owned.is_empty() {
            let index = self.below(self.owned.len());
            let id = self.owned.iter().nth(index).unwrap().clone();
            if self
                .run(sandbox, &["service", "delete", &id, "--yes"], &[])
                .is_some()
            {
                self.owned.remove(&id);
            }
            return;
        }
        let id = format!("{}-{}", self.name, self.operations);
        let (source, destination) = (self.guest(), self.guest());
        let add = [
            "service",
            "add",
            &id,
            "--source",
            &source,
            "--destination",
            &destination,
        ];
        if self.run(sandbox, &add, &[2, 4]).is_some() {
            self.owned.insert(id);
        }
    }

    /// Writes the next number into a field that is this worker's, of connectors that are not.
    fn edit(&mut self, sandbox: &Sandbox, flag: &str) {
        let next = (self.written + 1).to_string();
        if self
            .run(sandbox, &["edit", "shared", flag, &next], &[])
            .is_some()
        {
            self.written += 1;
        }
    }

    /// Writes the next number into two connectors at once.
    fn replace_pair(&mut self, sandbox: &Sandbox) {
        let next = self.written + 1;
        let file = ["left", "right"]
            .map(|id| {
                format!(
                    "{{\"type\":\"connector\",\"id\":\"{id}\",\"system\":\"s\",\
                     \"environment\":\"live\",\"note\":\"{next}\"}}\n"
                )
            })
            .concat();
        let name = format!("{}.ndjson", self.name);
        sandbox.write(&name, file);
        if self
            .run(sandbox, &["import", &name, "--replace"], &[])
            .is_some()
        {
            self.written = next;
        }
    }

    /// Adds what is missing of its connectors, and deletes one or those that nobody uses.
    fn change_connectors(&mut self, sandbox: &Sandbox, kind: &str, prunes: bool) {
        let id = format!("{kind}{}", self.below(GUESTS));
        if !self.owned.contains(&id) {
            let add = ["add", &id, "--system", kind, "--env", "testing"];
            if self.run(sandbox, &add, &[]).is_some() {
                self.owned.insert(id);
            }
        } else if prunes {
            let prune = ["prune", "all", "--system", kind, "--yes", "-o", "ids"];
            if let Some(run) = self.run(sandbox, &prune, &[]) {
                for id in run.stdout.lines() {
                    assert!(self.owned.remove(id), "{id}");
                }
            }
        } else if self.run(sandbox, &["delete", &id, "--yes"], &[5]).is_some() {
            self.owned.remove(&id);
        }
    }

    /// Looks at all of it and expects one state.
    fn look(&mut self, sandbox: &Sandbox) {
        let Some(run) = self.run(sandbox, &["export", "--format", "json"], &[]) else {
            return;
        };
        let export: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_whole(&export);
        if let Some(run) = self.run(sandbox, &["list", "all", "-o", "json"], &[]) {
            let list: Value = serde_json::from_str(&run.stdout).unwrap();
            assert!(list.as_array().unwrap().len() >= 3);
        }
    }
}

fn ids(export: &Value, list: &str) -> BTreeSet<String> {
    let entries = export[list].as_array().into_iter().flatten();
    entries
        .map(|entry| entry["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Every reference meets a connector, and what is written at once is seen at once.
fn assert_whole(export: &Value) {
    let connectors = ids(export, "connectors");
    for service in export["services"].as_array().into_iter().flatten() {
        for role in ["sources", "destinations"] {
            for id in service[role].as_array().unwrap() {
                assert!(connectors.contains(id.as_str().unwrap()), "{service}");
            }
        }
    }
    assert_eq!(of(export, "left")["note"], of(export, "right")["note"]);
}

fn of<'e>(export: &'e Value, id: &str) -> &'e Value {
    let connectors = export["connectors"].as_array().unwrap();
    connectors.iter().find(|one| one["id"] == id).unwrap()
}

#[test]
#[ignore = "takes twenty seconds"]
fn eight_processes_lose_nothing() {
    let sandbox = &Sandbox::new();
    for id in ["shared", "left", "right"] {
        let run = sandbox.run(&["add", id, "--system", "s", "--env", "live", "--note", "0"]);
        assert_eq!(run.code, 0, "{run}");
    }
    type Step = fn(&mut Worker, &Sandbox);
    let steps: [(&'static str, Step); 8] = [
        ("services-a", |worker, sandbox| {
            worker.change_services(sandbox);
        }),
        ("services-b", |worker, sandbox| {
            worker.change_services(sandbox);
        }),
        ("names", |worker, sandbox| {
            worker.edit(sandbox, "--name");
        }),
        ("notes", |worker, sandbox| {
            worker.edit(sandbox, "--note");
        }),
        ("pairs", |worker, sandbox| {
            worker.replace_pair(sandbox);
        }),
        ("deleter", |worker, sandbox| {
            worker.change_connectors(sandbox, "d", false);
        }),
        ("pruner", |worker, sandbox| {
            worker.change_connectors(sandbox, "p", true);
        }),
        ("reader", |worker, sandbox| {
            worker.look(sandbox);
        }),
    ];
    let start = Instant::now();
    let workers: Vec<Worker> = std::thread::scope(|scope| {
        let threads = steps.map(|(name, step)| {
            scope.spawn(move || {
                let mut worker = Worker::new(name);
                while start.elapsed() < DURATION {
                    step(&mut worker, sandbox);
                }
                worker
            })
        });
        threads.map(|thread| thread.join().unwrap()).into()
    });
    println!("worker      operations  conflicts  gave up  worst wait, seconds");
    for worker in &workers {
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
        expected(&["shared", "left", "right"], &["deleter", "pruner"])
    );
    assert_eq!(
        ids(&export, "services"),
        expected(&[], &["services-a", "services-b"])
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
    assert_chained(sandbox);
    let dangling = "SELECT count(*) FROM service_connectors AS r WHERE NOT EXISTS
        (SELECT 1 FROM connectors AS c WHERE c.id = r.connector_id)";
    assert_eq!(sandbox.sql(dangling), ["0"]);
    if sandbox.is_in_file() {
        assert_eq!(sandbox.sql("PRAGMA integrity_check"), ["ok"]);
    }
}

/// The trail is whole: as connctl sees it, and computed anew from what the engine tells.
fn assert_chained(sandbox: &Sandbox) {
    let verify = sandbox
        .command()
        .args(["audit", "verify", "-o", "json"])
        .output();
    let verify = verify.unwrap();
    assert!(verify.status.success(), "{verify:?}");
    let told: Value = serde_json::from_slice(&verify.stdout).unwrap();
    let (array, hash) = if sandbox.is_in_file() {
        ("json_array", "lower(hex(hash))")
    } else {
        ("json_build_array", "encode(hash, 'hex')")
    };
    let entries = sandbox.sql(&format!(
        "SELECT {array}(CAST(sequence AS TEXT), time, \"user\", CAST(uid AS TEXT), sudo_user, host,
             command, action, subject, outcome, reason, detail, {hash})
         FROM audit ORDER BY sequence"
    ));
    let mut head = [0; 32];
    for (index, entry) in entries.iter().enumerate() {
        let mut fields: Vec<Option<String>> = serde_json::from_str(entry).unwrap();
        let hash = fields.pop().unwrap().unwrap();
        assert_eq!(fields[0], Some((index + 1).to_string()));
        let mut digest = Sha256::new();
        digest.update(head);
        for field in fields {
            let length = field.as_ref().map_or(u64::MAX, |text| text.len() as u64);
            digest.update(length.to_be_bytes());
            digest.update(field.unwrap_or_default());
        }
        head = digest.finalize().into();
        assert_eq!(hex(&head), hash, "{entry}");
    }
    assert_eq!(told[0]["head"], hex(&head), "{told}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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

/// The services as the audit trail tells of them, each with the connectors that it refers to. Looks
/// that right behind every replacement nothing refers to what was replaced; how many there were.
fn played_back(sandbox: &Sandbox) -> (BTreeMap<String, BTreeSet<String>>, usize) {
    let run = sandbox.run(&["audit", "list", "-o", "ndjson"]);
    assert_eq!(run.code, 0, "{run}");
    let entries = run.stdout.lines();
    let entries = entries.map(|line| serde_json::from_str::<Value>(line).unwrap());
    let entries: Vec<Value> = entries.filter(|entry| entry["outcome"] == "done").collect();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut services: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut replacements = 0;
    for (index, entry) in entries.iter().enumerate() {
        let detail = &entry["detail"];
        match entry["action"].as_str().unwrap() {
            "service.edit" if entry["command"] == "replace" => {
                let connectors = services.get_mut(&text(&entry["subject"])).unwrap();
                assert!(connectors.remove(&text(&detail["from"])), "{entry}");
                connectors.insert(text(&detail["to"]));
                let is_same = |next: &Value| {
                    let same = |field: &str| next[field] == entry[field];
                    same("command") && same("reason") && next["detail"]["from"] == detail["from"]
                };
                if entries.get(index + 1).is_some_and(is_same) {
                    continue;
                }
                replacements += 1;
                // A plan leaves alone what came up since.
                if entry["reason"].is_null() {
                    let from = text(&detail["from"]);
                    let left = services.iter().find(|(_, uses)| uses.contains(&from));
                    assert!(left.is_none(), "{left:?} {entry}");
                }
            }
            "service.add" | "service.edit" => {
                let roles = ["sources", "destinations"].into_iter();
                let ids = roles.flat_map(|role| detail[role].as_array().unwrap());
                services.insert(text(&entry["subject"]), ids.map(text).collect());
            }
            "service.delete" => {
                services.remove(&text(&entry["subject"]));
            }
            _ => {}
        }
    }
    (services, replacements)
}

impl Worker {
    /// Adds, edits and deletes services of its own that refer to `x` or `y`.
    fn change_uses(&mut self, sandbox: &Sandbox) {
        let connector = ["x", "y"][self.below(2)];
        let number = self.below(8);
        let id = format!("{}-{number}", self.name);
        if !self.owned.contains(&id) {
            let add = [
                "service",
                "add",
                &id,
                "--source",
                connector,
                "--destination",
                "z",
            ];
            if self.run(sandbox, &add, &[]).is_some() {
                self.owned.insert(id);
            }
        } else if self.below(3) == 0 {
            let delete = ["service", "delete", &id, "--yes"];
            if self.run(sandbox, &delete, &[]).is_some() {
                self.owned.remove(&id);
            }
        } else {
            let edit = [
                "service", "edit", &id, "--source", connector, "--note", connector,
            ];
            self.run(sandbox, &edit, &[]);
        }
    }

    /// Replaces one connector by another, now and then as it was planned.
    fn replace(&mut self, sandbox: &Sandbox, from: &str, to: &str) {
        if self.below(2) == 0 {
            self.run(sandbox, &["replace", from, to, "--yes"], &[]);
            return;
        }
        let mut command = sandbox.command();
        let plan = command
            .args(["replace", from, to, "-n", "-o", "json"])
            .output();
        let name = format!("{}.json", self.name);
        sandbox.write(&name, plan.unwrap().stdout);
        self.run(
            sandbox,
            &[
                "replace",
                "--plan",
                &name,
                "--yes",
                "--reason",
                "as planned",
            ],
            &[7],
        );
    }
}

#[test]
#[ignore = "takes ten seconds"]
fn a_replacement_meets_edits_and_deletions() {
    let sandbox = &Sandbox::new();
    for id in ["x", "y", "z"] {
        let run = sandbox.run(&["add", id, "--system", "s", "--env", "testing"]);
        assert_eq!(run.code, 0, "{run}");
    }
    type Step = fn(&mut Worker, &Sandbox);
    let steps: [(&'static str, Step); 4] = [
        ("uses-a", |worker, sandbox| worker.change_uses(sandbox)),
        ("uses-b", |worker, sandbox| worker.change_uses(sandbox)),
        ("there", |worker, sandbox| worker.replace(sandbox, "x", "y")),
        ("back", |worker, sandbox| worker.replace(sandbox, "y", "x")),
    ];
    let start = Instant::now();
    let workers: Vec<Worker> = std::thread::scope(|scope| {
        let threads = steps.map(|(name, step)| {
            scope.spawn(move || {
                let mut worker = Worker::new(name);
                while start.elapsed() < DURATION / 2 {
                    step(&mut worker, sandbox);
                }
                worker
            })
        });
        threads.map(|thread| thread.join().unwrap()).into()
    });
    let export: Value = serde_json::from_str(&sandbox.export("json")).unwrap();
    let owned = workers
        .iter()
        .flat_map(|worker| worker.owned.iter().cloned());
    assert_eq!(ids(&export, "services"), owned.collect());
    let (played_back, replacements) = played_back(sandbox);
    println!(
        "{replacements} replacements, {} refused",
        workers.iter().map(|w| w.conflicts).sum::<usize>()
    );
    assert!(replacements > 10, "{replacements}");
    for service in export["services"].as_array().into_iter().flatten() {
        let roles = ["sources", "destinations"].into_iter();
        let connectors = roles.flat_map(|role| service[role].as_array().unwrap());
        let connectors: BTreeSet<_> = connectors
            .map(|id| id.as_str().unwrap().to_owned())
            .collect();
        assert_eq!(
            played_back[service["id"].as_str().unwrap()],
            connectors,
            "{service}"
        );
    }
    assert_chained(sandbox);
}
