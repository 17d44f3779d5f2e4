//! Stores that are damaged or were changed by another program: a deletion never believes them.

use rusqlite::Connection;
use snapbox::str;

use crate::assert_run;
use crate::support::credentials::IDENTITY;
use crate::support::{Sandbox, in_file};

/// Does something to the store that connctl would not.
fn tamper(sandbox: &Sandbox, sql: &str) {
    let store = Connection::open(sandbox.path("store.db")).unwrap();
    store.execute_batch(sql).unwrap();
}

#[test]
fn a_deletion_that_a_trigger_swallows_is_an_error_and_undoes_everything() {
    in_file();
    let sandbox = Sandbox::with_shop();
    tamper(
        &sandbox,
        "CREATE TRIGGER t BEFORE DELETE ON connectors WHEN OLD.id = 'shop-test'
         BEGIN SELECT RAISE(IGNORE); END",
    );
    assert_run!(
        sandbox.untouched(&["delete", "shop-old", "shop-test", "--yes"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the store did not keep a change of connector shop-test; nothing was changed
  hint: the store is damaged or was tampered with: see "connctl doctor"

"#]]
    );
    tamper(
        &sandbox,
        "CREATE TRIGGER u BEFORE DELETE ON services BEGIN SELECT RAISE(IGNORE); END",
    );
    assert_run!(
        sandbox.untouched(&["service", "delete", "stock", "--yes"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the store did not keep a change of service stock; nothing was changed
  hint: the store is damaged or was tampered with: see "connctl doctor"

"#]]
    );
}

const ADD: &[&str] = &["add", "new", "--system", "x", "--env", "testing"];

const OTHER: &str = "age1963tqpuuv50dd6fzuly7xrrccjlfgztnmu6laez60engyqdjt5rsrsxdgg";

/// Events, and commands that need what happens there.
const SWALLOWED: &[(&str, &[&[&str]])] = &[
    (
        "BEFORE INSERT ON connectors",
        &[ADD, &["copy", "erp", "new"]],
    ),
    (
        "BEFORE UPDATE ON connectors",
        &[
            &["edit", "erp", "--note", "n"],
            &["protect", "erp"],
            &["rename", "erp", "new", "--yes"],
            &["retire", "shop-old", "--for", "3d", "--yes"],
        ],
    ),
    (
        "BEFORE INSERT ON services",
        &[&["service", "add", "new", "--source", "erp"]],
    ),
    (
        "BEFORE INSERT ON service_connectors",
        &[
            &["service", "add", "new", "--source", "erp"],
            &["replace", "files", "shop-test", "--yes"],
        ],
    ),
    (
        "BEFORE UPDATE ON service_connectors",
        &[&["rename", "files", "new", "--yes"]],
    ),
    (
        "BEFORE DELETE ON service_connectors",
        &[
            // Nothing of what comes is in the way of what is to go.
            &[
                "service",
                "edit",
                "copy",
                "--remove-source",
                "files",
                "--remove-destination",
                "files",
                "--add-source",
                "erp",
            ],
            &["replace", "files", "shop-test", "--yes"],
        ],
    ),
    ("BEFORE INSERT ON secrets", &[&["copy", "shop-test", "new"]]),
    (
        "BEFORE UPDATE ON secrets",
        &[
            &["key", "add", OTHER],
            &["rename", "shop-test", "new", "--yes"],
        ],
    ),
    (
        "BEFORE DELETE ON secrets",
        &[&["secret", "delete", "shop-test", "pin", "--yes"]],
    ),
    ("BEFORE INSERT ON recipients", &[&["key", "add", OTHER]]),
    ("BEFORE INSERT ON audit", &[ADD]),
    (
        "BEFORE INSERT ON grants",
        &[&["access", "grant", "bin", "editor"]],
    ),
    (
        "BEFORE DELETE ON grants",
        &[&["access", "revoke", "daemon"]],
    ),
    (
        "BEFORE INSERT ON policies",
        &[&["policy", "set", "require_reason", "true"]],
    ),
    ("BEFORE UPDATE ON store_state", &[ADD]),
];

#[test]
fn no_change_is_told_that_a_trigger_swallows_or_takes_back() {
    in_file();
    let sandbox = Sandbox::with_shop();
    let set = ["secret", "set", "shop-test", "pin=-"];
    assert_eq!(sandbox.run_with_input(&set, "1234").code, 0);
    assert_eq!(
        sandbox.run(&["access", "grant", "daemon", "editor"]).code,
        0
    );
    let refused = |arguments: &[&str], trigger: &str| {
        let run = sandbox.untouched(arguments);
        let begins = run
            .stderr
            .starts_with("error: the store did not keep a change of ");
        assert!(run.code == 1 && begins, "{trigger}\n{run}");
    };
    for (event, commands) in SWALLOWED {
        tamper(
            &sandbox,
            &format!("CREATE TRIGGER t {event} BEGIN SELECT RAISE(IGNORE); END"),
        );
        for arguments in *commands {
            refused(arguments, event);
        }
        tamper(&sandbox, "DROP TRIGGER t");
    }
    assert_eq!(sandbox.run(&["key", "add", OTHER]).code, 0);
    let identity = std::fs::read_to_string(sandbox.path(IDENTITY)).unwrap();
    let mut words = identity.split_whitespace();
    let recipient = words.find(|word| word.starts_with("age1")).unwrap();
    for (table, arguments) in [
        ("connectors", &["delete", "shop-old", "--yes"][..]),
        ("services", &["service", "delete", "copy", "--yes"]),
        ("recipients", &["key", "remove", recipient]),
        ("grants", &["access", "revoke", "daemon"]),
        (
            "secrets",
            &["secret", "delete", "shop-test", "pin", "--yes"],
        ),
    ] {
        let trigger = back(&sandbox, table);
        tamper(&sandbox, &trigger);
        refused(arguments, &trigger);
        tamper(&sandbox, "DROP TRIGGER t");
    }
}

/// A trigger that brings back what is removed from a table.
fn back(sandbox: &Sandbox, table: &str) -> String {
    let store = Connection::open(sandbox.path("store.db")).unwrap();
    let statement = store.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let columns: Vec<_> = statement
        .column_names()
        .map(|name| format!("OLD.\"{name}\""))
        .collect();
    format!(
        "CREATE TRIGGER t AFTER DELETE ON {table} BEGIN INSERT INTO {table} VALUES ({}); END",
        columns.join(", ")
    )
}

#[test]
fn a_reference_that_the_index_does_not_show_keeps_the_connector() {
    in_file();
    let sandbox = Sandbox::with_shop();
    let page = {
        let store = Connection::open(sandbox.path("store.db")).unwrap();
        let sql = "SELECT rootpage FROM sqlite_schema
                   WHERE name = 'service_connectors_by_connector'";
        store
            .query_row(sql, [], |row| row.get::<_, u32>(0))
            .unwrap()
    };
    let mut bytes = sandbox.store_bytes();
    let start = (page as usize - 1) * 4096;
    let page = &mut bytes[start..start + 4096];
    let id = b"files";
    let places: Vec<_> = (0..page.len() - id.len())
        .filter(|&at| page[at..].starts_with(id))
        .collect();
    assert!(!places.is_empty());
    for at in places {
        page[at] ^= 1;
    }
    sandbox.write("store.db", &bytes);
    assert_run!(
        sandbox.untouched(&["delete", "files", "--yes"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: connector files is in use by service copy, which an index of the store does not show; nothing was changed
  hint: the store is damaged or was tampered with: see "connctl doctor"

"#]]
    );
}

#[test]
fn a_reference_whose_service_is_gone_keeps_the_connector_and_says_so() {
    in_file();
    let sandbox = Sandbox::with_shop();
    tamper(
        &sandbox,
        "PRAGMA foreign_keys = OFF; DELETE FROM services WHERE id = 'copy'",
    );
    assert_run!(
        sandbox.refused(&["delete", "files", "--yes"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: files is in use by 1 service and was not deleted
    SERVICE  ROLE                 STATUS
    copy     source, destination  missing
    2 references left by a service that is gone, which is a fault of the store
  hint: see what is left over: connctl doctor

"#]]
    );
    assert_run!(
        sandbox.run(&["show", "files", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  {"id":"files","name":"files","system":"http","environment":"testing","group":null,"settings":{},"secrets":[],"note":null,"expires_at":null,"last_used_at":null,"created_at":"[TIME]","updated_at":"[TIME]","revision":"[REVISION]","protected":false,"retired_at":null,"retired_until":null,"origin":null,"used_by":1,"references":[{"service":"copy","name":null,"role":"source","active":false},{"service":"copy","name":null,"role":"destination","active":false}]}
stderr:

"#]]
    );
}

#[test]
fn a_record_that_cannot_be_read_holds_up_no_other_and_can_be_replaced_or_deleted() {
    in_file();
    let damaged = || {
        let sandbox = Sandbox::with_shop();
        tamper(
            &sandbox,
            "UPDATE connectors SET settings = '{' WHERE id = 'shop-test'",
        );
        sandbox
    };
    let sandbox = damaged();
    let list = sandbox.run(&["list", "all", "-o", "ids"]);
    assert!(list.stdout.contains("shop-test"), "{list}");
    assert_run!(
        sandbox.run(&["show", "shop-test"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the store is damaged: the settings of shop-test: EOF while parsing an object at line 1 column 1; nothing was changed
  hint: set what cannot be read: connctl edit shop-test --set KEY=VALUE
        or put the connector right: connctl import FILE --replace
        or remove it: connctl delete shop-test

"#]]
    );
    assert_run!(
        sandbox.run(&["export"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the store is damaged: the settings of shop-test: EOF while parsing an object at line 1 column 1; nothing was changed
  hint: set what cannot be read: connctl edit shop-test --set KEY=VALUE
        or put the connector right: connctl import FILE --replace
        or remove it: connctl delete shop-test

"#]]
    );
    let ids = ["shop-test", "shop-old"];
    let dry_run = sandbox.run(&["delete", ids[0], ids[1], "--dry-run"]);
    assert_eq!(dry_run.code, 0, "{dry_run}");
    let deleted = sandbox.run(&["delete", ids[0], ids[1], "--yes"]);
    assert_eq!(deleted.code, 0, "{deleted}");

    let sandbox = damaged();
    let file = sandbox.write(
        "shop.toml",
        "[[connectors]]\nid = \"shop-test\"\nsystem = \"shopify\"\nenvironment = \"testing\"\n",
    );
    let file = file.display().to_string();
    let replaced = sandbox.run(&["import", &file, "--replace"]);
    assert_eq!(replaced.code, 0, "{replaced}");
    assert_eq!(sandbox.run(&["export"]).code, 0);
}

/// What can be wrong with a field of a connector, and the edit that sets the field, if any does.
const CONNECTOR_DAMAGE: [(&str, &[&str]); 18] = [
    ("name = ''", &["--name", "n"]),
    ("name = CAST(x'ff' AS TEXT)", &["--name", "n"]),
    ("system = ''", &["--system", "s"]),
    ("system = CAST(x'41ff' AS TEXT)", &["--system", "s"]),
    ("environment = 'moon'", &[]),
    ("\"group\" = ' '", &["--group", "g"]),
    ("\"group\" = CAST(x'ff' AS TEXT)", &["--group", ""]),
    ("settings = '{'", &["--set", "a=1"]),
    ("settings = CAST(x'ff' AS TEXT)", &["--set", "a=1"]),
    ("note = CAST(x'ff' AS TEXT)", &["--note", "n"]),
    ("expires_at = 'soon'", &["--expires", "never"]),
    ("last_used_at = 'x'", &[]),
    ("created_at = ''", &[]),
    ("updated_at = CAST(x'ff' AS TEXT)", &["--note", "n"]),
    ("revision = x'00'", &["--note", "n"]),
    ("origin = ''", &[]),
    ("retired_until = 'x'", &[]),
    ("protected = 7", &["--note", "n"]),
];

const SERVICE_DAMAGE: [(&str, &[&str]); 10] = [
    ("name = ''", &["--name", "n"]),
    ("name = CAST(x'ff' AS TEXT)", &["--name", "n"]),
    ("kind = 'moon'", &["--kind", "standard"]),
    ("schedule = CAST(x'ff' AS TEXT)", &["--schedule", ""]),
    ("note = CAST(x'ff' AS TEXT)", &["--note", "n"]),
    ("created_at = ''", &[]),
    ("updated_at = CAST(x'ff' AS TEXT)", &["--note", "n"]),
    ("revision = x'00'", &["--note", "n"]),
    ("origin = ''", &[]),
    ("active = 7", &["--note", "n"]),
];

/// The shop with something wrong with one record.
fn damaged(table: &str, id: &str, damage: &str) -> Sandbox {
    let sandbox = Sandbox::with_shop();
    tamper(
        &sandbox,
        &format!(
            "PRAGMA ignore_check_constraints = ON; UPDATE {table} SET {damage} WHERE id = '{id}'"
        ),
    );
    sandbox
}

fn succeeds(sandbox: &Sandbox, words: &[&str], damage: &str) {
    let run = sandbox.run(words);
    assert_eq!(run.code, 0, "{damage}: {words:?}: {run}");
}

#[test]
fn whatever_is_wrong_with_a_connector_it_and_others_can_go_and_be_put_right() {
    in_file();
    for (damage, edit) in CONNECTOR_DAMAGE {
        let is_protected = damage.starts_with("protected");
        let sandbox = damaged("connectors", "shop-test", damage);
        succeeds(&sandbox, &["list", "all"], damage);
        succeeds(&sandbox, &["delete", "shop-old", "-n"], damage);
        if is_protected {
            succeeds(&sandbox, &["unprotect", "shop-test"], damage);
        }
        let both = ["delete", "shop-old", "shop-test"];
        succeeds(&sandbox, &[&both[..], &["-n"]].concat(), damage);
        succeeds(&sandbox, &[&both[..], &["--yes"]].concat(), damage);
        let left = sandbox.run(&["list", "all", "-o", "ids"]);
        assert_eq!(left.stdout, "erp\nfiles\nshop-eu\n", "{damage}");

        let sandbox = damaged("connectors", "shop-test", damage);
        let prune = ["prune", "all", "--unused", "--yes"];
        succeeds(&sandbox, &prune, damage);
        let left = sandbox.run(&["list", "all", "-o", "ids"]);
        assert_eq!(left.stdout.contains("shop-test"), is_protected, "{damage}");

        let sandbox = damaged("connectors", "shop-test", damage);
        let file =
            "[[connectors]]\nid = 'shop-test'\nsystem = 'shopify'\nenvironment = 'testing'\n";
        let file = sandbox.write("new.toml", file).display().to_string();
        succeeds(&sandbox, &["import", &file, "--replace"], damage);
        succeeds(&sandbox, &["export"], damage);
        succeeds(&sandbox, &["show", "shop-test"], damage);

        let sandbox = damaged("connectors", "shop-test", damage);
        let words: Vec<_> = [&["edit", "shop-test"][..], edit].concat();
        if edit.is_empty() {
            let run = sandbox.untouched(&["edit", "shop-test", "--note", "n"]);
            assert!(
                run.stderr.starts_with("error: the store is damaged: the "),
                "{run}"
            );
        } else {
            succeeds(&sandbox, &words, damage);
            succeeds(&sandbox, &["show", "shop-test"], damage);
            succeeds(&sandbox, &["export"], damage);
        }
    }
}

#[test]
fn whatever_is_wrong_with_a_service_others_can_go_and_it_can_be_put_right() {
    in_file();
    for (damage, edit) in SERVICE_DAMAGE {
        let sandbox = damaged("services", "copy", damage);
        succeeds(&sandbox, &["service", "list"], damage);
        succeeds(&sandbox, &["show", "files"], damage);
        // What it uses stays, is told from what is free, and does not keep that from going.
        let run = sandbox.run(&["delete", "files", "shop-test", "--yes", "--keep-going"]);
        assert_eq!(run.code, 5, "{damage}: {run}");
        let left = sandbox.run(&["list", "all", "-o", "ids"]);
        assert_eq!(left.stdout, "erp\nfiles\nshop-eu\nshop-old\n", "{damage}");
        succeeds(
            &sandbox,
            &["service", "delete", "copy", "stock", "-n"],
            damage,
        );
        succeeds(
            &sandbox,
            &["service", "delete", "copy", "stock", "-y"],
            damage,
        );

        let sandbox = damaged("services", "copy", damage);
        let file = "[[services]]\nid = 'copy'\nsources = ['files']\n";
        let file = sandbox.write("new.toml", file).display().to_string();
        succeeds(&sandbox, &["import", &file, "--replace"], damage);
        succeeds(&sandbox, &["export"], damage);

        let sandbox = damaged("services", "copy", damage);
        let words: Vec<_> = [&["service", "edit", "copy"][..], edit].concat();
        if edit.is_empty() {
            let run = sandbox.untouched(&["service", "edit", "copy", "--note", "n"]);
            assert!(
                run.stderr.starts_with("error: the store is damaged: the "),
                "{run}"
            );
        } else {
            succeeds(&sandbox, &words, damage);
            succeeds(&sandbox, &["export"], damage);
        }
    }
}

#[test]
fn a_secret_of_which_the_name_cannot_be_read_goes_with_its_connector() {
    in_file();
    let sandbox = Sandbox::with_shop();
    let set = ["secret", "set", "shop-test", "pin=-"];
    assert_eq!(sandbox.run_with_input(&set, "1234").code, 0);
    tamper(&sandbox, "UPDATE secrets SET name = ' '");
    let run = sandbox.untouched(&["show", "shop-test"]);
    assert!(
        run.stderr
            .starts_with("error: the store is damaged: the secrets of"),
        "{run}"
    );
    succeeds(&sandbox, &["delete", "shop-test", "--yes"], "secret");
}

#[test]
fn the_doctor_sees_what_is_missing_from_the_schema_and_what_was_added_to_it() {
    in_file();
    let sandbox = Sandbox::with_shop();
    let sound = |sandbox: &Sandbox| {
        let run = sandbox.run(&["doctor", "-o", "ndjson"]);
        run.stdout.lines().next().unwrap().to_owned()
    };
    assert!(sound(&sandbox).contains(r#""check":"schema","status":"ok""#));
    let policy = ["policy", "set", "one_per_system", "true"];
    tamper(&sandbox, "DELETE FROM connectors WHERE id = 'shop-test'");
    assert_eq!(sandbox.run(&policy).code, 0);
    assert!(sound(&sandbox).contains(r#""status":"ok""#));
    tamper(
        &sandbox,
        "DROP INDEX one_per_system;
         DROP TRIGGER audit_is_not_removed;
         CREATE TRIGGER copier AFTER INSERT ON secrets BEGIN SELECT 1; END;
         CREATE TABLE other (value TEXT)",
    );
    let found = sound(&sandbox);
    for problem in [
        "the index one_per_system is missing",
        "the trigger audit_is_not_removed is missing",
        "the trigger copier is not connctl's",
        "the table other is not connctl's",
    ] {
        assert!(found.contains(problem), "{found}");
    }
}
