//! `connctl service`, off a terminal.

use snapbox::str;

use crate::assert_run;
use crate::support::Sandbox;

#[test]
fn services_are_listed_by_id() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["service", "list"]),
        str![[r#"
exit code: 0
stdout:
  ID      NAME    KIND      STATUS    SOURCES  DESTINATIONS  UPDATED
  copy    copy    standard  inactive  files    files         [TIME]
  orders  Orders  standard  active    shop-eu  erp           [TIME]
  stock   stock   sweeper   active    erp      shop-eu       [TIME]
stderr:

"#]]
    );
}

#[test]
fn services_can_be_chosen() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["service", "list", "inactive"]),
        str![[r#"
exit code: 0
stdout:
  ID    NAME  KIND      STATUS    SOURCES  DESTINATIONS  UPDATED
  copy  copy  standard  inactive  files    files         [TIME]
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&[
            "service", "list", "active", "--uses", "erp", "--kind", "sweeper", "-o", "json"
        ]),
        str![[r#"
exit code: 0
stdout:
  [{"id":"stock","name":"stock","kind":"sweeper","active":true,"sources":["erp"],"destinations":["shop-eu"],"schedule":null,"updated_at":"[TIME]"}]
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["service", "list", "--search", "ORD", "-o", "ids"]),
        str![[r#"
exit code: 0
stdout:
  orders
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["service", "list", "-o", "csv"]),
        str![[r#"
exit code: 0
stdout:
  id,name,kind,active,sources,destinations,schedule,updated_at
  copy,copy,standard,false,files,files,,[TIME]
  orders,Orders,standard,true,shop-eu,erp,0 6 * * *,[TIME]
  stock,stock,sweeper,true,erp,shop-eu,,[TIME]
stderr:

"#]]
    );
}

#[test]
fn an_empty_search_is_refused() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["service", "list", "--search", ""]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: --search needs a text to search for

"#]]
    );
}

#[test]
fn a_service_is_shown_with_its_connectors() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["service", "show", "orders"]),
        str![[r#"
exit code: 0
stdout:
  id          orders
  name        Orders
  kind        standard
  status      active
  schedule    0 6 * * *
  created_at  [TIME]
  updated_at  [TIME]
  revision    [REVISION]
  
  connectors
    CONNECTOR  ROLE
    shop-eu    source
    erp        destination
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["service", "show", "orders", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  {"id":"orders","name":"Orders","kind":"standard","active":true,"schedule":"0 6 * * *","note":null,"sources":["shop-eu"],"destinations":["erp"],"created_at":"[TIME]","updated_at":"[TIME]","revision":"[REVISION]","origin":null}
stderr:

"#]]
    );
}

#[test]
fn an_unknown_service_is_not_found() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["service", "show", "oders"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: service oders does not exist
  hint: did you mean orders?

"#]]
    );
    assert_run!(
        sandbox.refused(&["service", "edit", "zzz", "--name", "x"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: service zzz does not exist
  hint: see what there is: connctl service list

"#]]
    );
    assert_run!(
        sandbox.refused(&["service", "activate", "zzz"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: service zzz does not exist
  hint: see what there is: connctl service list

"#]]
    );
    assert_run!(
        sandbox.refused(&["service", "deactivate", "zzz"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: service zzz does not exist
  hint: see what there is: connctl service list

"#]]
    );
    assert_run!(
        sandbox.refused(&["service", "delete", "oders", "--yes"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: service oders does not exist
  hint: did you mean orders?

"#]]
    );
}

#[test]
fn a_service_is_added_with_its_connectors() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&[
            "service",
            "add",
            "nightly",
            "--source",
            "shop-eu",
            "--source",
            "shop-old",
            "--destination",
            "erp",
            "--schedule",
            "0 1 * * *",
            "--kind",
            "sweeper",
            "--inactive",
            "--name",
            "Nightly",
            "--note",
            "n"
        ]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Added service nightly

"#]]
    );
    assert_run!(
        sandbox.run(&["service", "show", "nightly"]),
        str![[r#"
exit code: 0
stdout:
  id          nightly
  name        Nightly
  kind        sweeper
  status      inactive
  schedule    0 1 * * *
  note        n
  created_at  [TIME]
  updated_at  [TIME]
  revision    [REVISION]
  
  connectors
    CONNECTOR  ROLE
    shop-eu    source
    shop-old   source
    erp        destination
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&[
            "service",
            "add",
            "daily",
            "--source",
            "erp",
            "--destination",
            "erp",
            "-o",
            "json"
        ]),
        str![[r#"
exit code: 0
stdout:
  {"id":"daily","name":"daily","kind":"standard","active":true,"schedule":null,"note":null,"sources":["erp"],"destinations":["erp"],"created_at":"[TIME]","updated_at":"[TIME]","revision":"[REVISION]","origin":null}
stderr:

"#]]
    );
}

#[test]
fn a_service_needs_a_connector_and_one_end_is_enough() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["service", "add", "x"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: the following required arguments were not provided:
    --source <CONNECTOR>
  
  Usage: connctl service add --source <CONNECTOR> <ID>
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.run(&[
            "service",
            "add",
            "x",
            "--destination",
            "erp",
            "-o",
            "ndjson"
        ]),
        str![[r#"
exit code: 0
stdout:
  {"id":"x","name":"x","kind":"standard","active":true,"schedule":null,"note":null,"sources":[],"destinations":["erp"],"created_at":"[TIME]","updated_at":"[TIME]","revision":"[REVISION]","origin":null}
stderr:

"#]]
    );
    assert_run!(
        sandbox.refused(&["service", "edit", "x", "--remove-destination", "erp"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: service x would be left without any connector; nothing was changed
  hint: name another connector as well, or remove it: connctl service delete x

"#]]
    );
    let file = sandbox.content();
    let copy = Sandbox::new();
    let run = copy.run_with_input(&["import", "-", "--format", "ndjson"], &file);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(copy.content(), file);
}

#[test]
fn connectors_of_a_service_come_and_go_one_by_one() {
    let sandbox = Sandbox::with_shop();
    let edit = |arguments: &[&str]| {
        let mut line = vec!["service", "edit", "orders", "-o", "json"];
        line.extend(arguments);
        sandbox.run(&line)
    };
    assert_run!(
        edit(&[
            "--add-source",
            "shop-old",
            "--add-source",
            "shop-eu",
            "--remove-destination",
            "erp",
        ]),
        str![[r#"
exit code: 0
stdout:
  {"id":"orders","name":"Orders","kind":"standard","active":true,"schedule":"0 6 * * *","note":null,"sources":["shop-eu","shop-old"],"destinations":[],"created_at":"[TIME]","updated_at":"[TIME]","revision":"[REVISION]","origin":null}
stderr:

"#]]
    );
    assert_run!(
        edit(&["--remove-source", "shop-old", "--add-destination", "erp"]),
        str![[r#"
exit code: 0
stdout:
  {"id":"orders","name":"Orders","kind":"standard","active":true,"schedule":"0 6 * * *","note":null,"sources":["shop-eu"],"destinations":["erp"],"created_at":"[TIME]","updated_at":"[TIME]","revision":"[REVISION]","origin":null}
stderr:

"#]]
    );
    assert_run!(
        edit(&["--add-source", "shop-eu"]),
        str![[r#"
exit code: 0
stdout:
  {"id":"orders","name":"Orders","kind":"standard","active":true,"schedule":"0 6 * * *","note":null,"sources":["shop-eu"],"destinations":["erp"],"created_at":"[TIME]","updated_at":"[TIME]","revision":"[REVISION]","origin":null}
stderr:

"#]]
    );
    assert_run!(
        edit(&["--remove-source", "shop-old"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  {"error":{"kind":"not_found","message":"shop-old is no source of service orders; nothing was changed","hint":"see what it has: connctl service show orders","exit_code":4}}

"#]]
    );
    assert_run!(
        edit(&["--add-source", "gone"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  {"error":{"kind":"not_found","message":"connector gone does not exist","hint":"see what there is: connctl list all","exit_code":4}}

"#]]
    );
    assert_run!(
        edit(&["--add-source", "erp", "--remove-source", "erp"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  {"error":{"kind":"usage","message":"connector erp is both added and removed","hint":null,"exit_code":2}}

"#]]
    );
    assert_run!(
        edit(&["--add-source", "erp", "--source", "erp"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  {"error":{"kind":"usage","message":"the argument '--add-source <CONNECTOR>' cannot be used with '--source <CONNECTOR>'","hint":"Usage: connctl service edit --output <FORMAT> --add-source <CONNECTOR> <ID>","exit_code":2}}

"#]]
    );
}

#[test]
fn a_service_cannot_refer_to_what_does_not_exist() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&[
            "service",
            "add",
            "x",
            "--source",
            "epr",
            "--destination",
            "erp"
        ]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector epr does not exist
  hint: see what there is: connctl list all

"#]]
    );
    assert_run!(
        sandbox.refused(&["service", "add", "x", "--source", "a", "--destination", "b"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: these connectors do not exist: a, b
  hint: see what there is: connctl list all

"#]]
    );
    assert_run!(
        sandbox.refused(&["service", "edit", "orders", "--source", "epr"]),
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
fn an_id_that_is_taken_is_refused() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&[
            "service",
            "add",
            "orders",
            "--source",
            "erp",
            "--destination",
            "erp"
        ]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: service orders exists already; nothing was changed
  hint: choose another id, or change the service with "connctl service edit"

"#]]
    );
}

#[test]
fn an_edit_replaces_what_it_names_and_keeps_the_rest() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&[
            "service",
            "edit",
            "orders",
            "--source",
            "shop-old",
            "--schedule",
            "",
            "--note",
            "moved"
        ]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Changed service orders

"#]]
    );
    assert_run!(
        sandbox.run(&["service", "show", "orders"]),
        str![[r#"
exit code: 0
stdout:
  id          orders
  name        Orders
  kind        standard
  status      active
  note        moved
  created_at  [TIME]
  updated_at  [TIME]
  revision    [REVISION]
  
  connectors
    CONNECTOR  ROLE
    shop-old   source
    erp        destination
stderr:

"#]]
    );
    assert_run!(
        sandbox.refused(&["service", "edit", "orders"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: there is nothing to change
  hint: see what can be changed: connctl service edit --help

"#]]
    );
}

#[test]
fn activate_and_deactivate_say_what_they_did() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["service", "activate", "copy"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Activated service copy

"#]]
    );
    assert_run!(
        sandbox.run(&["service", "activate", "copy"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Service copy is like that already; nothing was changed.

"#]]
    );
    assert_run!(
        sandbox.run(&["service", "deactivate", "copy"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Deactivated service copy

"#]]
    );
    assert_run!(
        sandbox.run(&["service", "deactivate", "orders", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  {"id":"orders","name":"Orders","kind":"standard","active":false,"schedule":"0 6 * * *","note":null,"sources":["shop-eu"],"destinations":["erp"],"created_at":"[TIME]","updated_at":"[TIME]","revision":"[REVISION]","origin":null}
stderr:

"#]]
    );
}

#[test]
fn a_stopped_service_protects_its_connectors_still() {
    let sandbox = Sandbox::with_shop();
    assert_eq!(sandbox.run(&["service", "deactivate", "stock"]).code, 0);
    assert_eq!(sandbox.run(&["delete", "erp", "--yes"]).code, 5);
}

#[test]
fn deleting_a_service_frees_its_connectors_and_deletes_none() {
    let sandbox = Sandbox::with_shop();
    let before = sandbox.run(&["list", "all", "-o", "ids"]).stdout;
    assert_run!(
        sandbox.run(&["service", "delete", "copy", "--yes"]),
        str![[r#"
exit code: 0
stdout:
  ID    OUTCOME  NAME  KIND      STATUS
  copy  deleted  copy  standard  inactive
stderr:
  1 service was deleted.

"#]]
    );
    assert_eq!(sandbox.run(&["list", "all", "-o", "ids"]).stdout, before);
    assert_eq!(sandbox.run(&["delete", "files", "--yes"]).code, 0);
}

#[test]
fn without_a_terminal_yes_is_needed() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["service", "delete", "copy"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 1 service was not deleted, because nobody can be asked
  hint: give --yes to delete without being asked, or --dry-run to see what would go

"#]]
    );
}

#[test]
fn no_id_is_never_everything() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["service", "delete", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: no service was named; nothing was deleted
  hint: name ids as arguments, or give "-" to read them from standard input

"#]]
    );
}

#[test]
fn one_unknown_id_refuses_the_whole_batch() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["service", "delete", "copy", "zzz", "--yes", "-o", "json"]),
        str![[r#"
exit code: 4
stdout:
  [{"id":"copy","outcome":"kept","name":"copy","kind":"standard","active":false,"revision":"[REVISION]"},{"id":"zzz","outcome":"not_found"}]
stderr:
  {"error":{"kind":"not_found","message":"service zzz does not exist\n1 service could have gone; nothing was deleted","hint":"see what there is: connctl service list","exit_code":4}}

"#]]
    );
    assert_run!(
        sandbox.run(&["service", "delete", "copy", "zzz", "--yes", "--keep-going"]),
        str![[r#"
exit code: 4
stdout:
  ID    OUTCOME  NAME  KIND      STATUS
  copy  deleted  copy  standard  inactive
stderr:
  1 service was deleted.
  error: service zzz does not exist
  1 other service was deleted
  hint: see what there is: connctl service list

"#]]
    );
}

#[test]
fn scripts_can_expect_and_ignore() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["service", "delete", "copy", "--yes", "--expect", "2"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 1 service would be deleted, but 2 were expected; nothing was deleted
  hint: look at what would go with --dry-run, then correct --expect

"#]]
    );
    assert_run!(
        sandbox.run_with_input(
            &[
                "service",
                "delete",
                "-",
                "--yes",
                "--ignore-missing",
                "-o",
                "json"
            ],
            "copy\r\n\ngone\n"
        ),
        str![[r#"
exit code: 0
stdout:
  [{"id":"copy","outcome":"deleted","name":"copy","kind":"standard","active":false,"revision":"[REVISION]"},{"id":"gone","outcome":"skipped"}]
stderr:

"#]]
    );
}

#[test]
fn a_dry_run_does_not_change_a_byte() {
    let sandbox = Sandbox::with_shop();
    let before = sandbox.store_bytes();
    assert_run!(
        sandbox.run(&["service", "delete", "copy", "orders", "-n"]),
        str![[r#"
exit code: 0
stdout:
  ID      OUTCOME       NAME    KIND      STATUS
  copy    would_delete  copy    standard  inactive
  orders  would_delete  Orders  standard  active
stderr:
  2 services would be deleted; nothing was changed.

"#]]
    );
    assert!(sandbox.store_bytes() == before);
}

#[test]
fn services_have_no_environment_to_check() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["service", "delete", "copy", "--yes", "--env", "live"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: unexpected argument '--env' found
  
    tip: to pass '--env' as a value, use '-- --env'
  
  Usage: connctl service delete --yes <ID>...
  
  For more information, try '--help'.

"#]]
    );
}

#[test]
fn one_end_is_enough() {
    let sandbox = Sandbox::with_shop();
    for (id, end) in [("in", "--source"), ("out", "--destination")] {
        let run = sandbox.run(&["service", "add", id, end, "shop-test"]);
        assert_eq!(run.code, 0, "{run}");
    }
    let run = sandbox.run(&["service", "edit", "in", "--note", "x"]);
    assert_eq!(run.code, 0, "{run}");
    let run = sandbox.untouched(&["service", "add", "none"]);
    assert_eq!(run.code, 2, "{run}");
    assert_eq!(sandbox.run(&["delete", "shop-test", "--yes"]).code, 5);
    assert_eq!(sandbox.run(&["doctor"]).code, 0);
}
