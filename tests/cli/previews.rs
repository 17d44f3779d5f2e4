//! What `connctl import --dry-run` says of each record is what the import then does to it, whatever
//! the store holds and the file says.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::support::Sandbox;

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn one_of<T: Clone>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())].clone()
    }

    fn connector(&mut self, id: &str) -> Value {
        let mut record = json!({"id": id, "system": self.one_of(&["http", "sql"])});
        record["environment"] = if id < "d" { "testing" } else { "live" }.into();
        for (field, values) in [
            ("name", [json!("one"), json!("two")]),
            ("note", [json!("one"), Value::Null]),
            ("group", [json!("one"), Value::Null]),
            ("settings", [json!({"a": 1, "b": null}), json!({})]),
            ("settings", [json!({"password": "one"}), json!({"a": 2})]),
            ("secrets", [json!({"key": "one"}), json!({"key": "two"})]),
        ] {
            if self.once_in(3) {
                record[field] = self.one_of(&values);
            }
        }
        record
    }

    fn file(&mut self, ids: &[&str]) -> Value {
        let all = self.once_in(3);
        let ids: Vec<_> = ids.iter().filter(|_| all || !self.once_in(6)).collect();
        let connectors = ids.iter().map(|id| self.connector(id)).collect();
        let mut file = Map::from_iter([("connectors".to_owned(), Value::Array(connectors))]);
        if !ids.is_empty() && !self.once_in(5) {
            let mut services = Vec::new();
            for id in ["s", "t", "u"] {
                if !self.once_in(4) {
                    let (source, active) = (self.one_of(&ids), self.once_in(2));
                    services.push(json!({"id": id, "sources": [source], "active": active}));
                }
            }
            file.insert("services".to_owned(), services.into());
        }
        file.into()
    }
}

/// Each record of the store, by type and id, without what only shows that it was encrypted anew.
fn records(sandbox: &Sandbox) -> BTreeMap<(String, String), Value> {
    let export: Value = serde_json::from_str(&sandbox.export("json")).unwrap();
    let mut records = BTreeMap::new();
    for kind in ["connector", "service"] {
        let list = export.get(format!("{kind}s")).and_then(Value::as_array);
        for record in list.into_iter().flatten() {
            let id = record["id"].as_str().unwrap().to_owned();
            records.insert((kind.to_owned(), id), record.clone());
        }
    }
    records
}

/// What is said to become of each record, by type and id.
fn fates(json: &str) -> BTreeMap<(String, String), String> {
    let rows: Vec<Value> = serde_json::from_str(json).unwrap_or_default();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let key = |row: &Value| (text(row, "type"), text(row, "id"));
    let rows = rows.iter().map(|row| (key(row), text(row, "outcome")));
    rows.collect()
}

/// A store with two mirrors and what people did to it.
fn store(dice: &mut Dice) -> Sandbox {
    let sandbox = Sandbox::empty();
    for (origin, ids) in [("one", &["a", "b", "c", "d", "e"][..]), ("two", &["x"])] {
        let mut file = dice.file(ids);
        if origin == "two" {
            file.as_object_mut().unwrap().remove("services");
        }
        let import = ["import", "-", "--seal", "--mirror", origin];
        let run = sandbox.run_with_input(&import, file.to_string());
        assert_eq!(run.code, 0, "{run}");
    }
    let file = json!({"connectors": [dice.connector("f")]}).to_string();
    sandbox.run_with_input(&["import", "-", "--seal"], file);
    let id = dice.one_of(&["a", "b", "d", "f"]);
    let deeds: [&[&str]; 6] = [
        &["protect", id],
        &["retire", id, "--for", "1d", "--yes"],
        &["service", "add", "hand", "--source", id],
        &["edit", id, "--note", "by hand", "--set", "q=1"],
        &["rename", id, "g", "--yes"],
        &["show", id],
    ];
    for _ in 0..2 {
        sandbox.run(dice.one_of(&deeds));
    }
    sandbox
}

#[test]
fn a_preview_says_what_then_happens() {
    let mut seen = BTreeMap::<i32, usize>::new();
    for seed in 0..30 {
        let mut dice = Dice(seed * 0x9e37_79b9_7f4a);
        let sandbox = store(&mut dice);
        let ways: [&[&str]; 7] = [
            &["--replace"],
            &["--merge"],
            &["--mirror", "one", "--adopt", "--yes"],
            &["--mirror", "one", "--adopt", "--yes", "--keep-going"],
            &["--mirror", "one", "--adopt", "--yes", "--keep-going"],
            &["--mirror", "two", "--yes"],
            &[],
        ];
        let ids = ["a", "b", "c", "d", "f", "h"];
        let ids = &ids[..dice.one_of(&[2, 5, 6])];
        sandbox.write("file.json", dice.file(ids).to_string());
        let mut import = vec!["import", "file.json", "--seal", "-o", "json"];
        import.extend(dice.one_of(&ways));
        let advice = sandbox.run(&[&import[..], &["-n"]].concat()).stderr;
        let count = advice.split_once("give --expect-deleted ");
        let count = count.map(|(_, rest)| rest.trim_matches(|c: char| !c.is_ascii_digit()));
        let count = count.and_then(|count| count.split('"').next());
        if let Some(count) = count.filter(|_| !dice.once_in(4)) {
            import.extend(["--expect-deleted", count]);
        }
        let (before, bytes) = (records(&sandbox), sandbox.store_bytes());
        let preview = sandbox.run(&[&import[..], &["-n"]].concat());
        assert!(sandbox.store_bytes() == bytes, "seed {seed}: {preview}");
        let run = sandbox.run(&import);
        assert_eq!(preview.code, run.code, "seed {seed}: {preview}\n{run}");
        *seen.entry(run.code).or_default() += 1;
        let after = records(&sandbox);
        let is_done = run.code == 0 || import.contains(&"--keep-going") && run.code != 2;
        if !is_done {
            assert_eq!(before, after, "seed {seed}: {run}");
            continue;
        }
        let fates = fates(&preview.stdout);
        for key in before.keys().chain(after.keys()) {
            let fate = fates.get(key).map_or("", String::as_str);
            let expected: &[&str] = match (before.get(key), after.get(key)) {
                (None, _) => &["added"],
                (_, None) => &["would_delete"],
                (old, new) if old == new => &["", "unchanged", "in_use", "protected", "on_trial"],
                _ => &["merged", "replaced"],
            };
            assert!(expected.contains(&fate), "seed {seed}: {key:?} {preview}");
        }
    }
    // It is no proof if hardly anything was imported.
    assert!(seen[&0] > 8 && seen.len() > 2, "{seen:?}");
}
