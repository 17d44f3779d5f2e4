//! `connctl doctor` and `connctl backup`

use std::os::unix::fs::PermissionsExt;

use rusqlite::Connection;
use snapbox::str;

use crate::support::credentials::IDENTITY;
use crate::support::{Sandbox, in_file};
use crate::{assert_run, assert_text};

/// Changes the store behind connctl's back.
fn tamper(sandbox: &Sandbox, sql: &str) {
    let connection = Connection::open(sandbox.path("store.db")).unwrap();
    connection.execute_batch(sql).unwrap();
}

/// Gives the folder a mode that does not depend on who runs the tests.
fn private(sandbox: &Sandbox) {
    let mode = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(sandbox.path(""), mode).unwrap();
}

/// The status of a check in the doctor's report.
fn status(sandbox: &Sandbox, check: &str) -> String {
    let run = sandbox.run(&["doctor", "-o", "tsv"]);
    let line = run
        .stdout
        .lines()
        .find(|line| line.starts_with(check))
        .map(str::to_owned);
    line.unwrap_or_else(|| panic!("{run}"))
        .split('\t')
        .nth(1)
        .unwrap()
        .to_owned()
}

#[test]
fn a_sound_store_passes() {
    in_file();
    let sandbox = Sandbox::with_example();
    private(&sandbox);
    assert_run!(
        sandbox.run(&["doctor", "-o", "tsv"]),
        str![[r#"
exit code: 0
stdout:
  check	status	detail	advice
  schema	ok	version 4, the newest that this connctl knows	
  structure	ok	the file is sound	
  references	ok	every service has its connectors	
  content	ok	every connector and service can be read	
  audit	ok	1 entry, none changed, removed or moved	
  keys	ok	0 secrets, 0 recipients	
  residue	ok	nothing is left of secrets that were removed	
  store file	ok	[HOME]/store.db, mode 0600	
  store folder	ok	[HOME], mode 0700	
stderr:

"#]]
    );
}

#[test]
fn what_is_wrong_is_named_with_what_to_do() {
    in_file();
    let sandbox = Sandbox::with_example();
    tamper(
        &sandbox,
        "PRAGMA foreign_keys = OFF;
         DELETE FROM connectors WHERE id = 'target-snowflake-prod';
         DELETE FROM service_connectors WHERE service_id = 'slack-el-userdev' AND role = 'source';
         UPDATE connectors SET created_at = 'once' WHERE id = 'tap-github-prod';",
    );
    private(&sandbox);
    assert_run!(
        sandbox.run(&["doctor", "-o", "tsv"]),
        str![[r#"
exit code: 1
stdout:
  check	status	detail	advice
  schema	ok	version 4, the newest that this connctl knows	
  structure	ok	the file is sound	
  references	wrong	8 references to nothing	restore the store from a backup
  content	wrong	the store is damaged: the created_at of tap-github-prod: "once" is not a time such as [TIME]	restore the store from a backup
  audit	ok	1 entry, none changed, removed or moved	
  keys	ok	0 secrets, 0 recipients	
  residue	ok	nothing is left of secrets that were removed	
  store file	ok	[HOME]/store.db, mode 0600	
  store folder	ok	[HOME], mode 0700	
stderr:
  error: 2 checks failed
  hint: the column ADVICE says what to do; nothing was changed

"#]]
    );
    let run = sandbox.run(&["doctor", "-o", "json"]);
    assert_eq!(run.code, 1, "{run}");
}

#[test]
fn settings_that_look_like_secrets_are_named_with_the_command_that_moves_them() {
    let sandbox = Sandbox::with_shop();
    let advice = |sandbox: &Sandbox| {
        let run = sandbox.run(&["doctor", "-o", "tsv"]);
        assert_eq!(run.code, 0, "{run}");
        let line = run.stdout.lines().find(|line| line.starts_with("settings"));
        line.map(str::to_owned)
    };
    assert_eq!(advice(&sandbox), None);
    let set = ["edit", "erp", "--set", "api_key=x", "--allow-plain"];
    assert_eq!(sandbox.run(&set).code, 0);
    assert_text!(
        advice(&sandbox).unwrap(),
        str![
            "settings	warning	1 connector has settings that look like secrets: erp	move them: connctl edit erp --unset api_key --secret api_key, which asks for the value; or all: connctl export FILE && connctl import FILE --replace --seal && rm FILE"
        ]
    );
    let move_it = [
        "edit",
        "erp",
        "--unset",
        "api_key",
        "--secret",
        "api_key=env:VALUE",
    ];
    let run = sandbox.run_with_variable(&move_it, "x");
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(advice(&sandbox), None);
}

#[test]
fn guards_are_named_and_whether_they_can_be_asked() {
    let sandbox = Sandbox::with_shop();
    private(&sandbox);
    let guard = |program: &str| {
        let sandbox = &sandbox;
        sandbox.configure(&format!("[guards.jobs]\ncommand = ['{program}']\n"));
        let run = sandbox.run(&["doctor", "-o", "ndjson"]);
        let line = run.stdout.lines().find(|line| line.contains("\"guard\""));
        (run.code, line.unwrap().to_owned())
    };
    let (code, line) = guard("sh");
    assert!(
        code == 0 && line.contains("\"ok\"") && line.contains("asks /"),
        "{line}"
    );
    let (code, line) = guard("/no/such/program");
    assert!(
        code == 1 && line.contains("there is no such program"),
        "{line}"
    );
    sandbox.write("guard", "#!/bin/sh\n");
    let path = sandbox.path("guard");
    for (mode, code, word) in [
        (0o644, 1, "no such program"),
        (0o757, 0, "everybody can write"),
    ] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let (found, line) = guard(path.to_str().unwrap());
        assert!(found == code && line.contains(word), "{line}");
    }
}

#[test]
fn a_changed_audit_trail_is_wrong() {
    in_file();
    let sandbox = Sandbox::with_example();
    assert_eq!(status(&sandbox, "audit"), "ok");
    tamper(
        &sandbox,
        "DROP TRIGGER audit_is_not_changed; UPDATE audit SET user = 'kim' WHERE sequence = 1;",
    );
    assert_eq!(status(&sandbox, "audit"), "wrong");
}

#[test]
fn a_single_key_and_open_files_are_worth_a_warning() {
    in_file();
    let sandbox = Sandbox::with_example();
    sandbox.set_secret("tap-github-prod", "key", "value");
    assert_eq!(status(&sandbox, "keys"), "warning");
    assert_eq!(status(&sandbox, "store file"), "ok");
    let everybody = std::fs::Permissions::from_mode(0o666);
    std::fs::set_permissions(sandbox.path("store.db"), everybody.clone()).unwrap();
    std::fs::set_permissions(sandbox.path(".config/connctl/identity.txt"), everybody).unwrap();
    assert_eq!(status(&sandbox, "store file"), "warning");
    assert_eq!(status(&sandbox, "identity"), "warning");
    assert_eq!(sandbox.run(&["doctor"]).code, 0);
}

#[test]
fn a_backup_is_a_store_with_everything_in_it() {
    in_file();
    let sandbox = Sandbox::with_example();
    sandbox.set_secret("tap-github-prod", "key", "value");
    assert_run!(
        sandbox.run(&["backup", "copy.db"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Copied the store to copy.db.

"#]]
    );
    let copy = |arguments: &[&str]| {
        let mut all = vec!["--store", "copy.db"];
        all.extend(arguments);
        sandbox.run(&all)
    };
    for arguments in [
        &["export", "--format", "ndjson"][..],
        &["audit", "list", "-o", "json"],
        &["key", "list"],
        &["access", "list"],
    ] {
        assert_eq!(copy(arguments).stdout, sandbox.run(arguments).stdout);
    }
    assert_eq!(
        copy(&["secret", "get", "tap-github-prod", "key"]).stdout,
        "value"
    );
    assert_eq!(copy(&["doctor"]).code, 0);
    let files = std::fs::read_dir(sandbox.path("")).unwrap().count();
    assert_run!(
        sandbox.run(&["backup", "copy.db"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: copy.db exists already; nothing was written
  hint: name a new file

"#]]
    );
    assert_run!(
        sandbox.run(&["backup", "nowhere/copy.db"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot write nowhere/copy.db: No such file or directory (os error 2)

"#]]
    );
    assert_eq!(std::fs::read_dir(sandbox.path("")).unwrap().count(), files);
}

#[test]
fn what_does_not_exist_cannot_be_copied() {
    in_file();
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&["backup", "copy.db"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: there is no store at [HOME]/store.db
  hint: check --store; "connctl init" makes a new store

"#]]
    );
    let mut command = sandbox.command();
    let run = sandbox.finish(
        command
            .env_remove("CONNCTL_STORE")
            .args(["backup", "copy.db"]),
    );
    assert_run!(
        run,
        str![[r#"
exit code: 1
stdout:
stderr:
  There is no store yet; "connctl init" or "connctl import" makes one.
  error: there is no store to copy

"#]]
    );
    assert!(!sandbox.path("copy.db").exists());
}

#[test]
fn nothing_of_what_was_deleted_is_in_a_backup() {
    in_file();
    let sandbox = Sandbox::with_example();
    sandbox.run(&["edit", "tap-github-prod", "--note", "marker-in-a-note"]);
    sandbox.run(&["edit", "tap-github-prod", "--note", ""]);
    assert_eq!(sandbox.run(&["backup", "copy.db"]).code, 0);
    let copy = std::fs::read(sandbox.path("copy.db")).unwrap();
    assert!(!copy.windows(16).any(|part| part == b"marker-in-a-note"));
}

#[test]
fn a_store_that_is_missing_is_one_warning() {
    in_file();
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&["doctor", "-o", "tsv"]),
        str![[r#"
exit code: 0
stdout:
  check	status	detail	advice
  store	warning	there is none at [HOME]/store.db	make one: connctl init
stderr:

"#]]
    );
}

#[test]
fn what_guards_the_store_is_compared_with_a_new_one() {
    in_file();
    let sandbox = Sandbox::with_shop();
    for (statement, problem) in [
        (
            "DROP TRIGGER audit_is_not_removed",
            "the trigger audit_is_not_removed is missing",
        ),
        (
            "CREATE TRIGGER spy AFTER INSERT ON secrets BEGIN SELECT 1; END",
            "the trigger spy is not connctl's",
        ),
        (
            "DROP INDEX service_connectors_by_connector",
            "the index service_connectors_by_connector is missing",
        ),
    ] {
        change(&sandbox, statement);
        let run = sandbox.run(&["doctor", "-o", "json"]);
        assert_eq!(run.code, 1, "{run}");
        assert!(run.stdout.contains(problem), "{run}");
    }
}

#[test]
fn what_contradicts_itself_is_found() {
    in_file();
    for (statement, problem) in [
        (
            "DROP TRIGGER connectors_in_use_are_not_retired;
             UPDATE connectors SET retired_at = '2026-01-01T00:00:00Z',
               retired_until = '2026-01-02T00:00:00Z' WHERE id = 'files'",
            "on trial and in use: files",
        ),
        (
            "UPDATE connectors SET retired_until = '2026-01-02T00:00:00Z' WHERE id = 'shop-old'",
            "on trial without a beginning or an end: shop-old",
        ),
        (
            "INSERT INTO policies (name, value) VALUES ('require_reason', 'yes')",
            "a policy that is neither true nor false: require_reason",
        ),
        (
            "INSERT INTO policies (name, value) VALUES ('one_per_group', 'true')",
            "no policy that this connctl knows: one_per_group",
        ),
        (
            "INSERT INTO audit_mentions (id, sequence) VALUES ('erp', 99)",
            "mentioned in audit entries that are gone: erp",
        ),
        (
            "DELETE FROM store_state",
            "not one state of the store, but: 0",
        ),
    ] {
        let sandbox = Sandbox::with_shop();
        change(&sandbox, statement);
        let run = sandbox.run(&["doctor", "-o", "json"]);
        assert_eq!(run.code, 1, "{run}");
        assert!(run.stdout.contains(problem), "{run}");
    }
}

#[test]
fn what_cannot_be_read_keeps_nobody_from_looking_at_the_rest() {
    in_file();
    let sandbox = Sandbox::with_shop();
    let set = ["secret", "set", "shop-test", "pin=-"];
    assert_eq!(sandbox.run_with_input(&set, "1234").code, 0);
    change(
        &sandbox,
        "UPDATE recipients SET added_at = 'z'; DELETE FROM store_state; DELETE FROM grants",
    );
    let run = sandbox.run(&["doctor", "-o", "ndjson"]);
    assert_eq!(run.code, 1, "{run}");
    for (check, status) in [
        ("residue", "wrong"),
        ("keys", "wrong"),
        ("audit", "ok"),
        ("roles", "warning"),
        ("store file", "ok"),
    ] {
        let found = format!(r#""check":"{check}","status":"{status}""#);
        assert!(run.stdout.contains(&found), "{check}: {run}");
    }
}

#[test]
fn a_terminal_shows_advice_whole() {
    in_file();
    let sandbox = Sandbox::with_shop();
    change(&sandbox, "DROP TRIGGER audit_is_not_removed");
    let ended = sandbox.terminal("connctl doctor").end();
    assert_eq!(ended.code, 1, "{}", ended.shown);
    let advice = "compare with a backup, or export and import into a new store";
    let shown: Vec<_> = ended.shown.split_whitespace().collect();
    assert!(shown.join(" ").contains(advice), "{}", ended.shown);
}

/// Changes the store behind the back of connctl.
fn change(sandbox: &Sandbox, statement: &str) {
    let connection = Connection::open(sandbox.path("store.db")).unwrap();
    connection.execute_batch(statement).unwrap();
}

#[test]
fn secrets_that_are_for_others_and_identities_that_open_nothing_are_seen() {
    let sandbox = Sandbox::with_secret("mine");
    private(&sandbox);
    let other = sandbox.other_identity("other.txt");
    assert_eq!(sandbox.run(&["key", "add", &other]).code, 0);
    let doctor = |identity: &str| {
        let mut doctor = sandbox.command();
        doctor
            .args(["doctor", "-o", "ndjson"])
            .env("CONNCTL_IDENTITY", sandbox.path(identity));
        let run = sandbox.finish(&mut doctor);
        let is_of_secrets =
            |line: &&str| line.contains("\"identities\"") || line.contains("\"recipients\"");
        let lines: Vec<_> = run.stdout.lines().filter(is_of_secrets).collect();
        lines.join("\n")
    };
    sandbox.other_identity("stranger.txt");
    let mut seen = vec![doctor(IDENTITY), doctor("stranger.txt"), doctor("none.txt")];
    // Somebody who cannot read them is no longer among the recipients, and may read on.
    let remove = ["key", "remove", &other, "--leave-unreadable", "--identity"];
    let run = sandbox.run(&[&remove[..], &["stranger.txt"]].concat());
    assert_eq!(run.code, 0, "{run}");
    seen.push(doctor(IDENTITY));
    // Whoever reads them mends it.
    let list = sandbox.shell("connctl key add \"$(connctl key list -o ids)\"");
    seen.push(list.to_string());
    seen.push(doctor(IDENTITY));
    assert_text!(
        seen.join("\n\n"),
        str![[r#"
{"check":"recipients","status":"ok","detail":"no secret is known to be for others","advice":null}
{"check":"identities","status":"ok","detail":"opens 1 of 1 secret","advice":null}

{"check":"recipients","status":"ok","detail":"no secret is known to be for others","advice":null}
{"check":"identities","status":"warning","detail":"opens 0 of 1 secret","advice":"name the identity that opens the rest, or be added: connctl key add RECIPIENT"}

{"check":"recipients","status":"ok","detail":"no secret is known to be for others","advice":null}
{"check":"identities","status":"ok","detail":"none at hand that could be tried","advice":null}

{"check":"recipients","status":"warning","detail":"1 secret for others than the recipients: pay api_key","advice":"encrypt anew: connctl key add RECIPIENT, with one that is there"}
{"check":"identities","status":"ok","detail":"opens 1 of 1 secret","advice":null}

exit code: 0
stdout:
stderr:
  The store encrypts for this recipient already.
  Encrypted 1 secret anew.


{"check":"recipients","status":"ok","detail":"no secret is known to be for others","advice":null}
{"check":"identities","status":"ok","detail":"opens 1 of 1 secret","advice":null}
"#]]
    );
}
