//! Nothing is lost when it breaks: the real binary, killed and failed at every call of the operating
//! system by which it changes a file or writes, and on disks that are full, closed or gone.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

#[allow(dead_code)]
#[path = "cli/support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use connctl::model::{Action, Detail, Event, Verdict};
use connctl::store::{Chain, Ciphertext, OpenOptions, SCHEMA_VERSION, Store};
use nix::sys::signal::Signal;
use support::{CONNCTL, Run, Sandbox};

/// The calls that change a file or write.
const CALLS: &str = "write,writev,pwrite64,fsync,fdatasync,ftruncate,truncate,unlink,unlinkat,\
                     rename,renameat2,link,linkat";

/// What is done to a call: the process is killed at it or asked to end, or the call fails.
const FAULTS: [&str; 4] = [
    "signal=SIGKILL",
    "signal=SIGTERM",
    "error=EIO",
    "error=ENOSPC",
];

/// Words by which a failure says that the change was made all the same, or may have been.
const MADE: [&str; 4] = [
    ", but the output cannot be written",
    "the change was made",
    "could not confirm",
    "cannot write the output",
];

/// Words by which a failure says that nothing was done.
const UNTOUCHED: [&str; 4] = [
    "nothing was changed",
    "nothing was deleted",
    "nothing was imported",
    "nothing was run",
];

/// A command that is broken off everywhere.
struct Work<'w> {
    arguments: &'w [&'w str],
    /// How it ends when nothing breaks.
    code: i32,
    /// What shows whether it was done.
    state: &'w dyn Fn(&Sandbox) -> String,
    /// States between the old and the new one that are sound.
    between: &'w [&'w str],
}

impl Work<'_> {
    /// Breaks it off at every call in every way.
    fn break_everywhere(&self, sandbox: &Sandbox) {
        self.break_everywhere_and(sandbox, |_, _, _| {});
    }

    /// As [`Work::break_everywhere`], and looks at more each time: how it ended, whether it was
    /// done, and the case.
    fn break_everywhere_and(&self, sandbox: &Sandbox, look: impl Fn(&Run, bool, &str)) {
        let before = sandbox.store_bytes();
        let old = (self.state)(sandbox);
        restore(sandbox, &before);
        let calls = self.count_calls(sandbox);
        let new = (self.state)(sandbox);
        assert_ne!(old, new, "the command does nothing");
        let mut tally = BTreeMap::<_, usize>::new();
        for (call, &count) in &calls {
            for number in 1..=count {
                for fault in FAULTS {
                    restore(sandbox, &before);
                    let run = self.run(sandbox, call, fault, number);
                    let case = format!("{fault} at {call} {number}: {run}");
                    assert_clean(sandbox, &case);
                    let found = (self.state)(sandbox);
                    if found != old && found != new {
                        assert!(self.between.contains(&found.as_str()), "{case}\n{found}");
                    }
                    if fault == "signal=SIGTERM" && run.signal.is_none() {
                        assert_eq!(run.code, self.code, "{case}");
                    }
                    self.assert_honest(&run, found == new, &case);
                    look(&run, found == new, &case);
                    let end = if found == new { "done" } else { "not done" };
                    *tally.entry((fault, end)).or_default() += 1;
                }
            }
        }
        println!("{:?}: {calls:?}: {tally:?}", self.arguments);
        assert!(tally.values().sum::<usize>() > 30, "{tally:?}");
    }

    /// The exit code and the message agree with what is in the store.
    fn assert_honest(&self, run: &Run, is_done: bool, case: &str) {
        let says = |words: &[&str]| words.iter().any(|words| run.stderr.contains(words));
        assert!(!run.stderr.contains("panicked"), "{case}");
        match run.code {
            // Nobody was told anything.
            _ if run.signal == Some(Signal::SIGKILL as i32) => {}
            // Whoever was asked to end has ended of that only where nothing was done.
            _ if run.signal.is_some() => assert!(!is_done, "done, but ended of a signal: {case}"),
            code if code == self.code => assert!(is_done, "acknowledged and not done: {case}"),
            _ if is_done => assert!(says(&MADE), "done, but it says nothing of it: {case}"),
            _ => assert!(!says(&MADE[..2]), "not done, but it says so: {case}"),
        }
        if run.code != self.code && says(&UNTOUCHED) {
            assert!(!is_done, "done, but it says that nothing was: {case}");
        }
    }

    fn strace(&self, sandbox: &Sandbox, options: &[&str]) -> Run {
        let mut command = Command::new("strace");
        sandbox.seal(&mut command);
        command
            .args(["-f", "-qq", "-e", "signal=none"])
            .args(options)
            .arg(CONNCTL)
            .args(self.arguments)
            .env("VALUE", "new value")
            .stdin(Stdio::null());
        sandbox.finish(&mut command)
    }

    /// How often it makes each call.
    fn count_calls(&self, sandbox: &Sandbox) -> BTreeMap<&'static str, usize> {
        let log = sandbox.path("calls");
        let trace = format!("trace={CALLS}");
        let run = self.strace(sandbox, &["-e", &trace, "-o", log.to_str().unwrap()]);
        assert_eq!(run.code, self.code, "{run}");
        let log = std::fs::read_to_string(log).unwrap();
        let mut calls = BTreeMap::new();
        for call in CALLS.split(',') {
            let is_it = |line: &&str| {
                let mut words = line.split_whitespace().skip(1);
                words
                    .next()
                    .is_some_and(|word| word.starts_with(&format!("{call}(")))
            };
            let count = log.lines().filter(is_it).count();
            if count > 0 {
                calls.insert(call, count);
            }
        }
        calls
    }

    fn run(&self, sandbox: &Sandbox, call: &str, fault: &str, number: usize) -> Run {
        self.strace(
            sandbox,
            &[
                "-o",
                "/dev/null",
                "-e",
                &format!("trace={call}"),
                "-e",
                &format!("inject={call}:{fault}:when={number}"),
            ],
        )
    }
}

fn restore(sandbox: &Sandbox, store: &[u8]) {
    let _ = std::fs::remove_file(sandbox.path("store.db-journal"));
    sandbox.write("store.db", store);
}

/// The store opens, is whole, and can be written.
fn assert_clean(sandbox: &Sandbox, case: &str) {
    let run = sandbox.run(&["audit", "verify"]);
    assert_eq!(run.code, 0, "{case}\n{run}");
    assert_sound(&sandbox.path("store.db"), case);
}

/// SQLite finds nothing wrong with the file.
fn assert_sound(store: &Path, case: &str) {
    let connection = rusqlite::Connection::open(store).unwrap();
    let check: String = connection
        .pragma_query_value(None, "integrity_check", |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok", "{case}");
    let dangling = connection
        .prepare("PRAGMA foreign_key_check")
        .unwrap()
        .exists([])
        .unwrap();
    assert!(!dangling, "{case}");
}

/// Everything but what is encrypted anew or tells the time.
fn content(sandbox: &Sandbox) -> String {
    let export = sandbox.redact(&sandbox.export("ndjson"));
    let without_ciphertext = |line: &str| {
        let mut object: serde_json::Value = serde_json::from_str(line).unwrap();
        object.as_object_mut().unwrap().remove("secrets");
        object.to_string()
    };
    let lines: Vec<_> = export.lines().map(without_ciphertext).collect();
    lines.join("\n")
}

/// The example shop with secrets at two connectors.
fn shop() -> Sandbox {
    let sandbox = Sandbox::with_shop();
    sandbox.set_secret("shop-old", "key", "old value");
    sandbox.set_secret("erp", "token", "stays");
    sandbox
}

#[test]
#[ignore = "needs strace"]
fn delete() {
    Work {
        arguments: &["delete", "shop-test", "--yes", "-o", "json"],
        code: 0,
        state: &content,
        between: &[],
    }
    .break_everywhere(&shop());
}

#[test]
#[ignore = "needs strace"]
fn delete_of_a_connector_with_secrets() {
    Work {
        arguments: &["delete", "shop-old", "shop-test", "--yes"],
        code: 0,
        state: &content,
        between: &[],
    }
    .break_everywhere(&shop());
}

#[test]
#[ignore = "needs strace"]
fn delete_that_keeps_going() {
    Work {
        arguments: &[
            "delete",
            "erp",
            "shop-test",
            "none",
            "--keep-going",
            "--yes",
        ],
        code: 5,
        state: &content,
        between: &[],
    }
    .break_everywhere(&shop());
}

#[test]
#[ignore = "needs strace"]
fn delete_that_keeps_a_copy() {
    let sandbox = shop();
    let files = || {
        let names = std::fs::read_dir(sandbox.path("")).unwrap();
        names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains("kept"))
            .collect::<Vec<_>>()
    };
    let work = Work {
        arguments: &["delete", "shop-old", "--yes", "--keep", "kept.ndjson"],
        code: 0,
        state: &|sandbox| {
            let state = content(sandbox);
            if !state.contains("\"id\":\"shop-old\"") {
                let copy = std::fs::read_to_string(sandbox.path("kept.ndjson")).unwrap();
                assert!(
                    copy.contains("\"id\":\"shop-old\"") && copy.ends_with('\n'),
                    "{copy}"
                );
                assert!(copy.contains("BEGIN AGE ENCRYPTED FILE"), "{copy}");
                std::fs::remove_file(sandbox.path("kept.ndjson")).unwrap();
            }
            state
        },
        between: &[],
    };
    work.break_everywhere_and(&sandbox, |run, _, case| {
        // Whoever is killed cannot clean up; nobody else leaves anything.
        let left = files();
        let is_killed = run.signal == Some(Signal::SIGKILL as i32);
        assert!(left.is_empty() || is_killed, "{left:?} {case}");
        for file in left {
            std::fs::remove_file(sandbox.path(&file)).unwrap();
        }
    });
}

#[test]
#[ignore = "needs strace"]
fn delete_of_a_service() {
    Work {
        arguments: &["service", "delete", "orders", "--yes"],
        code: 0,
        state: &content,
        between: &[],
    }
    .break_everywhere(&shop());
}

#[test]
#[ignore = "needs strace"]
fn replace() {
    let sandbox = shop();
    let run = sandbox.run(&["copy", "erp", "erp-2"]);
    assert_eq!(run.code, 0, "{run}");
    Work {
        arguments: &["replace", "erp", "erp-2", "--yes", "-o", "json"],
        code: 0,
        state: &content,
        between: &[],
    }
    .break_everywhere(&sandbox);
}

#[test]
#[ignore = "needs strace"]
fn delete_of_what_gives_way() {
    let sandbox = shop();
    let run = sandbox.run(&["copy", "erp", "erp-2"]);
    assert_eq!(run.code, 0, "{run}");
    Work {
        arguments: &["delete", "erp", "--replace-with", "erp-2", "--yes"],
        code: 0,
        state: &content,
        between: &[],
    }
    .break_everywhere(&sandbox);
}

#[test]
#[ignore = "needs strace"]
fn rename() {
    Work {
        arguments: &["rename", "erp", "erp-2", "--yes"],
        code: 0,
        state: &content,
        between: &[],
    }
    .break_everywhere(&shop());
}

#[test]
#[ignore = "needs strace"]
fn retire() {
    Work {
        arguments: &["retire", "shop-old", "shop-test", "--for", "30d", "--yes"],
        code: 0,
        state: &content,
        between: &[],
    }
    .break_everywhere(&shop());
}

#[test]
#[ignore = "needs strace"]
fn attempt_to_use_what_is_on_trial() {
    let sandbox = shop();
    let run = sandbox.run(&["retire", "shop-old", "--for", "30d", "--yes"]);
    assert_eq!(run.code, 0, "{run}");
    let attempts = |sandbox: &Sandbox| {
        let list = ["audit", "list", "--outcome", "retired", "-o", "ids"];
        sandbox.run(&list).stdout.lines().count().to_string()
    };
    // Only what was recorded ends with 10, and the value is given in no case.
    let work = Work {
        arguments: &["secret", "get", "shop-old", "key"],
        code: 10,
        state: &attempts,
        between: &[],
    };
    work.break_everywhere_and(&sandbox, |run, _, case| {
        assert!(run.stdout.is_empty(), "{case}");
    });
}

#[test]
#[ignore = "needs strace"]
fn workflow_actions() {
    let sandbox = shop();
    sandbox.write(
        "actions.json",
        r#"[{"ActionType": "CredStore.DeleteEntry", "Parameters": {"EntryId": "shop-test"}},
            {"ActionType": "CredStore.DeleteEntry", "Parameters": {"EntryId": "shop-old"}}]"#,
    );
    Work {
        arguments: &["run", "actions.json", "--yes"],
        code: 0,
        state: &content,
        between: &[],
    }
    .break_everywhere(&sandbox);
}

#[test]
#[ignore = "needs strace"]
fn import_that_replaces() {
    let sandbox = shop();
    sandbox.write(
        "new.toml",
        r#"
[[connectors]]
id = "new"
system = "http"
environment = "live"
[[connectors]]
id = "erp"
system = "netsuite"
environment = "live"
note = "replaced"
[[services]]
id = "orders"
sources = ["new"]
destinations = ["erp", "shop-old"]
"#,
    );
    Work {
        arguments: &["import", "new.toml", "--replace"],
        code: 0,
        state: &content,
        between: &[],
    }
    .break_everywhere(&sandbox);
}

#[test]
#[ignore = "needs strace"]
fn import_that_seals() {
    let sandbox = shop();
    let add = ["edit", "erp", "--set", "password=s3cr3t", "--allow-plain"];
    assert_eq!(sandbox.run(&add).code, 0);
    sandbox.write("plain.ndjson", sandbox.export("ndjson"));
    let work = Work {
        arguments: &["import", "plain.ndjson", "--replace", "--seal"],
        code: 0,
        state: &content,
        between: &[],
    };
    work.break_everywhere_and(&sandbox, |_, is_done, case| {
        let is_there = || {
            let bytes = sandbox.store_bytes();
            bytes.windows(6).any(|bytes| bytes == b"s3cr3t")
        };
        if is_done && is_there() {
            // The next writer erases what was left.
            let run = sandbox.run(&["edit", "files", "--note", "next"]);
            assert_eq!(run.code, 0, "{case}: {run}");
        }
        assert_eq!(is_there(), !is_done, "{case}");
    });
}

#[test]
#[ignore = "needs strace"]
fn restore_of_a_copy() {
    let sandbox = shop();
    assert_eq!(sandbox.run(&["backup", "copy.db"]).code, 0);
    let change = ["delete", "shop-test", "shop-old", "--yes"];
    assert_eq!(sandbox.run(&change).code, 0);
    Work {
        arguments: &["restore", "copy.db", "--yes"],
        code: 0,
        state: &content,
        between: &[],
    }
    .break_everywhere_and(&sandbox, |run, _, case| {
        // Whoever is killed leaves a part at most, and the next to restore takes it away.
        let names = std::fs::read_dir(sandbox.path("")).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let left: Vec<_> = names.filter(|name| name.contains(".part")).collect();
        let is_killed = run.signal == Some(Signal::SIGKILL as i32);
        let cannot_remove = case.contains("at unlink");
        assert!(
            left.is_empty() || is_killed || cannot_remove,
            "{left:?} {case}"
        );
        for file in left {
            std::fs::remove_file(sandbox.path(&file)).unwrap();
        }
    });
}

#[test]
#[ignore = "needs strace"]
fn a_file_system_without_locks_is_named_as_what_it_is() {
    let sandbox = shop();
    for arguments in [&["list"][..], &["delete", "shop-test", "--yes"]] {
        let work = Work {
            arguments,
            code: 1,
            state: &content,
            between: &[],
        };
        let locks = "inject=fcntl:error=ENOLCK";
        let run = work.strace(&sandbox, &["-o", "/dev/null", "-e", locks]);
        assert_eq!(run.code, 1, "{run}");
        let words = "error: the file system of [HOME]/store.db keeps no locks, ";
        assert!(run.stderr.starts_with(words), "{run}");
    }
}

#[test]
#[ignore = "needs strace"]
fn mirror_that_deletes() {
    let sandbox = shop();
    let all = r#"{"connectors":[{"id":"m1","system":"http","environment":"live"},
        {"id":"m2","system":"http","environment":"live"}],
        "services":[{"id":"flow","sources":["m1"],"destinations":["m2"]}]}"#;
    sandbox.write("all.json", all);
    let run = sandbox.run(&["import", "all.json", "--mirror", "platform"]);
    assert_eq!(run.code, 0, "{run}");
    let next = r#"{"connectors":[{"id":"m2","note":"last"},
        {"id":"m3","system":"http","environment":"testing"}],
        "services":[{"id":"flow","sources":["m3"]}]}"#;
    sandbox.write("next.json", next);
    let kept = sandbox.path("kept.json");
    let state = |sandbox: &Sandbox| {
        // Left there, it would refuse the next run.
        let _ = std::fs::remove_file(&kept);
        content(sandbox)
    };
    Work {
        arguments: &[
            "import",
            "next.json",
            "--mirror",
            "platform",
            "--yes",
            "--keep",
            "kept.json",
        ],
        code: 0,
        state: &state,
        between: &[],
    }
    .break_everywhere(&sandbox);
}

#[test]
#[ignore = "needs strace"]
fn secret_set() {
    let state = |sandbox: &Sandbox| {
        let names = sandbox.run(&["secret", "list", "shop-old", "-o", "ids"]);
        names.stdout + &sandbox.secret("shop-old", "key")
    };
    Work {
        arguments: &[
            "secret",
            "set",
            "shop-old",
            "key=env:VALUE",
            "second=env:VALUE",
            "--yes",
        ],
        code: 0,
        state: &state,
        between: &[],
    }
    .break_everywhere(&shop());
}

#[test]
#[ignore = "needs strace"]
fn key_add() {
    let sandbox = shop();
    let other = sandbox.other_identity("other.txt");
    // Whoever has the other key can read all of the secrets, or none.
    let state = |sandbox: &Sandbox| {
        assert_eq!(sandbox.secret("shop-old", "key"), "old value");
        assert_eq!(sandbox.secret("erp", "token"), "stays");
        let read = |id, name| {
            let mut command = sandbox.command();
            command.env("CONNCTL_IDENTITY", sandbox.path("other.txt"));
            let run = sandbox.finish(command.args(["secret", "get", id, name]));
            run.code == 0
        };
        let keys = sandbox.run(&["key", "list", "-o", "ids"]).stdout;
        format!(
            "{} {} {}",
            keys.lines().count(),
            read("shop-old", "key"),
            read("erp", "token")
        )
    };
    Work {
        arguments: &["key", "add", &other],
        code: 0,
        state: &state,
        between: &[],
    }
    .break_everywhere(&sandbox);
}

/// Breaks the upgrade of a store of this version off at every call in every way.
fn break_the_upgrade(from: u32) {
    let sandbox = Sandbox::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    let store = std::fs::read(format!("{folder}/store-v{from}.db")).unwrap();
    sandbox.write("store.db", store);
    let before = sandbox.store_bytes();
    let content = content(&sandbox);
    restore(&sandbox, &before);
    let version = |sandbox: &Sandbox| {
        let connection = rusqlite::Connection::open(sandbox.path("store.db")).unwrap();
        let version: u32 = connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        drop(connection);
        version.to_string()
    };
    let work = Work {
        arguments: &["list", "all", "-o", "ids"],
        code: 0,
        state: &version,
        between: &[],
    };
    let calls = work.count_calls(&sandbox);
    for (call, &count) in &calls {
        for number in 1..=count {
            for fault in FAULTS {
                restore(&sandbox, &before);
                let run = work.run(&sandbox, call, fault, number);
                let case = format!("{fault} at {call} {number}: {run}");
                // To look is to upgrade, so the version is looked at first, without connctl.
                assert_sound(&sandbox.path("store.db"), &case);
                let found: u32 = version(&sandbox).parse().unwrap();
                assert!((from..=SCHEMA_VERSION).contains(&found), "{case}");
                if run.signal.is_none() {
                    work.assert_honest(&run, found == SCHEMA_VERSION, &case);
                }
                assert_eq!(self::content(&sandbox), content, "{case}");
                assert_clean(&sandbox, &case);
                // Whatever stood in the trail of an older one is nowhere once somebody asks.
                let run = sandbox.run(&["compact"]);
                assert_eq!(run.code, 0, "{case} {run}");
                assert_eq!(sandbox.files_with("MARK-"), [""; 0], "{case}");
            }
        }
    }
    println!("{calls:?}");
    assert!(calls.values().sum::<usize>() > 20, "{calls:?}");
}

#[test]
#[ignore = "needs strace"]
fn upgrade_from_the_first_version() {
    break_the_upgrade(1);
}

#[test]
#[ignore = "needs strace"]
fn upgrade_from_the_version_before() {
    break_the_upgrade(SCHEMA_VERSION - 1);
}

#[test]
fn a_file_that_may_not_grow_is_a_full_disk() {
    let sandbox = shop();
    let before = sandbox.store_bytes();
    let old = content(&sandbox);
    let mut connectors = String::new();
    for number in 0..400 {
        connectors.push_str(&format!(
            "{{\"type\":\"connector\",\"id\":\"c{number}\",\"system\":\"s\",\
             \"environment\":\"live\",\"note\":\"{}\"}}\n",
            "n".repeat(500)
        ));
    }
    sandbox.write("many.ndjson", connectors);
    let (mut done, mut failed) = (0, 0);
    for kibibytes in [1, 8, 40, 80, 120, 160, 240, 300, 4_000] {
        for trap in ["trap '' XFSZ;", ""] {
            restore(&sandbox, &before);
            // The shell counts in blocks of 512 bytes.
            let run = sandbox.shell(&format!(
                "{trap} ulimit -f {}; exec connctl import many.ndjson",
                kibibytes * 2
            ));
            let case = format!("{kibibytes} KiB, {trap:?}: {run}");
            assert_clean(&sandbox, &case);
            let is_done = content(&sandbox) != old;
            assert_eq!(run.code == 0, is_done, "{case}");
            assert!(!run.stderr.contains("panicked"), "{case}");
            if is_done {
                done += 1;
            } else {
                failed += 1;
            }
        }
    }
    assert!(done > 0 && failed > 8, "{done} {failed}");
}

/// Runs a line of the shell in a file system of its own, which this one is copied into.
fn in_own_mount(sandbox: &Sandbox, mount: &str, line: &str) -> Run {
    let script = format!(
        "mkdir -p m && {mount} && cd m && CONNCTL_STORE=$PWD/store.db && export CONNCTL_STORE && {{ {line}\n}}"
    );
    let mut command = Command::new("unshare");
    sandbox.seal(&mut command);
    command
        .env("PATH", support::connctl_on_path())
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .stdin(Stdio::null());
    sandbox.finish(&mut command)
}

#[test]
#[ignore = "needs unshare"]
fn a_full_file_system_loses_nothing() {
    let sandbox = shop();
    let old = content(&sandbox);
    let run = in_own_mount(
        &sandbox,
        "mount -t tmpfs -o mode=700,size=300k none m && cp store.db m",
        "dd if=/dev/zero of=filler bs=4k 2>/dev/null; connctl delete shop-test --yes; echo $?;
         rm filler; connctl audit verify -o ids >/dev/null && connctl export --format ndjson;
         connctl delete shop-test --yes -o ids 2>/dev/null; echo $?",
    );
    let lines: Vec<_> = run.stdout.lines().collect();
    assert_eq!(lines.first(), Some(&"1"), "{run}");
    assert_eq!(lines[lines.len() - 2..], ["shop-test", "0"], "{run}");
    assert_eq!(lines.len() - 3, old.lines().count(), "{run}");
    assert!(run.stderr.contains("is full; nothing was changed"), "{run}");
    assert!(!run.stderr.contains("panicked"), "{run}");
}

#[test]
#[ignore = "needs unshare"]
fn a_read_only_mount_can_be_read_and_is_not_written() {
    let sandbox = shop();
    let run = in_own_mount(
        &sandbox,
        "mount -t tmpfs -o mode=700 none m && cp store.db m && mount -o remount,ro m",
        "connctl list all -o ids; echo $?; connctl delete shop-test --yes; echo $?;
         connctl delete shop-test --dry-run -o ids; echo $?",
    );
    assert_eq!(
        run.stdout.lines().collect::<Vec<_>>(),
        [
            "erp",
            "files",
            "shop-eu",
            "shop-old",
            "shop-test",
            "0",
            "1",
            "shop-test",
            "0"
        ],
        "{run}"
    );
    assert!(run.stderr.contains("nothing was changed"), "{run}");
}

#[test]
fn a_store_whose_folder_goes_away_keeps_what_it_had() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("here")).unwrap();
    let connector = |id: &str| {
        format!(
            "{{\"type\":\"connector\",\"id\":\"{id}\",\"system\":\"s\",\"environment\":\"live\"}}\n"
        )
    };
    let store = sandbox.path("here/store.db");
    let command = || {
        let mut command = sandbox.command();
        command.env("CONNCTL_STORE", &store);
        command
    };
    sandbox.write("first.ndjson", connector("first"));
    let run = sandbox.finish(command().args(["import", "first.ndjson"]));
    assert_eq!(run.code, 0, "{run}");
    let mut child = command()
        .args(["import", "-", "--format", "ndjson"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // Before so much has come, it is not told what kind of file this is, and nothing is held.
    input.write_all("\n".repeat(4_096).as_bytes()).unwrap();
    input.write_all(connector("second").as_bytes()).unwrap();
    input.flush().unwrap();
    let start = Instant::now();
    while !sandbox.path("here/store.db-journal").exists() {
        assert!(start.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(5));
    }
    std::fs::rename(sandbox.path("here"), sandbox.path("there")).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    std::fs::rename(sandbox.path("there"), sandbox.path("here")).unwrap();
    let run = sandbox.finish(command().args(["list", "all", "-o", "ids"]));
    let message = String::from_utf8_lossy(&output.stderr);
    let listed = run.stdout.as_str();
    assert!(
        listed == "first\n" || listed == "first\nsecond\n" && message.contains("could not confirm"),
        "{message}{run}"
    );
    assert_sound(&store, &message);
}

#[test]
fn a_clock_that_jumps_back_breaks_no_chain() {
    let sandbox = Sandbox::with_shop();
    let mut store = Store::open(&sandbox.path("store.db"), OpenOptions::default()).unwrap();
    for time in ["2030-01-01T00:00:00Z", "1999-01-01T00:00:00Z"] {
        let event = Event {
            time: time.parse().unwrap(),
            user: "kim",
            uid: 1,
            sudo_user: None,
            host: "host",
            command: "edit",
            action: Action::ConnectorEdit,
            subject: Some("erp"),
            outcome: Verdict::Done,
            reason: None,
            detail: Detail::None,
        };
        let recorded = store.change(Ciphertext::None, |change| change.record(event));
        recorded.unwrap();
    }
    let chain = store.read().unwrap().check_audit(|_| {}).unwrap();
    assert!(matches!(chain, Chain::Whole(_)), "{chain:?}");
    drop(store);
    let run = sandbox.run(&["delete", "shop-old", "--yes"]);
    assert_eq!(run.code, 0, "{run}");
    assert_clean(&sandbox, "after the clock was set back");
}
