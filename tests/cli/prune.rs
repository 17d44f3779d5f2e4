//! `connctl prune`

use snapbox::str;

use crate::support::Sandbox;
use crate::support::terminal::ENTER;
use crate::{assert_run, assert_text};

#[test]
fn at_least_one_filter_is_needed() {
    let sandbox = Sandbox::with_shop();
    for scope in ["live", "testing", "all"] {
        assert_eq!(sandbox.untouched(&["prune", scope, "--yes"]).code, 2);
    }
    assert_run!(
        sandbox.untouched(&["prune", "live", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: prune needs at least one filter; nothing was deleted
  hint: such as --unused, --expired, --retired, --idle-for 90d, --system, --group or --search

"#]]
    );
    assert_run!(
        sandbox.untouched(&["prune", "live", "--search", "", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: --search needs a text to search for

"#]]
    );
    assert_run!(
        sandbox.untouched(&["prune", "live", "--used-by", "orders", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: unexpected argument '--used-by' found
  
    tip: a similar argument exists: '--unused'
  
  Usage: connctl prune --unused <live|testing|all>
  
  For more information, try '--help'.

"#]]
    );
}

#[test]
fn what_is_in_use_is_reported_and_stays() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["prune", "all", "--system", "shopify", "--yes"]),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME  NAME               SYSTEM   ENVIRONMENT
  shop-eu    in_use   Shop (EU)          shopify  live
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
  shop-eu
stderr:

"#]]
    );
}

#[test]
fn json_tells_of_those_in_use_too() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["prune", "all", "--system", "shopify", "--yes", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  [{"id":"shop-eu","outcome":"in_use","name":"Shop (EU)","system":"shopify","environment":"live","revision":"[REVISION]","references":[{"service":"orders","name":"Orders","role":"source","active":true},{"service":"stock","name":"stock","role":"destination","active":true}],"used_by":2},{"id":"shop-old","outcome":"deleted","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]"},{"id":"shop-test","outcome":"deleted","name":"Shop, \"for tests\"","system":"shopify","environment":"testing","revision":"[REVISION]"}]
stderr:

"#]]
    );
}

#[test]
fn only_the_environment_that_is_named_is_looked_at() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.untouched(&["prune", "--unused", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: the following required arguments were not provided:
    <live|testing|all>
  
  Usage: connctl prune --unused --yes <live|testing|all>
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.run(&["prune", "live", "--unused", "-n", "-o", "ids"]),
        str![[r#"
exit code: 0
stdout:
  shop-old
stderr:
  1 connector would be deleted; nothing was changed.

"#]]
    );
    assert_run!(
        sandbox.run(&["prune", "testing", "--unused", "-n", "-o", "ids"]),
        str![[r#"
exit code: 0
stdout:
  shop-test
stderr:
  1 connector would be deleted; nothing was changed.

"#]]
    );
}

#[test]
fn filters_combine() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&[
            "prune",
            "live",
            "--expired",
            "--idle-for",
            "1y",
            "-y",
            "-o",
            "csv"
        ]),
        str![[r#"
exit code: 0
stdout:
  id,outcome,name,system,environment,revision,references
  shop-old,deleted,shop-old,shopify,live,[REVISION],
stderr:
  Idle: neither added nor used after [TIME].
  1 connector was deleted.

"#]]
    );
}

#[test]
fn what_a_duration_came_to_is_shown() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["prune", "live", "--idle-for", "1y", "--unused", "-n"]),
        str![[r#"
exit code: 0
stdout:
  ID        OUTCOME       NAME      SYSTEM   ENVIRONMENT
  shop-old  would_delete  shop-old  shopify  live
stderr:
  Idle: neither added nor used after [TIME].
  1 connector would be deleted; nothing was changed.

"#]]
    );
}

#[test]
fn nothing_that_matches_is_no_error() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["prune", "live", "--search", "no-such", "--yes"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  No connector matches; nothing was deleted.

"#]]
    );
    assert_run!(
        sandbox.run(&["prune", "live", "--search", "erp", "--yes"]),
        str![[r#"
exit code: 0
stdout:
  ID   OUTCOME  NAME      SYSTEM    ENVIRONMENT
  erp  in_use   Main ERP  netsuite  live
stderr:
  0 connectors were deleted.

"#]]
    );
    assert_run!(
        sandbox.run(&[
            "prune", "live", "--search", "no-such", "--yes", "--expect", "1"
        ]),
        str![[r#"
exit code: 2
stdout:
stderr:
  No connector matches; nothing was deleted.
  error: 0 connectors would be deleted, but 1 was expected; nothing was deleted
  hint: look at what would go with --dry-run, then correct --expect

"#]]
    );
}

#[test]
fn a_dry_run_does_not_change_a_byte() {
    let sandbox = Sandbox::with_shop();
    let before = sandbox.store_bytes();
    assert_run!(
        sandbox.run(&["prune", "all", "--system", "shopify", "--dry-run"]),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME       NAME               SYSTEM   ENVIRONMENT
  shop-eu    in_use        Shop (EU)          shopify  live
  shop-old   would_delete  shop-old           shopify  live
  shop-test  would_delete  Shop, "for tests"  shopify  testing
stderr:
  2 connectors would be deleted; nothing was changed.

"#]]
    );
    assert!(sandbox.store_bytes() == before);
}

#[test]
fn nobody_to_ask_is_an_error() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["prune", "live", "--unused"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 1 connector was not deleted, because nobody can be asked
  hint: give --yes to delete without being asked, or --dry-run to see what would go

"#]]
    );
}

#[test]
fn a_prompt_shows_what_will_go() {
    let sandbox = Sandbox::with_shop();
    let mut terminal = sandbox.terminal("connctl prune testing --unused");
    terminal.wait_for("shop-test").wait_for("[y/N]");
    let ended = terminal.press("y").press(ENTER).end();
    assert_eq!(ended.code, 0, "{}", ended.shown);
    assert_eq!(sandbox.run(&["show", "shop-test"]).code, 4);
    assert_text!(sandbox.last("command"), str![[r#""prune""#]]);
}

#[test]
fn what_begins_to_match_while_the_prompt_stands_open_refuses_all() {
    let sandbox = Sandbox::with_shop();
    let mut terminal = sandbox.terminal("connctl prune testing --unused");
    terminal.wait_for("[y/N]");
    let run = sandbox.run(&["add", "late", "--system", "http", "--env", "testing"]);
    assert_eq!(run.code, 0, "{run}");
    let ended = terminal.press("y").press(ENTER).end();
    assert_eq!(ended.code, 7, "{}", ended.shown);
    assert_eq!(sandbox.run(&["show", "shop-test"]).code, 0);
    assert_eq!(sandbox.run(&["show", "late"]).code, 0);
}

#[test]
fn what_comes_into_use_while_the_prompt_stands_open_refuses_all() {
    let sandbox = Sandbox::with_shop();
    for filter in ["--unused", "--system shopify"] {
        let mut terminal = sandbox.terminal(&format!("connctl prune testing {filter}"));
        terminal.wait_for("[y/N]");
        let service = ["service", "add", "late", "--source", "shop-test"];
        let service = [&service[..], &["--destination", "shop-test"]].concat();
        assert_eq!(sandbox.run(&service).code, 0);
        let ended = terminal.press("y").press(ENTER).end();
        let code = if filter == "--unused" { 7 } else { 5 };
        assert_eq!(ended.code, code, "{}", ended.shown);
        assert_eq!(sandbox.run(&["show", "shop-test"]).code, 0);
        assert_eq!(
            sandbox.run(&["service", "delete", "late", "-y"]).code,
            0,
            "{filter}"
        );
    }
}

#[test]
fn where_no_service_is_known_everything_is_unused() {
    let sandbox = Sandbox::with(
        "[[connectors]]\nid = 'a'\nsystem = 'http'\nenvironment = 'testing'\n\
         [[connectors]]\nid = 'b'\nsystem = 'http'\nenvironment = 'testing'\n",
    );
    let prune = ["prune", "testing", "--unused"];
    for more in [&["--dry-run"][..], &["--yes"], &["--yes", "--expect", "1"]] {
        let run = sandbox.untouched(&[&prune[..], more].concat());
        assert_eq!(run.code, 2, "{run}");
    }
    assert_run!(
        sandbox.untouched(&[&prune[..], &["--yes"]].concat()),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: this store holds no service, so that everything in it is unused, and 2 connectors would match; nothing was deleted
  hint: import the services first; if there are none, say how many connectors are to go: --expect 2

"#]]
    );
    // Nothing that would go needs no number.
    assert_eq!(sandbox.run(&["prune", "live", "--unused", "-y"]).code, 0);
    let run = sandbox.run(&[&prune[..], &["--yes", "--expect", "2"]].concat());
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn the_examples_for_timers_report_and_prune() {
    let example = |name: &str| {
        let path = format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    let service = example("connctl-expired.service");
    let of_service: Vec<_> = service
        .lines()
        .filter_map(|line| line.strip_prefix("ExecStart="))
        .collect();
    let crontab = example("crontab");
    let of_crontab = crontab
        .lines()
        .filter_map(|line| line.strip_prefix("0 6 * * * "));
    for line in of_crontab.map(str::to_owned).chain([of_service.join("; ")]) {
        let sandbox = Sandbox::with_shop();
        for (id, expires) in [("soon", "10d"), ("over", "2021-01-01")] {
            let add = [
                "add",
                id,
                "--system",
                "http",
                "--env",
                "testing",
                "--expires",
            ];
            assert_eq!(sandbox.run(&[&add[..], &[expires]].concat()).code, 0);
        }
        let run = sandbox.shell(&line);
        assert_eq!(run.code, 0, "{run}");
        for said in ["soon", "shop-old", "over  deleted"] {
            assert!(
                run.stdout.replace("       ", "  ").contains(said),
                "{said}: {run}"
            );
        }
        assert_eq!(sandbox.run(&["show", "over"]).code, 4);
        assert_eq!(sandbox.run(&["show", "shop-old"]).code, 0);
    }
}

#[test]
fn notes_are_not_looked_into() {
    let sandbox = Sandbox::with_shop();
    let search = ["all", "--search", "two", "-o", "ids"];
    let listed = sandbox.run(&[&["list"][..], &search].concat());
    assert_eq!(listed.stdout, "shop-test\n");
    let pruned = sandbox.run(&[&["prune"][..], &search, &["--yes"]].concat());
    assert_eq!((pruned.code, pruned.stdout.as_str()), (0, ""), "{pruned}");
}
