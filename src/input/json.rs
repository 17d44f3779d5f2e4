//! One JSON object with lists of recipients, connectors and services.

use std::cell::RefCell;
use std::fmt;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{Error, Place, RECORD_LIMIT, Receive, content, too_large};
use crate::model::RecordType;
use crate::model::text;
use crate::model::tree::read_json;

/// Reads the records, and tells which lists there were.
pub(super) fn read<R: Receive>(
    input: impl BufRead,
    receiver: &mut R,
) -> Result<Vec<RecordType>, Error<R::Stopped>> {
    let position = Rc::new(RefCell::new(Position::default()));
    let mut walk = Walk {
        receiver,
        position: Rc::clone(&position),
        reading: None,
        stopped: None,
    };
    let mut deserializer = serde_json::Deserializer::from_reader(Counted { input, position });
    let result = deserializer
        .deserialize_map(&mut walk)
        .and_then(|lists| deserializer.end().map(|()| lists));
    if let Some(stopped) = walk.stopped {
        return Err(stopped);
    }
    result.map_err(|error| {
        let place = match &walk.reading {
            Some(place) => format!("{place}: "),
            None => String::new(),
        };
        if walk.position.borrow().is_too_far() {
            let at = format!("{}: {place}", walk.position.borrow());
            return too_large(at.trim_end_matches(": "));
        }
        if error.is_io() {
            return Error::Read(error.into());
        }
        let message = error.to_string();
        let end = format!(" at line {} column {}", error.line(), error.column());
        let message = text::visible(message.strip_suffix(&end).unwrap_or(&message)).into_owned();
        let at = format!("{}:{}", error.line(), error.column());
        content(at, format!("{place}{message}"))
    })
}

/// How far a file has been read.
#[derive(Default, Clone, Copy)]
struct Position {
    /// The line ends so far.
    lines: usize,
    /// The bytes of this line so far.
    column: usize,
    /// The bytes of this record so far.
    record: usize,
}

impl Position {
    fn is_too_far(self) -> bool {
        self.record > RECORD_LIMIT
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.lines + 1, self.column)
    }
}

/// Hands bytes on as they are asked for, and knows where that is.
struct Counted<R> {
    input: R,
    position: Rc<RefCell<Position>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        let mut position = self.position.borrow_mut();
        for byte in &buffer[..read] {
            if *byte == b'\n' {
                position.lines += 1;
                position.column = 0;
            } else {
                position.column += 1;
            }
        }
        position.record += read;
        if position.is_too_far() {
            return Err(io::Error::other("this record is too large"));
        }
        Ok(read)
    }
}

/// Hands records on, and keeps the error, which serde cannot carry.
struct Walk<'r, R: Receive> {
    receiver: &'r mut R,
    position: Rc<RefCell<Position>>,
    /// The record that is being read.
    reading: Option<Place>,
    stopped: Option<Error<R::Stopped>>,
}

impl<R: Receive> Walk<'_, R> {
    /// Hands on the record that the text holds, which began at `start`.
    fn receive(
        &mut self,
        text: &str,
        start: Position,
        place: Place,
        kind: RecordType,
    ) -> Result<(), Error<R::Stopped>> {
        let read = read_json(text, |tree| self.receiver.read(kind, tree));
        let record = read.map_err(|error| {
            let (line, column) = error.place(text);
            let column = column + if line == 1 { start.column - 1 } else { 0 };
            let error = error.under(&place.to_string());
            content(
                format!("{}:{column}", start.lines + line),
                error.to_string(),
            )
        })?;
        self.receiver.visit(record, place)
    }
}

impl<'de, R: Receive> Visitor<'de> for &mut Walk<'_, R> {
    /// The lists that there were.
    type Value = Vec<RecordType>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the lists \"connectors\" and \"services\"")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut seen: Vec<RecordType> = Vec::new();
        while let Some(key) = access.next_key::<String>()? {
            let Some(kind) = RecordType::ALL.into_iter().find(|kind| kind.list() == key) else {
                return Err(de::Error::unknown_field(&key, &RecordType::LISTS));
            };
            if seen.contains(&kind) {
                return Err(de::Error::custom(format_args!("duplicate field `{key}`")));
            }
            access.next_value_seed(List { kind, walk: self })?;
            seen.push(kind);
        }
        Ok(seen)
    }
}

/// A list of records, handed on one by one.
struct List<'w, 'r, R: Receive> {
    kind: RecordType,
    walk: &'w mut Walk<'r, R>,
}

impl<'de, R: Receive> DeserializeSeed<'de> for List<'_, '_, R> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, R: Receive> Visitor<'de> for List<'_, '_, R> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {}", self.kind.list())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let Self { kind, walk } = self;
        for index in 0.. {
            let place = Place::Element(kind.list(), index);
            walk.reading = Some(place.clone());
            walk.position.borrow_mut().record = 0;
            let Some((start, text)) = access.next_element_seed(Start(&walk.position))? else {
                break;
            };
            if let Err(stopped) = walk.receive(&text, start, place, kind) {
                walk.stopped = Some(stopped);
                return Err(de::Error::custom("stopped"));
            }
        }
        walk.reading = None;
        walk.position.borrow_mut().record = 0;
        Ok(())
    }
}

/// Reads one record as text, and where it begins: its first byte is read by now, and no other.
struct Start<'p>(&'p RefCell<Position>);

impl<'de> DeserializeSeed<'de> for Start<'_> {
    /// The text may hold plaintext secrets.
    type Value = (Position, Zeroizing<String>);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let start = *self.0.borrow();
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Ok((start, Zeroizing::new(Box::<str>::from(raw).into())))
    }
}
