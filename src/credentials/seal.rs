//! Encryption.

use std::io::Write;

use age::{EncryptError, Encryptor};
use zeroize::Zeroizing;

use super::{Audience, Error, Identities, Recipient};
use crate::model::Secret;

/// Encrypts secrets for a set of recipients.
pub struct Sealer {
    recipients: Vec<Recipient>,
    keys: Vec<Box<dyn age::Recipient + Send>>,
}

impl Sealer {
    /// Encrypts for these recipients, at least one.
    ///
    /// # Errors
    /// When one of them is no usable key.
    pub fn new(recipients: &[Recipient]) -> Result<Self, Error> {
        let keys = recipients
            .iter()
            .map(|recipient| {
                let key = recipient.key();
                key.map_err(|error| Error::EncryptFor(recipient.clone(), Box::new(error)))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            recipients: recipients.to_vec(),
            keys,
        })
    }

    /// The secret as a binary age file.
    ///
    /// # Errors
    /// When there are no recipients, or they do not go together.
    pub fn seal(&self, secret: &Secret) -> Result<Vec<u8>, Error> {
        let keys = self
            .keys
            .iter()
            .map(|key| key.as_ref() as &dyn age::Recipient);
        let encryptor = Encryptor::with_recipients(keys).map_err(|error| refused(&error))?;
        let mut ciphertext = Vec::new();
        encryptor
            .wrap_output(&mut ciphertext)
            .and_then(|mut out| {
                out.write_all(secret.expose())?;
                out.finish()
            })
            .map_err(|error| Error::Encrypt(error.to_string()))?;
        Ok(ciphertext)
    }

    /// The audience of what it encrypts, which also proves that it can encrypt.
    ///
    /// # Errors
    /// When the recipients do not go together, or are too many.
    pub fn audience(&self) -> Result<Audience, Error> {
        Audience::of(&self.seal(&Secret::from(Zeroizing::default()))?)
    }

    /// Whether these keys prove that a ciphertext is for others: one opens it whose recipient is not
    /// among those here, or one does not whose recipient is.
    #[must_use]
    pub fn is_contradicted_by(&self, identities: &Identities, ciphertext: &[u8]) -> bool {
        identities.recipients().any(|recipient| {
            let opens = identities.open_as(recipient, ciphertext).is_ok();
            opens != self.recipients.contains(recipient)
        })
    }

    /// Whether these keys prove that a ciphertext of the same audience is for nobody else: those of
    /// all recipients that a ciphertext does not tell open it.
    #[must_use]
    pub fn is_proven_by(&self, identities: &Identities, ciphertext: &[u8]) -> bool {
        self.recipients
            .iter()
            .filter(|recipient| !recipient.kind().starts_with("ssh-"))
            .all(|recipient| identities.open_as(recipient, ciphertext).is_ok())
    }
}

fn refused(error: &EncryptError) -> Error {
    Error::Encrypt(match error {
        EncryptError::IncompatibleRecipients { .. } => {
            "post-quantum recipients and others do not go together, because a secret is only as safe \
             as the weakest of its keys"
                .to_owned()
        }
        error => error.to_string(),
    })
}
