//! What one of several processes does, and what it was told.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::assert_whole;
use super::support::{Run, Sandbox, code_of};

/// How long connctl waits for a lock unless the configuration says otherwise.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How many connectors of each kind there are that come and go.
const GUESTS: usize = 6;

/// Who mirrors.
const ORIGIN: &str = "elsewhere";

/// What one worker did and knows.
#[derive(Default)]
pub struct Worker {
    pub name: &'static str,
    pub operations: usize,
    /// Refused because of what another one did.
    pub conflicts: usize,
    /// Gave up waiting for a lock.
    pub busy: usize,
    pub worst: Duration,
    random: u64,
    /// What it made and did not delete: nobody else makes or deletes it.
    pub owned: BTreeSet<String>,
    /// Which of these it put on trial.
    pub on_trial: BTreeSet<String>,
    /// The last number that it wrote and that was acknowledged.
    pub written: usize,
    /// By the reason that it gave: what it was told was done, or `None` where it was told that
    /// nothing was.
    pub told: BTreeMap<String, Option<BTreeSet<String>>>,
    /// By the reason that it gave: the files that it mirrored.
    pub files: BTreeMap<String, Value>,
    /// The last of them that was acknowledged.
    pub mirrored: Option<Value>,
}

impl Worker {
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            random: name
                .bytes()
                .fold(17, |seed, byte| seed * 31 + u64::from(byte)),
            ..Self::default()
        }
    }

    /// Runs the binary. `expected` are the exit codes that only tell of what others did; what it
    /// wrote, if it was done.
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

    /// Changes something, with a reason by which it is found in the trail. `subjects` are what the
    /// trail must name if it was done; where that shows only then, it is the ids that were written.
    fn change(
        &mut self,
        sandbox: &Sandbox,
        arguments: &[&str],
        expected: &[i32],
        subjects: &[&str],
    ) -> Option<Run> {
        let reason = self.next_reason(arguments);
        let arguments = [arguments, &["--reason", &reason]].concat();
        let run = self.run(sandbox, &arguments, expected);
        let done = run.as_ref().map(|run| match subjects {
            [] => run.stdout.lines().map(str::to_owned).collect(),
            subjects => subjects.iter().map(|&id| id.to_owned()).collect(),
        });
        self.told.insert(reason, done);
        run
    }

    fn next_reason(&self, arguments: &[&str]) -> String {
        let how = if arguments.contains(&"--plan") {
            "as planned by"
        } else {
            "by"
        };
        format!("{how} {} {}", self.name, self.operations)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.random >> 33).unwrap() % limit
    }

    fn one_of(&mut self, ids: &BTreeSet<String>) -> Option<String> {
        let index = self.below(ids.len().max(1));
        ids.iter().nth(index).cloned()
    }

    /// A connector that may be there or not, or be on trial.
    fn guest(&mut self) -> String {
        let kind = ["d", "p", "m", "d", "p", "m", "t"][self.below(7)];
        format!("{kind}{}", self.below(GUESTS))
    }

    /// Adds a service, or deletes one of its own.
    pub fn change_services(&mut self, sandbox: &Sandbox) {
        if self.owned.len() > 6 || self.below(3) == 0 && !self.owned.is_empty() {
            let id = self.one_of(&self.owned.clone()).unwrap();
            let delete = ["service", "delete", &id, "--yes"];
            if self.change(sandbox, &delete, &[], &[&id]).is_some() {
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
        if self.change(sandbox, &add, &[2, 4, 10], &[&id]).is_some() {
            self.owned.insert(id);
        }
    }

    /// Writes the next number into a field that is this worker's, of a connector that is not.
    pub fn edit(&mut self, sandbox: &Sandbox, flag: &str) {
        let next = (self.written + 1).to_string();
        let edit = ["edit", "shared", flag, &next];
        if self.change(sandbox, &edit, &[], &["shared"]).is_some() {
            self.written += 1;
        }
    }

    /// Writes the next number into two connectors at once.
    pub fn replace_pair(&mut self, sandbox: &Sandbox) {
        let next = self.written + 1;
        let file = ["left", "right"]
            .map(|id| {
                format!(
                    "{{\"type\":\"connector\",\"id\":\"{id}\",\"system\":\"s\",\
                     \"environment\":\"live\",\"note\":\"{next}\"}}\n"
                )
            })
            .concat();
        sandbox.write("pairs.ndjson", file);
        let import = ["import", "pairs.ndjson", "--replace"];
        let subjects = ["left", "right", "pairs.ndjson"];
        if self.change(sandbox, &import, &[], &subjects).is_some() {
            self.written = next;
        }
    }

    /// Adds what is missing of its connectors, and deletes one or those that nobody uses.
    pub fn change_connectors(&mut self, sandbox: &Sandbox, kind: &str, prunes: bool) {
        let id = format!("{kind}{}", self.below(GUESTS));
        if !self.owned.contains(&id) {
            self.add(sandbox, &id);
        } else if prunes {
            self.prune(sandbox, &["--system", kind]);
        } else {
            let delete = ["delete", &id, "--yes"];
            if self.change(sandbox, &delete, &[5], &[&id]).is_some() {
                self.owned.remove(&id);
            }
        }
    }

    fn add(&mut self, sandbox: &Sandbox, id: &str) {
        let add = ["add", id, "--system", &id[..1], "--env", "testing"];
        if self.change(sandbox, &add, &[], &[id]).is_some() {
            self.owned.insert(id.to_owned());
        }
    }

    /// Deletes what filters select; what went.
    fn prune(&mut self, sandbox: &Sandbox, filters: &[&str]) -> Vec<String> {
        let prune = [&["prune", "all", "--yes", "-o", "ids"], filters].concat();
        let run = self.change(sandbox, &prune, &[], &[]);
        let gone = run.map(|run| run.stdout.lines().map(str::to_owned).collect());
        let gone: Vec<String> = gone.unwrap_or_default();
        for id in &gone {
            assert!(self.owned.remove(id), "{id}");
        }
        gone
    }

    /// Adds what is missing of its connectors, puts one on trial or ends its trial, or deletes those
    /// whose trial is over and that nobody tried.
    pub fn change_trials(&mut self, sandbox: &Sandbox) {
        let id = format!("t{}", self.below(GUESTS));
        if !self.owned.contains(&id) {
            return self.add(sandbox, &id);
        }
        match self.below(4) {
            0 => {
                for gone in self.prune(sandbox, &["--system", "t", "--retired"]) {
                    assert!(self.on_trial.remove(&gone), "{gone}");
                }
            }
            1 => {
                let Some(id) = self.one_of(&self.on_trial.clone()) else {
                    return;
                };
                if self
                    .change(sandbox, &["revive", &id], &[], &[&id])
                    .is_some()
                {
                    self.on_trial.remove(&id);
                }
            }
            _ => {
                let retire = ["retire", &id, "--for", "1s", "--yes"];
                if self.change(sandbox, &retire, &[5], &[&id]).is_some() {
                    self.on_trial.insert(id);
                }
            }
        }
    }

    /// Mirrors some connectors and a service that needs some of them, all with the next number.
    pub fn mirror(&mut self, sandbox: &Sandbox) {
        let number = self.operations.to_string();
        let mut ids = vec!["m0".to_owned()];
        for guest in 1..GUESTS {
            if self.below(2) == 0 {
                ids.push(format!("m{guest}"));
            }
        }
        let connector = |id: &String| json!({"id": id, "system": "m", "environment": "testing", "note": number});
        let connectors: Vec<_> = ids.iter().map(connector).collect();
        let last = ids.last().unwrap();
        let service =
            json!({"id": "mirrored", "sources": ["m0"], "destinations": [last], "note": number});
        let file = json!({"connectors": connectors, "services": [service]});
        let name = format!("{}.json", self.name);
        sandbox.write(&name, file.to_string());
        let vanished = self.owned.iter().filter(|id| !ids.contains(id)).count();
        let vanished = vanished.to_string();
        let import = [
            "import",
            &name,
            "--mirror",
            ORIGIN,
            "--yes",
            "--expect-deleted",
            &vanished,
        ];
        let reason = self.next_reason(&import);
        self.files.insert(reason, file.clone());
        // What is in use does not go, and so is not counted as expected.
        if self.change(sandbox, &import, &[2, 5], &[&name]).is_some() {
            self.owned = ids.into_iter().collect();
            self.mirrored = Some(file);
        }
    }

    /// Puts a connector in the place of another one, if both are there.
    pub fn replace_guest(&mut self, sandbox: &Sandbox) {
        let (from, to) = (self.guest(), self.guest());
        self.replace(sandbox, &from, &to, &[2, 4, 10]);
    }

    /// Replaces one connector by another, now and then as it was planned.
    pub fn replace(&mut self, sandbox: &Sandbox, from: &str, to: &str, expected: &[i32]) {
        if self.below(2) == 0 {
            let replace = ["replace", from, to, "--yes", "-o", "ids"];
            self.change(sandbox, &replace, expected, &[]);
            return;
        }
        let plan = ["replace", from, to, "-n", "-o", "json"];
        // What a run shows has no revisions, which a plan needs.
        let plan = sandbox.command().args(plan).output().unwrap();
        if !plan.status.success() {
            let code = code_of(plan.status);
            assert!(code == 8 || expected.contains(&code), "{plan:?}");
            return;
        }
        let name = format!("{}.json", self.name);
        sandbox.write(&name, plan.stdout);
        let replace = ["replace", "--plan", &name, "--yes", "-o", "ids"];
        self.change(sandbox, &replace, &[&[7], expected].concat(), &[]);
    }

    /// Adds, edits and deletes services of its own that refer to `x` or `y`.
    pub fn change_uses(&mut self, sandbox: &Sandbox) {
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
            if self.change(sandbox, &add, &[], &[&id]).is_some() {
                self.owned.insert(id);
            }
        } else if self.below(3) == 0 {
            let delete = ["service", "delete", &id, "--yes"];
            if self.change(sandbox, &delete, &[], &[&id]).is_some() {
                self.owned.remove(&id);
            }
        } else {
            let note = self.operations.to_string();
            let edit = [
                "service", "edit", &id, "--source", connector, "--note", &note,
            ];
            self.change(sandbox, &edit, &[], &[&id]);
        }
    }

    /// Looks at all of it and expects one state.
    pub fn look(&mut self, sandbox: &Sandbox) {
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
