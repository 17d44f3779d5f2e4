//! `connctl key add`

use crate::commands::args::identity::IdentityArgs;
use crate::context::{Context, Intent};
use crate::credentials::Recipient;
use crate::error::Result;
use crate::model::Action;
use crate::ops::{keys, reseal};
use crate::output::Format;

/// Let somebody else read the secrets too: encrypt all of them anew
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Every secret is encrypted anew in one transaction, which takes an identity that can read them.

Examples:
  connctl key add age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
  connctl key add recipients.txt"
)]
pub struct Args {
    /// The public key, or a file with public keys: age1…, ssh-ed25519 … or ssh-rsa …
    #[arg(value_name = "RECIPIENT|FILE")]
    recipient: String,
    #[command(flatten)]
    identity: IdentityArgs,
}

/// Runs the command.
///
/// # Errors
/// When there is no such key, or a secret cannot be read; then nothing has changed.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    let new: Vec<Recipient> = keys::given(&args.recipient)?
        .into_iter()
        .map(|named| named.recipient)
        .collect();
    let store = context.open_existing()?;
    // Never what was typed: it may be a private key by mistake.
    let subject = new.first().map(Recipient::as_str);
    let intent = Intent::new(Action::KeyAdd, subject).with_ciphertext(true);
    context.check(&store, &intent)?;
    let identities = reseal::identities_if_needed(context, &store, &args.identity.files)?;
    drop(store);
    let (added, count) = context.change(&intent, |change| {
        let mut added = Vec::new();
        for recipient in &new {
            if change.add_recipient(recipient.as_str(), context.now)? {
                added.push(recipient);
            }
        }
        if added.is_empty() {
            return Ok((added, 0));
        }
        let count = reseal::all(context, change, &identities)?;
        for recipient in &added {
            change.record(Action::KeyAdd, recipient.as_str(), None)?;
        }
        Ok((added, count))
    })?;
    if added.is_empty() {
        context
            .ui
            .note("The store encrypts for this recipient already; nothing was changed.");
    }
    for recipient in added {
        context
            .ui
            .note(&format!("The store encrypts for {recipient} now."));
    }
    reseal::note(context, count);
    Ok(())
}
