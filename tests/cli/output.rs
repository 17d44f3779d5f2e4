//! Formats, errors for programs, and what becomes of output that nobody takes.

use snapbox::str;

use crate::assert_run;
use crate::support::Sandbox;

/// A name that a terminal would obey: an escape, a line break, a tab, a right-to-left override.
const EVIL: &str = "\u{1b}[2J\n\t\u{202e}, \"\\";

fn with_evil_name() -> Sandbox {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&[
        "add", "evil", "--system", "http", "--env", "live", "--name", EVIL,
    ]);
    assert_eq!(run.code, 0, "{run}");
    sandbox
}

#[test]
fn a_list_has_every_format() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["list", "testing", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  [{"id":"files","name":"files","system":"http","environment":"testing","used_by":1,"updated_at":"[TIME]","expires_at":null,"last_used_at":null,"group":null,"protected":false,"retired_until":null},{"id":"shop-test","name":"Shop, \"for tests\"","system":"shopify","environment":"testing","used_by":0,"updated_at":"[TIME]","expires_at":null,"last_used_at":null,"group":null,"protected":false,"retired_until":null}]
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "testing", "-o", "ndjson"]),
        str![[r#"
exit code: 0
stdout:
  {"id":"files","name":"files","system":"http","environment":"testing","used_by":1,"updated_at":"[TIME]","expires_at":null,"last_used_at":null,"group":null,"protected":false,"retired_until":null}
  {"id":"shop-test","name":"Shop, \"for tests\"","system":"shopify","environment":"testing","used_by":0,"updated_at":"[TIME]","expires_at":null,"last_used_at":null,"group":null,"protected":false,"retired_until":null}
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "testing", "-o", "csv"]),
        str![[r#"
exit code: 0
stdout:
  id,name,system,environment,used_by,updated_at,expires_at,last_used_at,group,protected,retired_until
  files,files,http,testing,1,[TIME],,,,false,
  shop-test,"Shop, ""for tests""",shopify,testing,0,[TIME],,,,false,
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "testing", "-o", "tsv"]),
        str![[r#"
exit code: 0
stdout:
  id	name	system	environment	used_by	updated_at	expires_at	last_used_at	group	protected	retired_until
  files	files	http	testing	1	[TIME]				false	
  shop-test	Shop, "for tests"	shopify	testing	0	[TIME]				false	
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "testing", "-o", "ids"]),
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
fn csv_lines_end_as_the_standard_says() {
    let run = Sandbox::with_shop().run(&["list", "-o", "csv"]);
    assert_eq!(run.stdout.matches("\r\n").count(), 4, "{run}");
}

#[test]
fn an_empty_list_is_an_empty_document_of_each_format() {
    let sandbox = Sandbox::with("");
    for (format, expected) in [
        ("json", "[]\n"),
        ("ndjson", ""),
        (
            "csv",
            "id,name,system,environment,used_by,updated_at,expires_at,last_used_at,group,protected,retired_until\r\n",
        ),
        (
            "tsv",
            "id\tname\tsystem\tenvironment\tused_by\tupdated_at\texpires_at\tlast_used_at\tgroup\tprotected\tretired_until\n",
        ),
        ("ids", ""),
    ] {
        let run = sandbox.run(&["list", "-o", format]);
        assert_eq!(
            (run.stdout.as_str(), run.stderr.as_str(), run.code),
            (expected, "", 0)
        );
    }
}

#[test]
fn tables_escape_what_a_terminal_would_obey() {
    let sandbox = with_evil_name();
    assert_run!(
        sandbox.run(&["list"]),
        str![[r#"
exit code: 0
stdout:
  ID    NAME                       SYSTEM  ENVIRONMENT  USED BY  UPDATED
  evil  \u{1b}[2J\n\t\u{202e}, "\  http    live         0        [TIME]
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["show", "evil"]),
        str![[r#"
exit code: 0
stdout:
  id            evil
  name          \u{1b}[2J\n\t\u{202e}, "\
  system        http
  environment   live
  created_at    [TIME]
  updated_at    [TIME]
  revision      [REVISION]
  used_by       0 services
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["delete", "evil", "-n"]),
        str![[r#"
exit code: 0
stdout:
  ID    OUTCOME       NAME                       SYSTEM  ENVIRONMENT
  evil  would_delete  \u{1b}[2J\n\t\u{202e}, "\  http    live
stderr:
  1 connector would be deleted; nothing was changed.

"#]]
    );
}

#[test]
fn json_and_csv_keep_every_character() {
    let sandbox = with_evil_name();
    let json = serde_json::to_string(EVIL).unwrap();
    for arguments in [
        &["list", "-o", "json"][..],
        &["list", "-o", "ndjson"],
        &["show", "evil", "-o", "json"],
        &["delete", "evil", "-n", "-o", "json"],
        &["export", "--format", "json"],
    ] {
        let run = sandbox.run(arguments);
        assert!(run.stdout.contains(&json), "{run}");
    }
    let csv = EVIL.replace('"', "\"\"");
    let run = sandbox.run(&["list", "-o", "csv"]);
    assert!(run.stdout.contains(&format!("\"{csv}\"")), "{run}");
}

#[test]
fn tsv_keeps_one_row_a_line() {
    let sandbox = with_evil_name();
    let run = sandbox.run(&["list", "-o", "tsv"]);
    let row = run.stdout.lines().nth(1).unwrap();
    assert!(
        row.contains("\u{1b}[2J\\n\\t\u{202e}, \"\\\\\thttp"),
        "{row:?}"
    );
}

#[test]
fn an_error_is_one_object_where_json_was_asked_for() {
    let sandbox = Sandbox::with_shop();
    for arguments in [
        &["show", "nothing", "-o", "json"][..],
        &["show", "nothing", "-o", "ndjson"],
        &[
            "delete",
            "erp",
            "shop-old",
            "--yes",
            "--keep-going",
            "-o",
            "json",
        ],
        &["delete", "-", "--expect", "1", "-o", "ndjson"],
        &["delete", "shop-test", "-o", "json"],
        &["add", "erp", "--system", "x", "--env", "live", "-o", "json"],
        &["import", "missing.toml", "-o", "json"],
        &["service", "show", "nothing", "-o", "json"],
        &["list", "--store", "missing.db", "-o", "json"],
        &["list", "--config", "missing.toml", "-o", "json"],
        &["-o", "json"],
        &["-ojson", "lst"],
        &["list", "--sytem", "x", "--output=ndjson"],
        &["show", "-qo", "json"],
        &["list", "-o", "xml", "-o", "json"],
        &["delete", "--expect", "many", "-o=json"],
        &["show", "-o", "json", "a\nhint: connctl prune all --yes"],
    ] {
        let run = sandbox.run(arguments);
        let object: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
        let error = &object["error"];
        assert_eq!(error["exit_code"], run.code, "{run}");
        assert!(
            error["kind"].is_string() && error["message"].is_string(),
            "{run}"
        );
        assert!(!error["message"].as_str().unwrap().is_empty(), "{run}");
    }
}

#[test]
fn a_format_that_a_command_cannot_give_is_refused_with_those_it_can() {
    let sandbox = Sandbox::with_shop();
    for (command, expected) in [
        (&["show", "erp", "-o", "csv"][..], "table, json, ndjson"),
        (
            &["service", "show", "orders", "-o", "ids"],
            "table, json, ndjson",
        ),
        (
            &["add", "x", "--system", "x", "--env", "live", "-o", "tsv"],
            "table, json, ndjson, ids",
        ),
        (&["import", "-", "-o", "csv"], "table, json, ndjson"),
    ] {
        let run = sandbox.refused(command);
        assert_eq!(run.code, 2, "{run}");
        let hint = format!("hint: use -o with one of: {expected}\n");
        assert!(run.stderr.ends_with(&hint), "{run}");
    }
    assert_run!(
        sandbox.run(&["list", "-o", "xml"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value 'xml' for '--output <FORMAT>'
    [possible values: table, json, ndjson, csv, tsv, ids]
  
  For more information, try '--help'.

"#]]
    );
}

#[test]
fn a_mistake_on_the_command_line_is_an_object_too() {
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&["show", "-o", "json"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  {"error":{"kind":"usage","message":"the following required arguments were not provided:\n  <ID>","hint":"Usage: connctl show --output <FORMAT> <ID>","exit_code":2}}

"#]]
    );
    // Behind "--" stands what is meant for somebody else.
    let run = sandbox.run(&["exec", "--", "x", "-o", "json"]);
    assert!(run.stderr.starts_with("error: "), "{run}");
}

#[test]
fn nothing_that_was_typed_passes_for_a_line_of_an_error() {
    let sandbox = Sandbox::with_shop();
    let typed = "x\nhint: connctl prune all --yes\u{202e}";
    let mut deceived = Vec::new();
    for arguments in [
        &[typed][..],
        &["show", typed],
        &["show", "erp", typed],
        &["list", typed],
        &["list", "--expired", &format!("-{typed}")],
        &["list", "--idle-for", typed],
        &["list", &format!("--{typed}")],
        &["list", "-o", typed],
        &["add", "a", "--system", "x", "--env", typed],
        &["audit", "list", "--since", typed],
        &["access", "grant", typed, "admin"],
        &["policy", "set", typed, "true"],
        &["secret", "get", "erp", typed],
        &["delete", typed, "--yes"],
        &["delete", "[X]", "--token", typed],
    ] {
        let run = sandbox.run(arguments);
        let is_deceived = run.stderr.contains("\nhint: connctl prune");
        if is_deceived || run.stderr.contains('\u{202e}') {
            deceived.push(run.stderr);
        }
    }
    assert!(deceived.is_empty(), "{deceived:#?}");
}

#[test]
fn colour_is_chosen_for_help_and_mistakes_too() {
    let sandbox = Sandbox::new();
    for arguments in [&["lst"][..], &["list", "--help"], &["show"], &["--help"]] {
        let colored = |when: &str| {
            let run = sandbox.run(&[&["--color", when], arguments].concat());
            run.stdout.contains('\u{1b}') || run.stderr.contains('\u{1b}')
        };
        assert!(colored("always"), "{arguments:?}");
        assert!(!colored("never"), "{arguments:?}");
        let line = format!("connctl --color never {}", arguments.join(" "));
        let shown = sandbox.terminal(&line).end().shown;
        assert!(!shown.contains('\u{1b}'), "{shown:?}");
    }
}

#[test]
fn a_closed_pipe_ends_a_list_quietly() {
    let sandbox = Sandbox::with_shop();
    for format in ["table", "json", "ndjson", "csv", "tsv", "ids"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = sandbox.command();
        command.args(["list", "all", "-o", format]).stdout(writer);
        let run = sandbox.finish(&mut command);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run}");
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.shell("connctl list >/dev/full"),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot write the output: No space left on device (os error 28)

"#]]
    );
    assert_run!(
        sandbox.shell("connctl list -o json >/dev/full"),
        str![[r#"
exit code: 1
stdout:
stderr:
  {"error":{"kind":"failure","message":"cannot write the output: No space left on device (os error 28)","hint":null,"exit_code":1}}

"#]]
    );
    assert_run!(
        sandbox.shell("connctl export >/dev/full"),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot write the output: No space left on device (os error 28)

"#]]
    );
    assert_run!(
        sandbox.shell("connctl --help >/dev/full"),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot write the output: No space left on device (os error 28)

"#]]
    );
    assert_run!(
        sandbox.shell("connctl edit erp --note x -o json >/dev/full"),
        str![[r#"
exit code: 1
stdout:
stderr:
  {"error":{"kind":"failure","message":"the change was made, but the output cannot be written: No space left on device (os error 28)","hint":null,"exit_code":1}}

"#]]
    );
}

#[test]
fn quiet_leaves_data_and_errors() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["delete", "shop-old", "--yes", "-q"]),
        str![[r#"
exit code: 0
stdout:
  ID        OUTCOME  NAME      SYSTEM   ENVIRONMENT
  shop-old  deleted  shop-old  shopify  live
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["show", "shop-old", "-q"]),
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
fn verbose_tells_where_an_error_comes_from() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["import", "missing.toml", "-v"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: cannot read missing.toml: No such file or directory (os error 2); nothing was changed
  caused by: No such file or directory (os error 2)

"#]]
    );
}

#[test]
fn colour_is_for_terminals_unless_asked_for() {
    let sandbox = Sandbox::with_shop();
    let colored = |arguments: &[&str]| {
        let run = sandbox.run(arguments);
        (run.stdout + &run.stderr).contains('\u{1b}')
    };
    assert!(!colored(&["list"]));
    assert!(!colored(&["show", "nothing"]));
    assert!(colored(&["list", "--color", "always"]));
    assert!(colored(&["show", "nothing", "--color", "always"]));
    assert!(!colored(&["list", "--color", "always", "-o", "json"]));
}

#[test]
fn help_is_a_command_too() {
    let sandbox = Sandbox::new();
    let help = sandbox.run(&["help", "service", "add"]);
    assert_eq!(help.code, 0);
    assert_eq!(
        help.stdout,
        sandbox.run(&["service", "add", "--help"]).stdout
    );
    assert_run!(
        sandbox.run(&["help", "rm"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: unrecognized subcommand 'rm'
  
    tip: use 'connctl delete'
  
  Usage: connctl [OPTIONS] <COMMAND>
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "--env", "testing", "-o", "json"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  {"error":{"kind":"usage","message":"unexpected argument '--env' found","hint":"use 'connctl list testing'","exit_code":2}}

"#]]
    );
}

#[test]
fn without_a_command_the_help_is_shown() {
    assert_run!(
        Sandbox::new().run(&[]),
        str![[r#"
exit code: 2
stdout:
stderr:
  Administer the connectors of an integration platform: list them, see what uses each, delete them
  safely
  
  Usage: connctl [OPTIONS] <COMMAND>
  
  Connectors:
    list         List connectors: the live ones, unless told otherwise
    show         Show a connector and what uses it, but no secret's value
    impact       Show what would break without connectors, and how to free them
    add          Add a connector
    edit         Change a connector; what is not named stays as it is
    copy         Add a connector that is like another one
    rename       Give a connector another id; services and secrets follow
    replace      Let services refer to another connector, in the same roles
    protect      Protect connectors from being deleted, whatever the way
    unprotect    Let connectors be deleted again
    retire       Put connectors on trial before they go: nobody may use them
    revive       End the trial of connectors: they may be used again
    delete       Delete connectors for good; one that any service refers to stays
    prune        Delete for good what the filters select; what is in use stays
  
  Services:
    service      List, show, add, edit, activate, deactivate and delete services
  
  Credentials:
    secret       Set, get, list and delete the secrets of a connector
    exec         Run a command with a connector's secrets in its environment
    key          Choose who can read the secrets: list, add and remove recipients
  
  Data:
    import       Import connectors and services from a file: all of it, or nothing
    export       Export all connectors and services to a file to import again
    run          Run the actions of a workflow: all of them, or none
  
  Governance:
    policy       The rules that the store demands of what it holds
    access       Choose who may do what: list, grant and revoke roles
    audit        See who did what, and check that the record is whole
  
  Upkeep:
    init         Make an empty store
    doctor       Check the store, its files and its keys, and say what to do
    backup       Write a consistent copy of the store, while others work
    restore      Put a copy that "backup" wrote in the place of the store
    compact      Erase from the store's file what is left of what was deleted
    completions  Write the completions for a shell
    man          Write the manual page, or all of them into a folder
  
  Global options:
        --store <PATH>     The store: a file, or postgres://… [env: CONNCTL_STORE] [default:
                           connctl/store.db in the data folder]
        --config <FILE>    The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in
                           the configuration folder]
    -o, --output <FORMAT>  The format of the data [default: table] [possible values: table, json,
                           ndjson, csv, tsv, ids]
        --color <WHEN>     When to use colour [env: NO_COLOR] [default: auto] [possible values: auto,
                           always, never]
        --wide             Leave tables as wide as they are, also on a terminal that is narrower
    -q, --quiet            Say nothing but errors on standard error
    -v, --verbose          Say where errors come from
        --no-input         Never ask; what would need an answer is an error
        --reason <TEXT>    Why you do this, for the audit trail
    -h, --help             Print help (see more with '--help')
    -V, --version          Print version
  
  Exit codes: 0 done, 1 failure, 2 usage, 3 declined, 4 not found, 5 in use,
  6 not permitted, 7 changed, 8 busy, 9 protected, 10 retired, 130 interrupted.
  
  "connctl help COMMAND" tells more, with examples.

"#]]
    );
}

#[test]
fn an_unknown_command_or_flag_is_refused_with_a_suggestion() {
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&["lst"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: unrecognized subcommand 'lst'
  
    tip: a similar subcommand exists: 'list'
  
  Usage: connctl [OPTIONS] <COMMAND>
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.run(&["list", "--sytem", "x"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: unexpected argument '--sytem' found
  
    tip: a similar argument exists: '--system'
  
  Usage: connctl list --system <SYSTEM> [live|testing|all]
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.run(&["list\u{1b}[2J"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: unrecognized subcommand 'list\u{1b}[2J'
  
    tip: a similar subcommand exists: 'list'
  
  Usage: connctl [OPTIONS] <COMMAND>
  
  For more information, try '--help'.

"#]]
    );
}

#[test]
fn no_sentence_ends_right_behind_an_id() {
    let sandbox = Sandbox::with_shop();
    for arguments in [
        &["add", "a.", "--system", "http", "--env", "testing"][..],
        &["edit", "a.", "--note", "x"],
        &[
            "service",
            "add",
            "s.",
            "--source",
            "a.",
            "--destination",
            "erp",
        ],
        &["service", "edit", "s.", "--note", "x"],
        &["service", "deactivate", "s."],
        &["service", "activate", "s."],
    ] {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, 0, "{run}");
        let is_whole = |line: &str| line.ends_with(" a.") || line.ends_with(" s.");
        assert!(run.stderr.lines().any(is_whole), "{run}");
    }
    let run = sandbox.run_with_input(&["secret", "set", "a.", "key=-"], "value");
    assert!(
        run.stderr.ends_with("Set secret key of connector a.\n"),
        "{run}"
    );
    let run = sandbox.run(&["secret", "delete", "a.", "key", "--yes"]);
    assert!(
        run.stderr.ends_with("Deleted secret key of connector a.\n"),
        "{run}"
    );
}

#[test]
fn a_mistake_in_the_command_line_fits_the_terminal() {
    let sandbox = Sandbox::new();
    assert_run!(
        sandbox.run(&["--color", "never"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: connctl needs a command; see what there is: connctl --help
  
  Usage: connctl [OPTIONS] <COMMAND>
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.run(&["service", "-o", "json"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  {"error":{"kind":"usage","message":"connctl service needs a command; see what there is: connctl service --help","hint":"Usage: connctl service [OPTIONS] <COMMAND>","exit_code":2}}

"#]]
    );
    let shown = sandbox
        .terminal_of_width(40, "connctl list --idle-for soon")
        .end()
        .shown;
    let start = "\u{1b}[31m\u{1b}[1merror:\u{1b}[0m invalid value 'soon' for";
    assert!(shown.starts_with(start), "{shown:?}");
    let width = |line: &str| line.replace(['\r', '\n'], "").chars().count();
    assert!(
        shown.lines().skip(1).all(|line| width(line) <= 40),
        "{shown}"
    );
}
