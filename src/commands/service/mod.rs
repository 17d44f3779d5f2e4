//! `connctl service`: the flows between connectors.

pub mod activate;
pub mod add;
pub mod deactivate;
pub mod delete;
pub mod edit;
pub mod list;
pub mod show;

use crate::context::Context;
use crate::error::Result;

/// List, show, add, edit, activate, deactivate and delete services
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    List(list::Args),
    Show(show::Args),
    Add(add::Args),
    Edit(edit::Args),
    Activate(activate::Args),
    Deactivate(deactivate::Args),
    Delete(delete::Args),
}

/// Runs the command.
pub fn run(command: Command, context: &Context) -> Result<()> {
    match command {
        Command::List(args) => list::run(args, context),
        Command::Show(args) => show::run(&args, context),
        Command::Add(args) => add::run(args, context),
        Command::Edit(args) => edit::run(args, context),
        Command::Activate(args) => activate::run(&args, context),
        Command::Deactivate(args) => deactivate::run(&args, context),
        Command::Delete(args) => delete::run(&args, context),
    }
}
