//! `connctl access`: who may do what.

pub mod grant;
pub mod list;
pub mod revoke;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{UserName, UserRole};
use crate::store::Change;

/// Choose who may do what: list, grant and revoke roles
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    List(list::Args),
    Grant(grant::Args),
    Revoke(revoke::Args),
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<()> {
    match command {
        Command::List(list::Args {}) => list::run(context),
        Command::Grant(args) => grant::run(args, context),
        Command::Revoke(args) => revoke::run(args, context),
    }
}

/// Refuses to leave the store without an admin.
fn keep_an_admin(change: &Change<'_>, user: &UserName) -> Result<()> {
    let grants = change.grants()?;
    let mut admins = grants.iter().filter(|grant| grant.role == UserRole::Admin);
    if admins.by_ref().any(|grant| grant.user == *user)
        && !grants
            .iter()
            .any(|grant| grant.role == UserRole::Admin && grant.user != *user)
    {
        return Err(
            Error::usage(format!("{user} is the last admin; nothing was changed"))
                .hint("make somebody else an admin first: connctl access grant USER admin"),
        );
    }
    Ok(())
}
