//! Files that connctl writes: whole or not at all, for their owner only, and never in the place of
//! one that cannot be made again.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use snapbox::str;

use crate::assert_run;
use crate::support::credentials::IDENTITY;
use crate::support::users::DAEMON;
use crate::support::{CONNCTL, Run, Sandbox, in_file};

/// The part files in a folder.
fn parts(sandbox: &Sandbox, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(sandbox.path(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let is_part = |name: &String| name.split('.').next_back() == Some("part");
    names.filter(is_part).collect()
}

/// The binary, with something done to its calls of the operating system.
fn with_fault(sandbox: &Sandbox, fault: &str, arguments: &[&str]) -> Run {
    let mut command = Command::new("strace");
    sandbox.seal(&mut command);
    command.args(["-f", "-qq", "-o", "/dev/null", "-e"]);
    sandbox.finish(
        command
            .arg(format!("inject={fault}"))
            .arg(CONNCTL)
            .args(arguments),
    )
}

#[test]
fn an_export_leaves_what_is_there_unless_it_is_forced() {
    let sandbox = Sandbox::with_shop();
    sandbox.write("old.json", "precious");
    assert_run!(
        sandbox.run(&["export", "old.json"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: old.json exists already; nothing was written
  hint: name a new file, or replace it with --force

"#]]
    );
    assert_eq!(fs::read(sandbox.path("old.json")).unwrap(), b"precious");
    sandbox.set_mode("old.json", 0o666);
    assert_run!(
        sandbox.run(&["export", "old.json", "--force"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Exported to old.json.

"#]]
    );
    let mode = fs::metadata(sandbox.path("old.json"))
        .unwrap()
        .permissions();
    assert_eq!(mode.mode() & 0o7777, 0o600);
    assert!(
        fs::read_to_string(sandbox.path("old.json"))
            .unwrap()
            .contains("shop-eu")
    );
    // A link that points to nothing is there, too.
    symlink("nothing", sandbox.path("dangling")).unwrap();
    assert_eq!(sandbox.run(&["export", "dangling"]).code, 2);
    // What is no file loses nothing.
    assert_eq!(sandbox.run(&["export", "/dev/null"]).code, 0);
    let run = sandbox.shell("connctl export --format ndjson /dev/stdout | wc -l");
    assert_eq!(run.stdout.trim(), "8");
}

#[test]
fn what_cannot_be_made_again_is_never_written_over() {
    in_file();
    let sandbox = Sandbox::with_secret("x");
    assert_eq!(sandbox.run(&["backup", "backup.db"]).code, 0);
    assert_eq!(sandbox.run(&["--store", "other.db", "init"]).code, 0);
    sandbox.write(".config/connctl/config.toml", "output = 'table'\n");
    sandbox.write("named.toml", "output = 'table'\n");
    sandbox.write("key", "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n");
    sandbox.write("closed", "age-encryption.org/v1\n-> scrypt x 18\n");
    fs::hard_link(sandbox.path(IDENTITY), sandbox.path("second-name")).unwrap();
    symlink("store.db", sandbox.path("link-to-store")).unwrap();
    symlink(IDENTITY, sandbox.path("link-to-identity")).unwrap();
    let refused = [
        ("store.db", "the store itself"),
        ("./store.db", "the store itself"),
        ("link-to-store", "the store itself"),
        ("store.db-journal", "the journal of a store"),
        ("store.db-wal", "the journal of a store"),
        ("other.db", "a store"),
        ("other.db-journal", "the journal of a store"),
        ("backup.db", "a store"),
        (IDENTITY, "a private key"),
        ("second-name", "a private key"),
        ("link-to-identity", "a private key"),
        ("key", "a private key"),
        ("closed", "a private key"),
        (".config/connctl/config.toml", "the configuration"),
    ];
    let before = sandbox.store_bytes();
    for (path, what) in refused {
        let content = fs::read(sandbox.path(path)).ok();
        assert_eq!(sandbox.run(&["backup", path]).code, 2, "{path}");
        for command in [&["export", path][..], &["export", path, "--force"]] {
            let run = sandbox.run(command);
            let expected =
                format!("error: {path} is {what}; nothing was written\nhint: name another file\n");
            assert_eq!((run.code, run.stderr), (2, expected), "{command:?}");
            assert_eq!(fs::read(sandbox.path(path)).ok(), content, "{command:?}");
        }
    }
    let run = sandbox.run(&["--config", "named.toml", "export", "named.toml", "--force"]);
    assert!(run.stderr.contains("is the configuration"), "{run}");
    // Nor where they are not yet.
    fs::remove_file(sandbox.path(IDENTITY)).unwrap();
    let run = sandbox.run(&["export", IDENTITY]);
    assert!(run.stderr.contains("is the identity"), "{run}");
    let mut command = sandbox.command();
    command.env("CONNCTL_IDENTITY", "store.db-journal");
    let run = sandbox.finish(command.args(["key", "init"]));
    assert_ne!(run.code, 0, "{run}");
    assert!(!sandbox.path("store.db-journal").exists());
    assert!(sandbox.store_bytes() == before);
}

#[test]
fn a_link_in_a_folder_of_others_is_not_followed() {
    let sandbox = Sandbox::with_shop();
    fs::create_dir(sandbox.path("shared")).unwrap();
    sandbox.set_mode("shared", 0o1777);
    sandbox.write("target.toml", "precious");
    symlink(sandbox.path("target.toml"), sandbox.path("shared/out.toml")).unwrap();
    symlink(
        sandbox.path("gone.toml"),
        sandbox.path("shared/dangling.toml"),
    )
    .unwrap();
    symlink(sandbox.path("."), sandbox.path("shared/folder")).unwrap();
    for path in [
        "shared/out.toml",
        "shared/dangling.toml",
        "shared/folder/new.toml",
    ] {
        for command in [&["export", path, "--force"][..], &["backup", path]] {
            let run = sandbox.run(command);
            assert_ne!(run.code, 0, "{run}");
        }
    }
    assert_run!(
        sandbox.run(&["export", "shared/out.toml", "--force"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot write shared/out.toml: [HOME]/shared/out.toml is a link in a folder that others may write

"#]]
    );
    assert_eq!(fs::read(sandbox.path("target.toml")).unwrap(), b"precious");
    assert!(!sandbox.path("new.toml").exists() && !sandbox.path("gone.toml").exists());
    assert_eq!(sandbox.run(&["export", "shared/new.toml"]).code, 0);
    // At home a link is followed, and stays.
    symlink("target.toml", sandbox.path("link.toml")).unwrap();
    assert_eq!(sandbox.run(&["export", "link.toml", "--force"]).code, 0);
    assert!(sandbox.path("link.toml").is_symlink());
    assert!(
        fs::read_to_string(sandbox.path("target.toml"))
            .unwrap()
            .contains("shop-eu")
    );
}

#[test]
fn a_name_that_is_no_text_will_do() {
    in_file();
    let sandbox = Sandbox::with_shop();
    for (verb, name) in [("backup", &b"b\xe9.db"[..]), ("export", b"e\xe9.json")] {
        let name = OsStr::from_bytes(name);
        let run = sandbox.finish(sandbox.command().arg(verb).arg(name));
        assert_eq!(run.code, 0, "{run}");
        assert!(fs::metadata(sandbox.path("").join(name)).unwrap().len() > 0);
    }
    let copy = OsStr::from_bytes(b"b\xe9.db");
    let list = sandbox.finish(
        sandbox
            .command()
            .arg("--store")
            .arg(copy)
            .args(["list", "all"]),
    );
    assert_eq!(list.stdout, sandbox.run(&["list", "all"]).stdout);
    let key = "age1963tqpuuv50dd6fzuly7xrrccjlfgztnmu6laez60engyqdjt5rsrsxdgg";
    let keys = OsStr::from_bytes(b"k\xe9.txt");
    fs::write(sandbox.path("").join(keys), key).unwrap();
    // The last one is understood, and stays.
    for (verb, code) in [("add", 0), ("remove", 2)] {
        let run = sandbox.finish(sandbox.command().args(["key", verb]).arg(keys));
        assert_eq!(run.code, code, "{run}");
    }
}

#[test]
fn what_a_killed_process_left_goes_with_the_next_and_is_named_by_doctor() {
    in_file();
    let sandbox = Sandbox::with_shop();
    for name in [
        "store.db.17.part",
        "out.json.17.part",
        ".config/connctl/identity.txt.4.part",
    ] {
        fs::create_dir_all(sandbox.path(name).parent().unwrap()).unwrap();
        sandbox.write(name, "half of it");
        sandbox.set_mode(name, 0o600);
    }
    let run = sandbox.run(&["doctor", "-o", "tsv"]);
    assert_eq!(run.code, 0, "{run}");
    for part in [
        "store.db.17.part",
        "out.json.17.part",
        "identity.txt.4.part",
    ] {
        let named = run.stdout.lines().any(|line| {
            line.starts_with("leftover\twarning\t") && line.contains(part) && line.contains("\trm ")
        });
        assert!(named, "{run}");
    }
    assert_eq!(sandbox.run(&["export", "out.json"]).code, 0);
    assert_eq!(parts(&sandbox, "."), ["store.db.17.part"]);
    assert_eq!(sandbox.run(&["key", "init"]).code, 0);
    assert_eq!(parts(&sandbox, ".config/connctl"), [""; 0]);
}

#[test]
#[ignore = "needs strace"]
fn a_kill_leaves_at_most_a_part_that_the_next_removes() {
    let sandbox = Sandbox::with_shop();
    for (arguments, file, folder) in [
        (&["export", "out.json"][..], "out.json", "."),
        (&["backup", "copy.db"], "copy.db", "."),
        (&["key", "init"], IDENTITY, ".config/connctl"),
    ] {
        with_fault(&sandbox, "renameat2:signal=SIGKILL", arguments);
        assert!(!sandbox.path(file).exists());
        assert_eq!(parts(&sandbox, folder).len(), 1);
        assert!(sandbox.run(&["doctor"]).stdout.contains("leftover"));
        assert_eq!(sandbox.run(arguments).code, 0);
        assert_eq!(parts(&sandbox, folder), [""; 0]);
    }
}

#[test]
#[ignore = "needs strace"]
fn a_file_system_that_knows_neither_links_nor_exclusive_renames_will_do() {
    for error in ["EINVAL", "EPERM", "ENOSYS"] {
        let sandbox = Sandbox::with_shop();
        let fault = format!("link,linkat,renameat2:error={error}");
        for arguments in [
            &["export", "out.json"][..],
            &["backup", "copy.db"],
            &["key", "init"],
        ] {
            let run = with_fault(&sandbox, &fault, arguments);
            assert_eq!(run.code, 0, "{run}");
        }
        assert_eq!(parts(&sandbox, "."), [""; 0]);
        // Nor is anything replaced then.
        let before = fs::read(sandbox.path("copy.db")).unwrap();
        assert_eq!(with_fault(&sandbox, &fault, &["backup", "copy.db"]).code, 2);
        assert_eq!(fs::read(sandbox.path("copy.db")).unwrap(), before);
    }
}

#[test]
#[ignore = "needs setpriv"]
fn a_folder_that_may_be_written_but_not_read_will_do() {
    let sandbox = Sandbox::with_shop().open_folder();
    sandbox.set_mode("store.db", 0o644);
    fs::create_dir(sandbox.path("box")).unwrap();
    sandbox.give_to("box", DAEMON);
    sandbox.set_mode("box", 0o300);
    assert_eq!(sandbox.run_as(DAEMON, &["export", "box/out.json"]).code, 0);
    assert!(sandbox.path("box/out.json").exists());
}
