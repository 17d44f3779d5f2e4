//! Private keys, and the files they are kept in.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use age::armor::ArmoredReader;
use age::secrecy::{ExposeSecret, SecretString};
use age::{DecryptError, Decryptor};
use zeroize::Zeroizing;

use super::ciphertext::{ARMOR_START, BINARY_START};
use super::plugin::{self, Line, Person};
use super::{Error, Recipient, read_key_file, refuse_private_key};
use crate::model::Secret;
use crate::platform;

/// The most work that is done to turn a passphrase into a key: 2^20 rounds of scrypt need 1 GiB.
const MAX_WORK_FACTOR: u8 = 20;

/// A new identity: the content of its file, and the recipient that belongs to it.
#[must_use]
pub fn generate(created: impl fmt::Display) -> (Zeroizing<String>, Recipient) {
    let identity = age::x25519::Identity::generate();
    let recipient = Recipient::from(identity.to_public());
    let key = identity.to_string();
    let content = format!(
        "# created: {created}\n# public key: {recipient}\n{}\n",
        key.expose_secret()
    );
    (Zeroizing::new(content), recipient)
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

/// A private key.
struct Key {
    identity: Box<dyn age::Identity>,
    /// The public key that belongs to it; a plugin keeps it to itself.
    recipient: Option<Recipient>,
}

/// Private keys.
#[derive(Default)]
pub struct Identities {
    keys: Vec<Key>,
    /// What stands in their files and cannot be used, a sentence each.
    passed_over: Vec<String>,
}

impl Identities {
    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// What stands in their files and cannot be used, a sentence each.
    #[must_use]
    pub fn passed_over(&self) -> &[String] {
        &self.passed_over
    }

    /// The recipients that belong to the keys, as far as they are known.
    pub fn recipients(&self) -> impl Iterator<Item = &Recipient> {
        self.keys.iter().filter_map(|key| key.recipient.as_ref())
    }

    /// Those that take no plugin.
    #[must_use]
    pub fn without_plugins(mut self) -> Self {
        self.keys.retain(|key| key.recipient.is_some());
        self
    }

    /// Adds the keys of another file.
    pub fn extend(&mut self, others: Self) {
        self.keys.extend(others.keys);
        self.passed_over.extend(others.passed_over);
    }

    /// Decrypts a secret.
    ///
    /// # Errors
    /// When none of the keys fits, or the ciphertext is damaged.
    pub fn open(&self, ciphertext: &[u8]) -> Result<Secret, Error> {
        open_with(self.keys.iter(), ciphertext)
    }

    /// Decrypts a secret with the key of this recipient only.
    ///
    /// # Errors
    /// When it is not at hand or does not fit, or the ciphertext is damaged.
    pub fn open_as(&self, recipient: &Recipient, ciphertext: &[u8]) -> Result<Secret, Error> {
        let is_its = |key: &&Key| key.recipient.as_ref() == Some(recipient);
        open_with(self.keys.iter().filter(is_its), ciphertext)
    }

    fn of_ssh(identity: age::ssh::Identity) -> Self {
        Self {
            keys: vec![Key {
                recipient: Recipient::of_ssh(identity.clone()),
                identity: Box::new(identity),
            }],
            passed_over: Vec::new(),
        }
    }

    /// The keys in the lines of a file. A line that cannot be used takes no other away.
    fn of_lines(content: &[u8], line: &Line) -> Result<Self, String> {
        let mut found = Self::default();
        for (index, text) in content.split(|byte| *byte == b'\n').enumerate() {
            let Ok(text) = std::str::from_utf8(text.trim_ascii()) else {
                found.pass_over(index, "is no text in UTF-8");
                continue;
            };
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            match key(text, line) {
                Ok(key) => found.keys.push(key),
                Err(problem) => found.pass_over(index, &problem),
            }
        }
        if found.keys.is_empty() {
            return Err(match found.passed_over.first() {
                Some(first) => format!("it holds no identity that can be used: {first}"),
                None => "it holds no identity".to_owned(),
            });
        }
        Ok(found)
    }

    fn pass_over(&mut self, index: usize, problem: &str) {
        self.passed_over
            .push(format!("line {} {problem}", index + 1));
    }
}

/// The private key in a line, or what stands there instead, which is never repeated.
fn key(text: &str, line: &Line) -> Result<Key, String> {
    if let Ok(identity) = text.parse::<age::x25519::Identity>() {
        return Ok(Key {
            recipient: Some(identity.to_public().into()),
            identity: Box::new(identity),
        });
    }
    if let Ok(identity) = text.parse::<age::plugin::Identity>() {
        return match plugin::identity(identity, line) {
            Ok(identity) => Ok(Key {
                identity,
                recipient: None,
            }),
            Err(error) => Err(format!("cannot be used: {error}")),
        };
    }
    let starts_with = |start: &str| {
        text.get(..start.len())
            .is_some_and(|text| text.eq_ignore_ascii_case(start))
    };
    Err(if starts_with("AGE-SECRET-KEY-PQ-") {
        "is a post-quantum identity, which this connctl cannot use"
    } else if starts_with("AGE-") {
        "is a damaged identity, or one of a kind that this connctl does not know"
    } else if starts_with("age1") || starts_with("ssh-") {
        "is a recipient, not an identity"
    } else {
        "is no identity"
    }
    .to_owned())
}

fn open_with<'k>(keys: impl Iterator<Item = &'k Key>, ciphertext: &[u8]) -> Result<Secret, Error> {
    let mut error = Error::NoMatchingKey;
    // One after the other: a key that fails must not keep the next from fitting.
    for key in keys {
        let decryptor = Decryptor::new_buffered(ciphertext).map_err(|_| Error::Damaged)?;
        match decryptor.decrypt(std::iter::once(key.identity.as_ref())) {
            Ok(mut reader) => {
                // Never longer than the ciphertext, so the plaintext is not moved and left behind.
                let mut plaintext = Zeroizing::new(Vec::with_capacity(ciphertext.len()));
                reader
                    .read_to_end(&mut plaintext)
                    .map_err(|_| Error::Damaged)?;
                return Ok(Secret::from(plaintext));
            }
            Err(DecryptError::NoMatchingKeys | DecryptError::KeyDecryptionFailed) => {}
            Err(DecryptError::Plugin(problems)) => {
                error = Error::Plugin(problems.first().map_or_else(String::new, |problem| {
                    crate::model::text::visible(&problem.to_string()).into_owned()
                }));
            }
            Err(_) => error = Error::Damaged,
        }
    }
    // What no key was tried on may be damaged all the same.
    Decryptor::new_buffered(ciphertext).map_err(|_| Error::Damaged)?;
    Err(error)
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
    line: Line,
}

impl KeyFile {
    /// Reads age identities, an SSH private key, or either under a passphrase. The plugins of some
    /// identities may speak with the person.
    ///
    /// # Errors
    /// When the file cannot be read or holds no private key that can be used.
    pub fn read(path: &Path, person: Arc<dyn Person>) -> Result<Self, Error> {
        let content = read_key_file(path)?;
        let line = Line(person);
        let wrong = |reason: &str| Error::File {
            path: path.to_owned(),
            reason: reason.to_owned(),
        };
        let locked = |content| {
            Ok(Self::Locked(LockedKeyFile {
                path: path.to_owned(),
                content,
                line: line.clone(),
            }))
        };
        let start = content.trim_ascii_start();
        if start.starts_with(ARMOR_START.as_bytes()) || start.starts_with(BINARY_START) {
            return locked(content);
        }
        if start.starts_with(b"-----BEGIN") {
            let identity = age::ssh::Identity::from_buffer(content.as_slice(), None)
                .map_err(|_| wrong("it is no SSH private key that can be read"))?;
            return match identity {
                age::ssh::Identity::Unencrypted(_) => Ok(Self::Open(Identities::of_ssh(identity))),
                age::ssh::Identity::Encrypted(_) => locked(content),
                age::ssh::Identity::Unsupported(_) => Err(wrong(
                    "this kind of SSH key is not supported; ssh-ed25519 and ssh-rsa are",
                )),
            };
        }
        Identities::of_lines(&content, &line)
            .map(Self::Open)
            .map_err(|reason| wrong(&reason))
    }

    /// The recipients that belong to its keys, which an SSH key tells without its passphrase.
    ///
    /// # Errors
    /// When there are none that can be told.
    pub fn recipients(&self) -> Result<Vec<Recipient>, Error> {
        let (recipients, path): (Vec<Recipient>, _) = match self {
            Self::Open(identities) => (identities.recipients().cloned().collect(), None),
            Self::Locked(file) => (file.ssh_recipient().into_iter().collect(), Some(&file.path)),
        };
        match (recipients.is_empty(), path) {
            (false, _) => Ok(recipients),
            (true, Some(path)) => Err(Error::File {
                path: path.clone(),
                reason: "it holds no age identity without a passphrase".to_owned(),
            }),
            (true, None) => Err(Error::NoRecipient),
        }
    }
}

impl LockedKeyFile {
    /// Opens the file.
    ///
    /// # Errors
    /// When the passphrase is wrong, or the file holds no identity that can be used.
    pub fn unlock(&self, passphrase: &Zeroizing<String>) -> Result<Identities, Error> {
        let passphrase = SecretString::from(passphrase.as_str().to_owned());
        let start = self.content.trim_ascii_start();
        if !start.starts_with(ARMOR_START.as_bytes()) && !start.starts_with(BINARY_START) {
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
        Identities::of_lines(&content, &self.line).map_err(wrong)
    }

    fn unlock_ssh(&self, passphrase: SecretString) -> Result<Identities, Error> {
        let identity = age::ssh::Identity::from_buffer(self.content.as_slice(), None);
        match identity {
            Ok(age::ssh::Identity::Encrypted(key)) => key
                .decrypt(passphrase)
                .map(|key| Identities::of_ssh(age::ssh::Identity::from(key)))
                .map_err(|_| Error::Passphrase(self.path.clone())),
            _ => Err(Error::Passphrase(self.path.clone())),
        }
    }

    fn ssh_recipient(&self) -> Option<Recipient> {
        let identity = age::ssh::Identity::from_buffer(self.content.as_slice(), None).ok()?;
        Recipient::of_ssh(identity)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::super::Sealer;
    use super::super::tests::{Nobody, secret};
    use super::*;

    fn lines(content: &str) -> Result<Identities, String> {
        Identities::of_lines(content.as_bytes(), &Line(Arc::new(Nobody)))
    }

    #[test]
    fn a_line_that_cannot_be_used_takes_no_key_away() {
        let (content, recipient) = generate("today");
        let sealer = Sealer::new(&[recipient]).unwrap();
        let ciphertext = sealer.seal(&secret("s3cret")).unwrap();
        let file = format!(
            "AGE-PLUGIN-NOSUCH-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSN7A8W5J\n\
             AGE-SECRET-KEY-PQ-1QQPSYQCYQ5RQWZQFPG9SCRGWPUGPZYSN\nAGE-SECRET-KEY-1XYZ\n\
             hunter2\nage1qqqq\n\r\n  {}",
            *content
        );
        let identities = lines(&file).unwrap();
        assert_eq!(identities.open(&ciphertext).unwrap().expose(), b"s3cret");
        let passed_over = identities.passed_over().join("\n");
        assert!(!passed_over.contains("hunter2"), "{passed_over}");
        assert_eq!(identities.passed_over().len(), 5, "{passed_over}");
        assert!(
            passed_over
                .contains("line 1 cannot be used: the age plugin age-plugin-nosuch is not in PATH")
                && passed_over.contains("line 2 is a post-quantum identity"),
            "{passed_over}"
        );
    }

    #[test]
    fn a_file_without_any_key_says_what_stands_there() {
        for (content, expected) in [
            ("# nothing\n\n", "it holds no identity"),
            (
                "hunter2\n",
                "it holds no identity that can be used: line 1 is no identity",
            ),
            (
                "\nage1qqqq\n",
                "it holds no identity that can be used: line 2 is a recipient, not an identity",
            ),
        ] {
            assert_eq!(lines(content).err().unwrap(), expected);
        }
    }
}
