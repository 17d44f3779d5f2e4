//! Encryption of secrets: the age file format, the keys for it, and the files keys are kept in.
//!
//! A secret is an age file of its own whose plaintext is exactly the value, so the `age` program can
//! open what is written here and the other way round (<https://age-encryption.org/v1>). Encrypting
//! takes recipients, which are public; only [`Identities`] can read.

mod ciphertext;
mod identity;
mod plugin;
mod recipient;
mod seal;

pub use ciphertext::{ARMOR_START, Audience, armor, ciphertext_in, dearmor, looks_like_age};
pub use identity::{Identities, KeyFile, LockedKeyFile, generate, write_identity};
pub use plugin::Person;
pub use recipient::{NamedRecipient, Recipient, read_recipients};
pub use seal::Sealer;

use std::io::Read;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::model::text;

/// The greatest size of a file with keys, in bytes.
const KEY_FILE_LIMIT: u64 = 1 << 20;

/// Why keys or ciphertext cannot be used. No variant holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A text is no public key.
    #[error("{0} is not a recipient: an age key (age1…) or an ssh-ed25519 or ssh-rsa public key")]
    Recipient(text::Quoted),
    /// A public key is one, but not of a kind that can be encrypted for.
    #[error("{0}")]
    UnusableKey(String),
    /// A private key stands where a public key or the name of a file belongs.
    #[error(
        "this is a private key; it is not repeated here, but other users and the shell's history may have seen it"
    )]
    PrivateKey,
    /// Keys that a plugin holds need that program.
    #[error("the age plugin {0} is not in PATH")]
    MissingPlugin(String),
    /// A plugin has failed, in its own words.
    #[error("the age plugin failed: {0}")]
    Plugin(String),
    /// A file with keys cannot be used.
    #[error("cannot use {}: {reason}", crate::model::text::path(path))]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A private key stands in a file among public keys.
    #[error(
        "cannot use {}: line {line} is a private key, not a recipient",
        crate::model::text::path(path)
    )]
    PrivateKeyInFile {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// The identity does not tell which recipient belongs to it.
    #[error("a plugin keeps the recipient of this identity to itself")]
    NoRecipient,
    /// The passphrase does not open the file.
    #[error("the passphrase does not open {}", crate::model::text::path(.0))]
    Passphrase(PathBuf),
    /// None of the keys at hand can read the secret.
    #[error("it is not encrypted for any of the identities at hand")]
    NoMatchingKey,
    /// The ciphertext is not what was written.
    #[error("its ciphertext is damaged")]
    Damaged,
    /// What looks like an age file is no armored one.
    #[error("it looks like an age file, but is no armored one, which begins with {ARMOR_START}")]
    LooksEncrypted,
    /// The plaintext is empty.
    #[error("its value is empty")]
    Empty,
    /// The plaintext is too long.
    #[error("it has more than 1 MiB, the most that it can have")]
    TooLong,
    /// The header is too long.
    #[error("it is for too many recipients: their part of a secret may have 256 KiB")]
    TooManyRecipients,
    /// The ciphertext is for a passphrase, so that it could not be encrypted anew for other keys.
    #[error("it is encrypted with a passphrase, not for a recipient")]
    UnderPassphrase,
    /// Nothing can be encrypted for this recipient.
    #[error("cannot encrypt for {0}: {1}")]
    EncryptFor(Recipient, Box<Error>),
    /// Encryption failed.
    #[error("cannot encrypt: {0}")]
    Encrypt(String),
}

/// Refuses a private key, where a public one or the name of a file is wanted and an error could
/// repeat what it is.
///
/// # Errors
/// [`Error::PrivateKey`] if it looks like one.
pub fn refuse_private_key(text: &str) -> Result<(), Error> {
    let text = text.to_ascii_uppercase();
    if ["AGE-SECRET-KEY-", "AGE-PLUGIN-", "PRIVATE KEY-----"]
        .iter()
        .any(|sign| text.contains(sign))
    {
        return Err(Error::PrivateKey);
    }
    Ok(())
}

/// A file with keys, without the mark that some editors put before a text.
fn read_key_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, Error> {
    refuse_private_key(&path.to_string_lossy())?;
    let wrong = |reason: String| Error::File {
        path: path.to_owned(),
        reason,
    };
    let file = std::fs::File::open(path).map_err(|error| wrong(error.to_string()))?;
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    let capacity = usize::try_from(size.min(KEY_FILE_LIMIT)).unwrap_or(0) + 1;
    let mut content = Zeroizing::new(Vec::with_capacity(capacity));
    file.take(KEY_FILE_LIMIT + 1)
        .read_to_end(&mut content)
        .map_err(|error| wrong(error.to_string()))?;
    if content.len() as u64 > KEY_FILE_LIMIT {
        return Err(wrong("it has more than 1 MiB".to_owned()));
    }
    if content.starts_with(b"\xff\xfe") || content.starts_with(b"\xfe\xff") {
        return Err(wrong("it is a text in UTF-16; save it in UTF-8".to_owned()));
    }
    if content.starts_with("\u{feff}".as_bytes()) {
        content.drain(.."\u{feff}".len());
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::Secret;

    /// Nobody who could be asked.
    pub struct Nobody;

    impl Person for Nobody {
        fn tell(&self, _: &str) {}

        fn ask(&self, _: &str) -> Option<Zeroizing<String>> {
            None
        }
    }

    pub fn secret(text: &str) -> Secret {
        Secret::from(Zeroizing::new(text.as_bytes().to_vec()))
    }

    /// What a file holds.
    fn read(content: &[u8]) -> Result<KeyFile, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("identity.txt");
        std::fs::write(&path, content).unwrap();
        KeyFile::read(&path, Arc::new(Nobody))
    }

    pub fn key_pair() -> (Identities, Recipient) {
        let (content, recipient) = generate("today");
        match read(content.as_bytes()) {
            Ok(KeyFile::Open(identities)) => (identities, recipient),
            _ => panic!("a new identity can be read"),
        }
    }

    #[test]
    fn what_is_sealed_opens_with_each_key_it_is_for_and_with_no_other() {
        let ((mine, my_key), (yours, your_key), (other, _)) = (key_pair(), key_pair(), key_pair());
        let sealer = Sealer::new(&[my_key.clone(), your_key.clone()]).unwrap();
        let ciphertext = sealer.seal(&secret("s3cret")).unwrap();
        assert!(!ciphertext.windows(6).any(|part| part == b"s3cret"));
        for identities in [&mine, &yours] {
            assert_eq!(identities.open(&ciphertext).unwrap().expose(), b"s3cret");
            assert!(!sealer.is_proven_by(identities, &ciphertext));
        }
        assert!(mine.open_as(&my_key, &ciphertext).is_ok());
        assert!(mine.open_as(&your_key, &ciphertext).is_err());
        assert!(matches!(other.open(&ciphertext), Err(Error::NoMatchingKey)));
        assert!(matches!(
            Identities::default().open(&ciphertext),
            Err(Error::NoMatchingKey)
        ));
        let mut both = mine;
        both.extend(yours);
        assert!(sealer.is_proven_by(&both, &ciphertext));
    }

    #[test]
    fn every_flipped_byte_is_noticed() {
        let (identities, recipient) = key_pair();
        let ciphertext = Sealer::new(&[recipient])
            .unwrap()
            .seal(&secret("value"))
            .unwrap();
        for index in 0..ciphertext.len() {
            let mut damaged = ciphertext.clone();
            damaged[index] ^= 1;
            assert!(identities.open(&damaged).is_err(), "byte {index}");
        }
    }

    #[test]
    fn a_private_key_is_never_repeated() {
        for key in ["AGE-SECRET-KEY-1XYZ", "age-secret-key-1xyz"] {
            let errors = [
                key.parse::<Recipient>().unwrap_err(),
                read_recipients(Path::new(key)).unwrap_err(),
                write_identity(Path::new(key), "").unwrap_err(),
                KeyFile::read(Path::new(key), Arc::new(Nobody))
                    .err()
                    .unwrap(),
            ];
            for error in errors {
                assert!(matches!(error, Error::PrivateKey), "{error}");
            }
        }
    }

    #[test]
    fn what_editors_put_before_a_text_is_no_part_of_it() {
        let (content, _) = generate("today");
        assert!(read(format!("\u{feff}{}", *content).as_bytes()).is_ok());
        let last = content.lines().last().unwrap();
        assert!(read(format!("\u{feff}{last}\r\n").as_bytes()).is_ok());
        let wide: Vec<u8> = [0xfeff]
            .into_iter()
            .chain(last.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let error = read(&wide).err().unwrap().to_string();
        assert!(
            error.ends_with("it is a text in UTF-16; save it in UTF-8"),
            "{error}"
        );
    }
}
