//! `connctl run`: workflow actions with tokens.

use snapbox::str;

use crate::support::Sandbox;
use crate::support::terminal::ENTER;
use crate::{assert_run, assert_text};

fn delete_entry(id: &str) -> String {
    format!(r#"{{"ActionType": "CredStore.DeleteEntry", "Parameters": {{"EntryId": "{id}"}}}}"#)
}

/// The shop, with these actions in `actions.json`.
fn with(actions: &str) -> Sandbox {
    let sandbox = Sandbox::with_shop();
    sandbox.write("actions.json", actions);
    sandbox
}

#[test]
fn the_action_of_the_example_deletes_one_entry() {
    let sandbox = with(&delete_entry("[SpecificEntryId]"));
    let run = ["run", "actions.json", "--token", "SpecificEntryId=shop-old"];
    let with = |more: &[&'static str]| [&run[..], more].concat();
    let before = sandbox.store_bytes();
    assert_run!(
        sandbox.run(&with(&["--dry-run"])),
        str![[r#"
exit code: 0
stdout:
  ID        OUTCOME       NAME      SYSTEM   ENVIRONMENT
  shop-old  would_delete  shop-old  shopify  live
stderr:
  1 connector would be deleted; nothing was changed.

"#]]
    );
    assert!(sandbox.store_bytes() == before);
    assert_run!(
        sandbox.refused(&run),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 1 connector was not deleted, because nobody can be asked
  hint: give --yes to delete without being asked, or --dry-run to see what would go

"#]]
    );
    assert_run!(
        sandbox.run(&with(&["--yes"])),
        str![[r#"
exit code: 0
stdout:
  ID        OUTCOME  NAME      SYSTEM   ENVIRONMENT
  shop-old  deleted  shop-old  shopify  live
stderr:
  1 connector was deleted.

"#]]
    );
    assert_run!(
        sandbox.run(&with(&["--yes"])),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector shop-old does not exist; it was deleted on [TIME] by root
  hint: see what there is: connctl list all

"#]]
    );
}

#[test]
fn a_list_is_one_transaction() {
    for third in ["erp", "no-such"] {
        let actions = ["shop-old", "shop-test", third].map(delete_entry).join(",");
        let sandbox = with(&format!("[{actions}]"));
        let run = sandbox.refused(&["run", "actions.json", "--yes"]);
        assert_eq!(run.code, if third == "erp" { 5 } else { 4 }, "{run}");
    }
    let actions = ["shop-old", "shop-test", "erp"].map(delete_entry).join(",");
    let sandbox = with(&format!("[{actions}]"));
    assert_run!(
        sandbox.refused(&["run", "actions.json", "--yes", "-o", "json"]),
        str![[r#"
exit code: 5
stdout:
  [{"id":"shop-old","outcome":"kept","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]"},{"id":"shop-test","outcome":"kept","name":"Shop, \"for tests\"","system":"shopify","environment":"testing","revision":"[REVISION]"},{"id":"erp","outcome":"in_use","name":"Main ERP","system":"netsuite","environment":"live","revision":"[REVISION]","references":[{"service":"orders","name":"Orders","role":"destination","active":true},{"service":"stock","name":"stock","role":"source","active":true}],"used_by":2}]
stderr:
  {"error":{"kind":"in_use","message":"erp is in use by 2 services and was not deleted\n  SERVICE  NAME    ROLE         STATUS\n  orders   Orders  destination  active\n  stock            source       active\n2 connectors could have gone; nothing was deleted","hint":"put another one in its place: connctl replace erp NEW\nor remove what uses it: connctl service delete orders stock && connctl delete erp shop-old shop-test\nthey also carry: shop-eu","exit_code":5}}

"#]]
    );
}

#[test]
fn the_description_is_shown_before_asking() {
    let action = delete_entry("shop-test").replacen(
        '{',
        r#"{"Description": "retire the \u001b[31mtest shop", "#,
        1,
    );
    let sandbox = with(&action);
    assert_run!(
        sandbox.run(&["run", "actions.json", "--dry-run"]),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME       NAME               SYSTEM   ENVIRONMENT
  shop-test  would_delete  Shop, "for tests"  shopify  testing
stderr:
  action 1, shop-test: retire the \u{1b}[31mtest shop
  1 connector would be deleted; nothing was changed.

"#]]
    );
    let mut terminal = sandbox.terminal("connctl run actions.json");
    terminal.wait_for("test shop").wait_for("[y/N]");
    let ended = terminal.press("n").press(ENTER).end();
    assert_eq!(ended.code, 3, "{}", ended.shown);
    assert_text!(sandbox.last("outcome"), str![[r#""declined""#]]);
}

#[test]
fn actions_come_from_standard_input_but_an_answer_does_not() {
    let sandbox = Sandbox::with_shop();
    let action = delete_entry("shop-test");
    assert_eq!(
        sandbox
            .run_with_input(&["run", "-"], format!("{action}\ny\n"))
            .code,
        2
    );
    assert_eq!(sandbox.run_with_input(&["run", "-"], &action).code, 2);
    assert_eq!(sandbox.run(&["show", "shop-test"]).code, 0);
    assert_run!(
        sandbox.run_with_input(&["run", "-", "--yes", "-o", "ids"], &action),
        str![[r#"
exit code: 0
stdout:
  shop-test
stderr:
  1 connector was deleted.

"#]]
    );
}

#[test]
fn what_is_not_understood_is_named_with_its_place() {
    let good = delete_entry("shop-old");
    for (actions, place) in [
        (
            format!("[{good}, {}]", delete_entry("[Other]")),
            "action 2: EntryId",
        ),
        (
            format!("[{good}, {}]", delete_entry("")),
            "action 2: EntryId",
        ),
        (
            format!("[{good}, {}]", delete_entry("a b")),
            "action 2: EntryId",
        ),
        (
            format!("[{good}, {}]", delete_entry("[Other=]")),
            "action 2: EntryId",
        ),
        (
            format!("[{good}, {}]", delete_entry("[1]")),
            "action 2: Parameters.EntryId",
        ),
        (
            format!("[{good}, {}]", good.replace("DeleteEntry", "AddEntry")),
            "action 2: ActionType",
        ),
        (
            format!(
                "[{good}, {}]",
                good.replacen('{', r#"{"Condition": "false", "#, 1)
            ),
            "action 2: Condition: \"false\" is no condition that is known",
        ),
        (
            format!(
                "[{good}, {}]",
                good.replacen('{', r#"{"OnError": "Continue", "#, 1)
            ),
            "action 2: unknown field `OnError`",
        ),
        (
            format!(
                "[{good}, {}]",
                good.replace("\"EntryId\"", "\"Force\": true, \"EntryId\"")
            ),
            "action 2: Parameters: unknown field `Force`",
        ),
        (format!("[{good}, {{}}]"), "action 2: missing field"),
        (format!("[{good}, 5]"), "action 2: "),
        (format!("{good} {good}"), "trailing characters"),
        (format!("[{good}"), "EOF"),
    ] {
        let sandbox = with(&actions);
        let run = sandbox.untouched(&["run", "actions.json", "--yes"]);
        assert_eq!(run.code, 2, "{actions}: {run}");
        assert!(run.stderr.contains(place), "{actions}: {run}");
        assert!(run.stderr.contains("nothing was run"), "{actions}: {run}");
    }
    let sandbox = with(&format!("[{good}, {}]", delete_entry("x-[Other]")));
    assert_run!(
        sandbox.untouched(&["run", "actions.json", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: actions.json: action 2: EntryId: the token [Other] has no value; nothing was run
  hint: give it a value with --token NAME=VALUE or --tokens FILE

"#]]
    );
    assert_run!(
        sandbox.untouched(&["run", "no-such", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: no-such: No such file or directory (os error 2); nothing was run

"#]]
    );
}

#[test]
fn no_actions_are_no_error() {
    let sandbox = with("[]");
    assert_run!(
        sandbox.run(&["run", "actions.json", "--yes"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  There are no actions; nothing was run.

"#]]
    );
}

#[test]
fn values_come_from_flags_files_and_the_environment() {
    let sandbox = with(&delete_entry("[Shop:Prefix]-[Env:STAGE]"));
    sandbox.write("tokens.toml", "Other = 1\n[Shop]\nPrefix = 'shop'\n");
    sandbox.write("tokens.json", r#"{"Shop": {"Prefix": "wrong"}}"#);
    let run = |arguments: &[&str]| {
        let mut command = sandbox.command();
        command.args(["run", "actions.json", "-n", "-o", "ids"]);
        sandbox.finish(command.args(arguments).env("STAGE", "old"))
    };
    assert_run!(
        run(&["--tokens", "tokens.toml"]),
        str![[r#"
exit code: 0
stdout:
  shop-old
stderr:
  1 connector would be deleted; nothing was changed.

"#]]
    );
    let both = ["--tokens", "tokens.json", "--token", "Shop:Prefix=shop"];
    assert_run!(
        run(&both),
        str![[r#"
exit code: 0
stdout:
  shop-old
stderr:
  1 connector would be deleted; nothing was changed.

"#]]
    );
    assert_run!(
        run(&["--token", "Shop:Prefix"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: --token "Shop:Prefix" is not of the form NAME=VALUE

"#]]
    );
    assert_run!(
        run(&["--token", "1=x"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: "1" cannot name a token: a letter, then letters, digits and underscores

"#]]
    );
    assert_run!(
        run(&["--token", "Env:STAGE=x"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: Env:STAGE is an environment variable, and cannot be given a value

"#]]
    );
    assert_run!(
        run(&["--tokens", "no-such.toml"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: no-such.toml: No such file or directory (os error 2)

"#]]
    );
    sandbox.write("tokens.json", r#"{"Shop": {"Prefix": ["shop"]}}"#);
    assert_run!(
        run(&["--tokens", "tokens.json"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: tokens.json:1: Shop:Prefix: the value is not a text, a number, true or false

"#]]
    );
}

#[test]
fn a_value_is_never_run_nor_filled_in_again() {
    let sandbox = with(&delete_entry("[Id]"));
    let long = "x".repeat(1 << 20);
    for value in [
        "$(touch touched)",
        "`touch touched`",
        "; touch touched",
        "[Other]",
        "[Env:HOME]",
        "shop-old\nshop-test",
        "shop-old ",
        "-",
        "--yes",
        "*",
        "",
        &long,
    ] {
        let tokens = serde_json::json!({"Id": value, "Other": "shop-old"});
        sandbox.write("tokens.json", tokens.to_string());
        let run = ["run", "actions.json", "--tokens", "tokens.json", "--yes"];
        let run = sandbox.untouched(&run);
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.len() < 1000, "{run}");
        let delete = ["delete", "[Id]", "--tokens", "tokens.json", "--yes"];
        let delete = sandbox.untouched(&delete);
        assert_eq!(delete.code, 2, "{delete}");
        assert!(!sandbox.path("touched").exists());
    }
    let token = ["run", "actions.json", "--yes", "--token"];
    assert_run!(
        sandbox.untouched(&[&token[..], &["Id=$(touch touched)"]].concat()),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: actions.json: action 1: EntryId: the id "$(touch touched)" may hold only letters, digits, '.', '_', ':' and '-' (A-Z, a-z, 0-9), not '$'; nothing was run

"#]]
    );
    assert_run!(
        sandbox.untouched(&[&token[..], &["Id=[Other]", "--token", "Other=shop-old"]].concat()),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: actions.json: action 1: EntryId: the id "[Other]" may hold only letters, digits, '.', '_', ':' and '-' (A-Z, a-z, 0-9), not '['; nothing was run

"#]]
    );
}

#[test]
fn delete_fills_in_tokens_as_well() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&[
            "delete",
            "shop-[Which]",
            "--token",
            "Which=old",
            "-n",
            "-o",
            "ids"
        ]),
        str![[r#"
exit code: 0
stdout:
  shop-old
stderr:
  1 connector would be deleted; nothing was changed.

"#]]
    );
    assert_run!(
        sandbox.untouched(&["delete", "[Which]", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: the token [Which] has no value; nothing was deleted
  hint: give it a value with --token NAME=VALUE or --tokens FILE

"#]]
    );
    // What comes in on standard input is an id and nothing else.
    let run = sandbox.run_with_input(&["delete", "-", "-y", "--token", "A=shop-old"], "[A]\n");
    assert_eq!(run.code, 2, "{run}");
}

#[test]
fn the_same_id_twice_counts_once_and_expectations_hold() {
    let one = delete_entry("shop-old");
    let sandbox = with(&format!("[{one}, {one}]"));
    let run = ["run", "actions.json", "--yes"];
    assert_eq!(
        sandbox
            .refused(&[&run[..], &["--expect", "2"]].concat())
            .code,
        2
    );
    assert_eq!(
        sandbox
            .refused(&[&run[..], &["--env", "testing"]].concat())
            .code,
        2
    );
    assert_eq!(
        sandbox.run(&[&run[..], &["--expect", "1"]].concat()).code,
        0
    );
    assert_text!(sandbox.last("command"), str![[r#""run""#]]);
}

#[test]
fn a_token_that_stands_nowhere_is_a_mistake() {
    let sandbox = Sandbox::with_example();
    let before = sandbox.store_bytes();
    let file = format!("{}/examples/actions.json", env!("CARGO_MANIFEST_DIR"));
    let mut arguments = vec!["run", &file, "--token", "SpecificEntryId=tap-github-prod"];
    arguments.extend(["--token", "Stge=prod", "--yes"]);
    let run = sandbox.run(&arguments);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("--token Stge stands nowhere"), "{run}");
    let run = sandbox.run(&["delete", "tap-github-prod", "--token", "a=b", "--yes"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(sandbox.store_bytes() == before);
}

/// An action with more fields.
fn conditional(id: &str, fields: &str) -> String {
    delete_entry(id).replacen('{', &format!("{{{fields}, "), 1)
}

const ON_STAGE: &str = r#""Condition": "[Stage] == \"prod\"""#;

#[test]
fn a_condition_decides_before_the_plan_and_is_shown_in_it() {
    let sandbox = with(&format!(
        "[{}, {}, {}]",
        conditional("shop-old", ON_STAGE),
        conditional("shop-[Kind]", r#""Condition": "![Enabled]""#),
        conditional("erp", r#""IsDeleted": true"#),
    ));
    let run = ["run", "actions.json", "--token", "Stage=prod"];
    let run = [&run[..], &["--token", "Enabled=True", "--token", "Kind=x"]].concat();
    assert_run!(
        sandbox.run(&[&run[..], &["-n"]].concat()),
        str![[r#"
exit code: 0
stdout:
  ID        OUTCOME       NAME      SYSTEM   ENVIRONMENT
  shop-old  would_delete  shop-old  shopify  live
stderr:
  action 1, shop-old: runs, because [Stage] == "prod" holds
  action 2 does not run, because ![Enabled] does not hold; its EntryId shop-[Kind] is not filled in
  action 3 does not run, because IsDeleted is true
  1 connector would be deleted; nothing was changed.

"#]]
    );
    assert_run!(
        sandbox.run(&[&run[..], &["-n", "-o", "ndjson"]].concat()),
        str![[r#"
exit code: 0
stdout:
  {"id":"shop-old","outcome":"would_delete","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]"}
  {"type":"action","action":1,"outcome":"runs","entry_id":"shop-old","condition":"[Stage] == \"prod\"","holds":true}
  {"type":"action","action":2,"outcome":"skipped","entry_id":"shop-[Kind]","condition":"![Enabled]","holds":false}
  {"type":"action","action":3,"outcome":"skipped","entry_id":"erp"}
stderr:

"#]]
    );
    // What was planned can be deleted as a plan.
    let mut command = sandbox.command();
    let planned = command.args(&run).args(["-n", "-o", "json"]).output();
    sandbox.write("plan.json", planned.unwrap().stdout);
    let plan = ["delete", "--plan", "plan.json", "-n"];
    assert_eq!(sandbox.run(&plan).code, 0);
    let done = sandbox.run(&[&run[..], &["--yes", "-o", "ids"]].concat());
    assert_eq!(
        (done.code, done.stdout.as_str()),
        (0, "shop-old\n"),
        "{done}"
    );
    let entry = sandbox.last_entry();
    assert_eq!(
        entry["detail"]["conditions"],
        serde_json::json!([{"action": 1, "condition": "[Stage] == \"prod\""}])
    );
}

#[test]
fn a_condition_that_is_false_ends_as_its_dry_run() {
    let sandbox = with(&conditional("shop-[Kind]", ON_STAGE));
    let before = sandbox.store_bytes();
    for more in ["-n", "--yes"] {
        let run = ["run", "actions.json", "--token", "Stage=test", more];
        assert_eq!(sandbox.run(&run).code, 0);
    }
    assert_run!(
        sandbox.run(&["run", "actions.json", "--token", "Stage=test", "-n"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  No action runs; nothing was deleted.
  action 1 does not run, because [Stage] == "prod" does not hold; its EntryId shop-[Kind] is not filled in

"#]]
    );
    for more in ["-n", "--yes"] {
        let run = ["run", "actions.json", "--token", "Stage=test", more];
        let run = [&run[..], &["--expect", "1"]].concat();
        assert_eq!(sandbox.run(&run).code, 2);
    }
    assert!(sandbox.store_bytes() == before);
}

#[test]
fn a_condition_that_nobody_can_decide_refuses_the_file() {
    for (condition, token, problem) in [
        (
            "[Stage] == \\\"prod\\\"",
            "Other=x",
            "the token [Stage] has no value",
        ),
        (
            "[Stage]",
            "Stage=prod",
            "the token [Stage] is neither true nor false",
        ),
        (
            "![Stage]",
            "Stage=TRUE",
            "the token [Stage] is neither true nor false",
        ),
        (
            "[Stage] || true",
            "Stage=true",
            "is no condition that is known",
        ),
        (
            "[Stage] == [Stage]",
            "Stage=true",
            "is no condition that is known",
        ),
        ("1 == 1", "Stage=true", "is no condition that is known"),
    ] {
        let field = format!(r#""Condition": "{condition}""#);
        let sandbox = with(&format!(
            "[{}, {}]",
            delete_entry("shop-test"),
            conditional("shop-old", &field)
        ));
        for more in ["-n", "--yes"] {
            let run = sandbox.untouched(&["run", "actions.json", "--token", token, more]);
            assert_eq!(run.code, 2, "{condition}: {run}");
            assert!(run.stderr.contains(problem), "{condition}: {run}");
            assert!(run.stderr.contains("action 2: Condition: "), "{run}");
            assert!(run.stderr.contains("nothing was run"), "{run}");
        }
    }
}

#[test]
fn of_two_actions_on_one_id_one_is_enough() {
    let sandbox = with(&format!(
        "[{}, {}]",
        conditional("shop-test", ON_STAGE),
        delete_entry("shop-test")
    ));
    assert_run!(
        sandbox.run(&["run", "actions.json", "--token", "Stage=test", "-n"]),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME       NAME               SYSTEM   ENVIRONMENT
  shop-test  would_delete  Shop, "for tests"  shopify  testing
stderr:
  action 1 does not run, because [Stage] == "prod" does not hold; shop-test goes all the same, because action 2 runs
  1 connector would be deleted; nothing was changed.

"#]]
    );
    let run = ["run", "actions.json", "--token", "Stage=test", "--yes"];
    assert_eq!(sandbox.run(&run).code, 0);
    assert_eq!(sandbox.run(&["show", "shop-test"]).code, 4);
}

#[test]
fn tokens_in_json_are_known_by_how_they_begin() {
    let sandbox = Sandbox::with_shop();
    sandbox.write("tokens", " {\"Id\": \"shop-test\"}");
    sandbox.write("tokens.toml", "Id = \"shop-test\"");
    for file in ["tokens", "tokens.toml"] {
        let run = sandbox.run(&["delete", "[Id]", "--tokens", file, "-n", "-o", "ids"]);
        assert_eq!((run.code, run.stdout.as_str()), (0, "shop-test\n"), "{run}");
    }
    sandbox.write("twice", "{\"T\": \"erp\", \"T\": \"shop-test\"}");
    assert_run!(
        sandbox.run(&["delete", "[T]", "--tokens", "twice", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: twice:1: the key "T" is there twice

"#]]
    );
}
