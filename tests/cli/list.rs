//! `connctl list`, off a terminal: what it selects.

use snapbox::str;

use crate::support::Sandbox;
use crate::{assert_run, assert_text};

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
  
    tip: use 'live'
  
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

#[test]
fn columns_are_chosen_in_every_format() {
    let sandbox = Sandbox::with_shop();
    let shown = |format: &str| {
        let line = [
            "list",
            "all",
            "--columns",
            "group,id",
            "--limit",
            "3",
            "-o",
            format,
        ];
        sandbox.run(&line).stdout
    };
    assert_text!(
        shown("table"),
        str![[r#"
GROUP   ID
retail  erp
        files
retail  shop-eu

"#]]
    );
    assert_text!(
        shown("json"),
        str![[r#"
[{"group":"retail","id":"erp"},{"group":null,"id":"files"},{"group":"retail","id":"shop-eu"}]

"#]]
    );
    assert_text!(
        shown("ndjson"),
        str![[r#"
{"group":"retail","id":"erp"}
{"group":null,"id":"files"}
{"group":"retail","id":"shop-eu"}

"#]]
    );
    assert_text!(
        shown("csv"),
        str![[r#"
group,id
retail,erp
,files
retail,shop-eu

"#]]
    );
    assert_text!(
        shown("tsv"),
        str![[r#"
group	id
retail	erp
	files
retail	shop-eu

"#]]
    );
    // On a terminal, what was chosen stays although all rows agree in it.
    let terminal = sandbox
        .terminal_of_width(
            80,
            "connctl --color never list --columns id,environment,protected",
        )
        .end()
        .shown;
    assert!(terminal.contains("ENVIRONMENT  PROTECTED"), "{terminal}");
}

#[test]
fn secrets_and_the_audit_trail_have_a_shape_too() {
    let sandbox = Sandbox::with_shop();
    let set = "connctl -q key init && for id in shop-eu shop-old; do
        printf x | connctl -q secret set $id pin=- && printf x | connctl -q secret set $id key=-; done";
    let run = sandbox.shell(set);
    assert_eq!(run.code, 0, "{run}");
    let shown = |line: &str| {
        let words: Vec<_> = line.split(' ').collect();
        let run = sandbox.run(&words);
        assert_eq!(run.code, 0, "{run}");
        run.stdout
    };
    assert_eq!(
        shown("secret list --columns connector,name --sort -connector,name --limit 3 -o tsv"),
        "connector\tname\nshop-old\tkey\nshop-old\tpin\nshop-eu\tkey\n"
    );
    assert_eq!(
        shown("audit list --columns action,subject --sort -sequence --limit 2 -o tsv"),
        "action\tsubject\nsecret.set\tshop-old\nsecret.set\tshop-old\n"
    );
    let newest = "audit list --action secret.set -o ids --sort -sequence";
    assert_eq!(shown(newest).lines().count(), 4);
    assert!(
        shown(newest)
            .lines()
            .rev()
            .eq(shown("audit list --action secret.set -o ids").lines())
    );
    let ended = sandbox
        .terminal("connctl audit list --columns host,hash --limit 1")
        .end();
    assert!(ended.shown.contains("HOST"), "{}", ended.shown);
}

#[test]
fn a_list_is_sorted_and_limited() {
    let sandbox = Sandbox::with_shop();
    let ids = |options: &[&str]| {
        let run = sandbox.run(&[&["list", "all", "-o", "ids"], options].concat());
        assert_eq!(run.code, 0, "{run}");
        run.stdout.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        ids(&["--sort", "-id", "--limit", "2"]),
        ["shop-test", "shop-old"]
    );
    // What is alike stays in the order of the ids, or is sorted by what is named next.
    let by_use = ["erp", "shop-eu", "files", "shop-old", "shop-test"];
    assert_eq!(ids(&["--sort", "-used_by"]), by_use);
    let both = ["shop-eu", "erp", "files", "shop-test", "shop-old"];
    assert_eq!(ids(&["--sort", "-used_by", "--sort=-id"]), both);
    assert_eq!(ids(&["--sort", "-used_by,-id"]), both);
    // What has no group comes last, whichever way.
    assert_eq!(ids(&["--sort", "group"])[..2], ["erp", "shop-eu"]);
    assert_eq!(ids(&["--sort", "-group"])[..2], ["erp", "shop-eu"]);
    assert_eq!(ids(&["--limit", "1"]), ["erp"]);
    let services = sandbox.run(&[
        "service", "list", "--sort", "-id", "--limit", "1", "-o", "ids",
    ]);
    assert_eq!(services.stdout.lines().count(), 1, "{services}");
    let shown = sandbox
        .terminal_of_width(80, "connctl list --limit 2")
        .end()
        .shown;
    assert!(
        shown.contains("2 live connectors; there are more"),
        "{shown}"
    );
    let shown = sandbox
        .terminal_of_width(80, "connctl list --limit 3")
        .end()
        .shown;
    assert!(!shown.contains("there are more"), "{shown}");
}

#[test]
fn a_shape_that_means_nothing_is_refused() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["list", "--sort", "used-by"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: there is no column "used-by"
  hint: did you mean used_by? the columns are id, name, system, environment, used_by, updated_at, expires_at, last_used_at, group, protected, retired_until

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "--columns", "id,size"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: there is no column "size"
  hint: the columns are id, name, system, environment, used_by, updated_at, expires_at, last_used_at, group, protected, retired_until

"#]]
    );
    assert_run!(
        sandbox.run(&["service", "list", "--sort=-size", "-o", "json"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  {"error":{"kind":"usage","message":"there is no column \"size\"","hint":"the columns are id, name, kind, active, sources, destinations, schedule, updated_at","exit_code":2}}

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "--columns", "id", "-o", "ids"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: --columns works in every format but ids, which shows these alone
  hint: choose one of both

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "--columns", "id,name,id"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: --columns names id twice

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "--limit", "0"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value '0' for '--limit <NUMBER>': give a number from 1 on
  
  For more information, try '--help'.

"#]]
    );
}
