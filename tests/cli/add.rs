//! `connctl add`, off a terminal.

use snapbox::str;

use crate::assert_run;
use crate::support::Sandbox;

#[test]
fn what_is_added_can_be_shown() {
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&[
            "add",
            "files",
            "--system",
            "http",
            "--env",
            "testing",
            "--name",
            "Files",
            "--group",
            "retail",
            "--set",
            "timeout=30",
            "--set",
            "paths=[\"/in\"]",
            "--set",
            "path=/in",
            "--note",
            "by Kim",
            "--expires",
            "2030-01-01"
        ]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Added connector files

"#]]
    );
    assert_run!(
        sandbox.run(&["show", "files"]),
        str![[r#"
exit code: 0
stdout:
  id            files
  name          Files
  system        http
  environment   testing
  group         retail
  note          by Kim
  expires_at    [TIME]
  created_at    [TIME]
  updated_at    [TIME]
  revision      [REVISION]
  used_by       0 services
  
  settings
    KEY      VALUE
    path     "/in"
    paths    ["/in"]
    timeout  30
stderr:

"#]]
    );
}

#[test]
fn the_name_is_the_id_unless_given() {
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&[
            "add", "files", "--system", "http", "--env", "testing", "-o", "json"
        ]),
        str![[r#"
exit code: 0
stdout:
  {"id":"files","name":"files","system":"http","environment":"testing","group":null,"settings":{},"secrets":[],"note":null,"expires_at":null,"last_used_at":null,"created_at":"[TIME]","updated_at":"[TIME]","revision":"[REVISION]","protected":false,"retired_at":null,"retired_until":null,"origin":null,"used_by":0,"references":[]}
stderr:

"#]]
    );
}

#[test]
fn a_script_gets_the_id() {
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&[
            "add", "files", "--system", "http", "--env", "live", "-o", "ids", "-q"
        ]),
        str![[r#"
exit code: 0
stdout:
  files
stderr:

"#]]
    );
}

#[test]
fn an_id_that_is_taken_is_refused() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["add", "erp", "--system", "http", "--env", "live"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: connector erp exists already; nothing was changed
  hint: choose another id, or change the connector with "connctl edit"

"#]]
    );
}

#[test]
fn system_and_environment_are_needed() {
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&["add", "files"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: the following required arguments were not provided:
    --system <SYSTEM>
    --env <ENVIRONMENT>
  
  Usage: connctl add --system <SYSTEM> --env <ENVIRONMENT> <ID>
  
  For more information, try '--help'.

"#]]
    );
}

#[test]
fn an_environment_is_live_or_testing() {
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&["add", "files", "--system", "http", "--env", "prod"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value 'prod' for '--env <ENVIRONMENT>'
    [possible values: live, testing]
  
    tip: use 'live'
  
  For more information, try '--help'.

"#]]
    );
}

#[test]
fn what_makes_no_sense_is_refused() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["add", "a b", "--system", "http", "--env", "live"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value 'a b' for '<ID>': the id "a b" may hold only letters, digits, '.', '_', ':' and '-' (A-Z, a-z, 0-9), not ' '
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.refused(&["add", "new", "--system", "", "--env", "live"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value '' for '--system <SYSTEM>': the text cannot be empty
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.refused(&[
            "add", "new", "--system", "http", "--env", "live", "--set", "novalue"
        ]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value 'novalue' for '--set <KEY=VALUE>': "novalue" is not of the form KEY=VALUE
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.refused(&[
            "add",
            "new",
            "--system",
            "http",
            "--env",
            "live",
            "--expires",
            "someday"
        ]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value 'someday' for '--expires <WHEN>': "someday" is not a time ([TIME]), a date (2026-11-21), a duration from now (30d) or "never"
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.refused(&[
            "add", "new", "--system", "http", "--env", "live", "--name", ""
        ]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value '' for '--name <NAME>': the text cannot be empty
  
  For more information, try '--help'.

"#]]
    );
}

#[test]
fn a_refused_id_never_reaches_the_terminal_raw() {
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&[
            "add",
            "a\u{1b}]0;x\u{7}",
            "--system",
            "http",
            "--env",
            "live"
        ]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value 'a\u{1b}]0;x\u{7}' for '<ID>': the id "a\u{1b}]0;x\u{7}" may hold only letters, digits, '.', '_', ':' and '-' (A-Z, a-z, 0-9), not '\u{1b}'
  
  For more information, try '--help'.

"#]]
    );
}
