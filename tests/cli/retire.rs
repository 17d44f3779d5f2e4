//! `connctl retire` and `revive`: while a connector is on trial nobody uses it, and who tries is
//! recorded.

use snapbox::str;

use crate::support::terminal::ENTER;
use crate::support::{Run, Sandbox, in_file};
use crate::{assert_run, assert_text};

fn done(run: &Run) {
    assert_eq!(run.code, 0, "{run}");
}

/// The shop, in which `shop-old`, which has a secret, and `shop-test` are on trial.
fn on_trial(duration: &str) -> Sandbox {
    let sandbox = Sandbox::with_shop();
    sandbox.set_secret("shop-old", "key", "value");
    retire(&sandbox, &["shop-old", "shop-test"], duration);
    sandbox
}

fn retire(sandbox: &Sandbox, ids: &[&str], duration: &str) {
    let arguments = [&["retire", "--for", duration, "--yes"], ids].concat();
    done(&sandbox.run(&arguments));
}

/// What was recorded of attempts: the command and the connector.
fn attempts(sandbox: &Sandbox) -> Vec<String> {
    let entries = sandbox.trail();
    let entries = entries
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    entries
        .filter(|entry| entry["action"] == "connector.use")
        .map(|entry| {
            assert_eq!(entry["outcome"], "retired");
            let text = |field: &str| entry[field].as_str().unwrap().to_owned();
            format!("{}: {}", text("command"), text("subject"))
        })
        .collect()
}

/// Imports what a store like this one would export, but for this text in it.
fn import_changed(sandbox: &Sandbox, from: &str, to: &str) -> Run {
    let file = sandbox.export("json");
    assert!(file.contains(from), "{file}");
    sandbox.write("file.json", file.replace(from, to));
    sandbox.run(&["import", "file.json", "--replace"])
}

#[test]
fn a_trial_begins_gets_another_end_and_is_ended() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["retire", "shop-old", "shop-test", "--for", "30d", "-n"]),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME       NAME               SYSTEM   ENVIRONMENT
  shop-old   would_retire  shop-old           shopify  live
  shop-test  would_retire  Shop, "for tests"  shopify  testing
stderr:
  shop-old has no secrets, so that connctl cannot see whether it is used
  shop-test has no secrets, so that connctl cannot see whether it is used
  2 connectors would be retired until [TIME]; nothing was changed.

"#]]
    );
    assert_run!(
        sandbox.run(&["retire", "shop-old", "--for", "30d", "--yes", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  [{"id":"shop-old","outcome":"retired","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]","retired_until":"[TIME]","attempts":0}]
stderr:

"#]]
    );
    let began = |sandbox: &Sandbox| {
        let shown = sandbox
            .command()
            .args(["show", "shop-old", "-o", "json"])
            .output();
        let shown: serde_json::Value = serde_json::from_slice(&shown.unwrap().stdout).unwrap();
        let until = shown["retired_until"].as_str().unwrap().to_owned();
        (shown["retired_at"].as_str().unwrap().to_owned(), until)
    };
    let first = began(&sandbox);
    assert_run!(
        sandbox.run(&["retire", "shop-old", "--for", "9w", "--yes"]),
        str![[r#"
exit code: 0
stdout:
  ID        OUTCOME  NAME      SYSTEM   ENVIRONMENT
  shop-old  retired  shop-old  shopify  live
stderr:
  1 connector was retired until [TIME].

"#]]
    );
    let second = began(&sandbox);
    assert_eq!(first.0, second.0);
    assert!(first.1 < second.1, "{first:?} {second:?}");
}

#[test]
fn a_trial_is_shown_ended_and_recorded() {
    let sandbox = Sandbox::with_shop();
    retire(&sandbox, &["shop-old"], "30d");
    retire(&sandbox, &["shop-old"], "9w");
    assert_run!(
        sandbox.run(&["list", "all", "--retired", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  [{"id":"shop-old","name":"shop-old","system":"shopify","environment":"live","used_by":0,"updated_at":"[TIME]","expires_at":"[TIME]","last_used_at":null,"group":null,"protected":false,"retired_until":"[TIME]"}]
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["show", "shop-old"]),
        str![[r#"
exit code: 0
stdout:
  id            shop-old
  name          shop-old
  system        shopify
  environment   live
  trial         until [TIME]; nobody may use it: connctl revive ends that
  expires_at    [TIME]
  created_at    [TIME]
  updated_at    [TIME]
  revision      [REVISION]
  used_by       0 services
stderr:

"#]]
    );
    assert_run!(
        sandbox.refused(&["revive", "shop-old", "shop-odl"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector shop-odl does not exist
  hint: did you mean shop-old?

"#]]
    );
    assert_run!(
        sandbox.run(&["revive", "shop-old"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  1 connector is not on trial now.

"#]]
    );
    assert_run!(
        sandbox.run(&["revive", "shop-old"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  It is not on trial; nothing was changed.

"#]]
    );
    assert_run!(
        sandbox.run(&["audit", "list", "--subject", "shop-old", "-o", "ndjson"]),
        str![[r#"
exit code: 0
stdout:
  {"sequence":2,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"retire","action":"connector.retire","subject":"shop-old","outcome":"done","reason":null,"detail":{"retired_at":"[TIME]","retired_until":"[TIME]"},"hash":"[HASH]"}
  {"sequence":3,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"retire","action":"connector.retire","subject":"shop-old","outcome":"done","reason":null,"detail":{"retired_at":"[TIME]","retired_until":"[TIME]"},"hash":"[HASH]"}
  {"sequence":4,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"revive","action":"connector.revive","subject":"shop-old","outcome":"done","reason":null,"detail":null,"hash":"[HASH]"}
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "all", "--retired"]),
        str![[r#"
exit code: 0
stdout:
  ID  NAME  SYSTEM  ENVIRONMENT  USED BY  UPDATED
stderr:

"#]]
    );
}

#[test]
fn what_cannot_be_deleted_cannot_be_retired() {
    let sandbox = Sandbox::with_shop();
    done(&sandbox.run(&["protect", "shop-old"]));
    assert_run!(
        sandbox.refused(&["retire", "erp", "shop-test", "--for", "30d", "--yes"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: erp is in use by 2 services and was not retired
    SERVICE  NAME    ROLE         STATUS
    orders   Orders  destination  active
    stock            source       active
  1 connector could have been retired; nothing was retired
  hint: put another one in its place: connctl replace erp NEW
        or remove what uses it: connctl service delete orders stock && connctl retire --for DURATION erp shop-test
        they also carry: shop-eu

"#]]
    );
    assert_run!(
        sandbox.refused(&["retire", "shop-old", "--for", "30d", "--yes", "-o", "json"]),
        str![[r#"
exit code: 9
stdout:
  [{"id":"shop-old","outcome":"protected","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]"}]
stderr:
  {"error":{"kind":"protected","message":"shop-old is protected and was not retired","hint":"an admin may lift it: connctl unprotect shop-old","exit_code":9}}

"#]]
    );
    assert_run!(
        sandbox.refused(&["retire", "shop-test", "gone", "--for", "30d", "-n"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector gone does not exist
  1 connector could have been retired; nothing was retired
  hint: see what there is: connctl list all

"#]]
    );
}

#[test]
fn brakes_and_durations_are_heeded() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&[
            "retire",
            "shop-test",
            "--for",
            "30d",
            "--yes",
            "--env",
            "live"
        ]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: not of the live environment: shop-test; nothing was retired
  hint: leave these ids out, or leave out --env

"#]]
    );
    assert_run!(
        sandbox.refused(&[
            "retire",
            "shop-test",
            "--for",
            "30d",
            "--yes",
            "--expect",
            "2"
        ]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 1 connector would be retired, but 2 were expected; nothing was retired
  hint: look at what would go with --dry-run, then correct --expect

"#]]
    );
    assert_run!(
        sandbox.refused(&["retire", "shop-test", "--for", "30d"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 1 connector was not retired, because nobody can be asked
  hint: give --yes to retire without being asked, or --dry-run to see what would go

"#]]
    );
    assert_run!(
        sandbox.refused(&["retire", "shop-test", "--for", "5m"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value '5m' for '--for <DURATION>': "5m" is not clear: 5min or 5mo?
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.refused(&["retire", "shop-test", "--for", "1d", "--for", "2d", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: --for is given two values, "1d" and "2d"
  
  Usage: connctl [OPTIONS] <COMMAND>
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.refused(&["retire", "shop-test", "--for", "9000y", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: the trial would end after the year 9999; nothing was retired

"#]]
    );
}

#[test]
fn what_can_be_retired_is_and_the_rest_reported() {
    let sandbox = Sandbox::with_shop();
    done(&sandbox.run(&["protect", "shop-old"]));
    assert_run!(
        sandbox.run(&[
            "retire",
            "erp",
            "shop-old",
            "shop-test",
            "gone",
            "--for",
            "30d",
            "--yes",
            "--keep-going",
            "--ignore-missing",
            "-o",
            "csv"
        ]),
        str![[r#"
exit code: 5
stdout:
  id,outcome,name,system,environment,revision,references
  erp,in_use,Main ERP,netsuite,live,[REVISION],"[{""service"":""orders"",""name"":""Orders"",""role"":""destination"",""active"":true},{""service"":""stock"",""name"":""stock"",""role"":""source"",""active"":true}]"
  shop-old,protected,shop-old,shopify,live,[REVISION],
  shop-test,retired,"Shop, ""for tests""",shopify,testing,[REVISION],
  gone,skipped,,,,,
stderr:
  1 connector was retired until [TIME].
  error: erp is in use by 2 services and was not retired
    SERVICE  NAME    ROLE         STATUS
    orders   Orders  destination  active
    stock            source       active
  shop-old is protected and was not retired
  1 other connector was retired
  hint: put another one in its place: connctl replace erp NEW
        or remove what uses it: connctl service delete orders stock && connctl retire --for DURATION erp
        they also carry: shop-eu

"#]]
    );
    assert_run!(
        sandbox.run_with_input(&["retire", "-", "--for", "30d", "--yes", "-o", "ids"], "\n"),
        str![[r#"
exit code: 0
stdout:
stderr:
  No ids were given; nothing was retired.

"#]]
    );
}

#[test]
fn every_door_is_shut_and_every_attempt_is_recorded() {
    let sandbox = on_trial("30d");
    let sentence = "connector shop-old is on trial: nobody may use it; this attempt was \
                    recorded, and nothing else was changed";
    let service =
        "[[services]]\nid = 'new'\nsources = ['shop-old']\ndestinations = ['shop-test']\n";
    sandbox.write("service.toml", service);
    let doors: [(&[&str], &[&str]); 12] = [
        (&["secret", "get", "shop-old", "key"], &["shop-old"]),
        (&["secret", "get", "shop-old", "no-such"], &["shop-old"]),
        (&["exec", "shop-old", "--", "touch", "ran"], &["shop-old"]),
        (&["exec", "shop-test", "--", "touch", "ran"], &["shop-test"]),
        (
            &[
                "service",
                "add",
                "new",
                "--source",
                "shop-old",
                "--destination",
                "shop-test",
            ],
            &["shop-old", "shop-test"],
        ),
        (
            &["service", "edit", "orders", "--add-source", "shop-old"],
            &["shop-old"],
        ),
        (
            &["service", "edit", "orders", "--source", "shop-old"],
            &["shop-old"],
        ),
        (&["copy", "shop-old", "new"], &["shop-old"]),
        (&["replace", "erp", "shop-old", "--yes"], &["shop-old"]),
        (&["replace", "erp", "shop-old"], &["shop-old"]),
        (
            &["delete", "erp", "--replace-with", "shop-old", "--yes"],
            &["shop-old"],
        ),
        (&["import", "service.toml"], &["shop-old", "shop-test"]),
    ];
    let content = sandbox.content();
    let mut expected = Vec::new();
    for (arguments, ids) in doors {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, 10, "{arguments:?}: {run}");
        assert!(run.stdout.is_empty(), "{arguments:?}: {run}");
        if *ids == ["shop-old"] {
            assert!(run.stderr.contains(sentence), "{arguments:?}: {run}");
        }
        let words = if arguments[0] == "secret" || arguments[0] == "service" {
            2
        } else {
            1
        };
        let command = arguments[..words].join(" ");
        expected.extend(ids.iter().map(|id| format!("{command}: {id}")));
        assert_eq!(attempts(&sandbox), expected, "{arguments:?}");
    }
    assert!(!sandbox.path("ran").exists());
    let from = "\"sources\":[\"shop-eu\"]";
    let run = import_changed(&sandbox, from, "\"sources\":[\"shop-eu\",\"shop-old\"]");
    assert_eq!(run.code, 10, "{run}");
    expected.push("import: shop-old".to_owned());
    assert_eq!(attempts(&sandbox), expected);
    assert_eq!(sandbox.content(), content);
    assert_run!(
        sandbox.run(&["import", "service.toml", "-o", "json"]),
        str![[r#"
exit code: 10
stdout:
stderr:
  {"error":{"kind":"retired","message":"these connectors are on trial, and nobody may use them: shop-old, shop-test; this attempt was recorded, and nothing else was changed","hint":"an admin may end the trial: connctl revive shop-old shop-test","exit_code":10}}

"#]]
    );
    assert_run!(
        sandbox.run(&["prune", "all", "--retired", "-n", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  [{"id":"shop-old","outcome":"on_trial","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]","retired_until":"[TIME]","attempts":13,"last_attempt_by":"root","last_attempt_at":"[TIME]"},{"id":"shop-test","outcome":"on_trial","name":"Shop, \"for tests\"","system":"shopify","environment":"testing","revision":"[REVISION]","retired_until":"[TIME]","attempts":4,"last_attempt_by":"root","last_attempt_at":"[TIME]"}]
stderr:

"#]]
    );
    done(&sandbox.run(&["revive", "shop-old"]));
    assert_eq!(sandbox.secret("shop-old", "key"), "value");
}

#[test]
fn a_dry_run_uses_nothing_and_records_nothing() {
    let sandbox = on_trial("30d");
    let before = sandbox.store_bytes();
    for arguments in [
        &["replace", "erp", "shop-old", "-n"][..],
        &["delete", "erp", "--replace-with", "shop-old", "-n"],
    ] {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, 10, "{run}");
        assert!(!run.stderr.contains("recorded"), "{run}");
    }
    assert!(sandbox.store_bytes() == before);
}

#[test]
fn what_does_not_use_it_goes_on() {
    let sandbox = on_trial("30d");
    done(&sandbox.run(&["edit", "shop-old", "--note", "on trial"]));
    sandbox.set_secret("shop-old", "second", "value");
    done(&sandbox.run(&["secret", "list", "shop-old"]));
    done(&sandbox.run(&["service", "edit", "orders", "--note", "x"]));
    done(&sandbox.run(&["service", "deactivate", "orders"]));
    done(&sandbox.run(&["service", "activate", "orders"]));
    done(&import_changed(&sandbox, "\"Main ERP\"", "\"ERP\""));
    sandbox.export("toml");
    assert_eq!(attempts(&sandbox), [""; 0]);
}

#[test]
fn an_attempt_reaches_the_hooks_and_one_that_cannot_be_recorded_is_no_10() {
    in_file();
    let sandbox = on_trial("30d");
    std::fs::create_dir_all(sandbox.path(".config/connctl")).unwrap();
    sandbox.write(
        ".config/connctl/config.toml",
        "busy_timeout = \"10ms\"\n[hooks]\non_change = [\"sh\", \"-c\", \"cat >> told; exit 3\"]\n",
    );
    assert_run!(
        sandbox.run(&["secret", "get", "shop-old", "key"]),
        str![[r#"
exit code: 10
stdout:
stderr:
  warning: the hook sh failed: exit status: 3; the attempt was recorded
  error: connector shop-old is on trial: nobody may use it; this attempt was recorded, and nothing else was changed
  hint: an admin may end the trial: connctl revive shop-old

"#]]
    );
    let told = std::fs::read_to_string(sandbox.path("told")).unwrap();
    assert_text!(
        sandbox.redact(&told),
        str![[r#"
{"sequence":6,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"secret get","action":"connector.use","subject":"shop-old","outcome":"retired","reason":null,"detail":null,"hash":"[HASH]"}

"#]]
    );
    // Somebody else is about to write.
    let connection = rusqlite::Connection::open(sandbox.path("store.db")).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_run!(
        sandbox.run(&["secret", "get", "shop-old", "key"]),
        str![[r#"
exit code: 8
stdout:
stderr:
  error: connector shop-old is on trial: nobody may use it; the attempt cannot be recorded: the store is locked by another process (waited 10ms); nothing was changed
  hint: try again; busy_timeout in the configuration says how long to wait

"#]]
    );
    drop(connection);
    // A trigger of somebody else keeps entries from being written.
    let connection = rusqlite::Connection::open(sandbox.path("store.db")).unwrap();
    let trigger = "CREATE TRIGGER deaf BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END";
    connection.execute_batch(trigger).unwrap();
    assert_run!(
        sandbox.run(&["exec", "shop-old", "--", "touch", "ran"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: connector shop-old is on trial: nobody may use it; the attempt cannot be recorded: the store failed: no; nothing was changed

"#]]
    );
    assert!(!sandbox.path("ran").exists());
}

#[test]
fn nobody_missed_it_and_its_time_is_over() {
    let sandbox = on_trial("0s");
    retire(&sandbox, &["shop-test"], "30d");
    assert_run!(
        sandbox.run(&["prune", "all", "--retired", "-n"]),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME       NAME               SYSTEM   ENVIRONMENT
  shop-old   would_delete  shop-old           shopify  live
  shop-test  on_trial      Shop, "for tests"  shopify  testing
stderr:
  shop-old is on trial until [TIME]; nobody tried to use it
  shop-test stays, on trial until [TIME]; nobody tried to use it
  1 connector would be deleted; nothing was changed.

"#]]
    );
    assert_run!(
        sandbox.run(&["prune", "all", "--retired", "--yes"]),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME   NAME               SYSTEM   ENVIRONMENT
  shop-old   deleted   shop-old           shopify  live
  shop-test  on_trial  Shop, "for tests"  shopify  testing
stderr:
  shop-test stays, on trial until [TIME]; nobody tried to use it
  1 connector was deleted.

"#]]
    );
}

#[test]
fn what_somebody_tried_stays_whatever_the_filter() {
    let sandbox = on_trial("0s");
    for id in ["shop-old", "shop-test"] {
        assert_eq!(sandbox.run(&["exec", id, "--", "true"]).code, 10);
    }
    assert_eq!(sandbox.run(&["secret", "get", "shop-old", "key"]).code, 10);
    assert_run!(
        sandbox.run(&["prune", "all", "--retired", "--yes"]),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME   NAME               SYSTEM   ENVIRONMENT
  shop-old   on_trial  shop-old           shopify  live
  shop-test  on_trial  Shop, "for tests"  shopify  testing
stderr:
  shop-old stays, on trial until [TIME]; it was tried 2 times, the last time by root at [TIME]
  shop-test stays, on trial until [TIME]; it was tried once, by root at [TIME]
  0 connectors were deleted.

"#]]
    );
    assert_run!(
        sandbox.run(&["prune", "all", "--unused", "--yes", "-o", "ndjson"]),
        str![[r#"
exit code: 0
stdout:
  {"id":"shop-old","outcome":"on_trial","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]","retired_until":"[TIME]","attempts":2,"last_attempt_by":"root","last_attempt_at":"[TIME]"}
  {"id":"shop-test","outcome":"on_trial","name":"Shop, \"for tests\"","system":"shopify","environment":"testing","revision":"[REVISION]","retired_until":"[TIME]","attempts":1,"last_attempt_by":"root","last_attempt_at":"[TIME]"}
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&[
            "prune",
            "live",
            "--expired",
            "--yes",
            "--expect",
            "0",
            "-o",
            "tsv"
        ]),
        str![[r#"
exit code: 0
stdout:
  id	outcome	name	system	environment	revision	references
  shop-old	on_trial	shop-old	shopify	live	[REVISION]	
stderr:
  shop-old stays, on trial until [TIME]; it was tried 2 times, the last time by root at [TIME]
  0 connectors were deleted.

"#]]
    );
    // Neither another end nor another name makes them forgotten.
    retire(&sandbox, &["shop-old"], "0s");
    done(&sandbox.run(&["rename", "shop-old", "shop-older", "--yes"]));
    done(&sandbox.run(&["rename", "shop-older", "shop-oldest", "--yes"]));
    assert_run!(
        sandbox.run(&["prune", "live", "--retired", "--yes", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  [{"id":"shop-oldest","outcome":"on_trial","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]","retired_until":"[TIME]","attempts":2,"last_attempt_by":"root","last_attempt_at":"[TIME]"}]
stderr:

"#]]
    );
}

#[test]
fn deleting_by_id_tells_of_the_trial_first() {
    let sandbox = on_trial("30d");
    assert_eq!(sandbox.run(&["exec", "shop-test", "--", "true"]).code, 10);
    let mut terminal = sandbox.terminal("connctl delete shop-test");
    terminal.wait_for("on trial until");
    terminal.wait_for("it was tried once, by");
    terminal.wait_for("Delete it? [y/N] ");
    // Tried once more while the question stands open, it is not what was shown.
    assert_eq!(sandbox.run(&["exec", "shop-test", "--", "true"]).code, 10);
    let ended = terminal.press("y").press(ENTER).end();
    assert_eq!(ended.code, 7, "{}", ended.shown);
    assert_run!(
        sandbox.run(&["delete", "shop-test", "-n"]),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME       NAME               SYSTEM   ENVIRONMENT
  shop-test  would_delete  Shop, "for tests"  shopify  testing
stderr:
  shop-test is on trial until [TIME]; it was tried 2 times, the last time by root at [TIME]
  1 connector would be deleted; nothing was changed.

"#]]
    );
    done(&sandbox.run(&["delete", "shop-test", "--yes"]));
}

#[test]
fn what_was_tried_while_prune_asked_stays() {
    let sandbox = on_trial("0s");
    let mut terminal = sandbox.terminal("connctl prune testing --retired");
    terminal.wait_for("Delete it? [y/N] ");
    assert_eq!(sandbox.run(&["exec", "shop-test", "--", "true"]).code, 10);
    let ended = terminal.press("y").press(ENTER).end();
    assert_eq!(ended.code, 7, "{}", ended.shown);
    done(&sandbox.run(&["show", "shop-test"]));
}

#[test]
fn the_question_names_the_end() {
    let sandbox = Sandbox::with_shop();
    let mut terminal = sandbox.terminal("connctl retire shop-old --for 30d");
    terminal.wait_for("This connector will be out of use, on trial until 20");
    terminal.wait_for("shop-old has no secrets, so that connctl cannot see whether it is used");
    terminal.wait_for("It is live. Type shop-old to retire it:");
    let ended = terminal.press("no").press(ENTER).end();
    assert_eq!(ended.code, 3, "{}", ended.shown);
    let entry = sandbox.last_entry();
    assert_eq!(entry["action"], "connector.retire");
    assert_eq!(entry["outcome"], "declined");
    let mut terminal = sandbox.terminal("connctl retire shop-test --for 30d");
    terminal.wait_for("Retire it? [y/N] ");
    let ended = terminal.press("y").press(ENTER).end();
    assert_eq!(ended.code, 0, "{}", ended.shown);
    assert!(
        ended.shown.contains("1 connector was retired until 20"),
        "{}",
        ended.shown
    );
}

#[test]
fn a_plan_to_retire_is_no_plan_to_delete() {
    let sandbox = Sandbox::with_shop();
    let plan = |command: &[&str]| {
        let output = sandbox
            .command()
            .args(command)
            .args(["-n", "-o", "json"])
            .output();
        sandbox.write("plan.json", output.unwrap().stdout);
    };
    plan(&["retire", "shop-old", "shop-test", "--for", "30d"]);
    assert_run!(
        sandbox.refused(&["delete", "--plan", "plan.json", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: plan.json: this is a plan to retire; nothing was deleted
  hint: a plan is what "connctl delete --dry-run -o json" writes

"#]]
    );
    done(&sandbox.run(&["retire", "--plan", "plan.json", "--for", "30d", "--yes"]));
    assert_run!(
        sandbox.refused(&["retire", "--plan", "plan.json", "--for", "30d", "--yes"]),
        str![[r#"
exit code: 7
stdout:
stderr:
  error: 2 connectors have changed since you looked, or are gone: shop-old, shop-test; nothing was retired
  hint: look again, then retire again

"#]]
    );
    plan(&["delete", "shop-test"]);
    assert_run!(
        sandbox.refused(&["retire", "--plan", "plan.json", "--for", "30d", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: plan.json: this is a plan to delete; nothing was retired
  hint: a plan is what "connctl retire --dry-run -o json" writes

"#]]
    );
    // Tried since, it is not what was reviewed.
    assert_eq!(sandbox.run(&["exec", "shop-test", "--", "true"]).code, 10);
    assert_run!(
        sandbox.refused(&["delete", "--plan", "plan.json", "--yes"]),
        str![[r#"
exit code: 7
stdout:
stderr:
  error: 1 connector has changed since you looked, or is gone: shop-test; nothing was deleted
  hint: look again, then delete again

"#]]
    );
    // What a prune left on trial is passed over.
    plan(&["prune", "all", "--unused"]);
    let run = sandbox.run(&["delete", "--plan", "plan.json", "--yes"]);
    assert_eq!(run.code, 2, "{run}");
    done(&sandbox.run(&["show", "shop-test"]));
}
