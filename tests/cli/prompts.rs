//! What is asked, and answered, on a terminal: before deleting, and for the value of a secret.

use crate::support::Sandbox;
use crate::support::terminal::{
    BACKSPACE, CTRL_A, CTRL_C, CTRL_D, CTRL_U, DOWN, ENTER, ESC, Ended, PAGE_DOWN, Terminal, UP,
    terminate,
};

/// A testing connector of the example that no service refers to.
const TESTING: &str = "tap-github-userdev";

/// Another one.
const OTHER_TESTING: &str = "tap-snowflake-userdev";

/// What a terminal is sent to show a screen of its own to a program, and to show the usual one again.
const OWN_SCREEN: &str = "\u{1b}[?1049h";
const USUAL_SCREEN: &str = "\u{1b}[?1049l";

/// A live connector of the example that no service refers to.
const LIVE: &str = "tap-github-prod";

/// A name that tries to obey rather than to be shown, as TOML.
const EVIL_NAME: &str = r"evil\u001B[2Jname\nline\u202E";

/// The same as people see it.
const EVIL_NAME_SHOWN: &str = r"evil\u{1b}[2Jname\nline\u{202e}";

fn asks_to_delete(terminal: &mut Terminal) -> &mut Terminal {
    terminal.wait_for("will be deleted permanently:")
}

fn assert_ended(ended: &Ended, code: i32, message: &str) {
    assert_eq!(ended.code, code, "{}", ended.shown);
    assert!(ended.shown.contains(message), "{}", ended.shown);
}

fn assert_exists(sandbox: &Sandbox, id: &str) {
    let run = sandbox.run(&["show", id]);
    assert_eq!(run.code, 0, "{run}");
}

fn assert_gone(sandbox: &Sandbox, id: &str) {
    let run = sandbox.run(&["show", id]);
    assert_eq!(run.code, 4, "{run}");
}

/// Lets another process run while the question for a testing connector stands open, then says yes.
fn agree_after(sandbox: &Sandbox, ids: &str, meanwhile: &[&str]) -> (Ended, String) {
    let mut terminal = sandbox.terminal(&format!("connctl delete {ids}"));
    terminal.wait_for("[y/N] ");
    let run = sandbox.run(meanwhile);
    assert_eq!(run.code, 0, "{run}");
    let store = sandbox.content();
    let ended = terminal.press("y").press(ENTER).end();
    (ended, store)
}

/// A file of testing connectors that nothing refers to: c01, c02 and so on.
fn many(count: usize) -> String {
    (1..=count)
        .map(|number| {
            format!(
                "[[connectors]]\nid = \"c{number:02}\"\nsystem = \"http\"\n\
                 environment = \"testing\"\n"
            )
        })
        .collect()
}

#[test]
fn enter_esc_ctrl_d_and_no_decline() {
    let sandbox = Sandbox::with_example();
    let before = sandbox.content();
    for keys in [ENTER, ESC, CTRL_D, "n\r", "yep\r", "y\u{1b}"] {
        let mut terminal = sandbox.terminal(&format!("connctl delete {TESTING}"));
        terminal.wait_for("Delete it? [y/N] ").press(keys);
        assert_ended(&terminal.end(), 3, "declined; nothing was changed");
        assert_eq!(sandbox.content(), before, "{keys:?}");
    }
}

#[test]
fn yes_deletes_a_testing_connector() {
    for yes in ["y", "YES"] {
        let sandbox = Sandbox::with_example();
        let mut terminal = sandbox.terminal(&format!("connctl delete {TESTING}"));
        terminal
            .wait_for("This connector will be deleted permanently:")
            .wait_for("ID                  NAME                  SYSTEM  ENVIRONMENT")
            .wait_for("tap-github-userdev  Tap Github (userdev)  github  testing")
            .wait_for("Delete it? [y/N] ")
            .press(yes)
            .press(ENTER);
        assert_ended(&terminal.end(), 0, "1 connector was deleted.");
        assert_gone(&sandbox, TESTING);
    }
}

#[test]
fn a_live_connector_goes_when_its_id_is_typed() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal(&format!("connctl delete {LIVE}"));
    terminal
        .wait_for(&format!("It is live. Type {LIVE} to delete it: "))
        .press(LIVE)
        .press(ENTER);
    assert_ended(&terminal.end(), 0, "1 connector was deleted.");
    assert_gone(&sandbox, LIVE);
}

#[test]
fn anything_but_the_id_of_a_live_connector_declines() {
    let sandbox = Sandbox::with_example();
    let before = sandbox.content();
    let wrong = format!("what was typed is not {LIVE}; nothing was changed");
    let no = "declined; nothing was changed";
    for (keys, message) in [
        ("y\r", wrong.as_str()),
        ("1\r", &wrong),
        ("TAP-GITHUB-PROD\r", &wrong),
        ("\r", no),
        ("n\r", no),
        ("tap-github-prod\u{4}", no),
    ] {
        let mut terminal = sandbox.terminal(&format!("connctl delete {LIVE}"));
        terminal.wait_for("to delete it: ").press(keys);
        assert_ended(&terminal.end(), 3, message);
        assert_eq!(sandbox.content(), before, "{keys:?}");
    }
}

#[test]
fn several_of_which_one_is_live_go_when_their_number_is_typed() {
    let sandbox = Sandbox::with_example();
    let line = format!("connctl delete {LIVE} {TESTING}");
    let question = "1 of them is live. Type the number of all, 2, to delete them: ";

    let mut terminal = sandbox.terminal(&line);
    terminal.wait_for(question).press("1\r");
    assert_ended(&terminal.end(), 3, "what was typed is not 2;");
    assert_exists(&sandbox, LIVE);
    assert_exists(&sandbox, TESTING);

    let mut terminal = sandbox.terminal(&line);
    terminal.wait_for(question).press("2\r");
    assert_ended(&terminal.end(), 0, "2 connectors were deleted.");
    assert_gone(&sandbox, LIVE);
    assert_gone(&sandbox, TESTING);
}

#[test]
fn typing_mistakes_can_be_taken_back() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal(&format!("connctl delete {LIVE}"));
    terminal
        .wait_for("to delete it: ")
        .press("something else, 東京")
        .press(CTRL_U)
        .press("tap-githuc")
        .press(BACKSPACE)
        .press("b-prod")
        .press(ENTER);
    assert_ended(&terminal.end(), 0, "1 connector was deleted.");
}

#[test]
fn what_is_taken_back_leaves_the_screen() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal(&format!("connctl delete {LIVE}"));
    terminal
        .wait_for("to delete it: ")
        .press("ab東")
        .press(BACKSPACE)
        .wait_for("ab東\u{1b}[2D\u{1b}[0K")
        .press(CTRL_U)
        .wait_for("\u{1b}[2D\u{1b}[0K")
        .press(BACKSPACE)
        .press(ESC);
    let ended = terminal.end();
    assert_ended(&ended, 3, "declined");
    assert_eq!(
        ended.shown.matches("\u{1b}[0K").count(),
        2,
        "{ended_shown:?}",
        ended_shown = ended.shown
    );
}

#[test]
fn what_was_typed_before_the_question_is_no_answer() {
    let sandbox = Sandbox::with_example();
    // The shell takes the first line; the second one waits in the terminal when connctl starts.
    let mut terminal =
        sandbox.terminal(&format!("echo ready; read line; connctl delete {TESTING}"));
    terminal
        .wait_for("ready")
        .press("\ny\n")
        .wait_for("[y/N] ")
        .press(ENTER);
    assert_ended(&terminal.end(), 3, "declined");
    assert_exists(&sandbox, TESTING);
}

#[test]
fn ctrl_c_leaves_the_store_and_the_terminal_as_they_were() {
    let sandbox = Sandbox::with_example();
    let before = sandbox.content();
    for (id, question) in [(TESTING, "[y/N] "), (LIVE, "to delete it: ")] {
        let mut terminal = sandbox.terminal(&format!("connctl delete {id}"));
        terminal.wait_for(question);
        assert!(!terminal.echoes());
        terminal.press("y").press(CTRL_C);
        assert_ended(&terminal.end(), 130, "interrupted");
        assert!(terminal.echoes());
        assert_eq!(sandbox.content(), before);
    }
}

#[test]
fn a_signal_leaves_the_store_and_the_terminal_as_they_were() {
    let sandbox = Sandbox::with_example();
    let before = sandbox.content();
    for (arguments, question) in [(TESTING, "[y/N] "), ("", "target-yaml-prod ")] {
        let line = format!("sh -c 'echo process $$; exec connctl delete {arguments}'");
        let mut terminal = sandbox.terminal(&line);
        let process = terminal.number_after("process ");
        terminal.wait_for(question);
        terminate(process);
        assert_ended(&terminal.end(), 143, "interrupted");
        assert_eq!(sandbox.content(), before);
    }
}

#[test]
fn ids_come_from_the_pipe_and_the_answer_from_the_terminal() {
    let sandbox = Sandbox::with_example();
    let line = format!("printf '%s\\n' {TESTING} {OTHER_TESTING} | connctl delete -");

    // Had the answer been taken from the pipe, this would end by itself.
    let mut terminal = sandbox.terminal(&line);
    terminal.wait_for("Delete them? [y/N] ").press("n\r");
    assert_ended(&terminal.end(), 3, "declined");
    assert_exists(&sandbox, TESTING);

    let mut terminal = sandbox.terminal(&line);
    terminal.wait_for("Delete them? [y/N] ").press("y\r");
    assert_ended(&terminal.end(), 0, "2 connectors were deleted.");
    assert_gone(&sandbox, TESTING);
    assert_gone(&sandbox, OTHER_TESTING);
}

#[test]
fn no_answer_is_taken_from_a_pipe() {
    let sandbox = Sandbox::with_example();
    let before = sandbox.content();
    for (argument, input) in [(TESTING, "y\n"), ("-", "tap-github-userdev\n")] {
        let run = sandbox.run_with_input(&["delete", argument], input);
        assert_eq!(run.code, 2, "{run}");
        assert_eq!(sandbox.content(), before);
    }
}

#[test]
fn nobody_is_asked_where_the_question_would_not_be_seen() {
    let sandbox = Sandbox::with_example();
    let before = sandbox.content();
    for line in [
        format!("connctl delete {TESTING} --no-input"),
        format!("echo {TESTING} | connctl delete - --no-input"),
        format!("connctl delete {TESTING} < /dev/null"),
        format!("connctl delete {TESTING} 2> message; code=$?; cat message; (exit $code)"),
    ] {
        let ended = sandbox.terminal(&line).end();
        assert_ended(&ended, 2, "give --yes to delete without being asked");
        assert_eq!(sandbox.content(), before, "{line}");
    }
    let ended = sandbox.terminal("connctl delete --no-input").end();
    assert_ended(&ended, 2, "no connector was named");
}

#[test]
fn a_terminal_that_only_writes_on_is_sent_no_escape() {
    let sandbox = Sandbox::with_example();
    let ended = sandbox.terminal("TERM=dumb connctl delete").end();
    assert_ended(&ended, 2, "no connector was named; nothing was deleted");
    assert!(!ended.shown.contains('\u{1b}'), "{}", ended.shown);
    // A correction in the row, then one of more than a row, then the answer.
    let mut terminal = sandbox.terminal_of_width(50, &format!("TERM=dumb connctl delete {LIVE}"));
    terminal
        .wait_for("to delete it: ")
        .press("xy")
        .press(BACKSPACE)
        .wait_for("xy\u{8} \u{8}")
        .press(&"z".repeat(60))
        .press(CTRL_U)
        .wait_for("zzz\r\nIt is live. Type tap-github-prod to delete it: ")
        .press(LIVE)
        .press(ENTER);
    let ended = terminal.end();
    assert_ended(&ended, 0, "1 connector was deleted.");
    assert!(!ended.shown.contains('\u{1b}'), "{}", ended.shown);
}

#[test]
fn a_question_keeps_to_the_terminal_and_is_answered_behind_its_last_line() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal_of_width(30, &format!("connctl delete {LIVE}"));
    terminal
        .wait_for("It is live. Type\r\ntap-github-prod to delete it: ")
        .press("tap-github-prox")
        .press(BACKSPACE)
        .press("d")
        .press(ENTER);
    assert_ended(&terminal.end(), 0, "deleted");
    assert_gone(&sandbox, LIVE);
    let mut terminal = sandbox.terminal_of_width(30, "connctl delete");
    terminal
        .wait_for("Space marks, Ctrl-A all,")
        .wait_for("\nEnter goes on, Esc leaves;")
        .wait_for("\ntype to filter.")
        .press(ESC);
    assert_ended(&terminal.end(), 3, "nothing was chosen");
}

#[test]
fn the_picker_offers_what_can_go_and_deletes_what_is_marked() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal("connctl delete");
    terminal
        .wait_for("live connectors that are in use or protected are not offered; for testing ones: --env testing")
        .wait_for("> [ ] tap-github-prod ")
        .wait_for("  [ ] tap-snowflake-prod ")
        .wait_for("  [ ] target-yaml-metrics-legacy-prod ")
        .wait_for("  [ ] target-yaml-prod ")
        .press(" ")
        .wait_for("> [x] tap-github-prod ")
        .press(DOWN)
        .wait_for("> [ ] tap-snowflake-prod ")
        .press(" ")
        .wait_for("> [x] tap-snowflake-prod ")
        .press(ENTER);
    asks_to_delete(&mut terminal)
        .wait_for("tap-github-prod ")
        .wait_for("tap-snowflake-prod ")
        .wait_for("All are live. Type their number, 2, to delete them: ")
        .press("2\r");
    assert_ended(&terminal.end(), 0, "2 connectors were deleted.");
    assert_gone(&sandbox, "tap-github-prod");
    assert_gone(&sandbox, "tap-snowflake-prod");
    assert_exists(&sandbox, "target-yaml-prod");
}

#[test]
fn the_picker_offers_the_environment_that_was_asked_for() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal("connctl delete --env testing");
    terminal
        .wait_for("> [ ] tap-github-userdev ")
        .press(CTRL_A)
        .wait_for("> [x] tap-github-userdev ")
        .press(ENTER)
        .wait_for("These 4 connectors will be deleted permanently:")
        .wait_for("Delete them? [y/N] ")
        .press("y\r");
    assert_ended(&terminal.end(), 0, "4 connectors were deleted.");
    assert_gone(&sandbox, TESTING);
    assert_exists(&sandbox, LIVE);
}

#[test]
fn leaving_the_picker_changes_nothing() {
    let sandbox = Sandbox::with_example();
    let before = sandbox.content();
    let nothing = "nothing was chosen; nothing was changed";
    for (keys, code, message) in [
        (ESC, 3, nothing),
        (ENTER, 3, nothing),
        (CTRL_C, 130, "interrupted"),
    ] {
        let mut terminal = sandbox.terminal("connctl delete");
        terminal.wait_for("  [ ] target-yaml-prod ").press(keys);
        let ended = terminal.end();
        assert_ended(&ended, code, message);
        assert!(ended.shown.contains("\u{1b}[?25l"), "no cursor was hidden");
        assert_eq!(sandbox.content(), before, "{keys:?}");
    }
}

#[test]
fn the_picker_has_nothing_to_offer_where_all_is_in_use() {
    let sandbox = Sandbox::new();
    sandbox.run(&["add", "lonely", "--system", "http", "--env", "testing"]);
    let ended = sandbox.terminal("connctl delete").end();
    assert_ended(&ended, 4, "there is no connector to choose from");
}

#[test]
fn the_picker_finds_what_is_typed_and_keeps_what_is_marked() {
    let sandbox = Sandbox::new();
    sandbox.write("many.toml", many(40));
    let run = sandbox.run(&["import", "many.toml"]);
    assert_eq!(run.code, 0, "{run}");
    let mut terminal = sandbox.terminal_of_size(10, 80, "connctl delete --env testing");
    terminal
        .wait_for("0 marked, 40 found. Filter: ")
        .wait_for("> [ ] c01 ");
    terminal.press(UP).wait_for("> [ ] c40 ");
    terminal.press(DOWN).wait_for("> [ ] c01 ");
    terminal.press(PAGE_DOWN).wait_for("> [ ] c07 ");
    terminal.press(" ").wait_for("1 marked, 40 found");
    terminal
        .press("C3")
        .wait_for("1 marked, 10 found. Filter: C3")
        .wait_for("> [ ] c30 ");
    terminal
        .press("\t")
        .wait_for("2 marked")
        .wait_for("> [ ] c31 ");
    terminal
        .press("zz")
        .wait_for("0 found. Filter: C3zz")
        .wait_for("nothing");
    terminal
        .press(CTRL_U)
        .wait_for("2 marked, 40 found. Filter: \u{1b}");
    terminal.press(ENTER);
    terminal
        .wait_for("c07 ")
        .wait_for("c30 ")
        .wait_for("Delete them? [y/N] ")
        .press("y\r");
    assert_ended(&terminal.end(), 0, "2 connectors were deleted.");
    assert_gone(&sandbox, "c07");
    assert_gone(&sandbox, "c30");
}

#[test]
fn the_picker_follows_the_size_of_the_terminal() {
    let sandbox = Sandbox::with_example();
    let line = "tty; connctl delete";
    let mut terminal = sandbox.terminal(line);
    terminal.wait_for("  [ ] target-yaml-metrics-legacy-prod ");
    for (rows, columns) in [(1, 80), (2, 20), (300, 300), (5, 30)] {
        terminal.resize(rows, columns);
        terminal
            .wait_for("\u{1b}[H")
            .wait_for("> [ ] tap-github-pr");
        assert!(!terminal.echoes());
    }
    terminal.press(" ").wait_for("1 marked").press(ENTER);
    terminal.wait_for("to delete it: ").press(ESC);
    assert_ended(&terminal.end(), 3, "declined");
}

#[test]
fn the_picker_lets_others_write_while_it_waits() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal("connctl delete");
    terminal
        .wait_for("4 found")
        .wait_for("  [ ] target-yaml-prod ");
    let run = sandbox.run(&["protect", "tap-github-prod"]);
    assert_eq!(run.code, 0, "{run}");
    terminal.press(" ").wait_for("1 marked").press(ENTER);
    assert_ended(&terminal.end(), 9, "tap-github-prod is protected");
}

#[test]
fn the_picker_leaves_the_terminal_as_it_was_whatever_ends_it() {
    let sandbox = Sandbox::with_example();
    for signal in ["INT", "TERM", "HUP"] {
        let line = "sh -c 'trap - INT; echo process $$; exec connctl delete'";
        let mut terminal = sandbox.terminal(line);
        let process = terminal.number_after("process ");
        terminal.wait_for("  [ ] target-yaml-prod ");
        let sent = sandbox.shell(&format!("kill -{signal} {process}"));
        assert_eq!(sent.code, 0, "{sent}");
        let ended = terminal.end();
        assert_ne!(ended.code, 0);
        assert!(
            ended.shown.rfind(OWN_SCREEN) < ended.shown.rfind(USUAL_SCREEN),
            "{signal}"
        );
    }
}

#[test]
fn the_picker_fits_a_narrow_terminal_and_keeps_its_ids_whole() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal_of_width(30, "connctl delete");
    terminal
        .wait_for("> [ ] tap-github-prod")
        .wait_for("  [ ] target-yaml-metrics-leg")
        .wait_for("      acy-prod\u{1b}")
        .wait_for("  [ ] target-yaml-prod")
        .press(ESC);
    terminal.end();
}

#[test]
fn the_picker_does_without_colour() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal("NO_COLOR=1 connctl delete");
    terminal.wait_for("  [ ] target-yaml-prod ").press(ESC);
    assert!(!terminal.end().shown.contains("\u{1b}[1m>"));
}

#[test]
fn what_will_go_fits_a_narrow_terminal_and_keeps_its_ids_whole() {
    let sandbox = Sandbox::with_example();
    let id = "target-yaml-metrics-legacy-prod";
    let mut terminal = sandbox.terminal_of_width(70, &format!("connctl delete {id}"));
    terminal.wait_for("to delete it: ").press(ESC);
    let shown = terminal.end().shown;
    let lines: Vec<_> = shown.lines().map(str::trim_end).collect();
    assert!(lines.contains(&format!("  {id}").as_str()), "{shown}");
    assert!(lines.contains(&"    environment  live"), "{shown}");
    assert!(
        lines.iter().all(|line| line.chars().count() <= 70),
        "{shown}"
    );
}

#[test]
fn no_name_can_steer_the_terminal() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "evil.toml",
        format!(
            "[[connectors]]\nid = \"evil\"\nname = \"{EVIL_NAME}\"\nsystem = \"http\"\n\
             environment = \"testing\"\n"
        ),
    );
    let run = sandbox.run(&["import", "evil.toml"]);
    assert_eq!(run.code, 0, "{run}");
    let mut terminal = sandbox.terminal("connctl delete --env testing");
    terminal
        .wait_for("> [ ] evil  ")
        .wait_for(EVIL_NAME_SHOWN)
        .press(" ")
        .wait_for("> [x] ")
        .press(ENTER);
    asks_to_delete(&mut terminal)
        .wait_for(EVIL_NAME_SHOWN)
        .wait_for("[y/N] ")
        .press("y\r");
    let ended = terminal.end();
    assert_ended(&ended, 0, "1 connector was deleted.");
    assert!(!ended.shown.contains("\u{1b}[2J"), "{:?}", ended.shown);
    assert!(!ended.shown.contains('\u{202e}'), "{:?}", ended.shown);
}

#[test]
fn what_is_typed_cannot_steer_the_terminal() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal(&format!("connctl delete {LIVE}"));
    terminal
        .wait_for("to delete it: ")
        .press("a\u{7}b\u{202e}c\r");
    let ended = terminal.end();
    assert_ended(&ended, 3, "to delete it: abc");
}

#[test]
fn of_many_the_first_twenty_are_shown_and_the_rest_counted() {
    let sandbox = Sandbox::new();
    sandbox.write("many.toml", many(25));
    let run = sandbox.run(&["import", "many.toml"]);
    assert_eq!(run.code, 0, "{run}");
    let mut terminal = sandbox.terminal("connctl list testing -o ids | connctl delete -");
    terminal
        .wait_for("These 25 connectors will be deleted permanently:")
        .wait_for("Delete them? [y/N] ")
        .press("n\r");
    let shown = terminal.end().shown;
    let rows =
        |from: usize, to: usize| (from..=to).all(|n| shown.contains(&format!("  c{n:02}  ")));
    assert!(rows(1, 20), "{shown}");
    assert!(!shown.contains("c21"), "{shown}");
    assert!(shown.contains("  … and 5 more\r\n"), "{shown}");
}

#[test]
fn a_service_added_while_the_question_stands_open_saves_the_connector() {
    let sandbox = Sandbox::with_example();
    let add = [
        "service",
        "add",
        "late",
        "--source",
        TESTING,
        "--destination",
        OTHER_TESTING,
    ];
    let (ended, store) = agree_after(&sandbox, TESTING, &add);
    assert_ended(&ended, 5, "is in use by 1 service and was not deleted");
    assert_eq!(sandbox.content(), store);
}

#[test]
fn a_connector_edited_while_the_question_stands_open_stays() {
    let sandbox = Sandbox::with_example();
    let edit = ["edit", TESTING, "--note", "still needed"];
    let ids = format!("{OTHER_TESTING} {TESTING}");
    let (ended, store) = agree_after(&sandbox, &ids, &edit);
    let message = format!(
        "1 connector has changed since you looked, or is gone: {TESTING}; nothing was deleted"
    );
    assert_ended(&ended, 7, &message);
    assert_eq!(sandbox.content(), store);
}

#[test]
fn a_connector_added_anew_while_the_question_stands_open_stays() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal(&format!("connctl delete {TESTING}"));
    terminal.wait_for("[y/N] ");
    let run = sandbox.run(&["delete", TESTING, "--yes"]);
    assert_eq!(run.code, 0, "{run}");
    let add = ["add", TESTING, "--system", "github", "--env", "testing"];
    let run = sandbox.run(&add);
    assert_eq!(run.code, 0, "{run}");
    terminal.press("y\r");
    assert_ended(&terminal.end(), 7, "has changed since you looked");
    assert_exists(&sandbox, TESTING);
}

#[test]
fn a_connector_deleted_while_the_question_stands_open_is_missed() {
    let sandbox = Sandbox::with_example();
    let delete = ["delete", TESTING, "--yes"];
    let ids = format!("{OTHER_TESTING} {TESTING}");
    let (ended, store) = agree_after(&sandbox, &ids, &delete);
    assert_ended(&ended, 4, &format!("connector {TESTING} does not exist"));
    assert_eq!(sandbox.content(), store);
    assert_exists(&sandbox, OTHER_TESTING);
}

#[test]
fn others_can_work_while_a_question_stands_open() {
    let sandbox = Sandbox::with_example();
    let meanwhile = ["add", "new", "--system", "http", "--env", "testing"];
    let (ended, _) = agree_after(&sandbox, TESTING, &meanwhile);
    assert_ended(&ended, 0, "1 connector was deleted.");
    assert_exists(&sandbox, "new");
}

#[test]
fn a_service_is_live_if_any_of_its_connectors_is() {
    let sandbox = Sandbox::with_example();
    let mixed = [
        "service",
        "add",
        "mixed",
        "--source",
        TESTING,
        "--destination",
        LIVE,
    ];
    let run = sandbox.run(&mixed);
    assert_eq!(run.code, 0, "{run}");
    let mut terminal = sandbox.terminal("connctl service delete mixed");
    terminal
        .wait_for("This service will be deleted permanently:")
        .wait_for("It is live. Type mixed to delete it: ")
        .press("mixed\r");
    assert_ended(&terminal.end(), 0, "1 service was deleted.");
    assert_eq!(sandbox.run(&["service", "show", "mixed"]).code, 4);
    assert_exists(&sandbox, LIVE);
}

#[test]
fn a_testing_service_goes_with_a_yes_and_stays_otherwise() {
    let sandbox = Sandbox::with_example();
    let before = sandbox.content();
    for (keys, code) in [(ENTER, 3), (ESC, 3), (CTRL_C, 130)] {
        let mut terminal = sandbox.terminal("connctl service delete slack-el-userdev");
        terminal.wait_for("Delete it? [y/N] ").press(keys);
        assert_eq!(terminal.end().code, code);
        assert_eq!(sandbox.content(), before, "{keys:?}");
    }
    let mut terminal = sandbox.terminal("connctl service delete slack-el-userdev");
    terminal.wait_for("Delete it? [y/N] ").press("y\r");
    assert_ended(&terminal.end(), 0, "1 service was deleted.");
}

#[test]
fn a_service_edited_while_the_question_stands_open_stays() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal("connctl service delete slack-el-userdev");
    terminal.wait_for("[y/N] ");
    let run = sandbox.run(&["service", "activate", "slack-el-userdev"]);
    assert_eq!(run.code, 0, "{run}");
    terminal.press("y\r");
    assert_ended(&terminal.end(), 7, "1 service has changed since you looked");
    assert_eq!(
        sandbox.run(&["service", "show", "slack-el-userdev"]).code,
        0
    );
}

#[test]
fn services_can_be_picked() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal("connctl service delete");
    terminal
        .wait_for("> [ ] cloudwatch-el-prod ")
        .wait_for("[ ] slack-el-prod ")
        .press(" ")
        .wait_for("> [x] ")
        .press(ENTER)
        .wait_for("It is live. Type cloudwatch-el-prod to delete it: ")
        .press("cloudwatch-el-prod\r");
    assert_ended(&terminal.end(), 0, "1 service was deleted.");
}

#[test]
fn a_secret_is_typed_twice_and_never_shown() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal(&format!("connctl secret set {TESTING} token"));
    terminal
        .wait_for("(not shown): ")
        .press("hunter23")
        .press(BACKSPACE)
        .press(ENTER)
        .wait_for("The same again: ")
        .press("wrong")
        .press(CTRL_U)
        .press("hunter2\r");
    let ended = terminal.end();
    assert_eq!(ended.code, 0, "{}", ended.shown);
    assert!(!ended.shown.contains("hunter"), "{}", ended.shown);
    let run = sandbox.run(&["show", TESTING, "-o", "json"]);
    assert!(run.stdout.contains("\"token\""), "{run}");
}

#[test]
fn ctrl_c_at_a_secret_changes_nothing() {
    let sandbox = Sandbox::with_example();
    let before = sandbox.content();
    let mut terminal = sandbox.terminal(&format!("connctl secret set {TESTING} token"));
    terminal
        .wait_for("(not shown): ")
        .press("hunter2")
        .press(CTRL_C);
    assert_ended(&terminal.end(), 130, "interrupted");
    assert_eq!(sandbox.content(), before);
}

/// The secret `key` of the connector `a` after this was typed or pasted twice.
fn typed_secret(typed: &str) -> (Ended, Option<String>) {
    let sandbox =
        Sandbox::with("[[connectors]]\nid = \"a\"\nsystem = \"http\"\nenvironment = \"testing\"\n");
    let mut terminal = sandbox.terminal("connctl secret set a key");
    terminal.wait_for("(not shown): ").press(typed);
    if !typed.contains("refuse") {
        terminal.wait_for("The same again: ").press(typed);
    }
    let ended = terminal.end();
    let run = sandbox.run(&["secret", "get", "a", "key"]);
    (ended, (run.code == 0).then_some(run.stdout))
}

#[test]
fn a_hidden_prompt_keeps_exactly_what_was_typed_or_pasted() {
    for (typed, kept) in [
        ("\u{1b}[200~s3cret\u{1b}[201~\r", "s3cret"),
        (
            "\u{1b}[200~s3\u{1b}[201~\u{1b}[200~cret\u{1b}[201~\r",
            "s3cret",
        ),
        ("s\u{1b}[200~3cret\u{1b}[201~\u{7f}t\r", "s3cret"),
        (" 東京\t\u{200d} \r", " 東京\t\u{200d} "),
        ("200~\r", "200~"),
        ("\u{1b}[Ax\u{15}s3cret\r", "s3cret"),
    ] {
        let (ended, secret) = typed_secret(typed);
        assert_eq!(ended.code, 0, "{typed:?}: {}", ended.shown);
        assert_eq!(secret.as_deref(), Some(kept), "{typed:?}");
    }
}

#[test]
fn a_hidden_prompt_refuses_what_it_would_not_keep() {
    for typed in [
        "\u{1b}[200~refuse\rme\u{1b}[201~\r",
        "refuse\rme\r",
        "refuse\u{1}me\r",
        "refuse\u{1b}[Dme\r",
    ] {
        let (ended, secret) = typed_secret(typed);
        assert_eq!(ended.code, 2, "{typed:?}: {}", ended.shown);
        assert!(
            ended.shown.contains("nothing was changed")
                && ended
                    .shown
                    .contains("give key=@FILE, key=env:VARIABLE, or key=- for"),
            "{}",
            ended.shown
        );
        assert_eq!(secret, None);
    }
}

#[test]
fn a_line_that_fills_several_rows_can_be_taken_back() {
    let sandbox = Sandbox::with_example();
    let mut terminal = sandbox.terminal_of_width(20, &format!("connctl delete {LIVE}"));
    let rest = 20 - "delete it: ".len();
    terminal
        .wait_for("delete it: ")
        .press(&"x".repeat(rest + 1))
        .wait_for(&"x".repeat(rest + 1))
        .press(BACKSPACE)
        .wait_for("\u{1b}[1D\u{1b}[0K")
        .press(BACKSPACE)
        .wait_for(&format!("\u{1b}[1A\r\u{1b}[{}C\u{1b}[0J", 20 - 1))
        .press(CTRL_U)
        .press(LIVE)
        .press(ENTER);
    assert_ended(&terminal.end(), 0, "");
    assert_gone(&sandbox, LIVE);
}

#[test]
fn the_picker_needs_no_more_than_a_row() {
    let sandbox = Sandbox::with_example();
    for rows in [1, 2, 3, 300] {
        let mut terminal = sandbox.terminal_of_size(rows, 80, "connctl delete");
        terminal.wait_for("> [ ] tap-github-prod ").press(" ");
        terminal.wait_for("> [x] tap-github-prod ").press(DOWN);
        terminal.wait_for("> [ ] tap-snowflake-prod ").press(ENTER);
        terminal
            .wait_for("Type tap-github-prod to delete it: ")
            .press(ESC);
        assert_ended(&terminal.end(), 3, "declined");
    }
}
