//! Stores that an older connctl made.

use snapbox::str;

use crate::support::Sandbox;
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
  error: the store [HOME]/store.db has schema version 1 and must be upgraded to 3 by somebody who may write it
  hint: ask somebody who may write the store to run "connctl list" on it

"#]]
    );
    assert!(sandbox.store_bytes() == before);
}

#[test]
fn every_version_that_was_shipped_is_upgraded_to_the_same() {
    let mut exports = Vec::new();
    for version in 1..connctl::store::SCHEMA_VERSION {
        let sandbox = Sandbox::new();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
        let store = std::fs::read(format!("{folder}/store-v{version}.db")).unwrap();
        sandbox.write("store.db", store);
        exports.push(sandbox.export("ndjson"));
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
