//! The audit trail: what is in it, and that nobody changes it unseen.

use rusqlite::Connection;
use snapbox::str;

use crate::access::{MARKER, arguments_of, changing_commands, with_work};
use crate::support::terminal::ENTER;
use crate::support::{Sandbox, in_file};
use crate::{assert_run, assert_text};

#[test]
fn every_command_that_changes_something_leaves_an_entry() {
    in_file();
    for (command, _) in changing_commands() {
        let sandbox = if command == "key init" {
            let sandbox = Sandbox::with_shop();
            sandbox.write("recipient", "");
            sandbox
        } else {
            with_work()
        };
        let arguments = arguments_of(command, &sandbox);
        match command {
            "key remove" => {
                let add = arguments_of("key add", &sandbox);
                let run = sandbox.finish(sandbox.command().args(add));
                assert_eq!(run.code, 0, "{run}");
            }
            "revive" => {
                let retire = arguments_of("retire", &sandbox);
                let run = sandbox.finish(sandbox.command().args(retire));
                assert_eq!(run.code, 0, "{run}");
            }
            "access revoke" => sandbox.grant("nobody", "viewer"),
            "service deactivate" => {
                let run = sandbox.run(&["service", "activate", "flow"]);
                assert_eq!(run.code, 0, "{run}");
            }
            _ => {}
        }
        let before = sandbox.trail().lines().count();
        let mut run = sandbox.command();
        run.args(["--reason", "because"]).args(&arguments);
        let run = sandbox.finish(run.env("VALUE", MARKER));
        assert_eq!(run.code, 0, "{command}: {run}");
        let trail = sandbox.trail();
        let new: Vec<_> = trail.lines().skip(before).collect();
        // Compacting changes nothing that anybody can see.
        assert_eq!(new.is_empty(), command == "compact", "{command}");
        for entry in new {
            let entry: serde_json::Value = serde_json::from_str(entry).unwrap();
            assert_eq!(entry["command"], command);
            assert_eq!(entry["outcome"], "done", "{command}");
            assert_eq!(entry["user"], "root", "{command}");
            assert_eq!(entry["reason"], "because", "{command}");
            assert!(entry["subject"].is_string(), "{command}");
        }
        for secret in [MARKER, "age-encryption", "BEGIN AGE", "AGE-SECRET"] {
            assert!(!trail.contains(secret), "{command}: {trail}");
        }
        let verified = sandbox.run(&["audit", "verify"]);
        assert_eq!(verified.code, 0, "{command}: {verified}");
    }
}

/// The shop, from which two connectors were deleted and one was not.
fn with_history() -> Sandbox {
    let sandbox = Sandbox::with_shop();
    for arguments in [
        &[
            "delete",
            "shop-old",
            "--yes",
            "--reason",
            "closed \u{1b}[2J",
        ][..],
        &["delete", "erp", "--yes"],
        &["delete", "shop-test", "--yes"],
        &[
            "add",
            "shop-test",
            "--system",
            "shopify",
            "--env",
            "testing",
        ],
    ] {
        sandbox.run(arguments);
    }
    sandbox
}

#[test]
#[ignore = "needs root"]
fn the_trail_is_a_table() {
    let sandbox = with_history();
    assert_run!(
        sandbox.run(&["audit", "list"]),
        str![[r#"
exit code: 0
stdout:
  SEQUENCE  TIME                  USER  ACTION            SUBJECT         OUTCOME  REASON
  1         [TIME]  root  import            standard input  done
  2         [TIME]  root  connector.delete  shop-old        done     closed \u{1b}[2J
  3         [TIME]  root  connector.delete  erp             in_use
  4         [TIME]  root  connector.delete  shop-test       done
  5         [TIME]  root  connector.add     shop-test       done
stderr:

"#]]
    );
}

#[test]
fn the_trail_is_listed() {
    let sandbox = with_history();
    assert_text!(
        sandbox.trail(),
        str![[r#"
{"sequence":1,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"import","action":"import","subject":"standard input","outcome":"done","reason":null,"detail":{"connectors":{"added":5,"replaced":0,"unchanged":0},"services":{"added":3,"replaced":0,"unchanged":0},"sha256":"[HASH]"},"hash":"[HASH]"}
{"sequence":2,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"delete","action":"connector.delete","subject":"shop-old","outcome":"done","reason":"closed \u001b[2J","detail":{"created_at":"[TIME]","environment":"live","expires_at":"[TIME]","group":null,"id":"shop-old","last_used_at":null,"name":"shop-old","origin":null,"protected":false,"retired_at":null,"retired_until":null,"revision":"[REVISION]","secrets":[],"settings":[],"system":"shopify","updated_at":"[TIME]"},"hash":"[HASH]"}
{"sequence":3,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"delete","action":"connector.delete","subject":"erp","outcome":"in_use","reason":null,"detail":{"services":["orders","stock"]},"hash":"[HASH]"}
{"sequence":4,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"delete","action":"connector.delete","subject":"shop-test","outcome":"done","reason":null,"detail":{"created_at":"[TIME]","environment":"testing","expires_at":null,"group":null,"id":"shop-test","last_used_at":null,"name":"Shop, \"for tests\"","origin":null,"protected":false,"retired_at":null,"retired_until":null,"revision":"[REVISION]","secrets":[],"settings":["paths","retries"],"system":"shopify","updated_at":"[TIME]"},"hash":"[HASH]"}
{"sequence":5,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"add","action":"connector.add","subject":"shop-test","outcome":"done","reason":null,"detail":{"created_at":"[TIME]","environment":"testing","expires_at":null,"group":null,"id":"shop-test","last_used_at":null,"name":"shop-test","origin":null,"protected":false,"retired_at":null,"retired_until":null,"revision":"[REVISION]","secrets":[],"settings":[],"system":"shopify","updated_at":"[TIME]"},"hash":"[HASH]"}

"#]]
    );
    assert_run!(
        sandbox.run(&["audit", "list", "-o", "ids"]),
        str![[r#"
exit code: 0
stdout:
  1
  2
  3
  4
  5
stderr:

"#]]
    );
    let csv = sandbox.run(&["audit", "list", "-o", "csv"]);
    assert_text!(
        csv.stdout.lines().next().unwrap(),
        str![
            "sequence,time,user,uid,sudo_user,host,command,action,subject,outcome,reason,detail,hash"
        ]
    );
    let tsv = sandbox.run(&["audit", "list", "-o", "tsv"]);
    assert_eq!(tsv.stdout.lines().count(), 6, "{tsv}");
}

#[test]
fn filters_combine() {
    let sandbox = with_history();
    let count = |arguments: &[&str]| {
        let list = [&["audit", "list", "-o", "ndjson"], arguments].concat();
        let run = sandbox.run(&list);
        assert_eq!(run.code, 0, "{run}");
        run.stdout.lines().count()
    };
    assert_eq!(count(&[]), 5);
    assert_eq!(count(&["--subject", "shop-test"]), 2);
    assert_eq!(
        count(&["--subject", "shop-test", "--action", "connector.add"]),
        1
    );
    assert_eq!(count(&["--outcome", "in_use"]), 1);
    let me = connctl::platform::user();
    assert_eq!(count(&["--actor", me.as_str()]), 5);
    assert_eq!(count(&["--actor", "no-such-user"]), 0);
    assert_eq!(count(&["--since", "1h"]), 5);
    assert_eq!(count(&["--since", "2999-01-01"]), 0);
    assert_eq!(count(&["--since", "2026-01-01T00:00:00Z"]), 5);
    assert_run!(
        sandbox.run(&["audit", "list", "--actor", "no-such-user"]),
        str![[r#"
exit code: 0
stdout:
  SEQUENCE  TIME  USER  ACTION  SUBJECT  OUTCOME  REASON
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["audit", "list", "--action", "delete"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value 'delete' for '--action <ACTION>'
    [possible values: connector.add, connector.edit, connector.rename, connector.protect, connector.unprotect, connector.retire, connector.revive, connector.use, connector.delete, service.add, service.edit, service.delete, import, secret.set, secret.read, secret.delete, key.add, key.remove, policy.set, access.grant, access.revoke, compact, store.restore, trail.rewrite]
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.run(&["audit", "list", "--since", "soon"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value 'soon' for '--since <WHEN>': "soon" is not a time ([TIME]), a date (2026-11-21) or how long ago (7d)
  
  For more information, try '--help'.

"#]]
    );
}

#[test]
fn an_id_that_once_existed_tells_its_story() {
    let sandbox = with_history();
    assert_run!(
        sandbox.run(&["show", "shop-old"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector shop-old does not exist; it was deleted on [TIME] by root ("closed \u{1b}[2J")
  hint: see what there is: connctl list all

"#]]
    );
    assert_run!(
        sandbox.run(&["delete", "shop-old", "-y"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector shop-old does not exist; it was deleted on [TIME] by root ("closed \u{1b}[2J")
  hint: see what there is: connctl list all

"#]]
    );
    sandbox.run(&["delete", "shop-test", "--yes", "--reason", "again"]);
    assert_run!(
        sandbox.run(&["show", "shop-test"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector shop-test does not exist; it was deleted on [TIME] by root ("again")
  hint: did you mean shop-eu?

"#]]
    );
    sandbox.run(&["service", "delete", "copy", "--yes"]);
    assert_run!(
        sandbox.run(&["service", "show", "copy"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: service copy does not exist; it was deleted on [TIME] by root
  hint: see what there is: connctl service list

"#]]
    );
}

#[test]
fn a_refusal_is_recorded_and_a_dry_run_is_not() {
    let sandbox = Sandbox::with_shop();
    let before = sandbox.store_bytes();
    sandbox.run(&["delete", "erp", "--dry-run"]);
    sandbox.run(&["delete", "no-such", "--yes"]);
    assert!(sandbox.store_bytes() == before);
    sandbox.run(&[
        "delete", "erp", "files", "no-such", "--yes", "--reason", "r",
    ]);
    let mut terminal = sandbox.terminal("connctl delete shop-test shop-old");
    terminal.wait_for("to delete them:").press("1").press(ENTER);
    assert_eq!(terminal.end().code, 3);
    assert_text!(
        sandbox.trail(),
        str![[r#"
{"sequence":1,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"import","action":"import","subject":"standard input","outcome":"done","reason":null,"detail":{"connectors":{"added":5,"replaced":0,"unchanged":0},"services":{"added":3,"replaced":0,"unchanged":0},"sha256":"[HASH]"},"hash":"[HASH]"}
{"sequence":2,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"delete","action":"connector.delete","subject":"erp","outcome":"in_use","reason":"r","detail":{"services":["orders","stock"]},"hash":"[HASH]"}
{"sequence":3,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"delete","action":"connector.delete","subject":"files","outcome":"in_use","reason":"r","detail":{"services":["copy"]},"hash":"[HASH]"}
{"sequence":4,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"delete","action":"connector.delete","subject":null,"outcome":"declined","reason":null,"detail":{"count":2,"ids":["shop-test","shop-old"]},"hash":"[HASH]"}

"#]]
    );
}

#[test]
fn an_import_is_one_entry_with_the_digest_of_the_file() {
    let sandbox = Sandbox::with_shop();
    assert_eq!(sandbox.trail().lines().count(), 1);
    sandbox.write("empty.toml", "");
    assert_eq!(sandbox.run(&["import", "empty.toml"]).code, 0);
    let mut list = sandbox.command();
    let list = list
        .args(["audit", "list", "-o", "ndjson"])
        .output()
        .unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let entry: serde_json::Value = serde_json::from_str(list.lines().last().unwrap()).unwrap();
    assert_eq!(
        entry["detail"]["sha256"],
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
}

#[test]
fn a_store_can_demand_a_reason() {
    let sandbox = Sandbox::with_shop();
    let run = sandbox.run(&["policy", "set", "require_reason", "true"]);
    assert_eq!(run.code, 0, "{run}");
    assert_run!(
        sandbox.untouched(&["delete", "shop-old", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: this store demands a reason for every deletion; nothing was changed
  hint: say why: --reason TEXT

"#]]
    );
    for reason in ["", " \t"] {
        let run = sandbox.untouched(&["delete", "shop-old", "--yes", "--reason", reason]);
        assert_eq!(run.code, 2, "{run}");
    }
    for arguments in [
        &["prune", "all", "--unused", "--yes"][..],
        &["service", "delete", "copy", "--yes"],
    ] {
        assert_eq!(sandbox.untouched(arguments).code, 2);
    }
    // The dry run says what the real run would.
    assert_eq!(sandbox.run(&["delete", "shop-old", "--dry-run"]).code, 2);
    assert_eq!(sandbox.run(&["edit", "shop-old", "--note", "x"]).code, 0);
    let delete = ["delete", "shop-old", "--yes", "--reason", "closed"];
    assert_eq!(sandbox.run(&delete).code, 0);
}

/// The store's file, opened by somebody who knows SQLite and what to take away first.
fn tampered(sandbox: &Sandbox, sql: &str) {
    let connection = Connection::open(sandbox.path("store.db")).unwrap();
    connection
        .execute_batch(&format!(
            "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_removed;
             DROP TRIGGER audit_is_only_appended; {sql}"
        ))
        .unwrap();
}

#[test]
fn the_trail_is_append_only() {
    in_file();
    let sandbox = with_history();
    let connection = Connection::open(sandbox.path("store.db")).unwrap();
    for sql in [
        "UPDATE audit SET user = 'kim' WHERE sequence = 2",
        "UPDATE OR REPLACE audit SET sequence = 1 WHERE sequence = 2",
        "DELETE FROM audit WHERE sequence = 5",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE sequence = 2",
        "REPLACE INTO audit SELECT * FROM audit WHERE sequence = 5",
        "INSERT INTO audit SELECT -1, time, user, uid, sudo_user, host, command, action, subject,
         outcome, reason, detail, hash FROM audit WHERE sequence = 1",
    ] {
        let error = connection.execute_batch(sql).unwrap_err().to_string();
        assert_eq!(error, "the audit trail is append-only", "{sql}");
    }
    drop(connection);
    assert_eq!(sandbox.run(&["audit", "verify"]).code, 0);
}

#[test]
fn a_change_by_hand_names_the_entry() {
    in_file();
    for (sql, entry) in [
        // One byte.
        (
            "UPDATE audit SET subject = 'shop-ole' WHERE sequence = 2",
            2,
        ),
        ("UPDATE audit SET uid = 1 WHERE sequence = 5", 5),
        (
            "UPDATE audit SET time = '2026-01-01T00:00:00Z' WHERE sequence = 1",
            1,
        ),
        ("UPDATE audit SET reason = '' WHERE sequence = 3", 3),
        ("UPDATE audit SET detail = NULL WHERE sequence = 3", 3),
        ("UPDATE audit SET sudo_user = 'kim' WHERE sequence = 4", 4),
        ("UPDATE audit SET hash = zeroblob(32) WHERE sequence = 4", 4),
        ("UPDATE audit SET uid = 1 << 40 WHERE sequence = 4", 4),
        (
            "UPDATE audit SET subject = CAST(x'ff' AS TEXT) WHERE sequence = 4",
            4,
        ),
        ("UPDATE audit SET sequence = -1 WHERE sequence = 1", 1),
        // A row.
        ("DELETE FROM audit WHERE sequence = 3", 3),
        ("DELETE FROM audit WHERE sequence = 1", 1),
        // A row, with the others moved up.
        (
            "DELETE FROM audit WHERE sequence = 3;
             UPDATE audit SET sequence = 3 WHERE sequence = 4;
             UPDATE audit SET sequence = 4 WHERE sequence = 5",
            3,
        ),
        // Two rows swapped.
        (
            "UPDATE audit SET sequence = 99 WHERE sequence = 2;
             UPDATE audit SET sequence = 2 WHERE sequence = 3;
             UPDATE audit SET sequence = 3 WHERE sequence = 99",
            2,
        ),
        // A row put in.
        (
            "INSERT INTO audit SELECT 6, time, user, uid, sudo_user, host, command, action,
             subject, outcome, reason, detail, hash FROM audit WHERE sequence = 5",
            6,
        ),
    ] {
        let sandbox = with_history();
        tampered(&sandbox, sql);
        let run = sandbox.run(&["audit", "verify"]);
        assert_eq!(run.code, 1, "{sql}: {run}");
        let named = format!("error: entry {entry} of the audit trail: ");
        assert!(run.stderr.starts_with(&named), "{sql}: {run}");
        assert!(run.stdout.is_empty(), "{sql}: {run}");
    }
    let sandbox = with_history();
    tampered(&sandbox, "DELETE FROM audit WHERE sequence = 3");
    assert_run!(
        sandbox.run(&["audit", "verify"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: entry 3 of the audit trail: it is missing
  hint: compare with a copy of the store, to see what was there

"#]]
    );
    // It goes on, and the break stays.
    assert_eq!(sandbox.run(&["edit", "erp", "--note", "x"]).code, 0);
    assert_run!(
        sandbox.run(&["audit", "verify", "-o", "json"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  {"error":{"kind":"failure","message":"entry 3 of the audit trail: it is missing","hint":"compare with a copy of the store, to see what was there","exit_code":1}}

"#]]
    );
}

#[test]
fn one_byte_of_the_file_names_the_entry() {
    in_file();
    let sandbox = with_history();
    let mut bytes = sandbox.store_bytes();
    let reason = b"closed";
    let at = bytes.windows(reason.len()).position(|part| part == reason);
    bytes[at.unwrap()] ^= 1;
    sandbox.write("store.db", bytes);
    assert_run!(
        sandbox.run(&["audit", "verify"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: entry 2 of the audit trail: it, or an entry before it, is not what was written
  hint: compare with a copy of the store, to see what was there

"#]]
    );
}

/// Where the trail ends, in full.
fn head(sandbox: &Sandbox) -> String {
    let mut verify = sandbox.command();
    let verify = verify.args(["audit", "verify", "-o", "json"]).output();
    let verify: serde_json::Value = serde_json::from_slice(&verify.unwrap().stdout).unwrap();
    verify[0]["head"].as_str().unwrap().to_owned()
}

#[test]
fn a_tail_that_was_cut_off_shows_against_a_head_noted_earlier() {
    in_file();
    let sandbox = with_history();
    assert_run!(
        sandbox.run(&["audit", "verify"]),
        str![[r#"
exit code: 0
stdout:
  HEAD                                                              ENTRIES
  [HASH]  5
stderr:

"#]]
    );
    let noted = head(&sandbox);
    let verify = ["audit", "verify", "--head", &noted];
    assert_eq!(sandbox.run(&verify).code, 0);
    sandbox.run(&["edit", "erp", "--note", "x"]);
    assert_eq!(sandbox.run(&verify).code, 0);
    assert_ne!(head(&sandbox), noted);
    tampered(&sandbox, "DELETE FROM audit WHERE sequence >= 5");
    assert_eq!(sandbox.run(&["audit", "verify"]).code, 0);
    assert_run!(
        sandbox.run(&verify),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the head [HASH] is not part of the audit trail, which has 4 entries and ends in [HASH]
  hint: its end was cut off or written anew; compare with a copy of the store

"#]]
    );
    assert_run!(
        sandbox.run(&["audit", "verify", "--head", "xyz"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value 'xyz' for '--head <HASH>': "xyz" is not a hash of 64 hexadecimal digits
  
  For more information, try '--help'.

"#]]
    );
}

#[test]
fn an_empty_trail_is_whole() {
    let sandbox = Sandbox::new();
    let mut verify = sandbox.command();
    verify.env_remove("CONNCTL_STORE");
    assert_run!(
        sandbox.finish(verify.args(["audit", "verify", "-q"])),
        str![[r#"
exit code: 0
stdout:
  HEAD                                                              ENTRIES
  [HASH]  0
stderr:

"#]]
    );
}

#[test]
fn an_entry_is_shown_with_all_that_is_known() {
    let sandbox = with_history();
    let run = sandbox.run(&["audit", "show", "3"]);
    assert_text!(
        run.stdout,
        str![[r#"
sequence   3
time       [TIME]
user       root
uid        0
host       vm
command    delete
action     connector.delete
subject    erp
outcome    in_use
hash       [HASH]

detail
  {
    "services": [
      "orders",
      "stock"
    ]
  }

"#]]
    );
    let run = sandbox.run(&["audit", "show", "2", "-o", "json"]);
    let trail = sandbox.trail();
    assert_eq!(Some(run.stdout.trim_end()), trail.lines().nth(1));
    assert_run!(
        sandbox.run(&["audit", "show", "99"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: the audit trail has no entry 99; it has 5 entries
  hint: see what there is: connctl audit list

"#]]
    );
    assert_eq!(sandbox.run(&["audit", "show", "0"]).code, 4);
    let run = sandbox.run(&["audit", "show", "first"]);
    assert!(run.stderr.contains("give the number of an entry"), "{run}");
}

#[test]
fn the_newest_entries_are_found_by_text_and_time() {
    let sandbox = with_history();
    let ids = |arguments: &[&str]| {
        let list = [&["audit", "list", "-o", "ids"], arguments].concat();
        let run = sandbox.run(&list);
        assert_eq!(run.code, 0, "{run}");
        run.stdout.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["--limit", "2"]), ["4", "5"]);
    assert_eq!(ids(&["--limit", "5"]).len(), 5);
    assert_eq!(ids(&["--limit", "all"]).len(), 5);
    assert_eq!(ids(&["--search", "CLOSED"]), ["2"]);
    assert_eq!(ids(&["--search", "stock"]), ["3"]);
    assert_eq!(ids(&["--search", "shop-", "--limit", "1"]), ["5"]);
    assert_eq!(
        ids(&["--action", "connector.delete", "--limit", "2"]),
        ["3", "4"]
    );
    assert_eq!(ids(&["--until", "2026-01-01"]), [""; 0]);
    assert_eq!(
        ids(&["--until", "2999-01-01", "--since", "2026-01-01"]).len(),
        5
    );
    for (option, value) in [
        ("--limit", "0"),
        ("--limit", "-1"),
        ("--limit", "some"),
        ("--search", ""),
    ] {
        let run = sandbox.run(&["audit", "list", &format!("{option}={value}")]);
        assert_eq!(run.code, 2, "{run}");
    }
}

#[test]
fn a_terminal_shows_the_newest_fifty_and_says_so() {
    let sandbox = Sandbox::with_shop();
    let lines = (0..55).map(|_| "connctl edit erp --note \"$(date +%N)\" -q >/dev/null");
    let run = sandbox.shell(&lines.collect::<Vec<_>>().join(" && "));
    assert_eq!(run.code, 0, "{run}");
    let shown = |arguments: &str| {
        let line = format!("connctl audit list -o ids {arguments}");
        sandbox.terminal(&line).end().shown.replace('\r', "")
    };
    let newest: String = (7..=56).map(|number| format!("{number}\n")).collect();
    let note = "The newest 50 are shown; all: connctl audit list --limit all\n";
    assert!(
        shown("").starts_with(&format!("{newest}{note}")),
        "{}",
        shown("")
    );
    assert!(shown("--limit all").starts_with("1\n2\n"));
    assert!(!shown("--limit 50").contains("newest"));
    assert!(!shown("--subject erp --until 2026-01-01").contains("newest"));
    let piped = shown("| cat");
    assert!(
        piped.starts_with("1\n2\n") && !piped.contains("newest"),
        "{piped}"
    );
}

#[test]
fn an_entry_has_no_text_without_end() {
    let sandbox = Sandbox::with_shop();
    let mut command = sandbox.command();
    command
        .args(["edit", "erp", "--note", "x", "--reason", &"é".repeat(2_048)])
        .env("SUDO_USER", "é".repeat(50_000));
    let run = sandbox.finish(&mut command);
    assert_eq!(run.code, 0, "{run}");
    let trail = sandbox.trail();
    let entry: serde_json::Value = serde_json::from_str(trail.lines().last().unwrap()).unwrap();
    assert_eq!(entry["reason"], "é".repeat(2_048));
    let caller = entry["sudo_user"].as_str();
    assert!(
        caller.is_none_or(|caller| caller.len() <= 4_096),
        "{caller:?}"
    );
    let run = sandbox.untouched(&["edit", "erp", "--note", "y", "--reason", &"é".repeat(2_049)]);
    assert_eq!(run.code, 2, "{run}");
    assert_eq!(sandbox.run(&["audit", "verify"]).code, 0);
}

#[test]
fn no_digest_lets_a_secret_be_guessed() {
    let sandbox = Sandbox::with_shop();
    let secrets = "[[connectors]]\nid = \"pay\"\nsystem = \"http\"\nenvironment = \"testing\"\n\
                   [connectors.secrets]\npin = \"1234\"\n";
    let run = sandbox.run_with_input(&["import", "-"], secrets);
    assert_eq!(run.code, 0, "{run}");
    let digest = || {
        let trail = sandbox.trail();
        let mut imports = trail
            .lines()
            .filter(|line| line.contains("\"action\":\"import\""));
        let entry: serde_json::Value = serde_json::from_str(imports.next_back().unwrap()).unwrap();
        entry["detail"]["sha256"].is_string()
    };
    assert!(!digest());
    let exported = sandbox.export("json");
    let run = sandbox.run_with_input(&["import", "-", "--format", "json", "--replace"], exported);
    assert_eq!(run.code, 0, "{run}");
    assert!(digest());
}

#[test]
fn what_an_import_replaces_is_found_by_its_id() {
    let sandbox = Sandbox::with_shop();
    assert_eq!(sandbox.run(&["key", "init"]).code, 0);
    let file = "[[connectors]]\nid = 'erp'\nsystem = 'netsuite'\nenvironment = 'live'\n\
                [connectors.secrets]\nA = '1'\nB = '2'\n\n\
                [[connectors]]\nid = 'new'\nsystem = 'http'\nenvironment = 'live'\n\
                [connectors.secrets]\nC = '3'\n\n\
                [[services]]\nid = 'orders'\nsources = ['erp']\n";
    sandbox.write("a.toml", file);
    sandbox.write("b.toml", file.replace("B = '2'\n", ""));
    for file in ["a.toml", "b.toml", "b.toml"] {
        let run = sandbox.run(&["import", file, "--replace"]);
        assert_eq!(run.code, 0, "{run}");
    }
    let of = |id: &str| {
        let run = sandbox.run(&["audit", "list", "--subject", id, "-o", "ndjson"]);
        let entries = run.stdout.lines().map(|line| {
            let entry: serde_json::Value = serde_json::from_str(line).unwrap();
            let detail = match &entry["detail"]["secrets"] {
                serde_json::Value::Null => entry["detail"]["name"].clone(),
                secrets => secrets.clone(),
            };
            format!("{} {} {}", entry["command"], entry["action"], detail)
        });
        entries.collect::<Vec<_>>().join("\n")
    };
    assert_text!(
        format!("{}\n--\n{}\n--\n{}", of("erp"), of("new"), of("orders")),
        str![[r#"
"import" "secret.set" "A"
"import" "secret.set" "B"
"import" "connector.edit" ["A","B"]
"import" "secret.delete" "B"
"import" "connector.edit" ["A"]
--
"import" "secret.set" "C"
--
"import" "service.edit" "orders"
"#]]
    );
}
