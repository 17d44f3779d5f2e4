//! How often a command and the server speak: over a network each message is a wait.

use std::process::Command;

use super::database_with_store;
use super::server::{BOSS, server};
use super::support::{CONNCTL, Sandbox, example};

/// How many messages a command sends to the server.
pub fn messages(sandbox: &Sandbox, line: &str) -> usize {
    let mut strace = Command::new("strace");
    sandbox.seal(&mut strace);
    strace
        .args(["-f", "-o", "calls", "-e", "trace=sendto", CONNCTL])
        .args(line.split(' '));
    let run = sandbox.finish(&mut strace);
    assert_eq!(run.code, 0, "{line}: {run}");
    let calls = std::fs::read_to_string(sandbox.path("calls")).unwrap();
    calls
        .lines()
        .filter(|call| call.contains("sendto("))
        .count()
}

#[test]
#[ignore = "needs postgresql and strace"]
fn commands_need_few_messages() {
    let database = database_with_store("messages");
    let url = format!("{}?schema=messages", server().url(BOSS, &database));
    let sandbox = Sandbox::at(&url);
    let run = sandbox.run(&["import", &example()]);
    assert_eq!(run.code, 0, "{run}");
    let run = sandbox.run(&["add", "spare", "--system", "http", "--env", "testing"]);
    assert_eq!(run.code, 0, "{run}");
    for (line, most) in [
        ("list", 9),
        ("list all -o json", 9),
        ("show tap-slack-prod", 9),
        ("service list", 9),
        ("delete spare --yes", 20),
    ] {
        let messages = messages(&sandbox, line);
        println!("{line}: {messages}");
        assert!((1..=most).contains(&messages), "{line}: {messages}");
    }
}
