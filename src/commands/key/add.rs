//! `connctl key add`

use std::ffi::OsString;

use crate::commands::args::identity::ResealArgs;
use crate::context::{Context, Intent};
use crate::error::Result;
use crate::model::Action;
use crate::ops::keys;
use crate::ops::reseal::{self, Resealed};
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
    recipient: OsString,
    /// Whose it is [default: what stands behind an SSH key, or above a key in a file]
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    comment: Option<String>,
    #[command(flatten)]
    reseal: ResealArgs,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    let new = keys::given(&args.recipient)?;
    let store = context.open_existing()?;
    // Never what was typed: it may be a private key by mistake.
    let subject = new.first().map(|named| named.recipient.as_str());
    let intent = Intent::new(Action::KeyAdd, subject).with_ciphertext(true);
    context.check(&store, &intent)?;
    let identities = args.reseal.load_if_needed(context, &store)?;
    drop(store);
    let (added, resealed) = context.change(&intent, |change| {
        let mut added = Vec::new();
        for named in &new {
            let recipient = &named.recipient;
            let comment = args.comment.as_deref().or(named.comment.as_deref());
            if change.add_recipient(recipient.as_str(), comment, context.now)? {
                change.record(Action::KeyAdd, recipient.as_str(), None)?;
                added.push(recipient);
            }
        }
        if added.is_empty() && reseal::inspect(change, &identities)?.for_others == 0 {
            return Ok((added, Resealed::default()));
        }
        let resealed = args.reseal.all(context, change, &identities)?;
        Ok((added, resealed))
    })?;
    if added.is_empty() {
        let rest = if resealed.is_empty() {
            "; nothing was changed"
        } else {
            ""
        };
        context.ui.note(&format!(
            "The store encrypts for this recipient already{rest}."
        ));
    }
    for recipient in added {
        context
            .ui
            .note(&format!("The store encrypts for {recipient} now."));
    }
    resealed.report(context);
    Ok(())
}
