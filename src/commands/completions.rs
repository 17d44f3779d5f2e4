//! `connctl completions`

use std::fmt::Write as _;
use std::io::Write as _;

use clap::{Arg, Command, ValueHint};
use clap_complete::Shell;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::output::Format;

/// Write the completions for a shell
#[derive(Debug, clap::Args)]
#[command(
    after_help = "For one session; to have them always, put the line into the shell's start-up file.

Examples:
  source <(connctl completions bash)
  source <(connctl completions zsh)
  connctl completions fish | source"
)]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Runs the command; `tree` is the command line of the whole program.
pub fn run(args: &Args, context: &Context, tree: Command) -> Result<()> {
    context.format(&[Format::Table])?;
    let mut tree = without_files(tree);
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut tree, "connctl", &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    match args.shell {
        Shell::Zsh => script = script.lines().map(for_zsh).collect(),
        Shell::Fish => {
            for command in tree.get_subcommands() {
                push_fish_values(&mut script, &[command]);
            }
        }
        _ => {}
    }
    let mut out = context.ui.output();
    out.write_all(script.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Error::output)
}

/// The tree, saying of every value that is neither one of a few nor a path that nothing completes
/// it; otherwise shells offer the names of files.
fn without_files(command: Command) -> Command {
    command
        .mut_args(|argument| {
            let is_free = argument.get_value_hint() == ValueHint::Unknown
                && argument.get_value_parser().possible_values().is_none();
            if is_free && takes_values(&argument) {
                argument.value_hint(ValueHint::Other)
            } else {
                argument
            }
        })
        .mut_subcommands(without_files)
}

fn takes_values(argument: &Arg) -> bool {
    argument.is_positional() || argument.get_action().takes_values()
}

/// A line of the script for zsh, such that options are completed after and instead of an argument
/// that nothing completes.
fn for_zsh(line: &str) -> String {
    let is_argument = ["':", "'*:"].iter().any(|start| line.starts_with(start));
    match line.strip_suffix(":' \\") {
        // With two colons, all that follows the first argument would be arguments; without an
        // action, zsh would show a message instead of completing an option.
        Some(rest) if is_argument => format!("{}:( )' \\\n", rest.replacen("'*::", "'*:", 1)),
        _ => format!("{line}\n"),
    }
}

/// What the generator leaves out for fish: the values of arguments that are no options. `path` is
/// the command, below those it belongs to.
fn push_fish_values(script: &mut String, path: &[&Command]) {
    let Some(command) = path.last() else { return };
    for below in command.get_subcommands() {
        push_fish_values(script, &[path, &[below]].concat());
    }
    let mut arguments = command.get_positionals().peekable();
    let is_path = |argument: &Arg| {
        !matches!(
            argument.get_value_hint(),
            ValueHint::Other | ValueHint::Unknown
        )
    };
    if arguments.peek().is_none() || command.get_positionals().any(is_path) {
        return;
    }
    let names: Vec<_> = path.iter().map(|command| command.get_name()).collect();
    let place = format!(
        "complete -c connctl -n \"__fish_connctl_using_subcommand {}\" -f",
        names.join("; and __fish_seen_subcommand_from ")
    );
    let _ = writeln!(script, "{place}");
    for value in arguments.flat_map(Arg::get_possible_values) {
        let _ = write!(script, "{place} -a {}", value.get_name());
        if let Some(help) = value.get_help() {
            let help = help.to_string().replace('\\', "\\\\").replace('\'', "\\'");
            let _ = write!(script, " -d '{help}'");
        }
        script.push('\n');
    }
}
