//! `connctl completions`

mod offer;

use std::io::Write as _;

use clap::{Arg, Command, ValueHint};
use clap_complete::Shell;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::output::Format;
use crate::ui::HELD_OUTPUT;

pub use offer::run as offer;

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

/// The word that stands before the words of a line of which the last is to be completed. Scripts give
/// it, and nobody else: it is no command, and in no help.
pub const ASK: &str = "__complete";

/// Runs the command; `tree` is the command line of the whole program.
pub fn run(args: &Args, context: &Context, tree: Command) -> Result<()> {
    context.format(&[Format::Table])?;
    let script = match args.shell {
        // These ask this program how a word goes on, so that they stay as they are while commands
        // and stores change.
        Shell::Bash => include_bytes!("../../../completions/connctl.bash").to_vec(),
        Shell::Zsh => include_bytes!("../../../completions/_connctl").to_vec(),
        Shell::Fish => include_bytes!("../../../completions/connctl.fish").to_vec(),
        other => fixed(other, tree),
    };
    let mut out = context.ui.output(HELD_OUTPUT);
    out.write_all(&script)
        .and_then(|()| out.flush())
        .map_err(Error::output)
}

/// A script that knows the commands and their options, and nothing of any store.
fn fixed(shell: Shell, tree: Command) -> Vec<u8> {
    let mut tree = without_files(tree);
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut tree, "connctl", &mut script);
    script
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
