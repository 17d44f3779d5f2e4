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
        deserializer.deserialize_any(Silent {
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SecretTexts(pub BTreeMap<SecretName, SecretText>);

impl<'de> Deserialize<'de> for SecretTexts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Silent {
            wanted: "a table of texts",
            convert: |found| match found {
                Found::Table(table) => Some(Self(table)),
                Found::Text(_) => None,
            },
            takes_table: true,
        })
    }
}

/// Reads secrets. The errors that serde makes by itself repeat what they found, so each value that
/// is of the wrong type gets an error here that does not.
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
        self.take(Found::Text(Zeroizing::new(text.to_owned())))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<T, E> {
        self.take(Found::Text(Zeroizing::new(text)))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut access: A) -> Result<T, A::Error> {
        if !self.takes_table {
            return self.wrong();
        }
        let mut table = BTreeMap::new();
        while let Some(name) = access.next_key::<SecretName>()? {
            if table.contains_key(&name) {
                return Err(de::Error::custom(format_args!(
                    "the secret {name} is there twice"
                )));
            }
            table.insert(name, access.next_value()?);
        }
        self.take(Found::Table(table))
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<T, E> {
        self.wrong()
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<T, E> {
        self.wrong()
    }

    fn visit_i128<E: de::Error>(self, _: i128) -> Result<T, E> {
        self.wrong()
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<T, E> {
        self.wrong()
    }

    fn visit_u128<E: de::Error>(self, _: u128) -> Result<T, E> {
        self.wrong()
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<T, E> {
        self.wrong()
    }

    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        self.wrong()
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, _: A) -> Result<T, A::Error> {
        self.wrong()
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
    use super::*;

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
            let error = serde_json::from_str::<SecretTexts>(json)
                .unwrap_err()
                .to_string();
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
            let error = toml::from_str::<SecretTexts>(toml).unwrap_err();
            let error = error.message();
            assert!(
                !error.contains("hunter2") && !error.contains("42"),
                "{error}"
            );
        }
        let texts: SecretTexts = serde_json::from_str(r#"{"key": "hunter2"}"#).unwrap();
        assert!(!format!("{texts:?}").contains("hunter2"));
        let secret = Secret::from(Zeroizing::new(b"hunter2".to_vec()));
        assert_eq!(format!("{secret:?}"), "Secret");
    }
}
