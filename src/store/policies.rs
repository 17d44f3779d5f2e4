//! The rules that a store demands of what it holds.

use rusqlite::{OptionalExtension, params};

use super::error::damaged;
use super::query::text;
use super::{Change, Result, Snapshot};
use crate::model::{ConnectorId, Policy};

impl Snapshot<'_> {
    /// Whether the policy is on.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn policy(&self, policy: Policy) -> Result<bool> {
        let sql = "SELECT value FROM policies WHERE name = ?1";
        let value: Option<String> = self
            .transaction
            .query_row(sql, [policy.as_str()], |row| row.get(0))
            .optional()?;
        Ok(value.as_deref() == Some("true"))
    }

    /// Groups of connectors that [`Policy::OnePerSystem`] would not allow beside each other, at
    /// most twenty.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn one_per_system_conflicts(&self) -> Result<Vec<Vec<ConnectorId>>> {
        let mut statement = self.transaction.prepare(
            r#"SELECT group_concat(id) FROM (SELECT * FROM connectors ORDER BY id)
               GROUP BY system, coalesce("group", ''), environment HAVING count(*) > 1
               ORDER BY min(id) LIMIT 20"#,
        )?;
        let mut rows = statement.query([])?;
        let mut conflicts = Vec::new();
        while let Some(row) = rows.next()? {
            // An id never holds a comma.
            let ids = text(row, 0)?.split(',');
            conflicts.push(
                ids.map(|id| id.parse().map_err(|error| damaged("the id", id, error)))
                    .collect::<Result<_>>()?,
            );
        }
        Ok(conflicts)
    }
}

impl Change<'_> {
    /// Turns a policy on or off. What is in the store must satisfy it already.
    ///
    /// # Errors
    /// When what is in the store does not satisfy it.
    pub fn set_policy(&self, policy: Policy, on: bool) -> Result<()> {
        self.transaction.execute(
            "INSERT INTO policies (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![policy.as_str(), on.to_string()],
        )?;
        match policy {
            // The index lets no writer break the rule, whatever program it is.
            Policy::OnePerSystem if on => self.transaction.execute_batch(
                r#"CREATE UNIQUE INDEX IF NOT EXISTS one_per_system
                   ON connectors (system, coalesce("group", ''), environment)"#,
            )?,
            Policy::OnePerSystem => self
                .transaction
                .execute_batch("DROP INDEX IF EXISTS one_per_system")?,
            Policy::RequireReason => {}
        }
        Ok(())
    }
}
