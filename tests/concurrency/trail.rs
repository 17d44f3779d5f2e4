//! What the audit trail tells, against what is there and what those who wrote were told.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::support::Sandbox;
use super::worker::Worker;

/// A store as its trail tells of it.
#[derive(Default)]
pub struct PlayedBack {
    /// The attempts to use each connector, of those that are on trial.
    pub connectors: BTreeMap<String, Option<usize>>,
    /// The services, each with the connectors that it refers to.
    pub services: BTreeMap<String, BTreeSet<String>>,
    /// How many connectors the mirror under way has added.
    added: usize,
    pub counts: Counts,
}

/// How often what came about.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counts {
    pub replacements: usize,
    pub trials: usize,
    /// Deletions of what was on trial, and nobody had tried.
    pub untried: usize,
    pub mirrors: usize,
}

/// Plays the trail back, and looks at each entry that it could come about then: nothing in use goes
/// or is put on trial, nothing is used that is not there or on trial, nothing that was tried is pruned,
/// nothing refers to what was replaced, and a mirror leaves what its file says.
pub fn played_back(sandbox: &Sandbox, workers: &[Worker]) -> PlayedBack {
    let run = sandbox.run(&["audit", "list", "-o", "ndjson"]);
    assert_eq!(run.code, 0, "{run}");
    let entries = run.stdout.lines();
    let entries: Vec<Value> = entries
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_told(&entries, workers);
    let mut store = PlayedBack::default();
    for (index, entry) in entries.iter().enumerate() {
        let is_same = |next: &&Value| {
            let same = |field: &str| next[field] == entry[field];
            same("command") && same("reason")
        };
        let next = entries.get(index + 1).filter(is_same);
        match entry["outcome"].as_str().unwrap() {
            "done" => store.play(entry, next, workers),
            "retired" => store.note_attempt(entry),
            _ => {}
        }
    }
    store
}

/// What was told to be done is in the trail as done, and nothing else is.
fn assert_told(entries: &[Value], workers: &[Worker]) {
    let mut done: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry["outcome"] == "done") {
        let reason = entry["reason"].as_str().unwrap_or_default();
        let subjects = done.entry(reason.to_owned()).or_default();
        subjects.insert(text(&entry["subject"]));
    }
    for (reason, told) in workers.iter().flat_map(|worker| &worker.told) {
        let done = done.remove(reason);
        match (told, done) {
            (None, done) => assert_eq!(done, None, "{reason} was told that nothing was done"),
            (Some(told), done) => {
                let done = done.unwrap_or_default();
                assert!(told.is_subset(&done), "{reason}: {told:?} {done:?}");
            }
        }
    }
}

impl PlayedBack {
    fn play(&mut self, entry: &Value, next: Option<&Value>, workers: &[Worker]) {
        let reason = entry["reason"].as_str().unwrap_or_default();
        let file = workers.iter().find_map(|worker| worker.files.get(reason));
        if let Some(file) = file {
            self.add_of_mirror(file);
        }
        let (subject, detail) = (text(&entry["subject"]), &entry["detail"]);
        let is_of = |command: &str| entry["command"] == command;
        match entry["action"].as_str().unwrap() {
            "connector.add" => {
                let before = self.connectors.insert(subject, None);
                assert_eq!(before, None, "{entry}");
            }
            "connector.delete" => {
                self.assert_unused(&subject, entry);
                let gone = self.connectors.remove(&subject).unwrap();
                if let Some(attempts) = gone.filter(|_| is_of("prune")) {
                    assert_eq!(attempts, 0, "{entry}");
                    self.counts.untried += 1;
                }
            }
            "connector.retire" => {
                self.assert_unused(&subject, entry);
                self.connectors
                    .get_mut(&subject)
                    .unwrap()
                    .get_or_insert_default();
                self.counts.trials += 1;
            }
            "connector.revive" => {
                let ended = self.connectors.insert(subject, None);
                assert!(matches!(ended, Some(Some(_))), "{entry}");
            }
            "service.edit" if is_of("replace") => {
                let (from, to) = (text(&detail["from"]), text(&detail["to"]));
                let mut uses = self.services[&subject].clone();
                assert!(uses.remove(&from), "{entry}");
                uses.insert(to);
                self.set_uses(subject, uses, entry);
                if next.is_some() {
                    return;
                }
                self.counts.replacements += 1;
                // A plan leaves alone what came up since.
                if !text(&entry["reason"]).starts_with("as planned") {
                    self.assert_unused(&from, entry);
                }
            }
            "service.add" | "service.edit" => self.set_uses(subject, uses_of(detail), entry),
            "service.delete" => {
                self.services.remove(&subject).unwrap();
            }
            "import" => {
                if let Some(file) = file {
                    self.end_mirror(file, entry);
                }
            }
            _ => {}
        }
    }

    /// What a mirror adds is not in the trail one by one.
    fn add_of_mirror(&mut self, file: &Value) {
        for connector in file["connectors"].as_array().unwrap() {
            let id = text(&connector["id"]);
            self.added += usize::from(self.connectors.insert(id, None).is_none());
        }
    }

    /// Everything of the file is there then, and what it does not hold has gone.
    fn end_mirror(&mut self, file: &Value, entry: &Value) {
        self.counts.mirrors += 1;
        let added = std::mem::take(&mut self.added);
        assert_eq!(entry["detail"]["connectors"]["added"], added, "{entry}");
        let mirrored = self.connectors.keys().filter(|id| id.starts_with('m'));
        let count = file["connectors"].as_array().unwrap().len();
        assert_eq!(mirrored.count(), count, "{entry}");
        for service in file["services"].as_array().unwrap() {
            let (id, uses) = (text(&service["id"]), uses_of(service));
            if !self.services.contains_key(&id) {
                self.set_uses(id.clone(), uses.clone(), entry);
            }
            assert_eq!(self.services[&id], uses, "{entry}");
        }
    }

    fn note_attempt(&mut self, entry: &Value) {
        let trial = self.connectors.get_mut(&text(&entry["subject"]));
        if let Some(Some(attempts)) = trial {
            *attempts += 1;
        }
    }

    fn set_uses(&mut self, service: String, uses: BTreeSet<String>, entry: &Value) {
        for id in &uses {
            let trial = self.connectors.get(id);
            assert!(trial == Some(&None), "{id} is {trial:?}: {entry}");
        }
        self.services.insert(service, uses);
    }

    fn assert_unused(&self, connector: &str, entry: &Value) {
        let mut services = self.services.iter();
        let left = services.find(|(_, uses)| uses.contains(connector));
        assert!(left.is_none(), "{left:?} {entry}");
    }

    /// Looks that this is what the store holds.
    pub fn assert_is(&self, export: &Value) {
        let records = |list: &str| export[list].as_array().cloned().unwrap_or_default();
        let connectors = records("connectors").into_iter();
        let connectors: BTreeMap<String, bool> = connectors
            .map(|one| (text(&one["id"]), one["retired_at"].is_string()))
            .collect();
        let played = self.connectors.iter();
        let played = played.map(|(id, trial)| (id.clone(), trial.is_some()));
        assert_eq!(connectors, played.collect());
        let services = records("services").into_iter();
        let services: BTreeMap<_, _> = services
            .map(|one| (text(&one["id"]), uses_of(&one)))
            .collect();
        assert_eq!(services, self.services);
    }
}

/// The connectors that a service refers to.
fn uses_of(service: &Value) -> BTreeSet<String> {
    let roles = ["sources", "destinations"].into_iter();
    let ids = roles.flat_map(|role| service[role].as_array().into_iter().flatten());
    ids.map(text).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The trail is whole: as connctl sees it, and computed anew from what the engine tells.
pub fn assert_chained(sandbox: &Sandbox) {
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
