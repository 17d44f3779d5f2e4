//! Protection, trial and origin of a connector: no door but those made for it changes them, whoever
//! stands there.

use std::fmt::Write;

use crate::support::users::BIN;
use crate::support::{Run, Sandbox, in_file};

/// A connector as a file would have it: fields that an export carries, and other values of all that
/// is not a file's to decide.
fn claimed(id: &str, standing: &str) -> String {
    format!(
        "{{\"type\":\"connector\",\"id\":\"{id}\",\"system\":\"shopify\",\"environment\":\"testing\",\
         \"note\":\"by a file\"{standing}}}\n"
    )
}

const STANDINGS: [&str; 4] = [
    "",
    ",\"protected\":false,\"retired_at\":null,\"retired_until\":null,\"origin\":null",
    ",\"protected\":true,\"retired_at\":\"2020-01-01T00:00:00Z\",\
     \"retired_until\":\"2020-01-02T00:00:00Z\",\"origin\":\"other\"",
    ",\"retired_until\":\"2020-01-02T00:00:00Z\"",
];

/// A store in which `kept` is protected, `tried` is on trial and `mirrored` is in use; all three came
/// by a mirror. With it whatever files name them.
fn store() -> Sandbox {
    let sandbox = Sandbox::empty();
    let records = ["kept", "tried", "mirrored", "plain"].map(|id| claimed(id, ""));
    sandbox.write("records.ndjson", records.concat());
    done(&sandbox.run(&["import", "records.ndjson"]));
    let add = [
        "service",
        "add",
        "used",
        "--source",
        "mirrored",
        "--destination",
        "plain",
    ];
    done(&sandbox.run(&add));
    done(&sandbox.run(&["protect", "kept"]));
    done(&sandbox.run(&["retire", "tried", "--for", "30d", "--yes"]));
    let connection = rusqlite::Connection::open(sandbox.path("store.db")).unwrap();
    let sql = "UPDATE connectors SET origin = 'mine' WHERE id <> 'plain'";
    connection.execute(sql, []).unwrap();
    drop(connection);
    sandbox.write("none.json", r#"{"connectors":[],"services":[]}"#);
    let mut actions = Vec::new();
    for id in ["kept", "tried"] {
        let action = format!(
            "{{\"ActionType\":\"CredStore.DeleteEntry\",\"Parameters\":{{\"EntryId\":\"{id}\"}}}}"
        );
        sandbox.write(&format!("run-{id}.json"), &action);
        actions.push(action);
    }
    for (number, standing) in STANDINGS.iter().enumerate() {
        let records = ["kept", "tried", "mirrored"].map(|id| claimed(id, standing));
        sandbox.write(&format!("claims-{number}.ndjson"), records.concat());
        let list = records.join(",");
        sandbox.write(
            &format!("claims-{number}.json"),
            format!("{{\"connectors\":[{list}]}}"),
        );
    }
    let mut command = sandbox.command();
    let plan = command.args([
        "delete",
        "kept",
        "plain",
        "--keep-going",
        "-n",
        "-o",
        "json",
    ]);
    let plan = String::from_utf8(plan.output().unwrap().stdout).unwrap();
    // As if somebody had meant it to go.
    sandbox.write(
        "plan.json",
        plan.replace("\"protected\"", "\"would_delete\""),
    );
    sandbox.open_to_all()
}

fn done(run: &Run) {
    assert_eq!(run.code, 0, "{run}");
}

/// What is not a file's or an editor's to decide, of every connector that has any of it.
fn standing(sandbox: &Sandbox) -> String {
    let connection = rusqlite::Connection::open(sandbox.path("store.db")).unwrap();
    let sql = "SELECT id, protected, retired_at, retired_until, origin FROM connectors
               WHERE protected <> 0 OR retired_at IS NOT NULL OR retired_until IS NOT NULL
                 OR origin IS NOT NULL ORDER BY id";
    let mut statement = connection.prepare(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut standing = String::new();
    while let Some(row) = rows.next().unwrap() {
        let text = |column| row.get::<_, Option<String>>(column).unwrap();
        let (id, protected): (String, bool) = (row.get(0).unwrap(), row.get(1).unwrap());
        let times = (text(2), text(3));
        writeln!(standing, "{id} {protected} {times:?} {:?}", text(4)).unwrap();
    }
    standing
}

/// Goes through every door with everything there is to try.
fn try_every_door(run: impl Fn(&Sandbox, &[&str]) -> Run) {
    let sandbox = store();
    let before = standing(&sandbox);
    assert_eq!(before.lines().count(), 3, "{before}");
    let mut doors: Vec<Vec<String>> = Vec::new();
    for number in 0..STANDINGS.len() {
        let file = format!("claims-{number}.ndjson");
        for how in ["", " --replace", " --merge"] {
            doors.push(words(&format!("import {file}{how}")));
        }
    }
    for id in ["kept", "tried", "mirrored"] {
        doors.push(words(&format!("edit {id} --note changed --set a=1")));
        doors.push(words(&format!("copy {id} copy-of-{id}")));
        doors.push(words(&format!("replace plain {id} --yes")));
    }
    for origin in ["mine", "other"] {
        let mirror = format!("--mirror {origin} --adopt --yes --keep-going");
        for number in 0..STANDINGS.len() {
            doors.push(words(&format!("import claims-{number}.json {mirror}")));
        }
        for expected in 0..4 {
            let empty = format!("import none.json {mirror} --expect-deleted {expected}");
            doors.push(words(&empty));
            doors.push(words(&empty.replace(" --keep-going", "")));
        }
    }
    doors.extend([
        words("run run-kept.json --yes"),
        words("delete --plan plan.json --yes"),
        words("delete kept --yes --keep-going --ignore-missing"),
        words("delete kept --replace-with plain --yes"),
        words("prune all --system shopify --yes"),
        words("prune all --unused --yes"),
        words("prune all --retired --yes"),
        words("service add flow --source tried --destination plain"),
    ]);
    for door in doors {
        let arguments: Vec<&str> = door.iter().map(String::as_str).collect();
        let run = run(&sandbox, &arguments);
        let after = standing(&sandbox);
        assert_eq!(after, before, "{door:?}: {run}");
    }
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

#[test]
fn no_other_door_changes_them() {
    in_file();
    try_every_door(Sandbox::run);
}

#[test]
#[ignore = "needs setpriv"]
fn no_editor_changes_them() {
    try_every_door(|sandbox, arguments| {
        sandbox.grant("bin", "editor");
        sandbox.run_as(BIN, arguments)
    });
}

#[test]
#[ignore = "needs setpriv"]
fn an_editor_neither_retires_nor_revives_and_one_who_tries_is_named() {
    let sandbox = store();
    sandbox.grant("bin", "editor");
    for arguments in [
        &["retire", "plain", "--for", "30d", "--yes"][..],
        &["revive", "tried"],
    ] {
        let run = sandbox.run_as(BIN, arguments);
        assert_eq!(run.code, 6, "{run}");
    }
    let run = sandbox.run_as(BIN, &["exec", "tried", "--", "true"]);
    assert_eq!(run.code, 10, "{run}");
    // Whoever may not read secrets at all is no user of it.
    let viewer = sandbox.run_as(
        crate::support::users::NOBODY,
        &["exec", "tried", "--", "true"],
    );
    assert_eq!(viewer.code, 6, "{viewer}");
    let mut command = sandbox.command();
    let prune = command.args(["prune", "all", "--retired", "-n", "-o", "json"]);
    let rows: serde_json::Value = serde_json::from_slice(&prune.output().unwrap().stdout).unwrap();
    assert_eq!(rows[0]["outcome"], "on_trial");
    assert_eq!(rows[0]["attempts"], 1);
    assert_eq!(rows[0]["last_attempt_by"], "bin");
}

#[test]
fn no_sql_makes_a_service_use_what_is_on_trial_or_takes_what_is_protected() {
    in_file();
    let sandbox = store();
    done(&sandbox.run(&[
        "service",
        "add",
        "flow",
        "--source",
        "plain",
        "--destination",
        "plain",
    ]));
    let before = standing(&sandbox);
    let connection = rusqlite::Connection::open(sandbox.path("store.db")).unwrap();
    for keys in ["ON", "OFF"] {
        let keys = format!("PRAGMA foreign_keys = {keys}");
        connection.execute_batch(&keys).unwrap();
        for sql in [
            "INSERT INTO service_connectors (service_id, role, connector_id)
           VALUES ('flow', 'source', 'tried')",
            "INSERT OR REPLACE INTO service_connectors (service_id, role, connector_id)
           VALUES ('flow', 'source', 'tried')",
            "INSERT OR IGNORE INTO service_connectors (service_id, role, connector_id)
           VALUES ('flow', 'source', 'tried')",
            "UPDATE service_connectors SET connector_id = 'tried'",
            "UPDATE OR REPLACE service_connectors SET connector_id = 'tried'",
            "UPDATE connectors SET retired_at = '2026-01-01T00:00:00Z' WHERE id = 'plain'",
            "DELETE FROM connectors WHERE id = 'kept'",
            "DELETE FROM connectors",
            "INSERT OR REPLACE INTO connectors
           SELECT * FROM connectors WHERE id = 'kept'",
            "UPDATE connectors SET id = 'kept' WHERE id = 'tried'",
            "UPDATE OR REPLACE connectors SET id = 'kept' WHERE id = 'tried'",
            "UPDATE OR REPLACE connectors SET id = 'kept' WHERE id = 'mirrored'",
            "UPDATE OR REPLACE connectors SET id = 'mirrored' WHERE id = 'tried'",
            "UPDATE OR REPLACE connectors SET id = 'plain' WHERE id = 'tried'",
            "PRAGMA defer_foreign_keys = ON; DELETE FROM connectors WHERE id = 'plain';
         UPDATE connectors SET id = 'plain' WHERE id = 'tried'",
            "PRAGMA defer_foreign_keys = ON;
         UPDATE connectors SET id = 'moved' WHERE id = 'plain';
         UPDATE connectors SET id = 'plain' WHERE id = 'tried'",
        ] {
            let tried = connection.execute_batch(&format!("BEGIN; {sql}; COMMIT"));
            if tried.is_err() {
                connection.execute_batch("ROLLBACK").ok();
            }
            let used: u32 = connection
                .query_row(
                    "SELECT count(*) FROM service_connectors JOIN connectors
                   ON connectors.id = connector_id WHERE retired_at IS NOT NULL",
                    [],
                    |row| row.get(0),
                )
                .unwrap();
            assert_eq!(used, 0, "{sql}: {tried:?}");
            assert_eq!(standing(&sandbox), before, "{sql}: {tried:?}");
        }
    }
}

#[test]
fn no_sql_takes_what_is_protected_by_the_index_of_a_policy() {
    in_file();
    let sandbox = Sandbox::new();
    for (id, group) in [("kept", "a"), ("moved", "b"), ("other", "c")] {
        done(&sandbox.run(&[
            "add", id, "--system", "x", "--env", "live", "--group", group,
        ]));
    }
    done(&sandbox.run(&["protect", "kept"]));
    done(&sandbox.run(&["policy", "set", "one_per_system", "true"]));
    let content = sandbox.content();
    let connection = rusqlite::Connection::open(sandbox.path("store.db")).unwrap();
    for sql in [
        "INSERT OR REPLACE INTO connectors SELECT 'new', name, system, environment, \"group\",
           expires_at, last_used_at, created_at, updated_at, revision, note, settings, 0, NULL, NULL,
           NULL FROM connectors WHERE id = 'kept'",
        "UPDATE OR REPLACE connectors SET \"group\" = 'a' WHERE id = 'moved'",
        "UPDATE OR REPLACE connectors SET \"group\" = 'a'",
    ] {
        let tried = connection.execute_batch(sql);
        assert_eq!(
            tried.unwrap_err().to_string(),
            "the connector is protected",
            "{sql}"
        );
        assert_eq!(sandbox.content(), content, "{sql}");
    }
    // What is not protected is the engine's business; connctl itself replaces nothing so.
    assert_eq!(
        sandbox.untouched(&["edit", "moved", "--group", "a"]).code,
        1
    );
    done(&sandbox.run(&["edit", "kept", "--note", "n"]));
    done(&sandbox.run(&["policy", "set", "one_per_system", "false"]));
    done(&sandbox.run(&["edit", "moved", "--group", "a"]));
    assert!(!sandbox.run(&["doctor"]).stdout.contains("wrong"));
}
