//! One JSON object a line.

use std::io::{BufRead, Read};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::{Error, PART_LIMIT, Place, content, json_message, with_key};
use crate::model::{Record, RecordType};

pub(super) fn read<E>(
    mut input: impl BufRead,
    mut visit: impl FnMut(Record, Place) -> Result<(), E>,
) -> Result<(), Error<E>> {
    // It may hold plaintext secrets.
    let mut line = Zeroizing::new(Vec::new());
    let mut number = 0;
    loop {
        number += 1;
        line.clear();
        let mut limited = (&mut input).take(PART_LIMIT as u64);
        if limited.read_until(b'\n', &mut line).map_err(Error::Read)? == 0 {
            return Ok(());
        }
        if line.len() == PART_LIMIT {
            return Err(content(
                number,
                format!("the line has more than {PART_LIMIT} bytes"),
            ));
        }
        let object = line.trim_ascii_end();
        if object.is_empty() {
            continue;
        }
        let record = parse(object, number)?;
        visit(record, Place::Line(number)).map_err(Error::Stopped)?;
    }
}

fn parse<E>(line: &[u8], number: u64) -> Result<Record, Error<E>> {
    #[derive(Deserialize)]
    #[serde(expecting = "an object")]
    struct Typed {
        r#type: RecordType,
    }
    let Typed { r#type } = parse_as(line, number)?;
    Ok(match r#type {
        RecordType::Connector => Record::Connector(parse_as(line, number)?),
        RecordType::Service => Record::Service(parse_as(line, number)?),
    })
}

fn parse_as<T: DeserializeOwned, E>(line: &[u8], number: u64) -> Result<T, Error<E>> {
    let plain = match serde_json::from_slice(line) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    // Only a mistake is worth the price of knowing its key.
    let mut deserializer = serde_json::Deserializer::from_slice(line);
    let key = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Ok(_) => String::new(),
        Err(error) => error.path().to_string(),
    };
    let place = format!("{number}:{}", plain.column());
    Err(content(place, with_key(&key, &json_message(&plain))))
}
