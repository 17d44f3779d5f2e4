//! `connctl completions`

use std::io::Write;

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
///
/// # Errors
/// When the output cannot be written.
pub fn run(args: &Args, context: &Context, mut tree: clap::Command) -> Result<()> {
    context.format(&[Format::Table])?;
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut tree, "connctl", &mut script);
    let mut out = context.ui.output();
    out.write_all(&script)
        .and_then(|()| out.flush())
        .map_err(Error::output)
}
