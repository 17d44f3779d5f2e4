//! `connctl show`, off a terminal.

use snapbox::str;

use crate::assert_run;
use crate::support::Sandbox;

#[test]
fn a_connector_is_shown_with_every_reference() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["show", "erp"]),
        str![[r#"
exit code: 0
stdout:
  id            erp
  name          Main ERP
  system        netsuite
  environment   live
  group         retail
  created_at    [TIME]
  updated_at    [TIME]
  revision      [REVISION]
  used_by       2 services
  
  references
    SERVICE  ROLE         STATUS
    orders   destination  active
    stock    source       active
stderr:

"#]]
    );
}

/// A connector that many services use is shown in bounded memory: a page names the first of them and
/// the command for the rest, and an object is written while it is read.
#[test]
fn a_page_names_the_first_services_of_many_and_an_object_all() {
    let sandbox = Sandbox::empty();
    let mut file = "{\"type\":\"connector\",\"id\":\"hub\",\"system\":\"http\",\
                    \"environment\":\"live\"}\n"
        .to_owned();
    for number in 100..202 {
        file.push_str(&format!(
            "{{\"type\":\"service\",\"id\":\"s{number}\",\"sources\":[\"hub\"],\
             \"destinations\":[\"hub\"]}}\n"
        ));
    }
    let run = sandbox.run_with_input(&["import", "-", "--format", "ndjson"], &file);
    assert_eq!(run.code, 0, "{run}");
    let page = sandbox.run(&["show", "hub"]).stdout;
    let rows = page.lines().filter(|line| line.ends_with("active")).count();
    assert_eq!(rows, 200, "{page}");
    assert!(page.contains("used_by       102 services"), "{page}");
    let last = "  … and 2 more services: connctl service list --uses hub";
    assert_eq!(page.lines().last(), Some(last));
    for format in ["json", "ndjson"] {
        let object = sandbox.run(&["show", "hub", "-o", format]).stdout;
        let object: serde_json::Value = serde_json::from_str(&object).unwrap();
        assert_eq!(object["references"].as_array().unwrap().len(), 204);
        assert_eq!(object["references"][203]["service"], "s201");
        assert_eq!(object["used_by"], 102);
    }
}

#[test]
fn settings_and_notes_are_shown() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["show", "shop-test"]),
        str![[r#"
exit code: 0
stdout:
  id            shop-test
  name          Shop, "for tests"
  system        shopify
  environment   testing
  note          one\ntwo
  created_at    [TIME]
  updated_at    [TIME]
  revision      [REVISION]
  used_by       0 services
  
  settings
    KEY      VALUE
    paths    ["/in","/out"]
    retries  3
stderr:

"#]]
    );
}

#[test]
fn both_roles_of_one_service_are_two_references() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["show", "files", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  {"id":"files","name":"files","system":"http","environment":"testing","group":null,"settings":{},"secrets":[],"note":null,"expires_at":null,"last_used_at":null,"created_at":"[TIME]","updated_at":"[TIME]","revision":"[REVISION]","protected":false,"retired_at":null,"retired_until":null,"origin":null,"used_by":1,"references":[{"service":"copy","name":"copy","role":"source","active":false},{"service":"copy","name":"copy","role":"destination","active":false}]}
stderr:

"#]]
    );
}

#[test]
fn json_has_every_field() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["show", "shop-test", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  {"id":"shop-test","name":"Shop, \"for tests\"","system":"shopify","environment":"testing","group":null,"settings":{"paths":["/in","/out"],"retries":3},"secrets":[],"note":"one\ntwo","expires_at":null,"last_used_at":null,"created_at":"[TIME]","updated_at":"[TIME]","revision":"[REVISION]","protected":false,"retired_at":null,"retired_until":null,"origin":null,"used_by":0,"references":[]}
stderr:

"#]]
    );
}

#[test]
fn an_unknown_id_is_not_found_with_a_suggestion() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["show", "shop-ue"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector shop-ue does not exist
  hint: did you mean shop-eu?

"#]]
    );
    assert_run!(
        sandbox.run(&["show", "zzz"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector zzz does not exist
  hint: see what there is: connctl list all

"#]]
    );
}

#[test]
fn a_table_format_for_lists_is_refused() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["show", "erp", "-o", "csv"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: this command has no output format csv
  hint: use -o with one of: table, json, ndjson

"#]]
    );
}
