//! Stores that an older connctl made.

use snapbox::str;

use crate::support::{Sandbox, in_file};
use crate::{assert_run, assert_text};

/// A store of schema version 1: before there were recipients.
fn with_first_version() -> Sandbox {
    let sandbox = Sandbox::new();
    let store = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/store-v1.db");
    sandbox.write("store.db", std::fs::read(store).unwrap());
    sandbox
}

/// The schema version, as the file's header holds it.
fn version(sandbox: &Sandbox) -> u8 {
    sandbox.store_bytes()[63]
}

#[test]
fn an_older_store_is_upgraded_in_place_and_loses_nothing() {
    in_file();
    let sandbox = with_first_version();
    assert_eq!(version(&sandbox), 1);
    assert_text!(
        sandbox.export("toml"),
        str![[r#"
[[connectors]]
id = "erp"
name = "Main ERP"
system = "netsuite"
environment = "live"
group = "retail"
created_at = "2026-11-01T00:00:00Z"
updated_at = "2026-11-02T00:00:00Z"

[[connectors]]
id = "shop"
name = "shop"
system = "shopify"
environment = "testing"
note = """
one
two"""
created_at = "2026-11-01T00:00:00Z"
updated_at = "2026-11-01T00:00:00Z"

[connectors.settings]
retries = 3

[[services]]
id = "orders"
name = "orders"
kind = "standard"
active = true
sources = ["shop"]
destinations = ["erp"]
created_at = "2026-11-01T00:00:00Z"
updated_at = "2026-11-01T00:00:00Z"

"#]]
    );
    assert_eq!(u32::from(version(&sandbox)), connctl::store::SCHEMA_VERSION);
    sandbox.set_secret("shop", "key", "value");
    assert_eq!(sandbox.secret("shop", "key"), "value");
    assert_eq!(sandbox.run(&["delete", "shop", "--yes"]).code, 5);
}

#[test]
#[ignore = "needs setpriv"]
fn whoever_may_not_write_an_older_store_is_told_so() {
    let sandbox = with_first_version();
    let before = sandbox.store_bytes();
    assert_run!(
        sandbox.run_read_only(&["list"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the store [HOME]/store.db has schema version 1 and must be upgraded to 4 by somebody who may write it
  hint: ask somebody who may write the store to run "connctl list" on it

"#]]
    );
    assert!(sandbox.store_bytes() == before);
}

#[test]
fn every_version_that_was_shipped_is_upgraded_to_the_same() {
    in_file();
    let mut exports = Vec::new();
    for version in 1..connctl::store::SCHEMA_VERSION {
        let sandbox = Sandbox::new();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
        let store = std::fs::read(format!("{folder}/store-v{version}.db")).unwrap();
        sandbox.write("store.db", store);
        // Recipients came with the second version.
        let export = sandbox.export("ndjson");
        let is_recipient = |line: &&str| line.starts_with("{\"type\":\"recipient\"");
        exports.push(
            export
                .lines()
                .filter(|line| !is_recipient(line))
                .collect::<Vec<_>>()
                .join("\n"),
        );
        assert_eq!(
            u32::from(self::version(&sandbox)),
            connctl::store::SCHEMA_VERSION
        );
        let run = sandbox.run(&["audit", "verify"]);
        assert_eq!(run.code, 0, "{run}");
    }
    exports.dedup();
    assert_eq!(exports.len(), 1, "{exports:?}");
}

/// A store of schema version 3, whose trail holds values of settings and notes (`MARK-…`).
fn with_values_in_the_trail() -> Sandbox {
    let sandbox = Sandbox::new();
    let store = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/store-v3.db");
    sandbox.write("store.db", std::fs::read(store).unwrap());
    sandbox
}

/// The head that this trail had.
const OLD_HEAD: &str = "20de7f495a78f360d6e77edd264d6ead1ae48944efb9a2a9f56cb3debbc4a7da";

fn holds_values(sandbox: &Sandbox) -> bool {
    sandbox
        .store_bytes()
        .windows(5)
        .any(|part| part == b"MARK-")
}

#[test]
fn an_upgrade_takes_values_out_of_the_trail_and_tells_both_heads_even_when_quiet() {
    in_file();
    let sandbox = with_values_in_the_trail();
    assert!(holds_values(&sandbox));
    let run = sandbox.run(&["-q", "list"]);
    let told = "its head was [HASH], and is [HASH] now";
    assert!(run.stderr.contains(told), "{run}");
    let trail = sandbox.run(&["audit", "list", "-o", "ndjson"]).stdout;
    assert!(!trail.contains("MARK-"), "{trail}");
    assert!(
        trail.contains(r#""settings":["nested","password"]"#),
        "{trail}"
    );
    assert_eq!(sandbox.run(&["-q", "list"]).stderr, "");
}

#[test]
fn what_an_upgrade_took_out_of_the_trail_is_in_no_byte_after_a_compaction() {
    in_file();
    let sandbox = with_values_in_the_trail();
    sandbox.run(&["list"]);
    assert_eq!(sandbox.run(&["compact"]).code, 0);
    assert!(!holds_values(&sandbox));
}

#[test]
fn a_head_of_the_trail_before_the_upgrade_is_known_as_such_and_never_passes() {
    in_file();
    let sandbox = with_values_in_the_trail();
    sandbox.run(&["list"]);
    assert_run!(
        sandbox.run(&["audit", "verify", "--head", OLD_HEAD]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the audit trail was chained anew by entry 17; the head was [HASH]; the head that you noted was the last
  hint: note the head anew: connctl audit verify

"#]]
    );
    assert_run!(
        sandbox.run(&["audit", "verify", "--head", &"ab".repeat(32)]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the audit trail was chained anew by entry 17; the head was [HASH]; the head that you noted, if it was one, was an earlier one
  hint: note the head anew: connctl audit verify

"#]]
    );
}

#[test]
fn every_id_of_a_batch_is_found_in_an_upgraded_trail() {
    in_file();
    let sandbox = with_values_in_the_trail();
    let run = sandbox.run(&["audit", "list", "--subject", "u2", "-o", "ids"]);
    assert_eq!(run.stdout, "11\n12\n14\n");
}
