//! `connctl import --mirror`: what vanished from the platform goes, and nothing else.

use std::fmt::Write;

use snapbox::str;

use crate::support::terminal::{ENTER, Ended};
use crate::support::users::BIN;
use crate::support::{Run, Sandbox};
use crate::{assert_run, assert_text};

/// A file of a mirror with the connectors c1, c2 … but those left out, each used by a service s1,
/// s2 … unless it is a multiple of five.
fn file(count: usize, left_out: &[usize]) -> String {
    let (mut connectors, mut services) = (Vec::new(), Vec::new());
    for number in (1..=count).filter(|number| !left_out.contains(number)) {
        connectors.push(format!(
            r#"{{"id":"c{number}","system":"http","environment":"testing"}}"#
        ));
        if number % 5 > 0 {
            services.push(format!(r#"{{"id":"s{number}","sources":["c{number}"]}}"#));
        }
    }
    format!(
        "{{\"connectors\":[{}],\n\"services\":[{}]}}",
        connectors.join(","),
        services.join(",")
    )
}

fn mirror(sandbox: &Sandbox, file: &str, more: &[&str]) -> Run {
    sandbox.write("platform.json", file);
    let arguments = ["import", "platform.json", "--mirror", "platform"];
    sandbox.run(&[&arguments[..], more].concat())
}

/// A store that mirrors [`file`] of 20.
fn mirrored() -> Sandbox {
    mirrored_of(20)
}

fn mirrored_of(count: usize) -> Sandbox {
    let sandbox = Sandbox::empty();
    let run = mirror(&sandbox, &file(count, &[]), &[]);
    assert_eq!(run.code, 0, "{run}");
    sandbox
}

fn ids(sandbox: &Sandbox) -> String {
    let connectors = sandbox.run(&["list", "all", "-o", "ids"]).stdout;
    let services = sandbox.run(&["service", "list", "-o", "ids"]).stdout;
    (connectors + &services).replace('\n', " ")
}

/// What a run said, but for what is unchanged.
fn without_unchanged(mut run: Run) -> Run {
    let lines = run
        .stdout
        .lines()
        .filter(|line| !line.contains("unchanged"));
    run.stdout = lines.collect::<Vec<_>>().join("\n");
    run
}

/// How many entries the trail has.
fn entries(sandbox: &Sandbox) -> usize {
    sandbox.trail().lines().count()
}

#[test]
fn what_vanished_goes_services_first() {
    let sandbox = mirrored();
    assert_run!(
        mirror(&sandbox, &file(20, &[7]), &["-n"]),
        str![[r#"
exit code: 0
stdout:
  TYPE       ID  OUTCOME       CHANGES
  service    s7  would_delete
  connector  c7  would_delete
stderr:
  Would be imported: 0 connectors added, 0 merged, 19 unchanged, 1 deleted; 0 services added, 0 merged, 15 unchanged, 1 deleted; nothing was changed.

"#]]
    );
    assert_run!(
        without_unchanged(mirror(&sandbox, &file(20, &[7]), &["-n", "-o", "ndjson"])),
        str![[r#"
exit code: 0
stdout:
  {"type":"service","id":"s7","outcome":"would_delete","name":"s7","revision":"[REVISION]"}
  {"type":"connector","id":"c7","outcome":"would_delete","name":"c7","revision":"[REVISION]"}
stderr:

"#]]
    );
    let run = mirror(&sandbox, &file(20, &[7]), &["--yes"]);
    assert_run!(
        run,
        str![[r#"
exit code: 0
stdout:
  TYPE       ID  OUTCOME  CHANGES
  service    s7  deleted
  connector  c7  deleted
stderr:
  Imported: 0 connectors added, 0 merged, 19 unchanged, 1 deleted; 0 services added, 0 merged, 15 unchanged, 1 deleted.

"#]]
    );
    assert!(!ids(&sandbox).contains("c7 ") && !ids(&sandbox).contains("s7 "));
    for id in ["c7", "s7"] {
        let run = sandbox.run(&["audit", "list", "--subject", id, "-o", "json"]);
        assert!(run.stdout.contains(".delete"), "{run}");
    }
    assert_run!(
        without_unchanged(mirror(
            &sandbox,
            &file(20, &[7, 8]),
            &["--yes", "-o", "ndjson"]
        )),
        str![[r#"
exit code: 0
stdout:
  {"type":"service","id":"s8","outcome":"deleted","name":"s8","revision":"[REVISION]"}
  {"type":"connector","id":"c8","outcome":"deleted","name":"c8","revision":"[REVISION]"}
stderr:

"#]]
    );
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let sandbox = Sandbox::empty();
    assert_eq!(sandbox.run(&["key", "init"]).code, 0);
    let file = file(20, &[]).replace(
        r#"{"id":"c3","#,
        r#"{"id":"c3","settings":{"password":"p4ss","url":"u"},"secrets":{"key":"k"},"#,
    );
    let run = mirror(&sandbox, &file, &["--seal"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(!sandbox.content().contains("p4ss"));
    assert_eq!(sandbox.secret("c3", "password"), "p4ss");
    for id in ["c1", "c2", "c3"] {
        let edit = [
            "edit",
            id,
            "--note",
            "ask Kim",
            "--group",
            "g",
            "--expires",
            "2090-01-01",
        ];
        assert_eq!(sandbox.run(&edit).code, 0);
    }
    sandbox.set_secret("c3", "own", "mine");
    let before = (
        sandbox.content(),
        sandbox.run(&["show", "c3", "-o", "json"]).stdout,
    );
    let count = entries(&sandbox);
    for _ in 0..2 {
        let run = mirror(&sandbox, &file, &["--seal"]);
        assert_run!(
            run,
            str![[r#"
exit code: 0
stdout:
stderr:
  Imported: 0 connectors added, 0 merged, 20 unchanged, 0 deleted; 0 services added, 0 merged, 16 unchanged, 0 deleted.

"#]]
        );
    }
    let after = (
        sandbox.content(),
        sandbox.run(&["show", "c3", "-o", "json"]).stdout,
    );
    assert_eq!(after, before);
    assert_eq!(entries(&sandbox), count + 2);
    // What a file names is the file's: settings that somebody made go, and the preview says so.
    let run = sandbox.run(&["edit", "c3", "--set", "extra=1", "--set", "url=v"]);
    assert_eq!(run.code, 0, "{run}");
    assert_run!(
        mirror(&sandbox, &file, &["--seal", "-n"]),
        str![[r#"
exit code: 0
stdout:
  TYPE       ID  OUTCOME  CHANGES
  connector  c3  merged   settings.extra,settings.url
stderr:
  Would be imported: 0 connectors added, 1 merged, 19 unchanged, 0 deleted; 0 services added, 0 merged, 16 unchanged, 0 deleted; nothing was changed.

"#]]
    );
    assert_eq!(mirror(&sandbox, &file, &["--seal"]).code, 0);
    let content = sandbox.content();
    assert!(
        !content.contains("extra") && content.contains("ask Kim"),
        "{content}"
    );
    assert_eq!(sandbox.secret("c3", "own"), "mine");
}

/// A mirror of which a service that came by none uses c7.
fn used_elsewhere() -> Sandbox {
    let sandbox = mirrored_of(30);
    let add = [
        "service",
        "add",
        "mine",
        "--source",
        "c7",
        "--destination",
        "c1",
    ];
    assert_eq!(sandbox.run(&add).code, 0);
    sandbox
}

#[test]
fn what_refuses_a_mirror_is_told_in_json_too() {
    let sandbox = used_elsewhere();
    let before = sandbox.content();
    let next = file(30, &[7, 9]);
    assert_run!(
        mirror(&sandbox, &next, &["--yes", "-o", "ndjson"]),
        str![[r#"
exit code: 5
stdout:
  {"type":"service","id":"s7","outcome":"kept","name":"s7","revision":"[REVISION]"}
  {"type":"service","id":"s9","outcome":"kept","name":"s9","revision":"[REVISION]"}
  {"type":"connector","id":"c7","outcome":"in_use","name":"c7","revision":"[REVISION]","references":[{"service":"mine","name":"mine","role":"source","active":true}],"used_by":1}
  {"type":"connector","id":"c9","outcome":"kept","name":"c9","revision":"[REVISION]"}
stderr:
  {"error":{"kind":"in_use","message":"c7 is in use by 1 service and was not deleted\n  SERVICE  ROLE    STATUS\n  mine     source  active\n1 connector could have gone; nothing was deleted\nnothing was imported","hint":"put another one in its place: connctl replace c7 NEW\nor remove what uses it: connctl service delete mine && connctl delete c7 c9\nit also carries: c1","exit_code":5}}

"#]]
    );
    assert_run!(
        mirror(
            &sandbox,
            &next,
            &["--yes", "-o", "json", "--expect-deleted", "9"]
        ),
        str![[r#"
exit code: 2
stdout:
  [{"type":"service","id":"s7","outcome":"kept","name":"s7","revision":"[REVISION]"},{"type":"service","id":"s9","outcome":"kept","name":"s9","revision":"[REVISION]"},{"type":"connector","id":"c7","outcome":"in_use","name":"c7","revision":"[REVISION]","references":[{"service":"mine","name":"mine","role":"source","active":true}],"used_by":1},{"type":"connector","id":"c9","outcome":"kept","name":"c9","revision":"[REVISION]"}]
stderr:
  {"error":{"kind":"usage","message":"3 records would be deleted, but 9 were expected\nnothing was imported","hint":"look at what would go with --dry-run, then correct --expect-deleted","exit_code":2}}

"#]]
    );
    assert_eq!(sandbox.content(), before);
}

#[test]
fn what_is_in_use_elsewhere_refuses_the_mirror() {
    let sandbox = used_elsewhere();
    let before = sandbox.content();
    let next = file(30, &[7, 9]);
    assert_run!(
        mirror(&sandbox, &next, &["--yes"]),
        str![[r#"
exit code: 5
stdout:
stderr:
  error: c7 is in use by 1 service and was not deleted
    SERVICE  ROLE    STATUS
    mine     source  active
  1 connector could have gone; nothing was deleted
  nothing was imported
  hint: put another one in its place: connctl replace c7 NEW
        or remove what uses it: connctl service delete mine && connctl delete c7 c9
        it also carries: c1

"#]]
    );
    assert_eq!(sandbox.content(), before);
    assert_eq!(sandbox.content(), before);
    let last = sandbox.trail();
    let last = last.lines().last().unwrap();
    assert!(
        last.contains("\"in_use\"") && last.contains("\"c7\""),
        "{last}"
    );
    assert_run!(
        without_unchanged(mirror(
            &sandbox,
            &next,
            &["-n", "-o", "ndjson", "--keep-going"]
        )),
        str![[r#"
exit code: 5
stdout:
  {"type":"service","id":"s7","outcome":"would_delete","name":"s7","revision":"[REVISION]"}
  {"type":"service","id":"s9","outcome":"would_delete","name":"s9","revision":"[REVISION]"}
  {"type":"connector","id":"c7","outcome":"in_use","name":"c7","revision":"[REVISION]","references":[{"service":"mine","name":"mine","role":"source","active":true}],"used_by":1}
  {"type":"connector","id":"c9","outcome":"would_delete","name":"c9","revision":"[REVISION]"}
stderr:
  {"error":{"kind":"in_use","message":"c7 is in use by 1 service and was not deleted\n  SERVICE  ROLE    STATUS\n  mine     source  active\n1 other connector would be deleted","hint":"put another one in its place: connctl replace c7 NEW\nor remove what uses it: connctl service delete mine && connctl delete c7\nit also carries: c1","exit_code":5}}

"#]]
    );
    assert_eq!(sandbox.content(), before);
    assert_run!(
        mirror(&sandbox, &next, &["--yes", "--keep-going"]),
        str![[r#"
exit code: 5
stdout:
  TYPE       ID  OUTCOME  CHANGES
  service    s7  deleted
  service    s9  deleted
  connector  c7  in_use
  connector  c9  deleted
stderr:
  Imported: 0 connectors added, 0 merged, 28 unchanged, 1 deleted; 0 services added, 0 merged, 22 unchanged, 2 deleted.
  error: c7 is in use by 1 service and was not deleted
    SERVICE  ROLE    STATUS
    mine     source  active
  1 other connector was deleted
  hint: put another one in its place: connctl replace c7 NEW
        or remove what uses it: connctl service delete mine && connctl delete c7
        it also carries: c1

"#]]
    );
    let ids = ids(&sandbox);
    assert!(ids.contains("c7 ") && !ids.contains("s7 "), "{ids}");
    assert!(!ids.contains("c9 ") && !ids.contains("s9 "), "{ids}");
}

#[test]
fn what_is_protected_stays() {
    let sandbox = mirrored();
    assert_eq!(sandbox.run(&["protect", "c7"]).code, 0);
    let before = sandbox.content();
    let run = mirror(&sandbox, &file(20, &[7]), &["--yes"]);
    assert_eq!(run.code, 9, "{run}");
    assert!(run.stderr.contains("c7 is protected"), "{run}");
    assert_eq!(sandbox.content(), before);
    let run = mirror(&sandbox, &file(20, &[7]), &["--yes", "--keep-going"]);
    assert_eq!(run.code, 9, "{run}");
    let ids = ids(&sandbox);
    assert!(ids.contains("c7 ") && !ids.contains("s7 "), "{ids}");
}

#[test]
fn what_is_on_trial_stays_until_that_is_over() {
    let sandbox = mirrored();
    let retire = ["retire", "c5", "--for", "30d", "--yes"];
    assert_eq!(sandbox.run(&retire).code, 0);
    let before = sandbox.content();
    let run = mirror(&sandbox, &file(20, &[5]), &["--yes"]);
    assert_eq!(run.code, 10, "{run}");
    assert!(run.stderr.contains("c5"), "{run}");
    assert_eq!(sandbox.content(), before);
    let run = mirror(
        &sandbox,
        &file(20, &[5]),
        &["--yes", "--keep-going", "-o", "json"],
    );
    assert_eq!(run.code, 10, "{run}");
    assert!(run.stdout.contains(r#""outcome":"on_trial""#), "{run}");
    // A mirror is no way around a trial, either: what comes by it may not refer to c5.
    let next = file(20, &[]).replace(r#""sources":["c4"]"#, r#""sources":["c5"]"#);
    let run = mirror(&sandbox, &next, &["--yes"]);
    assert_eq!(run.code, 10, "{run}");
    assert_text!(sandbox.last("outcome"), str![[r#""retired""#]]);
}

#[test]
fn what_a_guard_names_stays() {
    let sandbox = mirrored();
    let script = r#"if grep -qx c7; then echo '{"id":"c7","used_by":"job","where":"x"}'; fi"#;
    let command = serde_json::json!(["sh", "-c", script]);
    sandbox.configure(&format!("[guards.jobs]\ncommand = {command}\n"));
    let before = sandbox.content();
    for more in [&["--yes"][..], &["-n"]] {
        let run = mirror(&sandbox, &file(20, &[7]), more);
        assert_eq!(run.code, 5, "{run}");
        assert!(run.stderr.contains("jobs"), "{run}");
        assert_eq!(sandbox.content(), before);
    }
    let run = mirror(&sandbox, &file(20, &[8]), &["--yes"]);
    assert_eq!(run.code, 0, "{run}");
    let next = file(20, &[8, 9]);
    let import = ["import", "-", "--mirror", "platform", "--yes"];
    let run = sandbox.run_with_input(&import, next);
    assert_eq!(run.code, 0, "{run}");
    sandbox.configure("[guards.jobs]\ncommand = ['false']\n");
    let before = sandbox.content();
    let run = mirror(&sandbox, &file(20, &[8, 9, 10]), &["--yes"]);
    assert_eq!(run.code, 1, "{run}");
    assert_eq!(sandbox.content(), before);
}

#[test]
fn more_than_a_tenth_or_all_of_it_needs_a_number() {
    let empty = r#"{"connectors":[],"services":[]}"#;
    let no_connectors = r#"{"connectors":[]}"#;
    let no_services = r#"{"services":[]}"#;
    for (next, going) in [
        (file(20, &[5, 10, 15]), 3),
        (file(20, &[1, 2]), 4),
        (empty.to_owned(), 36),
        (no_services.to_owned(), 16),
    ] {
        let sandbox = mirrored();
        let before = sandbox.content();
        for more in [&["--yes"][..], &["--yes", "--keep-going"], &["-n"]] {
            let run = mirror(&sandbox, &next, more);
            assert_eq!(run.code, 2, "{next}: {run}");
            let hint = format!("--expect-deleted {going}\n");
            assert!(run.stderr.contains(&hint), "{next}: {run}");
            assert_eq!(sandbox.content(), before);
        }
        let wrong = (going + 1).to_string();
        let run = mirror(&sandbox, &next, &["--yes", "--expect-deleted", &wrong]);
        assert_eq!(run.code, 2, "{run}");
        assert_eq!(sandbox.content(), before);
        let right = going.to_string();
        let run = mirror(&sandbox, &next, &["--yes", "--expect-deleted", &right]);
        assert_eq!(run.code, 0, "{next}: {run}");
    }
    // Two of twenty are no more than a tenth.
    let sandbox = mirrored();
    let run = mirror(&sandbox, &file(20, &[5, 10]), &["--yes"]);
    assert_eq!(run.code, 0, "{run}");
    // One is no more than one, unless it is the last.
    let sandbox = Sandbox::empty();
    assert_eq!(mirror(&sandbox, &file(2, &[]), &[]).code, 0);
    let run = mirror(&sandbox, &file(2, &[2]), &["--yes"]);
    assert_eq!(run.code, 0, "{run}");
    let run = mirror(&sandbox, empty, &["--yes"]);
    assert_eq!(run.code, 2, "{run}");
    // An empty list where there was nothing is no news; all connectors are in use here.
    let sandbox = Sandbox::empty();
    assert_eq!(mirror(&sandbox, empty, &["--yes"]).code, 0);
    assert_eq!(mirror(&sandbox, &file(2, &[]), &[]).code, 0);
    let run = mirror(&sandbox, no_connectors, &["--yes"]);
    assert_eq!(run.code, 5, "{run}");
    assert_run!(
        mirror(&mirrored(), empty, &["--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 20 of 20 connectors and 16 of 16 services that came by the mirror platform are not in platform.json any more; 36 records would be deleted
  nothing was imported
  hint: look at what would go with --dry-run; if it is right, give --expect-deleted 36

"#]]
    );
}

#[test]
fn a_list_that_is_missing_says_nothing_of_its_kind() {
    let sandbox = mirrored();
    let before = sandbox.content();
    assert_eq!(mirror(&sandbox, "{}", &["--yes"]).code, 0);
    assert_eq!(sandbox.content(), before);
    let all = file(20, &[5]);
    let (connectors, services) = all.split_once(",\n").unwrap();
    let run = mirror(&sandbox, &format!("{{{services}"), &["--yes"]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.content(), before);
    let run = mirror(&sandbox, &format!("{connectors}}}"), &["--yes"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(!ids(&sandbox).contains("c5 "));
    assert!(ids(&sandbox).contains("s4 "));
}

#[test]
fn a_file_that_is_cut_off_deletes_nothing() {
    let sandbox = Sandbox::empty();
    assert_eq!(mirror(&sandbox, &file(50, &[]), &[]).code, 0);
    let next = file(50, &[50]);
    let before = sandbox.content();
    for end in (0..next.len())
        .step_by(61)
        .chain([next.len() - 2, next.len() - 1])
    {
        let run = mirror(&sandbox, &next[..end], &["--yes", "--expect-deleted", "1"]);
        assert_eq!(run.code, 2, "{end}: {run}");
    }
    assert_eq!(sandbox.content(), before);
    let run = mirror(&sandbox, &next, &["--yes"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(!ids(&sandbox).contains("c50 "));
}

#[test]
fn no_file_that_is_cut_off_is_taken_for_a_whole_one() {
    use connctl::input::read_as;
    use connctl::model::{Patch, TransferFormat};
    let whole = file(50, &[]);
    let read = |text: &str| {
        let format = TransferFormat::Json;
        read_as(
            text.as_bytes(),
            format,
            |kind, tree| Patch::read(kind, tree, format),
            |_, _| Ok::<_, ()>(()),
        )
    };
    for end in 0..whole.len() {
        assert!(read(&whole[..end]).is_err(), "{end}");
    }
    assert_eq!(read(&whole).unwrap().len(), 2);
}

#[test]
fn other_origins_and_what_has_none_are_left_alone() {
    let sandbox = mirrored();
    let other = |sandbox: &Sandbox, file: &str, more: &[&str]| {
        sandbox.write("other.json", file);
        let arguments = ["import", "other.json", "--mirror", "other"];
        sandbox.run(&[&arguments[..], more].concat())
    };
    let add = ["add", "mine", "--system", "http", "--env", "testing"];
    assert_eq!(sandbox.run(&add).code, 0);
    let one = r#"{"connectors":[{"id":"o1","system":"http","environment":"live"},{"id":"o2","system":"http","environment":"live"}],"services":[{"id":"os","sources":["o1"]}]}"#;
    assert_eq!(other(&sandbox, one, &[]).code, 0);
    let before = ids(&sandbox);
    assert_eq!(mirror(&sandbox, &file(20, &[]), &["--yes"]).code, 0);
    assert_eq!(ids(&sandbox), before);
    let next = r#"{"connectors":[{"id":"o1"}],"services":[{"id":"os"}]}"#;
    assert_eq!(other(&sandbox, next, &["--yes"]).code, 0);
    assert_eq!(ids(&sandbox), before.replace("o2 ", ""));
    // What is somebody else's is named, and refuses the file.
    let foreign = r#"{"connectors":[{"id":"o1"},{"id":"mine","note":"x"},{"id":"c1"}],"services":[{"id":"os"},{"id":"s1"}]}"#;
    let before = sandbox.content();
    assert_run!(
        other(&sandbox, foreign, &["--yes"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: other.json:connectors[1]: connector mine is there already, and came by no mirror
  other.json:connectors[2]: connector c1 came by the mirror platform
  other.json:services[1]: service s1 came by the mirror platform
  nothing was imported
  hint: give --adopt to take over what came by no mirror

"#]]
    );
    assert_run!(
        other(&sandbox, foreign, &["--yes", "--adopt"]),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: other.json:connectors[2]: connector c1 came by the mirror platform
  other.json:services[1]: service s1 came by the mirror platform
  nothing was imported
  hint: a record belongs to one mirror; leave it out, or use the same origin

"#]]
    );
    assert_eq!(sandbox.content(), before);
    let adopted = r#"{"connectors":[{"id":"o1"},{"id":"mine"}],"services":[{"id":"os"}]}"#;
    assert_run!(
        other(&sandbox, adopted, &["--adopt", "-n"]),
        str![[r#"
exit code: 0
stdout:
  TYPE       ID    OUTCOME  CHANGES
  connector  mine  merged   origin
stderr:
  Would be imported: 0 connectors added, 1 merged, 1 unchanged, 0 deleted; 0 services added, 0 merged, 1 unchanged, 0 deleted; nothing was changed.

"#]]
    );
    assert_eq!(other(&sandbox, adopted, &["--adopt"]).code, 0);
    assert_eq!(other(&sandbox, next, &["--yes"]).code, 0);
    assert!(!ids(&sandbox).contains("mine"));
    // No other import changes an origin.
    sandbox.write(
        "o1.ndjson",
        r#"{"type":"connector","id":"o1","system":"http","environment":"live","origin":"third"}"#,
    );
    assert_eq!(sandbox.run(&["import", "o1.ndjson", "--replace"]).code, 0);
    assert!(sandbox.content().contains(r#""origin":"other""#));
    assert!(!sandbox.content().contains("third"));
}

#[test]
fn it_takes_json_only() {
    let sandbox = mirrored();
    sandbox.write(
        "x.toml",
        "[[connectors]]\nid = 'x'\nsystem = 'h'\nenvironment = 'live'\n",
    );
    sandbox.write(
        "x.ndjson",
        r#"{"type":"connector","id":"x","system":"h","environment":"live"}"#,
    );
    for file in ["x.toml", "x.ndjson"] {
        let run = sandbox.untouched(&["import", file, "--mirror", "platform", "--yes"]);
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.contains("a mirror takes JSON"), "{run}");
    }
    for wrong in [
        &["--adopt"][..],
        &["--expect-deleted", "1"],
        &["--keep-going"],
        &["--yes"],
        &["--mirror", "platform", "--replace"],
        &["--mirror", "platform", "--merge"],
        &["--mirror", "platform", "-n", "--keep", "x.json"],
        &["--mirror", ""],
    ] {
        let run = sandbox.untouched(&[&["import", "platform.json"][..], wrong].concat());
        assert_eq!(run.code, 2, "{run}");
    }
}

#[test]
fn a_copy_of_what_goes_brings_it_back() {
    let sandbox = mirrored();
    let before = ids(&sandbox);
    let run = mirror(&sandbox, &file(20, &[7]), &["--yes", "--keep", "gone.json"]);
    assert_eq!(run.code, 0, "{run}");
    assert_ne!(ids(&sandbox), before);
    assert_eq!(sandbox.run(&["import", "gone.json"]).code, 0);
    assert_eq!(ids(&sandbox), before);
    // Nothing goes, or it is refused: there is no copy.
    for next in [file(20, &[]), file(20, &[1, 2, 3])] {
        mirror(&sandbox, &next, &["--yes", "--keep", "none.json"]);
        assert!(!sandbox.path("none.json").exists());
    }
}

#[test]
fn somebody_is_asked_only_if_something_goes() {
    let sandbox = mirrored();
    let all = file(20, &[]);
    let run = sandbox.run_with_input(&["import", "-", "--mirror", "platform"], &all);
    assert_eq!(run.code, 0, "{run}");
    let before = sandbox.content();
    let next = file(20, &[7]);
    assert_run!(
        sandbox.run_with_input(&["import", "-", "--mirror", "platform"], &next),
        str![[r#"
exit code: 2
stdout:
stderr:
  error: 2 records are no longer in standard input and would be deleted, but nobody can be asked; nothing was imported
  hint: give --yes to delete without being asked, or --dry-run to see what would go

"#]]
    );
    sandbox.write("next.json", &next);
    let ask = |answer: &str| -> Ended {
        let line = "connctl import next.json --mirror platform --keep kept.json";
        let mut terminal = sandbox.terminal(line);
        terminal.wait_for("Delete them? [y/N] ");
        terminal.press(answer).press(ENTER).end()
    };
    let ended = ask("n");
    assert_eq!(ended.code, 3, "{}", ended.shown);
    assert_eq!(sandbox.content(), before);
    assert!(!sandbox.path("kept.json").exists());
    assert_text!(sandbox.last("outcome"), str![[r#""declined""#]]);
    let ended = ask("y");
    assert_eq!(ended.code, 0, "{}", ended.shown);
    let shown = ended.shown.replace('\r', "");
    let shown = shown.lines().filter(|line| !line.contains("ended 0"));
    let mut text = String::new();
    shown.for_each(|line| writeln!(text, "{line}").unwrap());
    assert_text!(
        text,
        str![[r#"
No longer in next.json:
This service will be deleted permanently:
  ID  NAME  KIND      STATUS  ENVIRONMENT
  s7  s7    standard  active  testing
This connector will be deleted permanently:
  ID  NAME  SYSTEM  ENVIRONMENT
  c7  c7    http    testing
A copy goes to kept.json
Delete them? [y/N] y
[1mTYPE       ID  OUTCOME  CHANGES[0m
[33mservice[0m    s7  [31mdeleted[0m
[33mconnector[0m  c7  [31mdeleted[0m
Imported: 0 connectors added, 0 merged, 19 unchanged, 1 deleted; 0 services added, 0 merged, 15
unchanged, 1 deleted.

"#]]
    );
    assert!(sandbox.path("kept.json").exists());
    assert!(!ids(&sandbox).contains("c7 "));
}

#[test]
fn what_changed_while_somebody_was_asked_is_not_deleted() {
    for meanwhile in [
        &["edit", "c7", "--note", "still needed"][..],
        &[
            "service",
            "add",
            "new",
            "--source",
            "c7",
            "--destination",
            "c1",
        ],
    ] {
        let sandbox = mirrored();
        sandbox.write("next.json", file(20, &[7]));
        let mut terminal = sandbox.terminal("connctl import next.json --mirror platform");
        terminal.wait_for("[y/N] ");
        assert_eq!(sandbox.run(meanwhile).code, 0);
        let before = sandbox.content();
        let ended = terminal.press("y").press(ENTER).end();
        assert!([5, 7].contains(&ended.code), "{}", ended.shown);
        assert_eq!(sandbox.content(), before);
    }
    let sandbox = mirrored();
    sandbox.write("next.json", file(20, &[7]));
    let before = sandbox.content();
    let mut terminal = sandbox.terminal("connctl import next.json --mirror platform");
    terminal.wait_for("[y/N] ");
    sandbox.write("next.json", file(20, &[7, 8]));
    let ended = terminal.press("y").press(ENTER).end();
    assert_eq!(ended.code, 7, "{}", ended.shown);
    assert_eq!(sandbox.content(), before);
}

#[test]
fn a_reason_is_demanded_where_the_store_demands_one() {
    let sandbox = mirrored();
    assert_eq!(
        sandbox
            .run(&["policy", "set", "require_reason", "true"])
            .code,
        0
    );
    assert_eq!(mirror(&sandbox, &file(20, &[]), &["--yes"]).code, 0);
    let before = sandbox.content();
    let run = mirror(&sandbox, &file(20, &[7]), &["--yes"]);
    assert_eq!(run.code, 2, "{run}");
    assert_eq!(sandbox.content(), before);
    let run = mirror(
        &sandbox,
        &file(20, &[7]),
        &["--yes", "--reason", "gone there"],
    );
    assert_eq!(run.code, 0, "{run}");
}

#[test]
#[ignore = "needs setpriv"]
fn an_editor_mirrors_nothing() {
    let sandbox = mirrored().open_to_all();
    sandbox.grant("bin", "editor");
    sandbox.write(
        "protected.json",
        r#"{"connectors":[{"id":"new","system":"h","environment":"live","protected":true}]}"#,
    );
    // Not a byte of the file is read: it is none.
    let import = ["import", "missing.json", "--mirror", "platform", "--yes"];
    for arguments in [&import[..], &["import", "protected.json"]] {
        let before = sandbox.content();
        let run = sandbox.run_as(BIN, arguments);
        assert_eq!(run.code, 6, "{run}");
        assert_eq!(sandbox.content(), before);
        assert_text!(sandbox.last("outcome"), str![[r#""not_permitted""#]]);
    }
    let bytes = sandbox.store_bytes();
    for arguments in [
        &["import", "protected.json", "-n"][..],
        &["import", "platform.json", "--mirror", "platform", "-n"],
    ] {
        let run = sandbox.run_as(BIN, arguments);
        assert_eq!(run.code, 6, "{run}");
    }
    assert!(sandbox.store_bytes() == bytes);
    let run = sandbox.run(&["import", "protected.json"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(sandbox.content().contains(r#""protected":true"#));
}
