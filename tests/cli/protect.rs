//! `connctl protect` and `unprotect`: what is protected is deleted by no way.

use snapbox::str;

use crate::assert_run;
use crate::support::terminal::ENTER;
use crate::support::{Run, Sandbox};

fn done(run: &Run) {
    assert_eq!(run.code, 0, "{run}");
}

/// The shop, in which `shop-old` and `erp`, which is in use, are protected.
fn protected() -> Sandbox {
    let sandbox = Sandbox::with_shop();
    done(&sandbox.run(&["protect", "shop-old", "erp"]));
    sandbox
}

#[test]
fn protection_is_set_and_lifted_and_recorded() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["protect", "shop-old", "erp"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  2 connectors are protected now.

"#]]
    );
    assert_run!(
        sandbox.run(&["protect", "erp"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  It is protected; nothing was changed.

"#]]
    );
    assert_run!(
        sandbox.refused(&["protect", "shop-old", "shop-odl"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector shop-odl does not exist
  hint: did you mean shop-old?

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "all", "--protected", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  [{"id":"erp","name":"Main ERP","system":"netsuite","environment":"live","used_by":2,"updated_at":"[TIME]","expires_at":null,"last_used_at":null,"group":"retail","protected":true,"retired_until":null},{"id":"shop-old","name":"shop-old","system":"shopify","environment":"live","used_by":0,"updated_at":"[TIME]","expires_at":"[TIME]","last_used_at":null,"group":null,"protected":true,"retired_until":null}]
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["show", "shop-old"]),
        str![[r#"
exit code: 0
stdout:
  id            shop-old
  name          shop-old
  system        shopify
  environment   live
  protected     yes: connctl unprotect lifts it
  expires_at    [TIME]
  created_at    [TIME]
  updated_at    [TIME]
  revision      [REVISION]
  used_by       0 services
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["unprotect", "shop-old"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  1 connector is not protected now.

"#]]
    );
    assert_run!(
        sandbox.run(&["audit", "list", "--subject", "shop-old", "-o", "ndjson"]),
        str![[r#"
exit code: 0
stdout:
  {"sequence":2,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"protect","action":"connector.protect","subject":"shop-old","outcome":"done","reason":null,"detail":null,"hash":"[HASH]"}
  {"sequence":4,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"unprotect","action":"connector.unprotect","subject":"shop-old","outcome":"done","reason":null,"detail":null,"hash":"[HASH]"}
stderr:

"#]]
    );
    done(&sandbox.run(&["delete", "shop-old", "--yes"]));
}

#[test]
fn no_way_of_deleting_takes_it() {
    let sandbox = protected();
    assert_run!(
        sandbox.refused(&["delete", "shop-old", "--yes"]),
        str![[r#"
exit code: 9
stdout:
stderr:
  error: shop-old is protected and was not deleted
  hint: an admin may lift it: connctl unprotect shop-old

"#]]
    );
    assert_run!(
        sandbox.refused(&[
            "delete",
            "shop-old",
            "shop-test",
            "gone",
            "-n",
            "-o",
            "json"
        ]),
        str![[r#"
exit code: 9
stdout:
  [{"id":"shop-old","outcome":"protected","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]"},{"id":"shop-test","outcome":"kept","name":"Shop, \"for tests\"","system":"shopify","environment":"testing","revision":"[REVISION]"},{"id":"gone","outcome":"not_found"}]
stderr:
  {"error":{"kind":"protected","message":"shop-old is protected and was not deleted\nconnector gone does not exist\n1 connector could have gone; nothing was deleted","hint":"an admin may lift it: connctl unprotect shop-old","exit_code":9}}

"#]]
    );
    assert_run!(
        sandbox.refused(&["delete", "erp", "shop-old", "--yes", "-q", "-o", "ids"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: erp is in use by 2 services and was not deleted
    SERVICE  NAME    ROLE         STATUS
    orders   Orders  destination  active
    stock            source       active
  shop-old is protected and was not deleted
  hint: put another one in its place: connctl replace erp NEW
        or remove what uses it: connctl service delete orders stock && connctl delete erp
        they also carry: shop-eu

"#]]
    );
    let action = r#"{"ActionType":"CredStore.DeleteEntry","Parameters":{"EntryId":"shop-old"}}"#;
    let path = sandbox.write("actions.json", action);
    let path = path.display().to_string();
    let run = sandbox.refused(&["run", &path, "--yes"]);
    assert_eq!(run.code, 9, "{run}");
    assert_run!(
        sandbox.run(&["prune", "live", "--expired", "--yes"]),
        str![[r#"
exit code: 0
stdout:
  ID        OUTCOME    NAME      SYSTEM   ENVIRONMENT
  shop-old  protected  shop-old  shopify  live
stderr:
  0 connectors were deleted.

"#]]
    );
    assert_run!(
        sandbox.run(&["delete", "shop-old", "shop-test", "--yes", "--keep-going"]),
        str![[r#"
exit code: 9
stdout:
  ID         OUTCOME  NAME               SYSTEM   ENVIRONMENT
  shop-test  deleted  Shop, "for tests"  shopify  testing
stderr:
  1 connector was deleted.
  error: shop-old is protected and was not deleted
  1 other connector was deleted
  hint: an admin may lift it: connctl unprotect shop-old

"#]]
    );
}

#[test]
fn a_plan_passes_over_it() {
    let sandbox = protected();
    let mut command = sandbox.command();
    let plan = [
        "delete",
        "shop-old",
        "shop-test",
        "--keep-going",
        "-n",
        "-o",
        "json",
    ];
    let output = command.args(plan).output().unwrap();
    sandbox.write("plan.json", output.stdout);
    done(&sandbox.run(&["delete", "--plan", "plan.json", "--yes"]));
    done(&sandbox.run(&["show", "shop-old"]));
}

#[test]
fn what_is_protected_while_somebody_is_asked_stays() {
    let sandbox = Sandbox::with_shop();
    let mut terminal = sandbox.terminal("connctl delete shop-test");
    terminal.wait_for("[y/N] ");
    done(&sandbox.run(&["protect", "shop-test"]));
    let ended = terminal.press("y").press(ENTER).end();
    assert_eq!(ended.code, 9, "{}", ended.shown);
    done(&sandbox.run(&["show", "shop-test"]));
}

#[test]
fn that_something_changed_weighs_more_than_that_something_is_protected_now() {
    let sandbox = Sandbox::with_shop();
    done(&sandbox.run(&["add", "spare", "--system", "http", "--env", "testing"]));
    let mut terminal = sandbox.terminal("connctl delete shop-test spare");
    terminal.wait_for("[y/N] ");
    done(&sandbox.run(&["protect", "shop-test"]));
    done(&sandbox.run(&["edit", "spare", "--note", "still needed"]));
    let ended = terminal.press("y").press(ENTER).end();
    assert_eq!(ended.code, 7, "{}", ended.shown);
    assert!(
        ended
            .shown
            .contains("or is gone: spare; nothing was deleted"),
        "{}",
        ended.shown
    );
    done(&sandbox.run(&["unprotect", "shop-test"]));
    let mut command = sandbox.command();
    let plan = command.args(["delete", "shop-test", "spare", "-n", "-o", "json"]);
    sandbox.write("plan.json", plan.output().unwrap().stdout);
    done(&sandbox.run(&["protect", "shop-test"]));
    let apply = ["delete", "--plan", "plan.json", "--yes"];
    assert_eq!(sandbox.refused(&apply).code, 9);
    done(&sandbox.run(&["edit", "spare", "--note", "needed by all"]));
    assert_eq!(sandbox.refused(&apply).code, 7);
    // A use weighs more than either.
    let add = [
        "service",
        "add",
        "new",
        "--source",
        "spare",
        "--destination",
        "spare",
    ];
    done(&sandbox.run(&add));
    assert_eq!(sandbox.refused(&apply).code, 5);
}

#[test]
fn a_change_of_it_keeps_the_protection() {
    let sandbox = protected();
    let file = sandbox.export("json");
    sandbox.write("file.json", &file);
    done(&sandbox.run(&["edit", "shop-old", "--note", "x"]));
    done(&sandbox.run(&["import", "file.json", "--replace"]));
    done(&sandbox.run(&["rename", "shop-old", "shop-older", "--yes"]));
    let run = sandbox.refused(&["delete", "shop-older", "--yes"]);
    assert_eq!(run.code, 9, "{run}");
    done(&sandbox.run(&["copy", "shop-older", "shop-copy"]));
    done(&sandbox.run(&["delete", "shop-copy", "--yes"]));
}
