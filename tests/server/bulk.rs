//! Imports and deletions, of which a server is told a thousand at a time.

use std::fmt::Write;

use super::database_with_store;
use super::messages::messages;
use super::server::{BOSS, server};
use super::support::Sandbox;

/// Connectors and half as many services, with a word in the name of each.
fn file(count: usize, word: &str) -> String {
    let mut file = String::new();
    for number in 0..count {
        writeln!(
            file,
            r#"{{"type":"connector","id":"c{number}","name":"{word}","system":"s","environment":"live"}}"#
        )
        .unwrap();
    }
    for number in 0..count / 2 {
        let other = count - 1 - number;
        writeln!(
            file,
            r#"{{"type":"service","id":"s{number}","name":"{word}","active":true,"sources":["c{number}"],"destinations":["c{other}"]}}"#
        )
        .unwrap();
    }
    file
}

fn sandbox(schema: &str) -> (Sandbox, String) {
    let database = database_with_store(schema);
    let url = format!("{}?schema={schema}", server().url(BOSS, &database));
    (Sandbox::at(&url), database)
}

#[test]
#[ignore = "needs postgresql and strace"]
fn a_thousand_records_are_told_at_once() {
    let (sandbox, _) = sandbox("thousands");
    sandbox.write("first.ndjson", file(3_000, "first"));
    sandbox.write("second.ndjson", file(3_000, "second"));
    for (line, most) in [
        ("import first.ndjson", 70),
        ("import --merge first.ndjson", 90),
        ("import --replace second.ndjson", 120),
        ("import --merge second.ndjson", 90),
    ] {
        let messages = messages(&sandbox, line);
        println!("{line}: {messages}");
        assert!((1..=most).contains(&messages), "{line}: {messages}");
    }
    let exported = sandbox.export("ndjson");
    assert_eq!(exported.matches(r#""name":"second""#).count(), 4_500);
    assert_eq!(sandbox.run(&["doctor"]).code, 0);
}

#[test]
#[ignore = "needs postgresql"]
fn what_a_trigger_swallows_a_part_of_is_an_error_that_names_it() {
    let (sandbox, database) = sandbox("swallowed");
    sandbox.write("first.ndjson", file(30, "first"));
    sandbox.write("second.ndjson", file(30, "second"));
    let refused = |event: &str, condition: &str, line: &[&str], named: &str| {
        server().sql(
            &database,
            &format!(
                "SET search_path TO swallowed;
                 CREATE FUNCTION swallow() RETURNS TRIGGER LANGUAGE plpgsql AS $$
                   BEGIN RETURN NULL; END $$;
                 CREATE TRIGGER swallow BEFORE {event} FOR EACH ROW
                   WHEN ({condition}) EXECUTE FUNCTION swallow();"
            ),
        );
        let before = sandbox.export("ndjson");
        let run = sandbox.run(line);
        let told = format!("error: the store did not keep a change of {named};");
        let is_told = run.code == 1 && run.stderr.starts_with(&told);
        assert!(is_told, "{event}\n{run}");
        assert_eq!(sandbox.export("ndjson"), before);
        server().sql(&database, "DROP FUNCTION swallowed.swallow() CASCADE");
    };
    for (event, condition, named) in [
        ("INSERT ON connectors", "NEW.id = 'c17'", "connector c17"),
        ("INSERT ON services", "NEW.id = 's3'", "service s3"),
        (
            "INSERT ON service_connectors",
            "NEW.connector_id = 'c7'",
            "service s7",
        ),
    ] {
        refused(event, condition, &["import", "first.ndjson"], named);
    }
    let run = sandbox.run(&["import", "first.ndjson"]);
    assert_eq!(run.code, 0, "{run}");
    for (event, condition, named) in [
        ("UPDATE ON connectors", "NEW.id = 'c17'", "connector c17"),
        ("UPDATE ON services", "NEW.id = 's3'", "service s3"),
        (
            "DELETE ON service_connectors",
            "OLD.service_id = 's3'",
            "service s3",
        ),
    ] {
        let import = ["import", "--replace", "second.ndjson"];
        refused(event, condition, &import, named);
    }
    let delete = ["service", "delete", "s1", "s2", "s3", "s4", "--yes"];
    refused("DELETE ON services", "OLD.id = 's3'", &delete, "service s3");
}
