//! Ciphertext at the door: what an import makes of secrets that are encrypted already, and of the
//! recipients in a file.

use snapbox::str;

use crate::support::credentials::IDENTITY;
use crate::support::{Sandbox, in_file};
use crate::{assert_run, assert_text};

/// What can be read with the identity in this file.
fn read(sandbox: &Sandbox, store: &str, id: &str, identity: &str) -> String {
    let get = ["--store", store, "secret", "get", id, "api_key"];
    let run = sandbox.run(&[&get[..], &["--identity", identity]].concat());
    if run.code == 0 {
        run.stdout
    } else {
        "-".to_owned()
    }
}

/// A store with a secret of `pay` for its user and for the colleague in `other.txt`, exported to
/// `old.json`; the recipient of the colleague.
fn with_a_colleague(value: &str) -> (Sandbox, String) {
    let sandbox = Sandbox::with_secret(value);
    let other = sandbox.other_identity("other.txt");
    let run = sandbox.run(&["key", "add", &other]);
    assert_eq!(run.code, 0, "{run}");
    sandbox.write("old.json", sandbox.export("json"));
    (sandbox, other)
}

#[test]
fn an_old_export_gives_nobody_a_key_back() {
    in_file();
    let (sandbox, leaver) = with_a_colleague("marker");
    assert_eq!(sandbox.run(&["key", "remove", &leaver]).code, 0);
    sandbox.set_secret("pay", "api_key", "changed");
    assert_run!(
        sandbox.run(&["import", "--replace", "old.json"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  warning: the recipients in the file were ignored: those of the store stay (connctl key list)
  Imported: 0 connectors added, 1 replaced, 1 unchanged; 0 services added, 0 replaced, 0 unchanged.
  Encrypted 1 secret anew for the recipients of this store.

"#]]
    );
    assert_eq!(read(&sandbox, "store.db", "pay", IDENTITY), "marker");
    assert_eq!(read(&sandbox, "store.db", "pay", "other.txt"), "-");
    // Nor if somebody else has come in the meantime, so that the number of recipients is the same.
    let newcomer = sandbox.other_identity("new.txt");
    assert_eq!(sandbox.run(&["key", "add", &newcomer]).code, 0);
    sandbox.set_secret("pay", "api_key", "changed");
    assert_eq!(sandbox.run(&["import", "--replace", "old.json"]).code, 0);
    assert_eq!(read(&sandbox, "store.db", "pay", "new.txt"), "marker");
    assert_eq!(read(&sandbox, "store.db", "pay", "other.txt"), "-");
}

#[test]
fn a_value_that_the_store_holds_is_unchanged_however_it_is_encrypted() {
    let (sandbox, leaver) = with_a_colleague("marker");
    assert_eq!(sandbox.run(&["key", "remove", &leaver]).code, 0);
    let before = sandbox.ciphertext("pay", "api_key");
    let plain = "[[connectors]]\nid = 'pay'\nsystem = 'stripe'\nenvironment = 'testing'\n\
                 secrets = { api_key = 'marker' }\n";
    let runs = [
        sandbox.run(&["import", "--replace", "old.json", "-o", "json"]),
        sandbox.run_with_input(&["import", "--replace", "-", "-o", "json"], plain),
    ];
    assert_text!(
        runs.map(|run| run.to_string()).concat(),
        str![[r#"
exit code: 0
stdout:
  {"connectors":{"added":0,"replaced":0,"unchanged":2},"services":{"added":0,"replaced":0,"unchanged":0},"secrets":{"set":0,"unchanged":1,"encrypted_anew":0,"left_as_they_were":0}}
stderr:
  {"warning":{"message":"the recipients in the file were ignored: those of the store stay (connctl key list)","hint":null}}
exit code: 0
stdout:
  {"connectors":{"added":0,"replaced":0,"unchanged":1},"services":{"added":0,"replaced":0,"unchanged":0},"secrets":{"set":0,"unchanged":1,"encrypted_anew":0,"left_as_they_were":0}}
stderr:

"#]]
    );
    assert_eq!(sandbox.ciphertext("pay", "api_key"), before);
    // Whoever cannot read it cannot tell.
    let mut import = sandbox.command();
    import
        .args(["import", "--replace", "plain.toml"])
        .env("CONNCTL_IDENTITY", "nobody.txt");
    sandbox.write("plain.toml", plain);
    assert_run!(
        sandbox.finish(&mut import),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported: 0 connectors added, 1 replaced, 0 unchanged; 0 services added, 0 replaced, 0 unchanged.
  Set 1 secret without knowing whether the values changed: no identity at hand can read the old ones.

"#]]
    );
    assert_ne!(sandbox.ciphertext("pay", "api_key"), before);
    assert_eq!(sandbox.secret("pay", "api_key"), "marker");
}

#[test]
fn what_nobody_here_can_read_stays_and_is_counted() {
    in_file();
    let sandbox = Sandbox::with_secret("mine");
    let stranger = sandbox.other_identity("stranger.txt");
    let theirs = ["--store", "theirs.db"];
    let run = |arguments: &[&str]| sandbox.run(&[&theirs[..], arguments].concat());
    assert_eq!(run(&["init"]).code, 0);
    assert_eq!(run(&["key", "add", &stranger]).code, 0);
    assert_eq!(
        run(&["add", "far", "--system", "s", "--env", "live"]).code,
        0
    );
    sandbox.write("value", "theirs");
    assert_eq!(run(&["secret", "set", "far", "api_key=@value"]).code, 0);
    assert_eq!(run(&["export", "theirs.ndjson"]).code, 0);
    assert_run!(
        sandbox.run(&["import", "theirs.ndjson", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  {"connectors":{"added":1,"replaced":0,"unchanged":0},"services":{"added":0,"replaced":0,"unchanged":0},"secrets":{"set":0,"unchanged":0,"encrypted_anew":0,"left_as_they_were":1}}
stderr:
  {"warning":{"message":"the recipients in the file were ignored: those of the store stay (connctl key list)","hint":null}}
  {"warning":{"message":"1 secret stays encrypted as in the file, because no identity at hand can read it","hint":null}}

"#]]
    );
    assert_eq!(read(&sandbox, "store.db", "far", "stranger.txt"), "theirs");
    // Again with the identity that can.
    let import = ["import", "--replace", "theirs.ndjson", "--identity"];
    assert_run!(
        sandbox.run(&[&import[..], &["stranger.txt"]].concat()),
        str![[r#"
exit code: 0
stdout:
stderr:
  warning: the recipients in the file were ignored: those of the store stay (connctl key list)
  Imported: 0 connectors added, 1 replaced, 0 unchanged; 0 services added, 0 replaced, 0 unchanged.
  Encrypted 1 secret anew for the recipients of this store.

"#]]
    );
    assert_eq!(read(&sandbox, "store.db", "far", IDENTITY), "theirs");
    assert_eq!(read(&sandbox, "store.db", "far", "stranger.txt"), "-");
}

#[test]
fn a_new_store_takes_the_recipients_of_a_file_with_every_byte_of_its_secrets() {
    let (sandbox, _) = with_a_colleague("marker");
    let recipients = sandbox.run(&["key", "list", "-o", "json"]).stdout;
    for format in ["toml", "json", "ndjson"] {
        let export = sandbox.export(format);
        let (file, store) = (format!("all.{format}"), format!("{format}.db"));
        sandbox.write(&file, &export);
        let run = sandbox.run(&["--store", &store, "import", &file]);
        assert_eq!(run.code, 0, "{run}");
        let again = sandbox.run(&["--store", &store, "export", "--format", format]);
        assert_eq!(again.stdout, sandbox.redact(&export), "{format}");
        let list = sandbox.run(&["--store", &store, "key", "list", "-o", "json"]);
        assert_eq!(list.stdout, recipients, "{format}");
        // What is set there is for all of them.
        let set = [
            "--store",
            &store,
            "secret",
            "set",
            "pay",
            "api_key=env:VALUE",
        ];
        assert_eq!(sandbox.run_with_variable(&set, "new").code, 0);
        assert_eq!(
            read(&sandbox, &store, "pay", "other.txt"),
            "new",
            "{format}"
        );
    }
}

#[test]
fn recipients_may_stand_behind_the_secrets() {
    let (sandbox, _) = with_a_colleague("marker");
    let export: serde_json::Value = serde_json::from_str(&sandbox.export("json")).unwrap();
    let mut connectors = export["connectors"].clone();
    connectors[1]["secrets"]["plain"] = "typed".into();
    let sorted = format!(
        "{{\"connectors\":{connectors},\"recipients\":{}}}",
        export["recipients"]
    );
    sandbox.write("sorted.json", sorted);
    assert_run!(
        sandbox.run(&["--store", "new.db", "import", "sorted.json"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  Imported 2 connectors and 0 services.
  Encrypted 1 secret anew for the recipients of this store.

"#]]
    );
    assert_eq!(read(&sandbox, "new.db", "pay", "other.txt"), "marker");
    let list = sandbox.run(&["--store", "new.db", "key", "list", "-o", "json"]);
    assert_eq!(
        list.stdout,
        sandbox.run(&["key", "list", "-o", "json"]).stdout
    );
    let get = ["--store", "new.db", "secret", "get", "pay", "plain"];
    let run = sandbox.run(&[&get[..], &["--identity", "other.txt"]].concat());
    assert_eq!(run.stdout, "typed", "{run}");
}

#[test]
fn a_store_with_recipients_keeps_its_own() {
    let (sandbox, _) = with_a_colleague("marker");
    let stranger = sandbox.other_identity("stranger.txt");
    let new = ["--store", "new.db"];
    let run = |arguments: &[&str]| sandbox.run(&[&new[..], arguments].concat());
    assert_eq!(run(&["init"]).code, 0);
    assert_eq!(run(&["key", "add", &stranger]).code, 0);
    let before = run(&["key", "list"]).stdout;
    assert_run!(
        run(&["import", "old.json"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  warning: the recipients in the file were ignored: those of the store stay (connctl key list)
  Imported 2 connectors and 0 services.
  Encrypted 1 secret anew for the recipients of this store.

"#]]
    );
    assert_eq!(run(&["key", "list"]).stdout, before);
    assert_eq!(read(&sandbox, "new.db", "pay", "stranger.txt"), "marker");
    assert_eq!(read(&sandbox, "new.db", "pay", "other.txt"), "-");
    let wrong = "{\"recipients\":[{\"recipient\":\"age1x\"}]}";
    let import = ["import", "-", "--format", "json"];
    assert_run!(
        sandbox.run_with_input(&import, wrong),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: standard input:recipients[0]: "age1x" is not a recipient: an age key (age1…) or an ssh-ed25519 or ssh-rsa public key; nothing was imported

"#]]
    );
}

#[test]
fn what_is_for_exactly_the_recipients_stays_byte_for_byte() {
    let sandbox = Sandbox::with_secret("marker");
    let armored = sandbox.armored("pay", "api_key");
    let file = format!(
        "[[connectors]]\nid = 'new'\nsystem = 's'\nenvironment = 'testing'\n\
         secrets.api_key = '''\n{armored}'''\n"
    );
    let run = sandbox.run_with_input(&["import", "-"], file);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.armored("new", "api_key"), armored);
}

#[test]
#[ignore = "needs setpriv"]
fn an_editor_gives_a_new_store_no_recipients() {
    let (sandbox, _) = with_a_colleague("marker");
    std::fs::remove_file(sandbox.path("store.db")).unwrap();
    assert_eq!(sandbox.run(&["init"]).code, 0);
    let sandbox = sandbox.open_to_all();
    sandbox.grant("bin", "editor");
    assert_run!(
        sandbox.run_as(crate::support::users::BIN, &["import", "old.json"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  warning: the recipients in the file were ignored: only an admin adds the first of a store
  Imported 2 connectors and 0 services.
  warning: 1 secret stays encrypted as in the file, because no identity at hand can read it

"#]]
    );
    assert_eq!(sandbox.run(&["key", "list", "-o", "ids"]).stdout, "");
}

#[test]
fn the_digest_of_a_file_with_plaintext_is_not_recorded() {
    let (sandbox, _) = with_a_colleague("marker");
    let detail = || {
        let entry: serde_json::Value = serde_json::from_str(&sandbox.last("detail")).unwrap();
        entry["sha256"].is_string()
    };
    assert_eq!(sandbox.run(&["import", "--replace", "old.json"]).code, 0);
    assert!(detail());
    let plain = "[[connectors]]\nid = 'pin'\nsystem = 's'\nenvironment = 'testing'\n\
                 secrets = { pin = '1234' }\n";
    assert_eq!(sandbox.run_with_input(&["import", "-"], plain).code, 0);
    assert!(!detail());
}
