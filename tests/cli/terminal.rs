//! What a terminal is shown of lists, as against a pipe.

use crate::support::Sandbox;

/// The lines that a command line shows on a terminal of so many columns, without colour.
fn lines(sandbox: &Sandbox, columns: u16, line: &str) -> Vec<String> {
    let ended = sandbox.terminal_of_width(columns, line).end();
    assert_eq!(ended.code, 0, "{}", ended.shown);
    let mut lines: Vec<_> = ended
        .shown
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    let last = lines.pop();
    assert!(last.is_some_and(|line| line.starts_with("ended ")));
    lines
}

fn with_evil_name() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "evil.toml",
        r#"
        [[connectors]]
        id = "evil"
        name = "evil\u001B[2J\u009B\u202E"
        system = "http"
        environment = "live"
        "#,
    );
    let run = sandbox.run(&["import", "evil.toml"]);
    assert_eq!(run.code, 0, "{run}");
    sandbox
}

#[test]
fn a_list_says_what_it_leaves_out() {
    let sandbox = Sandbox::with_example();
    let note = |line: &str| {
        let lines = lines(&sandbox, 200, line);
        let is_note = |line: &&String| line.contains("not shown");
        assert!(lines.len() > 1, "{lines:?}");
        (lines.iter().find(is_note).cloned(), lines)
    };
    let (found, lines) = note("connctl list");
    assert_eq!(
        found.as_deref(),
        Some("20 testing connectors not shown; connctl list all")
    );
    assert_eq!(found.as_ref(), lines.last());
    assert_eq!(
        note("connctl list testing --search github").0.as_deref(),
        Some("3 live connectors not shown; connctl list all")
    );
    assert_eq!(note("connctl list all").0, None);
    assert_eq!(note("connctl list --quiet").0, None);
    assert_eq!(note("connctl list | cat").0, None);
    assert_eq!(note("connctl list --used-by slack-el-prod").0, None);
}

#[test]
fn a_table_keeps_to_the_terminal_and_its_ids_are_whole() {
    let sandbox = Sandbox::with_example();
    let ids = sandbox.run(&["list", "-o", "ids"]).stdout;
    for columns in [20, 40, 60, 80, 100, 200] {
        let lines = lines(&sandbox, columns, "connctl list --color never");
        let words: Vec<_> = lines.iter().flat_map(|line| line.split(' ')).collect();
        assert!(ids.lines().all(|id| words.contains(&id)), "{lines:?}");
        for line in &lines {
            let is_alone = !line.contains(' ');
            assert!(line.chars().count() <= columns.into() || is_alone, "{line}");
        }
    }
    let wide = lines(&sandbox, 60, "connctl list all --wide --color never");
    let piped = lines(&sandbox, 60, "connctl list all | cat");
    assert_eq!(wide[..41], piped[..]);
    assert_eq!(wide[41..], ["40 connectors, 8 unused"]);
}

#[test]
fn what_a_narrow_table_leaves_out_is_said_below_it() {
    let sandbox = Sandbox::with_example();
    let wide = lines(&sandbox, 200, "connctl list --color never");
    assert!(wide[0].contains("ENVIRONMENT"), "{wide:?}");
    assert!(
        wide[21].starts_with("20 live connectors, 4 unused"),
        "{wide:?}"
    );
    let narrow = lines(&sandbox, 80, "connctl list --color never");
    assert!(!narrow[0].contains("ENVIRONMENT"), "{narrow:?}");
    assert!(
        narrow[21].starts_with("20 live connectors updated at 20"),
        "{narrow:?}"
    );
    // Where nobody is told, nothing is left out.
    let quiet = lines(&sandbox, 80, "connctl list --color never --quiet");
    assert_eq!(
        quiet.iter().filter(|line| line.ends_with(" live")).count(),
        20,
        "{quiet:?}"
    );
}

#[test]
fn json_is_indented_on_a_terminal_and_compact_in_a_pipe() {
    let sandbox = Sandbox::with_example();
    let pretty = lines(&sandbox, 200, "connctl list --system github -o json");
    assert!(
        pretty.contains(&"    \"id\": \"tap-github-prod\",".to_owned()),
        "{pretty:?}"
    );
    let compact = lines(&sandbox, 200, "connctl list --system github -o json | cat");
    assert!(
        compact
            .iter()
            .any(|line| line.contains("{\"id\":\"tap-github-prod\",")),
        "{compact:?}"
    );
}

#[test]
fn no_format_lets_a_name_steer_the_terminal() {
    let sandbox = with_evil_name();
    for format in ["table", "json", "ndjson", "csv", "tsv"] {
        for command in ["list", "delete evil --dry-run"] {
            let line = format!("connctl {command} --color never -o {format}");
            let shown = lines(&sandbox, 200, &line).join("\n");
            assert!(shown.contains("evil"), "{shown}");
            for character in ['\u{1b}', '\u{9b}', '\u{202e}'] {
                assert!(!shown.contains(character), "{format}: {shown:?}");
            }
        }
    }
}

#[test]
fn what_a_terminal_gets_still_parses() {
    let sandbox = Sandbox::new();
    let name = "👩\u{200d}👧 \u{9b}\u{e0041}\u{200d}\\";
    let run = sandbox.run(&[
        "add", "a", "--system", "http", "--env", "live", "--name", name,
    ]);
    assert_eq!(run.code, 0, "{run}");
    for line in ["list -o json", "list -o ndjson", "show a -o json"] {
        let shown = lines(&sandbox, 200, &format!("connctl {line}")).join("\n");
        assert!(
            shown.contains("👩\u{200d}👧 \\u009b\\udb40\\udc41\\u200d"),
            "{shown}"
        );
        let read: serde_json::Value = serde_json::from_str(&shown).unwrap();
        let object = read.get(0).unwrap_or(&read);
        assert_eq!(object["name"], name);
    }
    for format in ["toml", "json", "ndjson"] {
        let shown = lines(&sandbox, 200, &format!("connctl export --format {format}")).join("\n");
        assert!(!shown.contains(['\u{9b}', '\u{e0041}']), "{shown}");
        let copy = Sandbox::new();
        copy.write("a.copy", shown);
        let run = copy.run(&["import", "a.copy", "--format", format]);
        assert_eq!(run.code, 0, "{run}");
        assert!(
            copy.content().contains("👧 \u{9b}\u{e0041}\u{200d}"),
            "{}",
            copy.content()
        );
    }
}

#[test]
fn a_pipe_gets_names_intact() {
    let sandbox = with_evil_name();
    for format in ["csv", "tsv"] {
        let run = sandbox.run(&["list", "-o", format]);
        assert!(run.stdout.contains("evil\u{1b}[2J\u{9b}\u{202e}"), "{run}");
    }
}
