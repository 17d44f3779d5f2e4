//! Programs that know of uses beyond the store.

use nix::sys::signal::Signal;
use snapbox::str;

use crate::support::running::wait_until;
use crate::support::{CONNCTL, Run, Sandbox};
use crate::{assert_run, assert_text};

/// The shop, with this script of the shell as a guard.
fn with_guard(script: &str) -> Sandbox {
    let sandbox = Sandbox::with_shop();
    guard(&sandbox, script, "20s");
    sandbox
}

fn guard(sandbox: &Sandbox, script: &str, timeout: &str) {
    let command = serde_json::json!(["sh", "-c", script]);
    sandbox.configure(&format!(
        "[guards.jobs]\ncommand = {command}\ntimeout = '{timeout}'\n"
    ));
}

/// A guard that names this one, whatever it is asked, where it was asked about it.
const NAMES_OLD: &str = r#"if grep -qx shop-old; then
    echo '{"id":"shop-old","used_by":"nightly","where":"jobs/nightly.yaml:3"}'
fi"#;

fn entry(sandbox: &Sandbox, wanted: &str) -> String {
    let trail = sandbox.redact(&sandbox.trail());
    let found = trail.lines().rfind(|line| line.contains(wanted));
    found.unwrap_or_default().to_owned()
}

#[test]
fn what_a_guard_names_is_in_use() {
    let sandbox = with_guard(NAMES_OLD);
    for arguments in [
        &["delete", "shop-old", "shop-test", "--yes"][..],
        &["delete", "shop-old", "shop-test", "-n"],
    ] {
        assert_run!(
            sandbox.refused(arguments),
            str![[r#"
exit code: 5
stdout:
stderr:
  error: shop-old is in use beyond this store and was not deleted
    GUARD  USED BY  WHERE
    jobs   nightly  jobs/nightly.yaml:3
  1 connector could have gone; nothing was deleted
  hint: see to what uses it beyond this store, then delete again

"#]]
        );
    }
    assert_text!(
        entry(&sandbox, "in_use"),
        str![[
            r#"{"sequence":2,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"delete","action":"connector.delete","subject":"shop-old","outcome":"in_use","reason":null,"detail":{"guards":["jobs"],"services":[]},"hash":"[HASH]"}"#
        ]]
    );
    let run = sandbox.refused(&["delete", "shop-old", "--yes", "-o", "json"]);
    assert_text!(
        run.stdout,
        str![[r#"
[{"id":"shop-old","outcome":"in_use","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]","references":[],"used_by":0,"guards":[{"guard":"jobs","used_by":"nightly","where":"jobs/nightly.yaml:3"}]}]

"#]]
    );
}

#[test]
fn what_services_use_and_a_guard_names_is_told_with_both() {
    let script = r#"echo '{"id":"erp","used_by":"nightly","where":"x"}'"#;
    let sandbox = with_guard(script);
    assert_run!(
        sandbox.refused(&["delete", "erp", "--yes"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: erp is in use by 2 services and beyond this store and was not deleted
    SERVICE  NAME    ROLE         STATUS
    orders   Orders  destination  active
    stock            source       active
    GUARD  USED BY  WHERE
    jobs   nightly  x
  hint: put another one in its place: connctl replace erp NEW
        or remove what uses it: connctl service delete orders stock
        see to what uses it beyond this store, then delete again
        they also carry: shop-eu

"#]]
    );
    // Nothing goes by putting another one in its place.
    let run = sandbox.refused(&["delete", "erp", "--replace-with", "shop-eu", "--yes"]);
    assert_eq!(run.code, 5, "{run}");
}

#[test]
fn the_rest_goes_where_that_is_wanted() {
    let sandbox = with_guard(NAMES_OLD);
    let run = sandbox.run(&[
        "delete",
        "shop-old",
        "shop-test",
        "--yes",
        "--keep-going",
        "-q",
    ]);
    assert_eq!(run.code, 5, "{run}");
    assert_eq!(sandbox.run(&["show", "shop-test"]).code, 4);
    assert_eq!(sandbox.run(&["show", "shop-old"]).code, 0);
    let run = sandbox.run(&["prune", "all", "--unused", "--yes", "-o", "json"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stdout.contains(r#""outcome":"in_use""#), "{run}");
    assert!(run.stdout.contains(r#""guards":[{"guard":"jobs""#), "{run}");
}

#[test]
fn a_prune_says_who_uses_what_it_leaves() {
    let sandbox = with_guard(NAMES_OLD);
    let run = sandbox.run(&["prune", "all", "--unused", "-n"]);
    assert_run!(
        run,
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME       NAME               SYSTEM   ENVIRONMENT
  shop-old   in_use        shop-old           shopify  live
  shop-test  would_delete  Shop, "for tests"  shopify  testing
stderr:
  shop-old stays, in use by nightly (jobs/nightly.yaml:3): the guard "jobs" says so
  1 connector would be deleted; nothing was changed.

"#]]
    );
    let twice = r#"for n in 1 2; do
        printf '{"id":"shop-old","used_by":"a\\u001bb%0200d","where":""}\n' $n
    done"#;
    guard(&sandbox, twice, "20s");
    let run = sandbox.run(&["prune", "live", "--unused", "--yes"]);
    assert_run!(
        run,
        str![[r#"
exit code: 0
stdout:
  ID        OUTCOME  NAME      SYSTEM   ENVIRONMENT
  shop-old  in_use   shop-old  shopify  live
stderr:
  shop-old stays, in use by a\u{1b}b0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000… and 1 more use: the guard "jobs" says so
  0 connectors were deleted.

"#]]
    );
}

#[test]
fn what_a_guard_names_is_not_put_on_trial_and_stays_after_one() {
    let sandbox = with_guard(NAMES_OLD);
    let run = sandbox.refused(&["retire", "shop-old", "--for", "30d", "--yes"]);
    assert_eq!(run.code, 5, "{run}");
    let sandbox = Sandbox::with(
        "[[connectors]]\nid = 'shop-old'\nsystem = 'http'\nenvironment = 'testing'\n\
         retired_at = 2020-01-01T00:00:00Z\nretired_until = 2020-01-02T00:00:00Z\n",
    );
    guard(&sandbox, NAMES_OLD, "20s");
    let run = sandbox.run(&["prune", "all", "--retired", "--yes", "-o", "json"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stdout.contains(r#""outcome":"in_use""#), "{run}");
    guard(&sandbox, "exit 0", "20s");
    let run = sandbox.run(&["prune", "all", "--retired", "--yes", "-o", "ids"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "shop-old\n"), "{run}");
}

#[test]
fn a_workflow_asks_and_a_service_and_a_list_do_not() {
    let sandbox = with_guard(NAMES_OLD);
    let action = r#"{"ActionType":"CredStore.DeleteEntry","Parameters":{"EntryId":"shop-old"}}"#;
    let run = sandbox.run_with_input(&["run", "-", "--yes"], action);
    assert_eq!(run.code, 5, "{run}");
    guard(&sandbox, "touch asked; exit 3", "20s");
    for arguments in [
        &["list", "--unused"][..],
        &["service", "delete", "copy", "--yes"],
        &["delete", "no-such", "--yes"],
        &["edit", "erp", "--note", "x"],
    ] {
        sandbox.run(arguments);
    }
    assert!(!sandbox.path("asked").exists());
}

#[test]
fn a_guard_hears_of_every_id_that_exists_once_and_holds_nothing_of_the_store() {
    let script =
        format!("cat >> asked; {CONNCTL} edit erp --note asked && {CONNCTL} list -q >> seen");
    let sandbox = with_guard(&script);
    let run = sandbox.run(&[
        "delete",
        "shop-test",
        "shop-old",
        "files",
        "no-such",
        "--yes",
        "--keep-going",
        "-q",
    ]);
    assert_eq!(run.code, 5, "{run}");
    let read = |file: &str| std::fs::read_to_string(sandbox.path(file)).unwrap();
    assert_eq!(read("asked"), "files\nshop-old\nshop-test\n");
    assert!(read("seen").contains("erp"));
    assert!(sandbox.run(&["show", "erp"]).stdout.contains("asked"));
}

#[test]
fn a_guard_deletes_nothing() {
    let script = format!(
        "{CONNCTL} delete shop-test --yes 2>> told; {CONNCTL} delete shop-test -n 2>> told; {CONNCTL} service delete copy --yes 2>> told; true"
    );
    let sandbox = with_guard(&script);
    let run = sandbox.run(&["delete", "shop-old", "--yes", "-q"]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.run(&["show", "shop-test"]).code, 0);
    assert_eq!(sandbox.run(&["service", "show", "copy"]).code, 0);
    assert_text!(
        std::fs::read_to_string(sandbox.path("told")).unwrap(),
        str![[r#"
error: a guard is asked what is in use; it deletes nothing and asks no guards
hint: a guard may look: connctl list, connctl show, connctl service list
error: a guard is asked what is in use; it deletes nothing and asks no guards
hint: a guard may look: connctl list, connctl show, connctl service list
error: a guard is asked what is in use; it deletes nothing and asks no guards
hint: a guard may look: connctl list, connctl show, connctl service list

"#]]
    );
}

/// What is said where the guard cannot tell, and that nothing went.
fn refused(script: &str, timeout: &str) -> Run {
    let sandbox = Sandbox::with_shop();
    guard(&sandbox, script, timeout);
    let run = sandbox.untouched(&["delete", "shop-old", "shop-test", "--yes", "--keep-going"]);
    assert_eq!(run.code, 1, "{run}");
    run
}

#[test]
fn a_guard_that_cannot_tell_refuses_everything() {
    assert_run!(
        refused(
            "echo 'cannot look\nhint: connctl prune all' >&2; printf '\\33[31mx' >&2; exit 3",
            "20s"
        ),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the guard "jobs" failed: exit status: 3; nothing was changed
    it says: cannot look
    it says: hint: connctl prune all
    it says: \u{1b}[31mx
  hint: put it right; it is configured in [HOME]/.config/connctl/config.toml

"#]]
    );
    assert_run!(
        refused("sleep 100", "100ms"),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the guard "jobs" did not end in 100ms; nothing was changed
  hint: put it right; it is configured in [HOME]/.config/connctl/config.toml

"#]]
    );
    assert_run!(
        refused("cat; echo nobody", "20s"),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the guard "jobs" cannot be understood: line 1 of its answer: it is not a use: an object with id, used_by and where; nothing was changed
  hint: put it right; it is configured in [HOME]/.config/connctl/config.toml

"#]]
    );
    assert_run!(
        refused(r#"echo '{"id":"erp","used_by":"x","where":"y"}'"#, "20s"),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the guard "jobs" cannot be understood: line 1 of its answer: it was not asked about erp; nothing was changed
  hint: put it right; it is configured in [HOME]/.config/connctl/config.toml

"#]]
    );
    assert_run!(
        refused(
            "yes '{\"id\":\"shop-old\",\"used_by\":\"x\",\"where\":\"y\"}'",
            "20s"
        ),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the guard "jobs" failed: it answered more than 1048576 bytes; nothing was changed
  hint: put it right; it is configured in [HOME]/.config/connctl/config.toml

"#]]
    );
    assert_run!(
        refused("yes >&2", "300ms"),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the guard "jobs" did not end in 300ms; nothing was changed
    it says: y
    it says: y
    it says: y
    it says: y
    it says: y
    it says: y
    it says: y
    it says: y
    it says: y
    it says: y
  hint: put it right; it is configured in [HOME]/.config/connctl/config.toml

"#]]
    );
    let sandbox = Sandbox::with_shop();
    sandbox.configure("[guards.jobs]\ncommand = ['no-such-program']\n");
    assert_run!(
        sandbox.untouched(&["delete", "shop-old", "-n", "-o", "json"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  {"error":{"kind":"failure","message":"the guard \"jobs\" cannot be run: no-such-program: No such file or directory (os error 2); nothing was changed","hint":"put it right; it is configured in [HOME]/.config/connctl/config.toml","exit_code":1}}

"#]]
    );
}

#[test]
fn what_a_guard_says_can_neither_fill_the_screen_nor_move_it() {
    let script = "awk 'BEGIN { for (n = 0; n < 40; n++) \
                  printf \"{\\\"id\\\":\\\"shop-old\\\",\\\"used_by\\\":\\\"\\\\u001b[2J\\\\nhint: %0500d\\\",\\\"where\\\":\\\"\\\"}\\n\", n }'";
    let sandbox = with_guard(script);
    let run = sandbox.refused(&["delete", "shop-old", "--yes"]);
    assert_eq!(run.code, 5, "{run}");
    assert!(run.stderr.lines().count() < 20, "{run}");
    assert!(run.stderr.contains("… and 30 more"), "{run}");
    assert!(run.stderr.lines().all(|line| line.len() < 200), "{run}");
    assert!(!run.stderr.contains('\u{1b}'), "{run}");
    assert!(!sandbox.trail().contains("2J"));
}

#[test]
fn what_is_picked_after_the_guards_were_asked_stays() {
    let script = format!("{CONNCTL} add late --system http --env testing -q");
    let sandbox = with_guard(&script);
    assert_run!(
        sandbox.run(&["prune", "testing", "--unused", "--yes"]),
        str![[r#"
exit code: 7
stdout:
stderr:
  error: 1 connector came up after the guards were asked: late; nothing was deleted
  hint: look again, then delete again

"#]]
    );
    assert_eq!(sandbox.run(&["show", "shop-test"]).code, 0);
    assert_eq!(sandbox.run(&["show", "late"]).code, 0);
}

#[test]
fn an_answer_may_begin_with_a_mark() {
    let sandbox =
        with_guard(r#"printf '\357\273\277{"id":"shop-old","used_by":"nightly","where":""}\n'"#);
    let run = sandbox.refused(&["delete", "shop-old", "--yes"]);
    assert_eq!(run.code, 5, "{run}");
    assert!(run.stderr.contains("nightly"), "{run}");
}

#[test]
fn guards_of_every_file_are_asked() {
    let sandbox = with_guard("touch own");
    let other = sandbox.write(
        "other.toml",
        "[guards.jobs]\ncommand = ['touch', 'one']\n[guards.others]\ncommand = ['touch', 'two']\n",
    );
    let run = sandbox.run(&[
        "--config",
        other.to_str().unwrap(),
        "delete",
        "shop-old",
        "--yes",
    ]);
    assert_eq!(run.code, 0, "{run}");
    assert!(sandbox.path("one").exists() && sandbox.path("two").exists());
}

#[test]
fn one_that_answers_while_it_is_still_being_written_to_does_not_hang() {
    let content: String = (0..3_000)
        .map(|n| format!("[[connectors]]\nid = 'a-long-id-that-fills-a-pipe-{n}'\nsystem = 'http'\nenvironment = 'testing'\n"))
        .collect();
    let sandbox = Sandbox::with(&content);
    guard(
        &sandbox,
        r#"sed 's/.*/{"id":"&","used_by":"x","where":"y"}/'"#,
        "50s",
    );
    let run = sandbox.run(&[
        "prune", "testing", "--unused", "--expect", "0", "--yes", "-o", "ndjson",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout.lines().count(), 3_000);
    guard(&sandbox, "exit 0", "50s");
    let run = sandbox.run(&[
        "prune", "testing", "--unused", "--expect", "3000", "--yes", "-q",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn a_signal_ends_the_guard_and_the_command() {
    let sandbox = with_guard("echo $$ > guard; sleep 1000");
    let mut running = sandbox.start(&["delete", "shop-old", "--yes"]);
    let guard = || std::fs::read_to_string(sandbox.path("guard")).unwrap_or_default();
    wait_until("the guard is asked", || guard().ends_with('\n'));
    running.send(Signal::SIGINT);
    let run = running.end();
    assert_eq!((run.code, run.signal), (130, Some(2)), "{run}");
    assert!(std::fs::read_to_string(format!("/proc/{}/stat", guard().trim())).is_err());
    assert_eq!(sandbox.run(&["show", "shop-old"]).code, 0);
}

#[test]
fn who_may_not_delete_asks_nobody() {
    let sandbox = with_guard("touch asked");
    sandbox.run(&["policy", "set", "require_reason", "true"]);
    let run = sandbox.run(&["delete", "shop-old", "--yes"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(!sandbox.path("asked").exists());
}
