//! The private keys of the user.

use std::path::PathBuf;

use super::ask;
use crate::context::Context;
use crate::credentials::{self, Identities, KeyFile, Recipient};
use crate::error::{Error, Result};
use crate::model::{ConnectorId, Secret, SecretName};
use crate::platform;

/// Reads the private keys in these files, or else those of the usual one, asking for passphrases.
pub fn load(files: &[PathBuf], context: &Context) -> Result<Identities> {
    platform::keep_memory_private();
    let files = if files.is_empty() {
        vec![context.identity()?]
    } else {
        files.to_vec()
    };
    let mut identities = Identities::default();
    for path in files {
        if let Some(mode) = platform::is_readable_by_others(&path) {
            context.ui.warn(&format!(
                "other users can read {} (mode {mode:04o}); chmod 600 it",
                path.display()
            ));
        }
        let file = KeyFile::read(&path).map_err(|error| {
            Error::failure(error.to_string()).hint(
                "name a file with private keys with --identity or CONNCTL_IDENTITY; \
                 \"connctl key init\" makes one",
            )
        })?;
        identities.extend(match file {
            KeyFile::Open(identities) => identities,
            KeyFile::Locked(locked) => {
                if !context.ui.can_ask(false) {
                    return Err(Error::usage(format!(
                        "{} takes a passphrase, and nobody can be asked for it",
                        locked.path().display()
                    )));
                }
                let question = format!("Passphrase of {}: ", locked.path().display());
                let passphrase = ask::hidden(&question, context)?;
                locked
                    .unlock(&passphrase)
                    .map_err(|error| Error::failure(error.to_string()))?
            }
        });
    }
    Ok(identities)
}

/// The recipients that belong to the identity of this user, which is made if there is none.
pub fn own_recipients(context: &Context) -> Result<Vec<Recipient>> {
    let path = context.identity()?;
    if path.exists() {
        return credentials::recipients_of(&path).map_err(|error| {
            Error::failure(error.to_string())
                .hint("add the recipient that belongs to it: connctl key add RECIPIENT")
        });
    }
    let (identity, recipient) = credentials::generate(context.now);
    credentials::write_identity(&path, &identity)
        .map_err(|error| Error::failure(error.to_string()))?;
    context.ui.note(&format!(
        "Made a new identity in {}; its recipient is {recipient}.\n\
         Keep a copy of that file: without it, nobody can read the secrets.",
        path.display()
    ));
    Ok(vec![recipient])
}

/// Decrypts a secret.
pub fn open(
    identities: &Identities,
    id: &ConnectorId,
    name: &SecretName,
    ciphertext: &[u8],
) -> Result<Secret> {
    identities.open(ciphertext).map_err(|error| {
        let message = format!("cannot read secret {name} of connector {id}: {error}");
        match error {
            credentials::Error::NoMatchingKey => Error::failure(message)
                .hint("name another file with private keys with --identity; connctl key list"),
            _ => Error::failure(message).hint("set the secret again, or restore it from a copy"),
        }
    })
}
