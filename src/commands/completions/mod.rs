//! `connctl completions`

mod offers;

use std::io::Write as _;

use clap::{Arg, Command, ValueHint};
use clap_complete::Shell;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::output::Format;

pub use offers::offers;

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

/// The word that asks what may stand in place of the last of the words behind it. Scripts give it, and
/// nobody else: it is in no help.
pub const COMPLETE: &str = "__complete";

/// Runs the command; `tree` is the command line of the whole program.
pub fn run(args: &Args, context: &Context, tree: Command) -> Result<()> {
    context.format(&[Format::Table])?;
    let script = match args.shell {
        Shell::Bash => include_str!("../../../completions/connctl.bash").to_owned(),
        Shell::Zsh => include_str!("../../../completions/_connctl").to_owned(),
        Shell::Fish => include_str!("../../../completions/connctl.fish").to_owned(),
        other => {
            let mut script = Vec::new();
            clap_complete::generate(other, &mut without_files(tree), "connctl", &mut script);
            String::from_utf8_lossy(&script).into_owned()
        }
    };
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
