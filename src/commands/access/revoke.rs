//! `connctl access revoke`

use super::keep_an_admin;
use crate::context::{Context, Intent};
use crate::error::{Error, Kind, Result};
use crate::model::{Action, UserName};
use crate::output::Format;
use crate::platform;

/// Take a user's role away; they are a viewer then
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl access list
  connctl access revoke nobody")]
pub struct Args {
    /// The user, as \"connctl access list\" shows them
    user: UserName,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    let user = &args.user;
    let intent = Intent::new(Action::AccessRevoke, user.as_str());
    context.change(&intent, |change| {
        keep_an_admin(change, user)?;
        if !change.revoke(user)? {
            return Err(Error::new(
                Kind::NotFound,
                format!("{user} has no role of their own; nothing was changed"),
            )
            .hint("see who has one: connctl access list"));
        }
        change.record(Action::AccessRevoke, user.as_str(), None)
    })?;
    let is_owner = || platform::known_user(user).is_some_and(|known| known.owns_the_machine);
    context.ui.note(&if context.is_on_server() {
        format!("{user} has no role in the store now.")
    } else if is_owner() {
        format!("{user} has no role of their own now, and is always an admin.")
    } else {
        format!("{user} is a viewer now.")
    });
    Ok(())
}
