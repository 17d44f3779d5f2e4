//! Foreign data, JSON or TOML, as one tree.
//!
//! Everything structured that comes from outside (files to import, actions, tokens, plans, the
//! configuration, a value on the command line) becomes a [`Tree`] before it becomes anything else.
//! So what holds for values holds at every door and depth, whatever the format: a key stands in a
//! table once, a list is no table, texts hold no U+0000, numbers are kept exactly or refused, dates
//! are dates and nothing that a crate marks them with, and an error shows foreign text safely, with
//! the place of the value.

mod error;
mod json;
mod read;
mod toml;

pub use error::Error;
pub use json::read_json;

use std::borrow::Cow;
use std::collections::HashSet;

use serde::Deserialize;
use serde::de::{Error as _, Expected, Unexpected};
use zeroize::Zeroizing;

use super::text;

/// How deep values nest at most; the lists and tables of a file around them are not counted.
pub const MAX_DEPTH: usize = 32;

/// How deep a whole file nests at most: a setting of the greatest depth, in its settings, in a
/// connector, in the list of them, in the file.
const MAX_FILE_DEPTH: usize = MAX_DEPTH + 4;

/// How many values one record, or one file that is read as a whole, holds at most.
const MAX_VALUES: usize = 100_000;

/// A value that was read, with all that is in it.
pub struct Tree {
    /// Where it begins in the text that was read, in bytes.
    at: usize,
    node: Node,
}

enum Node {
    Null,
    Bool(bool),
    Number(Written),
    /// It may be a secret.
    Text(Zeroizing<String>),
    /// A date or time of TOML, in the form of RFC 3339.
    Date(String),
    List(Vec<Tree>),
    Table(Vec<(Key, Tree)>),
}

/// A key of a table.
struct Key {
    at: usize,
    text: String,
}

/// A number as it was written.
enum Written {
    /// A whole one of 64 bits at most, without anything that writing it anew would change.
    Whole(serde_json::Number),
    /// Any other, with its digits.
    Digits(Box<str>),
}

impl Written {
    /// Its digits.
    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Whole(number) => Cow::Owned(number.to_string()),
            Self::Digits(digits) => Cow::Borrowed(digits),
        }
    }

    /// The number, unless it cannot be kept as it was written: a whole one beyond 64 bits, or any
    /// other that would become infinite or zero.
    fn exact(&self) -> Result<serde_json::Number, Error> {
        let text = match self {
            Self::Whole(number) => return Ok(number.clone()),
            Self::Digits(digits) => &**digits,
        };
        let refused = || {
            Error::rule(format!(
                "the number {} cannot be kept exactly; put it in double quotes to keep it as a text",
                text::Quoted::from(text).bare()
            ))
        };
        let (digits, radix) = match text.get(..2) {
            Some("0x") => (&text[2..], 16),
            Some("0o") => (&text[2..], 8),
            Some("0b") => (&text[2..], 2),
            _ => (text, 10),
        };
        let is_whole = |c: char| c.is_digit(radix) || c == '-' || c == '+';
        if digits.chars().all(is_whole) {
            let signed = i64::from_str_radix(digits, radix).map(Into::into);
            return signed
                .or_else(|_| u64::from_str_radix(digits, radix).map(Into::into))
                .map_err(|_| refused());
        }
        let number: f64 = text.parse().map_err(|_| refused())?;
        let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
        let is_lost = number == 0.0 && mantissa.contains(|c| matches!(c, '1'..='9'));
        serde_json::Number::from_f64(number)
            .filter(|_| !is_lost)
            .ok_or_else(refused)
    }
}

impl Tree {
    /// The table, its keys in the order in which they were read, each once.
    ///
    /// # Errors
    /// When it is none.
    pub fn into_table(self, expected: &str) -> Result<Vec<(String, Self)>, Error> {
        let at = self.at;
        match self.node {
            Node::Table(entries) => {
                check_keys(&entries)?;
                Ok(entries
                    .into_iter()
                    .map(|(k, tree)| (k.text, tree))
                    .collect())
            }
            other => Err(other.wrong(&expected).or_at(at)),
        }
    }

    /// The list.
    ///
    /// # Errors
    /// When it is none.
    pub fn into_list(self, expected: &str) -> Result<Vec<Self>, Error> {
        match self.node {
            Node::List(items) => Ok(items),
            other => Err(other.wrong(&expected).or_at(self.at)),
        }
    }

    /// The lists in a table that has none but these, by their keys.
    ///
    /// # Errors
    /// When it is no table, or has anything else in it.
    pub fn into_lists(
        self,
        known: &'static [&'static str],
    ) -> Result<Vec<(String, Vec<Self>)>, Error> {
        let Node::Table(entries) = self.node else {
            return Err(self.node.wrong(&"a table of lists").or_at(self.at));
        };
        check_keys(&entries)?;
        let list = |(Key { at, text }, tree): (Key, Self)| {
            if !known.contains(&text.as_str()) {
                let error = Error::unknown_field(&text, known);
                return Err(error.or_at(at).under(&text));
            }
            let items = tree.into_list("a list").map_err(|error| error.under(&text));
            Ok((text, items?))
        };
        entries.into_iter().map(list).collect()
    }

    /// Replaces the text under a key of the table by what `replaced` makes of it, if anything.
    pub fn replace_text(&mut self, key: &str, replaced: impl FnOnce(&str) -> Option<String>) {
        if let Some(tree) = self.value_mut(key)
            && let Node::Text(text) = &mut tree.node
            && let Some(new) = replaced(text)
        {
            *text = Zeroizing::new(new);
        }
    }

    /// Replaces an empty text under a key of the table by nothing, as TOML cannot say it.
    pub fn clear_if_empty(&mut self, key: &str) {
        if let Some(tree) = self.value_mut(key)
            && tree.as_str() == Some("")
        {
            tree.node = Node::Null;
        }
    }

    fn value_mut(&mut self, key: &str) -> Option<&mut Self> {
        match &mut self.node {
            Node::Table(entries) => entries
                .iter_mut()
                .find_map(|(known, tree)| (known.text == key).then_some(tree)),
            _ => None,
        }
    }

    /// Where it begins in the text that was read, in bytes.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// Whether it is a table.
    #[must_use]
    pub fn is_table(&self) -> bool {
        matches!(self.node, Node::Table(_))
    }

    /// Whether it is a list.
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self.node, Node::List(_))
    }

    /// The value under a key of the table.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.node {
            Node::Table(entries) => entries
                .iter()
                .find_map(|(known, tree)| (known.text == key).then_some(tree)),
            _ => None,
        }
    }

    /// What stands under a key that the table must have, and that it loses.
    ///
    /// # Errors
    /// When the key is not there, is there twice, or does not say that.
    pub fn take<'de, T: Deserialize<'de>>(&mut self, key: &'static str) -> Result<T, Error> {
        let Node::Table(entries) = &mut self.node else {
            return Err(self.node.wrong(&"an object").or_at(self.at));
        };
        check_keys(entries)?;
        let Some(index) = entries.iter().position(|(known, _)| known.text == key) else {
            return Err(Error::missing_field(key).or_at(self.at));
        };
        let (_, value) = entries.remove(index);
        value.read().map_err(|error| error.under(key))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.node {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is a list or a table of nothing, or null.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.node {
            Node::Null => true,
            Node::List(items) => items.is_empty(),
            Node::Table(entries) => entries.is_empty(),
            _ => false,
        }
    }

    /// A text, number, truth value or date as the text that was written, digit by digit.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn into_plain(self) -> Result<String, Error> {
        let at = self.at;
        match self.node {
            Node::Text(mut text) => {
                check_text(&text).map_err(|error| error.or_at(at))?;
                Ok(std::mem::take(&mut *text))
            }
            Node::Number(number) => number
                .exact()
                .map(|_| number.text().into_owned())
                .map_err(|error| error.or_at(at)),
            Node::Bool(value) => Ok(value.to_string()),
            Node::Date(date) => Ok(date),
            Node::Null | Node::List(_) | Node::Table(_) => {
                Err(Error::rule("the value is not a text, a number, true or false").or_at(at))
            }
        }
    }

    /// What it says, as a value of the model.
    ///
    /// # Errors
    /// When it does not say that.
    pub fn read<'de, T: Deserialize<'de>>(self) -> Result<T, Error> {
        let at = self.at;
        T::deserialize(self).map_err(|error| error.or_at(at))
    }
}

impl Node {
    /// The error for a value of another type than expected.
    fn wrong(&self, expected: &dyn Expected) -> Error {
        let number;
        let unexpected = match self {
            Self::Null => Unexpected::Other("null"),
            Self::Bool(value) => Unexpected::Bool(*value),
            Self::Number(written) => {
                number = written.exact().ok();
                match &number {
                    Some(number) if number.is_u64() => {
                        Unexpected::Unsigned(number.as_u64().unwrap_or_default())
                    }
                    Some(number) if number.is_i64() => {
                        Unexpected::Signed(number.as_i64().unwrap_or_default())
                    }
                    Some(number) => Unexpected::Float(number.as_f64().unwrap_or_default()),
                    None => Unexpected::Other("number"),
                }
            }
            Self::Text(text) => Unexpected::Str(text),
            Self::Date(_) => Unexpected::Other("date"),
            Self::List(_) => Unexpected::Other("list"),
            Self::Table(_) => Unexpected::Other("table"),
        };
        Error::invalid_type(unexpected, expected)
    }
}

fn check_text(text: &str) -> Result<(), Error> {
    if text.contains('\0') {
        return Err(Error::rule("a text cannot hold the character U+0000"));
    }
    Ok(())
}

fn check_keys(entries: &[(Key, Tree)]) -> Result<(), Error> {
    // A set of a few keys costs more than looking at them.
    const FEW: usize = 16;
    let mut seen = HashSet::new();
    for (index, (key, _)) in entries.iter().enumerate() {
        check_text(&key.text).map_err(|error| error.or_at(key.at))?;
        let is_known = if entries.len() <= FEW {
            entries[..index]
                .iter()
                .any(|(known, _)| known.text == key.text)
        } else {
            !seen.insert(key.text.as_str())
        };
        if is_known {
            let twice = format!(
                "the key {} is there twice",
                text::Quoted::from(key.text.as_str())
            );
            return Err(Error::rule(twice).or_at(key.at));
        }
    }
    Ok(())
}

/// Keeps count while a tree grows, so that it cannot grow without bound.
struct Growth {
    values: usize,
}

impl Growth {
    fn add(&mut self, depth: usize, at: usize) -> Result<(), Error> {
        self.values += 1;
        if depth > MAX_FILE_DEPTH {
            return Err(too_deep().or_at(at));
        }
        if self.values > MAX_VALUES {
            return Err(Error::rule(format!(
                "there are more than {MAX_VALUES} values, the most that can be read at once"
            ))
            .or_at(at));
        }
        Ok(())
    }
}

/// The error for values that nest too deep.
pub(super) fn too_deep() -> Error {
    Error::rule(format!("values nest at most {MAX_DEPTH} deep"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Settings;
    use super::*;

    fn json(text: &str) -> Result<Settings, String> {
        let tree = Tree::from_json(text).and_then(Tree::read);
        tree.map_err(|error| error.to_string())
    }

    fn toml(text: &str) -> Result<Settings, String> {
        let tree = Tree::from_toml(text).and_then(Tree::read);
        tree.map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_are_kept_exactly_or_refused() {
        for number in [
            "0",
            "-0",
            "1.5",
            "1e2",
            "-9223372036854775808",
            "18446744073709551615",
            "1e308",
            "0e9",
            "0.0",
            "1e-300",
        ] {
            assert!(json(&format!("{{\"n\":[{number}]}}")).is_ok(), "{number}");
            assert!(toml(&format!("n = [{number}]")).is_ok(), "{number}");
        }
        for number in [
            "18446744073709551616",
            "-9223372036854775809",
            "1e309",
            "-1e999",
            "1e-400",
        ] {
            let expected = format!(
                "the number {number} cannot be kept exactly; put it in double quotes to keep it as \
                 a text"
            );
            let (json, toml) = (
                json(&format!("{{\"n\":[{number}]}}")).unwrap_err(),
                toml(&format!("n = [{number}]")).unwrap_err(),
            );
            assert_eq!(json, format!("n[0]: {expected}"));
            assert_eq!(toml, json);
        }
        assert_eq!(toml("n = 0xff").unwrap().0["n"], json!(255));
        for number in ["nan", "-inf", "0x1_0000_0000_0000_0000"] {
            assert!(toml(&format!("n = {number}")).is_err(), "{number}");
        }
    }

    #[test]
    fn one_pass_reads_what_the_careful_reading_reads() {
        for text in [
            "{}",
            r#"{"a":null,"b":[true,false,[]],"c":{"d":{"e":"f"}}}"#,
            r#"{"n":[0,-0,7,-7,1.5,1e2,9223372036854775808,18446744073709551616]}"#,
            r#"{"n":18446744073709551615,"m":-9223372036854775808}"#,
            r#"{"\u0061\n":"\ud83d\ude80 \u0041","é":"東京"}"#,
            r#"{"$serde_json::private::Number":"1","$serde_json::private::RawValue":[1]}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"a":"\u0000"}"#,
            r#"{"a":1} {"#,
            r#"{"a":1,}"#,
            "[1]",
            "1",
            "",
            &format!("{{\"v\":{}{}}}", "[".repeat(33), "]".repeat(33)),
            &format!("{{\"v\":[{}1]}}", "1,".repeat(MAX_VALUES)),
        ] {
            let one_pass = read_json(text, Tree::read::<Settings>);
            let careful = Tree::from_json(text).and_then(Tree::read::<Settings>);
            assert_eq!(
                one_pass.map_err(|error| (error.place(text), error.to_string())),
                careful.map_err(|error| (error.place(text), error.to_string())),
                "{text}"
            );
        }
    }

    #[test]
    fn values_nest_to_one_depth_in_every_format() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let inner = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        for value in [nested(32), inner(32)] {
            json(&format!("{{\"v\":{value}}}")).unwrap();
            toml(&format!("v = {value}")).unwrap();
        }
        for depth in [33, 37, 100, 127, 5_000] {
            let expected = "values nest at most 32 deep";
            let value = nested(depth);
            let error = json(&format!("{{\"v\":{value}}}")).unwrap_err();
            assert!(error.ends_with(expected), "{error}");
            let error = toml(&format!("v = {value}")).unwrap_err();
            assert!(error.ends_with(expected), "{error}");
        }
        assert!(toml(&format!("{} = 1", ["a"; 34].join("."))).is_err());
    }

    #[test]
    fn no_key_is_a_mark_of_a_crate() {
        for key in [
            "$__toml_private_datetime",
            "$serde_json::private::RawValue",
            "$serde_json::private::Number",
        ] {
            let text = format!("{{\"v\":{{\"{key}\":\"[1]\",\"b\":1}}}}");
            let settings = json(&text).unwrap();
            assert_eq!(settings.0["v"], json!({key: "[1]", "b": 1}));
            let stored = serde_json::to_string(&settings).unwrap();
            assert_eq!(Settings::from_stored(&stored).unwrap(), settings);
            assert_eq!(
                toml(&::toml::to_string(&settings).unwrap()).unwrap(),
                settings
            );
        }
        assert!(
            Tree::from_toml("s = 2027-01-31")
                .unwrap()
                .get("s")
                .is_some()
        );
    }

    #[test]
    fn what_an_older_program_stored_is_read() {
        let deep = format!("{{\"v\":{}1{}}}", "[".repeat(127), "]".repeat(127));
        assert!(Settings::from_stored(&deep).is_ok());
        assert!(Settings::from_stored("{\"v\":\"\\u0000\",\"\":1}").is_ok());
    }

    #[test]
    fn keys_stand_once_and_texts_hold_no_nul() {
        for text in [
            r#"{"a":1,"a":2}"#,
            r#"{"v":{"a":1,"\u0061":2}}"#,
            r#"{"v":[{"a":1,"a":1}]}"#,
        ] {
            let error = json(text).unwrap_err();
            assert!(error.ends_with("the key \"a\" is there twice"), "{error}");
        }
        for text in [
            r#"{"v":"\u0000"}"#,
            r#"{"v":["x\u0000"]}"#,
            r#"{"\u0000":1}"#,
        ] {
            let error = json(text).unwrap_err();
            assert!(
                error.ends_with("cannot hold the character U+0000"),
                "{error}"
            );
        }
    }

    #[test]
    fn an_error_shows_foreign_text_in_one_line() {
        let text = r#"{"v":{"x\nhint: run \u001b[1m":{"y":1e999}}}"#;
        let error = json(text).unwrap_err();
        assert!(
            error.starts_with("v.x\\nhint: run \\u{1b}[1m.y: the number"),
            "{error}"
        );
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Empty {}
        let tree = Tree::from_json(r#"{"x\nhint: y":1}"#).unwrap();
        let error = tree.read::<Empty>().unwrap_err().to_string();
        assert!(!error.contains('\n'), "{error}");
    }

    #[test]
    fn a_tree_does_not_grow_without_bound() {
        let many = format!("{{\"v\":[{}1]}}", "1,".repeat(MAX_VALUES));
        assert!(json(&many).unwrap_err().contains("more than 100000 values"));
    }
}
