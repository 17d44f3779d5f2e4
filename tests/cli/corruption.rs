//! Copies of a store with bytes changed behind everybody's back: nothing hangs, nothing panics, and
//! whatever a row that is left refers to is never deleted.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::support::Sandbox;

const CONNECTORS: usize = 120;

/// A store in which most pages hold references, most of them the only one to their connector.
fn crowded() -> Sandbox {
    let mut file = String::new();
    for number in 0..CONNECTORS {
        writeln!(
            file,
            "[[connectors]]\nid = \"c{number:03}\"\nsystem = \"s\"\nenvironment = \"testing\""
        )
        .unwrap();
    }
    // Every fourth connector is free.
    let used: Vec<_> = (0..CONNECTORS).filter(|number| number % 4 != 0).collect();
    for pair in used.chunks(2) {
        let (source, destination) = (pair[0], pair[1]);
        writeln!(
            file,
            "[[services]]\nid = \"a-service-with-a-long-name-{source:03}\"\n\
             sources = [\"c{source:03}\"]\ndestinations = [\"c{destination:03}\"]"
        )
        .unwrap();
    }
    Sandbox::with(&file)
}

/// The connectors that the rows that can still be read refer to, without any index.
fn referred_to(sandbox: &Sandbox) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let store = Connection::open(sandbox.path("store.db")).unwrap();
    // In this order nothing but the table serves; "NOT INDEXED" would still read the index.
    let sql = "SELECT connector_id FROM service_connectors ORDER BY service_id, role, connector_id";
    let Ok(mut statement) = store.prepare(sql) else {
        return found;
    };
    let mut rows = statement.query([]).unwrap();
    while let Ok(Some(row)) = rows.next() {
        found.extend(row.get(0));
    }
    found
}

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// Deletes all that can go from a damaged copy, and asserts that it was careful.
fn assert_careful(sandbox: &Sandbox, damaged: &[u8], damage: &str) -> usize {
    let _ = std::fs::remove_file(sandbox.path("store.db-journal"));
    sandbox.write("store.db", damaged);
    let ids: String = (0..CONNECTORS)
        .map(|number| format!("c{number:03}\n"))
        .collect();
    let started = Instant::now();
    let run = sandbox.run_with_input(
        &["delete", "-", "--keep-going", "--yes", "-o", "ndjson"],
        ids,
    );
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{damage}: {run}"
    );
    assert!((0..=7).contains(&run.code), "{damage}: {run}");
    assert!(!run.stderr.contains("panicked"), "{damage}: {run}");
    let records = run.stdout.lines().map(|line| {
        serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|_| panic!("{line}"))
    });
    let deleted: BTreeSet<_> = records
        .filter(|record| record["outcome"] == "deleted")
        .map(|record| record["id"].as_str().unwrap().to_owned())
        .collect();
    let referred_to = referred_to(sandbox);
    let wrong: Vec<_> = deleted.intersection(&referred_to).collect();
    assert!(wrong.is_empty(), "{damage}: {wrong:?}");
    deleted.len()
}

#[test]
#[ignore = "takes long"]
fn what_a_row_that_is_left_refers_to_is_not_deleted() {
    let sandbox = crowded();
    let sound = sandbox.store_bytes();
    let all_free = assert_careful(&sandbox, &sound, "none");
    assert_eq!(all_free, CONNECTORS / 4);
    let mut numbers = Numbers(4711);
    let mut deletions = 0;
    for round in 0..300 {
        let mut damaged = sound.clone();
        let mut damage = format!("round {round}:");
        if round % 50 == 49 {
            let length = numbers.below(damaged.len());
            damaged.truncate(length);
            write!(damage, " cut at {length}").unwrap();
        } else {
            for _ in 0..=numbers.below(4) {
                let (at, bit) = (numbers.below(damaged.len()), numbers.below(8));
                damaged[at] ^= 1 << bit;
                write!(damage, " bit {bit} of {at}").unwrap();
            }
        }
        deletions += usize::from(assert_careful(&sandbox, &damaged, &damage) > 0);
    }
    assert!(deletions > 30, "{deletions}");
}

#[test]
fn an_id_that_was_changed_in_one_place_still_protects() {
    let sandbox = crowded();
    let sound = sandbox.store_bytes();
    let mut places = 0;
    // Each id stands in the table, in its index and with the connector itself.
    for number in (1..CONNECTORS).step_by(28) {
        let id = format!("c{number:03}");
        let found = sound.windows(id.len()).enumerate();
        for (at, _) in found.filter(|(_, bytes)| *bytes == id.as_bytes()) {
            let mut damaged = sound.clone();
            damaged[at + 3] ^= 1;
            assert_careful(&sandbox, &damaged, &format!("{id} at {at}"));
            places += 1;
        }
    }
    assert!(places > 12, "{places}");
}
