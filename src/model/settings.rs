//! The plain settings of a connector.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Number, Value};

use super::text;
use super::tree::{self, Tree};

/// Settings by key, in the order of the keys.
///
/// The values are JSON, and nest at most [`tree::MAX_DEPTH`] deep. Read from TOML, a date becomes
/// its text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings(pub BTreeMap<String, Value>);

impl Settings {
    /// The settings as a store holds them. What is in it is read whatever it is: the limits bind
    /// what enters, and an older program may have had others.
    ///
    /// # Errors
    /// When the text is no JSON object.
    pub fn from_stored(json: &str) -> Result<Self, serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        deserializer.disable_recursion_limit();
        let settings = BTreeMap::<String, Setting>::deserialize(&mut deserializer)?;
        deserializer.end()?;
        let settings = settings
            .into_iter()
            .map(|(key, Setting(value))| (key, value));
        Ok(Self(settings.collect()))
    }

    /// Where the first `null` stands (`a.b[2]`), which TOML cannot express.
    #[must_use]
    pub fn null_place(&self) -> Option<String> {
        fn find(value: &Value, place: &str) -> Option<String> {
            match value {
                Value::Null => Some(place.to_owned()),
                Value::Array(items) => items
                    .iter()
                    .enumerate()
                    .find_map(|(index, item)| find(item, &format!("{place}[{index}]"))),
                Value::Object(map) => map
                    .iter()
                    .find_map(|(key, item)| find(item, &format!("{place}.{key}"))),
                Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
            }
        }
        self.0.iter().find_map(|(key, value)| find(value, key))
    }
}

impl Serialize for Settings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SettingsVisitor;

        impl<'de> Visitor<'de> for SettingsVisitor {
            type Value = Settings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Settings, A::Error> {
                let mut settings = BTreeMap::new();
                while let Some((key, Setting(value))) = access.next_entry::<String, Setting>()? {
                    if key.is_empty() {
                        return Err(de::Error::custom("the key of a setting cannot be empty"));
                    }
                    check_depth(&value).map_err(de::Error::custom)?;
                    settings.insert(key, value);
                }
                Ok(Settings(settings))
            }
        }

        deserializer.deserialize_map(SettingsVisitor)
    }
}

fn check_depth(value: &Value) -> Result<(), tree::Error> {
    fn fits(value: &Value, room: usize) -> bool {
        match value {
            Value::Array(items) => room > 0 && items.iter().all(|item| fits(item, room - 1)),
            Value::Object(map) => room > 0 && map.values().all(|item| fits(item, room - 1)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        }
    }
    if fits(value, tree::MAX_DEPTH) {
        Ok(())
    } else {
        Err(tree::too_deep())
    }
}

/// Any JSON value. Unlike serde_json's own, it takes no key for a mark of that crate.
struct Setting(Value);

impl<'de> Deserialize<'de> for Setting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SettingVisitor).map(Self)
    }
}

struct SettingVisitor;

impl<'de> Visitor<'de> for SettingVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, number, true, false, list or table")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        // None of the readers gives another.
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Setting(item)) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Setting(value))) = access.next_entry::<String, Setting>()? {
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// `KEY=VALUE` as given on the command line.
///
/// A value that reads as JSON (`42`, `true`, `["a"]`, `"text"`) is that; any other is a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The key of the setting.
    pub key: String,
    /// Its new value.
    pub value: Value,
}

/// A text that assigns nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAssignment {
    /// There is no key or no value.
    #[error("{0} is not of the form KEY=VALUE")]
    Form(text::Quoted),
    /// The value is JSON, but cannot be kept.
    #[error("{0}")]
    Value(String),
}

impl FromStr for Assignment {
    type Err = InvalidAssignment;

    fn from_str(text: &str) -> Result<Self, InvalidAssignment> {
        let (key, value) = match text.split_once('=') {
            Some((key, value)) if !key.is_empty() => (key.to_owned(), value),
            _ => return Err(InvalidAssignment::Form(text.into())),
        };
        let read = Tree::from_json(value).and_then(|tree| {
            let Setting(value) = tree.read()?;
            check_depth(&value)?;
            Ok(value)
        });
        match read {
            Ok(value) => Ok(Self { key, value }),
            Err(error) if error.is_syntax() => Ok(Self {
                key,
                value: Value::String(value.to_owned()),
            }),
            Err(error) => Err(InvalidAssignment::Value(error.under(&key).to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_json_where_they_read_as_json() {
        let value = |text: &str| text.parse::<Assignment>().unwrap().value;
        assert_eq!(value("k=42"), json!(42));
        assert_eq!(value("k=\"42\""), json!("42"));
        assert_eq!(value("k=[1,true]"), json!([1, true]));
        assert_eq!(value("k=a=b c"), json!("a=b c"));
        assert_eq!(value("k="), json!(""));
        assert_eq!(value("k=1.5"), json!(1.5));
        assert!("k=12345678901234567890123".parse::<Assignment>().is_err());
        assert!("=x".parse::<Assignment>().is_err());
        assert!("x".parse::<Assignment>().is_err());
    }

    #[test]
    fn toml_loses_nothing_in_silence() {
        let read = |text| Tree::from_toml(text).and_then(Tree::read::<Settings>);
        let settings =
            read("day = 2026-11-21\nat = 2026-11-21T10:00:00Z\nbig = 9007199254740993").unwrap();
        assert_eq!(
            serde_json::to_value(&settings).unwrap(),
            json!({"day": "2026-11-21", "at": "2026-11-21T10:00:00Z", "big": 9_007_199_254_740_993_u64})
        );
        assert!(read("ratio = nan").is_err());
        assert!(read("\"\" = 1").is_err());
    }

    #[test]
    fn finds_what_toml_cannot_express() {
        let settings: Settings =
            serde_json::from_str(r#"{"a": {"b": [1, null]}, "c": 2}"#).unwrap();
        assert_eq!(settings.null_place().unwrap(), "a.b[1]");
    }
}
