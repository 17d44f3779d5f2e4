//! `connctl completions`, the files in `completions/` that packages install, and what they offer.

use std::path::PathBuf;
use std::process::Command;

use snapbox::assert::{Assert, DEFAULT_ACTION_ENV};
use snapbox::data::DataFormat;
use snapbox::{Data, IntoData};

use crate::support::terminal::Terminal;
use crate::support::{Sandbox, connctl_on_path};

/// Writes the files anew.
const RENEW: &str = "SNAPSHOTS=overwrite cargo test --test cli completions";

/// Lines to complete, each with what must be offered and what must not.
const CASES: [(&str, &[&str], &[&str]); 51] = [
    ("connctl li", &["list"], &["import"]),
    (
        "connctl ",
        &["list", "delete", "service", "man"],
        &["help", "--store"],
    ),
    (
        "connctl service ",
        &["list", "activate", "delete"],
        &["import"],
    ),
    ("connctl service de", &["delete", "deactivate"], &["add"]),
    ("connctl -o json li", &["list"], &["import"]),
    (
        "connctl list ",
        &["live", "testing", "all"],
        &["decoy-file", "--unused"],
    ),
    ("connctl list t", &["testing"], &["live"]),
    ("connctl list --unused t", &["testing"], &["live"]),
    ("connctl service list i", &["inactive"], &["active"]),
    ("connctl list --un", &["--unused"], &["--used-by"]),
    ("connctl delete --dry", &["--dry-run"], &["--expect"]),
    ("connctl list -o ", &["table", "json", "ids"], &["toml"]),
    ("connctl list --output j", &["json"], &["ndjson"]),
    ("connctl add x --env ", &["live", "testing"], &["all"]),
    ("connctl export --format ", &["toml", "ndjson"], &["csv"]),
    ("connctl completions f", &["fish"], &["bash"]),
    ("connctl list --store de", &["decoy-file"], &[]),
    ("connctl import de", &["decoy-file"], &["desk:eu"]),
    // What can go, and what cannot.
    (
        "connctl delete de",
        &["desk:eu", "desk:us"],
        &["decoy-file"],
    ),
    ("connctl delete desk:", &["desk:eu", "desk:us"], &[]),
    ("connctl delete desk:eu d", &["desk:us"], &["desk:eu"]),
    (
        "connctl delete --env testing desk:",
        &["desk:us"],
        &["desk:eu"],
    ),
    (
        "connctl delete --env=testing desk:",
        &["desk:us"],
        &["desk:eu"],
    ),
    ("connctl delete tap-sl", &[], &["tap-slack-prod"]),
    ("connctl delete g", &[], &["guarded"]),
    ("connctl retire desk:", &["desk:eu", "desk:us"], &[]),
    (
        "connctl show tap-slack-p",
        &["tap-slack-prod"],
        &["tap-slack-userdev"],
    ),
    ("connctl show desk:e", &["desk:eu"], &["desk:us"]),
    ("connctl protect g", &[], &["guarded"]),
    ("connctl unprotect g", &["guarded"], &[]),
    ("connctl replace tap-slack-prod gua", &["guarded"], &[]),
    (
        "connctl delete desk:eu --replace-with gu",
        &["guarded"],
        &[],
    ),
    ("connctl add de", &[], &["desk:eu", "decoy-file"]),
    ("connctl service show slack-el-p", &["slack-el-prod"], &[]),
    ("connctl list --used-by=slack-el-p", &["slack-el-prod"], &[]),
    ("connctl service activate slack", &[], &["slack-el-prod"]),
    (
        "connctl service edit x --add-source desk:e",
        &["desk:eu"],
        &[],
    ),
    ("connctl list --system zen", &["zendesk"], &["decoy-file"]),
    ("connctl list --system=zen", &["zendesk"], &["decoy-file"]),
    ("connctl list --group ", &["acme"], &["decoy-file"]),
    ("connctl secret get desk:eu ", &["api_key", "pin"], &[]),
    ("connctl edit desk:eu --unset ", &["account"], &["api_key"]),
    ("connctl policy set one", &["one_per_system"], &[]),
    ("connctl access grant kim ", &["viewer", "editor"], &[]),
    ("connctl list --columns sys", &["system"], &["kind"]),
    ("connctl list --columns id,sys", &["id,system"], &[]),
    ("connctl service list --sort -ki", &["-kind"], &[]),
    // The words of another command are those of the shell.
    ("connctl exec tap-slack-p", &["tap-slack-prod"], &[]),
    (
        "connctl exec tap-slack-prod -- mkfif",
        &["mkfifo"],
        &["decoy-file"],
    ),
    (
        "connctl exec --only x tap-slack-prod -- cat de",
        &["decoy-file"],
        &["desk:eu"],
    ),
    (
        "connctl exec tap-slack-prod -- ls -l de",
        &["decoy-file"],
        &["desk:eu"],
    ),
];

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "completions", name]
        .iter()
        .collect()
}

/// A home with a store, and a file that completes where files do.
fn home() -> Sandbox {
    let sandbox = Sandbox::with_example();
    sandbox.write("decoy-file", "");
    let run = sandbox.shell(
        "key=secret connctl -q key init &&
        key=secret connctl -q add desk:eu --system zendesk --env live --group acme \
          --set account=1 --secret api_key=env:key --secret pin=env:key &&
        connctl -q add desk:us --system zendesk --env testing &&
        connctl -q add guarded --system zendesk --env live && connctl -q protect guarded",
    );
    assert_eq!(run.code, 0, "{run}");
    sandbox
}

/// What is offered for the last of these words, a line each.
fn offered(sandbox: &Sandbox, words: &[&str]) -> String {
    let run = sandbox.run(&[&["__complete"], words].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run}");
    run.stdout
}

fn assert_fresh(shell: &str, name: &str) {
    let run = Sandbox::new().run(&["completions", shell]);
    assert_eq!(run.code, 0, "{run}");
    let stored = Data::read_from(&file(name), Some(DataFormat::Text)).raw();
    let fresh = run.stdout.into_data().raw();
    let assert = Assert::new().action_env(DEFAULT_ACTION_ENV);
    if let Err(difference) = assert.try_eq(None, fresh, stored) {
        panic!("{difference}\ncompletions/{name} is stale; renew it with: {RENEW}");
    }
}

/// Asserts what a shell offers; `offers` holds a line for each of the cases. A shell may offer the
/// whole word or what stands behind its last break.
fn assert_offers(offers: &str) {
    assert_eq!(offers.lines().count(), CASES.len(), "{offers}");
    for ((line, wanted, unwanted), offered) in CASES.into_iter().zip(offers.lines()) {
        let offered: Vec<_> = offered.split(' ').collect();
        let is_offered = |word: &&str| {
            let end = word.rsplit(':').next();
            offered.iter().any(|offer| {
                let value = offer.rsplit('=').next();
                value == Some(word) || line.contains(':') && value == end
            })
        };
        assert!(wanted.iter().all(is_offered), "{line:?}: {offered:?}");
        assert!(!unwanted.iter().any(is_offered), "{line:?}: {offered:?}");
    }
}

/// Types lines in a shell that asks for them with `ready> `, completing words with the tab key.
fn type_in(terminal: &mut Terminal) {
    terminal
        .wait_for("ready> ")
        .press("connctl li\tte\t--us\tslack-el-us\t -o i\t\r")
        .wait_for("tap-slack-public-userdev\r\ntap-slack-userdev\r\n")
        .wait_for("ready> ")
        .press("connctl ser\tdel\tslack-el-us\t --dry\t\r")
        .wait_for("1 service would be deleted")
        .wait_for("ready> ")
        .press("connctl show --no\t-o nd\ttap-slack-pr\t\r")
        .wait_for("{\"id\":\"tap-slack-prod\",")
        .wait_for("ready> ")
        // Words that a shell may break, and a value that it must not obey.
        .press("connctl delete -n desk:e\t --env=li\t\r")
        .wait_for("1 connector would be deleted")
        .wait_for("ready> ")
        .press("connctl list all -o ids --group=od\t\r")
        .wait_for("odd\r\n")
        .wait_for("ready> ")
        .press("connctl list all -o ids --group od\t\r")
        .wait_for("odd\r\n")
        .wait_for("ready> ")
        .press("exit\r");
    assert_eq!(terminal.end().code, 0);
}

/// A home in which one group is a command.
fn home_to_type_in() -> Sandbox {
    let sandbox = home();
    let group = "odd $(touch obeyed) & it's \\ \"odd\"";
    let add = ["add", "odd", "--system", "http", "--env", "live"];
    let run = sandbox.run(&[&add[..], &["--group", group]].concat());
    assert_eq!(run.code, 0, "{run}");
    sandbox
}

#[test]
fn the_bash_file_is_fresh() {
    assert_fresh("bash", "connctl.bash");
}

#[test]
fn the_zsh_file_is_fresh() {
    assert_fresh("zsh", "_connctl");
}

#[test]
fn the_fish_file_is_fresh() {
    assert_fresh("fish", "connctl.fish");
}

#[test]
fn the_elvish_file_is_fresh() {
    assert_fresh("elvish", "connctl.elv");
}

#[test]
fn the_powershell_file_is_fresh() {
    assert_fresh("powershell", "_connctl.ps1");
}

#[test]
fn what_is_offered_says_what_it_is() {
    let sandbox = home();
    assert_eq!(
        offered(&sandbox, &["connctl", "delete", "desk"]),
        "desk:eu\tzendesk, live, unused\ndesk:us\tzendesk, testing, unused\n"
    );
    assert_eq!(
        offered(&sandbox, &["connctl", "show", "g"]),
        "guarded\tzendesk, live, unused, protected\n"
    );
    assert_eq!(
        offered(&sandbox, &["connctl", "service", "show", "slack-el-p"]),
        "slack-el-prod\tactive, Slack EL (prod)\n"
    );
    assert_eq!(
        offered(&sandbox, &["connctl", "secret", "get", "desk:eu", "p"]),
        "pin\t\n"
    );
    let run = sandbox.run(&["retire", "desk:us", "--for", "1d", "--yes"]);
    assert_eq!(run.code, 0, "{run}");
    // It may be deleted: whoever looks is told.
    assert_eq!(
        offered(&sandbox, &["connctl", "delete", "desk:u"]),
        "desk:us\tzendesk, testing, unused, on trial\n"
    );
    assert_eq!(
        offered(&sandbox, &["connctl", "revive", ""]),
        "desk:us\tzendesk, testing, unused, on trial\n"
    );
}

#[test]
fn the_store_that_the_line_names_is_asked() {
    let sandbox = home();
    let other = sandbox.path("other.db").display().to_string();
    let add = ["add", "elsewhere", "--system", "http", "--env", "live"];
    let run = sandbox.run(&[&["--store", &other], &add[..]].concat());
    assert_eq!(run.code, 0, "{run}");
    let elsewhere = "elsewhere\thttp, live, unused\n";
    for words in [
        &["connctl", "--store", &other, "delete", ""][..],
        &["connctl", "delete", &format!("--store={other}"), ""],
        &["connctl", "delete", "--store", "~/other.db", ""],
        &["connctl", "delete", "--store", "'other.db'", ""],
    ] {
        assert_eq!(offered(&sandbox, words), elsewhere, "{words:?}");
    }
    sandbox.write("other.toml", format!("store = {other:?}"));
    // A variable has the last word over a configuration, and there is none of it here.
    let line = "env -u CONNCTL_STORE connctl __complete connctl --config ~/other.toml delete e";
    assert_eq!(sandbox.shell(line).stdout, elsewhere);
}

#[test]
fn nothing_is_offered_and_nothing_said_where_there_is_nothing_to_look_at() {
    let sandbox = home();
    sandbox.write("text.db", "no store");
    sandbox.write("broken.toml", "store = ");
    let foreign = rusqlite::Connection::open(sandbox.path("foreign.db")).unwrap();
    foreign.execute_batch("CREATE TABLE t (a)").unwrap();
    let mut damaged = sandbox.store_bytes();
    damaged[4096..].fill(0xff);
    sandbox.write("damaged.db", damaged);
    let made = sandbox.shell("mkfifo fifo");
    assert_eq!(made.code, 0, "{made}");
    let before = std::fs::read_dir(sandbox.path("")).unwrap().count();
    for store in [
        "missing.db",
        "missing/store.db",
        "text.db",
        "foreign.db",
        "damaged.db",
        ".",
        "/dev/zero",
        "fifo",
        "postgres://user:secret@localhost:1/connctl",
    ] {
        for words in [
            &["connctl", "--store", store, "delete", ""][..],
            &["connctl", "--store", store, "service", "show", ""],
            &["connctl", "--store", store, "secret", "get", "desk:eu", ""],
            &["connctl", "--store", store, "list", "--system", ""],
        ] {
            assert_eq!(offered(&sandbox, words), "", "{words:?}");
        }
    }
    let words = ["connctl", "--config", "broken.toml", "delete", ""];
    assert_eq!(offered(&sandbox, &words), "");
    for line in [&[][..], &["connctl"]] {
        assert_eq!(offered(&sandbox, line), "", "{line:?}");
    }
    let after = std::fs::read_dir(sandbox.path("")).unwrap().count();
    assert_eq!(before, after);
}

#[test]
fn nothing_waits_for_a_lock_and_nothing_is_written() {
    let sandbox = home();
    let before = sandbox.store_bytes();
    let store = rusqlite::Connection::open(sandbox.path("store.db")).unwrap();
    store.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(offered(&sandbox, &["connctl", "delete", ""]), "");
    // Commands need no store.
    assert!(offered(&sandbox, &["connctl", "del"]).starts_with("delete\t"));
    store.execute_batch("ROLLBACK").unwrap();
    assert_ne!(offered(&sandbox, &["connctl", "delete", ""]), "");
    // What another program left in the middle of a change is left so.
    sandbox.write(
        "store.db-journal",
        [
            &b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"[..],
            &[0, 0, 0, 1],
            &[0; 1012],
        ]
        .concat(),
    );
    offered(&sandbox, &["connctl", "delete", ""]);
    assert!(sandbox.path("store.db-journal").exists());
    assert!(sandbox.store_bytes() == before);
}

/// The words of a line as bash breaks them, each in quotes.
fn bash_words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in line.split(' ') {
        words.push(String::new());
        let mut was_break = false;
        for c in word.chars() {
            let is_break = c == '=' || c == ':';
            let is_empty = words.last().is_some_and(String::is_empty);
            if is_break != was_break && !is_empty {
                words.push(String::new());
            }
            was_break = is_break;
            words.last_mut().unwrap().push(c);
        }
        if was_break {
            words.push(String::new());
        }
    }
    words.iter().map(|word| format!("'{word}'")).collect()
}

#[test]
#[ignore = "needs bash"]
fn bash_offers_commands_flags_and_values() {
    let sandbox = home();
    let mut script = format!(
        "source '{}'\ncompopt() {{ :; }}\n",
        file("connctl.bash").display()
    );
    for (line, _, _) in CASES {
        let words = bash_words(line);
        script.push_str(&format!(
            "COMP_WORDS=({}); COMP_CWORD={}; COMP_LINE='{line}'; COMP_POINT={}; COMPREPLY=()
            _connctl; echo \"${{COMPREPLY[*]}}\"\n",
            words.join(" "),
            words.len() - 1,
            line.len()
        ));
    }
    let mut bash = Command::new("bash");
    sandbox.seal(&mut bash);
    bash.env("PATH", connctl_on_path());
    let run = sandbox.finish(bash.args(["--norc", "--noprofile", "-c", &script]));
    assert_eq!(run.stderr, "");
    assert_offers(&run.stdout);
}

#[test]
#[ignore = "needs bash"]
fn bash_completes_what_is_typed() {
    let sandbox = home_to_type_in();
    let file = file("connctl.bash");
    let start = format!(
        ". '{}'; PS1='ready> '; unset PROMPT_COMMAND\n",
        file.display()
    );
    sandbox.write(".bashrc", start);
    type_in(&mut sandbox.terminal("bash --rcfile .bashrc -i"));
    assert!(!sandbox.path("obeyed").exists());
}

#[test]
#[ignore = "needs zsh"]
fn zsh_completes_what_is_typed() {
    let sandbox = home_to_type_in();
    let start = format!(
        "fpath=('{}' $fpath)\nautoload -Uz compinit\ncompinit -u -d ~/.zcompdump\nPS1='ready> '\n",
        file("").display()
    );
    sandbox.write(".zshrc", start);
    type_in(&mut sandbox.terminal("zsh -d -i"));
    assert!(!sandbox.path("obeyed").exists());
}

#[test]
#[ignore = "needs zsh"]
fn zsh_offers_commands_flags_and_values() {
    let sandbox = home();
    // Records what would be inserted, instead of inserting it.
    let start = format!(
        "fpath=('{}' $fpath)\nautoload -Uz compinit\ncompinit -u -d ~/.zcompdump\nPS1='ready> '
        zstyle ':completion:*' list-grouped false
        offer() {{
            offered=()
            compadd() {{ local -a found; builtin compadd -O found \"$@\"; offered+=($found) }}
            _main_complete; unfunction compadd; compstate[list]=''; compstate[insert]=''
            print -r -- \"$offered\" >> ~/offers
        }}
        zle -C offer complete-word offer\nbindkey '^O' offer\n",
        file("").display()
    );
    sandbox.write(".zshrc", start);
    let mut terminal = sandbox.terminal("zsh -d -i");
    for (line, _, _) in CASES {
        terminal
            .wait_for("ready> ")
            .press(line)
            .press("\u{f}\u{15}");
        terminal.press("echo next\r").wait_for("next\r\n");
    }
    terminal.wait_for("ready> ").press("exit\r").end();
    assert_offers(&std::fs::read_to_string(sandbox.path("offers")).unwrap());
}

#[test]
#[ignore = "needs fish"]
fn fish_offers_commands_flags_and_values() {
    let sandbox = home_to_type_in();
    let mut script = format!("source '{}'\n", file("connctl.fish").display());
    for (line, _, _) in CASES {
        script.push_str(&format!(
            "echo (complete -C '{line}' | string replace -r '\\t.*' '' | string join ' ')\n"
        ));
    }
    let mut fish = Command::new("fish");
    sandbox.seal(&mut fish);
    fish.env("PATH", connctl_on_path());
    let run = sandbox.finish(fish.args(["--no-config", "-c", &script]));
    assert_eq!(run.stderr, "");
    assert_offers(&run.stdout);
}

#[test]
#[ignore = "needs fish"]
fn fish_completes_what_is_typed() {
    let sandbox = home_to_type_in();
    let start = format!(
        "source '{}'; function fish_prompt; echo -n 'ready> '; end; function fish_greeting; end",
        file("connctl.fish").display()
    );
    sandbox.write("start.fish", start);
    // A terminal that fish knows too little of is written to plainly.
    type_in(&mut sandbox.terminal("TERM=dumb fish --no-config -C 'source start.fish' -i"));
    assert!(!sandbox.path("obeyed").exists());
}
