//! What somebody at a terminal of 40, 80 or 120 columns sees, pinned.

use snapbox::str;

use crate::assert_text;
use crate::support::Sandbox;
use crate::support::terminal::ESC;

/// The width of a time.
const TIME: &str = "[------- TIME -----]";

/// What a command line shows on terminals of three widths, without colour, with times replaced by
/// something as wide.
fn screens(sandbox: &Sandbox, line: &str) -> String {
    screens_left(sandbox, line, None)
}

/// As [`screens`], where a question is left at this prompt.
fn screens_left(sandbox: &Sandbox, line: &str, prompt: Option<&str>) -> String {
    let mut screens = String::new();
    for columns in [40, 80, 120] {
        let command = format!("connctl --color never {line}");
        let mut terminal = sandbox.terminal_of_width(columns, &command);
        if let Some(prompt) = prompt {
            terminal.wait_for(prompt).press(ESC);
        }
        let shown = terminal.end().shown;
        let lines = shown.lines().take_while(|line| !line.starts_with("ended "));
        let lines: Vec<_> = lines.map(|line| without_times(line.trim_end())).collect();
        screens.push_str(&format!("--- {columns}\n{}\n", lines.join("\n")));
    }
    screens
}

/// A line in which a placeholder stands for every time and revision.
fn without_times(line: &str) -> String {
    let mut rest = line.to_owned();
    let bytes = line.as_bytes();
    for start in 0..bytes.len().saturating_sub(19) {
        let window = &bytes[start..start + 20];
        if window[4] == b'-' && window[10] == b'T' && window[19] == b'Z' {
            rest.replace_range(start..start + 20, TIME);
        }
    }
    let is_revision = |word: &&str| word.len() == 32 && word.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some(revision) = line.split(' ').find(is_revision) {
        rest = rest.replace(revision, "[----------- REVISION ---------]");
    }
    rest
}

#[test]
fn list() {
    let sandbox = Sandbox::with_shop();
    assert_text!(
        screens(&sandbox, "list"),
        str![[r#"
--- 40
ID        NAME       SYSTEM    USED BY
erp       Main ERP   netsuite  2
shop-eu   Shop (EU)  shopify   2
shop-old  shop-old   shopify   0
3 live connectors updated at
[------- TIME -----], 1 unused
2 testing connectors not shown;
connctl list all
--- 80
ID        NAME       SYSTEM    ENVIRONMENT  USED BY  UPDATED
erp       Main ERP   netsuite  live         2        [------- TIME -----]
shop-eu   Shop (EU)  shopify   live         2        [------- TIME -----]
shop-old  shop-old   shopify   live         0        [------- TIME -----]
3 live connectors, 1 unused
2 testing connectors not shown; connctl list all
--- 120
ID        NAME       SYSTEM    ENVIRONMENT  USED BY  UPDATED
erp       Main ERP   netsuite  live         2        [------- TIME -----]
shop-eu   Shop (EU)  shopify   live         2        [------- TIME -----]
shop-old  shop-old   shopify   live         0        [------- TIME -----]
3 live connectors, 1 unused
2 testing connectors not shown; connctl list all

"#]]
    );
}

#[test]
fn the_refusal_of_a_connector_with_many_services() {
    let sandbox = Sandbox::with_example();
    assert_text!(
        screens(&sandbox, "delete target-snowflake-prod"),
        str![[r#"
--- 40
error: target-snowflake-prod is in use
by 8 services and was not deleted
  cloudwatch-el-prod
    name    Cloudwatch EL (prod)
    role    destination
    status  active
  github-meltano-el-prod
    name    Github Meltano EL (prod)
    role    destination
    status  active
  github-search-el-prod
    name    Github Search EL (prod)
    role    destination
    status  active
  gitlab-el-prod
    name    Gitlab EL (prod)
    role    destination
    status  active
  google-analytics-el-prod
    name    Google Analytics EL (prod)
    role    destination
    status  active
  meltanohub-el-prod
    name    Meltanohub EL (prod)
    role    destination
    status  active
  slack-el-prod
    name    Slack EL (prod)
    role    destination
    status  active
  spreadsheets-anywhere-el-prod
    name    Spreadsheets Anywhere EL (p…
    role    destination
    status  active
hint: put another one in its place:
connctl replace target-snowflake-prod NEW
      or remove what uses it:
connctl service delete cloudwatch-el-prod github-meltano-el-prod github-search-el-prod gitlab-el-prod google-analytics-el-prod meltanohub-el-prod slack-el-prod spreadsheets-anywhere-el-prod && connctl delete target-snowflake-prod
      they also carry:
      tap-cloudwatch-prod,
      tap-github-meltano-prod,
      tap-github-search-prod,
      tap-gitlab-prod,
      tap-google-analytics-prod,
      tap-meltanohub-prod,
      tap-slack-prod,
      tap-slack-public-prod,
      tap-spreadsheets-anywhere-prod
--- 80
error: target-snowflake-prod is in use by 8 services and was not deleted
  SERVICE                        NAME                        ROLE         STATUS
  cloudwatch-el-prod             Cloudwatch EL (prod)        destination  active
  github-meltano-el-prod         Github Meltano EL (prod)    destination  active
  github-search-el-prod          Github Search EL (prod)     destination  active
  gitlab-el-prod                 Gitlab EL (prod)            destination  active
  google-analytics-el-prod       Google Analytics EL (prod)  destination  active
  meltanohub-el-prod             Meltanohub EL (prod)        destination  active
  slack-el-prod                  Slack EL (prod)             destination  active
  spreadsheets-anywhere-el-prod  Spreadsheets Anywhere EL …  destination  active
hint: put another one in its place: connctl replace target-snowflake-prod NEW
      or remove what uses it:
connctl service delete cloudwatch-el-prod github-meltano-el-prod github-search-el-prod gitlab-el-prod google-analytics-el-prod meltanohub-el-prod slack-el-prod spreadsheets-anywhere-el-prod && connctl delete target-snowflake-prod
      they also carry: tap-cloudwatch-prod, tap-github-meltano-prod,
      tap-github-search-prod, tap-gitlab-prod, tap-google-analytics-prod,
      tap-meltanohub-prod, tap-slack-prod, tap-slack-public-prod,
      tap-spreadsheets-anywhere-prod
--- 120
error: target-snowflake-prod is in use by 8 services and was not deleted
  SERVICE                        NAME                             ROLE         STATUS
  cloudwatch-el-prod             Cloudwatch EL (prod)             destination  active
  github-meltano-el-prod         Github Meltano EL (prod)         destination  active
  github-search-el-prod          Github Search EL (prod)          destination  active
  gitlab-el-prod                 Gitlab EL (prod)                 destination  active
  google-analytics-el-prod       Google Analytics EL (prod)       destination  active
  meltanohub-el-prod             Meltanohub EL (prod)             destination  active
  slack-el-prod                  Slack EL (prod)                  destination  active
  spreadsheets-anywhere-el-prod  Spreadsheets Anywhere EL (prod)  destination  active
hint: put another one in its place: connctl replace target-snowflake-prod NEW
      or remove what uses it:
connctl service delete cloudwatch-el-prod github-meltano-el-prod github-search-el-prod gitlab-el-prod google-analytics-el-prod meltanohub-el-prod slack-el-prod spreadsheets-anywhere-el-prod && connctl delete target-snowflake-prod
      they also carry: tap-cloudwatch-prod, tap-github-meltano-prod, tap-github-search-prod, tap-gitlab-prod,
      tap-google-analytics-prod, tap-meltanohub-prod, tap-slack-prod, tap-slack-public-prod,
      tap-spreadsheets-anywhere-prod

"#]]
    );
}

#[test]
fn a_service_with_both_roles_is_one_in_a_refusal() {
    let sandbox = Sandbox::with_shop();
    assert_text!(
        screens(&sandbox, "delete files"),
        str![[r#"
--- 40
error: files is in use by 1 service and
was not deleted
  SERVICE  ROLE                 STATUS
  copy     source, destination  inactive
hint: put another one in its place:
connctl replace files NEW
      or remove what uses it:
connctl service delete copy && connctl delete files
--- 80
error: files is in use by 1 service and was not deleted
  SERVICE  ROLE                 STATUS
  copy     source, destination  inactive
hint: put another one in its place: connctl replace files NEW
      or remove what uses it:
      connctl service delete copy && connctl delete files
--- 120
error: files is in use by 1 service and was not deleted
  SERVICE  ROLE                 STATUS
  copy     source, destination  inactive
hint: put another one in its place: connctl replace files NEW
      or remove what uses it: connctl service delete copy && connctl delete files

"#]]
    );
}

#[test]
fn doctor() {
    let sandbox = Sandbox::new();
    assert_text!(
        screens(&sandbox, "doctor --store none.db"),
        str![[r#"
--- 40
warning  store  there is none at none.db
         make one: connctl init
--- 80
warning  store  there is none at none.db
         make one: connctl init
--- 120
warning  store  there is none at none.db
         make one: connctl init

"#]]
    );
}

#[test]
fn audit_list() {
    let sandbox = Sandbox::with_shop();
    sandbox.run(&["delete", "shop-old", "--yes", "--reason", "closed for good"]);
    sandbox.run(&["delete", "erp", "--yes"]);
    let shown = screens(&sandbox, "audit list");
    let user = sandbox.run(&["audit", "list", "-o", "tsv"]).stdout;
    let user = user.lines().nth(1).unwrap().split('\t').nth(2).unwrap();
    assert!(
        shown.contains(&format!("{TIME}  {user}  imported standard input\n")),
        "{shown}"
    );
    assert!(
        shown.contains("  deleted connector shop-old (reason: closed for good)\n"),
        "{shown}"
    );
    assert!(
        shown.contains("  tried to delete connector erp: in use\n"),
        "{shown}"
    );
    let plain = sandbox
        .terminal_of_width(200, "connctl audit list --wide")
        .end()
        .shown;
    assert!(plain.contains("connector.delete  erp"), "{plain}");
}

#[test]
fn show_a_connector_that_can_be_deleted() {
    let sandbox = Sandbox::with_shop();
    assert_text!(
        screens(&sandbox, "show shop-test"),
        str![[r#"
--- 40
id            shop-test
name          Shop, "for tests"
system        shopify
environment   testing
note          one\ntwo
created_at    [------- TIME -----]
updated_at    [------- TIME -----]
revision
  [----------- REVISION ---------]
used_by       0 services

settings
  KEY      VALUE
  paths    ["/in","/out"]
  retries  3

No service uses it; it can be deleted:
connctl delete shop-test
--- 80
id            shop-test
name          Shop, "for tests"
system        shopify
environment   testing
note          one\ntwo
created_at    [------- TIME -----]
updated_at    [------- TIME -----]
revision      [----------- REVISION ---------]
used_by       0 services

settings
  KEY      VALUE
  paths    ["/in","/out"]
  retries  3

No service uses it; it can be deleted: connctl delete shop-test
--- 120
id            shop-test
name          Shop, "for tests"
system        shopify
environment   testing
note          one\ntwo
created_at    [------- TIME -----]
updated_at    [------- TIME -----]
revision      [----------- REVISION ---------]
used_by       0 services

settings
  KEY      VALUE
  paths    ["/in","/out"]
  retries  3

No service uses it; it can be deleted: connctl delete shop-test

"#]]
    );
}

#[test]
fn show_a_connector_that_services_use() {
    let sandbox = Sandbox::with_shop();
    assert_text!(
        screens(&sandbox, "show shop-eu"),
        str![[r#"
--- 40
id            shop-eu
name          Shop (EU)
system        shopify
environment   live
group         retail
last_used_at  [------- TIME -----]
created_at    [------- TIME -----]
updated_at    [------- TIME -----]
revision
  [----------- REVISION ---------]
used_by       2 services

references
  SERVICE  ROLE         STATUS
  orders   source       active
  stock    destination  active

It cannot be deleted while 2 services
use it; put another one in its place:
connctl replace shop-eu NEW
--- 80
id            shop-eu
name          Shop (EU)
system        shopify
environment   live
group         retail
last_used_at  [------- TIME -----]
created_at    [------- TIME -----]
updated_at    [------- TIME -----]
revision      [----------- REVISION ---------]
used_by       2 services

references
  SERVICE  ROLE         STATUS
  orders   source       active
  stock    destination  active

It cannot be deleted while 2 services use it; put another one in its place:
connctl replace shop-eu NEW
--- 120
id            shop-eu
name          Shop (EU)
system        shopify
environment   live
group         retail
last_used_at  [------- TIME -----]
created_at    [------- TIME -----]
updated_at    [------- TIME -----]
revision      [----------- REVISION ---------]
used_by       2 services

references
  SERVICE  ROLE         STATUS
  orders   source       active
  stock    destination  active

It cannot be deleted while 2 services use it; put another one in its place: connctl replace shop-eu NEW

"#]]
    );
}

#[test]
fn show_what_keeps_a_connector_and_what_does_not() {
    let sandbox = Sandbox::with_shop();
    let last = |line: &str| {
        let shown = sandbox.terminal_of_width(200, line).end().shown;
        let lines = shown.lines().take_while(|line| !line.starts_with("ended "));
        lines.last().unwrap_or_default().to_owned()
    };
    assert_eq!(
        sandbox
            .run(&["retire", "shop-test", "--for", "7d", "--yes"])
            .code,
        0
    );
    assert_eq!(
        last("connctl show shop-test"),
        "No service uses it, and it is on trial; it can be deleted all the same: connctl delete shop-test"
    );
    assert_eq!(sandbox.run(&["protect", "erp"]).code, 0);
    let shown = sandbox
        .terminal("connctl show erp --color always")
        .end()
        .shown;
    assert!(shown.contains("\u{1b}[1mname\u{1b}[0m"), "{shown:?}");
    let way =
        "\r\nIt is protected from being deleted; an admin lifts that: connctl unprotect erp\r\n";
    assert!(shown.contains(way), "{shown}");
    let piped = sandbox.run(&["show", "erp"]).stdout;
    assert!(!piped.contains("admin lifts"), "{piped}");
}

#[test]
fn the_prompt() {
    let sandbox = Sandbox::with(
        "[[connectors]]\nid = 'shop-old'\nname = 'The old shop'\nsystem = 'shopify'\nenvironment = 'live'\n\
         group = 'retail'\nnote = \"ask Kim\\nbefore\"\nlast_used_at = 2020-02-01T00:00:00Z\n\
         expires_at = 2021-01-01T00:00:00Z\n\
         [[connectors]]\nid = 'x'\nsystem = 'http'\nenvironment = 'testing'\n",
    );
    let shown = screens_left(&sandbox, "delete shop-old", Some("to delete it:"));
    assert_text!(
        shown,
        str![[r#"
--- 40
This connector will be deleted
permanently:
  shop-old
    name         The old shop
    system       shopify
    environment  live
  group retail
  last used [------- TIME -----]
  expiry [------- TIME -----]
  note: ask Kim\nbefore
It is live. Type shop-old to delete it:
error: declined; nothing was changed
--- 80
This connector will be deleted permanently:
  ID        NAME          SYSTEM   ENVIRONMENT
  shop-old  The old shop  shopify  live
  group retail
  last used [------- TIME -----]
  expiry [------- TIME -----]
  note: ask Kim\nbefore
It is live. Type shop-old to delete it:
error: declined; nothing was changed
--- 120
This connector will be deleted permanently:
  ID        NAME          SYSTEM   ENVIRONMENT
  shop-old  The old shop  shopify  live
  group retail
  last used [------- TIME -----]
  expiry [------- TIME -----]
  note: ask Kim\nbefore
It is live. Type shop-old to delete it:
error: declined; nothing was changed

"#]]
    );
    let shown = screens_left(&sandbox, "delete shop-old x", Some("to delete them:"));
    assert_text!(
        shown,
        str![[r#"
--- 40
These 2 connectors will be deleted
permanently:
  shop-old
    name         The old shop
    system       shopify
    environment  live
  x
    name         x
    system       http
    environment  testing
  shop-old: group retail; last used
  [------- TIME -----]; expiry
  [------- TIME -----]; note: ask
  Kim\nbefore
1 of them is live. Type the number of
all, 2, to delete them:
error: declined; nothing was changed
--- 80
These 2 connectors will be deleted permanently:
  ID        NAME          SYSTEM   ENVIRONMENT
  shop-old  The old shop  shopify  live
  x         x             http     testing
  shop-old: group retail; last used [------- TIME -----]; expiry
  [------- TIME -----]; note: ask Kim\nbefore
1 of them is live. Type the number of all, 2, to delete them:
error: declined; nothing was changed
--- 120
These 2 connectors will be deleted permanently:
  ID        NAME          SYSTEM   ENVIRONMENT
  shop-old  The old shop  shopify  live
  x         x             http     testing
  shop-old: group retail; last used [------- TIME -----]; expiry [------- TIME -----]; note: ask Kim\nbefore
1 of them is live. Type the number of all, 2, to delete them:
error: declined; nothing was changed

"#]]
    );
}

#[test]
fn the_services_of_a_replacement() {
    let sandbox = Sandbox::with_shop();
    let replace = "replace shop-eu shop-old";
    assert_text!(
        screens_left(&sandbox, replace, Some("it: ")),
        str![[r#"
--- 40
warning: shop-old has expired on
[------- TIME -----]
These 2 services will refer to shop-old
in place of shop-eu:
  SERVICE  STATUS  ROLE
  orders   active  source
  stock    active  destination
They are live. Type shop-eu to replace
it:
error: declined; nothing was changed
--- 80
warning: shop-old has expired on [------- TIME -----]
These 2 services will refer to shop-old in place of shop-eu:
  SERVICE  STATUS  ROLE
  orders   active  source
  stock    active  destination
They are live. Type shop-eu to replace it:
error: declined; nothing was changed
--- 120
warning: shop-old has expired on [------- TIME -----]
These 2 services will refer to shop-old in place of shop-eu:
  SERVICE  STATUS  ROLE
  orders   active  source
  stock    active  destination
They are live. Type shop-eu to replace it:
error: declined; nothing was changed

"#]]
    );
    let run = sandbox.run(&["service", "edit", "stock", "--add-destination", "shop-old"]);
    assert_eq!(run.code, 0, "{run}");
    assert_text!(
        screens_left(&sandbox, replace, Some("it: ")),
        str![[r#"
--- 40
warning: shop-old has expired on
[------- TIME -----]
These 2 services will refer to shop-old
in place of shop-eu:
  orders
    status  active
    role    source
    before  shop-eu
    after   shop-old
  stock
    status  active
    role    destination
    before  shop-eu, shop-old
    after   shop-old
They are live. Type shop-eu to replace
it:
error: declined; nothing was changed
--- 80
warning: shop-old has expired on [------- TIME -----]
These 2 services will refer to shop-old in place of shop-eu:
  SERVICE  STATUS  ROLE         BEFORE             AFTER
  orders   active  source       shop-eu            shop-old
  stock    active  destination  shop-eu, shop-old  shop-old
They are live. Type shop-eu to replace it:
error: declined; nothing was changed
--- 120
warning: shop-old has expired on [------- TIME -----]
These 2 services will refer to shop-old in place of shop-eu:
  SERVICE  STATUS  ROLE         BEFORE             AFTER
  orders   active  source       shop-eu            shop-old
  stock    active  destination  shop-eu, shop-old  shop-old
They are live. Type shop-eu to replace it:
error: declined; nothing was changed

"#]]
    );
}

#[test]
fn lists_of_one_and_of_nothing() {
    let sandbox = Sandbox::with_shop();
    assert_text!(
        screens(&sandbox, "service list --search nothing"),
        str![[r#"
--- 40
0 services
--- 80
ID  NAME  KIND  STATUS  SOURCES  DESTINATIONS  UPDATED
0 services
--- 120
ID  NAME  KIND  STATUS  SOURCES  DESTINATIONS  UPDATED
0 services

"#]]
    );
    assert_text!(
        screens(&sandbox, "service list --limit 1"),
        str![[r#"
--- 40
copy
  name          copy
  kind          standard
  status        inactive
  sources       files
  destinations  files
  updated       [------- TIME -----]
1 service; there are more
--- 80
ID    NAME  KIND      STATUS    SOURCES  DESTINATIONS  UPDATED
copy  copy  standard  inactive  files    files         [------- TIME -----]
1 service; there are more
--- 120
ID    NAME  KIND      STATUS    SOURCES  DESTINATIONS  UPDATED
copy  copy  standard  inactive  files    files         [------- TIME -----]
1 service; there are more

"#]]
    );
    assert_text!(
        screens(&sandbox, "key list"),
        str![[r#"
--- 40
RECIPIENT  ADDED  TYPE  COMMENT
0 recipients
--- 80
RECIPIENT  ADDED  TYPE  COMMENT
0 recipients
--- 120
RECIPIENT  ADDED  TYPE  COMMENT
0 recipients

"#]]
    );
    let long = "a name that is too long for a line ".repeat(5);
    let run = sandbox.run(&["edit", "erp", "--name", &long]);
    assert_eq!(run.code, 0, "{run}");
    assert_text!(
        screens(
            &sandbox,
            "list --columns name,id,group,expires_at,updated_at"
        ),
        str![[r#"
--- 40
a name that is too long for a line a na…
  id       erp
  group    retail
  updated  [------- TIME -----]

Shop (EU)
  id       shop-eu
  group    retail
  updated  [------- TIME -----]

shop-old
  id          shop-old
  expires at  [------- TIME -----]
  updated     [------- TIME -----]
3 live connectors, 1 unused
2 testing connectors not shown;
connctl list all
--- 80
NAME                ID        GROUP   EXPIRES AT            UPDATED
a name that is to…  erp       retail                        [------- TIME -----]
Shop (EU)           shop-eu   retail                        [------- TIME -----]
shop-old            shop-old          [------- TIME -----]  [------- TIME -----]
3 live connectors, 1 unused
2 testing connectors not shown; connctl list all
--- 120
NAME                                                        ID        GROUP   EXPIRES AT            UPDATED
a name that is too long for a line a name that is too lon…  erp       retail                        [------- TIME -----]
Shop (EU)                                                   shop-eu   retail                        [------- TIME -----]
shop-old                                                    shop-old          [------- TIME -----]  [------- TIME -----]
3 live connectors, 1 unused
2 testing connectors not shown; connctl list all

"#]]
    );
    // Off a terminal, and in formats that are no tables, nothing is said.
    for line in [
        "service list --limit 1",
        "key list",
        "service list --limit 1 -o json",
    ] {
        let words: Vec<_> = line.split(' ').collect();
        assert_eq!(sandbox.run(&words).stderr, "", "{line}");
    }
}
