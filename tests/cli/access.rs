//! Roles: who may do what, and how the program knows who somebody is.

use std::os::unix::fs::MetadataExt;

use connctl::cli::PERMISSIONS;
use connctl::model::Permission;
use snapbox::str;

use crate::support::Sandbox;
use crate::support::users::{BIN, DAEMON, NOBODY, TEAM, UNKNOWN};
use crate::{assert_run, assert_text};

/// A secret that no entry of the audit trail may hold.
pub const MARKER: &str = "marker-of-a-secret-4711";

const RECORDS: &str = r#"
[[connectors]]
id = "pay"
system = "stripe"
environment = "testing"

[[connectors]]
id = "spare"
system = "http"
environment = "testing"

[[services]]
id = "flow"
active = false
sources = ["pay"]
destinations = ["pay"]
"#;

/// A store on which every command has something to do.
pub fn with_work() -> Sandbox {
    let sandbox = Sandbox::with(RECORDS);
    sandbox.set_secret("pay", "api_key", MARKER);
    let run = sandbox.run(&["protect", "pay"]);
    assert_eq!(run.code, 0, "{run}");
    sandbox.write(
        "more.toml",
        "[[connectors]]\nid = 'more'\nsystem = 'http'\nenvironment = 'live'\n",
    );
    sandbox.write(
        "actions.json",
        r#"{"ActionType": "CredStore.DeleteEntry", "Parameters": {"EntryId": "spare"}}"#,
    );
    let recipient = sandbox.other_identity("other.txt");
    sandbox.write("recipient", recipient);
    let run = sandbox.run(&["backup", "copy.db"]);
    assert_eq!(run.code, 0, "{run}");
    sandbox
}

/// What a command is called with to do something on that store.
pub fn arguments_of(command: &str, sandbox: &Sandbox) -> Vec<String> {
    let recipient = std::fs::read_to_string(sandbox.path("recipient")).unwrap();
    let line = match command {
        "add" => "add new --system http --env testing --secret key=env:VALUE",
        "edit" => "edit pay --note changed --secret key=env:VALUE",
        "protect" => "protect spare",
        "unprotect" => "unprotect pay",
        "retire" => "retire spare --for 30d --yes",
        "revive" => "revive spare",
        "delete" => "delete spare --yes",
        "prune" => "prune testing --unused --yes",
        "run" => "run actions.json --yes",
        "service add" => "service add new --source pay --destination spare",
        "service edit" => "service edit flow --note changed",
        "service activate" => "service activate flow",
        "service deactivate" => "service deactivate flow",
        "service delete" => "service delete flow --yes",
        "secret get" => "secret get pay api_key",
        "secret set" => "secret set pay api_key=env:VALUE",
        "secret delete" => "secret delete pay api_key --yes",
        "exec" => "exec pay -- true",
        "key init" => "key init",
        "key add" => &format!("key add {recipient}"),
        "key remove" => &format!("key remove {recipient}"),
        "import" => "import more.toml",
        "policy set" => "policy set one_per_system true",
        "access grant" => "access grant nobody viewer",
        "access revoke" => "access revoke nobody",
        "compact" => "compact",
        "copy" => "copy pay new",
        "rename" => "rename spare other --yes",
        "replace" => "replace pay spare --yes",
        "restore" => "restore copy.db --yes",
        other => panic!("what does {other} do?"),
    };
    line.split(' ').map(str::to_owned).collect()
}

/// The commands that need more than to read.
pub fn changing_commands() -> impl Iterator<Item = (&'static str, Permission)> {
    let all = PERMISSIONS.iter().copied();
    all.filter(|(_, permission)| *permission != Permission::Read)
}

/// Runs every changing command as a user who may not, and expects each to be refused and recorded.
fn all_refused(uid: u32, user: &str, is_refused: impl Fn(Permission) -> bool) {
    let sandbox = with_work().open_to_all();
    sandbox.grant("bin", "editor");
    let before = sandbox.content();
    for (command, permission) in changing_commands() {
        if !is_refused(permission) {
            continue;
        }
        let mut run = sandbox.command_of(uid);
        run.args(arguments_of(command, &sandbox)).env("VALUE", "x");
        let run = sandbox.finish(&mut run);
        assert_eq!(run.code, 6, "{command}: {run}");
        assert!(run.stdout.is_empty(), "{command}: {run}");
        assert!(
            run.stderr.contains("nothing was changed"),
            "{command}: {run}"
        );
        let role = if permission == Permission::Edit || permission == Permission::ReadSecrets {
            "editor"
        } else {
            "admin"
        };
        let hint = format!("hint: ask root to run: connctl access grant {user} {role}\n");
        assert!(run.stderr.ends_with(&hint), "{command}: {run}");
        let entry = sandbox.last_entry();
        assert_eq!(entry["command"], command);
        assert_eq!(entry["outcome"], "not_permitted", "{command}");
        if ["delete", "run"].contains(&command) {
            assert_eq!(entry["subject"], "spare", "{command}");
        }
        assert_eq!(entry["user"], user, "{command}");
        assert_eq!(entry["uid"], uid, "{command}");
    }
    assert_eq!(sandbox.content(), before);
}

#[test]
#[ignore = "needs setpriv"]
fn a_viewer_changes_nothing_and_sees_no_secret() {
    all_refused(NOBODY, "nobody", |_| true);
}

#[test]
#[ignore = "needs setpriv"]
fn an_editor_removes_and_governs_nothing() {
    all_refused(BIN, "bin", |permission| {
        matches!(permission, Permission::Remove | Permission::Govern)
    });
}

#[test]
#[ignore = "needs setpriv"]
fn a_refused_run_is_recorded_with_its_ids() {
    let sandbox = Sandbox::with_shop().open_to_all();
    sandbox.write(
        "actions.json",
        r#"[
            {"ActionType": "CredStore.DeleteEntry", "Parameters": {"EntryId": "shop-old"}},
            {"ActionType": "CredStore.DeleteEntry", "Parameters": {"EntryId": "shop-test"}}
        ]"#,
    );
    let arguments = ["run", "actions.json", "--yes"];
    let run = sandbox.run_as(NOBODY, &arguments);
    assert_eq!(run.code, 6, "{run}");
    let trail = sandbox.trail();
    let entry: serde_json::Value = serde_json::from_str(trail.lines().last().unwrap()).unwrap();
    assert_eq!(entry["outcome"], "not_permitted");
    assert_eq!(
        entry["detail"]["ids"],
        serde_json::json!(["shop-old", "shop-test"])
    );
}

#[test]
#[ignore = "needs setpriv"]
fn a_delete_without_the_role_says_whom_to_ask() {
    let sandbox = Sandbox::with_shop().open_to_all();
    sandbox.grant("daemon", "admin");
    sandbox.grant("bin", "editor");
    assert_run!(
        sandbox.run_as(NOBODY, &["delete", "shop-old", "--yes"]),
        str![[r#"
exit code: 6
stdout:
stderr:
  error: nobody is a viewer and may not delete; nothing was changed
  hint: ask daemon or root to run: connctl access grant nobody admin

"#]]
    );
    assert_run!(
        sandbox.run_as(BIN, &["delete", "shop-old", "shop-test", "-o", "json"]),
        str![[r#"
exit code: 6
stdout:
stderr:
  {"error":{"kind":"not_permitted","message":"bin is an editor and may not delete; nothing was changed","hint":"ask daemon or root to run: connctl access grant bin admin","exit_code":6}}

"#]]
    );
    assert_run!(
        sandbox.run_as(UNKNOWN, &["service", "delete", "copy", "--yes"]),
        str![[r#"
exit code: 6
stdout:
stderr:
  error: uid:471147 is a viewer and may not delete; nothing was changed
  hint: ask daemon or root to run: connctl access grant uid:471147 admin

"#]]
    );
    assert_text!(
        sandbox.trail(),
        str![[r#"
{"sequence":1,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"import","action":"import","subject":"standard input","outcome":"done","reason":null,"detail":{"connectors":{"added":5,"replaced":0,"unchanged":0},"services":{"added":3,"replaced":0,"unchanged":0},"sha256":"[HASH]"},"hash":"[HASH]"}
{"sequence":2,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"access grant","action":"access.grant","subject":"daemon","outcome":"done","reason":null,"detail":{"role":"admin"},"hash":"[HASH]"}
{"sequence":3,"time":"[TIME]","user":"root","uid":0,"sudo_user":null,"host":"[HOST]","command":"access grant","action":"access.grant","subject":"bin","outcome":"done","reason":null,"detail":{"role":"editor"},"hash":"[HASH]"}
{"sequence":4,"time":"[TIME]","user":"nobody","uid":65534,"sudo_user":null,"host":"[HOST]","command":"delete","action":"connector.delete","subject":"shop-old","outcome":"not_permitted","reason":null,"detail":null,"hash":"[HASH]"}
{"sequence":5,"time":"[TIME]","user":"bin","uid":2,"sudo_user":null,"host":"[HOST]","command":"delete","action":"connector.delete","subject":null,"outcome":"not_permitted","reason":null,"detail":{"count":2,"ids":["shop-old","shop-test"]},"hash":"[HASH]"}
{"sequence":6,"time":"[TIME]","user":"uid:471147","uid":471147,"sudo_user":null,"host":"[HOST]","command":"service delete","action":"service.delete","subject":"copy","outcome":"not_permitted","reason":null,"detail":null,"hash":"[HASH]"}

"#]]
    );
    assert_run!(
        sandbox.run_as(DAEMON, &["delete", "shop-old", "--yes", "--reason", "old"]),
        str![[r#"
exit code: 0
stdout:
  ID        OUTCOME  NAME      SYSTEM   ENVIRONMENT
  shop-old  deleted  shop-old  shopify  live
stderr:
  1 connector was deleted.

"#]]
    );
}

#[test]
#[ignore = "needs setpriv"]
fn what_one_planned_and_another_changed_a_third_does_not_delete() {
    let sandbox = Sandbox::with_shop().open_to_all();
    sandbox.grant("daemon", "admin");
    sandbox.grant("bin", "editor");
    let plan = |uid| {
        let mut command = sandbox.command_of(uid);
        command.args(["delete", "shop-old", "shop-test", "-n", "-o", "json"]);
        sandbox.write("plan.json", command.output().unwrap().stdout);
    };
    let apply = |uid| sandbox.run_as(uid, &["delete", "--plan", "plan.json", "--yes"]);
    plan(NOBODY);
    assert_eq!(apply(BIN).code, 6);
    assert_eq!(
        sandbox
            .run_as(BIN, &["edit", "shop-old", "--note", "x"])
            .code,
        0
    );
    assert_eq!(apply(DAEMON).code, 7);
    plan(NOBODY);
    let service = ["service", "add", "late", "--source", "shop-test"];
    let service = [&service[..], &["--destination", "shop-old"]].concat();
    assert_eq!(sandbox.run_as(BIN, &service).code, 0);
    assert_eq!(apply(DAEMON).code, 5);
    let delete = ["service", "delete", "late", "--yes"];
    assert_eq!(sandbox.run_as(DAEMON, &delete).code, 0);
    assert_eq!(apply(DAEMON).code, 0);
}

#[test]
#[ignore = "needs setpriv"]
fn a_viewer_is_not_asked_for_anything_first() {
    let sandbox = with_work().open_to_all();
    sandbox.run_as(NOBODY, &["list"]);
    for line in [
        "add new --system http --env live --secret key",
        "edit pay --secret key",
        "secret set pay key",
        "secret delete pay api_key",
        "delete",
        "delete --env testing",
        "delete spare",
        "prune testing --unused",
        "service delete",
    ] {
        let setpriv = format!("setpriv --reuid={NOBODY} --regid={NOBODY} --groups={TEAM}");
        let mut terminal = sandbox.terminal(&format!(
            "HOME=$PWD/home-{NOBODY} {setpriv} ./bin-connctl {line}"
        ));
        let ended = terminal.end();
        assert_eq!(ended.code, 6, "{line}: {}", ended.shown);
        assert_text!(sandbox.last("outcome"), str![[r#""not_permitted""#]]);
    }
}

#[test]
#[ignore = "needs setpriv"]
fn a_viewer_reads_and_tries_deletions_out() {
    let sandbox = with_work().open_to_all();
    let before = sandbox.store_bytes();
    for line in [
        "list all",
        "show pay",
        "service list",
        "service show flow",
        "secret list pay",
        "key list",
        "policy list",
        "access list",
        "audit list",
        "audit verify",
        "export --format ndjson",
        "delete spare --dry-run",
        "prune testing --unused --dry-run",
        "run actions.json --dry-run",
        "service delete flow --dry-run",
    ] {
        let arguments: Vec<_> = line.split(' ').collect();
        let run = sandbox.run_as(NOBODY, &arguments);
        assert_eq!(run.code, 0, "{line}: {run}");
        assert!(!run.to_string().contains(MARKER), "{line}: {run}");
    }
    assert_run!(
        sandbox.run_as(NOBODY, &["delete", "pay", "--dry-run"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: pay is in use by 1 service and was not deleted
    SERVICE  ROLE                 STATUS
    flow     source, destination  inactive
  hint: put another one in its place: connctl replace pay NEW
        or remove what uses it: connctl service delete flow && connctl delete pay

"#]]
    );
    assert!(sandbox.store_bytes() == before);
}

#[test]
#[ignore = "needs setpriv"]
fn only_an_admin_decides_who_is_the_first_to_read_secrets() {
    let sandbox = Sandbox::with_shop().open_to_all();
    sandbox.grant("bin", "editor");
    sandbox.write(
        "secret.toml",
        "[[connectors]]\nid = 'new'\nsystem = 's'\nenvironment = 'live'\nsecrets.key = 'x'\n",
    );
    sandbox.write("value", "marker");
    let before = sandbox.export("toml");
    let mut runs = String::new();
    for line in [
        "key init",
        "secret set erp token=@value",
        "add new --system http --env live --secret token=@value",
        "edit erp --secret token=@value",
        "import secret.toml",
    ] {
        let arguments: Vec<_> = line.split(' ').collect();
        let run = sandbox.run_as(BIN, &arguments);
        assert_eq!(run.code, 6, "{line}: {run}");
        assert_text!(sandbox.last("outcome"), str![[r#""not_permitted""#]]);
        runs.push_str(&run.stderr);
    }
    assert_text!(
        runs,
        str![[r#"
error: the store has no recipients yet, and only an admin adds the first; bin is an editor and may not govern the store; nothing was changed
hint: ask root to run: connctl access grant bin admin
error: the store has no recipients yet, and only an admin adds the first; bin is an editor and may not govern the store; nothing was changed
hint: ask root to run: connctl access grant bin admin
error: the store has no recipients yet, and only an admin adds the first; bin is an editor and may not govern the store; nothing was changed
hint: ask root to run: connctl access grant bin admin
error: the store has no recipients yet, and only an admin adds the first; bin is an editor and may not govern the store; nothing was changed
hint: ask root to run: connctl access grant bin admin
error: the store has no recipients yet, and only an admin adds the first; bin is an editor and may not govern the store; nothing was changed
hint: ask root to run: connctl access grant bin admin

"#]]
    );
    assert_eq!(sandbox.export("toml"), before);
    assert_eq!(sandbox.run(&["key", "list", "-o", "ids"]).stdout, "");
    assert!(!sandbox.path("home-2/.config").exists());
    // Once there is a recipient, an editor sets secrets for it.
    assert_eq!(sandbox.run(&["key", "init"]).code, 0);
    let run = sandbox.run_as(BIN, &["secret", "set", "erp", "token=@value"]);
    assert_eq!(run.code, 0, "{run}");
}

#[test]
#[ignore = "needs setpriv"]
fn an_editor_adds_edits_and_reads_secrets() {
    let sandbox = with_work().open_to_all();
    sandbox.grant("bin", "editor");
    for line in [
        "add new --system http --env live",
        "edit new --note n",
        "service add s --source new --destination new",
        "service edit s --note n",
        "service activate s",
        "service deactivate s",
        "import more.toml",
    ] {
        let arguments: Vec<_> = line.split(' ').collect();
        let run = sandbox.run_as(BIN, &arguments);
        assert_eq!(run.code, 0, "{line}: {run}");
        assert_text!(sandbox.last("user"), str![[r#""bin""#]]);
    }
    sandbox.give_to(".config/connctl/identity.txt", BIN);
    sandbox.set_mode(".config", 0o755);
    sandbox.set_mode(".config/connctl", 0o755);
    let mut get = sandbox.command_of(BIN);
    get.env(
        "CONNCTL_IDENTITY",
        sandbox.path(".config/connctl/identity.txt"),
    );
    let run = sandbox.finish(get.args(["secret", "get", "pay", "api_key"]));
    assert_eq!(run.stdout, MARKER, "{run}");
    assert_run!(
        sandbox.run_as(BIN, &["edit", "pay", "--unset-secret", "api_key"]),
        str![[r#"
exit code: 6
stdout:
stderr:
  error: bin is an editor and may not delete; nothing was changed
  hint: ask root to run: connctl access grant bin admin

"#]]
    );
    assert_text!(sandbox.last("outcome"), str![[r#""not_permitted""#]]);
}

#[test]
#[ignore = "needs setpriv"]
fn an_import_that_drops_a_secret_removes() {
    let sandbox = with_work().open_to_all();
    sandbox.grant("bin", "editor");
    let file = "[[connectors]]\nid = 'pay'\nsystem = 'stripe'\nenvironment = 'testing'\n";
    sandbox.write("keeps.toml", format!("{file}note = 'new'\n"));
    sandbox.write("drops.toml", format!("{file}secrets = {{}}\n"));
    let run = sandbox.run_as(BIN, &["import", "keeps.toml", "--replace"]);
    assert_eq!(run.code, 0, "{run}");
    let before = sandbox.content();
    assert_run!(
        sandbox.run_as(BIN, &["import", "drops.toml", "--replace"]),
        str![[r#"
exit code: 6
stdout:
stderr:
  error: the file would remove secret api_key of connector pay; bin is an editor and may not delete; nothing was changed
  hint: ask root to run: connctl access grant bin admin

"#]]
    );
    assert_eq!(sandbox.content(), before);
    assert_text!(sandbox.last("outcome"), str![[r#""not_permitted""#]]);
    let run = sandbox.run(&["policy", "set", "require_reason", "true"]);
    assert_eq!(run.code, 0, "{run}");
    assert_run!(
        sandbox.run(&["import", "drops.toml", "--replace"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: the file would remove secret api_key of connector pay; this store demands a reason for every deletion; nothing was changed
  hint: say why: --reason TEXT

"#]]
    );
    let import = ["import", "drops.toml", "--replace", "--reason", "rotated"];
    assert_eq!(sandbox.run(&import).code, 0);
}

#[test]
#[ignore = "needs setpriv"]
fn no_variable_changes_who_somebody_is() {
    let sandbox = Sandbox::with_shop().open_to_all();
    let mut command = sandbox.command_of(NOBODY);
    command
        .args(["delete", "shop-old", "--yes"])
        .envs([("USER", "root"), ("LOGNAME", "root"), ("USERNAME", "root")])
        .envs([("SUDO_USER", "root"), ("SUDO_UID", "0"), ("UID", "0")]);
    assert_run!(
        sandbox.finish(&mut command),
        str![[r#"
exit code: 6
stdout:
stderr:
  error: nobody is a viewer and may not delete; nothing was changed
  hint: ask root to run: connctl access grant nobody admin

"#]]
    );
    assert_text!(sandbox.last("user"), str![[r#""nobody""#]]);
    // What sudo says of the caller is a claim, and kept as such.
    assert_text!(sandbox.last("sudo_user"), str![[r#""root""#]]);
    // Of what can be no name nothing is kept.
    let mut command = sandbox.command();
    command
        .args(["delete", "shop-old", "--yes"])
        .env("SUDO_USER", "kim\u{1b}[2J")
        .env("USER", "nobody");
    assert_eq!(sandbox.finish(&mut command).code, 0);
    let mut entry = sandbox.last_entry();
    entry["detail"] = serde_json::Value::Null;
    assert_text!(
        entry.to_string(),
        str![[
            r#"{"action":"connector.delete","command":"delete","detail":null,"hash":"[HASH]","host":"[HOST]","outcome":"done","reason":null,"sequence":3,"subject":"shop-old","sudo_user":"kim\u001b[2J","time":"[TIME]","uid":0,"user":"root"}"#
        ]]
    );
}

#[test]
#[ignore = "needs setpriv"]
fn the_owner_of_the_file_is_the_first_admin() {
    let sandbox = Sandbox::new().open_folder();
    let run = sandbox.run_as(
        DAEMON,
        &["add", "a", "--system", "http", "--env", "testing"],
    );
    assert_eq!(run.code, 0, "{run}");
    assert_run!(
        sandbox.run_as(DAEMON, &["access", "list"]),
        str![[r#"
exit code: 0
stdout:
  USER    ROLE   GRANTED
  daemon  admin
stderr:

"#]]
    );
    assert_run!(
        sandbox.run_as(DAEMON, &["delete", "a", "--yes"]),
        str![[r#"
exit code: 0
stdout:
  ID  OUTCOME  NAME  SYSTEM  ENVIRONMENT
  a   deleted  a     http    testing
stderr:
  1 connector was deleted.

"#]]
    );
    assert_eq!(
        std::fs::metadata(sandbox.path("store.db")).unwrap().uid(),
        DAEMON
    );
}

#[test]
#[ignore = "needs setpriv"]
fn the_owner_of_an_older_store_is_its_first_admin_whoever_upgrades_it() {
    let store = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/store-v1.db");
    for (owner, name) in [(DAEMON, "daemon"), (UNKNOWN, "uid:471147")] {
        let sandbox = Sandbox::new().open_folder();
        sandbox.write("store.db", std::fs::read(store).unwrap());
        sandbox.give_to("store.db", owner);
        let list = sandbox.run(&["access", "list", "-o", "ndjson"]);
        assert_eq!(
            list.stdout,
            format!("{{\"user\":\"{name}\",\"role\":\"admin\",\"granted_at\":null}}\n"),
            "{list}"
        );
        let run = sandbox.run_as(owner, &["service", "delete", "orders", "--yes"]);
        assert_eq!(run.code, 0, "{run}");
    }
}

#[test]
#[ignore = "needs setpriv"]
fn without_a_store_everybody_learns_that_there_is_none() {
    let sandbox = Sandbox::new();
    sandbox.set_mode(".", 0o755);
    for line in ["delete a --yes", "edit a --note n", "service activate a"] {
        let arguments: Vec<_> = line.split(' ').collect();
        let mut command = sandbox.command_of(NOBODY);
        command.env_remove("CONNCTL_STORE").args(&arguments);
        let run = sandbox.finish(&mut command);
        assert_eq!(run.code, 1, "{line}: {run}");
        assert!(run.stderr.contains("connctl init"), "{line}: {run}");
    }
}

#[test]
#[ignore = "needs setpriv"]
fn who_cannot_write_the_file_is_told_of_the_role_first() {
    let sandbox = with_work();
    sandbox.set_mode(".", 0o755);
    sandbox.set_mode("store.db", 0o644);
    let before = sandbox.store_bytes();
    for (command, _) in changing_commands() {
        let mut run = sandbox.command_of(NOBODY);
        run.args(arguments_of(command, &sandbox)).env("VALUE", "x");
        let run = sandbox.finish(&mut run);
        assert_eq!(run.code, 6, "{command}: {run}");
    }
    assert_run!(
        sandbox.run_as(NOBODY, &["delete", "spare", "--yes"]),
        str![[r#"
exit code: 6
stdout:
stderr:
  error: nobody is a viewer and may not delete; nothing was changed
  hint: ask root to run: connctl access grant nobody admin

"#]]
    );
    assert!(sandbox.store_bytes() == before);
    // One may write the file, but not make a journal beside it.
    sandbox.set_mode("store.db", 0o666);
    assert_run!(
        sandbox.run_as(NOBODY, &["delete", "spare", "--yes"]),
        str![[r#"
exit code: 6
stdout:
stderr:
  error: nobody is a viewer and may not delete; nothing was changed
  hint: ask root to run: connctl access grant nobody admin

"#]]
    );
    sandbox.set_mode("store.db", 0o600);
    assert_run!(
        sandbox.run_as(NOBODY, &["list"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: cannot read [HOME]/store.db: Permission denied (os error 13)
  hint: the modes of the file and its folder say who may read it; ask its owner to widen them

"#]]
    );
}

#[test]
#[ignore = "needs root"]
fn roles_are_granted_listed_and_revoked() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["access", "list"]),
        str![[r#"
exit code: 0
stdout:
  USER  ROLE   GRANTED
  root  admin
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["access", "grant", "nobody", "editor"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  nobody has the role editor now.

"#]]
    );
    assert_run!(
        sandbox.run(&["access", "grant", "nobody", "viewer"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  nobody has the role viewer now.

"#]]
    );
    assert_run!(
        sandbox.run(&["access", "grant", "uid:471147", "admin"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  uid:471147 has the role admin now.

"#]]
    );
    assert_run!(
        sandbox.run(&["access", "list"]),
        str![[r#"
exit code: 0
stdout:
  USER        ROLE    GRANTED
  nobody      viewer  [TIME]
  root        admin
  uid:471147  admin   [TIME]
stderr:

"#]]
    );
    assert_run!(
        sandbox.run(&["access", "list", "-o", "json"]),
        str![[r#"
exit code: 0
stdout:
  [{"user":"nobody","role":"viewer","granted_at":"[TIME]"},{"user":"root","role":"admin","granted_at":null},{"user":"uid:471147","role":"admin","granted_at":"[TIME]"}]
stderr:

"#]]
    );
}

#[test]
#[ignore = "needs root"]
fn a_role_that_cannot_be_taken_or_given_is_named() {
    let sandbox = Sandbox::with_shop();
    sandbox.grant("nobody", "editor");
    assert_run!(
        sandbox.run(&["access", "revoke", "nobody"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  nobody is a viewer now.

"#]]
    );
    assert_run!(
        sandbox.refused(&["access", "revoke", "nobody"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: nobody has no role of their own; nothing was changed
  hint: see who has one: connctl access list

"#]]
    );
    assert_run!(
        sandbox.refused(&["access", "grant", "no-such-user", "editor"]),
        str![[r#"
exit code: 4
stdout:
stderr:
  error: this machine has no user no-such-user; nothing was changed
  hint: name a user that it has, or uid:N for one without a name

"#]]
    );
    assert_run!(
        sandbox.untouched(&["access", "grant", "a b", "editor"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value 'a b' for '<USER>': "a b" cannot be the name of a user
  
  For more information, try '--help'.

"#]]
    );
    assert_run!(
        sandbox.untouched(&["access", "grant", "nobody", "owner"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: invalid value 'owner' for '<ROLE>'
    [possible values: viewer, editor, admin]
  
  For more information, try '--help'.

"#]]
    );
}

#[test]
#[ignore = "needs root"]
fn a_user_named_by_number_is_granted_under_the_name_that_counts() {
    let sandbox = Sandbox::with_shop();
    assert_run!(
        sandbox.run(&["access", "grant", "uid:65534", "editor"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  nobody has the role editor now.

"#]]
    );
    assert_run!(
        sandbox.untouched(&["access", "grant", "uid:0", "viewer"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: root is always an admin; nothing was changed

"#]]
    );
}

#[test]
#[ignore = "needs root"]
fn the_last_admin_stays() {
    let sandbox = Sandbox::with_shop();
    sandbox.grant("nobody", "admin");
    assert_run!(
        sandbox.run(&["access", "revoke", "root"]),
        str![[r#"
exit code: 0
stdout:
stderr:
  root has no role of their own now, and is always an admin.

"#]]
    );
    assert_run!(
        sandbox.refused(&["access", "revoke", "nobody"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: nobody is the last admin; nothing was changed
  hint: make somebody else an admin first: connctl access grant USER admin

"#]]
    );
    assert_run!(
        sandbox.refused(&["access", "grant", "nobody", "editor"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: nobody is the last admin; nothing was changed
  hint: make somebody else an admin first: connctl access grant USER admin

"#]]
    );
    sandbox.grant("uid:471147", "admin");
    assert_eq!(sandbox.run(&["access", "revoke", "nobody"]).code, 0);
}

#[test]
#[ignore = "needs setpriv"]
fn a_refusal_is_recorded_however_short_its_user_would_wait() {
    let sandbox = Sandbox::with_shop().open_to_all();
    sandbox.run_as(NOBODY, &["list"]);
    let config = format!("home-{NOBODY}/.config/connctl");
    std::fs::create_dir_all(sandbox.path(&config)).unwrap();
    sandbox.write(&format!("{config}/config.toml"), "busy_timeout = \"1ms\"\n");
    let connection = rusqlite::Connection::open(sandbox.path("store.db")).unwrap();
    let delete = |hold: std::time::Duration| {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        std::thread::scope(|scope| {
            let run = scope.spawn(|| sandbox.run_as(NOBODY, &["delete", "shop-old", "--yes"]));
            std::thread::sleep(hold);
            connection.execute_batch("ROLLBACK").unwrap();
            run.join().unwrap()
        })
    };
    let run = delete(std::time::Duration::from_secs(1));
    assert_eq!(run.code, 6, "{run}");
    assert!(!run.stderr.contains("was not recorded"), "{run}");
    assert_text!(sandbox.last("outcome"), str![[r#""not_permitted""#]]);
    let entries = sandbox.trail().lines().count();
    let run = delete(std::time::Duration::from_secs(7));
    assert_eq!(run.code, 6, "{run}");
    assert!(run.stderr.contains("was not recorded"), "{run}");
    assert_eq!(sandbox.trail().lines().count(), entries);
}
