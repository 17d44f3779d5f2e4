//! `connctl secret`, and secrets in `add`, `edit`, `import` and `export`.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use snapbox::str;

use crate::support::credentials::{IDENTITY, end};
use crate::support::{Sandbox, in_file};
use crate::{assert_run, assert_text};

#[test]
fn the_first_secret_makes_an_identity_and_says_so() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run_with_variable(&["secret", "set", "erp", "token=env:VALUE"], "marker"),
        str![[r#"
exit code: 0
stdout:
stderr:
  Made a new identity in [HOME]/.config/connctl/identity.txt; its recipient is [RECIPIENT]
  Keep a copy of that file: without it, nobody can read the secrets.
  Set secret token of connector erp

"#]]
    );
    let mode = |name: &str| {
        let metadata = sandbox.path(name).metadata().unwrap();
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode(IDENTITY), 0o600);
    assert_eq!(mode(".config/connctl"), 0o700);
    assert_run!(
        sandbox.run_with_variable(&["secret", "set", "erp", "token=env:VALUE"], "second"),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: secret token of the live connector erp was not replaced, because nobody can be asked
  hint: give --yes to replace without being asked

"#]]
    );
    let yes = ["secret", "set", "erp", "token=env:VALUE", "--yes"];
    assert_run!(
        sandbox.run_with_variable(&yes, "other"),
        str![[r#"
exit code: 0
stdout:
stderr:
  Replaced secret token of connector erp

"#]]
    );
    assert_run!(
        sandbox.run(&["secret", "get", "erp", "token"]),
        str![[r#"
exit code: 0
stdout:
  other
stderr:

"#]]
    );
}

#[test]
fn a_value_comes_from_a_file_a_variable_or_standard_input_exactly() {
    let sandbox = Sandbox::with_secret("x");
    let bytes: Vec<u8> = (0..=255).collect();
    sandbox.write("bytes", &bytes);
    let set = [
        "secret",
        "set",
        "pay",
        "file=@bytes",
        "variable=env:VALUE",
        "input=-",
    ];
    let mut command = sandbox.command();
    command.args(set).env("VALUE", "tab\tand line\n");
    command.stdin(std::fs::File::open(sandbox.path("bytes")).unwrap());
    assert_run!(
        sandbox.finish(&mut command),
        str![[r#"
exit code: 0
stdout:
stderr:
  The value of secret variable ends in a line end, which is kept.
  Set secret file of connector pay
  Set secret variable of connector pay
  Set secret input of connector pay

"#]]
    );
    for name in ["file", "input"] {
        let output = sandbox
            .command()
            .args(["secret", "get", "pay", name])
            .output();
        assert!(output.unwrap().stdout == bytes, "{name}");
    }
    assert_eq!(sandbox.secret("pay", "variable"), "tab\tand line\n");
}

#[test]
fn a_value_is_never_taken_from_the_command_line_nor_repeated() {
    let sandbox = Sandbox::with_secret("x");
    let mut runs = String::new();
    for arguments in [
        &["secret", "set", "pay", "key=hunter2"][..],
        &["secret", "set", "pay", "aHVudGVyMg=="],
        &["secret", "set", "pay", "hunter2!"],
        &["secret", "set", "pay", "key=@hunter2"],
        &["secret", "set", "pay", "key=env:hunter2"],
        &["secret", "set", "pay", "key", "--value=hunter2"],
        &["secret", "get", "pay", "hunter2!"],
        &["secret", "delete", "pay", "hunter2!", "--yes"],
        &[
            "add",
            "new",
            "--system",
            "s",
            "--env",
            "live",
            "--secret",
            "key=hunter2",
        ],
        &["edit", "pay", "--secret", "key=hunter2"],
        &["edit", "pay", "--unset-secret", "hunter2!"],
        &[
            "edit",
            "pay",
            "--unset-secret",
            "hunter2!",
            "-v",
            "-o",
            "json",
        ],
    ] {
        let run = sandbox.refused(arguments);
        assert_eq!(run.code, 2, "{arguments:?} {run}");
        let shown = format!("{run}");
        assert!(!shown.contains("hunter2"), "{arguments:?} {shown}");
        assert!(!shown.contains("aHVudGVyMg"), "{arguments:?} {shown}");
        runs.push_str(run.stderr.split("\n\nUsage").next().unwrap().trim_end());
        runs.push('\n');
    }
    assert_text!(
        runs,
        str![[r#"
error: the value of a secret is not taken from the command line, where other users and the shell's history would see it
hint: give NAME alone to be asked, NAME=@FILE, NAME=env:VARIABLE, or NAME=- for standard input
error: the value of a secret is not taken from the command line, where other users and the shell's history would see it
hint: give NAME alone to be asked, NAME=@FILE, NAME=env:VARIABLE, or NAME=- for standard input
error: a secret is given as NAME[=SOURCE]; this is not the name of a secret
hint: a name has 1 to 128 letters, digits, '.', '_' and '-'
error: cannot read secret key from its file: No such file or directory (os error 2); nothing was changed
error: the environment has no such variable for secret key; nothing was changed
hint: give the name of the variable, without a "$": key=env:VARIABLE
error: unexpected argument '--value' found

  tip: to pass '--value' as a value, use '-- --value'
error: this is not the name of a secret
hint: a name has 1 to 128 letters, digits, '.', '_' and '-'
error: this is not the name of a secret
hint: a name has 1 to 128 letters, digits, '.', '_' and '-'
error: the value of a secret is not taken from the command line, where other users and the shell's history would see it
hint: give NAME alone to be asked, NAME=@FILE, NAME=env:VARIABLE, or NAME=- for standard input
error: the value of a secret is not taken from the command line, where other users and the shell's history would see it
hint: give NAME alone to be asked, NAME=@FILE, NAME=env:VARIABLE, or NAME=- for standard input
error: this is not the name of a secret
hint: a name has 1 to 128 letters, digits, '.', '_' and '-'
{"error":{"kind":"usage","message":"this is not the name of a secret","hint":"a name has 1 to 128 letters, digits, '.', '_' and '-'","exit_code":2}}

"#]]
    );
}

#[test]
fn what_cannot_be_a_value_is_refused() {
    let sandbox = Sandbox::with_secret("kept");
    sandbox.write("largest", vec![b'x'; 1 << 20]);
    sandbox.write("too-large", vec![b'x'; (1 << 20) + 1]);
    sandbox.write("empty", "");
    let mut runs = String::new();
    for arguments in [
        &["secret", "set", "pay", "api_key=@too-large"][..],
        &["secret", "set", "pay", "api_key=@empty"],
        &["secret", "set", "pay", "api_key=@missing"],
        &["secret", "set", "pay", "api_key=@."],
        &["secret", "set", "pay", "api_key=-"],
        &["secret", "set", "pay", "a=-", "b=-"],
        &["secret", "set", "pay", "a=@largest", "a=@largest"],
        &["secret", "set", "pay", "a b=@largest"],
        &["secret", "set", "pay", "api_key"],
        &["edit", "pay", "--secret", "a=-", "--secret", "b=-"],
        &[
            "edit",
            "pay",
            "--secret",
            "api_key=@largest",
            "--unset-secret",
            "api_key",
        ],
        &["secret", "set", "gone", "a=@largest"],
        &["edit", "gone", "--secret", "a"],
        &[
            "add", "pay", "--system", "s", "--env", "live", "--secret", "a",
        ],
    ] {
        runs.push_str(&sandbox.refused(arguments).stderr);
    }
    assert_text!(
        runs,
        str![[r#"
error: the value of secret api_key has more than 1048576 bytes (1 MiB), the most that a secret can have; nothing was changed
error: the value of secret api_key is empty; nothing was changed
error: cannot read secret api_key from its file: No such file or directory (os error 2); nothing was changed
error: cannot read secret api_key from its file: Is a directory (os error 21); nothing was changed
error: the value of secret api_key is empty; nothing was changed
error: standard input can be the source of one secret only
hint: give the others as NAME=@FILE or NAME=env:VARIABLE
error: secret a is given twice
error: a secret is given as NAME[=SOURCE]; this is not the name of a secret
hint: a name has 1 to 128 letters, digits, '.', '_' and '-'
error: nobody can be asked for the value of secret api_key; nothing was changed
hint: give api_key=@FILE, api_key=env:VARIABLE, or api_key=- for standard input
error: standard input can be the source of one secret only
hint: give the others as NAME=@FILE or NAME=env:VARIABLE
error: secret api_key is both set and removed
error: connector gone does not exist
hint: see what there is: connctl list all
error: connector gone does not exist
hint: see what there is: connctl list all
error: connector pay exists already; nothing was changed
hint: choose another id, or change the connector with "connctl edit"

"#]]
    );
    assert_eq!(sandbox.secret("pay", "api_key"), "kept");
    let run = sandbox.run(&["secret", "set", "pay", "api_key=@largest"]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.secret("pay", "api_key").len(), 1 << 20);
}

#[test]
fn names_are_listed_and_values_are_not() {
    let sandbox = Sandbox::with_secret("marker");
    sandbox.set_secret("pay", "Webhook.2", "marker");
    // None of this needs a private key.
    std::fs::remove_file(sandbox.path(IDENTITY)).unwrap();
    assert_run!(
        sandbox.run(&["secret", "list", "pay"]),
        str![[r#"
exit code: 0
stdout:
  NAME       CONNECTOR  SET
  Webhook.2  pay        [TIME]
  api_key    pay        [TIME]
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["secret", "list", "pay", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  [{"name":"Webhook.2","connector":"pay","set_at":"[TIME]"},{"name":"api_key","connector":"pay","set_at":"[TIME]"}]
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["secret", "list", "bare", "-o", "csv"]),
        str![[r#"
exit code: 0
stdout:
  name,connector,set_at
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["show", "pay", "-v"]),
        str![[r#"
exit code: 0
stdout:
  id            pay
  name          pay
  system        stripe
  environment   testing
  secrets       Webhook.2, api_key
  created_at    [TIME]
  updated_at    [TIME]
  revision      [REVISION]
  used_by       0 services
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["secret", "delete", "pay", "api_key", "--yes"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Deleted secret api_key of connector pay

"#]]
    );
    assert_run!(
        sandbox.run(&["delete", "pay", "--yes", "-o", "ids"]),
        str![[r#"
exit code: 0
stdout:
  pay
stderr:
  1 connector was deleted.

"#]]
    );
    assert_eq!(sandbox.age_files_in_store(), 0);
}

#[test]
fn what_is_not_there_is_named() {
    let sandbox = Sandbox::with_secret("x");
    let mut runs = String::new();
    for arguments in [
        &["secret", "get", "pay", "api-key"][..],
        &["secret", "get", "bare", "key"],
        &["secret", "get", "gone", "key"],
        &["secret", "list", "gone"],
        &["secret", "delete", "pay", "key", "--yes"],
        &["secret", "delete", "pay", "api_key"],
        &["secret", "get", "pay", "api_key", "-o", "json"],
    ] {
        let run = sandbox.refused(arguments);
        runs.push_str(&format!("{}: {}", run.code, run.stderr));
    }
    assert_text!(
        runs,
        str![[r#"
4: error: connector pay has no secret api-key
hint: it has: api_key
4: error: connector bare has no secret key
hint: it has none; set one: connctl secret set bare key
4: error: connector gone does not exist
hint: see what there is: connctl list all
4: error: connector gone does not exist
hint: see what there is: connctl list all
4: error: connector pay has no secret key
hint: it has: api_key
2: error: secret api_key of the testing connector pay was not deleted, because nobody can be asked
hint: give --yes to delete without being asked
2: {"error":{"kind":"usage","message":"this command has no output format json","hint":"leave -o out","exit_code":2}}

"#]]
    );
}

#[test]
fn a_use_is_noted_and_is_no_change() {
    let sandbox = Sandbox::with_secret("x");
    let shown = |key: &str| {
        let run = sandbox.finish(sandbox.command().args(["show", "pay", "-o", "json"]));
        let shown: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        shown[key].clone()
    };
    assert!(shown("last_used_at").is_null());
    let raw = |sandbox: &Sandbox| {
        let output = sandbox
            .command()
            .args(["show", "pay", "-o", "json"])
            .output();
        let shown: serde_json::Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
        shown["revision"].clone()
    };
    let before = raw(&sandbox);
    sandbox.secret("pay", "api_key");
    assert_eq!(shown("last_used_at"), "[TIME]");
    assert_eq!(raw(&sandbox), before);
    sandbox.set_secret("pay", "api_key", "y");
    assert_ne!(raw(&sandbox), before);
}

#[test]
fn keys_that_do_not_fit_lose_nothing() {
    let sandbox = Sandbox::with_secret("kept");
    sandbox.other_identity("other.txt");
    sandbox.write("nonsense.txt", "hunter2");
    sandbox.write("empty.txt", "");
    std::fs::set_permissions(
        sandbox.path("other.txt"),
        std::fs::Permissions::from_mode(0o640),
    )
    .unwrap();
    let mut runs = String::new();
    for identity in [
        "other.txt",
        "nonsense.txt",
        "empty.txt",
        "missing.txt",
        ".",
        "AGE-SECRET-KEY-1HUNTER2",
    ] {
        let arguments = ["secret", "get", "pay", "api_key", "--identity", identity];
        let run = sandbox.refused(&arguments);
        assert!(
            !format!("{run}").to_lowercase().contains("hunter2"),
            "{run}"
        );
        runs.push_str(&format!("{}: {}", run.code, run.stderr));
    }
    let mut variable = sandbox.command();
    variable
        .args(["secret", "get", "pay", "api_key"])
        .env("CONNCTL_IDENTITY", "missing.txt");
    runs.push_str(&sandbox.finish(&mut variable).stderr);
    sandbox.write(".config/connctl/config.toml", "identity = 'gone.txt'\n");
    runs.push_str(&sandbox.run(&["secret", "get", "pay", "api_key"]).stderr);
    assert_text!(
        runs,
        str![[r#"
1: warning: other users can read other.txt (mode 0640); chmod 600 it
error: cannot read secret api_key of connector pay: it is not encrypted for any of the identities at hand
hint: name another file with private keys with --identity; connctl key list
1: warning: other users can read nonsense.txt (mode 0644); chmod 600 it
error: cannot use nonsense.txt: it holds no identity that can be used: line 1 is no identity
hint: name a file with private keys with --identity or CONNCTL_IDENTITY; "connctl key init" makes one
1: warning: other users can read empty.txt (mode 0644); chmod 600 it
error: cannot use empty.txt: it holds no identity
hint: name a file with private keys with --identity or CONNCTL_IDENTITY; "connctl key init" makes one
1: error: cannot use missing.txt: No such file or directory (os error 2)
hint: name a file with private keys with --identity or CONNCTL_IDENTITY; "connctl key init" makes one
1: warning: other users can read . (mode 0755); chmod 600 it
error: cannot use .: Is a directory (os error 21)
hint: name a file with private keys with --identity or CONNCTL_IDENTITY; "connctl key init" makes one
1: error: this is a private key; it is not repeated here, but other users and the shell's history may have seen it
hint: name a file with private keys with --identity or CONNCTL_IDENTITY; "connctl key init" makes one
error: cannot use missing.txt: No such file or directory (os error 2)
hint: name a file with private keys with --identity or CONNCTL_IDENTITY; "connctl key init" makes one
error: cannot use [HOME]/.config/connctl/gone.txt: No such file or directory (os error 2)
hint: name a file with private keys with --identity or CONNCTL_IDENTITY; "connctl key init" makes one

"#]]
    );
    sandbox.write(".config/connctl/config.toml", "identity = 'identity.txt'\n");
    assert_eq!(sandbox.secret("pay", "api_key"), "kept");
    let both = [
        "secret",
        "get",
        "pay",
        "api_key",
        "--identity",
        "other.txt",
        "--identity",
        IDENTITY,
    ];
    assert_run!(
        sandbox.run(&both),
        str![[r#"
exit code: 0
stdout:
  kept
stderr:
  warning: other users can read other.txt (mode 0640); chmod 600 it

"#]]
    );
}

#[test]
fn damaged_ciphertext_is_named_and_nothing_else_is_lost() {
    in_file();
    let sandbox = Sandbox::with_secret("damaged one");
    sandbox.set_secret("bare", "other", "sound one");
    let ciphertext = sandbox.ciphertext("pay", "api_key");
    let mut bytes = sandbox.store_bytes();
    let at = bytes
        .windows(ciphertext.len())
        .position(|window| window == ciphertext)
        .unwrap();
    bytes[at + ciphertext.len() - 1] ^= 1;
    sandbox.write("store.db", bytes);
    assert_run!(
        sandbox.refused(&["secret", "get", "pay", "api_key"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot read secret api_key of connector pay: its ciphertext is damaged
  hint: set the secret again, or restore it from a copy

"#]]
    );
    assert_run!(
        sandbox.refused(&["exec", "pay", "--", "true"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot read secret api_key of connector pay: its ciphertext is damaged
  hint: set the secret again, or restore it from a copy

"#]]
    );
    let other = sandbox.other_identity("other.txt");
    assert_run!(
        sandbox.refused(&["key", "add", &other]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot read 1 secret:
  secret api_key of connector pay: its ciphertext is damaged
  nothing was changed
  hint: name another file with private keys with --identity, leave what cannot be read as it is with --leave-unreadable, or delete it: connctl secret delete pay api_key

"#]]
    );
    assert_eq!(sandbox.secret("bare", "other"), "sound one");
}

#[test]
fn an_export_holds_no_plaintext_and_comes_back() {
    let sandbox = Sandbox::with_secret("marker-value");
    for format in ["toml", "json", "ndjson"] {
        let export = sandbox.export(format);
        assert!(!export.contains("marker-value"), "{export}");
        assert!(
            export.contains("-----BEGIN AGE ENCRYPTED FILE-----"),
            "{export}"
        );
        let file = format!("copy.{format}");
        sandbox.write(&file, &export);
        let store = format!("{format}.db");
        let copied = sandbox.run(&["--store", &store, "import", &file]);
        assert_eq!(copied.code, 0, "{copied}");
        let again = sandbox
            .command()
            .args(["--store", &store, "export", "--format", format])
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(again.stdout).unwrap(), export);
        let got = sandbox.run(&["--store", &store, "secret", "get", "pay", "api_key"]);
        assert_eq!(got.stdout, "marker-value");
    }
    assert_eq!(sandbox.files_with("marker-value"), [""; 0]);
}

#[test]
fn an_import_encrypts_plaintext() {
    let sandbox = Sandbox::new();
    let file = "[[connectors]]\nid = 'a'\nsystem = 's'\nenvironment = 'testing'\n\
                secrets = { key = \"marker\\n\", other = 'x' }\n";
    assert_run!(
        sandbox.run_with_input(&["import", "-"], file),
        str![[r#"
exit code: 0
stdout:
stderr:
  Made a new identity in [HOME]/.config/connctl/identity.txt; its recipient is [RECIPIENT]
  Keep a copy of that file: without it, nobody can read the secrets.
  Imported 1 connector and 0 services.

"#]]
    );
    assert_eq!(sandbox.secret("a", "key"), "marker\n");
    assert_eq!(sandbox.files_with("marker"), [""; 0]);
}

#[test]
fn replacing_a_connector_keeps_its_secrets_unless_the_file_names_some() {
    let sandbox = Sandbox::with_secret("first");
    sandbox.set_secret("pay", "old", "second");
    let old = sandbox.ciphertext("pay", "old");
    let file = |secrets: &str| {
        format!(
            "[[connectors]]\nid = 'pay'\nsystem = 'stripe'\nenvironment = 'testing'\nnote = 'new'\n\
             {secrets}"
        )
    };
    let names = || sandbox.run(&["secret", "list", "pay", "-o", "ids"]).stdout;
    let replace = |content: &str| sandbox.run_with_input(&["import", "-", "--replace"], content);
    assert_run!(
        replace(&file("")),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported: 0 connectors added, 1 replaced, 0 unchanged; 0 services added, 0 replaced, 0 unchanged.

"#]]
    );
    assert_eq!(names(), "api_key\nold\n");
    assert_run!(
        replace(&file("secrets = { api_key = 'third' }\n")),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported: 0 connectors added, 1 replaced, 0 unchanged; 0 services added, 0 replaced, 0 unchanged.

"#]]
    );
    assert_eq!(names(), "api_key\n");
    assert_eq!(sandbox.secret("pay", "api_key"), "third");
    assert_eq!(sandbox.files_with_ciphertext(&old), [""; 0]);
    // The same ciphertext again is no change.
    sandbox.write("same.toml", sandbox.export("toml"));
    assert_run!(
        sandbox.run(&["import", "same.toml", "--replace"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported: 0 connectors added, 0 replaced, 2 unchanged; 0 services added, 0 replaced, 0 unchanged.

"#]]
    );
    assert_run!(
        replace(&file("secrets = {}\n")),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported: 0 connectors added, 1 replaced, 0 unchanged; 0 services added, 0 replaced, 0 unchanged.

"#]]
    );
    assert_eq!(names(), "");
    assert_eq!(sandbox.age_files_in_store(), 0);
}

/// Every way in which a file with plaintext secrets can be wrong.
const WRONG_TOML: &[&str] = &[
    "k = hunter2",
    "k = \"hunter2",
    "k = 'hunter2'\nj = hunter2",
    "k = 99999999999999999999999",
    "k = 9999-09-09",
    "k = 9999",
    "k = ['hunter2']",
    "k = { 'hunter2!' = 'hunter2' }",
    "k = 'hunter2'\nk = 'hunter2'",
    "k = 'hunter2' hunter2",
    "hunter2",
    "k = \"\\qhunter2\"",
    "k = 'hunter2'\n[connectors.secrets]",
    "k = ''",
    "k = '-----BEGIN AGE ENCRYPTED FILE-----\\nhunter2'",
];

#[test]
fn no_mistake_in_a_file_shows_the_secrets_around_it() {
    let sandbox = Sandbox::with_secret("x");
    let toml = WRONG_TOML.iter().map(|secrets| {
        let head = "[[connectors]]\nid = 'x'\nsystem = 's'\nenvironment = 'testing'\n";
        ("toml", format!("{head}[connectors.secrets]\n{secrets}\n"))
    });
    let object = |secrets: &str| {
        format!(
            r#"{{"type":"connector","id":"x","system":"s","environment":"testing","secrets":{secrets}}}"#
        )
    };
    let json = [
        r#"{"k":"hunter2","k":"hunter2"}"#,
        r#"{"k":"hunter2" "j"}"#,
        r#"{"k":"hunter2"},"foo":"hunter2""#,
        r#"{"k":99999999999999999999999}"#,
        r#"{"k":hunter2}"#,
        r#"{"k":{"hunter2!":1}}"#,
        r#"{"k":"hunter2\q"}"#,
        r#"{"k":"hunter2"#,
        r#""hunter2""#,
        r#"["hunter2"]"#,
    ];
    let ndjson = json.iter().map(|secrets| ("ndjson", object(secrets)));
    let whole = json
        .iter()
        .map(|secrets| ("json", format!("{{\"connectors\":[{}]}}", object(secrets))));
    let mut runs = String::new();
    for (format, content) in toml.chain(ndjson).chain(whole) {
        let before = sandbox.store_bytes();
        let run = sandbox.run_with_input(&["import", "-", "-v", "--format", format], &content);
        assert_eq!(run.code, 2, "{content}: {run}");
        assert!(
            !run.stderr.contains("hunter2") && !run.stderr.contains("9999"),
            "{content}: {run}"
        );
        assert!(sandbox.store_bytes() == before, "{content}");
        runs.push_str(
            run.stderr
                .split(" expected one of")
                .next()
                .unwrap()
                .trim_end(),
        );
        runs.push('\n');
    }
    assert_text!(
        runs,
        str![[r#"
error: standard input:6:5: string values must be quoted, expected literal string; nothing was imported
error: standard input:6:13: invalid basic string, expected `"`; nothing was imported
error: standard input:7:5: string values must be quoted, expected literal string; nothing was imported
error: standard input:6:5: connectors[0].secrets.k: expected a text; nothing was imported
error: standard input:6:5: connectors[0].secrets.k: expected a text; nothing was imported
error: standard input:6:5: connectors[0].secrets.k: expected a text; nothing was imported
error: standard input:6:5: connectors[0].secrets.k: expected a text; nothing was imported
error: standard input:6:5: connectors[0].secrets.k: expected a text; nothing was imported
error: standard input:7:1: duplicate key; nothing was imported
error: standard input:6:15: unexpected key or value, expected newline, `#`; nothing was imported
error: standard input:6:8: key with no value, expected `=`; nothing was imported
error: standard input:6:7: missing escaped value, expected `b`, `e`, `f`, `n`, `r`, `\`, `"`, `x`, `u`, `U`; nothing was imported
error: standard input:7:13: duplicate key; nothing was imported
error: standard input:1: the value of secret k is empty; nothing was changed
error: standard input:1: secret k of connector x: its ciphertext is damaged; nothing was imported
error: standard input:1:92: secrets: the key "k" is there twice; nothing was imported
error: standard input:1:92: expected `,` or `}`; nothing was imported
error: standard input:1:93: foo: unknown field `foo`,
error: standard input:1:82: secrets.k: expected a text; nothing was imported
error: standard input:1:82: expected value; nothing was imported
error: standard input:1:82: secrets.k: expected a text; nothing was imported
error: standard input:1:91: invalid escape; nothing was imported
error: standard input:1:90: EOF while parsing a string; nothing was imported
error: standard input:1:77: secrets: expected a table of texts; nothing was imported
error: standard input:1:77: secrets: expected a table of texts; nothing was imported
error: standard input:1:107: connectors[0].secrets: the key "k" is there twice; nothing was imported
error: standard input:1:107: connectors[0]: expected `,` or `}`; nothing was imported
error: standard input:1:108: connectors[0].foo: unknown field `foo`,
error: standard input:1:97: connectors[0].secrets.k: expected a text; nothing was imported
error: standard input:1:97: connectors[0]: expected value; nothing was imported
error: standard input:1:97: connectors[0].secrets.k: expected a text; nothing was imported
error: standard input:1:106: connectors[0]: invalid escape; nothing was imported
error: standard input:1:107: connectors[0]: EOF while parsing a string; nothing was imported
error: standard input:1:92: connectors[0].secrets: expected a table of texts; nothing was imported
error: standard input:1:92: connectors[0].secrets: expected a table of texts; nothing was imported

"#]]
    );
    assert_eq!(sandbox.files_with("hunter2"), [""; 0]);
}

#[test]
fn an_import_that_is_refused_leaves_none_of_its_secrets() {
    in_file();
    let sandbox = Sandbox::with_secret("x");
    // Pages that are not in use any more, into which the import goes first.
    let note = "n".repeat(3_000_000);
    let run = sandbox.run_with_input(
        &["import", "-", "--format", "ndjson"],
        format!(
            r#"{{"type":"connector","id":"long","system":"s","environment":"testing","note":"{note}"}}"#
        ),
    );
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.run(&["delete", "long", "--yes"]).code, 0);
    // More than the engine keeps in memory.
    let value = "v".repeat(500_000);
    let mut file: String = (0..10)
        .map(|number| {
            format!(
                "{{\"type\":\"connector\",\"id\":\"n{number}\",\"system\":\"s\",\"environment\":\"live\",\
                 \"secrets\":{{\"k\":\"{value}\"}}}}\n"
            )
        })
        .collect();
    file.push_str("{\"type\":\"connector\"}\n");
    assert_run!(
        sandbox.run_with_input(&["import", "-", "--format", "ndjson"], file),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: standard input:11:1: missing field `id`; nothing was imported

"#]]
    );
    assert_eq!(sandbox.age_files_in_store(), 1);
    assert_eq!(sandbox.secret("pay", "api_key"), "x");
}

#[test]
fn what_no_key_could_ever_read_is_not_imported() {
    let sandbox = Sandbox::with_secret("x");
    let armored = sandbox.armored("pay", "api_key");
    let file = |text: &str| {
        format!(
            "[[connectors]]\nid = 'new'\nsystem = 's'\nenvironment = 'testing'\n\
             secrets = {{ key = \"\"\"\n{text}\"\"\" }}\n"
        )
    };
    let half = format!("{}\n-----END AGE ENCRYPTED FILE-----\n", &armored[..100]);
    let behind_a_word = format!("Kim's key:\n{armored}");
    let mut runs = String::new();
    for text in [
        half.as_str(),
        &sandbox.sealed_with_passphrase(),
        &behind_a_word,
        &armored.to_lowercase(),
        &armored.replace("AGE ENCRYPTED FILE", "MESSAGE"),
        &armored.replace('\n', " "),
        "age-encryption.org/v1\n-> X25519 ",
    ] {
        runs.push_str(&sandbox.run_with_input(&["import", "-"], file(text)).stderr);
    }
    assert_text!(
        runs,
        str![[r#"
error: standard input:1: secret key of connector new: its ciphertext is damaged; nothing was imported
error: standard input:1: secret key of connector new: it is encrypted with a passphrase, not for a recipient; nothing was imported
error: standard input:1: secret key of connector new: it looks like an age file, but is no armored one, which begins with -----BEGIN AGE ENCRYPTED FILE-----; nothing was imported
error: standard input:1: secret key of connector new: it looks like an age file, but is no armored one, which begins with -----BEGIN AGE ENCRYPTED FILE-----; nothing was imported
error: standard input:1: secret key of connector new: it looks like an age file, but is no armored one, which begins with -----BEGIN AGE ENCRYPTED FILE-----; nothing was imported
error: standard input:1: secret key of connector new: its ciphertext is damaged; nothing was imported
error: standard input:1: secret key of connector new: it looks like an age file, but is no armored one, which begins with -----BEGIN AGE ENCRYPTED FILE-----; nothing was imported

"#]]
    );
    // Space around it and the line ends of another system change nothing.
    let dressed = format!("\n  {}\n\n", armored.replace('\n', "\r\n").trim());
    let run = sandbox.run_with_input(&["import", "-"], file(&dressed));
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.secret("new", "key"), "x");
}

impl Sandbox {
    /// What `age --passphrase --armor` makes.
    fn sealed_with_passphrase(&self) -> String {
        std::fs::copy(self.path(IDENTITY), self.path("locked.txt")).unwrap();
        self.lock("locked.txt", "hunter2");
        let sealed = std::fs::read(self.path("locked.txt")).unwrap();
        connctl::credentials::armor(&sealed).unwrap()
    }
}

#[test]
#[ignore = "needs setpriv"]
fn a_store_that_cannot_be_written_loses_nothing() {
    let sandbox = Sandbox::with_secret("kept");
    let before = sandbox.store_bytes();
    let mut runs = String::new();
    for line in [
        "secret set pay api_key=env:HOME",
        "secret delete pay api_key --yes",
        "secret get pay api_key",
        "exec pay -- printenv STRIPE_API_KEY",
        "key init",
        "compact",
    ] {
        let run = sandbox.run_read_only(&line.split(' ').collect::<Vec<_>>());
        runs.push_str(&format!("{line}: {run}"));
    }
    assert!(sandbox.store_bytes() == before);
    assert_text!(
        runs,
        str![[r#"
secret set pay api_key=env:HOME: exit code: 1
stdout:
stderr:
  error: the store cannot be written by this user; nothing was changed
  hint: ask for write access to the store's file and its folder
secret delete pay api_key --yes: exit code: 1
stdout:
stderr:
  error: the store cannot be written by this user; nothing was changed
  hint: ask for write access to the store's file and its folder
secret get pay api_key: exit code: 1
stdout:
stderr:
  error: no secret of connector pay was read, because that is to be recorded and this user cannot write the store
  hint: ask for write access to the store's file and its folder
exec pay -- printenv STRIPE_API_KEY: exit code: 1
stdout:
stderr:
  error: no secret of connector pay was read, because that is to be recorded and this user cannot write the store
  hint: ask for write access to the store's file and its folder
key init: exit code: 1
stdout:
stderr:
  error: the store cannot be written by this user; nothing was changed
  hint: ask for write access to the store's file and its folder
compact: exit code: 1
stdout:
stderr:
  error: the store cannot be written by this user; nothing was changed
  hint: ask for write access to the store's file and its folder

"#]]
    );
}

#[test]
fn a_secret_is_typed_twice_and_not_shown() {
    let sandbox = Sandbox::with_secret("x");
    let mut session = sandbox.on_terminal(&["secret", "set", "pay", "api_key"]);
    session
        .exp_string("Value of api_key (not shown): ")
        .unwrap();
    session.send("hunterX\u{7f}2\twith tab\r").unwrap();
    session.flush().unwrap();
    session.exp_string("The same again: ").unwrap();
    session.send("wrong\u{15}hunter2\twith tab\r").unwrap();
    session.flush().unwrap();
    let (shown, code) = end(&sandbox, session);
    assert_eq!(code, 0, "{shown}");
    assert_text!(
        shown,
        str![[r#"

Replaced secret api_key of connector pay

"#]]
    );
    assert_eq!(sandbox.secret("pay", "api_key"), "hunter2\twith tab");
}

#[test]
fn two_values_that_differ_and_none_change_nothing() {
    let sandbox = Sandbox::with_secret("kept");
    for (keys, expected, code) in [
        (
            &["one\r", "two\r"][..],
            "error: the two values of secret api_key differ; nothing was changed",
            2,
        ),
        (
            &["one\u{4}"],
            "error: nothing was typed; nothing was changed",
            3,
        ),
        (
            &["one\u{3}"],
            "error: interrupted; nothing was changed",
            130,
        ),
        (
            &["\r", "\r"],
            "error: the value of secret api_key is empty; nothing was changed",
            2,
        ),
    ] {
        let mut session = sandbox.on_terminal(&["secret", "set", "pay", "api_key"]);
        for (text, question) in keys.iter().zip(["(not shown): ", "The same again: "]) {
            session.exp_string(question).unwrap();
            session.send(text).unwrap();
            session.flush().unwrap();
        }
        let (shown, ended) = end(&sandbox, session);
        assert!(shown.contains(expected), "{shown}");
        assert!(!shown.contains("one"), "{shown}");
        assert_eq!(ended, code, "{shown}");
    }
    assert_eq!(sandbox.secret("pay", "api_key"), "kept");
}

#[test]
fn a_secret_is_deleted_after_a_question() {
    let sandbox = Sandbox::with_secret("x");
    let mut session = sandbox.on_terminal(&["secret", "delete", "pay", "api_key"]);
    session.exp_string("[y/N] ").unwrap();
    session.send("n\r").unwrap();
    session.flush().unwrap();
    let (shown, code) = end(&sandbox, session);
    assert_eq!(code, 3, "{shown}");
    let mut session = sandbox.on_terminal(&["secret", "delete", "pay", "api_key"]);
    let before = session.exp_string("[y/N] ").unwrap();
    session.send("y\r").unwrap();
    session.flush().unwrap();
    let (after, code) = end(&sandbox, session);
    assert_eq!(code, 0, "{after}");
    assert_text!(
        format!("{before}[y/N] {after}").replace('\r', ""),
        str![[r#"
This will be deleted permanently: secret api_key of the testing connector pay
Delete it? [y/N] y
Deleted secret api_key of connector pay

"#]]
    );
    assert_eq!(sandbox.age_files_in_store(), 0);
}

#[test]
fn a_live_value_is_replaced_after_a_question() {
    let sandbox = Sandbox::with_shop();
    sandbox.set_secret("erp", "token", "first");
    sandbox.write("token", "second");
    for door in [
        ["secret", "set", "erp", "token=@token"],
        ["edit", "erp", "--secret", "token=@token"],
    ] {
        sandbox.run(&["secret", "delete", "erp", "token", "--yes"]);
        sandbox.set_secret("erp", "token", "first");
        for (answer, code, value) in [("n\r", 3, "first"), ("y\r", 0, "second")] {
            let mut session = sandbox.on_terminal(&door);
            let question = "Replace secret token of the live connector erp? [y/N] ";
            session.exp_string(question).unwrap();
            session.send(answer).unwrap();
            session.flush().unwrap();
            let (shown, found) = end(&sandbox, session);
            assert_eq!(found, code, "{shown}");
            assert_eq!(sandbox.secret("erp", "token"), value);
        }
        let run = sandbox.refused(&door);
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.contains("because nobody can be asked"), "{run}");
        let run = sandbox.run(&[&door[..], &["--yes"]].concat());
        assert_eq!(run.code, 0, "{run}");
    }
    // What is new, and what is not live, is nothing to ask about.
    sandbox.set_secret("erp", "second", "new");
}

#[test]
fn a_live_secret_is_removed_after_a_question_by_either_door() {
    let sandbox = Sandbox::with_shop();
    for door in [
        ["secret", "delete", "erp", "token"],
        ["edit", "erp", "--unset-secret", "token"],
    ] {
        sandbox.set_secret("erp", "token", "first");
        let run = sandbox.refused(&door);
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.contains("because nobody can be asked"), "{run}");
        for (answer, code) in [("y\r", 3), ("\u{4}", 3), ("token\r", 0)] {
            let mut session = sandbox.on_terminal(&door);
            let question = "It is live. Type token to delete it: ";
            session.exp_string(question).unwrap();
            session.send(answer).unwrap();
            session.flush().unwrap();
            let (shown, found) = end(&sandbox, session);
            assert_eq!(found, code, "{shown}");
            let left = sandbox.run(&["secret", "list", "erp", "-o", "ids"]).stdout;
            let is_left = left == "token\n";
            assert_eq!(is_left, code == 3, "{shown}");
        }
        sandbox.set_secret("erp", "token", "second");
        let run = sandbox.run(&[&door[..], &["--yes"]].concat());
        assert_eq!(run.code, 0, "{run}");
    }
    // What is not there, and what is not live, is nothing that edit asks about.
    let run = sandbox.run(&["edit", "erp", "--unset-secret", "none", "--note", "x"]);
    assert_eq!(run.code, 0, "{run}");
    sandbox.set_secret("shop-test", "token", "first");
    let run = sandbox.run(&["edit", "shop-test", "--unset-secret", "token"]);
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn an_identity_that_was_made_for_a_change_that_fails_is_gone_again() {
    in_file();
    let file = "[[connectors]]\nid = 'new'\nsystem = 's'\nenvironment = 'live'\n\
                [connectors.secrets]\npin = '1234'\n";
    for door in [
        &[
            "add", "new", "--system", "s", "--env", "live", "--secret", "pin=@pin",
        ][..],
        &["edit", "shop-test", "--secret", "pin=@pin"],
        &["secret", "set", "shop-test", "pin=@pin"],
        &["import", "new.toml"],
        &["key", "init"],
    ] {
        let sandbox = Sandbox::with_shop();
        sandbox.write("pin", "1234");
        sandbox.write("new.toml", file);
        let identity = sandbox.path(".config/connctl/identity.txt");
        let store = rusqlite::Connection::open(sandbox.path("store.db")).unwrap();
        let refuse = "CREATE TRIGGER t BEFORE INSERT ON audit WHEN NEW.action = 'key.add'
                      BEGIN SELECT RAISE(ABORT, 'no'); END";
        store.execute_batch(refuse).unwrap();
        let run = sandbox.run(door);
        assert_eq!(run.code, 1, "{door:?}: {run}");
        assert!(!run.stderr.contains("identity"), "{run}");
        assert!(!identity.exists(), "{door:?}");
        store.execute_batch("DROP TRIGGER t").unwrap();
        let run = sandbox.run(door);
        assert_eq!(run.code, 0, "{door:?}: {run}");
        assert!(run.stderr.contains("Made a new identity in "), "{run}");
        assert!(identity.exists(), "{door:?}");
    }
}

#[test]
fn secrets_are_listed_with_the_time_they_were_set() {
    in_file();
    let sandbox = Sandbox::with_secret("x");
    sandbox.set_secret("bare", "token", "y");
    assert_run!(
        sandbox.run(&["secret", "list"]),
        str![[r#"
exit code: 0
stdout:
  NAME     CONNECTOR  SET
  token    bare       [TIME]
  api_key  pay        [TIME]
stderr:

"#]]
    );
    let nothing = sandbox.run(&["secret", "list", "--older-than", "1d", "-o", "ids"]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (0, ""));
    // Encrypting anew sets nothing; what is set anew is no longer old.
    let sql = "UPDATE secrets SET set_at = '2020-01-01T00:00:00Z' WHERE connector_id = 'pay';
               UPDATE secrets SET set_at = NULL WHERE connector_id = 'bare'";
    let store = rusqlite::Connection::open(sandbox.path("store.db")).unwrap();
    store.execute_batch(sql).unwrap();
    drop(store);
    let other = sandbox.other_identity("other.txt");
    assert_eq!(sandbox.run(&["key", "add", &other]).code, 0);
    let old = ["secret", "list", "--older-than", "1y", "-o", "ndjson"];
    assert_text!(
        sandbox.run(&old).stdout,
        str![[r#"
{"name":"token","connector":"bare","set_at":null}
{"name":"api_key","connector":"pay","set_at":"[TIME]"}

"#]]
    );
    sandbox.set_secret("pay", "api_key", "new");
    assert_text!(
        sandbox.run(&old).stdout,
        str![[r#"
{"name":"token","connector":"bare","set_at":null}

"#]]
    );
}

#[test]
fn what_only_stands_for_a_value_is_refused() {
    let sandbox = Sandbox::with_secret("real");
    let armored = sandbox.armored("pay", "api_key");
    for value in [
        "****",
        "••••••••",
        "${API_KEY}",
        " ENC[AES256_GCM,data:x]\n",
    ] {
        let set = ["secret", "set", "pay", "api_key=env:VALUE"];
        let set = sandbox.run_with_variable(&set, value);
        let file = format!(
            "{{\"type\":\"connector\",\"id\":\"pay\",\"system\":\"s\",\"environment\":\"testing\",\
             \"secrets\":{{\"api_key\":{}}}}}",
            serde_json::to_string(value).unwrap()
        );
        let import = ["import", "-", "--replace", "--format", "ndjson"];
        let import = sandbox.run_with_input(&import, file);
        for run in [set, import] {
            assert_eq!(run.code, 2, "{value}: {run}");
            assert!(run.stderr.contains("is a mask"), "{run}");
        }
    }
    let set = ["secret", "set", "pay", "api_key=env:VALUE"];
    assert_run!(
        sandbox.run_with_variable(&set, &armored),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: the value of secret api_key looks like an age file, which would be encrypted a second time; nothing was changed
  hint: decrypt it first (age -d), or import it with its connector

"#]]
    );
    assert_eq!(sandbox.secret("pay", "api_key"), "real");
}

#[test]
fn standard_input_that_is_a_terminal_would_show_the_secret() {
    let sandbox = Sandbox::with_secret("x");
    let session = sandbox.on_terminal(&["secret", "set", "pay", "api_key=-"]);
    let (shown, code) = end(&sandbox, session);
    assert_eq!(code, 2, "{shown}");
    assert_text!(
        shown,
        str![[r#"
error: standard input is a terminal, which would show the secret
hint: give NAME alone to be asked without showing it

"#]]
    );
}

#[test]
fn nothing_is_left_of_what_was_removed() {
    in_file();
    let sandbox = Sandbox::with_secret("marker-1");
    for number in 0..40 {
        sandbox.set_secret("bare", &format!("s{number}"), "filler");
    }
    let removed = |change: &dyn Fn()| {
        let before = sandbox.ciphertext("pay", "api_key");
        assert_eq!(sandbox.files_with_ciphertext(&before).len(), 1);
        change();
        assert_eq!(sandbox.files_with_ciphertext(&before), [""; 0]);
        assert_eq!(sandbox.files_with("marker-"), [""; 0]);
    };
    let run = |arguments: &[&str]| {
        let run = sandbox.run_with_variable(arguments, "marker-2");
        assert_eq!(run.code, 0, "{run}");
    };
    removed(&|| run(&["secret", "set", "pay", "api_key=env:VALUE"]));
    removed(&|| run(&["edit", "pay", "--secret", "api_key=env:VALUE"]));
    removed(&|| run(&["secret", "delete", "pay", "api_key", "--yes"]));
    run(&["secret", "set", "pay", "api_key=env:VALUE"]);
    removed(&|| run(&["edit", "pay", "--unset-secret", "api_key"]));
    run(&["secret", "set", "pay", "api_key=env:VALUE"]);
    let other = sandbox.other_identity("other.txt");
    removed(&|| run(&["key", "add", &other]));
    removed(&|| run(&["key", "remove", &other]));
    removed(&|| run(&["delete", "pay", "--yes"]));
    assert_eq!(sandbox.age_files_in_store(), 40);
}

#[test]
fn a_large_store_is_compacted_when_somebody_asks() {
    in_file();
    let sandbox = Sandbox::with_secret("x");
    let ciphertext = sandbox.ciphertext("pay", "api_key");
    let store = rusqlite::Connection::open(sandbox.path("store.db")).unwrap();
    let grow = "UPDATE connectors SET note = hex(zeroblob(17 << 20)) WHERE id = 'bare'";
    assert_eq!(store.execute(grow, []).unwrap(), 1);
    drop(store);
    assert_run!(
        sandbox.run(&["delete", "pay", "--yes", "-o", "ids"]),
        str![[r#"
exit code: 0
stdout:
  pay
stderr:
  warning: ciphertext of removed secrets may be left in unused pages of the store; "connctl compact" erases it
  1 connector was deleted.

"#]]
    );
    assert_run!(
        sandbox.run(&["compact"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Compacted the store.

"#]]
    );
    assert_eq!(sandbox.files_with_ciphertext(&ciphertext), [""; 0]);
}

#[test]
#[ignore = "needs age"]
fn age_opens_what_is_exported_and_makes_what_is_imported() {
    let sandbox = Sandbox::with_secret("marker\n");
    sandbox.write("secret.age", sandbox.armored("pay", "api_key"));
    assert_run!(
        sandbox.shell(&format!("age -d -i {IDENTITY} secret.age")),
        str![[r#"
exit code: 0
stdout:
  marker
stderr:

"#]]
    );
    let made = sandbox.shell(&format!(
        "grep -o 'age1.*' {IDENTITY} > keys.txt && printf 'from age' | age --armor -R keys.txt -o new.age"
    ));
    assert_eq!(made.code, 0, "{made}");
    let text = std::fs::read_to_string(sandbox.path("new.age")).unwrap();
    let file = format!(
        "[[connectors]]\nid = 'new'\nsystem = 's'\nenvironment = 'testing'\n\
         secrets = {{ key = '''\n{text}''' }}\n"
    );
    let run = sandbox.run_with_input(&["import", "-"], file);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.secret("new", "key"), "from age");
}

/// Runs a command again and again, killed at another call of the system each time, and returns how
/// often it was.
fn kill_everywhere(sandbox: &Sandbox, arguments: &[&str], check: impl Fn(usize)) -> usize {
    let calls = [
        "write",
        "pwrite64",
        "fsync",
        "fdatasync",
        "unlink",
        "ftruncate",
        "link",
    ];
    let before = sandbox.store_bytes();
    let mut kills = 0;
    // strace counts the calls of each name by themselves.
    for call in calls {
        for number in 1.. {
            sandbox.write("store.db", &before);
            let _ = std::fs::remove_file(sandbox.path("store.db-journal"));
            let mut command = Command::new("strace");
            sandbox.seal(&mut command);
            let inject = format!("inject={call}:signal=SIGKILL:when={number}");
            command
                .args([
                    "-f",
                    "-o",
                    "/dev/null",
                    "-e",
                    &format!("trace={call}"),
                    "-e",
                    &inject,
                ])
                .arg(crate::support::CONNCTL)
                .args(arguments)
                .env("VALUE", "marker-new");
            let run = sandbox.finish(&mut command);
            assert_eq!(sandbox.files_with("marker-"), [""; 0], "{call} {number}");
            if run.signal.is_none() {
                assert_eq!(run.code, 0, "{run}");
                break;
            }
            kills += 1;
            check(kills);
        }
    }
    kills
}

/// A store in which pages are free and in which secrets stand, one of them over many pages.
fn store_with_free_pages() -> Sandbox {
    let sandbox = Sandbox::with_secret("marker-old");
    sandbox.set_secret("pay", "long", &"marker-long".repeat(2_000));
    let note = "n".repeat(60_000);
    let add = [
        "add", "free", "--system", "s", "--env", "testing", "--note", &note,
    ];
    assert_eq!(sandbox.run(&add).code, 0);
    assert_eq!(sandbox.run(&["delete", "free", "--yes"]).code, 0);
    sandbox
}

/// Somebody else writes the store, and after that nothing is in it but the secrets it lists.
fn assert_nothing_is_left(sandbox: &Sandbox, number: usize) {
    let run = sandbox.run(&["edit", "bare", "--note", &format!("call {number}")]);
    assert_eq!(run.code, 0, "{run}");
    let names = |id| sandbox.run(&["secret", "list", id, "-o", "ids"]).stdout;
    let listed = names("pay").lines().count() + names("bare").lines().count();
    assert_eq!(sandbox.age_files_in_store(), listed, "call {number}");
}

#[test]
#[ignore = "needs strace"]
fn a_kill_while_a_secret_is_set_leaves_the_old_or_the_new_one_and_nothing_else() {
    let sandbox = store_with_free_pages();
    let set = [
        "secret",
        "set",
        "pay",
        "api_key=env:VALUE",
        "second=env:VALUE",
    ];
    let count = kill_everywhere(&sandbox, &set, |number| {
        assert_nothing_is_left(&sandbox, number);
        let value = sandbox.secret("pay", "api_key");
        assert!(
            ["marker-old", "marker-new"].contains(&value.as_str()),
            "{value}"
        );
    });
    assert!(count > 20, "{count}");
}

#[test]
#[ignore = "needs strace"]
fn a_kill_while_the_first_secret_is_set_leaves_a_sound_identity() {
    let sandbox = Sandbox::with_shop();
    let set = ["secret", "set", "erp", "token=env:VALUE", "--yes"];
    kill_everywhere(&sandbox, &set, |number| {
        let run = sandbox.run_with_variable(&set, "marker-new");
        assert_eq!(run.code, 0, "call {number}: {run}");
        assert_eq!(sandbox.secret("erp", "token"), "marker-new");
        std::fs::remove_file(sandbox.path(IDENTITY)).unwrap();
    });
}

#[test]
#[ignore = "needs strace"]
fn a_kill_while_a_key_is_added_leaves_every_secret_readable() {
    let sandbox = store_with_free_pages();
    let other = sandbox.other_identity("other.txt");
    let count = kill_everywhere(&sandbox, &["key", "add", &other], |number| {
        assert_nothing_is_left(&sandbox, number);
        assert_eq!(sandbox.secret("pay", "api_key"), "marker-old");
        assert_eq!(sandbox.secret("pay", "long").len(), 22_000);
    });
    assert!(count > 20, "{count}");
}

#[test]
#[ignore = "needs strace"]
fn a_kill_while_a_connector_is_deleted_leaves_all_of_it_or_nothing() {
    let sandbox = store_with_free_pages();
    let ciphertext = sandbox.ciphertext("pay", "api_key");
    let count = kill_everywhere(&sandbox, &["delete", "pay", "--yes"], |number| {
        let run = sandbox.run(&["edit", "bare", "--note", &format!("call {number}")]);
        assert_eq!(run.code, 0, "{run}");
        let is_there = sandbox.run(&["show", "pay"]).code == 0;
        let files = sandbox.files_with_ciphertext(&ciphertext);
        assert_eq!(files.is_empty(), !is_there, "call {number}: {files:?}");
        assert_eq!(sandbox.age_files_in_store(), if is_there { 2 } else { 0 });
    });
    assert!(count > 20, "{count}");
}
