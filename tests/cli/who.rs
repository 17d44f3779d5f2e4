//! Who somebody is, and what others could do to a store through its folder.

use std::fs;
use std::process::Command;

use snapbox::str;

use crate::assert_run;
use crate::support::users::{BIN, DAEMON, NOBODY, UNKNOWN};
use crate::support::{Run, Sandbox, in_file};

/// Runs the binary as another user in a user namespace.
fn run_in_namespace(sandbox: &Sandbox, uid: u32, map: &str, arguments: &[&str]) -> Run {
    let inner = sandbox.command_of(uid);
    let mut words: Vec<_> = inner.get_args().map(ToOwned::to_owned).collect();
    // Behind the options of setpriv comes the binary.
    let binary = words.pop().unwrap();
    words.extend(["unshare".into(), map.into(), binary]);
    let mut command = Command::new(inner.get_program());
    sandbox.seal(&mut command);
    command.env("HOME", sandbox.path(&format!("home-{uid}")));
    sandbox.finish(command.args(words).args(arguments))
}

#[test]
#[ignore = "needs setpriv"]
fn in_a_namespace_nobody_is_root_or_somebody_else() {
    let sandbox = Sandbox::with_shop().open_to_all();
    sandbox.grant("bin", "admin");
    let content = sandbox.content();
    assert_run!(
        run_in_namespace(
            &sandbox,
            DAEMON,
            "-r",
            &["access", "grant", "daemon", "admin"]
        ),
        str![[r#"
exit code: 6
stdout:
stderr:
  error: uid:1 is a viewer and may not govern the store; nothing was changed
  hint: in a user namespace only the owner of the store's file may; run it outside

"#]]
    );
    assert_eq!(sandbox.last("user"), "\"uid:1\"");
    assert_eq!(sandbox.last("detail"), "{\"userns\":true}");
    // An admin by name, by number, and whoever the owner of the file looks like in there.
    for uid in [BIN, 0, NOBODY] {
        let map = format!("--map-user={uid}");
        let run = run_in_namespace(&sandbox, DAEMON, &map, &["delete", "shop-old", "--yes"]);
        assert_eq!(run.code, 6, "{run}");
        let run = run_in_namespace(&sandbox, DAEMON, &map, &["secret", "get", "erp", "x"]);
        assert_eq!(run.code, 6, "{run}");
    }
    // Nor is an admin one there, unless the file is theirs.
    let run = run_in_namespace(&sandbox, BIN, "-r", &["delete", "shop-old", "--yes"]);
    assert_eq!(run.code, 6, "{run}");
    assert_eq!(sandbox.content(), content);
    assert_eq!(
        sandbox.run_as(BIN, &["delete", "shop-old", "--yes"]).code,
        0
    );
}

#[test]
#[ignore = "needs setpriv"]
fn in_a_namespace_the_owner_of_the_file_is_an_admin() {
    let sandbox = Sandbox::new().open_folder();
    let run = run_in_namespace(&sandbox, DAEMON, "-r", &["init"]);
    assert_eq!(run.code, 0, "{run}");
    let add = ["add", "a", "--system", "http", "--env", "testing"];
    for map in ["-r", "--map-user=2"] {
        let run = run_in_namespace(&sandbox, DAEMON, map, &add);
        assert_eq!(run.code, 0, "{run}");
        assert_eq!(sandbox.last("user"), "\"uid:1\"");
        assert!(sandbox.last("detail").contains("\"userns\":true"));
        let run = run_in_namespace(&sandbox, DAEMON, map, &["delete", "a", "--yes"]);
        assert_eq!(run.code, 0, "{run}");
    }
    // Outside they are the same.
    let run = sandbox.run_as(DAEMON, &add);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.last("user"), "\"daemon\"");
    assert!(!sandbox.last("detail").contains("userns"));
}

#[test]
#[ignore = "needs setpriv"]
fn an_owner_without_a_name_who_gets_one_stays_an_admin() {
    let sandbox = Sandbox::new().open_folder();
    let add = ["add", "a", "--system", "http", "--env", "testing"];
    assert_eq!(sandbox.run_as(UNKNOWN, &add).code, 0);
    assert_eq!(sandbox.last("user"), format!("\"uid:{UNKNOWN}\""));
    let users = fs::read_to_string("/etc/passwd").unwrap();
    sandbox.write(
        "passwd",
        format!("{users}kim:x:{UNKNOWN}:{UNKNOWN}::/:/bin/sh\n"),
    );
    let named = |program: &str, arguments: &[&str]| {
        let mut command = Command::new("unshare");
        sandbox.seal(&mut command);
        let line = format!("mount --bind passwd /etc/passwd && exec {program} \"$@\"");
        sandbox.finish(
            command
                .args(["-m", "sh", "-c", &line, "sh"])
                .args(arguments),
        )
    };
    let kim = format!(
        "setpriv --reuid={UNKNOWN} --regid={UNKNOWN} --groups={} {}",
        crate::support::users::TEAM,
        sandbox.path("bin-connctl").display()
    );
    let run = named(&kim, &["delete", "a", "--yes"]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.last("user"), "\"kim\"");
    // A role that is given to the name takes the place of the one of the number.
    sandbox.grant("daemon", "admin");
    let root = sandbox.path("bin-connctl").display().to_string();
    let run = named(&root, &["access", "grant", "kim", "viewer"]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(named(&kim, &add).code, 6);
}

#[test]
#[ignore = "needs setpriv"]
fn a_journal_of_somebody_else_is_not_played_back() {
    let sandbox = Sandbox::with_shop();
    sandbox.give_to(".", DAEMON);
    sandbox.give_to("store.db", DAEMON);
    for end in ["journal", "wal", "shm"] {
        let journal = format!("store.db-{end}");
        sandbox.write(&journal, "x");
        sandbox.give_to(&journal, BIN);
        let before = sandbox.store_bytes();
        for arguments in [&["list"][..], &["delete", "shop-old", "--yes"], &["doctor"]] {
            let run = sandbox.run_as(DAEMON, arguments);
            assert_eq!(run.code, 1, "{run}");
            assert!(run.stderr.contains(&format!(
                "{journal} belongs to somebody who does not own the store; the store was not opened"
            )), "{run}");
        }
        assert!(sandbox.store_bytes() == before);
        assert!(sandbox.path(&journal).exists());
        fs::remove_file(sandbox.path(&journal)).unwrap();
    }
    // One that is reached by a second name may be anybody's.
    sandbox.write("old", "x");
    sandbox.give_to("old", DAEMON);
    fs::hard_link(sandbox.path("old"), sandbox.path("store.db-journal")).unwrap();
    assert_eq!(sandbox.run_as(DAEMON, &["list"]).code, 1);
    fs::remove_file(sandbox.path("old")).unwrap();
    assert_eq!(sandbox.run_as(DAEMON, &["list"]).code, 0);
}

#[test]
fn a_folder_that_everybody_may_write_is_read_and_not_changed() {
    in_file();
    for mode in [0o777, 0o1777] {
        let sandbox = Sandbox::with_shop();
        sandbox.set_mode(".", mode);
        assert_eq!(sandbox.run(&["list"]).code, 0);
        assert_eq!(sandbox.run(&["delete", "shop-old", "-n"]).code, 0);
        assert_run!(
            sandbox.untouched(&["delete", "shop-old", "--yes"]),
            str![[r#"
exit code: 1
stdout:
stderr:
  error: everybody can write the folder [HOME]; nothing was changed
  hint: chmod o-w it, or say allow_shared_folder = true in the configuration

"#]]
        );
        assert_eq!(sandbox.untouched(&["compact"]).code, 1);
        let run = sandbox.run(&["--store", "new.db", "init"]);
        assert_eq!(run.code, 1, "{run}");
        assert!(!sandbox.path("new.db").exists());
        let doctor = sandbox.run(&["doctor"]).stdout;
        assert!(doctor.contains("everybody can write it"), "{doctor}");
        sandbox.write("config.toml", "allow_shared_folder = true\n");
        let run = sandbox.run(&["--config", "config.toml", "delete", "shop-old", "--yes"]);
        assert_eq!(run.code, 0, "{run}");
    }
}

#[test]
fn doctor_names_what_reaches_past_the_mode_of_the_file() {
    in_file();
    let sandbox = Sandbox::with_shop();
    let warnings = || {
        let run = sandbox.run(&["doctor", "-o", "tsv"]);
        assert_eq!(run.code, 0, "{run}");
        let lines = run
            .stdout
            .lines()
            .filter(|line| line.contains("\twarning\t"));
        lines
            .map(|line| line.split('\t').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(warnings(), [""; 0]);
    sandbox.set_mode(".", 0o770);
    assert_eq!(warnings(), ["store folder"]);
    sandbox.set_mode("store.db", 0o660);
    assert_eq!(warnings(), [""; 0]);
    sandbox.set_mode(".", 0o700);
    fs::hard_link(sandbox.path("store.db"), sandbox.path("second.db")).unwrap();
    assert_eq!(warnings(), ["store file"]);
}

#[test]
fn what_sudo_says_is_kept_up_to_256_characters() {
    let sandbox = Sandbox::with_shop();
    for (said, kept) in [
        ("kim".to_owned(), "kim".to_owned()),
        ("k".repeat(98_000), "k".repeat(256)),
    ] {
        let mut command = sandbox.command();
        command.env("SUDO_USER", said);
        let note = kept.len().to_string();
        let run = sandbox.finish(command.args(["edit", "erp", "--note", &note]));
        assert_eq!(run.code, 0, "{run}");
        assert_eq!(sandbox.last_entry()["sudo_user"], kept);
    }
}
