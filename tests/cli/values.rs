//! Values at every door through which they enter: the doors are listed once, and each rule is
//! walked over all of them.

use connctl::model::Settings;
use connctl::model::tree::Tree;
use serde_json::{Value, json};
use snapbox::str;

use crate::assert_run;
use crate::support::{Run, Sandbox, in_file};

/// The doors through which settings enter.
const SETTINGS: [Door; 5] = [Door::Add, Door::Edit, Door::Toml, Door::Json, Door::Ndjson];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Add,
    Edit,
    Toml,
    Json,
    Ndjson,
}

/// A setting, as JSON and as TOML write it.
struct Setting<'a> {
    key: &'a str,
    json: &'a str,
    toml: &'a str,
}

impl Setting<'_> {
    /// Brings it in through a door, as a setting of connector `c`.
    fn enter(&self, door: Door, sandbox: &Sandbox, options: &[&str]) -> Run {
        let Self { key, json, toml } = self;
        let key_text = Value::from(*key);
        let facts = r#""id":"c","system":"http","environment":"testing""#;
        let (words, input) = match door {
            Door::Add => {
                let set = format!("{key}={json}");
                let words = [
                    "add", "c", "--system", "http", "--env", "testing", "--set", &set,
                ];
                return sandbox.run(&[&words[..], options].concat());
            }
            Door::Edit => {
                let run = sandbox.run(&["add", "c", "--system", "http", "--env", "testing"]);
                assert_eq!(run.code, 0, "{run}");
                let set = format!("{key}={json}");
                return sandbox.run(&[&["edit", "c", "--set", &set][..], options].concat());
            }
            Door::Toml => (
                ["import", "-", "--format", "toml"],
                format!(
                    "[[connectors]]\nid = 'c'\nsystem = 'http'\nenvironment = 'testing'\n\
                     [connectors.settings]\n{key_text} = {toml}\n"
                ),
            ),
            Door::Json => (
                ["import", "-", "--format", "json"],
                format!(r#"{{"connectors":[{{{facts},"settings":{{{key_text}:{json}}}}}]}}"#),
            ),
            Door::Ndjson => (
                ["import", "-", "--format", "ndjson"],
                format!(r#"{{"type":"connector",{facts},"settings":{{{key_text}:{json}}}}}"#),
            ),
        };
        sandbox.run_with_input(&[&words[..], options].concat(), input)
    }
}

/// The settings of connector `c` in an export, if it is there.
fn stored(sandbox: &Sandbox) -> Option<Value> {
    let line = sandbox.export("ndjson");
    let line = line.lines().find(|line| line.contains(r#""id":"c""#))?;
    // serde_json's own values would take some keys for marks.
    let mut record = Tree::from_json(line).unwrap();
    let settings = record.take::<Settings>("settings").unwrap_or_default();
    Some(serde_json::to_value(settings).unwrap())
}

/// Brings the setting in through every door and expects this to be kept.
fn kept(setting: &Setting<'_>, options: &[&str], expected: &Value) {
    for door in SETTINGS {
        let sandbox = Sandbox::new();
        let run = setting.enter(door, &sandbox, options);
        assert_eq!(run.code, 0, "{door:?}: {run}");
        let found = stored(&sandbox).unwrap();
        assert_eq!(&found[setting.key], expected, "{door:?}");
        if door != Door::Add {
            continue;
        }
        // What was kept can be looked at, carried elsewhere in every format, and deleted.
        for format in ["toml", "json", "ndjson"] {
            let words = ["import", "-", "--format", format];
            let (file, copy) = (sandbox.export(format), Sandbox::new());
            let run = copy.run_with_input(&[&words[..], options].concat(), file);
            assert_eq!(run.code, 0, "{door:?} {format}: {run}");
            assert_eq!(stored(&copy).unwrap(), found, "{door:?} {format}");
        }
        assert_eq!(sandbox.run(&["show", "c"]).code, 0);
        assert_eq!(sandbox.run(&["delete", "c", "--yes"]).code, 0);
    }
}

/// Brings the setting in through every door and expects it to be refused with this sentence.
fn refused(setting: &Setting<'_>, sentence: &str) {
    for door in SETTINGS {
        let sandbox = Sandbox::new();
        let run = setting.enter(door, &sandbox, &[]);
        assert_eq!(run.code, 2, "{door:?}: {run}");
        assert!(run.stderr.contains(sentence), "{door:?}: {run}");
        let is_left = door == Door::Edit;
        assert_eq!(sandbox.path("store.db").exists(), is_left, "{door:?}");
        if is_left {
            assert_eq!(stored(&sandbox), Some(json!({})), "{door:?}");
        }
    }
}

#[test]
fn numbers_are_kept_exactly_or_refused() {
    in_file();
    for number in [
        "18446744073709551617",
        "-9223372036854775809",
        "1e400",
        "-1e400",
        "1e-400",
    ] {
        for value in [number.to_owned(), format!("[{number}]")] {
            refused(
                &Setting {
                    key: "n",
                    json: &value,
                    toml: &value,
                },
                &format!(
                    "the number {number} cannot be kept exactly; put it in double quotes to keep \
                     it as a text"
                ),
            );
        }
    }
    for (number, expected) in [
        ("9007199254740993", json!(9_007_199_254_740_993_u64)),
        ("-9223372036854775808", json!(i64::MIN)),
        ("1.5", json!(1.5)),
        ("1e2", json!(100.0)),
        ("0.0", json!(0.0)),
    ] {
        kept(
            &Setting {
                key: "n",
                json: number,
                toml: number,
            },
            &[],
            &expected,
        );
    }
}

#[test]
fn values_nest_at_most_32_deep() {
    in_file();
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for depth in [33, 100, 127, 128, 1_000] {
        let value = nested(depth);
        let setting = Setting {
            key: "v",
            json: &value,
            toml: &value,
        };
        refused(&setting, "values nest at most 32 deep");
    }
    let value = nested(32);
    let expected = serde_json::from_str(&value).unwrap();
    kept(
        &Setting {
            key: "v",
            json: &value,
            toml: &value,
        },
        &[],
        &expected,
    );
}

#[test]
fn no_text_holds_u_0000() {
    in_file();
    let setting = Setting {
        key: "v",
        json: r#"["a\u0000"]"#,
        toml: r#"["a\u0000"]"#,
    };
    refused(&setting, "a text cannot hold the character U+0000");
}

#[test]
fn what_marks_a_value_in_a_crate_is_plain_data() {
    for mark in [
        "$__toml_private_datetime",
        "$serde_json::private::RawValue",
        "$serde_json::private::Number",
    ] {
        let json = format!(r#"{{"{mark}":"5","b":1}}"#);
        let toml = format!(r#"{{"{mark}" = "5", "b" = 1}}"#);
        let expected = json!({mark: "5", "b": 1});
        kept(
            &Setting {
                key: "k",
                json: &json,
                toml: &toml,
            },
            &[],
            &expected,
        );
    }
}

#[test]
fn a_key_stands_once() {
    for door in [Door::Add, Door::Edit, Door::Json, Door::Ndjson] {
        let sandbox = Sandbox::new();
        let setting = Setting {
            key: "k",
            json: r#"{"a":1,"\u0061":2}"#,
            toml: "",
        };
        let run = setting.enter(door, &sandbox, &[]);
        assert_eq!(run.code, 2, "{door:?}: {run}");
        assert!(
            run.stderr.contains("the key \"a\" is there twice"),
            "{door:?}: {run}"
        );
    }
}

#[test]
fn a_secret_is_no_setting() {
    in_file();
    for (key, value) in [
        ("password", r#""x""#),
        ("API_KEY", r#""x""#),
        ("nested", r#"{"clientSecret" : "x"}"#),
        ("url", r#""https://u:p@h/""#),
    ] {
        let toml = value.replace(" : ", " = ");
        let setting = Setting {
            key,
            json: value,
            toml: &toml,
        };
        refused(
            &setting,
            "looks like a secret, and everybody can read settings",
        );
        let expected = serde_json::from_str(value).unwrap();
        kept(&setting, &["--allow-plain"], &expected);
    }
    for value in [r#""""#, r#""${DB_PASSWORD}""#, r#""$DB_PASSWORD""#, "5"] {
        let expected = serde_json::from_str(value).unwrap();
        kept(
            &Setting {
                key: "password",
                json: value,
                toml: value,
            },
            &[],
            &expected,
        );
    }
}

#[test]
fn the_refusal_of_a_secret_among_the_settings_names_the_command() {
    let sandbox = Sandbox::new();
    let words = [
        "add",
        "db1",
        "--system",
        "ms sql",
        "--env",
        "live",
        "--set",
        "password=x",
    ];
    assert_run!(
        sandbox.run(&words),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: connector db1: setting password looks like a secret, and everybody can read settings; nothing was changed
  hint: it asks for the value: connctl add db1 --system 'ms sql' --env live --secret password
        or let it pass: the same command with --allow-plain

"#]]
    );
    let run = sandbox.run(&[&words[..], &["--allow-plain"]].concat());
    assert_eq!(run.code, 0, "{run}");
    // What is there stays, and does not stand in the way of other changes.
    let run = sandbox.run(&["edit", "db1", "--set", "port=1", "--note", "n"]);
    assert_eq!(run.code, 0, "{run}");
    assert_run!(
        sandbox.refused(&[
            "edit",
            "db1",
            "--set",
            r#"a={"token":"x"}"#,
            "--set",
            "pwd=y"
        ]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: connector db1: settings a.token, pwd look like secrets, and everybody can read settings; nothing was changed
  hint: it asks for the value: connctl edit db1 --secret a.token --secret pwd
        or let it pass: the same command with --allow-plain

"#]]
    );
    let file = sandbox.export("json");
    assert_run!(
        Sandbox::new().run_with_input(&["import", "-", "--format", "json"], file),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: standard input:connectors[0]: connector db1: setting password looks like a secret, and everybody can read settings; nothing was imported
  hint: give --seal to make secrets of such settings, or --allow-plain to let them pass

"#]]
    );
}

#[test]
fn an_import_seals_what_looks_like_a_secret() {
    for door in [Door::Toml, Door::Json, Door::Ndjson] {
        let sandbox = Sandbox::new();
        let setting = Setting {
            key: "db",
            json: r#"{"user":"u","password":"hunter2"}"#,
            toml: "{user = 'u', password = 'hunter2'}",
        };
        let run = setting.enter(door, &sandbox, &["--seal"]);
        assert_eq!(run.code, 0, "{door:?}: {run}");
        assert_eq!(
            stored(&sandbox).unwrap(),
            json!({"db": {"user": "u"}}),
            "{door:?}"
        );
        let run = sandbox.run(&["secret", "get", "c", "db.password"]);
        assert_eq!(run.stdout, "hunter2", "{door:?}: {run}");
        let store = sandbox.store_bytes();
        assert!(!store.windows(7).any(|part| part == b"hunter2"), "{door:?}");
        // A file that says nothing else of secrets removes none.
        let run = sandbox.run_with_input(&["secret", "set", "c", "other=-"], "x");
        assert_eq!(run.code, 0, "{run}");
        let run = setting.enter(door, &sandbox, &["--seal", "--replace"]);
        assert_eq!(run.code, 0, "{door:?}: {run}");
        assert_eq!(sandbox.run(&["secret", "get", "c", "other"]).stdout, "x");
    }
}

#[test]
fn what_cannot_be_sealed_is_an_error() {
    let facts = r#""type":"connector","id":"c","system":"http","environment":"testing""#;
    for (rest, sentence) in [
        (
            r#""settings":{"pwd":"x"},"secrets":{"pwd":"y"}"#,
            "setting pwd cannot become secret pwd, because there is one",
        ),
        (
            r#""settings":{"a.pwd":"x","a":{"pwd":"y"}}"#,
            "setting a.pwd cannot become secret a.pwd, because there is one",
        ),
        (
            r#""settings":{"tokens":[{"token":"x"}]}"#,
            "such a name cannot be that of a secret",
        ),
        (
            r#""settings":{"my password":"x"}"#,
            "such a name cannot be that of a secret",
        ),
        (
            r#""settings":{"pwd":"****"}"#,
            "the value of secret pwd is a mask such as",
        ),
    ] {
        let sandbox = Sandbox::new();
        let words = ["import", "-", "--format", "ndjson", "--seal"];
        let run = sandbox.run_with_input(&words, format!("{{{facts},{rest}}}"));
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.contains(sentence), "{run}");
        assert!(!sandbox.path("store.db").exists(), "{run}");
    }
}

#[test]
fn a_mask_is_no_secret() {
    for mask in [
        "**********",
        "${A_PASS}",
        "ENC[AES256_GCM,data:abc]",
        "<redacted>",
    ] {
        let sandbox = Sandbox::new();
        let add = ["add", "c", "--system", "http", "--env", "testing"];
        assert_eq!(sandbox.run(&add).code, 0);
        let facts = r#""id":"c","system":"http","environment":"testing""#;
        let secrets = format!(r#""secrets":{{"key":"{mask}"}}"#);
        let toml = format!(
            "[[connectors]]\nid = 'c'\nsystem = 'http'\nenvironment = 'testing'\n\
             [connectors.secrets]\nkey = '{mask}'\n"
        );
        for (words, input) in [
            (&["secret", "set", "c", "key=-"][..], mask.to_owned()),
            (&["edit", "c", "--secret", "key=-"], mask.to_owned()),
            (
                &[
                    "add", "d", "--system", "http", "--env", "testing", "--secret", "key=-",
                ],
                format!("{mask}\n"),
            ),
            (&["import", "-", "--replace", "--format", "toml"], toml),
            (
                &["import", "-", "--replace", "--format", "json"],
                format!(r#"{{"connectors":[{{{facts},{secrets}}}]}}"#),
            ),
            (
                &["import", "-", "--replace", "--format", "ndjson"],
                format!(r#"{{"type":"connector",{facts},{secrets}}}"#),
            ),
        ] {
            let run = sandbox.run_with_input(words, input);
            assert_eq!(run.code, 2, "{words:?}: {run}");
            let sentence = "the value of secret key is a mask such as";
            assert!(run.stderr.contains(sentence), "{words:?}: {run}");
        }
        assert_eq!(
            sandbox.run(&["secret", "list", "c", "-o", "ids"]).stdout,
            ""
        );
    }
}

#[test]
fn free_text_may_begin_with_a_dash() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&[
        "add",
        "c",
        "--system",
        "-s",
        "--env",
        "testing",
        "--name",
        "-2",
        "--note",
        "- a bullet",
        "--group",
        "--g",
        "--set",
        "-k=1",
        "--set",
        "--k=-x",
        "--reason",
        "-r",
    ]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(stored(&sandbox).unwrap(), json!({"-k": 1, "--k": "-x"}));
    let run = sandbox.run(&["edit", "c", "--unset", "-k", "--note", "--yes"]);
    assert_eq!(run.code, 0, "{run}");
    let run = sandbox.run(&["list", "testing", "--search", "-2", "-o", "ids"]);
    assert_eq!(run.stdout, "c\n", "{run}");
    let run = sandbox.run(&[
        "service",
        "add",
        "s",
        "--source",
        "c",
        "--destination",
        "c",
        "--schedule",
        "-5 * * * *",
        "--name",
        "-",
        "--note",
        "-n",
    ]);
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn the_last_of_an_option_counts() {
    let sandbox = Sandbox::with_shop();
    for words in [
        &[
            "-o", "json", "list", "testing", "-o", "ids", "--system", "x", "--system", "http",
        ][..],
        &[
            "-q", "-o", "ids", "list", "testing", "--system", "http", "-q", "--unused", "--unused",
            "-v", "-v",
        ],
    ] {
        let run = sandbox.run(words);
        assert!(run.code == 0 && !run.stdout.contains('{'), "{run}");
    }
    let run = sandbox.run(&[
        "delete", "shop-old", "--yes", "-y", "--yes", "-n", "-n", "-o", "ids",
    ]);
    assert_eq!(run.code, 0, "{run}");
    let run = sandbox.run(&["edit", "shop-old", "--note", "a", "--note", "b"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(sandbox.export("ndjson").contains(r#""note":"b""#));
}

#[test]
fn what_is_meant_once_is_given_one_value() {
    in_file();
    let sandbox = Sandbox::with_shop();
    for (words, option) in [
        (&["--store", "a.db", "list", "--store", "b.db"][..], "store"),
        (&["list", "--store", "a.db", "--store", "b.db"], "store"),
        (
            &["--store", "a.db", "--store", "b.db", "service", "list"],
            "store",
        ),
        (
            &["--store", "a.db", "service", "list", "--store", "b.db"],
            "store",
        ),
        (
            &[
                "delete", "shop-old", "-y", "--env", "live", "--env", "testing",
            ],
            "env",
        ),
        (
            &["delete", "shop-old", "-y", "--expect", "1", "--expect", "2"],
            "expect",
        ),
        (&["delete", "-y", "--plan", "a", "--plan", "b"], "plan"),
    ] {
        let run = sandbox.refused(words);
        assert_eq!(run.code, 2, "{run}");
        let sentence = format!("error: --{option} is given two values, ");
        assert!(run.stderr.starts_with(&sentence), "{run}");
    }
    // What may hold a password is not repeated, whatever is wrong with the line.
    let server = "postgres://me:s3cr3t@host/db";
    for words in [
        &["--store", server, "list", "--store", "b.db"][..],
        &["--store", "b.db", "--store", server, "list"],
        &[
            "--store",
            server,
            "--store",
            "x://me:s3cr3t@host/db",
            "list",
        ],
        &["--store", server, "lst"],
        &["list", server],
        &["show", server],
        &["--stor", server, "list"],
        &["--config", server, "list"],
        &["backup", server],
        &["restore", server],
        &["export", server],
        &["import", server],
        &["key", "add", server],
        &["delete", "--plan", server],
    ] {
        for more in [&[][..], &["-o", "json"]] {
            let run = sandbox.run(&[words, more].concat());
            assert_ne!(run.code, 0, "{run}");
            assert!(!run.to_string().contains("s3cr3t"), "{run}");
        }
    }
    let store = sandbox.path("store.db");
    let store = store.to_str().unwrap();
    let run = sandbox.run(&["--store", store, "list", "--store", store, "-o", "ids"]);
    assert_eq!(run.code, 0, "{run}");
    // It is found wherever it stands.
    sandbox.run(&[
        "add", "x", "--system", "a", "--env", "live", "--store", "other.db",
    ]);
    for words in [
        ["--store", "other.db", "list", "-o", "ids"],
        ["list", "-o", "ids", "--store", "other.db"],
    ] {
        assert_eq!(sandbox.run(&words).stdout, "x\n");
    }
    let run = sandbox.run(&[
        "delete", "shop-old", "-y", "--env", "live", "--env", "live", "--expect", "1", "--expect",
        "1",
    ]);
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn times_reach_to_the_end_of_9999_and_what_has_passed_is_a_warning() {
    let sandbox = Sandbox::new();
    let add = |id, when| {
        sandbox.run(&[
            "add",
            id,
            "--system",
            "http",
            "--env",
            "testing",
            "--expires",
            when,
        ])
    };
    let run = add("last", "9999-12-31");
    assert!(run.code == 0 && run.stderr.lines().count() == 1, "{run}");
    let run = add("very-last", "9999-12-31T23:59:59Z");
    assert_eq!(run.code, 0, "{run}");
    assert!(
        sandbox
            .export("ndjson")
            .contains(r#""expires_at":"9999-12-31T23:59:59Z""#)
    );
    let run = add("past", "2020-01-01");
    assert_eq!(run.code, 0, "{run}");
    let warning = "warning: the time of expiry has passed already: [TIME]\n";
    assert!(run.stderr.ends_with(warning), "{run}");
    let run = sandbox.run(&["-q", "edit", "last", "--expires", "2020-01-01T00:00:00Z"]);
    assert_eq!(run.stderr, warning, "{run}");
    let run = add("soon", "90d");
    assert!(run.stderr.ends_with("It expires on [TIME].\n"), "{run}");
    let run = sandbox.run(&["prune", "testing", "--idle-for", "6mo", "-n"]);
    assert!(
        run.stderr
            .starts_with("Idle: neither added nor used after [TIME].\n"),
        "{run}"
    );
}

#[test]
fn six_m_could_be_minutes_or_months() {
    let sandbox = Sandbox::with_shop();
    for words in [
        &["prune", "testing", "--yes", "--idle-for", "6m"][..],
        &["list", "--idle-for", "6m"],
        &["edit", "erp", "--expires", "6m"],
        &["audit", "list", "--since", "6m"],
    ] {
        let run = sandbox.refused(words);
        assert_eq!(run.code, 2, "{run}");
        assert!(
            run.stderr.contains("\"6m\" is not clear: 6min or 6mo?"),
            "{run}"
        );
    }
    let config = sandbox.write("c.toml", "busy_timeout = '6m'\n");
    let run = sandbox.run(&["--config", config.to_str().unwrap(), "list"]);
    assert!(
        run.stderr.contains("\"6m\" is not clear: 6min or 6mo?"),
        "{run}"
    );
}

/// The doors through which structured data enters, as a file of the format that its name says, and
/// the command that reads it.
const FILES: [(&str, &[&str]); 7] = [
    ("a.toml", &["import", "a.toml"]),
    ("a.json", &["import", "a.json"]),
    ("a.ndjson", &["import", "a.ndjson"]),
    ("actions.json", &["run", "actions.json", "-n"]),
    (
        "tokens.json",
        &["delete", "x-[T]", "-n", "--tokens", "tokens.json"],
    ),
    (
        "tokens.toml",
        &["delete", "x-[T]", "-n", "--tokens", "tokens.toml"],
    ),
    ("config.toml", &["list", "--config", "config.toml"]),
];

/// What each of these files says when nothing is wrong.
fn sound(name: &str) -> &'static str {
    match name {
        "a.toml" => "[[connectors]]\nid = 'a'\nsystem = 'http'\nenvironment = 'live'\n",
        "a.json" => r#"{"connectors":[{"id":"a","system":"http","environment":"live"}]}"#,
        "a.ndjson" => r#"{"type":"connector","id":"a","system":"http","environment":"live"}"#,
        "actions.json" => {
            r#"{"ActionType":"CredStore.DeleteEntry","Parameters":{"EntryId":"x-1e2"}}"#
        }
        "tokens.json" => r#"{"T":1e2}"#,
        "tokens.toml" => "T = 1e2\n",
        _ => "output = 'ids'\n",
    }
}

fn with_target() -> Sandbox {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["add", "x-1e2", "--system", "http", "--env", "live"]);
    assert_eq!(run.code, 0, "{run}");
    sandbox
}

#[test]
fn a_mark_at_the_beginning_is_no_part_of_a_text() {
    for (name, words) in FILES {
        let sandbox = with_target();
        sandbox.write(name, format!("\u{feff}{}", sound(name)));
        let run = sandbox.run(words);
        assert_eq!(run.code, 0, "{name}: {run}");
    }
    let sandbox = with_target();
    let run = sandbox.run_with_input(&["delete", "-", "-n", "-o", "json"], "\u{feff}x-1e2\n");
    assert_eq!(run.code, 0, "{run}");
    let plan = sandbox.run_with_input(&["delete", "x-1e2", "-n", "-o", "json"], "");
    sandbox.write("plan.json", "\u{feff}\n");
    let run = sandbox.run(&["delete", "--plan", "plan.json", "-n"]);
    assert!(run.stderr.contains("there is no plan in it"), "{run}");
    assert!(plan.code == 0 && plan.stdout.starts_with('['), "{plan}");
}

#[test]
fn a_key_that_stands_twice_is_an_error_in_every_file() {
    for (name, content) in [
        ("a.toml", "[[connectors]]\nid = 'a'\nid = 'a'\n"),
        ("a.json", r#"{"connectors":[{"id":"a","id":"a"}]}"#),
        ("a.json", r#"{"connectors":[],"connectors":[]}"#),
        (
            "a.ndjson",
            r#"{"type":"connector","type":"connector","id":"a"}"#,
        ),
        ("actions.json", r#"{"ActionType":"a","ActionType":"a"}"#),
        ("tokens.json", r#"{"T":"1e2","T":"b"}"#),
        ("tokens.json", r#"{"N:T":"a","N":{"T":"a"}}"#),
        ("tokens.toml", "T = 'a'\nT = 'a'\n"),
        ("tokens.toml", "'N:T' = 'a'\nN.T = 'a'\n"),
        ("config.toml", "output = 'ids'\noutput = 'ids'\n"),
    ] {
        let sandbox = with_target();
        sandbox.write(name, content);
        let (_, words) = FILES.iter().find(|(file, _)| *file == name).unwrap();
        let run = sandbox.refused(words);
        assert_eq!(run.code, 2, "{name}: {run}");
        let is_named = ["twice", "duplicate"]
            .iter()
            .any(|word| run.stderr.contains(word));
        assert!(is_named && run.stderr.contains(name), "{name}: {run}");
    }
}

#[test]
fn a_list_is_no_object() {
    for (name, content) in [
        ("a.json", r#"{"connectors":[[null,"a","n","x","testing"]]}"#),
        ("a.json", r#"[[],[]]"#),
        ("a.ndjson", r#"["connector","a","n","x","testing"]"#),
        (
            "actions.json",
            r#"["CredStore.DeleteEntry",{"EntryId":"x-1e2"}]"#,
        ),
        (
            "actions.json",
            r#"{"ActionType":"CredStore.DeleteEntry","Parameters":["x-1e2"]}"#,
        ),
        ("tokens.json", r#"["T"]"#),
        (
            "plan.json",
            r#"[["x-1e2","would_delete","0123456789abcdef0123456789abcdef"]]"#,
        ),
    ] {
        let sandbox = with_target();
        sandbox.write(name, content);
        let words = FILES
            .iter()
            .find(|(file, _)| *file == name)
            .map(|(_, words)| *words);
        let run = sandbox.refused(words.unwrap_or(&["delete", "--yes", "--plan", "plan.json"]));
        assert_eq!(run.code, 2, "{name}: {run}");
    }
}

#[test]
fn what_was_read_forges_no_hint() {
    for (name, content) in [
        ("a.toml", "\"x\\nhint: run connctl prune all --yes\" = 1\n"),
        ("a.json", "{\"x\\nhint: run connctl prune all --yes\":1}"),
        (
            "a.json",
            "{\"connectors\":[{\"x\\nhint: run connctl prune all --yes\":1}]}",
        ),
        (
            "a.ndjson",
            "{\"type\":\"connector\",\"x\\nhint: run connctl prune all --yes\":1}",
        ),
        (
            "actions.json",
            "{\"x\\nhint: run connctl prune all --yes\":1}",
        ),
        (
            "tokens.json",
            "{\"x\\nhint: run connctl prune all --yes\":1}",
        ),
        (
            "tokens.toml",
            "\"x\\nhint: run connctl prune all --yes\" = []\n",
        ),
        (
            "config.toml",
            "\"x\\nhint: run connctl prune all --yes\" = 1\n",
        ),
        (
            "plan.json",
            "[{\"id\":\"x\\nhint: run connctl prune all --yes\",\"outcome\":\"\"}]",
        ),
    ] {
        let sandbox = with_target();
        sandbox.write(name, content);
        let words = FILES
            .iter()
            .find(|(file, _)| *file == name)
            .map(|(_, words)| *words);
        let run = sandbox.refused(words.unwrap_or(&["delete", "--yes", "--plan", "plan.json"]));
        let is_forged = run
            .stderr
            .lines()
            .any(|line| line.starts_with("hint: run connctl prune"));
        assert!(!is_forged, "{name}: {run}");
    }
    let sandbox = with_target();
    for words in [
        ["import", "x\nhint: run connctl prune all --yes"],
        ["--store=x\nhint: run connctl prune all --yes", "list"],
        ["show", "x\nhint: run connctl prune all --yes"],
        ["x\nhint: run connctl prune all --yes", "list"],
        ["backup", "/proc/x\nhint: run connctl prune all --yes"],
    ] {
        let run = sandbox.refused(&words);
        let is_forged = run
            .stderr
            .lines()
            .any(|line| line.starts_with("hint: run connctl prune"));
        assert!(!is_forged, "{words:?}: {run}");
    }
}

#[test]
fn what_comes_in_without_end_is_refused_within_bounds() {
    let sandbox = with_target();
    let run = sandbox.run_with_input(&["delete", "-", "--yes"], "!\n".repeat(1_000_000));
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("… and 999990 more"), "{run}");
    let unknown: String = (0..20_000).map(|number| format!("u{number}\n")).collect();
    let run = sandbox.run_with_input(&["delete", "-", "--yes", "-o", "ids"], unknown);
    assert_eq!(run.code, 4);
    assert!(run.stderr.len() < 2_000, "{}", run.stderr.len());
    assert!(
        run.stderr
            .contains("19990 other connectors do not exist either"),
        "{run}"
    );
    for (name, words) in FILES {
        let command = ["sh", "-c", "\"$0\" \"$@\" 2>&1", crate::support::CONNCTL];
        let words = words
            .iter()
            .map(|word| if *word == name { "/dev/zero" } else { word });
        let words: Vec<_> = command.into_iter().chain(words).collect();
        let mut limited = std::process::Command::new("prlimit");
        sandbox.seal(&mut limited);
        let run = sandbox.finish(limited.arg("--as=400000000").args(words));
        assert!(run.code != 0 && run.code != 134, "{name}: {run}");
    }
}

#[test]
fn a_date_is_no_text_but_in_settings() {
    let setting = Setting {
        key: "day",
        json: "\"2027-01-31\"",
        toml: "2027-01-31",
    };
    kept(&setting, &[], &json!("2027-01-31"));
    let sandbox = with_target();
    let toml = "[[connectors]]\nid = 'a'\nsystem = 'http'\nenvironment = 'live'\n";
    for (rest, sentence) in [
        (
            "note = 2027-01-31\n",
            "5:8: connectors[0].note: this is a date, not a text; put it in double quotes: \
             \"2027-01-31\"",
        ),
        (
            "settings = 2027-01-31\n",
            "5:12: connectors[0].settings: invalid type: date, expected a table",
        ),
    ] {
        sandbox.write("a.toml", format!("{toml}{rest}"));
        let run = sandbox.refused(&["import", "a.toml"]);
        assert!(run.stderr.contains(sentence), "{run}");
    }
    sandbox.write("tokens.toml", "T = 2027-01-31\n");
    let run = sandbox.run(&["delete", "x-[T]", "-n", "--tokens", "tokens.toml"]);
    assert!(
        run.stderr.contains("connector x-2027-01-31 does not exist"),
        "{run}"
    );
}
