//! What looks like a secret and stands where everybody can read it.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;

use super::{SecretName, Settings};

/// The names that mean a secret, their words joined.
const NAMES: [&str; 16] = [
    "password",
    "passwd",
    "pwd",
    "secret",
    "token",
    "apikey",
    "privatekey",
    "accesskey",
    "clientsecret",
    "credential",
    "credentials",
    "passphrase",
    "dsn",
    "connectionstring",
    "webhookurl",
    "bearer",
];

/// Where a text stands in settings that looks like a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposed {
    /// The keys that lead there, as people write them: `a.b[2]`.
    pub place: String,
    /// The keys that lead there, if all of it is tables.
    keys: Option<Vec<String>>,
}

impl Exposed {
    /// What the secret would be called, if it can be one: `a.b`.
    #[must_use]
    pub fn secret_name(&self) -> Option<SecretName> {
        self.keys.as_ref()?.join(".").parse().ok()
    }
}

impl Settings {
    /// Every text that looks like a secret: one under a name that means a secret, and an address
    /// that holds a password. Empty texts and pure references (`${NAME}`, `$NAME`) are none.
    #[must_use]
    pub fn exposed(&self) -> Vec<Exposed> {
        let mut found = Vec::new();
        for (key, value) in &self.0 {
            search(value, key, &Way::start(key), &mut found);
        }
        found
    }

    /// Takes a text out, and the tables that become empty by that.
    pub fn take(&mut self, exposed: &Exposed) -> Option<String> {
        let (first, rest) = exposed.keys.as_ref()?.split_first()?;
        let value = self.0.get_mut(first)?;
        let taken = take(value, rest)?;
        if is_void(value) {
            self.0.remove(first);
        }
        Some(taken)
    }
}

/// Takes the text at these keys out, and leaves `null` in its place.
fn take(value: &mut Value, keys: &[String]) -> Option<String> {
    let Some((first, rest)) = keys.split_first() else {
        return match value.take() {
            Value::String(text) => Some(text),
            other => {
                *value = other;
                None
            }
        };
    };
    let table = value.as_object_mut()?;
    let inner = table.get_mut(first)?;
    let taken = take(inner, rest)?;
    if is_void(inner) {
        table.remove(first);
    }
    Some(taken)
}

fn is_void(value: &Value) -> bool {
    value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty)
}

/// The way to a value, from the last step back to the first.
struct Way<'w> {
    above: Option<&'w Way<'w>>,
    step: Step<'w>,
}

enum Step<'w> {
    Key(&'w str),
    Index(usize),
}

impl<'w> Way<'w> {
    fn start(key: &'w str) -> Self {
        Self {
            above: None,
            step: Step::Key(key),
        }
    }

    fn then(&'w self, step: Step<'w>) -> Self {
        Self {
            above: Some(self),
            step,
        }
    }

    fn exposed(&self) -> Exposed {
        let above = self.above.map(Way::exposed);
        match self.step {
            Step::Key(key) => match above {
                None => Exposed {
                    place: key.to_owned(),
                    keys: Some(vec![key.to_owned()]),
                },
                Some(Exposed { place, keys }) => Exposed {
                    place: format!("{place}.{key}"),
                    keys: keys.map(|mut keys| {
                        keys.push(key.to_owned());
                        keys
                    }),
                },
            },
            Step::Index(index) => Exposed {
                place: format!("{}[{index}]", above.map_or_else(String::new, |a| a.place)),
                keys: None,
            },
        }
    }
}

/// Looks into a value of this name, which a list gives to what is in it.
fn search(value: &Value, name: &str, way: &Way<'_>, found: &mut Vec<Exposed>) {
    match value {
        Value::String(text) => {
            let is_harmless = text.is_empty() || is_reference(text);
            if !is_harmless && (means_secret(name) || holds_password(text)) {
                found.push(way.exposed());
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                search(item, name, &way.then(Step::Index(index)), found);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                search(item, key, &way.then(Step::Key(key)), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a name means a secret: as a whole, or by its last words.
fn means_secret(name: &str) -> bool {
    // Most names are told by their last letters, which takes much less time than their words do.
    let letters = || {
        let letters = name.chars().rev().filter(|c| !is_between_words(*c));
        letters.flat_map(char::to_lowercase)
    };
    let ends_like = |known: &&str| letters().zip(known.chars().rev()).all(|(a, b)| a == b);
    if !NAMES.iter().any(ends_like) {
        return false;
    }
    let words = words(name);
    (0..words.len()).any(|first| NAMES.contains(&words[first..].concat().as_str()))
}

fn is_between_words(c: char) -> bool {
    matches!(c, '_' | '-' | '.') || c.is_whitespace()
}

/// The words of a name in lower case: split at `_`, `-`, `.`, spaces and where the case changes.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in name.split(is_between_words) {
        let letters: Vec<char> = part.chars().collect();
        let mut word = String::new();
        for (index, letter) in letters.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| letters[before]);
            let after = letters.get(index + 1);
            // "apiKey", and "DBPassword" before the "P".
            let begins = letter.is_uppercase()
                && (before.is_some_and(char::is_lowercase)
                    || before.is_some() && after.is_some_and(|after| after.is_lowercase()));
            if begins && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            word.extend(letter.to_lowercase());
        }
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

/// Whether the text is nothing but `${NAME}` or `$NAME`.
pub(super) fn is_reference(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('$') else {
        return false;
    };
    if let Some(inner) = rest
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
    {
        return !inner.is_empty() && !inner.contains(['{', '}']);
    }
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
    rest.starts_with(is_first) && rest.chars().all(|c| is_first(c) || c.is_ascii_digit())
}

/// Whether the text holds `scheme://user:password@`.
#[must_use]
pub fn holds_password(text: &str) -> bool {
    text.match_indices("://")
        .any(|(at, _)| password_at(text, at).is_some())
}

/// The text with `***` in the place of a password in an address.
#[must_use]
pub fn without_password(text: &str) -> Cow<'_, str> {
    let mut signs = text.match_indices("://");
    match signs.find_map(|(at, _)| password_at(text, at)) {
        None => Cow::Borrowed(text),
        Some(Range { start, end }) => {
            let rest = without_password(&text[end..]);
            Cow::Owned(format!("{}***{rest}", &text[..start]))
        }
    }
}

/// Where the password of an address stands whose `://` is at this place.
fn password_at(text: &str, sign: usize) -> Option<Range<usize>> {
    let has_scheme = text[..sign].ends_with(|c: char| c.is_ascii_alphanumeric());
    let begin = sign + "://".len();
    let rest = &text[begin..];
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"'));
    let (user, _) = rest[..end.unwrap_or(rest.len())].rsplit_once('@')?;
    let (name, password) = user.split_once(':')?;
    let start = begin + name.len() + 1;
    let is_one = has_scheme && !password.is_empty() && !is_reference(password);
    is_one.then(|| start..start + password.len())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn settings(value: Value) -> Settings {
        serde_json::from_value(value).unwrap()
    }

    fn places(value: Value) -> Vec<String> {
        let exposed = settings(value).exposed();
        exposed.into_iter().map(|one| one.place).collect()
    }

    #[test]
    fn names_that_mean_a_secret_do_so_however_they_are_written() {
        for name in [
            "password",
            "PASSWORD",
            "Passwd",
            "db_password",
            "dbPassword",
            "DBPassword",
            "db.pwd",
            "DB-PWD",
            "api_key",
            "apiKey",
            "APIKey",
            "API_KEY",
            "x-api-key",
            "apikey",
            "stripe ApiKey",
            "client_secret",
            "clientSecret",
            "access-key",
            "privateKey",
            "credentials",
            "credential",
            "passphrase",
            "dsn",
            "SENTRY_DSN",
            "connection_string",
            "ConnectionString",
            "webhook_url",
            "slackWebhookUrl",
            "bearer",
            "auth.token",
            "refreshToken",
        ] {
            assert_eq!(places(json!({name: "x"})), [name], "{name}");
        }
        for name in [
            "passwordless",
            "password_policy",
            "secret_name",
            "tokens_per_minute",
            "token_url",
            "key",
            "api_key_id",
            "keyboard",
            "url",
            "user",
            "monkey",
            "credentials_file",
            "dsname",
            "tokenizer",
        ] {
            assert_eq!(places(json!({name: "x"})), [""; 0], "{name}");
        }
    }

    #[test]
    fn only_texts_at_any_depth_are_secrets() {
        assert_eq!(
            places(json!({"a": {"password": "x", "user": "y"}, "token": ["x", {"pwd": "y"}]})),
            ["a.password", "token[0]", "token[1].pwd"]
        );
        let harmless = json!({
            "password": "", "token": "${TOKEN}", "secret": "$SECRET", "pwd": 5, "dsn": null, "bearer": true
        });
        assert_eq!(places(harmless), [""; 0]);
        for text in ["${A}b", "$", "$1", "${}", "a$B", "$A-B"] {
            assert_eq!(places(json!({"password": text})), ["password"], "{text}");
        }
    }

    #[test]
    fn an_address_with_a_password_is_a_secret_under_any_name() {
        for text in [
            "https://u:p@h",
            "postgres://u:p@h:5432/db",
            "see amqp://u:p@h now",
            "x://:p@h",
            "https://u:p:q@h",
            "redis://u:a@b@h",
        ] {
            assert_eq!(places(json!({"url": text})), ["url"], "{text}");
        }
        for text in [
            "https://h",
            "https://u@h",
            "https://u:@h",
            "https://h:80/x@y",
            "u:p@h",
            "://u:p@h",
            "https://u:${PW}@h",
            "mailto:u@h",
            "https://h/?q=a:b@c",
        ] {
            assert_eq!(places(json!({"url": text})), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_password_in_an_address_is_not_shown() {
        for (text, shown) in [
            ("postgres://u:p@h/db", "postgres://u:***@h/db"),
            ("x://:p:q@h and x://u:r@s@h", "x://:***@h and x://u:***@h"),
            ("https://h/a:b@c", "https://h/a:b@c"),
            ("/a/b.db", "/a/b.db"),
        ] {
            assert_eq!(without_password(text), shown);
        }
    }

    #[test]
    fn what_is_taken_out_leaves_no_empty_table() {
        let mut settings =
            settings(json!({"a": {"b": {"password": "x"}}, "c": {"pwd": "y", "d": 1}}));
        let exposed = settings.exposed();
        let names = exposed
            .iter()
            .map(|one| one.secret_name().unwrap().to_string());
        assert_eq!(names.collect::<Vec<_>>(), ["a.b.password", "c.pwd"]);
        let taken: Vec<_> = exposed
            .iter()
            .map(|one| settings.take(one).unwrap())
            .collect();
        assert_eq!(taken, ["x", "y"]);
        assert_eq!(
            serde_json::to_value(&settings).unwrap(),
            json!({"c": {"d": 1}})
        );
        let in_list = &super::tests::settings(json!({"token": ["x"]})).exposed()[0];
        assert_eq!(in_list.secret_name(), None);
        let odd = &super::tests::settings(json!({"my password": "x"})).exposed()[0];
        assert_eq!(odd.secret_name(), None);
    }
}
