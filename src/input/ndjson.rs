//! One JSON object a line.

use std::io::BufRead;

use zeroize::Zeroizing;

use super::{Error, Place, RECORD_LIMIT, content, next_line, too_large};
use crate::model::tree::{self, Tree};
use crate::model::{Record, RecordType};

pub(super) fn read<E>(
    mut input: impl BufRead,
    mut visit: impl FnMut(Record, Place) -> Result<(), E>,
) -> Result<(), Error<E>> {
    // It may hold plaintext secrets.
    let mut line = Zeroizing::new(Vec::new());
    for number in 1.. {
        if !next_line(&mut input, &mut line).map_err(Error::Read)? {
            break;
        }
        if line.len() > RECORD_LIMIT {
            return Err(too_large(number));
        }
        let object = line.trim_ascii_end();
        if object.is_empty() {
            continue;
        }
        let object = std::str::from_utf8(object)
            .map_err(|_| content(number, "this line is not UTF-8 text"))?;
        let record = parse(object).map_err(|error| {
            let (_, column) = error.place(object);
            content(format!("{number}:{column}"), error.to_string())
        })?;
        visit(record, Place::Line(number)).map_err(Error::Stopped)?;
    }
    Ok(())
}

fn parse(line: &str) -> Result<Record, tree::Error> {
    let mut tree = Tree::from_json(line)?;
    Ok(match tree.take("type")? {
        RecordType::Recipient => Record::Recipient(tree.read()?),
        RecordType::Connector => Record::Connector(tree.read()?),
        RecordType::Service => Record::Service(tree.read()?),
    })
}
