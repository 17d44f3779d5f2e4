//! What is wrong with foreign data, and where.

use std::fmt;

use serde::de::{self, Error as _, Expected, Unexpected};

use crate::model::text;

/// What is wrong with foreign data, and where.
#[derive(Debug)]
pub struct Error {
    /// The keys and indexes that lead there: `connectors[0].settings.x`.
    path: String,
    message: String,
    /// In the text that was read, in bytes.
    at: Option<usize>,
    /// Whether this is no JSON or TOML at all.
    is_syntax: bool,
}

impl Error {
    /// An error that somebody else found in what a tree says.
    #[must_use]
    pub fn new(message: impl fmt::Display) -> Self {
        Self::custom(message)
    }

    /// The error for a key that means nothing.
    #[must_use]
    pub fn unknown(key: &str, known: &'static [&'static str]) -> Self {
        Self::unknown_field(key, known)
    }

    /// The error for a key that is needed and not there.
    #[must_use]
    pub fn missing(key: &'static str) -> Self {
        Self::missing_field(key)
    }

    pub(super) fn rule(message: impl Into<String>) -> Self {
        Self {
            path: String::new(),
            message: message.into(),
            at: None,
            is_syntax: false,
        }
    }

    /// An error in the format itself; the message is the reader's.
    pub(super) fn syntax(message: &str, at: usize) -> Self {
        Self {
            at: Some(at),
            is_syntax: true,
            ..Self::custom(message.lines().next().unwrap_or(message))
        }
    }

    /// The same error, with where the value begins if that is not known better.
    #[must_use]
    pub fn or_at(mut self, at: usize) -> Self {
        self.at.get_or_insert(at);
        self
    }

    /// The same error, seen from one level above.
    #[must_use]
    pub fn under(mut self, key: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.path = format!("{}{dot}{}", text::visible(key), self.path);
        self
    }

    /// The same error, seen from the list in which the value stands.
    #[must_use]
    pub fn in_list(self, index: usize) -> Self {
        self.under(&format!("[{index}]"))
    }

    /// Whether the text is no JSON or TOML at all.
    #[must_use]
    pub fn is_syntax(&self) -> bool {
        self.is_syntax
    }

    /// What is wrong, without the key.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where it begins in the text that was read, in bytes.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at.unwrap_or(0)
    }

    /// The line and the column in the text that was read, counted from 1.
    #[must_use]
    pub fn place(&self, read: &str) -> (usize, usize) {
        let at = self.at().min(read.len());
        let before = &read[..read.floor_char_boundary(at)];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        // What was read stands in it.
        Self::rule(text::visible(&message.to_string()))
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!(
            "invalid type: {unexpected}, expected {expected}"
        ))
    }
}
