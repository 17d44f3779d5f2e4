//! One JSON object with lists of recipients, connectors and services.

use std::cell::RefCell;
use std::fmt;
use std::io::{self, BufRead, Read};
use std::marker::PhantomData;
use std::rc::Rc;

use serde::Deserialize;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{Error, Place, RECORD_LIMIT, content, too_large};
use crate::model::text;
use crate::model::tree::Tree;
use crate::model::{ConnectorRecord, RecipientRecord, Record, ServiceRecord};

pub(super) fn read<E>(
    input: impl BufRead,
    visit: impl FnMut(Record, Place) -> Result<(), E>,
) -> Result<(), Error<E>> {
    let position = Rc::new(RefCell::new(Position::default()));
    let mut receiver = Receiver {
        visit,
        position: Rc::clone(&position),
        reading: None,
        stopped: None,
    };
    let mut deserializer = serde_json::Deserializer::from_reader(Counted { input, position });
    let result = deserializer
        .deserialize_map(&mut receiver)
        .and_then(|()| deserializer.end());
    if let Some(stopped) = receiver.stopped {
        return Err(stopped);
    }
    result.map_err(|error| {
        let place = match &receiver.reading {
            Some(place) => format!("{place}: "),
            None => String::new(),
        };
        if receiver.position.borrow().is_too_far() {
            return too_large(format!("{}: {place}", receiver.position.borrow()));
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
struct Receiver<V, E> {
    visit: V,
    position: Rc<RefCell<Position>>,
    /// The record that is being read.
    reading: Option<Place>,
    stopped: Option<Error<E>>,
}

impl<V, E> Receiver<V, E>
where
    V: FnMut(Record, Place) -> Result<(), E>,
{
    /// Hands on the record that the text holds, which began at `start`.
    fn receive<R: DeserializeOwned>(
        &mut self,
        text: &str,
        start: Position,
        place: Place,
        wrap: fn(R) -> Record,
    ) -> Result<(), Error<E>> {
        let record = Tree::from_json(text)
            .and_then(Tree::read)
            .map_err(|error| {
                let (line, column) = error.place(text);
                let column = column + if line == 1 { start.column - 1 } else { 0 };
                let error = error.under(&place.to_string());
                content(
                    format!("{}:{column}", start.lines + line),
                    error.to_string(),
                )
            })?;
        (self.visit)(wrap(record), place).map_err(Error::Stopped)
    }
}

impl<'de, V, E> Visitor<'de> for &mut Receiver<V, E>
where
    V: FnMut(Record, Place) -> Result<(), E>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the lists \"connectors\" and \"services\"")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let mut seen: Vec<String> = Vec::new();
        while let Some(key) = access.next_key::<String>()? {
            match key.as_str() {
                _ if seen.contains(&key) => {
                    return Err(de::Error::custom(format_args!("duplicate field `{key}`")));
                }
                "recipients" => access.next_value_seed(List::<V, E, RecipientRecord> {
                    name: "recipients",
                    wrap: Record::Recipient,
                    receiver: self,
                    record: PhantomData,
                })?,
                "connectors" => access.next_value_seed(List::<V, E, ConnectorRecord> {
                    name: "connectors",
                    wrap: Record::Connector,
                    receiver: self,
                    record: PhantomData,
                })?,
                "services" => access.next_value_seed(List::<V, E, ServiceRecord> {
                    name: "services",
                    wrap: Record::Service,
                    receiver: self,
                    record: PhantomData,
                })?,
                _ => {
                    return Err(de::Error::unknown_field(
                        &key,
                        &["recipients", "connectors", "services"],
                    ));
                }
            }
            seen.push(key);
        }
        Ok(())
    }
}

/// A list of records, handed on one by one.
struct List<'r, V, E, R> {
    name: &'static str,
    wrap: fn(R) -> Record,
    receiver: &'r mut Receiver<V, E>,
    record: PhantomData<R>,
}

impl<'de, V, E, R> DeserializeSeed<'de> for List<'_, V, E, R>
where
    V: FnMut(Record, Place) -> Result<(), E>,
    R: DeserializeOwned,
{
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, V, E, R> Visitor<'de> for List<'_, V, E, R>
where
    V: FnMut(Record, Place) -> Result<(), E>,
    R: DeserializeOwned,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {}", self.name)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let receiver = self.receiver;
        for index in 0.. {
            let place = Place::Element(self.name, index);
            receiver.reading = Some(place.clone());
            receiver.position.borrow_mut().record = 0;
            let Some((start, text)) = access.next_element_seed(Start(&receiver.position))? else {
                break;
            };
            if let Err(stopped) = receiver.receive(&text, start, place, self.wrap) {
                receiver.stopped = Some(stopped);
                return Err(de::Error::custom("stopped"));
            }
        }
        receiver.reading = None;
        receiver.position.borrow_mut().record = 0;
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
