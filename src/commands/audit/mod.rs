//! `connctl audit`: who did what.

pub mod list;
pub mod show;
pub mod verify;

use crate::context::Context;
use crate::error::Result;

/// See who did what, and check that the record is whole
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    List(Box<list::Args>),
    Show(show::Args),
    Verify(verify::Args),
}

/// Runs the command.
pub fn run(command: Command, context: &Context) -> Result<()> {
    match command {
        Command::List(args) => list::run(*args, context),
        Command::Show(args) => show::run(&args, context),
        Command::Verify(args) => verify::run(&args, context),
    }
}
