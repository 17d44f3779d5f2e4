//! `connctl import`: all of a file, or nothing.

use std::fmt::Write;

use snapbox::str;

use crate::support::{SHOP, Sandbox, example};
use crate::{assert_run, assert_text};

/// Imports each of these files into a store, which must refuse it and stay as it is; returns what
/// was said.
fn refusals(sandbox: &Sandbox, ending: &str, files: &[&str]) -> String {
    let mut said = String::new();
    let name = format!("bad.{ending}");
    for file in files {
        sandbox.write(&name, file);
        let run = sandbox.refused(&["import", &name]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run}");
        writeln!(said, "{}", run.stderr.trim_end()).unwrap();
    }
    said
}

#[test]
fn the_example_is_imported_and_counted() {
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&["import", &example()]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported 40 connectors and 20 services.

"#]]
    );
    assert_run!(
        sandbox.run(&["import", &example(), "--replace", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  {"connectors":{"added":0,"replaced":0,"unchanged":40},"services":{"added":0,"replaced":0,"unchanged":20}}
stderr:

"#]]
    );
}

#[test]
fn services_may_come_before_their_connectors() {
    for (name, content) in [
        (
            "x.toml",
            "[[services]]\nid = 's'\nsources = ['a']\ndestinations = ['a']\n\n[[connectors]]\nid = 'a'\nsystem = 'http'\nenvironment = 'live'\n",
        ),
        (
            "x.json",
            r#"{"services":[{"id":"s","sources":["a"],"destinations":["a"]}],"connectors":[{"id":"a","system":"http","environment":"live"}]}"#,
        ),
        (
            "x.ndjson",
            "{\"type\":\"service\",\"id\":\"s\",\"sources\":[\"a\"],\"destinations\":[\"a\"]}\n{\"type\":\"connector\",\"id\":\"a\",\"system\":\"http\",\"environment\":\"live\"}\n",
        ),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write(name, content);
        let run = sandbox.run(&["import", name]);
        assert_eq!(run.stderr, "Imported 1 connector and 1 service.\n", "{run}");
    }
}

#[test]
fn the_format_is_that_of_the_flag_then_of_the_ending_then_of_the_beginning() {
    let sandbox = Sandbox::new();
    let json = r#"{"connectors":[{"id":"a","system":"http","environment":"live"}]}"#;
    assert_run!(
        sandbox.run_with_input(&["import", "-"], json),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported 1 connector and 0 services.

"#]]
    );
    assert_run!(
        Sandbox::new().run_with_input(&["import", "-", "--format", "json"], json),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported 1 connector and 0 services.

"#]]
    );
    sandbox.write(
        "b.JSONL",
        "{\"type\":\"connector\",\"id\":\"b\",\"system\":\"http\",\"environment\":\"live\"}",
    );
    assert_run!(
        sandbox.run(&["import", "b.JSONL"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported 1 connector and 0 services.

"#]]
    );
}

#[test]
fn a_mistake_in_toml_is_named_with_file_line_and_key() {
    let sandbox = Sandbox::with_shop();
    let good = "[[connectors]]\nid = 'good'\nsystem = 'http'\nenvironment = 'live'\n\n";
    let files = [
        "[[connectors]]\nid = 5\n",
        "[[connectors]]\nid = 'a b'\nsystem = 'http'\nenvironment = 'live'\n",
        "[[connectors]]\nid = 'a'\nsystem = 'http'\nenvironment = 'production'\n",
        "[[connectors]]\nid = 'a'\nsystem = 'http'\nenvironment = 'live'\ncolour = 'red'\n",
        "[[connectors]]\nid = 'a'\nsystem = 'http'\n",
        "[[connectors]]\nid = 'a'\nsystem = 'http'\nenvironment = 'live'\nexpires_at = 'soon'\n",
        "[[connectors]]\nid = 'a'\nsystem = 'http'\nenvironment = 'live'\nsettings = { ratio = nan }\n",
        "[[connectors]]\nid = 'good'\nsystem = 'http'\nenvironment = 'live'\n",
        "[[services]]\nid = 's'\nsources = []\n",
        "[[services]]\nid = 's'\nsources = ['gone', 'good']\ndestinations = ['lost']\n",
        "[[services]]\nid = 's'\nsources = ['a b']\ndestinations = ['good']\n",
        "[[services]]\nid = 's'\nactive = 'yes'\nsources = ['good']\ndestinations = ['good']\n",
        "[[conectors]]\nid = 'a'\n",
        "[[connectors]]\nid = 'a\n",
        "[[connectors]]\nid = 'a'\nsystem = 'http'\nenvironment = 'live'\nsettings = 5\n",
        "secret = 1\n",
    ]
    .map(|bad| format!("{good}{bad}"));
    let files: Vec<_> = files.iter().map(String::as_str).collect();
    assert_text!(
        refusals(&sandbox, "toml", &files),
        str![[r#"
error: bad.toml:7:6: connectors[0].id: invalid type: integer `5`, expected a string; nothing was imported
error: bad.toml:7:6: connectors[0].id: the id "a b" may hold only letters, digits, '.', '_', ':' and '-' (A-Z, a-z, 0-9), not ' '; nothing was imported
error: bad.toml:9:15: connectors[0].environment: unknown variant `production`, expected `live` or `testing`; nothing was imported
hint: say what it is with --env-map production=live, or production=testing
error: bad.toml:10:1: connectors[0].colour: unknown field `colour`, expected one of `type`, `id`, `name`, `system`, `environment`, `group`, `note`, `expires_at`, `last_used_at`, `created_at`, `updated_at`, `protected`, `retired_at`, `retired_until`, `origin`, `settings`, `secrets`; nothing was imported
error: bad.toml:6:1: connectors[0]: missing field `environment`; nothing was imported
error: bad.toml:10:14: connectors[0].expires_at: "soon" is not a time such as [TIME]; nothing was imported
error: bad.toml:10:22: connectors[0].settings.ratio: the number nan cannot be kept exactly; put it in double quotes to keep it as a text; nothing was imported
error: bad.toml:6: connector good stands in the file twice; nothing was imported
error: bad.toml:6: service s refers to no connector; it needs a source or a destination; nothing was imported
error: bad.toml:6: service s refers to connector gone, which does not exist
bad.toml:6: service s refers to connector lost, which does not exist
nothing was imported
hint: add the connectors to the file, or correct the ids
error: bad.toml:8:12: services[0].sources[0]: the id "a b" may hold only letters, digits, '.', '_', ':' and '-' (A-Z, a-z, 0-9), not ' '; nothing was imported
error: bad.toml:8:10: services[0].active: invalid type: string "yes", expected a boolean; nothing was imported
error: bad.toml:6:3: conectors: unknown field `conectors`, expected one of `recipients`, `connectors`, `services`; nothing was imported
error: bad.toml:7:8: invalid literal string, expected `'`; nothing was imported
error: bad.toml:10:12: connectors[0].settings: invalid type: integer `5`, expected a table; nothing was imported
error: bad.toml:6:1: connectors[0].secret: unknown field `secret`, expected one of `type`, `id`, `name`, `system`, `environment`, `group`, `note`, `expires_at`, `last_used_at`, `created_at`, `updated_at`, `protected`, `retired_at`, `retired_until`, `origin`, `settings`, `secrets`; nothing was imported

"#]]
    );
}

#[test]
fn a_mistake_in_json_is_named_with_file_line_and_key() {
    let sandbox = Sandbox::with_shop();
    let good = r#"{"id":"good","system":"http","environment":"live"}"#;
    let files = [
        r#"{"id":5}"#,
        r#"{"id":"a b","system":"http","environment":"live"}"#,
        r#"{"id":"a","system":"http","environment":"production"}"#,
        r#"{"id":"a","system":"http","environment":"live","used_by":3}"#,
        r#"{"type":"service","id":"a","system":"http","environment":"live"}"#,
        r#"{"id":"a","system":"http","environment":"live","settings":5}"#,
        r#"{"id":"a","system":"http","environment":"live","settings":{"x":1,"x":2}}"#,
        r#"{"id":"a","system":"http","environment":"live","settings":{"x":{"y":1,"y":2}}}"#,
        good,
        r#"{"id":"a""#,
    ]
    .map(|bad| format!("{{\"connectors\":[\n{good},\n{bad}\n]}}"));
    let mut files: Vec<_> = files.iter().map(String::as_str).collect();
    let dangling = r#"{"services":[{"id":"s","sources":["gone"],"destinations":["erp"]}]}"#;
    files.extend([dangling, "[]", "", "{\"connectors\":[]} x", "\u{1}"]);
    assert_text!(
        refusals(&sandbox, "json", &files),
        str![[r#"
error: bad.json:3:7: connectors[1].id: invalid type: integer `5`, expected a string; nothing was imported
error: bad.json:3:7: connectors[1].id: the id "a b" may hold only letters, digits, '.', '_', ':' and '-' (A-Z, a-z, 0-9), not ' '; nothing was imported
error: bad.json:3:41: connectors[1].environment: unknown variant `production`, expected `live` or `testing`; nothing was imported
hint: say what it is with --env-map production=live, or production=testing
error: bad.json:3:48: connectors[1].used_by: unknown field `used_by`, expected one of `type`, `id`, `name`, `system`, `environment`, `group`, `note`, `expires_at`, `last_used_at`, `created_at`, `updated_at`, `protected`, `retired_at`, `retired_until`, `origin`, `settings`, `secrets`; nothing was imported
error: bad.json:connectors[1]: a stands among the connectors; nothing was imported
error: bad.json:3:59: connectors[1].settings: invalid type: integer `5`, expected a table; nothing was imported
error: bad.json:3:66: connectors[1].settings: the key "x" is there twice; nothing was imported
error: bad.json:3:71: connectors[1].settings.x: the key "y" is there twice; nothing was imported
error: bad.json:connectors[1]: connector good stands in the file twice; nothing was imported
error: bad.json:4:1: connectors[1]: expected `,` or `}`; nothing was imported
error: bad.json:services[0]: service s refers to connector gone, which does not exist
nothing was imported
hint: add the connectors to the file, or correct the ids
error: bad.json:1:1: invalid type: sequence, expected an object with the lists "connectors" and "services"; nothing was imported
hint: it looks like a list, and the file is one object with lists in it: jq '{connectors: .}' bad.json | connctl import - --format json
error: bad.json:1:0: EOF while parsing a value; nothing was imported
error: bad.json:1:19: trailing characters; nothing was imported
error: bad.json:1:1: expected value; nothing was imported

"#]]
    );
}

#[test]
fn a_mistake_in_ndjson_is_named_with_file_line_and_key() {
    let sandbox = Sandbox::with_shop();
    let good = r#"{"type":"connector","id":"good","system":"http","environment":"live"}"#;
    let files = [
        r#"{"type":"connector","id":5}"#,
        r#"{"type":"connector","id":"a b","system":"http","environment":"live"}"#,
        r#"{"type":"connector","id":"a","system":"http","environment":"live","revision":"x"}"#,
        r#"{"id":"a","system":"http","environment":"live"}"#,
        r#"{"type":"flow","id":"a"}"#,
        r#"{"type":"service","id":"s","sources":["gone"],"destinations":["erp"]}"#,
        good,
        "{",
    ]
    .map(|bad| format!("{good}\n\n{bad}\n"));
    let files: Vec<_> = files.iter().map(String::as_str).collect();
    assert_text!(
        refusals(&sandbox, "ndjson", &files),
        str![[r#"
error: bad.ndjson:3:26: id: invalid type: integer `5`, expected a string; nothing was imported
error: bad.ndjson:3:26: id: the id "a b" may hold only letters, digits, '.', '_', ':' and '-' (A-Z, a-z, 0-9), not ' '; nothing was imported
error: bad.ndjson:3:67: revision: unknown field `revision`, expected one of `type`, `id`, `name`, `system`, `environment`, `group`, `note`, `expires_at`, `last_used_at`, `created_at`, `updated_at`, `protected`, `retired_at`, `retired_until`, `origin`, `settings`, `secrets`; nothing was imported
error: bad.ndjson:3:1: missing field `type`; nothing was imported
error: bad.ndjson:3:9: type: unknown variant `flow`, expected one of `recipient`, `connector`, `service`; nothing was imported
error: bad.ndjson:3: service s refers to connector gone, which does not exist
nothing was imported
hint: add the connectors to the file, or correct the ids
error: bad.ndjson:3: connector good stands in the file twice; nothing was imported
error: bad.ndjson:3:1: EOF while parsing an object; nothing was imported

"#]]
    );
}

#[test]
fn what_exists_is_refused_without_replace() {
    let sandbox = Sandbox::with_shop();
    sandbox.write("shop.toml", SHOP);
    assert_run!(
        sandbox.refused(&["import", "shop.toml"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: shop.toml:2: connector erp exists already; nothing was imported
  hint: give --replace to replace what exists; an id may stand in the file once

"#]]
    );
}

#[test]
fn replace_tells_what_was_added_replaced_and_unchanged() {
    let sandbox = Sandbox::with_shop();
    let changed = SHOP
        .replace("Main ERP", "Other ERP")
        .replace("id = \"shop-old\"", "id = \"shop-new\"")
        .replace("0 6 * * *", "0 7 * * *");
    sandbox.write("shop.toml", changed);
    assert_run!(
        sandbox.run(&["import", "shop.toml", "--replace"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported: 1 connector added, 1 replaced, 3 unchanged; 0 services added, 1 replaced, 2 unchanged.

"#]]
    );
    assert_run!(
        sandbox.run(&["import", "shop.toml", "--replace", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  {"connectors":{"added":0,"replaced":0,"unchanged":5},"services":{"added":0,"replaced":0,"unchanged":3}}
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "-o", "csv"]),
        str![[r#"
exit code: 0
stdout:
  id,name,system,environment,used_by,updated_at,expires_at,last_used_at,group,protected,retired_until
  erp,Other ERP,netsuite,live,2,[TIME],,,retail,false,
  shop-eu,Shop (EU),shopify,live,2,[TIME],,[TIME],retail,false,
  shop-new,shop-new,shopify,live,0,[TIME],[TIME],,,false,
  shop-old,shop-old,shopify,live,0,[TIME],[TIME],,,false,
stderr:

"#]]
    );
}

#[test]
fn replacing_with_the_same_keeps_everything() {
    let sandbox = Sandbox::with_shop();
    sandbox.write("same.json", sandbox.export("json"));
    let before = sandbox.export("json");
    assert_run!(
        sandbox.run(&["import", "same.json", "--replace"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported: 0 connectors added, 0 replaced, 5 unchanged; 0 services added, 0 replaced, 3 unchanged.

"#]]
    );
    assert_eq!(sandbox.export("json"), before);
}

#[test]
fn replace_never_changes_an_environment_nor_takes_an_id_twice() {
    let sandbox = Sandbox::with_shop();
    sandbox.write("moved.toml", SHOP.replace("\"testing\"", "\"live\""));
    assert_run!(
        sandbox.refused(&["import", "moved.toml", "--replace"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: moved.toml:25: connector shop-test is testing and cannot become live; nothing was imported

"#]]
    );
    sandbox.write(
        "twice.toml",
        format!("{SHOP}{}", SHOP.replace("Orders", "Other")),
    );
    assert_run!(
        sandbox.refused(&["import", "twice.toml", "--replace"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: twice.toml:59: connector erp stands in the file twice; nothing was imported

"#]]
    );
}

#[test]
fn a_service_that_is_replaced_frees_what_it_no_longer_names() {
    let sandbox = Sandbox::with_shop();
    let moved = "[[services]]\nid = 'copy'\nsources = ['erp']\ndestinations = ['erp']\n";
    let run = sandbox.run_with_input(&["import", "-", "--replace"], moved);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.run(&["delete", "files", "--yes"]).code, 0);
}

#[test]
fn a_file_that_cannot_be_read_makes_no_store() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "latin.toml",
        b"[[connectors]]\nid = 'a'\nsystem = 'http'\nenvironment = 'live'\nnote = '\xe9'\n",
    );
    assert_run!(
        sandbox.run(&["import", "nothing.toml"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: cannot read nothing.toml: No such file or directory (os error 2); nothing was changed

"#]]
    );
    assert_run!(
        sandbox.run(&["import", "."]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: . is a folder; nothing was changed

"#]]
    );
    assert!(!sandbox.path("store.db").exists());
    assert_run!(
        sandbox.run(&["import", "latin.toml"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: latin.toml:5: this line is not UTF-8 text; nothing was imported

"#]]
    );
}

#[test]
fn an_empty_file_is_an_empty_import() {
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&["import", "-"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported 0 connectors and 0 services.

"#]]
    );
}

#[test]
fn an_escape_in_a_file_never_reaches_the_terminal_raw() {
    let sandbox = Sandbox::with_shop();
    let bad = r#"{"type":"connector","id":"a","\u001b[2J":1}"#;
    sandbox.write("bad\u{1b}[2J.ndjson", bad);
    let run = sandbox.refused(&["import", "bad\u{1b}[2J.ndjson"]);
    assert_run!(
        run,
        str![[r#"
exit code: 2
stdout:
stderr:
  error: bad\u{1b}[2J.ndjson:1:42: \u{1b}[2J: unknown field `\u{1b}[2J`, expected one of `type`, `id`, `name`, `system`, `environment`, `group`, `note`, `expires_at`, `last_used_at`, `created_at`, `updated_at`, `protected`, `retired_at`, `retired_until`, `origin`, `settings`, `secrets`; nothing was imported

"#]]
    );
}

#[test]
fn many_connectors_are_one_change() {
    let sandbox = Sandbox::new();
    let mut file = String::new();
    for number in 0..20_000 {
        writeln!(
            file,
            r#"{{"type":"connector","id":"c{number:05}","system":"http","environment":"live"}}"#
        )
        .unwrap();
    }
    let bad = format!("{file}{{\"type\":\"connector\"}}\n");
    let run = sandbox.run_with_input(&["import", "-", "--format", "ndjson"], bad);
    assert_run!(
        run,
        str![[r#"
exit code: 2
stdout:
stderr:
  error: standard input:20001:1: missing field `id`; nothing was imported

"#]]
    );
    assert_eq!(sandbox.run(&["list", "-o", "ids"]).stdout, "");
    let run = sandbox.run_with_input(&["import", "-", "--format", "ndjson"], file);
    assert_run!(
        run,
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported 20000 connectors and 0 services.

"#]]
    );
    assert_eq!(
        sandbox.run(&["list", "-o", "ids"]).stdout.lines().count(),
        20_000
    );
}

#[test]
fn what_windows_editors_write_is_read() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "a.toml",
        "\u{feff}[[connectors]]\r\nid = 'a'\r\nsystem = 'http'\r\nenvironment = 'live'\r\n",
    );
    sandbox.write("b.json", "\u{feff}{\"connectors\":[\r\n{\"id\":\"b\",\"system\":\"http\",\"environment\":\"live\"}\r\n]}\r\n");
    sandbox.write("c.ndjson", "\u{feff}{\"type\":\"connector\",\"id\":\"c\",\"system\":\"http\",\"environment\":\"live\"}\r\n");
    for file in ["a.toml", "b.json", "c.ndjson"] {
        let run = sandbox.run(&["import", file]);
        assert_eq!(run.code, 0, "{run}");
    }
    assert_eq!(sandbox.run(&["list", "-o", "ids"]).stdout, "a\nb\nc\n");
}

#[test]
fn a_service_needs_one_end_in_every_format() {
    let connector = r#"{"type":"connector","id":"a","system":"http","environment":"live"}"#;
    let service = |ends: &str| format!(r#"{{"type":"service","id":"s"{ends}}}"#);
    let file = |format: &str, ends: &str| {
        let service = service(ends);
        match format {
            "json" => format!(r#"{{"connectors":[{connector}],"services":[{service}]}}"#),
            "ndjson" => format!("{connector}\n{service}\n"),
            _ => {
                let ends = ends.replace(':', "=").replace(',', "\n").replace('"', "");
                let ends = ends.replace("[a]", "['a']");
                format!(
                    "[[connectors]]\nid='a'\nsystem='http'\nenvironment='live'\n\
                     [[services]]\nid='s'{ends}\n"
                )
            }
        }
    };
    for format in ["toml", "json", "ndjson"] {
        for ends in [
            r#","sources":["a"]"#,
            r#","destinations":["a"]"#,
            r#","sources":[],"destinations":["a"]"#,
        ] {
            let sandbox = Sandbox::new();
            let import = ["import", "-", "--format", format];
            let run = sandbox.run_with_input(&import, file(format, ends));
            assert_eq!(run.code, 0, "{format} {ends}: {run}");
            // What is exported can be imported again.
            let exported = sandbox.export(format);
            let copy = Sandbox::new();
            let run = copy.run_with_input(&import, &exported);
            assert_eq!(run.code, 0, "{exported}: {run}");
            assert_eq!(copy.export(format), exported);
            let doctor = sandbox.run(&["doctor", "-o", "ndjson"]);
            assert!(!doctor.stdout.contains("without any"), "{doctor}");
            assert_eq!(sandbox.run(&["show", "a"]).code, 0);
            assert_eq!(sandbox.run(&["service", "show", "s"]).code, 0);
            let run = sandbox.run(&["delete", "a", "--yes"]);
            assert_eq!(run.code, 5, "{run}");
        }
        for ends in ["", r#","sources":[]"#, r#","sources":[],"destinations":[]"#] {
            let sandbox = Sandbox::empty();
            let import = ["import", "-", "--format", format];
            let run = sandbox.run_with_input(&import, file(format, ends));
            assert_eq!(run.code, 2, "{format} {ends}: {run}");
            assert!(run.stderr.contains("refers to no connector"), "{run}");
        }
    }
}

const ONE: &str = r#"{"type":"connector","id":"a","system":"http","environment":"live"}"#;

#[test]
fn the_beginning_tells_the_format_where_no_ending_does() {
    for (content, name) in [
        (format!(r#"{{"connectors":[{ONE}]}}"#), "file.txt"),
        (
            format!("\u{feff}{{\n  \"connectors\": [{ONE}]\n}}\n"),
            "file",
        ),
        (format!("{ONE}\n"), "file.log"),
        (
            "[[connectors]]\nid='a'\nsystem='http'\nenvironment='live'\n".to_owned(),
            "file.txt",
        ),
    ] {
        let sandbox = Sandbox::new();
        let run = sandbox.run_with_input(&["import", "-"], &content);
        assert_eq!(run.code, 0, "{content}: {run}");
        let sandbox = Sandbox::new();
        sandbox.write(name, &content);
        let run = sandbox.run(&["import", name]);
        assert_eq!(run.code, 0, "{content}: {run}");
    }
    // Process substitution gives a name without an ending.
    let sandbox = Sandbox::new();
    sandbox.write("file.json", format!(r#"{{"connectors":[{ONE}]}}"#));
    let run = sandbox.shell("bash -c 'connctl import <(cat file.json)'");
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn the_usual_accidents_are_told_with_the_way_out() {
    let sandbox = Sandbox::empty();
    let spread = ONE.replace(',', ",\n");
    let hints: Vec<String> = [
        ("a.ndjson", spread.as_str()),
        ("a.json", spread.as_str()),
        ("a.json", &format!("{ONE}\n{ONE}\n")),
        ("a.ndjson", "{\n\"connectors\": []}\n"),
        ("a.toml", "{\"connectors\": []}"),
        ("a.json", &format!("[{ONE}]")),
        ("a.jsonl", "[\"a\",\"http\",\"live\"]\n"),
        ("a.yaml", "connectors:\n- id: a\n"),
        ("a.csv", "id,system,environment\na,http,live\n"),
        ("a b.csv", "id,system,environment\na,http,live\n"),
        ("a.txt", "{connectors: []}"),
        ("a.json", &format!("[{ONE},{ONE}]")),
        ("a.json", "{\"pg\": {\"conn_type\": \"postgres\"}}"),
        ("a.txt", "{\n\"pg\": {\"conn_type\": \"postgres\"}}"),
        (
            "a.json",
            &format!("{{\"connectors\":[{}]}}", ONE.replace("live", "dev")),
        ),
        ("a.ndjson", &ONE.replace("live", "dev; x")),
    ]
    .into_iter()
    .map(|(name, content)| {
        sandbox.write(name, content);
        let run = sandbox.untouched(&["import", name]);
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.contains(&format!("{name}:")), "{run}");
        // What is no text of ours is not told in the words of a format that it is not.
        assert!(!run.stderr.contains("key with no value"), "{run}");
        let hint = run.stderr.lines().find(|line| line.starts_with("hint: "));
        hint.unwrap_or_else(|| panic!("{run}")).to_owned()
    })
    .collect();
    assert_text!(
        hints.join("\n"),
        str![[r#"
hint: it looks like records over several lines; NDJSON has one a line: jq -c . a.ndjson | connctl import - --format ndjson
hint: it looks like records over several lines; NDJSON has one a line: jq -c . a.json | connctl import - --format ndjson
hint: it looks like NDJSON: give --format ndjson
hint: it looks like JSON: give --format json
hint: it looks like JSON: give --format json
hint: it looks like a list of records; NDJSON has one a line: jq -c '.[]' a.json | connctl import - --format ndjson
hint: it looks like lists of values, which need names: jq -c '{type: "connector", id: .[0], system: .[1], environment: .[2]}' a.jsonl | connctl import - --format ndjson
hint: it looks like YAML, which can be made JSON: yq -j . a.yaml | connctl import - --format json
hint: it looks like CSV, which can be made JSON: python3 -c 'import csv, json, sys; print(json.dumps({"connectors": [{k: v for k, v in r.items() if v} for r in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig"))]}))' a.csv | connctl import - --format json
hint: it looks like CSV, which can be made JSON: python3 -c 'import csv, json, sys; print(json.dumps({"connectors": [{k: v for k, v in r.items() if v} for r in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig"))]}))' FILE | connctl import - --format json
hint: it looks like YAML, which can be made JSON: yq -j . a.txt | connctl import - --format json
hint: it looks like a list of records; NDJSON has one a line: jq -c '.[]' a.json | connctl import - --format ndjson
hint: the file is one object with the lists "connectors" and "services"; docs/importing.md has filters that make it of what platforms export
hint: the file is one object with the lists "connectors" and "services"; docs/importing.md has filters that make it of what platforms export
hint: say what it is with --env-map dev=live, or dev=testing
hint: say what it is with --env-map NAME=live, or NAME=testing
"#]]
    );
}

#[test]
fn what_is_no_text_is_told_with_the_command_that_makes_it_some() {
    let sandbox = Sandbox::new();
    let file = format!(r#"{{"connectors":[{ONE}]}}"#);
    let wide: Vec<u8> = file.encode_utf16().flat_map(u16::to_le_bytes).collect();
    sandbox.write("wide.json", [&b"\xff\xfe"[..], &wide].concat());
    sandbox.write("plain", &file);
    assert!(sandbox.shell("gzip -k plain").code == 0);
    let run = sandbox.run(&["--store", "other.db", "import", "plain"]);
    assert_eq!(run.code, 0, "{run}");
    for name in ["wide.json", "plain.gz", "other.db"] {
        let run = sandbox.run(&["import", name]);
        assert_eq!(run.code, 2, "{run}");
        let (_, command) = run.stderr.split_once("hint: it looks like").unwrap();
        let (_, command) = command.split_once(": ").unwrap();
        let run = sandbox.shell(command.trim());
        assert_eq!(run.code, 0, "{command}: {run}");
        let run = sandbox.run(&["delete", "a", "--yes"]);
        assert_eq!(run.code, 0, "{run}");
    }
}

#[test]
fn a_pipe_may_give_its_first_bytes_one_by_one() {
    for content in [
        format!("{ONE}\n"),
        format!("\u{feff}{ONE}\n"),
        format!(r#"{{"connectors":[{ONE}]}}"#),
        "id\t=1".to_owned(),
        format!("\n\n{{ \"connectors\": [{ONE}]}}"),
    ] {
        let sandbox = Sandbox::empty();
        sandbox.write("content", &content);
        let slowly = "while IFS= read -r -N 1 c; do printf %s \"$c\"; done";
        let whole = sandbox.shell("connctl import - --dry-run < content");
        let script = format!("bash -c '{slowly} < content' | connctl import - --dry-run");
        let run = sandbox.shell(&script);
        assert_eq!(run.code, whole.code, "{run}");
        assert_eq!(run.stderr, whole.stderr);
    }
}

#[test]
fn who_writes_to_a_named_pipe_is_not_broken_off() {
    let sandbox = Sandbox::new();
    sandbox.write("content", format!("{ONE}\n"));
    let run = sandbox.shell("mkfifo pipe; cat content > pipe & sleep 0.1; connctl import pipe");
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn a_type_of_null_is_none_at_any_door() {
    let connector = r#"{"type":null,"id":"c","system":"x","environment":"live"}"#;
    let service = r#"{"type":null,"id":"s","sources":["erp"]}"#;
    let recipient = r#"{"type":null,"recipient":"age1963tqpuuv50dd6fzuly7xrrccjlfgztnmu6laez60engyqdjt5rsrsxdgg"}"#;
    let sandbox = Sandbox::with_shop();
    for (list, record) in [
        ("connectors", connector),
        ("services", service),
        ("recipients", recipient),
    ] {
        let json = format!(r#"{{"{list}":[{record}]}}"#);
        for (format, file) in [("json", json.as_str()), ("ndjson", record)] {
            for how in [&[][..], &["--replace"], &["--merge"], &["--dry-run"]] {
                let words = [&["import", "-", "--format", format], how].concat();
                let before = sandbox.content();
                let run = sandbox.run_with_input(&words, file);
                assert_eq!(run.code, 2, "{words:?} {file}: {run}");
                assert!(run.stderr.contains("type"), "{words:?} {file}: {run}");
                assert_eq!(sandbox.content(), before);
            }
        }
    }
}
