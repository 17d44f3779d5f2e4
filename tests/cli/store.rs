//! Stores that are missing, damaged, locked, foreign or another version.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use rusqlite::Connection;
use snapbox::str;

use crate::access::{arguments_of, changing_commands, with_work};
use crate::support::{CONNCTL, Sandbox, in_file};
use crate::{assert_run, assert_text};

#[test]
fn a_store_that_is_missing_is_named() {
    in_file();
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&["list"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: there is no store at [HOME]/store.db
  hint: check --store; "connctl init" makes a new store

"#]]
    );
    assert_run!(
        sandbox.run(&["delete", "a", "--yes"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: there is no store at [HOME]/store.db
  hint: check --store; "connctl init" makes a new store

"#]]
    );
    assert_run!(
        sandbox.run(&["edit", "a", "--note", "x"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: there is no store at [HOME]/store.db
  hint: check --store; "connctl init" makes a new store

"#]]
    );
    assert!(!sandbox.path("store.db").exists());
}

#[test]
fn the_usual_store_is_empty_until_something_is_added() {
    let sandbox = Sandbox::new();
    let run = |arguments: &[&str]| {
        let mut command = sandbox.command();
        sandbox.finish(command.env_remove("CONNCTL_STORE").args(arguments))
    };
    assert_run!(
        run(&["list"]),
        str![[r#"
exit code: 0
stdout:
  ID  NAME  SYSTEM  ENVIRONMENT  USED BY  UPDATED
stderr:
  There is no store yet; "connctl init" or "connctl import" makes one.

"#]]
    );
    assert!(!sandbox.path(".local").exists());
    assert_run!(
        run(&["delete", "a", "--yes"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: there is no store at [HOME]/.local/share/connctl/store.db
  hint: check --store; "connctl init" makes a new store

"#]]
    );
    assert_run!(
        run(&["add", "a", "--system", "http", "--env", "live"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Added connector a

"#]]
    );
    let folder = sandbox.path(".local/share/connctl");
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(folder.clone()), mode(folder.join("store.db"))),
        (0o700, 0o600)
    );
}

#[test]
fn the_folder_of_a_named_store_must_exist() {
    let sandbox = Sandbox::new();
    let add = [
        "add",
        "a",
        "--system",
        "http",
        "--env",
        "live",
        "--store",
        "missing/store.db",
    ];
    assert_run!(
        sandbox.run(&add),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot create missing/store.db: No such file or directory (os error 2)

"#]]
    );
}

#[test]
fn a_folder_is_no_store() {
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&["list", "--store", "."]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: [HOME] is not a file
  hint: name the file of a connctl store with --store

"#]]
    );
}

/// Runs commands on a file that is no store, which must be refused and stay as it is.
fn refuses(content: &[u8]) -> String {
    let sandbox = Sandbox::new();
    sandbox.write("store.db", content);
    let changes = sandbox.untouched(&["add", "a", "--system", "http", "--env", "live"]);
    let list = sandbox.untouched(&["list"]);
    assert_eq!(changes.stderr, list.stderr);
    assert_eq!((changes.code, list.code), (1, 1));
    let names = fs::read_dir(sandbox.path(".")).unwrap();
    assert_eq!(names.count(), 1, "something was left beside the file");
    list.stderr
}

#[test]
fn a_file_of_another_kind_is_not_touched() {
    in_file();
    assert_text!(
        refuses(b"[[connectors]]\n"),
        str![[r#"
error: [HOME]/store.db is not a connctl store; it was not touched
hint: name the file of a connctl store with --store

"#]]
    );
    assert_text!(
        refuses(&[0; 4096]),
        str![[r#"
error: [HOME]/store.db is not a connctl store; it was not touched
hint: name the file of a connctl store with --store

"#]]
    );
    assert_text!(
        refuses(b"SQLite format 3\0"),
        str![[r#"
error: [HOME]/store.db is not a connctl store; it was not touched
hint: name the file of a connctl store with --store

"#]]
    );
}

#[test]
fn a_database_of_another_program_is_not_touched() {
    in_file();
    let sandbox = Sandbox::new();
    let database = Connection::open(sandbox.path("other.db")).unwrap();
    database
        .execute_batch("PRAGMA application_id = 7; CREATE TABLE connectors (id TEXT);")
        .unwrap();
    drop(database);
    let content = fs::read(sandbox.path("other.db")).unwrap();
    assert_text!(
        refuses(&content),
        str![[r#"
error: [HOME]/store.db is not a connctl store; it was not touched
hint: name the file of a connctl store with --store

"#]]
    );
}

#[test]
fn an_empty_file_is_a_new_store() {
    let sandbox = Sandbox::new();
    sandbox.write("store.db", "");
    assert_run!(
        sandbox.run(&["add", "a", "--system", "http", "--env", "live"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Added connector a

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "-o", "ids"]),
        str![[r#"
exit code: 0
stdout:
  a
stderr:

"#]]
    );
}

#[test]
fn a_newer_store_is_refused_and_not_touched() {
    in_file();
    let sandbox = Sandbox::with_shop();
    let database = Connection::open(sandbox.path("store.db")).unwrap();
    database.pragma_update(None, "user_version", 1_000).unwrap();
    drop(database);
    assert_run!(
        sandbox.untouched(&["list"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the store [HOME]/store.db has schema version 1000; this connctl knows versions up to 4
  hint: use a newer connctl; the store was not touched

"#]]
    );
    assert_run!(
        sandbox.untouched(&["delete", "shop-old", "--yes"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the store [HOME]/store.db has schema version 1000; this connctl knows versions up to 4
  hint: use a newer connctl; the store was not touched

"#]]
    );
}

#[test]
fn a_damaged_store_is_an_error_that_says_so() {
    in_file();
    let sandbox = Sandbox::with_example();
    let mut bytes = sandbox.store_bytes();
    bytes[4096..].fill(0xa5);
    sandbox.write("store.db", bytes);
    assert_run!(
        sandbox.untouched(&["list"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the store is damaged: database disk image is malformed; nothing was changed
  hint: restore the store from a copy

"#]]
    );
    assert_run!(
        sandbox.untouched(&["delete", "tap-github-prod", "--yes"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the store is damaged: database disk image is malformed; nothing was changed
  hint: restore the store from a copy

"#]]
    );
}

#[test]
fn a_value_that_no_connctl_wrote_is_damage() {
    in_file();
    let sandbox = Sandbox::with_shop();
    let database = Connection::open(sandbox.path("store.db")).unwrap();
    let sql = "UPDATE connectors SET created_at = 'yesterday' WHERE id = 'erp'";
    assert_eq!(database.execute(sql, []).unwrap(), 1);
    drop(database);
    assert_run!(
        sandbox.untouched(&["show", "erp"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the store is damaged: the created_at of erp: "yesterday" is not a time such as [TIME]; nothing was changed
  hint: put the connector right: connctl import FILE --replace
        or remove it: connctl delete erp

"#]]
    );
}

#[test]
fn a_locked_store_is_busy() {
    in_file();
    let sandbox = Sandbox::with_shop();
    sandbox.write("config.toml", "busy_timeout = '1ms'");
    let database = Connection::open(sandbox.path("store.db")).unwrap();
    let with_config = |arguments: &[&str]| {
        let mut command = sandbox.command();
        command.env("CONNCTL_CONFIG", sandbox.path("config.toml"));
        sandbox.finish(command.args(arguments))
    };
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_run!(
        with_config(&["delete", "shop-old", "--yes"]),
        str![[r#"
exit code: 8
stdout:
stderr:
  error: the store is locked by another process (waited 1ms); nothing was changed
  hint: try again; busy_timeout in the configuration says how long to wait

"#]]
    );
    assert_run!(
        with_config(&["service", "deactivate", "orders"]),
        str![[r#"
exit code: 8
stdout:
stderr:
  error: the store is locked by another process (waited 1ms); nothing was changed
  hint: try again; busy_timeout in the configuration says how long to wait

"#]]
    );
    assert_run!(
        with_config(&["list", "-o", "ids"]),
        str![[r#"
exit code: 0
stdout:
  erp
  shop-eu
  shop-old
stderr:

"#]]
    );
    database.execute_batch("COMMIT; BEGIN EXCLUSIVE").unwrap();
    assert_run!(
        with_config(&["list"]),
        str![[r#"
exit code: 8
stdout:
stderr:
  error: the store is locked by another process (waited 1ms); nothing was changed
  hint: try again; busy_timeout in the configuration says how long to wait

"#]]
    );
    assert_run!(
        with_config(&["delete", "shop-old", "--yes", "-o", "json"]),
        str![[r#"
exit code: 8
stdout:
stderr:
  {"error":{"kind":"busy","message":"the store is locked by another process (waited 1ms); nothing was changed","hint":"try again; busy_timeout in the configuration says how long to wait","exit_code":8}}

"#]]
    );
    database.execute_batch("COMMIT").unwrap();
    assert_eq!(sandbox.run(&["delete", "shop-old", "--yes"]).code, 0);
}

#[test]
#[ignore = "needs root and setpriv"]
fn who_may_only_read_can_list_and_is_told_why_nothing_else() {
    let sandbox = Sandbox::with_shop();
    fs::set_permissions(sandbox.path("."), Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(sandbox.path("store.db"), Permissions::from_mode(0o644)).unwrap();
    let reader = |arguments: &[&str]| {
        let mut command = Command::new("setpriv");
        sandbox.seal(&mut command);
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", CONNCTL]);
        sandbox.finish(command.args(arguments))
    };
    let before = sandbox.store_bytes();
    assert_run!(
        reader(&["list", "-o", "ids"]),
        str![[r#"
exit code: 0
stdout:
  erp
  shop-eu
  shop-old
stderr:

"#]]
    );
    assert_run!(
        reader(&["delete", "shop-old", "-n"]),
        str![[r#"
exit code: 0
stdout:
  ID        OUTCOME       NAME      SYSTEM   ENVIRONMENT
  shop-old  would_delete  shop-old  shopify  live
stderr:
  1 connector would be deleted; nothing was changed.

"#]]
    );
    assert_run!(
        reader(&["delete", "shop-old", "--yes"]),
        str![[r#"
exit code: 6
stdout:
stderr:
  error: nobody is a viewer and may not delete; nothing was changed
  hint: ask root to run: connctl access grant nobody admin

"#]]
    );
    assert_run!(
        reader(&["edit", "erp", "--note", "x"]),
        str![[r#"
exit code: 6
stdout:
stderr:
  error: nobody is a viewer and may not change the store; nothing was changed
  hint: ask root to run: connctl access grant nobody editor

"#]]
    );
    assert_run!(
        reader(&["import", "-"]),
        str![[r#"
exit code: 6
stdout:
stderr:
  error: nobody is a viewer and may not change the store; nothing was changed
  hint: ask root to run: connctl access grant nobody editor

"#]]
    );
    assert!(sandbox.store_bytes() == before);
    fs::set_permissions(sandbox.path("store.db"), Permissions::from_mode(0o600)).unwrap();
    assert_run!(
        reader(&["list"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot read [HOME]/store.db: Permission denied (os error 13)
  hint: the modes of the file and its folder say who may read it; ask its owner to widen them

"#]]
    );
}

#[test]
fn whoever_only_looks_leaves_a_blank_file_as_it_is() {
    in_file();
    let sandbox = Sandbox::new();
    sandbox.write("store.db", "");
    for arguments in [&["list"][..], &["delete", "a", "-n"], &["audit", "list"]] {
        sandbox.run(arguments);
        assert!(sandbox.store_bytes().is_empty(), "{arguments:?}");
    }
}

#[test]
fn an_empty_store_is_made_and_one_that_is_there_stays() {
    in_file();
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&["init"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Made an empty store.

"#]]
    );
    let before = sandbox.store_bytes();
    assert_run!(
        sandbox.run(&["init"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  There is a store already; it was not changed.

"#]]
    );
    assert!(sandbox.store_bytes() == before);
}

#[test]
fn a_change_without_a_store_makes_none() {
    in_file();
    let sandbox = Sandbox::new();
    for arguments in [
        ["delete", "x", "--yes"].as_slice(),
        &["edit", "x", "--name", "y"],
        &["service", "add", "s", "--source", "a", "--destination", "b"],
        &["policy", "set", "one_per_system", "false"],
        &["access", "grant", "root", "admin"],
        &[
            "key",
            "add",
            "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
        ],
        &["key", "init"],
        &["compact"],
    ] {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, 1, "{arguments:?}: {run}");
        assert!(run.stderr.contains("connctl init"), "{arguments:?}: {run}");
        assert!(!sandbox.path("store.db").exists(), "{arguments:?}");
        assert!(!sandbox.path(".config").exists(), "{arguments:?}");
    }
}

#[test]
fn a_first_change_that_fails_leaves_no_file() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with_input(&["import", "-"], "[[services]]\nid = 's'\n");
    assert_eq!(run.code, 2, "{run}");
    let dangling = "[[services]]\nid = 's'\nname = 's'\nsources = ['a']\ndestinations = ['b']\n";
    let run = sandbox.run_with_input(&["import", "-"], dangling);
    assert_eq!(run.code, 2, "{run}");
    let left: Vec<_> = std::fs::read_dir(sandbox.path(".")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_change_of_a_store_that_is_not_there_makes_none() {
    in_file();
    let work = with_work();
    let before = work.content();
    let makes = ["add", "import", "restore", "init"];
    for (command, _) in changing_commands().filter(|(command, _)| !makes.contains(command)) {
        let mut arguments = arguments_of(command, &work);
        arguments.extend(["--store", "typo.db"].map(str::to_owned));
        if command == "exec" {
            // What follows the program is the program's.
            arguments.rotate_right(2);
        }
        let mut run = work.command();
        let run = work.finish(run.args(&arguments).env("VALUE", "x"));
        assert_eq!(run.code, 1, "{command}: {run}");
        assert!(
            run.stderr.contains("there is no store at"),
            "{command}: {run}"
        );
        assert!(run.stderr.contains("connctl init"), "{command}: {run}");
        for file in ["typo.db", "typo.db-journal"] {
            assert!(!work.path(file).exists(), "{command}");
        }
    }
    // One that fails leaves no file either.
    for arguments in [
        &["add", "a b", "--system", "s", "--env", "live"][..],
        &[
            "add", "a", "--system", "s", "--env", "live", "--secret", "k=@none",
        ],
        &["import", "none.toml"],
        &["import", "actions.json"],
        &[
            "service",
            "add",
            "s",
            "--source",
            "none",
            "--destination",
            "none",
        ],
    ] {
        let run = work.run(&[arguments, &["--store", "typo.db"]].concat());
        assert_ne!(run.code, 0, "{arguments:?} {run}");
        assert!(!work.path("typo.db").exists(), "{arguments:?} {run}");
    }
    assert_eq!(work.content(), before);
}

#[test]
fn a_server_is_refused_without_being_repeated() {
    in_file();
    let sandbox = Sandbox::new();
    for url in [
        "postgres://u:s3cr3t@h/db",
        "mysql://u:s3cr3t@h",
        "sqlite+x://s3cr3t",
    ] {
        for arguments in [
            ["--store", url, "doctor"].as_slice(),
            &["--store", url, "add", "a", "--system", "s", "--env", "live"],
            &["--store", url, "list", "-o", "json"],
        ] {
            let run = sandbox.run(arguments);
            assert_eq!(run.code, 2, "{run}");
            assert!(!run.to_string().contains("s3cr3t"), "{run}");
        }
        // Where only the user reads it, a password may stand.
        if url.starts_with("postgres") {
            continue;
        }
        let config = format!("store = \"{url}\"\n");
        let config = sandbox.write("config.toml", config);
        let mut command = sandbox.command();
        command
            .env_remove("CONNCTL_STORE")
            .args(["--config"])
            .arg(config)
            .arg("list");
        let run = sandbox.finish(&mut command);
        assert_eq!(run.code, 2, "{run}");
        assert!(!run.to_string().contains("s3cr3t"), "{run}");
    }
    let left: Vec<_> = std::fs::read_dir(sandbox.path("."))
        .unwrap()
        .flatten()
        .collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn a_store_that_another_program_holds_open_in_wal_mode_is_read_and_not_written() {
    in_file();
    let sandbox = Sandbox::with_shop();
    sandbox.write("config.toml", "busy_timeout = \"100ms\"\n");
    let other = rusqlite::Connection::open(sandbox.path("store.db")).unwrap();
    other.pragma_update(None, "journal_mode", "WAL").unwrap();
    let count = "SELECT count(*) FROM connectors";
    let _: i64 = other.query_row(count, [], |row| row.get(0)).unwrap();
    assert_run!(
        sandbox.run(&["--config", "config.toml", "delete", "shop-old", "--yes"]),
        str![[r#"
exit code: 8
stdout:
stderr:
  error: another program put the store into WAL mode and holds it open (waited 100ms), and it is not written in that mode; nothing was changed
  hint: end the program that holds it open, then try again

"#]]
    );
    assert_eq!(sandbox.run(&["export"]).code, 0);
    drop(other);
    let run = sandbox.run(&["delete", "shop-old", "--yes"]);
    assert_eq!(run.code, 0, "{run}");
}
