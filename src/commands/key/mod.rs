//! `connctl key`: who can read the secrets of the store.

pub mod add;
pub mod init;
pub mod list;
pub mod remove;

use crate::context::Context;
use crate::error::Result;

/// Choose who can read the secrets: list, add and remove recipients
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    List(list::Args),
    Init(init::Args),
    Add(add::Args),
    Remove(remove::Args),
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<()> {
    match command {
        Command::List(list::Args {}) => list::run(context),
        Command::Init(init::Args {}) => init::run(context),
        Command::Add(args) => add::run(args, context),
        Command::Remove(args) => remove::run(args, context),
    }
}
