//! What the README, the manual and the help show: every example runs, and does what is shown.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rexpect::session::spawn_command;

use crate::support::{Sandbox, code_of, connctl_on_path};

const README: &str = include_str!("../../README.md");

/// How long a command on a terminal may take, in milliseconds.
const TIMEOUT: u64 = 30_000;

/// A sandbox in which the paths of the examples lead to the example data.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    std::os::unix::fs::symlink(examples, sandbox.path("examples")).unwrap();
    sandbox
}

/// The question and the answer, where a line of a page shows both.
fn question_and_answer(line: &str) -> Option<(&str, &str)> {
    for end in ["[y/N] ", "to delete it: ", "to delete them: "] {
        if let Some(at) = line.find(end) {
            return Some(line.split_at(at + end.len()));
        }
    }
    None
}

/// Runs a line of the shell on a terminal of 80 columns, and returns what the terminal shows.
fn on_terminal(sandbox: &Sandbox, line: &str, dialogue: Option<(&str, &str)>) -> String {
    let mut command = Command::new("sh");
    sandbox.seal(&mut command);
    command
        .env_remove("CONNCTL_STORE")
        .env("PATH", connctl_on_path())
        .env("NO_COLOR", "1")
        .args(["-c", line]);
    let mut terminal = spawn_command(command, Some(TIMEOUT)).unwrap();
    let mut shown = String::new();
    if let Some((question, answer)) = dialogue {
        shown.push_str(&terminal.exp_string(question).unwrap());
        shown.push_str(question);
        terminal.send(&format!("{answer}\r")).unwrap();
        terminal.flush().unwrap();
    }
    shown.push_str(&terminal.exp_eof().unwrap());
    shown.replace('\r', "")
}

/// Runs a line of the shell off a terminal, standard error behind standard output.
fn in_shell(sandbox: &Sandbox, line: &str) -> (i32, String) {
    let mut command = Command::new("sh");
    sandbox.seal(&mut command);
    command.env_remove("CONNCTL_STORE");
    let line = format!("{{ {line}\n}} 2>&1");
    let output = command
        .env("PATH", connctl_on_path())
        .args(["-c", &line])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout)
        .unwrap()
        .replace("\r\n", "\n");
    (code_of(output.status), shown)
}

/// Whether a line of the shell sets or unsets a variable, and does nothing else.
fn is_kept(line: &str) -> bool {
    let sets = || {
        let name = line.split('=').next().unwrap_or_default();
        name.len() < line.len() && name.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    line.starts_with("export ") || line.starts_with("unset ") || sets()
}

/// A page of the manual.
struct Page {
    path: PathBuf,
    text: String,
}

/// The README and the pages of the manual.
fn pages() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> = std::fs::read_dir(root.join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    paths.push(root.join("README.md"));
    paths.sort();
    let page = |path: PathBuf| Page {
        text: std::fs::read_to_string(&path).unwrap(),
        path,
    };
    paths.into_iter().map(page).collect()
}

impl Page {
    /// What stands before the first heading of a section, and this section.
    fn section(&self, title: &str) -> Self {
        let mut sections = self.text.split("\n## ");
        let start = sections.next().unwrap();
        let section = sections.find(|section| section.lines().next() == Some(title));
        Self {
            path: self.path.clone(),
            text: format!("{start}\n## {}\n", section.unwrap().trim_end()),
        }
    }

    /// The page with what its console examples really write, run in this home. What only differs in what differs from run to run stands there as the page has it.
    fn played(&self, sandbox: &Sandbox) -> (String, usize) {
        let home = sandbox.path("").display().to_string();
        let home = home.trim_end_matches('/');
        // What a line does to the shell itself, each line has a shell of its own.
        let mut session = String::new();
        let mut lines = self.text.lines().peekable();
        let mut actual = String::new();
        let mut block = "";
        let mut code = 0;
        let mut commands = 0;
        while let Some(line) = lines.next() {
            actual.push_str(line);
            actual.push('\n');
            if let Some(kind) = line.strip_prefix("```") {
                block = kind;
            }
            let command = line.strip_prefix("$ ");
            let (Some(command), true) = (command, block.starts_with("console")) else {
                continue;
            };
            commands += 1;
            let mut shown = String::new();
            let ends = |line: &str| line.starts_with("$ ") || line.starts_with("```");
            while let Some(line) = lines.next_if(|line| !ends(line)) {
                shown.push_str(line);
                shown.push('\n');
            }
            let wrote = if !can_run(command) {
                shown.clone()
            } else if command == "echo $?" {
                format!("{code}\n")
            } else if block == "console terminal" {
                let dialogue = shown.lines().find_map(question_and_answer);
                on_terminal(sandbox, &format!("{session}{command}"), dialogue)
            } else {
                let (exit, wrote) = in_shell(sandbox, &format!("{session}{command}"));
                code = exit;
                if is_kept(command) {
                    session.push_str(command);
                    session.push('\n');
                }
                wrote
            };
            let mut wrote = wrote.replace(home, "~");
            if !wrote.is_empty() && !wrote.ends_with('\n') {
                wrote.push('\n');
            }
            let same = sandbox.redact(&wrote) == sandbox.redact(&shown);
            actual.push_str(if same { &shown } else { &wrote });
        }
        (actual, commands)
    }
}

/// All console examples, each page in one go. `SNAPSHOTS=overwrite` brings the pages up to date.
#[test]
fn every_console_example_shows_what_happens() {
    let overwrite = std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite");
    let mut commands = 0;
    let mut stale = Vec::new();
    for page in pages() {
        let (actual, found) = page.played(&sandbox());
        commands += found;
        if actual == page.text {
            continue;
        }
        if overwrite {
            std::fs::write(&page.path, actual).unwrap();
        } else {
            let expected = snapbox::IntoData::raw(page.text.as_str());
            let path = page.path.display();
            let compared = snapbox::Assert::new().try_eq(Some(&path), actual.into(), expected);
            stale.extend(compared.err().map(|error| error.to_string()));
        }
    }
    assert!(commands > 100, "only {commands} examples were found");
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}

/// Does what sections of the manual say, in a home where there is nothing yet.
fn follow(page: &str, titles: &[&str]) -> Sandbox {
    let sandbox = sandbox();
    let pages = pages();
    let page = pages.iter().find(|known| known.path.ends_with(page));
    let sections = titles.iter().map(|title| page.unwrap().section(title));
    let mut sections: Vec<_> = sections.collect();
    for section in &mut sections[1..] {
        let (_, own) = section.text.split_once("\n## ").unwrap();
        section.text = format!("## {own}");
    }
    let text: String = sections.into_iter().map(|section| section.text).collect();
    let whole = Page {
        path: PathBuf::from(titles.concat()),
        text,
    };
    let (actual, commands) = whole.played(&sandbox);
    assert_eq!(actual, whole.text);
    assert!(commands > 3, "only {commands} commands were found");
    sandbox
}

/// Whether a line of the shell goes well in this home.
fn holds(sandbox: &Sandbox, line: &str) {
    let run = sandbox.shell(line);
    assert_eq!(run.code, 0, "{line}\n{run}");
}

#[test]
fn a_reader_frees_a_connector_that_eight_services_use_and_deletes_it() {
    let sandbox = follow("docs/deleting.md", &["In use: find out, and free it"]);
    holds(
        &sandbox,
        "! connctl --store trial.db show target-snowflake-prod",
    );
    holds(&sandbox, "connctl --store trial.db doctor");
    // The trail proves it.
    let proof = "connctl --store trial.db audit list --action connector.delete";
    let proof = format!("{proof} --subject target-snowflake-prod --outcome done -o ids");
    holds(&sandbox, &format!("test $({proof} | wc -l) = 1"));
    holds(&sandbox, "connctl --store trial.db audit verify");
    // One of the eight was deleted and one lost it; six use the other one.
    let services = "connctl --store trial.db service list --uses warehouse -o ids";
    holds(&sandbox, &format!("test $({services} | wc -l) = 6"));
}

#[test]
#[ignore = "needs python3"]
fn a_reader_imports_csv() {
    let sandbox = follow("docs/importing.md", &["CSV and spreadsheets"]);
    holds(
        &sandbox,
        "test $(connctl --store shop.db list -o ids | wc -l) = 3",
    );
}

#[test]
fn a_reader_sets_up_a_nightly_prune_with_a_brake() {
    let sandbox = follow("docs/scripting.md", &["A nightly prune with a brake"]);
    let unused = "connctl --store nightly.db list testing --unused -o ids";
    holds(&sandbox, &format!("test -z \"$({unused})\""));
    let back = "for gone in gone-*; do connctl --store nightly.db import $gone || exit; done";
    holds(&sandbox, back);
    holds(&sandbox, &format!("test $({unused} | wc -l) = 5"));
    // What the timer starts, which says all in JSON, also that it was too much, and why it failed.
    let service = include_str!("../../examples/nightly-prune.service");
    let mut starts = service
        .lines()
        .filter_map(|line| line.strip_prefix("ExecStart="));
    let start = starts.next().unwrap().replace("%h", "$HOME");
    let fewer = start.replace("20", "4");
    let store = "export CONNCTL_STORE=nightly.db";
    let logged = |kind: &str, lines: usize| {
        holds(
            &sandbox,
            &format!("test $(grep -c '^{{.*{kind}' log) = {lines}"),
        );
        holds(&sandbox, "! grep -v '^{' log");
    };
    holds(&sandbox, &format!("{store}; ! {fewer} > log 2>&1"));
    logged("kept", 5);
    logged("5 connectors would be deleted, but 4 were expected", 1);
    holds(&sandbox, &format!("test $({unused} | wc -l) = 5"));
    holds(&sandbox, &format!("{store}; {start} > log 2>&1"));
    logged("deleted", 5);
    holds(&sandbox, &format!("test -z \"$({unused})\""));
    holds(
        &sandbox,
        &format!("export CONNCTL_STORE=missing.db; ! {start} > log 2>&1"),
    );
    logged("there is no store", 1);
}

#[test]
fn a_reader_sets_up_two_admins_with_keys_and_hands_one_over() {
    let sandbox = follow(
        "docs/credentials.md",
        &[
            "Set a secret, and use it",
            "Two people, step by step",
            "Hand over: somebody leaves",
            "Rotation: new values, new keys",
        ],
    );
    let get = "connctl --store trial.db secret get pay api_key";
    holds(&sandbox, &format!("test $({get} --identity new.txt) = n3w"));
    holds(&sandbox, &format!("! {get} --identity kim.txt"));
    holds(&sandbox, &format!("! {get}"));
    holds(
        &sandbox,
        "connctl --store trial.db access list | grep admin | grep uid:4711",
    );
    holds(
        &sandbox,
        "test $(connctl --store trial.db key list -o ids | wc -l) = 1",
    );
}

/// The anchor of a heading.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || [' ', '-', '_'].contains(c);
    let heading = heading.trim_start_matches('#').trim().to_lowercase();
    heading
        .chars()
        .filter(kept)
        .collect::<String>()
        .replace(' ', "-")
}

#[test]
fn every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut links = 0;
    for page in pages() {
        for (at, _) in page.text.match_indices("](") {
            let target = page.text[at + 2..].split(')').next().unwrap();
            if target.contains("://") {
                continue;
            }
            links += 1;
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let path = match file {
                "" => page.path.clone(),
                file => page.path.parent().unwrap_or(root).join(file),
            };
            let from = page.path.display();
            assert!(path.exists(), "{from} links to {target}");
            let has_heading = || {
                let text = std::fs::read_to_string(&path).unwrap();
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                headings.any(|line| anchor(line) == heading)
            };
            assert!(
                heading.is_empty() || has_heading(),
                "{from} links to {target}"
            );
        }
    }
    assert!(links > 20, "only {links} links were found");
}

#[test]
fn the_readme_is_read_in_ten_minutes() {
    assert!(README.lines().count() <= 200);
    let first = README.split("-->\n```console\n").nth(1).unwrap();
    let transcript = first.split("```").next().unwrap();
    assert_eq!(transcript.lines().count(), 12, "{transcript}");
}

/// The public key in the examples.
const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

/// The homes in which an example that stands alone runs: each gets a copy.
struct Homes {
    empty: Sandbox,
    /// With the example data, a secret and what examples name beside these.
    with_data: Sandbox,
    /// Also with the connectors that some examples name, which others add.
    with_connectors: Sandbox,
}

impl Homes {
    fn new() -> Self {
        let empty = sandbox();
        empty.write("client.pem", "certificate");
        empty.write("recipients.txt", RECIPIENT);
        prepare(&empty, "cp examples/actions.json .");
        empty.write(
            "changes.ndjson",
            r#"{"type":"connector","id":"shop-eu","system":"shopify","environment":"testing"}"#,
        );
        empty.write("connectors.json", r#"{"connectors":[]}"#);
        let with_data = copy(&empty);
        prepare(&with_data, "connctl import examples/squared.toml");
        let set = "printf x | connctl secret set tap-slack-prod api_key=-";
        prepare(&with_data, set);
        prepare(
            &with_data,
            "cp .config/connctl/identity.txt other-identity.txt",
        );
        prepare(&with_data, "cp store.db archive.db");
        let with_connectors = copy(&with_data);
        for id in ["shop-eu", "shop-us", "erp", "files", "tap-slack-2-prod"] {
            let add = format!("connctl add {id} --system {id} --env testing");
            prepare(&with_connectors, &add);
        }
        let set = "printf x | connctl secret set shop-eu api_key=-";
        prepare(&with_connectors, set);
        Self {
            empty,
            with_data,
            with_connectors,
        }
    }

    /// A store that has what the example names.
    fn of(&self, example: &str) -> Sandbox {
        if example.contains("import examples/") {
            return copy(&self.empty);
        }
        if example.starts_with("connctl add") {
            return copy(&self.with_data);
        }
        let sandbox = copy(&self.with_connectors);
        if let Some(rest) = example.strip_prefix("connctl restore ") {
            let file = rest.split(' ').next().unwrap_or_default();
            prepare(&sandbox, &format!("test -e {file} || cp store.db {file}"));
        }
        if example.starts_with("connctl export connectors.json") {
            // An export makes a new file.
            prepare(&sandbox, "rm connectors.json");
        }
        if example.starts_with("connctl access revoke") {
            prepare(&sandbox, "connctl access grant nobody editor");
        } else if example.starts_with("connctl key remove") {
            prepare(&sandbox, &format!("connctl key add {RECIPIENT}"));
        } else if example.ends_with("--plan plan.json") {
            let replace = "connctl replace target-snowflake-prod target-yaml-prod";
            prepare(&sandbox, &format!("{replace} -n -o json > plan.json"));
        }
        sandbox
    }
}

fn copy(home: &Sandbox) -> Sandbox {
    let sandbox = Sandbox::new();
    let from = home.path("").display().to_string();
    prepare(&sandbox, &format!("cp -a '{from}.' ."));
    sandbox
}

fn prepare(sandbox: &Sandbox, line: &str) {
    let run = sandbox.shell(line);
    assert_eq!(run.code, 0, "{line}\n{run}");
}

/// Runs an example that stands alone.
fn run_alone(example: &str, homes: &Homes) -> (i32, String) {
    let sandbox = homes.of(example);
    // Only the larger shells know <(…), and fish has a language of its own.
    let shell = ["bash", "zsh", "fish"].into_iter().find(|shell| {
        example.contains(&format!("completions {shell}")) && example.contains("source")
    });
    let line = match shell {
        Some("zsh") => {
            format!(
                "zsh -fc 'autoload -Uz compinit; compinit -u; {example}; (( $+_comps[connctl] ))'"
            )
        }
        Some("bash") => format!("bash -c '{example}; complete -p connctl'"),
        Some(shell) => format!("{shell} -c '{example}'"),
        None => format!("export STRIPE_KEY=k SLACK_KEY=k KEY=k; {example}"),
    };
    let run = sandbox.shell(&line);
    (run.code, format!("{example}\n{run}"))
}

/// Whether the program that the example needs beside connctl is on this machine.
fn can_run(example: &str) -> bool {
    let needs = |program: &str| {
        let script = if program == "python3" { ".py" } else { program };
        let mut words = example.split(['|', ' ']);
        words.any(|word| word == program || word.ends_with(script))
    };
    ["zsh", "fish", "man", "gzip", "jq", "python3"]
        .into_iter()
        .filter(|program| needs(program))
        .filter(|program| *program != "man" || example.contains("| man"))
        .all(|program| {
            let look = format!("command -v {program}");
            Sandbox::new().shell(&look).code == 0
        })
}

/// Adds every example in the help of a command and of those below it.
fn examples(command: &clap::Command, found: &mut Vec<String>) {
    let help = command
        .get_after_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    if let Some((_, examples)) = help.split_once("Examples:\n") {
        found.extend(examples.lines().map(|line| line.trim().to_owned()));
    }
    for command in command.get_subcommands() {
        examples(command, found);
    }
}

/// The examples of the help that ask before they change anything.
const ASKING: [&str; 12] = [
    "connctl delete tap-github-prod",
    "connctl rename shop-eu shop-europe --reason \"new naming\"",
    "connctl replace --plan plan.json",
    "connctl restore connctl-2026-11-21.db",
    "connctl retire tap-github-prod --for 30d",
    "connctl run actions.json --token SpecificEntryId=tap-github-userdev",
    "connctl secret delete tap-slack-prod api_key",
    "connctl secret delete tap-slack-prod api_key --reason \"it is in the vault now\"",
    "connctl secret set tap-slack-prod api_key",
    "connctl secret set tap-slack-prod api_key=env:SLACK_KEY cert=@client.pem",
    "connctl service delete slack-el-prod",
    "printf %s \"$KEY\" | connctl secret set tap-slack-prod api_key=-",
];

#[test]
fn every_example_of_the_help_works_as_pasted() {
    let mut found = Vec::new();
    examples(&connctl::cli::tree(), &mut found);
    assert!(found.len() > 40, "only {} examples were found", found.len());
    let homes = Homes::new();
    for example in found.iter().filter(|example| can_run(example)) {
        let expected = match example.as_str() {
            // These ask, and there is no terminal here.
            asking if ASKING.contains(&asking) => 2,
            // There is no such script here, and the example data does not satisfy the policy.
            script if script.contains("-- ./sync.sh") => 127,
            "connctl policy set one_per_system true" => 1,
            _ => 0,
        };
        let (code, run) = run_alone(example, &homes);
        assert_eq!(code, expected, "{run}");
    }
}

#[test]
fn every_shell_line_of_the_readme_works_as_pasted() {
    let mut block = "";
    let mut lines = Vec::new();
    for line in README.lines() {
        if let Some(kind) = line.strip_prefix("```") {
            block = kind;
        } else if block == "sh" {
            lines.push(line);
        }
    }
    assert!(lines.contains(&"cargo test --locked"));
    assert!(lines.contains(&"cargo install --locked --path . && examples/tour.sh"));
    assert!(lines.contains(&r#"sudo apt install "$PWD/$(.ci/packaging/deb)""#));
    assert!(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(".ci/packaging/deb")
            .exists()
    );
    lines.retain(|line| line.contains("connctl ") && !line.starts_with("man "));
    assert!(lines.len() > 4, "{lines:?}");
    let homes = Homes::new();
    for line in lines.into_iter().filter(|line| can_run(line)) {
        let (code, run) = run_alone(line, &homes);
        assert_eq!(code, 0, "{run}");
    }
}

#[test]
fn the_table_of_exit_codes_is_complete() {
    let codes: Vec<_> = README
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()?.parse().ok())
        .collect::<Vec<u8>>();
    assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130]);
}

#[test]
fn the_tour_goes_to_its_end_off_a_terminal() {
    let sandbox = sandbox();
    let run = sandbox.shell("sh examples/tour.sh");
    assert_eq!(run.code, 0, "{run}");
    assert!(
        run.stdout.contains("There is no terminal here to ask on"),
        "{run}"
    );
    assert!(run.stdout.contains("This store is removed now"), "{run}");
    // The store that the environment names is the user's own.
    assert!(!sandbox.path("store.db").exists());
}

#[test]
fn the_tour_asks_on_a_terminal() {
    for (answer, then) in [("y", "It is gone."), ("n", "You kept it (exit code 3).")] {
        let sandbox = sandbox();
        let dialogue = Some(("Delete it? [y/N] ", answer));
        let shown = on_terminal(&sandbox, "sh examples/tour.sh", dialogue);
        assert!(shown.contains(then), "{shown}");
        assert!(shown.contains("This store is removed now"), "{shown}");
        assert!(!sandbox.path("store.db").exists());
    }
}

#[test]
fn what_the_readme_says_of_empty_input_and_dry_runs_holds() {
    let sandbox = Sandbox::with_example();
    let before = sandbox.store_bytes();
    for (arguments, input, code) in [
        (["delete", "-", "--yes"], "", 0),
        (["delete", "-", "--expect=1"], "", 2),
        (["delete", "-", "-n"], "tap-github-prod\r\n\r\n", 0),
        (["delete", "-", "-n"], "tap-slack-prod\n", 5),
        (["delete", "-", "-0n"], "tap-github-prod\0gone\0", 4),
    ] {
        let run = sandbox.run_with_input(&arguments, input);
        assert_eq!(run.code, code, "{arguments:?} {run}");
    }
    assert!(before == sandbox.store_bytes());
}
