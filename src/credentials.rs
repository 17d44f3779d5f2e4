//! Encryption of secrets: the age file format, the keys for it, and the files keys are kept in.
//!
//! A secret is an age file of its own whose plaintext is exactly the value, so the `age` program can
//! open what is written here and the other way round (<https://age-encryption.org/v1>). Encrypting
//! takes recipients, which are public; only [`Identities`] can read.

use std::fmt;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::secrecy::{ExposeSecret, SecretString};
use age::{DecryptError, Decryptor, Encryptor, IdentityFile};
use zeroize::Zeroizing;

use crate::model::{Secret, text};
use crate::platform;

/// How a file with an armored age text begins.
pub const ARMOR_START: &str = "-----BEGIN AGE ENCRYPTED FILE-----";

/// How a binary age file begins.
const BINARY_START: &[u8] = b"age-encryption.org/";

/// The greatest size of a file with keys, in bytes.
const KEY_FILE_LIMIT: u64 = 1 << 20;

/// The most work that is done to turn a passphrase into a key: 2^20 rounds of scrypt need 1 GiB.
const MAX_WORK_FACTOR: u8 = 20;

/// Why keys or ciphertext cannot be used. No variant holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A text is no public key.
    #[error("{0} is not a recipient: an age key (age1…) or an ssh-ed25519 or ssh-rsa public key")]
    Recipient(text::Quoted),
    /// A private key stands where a public key or the name of a file belongs.
    #[error(
        "this is a private key; it is not repeated here, but other users and the shell's history may have seen it"
    )]
    PrivateKey,
    /// A file with keys cannot be used.
    #[error("cannot use {}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The passphrase does not open the file.
    #[error("the passphrase does not open {}", .0.display())]
    Passphrase(PathBuf),
    /// None of the keys at hand can read the secret.
    #[error("it is not encrypted for any of the identities at hand")]
    NoMatchingKey,
    /// The ciphertext is not what was written.
    #[error("its ciphertext is damaged")]
    Damaged,
    /// The ciphertext is for a passphrase, so that it could not be encrypted anew for other keys.
    #[error("it is encrypted with a passphrase, not for a recipient")]
    UnderPassphrase,
    /// Encryption failed.
    #[error("cannot encrypt: {0}")]
    Encrypt(String),
}

/// A public key that secrets are encrypted for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recipient(String);

impl Recipient {
    /// The key as text, as age knows it and without a comment.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn key(&self) -> Result<Box<dyn age::Recipient + Send>, Error> {
        if let Ok(key) = self.0.parse::<age::x25519::Recipient>() {
            return Ok(Box::new(key));
        }
        match self.0.parse::<age::ssh::Recipient>() {
            Ok(key) => Ok(Box::new(key)),
            Err(_) => Err(Error::Recipient(self.0.as_str().into())),
        }
    }
}

impl FromStr for Recipient {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        refuse_private_key(text)?;
        // Upper case says the same, and one key shall have one text.
        if let Ok(key) = text.trim().parse::<age::x25519::Recipient>() {
            return Ok(Self(key.to_string()));
        }
        // The comment behind an SSH key is no part of it.
        let words: Vec<_> = text.split_whitespace().collect();
        let recipient = match words.as_slice() {
            [key] => Self((*key).to_owned()),
            [kind @ ("ssh-ed25519" | "ssh-rsa"), key, ..] => Self(format!("{kind} {key}")),
            _ => return Err(Error::Recipient(text.into())),
        };
        recipient.key().map(|_| recipient)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
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

/// The recipients in a file: one a line, with empty lines and comments (`#`) between them.
///
/// # Errors
/// When the file cannot be read, or a line is no recipient.
pub fn read_recipients(path: &Path) -> Result<Vec<Recipient>, Error> {
    let content = read_key_file(path)?;
    let content = String::from_utf8_lossy(&content);
    let lines = content.lines().map(str::trim);
    let recipients: Vec<Recipient> = lines
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(index, line)| {
            // Somebody may name an identity file by mistake; what stands there is never repeated.
            let reason = format!("line {} is not a recipient", index + 1);
            line.parse().map_err(|_| Error::File {
                path: path.to_owned(),
                reason,
            })
        })
        .collect::<Result<_, _>>()?;
    if recipients.is_empty() {
        let reason = "it holds no recipient".to_owned();
        return Err(Error::File {
            path: path.to_owned(),
            reason,
        });
    }
    Ok(recipients)
}

/// Encrypts secrets for a set of recipients.
pub struct Sealer {
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
            .map(Recipient::key)
            .collect::<Result<_, _>>()?;
        Ok(Self { keys })
    }

    /// The secret as a binary age file.
    ///
    /// # Errors
    /// When there are no recipients.
    pub fn seal(&self, secret: &Secret) -> Result<Vec<u8>, Error> {
        let failed = |error: &dyn fmt::Display| Error::Encrypt(error.to_string());
        let keys = self
            .keys
            .iter()
            .map(|key| key.as_ref() as &dyn age::Recipient);
        let encryptor = Encryptor::with_recipients(keys).map_err(|error| failed(&error))?;
        let mut ciphertext = Vec::new();
        encryptor
            .wrap_output(&mut ciphertext)
            .and_then(|mut out| {
                out.write_all(secret.expose())?;
                out.finish()
            })
            .map_err(|error| failed(&error))?;
        Ok(ciphertext)
    }
}

/// A new identity: the content of its file, and the recipient that belongs to it.
#[must_use]
pub fn generate(created: impl fmt::Display) -> (Zeroizing<String>, Recipient) {
    let identity = age::x25519::Identity::generate();
    let recipient = Recipient(identity.to_public().to_string());
    let key = identity.to_string();
    let content = format!(
        "# created: {created}\n# public key: {recipient}\n{}\n",
        key.expose_secret()
    );
    (Zeroizing::new(content), recipient)
}

/// Private keys.
#[derive(Default)]
pub struct Identities {
    keys: Vec<Box<dyn age::Identity>>,
}

/// A file with private keys that has been read.
pub enum KeyFile {
    /// Its keys can be used.
    Open(Identities),
    /// It takes a passphrase.
    Locked(LockedKeyFile),
}

/// A file with private keys under a passphrase.
pub struct LockedKeyFile {
    path: PathBuf,
    content: Zeroizing<Vec<u8>>,
}

impl KeyFile {
    /// Reads age identities, an SSH private key, or either under a passphrase.
    ///
    /// # Errors
    /// When the file cannot be read or holds no private key.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let content = read_key_file(path)?;
        let wrong = |reason: &str| Error::File {
            path: path.to_owned(),
            reason: reason.to_owned(),
        };
        let start = content.trim_ascii_start();
        if start.starts_with(ARMOR_START.as_bytes()) || start.starts_with(BINARY_START) {
            return Ok(Self::Locked(LockedKeyFile {
                path: path.to_owned(),
                content,
            }));
        }
        if start.starts_with(b"-----BEGIN") {
            let identity = age::ssh::Identity::from_buffer(content.as_slice(), None)
                .map_err(|_| wrong("it is no SSH private key that can be read"))?;
            return match identity {
                age::ssh::Identity::Unencrypted(_) => Ok(Self::Open(Identities {
                    keys: vec![Box::new(identity)],
                })),
                age::ssh::Identity::Encrypted(_) => Ok(Self::Locked(LockedKeyFile {
                    path: path.to_owned(),
                    content,
                })),
                age::ssh::Identity::Unsupported(_) => Err(wrong(
                    "this kind of SSH key is not supported; ssh-ed25519 and ssh-rsa are",
                )),
            };
        }
        // The message of age names the line, never its content.
        age_identities(&content)
            .map(Self::Open)
            .map_err(|reason| wrong(&reason))
    }
}

fn age_identities(content: &[u8]) -> Result<Identities, String> {
    let keys = IdentityFile::from_buffer(content)
        .map_err(|error| error.to_string())?
        .into_identities()
        .map_err(|error| error.to_string())?;
    if keys.is_empty() {
        return Err("it holds no identity".to_owned());
    }
    Ok(Identities {
        keys: keys
            .into_iter()
            .map(|key| key as Box<dyn age::Identity>)
            .collect(),
    })
}

impl LockedKeyFile {
    /// Opens the file.
    ///
    /// # Errors
    /// When the passphrase is wrong, or the file holds no identity.
    pub fn unlock(&self, passphrase: &Zeroizing<String>) -> Result<Identities, Error> {
        let passphrase = SecretString::from(passphrase.as_str().to_owned());
        if self
            .content
            .trim_ascii_start()
            .starts_with(b"-----BEGIN OPENSSH")
            || self
                .content
                .trim_ascii_start()
                .starts_with(b"-----BEGIN RSA")
        {
            return self.unlock_ssh(passphrase);
        }
        let wrong = |reason: String| Error::File {
            path: self.path.clone(),
            reason,
        };
        let decryptor = Decryptor::new_buffered(ArmoredReader::new(self.content.as_slice()))
            .map_err(|error| wrong(error.to_string()))?;
        if !decryptor.is_scrypt() {
            return Err(wrong(
                "it is encrypted, but not with a passphrase".to_owned(),
            ));
        }
        let mut identity = age::scrypt::Identity::new(passphrase);
        identity.set_max_work_factor(MAX_WORK_FACTOR);
        let mut content = Zeroizing::new(Vec::with_capacity(self.content.len()));
        decryptor
            .decrypt(std::iter::once(&identity as &dyn age::Identity))
            .map_err(|error| match error {
                DecryptError::ExcessiveWork { .. } => wrong(error.to_string()),
                _ => Error::Passphrase(self.path.clone()),
            })?
            .read_to_end(&mut content)
            .map_err(|_| Error::Passphrase(self.path.clone()))?;
        age_identities(&content).map_err(wrong)
    }

    fn unlock_ssh(&self, passphrase: SecretString) -> Result<Identities, Error> {
        let identity = age::ssh::Identity::from_buffer(self.content.as_slice(), None);
        match identity {
            Ok(age::ssh::Identity::Encrypted(key)) => key
                .decrypt(passphrase)
                .map(|key| Identities {
                    keys: vec![Box::new(age::ssh::Identity::from(key))],
                })
                .map_err(|_| Error::Passphrase(self.path.clone())),
            _ => Err(Error::Passphrase(self.path.clone())),
        }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Identities {
    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Adds the keys of another file.
    pub fn extend(&mut self, others: Self) {
        self.keys.extend(others.keys);
    }

    /// Decrypts a secret.
    ///
    /// # Errors
    /// When none of the keys fits, or the ciphertext is damaged.
    pub fn open(&self, ciphertext: &[u8]) -> Result<Secret, Error> {
        let failed = |error: DecryptError| match error {
            DecryptError::NoMatchingKeys | DecryptError::KeyDecryptionFailed => {
                Error::NoMatchingKey
            }
            _ => Error::Damaged,
        };
        let decryptor = Decryptor::new_buffered(ciphertext).map_err(failed)?;
        let keys = self.keys.iter().map(AsRef::as_ref);
        let mut reader = decryptor.decrypt(keys).map_err(failed)?;
        // Never longer than the ciphertext, so the plaintext is not moved and left behind.
        let mut plaintext = Zeroizing::new(Vec::with_capacity(ciphertext.len()));
        reader
            .read_to_end(&mut plaintext)
            .map_err(|_| Error::Damaged)?;
        Ok(Secret::from(plaintext))
    }
}

/// A binary age file as text.
///
/// # Errors
/// When memory is all that could fail; never in practice.
pub fn armor(ciphertext: &[u8]) -> io::Result<String> {
    let mut writer = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
    writer.write_all(ciphertext)?;
    String::from_utf8(writer.finish()?).map_err(io::Error::other)
}

/// The binary age file in a text, if its beginning and its armor are sound. Whether it can be
/// decrypted only a private key could tell.
///
/// # Errors
/// [`Error::Damaged`] if they are not, [`Error::UnderPassphrase`] if no key can ever read it.
pub fn dearmor(text: &str) -> Result<Vec<u8>, Error> {
    let mut ciphertext = Vec::new();
    ArmoredReader::new(BufReader::new(text.trim().as_bytes()))
        .read_to_end(&mut ciphertext)
        .map_err(|_| Error::Damaged)?;
    let decryptor = Decryptor::new_buffered(ciphertext.as_slice()).map_err(|_| Error::Damaged)?;
    if decryptor.is_scrypt() {
        return Err(Error::UnderPassphrase);
    }
    Ok(ciphertext)
}

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
    file.take(KEY_FILE_LIMIT)
        .read_to_end(&mut content)
        .map_err(|error| wrong(error.to_string()))?;
    Ok(content)
}

/// The recipients that belong to the identities in a file.
///
/// # Errors
/// When the file cannot be read, takes a passphrase, or holds no age identity.
pub fn recipients_of(path: &Path) -> Result<Vec<Recipient>, Error> {
    let wrong = |reason: String| Error::File {
        path: path.to_owned(),
        reason,
    };
    let content = read_key_file(path)?;
    let file = IdentityFile::from_buffer(content.as_slice())
        .map_err(|_| wrong("it holds no age identity without a passphrase".to_owned()))?;
    let mut lines = Vec::new();
    file.write_recipients_file(&mut lines)
        .map_err(|error| wrong(error.to_string()))?;
    String::from_utf8_lossy(&lines)
        .lines()
        .map(str::parse)
        .collect()
}

/// Writes a new identity to a file that must not exist, for its owner only, with its folder.
///
/// # Errors
/// When the operating system refuses.
pub fn write_identity(path: &Path, content: &str) -> Result<(), Error> {
    let wrong = |error: io::Error| Error::File {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    refuse_private_key(&path.to_string_lossy())?;
    if let Some(folder) = path.parent() {
        platform::create_private_folder(folder).map_err(wrong)?;
    }
    platform::write_new_private_file(path, content.as_bytes()).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::from(Zeroizing::new(text.as_bytes().to_vec()))
    }

    fn key_pair() -> (Identities, Recipient) {
        let (content, recipient) = generate("today");
        (age_identities(content.as_bytes()).unwrap(), recipient)
    }

    #[test]
    fn what_is_sealed_opens_with_each_key_it_is_for_and_with_no_other() {
        let ((mine, my_key), (yours, your_key), (other, _)) = (key_pair(), key_pair(), key_pair());
        let sealed = Sealer::new(&[my_key, your_key])
            .unwrap()
            .seal(&secret("s3cret"))
            .unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"s3cret"));
        for identities in [mine, yours] {
            assert_eq!(identities.open(&sealed).unwrap().expose(), b"s3cret");
        }
        assert!(matches!(other.open(&sealed), Err(Error::NoMatchingKey)));
        assert!(matches!(
            Identities::default().open(&sealed),
            Err(Error::NoMatchingKey)
        ));
    }

    #[test]
    fn every_flipped_byte_is_noticed() {
        let (identities, recipient) = key_pair();
        let sealed = Sealer::new(&[recipient])
            .unwrap()
            .seal(&secret("value"))
            .unwrap();
        for index in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[index] ^= 1;
            assert!(identities.open(&damaged).is_err(), "byte {index}");
        }
    }

    #[test]
    fn armor_is_the_same_each_time_and_comes_off() {
        let (_, recipient) = key_pair();
        let sealed = Sealer::new(&[recipient])
            .unwrap()
            .seal(&secret("value"))
            .unwrap();
        let text = armor(&sealed).unwrap();
        assert!(text.starts_with(ARMOR_START));
        assert_eq!(dearmor(&text).unwrap(), sealed);
        for damaged in [
            ARMOR_START,
            &text[..text.len() / 2],
            &text.replace('A', "!"),
        ] {
            assert!(matches!(dearmor(damaged), Err(Error::Damaged)), "{damaged}");
        }
    }

    #[test]
    fn recipients_lose_their_comment_and_nothing_else_is_one() {
        let ssh =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN";
        assert_eq!(
            format!("{ssh} kim@host")
                .parse::<Recipient>()
                .unwrap()
                .as_str(),
            ssh
        );
        for text in [
            "",
            "age1",
            "ssh-ed25519 AAAA",
            "AGE-SECRET-KEY-1",
            "age1 x y",
        ] {
            assert!(text.parse::<Recipient>().is_err(), "{text}");
        }
        let (_, key) = key_pair();
        let shouted = key.as_str().to_uppercase();
        assert_eq!(shouted.parse::<Recipient>().unwrap(), key);
    }

    #[test]
    fn a_private_key_is_never_repeated() {
        for key in ["AGE-SECRET-KEY-1XYZ", "age-secret-key-1xyz"] {
            let errors = [
                key.parse::<Recipient>().unwrap_err(),
                read_recipients(Path::new(key)).unwrap_err(),
                recipients_of(Path::new(key)).unwrap_err(),
                write_identity(Path::new(key), "").unwrap_err(),
                KeyFile::read(Path::new(key)).err().unwrap(),
            ];
            for error in errors {
                assert!(matches!(error, Error::PrivateKey), "{error}");
            }
        }
    }
}
