//! `connctl import --merge`, `--env-map` and `--dry-run`: in step with a platform, and seen before.

use snapbox::str;

use crate::support::Sandbox;
use crate::{assert_run, assert_text};

/// A connector and a service with every field that a file can name, and one of each without.
const FULL: &str = r#"{"connectors":[
{"id":"erp","name":"ERP","system":"netsuite","environment":"live","group":"retail","note":"ask Kim",
 "expires_at":"2030-01-01T00:00:00Z","settings":{"region":"eu","retries":3},"secrets":{"key":"k1","pin":"p1"}},
{"id":"files","system":"http","environment":"testing"}],
"services":[
{"id":"orders","name":"Orders","kind":"sweeper","active":false,"sources":["erp"],"destinations":["files"],
 "schedule":"daily","note":"slow"},
{"id":"copy","sources":["files"]}]}"#;

fn full() -> Sandbox {
    let sandbox = Sandbox::empty();
    assert_eq!(sandbox.run(&["key", "init"]).code, 0);
    sandbox.write("full.json", FULL);
    assert_eq!(sandbox.run(&["import", "full.json"]).code, 0);
    sandbox
}

/// What the store holds, without times, and with the values of the secrets.
fn state(sandbox: &Sandbox) -> String {
    let mut state = String::new();
    for line in sandbox.content().lines() {
        let mut record: serde_json::Value = serde_json::from_str(line).unwrap();
        let id = record["id"].as_str().unwrap_or_default().to_owned();
        let fields = record.as_object_mut().unwrap();
        if fields["type"] == "recipient" {
            continue;
        }
        // To read a secret is to use it.
        fields.retain(|key, _| !key.ends_with("ted_at") && key != "last_used_at");
        if let Some(secrets) = fields.get_mut("secrets") {
            for (name, value) in secrets.as_object_mut().unwrap() {
                *value = sandbox.secret(&id, name).into();
            }
        }
        state.push_str(&format!("{record}\n"));
    }
    state
}

#[test]
fn merging_changes_what_is_named_and_leaves_the_rest() {
    let sandbox = full();
    let before = state(&sandbox);
    // Nothing but ids names nothing.
    let ids = r#"{"connectors":[{"id":"erp"},{"id":"files"}],"services":[{"id":"orders"}]}"#;
    sandbox.write("ids.json", ids);
    assert_run!(
        sandbox.run(&["import", "ids.json", "--merge"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported: 0 connectors added, 0 merged, 2 unchanged; 0 services added, 0 merged, 1 unchanged.

"#]]
    );
    assert_eq!(state(&sandbox), before);
    let part = r#"{"connectors":[
        {"id":"erp","note":null,"settings":{"region":null},"secrets":{"pin":null,"new":"n1"}},
        {"id":"files","name":"Files","group":"all"},
        {"id":"shop","system":"shopify","environment":"live"}],
        "services":[{"id":"orders","active":true,"schedule":null,"destinations":["shop"]}]}"#;
    sandbox.write("part.json", part);
    assert_run!(
        sandbox.run(&["import", "part.json", "--merge", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  {"connectors":{"added":1,"merged":2,"unchanged":0},"services":{"added":0,"merged":1,"unchanged":0},"secrets":{"set":1,"unchanged":0,"encrypted_anew":0,"left_as_they_were":0}}
stderr:

"#]]
    );
    assert_text!(
        state(&sandbox),
        str![[r#"
{"environment":"live","expires_at":"2030-01-01T00:00:00Z","group":"retail","id":"erp","name":"ERP","secrets":{"key":"k1","new":"n1"},"settings":{"region":null},"system":"netsuite","type":"connector"}
{"environment":"testing","group":"all","id":"files","name":"Files","system":"http","type":"connector"}
{"environment":"live","id":"shop","name":"shop","system":"shopify","type":"connector"}
{"active":true,"destinations":[],"id":"copy","kind":"standard","name":"copy","sources":["files"],"type":"service"}
{"active":true,"destinations":["shop"],"id":"orders","kind":"sweeper","name":"Orders","note":"slow","sources":["erp"],"type":"service"}

"#]]
    );
    let trail = sandbox.trail();
    assert!(!trail.contains("ask Kim"), "{trail}");
}

#[test]
fn each_field_is_merged_by_itself() {
    for (field, value) in [
        ("name", r#""New""#),
        ("system", r#""sap""#),
        ("group", r#""new""#),
        ("note", r#""new""#),
        ("expires_at", r#""2031-01-01T00:00:00Z""#),
        ("settings", r#"{"x":1}"#),
    ] {
        let sandbox = full();
        let record = |sandbox: &Sandbox| {
            let line = state(sandbox);
            let line = line.lines().find(|line| line.contains("\"id\":\"erp\""));
            serde_json::from_str::<serde_json::Value>(line.unwrap()).unwrap()
        };
        let mut expected = record(&sandbox);
        expected[field] = serde_json::from_str(value).unwrap();
        let file = format!(r#"{{"type":"connector","id":"erp","{field}":{value}}}"#);
        let import = ["import", "-", "--merge"];
        let run = sandbox.run_with_input(&import, &file);
        assert_eq!(run.code, 0, "{field}: {run}");
        assert_eq!(record(&sandbox), expected, "{field}");
        let run = sandbox.run_with_input(&import, &file);
        assert!(run.stderr.contains("1 unchanged"), "{field}: {run}");
    }
}

#[test]
fn null_clears_where_there_can_be_nothing_and_is_wrong_elsewhere() {
    let sandbox = full();
    for field in ["group", "note", "expires_at"] {
        let file = format!(r#"{{"type":"connector","id":"erp","{field}":null}}"#);
        let run = sandbox.run_with_input(&["import", "-", "--merge"], file);
        assert_eq!(run.code, 0, "{run}");
        assert!(run.stderr.contains("1 merged"), "{run}");
    }
    let toml = "[[services]]\nid = 'orders'\nschedule = ''\nnote = ''\n\n\
                [[connectors]]\nid = 'erp'\nname = 'E'\n";
    let run = sandbox.run_with_input(&["import", "-", "--merge"], toml);
    assert_eq!(run.code, 0, "{run}");
    let content = sandbox.content();
    for gone in ["retail", "Kim", "2030", "daily", "slow"] {
        assert!(!content.contains(gone), "{gone}: {content}");
    }
    for (kind, fields) in [
        (
            "connector",
            &[
                "name",
                "system",
                "environment",
                "settings",
                "secrets",
                "protected",
            ][..],
        ),
        (
            "service",
            &["name", "kind", "active", "sources", "destinations"][..],
        ),
    ] {
        let id = if kind == "connector" { "erp" } else { "orders" };
        for field in fields {
            let file = format!(r#"{{"type":"{kind}","id":"{id}","{field}":null}}"#);
            let before = sandbox.content();
            let run = sandbox.run_with_input(&["import", "-", "--merge"], file);
            assert_eq!(run.code, 2, "{field}: {run}");
            assert!(run.stderr.contains(field), "{run}");
            assert_eq!(sandbox.content(), before);
        }
    }
}

#[test]
fn a_new_record_needs_what_a_new_one_needs() {
    let sandbox = full();
    sandbox.write(
        "new.json",
        r#"{"connectors":[{"id":"new","system":"http"}]}"#,
    );
    assert_run!(
        sandbox.refused(&["import", "new.json", "--merge"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: new.json:connectors[0]: connector new is new and needs the field `environment`; nothing was imported

"#]]
    );
    sandbox.write(
        "none.json",
        r#"{"services":[{"id":"orders","sources":[],"destinations":[]}]}"#,
    );
    let run = sandbox.refused(&["import", "none.json", "--merge"]);
    assert!(run.stderr.contains("refers to no connector"), "{run}");
    sandbox.write(
        "moved.json",
        r#"{"connectors":[{"id":"erp","environment":"testing"}]}"#,
    );
    let run = sandbox.refused(&["import", "moved.json", "--merge"]);
    assert!(run.stderr.contains("cannot become testing"), "{run}");
    let run = sandbox.run(&["import", "new.json", "--merge", "--replace"]);
    assert_eq!(run.code, 2, "{run}");
}

#[test]
fn environments_go_by_other_names() {
    for (name, file) in [
        (
            "x.json",
            r#"{"connectors":[{"id":"a","system":"http","environment":"prod"},{"id":"b","system":"http","environment":"dev"},{"id":"c","system":"http","environment":"testing"}]}"#,
        ),
        (
            "x.ndjson",
            "{\"type\":\"connector\",\"id\":\"a\",\"system\":\"http\",\"environment\":\"prod\"}\n{\"type\":\"connector\",\"id\":\"b\",\"system\":\"http\",\"environment\":\"dev\"}\n{\"type\":\"connector\",\"id\":\"c\",\"system\":\"http\",\"environment\":\"testing\"}\n",
        ),
        (
            "x.toml",
            "[[connectors]]\nid = 'a'\nsystem = 'http'\nenvironment = 'prod'\n[[connectors]]\nid = 'b'\nsystem = 'http'\nenvironment = 'dev'\n[[connectors]]\nid = 'c'\nsystem = 'http'\nenvironment = 'testing'\n",
        ),
    ] {
        for mode in ["--replace", "--merge"] {
            let sandbox = Sandbox::empty();
            sandbox.write(name, file);
            let run = sandbox.refused(&["import", name, mode]);
            assert_eq!(run.code, 2, "{run}");
            let map = "prod=live,dev=testing";
            let run = sandbox.run(&["import", name, mode, "--env-map", map]);
            assert_eq!(run.code, 0, "{run}");
            let list = sandbox.run(&["list", "live", "-o", "ids"]);
            assert_eq!(list.stdout, "a\n");
        }
    }
    let sandbox = Sandbox::empty();
    for wrong in ["prod", "prod=production", "=live", "a=live,a=testing"] {
        let run = sandbox.untouched(&["import", "x.json", "--env-map", wrong]);
        assert_eq!(run.code, 2, "{run}");
    }
}

#[test]
fn a_dry_run_names_the_fate_of_each_record() {
    let sandbox = full();
    let file = r#"{"connectors":[
        {"id":"erp","system":"netsuite","name":"ERP 2","settings":{"region":"us","retries":3},"secrets":{"key":"k2","pin":"p1"}},
        {"id":"files"},{"id":"new","system":"http","environment":"live"}],
        "services":[{"id":"orders","active":true},{"id":"copy"}]}"#;
    sandbox.write("next.json", file);
    let before = sandbox.store_bytes();
    assert_run!(
        sandbox.run(&["import", "next.json", "--merge", "-n", "-o", "ndjson"]),
        str![[r#"
exit code: 0
stdout:
  {"type":"connector","id":"erp","outcome":"merged","changes":["name","settings.region","secrets.key"]}
  {"type":"connector","id":"files","outcome":"unchanged"}
  {"type":"connector","id":"new","outcome":"added"}
  {"type":"service","id":"orders","outcome":"merged","changes":["active"]}
  {"type":"service","id":"copy","outcome":"unchanged"}
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["import", "next.json", "--merge", "-n"]),
        str![[r#"
exit code: 0
stdout:
  TYPE       ID      OUTCOME  CHANGES
  connector  erp     merged   name,settings.region,secrets.key
  connector  new     added
  service    orders  merged   active
stderr:
  Would be imported: 1 connector added, 1 merged, 1 unchanged; 0 services added, 1 merged, 1 unchanged; nothing was changed.

"#]]
    );
    assert_run!(
        sandbox.run(&["import", "full.json", "--replace", "-n", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  [{"type":"connector","id":"erp","outcome":"unchanged"},{"type":"connector","id":"files","outcome":"unchanged"},{"type":"service","id":"orders","outcome":"unchanged"},{"type":"service","id":"copy","outcome":"unchanged"}]
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["import", "full.json", "--dry-run"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: full.json:connectors[0]: connector erp exists already; nothing was imported
  hint: give --replace to replace what exists; an id may stand in the file once

"#]]
    );
    assert!(sandbox.store_bytes() == before);
    assert!(!sandbox.path("store.db-journal").exists());
}

#[test]
fn a_dry_run_makes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("full.json", FULL);
    let files = || std::fs::read_dir(sandbox.path(".")).unwrap().count();
    assert_run!(
        sandbox.run(&["import", "full.json", "-n"]),
        str![[r#"
exit code: 0
stdout:
  TYPE       ID      OUTCOME  CHANGES
  connector  erp     added
  connector  files   added
  service    orders  added
  service    copy    added
stderr:
  2 connectors and 2 services would be imported; nothing was changed.

"#]]
    );
    assert_eq!(files(), 1);
    let mut command = sandbox.command();
    command
        .env_remove("CONNCTL_STORE")
        .args(["import", "full.json", "-n"]);
    let run = sandbox.finish(&mut command);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(files(), 1);
}

#[test]
fn a_dry_run_leaves_every_byte_whether_it_fits_into_memory_or_not() {
    let sandbox = Sandbox::with_secret("marker-1");
    let note = "x".repeat(90_000);
    for number in 0..9 {
        let id = format!("filler{number}");
        let add = [
            "add", &id, "--system", "s", "--env", "testing", "--note", &note,
        ];
        assert_eq!(sandbox.run(&add).code, 0);
    }
    let secrets: Vec<_> = (0..40).map(|n| format!("\"s{n}\":\"v{n}\"")).collect();
    let mut file = format!(
        "{{\"type\":\"connector\",\"id\":\"first\",\"system\":\"s\",\"environment\":\"live\",\
         \"secrets\":{{{}}}}}\n",
        secrets.join(",")
    );
    for number in 0..300 {
        file.push_str(&format!(
            "{{\"type\":\"connector\",\"id\":\"big{number}\",\"system\":\"s\",\
             \"environment\":\"live\",\"note\":\"{note}\"}}\n"
        ));
    }
    sandbox.write("big.ndjson", file);
    let assert_unchanged = || {
        let before = sandbox.store_bytes();
        let run = sandbox.run(&["import", "big.ndjson", "--replace", "-n"]);
        assert_eq!(run.code, 0, "{run}");
        assert!(sandbox.store_bytes() == before);
    };
    assert_unchanged();
    // What went has left pages that are not in use.
    let run = sandbox.run(&["prune", "testing", "--search", "filler", "--yes"]);
    assert_eq!(run.code, 0, "{run}");
    assert_unchanged();
}

#[test]
fn a_dry_run_needs_the_role_of_the_real_one_and_records_nothing() {
    let sandbox = Sandbox::with_shop();
    sandbox.write(
        "bad.json",
        "{\"connectors\":[{\"id\":\"a\",\"system\":\"http\"},",
    );
    let run = sandbox.untouched(&["import", "bad.json", "-n", "-o", "json"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run}");
    let run = sandbox.untouched(&["import", "bad.json", "-n", "-o", "json", "--merge"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run}");
}
