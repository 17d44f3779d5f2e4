//! `connctl completions`, and the files in `completions/` that packages install.

use std::path::{Path, PathBuf};
use std::process::Command;

use snapbox::assert::{Assert, DEFAULT_ACTION_ENV};
use snapbox::data::DataFormat;
use snapbox::{Data, IntoData};

use crate::support::terminal::Terminal;
use crate::support::{CONNCTL, Sandbox};

/// Writes the files anew.
const RENEW: &str = "SNAPSHOTS=overwrite cargo test --test cli completions";

/// Lines to complete, each with what must be offered and what must not.
const CASES: [(&str, &[&str], &[&str]); 28] = [
    ("connctl li", &["list"], &["import"]),
    ("connctl ", &["list", "delete", "service", "man"], &["help"]),
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
        &["decoy-file"],
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
    ("connctl list --system ", &[], &["decoy-file"]),
    ("connctl list --store de", &["decoy-file"], &[]),
    (
        "connctl delete tap-s",
        &["tap-snowflake-prod"],
        &["tap-slack-prod"],
    ),
    (
        "connctl retire tap-s",
        &["tap-snowflake-prod"],
        &["tap-slack-prod"],
    ),
    (
        "connctl show tap-s",
        &["tap-slack-prod", "tap-snowflake-prod"],
        &["tap-github-prod"],
    ),
    (
        "connctl replace tap-slack-prod tap-sn",
        &["tap-snowflake-prod"],
        &["tap-slack-prod"],
    ),
    ("connctl add tap-s", &[], &["tap-slack-prod"]),
    (
        "connctl service delete sl",
        &["slack-el-prod"],
        &["tap-slack-prod"],
    ),
    ("connctl list --system sna", &[], &["snowflake"]),
    ("connctl list --system snow", &["snowflake"], &["slack"]),
    (
        "connctl policy set one",
        &["one_per_system"],
        &["require_reason"],
    ),
    ("connctl list --columns id,gr", &["id,group"], &["id,id"]),
];

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "completions", name]
        .iter()
        .collect()
}

/// A home with a file that completes where files do.
fn home() -> Sandbox {
    let sandbox = Sandbox::with_example();
    let colon = ["add", "shop:eu:1", "--system", "shop", "--env", "testing"];
    assert_eq!(sandbox.run(&colon).code, 0);
    sandbox.write("decoy-file", "");
    sandbox
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

/// Runs the command in the sandbox, with connctl on its path.
fn seal(sandbox: &Sandbox, command: &mut Command) {
    let folder = Path::new(CONNCTL).parent().unwrap().display();
    sandbox.seal(command);
    command.env("PATH", format!("{folder}:/usr/local/bin:/usr/bin:/bin"));
}

/// Asserts what a shell offers; `offers` holds a line for each of the cases.
fn assert_offers(offers: &str) {
    assert_eq!(offers.lines().count(), CASES.len(), "{offers}");
    for ((line, wanted, unwanted), offered) in CASES.into_iter().zip(offers.lines()) {
        let offered: Vec<_> = offered.split(' ').collect();
        let is_offered = |word: &&str| offered.contains(word);
        assert!(wanted.iter().all(is_offered), "{line:?}: {offered:?}");
        assert!(!unwanted.iter().any(is_offered), "{line:?}: {offered:?}");
    }
}

/// Types lines in a shell that asks for them with `ready> `, completing words with the tab key.
fn type_in(terminal: &mut Terminal) {
    terminal
        .wait_for("ready> ")
        .press("connctl li\tte\t--us\tslack-el-userdev -o i\t\r")
        .wait_for("tap-slack-public-userdev\r\ntap-slack-userdev\r\n")
        .wait_for("ready> ")
        .press("connctl ser\tdel\tslack-el-userdev --dry\t\r")
        .wait_for("1 service would be deleted")
        .wait_for("ready> ")
        .press("connctl show --no\t-o nd\ttap-slack-prod\r")
        .wait_for("{\"id\":\"tap-slack-prod\",")
        .wait_for("ready> ")
        .press("connctl list all --system=sho\t-o ids\r")
        .wait_for("shop:eu:1\r\n")
        .wait_for("ready> ")
        .press("connctl show shop:e\t-o nd\t\r")
        .wait_for("{\"id\":\"shop:eu:1\",")
        .wait_for("ready> ")
        .press("connctl export dec\t\r")
        .wait_for("decoy-file")
        .wait_for("--force")
        .wait_for("ready> ")
        .press("exit 0\r");
    assert_eq!(terminal.end().code, 0);
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

/// What is offered in place of the last word of a line.
fn offered(sandbox: &Sandbox, line: &str) -> Vec<String> {
    let words: Vec<_> = ["__complete"].into_iter().chain(line.split(' ')).collect();
    let run = sandbox.run(&words);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{line}");
    run.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn what_is_offered_tells_what_it_is() {
    let sandbox = home();
    assert_eq!(
        offered(&sandbox, "connctl delete tap-snowflake"),
        [
            "tap-snowflake-prod\tsnowflake, live, unused",
            "tap-snowflake-userdev\tsnowflake, testing, unused"
        ]
    );
    assert_eq!(
        offered(&sandbox, "connctl delete tap-snowflake-prod tap-snowflake"),
        ["tap-snowflake-userdev\tsnowflake, testing, unused"]
    );
    assert_eq!(
        offered(&sandbox, "connctl service show slack-el-p"),
        ["slack-el-prod\tSlack EL (prod), active"]
    );
    sandbox.set_secret("tap-slack-prod", "api_key", "marker");
    assert_eq!(
        offered(&sandbox, "connctl secret get tap-slack-prod a"),
        ["api_key"]
    );
    assert_eq!(
        offered(&sandbox, "connctl exec tap-slack-prod --only a"),
        ["api_key"]
    );
    assert_eq!(sandbox.run(&["protect", "tap-snowflake-prod"]).code, 0);
    assert_eq!(
        offered(&sandbox, "connctl delete tap-snowflake"),
        ["tap-snowflake-userdev\tsnowflake, testing, unused"]
    );
    assert_eq!(offered(&sandbox, "connctl list --sort -na"), ["-name"]);
}

#[test]
fn of_very_many_ids_the_last_is_offered_so_that_no_shell_is_misled() {
    let sandbox = Sandbox::new();
    let lines: String = (0..3_000)
        .map(|number| {
            format!("{{\"type\":\"connector\",\"id\":\"c{number:04}\",\"system\":\"s\",\"environment\":\"live\"}}\n")
        })
        .collect();
    sandbox.write("many.ndjson", lines);
    assert_eq!(sandbox.run(&["import", "many.ndjson"]).code, 0);
    for command in ["show", "delete"] {
        let offered = offered(&sandbox, &format!("connctl {command} c"));
        let ids: Vec<_> = offered
            .iter()
            .filter_map(|line| line.split('\t').next())
            .collect();
        assert_eq!(
            (ids[0], ids.len(), ids[ids.len() - 1]),
            ("c0000", 201, "c2999")
        );
    }
}

#[test]
fn where_the_store_cannot_tell_nothing_is_offered_and_nothing_said() {
    let sandbox = home();
    sandbox.write("foreign.db", "this is no store");
    sandbox.write("broken.toml", "store = [");
    let fifo = Command::new("mkfifo").arg(sandbox.path("fifo")).status();
    assert!(fifo.unwrap().success());
    for place in [
        "--store missing.db",
        "--store foreign.db",
        "--store fifo",
        "--store .",
        "--store postgres://kim:hunter2@db/connctl",
        "--config broken.toml",
        "--config missing.toml",
        "--config fifo",
    ] {
        let line = format!("connctl {place} show tap");
        assert_eq!(offered(&sandbox, &line), [""; 0], "{line}");
    }
    assert!(!sandbox.path("missing.db").exists());
    assert_eq!(offered(&sandbox, "connctl"), [""; 0]);
    assert_eq!(offered(&sandbox, "connctl nonsense x"), [""; 0]);
}

#[test]
#[ignore = "needs bash"]
fn bash_offers_commands_flags_and_values() {
    let sandbox = home();
    let mut script = format!(
        "source '{}'
        compopt() {{ [[ $2 != default ]] || COMPREPLY=($(compgen -f -- \"$last\")); }}\n",
        file("connctl.bash").display()
    );
    for (line, _, _) in CASES {
        let (words, last) = line.rsplit_once(' ').unwrap();
        script.push_str(&format!(
            "COMP_WORDS=({words} '{last}'); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMPREPLY=()
            COMP_LINE='{line}' COMP_POINT={point} last='{last}'
            _connctl connctl '{last}' \"${{COMP_WORDS[COMP_CWORD - 1]}}\"; echo \"${{COMPREPLY[*]}}\"\n",
            point = line.len()
        ));
    }
    let mut bash = Command::new("bash");
    seal(&sandbox, &mut bash);
    let run = sandbox.finish(bash.args(["--norc", "--noprofile", "-c", &script]));
    assert_eq!(run.stderr, "");
    assert_offers(&run.stdout);
}

#[test]
#[ignore = "needs bash"]
fn bash_completes_what_is_typed() {
    let sandbox = home();
    let file = file("connctl.bash");
    let start = format!(
        ". '{}'; PS1='ready> '; unset PROMPT_COMMAND\n",
        file.display()
    );
    sandbox.write(".bashrc", start);
    type_in(&mut sandbox.terminal("bash --rcfile .bashrc -i"));
}

#[test]
#[ignore = "needs zsh"]
fn zsh_completes_what_is_typed() {
    let sandbox = home();
    let start = format!(
        "fpath=('{}' $fpath)\nautoload -Uz compinit\ncompinit -u -d ~/.zcompdump\nPS1='ready> '\n",
        file("").display()
    );
    sandbox.write(".zshrc", start);
    type_in(&mut sandbox.terminal("zsh -d -i"));
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
    let sandbox = home();
    let mut script = format!("source '{}'\n", file("connctl.fish").display());
    for (line, _, _) in CASES {
        script.push_str(&format!(
            "echo (complete -C '{line}' | string replace -r '\\t.*' '' | string join ' ')\n"
        ));
    }
    let mut fish = Command::new("fish");
    seal(&sandbox, &mut fish);
    let run = sandbox.finish(fish.args(["--no-config", "-c", &script]));
    assert_eq!(run.stderr, "");
    assert_offers(&run.stdout);
}
