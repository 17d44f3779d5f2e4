//! Every command does on a server what it does in a file, but for what the manual lists.

use std::collections::BTreeSet;
use std::process::Stdio;

use connctl::cli::PERMISSIONS;

use super::server::{BOSS, server};
use super::support::{Run, Sandbox, example};

const PAGE: &str = include_str!("../../docs/server.md");

/// The commands of which the manual says that they differ.
fn differing() -> BTreeSet<&'static str> {
    let (_, list) = PAGE.split_once("## What differs\n").unwrap();
    let (list, _) = list.split_once("\n## ").unwrap();
    let rows = list.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.map(|row| row.split('|').nth(1).unwrap());
    cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect()
}

/// Whether the manual says that a command differs.
fn differs(command: &str) -> bool {
    let family = command.split(' ').next().unwrap();
    differing().contains(family)
}

/// One whose store is on a server, in a database of its own, and empty.
fn on_server() -> (Sandbox, String) {
    let database = server().database();
    let schema = format!("every_{database}");
    let url = format!("{}?schema={schema}", server().url(BOSS, &database));
    let sandbox = Sandbox::at(&url);
    let run = sandbox.run(&["init"]);
    assert_eq!(run.code, 0, "{run}");
    (sandbox, database)
}

/// An empty one in a file.
fn in_file() -> Sandbox {
    super::support::in_file();
    Sandbox::empty()
}

/// What each command is called with, in an order in which each has something to do. Of those that
/// differ on a server only the exit code there is compared, which stands in front.
const WALK: &str = r"
init: 0 init
import: import first.toml
key init: key init
secret set: secret set erp token=env:VALUE
secret list: secret list
secret list: secret list erp -o json
secret get: secret get erp token
exec: exec erp -- sh -c echo
key list: key list -o csv
key add: key add age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p --yes
key remove: key remove age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p --yes
add: add shop --system shopify --env live --group retail --note new
add: add shop --system shopify --env live
edit: edit shop --name Shop --set retries=3
copy: copy shop shop-two
copy: copy shop shop
rename: rename shop-two shop-three --yes
service add: service add flow --source erp --destination shop
service add: service add flow --source none --destination shop
service edit: service edit flow --schedule daily
service activate: service activate flow
service deactivate: service deactivate flow
service list: service list
service show: service show flow
list: list all
show: show shop
show: show none
impact: impact erp shop
delete: delete shop --yes
delete: delete none --yes
replace: replace shop shop-three --yes
protect: protect shop
delete: delete shop --yes -o json
unprotect: unprotect shop
retire: retire shop --for 30d --yes
service add: service add other --source shop --destination erp
delete: delete shop
revive: revive shop
policy list: policy list
policy set: policy set one_per_system true
policy set: policy set require_reason true
delete: delete shop --yes
delete: delete shop --yes --reason gone
policy set: policy set require_reason false
prune: prune testing --unused -n -o json
prune: prune testing --unused --yes
run: run actions.json --yes
secret delete: secret delete erp token --yes
service delete: service delete flow --yes
export: 0 export -
export: 0 export all.json
import: import all.json
audit list: 0 audit list
audit show: 0 audit show 1
audit verify: 0 audit verify
access list: 0 access list
access grant: 0 access grant walker viewer
access grant: 4 access grant nobody-there viewer
access revoke: 0 access revoke walker
doctor: 0 doctor
backup: 2 backup copy.db
restore: 2 restore copy.db --yes
compact: 2 compact
completions: completions bash
man: man
";

const FIRST: &str = r#"
[[connectors]]
id = "erp"
system = "netsuite"
environment = "live"

[[connectors]]
id = "spare"
system = "http"
environment = "testing"

[[connectors]]
id = "last"
system = "http"
environment = "live"
"#;

fn run(sandbox: &Sandbox, line: &str) -> Run {
    let mut command = sandbox.command();
    command
        .args(line.split(' '))
        .env("VALUE", "s3cret")
        .stdin(Stdio::null());
    sandbox.finish(&mut command)
}

#[test]
#[ignore = "needs postgresql"]
fn every_command_works_or_names_the_tool_of_the_server() {
    let (there, database) = on_server();
    server().sql(&database, "CREATE ROLE walker LOGIN");
    let here = in_file();
    for sandbox in [&there, &here] {
        sandbox.write("first.toml", FIRST);
        sandbox.write(
            "actions.json",
            r#"{"ActionType": "CredStore.DeleteEntry", "Parameters": {"EntryId": "last"}}"#,
        );
    }
    let mut walked = BTreeSet::new();
    for step in WALK.lines().filter(|line| !line.is_empty()) {
        let (command, line) = step.split_once(": ").unwrap();
        walked.insert(command);
        let Some((code, line)) = line.split_at_checked(2).filter(|_| differs(command)) else {
            let (here, there) = (run(&here, line), run(&there, line));
            let user = format!("\"user\":\"{BOSS}\"");
            let there = there.to_string().replace(&user, "\"user\":\"root\"");
            assert_eq!(there, here.to_string(), "{line}");
            continue;
        };
        run(&here, line);
        let run = run(&there, line);
        assert_eq!(run.code.to_string(), code.trim(), "{line}: {run}");
        if run.code == 2 {
            let tools = ["pg_dump", "pg_restore", "vacuum"];
            assert!(tools.iter().any(|tool| run.stderr.contains(tool)), "{run}");
        }
    }
    let all: BTreeSet<_> = PERMISSIONS.iter().map(|(command, _)| *command).collect();
    assert_eq!(walked, all);
    let families = all.iter().map(|command| command.split(' ').next().unwrap());
    let families: BTreeSet<_> = families.collect();
    let unknown: Vec<_> = differing().difference(&families).copied().collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// Lines that only read. Each is run in every format.
const READING: &[&str] = &[
    "list",
    "list testing",
    "list all",
    "list all --wide",
    "list all --unused",
    "list all --used-by slack-el-prod",
    "list all --system snowflake",
    "list all --group data",
    "list all --search SLACK",
    "list all --search é",
    "list all --expired",
    "list all --expires-within 9000d",
    "list all --idle-for 1d",
    "list all --retired",
    "list all --protected",
    "list all --columns id,group,note",
    "list all --sort system --sort -id --limit 7",
    "list all --sort -used_by",
    "list all --sort last_used_at",
    "show tap-slack-prod",
    "show odd",
    "show nowhere",
    "impact tap-slack-prod target-snowflake-prod odd",
    "service list",
    "service list all",
    "service list inactive",
    "service show slack-el-prod",
    "service show nowhere",
    "secret list",
    "secret list odd",
    "key list",
    "policy list",
    "delete tap-slack-prod -n",
    "delete odd kept nowhere -n --ignore-missing",
    "delete odd on-trial -n",
    "delete target-snowflake-prod --replace-with odd -n",
    "prune all --unused -n",
    "prune all --expired -n",
    "prune testing --search prod -n",
    "replace target-snowflake-prod odd -n",
    "retire odd --for 30d -n",
    "rename odd even -n",
];

const ODD: &str = r#"
[[connectors]]
id = "odd"
name = "Ödd, \"quoted\"\tand é"
system = "http"
environment = "live"
group = "data"
note = "line one\nline two, with é and ; and \u0007"
created_at = 2020-01-01T00:00:00Z
expires_at = 2021-01-01T00:00:00Z
last_used_at = 2020-02-01T00:00:00Z
[connectors.settings]
"a.b" = [1, 2.5, "x", {}]
big = 9223372036854775807
text = "' \" \\ % \u2028"

[[connectors]]
id = "kept"
system = "http"
environment = "testing"
protected = true
expires_at = 2050-01-01T00:00:00Z

[[connectors]]
id = "on-trial"
system = "http"
environment = "live"
retired_at = 2026-01-01T00:00:00Z
retired_until = 2026-02-01T00:00:00Z

[[connectors]]
id = "Zed"
system = "HTTP"
environment = "live"

[[services]]
id = "stopped"
active = false
destinations = ["Zed"]
"#;

#[test]
#[ignore = "needs postgresql"]
fn what_is_read_is_the_same_to_the_byte() {
    let here = in_file();
    let (there, _) = on_server();
    here.write("odd.toml", ODD);
    for line in [
        format!("import {}", example()),
        "import odd.toml".to_owned(),
        "key init".to_owned(),
        "secret set odd token=env:VALUE other=env:VALUE".to_owned(),
    ] {
        let run = run(&here, &line);
        assert_eq!(run.code, 0, "{line}: {run}");
    }
    // There and back again: whichever was made of the other, they hold the same.
    let exported = here.export("toml");
    let run_there = there.run_with_input(&["import", "-"], &exported);
    assert_eq!(run_there.code, 0, "{run_there}");
    let back = in_file();
    let run_back = back.run_with_input(&["import", "-"], there.export("toml"));
    assert_eq!(run_back.code, 0, "{run_back}");
    for format in ["toml", "json", "ndjson"] {
        assert_eq!(there.export(format), here.export(format), "{format}");
        assert_eq!(back.export(format), here.export(format), "{format}");
    }
    let mut different = Vec::new();
    for line in READING {
        for format in ["table", "json", "ndjson", "csv", "tsv", "ids"] {
            let line = format!("{line} -o {format}");
            let (here, there) = (run(&here, &line), run(&there, &line));
            if here.to_string() != there.to_string() {
                different.push(format!("{line}\n{here}{there}"));
            }
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
