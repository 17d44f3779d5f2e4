//! What became of each record, for whoever wants to know.

use std::io::{self, Write};

use crate::context::{Context, Output};
use crate::error::{Error, Result, unless_closed};
use crate::output::{Format, ImportRow, Record, Rows};
use crate::ui::HELD_OUTPUT;

/// How many records a table names at most.
const NAMED: usize = 20;

/// Tells what became of each record, one after the other.
pub(super) struct Fates {
    /// Nothing is told where nobody asked.
    rows: Option<Rows<Held>>,
    format: Format,
    /// Whether a table tells of what was added and changed, and not only of what went.
    tells_all: bool,
    /// How many rows there are.
    count: usize,
}

impl Fates {
    /// Tells nothing.
    pub(super) fn untold(format: Format) -> Self {
        Self {
            rows: None,
            format,
            tells_all: false,
            count: 0,
        }
    }

    /// Tells what would be: as it comes, because it stays so.
    pub(super) fn of_rehearsal(context: &Context, format: Format) -> Result<Self> {
        Self::new(context, format, true, HELD_OUTPUT)
    }

    /// Tells what was done, once it is.
    pub(super) fn of_change(context: &Context, format: Format) -> Result<Self> {
        Self::new(context, format, format.is_json(), usize::MAX)
    }

    fn new(context: &Context, format: Format, tells_all: bool, limit: usize) -> Result<Self> {
        let held = Held {
            held: Vec::new(),
            limit,
            out: context.output(format),
        };
        let rows = Rows::new(held, ImportRow::COLUMNS, format, context.style());
        Ok(Self {
            rows: Some(rows.map_err(Error::output)?),
            format,
            tells_all,
            count: 0,
        })
    }

    /// Whether what changed in a record is worth finding out.
    pub(super) fn wants_changes(&self) -> bool {
        self.rows.is_some() && self.tells_all
    }

    /// Tells of a record of the file.
    pub(super) fn tell(&mut self, row: &ImportRow<'_>) -> Result<()> {
        if self.tells_all && (self.format.is_json() || row.outcome != "unchanged") {
            self.write(row)?;
        }
        Ok(())
    }

    /// Tells of what goes, or of what stands in its way.
    pub(super) fn tell_gone(&mut self, row: &ImportRow<'_>) -> Result<()> {
        self.write(row)
    }

    fn write(&mut self, row: &ImportRow<'_>) -> Result<()> {
        let Some(rows) = &mut self.rows else {
            return Ok(());
        };
        self.count += 1;
        if self.format.is_json() || self.count <= NAMED {
            rows.write(row).map_err(Error::output)?;
        }
        Ok(())
    }

    /// Writes all that was held back.
    pub(super) fn finish(self, context: &Context) -> io::Result<()> {
        let Some(rows) = self.rows else { return Ok(()) };
        if self.format.is_json() || self.count > 0 {
            unless_closed(rows.finish().map(drop))?;
        }
        if !self.format.is_json() && self.count > NAMED {
            let more = self.count - NAMED;
            let note = format!("… and {more} more; -o json names all");
            context.ui.note(&note);
        }
        Ok(())
    }
}

/// Holds back what is written, up to a limit. Nothing of it shows unless it is flushed.
struct Held {
    held: Vec<u8>,
    limit: usize,
    out: Output,
}

impl Write for Held {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() > self.limit {
            self.out.write_all(&self.held)?;
            self.held.clear();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.held)?;
        self.held.clear();
        self.out.flush()
    }
}
