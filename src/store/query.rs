//! What the queries of all tables share.

use std::fmt::Display;
use std::str::FromStr;

use super::engine::{OwnedValue, Row, params};
use super::error::damaged;
use super::{Error, Result, Snapshot};
use crate::model::UNREADABLE;

/// Up to how many ids in a table are all compared when looking for one that was meant.
const SIMILAR_SCAN: u32 = 2_000;

/// How many ids are compared on each side of one that does not exist in a larger table.
const NEIGHBOURS: u32 = 100;

/// How many ids are offered at most in place of one that does not exist.
const SIMILAR: usize = 3;

/// How alike two ids must be, from 0 to 1, for one to be offered in place of the other.
const SIMILAR_ENOUGH: f64 = 0.88;

/// The conditions of a query and the values in them.
#[derive(Default)]
pub(super) struct Conditions {
    sql: String,
    pub(super) values: Vec<OwnedValue>,
}

impl Conditions {
    /// Adds a condition in which each `?` stands for the value.
    pub(super) fn add(&mut self, condition: &str, value: impl Into<OwnedValue>) {
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
#[inline]
pub(super) fn text(row: Row<'_>, column: usize) -> Result<&str> {
    optional_text(row, column)?
        .ok_or_else(|| Error::Damaged(format!("column {column} of a row is empty")))
}

/// A column that holds text or nothing.
#[inline]
pub(super) fn optional_text(row: Row<'_>, column: usize) -> Result<Option<&str>> {
    row.text(column)
        .map_err(|error| Error::Damaged(format!("column {column} of a row: {error}")))
}

/// A column that holds text, borrowed from the engine; something plain where it is damaged.
#[inline]
pub(super) fn shown(row: Row<'_>, column: usize) -> &str {
    row.text(column).ok().flatten().unwrap_or(UNREADABLE)
}

/// As [`shown`], for a column that may hold nothing.
#[inline]
pub(super) fn shown_if_any(row: Row<'_>, column: usize) -> Option<&str> {
    row.text(column).unwrap_or(Some(UNREADABLE))
}

/// A column that holds `what` of `id`, as a type of the model.
pub(super) fn parse<T>(row: Row<'_>, column: usize, what: &str, id: &str) -> Result<T>
where
    T: FromStr<Err: Display>,
{
    text(row, column)?
        .parse()
        .map_err(|error| damaged(what, id, error))
}

/// As [`parse`], for a column that may hold nothing.
pub(super) fn parse_optional<T>(
    row: Row<'_>,
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
    /// are ids that differ by one slip of a finger or, if there are none, its neighbours in order,
    /// with which it has most of its beginning in common.
    pub(super) fn similar(&self, table: &str, id: &str) -> Result<Vec<String>> {
        let sql = format!("SELECT id FROM {table} ORDER BY id LIMIT ?2");
        let first = self.ids(&sql, "", SIMILAR_SCAN)?;
        if first.len() < SIMILAR_SCAN as usize {
            return Ok(most_alike(id, first, SIMILAR_ENOUGH));
        }
        let near = self.one_slip_away(table, id)?;
        if !near.is_empty() {
            return Ok(near);
        }
        let before = format!("SELECT id FROM {table} WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
        let behind = format!("SELECT id FROM {table} WHERE id > ?1 ORDER BY id LIMIT ?2");
        let mut neighbours = self.ids(&before, id, NEIGHBOURS)?;
        neighbours.extend(self.ids(&behind, id, NEIGHBOURS)?);
        Ok(most_alike(id, neighbours, SIMILAR_ENOUGH))
    }

    fn ids(&self, sql: &str, id: &str, limit: u32) -> Result<Vec<String>> {
        let mut statement = self.transaction.prepare_cached(sql)?;
        let mut rows = statement.query(params![id, limit])?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            ids.push(text(row, 0)?.to_owned());
        }
        Ok(ids)
    }

    /// Those of the ids that are in a table of a server.
    fn those_of(&self, table: &str, ids: &[String]) -> Result<Vec<String>> {
        let sql = format!(
            "SELECT id FROM {table} WHERE id IN (SELECT json_array_elements_text(?1::JSON))"
        );
        let ids = serde_json::to_string(ids).map_err(|error| Error::Engine(error.into()))?;
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let mut rows = statement.query([ids.as_str()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(text(row, 0)?.to_owned());
        }
        Ok(found)
    }

    /// Ids from which `id` comes by one slip, the nearest first, at most three.
    fn one_slip_away(&self, table: &str, id: &str) -> Result<Vec<String>> {
        let cases = [id.to_ascii_lowercase(), id.to_ascii_uppercase()];
        if self.transaction.is_on_server() {
            // One question about all of them takes less time than a few about some.
            let slips = (0..=id.len()).flat_map(|at| slips(id, at));
            let all: Vec<_> = cases
                .into_iter()
                .filter(|slip| slip != id)
                .chain(slips)
                .collect();
            return Ok(most_alike(id, self.those_of(table, &all)?, 0.0));
        }
        let begins = format!("SELECT 1 FROM {table} WHERE id >= ?1 AND id < ?2");
        let mut begins = self.transaction.prepare_cached(&begins)?;
        let is_there = format!("SELECT 1 FROM {table} WHERE id = ?1");
        let mut is_there = self.transaction.prepare_cached(&is_there)?;
        let mut near = Vec::new();
        for slip in cases {
            if slip != id && is_there.exists([slip.as_str()])? {
                near.push(slip);
            }
        }
        for at in 0..=id.len() {
            let start = &id[..at];
            // No id begins so: none differs only further on. '~' sorts after all that an id may hold.
            if !begins.exists([start, &format!("{start}~")])? {
                break;
            }
            for slip in slips(id, at) {
                if !near.contains(&slip) && is_there.exists([slip.as_str()])? {
                    near.push(slip);
                }
            }
        }
        Ok(most_alike(id, near, 0.0))
    }
}

/// Those of the ids that look most like `id`, and at least so much, at most three.
fn most_alike(id: &str, others: Vec<String>, enough: f64) -> Vec<String> {
    let wanted = id.to_ascii_lowercase();
    let likeness = |other: &str| strsim::jaro_winkler(&wanted, &other.to_ascii_lowercase());
    let mut near: Vec<(f64, String)> = others
        .into_iter()
        .map(|other| (likeness(&other), other))
        .filter(|(likeness, _)| *likeness >= enough)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    // What is much less alike than the best was hardly meant.
    let best = near.first().map_or(0.0, |(likeness, _)| *likeness);
    near.retain(|(likeness, _)| *likeness > best - 0.04);
    near.truncate(SIMILAR);
    near.into_iter().map(|(_, id)| id).collect()
}

/// Every text from which `id` comes by one slip at this place: two characters swapped, one too many,
/// one wrong or one left out.
fn slips(id: &str, at: usize) -> impl Iterator<Item = String> {
    const CHARACTERS: &str = "0123456789-_.:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    // An id is ASCII, so that any place in it is a border between characters.
    let (start, rest) = id.split_at(at);
    let put = move |middle: &str, rest: &str| [start, middle, rest].concat();
    let swapped = (rest.len() > 1).then(|| put(&[&rest[1..2], &rest[..1]].concat(), &rest[2..]));
    let shorter = (!rest.is_empty()).then(|| put("", &rest[1..]));
    let others = (0..CHARACTERS.len()).map(|at| &CHARACTERS[at..=at]);
    let replaced = others
        .clone()
        .filter(move |_| !rest.is_empty())
        .map(move |other| put(other, &rest[1..]));
    let longer = others.map(move |other| put(other, rest));
    let all = swapped
        .into_iter()
        .chain(shorter)
        .chain(replaced)
        .chain(longer);
    all.filter(move |slip| slip != id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn one_slip_is_any_of_four() {
        let slips: Vec<_> = (0..=3).flat_map(|at| slips("ab1", at)).collect();
        for near in [
            "ba1", "a1b", "b1", "ab", "xb1", "ab:", "0ab1", "a.b1", "ab1_",
        ] {
            assert!(slips.iter().any(|slip| slip == near), "{near}");
        }
        assert!(!slips.iter().any(|slip| slip == "ab1"));
        assert_eq!(slips.len(), 2 + 3 + 3 * 65 + 4 * 66);
    }

    #[test]
    fn in_a_large_table_one_slip_is_found_wherever_it_is_and_else_a_neighbour() {
        let store = Store::in_memory().unwrap();
        let snapshot = store.read().unwrap();
        snapshot
            .transaction
            .execute_batch(
                "CREATE TEMP TABLE many (id TEXT PRIMARY KEY) WITHOUT ROWID;
                 INSERT INTO many
                   WITH RECURSIVE counted (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < 9999)
                   SELECT printf('conn-%07d', n * 100) FROM counted;",
            )
            .unwrap();
        let similar = |id| snapshot.similar("many", id).unwrap().join(" ");
        assert_eq!(similar("conn-050030x"), "conn-0500300");
        assert_eq!(similar("con-0500300"), "conn-0500300");
        assert_eq!(similar("ocnn-0500300"), "conn-0500300");
        assert_eq!(
            similar("conn-05003000"),
            "conn-0003000 conn-0500000 conn-0500300"
        );
        assert_eq!(similar("CONN-0500300"), "conn-0500300");
        assert_eq!(
            similar("conn-05003xy").split(' ').next(),
            Some("conn-0500300")
        );
        assert_eq!(similar("zzz"), "");
    }
}
