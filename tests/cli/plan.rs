//! `connctl delete --plan`: what one person planned, another one applies.

use serde_json::json;
use snapbox::str;

use crate::support::terminal::{CTRL_D, ENTER};
use crate::support::{Run, Sandbox, in_file};
use crate::{assert_run, assert_text};

const TWO: [&str; 2] = ["shop-old", "shop-test"];

/// The shop, with a plan in `plan.json` to delete two of its connectors.
fn with_plan() -> Sandbox {
    let sandbox = Sandbox::with_shop();
    plan(&sandbox, &["delete", TWO[0], TWO[1]]);
    sandbox
}

fn plan(sandbox: &Sandbox, arguments: &[&str]) {
    let mut command = sandbox.command();
    let command = command.args(arguments).args(["--dry-run", "-o", "json"]);
    let output = command.output().unwrap();
    sandbox.write("plan.json", output.stdout);
}

fn apply(sandbox: &Sandbox) -> Run {
    sandbox.run(&["delete", "--plan", "plan.json", "--yes"])
}

fn change(sandbox: &Sandbox, arguments: &[&str]) {
    let run = sandbox.run(arguments);
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn a_plan_carries_the_revision_of_each() {
    let sandbox = with_plan();
    assert_run!(
        sandbox.run(&["delete", "shop-old", "-n", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  [{"id":"shop-old","outcome":"would_delete","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]"}]
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["prune", "testing", "--unused", "-n", "-o", "ndjson"]),
        str![[r#"
exit code: 0
stdout:
  {"id":"shop-test","outcome":"would_delete","name":"Shop, \"for tests\"","system":"shopify","environment":"testing","revision":"[REVISION]"}
stderr:

"#]]
    );
}

#[test]
fn exactly_what_was_planned_goes() {
    let sandbox = with_plan();
    change(
        &sandbox,
        &["add", "other", "--system", "shopify", "--env", "testing"],
    );
    assert_run!(
        apply(&sandbox),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME  NAME               SYSTEM   ENVIRONMENT
  shop-old   deleted  shop-old           shopify  live
  shop-test  deleted  Shop, "for tests"  shopify  testing
stderr:
  2 connectors were deleted.

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "all", "-o", "ids"]),
        str![[r#"
exit code: 0
stdout:
  erp
  files
  other
  shop-eu
stderr:

"#]]
    );
    // A second time nothing is as it was planned.
    assert_run!(
        apply(&sandbox),
        str![[r#"
exit code: 7
stdout:
stderr:
  error: 2 connectors have changed since you looked, or are gone: shop-old, shop-test; nothing was deleted
  hint: look again, then delete again

"#]]
    );
}

#[test]
fn a_plan_comes_from_prune_ndjson_and_standard_input() {
    let sandbox = Sandbox::with_shop();
    let plan = "connctl prune testing --unused -n -o ndjson";
    assert_run!(
        sandbox.shell(&format!("{plan} | connctl delete --plan - --yes")),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME  NAME               SYSTEM   ENVIRONMENT
  shop-test  deleted  Shop, "for tests"  shopify  testing
stderr:
  1 connector was deleted.

"#]]
    );
}

#[test]
fn a_connector_that_was_edited_since_refuses_all() {
    let sandbox = with_plan();
    change(&sandbox, &["edit", "shop-test", "--note", "still needed"]);
    let before = sandbox.content();
    assert_run!(
        apply(&sandbox),
        str![[r#"
exit code: 7
stdout:
stderr:
  error: 1 connector has changed since you looked, or is gone: shop-test; nothing was deleted
  hint: look again, then delete again

"#]]
    );
    assert_eq!(sandbox.content(), before);
    assert_text!(sandbox.last("outcome"), str![[r#""changed""#]]);
}

#[test]
fn a_connector_that_is_gone_or_came_back_refuses_all() {
    let sandbox = with_plan();
    change(&sandbox, &["delete", "shop-test", "--yes"]);
    assert_run!(
        apply(&sandbox),
        str![[r#"
exit code: 7
stdout:
stderr:
  error: 1 connector has changed since you looked, or is gone: shop-test; nothing was deleted
  hint: look again, then delete again

"#]]
    );
    let add = [
        "add",
        "shop-test",
        "--system",
        "shopify",
        "--env",
        "testing",
    ];
    change(&sandbox, &add);
    let before = sandbox.content();
    assert_eq!(apply(&sandbox).code, 7);
    assert_eq!(sandbox.content(), before);
}

#[test]
fn a_connector_that_came_into_use_refuses_all() {
    let sandbox = with_plan();
    let service = ["service", "add", "late", "--source", "shop-test"];
    let service = [&service[..], &["--destination", "files"]].concat();
    change(&sandbox, &service);
    let before = sandbox.content();
    assert_run!(
        apply(&sandbox),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: shop-test is in use by 1 service and was not deleted
    SERVICE  ROLE    STATUS
    late     source  active
  1 connector could have gone; nothing was deleted
  hint: put another one in its place: connctl replace shop-test NEW
        or remove what uses it: connctl service delete late && connctl delete shop-test shop-old
        it also carries: files

"#]]
    );
    // What is in use weighs more than what has changed.
    change(&sandbox, &["edit", "shop-old", "--note", "x"]);
    assert_eq!(apply(&sandbox).code, 5);
    let plan = ["delete", "--plan", "plan.json", "--dry-run"];
    assert_eq!(sandbox.run(&plan).code, 5);
    change(&sandbox, &["service", "delete", "late", "--yes"]);
    assert_eq!(sandbox.run(&plan).code, 7);
    change(&sandbox, &["edit", "shop-old", "--note", ""]);
    assert_eq!(apply(&sandbox).code, 7, "a revision never comes back");
    assert_ne!(sandbox.content(), before);
}

#[test]
fn a_use_is_no_change() {
    let sandbox = Sandbox::with_secret("value");
    plan(&sandbox, &["delete", "pay"]);
    assert_eq!(sandbox.secret("pay", "api_key"), "value");
    assert_eq!(apply(&sandbox).code, 0);
}

#[test]
fn what_the_plan_left_alone_is_left_alone() {
    let sandbox = Sandbox::with_shop();
    plan(&sandbox, &["prune", "all", "--system", "shopify"]);
    change(&sandbox, &["service", "delete", "orders", "stock", "--yes"]);
    assert_run!(
        apply(&sandbox),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME  NAME               SYSTEM   ENVIRONMENT
  shop-old   deleted  shop-old           shopify  live
  shop-test  deleted  Shop, "for tests"  shopify  testing
stderr:
  2 connectors were deleted.

"#]]
    );
    assert_eq!(sandbox.run(&["show", "shop-eu"]).code, 0);
}

#[test]
fn services_are_planned_too() {
    let sandbox = Sandbox::with_shop();
    plan(&sandbox, &["service", "delete", "copy"]);
    let apply = ["service", "delete", "--plan", "plan.json", "--yes"];
    change(&sandbox, &["service", "edit", "copy", "--note", "x"]);
    assert_run!(
        sandbox.refused(&apply),
        str![[r#"
exit code: 7
stdout:
stderr:
  error: 1 service has changed since you looked, or is gone: copy; nothing was deleted
  hint: look again, then delete again

"#]]
    );
    plan(&sandbox, &["service", "delete", "copy"]);
    // A plan for services says nothing about connectors.
    assert_run!(
        sandbox.refused(&["delete", "--plan", "plan.json", "--yes"]),
        str![[r#"
exit code: 7
stdout:
stderr:
  error: 1 connector has changed since you looked, or is gone: copy; nothing was deleted
  hint: look again, then delete again

"#]]
    );
    assert_run!(
        sandbox.run(&apply),
        str![[r#"
exit code: 0
stdout:
  ID    OUTCOME  NAME  KIND      STATUS
  copy  deleted  copy  standard  inactive
stderr:
  1 service was deleted.

"#]]
    );
}

#[test]
fn expectations_hold_for_plans() {
    let sandbox = with_plan();
    let plan = ["delete", "--plan", "plan.json", "--yes"];
    let with = |more: &[&'static str]| [&plan[..], more].concat();
    assert_run!(
        sandbox.refused(&with(&["--expect", "1"])),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 2 connectors would be deleted, but 1 was expected; nothing was deleted
  hint: look at what would go with --dry-run, then correct --expect

"#]]
    );
    assert_run!(
        sandbox.refused(&with(&["--env", "live"])),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: not of the live environment: shop-test; nothing was deleted
  hint: leave these ids out, or leave out --env

"#]]
    );
    assert_run!(
        sandbox.untouched(&with(&["shop-old"])),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: the argument '--plan <FILE>' cannot be used with '[ID]...'
  
  Usage: connctl delete --plan <FILE> --yes [ID]...
  
  For more information, try '--help'.

"#]]
    );
}

#[test]
fn what_is_no_plan_is_refused() {
    let sandbox = Sandbox::with_shop();
    let revision = "0123456789abcdef0123456789abcdef";
    for content in [
        "{",
        "[[connectors]]",
        r#"{"error":{"kind":"usage","message":"x","hint":null,"exit_code":2}}"#,
        r#"[{"id":"shop-old","outcome":"would_delete"}]"#,
        r#"[{"id":"shop-old","outcome":"would_delete","revision":"x"}]"#,
        &format!(r#"[{{"id":"shop-old","outcome":"deleted","revision":"{revision}"}}]"#),
        &format!(r#"[{{"id":"shop-old","outcome":"kept","revision":"{revision}"}}]"#),
        &format!(r#"[{{"id":"a b","outcome":"would_delete","revision":"{revision}"}}]"#),
        "[] []",
    ] {
        sandbox.write("plan.json", content);
        let run = sandbox.untouched(&["delete", "--plan", "plan.json", "--yes"]);
        assert_eq!(run.code, 2, "{content}: {run}");
    }
    assert_run!(
        sandbox.untouched(&["delete", "--plan", "plan.json", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: plan.json: something stands behind the plan; nothing was deleted
  hint: a plan is what "connctl delete --dry-run -o json" writes

"#]]
    );
    assert_run!(
        sandbox.untouched(&["delete", "--plan", "no-such", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: no-such: No such file or directory (os error 2); nothing was deleted
  hint: a plan is what "connctl delete --dry-run -o json" writes

"#]]
    );
    sandbox.write("plan.json", "[]");
    assert_run!(
        sandbox.run(&["delete", "--plan", "plan.json", "--yes"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  No ids were given; nothing was deleted.

"#]]
    );
}

#[test]
fn a_plan_is_asked_about_like_any_deletion() {
    let sandbox = with_plan();
    let mut terminal = sandbox.terminal("connctl delete --plan plan.json");
    terminal.wait_for("Type the number of all, 2, to delete them:");
    change(&sandbox, &["edit", "shop-old", "--note", "x"]);
    let ended = terminal.press("2").press(ENTER).end();
    assert_eq!(ended.code, 7, "{}", ended.shown);
}

#[test]
fn a_plan_can_be_typed_at_a_terminal() {
    let sandbox = with_plan();
    let mut terminal = sandbox.terminal("connctl delete --plan -");
    terminal.press("[]").press(ENTER).press(CTRL_D);
    let ended = terminal.end();
    assert_eq!(ended.code, 0, "{}", ended.shown);
}

#[test]
fn a_plan_that_deletes_nothing_is_no_plan() {
    let sandbox = Sandbox::with_example();
    let refused = sandbox.run(&["delete", "tap-slack-prod", "-n", "-o", "json"]);
    assert_eq!(refused.code, 5, "{refused}");
    for (content, message) in [
        (
            refused.stdout.as_str(),
            "none of what it names was to be deleted",
        ),
        ("", "there is no plan in it"),
    ] {
        sandbox.write("plan.json", content);
        let run = sandbox.run(&["delete", "--plan", "plan.json", "--yes"]);
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.contains(message), "{run}");
    }
}

#[test]
fn a_plan_that_says_two_things_or_not_what_is_there_is_refused() {
    let sandbox = with_plan();
    let plan = std::fs::read_to_string(sandbox.path("plan.json")).unwrap();
    let rows: Vec<serde_json::Value> = serde_json::from_str(&plan).unwrap();
    let refused = |rows: &[serde_json::Value], what: &str| {
        sandbox.write("plan.json", serde_json::to_string(rows).unwrap());
        let run = sandbox.refused(&["delete", "--plan", "plan.json", "--yes"]);
        assert_eq!(run.code, 7, "{what}: {run}");
        run
    };
    let twice = [&rows[..], &rows[..1]].concat();
    assert_run!(
        refused(&twice, "twice"),
        str![[r#"
exit code: 7
stdout:
stderr:
  error: plan.json: shop-old stands in it twice; nothing was deleted
  hint: plan again, and change nothing in what the dry run writes

"#]]
    );
    let mut both = twice;
    both[2]["outcome"] = "in_use".into();
    let run = refused(&both, "two outcomes");
    let both = "it says both would_delete and in_use of shop-old";
    assert!(run.stderr.contains(both), "{run}");
    for (key, value) in [
        ("environment", "testing"),
        ("name", "Another"),
        ("system", "http"),
    ] {
        let mut rows = rows.clone();
        rows[0][key] = value.into();
        let run = refused(&rows, key);
        assert!(run.stderr.contains("shop-old"), "{run}");
    }
    for (key, value) in [
        ("used_by", json!(1)),
        ("attempts", json!(1)),
        ("retired_until", json!("2027-01-01T00:00:00Z")),
        ("protected", json!(true)),
        (
            "guards",
            json!([{"guard": "g", "used_by": "u", "where": "w"}]),
        ),
        (
            "references",
            json!([{"service": "s", "name": null, "role": "source", "active": true}]),
        ),
    ] {
        let mut rows = rows.clone();
        rows[0][key] = value;
        let run = refused(&rows, key);
        assert!(run.stderr.contains("shop-old"), "{run}");
    }
    // What stays for another reason is no concern of the plan.
    let mut more = rows.clone();
    for (outcome, id) in [("protected", "shop-eu"), ("on_trial", "erp")] {
        let mut row = rows[0].clone();
        row["id"] = id.into();
        row["outcome"] = outcome.into();
        more.push(row);
    }
    sandbox.write("plan.json", serde_json::to_string(&more).unwrap());
    assert_eq!(apply(&sandbox).code, 0);
}

#[test]
fn a_plan_without_an_end_is_not_read_to_it() {
    let sandbox = Sandbox::with_shop();
    let long = "x".repeat(2 << 20);
    for plan in [
        format!(r#"[{{"id":"{long}"}}]"#),
        format!(r#"{{"id":"{long}"}}"#),
        format!("[{}", " ".repeat(2 << 20)),
    ] {
        sandbox.write("plan.json", plan);
        let run = sandbox.untouched(&["delete", "--plan", "plan.json", "--yes"]);
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.len() < 1000, "{run}");
    }
    // The plan of another kind of thing.
    plan(&sandbox, &["service", "delete", "copy"]);
    let run = sandbox.refused(&["delete", "--plan", "plan.json", "--yes"]);
    assert_eq!(run.code, 7, "{run}");
}

/// The same plan with some bytes of it changed, another way for each seed.
fn mutated(plan: &str, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut below = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % limit
    };
    let mut bytes = plan.as_bytes().to_vec();
    for _ in 0..=below(3) {
        let at = below(bytes.len());
        let end = (at + below(8)).min(bytes.len());
        match below(4) {
            0 => bytes[at] = b"\",:{}[]x0\\"[below(10)],
            1 => drop(bytes.drain(at..end)),
            2 => bytes.extend_from_within(at..),
            _ => {
                let piece = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, piece));
            }
        }
    }
    bytes
}

#[test]
fn whatever_stands_in_a_plan_only_what_was_planned_goes() {
    in_file();
    let sandbox = Sandbox::with_shop();
    let words = ["delete", "shop-old", "shop-test", "-n", "-o", "json"];
    // As it is, with its revisions.
    let plan = sandbox.command().args(words).output().unwrap().stdout;
    let plan = String::from_utf8(plan).unwrap();
    let list = ["list", "all", "-o", "ids"];
    let before = sandbox.run(&list).stdout;
    let store = sandbox.store_bytes();
    for seed in 1..60 {
        sandbox.write("store.db", &store);
        sandbox.write("plan.json", mutated(&plan, seed));
        let run = sandbox.run(&["delete", "--plan", "plan.json", "--yes"]);
        assert!(matches!(run.code, 0 | 2 | 5 | 7), "{seed}: {run}");
        let left = sandbox.run(&list).stdout;
        let gone = before
            .lines()
            .filter(|id| !left.lines().any(|one| one == *id));
        for id in gone {
            assert!(["shop-old", "shop-test"].contains(&id), "{seed}: {id}");
            assert_eq!(run.code, 0, "{seed}: {run}");
        }
    }
}
