//! `connctl exec`

use std::process::{Command, Stdio};

use snapbox::str;

use crate::support::Sandbox;
use crate::support::credentials::IDENTITY;
use crate::{assert_run, assert_text};

#[test]
fn secrets_become_variables_of_the_command() {
    let sandbox = Sandbox::with_secret("marker");
    sandbox.set_secret("pay", "web-hook.2", "a b\n'c'");
    let line = "printenv STRIPE_API_KEY; printenv STRIPE_WEB_HOOK_2; cat; exit 7";
    assert_run!(
        sandbox.run_with_input(
            &["exec", "pay", "--", "sh", "-c", line],
            "from standard input"
        ),
        str![[r#"
exit code: 7
stdout:
  marker
  a b
  'c'
  from standard input
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&[
            "exec",
            "pay",
            "--prefix",
            "shop",
            "--",
            "printenv",
            "SHOP_API_KEY"
        ]),
        str![[r#"
exit code: 0
stdout:
  marker
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["exec", "pay", "--prefix", "", "--", "printenv", "API_KEY"]),
        str![[r#"
exit code: 0
stdout:
  marker
stderr:

"#]]
    );
    assert_eq!(sandbox.files_with("marker"), [""; 0]);
    let shown = sandbox.run(&["show", "pay", "-o", "json"]).stdout;
    assert!(shown.contains(r#""last_used_at":"[TIME]""#), "{shown}");
}

#[test]
fn the_end_of_the_command_is_passed_on() {
    let sandbox = Sandbox::with_secret("x");
    let ends = |line: &str| sandbox.run(&["exec", "pay", "--", "sh", "-c", line]).code;
    assert_eq!(
        [ends("exit 0"), ends("exit 130"), ends("exit 255")],
        [0, 130, 255]
    );
    assert_eq!(ends("kill -9 $$"), 137);
    let through_shell = sandbox.shell("connctl exec pay -- sh -c 'kill -TERM $$'; echo $?");
    assert_eq!(through_shell.stdout, "143\n");
}

#[test]
fn what_cannot_be_run_is_named() {
    let sandbox = Sandbox::with_secret("x");
    sandbox.write("no-program", "x");
    let mut runs = String::new();
    for arguments in [
        &["exec", "pay", "--", "no-such-program", "an argument"][..],
        &["exec", "pay", "--", "./no-program"],
        &["exec", "pay", "--", "."],
        &["exec", "pay", "--", ""],
        &["exec", "gone", "--", "true"],
        &["exec", "pay", "--identity", "missing.txt", "--", "true"],
        &["exec", "pay", "-o", "json", "--", "true"],
    ] {
        let run = sandbox.run(arguments);
        runs.push_str(&format!("{}: {}", run.code, run.stderr));
    }
    assert_text!(
        runs,
        str![[r#"
127: error: cannot run "no-such-program": No such file or directory (os error 2)
126: error: cannot run "./no-program": Permission denied (os error 13)
126: error: cannot run ".": Permission denied (os error 13)
127: error: cannot run "": No such file or directory (os error 2)
4: error: connector gone does not exist
hint: see what there is: connctl list all
1: error: cannot use missing.txt: No such file or directory (os error 2)
hint: name a file with private keys with --identity or CONNCTL_IDENTITY; "connctl key init" makes one
2: {"error":{"kind":"usage","message":"this command has no output format json","hint":"leave -o out","exit_code":2}}

"#]]
    );
}

#[test]
fn nothing_that_a_loader_or_a_shell_obeys_is_set() {
    let sandbox = Sandbox::with_secret("x");
    for name in ["preload", "env", "path", "web.hook", "web-hook", "nul"] {
        sandbox.set_secret("bare", name, "x");
    }
    let mut runs = String::new();
    for arguments in [
        &["--prefix", "ld"][..],
        &["--prefix", "bash"],
        &["--prefix", ""],
        &["--prefix", "x", "--only", "web-hook", "--only", "web.hook"],
    ] {
        let all = [&["exec", "bare"][..], arguments, &["--", "echo", "ran"]].concat();
        let run = sandbox.run(&all);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run}");
        runs.push_str(&run.stderr);
    }
    sandbox.write("nul", b"a\0b");
    assert_eq!(
        sandbox.run(&["secret", "set", "pay", "api_key=@nul"]).code,
        0
    );
    runs.push_str(&sandbox.run(&["exec", "pay", "--", "echo", "ran"]).stderr);
    assert_text!(
        runs,
        str![[r#"
error: secret env of connector bare would become the variable LD_ENV, which programs obey; nothing was run
hint: choose other names with --prefix, name the secrets to hand over with --only, or read it with connctl secret get
error: secret env of connector bare would become the variable BASH_ENV, which programs obey; nothing was run
hint: choose other names with --prefix, name the secrets to hand over with --only, or read it with connctl secret get
error: secret env of connector bare would become the variable ENV, which programs obey; nothing was run
hint: choose other names with --prefix, name the secrets to hand over with --only, or read it with connctl secret get
error: the secrets web-hook and web.hook of connector bare would both become the variable X_WEB_HOOK; nothing was run
hint: give one of them another name
error: secret api_key holds a NUL byte, which no environment variable can; nothing was run
hint: write it to the command's standard input: connctl secret get

"#]]
    );
}

#[test]
fn a_connector_without_secrets_needs_no_key() {
    let sandbox = Sandbox::with_secret("x");
    std::fs::remove_file(sandbox.path(IDENTITY)).unwrap();
    assert_run!(
        sandbox.run(&["exec", "bare", "--", "echo", "ran"]),
        str![[r#"
exit code: 0
stdout:
  ran
stderr:
  Connector bare has no secrets.

"#]]
    );
}

#[test]
fn closed_streams_are_no_trouble() {
    let sandbox = Sandbox::with_secret("x");
    assert_run!(
        sandbox.shell("connctl exec pay -- cat <&-; echo $?"),
        str![[r#"
exit code: 0
stdout:
  0
stderr:

"#]]
    );
    assert_run!(
        sandbox.shell("connctl exec pay -- true >&- 2>&-; echo $?"),
        str![[r#"
exit code: 0
stdout:
  0
stderr:

"#]]
    );
    // A reader that went away ends the command, as it would without connctl.
    let mut command = sandbox.command();
    command
        .args(["exec", "pay", "--", "yes"])
        .stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().code().is_none());
}

#[test]
#[ignore = "needs strace"]
fn no_secret_reaches_a_file_or_another_program() {
    let sandbox = Sandbox::with_secret("marker");
    let mut command = Command::new("strace");
    sandbox.seal(&mut command);
    command
        .args([
            "-f",
            "-v",
            "-s",
            "100000",
            "-o",
            "trace",
            "-e",
            "trace=write,pwrite64,openat,execve",
        ])
        .arg(crate::support::CONNCTL)
        .args(["exec", "pay", "--", "true"]);
    assert_eq!(sandbox.finish(&mut command).code, 0);
    let trace = std::fs::read_to_string(sandbox.path("trace")).unwrap();
    let mut holding = trace.lines().filter(|line| line.contains("marker"));
    assert!(holding.clone().count() > 0);
    assert!(holding.all(|line| line.contains(" execve(")));
}

#[test]
fn a_variable_that_exists_is_not_replaced() {
    let sandbox = Sandbox::with_secret("x");
    let mut command = sandbox.command();
    command.env("STRIPE_API_KEY", "mine");
    assert_run!(
        sandbox.finish(command.args(["exec", "pay", "--", "echo", "ran"])),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: secret api_key of connector pay would become the variable STRIPE_API_KEY, which exists already; nothing was run
  hint: choose other names with --prefix, name the secrets to hand over with --only, or read it with connctl secret get

"#]]
    );
}

#[test]
fn only_the_named_secrets_are_handed_over_and_recorded() {
    let sandbox = Sandbox::with_secret("one");
    sandbox.set_secret("pay", "options", "--checkpoint=1");
    sandbox.set_secret("pay", "pin", "two");
    let run = sandbox.run(&["exec", "pay", "--", "env"]);
    assert_eq!(run.code, 2, "{run}");
    let line = "env | grep STRIPE";
    let only = ["exec", "pay", "--only", "pin", "--", "sh", "-c", line];
    assert_run!(
        sandbox.run(&only),
        str![[r#"
exit code: 0
stdout:
  STRIPE_PIN=two
stderr:

"#]]
    );
    let entry = sandbox.last_entry();
    assert_eq!(entry["action"], "secret.read");
    assert!(!entry["detail"].to_string().contains("api_key"), "{entry}");
    let run = sandbox.run(&["exec", "pay", "--only", "gone", "--", "env"]);
    assert_eq!((run.code, run.stdout.as_str()), (4, ""), "{run}");
}
