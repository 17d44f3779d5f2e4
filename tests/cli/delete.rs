//! `connctl delete`, off a terminal.

use std::process::Stdio;

use snapbox::str;

use crate::assert_run;
use crate::support::Sandbox;

#[test]
fn what_is_in_use_stays_and_the_way_out_is_named() {
    let sandbox = Sandbox::with_example();
    assert_run!(
        sandbox.run(&["delete", "tap-slack-prod", "--yes"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: tap-slack-prod is in use by 1 service and was not deleted
    SERVICE        NAME             ROLE    STATUS
    slack-el-prod  Slack EL (prod)  source  active
  hint: put another one in its place: connctl replace tap-slack-prod NEW
        or remove what uses it: connctl service delete slack-el-prod && connctl delete tap-slack-prod
        or take it out of the service: connctl service edit slack-el-prod --remove-source tap-slack-prod
        it also carries: tap-slack-public-prod, target-snowflake-prod

"#]]
    );
}

#[test]
fn every_service_in_the_way_is_named() {
    let sandbox = Sandbox::with_example();
    assert_run!(
        sandbox.refused(&["delete", "target-snowflake-prod", "--yes"]),
        str![[r#"
exit code: 5
stdout:
stderr:
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
        or remove what uses it: connctl service delete cloudwatch-el-prod github-meltano-el-prod github-search-el-prod gitlab-el-prod google-analytics-el-prod meltanohub-el-prod slack-el-prod spreadsheets-anywhere-el-prod && connctl delete target-snowflake-prod
        they also carry: tap-cloudwatch-prod, tap-github-meltano-prod, tap-github-search-prod, tap-gitlab-prod, tap-google-analytics-prod, tap-meltanohub-prod, tap-slack-prod, tap-slack-public-prod, tap-spreadsheets-anywhere-prod

"#]]
    );
}

#[test]
fn an_inactive_service_protects_as_well() {
    let sandbox = Sandbox::with_example();
    assert_run!(
        sandbox.refused(&["delete", "tap-slack-userdev", "--yes"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: tap-slack-userdev is in use by 1 service and was not deleted
    SERVICE           NAME                ROLE    STATUS
    slack-el-userdev  Slack EL (userdev)  source  inactive
  hint: put another one in its place: connctl replace tap-slack-userdev NEW
        or remove what uses it: connctl service delete slack-el-userdev && connctl delete tap-slack-userdev
        or take it out of the service: connctl service edit slack-el-userdev --remove-source tap-slack-userdev
        it also carries: tap-slack-public-userdev, target-snowflake-userdev

"#]]
    );
}

#[test]
fn what_no_service_needs_goes_with_yes() {
    let sandbox = Sandbox::with_example();
    assert_run!(
        sandbox.run(&["delete", "tap-github-prod", "--yes"]),
        str![[r#"
exit code: 0
stdout:
  ID               OUTCOME  NAME               SYSTEM  ENVIRONMENT
  tap-github-prod  deleted  Tap Github (prod)  github  live
stderr:
  1 connector was deleted.

"#]]
    );
    assert_run!(
        sandbox.run(&["show", "tap-github-prod", "-o", "json"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  {"error":{"kind":"not_found","message":"connector tap-github-prod does not exist; it was deleted on [TIME] by root","hint":"did you mean tap-gitlab-prod or tap-github-search-prod or tap-github-userdev?","exit_code":4}}

"#]]
    );
}

#[test]
fn yes_never_overrides_the_guard() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["delete", "erp", "--yes", "--keep-going", "--ignore-missing"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  0 connectors were deleted.
  error: erp is in use by 2 services and was not deleted
    SERVICE  NAME    ROLE         STATUS
    orders   Orders  destination  active
    stock            source       active
  hint: put another one in its place: connctl replace erp NEW
        or remove what uses it: connctl service delete orders stock && connctl delete erp
        they also carry: shop-eu

"#]]
    );
}

#[test]
fn one_problem_refuses_the_whole_batch() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&[
            "delete", "shop-old", "erp", "files", "shop-odl", "nothing", "--yes"
        ]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: erp is in use by 2 services and was not deleted
    SERVICE  NAME    ROLE         STATUS
    orders   Orders  destination  active
    stock            source       active
  files is in use by 1 service and was not deleted
    SERVICE  ROLE                 STATUS
    copy     source, destination  inactive
  connector shop-odl does not exist
  connector nothing does not exist
  1 connector could have gone; nothing was deleted
  hint: put others in their place:
          connctl replace erp NEW
          connctl replace files NEW
        or remove what uses them: connctl service delete copy orders stock && connctl delete erp files shop-old
        they also carry: shop-eu
        shop-odl: did you mean shop-old?

"#]]
    );
}

#[test]
fn keep_going_deletes_the_rest_and_the_exit_code_tells() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&[
            "delete",
            "shop-old",
            "erp",
            "shop-tset",
            "--yes",
            "--keep-going"
        ]),
        str![[r#"
exit code: 5
stdout:
  ID        OUTCOME  NAME      SYSTEM   ENVIRONMENT
  shop-old  deleted  shop-old  shopify  live
stderr:
  1 connector was deleted.
  error: erp is in use by 2 services and was not deleted
    SERVICE  NAME    ROLE         STATUS
    orders   Orders  destination  active
    stock            source       active
  connector shop-tset does not exist
  1 other connector was deleted
  hint: put another one in its place: connctl replace erp NEW
        or remove what uses it: connctl service delete orders stock && connctl delete erp
        they also carry: shop-eu
        did you mean shop-test?

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "all", "-o", "ids"]),
        str![[r#"
exit code: 0
stdout:
  erp
  files
  shop-eu
  shop-test
stderr:

"#]]
    );
}

#[test]
fn unknown_ids_alone_are_not_found() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["delete", "shop-odl", "--yes"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector shop-odl does not exist
  hint: did you mean shop-old?

"#]]
    );
    assert_run!(
        sandbox.refused(&["delete", "shop-odl", "zzz", "--yes", "--keep-going"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  0 connectors were deleted.
  error: connector shop-odl does not exist
  connector zzz does not exist
  hint: shop-odl: did you mean shop-old?

"#]]
    );
}

#[test]
fn ignore_missing_lets_a_script_run_again() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["delete", "shop-old", "gone", "--yes", "--ignore-missing"]),
        str![[r#"
exit code: 0
stdout:
  ID        OUTCOME  NAME      SYSTEM   ENVIRONMENT
  shop-old  deleted  shop-old  shopify  live
  gone      skipped
stderr:
  1 connector was deleted.

"#]]
    );
    assert_run!(
        sandbox.run(&["delete", "shop-old", "gone", "--yes", "--ignore-missing"]),
        str![[r#"
exit code: 0
stdout:
  ID        OUTCOME  NAME  SYSTEM  ENVIRONMENT
  shop-old  skipped
  gone      skipped
stderr:
  0 connectors were deleted.

"#]]
    );
}

#[test]
fn env_refuses_what_is_of_the_other_environment() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&[
            "delete",
            "shop-test",
            "shop-old",
            "--yes",
            "--env",
            "testing"
        ]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: not of the testing environment: shop-old; nothing was deleted
  hint: leave these ids out, or leave out --env

"#]]
    );
    assert_run!(
        sandbox.run(&["delete", "shop-test", "--yes", "--env", "testing"]),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME  NAME               SYSTEM   ENVIRONMENT
  shop-test  deleted  Shop, "for tests"  shopify  testing
stderr:
  1 connector was deleted.

"#]]
    );
}

#[test]
fn expect_refuses_any_other_number() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["delete", "shop-test", "--yes", "--expect", "2"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 1 connector would be deleted, but 2 were expected; nothing was deleted
  hint: look at what would go with --dry-run, then correct --expect

"#]]
    );
    assert_run!(
        sandbox.refused(&["delete", "shop-test", "shop-old", "--yes", "--expect", "1"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 2 connectors would be deleted, but 1 was expected; nothing was deleted
  hint: look at what would go with --dry-run, then correct --expect

"#]]
    );
    assert_run!(
        sandbox.run(&["delete", "shop-test", "shop-old", "--yes", "--expect", "2"]),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME  NAME               SYSTEM   ENVIRONMENT
  shop-test  deleted  Shop, "for tests"  shopify  testing
  shop-old   deleted  shop-old           shopify  live
stderr:
  2 connectors were deleted.

"#]]
    );
}

#[test]
fn expect_is_checked_for_an_empty_input_too() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["delete", "-", "--yes", "--expect", "1"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  No ids were given; nothing was deleted.
  error: 0 connectors would be deleted, but 1 was expected; nothing was deleted
  hint: look at what would go with --dry-run, then correct --expect

"#]]
    );
    assert_run!(
        sandbox.run(&["delete", "-", "--yes", "--expect", "0"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  No ids were given; nothing was deleted.

"#]]
    );
}

#[test]
fn an_empty_input_deletes_nothing() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["delete", "-", "--yes"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  No ids were given; nothing was deleted.

"#]]
    );
    assert_run!(
        sandbox.run_with_input(&["delete", "-", "--yes", "-o", "json"], "\n\r\n"),
        str![[r#"
exit code: 0
stdout:
  []
stderr:

"#]]
    );
}

#[test]
fn a_line_that_is_no_id_is_named() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run_with_input(&["delete", "-", "--yes"], "shop-old\r\n\n shop-test\n"),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: standard input, line 3: the id " shop-test" may hold only letters, digits, '.', '_', ':' and '-' (A-Z, a-z, 0-9), not ' '
  hint: nothing was deleted; correct the ids and try again

"#]]
    );
}

#[test]
fn ids_come_from_arguments_and_input_each_once() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run_with_input(
            &[
                "delete",
                "shop-test",
                "-",
                "shop-test",
                "--yes",
                "-o",
                "json"
            ],
            "shop-old\r\n\r\nshop-test\nshop-old"
        ),
        str![[r#"
exit code: 0
stdout:
  [{"id":"shop-test","outcome":"deleted","name":"Shop, \"for tests\"","system":"shopify","environment":"testing","revision":"[REVISION]"},{"id":"shop-old","outcome":"deleted","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]"}]
stderr:

"#]]
    );
}

#[test]
fn null_ends_ids_where_asked() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run_with_input(&["delete", "-", "-0", "--yes"], "shop-old\0shop-test\0"),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME  NAME               SYSTEM   ENVIRONMENT
  shop-old   deleted  shop-old           shopify  live
  shop-test  deleted  Shop, "for tests"  shopify  testing
stderr:
  2 connectors were deleted.

"#]]
    );
    assert_run!(
        sandbox.run_with_input(&["delete", "-", "--yes"], "a\0b"),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: standard input, line 1: the id "a\u{0}b" may hold only letters, digits, '.', '_', ':' and '-' (A-Z, a-z, 0-9), not '\0'
  hint: nothing was deleted; correct the ids and try again

"#]]
    );
}

#[test]
fn no_id_is_never_everything() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["delete", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: no connector was named; nothing was deleted
  hint: name ids as arguments, or give "-" to read them from standard input

"#]]
    );
    assert_run!(
        sandbox.refused(&["delete"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: no connector was named; nothing was deleted
  hint: name ids as arguments, or give "-" to read them from standard input

"#]]
    );
}

#[test]
fn a_dry_run_does_not_change_a_byte() {
    let sandbox = Sandbox::with_shop();
    let before = sandbox.store_bytes();
    assert_run!(
        sandbox.run(&["delete", "shop-old", "shop-test", "--dry-run"]),
        str![[r#"
exit code: 0
stdout:
  ID         OUTCOME       NAME               SYSTEM   ENVIRONMENT
  shop-old   would_delete  shop-old           shopify  live
  shop-test  would_delete  Shop, "for tests"  shopify  testing
stderr:
  2 connectors would be deleted; nothing was changed.

"#]]
    );
    assert_run!(
        sandbox.run(&["delete", "shop-old", "--dry-run", "--yes", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  [{"id":"shop-old","outcome":"would_delete","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]"}]
stderr:

"#]]
    );
    assert!(sandbox.store_bytes() == before);
}

#[test]
fn a_dry_run_gives_the_verdict_and_exit_code_of_the_real_run() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["delete", "shop-old", "erp", "-n"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: erp is in use by 2 services and was not deleted
    SERVICE  NAME    ROLE         STATUS
    orders   Orders  destination  active
    stock            source       active
  1 connector could have gone; nothing was deleted
  hint: put another one in its place: connctl replace erp NEW
        or remove what uses it: connctl service delete orders stock && connctl delete erp shop-old
        they also carry: shop-eu

"#]]
    );
    assert_run!(
        sandbox.refused(&["delete", "shop-old", "gone", "-n", "--keep-going"]),
        str![[r#"
exit code: 4
stdout:
  ID        OUTCOME       NAME      SYSTEM   ENVIRONMENT
  shop-old  would_delete  shop-old  shopify  live
stderr:
  1 connector would be deleted; nothing was changed.
  error: connector gone does not exist
  1 other connector would be deleted
  hint: see what there is: connctl list all

"#]]
    );
    assert_run!(
        sandbox.refused(&["delete", "shop-old", "-n", "--expect", "2"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 1 connector would be deleted, but 2 were expected; nothing was deleted
  hint: look at what would go with --dry-run, then correct --expect

"#]]
    );
}

#[test]
fn without_a_terminal_yes_is_needed() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["delete", "shop-old"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 1 connector was not deleted, because nobody can be asked
  hint: give --yes to delete without being asked, or --dry-run to see what would go

"#]]
    );
    assert_run!(
        sandbox.refused(&["delete", "shop-old", "shop-test", "--no-input"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 2 connectors were not deleted, because nobody can be asked
  hint: give --yes to delete without being asked, or --dry-run to see what would go

"#]]
    );
}

#[test]
fn an_answer_is_never_taken_from_a_pipe() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run_with_input(&["delete", "shop-test"], "y\n".repeat(10_000)),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 1 connector was not deleted, because nobody can be asked
  hint: give --yes to delete without being asked, or --dry-run to see what would go

"#]]
    );
    assert_run!(
        sandbox.run_with_input(&["delete", "-"], "shop-test\ny\n"),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector y does not exist
  1 connector could have gone; nothing was deleted
  hint: see what there is: connctl list all

"#]]
    );
}

#[test]
fn an_open_pipe_is_not_waited_on() {
    let sandbox = Sandbox::with_shop();
    let (reader, _open) = std::io::pipe().unwrap();
    let run = sandbox.finish(
        sandbox
            .command()
            .args(["delete", "shop-test"])
            .stdin(reader),
    );
    assert_run!(
        run,
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 1 connector was not deleted, because nobody can be asked
  hint: give --yes to delete without being asked, or --dry-run to see what would go

"#]]
    );
}

#[test]
fn json_tells_the_outcome_of_every_id() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&[
            "delete",
            "shop-old",
            "erp",
            "gone",
            "-n",
            "--keep-going",
            "--ignore-missing",
            "-o",
            "json"
        ]),
        str![[r#"
exit code: 5
stdout:
  [{"id":"shop-old","outcome":"would_delete","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]"},{"id":"erp","outcome":"in_use","name":"Main ERP","system":"netsuite","environment":"live","revision":"[REVISION]","references":[{"service":"orders","name":"Orders","role":"destination","active":true},{"service":"stock","name":"stock","role":"source","active":true}],"used_by":2},{"id":"gone","outcome":"skipped"}]
stderr:
  {"error":{"kind":"in_use","message":"erp is in use by 2 services and was not deleted\n  SERVICE  NAME    ROLE         STATUS\n  orders   Orders  destination  active\n  stock            source       active\n1 other connector would be deleted","hint":"put another one in its place: connctl replace erp NEW\nor remove what uses it: connctl service delete orders stock && connctl delete erp\nthey also carry: shop-eu","exit_code":5}}

"#]]
    );
    assert_run!(
        sandbox.run(&["delete", "shop-old", "files", "gone", "--yes", "-o", "json"]),
        str![[r#"
exit code: 5
stdout:
  [{"id":"shop-old","outcome":"kept","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]"},{"id":"files","outcome":"in_use","name":"files","system":"http","environment":"testing","revision":"[REVISION]","references":[{"service":"copy","name":"copy","role":"source","active":false},{"service":"copy","name":"copy","role":"destination","active":false}],"used_by":1},{"id":"gone","outcome":"not_found"}]
stderr:
  {"error":{"kind":"in_use","message":"files is in use by 1 service and was not deleted\n  SERVICE  ROLE                 STATUS\n  copy     source, destination  inactive\nconnector gone does not exist\n1 connector could have gone; nothing was deleted","hint":"put another one in its place: connctl replace files NEW\nor remove what uses it: connctl service delete copy && connctl delete files shop-old","exit_code":5}}

"#]]
    );
    assert_run!(
        sandbox.run(&[
            "delete",
            "shop-old",
            "gone",
            "--yes",
            "-o",
            "ndjson",
            "--keep-going"
        ]),
        str![[r#"
exit code: 4
stdout:
  {"id":"shop-old","outcome":"deleted","name":"shop-old","system":"shopify","environment":"live","revision":"[REVISION]"}
  {"id":"gone","outcome":"not_found"}
stderr:
  {"error":{"kind":"not_found","message":"connector gone does not exist\n1 other connector was deleted","hint":"see what there is: connctl list all","exit_code":4}}

"#]]
    );
}

#[test]
fn ids_are_those_that_went() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&[
            "delete",
            "shop-old",
            "shop-test",
            "gone",
            "--yes",
            "-o",
            "ids",
            "--ignore-missing",
            "-q"
        ]),
        str![[r#"
exit code: 0
stdout:
  shop-old
  shop-test
stderr:

"#]]
    );
}

#[test]
fn tables_for_programs_have_every_outcome() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["delete", "shop-test", "erp", "gone", "--yes", "-o", "csv"]),
        str![[r#"
exit code: 5
stdout:
  id,outcome,name,system,environment,revision,references
  shop-test,kept,"Shop, ""for tests""",shopify,testing,[REVISION],
  erp,in_use,Main ERP,netsuite,live,[REVISION],"[{""service"":""orders"",""name"":""Orders"",""role"":""destination"",""active"":true},{""service"":""stock"",""name"":""stock"",""role"":""source"",""active"":true}]"
  gone,not_found,,,,,
stderr:
  error: erp is in use by 2 services and was not deleted
    SERVICE  NAME    ROLE         STATUS
    orders   Orders  destination  active
    stock            source       active
  connector gone does not exist
  1 connector could have gone; nothing was deleted
  hint: put another one in its place: connctl replace erp NEW
        or remove what uses it: connctl service delete orders stock && connctl delete erp shop-test
        they also carry: shop-eu

"#]]
    );
    assert_run!(
        sandbox.run(&["delete", "shop-test", "erp", "gone", "--yes", "-o", "tsv"]),
        str![[r#"
exit code: 5
stdout:
  id	outcome	name	system	environment	revision	references
  shop-test	kept	Shop, "for tests"	shopify	testing	[REVISION]	
  erp	in_use	Main ERP	netsuite	live	[REVISION]	[{"service":"orders","name":"Orders","role":"destination","active":true},{"service":"stock","name":"stock","role":"source","active":true}]
  gone	not_found					
stderr:
  error: erp is in use by 2 services and was not deleted
    SERVICE  NAME    ROLE         STATUS
    orders   Orders  destination  active
    stock            source       active
  connector gone does not exist
  1 connector could have gone; nothing was deleted
  hint: put another one in its place: connctl replace erp NEW
        or remove what uses it: connctl service delete orders stock && connctl delete erp shop-test
        they also carry: shop-eu

"#]]
    );
}

#[test]
fn invalid_ids_are_refused_before_anything_else() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.refused(&["delete", "a b", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: the id "a b" may hold only letters, digits, '.', '_', ':' and '-' (A-Z, a-z, 0-9), not ' '
  hint: nothing was deleted; correct the ids and try again

"#]]
    );
    assert_run!(
        sandbox.refused(&["delete", "", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: an id cannot be empty
  hint: nothing was deleted; correct the ids and try again

"#]]
    );
    assert_run!(
        sandbox.refused(&["delete", "[Token]", "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: the token [Token] has no value; nothing was deleted
  hint: give it a value with --token NAME=VALUE or --tokens FILE

"#]]
    );
    let long = "x".repeat(129);
    assert_run!(
        sandbox.refused(&["delete", "shop-old", &long, "--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: the id xxxxxxxxxxxxxxxxxxxxxxxx… has 129 characters; at most 128 are allowed
  hint: nothing was deleted; correct the ids and try again

"#]]
    );
    assert_run!(
        sandbox.run_with_input(&["delete", "-", "--yes"], "shop-old\n\u{1b}[2Jx\n"),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: standard input, line 2: the id "\u{1b}[2Jx" may hold only letters, digits, '.', '_', ':' and '-' (A-Z, a-z, 0-9), not '\u{1b}'
  hint: nothing was deleted; correct the ids and try again

"#]]
    );
}

#[test]
fn a_full_disk_after_the_deletion_says_that_it_happened() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.shell("connctl delete shop-old --yes >/dev/full"),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: 1 connector was deleted, but the output cannot be written: No space left on device (os error 28)

"#]]
    );
    assert_run!(
        sandbox.run(&["show", "shop-old"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: connector shop-old does not exist; it was deleted on [TIME] by root
  hint: see what there is: connctl list all

"#]]
    );
}

#[test]
fn a_closed_pipe_after_the_deletion_is_no_error() {
    let sandbox = Sandbox::with_shop();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = sandbox.command();
    command.args(["delete", "shop-old", "--yes"]).stdout(writer);
    assert_run!(
        sandbox.finish(&mut command),
        str![[r#"
exit code: 0
stdout:
stderr:
  1 connector was deleted.

"#]]
    );
    assert_eq!(sandbox.run(&["show", "shop-old"]).code, 4);
}

#[test]
fn of_two_processes_one_deletes_and_the_other_finds_nothing() {
    let sandbox = Sandbox::with_shop();
    let start = || {
        let mut command = sandbox.command();
        command.args(["delete", "shop-old", "--yes"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    };
    let mut codes = [start(), start()].map(|mut child| child.wait().unwrap().code());
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(4)]);
}

#[test]
fn a_connector_can_go_once_its_last_service_points_elsewhere() {
    let sandbox = Sandbox::with_shop();
    for line in [
        &[
            "service",
            "edit",
            "copy",
            "--source",
            "shop-test",
            "--destination",
            "shop-test",
        ][..],
        &["delete", "files", "--yes"],
    ] {
        let run = sandbox.run(line);
        assert_eq!(run.code, 0, "{run}");
    }
}

#[test]
fn the_way_out_frees_every_role_and_every_connector_of_the_batch() {
    let sandbox = Sandbox::with(
        r#"
        connectors = [
            { id = "a", system = "http", environment = "live" },
            { id = "b", system = "http", environment = "live" },
            { id = "c", system = "http", environment = "live" },
        ]
        services = [{ id = "s", sources = ["a", "b", "c"], destinations = ["a"] }]
        "#,
    );
    assert_run!(
        sandbox.refused(&["delete", "a", "b", "--yes"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: a is in use by 1 service and was not deleted
    SERVICE  ROLE                 STATUS
    s        source, destination  active
  b is in use by 1 service and was not deleted
    SERVICE  ROLE    STATUS
    s        source  active
  hint: put others in their place:
          connctl replace a NEW
          connctl replace b NEW
        or remove what uses them: connctl service delete s && connctl delete a b
        it also carries: c

"#]]
    );
}

#[test]
fn a_closed_pipe_does_not_hide_a_refusal() {
    let sandbox = Sandbox::with_shop();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = sandbox.command();
    command
        .args(["delete", "files", "--yes", "-o", "csv"])
        .stdout(writer);
    assert_run!(
        sandbox.finish(&mut command),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: files is in use by 1 service and was not deleted
    SERVICE  ROLE                 STATUS
    copy     source, destination  inactive
  hint: put another one in its place: connctl replace files NEW
        or remove what uses it: connctl service delete copy && connctl delete files

"#]]
    );
}

#[test]
fn a_brake_that_is_not_met_weighs_most() {
    let sandbox = Sandbox::with_shop();
    for more in [&[][..], &["--keep-going"]] {
        let delete = |arguments: &[&str]| {
            let run = sandbox.refused(&[&["delete", "--yes"][..], arguments, more].concat());
            run.code
        };
        assert_eq!(delete(&["files", "--env", "live"]), 2);
        assert_eq!(delete(&["files", "no-such", "--env", "live"]), 2);
        assert_eq!(delete(&["shop-old", "erp", "--expect", "2"]), 2);
        assert_eq!(delete(&["erp", "no-such"]), 5);
    }
}

#[test]
fn of_very_many_in_use_the_first_are_told_with_what_uses_them() {
    let ids: Vec<_> = (0..1_100).map(|number| format!("c{number:04}")).collect();
    let connector =
        |id| format!("[[connectors]]\nid = '{id}'\nsystem = 's'\nenvironment = 'live'\n");
    let connectors: String = ids.iter().map(connector).collect();
    let sandbox = Sandbox::with(&format!(
        "{connectors}[[services]]\nid = 'all'\nsources = {ids:?}\n"
    ));
    let run = sandbox.run_with_input(&["delete", "-", "-y", "-o", "ndjson"], ids.join("\n"));
    assert_eq!(run.code, 5, "{run}");
    let rows: Vec<serde_json::Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 1_100);
    let told = |row: &serde_json::Value| row["references"].as_array().map_or(0, Vec::len);
    assert_eq!((told(&rows[999]), told(&rows[1_000])), (1, 0));
    assert!(rows.iter().all(|row| row["used_by"] == 1), "{run}");
    assert!(run.stderr.contains("… and 1090 more are in use"), "{run}");
    assert!(
        run.stderr.contains("it also carries more than 999: c0010"),
        "{run}"
    );
    assert!(run.stderr.len() < 8_000, "{run}");
}
