//! What would break without a connector.

use snapbox::str;

use crate::support::Sandbox;
use crate::{assert_run, assert_text};

#[test]
fn says_what_uses_it_and_how_to_free_it() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["impact", "erp"]),
        str![[r#"
exit code: 0
stdout:
  id            erp
  name          Main ERP
  system        netsuite
  environment   live
  last_used_at  unknown: it has no secret, so connctl cannot see its use
  used_by       2 services, 2 active
  
  services
    SERVICE  NAME    ROLE         STATUS  SCHEDULE   ALSO CARRIES
    orders   Orders  destination  active  0 6 * * *  shop-eu
    stock            source       active             shop-eu
  
  without a user then
    shop-eu
  
  what to do
    put another one in its place: connctl replace erp NEW
    or remove what uses it: connctl service delete orders stock && connctl delete erp
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["impact", "shop-test", "files"]),
        str![[r#"
exit code: 0
stdout:
  id            shop-test
  name          Shop, "for tests"
  system        shopify
  environment   testing
  last_used_at  unknown: it has no secret, so connctl cannot see its use
  used_by       no service
  
  what to do
    nothing stands in the way: connctl delete shop-test
    or find out first who misses it: connctl retire shop-test --for 30d
  
  id            files
  name          files
  system        http
  environment   testing
  last_used_at  unknown: it has no secret, so connctl cannot see its use
  used_by       1 service, 0 active
  
  services
    SERVICE  NAME  ROLE                STATUS    SCHEDULE  ALSO CARRIES
    copy           source,destination  inactive
  
  what to do
    put another one in its place: connctl replace files NEW
    or remove what uses it: connctl service delete copy && connctl delete files
stderr:

"#]]
    );
}

#[test]
fn the_same_as_json() {
    let sandbox = Sandbox::with_shop();
    let run = sandbox.run(&["impact", "shop-eu", "shop-old", "shop-eu", "-o", "json"]);
    assert_eq!(run.code, 0, "{run}");
    assert_text!(
        run.stdout.as_str(),
        str![[r#"
[{"id":"shop-eu","name":"Shop (EU)","system":"shopify","environment":"live","protected":false,"retired_until":null,"expires_at":null,"last_used_at":"[TIME]","used_by":2,"left_without_user":["erp"],"guards":[],"ways":["put another one in its place: connctl replace shop-eu NEW","or remove what uses it: connctl service delete orders stock && connctl delete shop-eu"],"services":[{"id":"orders","name":"Orders","roles":["source"],"active":true,"schedule":"0 6 * * *","carries":["erp"]},{"id":"stock","name":"stock","roles":["destination"],"active":true,"schedule":null,"carries":["erp"]}]},{"id":"shop-old","name":"shop-old","system":"shopify","environment":"live","protected":false,"retired_until":null,"expires_at":"[TIME]","last_used_at":null,"used_by":0,"left_without_user":[],"guards":[],"ways":["nothing stands in the way: connctl delete shop-old","or find out first who misses it: connctl retire shop-old --for 30d"],"services":[]}]

"#]]
    );
    let lines = sandbox
        .run(&["impact", "shop-eu", "shop-old", "-o", "ndjson"])
        .stdout;
    let list: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let lines: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(list, serde_json::Value::from(lines));
}

#[test]
fn protection_and_guards_are_told() {
    let sandbox = Sandbox::with_shop();
    assert_eq!(sandbox.run(&["protect", "shop-old"]).code, 0);
    sandbox.configure(
        "[guards.jobs]\ncommand = ['sh', '-c', '''\
         cat > asked; echo '{\"id\":\"shop-old\",\"used_by\":\"nightly\",\"where\":\"jobs.yaml\"}' ''']\n",
    );
    assert_run!(
        sandbox.run(&["impact", "shop-old"]),
        str![[r#"
exit code: 0
stdout:
  id            shop-old
  name          shop-old
  system        shopify
  environment   live
  protected     yes
  expires_at    [TIME]
  last_used_at  unknown: it has no secret, so connctl cannot see its use
  used_by       no service
  
  beyond this store
    GUARD  USED BY  WHERE
    jobs   nightly  jobs.yaml
  
  what to do
    see to what uses it beyond this store, then delete again
    an admin may lift its protection: connctl unprotect shop-old
stderr:

"#]]
    );
    let run = sandbox.run(&["impact", "shop-old", "no-such", "-o", "json", "-q"]);
    assert_run!(
        run,
        str![[r#"
exit code: 4
stdout:
  [{"id":"shop-old","name":"shop-old","system":"shopify","environment":"live","protected":true,"retired_until":null,"expires_at":"[TIME]","last_used_at":null,"used_by":0,"left_without_user":[],"guards":[{"guard":"jobs","used_by":"nightly","where":"jobs.yaml"}],"ways":["see to what uses it beyond this store, then delete again","an admin may lift its protection: connctl unprotect shop-old"],"services":[]}]
stderr:
  {"error":{"kind":"not_found","message":"connector no-such does not exist","hint":"see what there is: connctl list all","exit_code":4}}

"#]]
    );
    let asked = std::fs::read_to_string(sandbox.path("asked")).unwrap();
    assert_eq!(asked, "shop-old\n");
    sandbox.configure("[guards.jobs]\ncommand = ['false']\n");
    let run = sandbox.run(&["impact", "shop-old"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run}");
}

#[test]
fn a_trial_is_told_with_those_who_tried() {
    let sandbox = Sandbox::with_shop();
    let run = sandbox.run(&["retire", "shop-old", "--for", "30d", "--yes"]);
    assert_eq!(run.code, 0, "{run}");
    let run = sandbox.run(&["exec", "shop-old", "--", "true"]);
    assert_eq!(run.code, 10, "{run}");
    let run = sandbox.run(&["impact", "shop-old"]);
    let me = connctl::platform::actor(None).user;
    assert_text!(
        run.to_string().replace(&format!(" by {me} "), " by root "),
        str![[r#"
exit code: 0
stdout:
  id            shop-old
  name          shop-old
  system        shopify
  environment   live
  trial         on trial until [TIME]; it was tried once, by root at [TIME]
  expires_at    [TIME]
  last_used_at  unknown: it has no secret, so connctl cannot see its use
  used_by       no service
  
  what to do
    somebody missed it, so end its trial: connctl revive shop-old
    or delete it all the same: connctl delete shop-old
stderr:

"#]]
    );
    let run = sandbox.run(&["impact", "shop-old", "-o", "ndjson"]);
    let told: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (&told["attempts"], &told["last_attempt_by"]),
        (&1.into(), &me.as_str().into())
    );
}

#[test]
fn what_is_not_there_is_not_found() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["impact", "shop-ol"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector shop-ol does not exist
  hint: did you mean shop-old?

"#]]
    );
    assert_eq!(sandbox.run(&["impact"]).code, 2);
    assert_eq!(
        sandbox
            .run(&["impact", "erp", "--mermaid", "-o", "json"])
            .code,
        2
    );
}

#[test]
fn a_diagram_in_which_every_name_is_a_text() {
    let sandbox = Sandbox::with_shop();
    sandbox.run(&["edit", "files", "--name", "x\"]\n  click c0 call evil() %%"]);
    sandbox.run(&[
        "service",
        "edit",
        "copy",
        "--name",
        "`**a**` <b>&quot; #quot; end",
    ]);
    assert_run!(
        sandbox.run(&["impact", "files", "--mermaid"]),
        str![[r#"
exit code: 0
stdout:
  flowchart LR
    c0[["files #40;x#34;#93;#92;n  click c0 call evil#40;#41; #37;#37;#41;"]]
    s0(["copy #40;#96;#42;#42;a#42;#42;#96; #60;b#62;#38;quot#59; #35;quot#59; end#41;"])
    s0 -.-> c0
    c0 -.-> s0
stderr:

"#]]
    );
    sandbox.configure(
        "[guards.jobs]\ncommand = ['sh', '-c', '''\
         printf \"%s\" '{\"id\":\"erp\",\"used_by\":\"a\\\"}}\",\"where\":\"\\n; b\"}' ''']\n",
    );
    assert_run!(
        sandbox.run(&["impact", "erp", "shop-eu", "--mermaid"]),
        str![[r#"
exit code: 0
stdout:
  flowchart LR
    c0[["erp #40;Main ERP#41;"]]
    u0{{"a#34;#125;#125; #92;n#59; b"}}
    c0 -. "jobs" .- u0
    c1[["shop-eu #40;Shop #40;EU#41;#41;"]]
    s0(["orders #40;Orders#41;"])
    s0 --> c0
    c1 --> s0
    s1(["stock"])
    s1 --> c1
    c0 --> s1
stderr:

"#]]
    );
}

#[test]
fn of_many_services_the_first_are_shown_and_all_are_told() {
    let mut content =
        "[[connectors]]\nid = 'hub'\nsystem = 'http'\nenvironment = 'testing'\n".to_owned();
    for n in 0..120 {
        content.push_str(&format!(
            "[[connectors]]\nid = 'c{n}'\nsystem = 'http'\nenvironment = 'testing'\n\
             [[services]]\nid = 's{n:03}'\nsources = ['c{n}']\ndestinations = ['hub']\n"
        ));
    }
    let sandbox = Sandbox::with(&content);
    let run = sandbox.run(&["impact", "hub"]);
    let more = "  … and 20 more: connctl service list --uses hub\n";
    assert!(run.stdout.contains(more), "{run}");
    assert!(
        run.stdout
            .contains("used_by       120 services, 120 active\n"),
        "{run}"
    );
    let run = sandbox.run(&["impact", "hub", "--mermaid"]);
    assert!(run.stdout.contains("and 20 more services"), "{run}");
    let run = sandbox.run(&["impact", "hub", "-o", "json"]);
    let told: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(told[0]["services"].as_array().unwrap().len(), 120);
    assert_eq!(told[0]["left_without_user"].as_array().unwrap().len(), 120);
}
