//! Reading from one table what belongs to a list from another.

use std::cmp::Ordering;

use super::Result;
use super::engine::{Row, Rows, Session, Statement};
use super::query::text;

/// How many of the records of a table a list shows, as far as it is known beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    /// Any number of them.
    Many,
    /// Most of those from one id to another.
    Between,
    /// Those that one other record names.
    Few,
}

/// What belongs to the records of a list.
pub(super) struct Belongings {
    pub(super) select: &'static str,
    /// The column with the id of what a row belongs to, the first one.
    pub(super) owner: &'static str,
    /// In which order those of one owner come.
    pub(super) order: &'static str,
}

impl Belongings {
    /// A query for what belongs to this share of the records.
    pub(super) fn of<'c>(&self, share: Share, session: &'c Session<'_>) -> Result<Query<'c>> {
        let Self {
            select,
            owner,
            order,
        } = self;
        let sql = match share {
            Share::Many => format!("{select} ORDER BY {owner}, {order}"),
            Share::Between => {
                format!("{select} WHERE {owner} BETWEEN ?1 AND ?2 ORDER BY {owner}, {order}")
            }
            Share::Few => format!("{select} WHERE {owner} = ?1 ORDER BY {order}"),
        };
        let statement = session.prepare(&sql)?;
        Ok(Query { statement, share })
    }
}

/// A query for the rows that belong to what a list shows.
pub(super) struct Query<'c> {
    statement: Statement<'c>,
    share: Share,
}

impl<'c> Query<'c> {
    /// Begins to read.
    pub(super) fn beside(&mut self) -> Result<Beside<'_, 'c>> {
        self.beside_span(&[])
    }

    /// As [`Query::beside`]; `span` is the first and the last id for [`Share::Between`], and else
    /// empty.
    pub(super) fn beside_span(&mut self, span: &[&str]) -> Result<Beside<'_, 'c>> {
        Ok(match self.share {
            Share::Few => Beside::Seeking(&mut self.statement),
            Share::Many | Share::Between => {
                let mut rows = self.statement.query(span)?;
                rows.advance()?;
                Beside::Walking(rows)
            }
        })
    }
}

/// What hands on the rows that belong to what a list shows, one after the other.
pub(super) enum Beside<'s, 'c> {
    /// A cursor over all rows, in the order of the list: so one pass serves a million of them
    /// without a look-up for each.
    Walking(Rows<'s>),
    /// A look-up for each: so a short list does not read a long table.
    Seeking(&'s mut Statement<'c>),
}

impl Beside<'_, '_> {
    /// How many rows belong to `id`. The ids asked for must ascend.
    pub(super) fn count(&mut self, id: &str) -> Result<u64> {
        let mut count = 0;
        self.of(id, |_| {
            count += 1;
            Ok(())
        })?;
        Ok(count)
    }

    /// Hands on each row that belongs to `id`. The ids asked for must ascend.
    pub(super) fn of(
        &mut self,
        id: &str,
        mut visit: impl FnMut(Row<'_>) -> Result<()>,
    ) -> Result<()> {
        match self {
            Self::Walking(rows) => {
                while let Some(row) = rows.get() {
                    match text(row, 0)?.cmp(id) {
                        Ordering::Less => {}
                        Ordering::Equal => visit(row)?,
                        Ordering::Greater => break,
                    }
                    rows.advance()?;
                }
            }
            Self::Seeking(statement) => {
                let mut rows = statement.query([id])?;
                while let Some(row) = rows.next()? {
                    visit(row)?;
                }
            }
        }
        Ok(())
    }
}
