//! The configuration file, and what comes before it.

use snapbox::str;

use crate::assert_run;
use crate::support::{Run, Sandbox};

fn with_config(content: &str, arguments: &[&str]) -> Run {
    let sandbox = Sandbox::with_shop();
    sandbox.write("config.toml", content);
    sandbox.run(&[arguments, &["--config", "config.toml"]].concat())
}

#[test]
fn a_misspelt_key_is_named_with_file_line_and_a_suggestion() {
    assert_run!(
        with_config("# mine\nstroe = 'x'\n", &["list"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: config.toml:2: unknown field `stroe`, expected one of `store`, `output`, `color`, `identity`, `busy_timeout`, `allow_shared_folder`, `hooks`, `guards`; did you mean `store`?

"#]]
    );
    assert_run!(
        with_config("zzz = 'x'\n", &["list"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: config.toml:1: unknown field `zzz`, expected one of `store`, `output`, `color`, `identity`, `busy_timeout`, `allow_shared_folder`, `hooks`, `guards`

"#]]
    );
}

#[test]
fn a_value_that_means_nothing_is_named_with_file_and_line() {
    assert_run!(
        with_config("\noutput = 'xml'\n", &["list"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: config.toml:2: this cannot be "xml"; use one of: table, json, ndjson, csv, tsv, ids

"#]]
    );
    assert_run!(
        with_config("color = 'green'\n", &["list"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: config.toml:1: this cannot be "green"; use one of: auto, always, never

"#]]
    );
    assert_run!(
        with_config("busy_timeout = 'soon'\n", &["list"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: config.toml:1: "soon" is not a duration of at most a day, such as 5s or 2min

"#]]
    );
    assert_run!(
        with_config("busy_timeout = 5\n", &["list"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: config.toml:1: invalid type: integer `5`, expected a string

"#]]
    );
    assert_run!(
        with_config("output\n", &["list"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: config.toml:1: key with no value, expected `=`

"#]]
    );
}

#[test]
fn a_configuration_that_was_named_must_exist() {
    assert_run!(
        Sandbox::with_shop().run(&["list", "--config", "missing.toml"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: cannot read the configuration missing.toml: No such file or directory (os error 2)

"#]]
    );
}

#[test]
fn the_usual_configuration_need_not_exist_but_counts() {
    let sandbox = Sandbox::with_shop();
    std::fs::create_dir_all(sandbox.path(".config/connctl")).unwrap();
    sandbox.write(".config/connctl/config.toml", "output = 'ids'");
    assert_run!(
        sandbox.run(&["list", "testing"]),
        str![[r#"
exit code: 0
stdout:
  files
  shop-test
stderr:

"#]]
    );
}

#[test]
fn a_format_that_a_command_cannot_give_stays_a_table_when_it_is_only_the_usual_one() {
    assert_run!(
        with_config("output = 'csv'", &["show", "shop-old"]),
        str![[r#"
exit code: 0
stdout:
  id            shop-old
  name          shop-old
  system        shopify
  environment   live
  expires_at    [TIME]
  created_at    [TIME]
  updated_at    [TIME]
  revision      [REVISION]
  used_by       0 services
stderr:

"#]]
    );
}

#[test]
fn the_store_is_that_of_the_flag_then_of_the_environment_then_of_the_file() {
    let sandbox = Sandbox::new();
    for name in ["flag", "environment", "file"] {
        let add = [
            "add", name, "--system", "http", "--env", "live", "--store", name,
        ];
        let run = sandbox.run(&add);
        assert_eq!(run.code, 0, "{run}");
    }
    sandbox.write("config.toml", "store = 'file'");
    let list = |variable: Option<&str>, arguments: &[&str]| {
        let mut command = sandbox.command();
        command.env_remove("CONNCTL_STORE");
        command.envs(variable.map(|value| ("CONNCTL_STORE", value)));
        command.args(["list", "-o", "ids", "--config", "config.toml"]);
        sandbox.finish(command.args(arguments)).stdout
    };
    assert_eq!(list(None, &[]), "file\n");
    assert_eq!(list(Some(""), &[]), "file\n");
    assert_eq!(list(Some("environment"), &[]), "environment\n");
    assert_eq!(list(Some("environment"), &["--store", "flag"]), "flag\n");
}

#[test]
fn the_configuration_is_that_of_the_flag_then_of_the_environment() {
    let sandbox = Sandbox::with_shop();
    sandbox.write("ids.toml", "output = 'ids'");
    sandbox.write("ndjson.toml", "output = 'ndjson'");
    let list = |arguments: &[&str]| {
        let mut command = sandbox.command();
        command.env("CONNCTL_CONFIG", "ids.toml");
        command.args(["list", "--search", "shop-old"]);
        sandbox.finish(command.args(arguments)).stdout
    };
    assert_eq!(list(&[]), "shop-old\n");
    assert!(list(&["--config", "ndjson.toml"]).starts_with('{'));
    assert!(list(&["-o", "csv"]).starts_with("id,"));
}

#[test]
fn a_store_in_the_configuration_lies_beside_it() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("there")).unwrap();
    sandbox.write("there/config.toml", "store = 'own.db'");
    let mut command = sandbox.command();
    command.env_remove("CONNCTL_STORE");
    command.args(["import", "-", "--config", "there/config.toml"]);
    let run = sandbox.finish(command.stdin(std::process::Stdio::null()));
    assert_eq!(run.code, 0, "{run}");
    assert!(sandbox.path("there/own.db").exists());
}
