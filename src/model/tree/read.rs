//! Reading values of the model out of a tree.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::{Error, Key, Node, Tree, check_keys, check_text};

impl<'de> Deserializer<'de> for Tree {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let at = self.at;
        let visited = match self.node {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(value),
            Node::Number(number) => number.exact().and_then(|number| {
                if let Some(number) = number.as_u64() {
                    visitor.visit_u64(number)
                } else if let Some(number) = number.as_i64() {
                    visitor.visit_i64(number)
                } else {
                    visitor.visit_f64(number.as_f64().unwrap_or_default())
                }
            }),
            Node::Text(mut text) => {
                check_text(&text).and_then(|()| visitor.visit_string(std::mem::take(&mut *text)))
            }
            Node::Date(date) => visitor.visit_string(date),
            Node::List(items) => visitor.visit_seq(Items {
                items: items.into_iter(),
                index: 0,
            }),
            Node::Table(entries) => check_keys(&entries).and_then(|()| {
                visitor.visit_map(Entries {
                    entries: entries.into_iter(),
                    value: None,
                })
            }),
        };
        visited.map_err(|error| error.or_at(at))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node {
            Node::Text(_) => self.deserialize_any(visitor),
            Node::Date(date) => Err(Error::rule(format!(
                "this is a date, not a text; put it in double quotes: \"{date}\""
            ))
            .or_at(self.at)),
            other => Err(other.wrong(&visitor).or_at(self.at)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_string(visitor)
    }

    /// For what may be a secret: a text of any characters or a table of such, and an error that
    /// repeats nothing.
    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node {
            Node::Text(mut text) => visitor
                .visit_string(std::mem::take(&mut *text))
                .map_err(|error: Error| error.or_at(self.at)),
            Node::Table(_) => self.deserialize_any(visitor),
            _ => {
                let expected: &dyn Expected = &visitor;
                Err(Error::rule(format!("expected {expected}")).or_at(self.at))
            }
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_byte_buf(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node {
            Node::Table(_) => self.deserialize_any(visitor),
            other => Err(other.wrong(&visitor).or_at(self.at)),
        }
    }

    /// A list of values without their names is no struct.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node {
            Node::List(_) => self.deserialize_any(visitor),
            other => Err(other.wrong(&visitor).or_at(self.at)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node {
            Node::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char unit unit_struct
        tuple tuple_struct enum identifier ignored_any
    }
}

/// The values of a list, one after the other.
struct Items {
    items: std::vec::IntoIter<Tree>,
    index: usize,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(item) = self.items.next() else {
            return Ok(None);
        };
        let (at, index) = (item.at, self.index);
        self.index += 1;
        seed.deserialize(item)
            .map(Some)
            .map_err(|error| error.or_at(at).in_list(index))
    }
}

/// The keys and values of a table, one after the other.
struct Entries {
    entries: std::vec::IntoIter<(Key, Tree)>,
    value: Option<(String, Tree)>,
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((Key { at, text }, tree)) = self.entries.next() else {
            return Ok(None);
        };
        let key: StrDeserializer<'_, Error> = text.as_str().into_deserializer();
        let read = seed.deserialize(key);
        self.value = Some((text, tree));
        read.map(Some).map_err(|error| {
            let key = self.value.as_ref().map_or("", |(key, _)| key);
            error.or_at(at).under(key)
        })
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        let Some((key, tree)) = self.value.take() else {
            return Err(Error::rule("a value without a key"));
        };
        let at = tree.at;
        seed.deserialize(tree)
            .map_err(|error| error.or_at(at).under(&key))
    }
}
