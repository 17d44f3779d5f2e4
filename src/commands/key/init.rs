//! `connctl key init`

use crate::context::Context;
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
///
/// # Errors
/// When the identity cannot be made or read.
pub fn run(context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    let mut store = context.open_or_create()?;
    let change = context.begin(&mut store, Action::KeyAdd, None)?;
    let own = keys::own_recipients(context)?;
    let present = change.recipients()?;
    let is_present = |own: &str| present.iter().any(|(recipient, _)| recipient == own);
    if own.iter().all(|recipient| is_present(recipient.as_str())) {
        context
            .ui
            .note("The store encrypts for this identity already; nothing was changed.");
        return Ok(());
    }
    if let (false, Some(recipient)) = (present.is_empty(), own.first()) {
        return Err(Error::failure(format!(
            "the store encrypts for others already, and not for {recipient}; it was not changed"
        ))
        .hint(format!(
            "ask somebody who can read its secrets to run: connctl key add {recipient}"
        )));
    }
    for recipient in &own {
        change.add_recipient(recipient.as_str(), context.now)?;
    }
    for recipient in &own {
        context.record(&change, Action::KeyAdd, recipient.as_str(), None)?;
    }
    change.commit()?;
    context.after_change(&mut store);
    for recipient in &own {
        context
            .ui
            .note(&format!("The store encrypts for {recipient} now."));
    }
    Ok(())
}
