//! What the queries of all tables share.

use std::fmt::Display;
use std::str::FromStr;

use rusqlite::types::Value;
use rusqlite::{Row, params};

use super::error::damaged;
use super::{Error, Result, Snapshot};

/// How many ids are compared at most when looking for one that was meant.
const SIMILAR_SCAN: u32 = 20_000;

/// How alike two ids must be, from 0 to 1, for one to be offered in place of the other.
const SIMILAR_ENOUGH: f64 = 0.88;

/// The conditions of a query and the values in them.
#[derive(Default)]
pub(super) struct Conditions {
    sql: String,
    pub(super) values: Vec<Value>,
}

impl Conditions {
    /// Adds a condition with one `?` in it.
    pub(super) fn add(&mut self, condition: &str, value: &str) {
        self.sql.push_str(if self.sql.is_empty() {
            " WHERE "
        } else {
            " AND "
        });
        self.sql.push_str(condition);
        self.values.push(Value::Text(value.to_owned()));
    }

    /// Adds that the column has this value, if there is one.
    pub(super) fn equal(&mut self, column: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.add(&format!("{column} = ?"), value);
        }
    }

    /// The WHERE clause, or nothing.
    pub(super) fn sql(&self) -> &str {
        &self.sql
    }
}

/// A column that holds text, borrowed from the engine.
pub(super) fn text<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r str> {
    optional_text(row, column)?
        .ok_or_else(|| Error::Damaged(format!("column {column} of a row is empty")))
}

/// A column that holds text or nothing.
pub(super) fn optional_text<'r>(row: &'r Row<'_>, column: usize) -> Result<Option<&'r str>> {
    row.get_ref(column)?
        .as_str_or_null()
        .map_err(|error| Error::Damaged(format!("column {column} of a row: {error}")))
}

/// A column that holds `what` of `id`, as a type of the model.
pub(super) fn parse<T>(row: &Row<'_>, column: usize, what: &str, id: &str) -> Result<T>
where
    T: FromStr<Err: Display>,
{
    text(row, column)?
        .parse()
        .map_err(|error| damaged(what, id, error))
}

/// As [`parse`], for a column that may hold nothing.
pub(super) fn parse_optional<T>(
    row: &Row<'_>,
    column: usize,
    what: &str,
    id: &str,
) -> Result<Option<T>>
where
    T: FromStr<Err: Display>,
{
    optional_text(row, column)?
        .map(|text| text.parse().map_err(|error| damaged(what, id, error)))
        .transpose()
}

impl Snapshot<'_> {
    /// Ids in `table` that look like `id`, the nearest first, at most three. In a large table only
    /// ids that begin alike are compared.
    pub(super) fn similar(&self, table: &str, id: &str) -> Result<Vec<String>> {
        let sql = format!("SELECT id FROM {table} WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3");
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let wanted = id.to_ascii_lowercase();
        let mut near: Vec<(f64, String)> = Vec::new();
        for prefix in ["", &id[..id.len() / 2]] {
            // '~' sorts after every character that an id may have.
            let mut rows = statement.query(params![prefix, format!("{prefix}~"), SIMILAR_SCAN])?;
            let mut compared = 0;
            while let Some(row) = rows.next()? {
                compared += 1;
                let other = text(row, 0)?;
                let likeness = strsim::jaro_winkler(&wanted, &other.to_ascii_lowercase());
                if likeness >= SIMILAR_ENOUGH && !near.iter().any(|(_, known)| known == other) {
                    near.push((likeness, other.to_owned()));
                }
            }
            if compared < SIMILAR_SCAN {
                break;
            }
        }
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        // What is much less alike than the best was hardly meant.
        let best = near.first().map_or(0.0, |(likeness, _)| *likeness);
        near.retain(|(likeness, _)| *likeness > best - 0.04);
        near.truncate(3);
        Ok(near.into_iter().map(|(_, id)| id).collect())
    }
}
