//! Walking through one table beside a list from another.

use std::cmp::Ordering;

use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::{Row, Rows, Statement};

use super::Result;
use super::query::text;

/// A cursor over rows that belong to what a list shows, and that come in the order of the list: so
/// one pass serves a million of them without a look-up for each.
pub(super) struct Beside<'s> {
    rows: Rows<'s>,
}

impl<'s> Beside<'s> {
    /// Begins a walk. The statement takes no parameters and orders by its first column, the id of
    /// what a row belongs to.
    pub(super) fn new(statement: &'s mut Statement<'_>) -> Result<Self> {
        let mut rows = statement.query([])?;
        rows.advance()?;
        Ok(Self { rows })
    }

    /// Hands on each row that belongs to `id`. The ids asked for must ascend.
    pub(super) fn of(
        &mut self,
        id: &str,
        mut visit: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        while let Some(row) = self.rows.get() {
            match text(row, 0)?.cmp(id) {
                Ordering::Less => {}
                Ordering::Equal => visit(row)?,
                Ordering::Greater => break,
            }
            self.rows.advance()?;
        }
        Ok(())
    }
}
