//! One JSON object a line.

use std::io::BufRead;

use zeroize::Zeroizing;

use super::{Error, Place, RECORD_LIMIT, Receive, content, next_line, too_large};
use crate::model::tree::read_json;

pub(super) fn read<R: Receive>(
    mut input: impl BufRead,
    receiver: &mut R,
) -> Result<(), Error<R::Stopped>> {
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
        let read = read_json(object, |mut tree| {
            let kind = tree.take("type")?;
            receiver.read(kind, tree)
        });
        let record = read.map_err(|error| {
            let (_, column) = error.place(object);
            content(format!("{number}:{column}"), error.to_string())
        })?;
        receiver.visit(record, Place::Line(number))?;
    }
    Ok(())
}
