//! `connctl replace`, `rename` and `copy`: what happens to the references.

use snapbox::str;

use crate::assert_run;
use crate::support::terminal::ENTER;
use crate::support::{Run, Sandbox};

/// A service that names both connectors, one in both roles, and one that has one end.
const FLOWS: &str = r#"
[[connectors]]
id = "old"
system = "shopify"
environment = "testing"

[[connectors]]
id = "new"
system = "shopify"
environment = "testing"

[[connectors]]
id = "live"
system = "shopify"
environment = "live"

[[services]]
id = "both"
sources = ["old", "new"]
destinations = ["old"]

[[services]]
id = "end"
active = false
destinations = ["old"]

[[services]]
id = "other"
sources = ["new"]
"#;

fn plan(sandbox: &Sandbox, arguments: &[&str]) {
    let mut command = sandbox.command();
    let output = command.args(arguments).args(["-n", "-o", "json"]).output();
    sandbox.write("plan.json", output.unwrap().stdout);
}

fn service(sandbox: &Sandbox, id: &str) -> String {
    sandbox.run(&["service", "show", id, "-o", "json"]).stdout
}

fn done(run: &Run) {
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn every_service_refers_to_the_other_one_in_the_same_roles() {
    let sandbox = Sandbox::with(FLOWS);
    assert_run!(
        sandbox.run(&["replace", "old", "new", "--dry-run"]),
        str![[r#"
exit code: 0
stdout:
  ID    OUTCOME        ROLES               FROM  TO
  both  would_replace  source,destination  old   new
  end   would_replace  destination         old   new
stderr:
  2 services would refer to new then; nothing was changed.

"#]]
    );
    let other = service(&sandbox, "other");
    assert_run!(
        sandbox.run(&["replace", "old", "new", "--yes", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  [{"type":"service","id":"both","outcome":"replaced","roles":["source","destination"],"from":"old","to":"new","revision":"[REVISION]"},{"type":"service","id":"end","outcome":"replaced","roles":["destination"],"from":"old","to":"new","revision":"[REVISION]"}]
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["service", "list", "-o", "tsv"]),
        str![[r#"
exit code: 0
stdout:
  id	name	kind	active	sources	destinations	schedule	updated_at
  both	both	standard	true	new	new		[TIME]
  end	end	standard	false		new		[TIME]
  other	other	standard	true	new			[TIME]
stderr:

"#]]
    );
    assert_eq!(service(&sandbox, "other"), other);
    done(&sandbox.run(&["delete", "old", "--yes"]));
    assert_run!(
        sandbox.run(&["audit", "list", "--action", "service.edit", "-o", "ndjson"]),
        str![[r#"
exit code: 0
stdout:
  {"sequence":2,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"replace","action":"service.edit","subject":"both","outcome":"done","reason":null,"detail":{"from":"old","roles":["source","destination"],"to":"new"},"hash":"[HASH]"}
  {"sequence":3,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"replace","action":"service.edit","subject":"end","outcome":"done","reason":null,"detail":{"from":"old","roles":["destination"],"to":"new"},"hash":"[HASH]"}
stderr:

"#]]
    );
}

#[test]
fn every_format_has_a_record_for_each_service() {
    let sandbox = Sandbox::with(FLOWS);
    for (format, expected) in [
        (
            "ndjson",
            str![[r#"
exit code: 0
stdout:
  {"type":"service","id":"both","outcome":"would_replace","roles":["source","destination"],"from":"old","to":"new","revision":"[REVISION]","from_revision":"[REVISION]","to_revision":"[REVISION]"}
  {"type":"service","id":"end","outcome":"would_replace","roles":["destination"],"from":"old","to":"new","revision":"[REVISION]","from_revision":"[REVISION]","to_revision":"[REVISION]"}
stderr:

"#]],
        ),
        (
            "csv",
            str![[r#"
exit code: 0
stdout:
  type,id,outcome,roles,from,to,revision,from_revision,to_revision
  service,both,would_replace,"source,destination",old,new,[REVISION],[REVISION],[REVISION]
  service,end,would_replace,destination,old,new,[REVISION],[REVISION],[REVISION]
stderr:

"#]],
        ),
        (
            "ids",
            str![[r#"
exit code: 0
stdout:
  both
  end
stderr:

"#]],
        ),
    ] {
        assert_run!(
            sandbox.run(&["replace", "old", "new", "-n", "-q", "-o", format]),
            expected
        );
    }
}

#[test]
fn what_cannot_be_replaced_is_refused() {
    let sandbox = Sandbox::with(FLOWS);
    assert_run!(
        sandbox.refused(&["replace", "old", "old"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: old cannot be put in its own place; nothing was changed

"#]]
    );
    assert_run!(
        sandbox.refused(&["replace", "old", "nwe"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector nwe does not exist
  hint: see what there is: connctl list all

"#]]
    );
    assert_run!(
        sandbox.refused(&["replace", "odl", "nwe"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: these connectors do not exist: odl, nwe
  hint: see what there is: connctl list all

"#]]
    );
    assert_run!(
        sandbox.refused(&["replace", "old", "live"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: old is testing, live is live; nothing was changed
  hint: choose another one: connctl list testing

"#]]
    );
    assert_run!(
        sandbox.refused(&["replace", "old", "new", "--only", "other", "--only", "end"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: other does not refer to old; nothing was changed
  hint: see what does: connctl service list --uses old

"#]]
    );
    assert_run!(
        sandbox.refused(&["replace", "old", "new", "--only", "edn"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: service edn does not exist
  hint: see what there is: connctl service list

"#]]
    );
    assert_run!(
        sandbox.refused(&["replace", "old", "new", "--yes", "--expect", "3"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 2 services would be changed, but 3 were expected; nothing was changed
  hint: look at what would change with --dry-run, then correct --expect

"#]]
    );
    assert_run!(
        sandbox.refused(&["replace", "old", "new"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 2 services were not changed, because nobody can be asked
  hint: give --yes to go on without being asked, or --dry-run to see what would change

"#]]
    );
    assert_run!(
        sandbox.refused(&["replace", "old"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: the following required arguments were not provided:
    <NEW>
  
  Usage: connctl replace <OLD> <NEW>
  
  For more information, try '--help'.

"#]]
    );
}

#[test]
fn what_nothing_refers_to_is_no_error() {
    let sandbox = Sandbox::with(FLOWS);
    assert_run!(
        sandbox.run(&["replace", "live", "live2"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector live2 does not exist
  hint: did you mean live?

"#]]
    );
    done(&sandbox.run(&["copy", "live", "live2"]));
    assert_run!(
        sandbox.run(&["replace", "live", "live2"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  No service refers to live; nothing was changed.

"#]]
    );
    assert_run!(
        sandbox.run(&["replace", "live", "live2", "--yes", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  []
stderr:

"#]]
    );
}

#[test]
fn some_services_can_be_chosen() {
    let sandbox = Sandbox::with(FLOWS);
    let both = service(&sandbox, "both");
    assert_run!(
        sandbox.run(&[
            "replace", "old", "new", "--only", "end", "--yes", "--expect", "1"
        ]),
        str![[r#"
exit code: 0
stdout:
  ID   OUTCOME   ROLES        FROM  TO
  end  replaced  destination  old   new
stderr:
  1 service refers to new now.

"#]]
    );
    assert_eq!(service(&sandbox, "both"), both);
}

#[test]
fn exactly_what_was_planned_changes() {
    let sandbox = Sandbox::with(FLOWS);
    plan(&sandbox, &["replace", "old", "new"]);
    let late = ["service", "add", "late", "--source", "old"];
    done(&sandbox.run(&late));
    assert_run!(
        sandbox.refused(&["replace", "new", "old", "--plan", "plan.json", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: the plan puts new in the place of old, and not old in that of new; nothing was changed

"#]]
    );
    assert_run!(
        sandbox.run(&["replace", "--plan", "plan.json", "--yes"]),
        str![[r#"
exit code: 0
stdout:
  ID    OUTCOME   ROLES               FROM  TO
  both  replaced  source,destination  old   new
  end   replaced  destination         old   new
stderr:
  2 services refer to new now.

"#]]
    );
    assert_run!(
        sandbox.refused(&["replace", "--plan", "plan.json", "--yes"]),
        str![[r#"
exit code: 7
stdout:
stderr:
  error: changed or gone since you looked: both, end; nothing was changed
  hint: look again, then replace again

"#]]
    );
}

#[test]
fn a_plan_holds_for_what_was_looked_at() {
    for change in [
        ["edit", "old", "--note", "x"].as_slice(),
        &["edit", "new", "--note", "x"],
        &["service", "edit", "end", "--note", "x"],
        &["service", "delete", "end", "--yes"],
    ] {
        let sandbox = Sandbox::with(FLOWS);
        plan(&sandbox, &["replace", "old", "new"]);
        done(&sandbox.run(change));
        let run = sandbox.refused(&["replace", "--plan", "plan.json", "--yes"]);
        assert_eq!(run.code, 7, "{run}");
    }
}

#[test]
fn plans_of_deletions_and_of_replacements_are_not_mixed_up() {
    let sandbox = Sandbox::with(FLOWS);
    plan(&sandbox, &["replace", "old", "new"]);
    assert_run!(
        sandbox.refused(&["delete", "--plan", "plan.json", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: plan.json: this is a plan to replace; nothing was deleted
  hint: a plan is what "connctl delete --dry-run -o json" writes

"#]]
    );
    plan(&sandbox, &["delete", "live"]);
    assert_run!(
        sandbox.refused(&["replace", "--plan", "plan.json", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: plan.json: this is no plan of a replacement; nothing was changed
  hint: a plan is what "connctl replace --dry-run -o json" writes

"#]]
    );
}

#[test]
fn a_question_about_many_services_fits_the_terminal() {
    let sandbox = Sandbox::with_example();
    let line = "connctl replace target-snowflake-prod target-yaml-prod";
    let mut terminal = sandbox.terminal_of_width(80, line);
    terminal.wait_for("replace it: ");
    let ended = terminal.press(ENTER).end();
    assert_eq!(ended.code, 3, "{}", ended.shown);
    let is_narrow = |line: &str| line.starts_with('\u{1b}') || line.chars().count() <= 80;
    assert!(ended.shown.lines().all(is_narrow), "{}", ended.shown);
    // The first line says what each service refers to then.
    let row = "  gitlab-el-prod                 active  destination\n";
    let shown = ended.shown.replace('\r', "");
    assert!(shown.contains(row), "{shown}");
}

#[test]
fn the_question_shows_before_and_after() {
    let sandbox = Sandbox::with(FLOWS);
    let mut terminal = sandbox.terminal("connctl replace old new");
    terminal.wait_for("Replace it? [y/N] ");
    done(&sandbox.run(&["service", "add", "late", "--source", "old"]));
    let before = sandbox.content();
    let ended = terminal.press("y").press(ENTER).end();
    assert_eq!(ended.code, 7, "{}", ended.shown);
    for line in [
        "These 2 services will refer to new in place of old:",
        "both     active    source       new, old  new",
        "both     active    destination  old       new",
        "changed or gone since you looked: late; nothing was changed",
    ] {
        assert!(ended.shown.contains(line), "{}", ended.shown);
    }
    assert_eq!(sandbox.content(), before);
}

#[test]
fn a_live_connector_takes_typing_and_what_may_be_a_mistake_is_told() {
    let sandbox = Sandbox::with_shop();
    let mut terminal = sandbox.terminal("connctl replace erp shop-old");
    terminal.wait_for("They are live. Type erp to replace it: ");
    let ended = terminal.press("y").press(ENTER).end();
    assert_eq!(ended.code, 3, "{}", ended.shown);
    for warning in [
        "erp is of system netsuite, shop-old of system shopify",
        "shop-old has expired on 2021-01-01T00:00:00Z",
    ] {
        assert!(ended.shown.contains(warning), "{}", ended.shown);
    }
}

#[test]
fn a_copy_is_like_the_original() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["copy", "erp", "erp2", "--group", "", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  {"id":"erp2","name":"Main ERP","system":"netsuite","environment":"live","group":null,"settings":{},"secrets":[],"note":null,"expires_at":null,"last_used_at":null,"created_at":"[TIME]","updated_at":"[TIME]","revision":"[REVISION]","protected":false,"retired_at":null,"retired_until":null,"origin":null,"used_by":0,"references":[]}
stderr:

"#]]
    );
    assert_run!(
        sandbox.refused(&["copy", "erp", "erp2"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: connector erp2 exists already; nothing was changed
  hint: choose another id, or change the connector with "connctl edit"

"#]]
    );
    assert_run!(
        sandbox.refused(&["copy", "epr", "erp3"]),
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
fn a_connector_gets_another_id_and_all_else_stays() {
    let sandbox = Sandbox::with_shop();
    let file = sandbox.export("toml");
    assert_run!(
        sandbox.run(&["rename", "files", "papers", "-n"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  files would be called papers then, also in 1 service; nothing was changed.

"#]]
    );
    assert_run!(
        sandbox.refused(&["rename", "files", "papers"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: connector files was not renamed, because nobody can be asked
  hint: give --yes to go on without being asked, or --dry-run to see what would change

"#]]
    );
    assert_run!(
        sandbox.refused(&["rename", "files", "erp", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: connector erp exists already; nothing was changed
  hint: choose another id, or change the connector with "connctl edit"

"#]]
    );
    assert_run!(
        sandbox.refused(&["rename", "flies", "papers", "--yes"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector flies does not exist
  hint: did you mean files?

"#]]
    );
    assert_run!(
        sandbox.run(&["rename", "files", "papers", "--yes"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  files is called papers now, also in 1 service.

"#]]
    );
    assert_run!(
        sandbox.run(&["show", "papers"]),
        str![[r#"
exit code: 0
stdout:
  id            papers
  name          files
  system        http
  environment   testing
  created_at    [TIME]
  updated_at    [TIME]
  revision      [REVISION]
  used_by       1 service
  
  references
    SERVICE  ROLE         STATUS
    copy     source       inactive
    copy     destination  inactive
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&[
            "audit",
            "list",
            "--action",
            "connector.rename",
            "-o",
            "ndjson"
        ]),
        str![[r#"
exit code: 0
stdout:
  {"sequence":2,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"rename","action":"connector.rename","subject":"files","outcome":"done","reason":null,"detail":{"from":"files","to":"papers","used_by":1},"hash":"[HASH]"}
stderr:

"#]]
    );
    done(&sandbox.run(&["rename", "papers", "files", "--yes"]));
    let without_times = |text: &str| -> String {
        let lines = text.lines().filter(|line| !line.starts_with("updated_at"));
        lines.map(|line| format!("{line}\n")).collect()
    };
    assert_eq!(without_times(&sandbox.export("toml")), without_times(&file));
    done(&sandbox.run(&["doctor"]));
}

#[test]
fn a_live_connector_takes_typing_to_be_renamed() {
    let sandbox = Sandbox::with_shop();
    let mut terminal = sandbox.terminal("connctl rename erp ledger");
    terminal.wait_for("It is live. Type erp to rename it: ");
    let ended = terminal.press("erp").press(ENTER).end();
    assert_eq!(ended.code, 0, "{}", ended.shown);
    assert!(
        ended
            .shown
            .contains("erp is called ledger now, also in 2 services.")
    );
}

#[test]
fn secrets_follow_as_they_are() {
    let sandbox = Sandbox::with_secret("hunter2");
    let ciphertext = sandbox.ciphertext("pay", "api_key");
    done(&sandbox.run(&["copy", "pay", "pay2"]));
    assert_eq!(sandbox.ciphertext("pay2", "api_key"), ciphertext);
    assert_run!(
        sandbox.run(&["copy", "pay", "pay-live", "--env", "live"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Added connector pay-live, which is like pay
  1 secret stayed behind: pay-live is of another environment; --with-secrets takes them along.

"#]]
    );
    assert_eq!(
        sandbox
            .run(&["secret", "list", "pay-live", "-o", "ids"])
            .stdout,
        ""
    );
    let with = [
        "copy",
        "pay",
        "pay-live2",
        "--env",
        "live",
        "--with-secrets",
    ];
    done(&sandbox.run(&with));
    assert_eq!(sandbox.ciphertext("pay-live2", "api_key"), ciphertext);
    done(&sandbox.run(&["rename", "pay", "pay3", "--yes"]));
    assert_eq!(sandbox.ciphertext("pay3", "api_key"), ciphertext);
    assert_eq!(sandbox.secret("pay3", "api_key"), "hunter2");
    done(&sandbox.run(&["doctor"]));
}

#[test]
fn the_refusal_of_a_deletion_leads_on() {
    let sandbox = Sandbox::with(FLOWS);
    assert_run!(
        sandbox.refused(&["delete", "old"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: old is in use by 2 services and was not deleted
    SERVICE  ROLE                 STATUS
    both     source, destination  active
    end      destination          inactive
  hint: put another one in its place: connctl replace old NEW
        or remove what uses it: connctl service delete both end && connctl delete old
        they also carry: new

"#]]
    );
    done(&sandbox.run(&["service", "delete", "both", "end", "--yes"]));
    done(&sandbox.run(&["delete", "old", "--yes"]));
    assert_run!(
        sandbox.refused(&["delete", "new", "-o", "json"]),
        str![[r#"
exit code: 5
stdout:
  [{"id":"new","outcome":"in_use","name":"new","system":"shopify","environment":"testing","revision":"[REVISION]","references":[{"service":"other","name":"other","role":"source","active":true}],"used_by":1}]
stderr:
  {"error":{"kind":"in_use","message":"new is in use by 1 service and was not deleted\n  SERVICE  ROLE    STATUS\n  other    source  active","hint":"put another one in its place: connctl replace new NEW\nor remove what uses it: connctl service delete other && connctl delete new","exit_code":5}}

"#]]
    );
}

#[test]
fn where_another_one_stays_the_plain_removal_is_offered() {
    let sandbox = Sandbox::with(FLOWS);
    done(&sandbox.run(&["service", "edit", "end", "--destination", "new"]));
    done(&sandbox.run(&["service", "edit", "both", "--add-destination", "live"]));
    assert_run!(
        sandbox.refused(&["delete", "old", "live"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: old is in use by 1 service and was not deleted
    SERVICE  ROLE                 STATUS
    both     source, destination  active
  live is in use by 1 service and was not deleted
    SERVICE  ROLE         STATUS
    both     destination  active
  hint: put others in their place:
          connctl replace old NEW
          connctl replace live NEW
        or remove what uses them: connctl service delete both && connctl delete old live
        it also carries: new

"#]]
    );
    assert_run!(
        sandbox.refused(&["delete", "old"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: old is in use by 1 service and was not deleted
    SERVICE  ROLE                 STATUS
    both     source, destination  active
  hint: put another one in its place: connctl replace old NEW
        or remove what uses it: connctl service delete both && connctl delete old
        or take it out of the service: connctl service edit both --remove-source old --remove-destination old
        it also carries: live, new

"#]]
    );
    let run = "service edit both --remove-source old --remove-destination old";
    done(&sandbox.run(&run.split(' ').collect::<Vec<_>>()));
}

#[test]
fn a_connector_used_by_many_is_refused_in_few_words() {
    let mut file = FLOWS.to_owned();
    for number in 0..40 {
        file.push_str(&format!(
            "[[services]]\nid = 'flow-{number:02}'\nsources = ['live']\n"
        ));
    }
    let sandbox = Sandbox::with(&file);
    assert_run!(
        sandbox.refused(&["delete", "live", "--yes"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: live is in use by 40 services and was not deleted
    SERVICE  ROLE    STATUS
    flow-00  source  active
    flow-01  source  active
    flow-02  source  active
    flow-03  source  active
    flow-04  source  active
    flow-05  source  active
    flow-06  source  active
    flow-07  source  active
    flow-08  source  active
    flow-09  source  active
    … and 30 more services: connctl service list --uses live
  hint: put another one in its place: connctl replace live NEW
        or remove what uses live: connctl service list --uses live -o ids | connctl service delete - && connctl delete live

"#]]
    );
    let run = sandbox.refused(&["delete", "live", "-n", "-o", "json"]);
    let outcome: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(outcome[0]["used_by"], 40);
    assert_eq!(outcome[0]["references"].as_array().unwrap().len(), 20);
}

#[test]
fn a_deletion_can_put_another_one_in_the_place_first() {
    let sandbox = Sandbox::with(FLOWS);
    let delete = ["delete", "old", "--replace-with", "new"];
    let with = |more: &[&'static str]| [&delete, more].concat();
    assert_run!(
        sandbox.run(&with(&["-n"])),
        str![[r#"
exit code: 0
stdout:
  ID    OUTCOME        NAME  SYSTEM   ENVIRONMENT  ROLES               FROM  TO
  both  would_replace                              source,destination  old   new
  end   would_replace                              destination         old   new
  old   would_delete   old   shopify  testing
stderr:
  2 services would refer to new then.
  1 connector would be deleted; nothing was changed.

"#]]
    );
    assert_run!(
        sandbox.run(&with(&["-n", "-o", "json"])),
        str![[r#"
exit code: 0
stdout:
  [{"type":"service","id":"both","outcome":"would_replace","roles":["source","destination"],"from":"old","to":"new","revision":"[REVISION]","from_revision":"[REVISION]","to_revision":"[REVISION]"},{"type":"service","id":"end","outcome":"would_replace","roles":["destination"],"from":"old","to":"new","revision":"[REVISION]","from_revision":"[REVISION]","to_revision":"[REVISION]"},{"type":"connector","id":"old","outcome":"would_delete","name":"old","system":"shopify","environment":"testing","revision":"[REVISION]"}]
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&with(&["-n", "-q", "-o", "csv"])),
        str![[r#"
exit code: 0
stdout:
  type,id,outcome,name,system,environment,roles,from,to,revision,references
  service,both,would_replace,,,,"source,destination",old,new,[REVISION],
  service,end,would_replace,,,,destination,old,new,[REVISION],
  connector,old,would_delete,old,shopify,testing,,,,[REVISION],
stderr:

"#]]
    );
    assert_run!(
        sandbox.refused(&with(&["--yes", "--expect", "2"])),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 1 connector would be deleted, but 2 were expected; nothing was deleted
  hint: look at what would go with --dry-run, then correct --expect

"#]]
    );
    assert_run!(
        sandbox.run(&with(&["--yes", "--expect", "1", "-o", "ndjson"])),
        str![[r#"
exit code: 0
stdout:
  {"type":"service","id":"both","outcome":"replaced","roles":["source","destination"],"from":"old","to":"new","revision":"[REVISION]"}
  {"type":"service","id":"end","outcome":"replaced","roles":["destination"],"from":"old","to":"new","revision":"[REVISION]"}
  {"type":"connector","id":"old","outcome":"deleted","name":"old","system":"shopify","environment":"testing","revision":"[REVISION]"}
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["service", "list", "-o", "tsv"]),
        str![[r#"
exit code: 0
stdout:
  id	name	kind	active	sources	destinations	schedule	updated_at
  both	both	standard	true	new	new		[TIME]
  end	end	standard	false		new		[TIME]
  other	other	standard	true	new			[TIME]
stderr:

"#]]
    );
    assert_eq!(sandbox.run(&["show", "old"]).code, 4);
}

#[test]
fn several_give_way_to_one_in_one_change() {
    let sandbox = Sandbox::with(FLOWS);
    done(&sandbox.run(&["copy", "old", "spare"]));
    let delete = ["delete", "old", "new", "--replace-with", "spare", "--yes"];
    assert_run!(
        sandbox.run(&delete),
        str![[r#"
exit code: 0
stdout:
  ID     OUTCOME   NAME  SYSTEM   ENVIRONMENT  ROLES               FROM  TO
  both   replaced                              source,destination  old   spare
  end    replaced                              destination         old   spare
  both   replaced                              source              new   spare
  other  replaced                              source              new   spare
  old    deleted   old   shopify  testing
  new    deleted   new   shopify  testing
stderr:
  3 services changed to spare first.
  2 connectors were deleted.

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "testing", "-o", "tsv"]),
        str![[r#"
exit code: 0
stdout:
  id	name	system	environment	used_by	updated_at	expires_at	last_used_at	group	protected	retired_until
  spare	old	shopify	testing	3	[TIME]				false	
stderr:

"#]]
    );
}

#[test]
fn what_was_planned_for_both_happens_or_nothing_does() {
    let delete = ["delete", "old", "--replace-with", "new"];
    let planned = || {
        let sandbox = Sandbox::with(FLOWS);
        plan(&sandbox, &delete);
        sandbox
    };
    let apply = ["delete", "--plan", "plan.json", "--yes"];
    let sandbox = planned();
    assert_run!(
        sandbox.run(&apply),
        str![[r#"
exit code: 0
stdout:
  ID    OUTCOME   NAME  SYSTEM   ENVIRONMENT  ROLES               FROM  TO
  both  replaced                              source,destination  old   new
  end   replaced                              destination         old   new
  old   deleted   old   shopify  testing
stderr:
  2 services changed to new first.
  1 connector was deleted.

"#]]
    );
    assert_run!(
        sandbox.refused(&apply),
        str![[r#"
exit code: 7
stdout:
stderr:
  error: changed or gone since you looked: old; nothing was changed
  hint: look again, then delete again

"#]]
    );
    for change in [
        &["service", "edit", "end", "--note", "x"][..],
        &["service", "edit", "end", "--add-destination", "new"],
        &["service", "add", "late", "--source", "old"],
        &["service", "delete", "end", "--yes"],
        &["edit", "old", "--note", "x"],
        &["edit", "new", "--note", "x"],
        &["rename", "new", "newer", "--yes"],
        &["rename", "old", "older", "--yes"],
        &["replace", "old", "new", "--yes"],
    ] {
        let sandbox = planned();
        done(&sandbox.run(change));
        for more in [&[][..], &["-n"]] {
            let run = sandbox.refused(&[&apply[..], more].concat());
            assert_eq!(run.code, 7, "{change:?}: {run}");
        }
    }
    let sandbox = planned();
    done(&sandbox.run(&["retire", "live", "--for", "1d", "--yes"]));
    let text = std::fs::read_to_string(sandbox.path("plan.json")).unwrap();
    let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let [both, end, old] = rows.as_slice() else {
        panic!("{text}")
    };
    let other = |key: &str, value: &str| {
        let mut row = end.clone();
        row[key] = value.into();
        row
    };
    for (rows, code, why) in [
        (vec![both, end], 2, "this is a plan to replace"),
        (vec![old], 5, "old is in use by 2 services"),
        (vec![both, old], 7, "changed or gone since you looked: end"),
        (vec![both, end, both, old], 7, "both stands there twice"),
        (
            vec![both, &other("to", "live"), old],
            7,
            "end contradicts what",
        ),
        (
            vec![both, &other("from", "live"), old],
            7,
            "live gives way in it",
        ),
        (vec![&other("outcome", "replaced"), old], 2, "not a plan"),
        (vec![&other("from_revision", "x"), old], 2, "row 1"),
    ] {
        sandbox.write("plan.json", serde_json::to_string(&rows).unwrap());
        let run = sandbox.refused(&apply);
        assert_eq!(run.code, code, "{run}");
        assert!(run.stderr.contains(why), "{run}");
    }
    plan(&sandbox, &delete);
    assert_run!(
        sandbox.refused(&["replace", "--plan", "plan.json", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: plan.json: this is no plan of a replacement; nothing was changed
  hint: a plan is what "connctl replace --dry-run -o json" writes

"#]]
    );
}

#[test]
fn a_service_that_several_share_counts_once() {
    let sandbox = Sandbox::with(FLOWS);
    done(&sandbox.run(&["copy", "old", "spare"]));
    let delete = ["delete", "old", "new", "--replace-with", "spare"];
    let run = sandbox.run(&[&delete[..], &["-n"]].concat());
    assert!(
        run.stderr
            .starts_with("3 services would refer to spare then.\n"),
        "{run}"
    );
    let output = sandbox
        .command()
        .args(delete)
        .args(["--yes", "-o", "json"])
        .output();
    let rows: serde_json::Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    let mut shown = sandbox.command();
    let shown = shown
        .args(["service", "show", "both", "-o", "json"])
        .output();
    let shown: serde_json::Value = serde_json::from_slice(&shown.unwrap().stdout).unwrap();
    let rows = rows.as_array().unwrap().iter();
    let of_both: Vec<_> = rows.filter(|row| row["id"] == "both").collect();
    assert_eq!(of_both.len(), 2);
    for row in of_both {
        assert_eq!(row["revision"], shown["revision"]);
    }
}

#[test]
fn what_cannot_give_way_stays_with_all_others() {
    let sandbox = Sandbox::with(FLOWS);
    for (arguments, code) in [
        (["old", "--replace-with", "old"].as_slice(), 2),
        (&["old", "--replace-with", "gone"], 4),
        (&["old", "--replace-with", "live"], 2),
        (&["old", "gone", "--replace-with", "new"], 4),
        (&["old", "--replace-with", "new", "--keep-going"], 2),
        (&["old", "--replace-with", "new", "--ignore-missing"], 2),
        (&["old", "--replace-with", "new", "--env", "live"], 2),
    ] {
        let run = sandbox.refused(&[&["delete", "--yes"], arguments].concat());
        assert_eq!(run.code, code, "{arguments:?}: {run}");
    }
    done(&sandbox.run(&["protect", "old"]));
    let run = sandbox.refused(&["delete", "old", "--replace-with", "new", "--yes"]);
    assert_eq!(run.code, 9, "{run}");
}

#[test]
fn one_question_shows_both() {
    let sandbox = Sandbox::with(FLOWS);
    let line = "connctl delete old --replace-with new";
    let mut terminal = sandbox.terminal(line);
    terminal.wait_for("Delete it? [y/N] ");
    done(&sandbox.run(&["service", "edit", "end", "--note", "x"]));
    let before = sandbox.content();
    let ended = terminal.press("y").press(ENTER).end();
    assert_eq!(ended.code, 7, "{}", ended.shown);
    assert_eq!(sandbox.content(), before);
    for shown in [
        "These 2 services will refer to new in place of old:",
        "This connector will be deleted permanently:",
    ] {
        assert!(ended.shown.contains(shown), "{}", ended.shown);
    }
    let mut terminal = sandbox.terminal(line);
    terminal.wait_for("Delete it? [y/N] ");
    let ended = terminal.press("y").press(ENTER).end();
    assert_eq!(ended.code, 0, "{}", ended.shown);
}
