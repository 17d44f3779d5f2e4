//! `connctl access grant`

use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;

use super::keep_an_admin;
use crate::context::{Context, Intent};
use crate::error::{Error, Kind, Result};
use crate::model::{Action, UserName, UserRole};
use crate::output::Format;
use crate::platform;

/// Give a user a role
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A viewer reads, an editor adds and changes too and reads secrets, an admin may do everything.

Examples:
  connctl access grant nobody editor
  connctl access grant uid:4711 admin"
)]
pub struct Args {
    /// The user, as the user database names them, or uid:N for one it does not know
    user: UserName,
    /// The role
    #[arg(value_parser = PossibleValuesParser::new(UserRole::ALL.map(UserRole::as_str))
        .try_map(|name| UserRole::from_name(&name).ok_or("use viewer, editor or admin")))]
    role: UserRole,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    // A server knows its users itself.
    let is_on_server = context.is_on_server();
    let known = if is_on_server {
        None
    } else {
        platform::known_user(&args.user)
    };
    let user = known.as_ref().map_or(&args.user, |known| &known.name);
    let intent = Intent::new(Action::AccessGrant, user.as_str());
    context.change(&intent, |change| {
        match &known {
            None if !is_on_server => {
                return Err(Error::new(
                    Kind::NotFound,
                    format!("this machine has no user {user}; nothing was changed"),
                )
                .hint("name a user that it has, or uid:N for one without a name"));
            }
            Some(known) if known.owns_the_machine && args.role != UserRole::Admin => {
                return Err(Error::usage(format!(
                    "{user} is always an admin; nothing was changed"
                )));
            }
            _ => {}
        }
        if args.role != UserRole::Admin {
            keep_an_admin(change, user)?;
        }
        change.grant(user, args.role, Some(context.now))?;
        // What was given to the number, before it had a name, would count beside it.
        let number = known.as_ref().map(|known| UserName::of_uid(known.uid));
        if let Some(number) = number.filter(|number| number != user) {
            change.revoke(&number)?;
        }
        let detail = Some(json!({"role": args.role}));
        change.record(Action::AccessGrant, user.as_str(), detail)
    })?;
    context
        .ui
        .note(&format!("{user} has the role {} now.", args.role));
    Ok(())
}
