//! What the queries of all tables share.

use std::fmt::Display;
use std::str::FromStr;

use rusqlite::types::Value;
use rusqlite::{Row, params};

use super::error::damaged;
use super::{Error, Result, Snapshot};
use crate::model::UNREADABLE;

/// How many ids are compared at most when looking for one that was meant.
const SIMILAR_SCAN: u32 = 20_000;

/// How many ids are offered at most in place of one that does not exist.
const SIMILAR: usize = 3;

/// How alike two ids must be, from 0 to 1, for one to be offered in place of the other.
const SIMILAR_ENOUGH: f64 = 0.88;

/// The conditions of a query and the values in them.
#[derive(Default)]
pub(super) struct Conditions {
    sql: String,
    pub(super) values: Vec<Value>,
}

impl Conditions {
    /// Adds a condition in which each `?` stands for the value.
    pub(super) fn add(&mut self, condition: &str, value: impl Into<Value>) {
        self.sql.push_str(if self.sql.is_empty() {
            " WHERE "
        } else {
            " AND "
        });
        self.values.push(value.into());
        let parameter = format!("?{}", self.values.len());
        self.sql.push_str(&condition.replace('?', &parameter));
    }

    /// Adds that the column has this value, if there is one.
    pub(super) fn equal(&mut self, column: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.add(&format!("{column} = ?"), value.to_owned());
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

/// A column that holds text, borrowed from the engine; something plain where it is damaged.
pub(super) fn shown<'r>(row: &'r Row<'_>, column: usize) -> &'r str {
    text(row, column).unwrap_or(UNREADABLE)
}

/// As [`shown`], for a column that may hold nothing.
pub(super) fn shown_if_any<'r>(row: &'r Row<'_>, column: usize) -> Option<&'r str> {
    optional_text(row, column).unwrap_or(Some(UNREADABLE))
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
    /// Ids in `table` that look like `id`, the nearest first, at most three. In a large table these
    /// are ids that differ by one slip of a finger or, if there are none, that begin alike.
    pub(super) fn similar(&self, table: &str, id: &str) -> Result<Vec<String>> {
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT ?1) AS first");
        let size: u32 = self
            .transaction
            .query_row(&sql, [SIMILAR_SCAN], |row| row.get(0))?;
        if size < SIMILAR_SCAN {
            return self.alike(table, id, "");
        }
        let sql = format!("SELECT 1 FROM {table} WHERE id = ?1");
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let mut near = Vec::new();
        for slip in slips(id) {
            if near.len() < SIMILAR && !near.contains(&slip) && statement.exists([&slip])? {
                near.push(slip);
            }
        }
        if near.is_empty() {
            near = self.alike(table, id, &id[..id.len() / 2])?;
        }
        Ok(near)
    }

    /// The ids that look most like `id` among the first that begin with `prefix`.
    fn alike(&self, table: &str, id: &str, prefix: &str) -> Result<Vec<String>> {
        let sql = format!("SELECT id FROM {table} WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3");
        let mut statement = self.transaction.prepare_cached(&sql)?;
        // '~' sorts after every character that an id may have.
        let mut rows = statement.query(params![prefix, format!("{prefix}~"), SIMILAR_SCAN])?;
        let wanted = id.to_ascii_lowercase();
        let mut near: Vec<(f64, String)> = Vec::new();
        while let Some(row) = rows.next()? {
            let other = text(row, 0)?;
            let likeness = strsim::jaro_winkler(&wanted, &other.to_ascii_lowercase());
            if likeness >= SIMILAR_ENOUGH {
                near.push((likeness, other.to_owned()));
            }
        }
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        // What is much less alike than the best was hardly meant.
        let best = near.first().map_or(0.0, |(likeness, _)| *likeness);
        near.retain(|(likeness, _)| *likeness > best - 0.04);
        near.truncate(SIMILAR);
        Ok(near.into_iter().map(|(_, id)| id).collect())
    }
}

/// Every text from which `id` comes by one slip: two characters swapped, one left out, one wrong or
/// one too many, or upper case where it was lower.
fn slips(id: &str) -> impl Iterator<Item = String> {
    const CHARACTERS: &str = "0123456789-_.:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    // An id is ASCII, so that any place in it is a border between characters.
    let put = move |from: usize, to: usize, middle: &str| [&id[..from], middle, &id[to..]].concat();
    let swapped = (1..id.len()).map(move |at| {
        let (first, second) = (&id[at - 1..at], &id[at..=at]);
        put(at - 1, at + 1, &[second, first].concat())
    });
    let shorter = (0..id.len()).map(move |at| put(at, at + 1, ""));
    let others = (0..CHARACTERS.len()).map(|at| &CHARACTERS[at..=at]);
    let replaced = others
        .clone()
        .flat_map(move |other| (0..id.len()).map(move |at| put(at, at + 1, other)));
    let longer = others.flat_map(move |other| (0..=id.len()).map(move |at| put(at, at, other)));
    let cases = [id.to_ascii_lowercase(), id.to_ascii_uppercase()];
    let all = cases
        .into_iter()
        .chain(swapped)
        .chain(shorter)
        .chain(replaced)
        .chain(longer);
    all.filter(move |slip| slip != id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_any_of_four_or_another_case() {
        let slips: Vec<_> = slips("ab1").collect();
        for near in [
            "ba1", "a1b", "b1", "ab", "xb1", "ab:", "0ab1", "a.b1", "ab1_", "AB1",
        ] {
            assert!(slips.iter().any(|slip| slip == near), "{near}");
        }
        assert!(!slips.iter().any(|slip| slip == "ab1"));
        assert_eq!(slips.len(), 1 + 2 + 3 + 3 * 65 + 4 * 66);
    }
}
