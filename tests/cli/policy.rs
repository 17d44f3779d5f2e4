//! `connctl policy`, off a terminal.

use snapbox::str;

use crate::assert_run;
use crate::support::Sandbox;

#[test]
fn policies_are_listed() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["policy", "list"]),
        str![[r#"
exit code: 0
stdout:
  NAME            VALUE  DESCRIPTION
  one_per_system  false  at most one live and one testing connector for each system and group
  require_reason  false  every deletion needs a reason, given with --reason
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["policy", "list", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  [{"name":"one_per_system","value":false,"description":"at most one live and one testing connector for each system and group"},{"name":"require_reason","value":false,"description":"every deletion needs a reason, given with --reason"}]
stderr:

"#]]
    );
}

#[test]
fn a_policy_is_turned_on_and_off() {
    let sandbox = Sandbox::empty();
    assert_run!(
        sandbox.run(&["policy", "set", "one_per_system", "true"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Policy one_per_system is on now: at most one live and one testing connector for each system and group.

"#]]
    );
    assert_run!(
        sandbox.run(&["policy", "set", "one_per_system", "true"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Policy one_per_system is on already; nothing was changed.

"#]]
    );
    assert_run!(
        sandbox.run(&["policy", "list", "-o", "csv"]),
        str![[r#"
exit code: 0
stdout:
  name,value,description
  one_per_system,true,at most one live and one testing connector for each system and group
  require_reason,false,"every deletion needs a reason, given with --reason"
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["policy", "set", "one_per_system", "false"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Policy one_per_system is off now: at most one live and one testing connector for each system and group.

"#]]
    );
}

#[test]
fn a_policy_that_the_store_breaks_is_not_turned_on() {
    let sandbox = Sandbox::with(TWO_ALIKE);
    assert_run!(
        sandbox.refused(&["policy", "set", "one_per_system", "true"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: policy one_per_system was not turned on, because the store does not satisfy it; these connectors share system, group and environment:
    a, b
  hint: delete all but one of each line, or give them different groups: connctl edit ID --group GROUP

"#]]
    );
}

#[test]
fn a_policy_holds_for_every_way_in() {
    let sandbox = Sandbox::with_shop();
    assert_eq!(
        sandbox
            .run(&["policy", "set", "one_per_system", "true"])
            .code,
        0
    );
    assert_run!(
        sandbox.refused(&[
            "add", "erp-2", "--system", "netsuite", "--env", "live", "--group", "retail"
        ]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the policy one_per_system does not allow it: connector erp is already the live one of this system and group; nothing was changed
  hint: see "connctl policy list"

"#]]
    );
    assert_run!(
        sandbox.refused(&["edit", "shop-old", "--group", "retail"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the policy one_per_system does not allow it: connector shop-eu is already the live one of this system and group; nothing was changed
  hint: see "connctl policy list"

"#]]
    );
    let file = sandbox.write("new.toml", TWO_ALIKE).display().to_string();
    assert_run!(
        sandbox.refused(&["import", &file]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: [HOME]/new.toml:8: the policy one_per_system does not allow it: connector a is already the live one of this system and group; nothing was imported
  hint: see "connctl policy list"

"#]]
    );
    // Of an id that is taken as well the policy is told first, on a server too.
    let taken = "[[connectors]]\nid = \"shop-old\"\nname = \"x\"\nsystem = \"shopify\"\n\
                 group = \"retail\"\nenvironment = \"live\"\n";
    let file = sandbox.write("taken.toml", taken).display().to_string();
    assert_run!(
        sandbox.refused(&["import", &file]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: [HOME]/taken.toml:1: the policy one_per_system does not allow it: connector shop-eu is already the live one of this system and group; nothing was imported
  hint: see "connctl policy list"

"#]]
    );
    assert_run!(
        sandbox.run(&[
            "add", "erp-2", "--system", "netsuite", "--env", "testing", "--group", "retail"
        ]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Added connector erp-2

"#]]
    );
}

#[test]
fn an_unknown_policy_or_value_is_refused() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["policy", "set", "two_per_system", "true"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value 'two_per_system' for '<NAME>': there is no policy "two_per_system"; the policies are: one_per_system, require_reason
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.refused(&["policy", "set", "one_per_system", "maybe"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value 'maybe' for '<VALUE>'
    [possible values: true, false]
  
  For more information, try '--help'.

"#]]
    );
}

#[test]
fn connectors_swap_places_in_one_import_and_only_the_end_counts() {
    let sandbox = Sandbox::with(TWO_APART);
    let policy = ["policy", "set", "one_per_system", "true"];
    assert_eq!(sandbox.run(&policy).code, 0);
    let swapped = TWO_APART
        .replace("\"east\"", "\"x\"")
        .replace("\"west\"", "\"east\"")
        .replace("\"x\"", "\"west\"");
    let file = sandbox.write("swapped.toml", &swapped);
    let file = file.display().to_string();
    let run = sandbox.run(&["import", &file, "--replace"]);
    assert_eq!(run.code, 0, "{run}");
    let shown = sandbox.run(&["show", "a", "-o", "json"]).stdout;
    assert!(shown.contains(r#""group":"west""#), "{shown}");
    // The rule holds as before.
    let clash = swapped.replace("\"east\"", "\"west\"");
    let file = sandbox.write("clash.toml", &clash).display().to_string();
    assert_run!(
        sandbox.refused(&["import", &file, "--replace"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the policy one_per_system does not allow it: in the end a and b would be of the same system, group and environment; nothing was changed
  hint: see "connctl policy list"

"#]]
    );
    let edit = sandbox.refused(&["edit", "b", "--group", "west"]);
    assert_eq!(edit.code, 1, "{edit}");
}

/// Two connectors of different groups.
const TWO_APART: &str = r#"[[connectors]]
id = "a"
system = "http"
environment = "live"
group = "east"

[[connectors]]
id = "b"
system = "http"
environment = "live"
group = "west"
"#;

/// Two connectors that one_per_system does not allow beside each other.
const TWO_ALIKE: &str = r#"
[[connectors]]
id = "a"
system = "http"
environment = "live"
group = "g"

[[connectors]]
id = "b"
system = "http"
environment = "live"
group = "g"
"#;
