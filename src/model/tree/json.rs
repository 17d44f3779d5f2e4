//! JSON.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
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

/// What `read` makes of one JSON value.
///
/// Where everything stands is asked only once something is wrong: then the text is read again, and
/// that reading's error is the one to tell.
///
/// # Errors
/// As those of [`Tree::from_json`] and of `read`.
pub fn read_json<T>(text: &str, read: impl Fn(Tree) -> Result<T, Error>) -> Result<T, Error> {
    let unplaced = || {
        let mut growth = Growth { values: 0 };
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let unplaced = Unplaced {
            growth: &mut growth,
            depth: 0,
        };
        let tree = unplaced.deserialize(&mut deserializer).ok()?;
        deserializer.end().ok()?;
        read(tree).ok()
    };
    match unplaced() {
        Some(value) => Ok(value),
        None => Tree::from_json(text).and_then(read),
    }
}

/// Reads a tree that does not know where it stands in the text, in one pass. It fails where
/// [`Tree::from_json`] does, and for numbers whose digits are needed.
struct Unplaced<'g> {
    growth: &'g mut Growth,
    depth: usize,
}

impl Unplaced<'_> {
    fn within(&mut self) -> Unplaced<'_> {
        Unplaced {
            growth: self.growth,
            depth: self.depth + 1,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Unplaced<'_> {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        let added = self.growth.add(self.depth, 0);
        added.map_err(D::Error::custom)?;
        let node = deserializer.deserialize_any(self)?;
        Ok(Tree { at: 0, node })
    }
}

impl<'de> Visitor<'de> for Unplaced<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(Written::Whole(value.into())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(Written::Whole(value.into())))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(Zeroizing::new(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut access: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self.within())? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut access: A) -> Result<Node, A::Error> {
        let mut table = Vec::new();
        while let Some(text) = access.next_key()? {
            let tree = access.next_value_seed(self.within())?;
            table.push((Key { at: 0, text }, tree));
        }
        Ok(Node::Table(table))
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
            _ => Node::Number(Written::Digits(value.into())),
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
