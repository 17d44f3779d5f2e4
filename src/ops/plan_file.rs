//! Reading what a dry run wrote.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::{Error, Result};
use crate::input::without_mark;
use crate::model::text;
use crate::model::tree::Tree;

/// The greatest size of what a plan says of one thing, in bytes: 1 MiB.
const ROW_LIMIT: usize = 1 << 20;

/// What is wrong with a plan: makes an error that names it from a problem.
pub type Wrong<'w> = &'w dyn Fn(&str) -> Error;

/// What a plan is called; `-` is standard input.
pub fn name(path: &Path) -> String {
    if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        text::path(path)
    }
}

/// The records of a plan, as JSON or NDJSON.
pub fn read<R: DeserializeOwned>(path: &Path, wrong: Wrong<'_>) -> Result<Vec<R>> {
    let mut records = Vec::new();
    each(path, wrong, &mut |row, tree| {
        let record = tree.read();
        records.push(record.map_err(|error| wrong(&format!("row {row}: {error}")))?);
        Ok(())
    })?;
    Ok(records)
}

/// Hands on the records of a plan one by one, with their numbers, which count from 1.
pub fn each(
    path: &Path,
    wrong: Wrong<'_>,
    visit: &mut dyn FnMut(u64, Tree) -> Result<()>,
) -> Result<()> {
    let refused = |error: io::Error| wrong(&error.to_string());
    let input: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(path).map_err(refused)?))
    };
    let mut input = without_mark(input).map_err(refused)?;
    let Some(first) = first_byte(&mut input).map_err(refused)? else {
        return Err(wrong("there is no plan in it"));
    };
    let left = Cell::new(ROW_LIMIT);
    let mut walk = Walk {
        visit,
        wrong,
        row: 0,
        left: &left,
        stopped: None,
    };
    let input = Bounded { input, left: &left };
    let mut deserializer = serde_json::Deserializer::from_reader(input);
    let read = if first == b'[' {
        let read = walk.list(&mut deserializer);
        if read.is_ok() && deserializer.end().is_err() {
            return Err(wrong("something stands behind the plan"));
        }
        read
    } else {
        walk.objects(deserializer.into_iter())
    };
    match walk.stopped {
        Some(error) => Err(error),
        None => read.map_err(|error| wrong(&text::visible(&error.to_string()))),
    }
}

/// A walk through the records of a plan.
struct Walk<'w> {
    visit: &'w mut dyn FnMut(u64, Tree) -> Result<()>,
    wrong: Wrong<'w>,
    row: u64,
    /// How many bytes the record that is being read may still have.
    left: &'w Cell<usize>,
    stopped: Option<Error>,
}

impl Walk<'_> {
    fn list<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
    ) -> std::result::Result<(), D::Error> {
        List(self).deserialize(deserializer)
    }

    fn objects(
        &mut self,
        mut objects: impl Iterator<Item = serde_json::Result<Box<RawValue>>>,
    ) -> serde_json::Result<()> {
        while let Some(record) = objects.next().transpose()? {
            if !self.goes_on_after(&record) {
                break;
            }
        }
        Ok(())
    }

    /// Hands on a record; false if nobody wants another.
    fn goes_on_after(&mut self, record: &RawValue) -> bool {
        self.row += 1;
        self.left.set(ROW_LIMIT);
        let row = self.row;
        let visited = Tree::from_json(record.get())
            .map_err(|error| (self.wrong)(&format!("row {row}: {error}")))
            .and_then(|tree| (self.visit)(row, tree));
        self.stopped = visited.err();
        self.stopped.is_none()
    }
}

/// The records of a list.
struct List<'l, 'w>(&'l mut Walk<'w>);

impl<'de> DeserializeSeed<'de> for List<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> std::result::Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a plan")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> std::result::Result<(), A::Error> {
        while let Some(record) = access.next_element::<Box<RawValue>>()? {
            if !self.0.goes_on_after(&record) {
                return Err(de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

/// The first byte that is no white space. What stands before it is taken out.
fn first_byte(input: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(None);
        }
        let blank = buffer.iter().take_while(|byte| byte.is_ascii_whitespace());
        let blank = blank.count();
        let first = buffer.get(blank).copied();
        input.consume(blank);
        if first.is_some() {
            return Ok(first);
        }
    }
}

/// Hands on no more for one record than any has.
struct Bounded<'c, R> {
    input: R,
    left: &'c Cell<usize>,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        let left = self.left.get().checked_sub(read).ok_or_else(|| {
            io::Error::other(format!("it says more than {ROW_LIMIT} bytes of one thing"))
        })?;
        self.left.set(left);
        Ok(read)
    }
}
