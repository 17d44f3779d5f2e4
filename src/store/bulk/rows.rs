//! Rows as a server is told of them, many at once.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::{Bulk, Write};
use crate::store::engine::{Error, Result, Value};

impl Bulk {
    /// A row as JSON, of the values of its columns.
    pub(in crate::store) fn row(&self, values: &[Value<'_>]) -> Result<String> {
        let names = self.columns().map(|column| column.trim_matches('"').into());
        let row: serde_json::Map<_, _> = names.zip(values.iter().map(json)).collect();
        serde_json::to_string(&row).map_err(|error| Error::Column(error.to_string()))
    }

    /// The statement that writes rows, given as a list in JSON, and finds the owner of each.
    pub(in crate::store) fn sql(&self) -> String {
        let Self {
            table,
            owner,
            columns,
            ..
        } = self;
        let rows = format!("json_populate_recordset(NULL::{table}, $1::JSON) AS new");
        let insert = format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM {rows}");
        match self.write {
            Write::Insert => format!("{insert} RETURNING {owner}"),
            Write::Put(same) => format!(
                "{insert} ON CONFLICT ({}) DO UPDATE SET {} RETURNING {owner}",
                same.join(", "),
                self.assignments(same, "excluded")
            ),
            Write::Update(same) => {
                let is_same = same
                    .iter()
                    .map(|column| format!("old.{column} = new.{column}"));
                format!(
                    "UPDATE {table} AS old SET {} FROM {rows} WHERE {} RETURNING old.{owner}",
                    self.assignments(same, "new"),
                    is_same.collect::<Vec<_>>().join(" AND ")
                )
            }
            Write::Delete => format!(
                "DELETE FROM {table} WHERE {owner} IN (SELECT {owner} FROM {rows}) RETURNING {owner}"
            ),
        }
    }

    /// The statement that finds an owner of what is left although it was to go, if anything was.
    pub(in crate::store) fn sql_of_left(&self) -> Option<String> {
        let Self { table, owner, .. } = self;
        (self.write == Write::Delete).then(|| {
            format!(
                "SELECT {owner} FROM {table} WHERE {owner} IN
                   (SELECT {owner} FROM json_populate_recordset(NULL::{table}, $1::JSON)) LIMIT 1"
            )
        })
    }

    /// The error for what belongs to this owner and was not written, or did not go.
    pub(in crate::store) fn not_written(&self, owner: &str) -> Error {
        Error::NotWritten(self.noun, owner.to_owned())
    }

    /// Checks that every row was written.
    ///
    /// # Errors
    /// When a trigger that somebody added has swallowed one: names its owner.
    pub(in crate::store) fn check(&self, rows: &[String], written: &[&str]) -> Result<()> {
        if written.len() == rows.len() || self.write == Write::Delete {
            return Ok(());
        }
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for owner in written {
            *counts.entry(owner).or_default() += 1;
        }
        for row in rows {
            let row: serde_json::Value = serde_json::from_str(row).unwrap_or_default();
            let owner = row[self.owner].as_str().unwrap_or_default();
            match counts.get_mut(owner) {
                Some(count) if *count > 0 => *count -= 1,
                _ => return Err(self.not_written(owner)),
            }
        }
        Ok(())
    }

    /// What the other columns are to be. An origin stays unless there is a new one.
    fn assignments(&self, same: &[&str], new: &str) -> String {
        let others = self.columns().filter(|column| !same.contains(column));
        let assigned = others.map(|column| match column {
            "origin" => format!("origin = coalesce({new}.origin, old.origin)"),
            column => format!("{column} = {new}.{column}"),
        });
        assigned.collect::<Vec<_>>().join(", ")
    }

    fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.columns.split(',').map(str::trim)
    }
}

/// A value as the server reads it for a column of its type.
fn json(value: &Value<'_>) -> serde_json::Value {
    match *value {
        Value::Null => serde_json::Value::Null,
        Value::Integer(number) => number.into(),
        Value::Text(text) => text.into(),
        Value::Blob(bytes) => {
            let mut digits = String::from("\\x");
            for byte in bytes {
                let _ = write!(digits, "{byte:02x}");
            }
            digits.into()
        }
    }
}
