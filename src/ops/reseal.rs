//! Encrypting every secret anew, for the recipients that the store has now.

use std::path::PathBuf;

use super::keys::{self, Own};
use super::secrets;
use crate::context::{Change, Context, Reader};
use crate::credentials::Identities;
use crate::error::{Error, Result};
use crate::model::text;

/// The private keys, unless there is nothing to read with them.
///
/// They are read before the change begins, because a passphrase takes a person's time.
pub fn identities_if_needed(
    context: &Context,
    store: &Reader,
    files: &[PathBuf],
) -> Result<Identities> {
    if store.read()?.count_secrets()? == 0 {
        return Ok(Identities::default());
    }
    keys::load(files, context)
}

/// Encrypts every secret anew; how many there were.
pub fn all(context: &Context, change: &Change<'_>, identities: &Identities) -> Result<usize> {
    let sealer = secrets::sealer(context, change, &Own::Unneeded)?;
    let mut progress = context.ui.silent_progress("secrets encrypted anew");
    let mut count = 0;
    change.reseal_secrets(|stored| {
        progress.advance();
        count += 1;
        let secret = keys::open(
            identities,
            &stored.connector,
            &stored.name,
            &stored.ciphertext,
        )
        .map_err(|error| Error {
            message: format!("{error}; nothing was changed"),
            ..error
        })?;
        sealer
            .seal(&secret)
            .map_err(|error| Error::failure(error.to_string()))
    })?;
    Ok(count)
}

/// Says how many there were.
pub fn note(context: &Context, count: usize) {
    if count > 0 {
        context
            .ui
            .note(&format!("Encrypted {} anew.", text::count(count, "secret")));
    }
}
