//! `connctl man`

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use crate::support::Sandbox;

/// The commands of the tree and those below them, as `connctl-service-list`, with whether there are
/// any below.
fn commands() -> Vec<(String, bool)> {
    fn walk(command: &clap::Command, found: &mut Vec<(String, bool)>) {
        let name = command.get_display_name().unwrap_or("connctl").to_owned();
        found.push((name, command.has_subcommands()));
        for below in command.get_subcommands() {
            walk(below, found);
        }
    }
    let mut tree = connctl::cli::tree();
    tree.build();
    let mut found = Vec::new();
    walk(&tree, &mut found);
    found
}

fn with_pages() -> Sandbox {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["man", "new/pages"]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(run.stderr, "Wrote the manual pages to new/pages.\n");
    sandbox
}

fn page(sandbox: &Sandbox, name: &str) -> String {
    fs::read_to_string(sandbox.path(&format!("new/pages/{name}.1"))).unwrap()
}

#[test]
fn every_command_has_a_page() {
    let sandbox = with_pages();
    let written: BTreeSet<_> = fs::read_dir(sandbox.path("new/pages"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let wanted: BTreeSet<_> = commands()
        .iter()
        .map(|(name, _)| format!("{name}.1"))
        .collect();
    assert!(wanted.contains("connctl-service-delete.1"), "{wanted:?}");
    assert_eq!(written, wanted);
}

#[test]
fn a_page_ends_with_the_examples_of_its_command() {
    let sandbox = with_pages();
    for (name, has_commands) in commands() {
        let page = page(&sandbox, &name);
        assert_eq!(page.contains(".SH EXAMPLES\n"), !has_commands, "{name}");
    }
    let delete = page(&sandbox, "connctl-delete");
    let (options, examples) = delete.split_once(".SH EXAMPLES\n").unwrap();
    assert!(
        examples.contains("\nconnctl delete tap\\-github\\-prod\n"),
        "{examples}"
    );
    let remark = "A connector that is the source or the destination of any service";
    let (description, _) = options.split_once(".SH OPTIONS\n").unwrap();
    assert!(description.contains(remark), "{description}");
}

#[test]
fn the_options_of_every_command_are_on_the_main_page_only() {
    let sandbox = with_pages();
    for (name, _) in commands() {
        let page = page(&sandbox, &name);
        assert_eq!(
            page.contains("\\-\\-no\\-input"),
            name == "connctl",
            "{name}"
        );
        assert_eq!(
            page.contains(".SH \"SEE ALSO\"\n"),
            name != "connctl",
            "{name}"
        );
    }
}

#[test]
fn without_a_folder_the_main_page_goes_to_standard_output() {
    let sandbox = with_pages();
    let run = sandbox.run(&["man"]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(run.stdout, page(&sandbox, "connctl"));
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("file", "");
    let run = sandbox.run(&["man", "file/pages"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(
        run.stderr
            .starts_with("error: cannot write the pages to file/pages: "),
        "{run}"
    );
}

#[test]
#[ignore = "needs mandoc"]
fn no_page_makes_the_formatter_warn() {
    let sandbox = with_pages();
    for (name, _) in commands() {
        let mut lint = Command::new("mandoc");
        sandbox.seal(&mut lint);
        let file = format!("new/pages/{name}.1");
        let run = sandbox.finish(lint.args(["-T", "lint", "-W", "warning", &file]));
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run}");
    }
}

#[test]
#[ignore = "needs mandoc"]
fn a_page_is_shown_with_its_examples_as_they_are_typed() {
    let sandbox = with_pages();
    let run = sandbox.shell("mandoc -T utf8 new/pages/connctl-delete.1");
    let example = "connctl list testing --unused -o ids | connctl delete - --env testing -n";
    assert!(run.stdout.contains(example), "{run}");
}

#[test]
fn a_link_of_others_is_not_followed_and_a_page_is_whole_and_for_all_to_read() {
    let sandbox = Sandbox::new();
    let mode = |path: &str, mode| {
        fs::set_permissions(sandbox.path(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    fs::create_dir(sandbox.path("shared")).unwrap();
    mode("shared", 0o1777);
    let target = sandbox.write("target", "mine");
    symlink(&target, sandbox.path("shared/connctl-list.1")).unwrap();
    let run = sandbox.run(&["man", "shared"]);
    assert_eq!(run.code, 1, "{run}");
    let why = "connctl-list.1 is a link in a folder that others may write\n";
    assert!(run.stderr.ends_with(why), "{run}");
    assert_eq!(fs::read(&target).unwrap(), b"mine");
    let sandbox = with_pages();
    for page in fs::read_dir(sandbox.path("new/pages")).unwrap() {
        let mode = page.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
    }
}
