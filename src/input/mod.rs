//! Turning files into values of the model.
//!
//! Every format is read one record at a time, so that memory does not grow with the file, and every
//! mistake is named with its place: file, line, and key where there is one.

mod actions;
mod json;
mod ndjson;
mod toml;

use std::fmt;
use std::io::BufRead;

use crate::model::{Record, TransferFormat};

pub use actions::{ActionKind, WorkflowAction, read_actions};

/// The greatest length of a part of a file that has to be read as a whole: a line of NDJSON, a
/// table of TOML. In bytes.
pub const PART_LIMIT: usize = 64 << 20;

/// U+FEFF in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Where a record begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A line, counted from 1.
    Line(u64),
    /// An element of a list, counted from 0.
    Element(&'static str, usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "{line}"),
            Self::Element(list, index) => write!(f, "{list}[{index}]"),
        }
    }
}

/// Why a file could not be read to its end.
#[derive(Debug)]
pub enum Error<E> {
    /// The operating system refused.
    Read(std::io::Error),
    /// The content is wrong.
    Content {
        /// `line`, or `line:column`.
        place: String,
        /// What is wrong there, with the key where there is one.
        message: String,
    },
    /// Whoever received the records did not go on.
    Stopped(E),
}

/// Reads all records of a file in the order in which they stand there.
///
/// # Errors
/// When the file cannot be read, its content is wrong, or `visit` fails.
pub fn read_records<E>(
    mut input: impl BufRead,
    format: TransferFormat,
    visit: impl FnMut(Record, Place) -> Result<(), E>,
) -> Result<(), Error<E>> {
    // Some editors begin a file with a mark that has no meaning in UTF-8.
    if input
        .fill_buf()
        .map_err(Error::Read)?
        .starts_with(BYTE_ORDER_MARK)
    {
        input.consume(BYTE_ORDER_MARK.len());
    }
    match format {
        TransferFormat::Toml => toml::read(input, visit),
        TransferFormat::Json => json::read(input, visit),
        TransferFormat::Ndjson => ndjson::read(input, visit),
    }
}

fn content<E>(place: impl fmt::Display, message: impl Into<String>) -> Error<E> {
    Error::Content {
        place: place.to_string(),
        message: message.into(),
    }
}

/// `key: message`, unless there is no key or it is not known.
fn with_key(key: &str, message: &str) -> String {
    let key = key.trim_end_matches('?').trim_end_matches('.');
    if key.is_empty() {
        message.to_owned()
    } else {
        format!("{key}: {message}")
    }
}

/// The message of a JSON error without the place, which is told in our own way.
fn json_message(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    message
        .strip_suffix(&place)
        .map_or(message.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ids and places of the records, or the error.
    pub(super) fn read(text: &str, format: TransferFormat) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        let result = read_records(text.as_bytes(), format, |record, place| {
            found.push(match record {
                Record::Connector(connector) => format!("{} at {place}", connector.id),
                Record::Service(service) => format!("{} at {place}", service.id),
            });
            Ok::<_, ()>(())
        });
        match result {
            Ok(()) => Ok(found),
            Err(Error::Content { place, message }) => Err(format!("{place}: {message}")),
            Err(other) => Err(format!("{other:?}")),
        }
    }

    #[test]
    fn toml_names_the_line_of_a_mistake() {
        let good = "# facts\n\n[[connectors]]\nid = \"a\"\nsystem = \"http\"\nenvironment = \"live\"\n\
                    note = \"\"\"\n[[connectors]]\n\"\"\"\n[connectors.settings]\nx = 1\n\n[[services]]\n\
                    id = \"s\"\nsources = [\"a\"]\ndestinations = [\"a\"]\n";
        assert_eq!(
            read(good, TransferFormat::Toml).unwrap(),
            ["a at 3", "s at 13"]
        );
        for (mistake, expected) in [
            ("[[connectors]]\nid = \"a b\"", "2:6: connectors[0].id: "),
            (
                "[[connectors]]\nid = 5",
                "2:6: connectors[0].id: invalid type: integer",
            ),
            (
                "[[connectors]]\nid = \"a\"\n\n[[services]]\nid = \"b\"",
                "1:1: ",
            ),
            ("x = 1", "1:1: x: unknown field `x`"),
            ("[[connectors]]\nid = \"a", "2:"),
            ("[[conectors]]", "1:"),
        ] {
            let error = read(mistake, TransferFormat::Toml).unwrap_err();
            assert!(error.starts_with(expected), "{mistake:?}: {error}");
        }
    }

    #[test]
    fn json_names_the_place_of_a_mistake() {
        let good = r#"{"services":[{"id":"s","sources":["a"],"destinations":["a"]}],
            "connectors":[{"id":"a","system":"http","environment":"live"}]}"#;
        assert_eq!(
            read(good, TransferFormat::Json).unwrap(),
            ["s at services[0]", "a at connectors[0]"]
        );
        for (mistake, expected) in [
            (
                r#"{"connectors":[{"id":5}]}"#,
                "1:23: connectors[0].id: invalid type",
            ),
            (
                "{\"connectors\":[\n{\"nam\":5}]}",
                "2:7: connectors[0].nam: unknown field `nam`",
            ),
            ("[]", "1:"),
            ("{\"connectors\":[]", "1:16: "),
            ("{} x", "1:4: trailing characters"),
            (r#"{"connectors":[],"connectors":[]}"#, "1:"),
        ] {
            let error = read(mistake, TransferFormat::Json).unwrap_err();
            assert!(error.starts_with(expected), "{mistake:?}: {error}");
        }
    }

    #[test]
    fn ndjson_names_the_line_of_a_mistake() {
        let good = "{\"type\":\"service\",\"id\":\"s\",\"sources\":[\"a\"],\"destinations\":[\"a\"]}\n\n\
                    {\"id\":\"a\",\"system\":\"http\",\"environment\":\"live\",\"type\":\"connector\"}\r\n";
        assert_eq!(
            read(good, TransferFormat::Ndjson).unwrap(),
            ["s at 1", "a at 3"]
        );
        for (mistake, expected) in [
            ("{\"id\":\"a\"}", "1:10: missing field `type`"),
            (
                "\n{\"type\":\"flow\"}",
                "2:15: type: unknown variant `flow`",
            ),
            ("{\"type\":\"connector\",\"id\":\"[Token]\"}", "1:35: id: "),
            ("{", "1:1: EOF"),
        ] {
            let error = read(mistake, TransferFormat::Ndjson).unwrap_err();
            assert!(error.starts_with(expected), "{mistake:?}: {error}");
        }
    }
}
