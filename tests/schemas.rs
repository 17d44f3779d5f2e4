//! The JSON schemas in the documentation: they hold for what the program reads and writes, and know
//! every field.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

#[allow(dead_code)]
#[path = "cli/support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use connctl::input::read_as;
use connctl::model::tree::{self, Tree};
use connctl::model::{
    ConnectorSubject, Patch, Record, RecordType, Row, ServiceSubject, TransferFormat,
};
use connctl::output::{ActionEntry, Column, ImportRow, MoveRow, Record as Listed};
use jsonschema::Validator;
use serde_json::{Value, json};
use support::{Sandbox, example};

fn root(file: &str) -> String {
    format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))
}

fn schema(name: &str) -> Value {
    let text = std::fs::read_to_string(root(&format!("docs/schema/{name}.schema.json")));
    serde_json::from_str(&text.unwrap()).unwrap()
}

fn validator(name: &str) -> Validator {
    jsonschema::options().build(&schema(name)).unwrap()
}

fn assert_valid(validator: &Validator, document: &Value) {
    let errors: Vec<_> = validator
        .iter_errors(document)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// The fields of a record, as whoever reads it names them in the error for one that there is not.
fn fields(read: impl Fn(Tree) -> Result<(), tree::Error>) -> BTreeSet<String> {
    let tree = Tree::from_json(r#"{"no such field":1}"#).unwrap();
    let error = read(tree).unwrap_err().to_string();
    let (_, names) = error.split_once("expected one of ").unwrap();
    names
        .split(", ")
        .map(|name| name.trim_matches('`').to_owned())
        .collect()
}

fn properties(schema: &Value, kind: &str) -> BTreeSet<String> {
    let properties = schema["$defs"][kind]["properties"].as_object().unwrap();
    properties.keys().cloned().collect()
}

#[test]
fn the_schemas_of_files_know_every_field() {
    for kind in RecordType::ALL {
        let whole = fields(|tree| Record::read(kind, tree).map(drop));
        assert_eq!(whole, properties(&schema("import"), kind.as_str()));
        let part = fields(|tree| Patch::read(kind, tree, TransferFormat::Json).map(drop));
        assert_eq!(part, properties(&schema("merge"), kind.as_str()));
    }
    let lists: BTreeSet<_> = RecordType::LISTS.map(str::to_owned).into();
    for name in ["import", "merge"] {
        let schema = schema(name);
        let known = schema["properties"].as_object().unwrap().keys().cloned();
        assert_eq!(known.collect::<BTreeSet<_>>(), lists);
    }
}

#[test]
fn the_schema_of_plans_knows_every_field() {
    let keys = |columns: &[Column]| -> BTreeSet<String> {
        let keys = columns.iter().filter_map(|column| column.key);
        keys.map(str::to_owned).collect()
    };
    let plan = schema("plan");
    let mut connector = keys(Row::<ConnectorSubject>::COLUMNS);
    // Beside services it says what it is.
    connector.insert("type".to_owned());
    for (kind, keys) in [
        ("connector", connector),
        ("service", keys(Row::<ServiceSubject>::COLUMNS)),
        ("moved_service", keys(MoveRow::COLUMNS)),
        ("action", keys(ActionEntry::COLUMNS)),
        ("imported", keys(ImportRow::COLUMNS)),
    ] {
        assert_eq!(properties(&plan, kind), keys, "{kind}");
    }
}

#[test]
fn what_is_exported_is_valid() {
    let sandbox = Sandbox::with_example();
    for arguments in [
        &["key", "init"][..],
        &["protect", "tap-github-prod"],
        &["retire", "tap-github-userdev", "--for", "30d", "--yes"],
    ] {
        assert_eq!(sandbox.run(arguments).code, 0);
    }
    sandbox.set_secret("tap-slack-prod", "token", "x");
    let exported: Value = serde_json::from_str(&sandbox.export("json")).unwrap();
    assert_valid(&validator("import"), &exported);
    assert_valid(&validator("merge"), &exported);
    let example: toml::Value =
        toml::from_str(&std::fs::read_to_string(example()).unwrap()).unwrap();
    assert_valid(
        &validator("import"),
        &serde_json::to_value(example).unwrap(),
    );
}

#[test]
fn what_is_refused_is_not_valid_and_the_other_way_round() {
    let valid = |name: &str, document: &Value| validator(name).is_valid(document);
    let read = |document: &Value, is_whole: bool| {
        let text = document.to_string();
        let format = TransferFormat::Json;
        let read = |kind, tree| {
            if is_whole {
                Record::read(kind, tree).map(drop)
            } else {
                Patch::read(kind, tree, format).map(drop)
            }
        };
        read_as(text.as_bytes(), format, read, |(), _| Ok::<_, ()>(())).is_ok()
    };
    let connector = json!({"id": "a", "system": "http", "environment": "live"});
    let service = json!({"id": "s", "sources": ["a"]});
    let document = |connector: &Value, service: &Value| json!({"connectors": [connector], "services": [service]});
    let whole = document(&connector, &service);
    assert!(valid("import", &whole) && read(&whole, true));
    assert!(valid("merge", &whole) && read(&whole, false));
    for (field, value) in [
        ("id", json!("a b")),
        ("id", json!(5)),
        ("name", json!("")),
        ("system", json!(null)),
        ("group", json!("")),
        ("group", json!(null)),
        ("note", json!(1)),
        ("note", json!(null)),
        ("expires_at", json!("soon")),
        ("expires_at", json!(null)),
        ("settings", json!([])),
        ("settings", json!(null)),
        ("secrets", json!({"a b": "x"})),
        ("secrets", json!({"a": 1})),
        ("secrets", json!({"a": null})),
        ("protected", json!("yes")),
        ("unknown", json!(1)),
    ] {
        let mut changed = connector.clone();
        changed[field] = value.clone();
        let changed = document(&changed, &service);
        let case = format!("{field} {value}");
        assert_eq!(valid("import", &changed), read(&changed, true), "{case}");
        assert_eq!(valid("merge", &changed), read(&changed, false), "{case}");
    }
    for (field, value) in [
        ("kind", json!("other")),
        ("active", json!("yes")),
        ("active", json!(null)),
        ("sources", json!("a")),
        ("schedule", json!(null)),
        ("schedule", json!(5)),
    ] {
        let mut changed = service.clone();
        changed[field] = value.clone();
        let changed = document(&connector, &changed);
        let case = format!("{field} {value}");
        assert_eq!(valid("merge", &changed), read(&changed, false), "{case}");
    }
}

#[test]
fn what_a_dry_run_writes_is_valid() {
    let sandbox = Sandbox::with_example();
    let plan = validator("plan");
    for arguments in [
        &["protect", "tap-github-prod"][..],
        &[
            "retire",
            "tap-slack-public-userdev",
            "--for",
            "30d",
            "--yes",
        ],
    ] {
        sandbox.run(arguments);
    }
    let actions = root("examples/actions.json");
    sandbox.write(
        "part.json",
        r#"{"connectors":[{"id":"tap-github-prod","note":"x"},{"id":"n","system":"h","environment":"live"}]}"#,
    );
    let first = std::fs::read_to_string(example()).unwrap();
    assert!(first.contains("target-snowflake-prod"));
    for arguments in [
        &[
            "delete",
            "tap-github-prod",
            "target-snowflake-prod",
            "tap-github-userdev",
            "none",
        ][..],
        &["delete", "tap-github-userdev"],
        &["prune", "all", "--unused", "--expect", "1"],
        &["prune", "testing", "--unused"],
        &["replace", "target-snowflake-prod", "target-yaml-prod"],
        &[
            "delete",
            "target-snowflake-prod",
            "--replace-with",
            "target-yaml-prod",
        ],
        &["retire", "tap-github-userdev", "--for", "30d"],
        &["run", &actions],
        &["import", "part.json", "--merge"],
        &["import", &example(), "--replace"],
    ] {
        let run = sandbox.run(&[arguments, &["-n", "-o", "json"]].concat());
        if run.stdout.is_empty() {
            assert_ne!(run.code, 0, "{run}");
            continue;
        }
        // What differs from run to run was replaced.
        let rows = run.stdout.replace("[REVISION]", &"0".repeat(32));
        let rows: Value = serde_json::from_str(&rows).unwrap();
        assert!(!rows.as_array().unwrap().is_empty(), "{run}");
        assert_valid(&plan, &rows);
    }
    let services = sandbox.run(&["service", "list", "-o", "ids"]).stdout;
    let service = services.lines().next().unwrap();
    let run = sandbox.run(&["service", "delete", service, "-n", "-o", "json"]);
    let rows = run.stdout.replace("[REVISION]", &"0".repeat(32));
    assert_valid(&plan, &serde_json::from_str(&rows).unwrap());
}
