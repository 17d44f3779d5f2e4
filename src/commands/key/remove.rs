//! `connctl key remove`

use std::ffi::OsString;

use crate::commands::args::identity::ResealArgs;
use crate::context::{Context, Intent};
use crate::credentials::Recipient;
use crate::error::{Error, Kind, Result};
use crate::model::Action;
use crate::ops::keys;
use crate::output::Format;
use crate::store::Snapshot;

/// Let somebody no longer read the secrets: encrypt all of them anew
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Whoever holds the removed key may have read the secrets before: change the values themselves too.

Examples:
  connctl key list
  connctl key remove recipients.txt"
)]
pub struct Args {
    /// The public key, as \"connctl key list\" shows it, or a file with public keys
    #[arg(value_name = "RECIPIENT|FILE")]
    recipient: OsString,
    #[command(flatten)]
    reseal: ResealArgs,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    let given = keys::given(&args.recipient)?;
    let recipients: Vec<&Recipient> = given.iter().map(|named| &named.recipient).collect();
    let store = context.open_existing()?;
    let subject = recipients.first().map(|recipient| recipient.as_str());
    let intent = Intent::new(Action::KeyRemove, subject).with_ciphertext(true);
    context.check(&store, &intent)?;
    check_removal(&store.read()?, &recipients)?;
    let identities = args.reseal.load_if_needed(context, &store)?;
    drop(store);
    let resealed = context.change(&intent, |change| {
        check_removal(change, &recipients)?;
        for recipient in &recipients {
            change.remove_recipient(recipient.as_str())?;
            change.record(Action::KeyRemove, recipient.as_str(), None)?;
        }
        args.reseal.all(context, change, &identities)
    })?;
    for recipient in recipients {
        context.ui.note(&format!(
            "The store does not encrypt for {recipient} any more."
        ));
    }
    resealed.report(context);
    if !resealed.is_empty() {
        context.ui.warn(
            "whoever holds that key may have read the secrets before; change the values themselves",
        );
    }
    Ok(())
}

/// Refuses to remove what is not there, and the last one.
fn check_removal(snapshot: &Snapshot<'_>, recipients: &[&Recipient]) -> Result<()> {
    let present = snapshot.recipients()?;
    let is_present = |given: &&&Recipient| present.iter().any(|one| one.key == given.as_str());
    if let Some(unknown) = recipients.iter().find(|given| !is_present(given)) {
        return Err(Error::new(
            Kind::NotFound,
            format!("the store does not encrypt for {unknown}; nothing was changed"),
        )
        .hint("see whom it encrypts for: connctl key list"));
    }
    let stays = |key: &str| recipients.iter().all(|given| given.as_str() != key);
    if let (Some(last), false) = (recipients.last(), present.iter().any(|one| stays(&one.key))) {
        return Err(
            Error::usage(format!("{last} is the last recipient; nothing was changed"))
                .hint("add another one first: connctl key add RECIPIENT"),
        );
    }
    Ok(())
}
