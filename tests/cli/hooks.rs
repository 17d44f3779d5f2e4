//! Programs that are told of changes.

use std::time::Instant;

use snapbox::str;

use crate::support::{Run, Sandbox, in_file};
use crate::{assert_run, assert_text};

/// The shop, with this script of the shell as the hook.
fn with_hook(script: &str) -> Sandbox {
    let sandbox = Sandbox::with_shop();
    set_hook(&sandbox, &["sh", "-c", script]);
    sandbox
}

fn set_hook(sandbox: &Sandbox, command: &[&str]) {
    std::fs::create_dir_all(sandbox.path(".config/connctl")).unwrap();
    let command = serde_json::json!(command);
    sandbox.write(
        ".config/connctl/config.toml",
        format!("[hooks]\non_change = {command}\n"),
    );
}

fn delete(sandbox: &Sandbox) -> Run {
    sandbox.run(&["delete", "shop-old", "shop-test", "--yes", "-o", "ids"])
}

fn read(sandbox: &Sandbox, file: &str) -> String {
    sandbox.redact(&std::fs::read_to_string(sandbox.path(file)).unwrap_or_default())
}

#[test]
fn a_hook_gets_the_entries_after_the_commit() {
    let sandbox = with_hook("cat >> told; connctl list all -o ids > seen");
    let run = sandbox.shell("connctl delete shop-old shop-test --yes -o ids");
    assert_run!(
        run,
        str![[r#"
exit code: 0
stdout:
  shop-old
  shop-test
stderr:
  2 connectors were deleted.

"#]]
    );
    let told = read(&sandbox, "told");
    let trail = sandbox.trail();
    let last: Vec<_> = trail.lines().skip(1).collect();
    assert_eq!(told.lines().collect::<Vec<_>>(), last);
    assert_text!(
        told,
        str![[r#"
{"sequence":2,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"delete","action":"connector.delete","subject":"shop-old","outcome":"done","reason":null,"detail":{"created_at":"[TIME]","environment":"live","expires_at":"[TIME]","group":null,"id":"shop-old","last_used_at":null,"name":"shop-old","origin":null,"protected":false,"retired_at":null,"retired_until":null,"revision":"[REVISION]","secrets":[],"settings":[],"system":"shopify","updated_at":"[TIME]"},"hash":"[HASH]"}
{"sequence":3,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"delete","action":"connector.delete","subject":"shop-test","outcome":"done","reason":null,"detail":{"created_at":"[TIME]","environment":"testing","expires_at":null,"group":null,"id":"shop-test","last_used_at":null,"name":"Shop, \"for tests\"","origin":null,"protected":false,"retired_at":null,"retired_until":null,"revision":"[REVISION]","secrets":[],"settings":["paths","retries"],"system":"shopify","updated_at":"[TIME]"},"hash":"[HASH]"}

"#]]
    );
    assert_text!(
        read(&sandbox, "seen"),
        str![[r#"
erp
files
shop-eu

"#]]
    );
}

#[test]
fn what_changed_nothing_is_not_told() {
    let sandbox = with_hook("cat >> told");
    for arguments in [
        &["delete", "erp", "--yes"][..],
        &["delete", "shop-old", "erp", "--yes"],
        &["delete", "shop-old", "--dry-run"],
        &["delete", "no-such", "--yes"],
        &["edit", "erp", "--name", "Main ERP"],
        &["import", "no-such.toml"],
        &["list"],
    ] {
        sandbox.run(arguments);
    }
    let import = "[[connectors]]\nid = 'new'\nsystem = 'http'\nenvironment = 'live'\n\
                  [[connectors]]\nid = 'erp'\nsystem = 'http'\nenvironment = 'live'\n";
    assert_eq!(sandbox.run_with_input(&["import", "-"], import).code, 2);
    assert!(!sandbox.path("told").exists(), "{}", read(&sandbox, "told"));
    let run = sandbox.run(&["delete", "shop-old", "erp", "--yes", "--keep-going"]);
    assert_eq!(run.code, 5, "{run}");
    assert_eq!(read(&sandbox, "told").lines().count(), 1);
}

#[test]
fn no_shell_stands_between() {
    let sandbox = Sandbox::with_shop();
    set_hook(&sandbox, &["touch", "$(touch evil)", "; touch evil"]);
    assert_eq!(delete(&sandbox).code, 0);
    assert!(!sandbox.path("evil").exists());
    assert!(sandbox.path("$(touch evil)").exists());
}

#[test]
fn a_failure_is_a_warning() {
    for (script, number) in [("exit 3", 0), ("kill -SEGV $$", 1)] {
        let sandbox = with_hook(script);
        let run = delete(&sandbox);
        if number == 0 {
            assert_run!(
                run,
                str![[r#"
exit code: 0
stdout:
  shop-old
  shop-test
stderr:
  warning: the hook sh failed: exit status: 3; the change was made
  2 connectors were deleted.

"#]]
            );
        } else {
            assert_run!(
                run,
                str![[r#"
exit code: 0
stdout:
  shop-old
  shop-test
stderr:
  warning: the hook sh failed: signal: 11 (SIGSEGV); the change was made
  2 connectors were deleted.

"#]]
            );
        }
        assert_eq!(sandbox.run(&["show", "shop-old"]).code, 4);
    }
    let sandbox = Sandbox::with_shop();
    set_hook(&sandbox, &["no-such-program"]);
    assert_run!(
        delete(&sandbox),
        str![[r#"
exit code: 0
stdout:
  shop-old
  shop-test
stderr:
  warning: the hook no-such-program failed: No such file or directory (os error 2); the change was made
  2 connectors were deleted.

"#]]
    );
    set_hook(&sandbox, &[]);
    assert_run!(
        sandbox.run(&["edit", "erp", "--note", "x", "-q"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: [HOME]/.config/connctl/config.toml:2: a program is needed here, and its arguments after it

"#]]
    );
}

#[test]
fn a_hook_that_floods_its_output_is_not_heard() {
    let sandbox = with_hook("head -c 50000000 /dev/zero; head -c 50000000 /dev/zero >&2; cat");
    assert_run!(
        delete(&sandbox),
        str![[r#"
exit code: 0
stdout:
  shop-old
  shop-test
stderr:
  2 connectors were deleted.

"#]]
    );
}

/// As many connectors as make more entries than a pipe holds.
fn many() -> String {
    (0..2_000)
        .map(|n| format!("[[connectors]]\nid = 'c{n}'\nsystem = 'http'\nenvironment = 'testing'\n"))
        .collect()
}

#[test]
fn a_hook_that_reads_nothing_holds_nobody_up() {
    in_file();
    let sandbox = Sandbox::with(&many());
    set_hook(&sandbox, &["true"]);
    let started = Instant::now();
    let run = sandbox.run(&[
        "prune", "testing", "--system", "http", "--yes", "-q", "-o", "ids",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stderr);
    // What it left running holds the pipe and never reads.
    let sandbox = Sandbox::with(&many());
    set_hook(
        &sandbox,
        &["sh", "-c", "exec 3<&0; setsid sleep 30 <&3 & exit 0"],
    );
    let run = sandbox.run(&[
        "prune", "testing", "--system", "http", "--yes", "-q", "-o", "ids",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stderr);
    assert!(started.elapsed().as_secs() < 25);
}

#[test]
fn every_entry_of_a_large_change_arrives() {
    let sandbox = Sandbox::with(&many());
    set_hook(&sandbox, &["sh", "-c", "cat > told"]);
    let run = sandbox.run(&[
        "prune", "testing", "--system", "http", "--yes", "-q", "-o", "ids",
    ]);
    assert_eq!(run.code, 0);
    assert_eq!(read(&sandbox, "told").lines().count(), 2_000);
}

#[test]
#[ignore = "takes ten seconds"]
fn a_hook_that_sleeps_is_ended() {
    let sandbox = with_hook("sleep 100 & echo $! > child; sleep 100; touch woke");
    let started = Instant::now();
    assert_run!(
        delete(&sandbox),
        str![[r#"
exit code: 0
stdout:
  shop-old
  shop-test
stderr:
  warning: the hook sh failed: it did not end in 10s; the change was made
  2 connectors were deleted.

"#]]
    );
    assert!((10..20).contains(&started.elapsed().as_secs()));
    assert_eq!(sandbox.run(&["show", "shop-old"]).code, 4);
    // With all that it started.
    let child = read(&sandbox, "child");
    let status = std::fs::read_to_string(format!("/proc/{}/stat", child.trim()));
    assert!(status.is_err() || status.unwrap().contains(") Z "));
}

#[test]
fn with_json_a_failed_hook_is_an_object_and_quiet_does_not_hide_it() {
    let sandbox = with_hook("exit 3");
    let run = sandbox.run(&["delete", "shop-old", "--yes", "-q", "-o", "json"]);
    assert_eq!(run.code, 0, "{run}");
    assert_text!(
        run.stderr,
        str![[r#"
{"warning":{"message":"the hook sh failed: exit status: 3; the change was made","hint":null}}

"#]]
    );
}

#[test]
fn no_hook_is_run_inside_a_hook() {
    let connctl = env!("CARGO_BIN_EXE_connctl");
    let sandbox = with_hook(&format!(
        "cat >> told; {connctl} edit erp --note \"$(wc -l < told)\" || touch failed"
    ));
    assert_eq!(delete(&sandbox).code, 0);
    assert_eq!(read(&sandbox, "told").lines().count(), 2);
    assert!(!sandbox.path("failed").exists());
    let shown = sandbox.run(&["show", "erp", "-o", "json"]).stdout;
    assert!(shown.contains(r#""note":"2""#), "{shown}");
    // The next change from outside is told again.
    assert_eq!(sandbox.run(&["edit", "erp", "--group", "x"]).code, 0);
    assert_eq!(read(&sandbox, "told").lines().count(), 3);
}

#[test]
fn a_hook_sees_neither_the_variable_behind_a_secret_nor_an_open_file() {
    let sandbox = with_hook("env > environment; ls /proc/$$/fd > descriptors");
    assert_eq!(sandbox.run(&["key", "init"]).code, 0);
    let run = sandbox.shell(
        "export VALUE=marker OTHER=kept; exec 7<.config/connctl/config.toml 9>extra; \
         connctl edit shop-old --secret password=env:VALUE",
    );
    assert_eq!(run.code, 0, "{run}");
    let environment = read(&sandbox, "environment");
    assert!(environment.contains("OTHER=kept\n"), "{environment}");
    assert!(environment.contains("CONNCTL_IN_HOOK=1\n"), "{environment}");
    assert!(!environment.contains("marker"), "{environment}");
    let descriptors = read(&sandbox, "descriptors");
    assert!(descriptors.starts_with("0\n1\n"), "{descriptors}");
    assert!(!descriptors.contains(['7', '9']), "{descriptors}");
}

#[test]
fn nothing_outlives_a_hook() {
    // In a session of its own, with a parent that is gone, and with another one of the same kind.
    let sandbox = with_hook(
        "setsid sh -c 'echo $$ >> left; setsid sleep 1000 & echo $! >> left; sleep 1000' \
         > /dev/null 2>&1 < /dev/null & \
         while [ \"$(wc -l < left)\" -lt 2 ]; do sleep 0.01; done",
    );
    sandbox.write("left", "");
    assert_eq!(delete(&sandbox).code, 0);
    let left = read(&sandbox, "left");
    assert_eq!(left.lines().count(), 2, "{left}");
    for process in left.lines() {
        let status = std::fs::read_to_string(format!("/proc/{process}/stat"));
        assert!(status.is_err(), "{status:?}");
    }
}
