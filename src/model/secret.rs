//! Credentials: their names, and their values while they are in memory.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::macros::text_type;
use super::text;

/// The greatest size of a secret, in bytes: 1 MiB.
pub const MAX_SECRET_SIZE: usize = 1 << 20;

/// The value of a secret: any bytes. It is wiped from memory when it is dropped, and never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// The value. What is made of it must be wiped as well.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl From<Zeroizing<Vec<u8>>> for Secret {
    fn from(value: Zeroizing<Vec<u8>>) -> Self {
        Self(value)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What programs put in brackets in the place of a value that they do not show.
const NOT_SHOWN: [&str; 6] = [
    "redacted",
    "hidden",
    "masked",
    "removed",
    "sensitive",
    "sensitive value",
];

/// Whether this only stands for a value that is somewhere else: `****`, `${NAME}`, `ENC[…]`,
/// `<redacted>`.
#[must_use]
pub fn is_mask(value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else {
        return false;
    };
    let text = text.trim();
    let is_within = |start, end| text.starts_with(start) && text.ends_with(end);
    let is_dot = |c| matches!(c, '*' | '•' | '●' | '∗');
    let word = text.trim_matches(['<', '>', '[', ']', '(', ')', '*']);
    let is_not_shown = word.len() < text.len()
        && NOT_SHOWN.contains(&word.to_lowercase().replace(['_', '-'], " ").as_str());
    !text.is_empty() && text.chars().all(is_dot)
        || is_within("${", "}")
        || is_within("ENC[", "]")
        || is_not_shown
}

/// A secret as it stands in a file: an armored age text, or a plaintext to encrypt on the way in.
/// It is wiped from memory when it is dropped, and never shown, not even in an error.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// The text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText")
    }
}

impl Serialize for SecretText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(Silent {
            wanted: "a text",
            convert: |found| match found {
                Found::Text(text) => Some(Self(text)),
                Found::Table(_) => None,
            },
            takes_table: false,
        })
    }
}

/// The secrets of a connector as they stand in a file, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SecretTexts(pub BTreeMap<SecretName, SecretText>);

impl<'de> Deserialize<'de> for SecretTexts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(Silent {
            wanted: "a table of texts",
            convert: |found| match found {
                Found::Table(table) => Some(Self(table)),
                Found::Text(_) => None,
            },
            takes_table: true,
        })
    }
}

/// Changes of the secrets of a connector as they stand in a file, by name: what they are set to, or
/// nothing where they go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecretChanges(pub BTreeMap<SecretName, Option<SecretText>>);

impl<'de> Deserialize<'de> for SecretChanges {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(Changes)
    }
}

/// As [`Silent`], for a table in which null stands for a secret that goes.
struct Changes;

impl<'de> Visitor<'de> for Changes {
    type Value = SecretChanges;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of texts")
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<SecretChanges, E> {
        Err(E::custom("expected a table of texts"))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<SecretChanges, E> {
        let _wiped = Zeroizing::new(text);
        self.visit_str("")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut access: A) -> Result<SecretChanges, A::Error> {
        let mut changes = BTreeMap::new();
        while let Some((name, text)) = access.next_entry()? {
            changes.insert(name, text);
        }
        Ok(SecretChanges(changes))
    }
}

/// Reads secrets. The errors for a value of the wrong type repeat what was found, so a tree hands
/// only texts and tables to somebody who wants bytes, and the one that is wrong here gets an error
/// that repeats nothing.
struct Silent<T> {
    wanted: &'static str,
    convert: fn(Found) -> Option<T>,
    /// Whether to look into a table; the keys of one in the place of a text may be secret too.
    takes_table: bool,
}

enum Found {
    Text(Zeroizing<String>),
    Table(BTreeMap<SecretName, SecretText>),
}

impl<T> Silent<T> {
    fn wrong<E: de::Error>(&self) -> Result<T, E> {
        Err(E::custom(format_args!("expected {}", self.wanted)))
    }

    fn take<E: de::Error>(&self, found: Found) -> Result<T, E> {
        (self.convert)(found).map_or_else(|| self.wrong(), Ok)
    }
}

impl<'de, T> Visitor<'de> for Silent<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.wanted)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<T, E> {
        self.take(Found::Text(Zeroizing::new(text)))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut access: A) -> Result<T, A::Error> {
        if !self.takes_table {
            return self.wrong();
        }
        let mut table = BTreeMap::new();
        while let Some((name, text)) = access.next_entry()? {
            table.insert(name, text);
        }
        self.take(Found::Table(table))
    }
}

text_type! {
    /// The name of a connector's secret: 1 to 128 characters of `[A-Za-z0-9._-]`.
    pub struct SecretName, checked by fn check_name, which says InvalidSecretName
}

/// A text that cannot name a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} cannot name a secret: 1 to 128 letters, digits, '.', '_' and '-' are allowed")]
pub struct InvalidSecretName(text::Quoted);

fn check_name(text: &str) -> Result<(), InvalidSecretName> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if (1..=128).contains(&text.len()) && text.bytes().all(allowed) {
        Ok(())
    } else {
        Err(InvalidSecretName(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::*;

    #[test]
    fn what_stands_for_a_value_is_a_mask() {
        for mask in [
            "*",
            "****",
            "••••••",
            " ********\n",
            "${A_PASS}",
            "ENC[AES256_GCM,data:x]",
            "<redacted>",
            "[REDACTED]",
            "(sensitive value)",
            "***removed***",
        ] {
            assert!(is_mask(mask.as_bytes()), "{mask}");
        }
        for value in [
            "",
            "**a**",
            "a${A}",
            "$NAME",
            "${A}b",
            "ENC[",
            "hunter2",
            "x*y",
            "redacted",
            "<hidden>y",
        ] {
            assert!(!is_mask(value.as_bytes()), "{value}");
        }
        assert!(!is_mask(b"\xff**"));
    }

    #[test]
    fn no_error_and_no_debug_output_repeats_a_secret() {
        for json in [
            r#""hunter2""#,
            r#"{"key": 4242}"#,
            r#"{"key": -4242}"#,
            r#"{"key": 42.42}"#,
            r#"{"key": ["hunter2"]}"#,
            r#"{"key": {"a": "hunter2"}}"#,
            r#"{"key": {"hunter2!": 1}}"#,
            r#"{"key": "hunter2", "key": "hunter2"}"#,
            "4242",
        ] {
            let read = Tree::from_json(json).and_then(Tree::read::<SecretTexts>);
            let error = read.unwrap_err().to_string();
            assert!(
                !error.contains("hunter2") && !error.contains("42"),
                "{error}"
            );
            let read = Tree::from_json(json).and_then(Tree::read::<SecretChanges>);
            let error = read.unwrap_err().to_string();
            assert!(
                !error.contains("hunter2") && !error.contains("42"),
                "{error}"
            );
        }
        for toml in [
            "key = 42424242424242424242424242",
            "key = 4242-04-24",
            "key = 4242",
            "key = hunter2",
            "key = \"hunter2",
            "key = 'hunter2' hunter2",
        ] {
            let read = Tree::from_toml(toml).and_then(Tree::read::<SecretTexts>);
            let error = read.unwrap_err().to_string();
            assert!(
                !error.contains("hunter2") && !error.contains("42"),
                "{error}"
            );
        }
        let texts = Tree::from_json(r#"{"key": "hunter2"}"#).unwrap();
        let texts: SecretTexts = texts.read().unwrap();
        assert!(!format!("{texts:?}").contains("hunter2"));
        let secret = Secret::from(Zeroizing::new(b"hunter2".to_vec()));
        assert_eq!(format!("{secret:?}"), "Secret");
    }
}
