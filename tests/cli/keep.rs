//! A copy of what is deleted, and the way back.

use std::os::unix::fs::PermissionsExt;

use snapbox::str;

use crate::assert_run;
use crate::support::{Sandbox, in_file};

#[test]
fn what_was_deleted_comes_back_as_it_was() {
    for file in ["gone.toml", "gone.json", "gone.ndjson"] {
        let sandbox = Sandbox::with_example();
        let before = sandbox.export("json");
        let run = sandbox.run(&[
            "delete",
            "tap-github-prod",
            "tap-github-userdev",
            "--yes",
            "--keep",
            file,
        ]);
        assert_eq!(run.code, 0, "{run}");
        let mode = std::fs::metadata(sandbox.path(file)).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
        let run = sandbox.run(&["import", file]);
        assert_eq!(run.code, 0, "{run}");
        assert_eq!(sandbox.export("json"), before, "{file}");
        let run = sandbox.run(&[
            "audit",
            "list",
            "--action",
            "connector.delete",
            "-o",
            "json",
        ]);
        assert!(
            run.stdout.contains(&format!("\"copy\":\"{file}\"")),
            "{run}"
        );
    }
}

#[test]
fn a_service_comes_back_with_its_references() {
    let sandbox = Sandbox::with_example();
    let before = sandbox.export("json");
    let run = sandbox.run(&[
        "service",
        "delete",
        "slack-el-userdev",
        "--yes",
        "--keep",
        "s.toml",
    ]);
    assert_eq!(run.code, 0, "{run}");
    let run = sandbox.run(&["import", "s.toml"]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.export("json"), before);
}

#[test]
fn a_secret_comes_back_still_encrypted() {
    let sandbox = Sandbox::with_secret("s3cret");
    let before = sandbox.export("json");
    let run = sandbox.run(&[
        "prune", "testing", "--system", "stripe", "--yes", "--keep", "k.json",
    ]);
    assert_eq!(run.code, 0, "{run}");
    let copy = std::fs::read_to_string(sandbox.path("k.json")).unwrap();
    assert!(
        !copy.contains("s3cret") && copy.contains("BEGIN AGE"),
        "{copy}"
    );
    let run = sandbox.run(&["import", "k.json"]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.export("json"), before);
}

#[test]
fn a_refusal_leaves_no_file() {
    let sandbox = Sandbox::with_example();
    for arguments in [
        [
            "delete",
            "target-snowflake-prod",
            "--yes",
            "--keep",
            "k.toml",
        ],
        ["delete", "no-such-id", "--yes", "--keep", "k.toml"],
        [
            "delete",
            "tap-github-prod",
            "--no-input",
            "--keep",
            "k.toml",
        ],
        ["delete", "tap-github-prod", "--dry-run", "--keep", "k.toml"],
    ] {
        let run = sandbox.refused(&arguments);
        assert!(!sandbox.path("k.toml").exists(), "{run}");
    }
    let left = std::fs::read_dir(sandbox.path(".")).unwrap().flatten();
    let parts = left.filter(|entry| entry.path().extension().is_some_and(|end| end == "part"));
    assert_eq!(parts.count(), 0);
}

#[test]
fn a_copy_replaces_nothing() {
    in_file();
    let sandbox = Sandbox::with_example();
    sandbox.write("k.toml", "mine");
    assert_run!(
        sandbox.refused(&["delete", "tap-github-prod", "--yes", "--keep", "k.toml"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: k.toml exists already; nothing was deleted
  hint: name a new file with --keep

"#]]
    );
    assert_eq!(
        std::fs::read_to_string(sandbox.path("k.toml")).unwrap(),
        "mine"
    );
    for file in ["no/k.toml", "store.db-journal", "-"] {
        let run = sandbox.refused(&["delete", "tap-github-prod", "--yes", "--keep", file]);
        let first = run.stderr.lines().next().unwrap_or_default();
        assert!(first.ends_with("; nothing was deleted"), "{run}");
        assert!(!sandbox.path(file).exists(), "{run}");
    }
}

#[test]
fn what_a_format_cannot_express_is_not_deleted() {
    let sandbox = Sandbox::with_example();
    let run = sandbox.run(&["edit", "tap-github-prod", "--set", "x=null"]);
    assert_eq!(run.code, 0, "{run}");
    let run = sandbox.refused(&["delete", "tap-github-prod", "--yes", "--keep", "k.toml"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("express; nothing was deleted"), "{run}");
    assert!(!sandbox.path("k.toml").exists());
    let run = sandbox.run(&["delete", "tap-github-prod", "--yes", "--keep", "k.json"]);
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn the_question_names_the_copy_and_no_leaves_none() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal("connctl delete tap-github-userdev --keep k.toml");
    terminal
        .wait_for("A copy goes to k.toml")
        .wait_for("[y/N] ");
    assert_eq!(terminal.press("n\r").end().code, 3);
    assert!(!sandbox.path("k.toml").exists());
    let mut terminal = sandbox.terminal("connctl delete tap-github-userdev --keep k.toml");
    terminal.wait_for("[y/N] ");
    assert_eq!(terminal.press("y\r").end().code, 0);
    assert!(sandbox.path("k.toml").exists());
}
