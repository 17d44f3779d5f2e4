//! `connctl secret`: the credentials of connectors.

pub mod delete;
pub mod get;
pub mod list;
pub mod set;

use crate::context::Context;
use crate::error::Result;

/// Set, get, list and delete the secrets of a connector
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    List(list::Args),
    Get(get::Args),
    Set(set::Args),
    Delete(delete::Args),
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<()> {
    match command {
        Command::List(args) => list::run(args, context),
        Command::Get(args) => get::run(args, context),
        Command::Set(args) => set::run(args, context),
        Command::Delete(args) => delete::run(args, context),
    }
}
