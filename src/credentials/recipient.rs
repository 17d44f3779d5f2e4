//! Public keys.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use age::ssh::ParseRecipientKeyError;

use super::{Error, plugin, read_key_file, refuse_private_key};

/// A public key that secrets are encrypted for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recipient(String);

impl Recipient {
    /// The key as text, as age knows it and without a comment.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What kind of key it is: `x25519`, `ssh-ed25519`, `ssh-rsa`, `tag`, `tagpq`, or the name of
    /// the age plugin it takes.
    #[must_use]
    pub fn kind(&self) -> &str {
        Self::kind_of(&self.0)
    }

    /// As [`Recipient::kind`], of a text that should be a recipient.
    #[must_use]
    pub fn kind_of(text: &str) -> &str {
        if let Some((kind, _)) = text.split_once(' ') {
            return kind;
        }
        // The last 1 of a Bech32 text ends its readable part: "age" or "age" with a name behind it.
        let readable = text.rsplit_once('1').map_or("", |(readable, _)| readable);
        readable.strip_prefix("age1").unwrap_or("x25519")
    }

    /// What encrypts for this key.
    pub(super) fn key(&self) -> Result<Box<dyn age::Recipient + Send>, Error> {
        let text = self.0.as_str();
        if let Ok(key) = text.parse::<age::x25519::Recipient>() {
            return Ok(Box::new(key));
        }
        if let Ok(key) = text.parse::<age::tag::Recipient>() {
            return Ok(Box::new(key));
        }
        if let Ok(key) = text.parse::<age::tagpq::Recipient>() {
            return Ok(Box::new(key));
        }
        if let Ok(key) = text.parse::<age::plugin::Recipient>() {
            return plugin::recipient(key);
        }
        match text.parse::<age::ssh::Recipient>() {
            Ok(key) => Ok(Box::new(key)),
            Err(error) => Err(refused(text, &error)),
        }
    }

    /// The key of an SSH identity.
    pub(super) fn of_ssh(identity: age::ssh::Identity) -> Option<Self> {
        let key = age::ssh::Recipient::try_from(identity).ok()?;
        key.to_string().parse().ok()
    }
}

impl From<age::x25519::Recipient> for Recipient {
    fn from(key: age::x25519::Recipient) -> Self {
        Self(key.to_string())
    }
}

impl FromStr for Recipient {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Ok(text.parse::<NamedRecipient>()?.recipient)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A public key with what its owner wrote behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRecipient {
    /// The key.
    pub recipient: Recipient,
    /// Whose it is.
    pub comment: Option<String>,
}

impl From<Recipient> for NamedRecipient {
    fn from(recipient: Recipient) -> Self {
        Self {
            recipient,
            comment: None,
        }
    }
}

impl FromStr for NamedRecipient {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        refuse_private_key(text)?;
        let words: Vec<_> = text.split_whitespace().collect();
        let (recipient, comment) = match words.as_slice() {
            // Upper case says the same, and one key shall have one text.
            [key] => (key.to_ascii_lowercase(), &[] as &[&str]),
            [kind, key, comment @ ..] if kind.contains('-') => (format!("{kind} {key}"), comment),
            _ => return Err(Error::Recipient(text.into())),
        };
        let recipient = Recipient(recipient);
        match recipient.key() {
            // Whether there is the plugin it takes matters only to those who encrypt.
            Ok(_) | Err(Error::MissingPlugin(_)) => Ok(Self {
                recipient,
                comment: Some(comment.join(" ")).filter(|comment| !comment.is_empty()),
            }),
            // The error shows what was given, and not what was made of it.
            Err(Error::Recipient(_)) => Err(Error::Recipient(text.into())),
            Err(error) => Err(error),
        }
    }
}

/// Why age cannot encrypt for an SSH key.
fn refused(text: &str, error: &ParseRecipientKeyError) -> Error {
    let unusable = |reason: &str| {
        Error::UnusableKey(format!(
            "{reason}; ssh-ed25519, ssh-rsa and age keys (age1…) can be used"
        ))
    };
    let kind = text.split(' ').next().unwrap_or_default();
    // Only words that are known are repeated: the text may be anything.
    let is_known = [
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
    ];
    match error {
        ParseRecipientKeyError::RsaModulusTooSmall => {
            unusable("this ssh-rsa key has less than 2048 bits, which is too weak")
        }
        ParseRecipientKeyError::RsaModulusTooLarge => {
            unusable("this ssh-rsa key has more than 4096 bits, which age does not take")
        }
        _ if kind.starts_with("sk-") => {
            unusable("an SSH key on a security key (sk-…) can sign, but it cannot decrypt")
        }
        _ if is_known.contains(&kind) => {
            unusable(&format!("age cannot encrypt for keys of the type {kind}"))
        }
        _ if kind == "ssh-dss" => unusable("age cannot encrypt for keys of the type ssh-dss"),
        _ => Error::Recipient(text.into()),
    }
}

/// The recipients in a file: one a line, with empty lines and comments (`#`) between them. A
/// comment directly above an age key says whose it is.
///
/// # Errors
/// When the file cannot be read, or a line is no recipient.
pub fn read_recipients(path: &Path) -> Result<Vec<NamedRecipient>, Error> {
    let wrong = |reason: String| Error::File {
        path: path.to_owned(),
        reason,
    };
    let content = read_key_file(path)?;
    if content.trim_ascii_start().starts_with(b"-----BEGIN") {
        return Err(wrong(
            "it holds a private key; the public one is in the file with .pub at its end".to_owned(),
        ));
    }
    let content = String::from_utf8_lossy(&content);
    let mut recipients: Vec<NamedRecipient> = Vec::new();
    let mut above = None;
    for (index, line) in content.lines().map(str::trim).enumerate() {
        if let Some(comment) = line.strip_prefix('#') {
            above = Some(comment.trim().to_owned()).filter(|comment| !comment.is_empty());
            continue;
        }
        let comment = above.take();
        if line.is_empty() {
            continue;
        }
        // Somebody may name an identity file by mistake; what stands there is never repeated.
        let mut named: NamedRecipient = line.parse().map_err(|error| {
            let line = index + 1;
            match error {
                Error::PrivateKey => Error::PrivateKeyInFile {
                    path: path.to_owned(),
                    line,
                },
                Error::UnusableKey(reason) => wrong(format!("line {line}: {reason}")),
                _ => wrong(format!("line {line} is not a recipient")),
            }
        })?;
        named.comment = named.comment.or(comment);
        recipients.push(named);
    }
    if recipients.is_empty() {
        return Err(wrong("it holds no recipient".to_owned()));
    }
    Ok(recipients)
}

#[cfg(test)]
mod tests {
    use super::super::Sealer;
    use super::*;

    const SSH: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN";

    fn error(text: &str) -> String {
        text.parse::<Recipient>().unwrap_err().to_string()
    }

    #[test]
    fn recipients_lose_their_comment_and_nothing_else_is_one() {
        let named: NamedRecipient = format!("{SSH} kim@host, new").parse().unwrap();
        assert_eq!(named.recipient.as_str(), SSH);
        assert_eq!(named.recipient.kind(), "ssh-ed25519");
        assert_eq!(named.comment.as_deref(), Some("kim@host, new"));
        for text in [
            "",
            "age1",
            "ssh-ed25519 AAAA",
            "AGE-SECRET-KEY-1",
            "age1 x y",
        ] {
            assert!(text.parse::<Recipient>().is_err(), "{text}");
        }
        let key = Recipient::from(age::x25519::Identity::generate().to_public());
        assert_eq!(key.kind(), "x25519");
        let shouted = key.as_str().to_uppercase();
        assert_eq!(shouted.parse::<Recipient>().unwrap(), key);
    }

    #[test]
    fn keys_that_cannot_be_used_are_told_apart() {
        let ecdsa = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmK \
                     kim";
        assert_eq!(
            error(ecdsa),
            "age cannot encrypt for keys of the type ecdsa-sha2-nistp256; ssh-ed25519, ssh-rsa and \
             age keys (age1…) can be used"
        );
        assert_eq!(
            error("sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t kim"),
            "an SSH key on a security key (sk-…) can sign, but it cannot decrypt; ssh-ed25519, \
             ssh-rsa and age keys (age1…) can be used"
        );
    }

    #[test]
    fn tags_and_keys_of_plugins_are_recipients() {
        let tag = "age1tag1qd43050juykyy3lchnnw2caygre8wqmasyk7kvaq7jsnj3wcnrpfvt5hxye";
        let tag: Recipient = tag.parse().unwrap();
        assert_eq!(tag.kind(), "tag");
        assert!(Sealer::new(&[tag]).unwrap().audience().is_ok());
        let plugin = "age1nosuch1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnvxe2yt";
        let plugin: Recipient = plugin.parse().unwrap();
        assert_eq!(plugin.kind(), "nosuch");
        assert_eq!(
            Sealer::new(&[plugin]).err().unwrap().to_string(),
            "cannot encrypt for age1nosuch1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnvxe2yt: the age plugin \
             age-plugin-nosuch is not in PATH"
        );
    }
}
