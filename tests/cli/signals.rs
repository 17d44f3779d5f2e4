//! Ctrl-C and its like: before the commit a change ends of the signal and nothing has happened,
//! after it the signal makes nobody believe that.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use rusqlite::Connection;

use crate::access::{arguments_of, changing_commands, with_work};
use crate::support::running::{Running, SIGNALS, wait_until};
use crate::support::terminal::CTRL_C;
use crate::support::{Run, Sandbox, connctl_on_path, in_file};

/// Longer than any test has patience.
const WAIT_FOR_LOCKS: &str = "busy_timeout = \"60s\"\n";

/// A connector of the shop that nothing refers to, in testing.
const FREE: &str = "shop-test";

/// Takes the lock of the store; it is given back when the connection goes.
fn lock(sandbox: &Sandbox) -> Connection {
    let connection = Connection::open(sandbox.path("store.db")).unwrap();
    connection.execute_batch("BEGIN EXCLUSIVE").unwrap();
    connection
}

/// Makes every deletion of a connector, or every new ciphertext, take long within the engine.
fn slow_down(sandbox: &Sandbox, event: &str) {
    let connection = Connection::open(sandbox.path("store.db")).unwrap();
    let trigger = format!(
        "CREATE TRIGGER slow AFTER {event} BEGIN
             SELECT (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
                                             WHERE i < 300000000) SELECT max(i) FROM n);
         END"
    );
    connection.execute_batch(&trigger).unwrap();
}

/// It ended of this signal, at once, and says that nothing was changed.
fn assert_died(run: &Run, signal: Signal, sent: Instant) {
    let took = sent.elapsed();
    assert_eq!(run.signal, Some(signal as i32), "{signal} {run}");
    assert!(took < Duration::from_secs(5), "{took:?} {run}");
    assert!(run.stdout.is_empty(), "{run}");
}

/// Sends the signal and expects the run to end of it.
fn dies(mut running: Running, signal: Signal) {
    let sent = Instant::now();
    running.send(signal);
    assert_died(&running.end(), signal, sent);
}

#[test]
fn whoever_waits_for_a_lock_ends_at_once() {
    in_file();
    let sandbox = with_work();
    sandbox.configure(WAIT_FOR_LOCKS);
    let before = (sandbox.content(), sandbox.trail());
    let commands: Vec<_> = changing_commands()
        .map(|(command, _)| command)
        .filter(|command| *command != "key init")
        .collect();
    assert!(commands.len() > 15, "{commands:?}");
    for signal in SIGNALS {
        let lock = lock(&sandbox);
        let mut all: Vec<_> = commands
            .iter()
            .map(|command| sandbox.start(&arguments_of(command, &sandbox)))
            .collect();
        for running in &mut all {
            running.has_open("store.db");
        }
        // Most wait by now. Whoever does not ends of the signal as well.
        std::thread::sleep(Duration::from_millis(300));
        let sent = Instant::now();
        for running in &mut all {
            running.send(signal);
        }
        for (running, command) in all.into_iter().zip(&commands) {
            let run = running.end();
            assert_eq!(run.signal, Some(signal as i32), "{command} {signal} {run}");
            assert!(run.stdout.is_empty(), "{command} {run}");
        }
        let took = sent.elapsed();
        assert!(took < Duration::from_secs(10), "{took:?}");
        drop(lock);
    }
    assert_eq!((sandbox.content(), sandbox.trail()), before);
}

#[test]
fn whoever_waits_for_a_lock_alone_ends_within_a_moment() {
    in_file();
    let sandbox = Sandbox::with_shop();
    sandbox.configure(WAIT_FOR_LOCKS);
    for arguments in [&["delete", FREE, "--yes"][..], &["list"]] {
        for signal in SIGNALS {
            let lock = lock(&sandbox);
            let mut running = sandbox.start(arguments);
            running.has_open("store.db");
            std::thread::sleep(Duration::from_millis(300));
            let sent = Instant::now();
            running.send(signal);
            let run = running.end();
            let took = sent.elapsed();
            assert_eq!(run.signal, Some(signal as i32), "{signal} {run}");
            assert!(took < Duration::from_secs(2), "{took:?} {run}");
            drop(lock);
        }
    }
    assert_eq!(sandbox.run(&["show", FREE]).code, 0);
}

#[test]
fn a_yes_and_then_ctrl_c_while_the_store_is_locked_changes_nothing() {
    in_file();
    let sandbox = Sandbox::with_shop();
    sandbox.configure(WAIT_FOR_LOCKS);
    let before = sandbox.content();
    let mut terminal = sandbox.terminal("sh -c 'echo process $$; exec connctl delete shop-test'");
    terminal.number_after("process ");
    terminal.wait_for("Delete it? [y/N] ");
    let lock = lock(&sandbox);
    terminal.press("y\r").wait_for("\n");
    std::thread::sleep(Duration::from_millis(300));
    terminal.press(CTRL_C);
    let ended = terminal.end();
    drop(lock);
    assert_eq!(ended.code, 130, "{}", ended.shown);
    assert_eq!(sandbox.content(), before);
}

#[test]
fn a_question_ends_of_the_signal() {
    let sandbox = Sandbox::with_shop();
    let before = sandbox.content();
    for (arguments, question) in [
        (&["delete", FREE][..], "[y/N] "),
        (&["delete", "shop-old"], "to delete it: "),
        (&["delete"], "[ ] shop-old"),
        (&["secret", "set", FREE, "key"], "(not shown): "),
    ] {
        for signal in SIGNALS {
            let mut session = sandbox.on_terminal(arguments);
            session.exp_string(question).unwrap();
            session.process_mut().signal(signal).unwrap();
            let shown = session.exp_eof().unwrap();
            let status = session.process().wait().unwrap();
            assert!(
                matches!(status, rexpect::process::WaitStatus::Signaled(_, by, _) if by == signal),
                "{arguments:?} {signal}: {status:?} {shown}"
            );
        }
    }
    assert_eq!(sandbox.content(), before);
}

#[test]
fn ctrl_c_at_a_question_ends_the_loop_around_it() {
    let sandbox = Sandbox::with_shop();
    let before = sandbox.content();
    let mut command = std::process::Command::new("bash");
    sandbox.seal(&mut command);
    let script = "for id in shop-test shop-old files; do connctl delete $id; done; echo after";
    command
        .env("PATH", connctl_on_path())
        .env("NO_COLOR", "1")
        .args(["-c", script]);
    let mut session = rexpect::session::spawn_command(command, Some(30_000)).unwrap();
    session.exp_string("[y/N] ").unwrap();
    session.send(CTRL_C).unwrap();
    session.flush().unwrap();
    let shown = session.exp_eof().unwrap();
    assert!(!shown.contains("after"), "{shown}");
    assert!(!shown.contains("delete"), "{shown}");
    assert_eq!(sandbox.content(), before);
}

#[test]
fn an_import_that_waits_for_its_input_ends_at_once() {
    let sandbox = Sandbox::with_shop();
    let before = (sandbox.content(), sandbox.trail());
    for signal in SIGNALS {
        for (arguments, input) in [
            (
                &["import", "-", "--format", "ndjson"][..],
                "{\"type\":\"connector\",\"id\":\"new\",\"system\":\"s\",\"environment\":\"live\"}\n",
            ),
            (&["import", "-", "--format", "toml"], "[[connectors]]\n"),
            (&["delete", "-", "--yes"], "shop-test\n"),
            (&["service", "delete", "-", "--yes"], "orders\n"),
            (&["run", "-", "--yes"], "[{"),
            (&["secret", "set", FREE, "key=-"], "half a val"),
        ] {
            let mut running = sandbox.start(arguments);
            running.input(input);
            std::thread::sleep(Duration::from_millis(150));
            dies(running, signal);
        }
    }
    assert_eq!((sandbox.content(), sandbox.trail()), before);
}

#[test]
fn a_change_that_takes_long_in_the_engine_ends_at_once() {
    in_file();
    let sandbox = Sandbox::with_secret("value");
    let second = sandbox.other_identity("other.txt");
    let before = (sandbox.content(), sandbox.trail());
    slow_down(&sandbox, "DELETE ON connectors");
    for arguments in [
        &["delete", "bare", "--yes"][..],
        &["prune", "testing", "--system", "http", "--yes"],
    ] {
        for signal in SIGNALS {
            let mut running = sandbox.start(arguments);
            running.has_open("store.db-journal");
            dies(running, signal);
        }
    }
    for event in ["UPDATE ON secrets", "INSERT ON secrets"] {
        let connection = Connection::open(sandbox.path("store.db")).unwrap();
        connection.execute_batch("DROP TRIGGER slow").unwrap();
        drop(connection);
        slow_down(&sandbox, event);
        let is_update = event.starts_with("UPDATE");
        let arguments = if is_update {
            vec!["key", "add", &second]
        } else {
            vec!["secret", "set", "bare", "new=env:VALUE"]
        };
        for signal in SIGNALS {
            let mut running = sandbox.start(&arguments);
            running.has_open("store.db-journal");
            dies(running, signal);
        }
    }
    assert_eq!((sandbox.content(), sandbox.trail()), before);
}

#[test]
fn a_signal_while_the_store_is_compacted_loses_nothing() {
    in_file();
    let sandbox = Sandbox::with_secret("value");
    let grow = Connection::open(sandbox.path("store.db")).unwrap();
    let sql = "UPDATE connectors SET note = hex(zeroblob(8 << 20)) WHERE id = 'bare'";
    assert_eq!(grow.execute(sql, []).unwrap(), 1);
    drop(grow);
    let before = sandbox.store_bytes();
    for signal in SIGNALS {
        // The change is made and the erasing of what it left is not.
        let set: &[&str] = &["secret", "delete", "pay", "api_key", "--yes"];
        for arguments in [set, &["compact"]] {
            for milliseconds in [0, 20, 60, 120, 240] {
                sandbox.write("store.db", &before);
                let mut running = sandbox.start(arguments);
                running.has_open("store.db");
                std::thread::sleep(Duration::from_millis(milliseconds));
                running.send(signal);
                let run = running.end();
                let names = sandbox.run(&["secret", "list", "pay", "-o", "ids"]);
                let is_done = names.stdout.is_empty();
                let case = format!("{arguments:?} {signal} after {milliseconds} ms: {run}");
                match run.signal {
                    Some(by) => {
                        assert_eq!(by, signal as i32, "{case}");
                        assert!(!is_done, "{case}");
                    }
                    None => {
                        assert_eq!(run.code, 0, "{case}");
                        assert_eq!(is_done, arguments == set, "{case}");
                    }
                }
                let verified = sandbox.run(&["audit", "verify"]);
                assert_eq!(verified.code, 0, "{case} {verified}");
            }
        }
    }
}

#[test]
fn after_the_commit_a_signal_ends_the_hook_and_not_the_report() {
    for signal in SIGNALS {
        for count in [1, 2] {
            let sandbox = Sandbox::with_shop();
            sandbox.configure(
                "[hooks]\non_change = [\"sh\", \"-c\", \"touch started; sleep 20; touch woke\"]\n",
            );
            let mut running = sandbox.start(&["delete", FREE, "--yes", "-o", "ids"]);
            wait_until("the hook runs", || sandbox.path("started").exists());
            let sent = Instant::now();
            for _ in 0..count {
                running.send(signal);
                std::thread::sleep(Duration::from_millis(50));
            }
            let run = running.end();
            assert!(sent.elapsed() < Duration::from_secs(5), "{run}");
            assert_eq!((run.code, run.signal), (0, None), "{signal} {run}");
            assert_eq!(run.stdout, "shop-test\n", "{run}");
            assert!(run.stderr.contains("1 connector was deleted."), "{run}");
            assert!(run.stderr.contains("warning: the hook"), "{run}");
            assert!(!sandbox.path("woke").exists());
            assert_eq!(sandbox.run(&["show", FREE]).code, 4);
        }
    }
}

#[test]
fn after_the_commit_a_signal_does_not_cut_the_report() {
    in_file();
    // More than a pipe holds.
    let ids: Vec<_> = (0..1_500).map(|number| format!("c{number:060}")).collect();
    let file: String = ids
        .iter()
        .map(|id| {
            format!(
                "{{\"type\":\"connector\",\"id\":\"{id}\",\"system\":\"s\",\"environment\":\"testing\"}}\n"
            )
        })
        .collect();
    for signal in SIGNALS {
        let sandbox = Sandbox::with_shop();
        let run = sandbox.run_with_input(&["import", "-", "--format", "ndjson"], &file);
        assert_eq!(run.code, 0, "{run}");
        let prune = ["prune", "testing", "--system", "s", "--yes", "-o", "ids"];
        let mut running = sandbox.start(&prune);
        wait_until("they are gone", || {
            let run = sandbox.run(&["show", &ids[0]]);
            run.code == 4
        });
        running.send(signal);
        std::thread::sleep(Duration::from_millis(100));
        running.send(signal);
        let run = running.end();
        assert_eq!((run.code, run.signal), (0, None), "{signal} {}", run.stderr);
        assert_eq!(run.stdout.lines().count(), ids.len());
        assert!(run.stderr.contains("1500 connectors were deleted."));
    }
}

#[test]
fn a_signal_that_is_to_be_ignored_is_ignored() {
    let sandbox = Sandbox::with_shop();
    let run = sandbox.shell(
        "trap '' HUP
         (sleep 0.3; printf 'shop-test\\n') | connctl delete - --yes -o ids &
         sleep 0.1; kill -HUP $!; wait $!",
    );
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.run(&["show", FREE]).code, 4);
}
