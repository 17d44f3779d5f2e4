//! `connctl key remove`

use crate::commands::args::identity::IdentityArgs;
use crate::context::{Context, Intent};
use crate::credentials::Recipient;
use crate::error::{Error, Kind, Result};
use crate::model::Action;
use crate::ops::reseal;
use crate::output::Format;

/// Let somebody no longer read the secrets: encrypt all of them anew
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Whoever holds the removed key may have read the secrets before: change the values themselves too.

Examples:
  connctl key list
  connctl key remove age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
)]
pub struct Args {
    /// The public key, as \"connctl key list\" shows it
    recipient: String,
    #[command(flatten)]
    identity: IdentityArgs,
}

/// Runs the command.
///
/// # Errors
/// When it is the last recipient, or a secret cannot be read; then nothing has changed.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    let recipient: Recipient = args
        .recipient
        .parse()
        .map_err(|error| Error::usage(format!("{error}")))?;
    let store = context.open_existing()?;
    let intent = Intent::new(Action::KeyRemove, recipient.as_str()).with_ciphertext(true);
    context.check(&store, &intent)?;
    let identities = reseal::identities_if_needed(context, &store, &args.identity.files)?;
    drop(store);
    let count = context.change(&intent, |change| {
        if !change.remove_recipient(recipient.as_str())? {
            return Err(Error::new(
                Kind::NotFound,
                format!("the store does not encrypt for {recipient}; nothing was changed"),
            )
            .hint("see whom it encrypts for: connctl key list"));
        }
        if change.recipients()?.is_empty() {
            return Err(Error::usage(format!(
                "{recipient} is the last recipient; nothing was changed"
            ))
            .hint("add another one first: connctl key add RECIPIENT"));
        }
        let count = reseal::all(context, change, &identities)?;
        change.record(Action::KeyRemove, recipient.as_str(), None)?;
        Ok(count)
    })?;
    context.ui.note(&format!(
        "The store does not encrypt for {recipient} any more."
    ));
    reseal::note(context, count);
    if count > 0 {
        context.ui.warn(
            "whoever holds that key may have read the secrets before; change the values themselves",
        );
    }
    Ok(())
}
