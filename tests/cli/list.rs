//! `connctl list`, off a terminal: what it selects.

use snapbox::str;

use crate::assert_run;
use crate::support::Sandbox;

#[test]
fn live_connectors_are_listed_by_id_unless_told_otherwise() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["list"]),
        str![[r#"
exit code: 0
stdout:
  ID        NAME       SYSTEM    ENVIRONMENT  USED BY  UPDATED
  erp       Main ERP   netsuite  live         2        [TIME]
  shop-eu   Shop (EU)  shopify   live         2        [TIME]
  shop-old  shop-old   shopify   live         0        [TIME]
stderr:

"#]]
    );
}

#[test]
fn the_environment_can_be_chosen() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["list", "testing"]),
        str![[r#"
exit code: 0
stdout:
  ID         NAME               SYSTEM   ENVIRONMENT  USED BY  UPDATED
  files      files              http     testing      1        [TIME]
  shop-test  Shop, "for tests"  shopify  testing      0        [TIME]
stderr:

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
  shop-old
  shop-test
stderr:

"#]]
    );
}

#[test]
fn the_example_has_twenty_of_each_environment() {
    let sandbox = Sandbox::with_example();
    for (environment, count) in [("live", 20), ("testing", 20), ("all", 40)] {
        let run = sandbox.run(&["list", environment, "-o", "ids"]);
        assert_eq!(run.stdout.lines().count(), count, "{run}");
    }
}

#[test]
fn each_filter_selects() {
    let sandbox = Sandbox::with_shop();
    for (filter, expected) in [
        (&["--system", "shopify"][..], "shop-eu shop-old shop-test"),
        (&["--group", "retail"], "erp shop-eu"),
        (&["--unused"], "shop-old shop-test"),
        (&["--used-by", "stock"], "erp shop-eu"),
        (&["--expired"], "shop-old"),
        (&["--idle-for", "30d"], "shop-eu shop-old"),
        (&["--idle-for", "100y"], ""),
        (&["--search", "SHOP"], "shop-eu shop-old shop-test"),
        (&["--search", "main e"], "erp"),
        (&["--search", "netsuit"], "erp"),
    ] {
        let run = sandbox.run(&[&["list", "all", "-o", "ids"], filter].concat());
        let found: Vec<_> = run.stdout.lines().collect();
        assert_eq!(found.join(" "), expected, "{filter:?}: {run}");
        assert_eq!(run.code, 0, "{filter:?}: {run}");
    }
}

#[test]
fn every_format_lists_the_same_connectors() {
    let sandbox = Sandbox::with_shop();
    for id in ["shop-eu", "shop-test"] {
        assert_eq!(sandbox.run(&["protect", id]).code, 0);
    }
    for line in [
        "all",
        "live",
        "testing",
        "all --system shopify",
        "all --group retail",
        "all --unused",
        "all --used-by stock",
        "all --expired",
        "all --expires-within 30d",
        "all --idle-for 30d",
        "all --retired",
        "all --protected",
        "all --search SHOP",
        "live --system shopify --protected --used-by stock",
        "live --unused --search old --expired",
    ] {
        let words: Vec<_> = line.split(' ').collect();
        let listed = |format| {
            let run = sandbox.run(&[&["list"], &words[..], &["-o", format]].concat());
            assert_eq!(run.code, 0, "{run}");
            run.stdout
        };
        let records: Vec<serde_json::Value> = serde_json::from_str(&listed("json")).unwrap();
        let ids = records.iter().map(|record| record["id"].as_str().unwrap());
        let ids: String = ids.map(|id| format!("{id}\n")).collect();
        assert_eq!(listed("ids"), ids, "{line}");
    }
}

#[test]
fn filters_combine_with_and() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&[
            "list",
            "--system",
            "shopify",
            "--unused",
            "--expired",
            "--idle-for",
            "1y",
            "--search",
            "old"
        ]),
        str![[r#"
exit code: 0
stdout:
  ID        NAME      SYSTEM   ENVIRONMENT  USED BY  UPDATED
  shop-old  shop-old  shopify  live         0        [TIME]
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&[
            "list", "--system", "shopify", "--unused", "--group", "retail"
        ]),
        str![[r#"
exit code: 0
stdout:
  ID  NAME  SYSTEM  ENVIRONMENT  USED BY  UPDATED
stderr:

"#]]
    );
}

#[test]
fn a_service_that_does_not_exist_is_named() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["list", "--used-by", "nobody"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: service nobody does not exist
  hint: see what there is: connctl service list

"#]]
    );
}

#[test]
fn a_filter_that_means_nothing_is_refused() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["list", "--idle-for", "soon"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value 'soon' for '--idle-for <DURATION>': "soon" is not a duration such as 30d, 2h30m or 6mo
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "--search", ""]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: --search needs a text to search for

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "production"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value 'production' for '[live|testing|all]'
    [possible values: live, testing, all]
  
  For more information, try '--help'.

"#]]
    );
}

#[test]
fn null_separates_ids_for_scripts() {
    let sandbox = Sandbox::with_shop();
    let run = sandbox.run(&["list", "-o", "ids", "-0"]);
    assert_eq!(run.stdout, "erp\0shop-eu\0shop-old\0", "{run}");
    assert_run!(
        sandbox.run(&["list", "-0"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: --null works on ids only
  hint: add "-o ids"

"#]]
    );
}

#[test]
fn a_search_takes_letters_for_what_they_are_and_list_looks_into_notes() {
    let sandbox = Sandbox::with(
        "[[connectors]]\nid = 'a'\nname = 'Cafe\u{301} NORD'\nsystem = 'http'\nenvironment = 'live'\n\
         [[connectors]]\nid = 'b'\nsystem = 'http'\nenvironment = 'live'\nnote = 'ask caf\u{e9} Kim'\n\
         [[services]]\nid = 's'\nname = 'STRASSE'\nsources = ['a']\ndestinations = ['a']\n",
    );
    for wanted in ["CAF\u{c9}", "cafe\u{301}"] {
        let run = sandbox.run(&["list", "--search", wanted, "-o", "ids"]);
        assert_eq!(run.stdout, "a\nb\n", "{run}");
    }
    let run = sandbox.run(&["list", "--search", "cafe", "-o", "ids"]);
    assert_eq!(run.stdout, "", "{run}");
    let run = sandbox.run(&["service", "list", "--search", "straße", "-o", "ids"]);
    assert_eq!(run.stdout, "s\n", "{run}");
    // What is deleted is not picked by a text that somebody wrote beside it.
    let run = sandbox.run(&["prune", "live", "--search", "kim", "--dry-run", "-o", "ids"]);
    assert_eq!(run.stdout, "", "{run}");
}

#[test]
fn what_expires_soon() {
    let sandbox = Sandbox::with_shop();
    for (id, expires) in [("soon", "10d"), ("later", "40d"), ("last", "9999-12-31")] {
        let add = ["add", id, "--system", "http", "--env", "live", "--expires"];
        assert_eq!(sandbox.run(&[&add[..], &[expires]].concat()).code, 0);
    }
    let listed = |more: &[&str]| {
        let run = sandbox.run(&[&["list", "-o", "ids"][..], more].concat());
        assert_eq!(run.code, 0, "{run}");
        run.stdout
    };
    assert_eq!(listed(&["--expires-within", "30d"]), "shop-old\nsoon\n");
    assert_eq!(
        listed(&["--expires-within", "60d"]),
        "later\nshop-old\nsoon\n"
    );
    assert_eq!(
        listed(&["--expires-within", "9000y"]),
        "last\nlater\nshop-old\nsoon\n"
    );
    assert_eq!(
        listed(&["--expires-within", "30d", "--expired"]),
        "shop-old\n"
    );
    let run = sandbox.run(&["list", "--expires-within", "6m"]);
    assert_eq!(run.code, 2, "{run}");
}
