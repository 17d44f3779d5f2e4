//! `connctl key`: who can read the secrets.

use snapbox::str;

use crate::support::Sandbox;
use crate::support::credentials::{IDENTITY, end};
use crate::{assert_run, assert_text};

/// What `ssh-keygen -t ed25519` made, without a passphrase.
const SSH_KEY: &str = "\
-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACAPyV+1x4Vh+fUzBChv7VcrTC8L++4tVICB/JTgaL8A2AAAAIiu8nY6rvJ2
OgAAAAtzc2gtZWQyNTUxOQAAACAPyV+1x4Vh+fUzBChv7VcrTC8L++4tVICB/JTgaL8A2A
AAAECH2BBhIWosXYbACPpc5naIpbmgHuJAxp0FC8jC4GCnVA/JX7XHhWH59TMEKG/tVytM
Lwv77i1UgIH8lOBovwDYAAAAAAECAwQF
-----END OPENSSH PRIVATE KEY-----
";
const SSH_PUBLIC: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA/JX7XHhWH59TMEKG/tVytMLwv77i1UgIH8lOBovwDY";

/// The same under the passphrase `hunter2`.
const SSH_LOCKED: &str = "\
-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABCQ1/ZymU
VUr/6akfhTBAD3AAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIKpcODNrm9ZW99Je
5wdkhGG3MTXvtylBHs4gYP5viaNiAAAAkAs77NY1uGOHcvFWLOFmkKA/5qUXWva1J8TdzX
HLqZIgaDwJinZIyitzdJbyfZN5cMndRq/q+jqTC6y0AuiwYMxprJwg0PgrQJnEeFCU1Klm
PdWiVwZoANLlsfEMptisiLpdT3S/W3ZNOm4mtDmwS8Yof3VoOAxBL798Mz3HbcPC3aNi7K
H1mPyODVNs4UmHkQ==
-----END OPENSSH PRIVATE KEY-----
";
const SSH_LOCKED_PUBLIC: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKpcODNrm9ZW99Je5wdkhGG3MTXvtylBHs4gYP5viaNi";

#[test]
fn an_identity_is_made_once() {
    let sandbox = Sandbox::empty();
    assert_run!(
        sandbox.run(&["key", "init"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Made a new identity in [HOME]/.config/connctl/identity.txt; its recipient is [RECIPIENT]
  Keep a copy of that file: without it, nobody can read the secrets.
  The store encrypts for [RECIPIENT] now.

"#]]
    );
    let identity = std::fs::read(sandbox.path(IDENTITY)).unwrap();
    assert_run!(
        sandbox.run(&["key", "init"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  The store encrypts for this identity already; nothing was changed.

"#]]
    );
    assert_run!(
        sandbox.run(&["key", "list"]),
        str![[r#"
exit code: 0
stdout:
  RECIPIENT                                                       ADDED                 TYPE    COMMENT
  [RECIPIENT]  [TIME]  x25519
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["key", "list", "-o", "ndjson"]),
        str![[r#"
exit code: 0
stdout:
  {"recipient":"[RECIPIENT]","added_at":"[TIME]","type":"x25519","comment":null}
stderr:

"#]]
    );
    assert_eq!(std::fs::read(sandbox.path(IDENTITY)).unwrap(), identity);
    // Another store, the same identity.
    assert_run!(
        sandbox.run(&["--store", "second.db", "key", "init"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: there is no store at second.db
  hint: check --store; "connctl init" makes a new store

"#]]
    );
    assert_eq!(std::fs::read(sandbox.path(IDENTITY)).unwrap(), identity);
}

#[test]
fn whoever_is_no_recipient_yet_is_told_whom_to_ask() {
    let sandbox = Sandbox::with_secret("x");
    let mut command = sandbox.command();
    command
        .args(["key", "init"])
        .env("CONNCTL_IDENTITY", "mine.txt");
    assert_run!(
        sandbox.finish(&mut command),
        str![[r#"
exit code: 1
stdout:
stderr:
  Made a new identity in mine.txt; its recipient is [RECIPIENT]
  Keep a copy of that file: without it, nobody can read the secrets.
  error: the store encrypts for others already, and not for [RECIPIENT]; it was not changed
  hint: ask somebody who can read its secrets to run: connctl key add [RECIPIENT]

"#]]
    );
}

#[test]
fn two_people_read_the_same_secrets_until_one_is_removed() {
    let sandbox = Sandbox::with_secret("marker");
    sandbox.set_secret("bare", "token", "other");
    let recipient = sandbox.other_identity("other.txt");
    let get =
        |identity: &str| sandbox.run(&["secret", "get", "pay", "api_key", "--identity", identity]);
    assert_eq!(get("other.txt").code, 1);
    assert_run!(
        sandbox.run(&["key", "add", &recipient]),
        str![[r#"
exit code: 0
stdout:
stderr:
  The store encrypts for [RECIPIENT] now.
  Encrypted 2 secrets anew.

"#]]
    );
    assert_eq!(get("other.txt").stdout, "marker");
    assert_eq!(get(IDENTITY).stdout, "marker");
    assert_run!(
        sandbox.run(&["key", "add", &recipient.to_uppercase()]),
        str![[r#"
exit code: 0
stdout:
stderr:
  The store encrypts for this recipient already; nothing was changed.

"#]]
    );
    // What is set from now on is for both.
    sandbox.set_secret("pay", "second", "new");
    let second = ["secret", "get", "pay", "second", "--identity", "other.txt"];
    assert_eq!(sandbox.run(&second).stdout, "new");
    assert_run!(
        sandbox.run(&["key", "remove", &recipient]),
        str![[r#"
exit code: 0
stdout:
stderr:
  The store does not encrypt for [RECIPIENT] any more.
  Encrypted 3 secrets anew.
  warning: whoever holds that key may have read the secrets before; change the values themselves

"#]]
    );
    assert_run!(
        get("other.txt"),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot read secret api_key of connector pay: it is not encrypted for any of the identities at hand
  hint: name another file with private keys with --identity; connctl key list

"#]]
    );
    assert_eq!(get(IDENTITY).stdout, "marker");
    assert_run!(
        sandbox.refused(&["key", "remove", &recipient]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: the store does not encrypt for [RECIPIENT]; nothing was changed
  hint: see whom it encrypts for: connctl key list

"#]]
    );
}

#[test]
fn the_last_recipient_stays() {
    let sandbox = Sandbox::with_secret("x");
    let list = sandbox
        .command()
        .args(["key", "list", "-o", "ids"])
        .output()
        .unwrap();
    let only = String::from_utf8(list.stdout).unwrap();
    assert_run!(
        sandbox.refused(&["key", "remove", only.trim()]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: [RECIPIENT] is the last recipient; nothing was changed
  hint: add another one first: connctl key add RECIPIENT

"#]]
    );
}

#[test]
fn whoever_reads_all_secrets_with_several_identities_changes_the_recipients() {
    let sandbox = with_secrets_of_a_stranger();
    let other = sandbox.other_identity("other.txt");
    let both = [
        "key",
        "add",
        &other,
        "--identity",
        IDENTITY,
        "--identity",
        "stranger.txt",
    ];
    assert_eq!(sandbox.run(&both).code, 0);
    let get = ["secret", "get", "theirs", "key", "--identity", "other.txt"];
    assert_eq!(sandbox.run(&get).stdout, "far");
}

/// A store with a secret of `pay` that its user can read, and two of `theirs` that only a stranger
/// can, whose identity is in `stranger.txt`.
fn with_secrets_of_a_stranger() -> Sandbox {
    let sandbox = Sandbox::with_secret("mine");
    let stranger = sandbox.other_identity("stranger.txt");
    let theirs = "[[connectors]]\nid = 'theirs'\nsystem = 's'\nenvironment = 'testing'\n\
                  secrets = { key = 'far', token = 'away' }\n";
    for (arguments, input) in [
        (vec!["init"], ""),
        (vec!["key", "add", &stranger], ""),
        (vec!["import", "-"], theirs),
    ] {
        let arguments = [vec!["--store", "theirs.db"], arguments].concat();
        let run = sandbox.run_with_input(&arguments, input);
        assert_eq!(run.code, 0, "{run}");
    }
    let run = sandbox.shell("connctl --store theirs.db export | connctl import -");
    assert_eq!(run.code, 0, "{run}");
    sandbox
}

#[test]
fn every_secret_that_cannot_be_read_is_named_with_the_ways_out() {
    let sandbox = with_secrets_of_a_stranger();
    let other = sandbox.other_identity("other.txt");
    assert_run!(
        sandbox.refused(&["key", "add", &other]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot read 2 secrets:
  secret key of connector theirs: it is not encrypted for any of the identities at hand
  secret token of connector theirs: it is not encrypted for any of the identities at hand
  nothing was changed
  hint: name another file with private keys with --identity, leave what cannot be read as it is with --leave-unreadable, or delete them: connctl secret delete ID NAME

"#]]
    );
    assert_run!(
        sandbox.run(&["key", "add", &other, "--leave-unreadable"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  The store encrypts for [RECIPIENT] now.
  Encrypted 1 secret anew.
  warning: 2 secrets cannot be read, and stay encrypted as before:
  secret key of connector theirs: it is not encrypted for any of the identities at hand
  secret token of connector theirs: it is not encrypted for any of the identities at hand

"#]]
    );
    let get = |id: &str, name: &str, identity: &str| {
        let arguments = ["secret", "get", id, name, "--identity", identity];
        sandbox.run(&arguments).stdout
    };
    assert_eq!(get("pay", "api_key", "other.txt"), "mine");
    assert_eq!(get("theirs", "key", "stranger.txt"), "far");
    // Who is removed may go on reading what could not be encrypted anew.
    assert_run!(
        sandbox.refused(&["key", "remove", &other]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot read 2 secrets:
  secret key of connector theirs: it is not encrypted for any of the identities at hand
  secret token of connector theirs: it is not encrypted for any of the identities at hand
  nothing was changed
  hint: name another file with private keys with --identity, leave what cannot be read as it is with --leave-unreadable, or delete them: connctl secret delete ID NAME

"#]]
    );
    assert_run!(
        sandbox.run(&["key", "remove", &other, "--leave-unreadable"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  The store does not encrypt for [RECIPIENT] any more.
  Encrypted 1 secret anew.
  warning: 2 secrets cannot be read, and stay encrypted as before:
  secret key of connector theirs: it is not encrypted for any of the identities at hand
  secret token of connector theirs: it is not encrypted for any of the identities at hand
  warning: whoever holds that key may have read the secrets before; change the values themselves

"#]]
    );
    for name in ["key", "token"] {
        let run = sandbox.run(&["secret", "delete", "theirs", name, "--yes"]);
        assert_eq!(run.code, 0, "{run}");
    }
    assert_eq!(sandbox.run(&["key", "add", &other]).code, 0);
}

#[test]
fn a_store_whose_only_key_is_lost_gets_another() {
    let sandbox = Sandbox::with_secret("lost");
    std::fs::remove_file(sandbox.path(IDENTITY)).unwrap();
    let other = sandbox.other_identity("other.txt");
    assert_run!(
        sandbox.run(&["key", "add", &other, "--leave-unreadable"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  The store encrypts for [RECIPIENT] now.
  warning: 1 secret cannot be read, and stays encrypted as before:
  secret api_key of connector pay: it is not encrypted for any of the identities at hand

"#]]
    );
    sandbox.set_secret("bare", "token", "new");
    let get = ["secret", "get", "bare", "token", "--identity", "other.txt"];
    assert_eq!(sandbox.run(&get).stdout, "new");
}

#[test]
fn recipients_that_do_not_go_together_are_refused_before_there_is_a_secret() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run(&["init"]).code, 0);
    assert_eq!(sandbox.run(&["key", "init"]).code, 0);
    let unknown = "age1nosuch1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnvxe2yt";
    assert_run!(
        sandbox.refused(&["key", "add", unknown]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot encrypt for age1nosuch1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnvxe2yt: the age plugin age-plugin-nosuch is not in PATH

"#]]
    );
    let tag = "age1tag1qd43050juykyy3lchnnw2caygre8wqmasyk7kvaq7jsnj3wcnrpfvt5hxye";
    assert_eq!(sandbox.run(&["key", "add", tag]).code, 0);
}

#[test]
fn recipients_come_from_a_file_too() {
    let sandbox = Sandbox::with_secret("marker");
    let one = sandbox.other_identity("one.txt");
    sandbox.write(
        "keys.txt",
        format!("# ours\n\n{one}\r\n{SSH_PUBLIC} kim@desk\n"),
    );
    assert_run!(
        sandbox.run(&["key", "add", "keys.txt"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  The store encrypts for [RECIPIENT] now.
  The store encrypts for ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA/JX7XHhWH59TMEKG/tVytMLwv77i1UgIH8lOBovwDY now.
  Encrypted 1 secret anew.

"#]]
    );
    let run = sandbox.run(&["key", "list", "-o", "csv"]);
    assert_text!(
        run.stdout,
        str![[r#"
recipient,added_at,type,comment
[RECIPIENT],[TIME],x25519,
[RECIPIENT],[TIME],x25519,
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA/JX7XHhWH59TMEKG/tVytMLwv77i1UgIH8lOBovwDY,[TIME],ssh-ed25519,kim@desk

"#]]
    );
    sandbox.write("id_ed25519", SSH_KEY);
    for identity in ["one.txt", "id_ed25519"] {
        let run = sandbox.run(&["secret", "get", "pay", "api_key", "--identity", identity]);
        assert_eq!(run.stdout, "marker", "{run}");
    }
    assert_run!(
        sandbox.run(&["key", "remove", "keys.txt"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  The store does not encrypt for [RECIPIENT] any more.
  The store does not encrypt for ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA/JX7XHhWH59TMEKG/tVytMLwv77i1UgIH8lOBovwDY any more.
  Encrypted 1 secret anew.
  warning: whoever holds that key may have read the secrets before; change the values themselves

"#]]
    );
    assert_run!(
        sandbox.refused(&["key", "remove", "keys.txt"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: the store does not encrypt for [RECIPIENT]; nothing was changed
  hint: see whom it encrypts for: connctl key list

"#]]
    );
    assert_eq!(sandbox.run(&["key", "add", SSH_PUBLIC]).code, 0);
    let with_comment = format!("{SSH_PUBLIC} kim@desk");
    assert_eq!(sandbox.run(&["key", "remove", &with_comment]).code, 0);
}

#[test]
fn what_is_no_recipient_is_refused_and_no_private_key_is_repeated() {
    let sandbox = Sandbox::with_secret("x");
    sandbox.write("id_ed25519", SSH_KEY);
    sandbox.write("empty.txt", "# nothing\n");
    let identity = std::fs::read_to_string(sandbox.path(IDENTITY)).unwrap();
    let private = identity.lines().last().unwrap().to_owned();
    let mut runs = String::new();
    for recipient in [
        "age1qqqq",
        "ssh-ed25519 AAAA",
        "missing.txt",
        "empty.txt",
        "id_ed25519",
        IDENTITY,
        ".",
        private.as_str(),
        SSH_KEY,
        "",
    ] {
        for command in ["add", "remove"] {
            let run = sandbox.refused(&["key", command, recipient]);
            assert!(!run.stderr.contains(&private), "{run}");
            assert!(!run.stderr.contains("b3BlbnNzaC1rZXk"), "{run}");
            runs.push_str(&format!("{command} {}: {}", run.code, run.stderr));
        }
    }
    assert_text!(
        runs,
        str![[r##"
add 2: error: "age1qqqq" is not a recipient: an age key (age1…) or an ssh-ed25519 or ssh-rsa public key
remove 2: error: "age1qqqq" is not a recipient: an age key (age1…) or an ssh-ed25519 or ssh-rsa public key
add 2: error: "ssh-ed25519 AAAA" is not a recipient: an age key (age1…) or an ssh-ed25519 or ssh-rsa public key
remove 2: error: "ssh-ed25519 AAAA" is not a recipient: an age key (age1…) or an ssh-ed25519 or ssh-rsa public key
add 2: error: cannot use missing.txt: No such file or directory (os error 2)
hint: give a public key, or a file with public keys; connctl key list shows those in use
remove 2: error: cannot use missing.txt: No such file or directory (os error 2)
hint: give a public key, or a file with public keys; connctl key list shows those in use
add 2: error: cannot use empty.txt: it holds no recipient
hint: give a public key, or a file with public keys; connctl key list shows those in use
remove 2: error: cannot use empty.txt: it holds no recipient
hint: give a public key, or a file with public keys; connctl key list shows those in use
add 2: error: cannot use id_ed25519: it holds a private key; the public one is in the file with .pub at its end
hint: give a public key, or a file with public keys; connctl key list shows those in use
remove 2: error: cannot use id_ed25519: it holds a private key; the public one is in the file with .pub at its end
hint: give a public key, or a file with public keys; connctl key list shows those in use
add 2: error: cannot use .config/connctl/identity.txt: line 3 is a private key, not a recipient
hint: give its public key, which stands in the line "# public key: …" of an identity
remove 2: error: cannot use .config/connctl/identity.txt: line 3 is a private key, not a recipient
hint: give its public key, which stands in the line "# public key: …" of an identity
add 2: error: cannot use .: Is a directory (os error 21)
hint: give a public key, or a file with public keys; connctl key list shows those in use
remove 2: error: cannot use .: Is a directory (os error 21)
hint: give a public key, or a file with public keys; connctl key list shows those in use
add 2: error: this is a private key; it is not repeated here, but other users and the shell's history may have seen it
hint: give the public key
remove 2: error: this is a private key; it is not repeated here, but other users and the shell's history may have seen it
hint: give the public key
add 2: error: this is a private key; it is not repeated here, but other users and the shell's history may have seen it
remove 2: error: this is a private key; it is not repeated here, but other users and the shell's history may have seen it
add 2: error: cannot use : No such file or directory (os error 2)
hint: give a public key, or a file with public keys; connctl key list shows those in use
remove 2: error: cannot use : No such file or directory (os error 2)
hint: give a public key, or a file with public keys; connctl key list shows those in use

"##]]
    );
}

#[test]
fn an_identity_under_a_passphrase_asks_for_it() {
    let sandbox = Sandbox::with_secret("marker");
    sandbox.lock(IDENTITY, "hunter2");
    assert_run!(
        sandbox.refused(&["secret", "get", "pay", "api_key"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: [HOME]/.config/connctl/identity.txt takes a passphrase, and nobody can be asked for it

"#]]
    );
    let shown = |passphrase: &str| {
        let mut session = sandbox.on_terminal(&["secret", "get", "pay", "api_key"]);
        session.exp_string("identity.txt: ").unwrap();
        session.send(passphrase).unwrap();
        session.flush().unwrap();
        end(&sandbox, session)
    };
    assert_eq!(shown("hunter2\r"), ("\nmarker\n".to_owned(), 0));
    let (wrong, code) = shown("hunter3\r");
    // How long the path is decides where the terminal's lines end.
    let words: Vec<&str> = wrong.split_whitespace().collect();
    assert_text!(
        format!("{code}: {}", words.join(" ")),
        str!["1: error: the passphrase does not open [HOME]/.config/connctl/identity.txt"]
    );
    let (left, code) = shown("\u{3}");
    assert_text!(
        format!("{code}: {left}"),
        str![[r#"
130: 
error: interrupted; nothing was changed

"#]]
    );
    // Nobody needs it to write a secret.
    sandbox.set_secret("pay", "second", "new");
    // But nobody can tell its recipient without it.
    assert_run!(
        sandbox.run(&["--store", "second.db", "key", "init"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: there is no store at second.db
  hint: check --store; "connctl init" makes a new store

"#]]
    );
}

#[test]
fn an_ssh_key_under_a_passphrase_asks_for_it() {
    let sandbox = Sandbox::with_secret("marker");
    assert_eq!(sandbox.run(&["key", "add", SSH_LOCKED_PUBLIC]).code, 0);
    sandbox.write("id_ed25519", SSH_LOCKED);
    let get = [
        "secret",
        "get",
        "pay",
        "api_key",
        "--identity",
        "id_ed25519",
    ];
    for (passphrase, expected) in [("hunter2\r", "marker"), ("hunter3\r", "does not open")] {
        let mut session = sandbox.on_terminal(&get);
        session.exp_string("Passphrase of id_ed25519: ").unwrap();
        session.send(passphrase).unwrap();
        session.flush().unwrap();
        let (shown, _) = end(&sandbox, session);
        assert!(shown.contains(expected), "{shown}");
        assert!(!shown.contains("hunter"), "{shown}");
    }
}

#[test]
fn keys_that_age_does_not_take_are_told_apart() {
    let sandbox = Sandbox::with_secret("x");
    let mut runs = String::new();
    for recipient in [
        "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmK kim",
        "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t kim",
        "age1nosuch1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnvxe2yt",
    ] {
        sandbox.write(
            "keys.txt",
            format!("\u{feff}# a mark stands before\n{recipient}\n"),
        );
        for given in [recipient, "keys.txt"] {
            runs.push_str(&sandbox.refused(&["key", "add", given]).to_string());
        }
    }
    assert_text!(
        runs,
        str![[r#"
exit code: 2
stdout:
stderr:
  error: age cannot encrypt for keys of the type ecdsa-sha2-nistp256; ssh-ed25519, ssh-rsa and age keys (age1…) can be used
exit code: 2
stdout:
stderr:
  error: cannot use keys.txt: line 2: age cannot encrypt for keys of the type ecdsa-sha2-nistp256; ssh-ed25519, ssh-rsa and age keys (age1…) can be used
  hint: give a public key, or a file with public keys; connctl key list shows those in use
exit code: 2
stdout:
stderr:
  error: an SSH key on a security key (sk-…) can sign, but it cannot decrypt; ssh-ed25519, ssh-rsa and age keys (age1…) can be used
exit code: 2
stdout:
stderr:
  error: cannot use keys.txt: line 2: an SSH key on a security key (sk-…) can sign, but it cannot decrypt; ssh-ed25519, ssh-rsa and age keys (age1…) can be used
  hint: give a public key, or a file with public keys; connctl key list shows those in use
exit code: 1
stdout:
stderr:
  error: cannot encrypt for age1nosuch1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnvxe2yt: the age plugin age-plugin-nosuch is not in PATH
exit code: 1
stdout:
stderr:
  error: cannot encrypt for age1nosuch1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnvxe2yt: the age plugin age-plugin-nosuch is not in PATH

"#]]
    );
}

/// An age plugin that hides nothing: what it is asked to wrap stands in its stanza as it is.
const PLUGIN: &str = r#"#!/bin/sh
key=
while read -r line; do
    case $line in
    '-> wrap-file-key'* | '-> recipient-stanza 0 fake'*) read -r key ;;
    '-> done'*) read -r _ && break ;;
    esac
done
answer() { printf -- '-> %s\n%s\n' "$1" "$key" && read -r _ && read -r _; }
case $1 in
*recipient-v1) answer 'recipient-stanza 0 fake' ;;
*identity-v1) test -z "$key" || answer 'file-key 0' ;;
esac
printf -- '-> done\n\n'
"#;

#[test]
fn a_plugin_encrypts_and_decrypts() {
    let sandbox = Sandbox::with_secret("marker");
    std::fs::create_dir(sandbox.path("bin")).unwrap();
    sandbox.write("bin/age-plugin-fake", PLUGIN);
    sandbox.set_mode("bin/age-plugin-fake", 0o700);
    sandbox.write(
        "fake.txt",
        "AGE-PLUGIN-FAKE-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSN7ZR8X9\n",
    );
    sandbox.set_mode("fake.txt", 0o600);
    let with_plugin = |arguments: &[&str]| {
        let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
        sandbox.finish(sandbox.command().args(arguments).env("PATH", path))
    };
    let recipient = "age1fake1qqqsyqcyq5rqwzqfpg9scrgwpugpzysn4le053";
    let add = ["key", "add", recipient];
    assert_eq!(with_plugin(&add).code, 0);
    let get = ["secret", "get", "pay", "api_key", "--identity", "fake.txt"];
    assert_eq!(with_plugin(&get).stdout, "marker");
    // Without the program neither its key works nor anything that must be encrypted for it, and
    // everything else does.
    assert_eq!(sandbox.secret("pay", "api_key"), "marker");
    let set = ["secret", "set", "pay", "second=env:VALUE"];
    let runs = [sandbox.run(&get), sandbox.run_with_variable(&set, "new")];
    assert_text!(
        runs.map(|run| run.to_string()).concat(),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot use fake.txt: it holds no identity that can be used: line 1 cannot be used: the age plugin age-plugin-fake is not in PATH
  hint: name a file with private keys with --identity or CONNCTL_IDENTITY; "connctl key init" makes one
exit code: 1
stdout:
stderr:
  error: cannot encrypt for age1fake1qqqsyqcyq5rqwzqfpg9scrgwpugpzysn4le053: the age plugin age-plugin-fake is not in PATH

"#]]
    );
}

#[test]
fn a_line_that_cannot_be_used_takes_no_key_away() {
    let sandbox = Sandbox::with_secret("marker");
    let identity = std::fs::read_to_string(sandbox.path(IDENTITY)).unwrap();
    let others = "AGE-PLUGIN-NOSUCH-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSN7A8W5J\n\
                  AGE-SECRET-KEY-PQ-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSN\nhunter2\n";
    sandbox.write(IDENTITY, format!("\u{feff}{others}{identity}"));
    assert_run!(
        sandbox.run(&["secret", "get", "pay", "api_key"]),
        str![[r#"
exit code: 0
stdout:
  marker
stderr:
  warning: passed over in [HOME]/.config/connctl/identity.txt: line 1 cannot be used: the age plugin age-plugin-nosuch is not in PATH
  warning: passed over in [HOME]/.config/connctl/identity.txt: line 2 is a post-quantum identity, which this connctl cannot use
  warning: passed over in [HOME]/.config/connctl/identity.txt: line 3 is no identity

"#]]
    );
    sandbox.write(IDENTITY, others);
    assert_run!(
        sandbox.refused(&["secret", "get", "pay", "api_key"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot use [HOME]/.config/connctl/identity.txt: it holds no identity that can be used: line 1 cannot be used: the age plugin age-plugin-nosuch is not in PATH
  hint: name a file with private keys with --identity or CONNCTL_IDENTITY; "connctl key init" makes one

"#]]
    );
}

#[test]
#[ignore = "slow: ten thousand secrets"]
fn ten_thousand_secrets_are_encrypted_anew_at_once() {
    let sandbox = Sandbox::new();
    let file: String = (0..10_000)
        .map(|number| {
            format!(
                "{{\"type\":\"connector\",\"id\":\"c{number}\",\"system\":\"s\",\
                 \"environment\":\"live\",\"secrets\":{{\"key\":\"value {number}\"}}}}\n"
            )
        })
        .collect();
    let run = sandbox.run_with_input(&["import", "-", "--format", "ndjson"], file);
    assert_eq!(run.code, 0, "{run}");
    let other = sandbox.other_identity("other.txt");
    let mut session = sandbox.on_terminal(&["key", "add", &other]);
    session.exp_string("secrets encrypted anew").unwrap();
    let (shown, code) = end(&sandbox, session);
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("Encrypted 10000 secrets anew."), "{shown}");
    let get = ["secret", "get", "c9999", "key", "--identity", "other.txt"];
    assert_eq!(sandbox.run(&get).stdout, "value 9999");
}

#[test]
fn what_changes_nothing_owes_no_compaction() {
    let sandbox = Sandbox::with_secret("value");
    let store = rusqlite::Connection::open(sandbox.path("store.db")).unwrap();
    let filler = "CREATE TABLE filler (f); INSERT INTO filler VALUES (zeroblob(60000));
                  DROP TABLE filler";
    store.execute_batch(filler).unwrap();
    let free: u32 = store
        .pragma_query_value(None, "freelist_count", |row| row.get(0))
        .unwrap();
    drop(store);
    assert!(free > 5, "{free}");
    let unknown = sandbox.other_identity("unknown.txt");
    for (arguments, code) in [
        (&["key", "remove", &unknown][..], 4),
        (&["secret", "delete", "pay", "none", "--yes"], 4),
        (&["secret", "set", "none", "key=env:VALUE"], 4),
        (&["edit", "pay", "--unset-secret", "none"], 0),
    ] {
        let run = sandbox.run_with_variable(arguments, "x");
        assert_eq!(run.code, code, "{run}");
        let doctor = sandbox.run(&["doctor", "-o", "ndjson"]).stdout;
        let residue = doctor.lines().find(|line| line.contains("residue"));
        assert!(
            residue.unwrap().contains("\"ok\""),
            "{arguments:?} {doctor}"
        );
    }
}

#[test]
fn an_identity_that_does_not_come_keeps_nobody_from_writing() {
    let sandbox = Sandbox::with_secret("x");
    let add =
        r#"{"connectors":[{"id":"new","system":"x","environment":"live","secrets":{"k":"v"}}]}"#;
    sandbox.write("new.json", add);
    let fifo = sandbox.path("fifo");
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
    for arguments in [
        &["secret", "set", "pay", "key=env:VALUE"][..],
        &["secret", "get", "pay", "api_key"],
        &["exec", "pay", "--", "true"],
        &["import", "new.json"],
        &["import", "new.json", "--dry-run"],
        &["doctor"],
    ] {
        let mut command = sandbox.command();
        let mut waiting = command
            .args(arguments)
            .env("VALUE", "value")
            .env("CONNCTL_IDENTITY", &fifo)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(300));
        let edit = sandbox.run(&["edit", "pay", "--note", &arguments.join(" ")]);
        let _ = waiting.kill();
        waiting.wait().unwrap();
        assert_eq!(edit.code, 0, "{arguments:?}: {edit}");
    }
}
