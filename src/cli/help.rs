//! How the help is laid out: commands in groups, remarks that are wrapped to the terminal, and
//! examples that are not.

use std::fmt::Write;

use clap::builder::{Resettable, StyledStr};

use super::STYLES;

/// What stands at the end of the help.
const AFTER_HELP: &str = "\
Exit codes: 0 done, 1 failure, 2 usage, 3 declined, 4 not found, 5 in use,
6 not permitted, 7 changed, 8 busy, 9 protected, 10 retired, 130 interrupted.

\"connctl help COMMAND\" tells more, with examples.";

/// What stands above the examples of a command.
const EXAMPLES: &str = "Examples:\n";

/// The commands in the groups in which the help lists them.
const GROUPS: [(&str, &[&str]); 6] = [
    (
        "Connectors",
        &[
            "list",
            "show",
            "impact",
            "add",
            "edit",
            "copy",
            "rename",
            "replace",
            "protect",
            "unprotect",
            "retire",
            "revive",
            "delete",
            "prune",
        ],
    ),
    ("Services", &["service"]),
    ("Credentials", &["secret", "exec", "key"]),
    ("Data", &["import", "export", "run"]),
    ("Governance", &["policy", "access", "audit"]),
    (
        "Upkeep",
        &[
            "init",
            "doctor",
            "backup",
            "restore",
            "compact",
            "completions",
            "man",
        ],
    ),
];

/// The tree with its commands in groups, and every remark in whole paragraphs.
pub(super) fn laid_out(tree: clap::Command) -> clap::Command {
    let header = STYLES.get_header();
    let literal = STYLES.get_literal();
    let mut template = String::from("{about}\n\n{usage-heading} {usage}\n");
    for (group, names) in GROUPS {
        let _ = write!(template, "\n{header}{group}:{header:#}\n");
        for command in names.iter().filter_map(|name| tree.find_subcommand(name)) {
            let about = command
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default();
            let name = command.get_name();
            let _ = writeln!(template, "  {literal}{name:<12}{literal:#} {about}");
        }
    }
    let _ = write!(
        template,
        "\n{header}Global options:{header:#}\n{{options}}{{after-help}}"
    );
    with_paragraphs(tree)
        .help_template(template)
        .after_help(AFTER_HELP)
}

/// The command with remarks that only its help breaks into lines, as wide as the terminal is.
fn with_paragraphs(command: clap::Command) -> clap::Command {
    let help = command.get_after_help().map(ToString::to_string);
    let command = command.mut_subcommands(with_paragraphs);
    match help {
        Some(help) => command.after_help(paragraphs(&help)),
        None => command,
    }
}

/// The text with the lines of each paragraph in one. What is indented, and examples, stay lines.
fn paragraphs(text: &str) -> String {
    let (remarks, examples) = match text.find(EXAMPLES) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let mut whole = String::with_capacity(text.len());
    let mut is_open = false;
    for line in remarks.lines() {
        let is_prose = !line.is_empty() && !line.starts_with(' ');
        if is_open && is_prose {
            whole.push(' ');
        } else if !whole.is_empty() {
            whole.push('\n');
        }
        whole.push_str(line);
        is_open = is_prose;
    }
    if !examples.is_empty() && !whole.is_empty() {
        whole.push('\n');
    }
    whole + examples
}

/// The command with its examples in the template of its help, which nothing is wrapped in: half of
/// an example that was copied could be another command.
pub(super) fn with_whole_examples(command: clap::Command) -> clap::Command {
    let command = command.mut_subcommands(with_whole_examples);
    let help = command.get_after_help().map(ToString::to_string);
    let Some((remarks, examples)) = help.as_deref().and_then(|help| help.split_once(EXAMPLES))
    else {
        return command;
    };
    let template = format!(
        "{{before-help}}{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n\
         {{all-args}}{{after-help}}\n\n{EXAMPLES}{examples}"
    );
    let remarks = Some(remarks.trim_end().to_owned()).filter(|remarks| !remarks.is_empty());
    command
        .after_help(Resettable::from(remarks.map(StyledStr::from)))
        .help_template(template)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::tree;

    #[test]
    fn the_help_lists_every_command_once() {
        let mut grouped: Vec<_> = GROUPS
            .iter()
            .flat_map(|(_, names)| *names)
            .copied()
            .collect();
        let tree = tree();
        let mut all: Vec<_> = tree
            .get_subcommands()
            .map(clap::Command::get_name)
            .collect();
        grouped.sort_unstable();
        all.sort_unstable();
        assert_eq!(grouped, all);
    }

    #[test]
    fn paragraphs_are_whole_and_what_is_indented_stays() {
        for (text, whole) in [
            ("One.\nTwo.", "One. Two."),
            ("One:\n  a\n  b\nTwo\nthree.", "One:\n  a\n  b\nTwo three."),
            ("One.\n\nTwo.", "One.\n\nTwo."),
            (
                "One\ntwo.\n\nExamples:\n  a\n  b",
                "One two.\n\nExamples:\n  a\n  b",
            ),
            ("Examples:\n  a\n  b", "Examples:\n  a\n  b"),
        ] {
            assert_eq!(paragraphs(text), whole);
        }
    }

    #[test]
    fn no_help_is_wider_than_eighty_columns() {
        fn check(shown: &mut clap::Command) {
            for help in [shown.render_help(), shown.render_long_help()] {
                for line in help.to_string().lines() {
                    assert!(line.chars().count() <= 80, "{}: {line}", shown.get_name());
                }
            }
            shown.get_subcommands_mut().for_each(check);
        }
        let mut shown = with_whole_examples(tree()).term_width(80);
        shown.build();
        check(&mut shown);
    }

    #[test]
    fn no_example_is_wrapped() {
        fn check(examples: &clap::Command, shown: &mut clap::Command) {
            let help = shown.render_long_help().to_string();
            let text = examples.get_after_help().map(ToString::to_string);
            let (_, lines) = text
                .as_deref()
                .unwrap_or_default()
                .split_once(EXAMPLES)
                .unwrap_or_default();
            for line in lines.lines() {
                assert!(help.lines().any(|shown| shown == line), "{line}\n{help}");
            }
            for below in examples.get_subcommands() {
                check(below, shown.find_subcommand_mut(below.get_name()).unwrap());
            }
        }
        for width in [80, 40] {
            let mut shown = with_whole_examples(tree()).term_width(width);
            shown.build();
            check(&tree(), &mut shown);
        }
    }
}
