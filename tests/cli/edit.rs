//! `connctl edit`, off a terminal.

use snapbox::str;

use crate::assert_run;
use crate::support::Sandbox;

#[test]
fn what_is_not_named_stays() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&[
            "edit",
            "shop-test",
            "--set",
            "retries=5",
            "--unset",
            "paths",
            "--name",
            "Test shop"
        ]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Changed connector shop-test

"#]]
    );
    assert_run!(
        sandbox.run(&["show", "shop-test"]),
        str![[r#"
exit code: 0
stdout:
  id            shop-test
  name          Test shop
  system        shopify
  environment   testing
  note          one\ntwo
  created_at    [TIME]
  updated_at    [TIME]
  revision      [REVISION]
  used_by       0 services
  
  settings
    KEY      VALUE
    retries  5
stderr:

"#]]
    );
}

#[test]
fn group_note_and_expiry_can_be_cleared() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["edit", "shop-old", "--expires", "never"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Changed connector shop-old

"#]]
    );
    assert_run!(
        sandbox.run(&["edit", "shop-eu", "--group", ""]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Changed connector shop-eu

"#]]
    );
    assert_run!(
        sandbox.run(&["edit", "shop-test", "--note", ""]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Changed connector shop-test

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "all", "--expired", "-o", "ids"]),
        str![[r#"
exit code: 0
stdout:
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "all", "--group", "retail", "-o", "ids"]),
        str![[r#"
exit code: 0
stdout:
  erp
stderr:

"#]]
    );
}

#[test]
fn every_change_brings_a_new_revision() {
    let sandbox = Sandbox::with_shop();
    let revision = || {
        let output = sandbox.command().args(["show", "erp"]).output().unwrap();
        let page = String::from_utf8(output.stdout).unwrap();
        let line = page.lines().find(|line| line.starts_with("revision"));
        line.unwrap().to_owned()
    };
    let first = revision();
    assert_eq!(sandbox.run(&["edit", "erp", "--note", "new"]).code, 0);
    assert_ne!(revision(), first);
}

#[test]
fn an_edit_without_effect_changes_nothing() {
    let sandbox = Sandbox::with_shop();
    let before = sandbox.store_bytes();
    assert_run!(
        sandbox.run(&["edit", "erp", "--name", "Main ERP"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Connector erp is like that already; nothing was changed.

"#]]
    );
    assert!(sandbox.store_bytes() == before);
}

#[test]
fn an_edit_of_nothing_is_refused() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["edit", "erp"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: there is nothing to change
  hint: see what can be changed: connctl edit --help

"#]]
    );
}

#[test]
fn environment_and_id_cannot_be_named() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["edit", "erp", "--env", "testing"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: unexpected argument '--env' found
  
    tip: use 'connctl copy ID NEW --env ENVIRONMENT'
  
  Usage: connctl edit [OPTIONS] <ID>
  
  For more information, try '--help'.

"#]]
    );
}

#[test]
fn an_unknown_id_is_not_found() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["edit", "epr", "--name", "x"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector epr does not exist
  hint: see what there is: connctl list all

"#]]
    );
}

#[test]
fn json_shows_the_connector_after_the_change() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["edit", "erp", "--note", "x", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  {"id":"erp","name":"Main ERP","system":"netsuite","environment":"live","group":"retail","settings":{},"secrets":[],"note":"x","expires_at":null,"last_used_at":null,"created_at":"[TIME]","updated_at":"[TIME]","revision":"[REVISION]","protected":false,"retired_at":null,"retired_until":null,"origin":null,"used_by":2,"references":[{"service":"orders","name":"Orders","role":"destination","active":true},{"service":"stock","name":"stock","role":"source","active":true}]}
stderr:

"#]]
    );
}
