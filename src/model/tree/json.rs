//! JSON.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{Error, Growth, Key, Node, Tree, Written};

impl Tree {
    /// Reads one JSON value.
    ///
    /// # Errors
    /// When the text is something else, or breaks a rule that holds for all values.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let raw: &RawValue = serde_json::from_str(text).map_err(|error| syntax(&error, text, 0))?;
        let mut reader = Reader {
            text,
            growth: Growth { values: 0 },
        };
        reader.tree(raw, 0)
    }
}

struct Reader<'t> {
    text: &'t str,
    growth: Growth,
}

impl<'t> Reader<'t> {
    fn tree(&mut self, raw: &'t RawValue, depth: usize) -> Result<Tree, Error> {
        let value = raw.get();
        let at = self.offset(value);
        self.growth.add(depth, at)?;
        let wrong = |error: &serde_json::Error| syntax(error, value, at);
        let node = match value.as_bytes().first() {
            Some(b'{') => {
                let Table(entries) = serde_json::from_str(value).map_err(|error| wrong(&error))?;
                let mut table = Vec::with_capacity(entries.len());
                for (key, raw) in entries {
                    let key = Key {
                        at: match &key {
                            Cow::Borrowed(key) => self.offset(key).saturating_sub(1),
                            // One with escapes was written anew, elsewhere.
                            Cow::Owned(_) => self.offset(raw.get()),
                        },
                        text: key.into_owned(),
                    };
                    let tree = self.tree(raw, depth + 1);
                    let tree = tree.map_err(|error| error.under(&key.text))?;
                    table.push((key, tree));
                }
                Node::Table(table)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> =
                    serde_json::from_str(value).map_err(|error| wrong(&error))?;
                let items = items.into_iter().enumerate();
                let items = items.map(|(index, raw)| {
                    let tree = self.tree(raw, depth + 1);
                    tree.map_err(|error| error.in_list(index))
                });
                Node::List(items.collect::<Result<_, _>>()?)
            }
            Some(b'"') => {
                let text: String = serde_json::from_str(value).map_err(|error| wrong(&error))?;
                Node::Text(Zeroizing::new(text))
            }
            Some(b't') => Node::Bool(true),
            Some(b'f') => Node::Bool(false),
            Some(b'n') => Node::Null,
            _ => Node::Number(Written(value.into())),
        };
        Ok(Tree { at, node })
    }

    /// Where a part of the text begins.
    fn offset(&self, part: &str) -> usize {
        part.as_ptr().addr() - self.text.as_ptr().addr()
    }
}

/// What serde_json says of a part of the text that begins at `base`.
fn syntax(error: &serde_json::Error, part: &str, base: usize) -> Error {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = message.strip_suffix(&place).unwrap_or(&message);
    let lines = part.split_inclusive('\n');
    let before: usize = lines
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    Error::syntax(message, base + before + error.column().saturating_sub(1))
}

/// The keys of an object with their values, which are not looked into yet.
struct Table<'t>(Vec<(Cow<'t, str>, &'t RawValue)>);

impl<'de> serde::Deserialize<'de> for Table<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TableVisitor;

        impl<'de> Visitor<'de> for TableVisitor {
            type Value = Table<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some((Text(key), value)) = access.next_entry()? {
                    entries.push((key, value));
                }
                Ok(Table(entries))
            }
        }

        deserializer.deserialize_map(TableVisitor)
    }
}

/// A text, borrowed where it holds no escapes.
struct Text<'t>(Cow<'t, str>);

impl<'de> serde::Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}
