//! `connctl restore`

use std::fs;

use snapbox::str;

use crate::assert_run;
use crate::support::terminal::ENTER;
use crate::support::users::{BIN, DAEMON};
use crate::support::{Sandbox, in_file};

/// The shop with a copy of it, from which `shop-old` has gone since.
fn with_copy() -> Sandbox {
    let sandbox = Sandbox::with_shop();
    assert_eq!(sandbox.run(&["backup", "copy.db"]).code, 0);
    assert_eq!(sandbox.run(&["delete", "shop-old", "--yes"]).code, 0);
    sandbox
}

#[test]
fn a_copy_takes_the_place_of_the_store_and_stays_as_it_is() {
    in_file();
    let sandbox = with_copy();
    let copy = fs::read(sandbox.path("copy.db")).unwrap();
    let before = sandbox.store_bytes();
    assert_run!(
        sandbox.run(&["restore", "copy.db", "-n"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  copy.db is sound and would be restored.

"#]]
    );
    assert!(sandbox.store_bytes() == before);
    assert_eq!(sandbox.untouched(&["restore", "copy.db"]).code, 2);
    assert_run!(
        sandbox.run(&["restore", "copy.db", "--yes", "--reason", "a mistake"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  warning: what was deleted since the copy was made is back; see connctl list all
  Restored the store from copy.db.

"#]]
    );
    assert_eq!(sandbox.run(&["show", "shop-old"]).code, 0);
    let entry = sandbox.last_entry();
    assert_eq!(entry["action"], "store.restore");
    assert_eq!(entry["reason"], "a mistake");
    assert_eq!(entry["detail"]["replaced_head"]["sequence"], 2);
    assert_eq!(sandbox.run(&["audit", "verify"]).code, 0);
    assert!(fs::read(sandbox.path("copy.db")).unwrap() == copy);
    assert_eq!(sandbox.run(&["doctor"]).code, 0);
    let names = fs::read_dir(sandbox.path(".")).unwrap();
    assert_eq!(names.count(), 2, "only the store and its copy");
}

#[test]
fn it_asks_and_a_no_changes_nothing() {
    in_file();
    let sandbox = with_copy();
    let mut terminal = sandbox.terminal("connctl restore copy.db");
    terminal
        .wait_for("Type restore to replace it:")
        .press("no")
        .press(ENTER);
    assert_eq!(terminal.end().code, 3);
    assert_eq!(sandbox.run(&["show", "shop-old"]).code, 4);
    assert_eq!(sandbox.last("outcome"), "\"declined\"");
    let mut terminal = sandbox.terminal("connctl restore copy.db");
    terminal
        .wait_for("Type restore to replace it:")
        .press("restore")
        .press(ENTER);
    assert_eq!(terminal.end().code, 0);
    assert_eq!(sandbox.run(&["show", "shop-old"]).code, 0);
}

#[test]
#[ignore = "needs setpriv"]
fn only_an_admin_of_the_present_store_restores() {
    let sandbox = with_copy().open_to_all();
    sandbox.grant("bin", "admin");
    sandbox.set_mode("copy.db", 0o644);
    let content = sandbox.content();
    let run = sandbox.run_as(DAEMON, &["restore", "copy.db", "--yes"]);
    assert_eq!(run.code, 6, "{run}");
    assert_eq!(sandbox.content(), content);
    assert_eq!(sandbox.last("action"), "\"store.restore\"");
    assert_eq!(sandbox.last("outcome"), "\"not_permitted\"");
    let run = sandbox.run_as(BIN, &["restore", "copy.db", "--yes"]);
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn what_is_no_sound_store_is_not_restored() {
    in_file();
    let sandbox = with_copy();
    sandbox.write("text", "hello");
    let mut bytes = fs::read(sandbox.path("copy.db")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0x55);
    sandbox.write("broken.db", bytes);
    for file in ["text", "broken.db", "gone.db", "."] {
        let run = sandbox.untouched(&["restore", file, "--yes"]);
        assert_eq!(run.code, 1, "{run}");
    }
    let parts = fs::read_dir(sandbox.path(".")).unwrap();
    let parts = parts.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().contains(".part")
    });
    assert_eq!(parts.count(), 0);
}

#[test]
fn a_store_that_is_gone_or_cannot_be_read_gives_way() {
    in_file();
    let sandbox = with_copy();
    let mut bytes = sandbox.store_bytes();
    bytes[..100].fill(7);
    sandbox.write("store.db", &bytes);
    sandbox.write("store.db-journal", "its journal");
    let run = sandbox.run(&["restore", "copy.db", "--yes"]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.run(&["show", "shop-old"]).code, 0);
    let mut moved: Vec<_> = fs::read_dir(sandbox.path("."))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.display().to_string().contains("store.db.replaced-"))
        .collect();
    moved.sort();
    assert_eq!(moved.len(), 2);
    assert!(fs::read(&moved[0]).unwrap() == bytes);
    assert_eq!(fs::read(&moved[1]).unwrap(), b"its journal");
    assert!(moved[1].display().to_string().ends_with("Z-journal"));
    fs::remove_file(sandbox.path("store.db")).unwrap();
    let run = sandbox.run(&["restore", "copy.db"]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.run(&["show", "shop-old"]).code, 0);
    assert_eq!(sandbox.last("detail"), "{\"replaced_head\":null}");
}

#[test]
fn a_file_with_a_journal_beside_it_is_no_copy() {
    in_file();
    let sandbox = with_copy();
    for end in ["-journal", "-wal"] {
        let journal = sandbox.write(&format!("copy.db{end}"), "hot");
        let run = sandbox.untouched(&["restore", "copy.db", "--yes"]);
        assert_eq!(run.code, 1, "{run}");
        let words = "lies beside the file, which may be in use or have a change that was cut off";
        assert!(run.stderr.contains(words), "{run}");
        fs::write(&journal, "").unwrap();
        assert_eq!(sandbox.run(&["restore", "copy.db", "-n"]).code, 0);
        fs::remove_file(&journal).unwrap();
    }
}

#[test]
fn what_cannot_be_restored_is_named_with_a_line_to_paste() {
    in_file();
    let sandbox = Sandbox::with_shop();
    sandbox.write("no store", "");
    let run = sandbox.run(&["restore", "no store", "--yes"]);
    assert_eq!(run.code, 1, "{run}");
    let hint = "hint: look at it: connctl doctor --store 'no store'";
    assert!(run.stderr.contains(hint), "{run}");
}

#[test]
fn what_the_doctor_finds_wrong_with_a_copy_is_not_restored() {
    in_file();
    for (statement, problem) in [
        (
            "CREATE TRIGGER spy AFTER INSERT ON secrets BEGIN SELECT 1; END",
            "the trigger spy is not connctl's",
        ),
        (
            "DELETE FROM service_connectors WHERE service_id = 'copy'",
            "without any connector: copy",
        ),
        (
            "INSERT INTO audit_mentions (id, sequence) VALUES ('erp', 99)",
            "mentioned in audit entries that are gone: erp",
        ),
    ] {
        let sandbox = with_copy();
        let copy = rusqlite::Connection::open(sandbox.path("copy.db")).unwrap();
        copy.execute_batch(statement).unwrap();
        drop(copy);
        let run = sandbox.untouched(&["restore", "copy.db", "--yes"]);
        assert_eq!(run.code, 1, "{run}");
        assert!(run.stderr.contains(problem), "{run}");
    }
}

#[test]
fn a_dry_run_upgrades_nothing_and_the_store_is_no_copy_of_itself() {
    in_file();
    let sandbox = with_copy();
    assert_run!(
        sandbox.untouched(&["restore", "./store.db", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: ./store.db is the store itself; nothing was restored
  hint: name the copy that "connctl backup" wrote

"#]]
    );
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    for version in 1..4 {
        let older = fs::read(format!("{data}/store-v{version}.db")).unwrap();
        sandbox.write("store.db", &older);
        let run = sandbox.run(&["restore", "copy.db", "-n"]);
        assert_eq!(run.code, 1, "{run}");
        assert!(run.stderr.contains("which a dry run does not do"), "{run}");
        assert!(sandbox.store_bytes() == older);
    }
}

#[test]
fn no_store_is_made_in_a_folder_that_everybody_may_write() {
    in_file();
    let sandbox = with_copy();
    fs::create_dir(sandbox.path("shared")).unwrap();
    sandbox.set_mode("shared", 0o1777);
    let restore = ["--store", "shared/store.db", "restore", "copy.db", "--yes"];
    let run = sandbox.run(&restore);
    assert_eq!(run.code, 1, "{run}");
    assert!(
        run.stderr
            .starts_with("error: everybody can write the folder"),
        "{run}"
    );
    assert_eq!(fs::read_dir(sandbox.path("shared")).unwrap().count(), 0);
    sandbox.configure("allow_shared_folder = true\n");
    assert_eq!(sandbox.run(&restore).code, 0);
}
