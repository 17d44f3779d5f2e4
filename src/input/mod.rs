//! Turning files into values of the model.
//!
//! Every format is read one record at a time, so that memory does not grow with the file, and every
//! mistake is named with its place: file, line, and key where there is one.

mod actions;
mod json;
mod look;
mod ndjson;
mod toml;

use std::fmt;
use std::io::{self, BufRead, Chain, Cursor, Read};

use crate::model::tree::{self, Tree};
use crate::model::{Record, RecordType, TransferFormat};

pub use actions::{Decision, Undecided, WorkflowAction, read_actions};
pub use look::Look;

/// The greatest size of one record in a file, in bytes: 32 MiB, room for some twenty secrets of the
/// greatest size.
pub const RECORD_LIMIT: usize = 32 << 20;

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

/// Reads all records of a file in the order in which they stand there, the connectors and the
/// services each for themselves.
///
/// # Errors
/// When the file cannot be read, its content is wrong, or `visit` fails.
pub fn read_records<E>(
    input: impl BufRead,
    format: TransferFormat,
    visit: impl FnMut(Record, Place) -> Result<(), E>,
) -> Result<(), Error<E>> {
    read_as(input, format, Record::read, visit).map(drop)
}

/// As [`read_records`], with what `read` makes of each, and tells which lists there were, even
/// empty ones. Only JSON has lists.
///
/// # Errors
/// When the file cannot be read, its content is wrong, or `visit` fails.
pub fn read_as<R, E>(
    input: impl BufRead,
    format: TransferFormat,
    read: impl Fn(RecordType, Tree) -> Result<R, tree::Error>,
    visit: impl FnMut(R, Place) -> Result<(), E>,
) -> Result<Vec<RecordType>, Error<E>> {
    let input = without_mark(input).map_err(Error::Read)?;
    let mut receiver = Receiver { read, visit };
    match format {
        TransferFormat::Toml => toml::read(input, &mut receiver).map(|()| Vec::new()),
        TransferFormat::Json => json::read(input, &mut receiver),
        TransferFormat::Ndjson => ndjson::read(input, &mut receiver).map(|()| Vec::new()),
    }
}

/// Makes records of trees, and hands them on.
struct Receiver<P, V> {
    read: P,
    visit: V,
}

/// What a format hands its records to.
trait Receive {
    type Record;
    type Stopped;

    /// Makes a record of a tree.
    fn read(&self, kind: RecordType, tree: Tree) -> Result<Self::Record, tree::Error>;

    /// Hands a record on.
    fn visit(&mut self, record: Self::Record, place: Place) -> Result<(), Error<Self::Stopped>>;
}

impl<P, V, R, E> Receive for Receiver<P, V>
where
    P: Fn(RecordType, Tree) -> Result<R, tree::Error>,
    V: FnMut(R, Place) -> Result<(), E>,
{
    type Record = R;
    type Stopped = E;

    fn read(&self, kind: RecordType, tree: Tree) -> Result<R, tree::Error> {
        (self.read)(kind, tree)
    }

    fn visit(&mut self, record: R, place: Place) -> Result<(), Error<E>> {
        (self.visit)(record, place).map_err(Error::Stopped)
    }
}

/// The same text without the mark U+FEFF with which some editors begin a file, and which has no
/// meaning in UTF-8.
pub fn without_mark<R: BufRead>(mut input: R) -> io::Result<Chain<Cursor<Vec<u8>>, R>> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let mut start = Vec::with_capacity(MARK.len());
    // A pipe may give less than all three at once.
    (&mut input)
        .take(MARK.len() as u64)
        .read_to_end(&mut start)?;
    if start == MARK {
        start.clear();
    }
    Ok(Cursor::new(start).chain(input))
}

/// Reads the next line, with its end; false at the end of the input. One that is longer than the
/// limit is given up behind it.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let read = input
        .take(RECORD_LIMIT as u64 + 1)
        .read_until(b'\n', line)?;
    Ok(read > 0)
}

/// The error for a record that is larger than any can be.
fn too_large<E>(place: impl fmt::Display) -> Error<E> {
    content(
        place,
        format!(
            "this record has more than {RECORD_LIMIT} bytes (32 MiB), the most that one can have"
        ),
    )
}

fn content<E>(place: impl fmt::Display, message: impl Into<String>) -> Error<E> {
    Error::Content {
        place: place.to_string(),
        message: message.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ids and places of the records, or the error.
    pub(super) fn read(text: &str, format: TransferFormat) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        let result = read_records(text.as_bytes(), format, |record, place| {
            found.push(match record {
                Record::Recipient(recipient) => format!("{} at {place}", recipient.recipient),
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
    fn toml_is_taken_as_its_rules_say() {
        let connector = "[[connectors]]\nid = 'a'\nsystem = 'http'\nenvironment = 'live'\n";
        let service = "[[ \"services\" ]]\nid = 's'\nsources = ['a']\ndestinations = ['a']\n";
        let settings = "[connectors.settings]\nx = [\n[\n[[services]]\n]\n]\ny = 1\n";
        let file = format!(
            "{connector}{service}{}",
            settings.replace("[[services]]", "[['x']]")
        );
        assert_eq!(
            read(&file, TransferFormat::Toml).unwrap(),
            ["a at 1", "s at 5"]
        );
        let file = format!("connectors = []\n{connector}");
        assert_eq!(
            read(&file, TransferFormat::Toml).unwrap_err(),
            "2: connectors: the list is there already"
        );
        // The place is that in the file, whatever stands between.
        let file = format!("{connector}{service}[connectors.settings]\n\nx = 1e999\n");
        assert_eq!(
            read(&file, TransferFormat::Toml).unwrap_err(),
            "11:5: connectors[0].settings.x: the number 1e999 cannot be kept exactly; put it in \
             double quotes to keep it as a text"
        );
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
                "1:22: connectors[0].id: invalid type",
            ),
            (
                "{\"connectors\":[\n{\"nam\":5}]}",
                "2:2: connectors[0].nam: unknown field `nam`",
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
            ("{\"id\":\"a\"}", "1:1: missing field `type`"),
            ("\n{\"type\":\"flow\"}", "2:9: type: unknown variant `flow`"),
            ("{\"type\":\"connector\",\"id\":\"[Token]\"}", "1:26: id: "),
            ("{", "1:1: EOF"),
        ] {
            let error = read(mistake, TransferFormat::Ndjson).unwrap_err();
            assert!(error.starts_with(expected), "{mistake:?}: {error}");
        }
    }
}
