//! `connctl key init`

use crate::context::{Context, Intent};
use crate::credentials::Recipient;
use crate::error::{Error, Result};
use crate::model::Action;
use crate::ops::keys;
use crate::output::Format;

/// Make an identity for yourself, and let the store encrypt for it
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The identity is a file that only you may read. One that exists is used, never overwritten. A store
that has recipients already keeps them; somebody who can read its secrets must add yours.

Examples:
  connctl key init
  connctl key list"
)]
pub struct Args {}

/// Runs the command.
pub fn run(context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    let intent = Intent::new(Action::KeyAdd, None);
    context.check(&context.open_existing()?, &intent)?;
    let own = match keys::Own::read_if_needed(context, &intent, true)? {
        // The store keeps the recipients it has, but whoever wants to be one gets an identity.
        keys::Own::Unneeded => keys::Own::read(context)?,
        own => own,
    };
    let added = own.introduce(context, |own| add(own, &intent, context))?;
    if added.is_empty() {
        context
            .ui
            .note("The store encrypts for this identity already; nothing was changed.");
    }
    for recipient in added {
        context
            .ui
            .note(&format!("The store encrypts for {recipient} now."));
    }
    Ok(())
}

/// Lets the store encrypt for the recipients of one user, unless it does so already or encrypts for
/// others; returns those that were added.
fn add(own: &[Recipient], intent: &Intent<'_>, context: &Context) -> Result<Vec<Recipient>> {
    context.change(intent, |change| {
        let present = change.recipients()?;
        let is_present = |own: &str| present.iter().any(|recipient| recipient.key == own);
        if own.iter().all(|recipient| is_present(recipient.as_str())) {
            return Ok(Vec::new());
        }
        if let (false, Some(recipient)) = (present.is_empty(), own.first()) {
            return Err(Error::failure(format!(
                "the store encrypts for others already, and not for {recipient}; it was not changed"
            ))
            .hint(format!(
                "ask somebody who can read its secrets to run: connctl key add {recipient}"
            )));
        }
        keys::check_first(change)?;
        for recipient in own {
            change.add_recipient(recipient.as_str(), None, context.now)?;
        }
        for recipient in own {
            change.record(Action::KeyAdd, recipient.as_str(), None)?;
        }
        Ok(own.to_vec())
    })
}
