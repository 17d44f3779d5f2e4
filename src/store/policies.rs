//! The rules that a store demands of what it holds.

use super::engine::{OptionalExtension, params};
use super::error::{damaged, one_row};
use super::query::{parse, text};
use super::{Change, Error, Result, Snapshot};
use crate::model::{Connector, ConnectorId, Label, Policy};

/// Lets no writer break [`Policy::OnePerSystem`], whatever program it is.
///
/// With the index, `OR REPLACE` of some program takes away a row of another id, without asking the
/// trigger on deletions. Where that one is protected, it is refused.
pub(super) const ONE_PER_SYSTEM: &str = r#"CREATE UNIQUE INDEX IF NOT EXISTS one_per_system
    ON connectors (system, coalesce("group", ''), environment);

CREATE TRIGGER IF NOT EXISTS protected_connectors_give_no_way BEFORE INSERT ON connectors
WHEN EXISTS (SELECT 1 FROM connectors
    WHERE system = NEW.system AND coalesce("group", '') = coalesce(NEW."group", '')
        AND environment = NEW.environment AND id <> NEW.id AND protected <> 0)
BEGIN
    SELECT RAISE(ABORT, 'the connector is protected');
END;

CREATE TRIGGER IF NOT EXISTS protected_connectors_make_no_room
BEFORE UPDATE OF system, "group", environment ON connectors
WHEN EXISTS (SELECT 1 FROM connectors
    WHERE system = NEW.system AND coalesce("group", '') = coalesce(NEW."group", '')
        AND environment = NEW.environment AND id <> OLD.id AND protected <> 0)
BEGIN
    SELECT RAISE(ABORT, 'the connector is protected');
END"#;

const SEVERAL_PER_SYSTEM: &str = "DROP TRIGGER IF EXISTS protected_connectors_give_no_way;
    DROP TRIGGER IF EXISTS protected_connectors_make_no_room;
    DROP INDEX IF EXISTS one_per_system";

impl Snapshot<'_> {
    /// Whether the policy is on.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn policy(&self, policy: Policy) -> Result<bool> {
        let sql = "SELECT value FROM policies WHERE name = ?1";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let value: Option<String> = statement
            .query_row([policy.as_str()], |row| row.get(0))
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
            r#"SELECT crowded.first, connectors.id
               FROM (SELECT min(id) AS first, system, coalesce("group", '') AS "group", environment
                 FROM connectors GROUP BY system, coalesce("group", ''), environment
                 HAVING count(*) > 1 ORDER BY min(id) LIMIT 20) AS crowded
               JOIN connectors ON connectors.system = crowded.system
                 AND coalesce(connectors."group", '') = crowded."group"
                 AND connectors.environment = crowded.environment
               ORDER BY crowded.first, connectors.id"#,
        )?;
        let mut rows = statement.query([])?;
        let mut conflicts: Vec<Vec<ConnectorId>> = Vec::new();
        while let Some(row) = rows.next()? {
            let id = parse(row, 1, "the id", text(row, 0)?)?;
            match conflicts.last_mut() {
                Some(last) if last[0].as_str() == text(row, 0)? => last.push(id),
                _ => conflicts.push(vec![id]),
            }
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
        let value = if on { "true" } else { "false" };
        let parameters = [policy.as_str(), value];
        self.keeps_one_per_system.set(None);
        if self.transaction.is_on_server() {
            self.write_entries()?;
            // No index is made or taken away while a cursor is there.
            self.transaction.execute_batch("CLOSE ALL")?;
            let sql = "SELECT set_policy(?1, ?2)";
            return Ok(self.transaction.call(sql, parameters, |_| Ok(()))?);
        }
        let written = self.transaction.execute(
            "INSERT INTO policies (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            parameters,
        )?;
        one_row(written, "policy", policy.as_str())?;
        match policy {
            Policy::OnePerSystem if on => self.keep_one_per_system(),
            Policy::OnePerSystem => self.allow_several_per_system(),
            Policy::RequireReason => Ok(()),
        }
    }

    /// Lets what the change comes to, and not each step of it, satisfy the policies.
    pub fn defer_policies(&self) {
        self.defers_policies.set(true);
    }

    /// Sees to it that a policy does not stand in the way of writing the connector.
    ///
    /// # Errors
    /// When the policy does not allow it.
    pub(super) fn make_room(&self, connector: &Connector) -> Result<()> {
        if self.index_is_aside.get() {
            return Ok(());
        }
        let is_on = match self.keeps_one_per_system.get() {
            Some(is_on) => is_on,
            None => self.policy(Policy::OnePerSystem)?,
        };
        self.keeps_one_per_system.set(Some(is_on));
        if !is_on {
            return Ok(());
        }
        let sql = r#"SELECT id FROM connectors
                     WHERE system = ?1 AND coalesce("group", '') = ?2 AND environment = ?3
                       AND id <> ?4
                     ORDER BY id LIMIT 1"#;
        let other: Option<String> = self
            .transaction
            .prepare_cached(sql)?
            .query_row(
                params![
                    connector.system.as_str(),
                    connector.group.as_ref().map_or("", Label::as_str),
                    connector.environment.as_str(),
                    connector.id.as_str(),
                ],
                |row| row.get(0),
            )
            .optional()?;
        let Some(other) = other else { return Ok(()) };
        if !self.defers_policies.get() {
            return Err(Error::Policy {
                policy: Policy::OnePerSystem,
                other: other
                    .parse()
                    .map_err(|error| damaged("the id", &other, error))?,
                environment: connector.environment,
            });
        }
        self.allow_several_per_system()?;
        self.index_is_aside.set(true);
        Ok(())
    }

    /// Checks what the change came to, where a policy had to step aside on the way.
    ///
    /// # Errors
    /// When a policy does not allow it.
    pub(super) fn settle_policies(&self) -> Result<()> {
        if !self.index_is_aside.replace(false) {
            return Ok(());
        }
        if let Some([one, other, ..]) = self.one_per_system_conflicts()?.first().map(Vec::as_slice)
        {
            return Err(Error::Crowded {
                policy: Policy::OnePerSystem,
                one: one.clone(),
                other: other.clone(),
            });
        }
        self.keep_one_per_system()
    }

    fn keep_one_per_system(&self) -> Result<()> {
        // There a trigger of the policy looks at the end of the change only.
        if self.transaction.is_on_server() {
            return Ok(());
        }
        Ok(self.transaction.execute_batch(ONE_PER_SYSTEM)?)
    }

    fn allow_several_per_system(&self) -> Result<()> {
        if self.transaction.is_on_server() {
            return Ok(());
        }
        Ok(self.transaction.execute_batch(SEVERAL_PER_SYSTEM)?)
    }
}
