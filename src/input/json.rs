//! One JSON object with a list of connectors and a list of services.

use std::fmt;
use std::io::BufRead;
use std::marker::PhantomData;

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor,
};

use super::{Error, Place, content, json_message, with_key};
use crate::model::{ConnectorRecord, Record, ServiceRecord};

pub(super) fn read<E>(
    input: impl BufRead,
    visit: impl FnMut(Record, Place) -> Result<(), E>,
) -> Result<(), Error<E>> {
    let mut receiver = Receiver {
        visit,
        stopped: None,
    };
    let mut deserializer = serde_json::Deserializer::from_reader(input);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let result = tracked
        .deserialize_map(&mut receiver)
        .and_then(|()| deserializer.end());
    if let Some(stopped) = receiver.stopped {
        return Err(Error::Stopped(stopped));
    }
    result.map_err(|error| {
        if error.is_io() {
            return Error::Read(error.into());
        }
        let place = format!("{}:{}", error.line(), error.column());
        content(
            place,
            with_key(&track.path().to_string(), &json_message(&error)),
        )
    })
}

/// Hands records on, and keeps the error of whoever received them, which serde cannot carry.
struct Receiver<V, E> {
    visit: V,
    stopped: Option<E>,
}

impl<V, E> Receiver<V, E>
where
    V: FnMut(Record, Place) -> Result<(), E>,
{
    fn receive<D: de::Error>(&mut self, record: Record, place: Place) -> Result<(), D> {
        (self.visit)(record, place).map_err(|error| {
            self.stopped = Some(error);
            D::custom("stopped")
        })
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
                _ => return Err(de::Error::unknown_field(&key, &["connectors", "services"])),
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
        let mut index = 0;
        while let Some(record) = access.next_element::<R>()? {
            self.receiver
                .receive((self.wrap)(record), Place::Element(self.name, index))?;
            index += 1;
        }
        Ok(())
    }
}
