//! What a store must hold together.

use super::engine::Session;
#[cfg(feature = "postgres")]
use super::postgres;
use super::query::text;
use super::{Error, Result, Snapshot, sqlite};
use crate::model::{Connector, Policy};

/// What no change of connctl leads to, each with the statement that finds it, at most ten of a kind.
const CONTRADICTIONS: [(&str, &str); 5] = [
    (
        "on trial and in use",
        "SELECT id FROM connectors WHERE retired_at IS NOT NULL
           AND EXISTS (SELECT 1 FROM service_connectors WHERE connector_id = id)
         ORDER BY id LIMIT 10",
    ),
    (
        "on trial without a beginning or an end",
        "SELECT id FROM connectors WHERE (retired_at IS NULL) <> (retired_until IS NULL)
         ORDER BY id LIMIT 10",
    ),
    (
        "a policy that is neither true nor false",
        "SELECT name FROM policies WHERE value NOT IN ('true', 'false') ORDER BY name LIMIT 10",
    ),
    (
        "mentioned in audit entries that are gone",
        "SELECT DISTINCT id FROM audit_mentions
         WHERE NOT EXISTS (SELECT 1 FROM audit WHERE audit.sequence = audit_mentions.sequence)
         ORDER BY id LIMIT 10",
    ),
    (
        "not one state of the store, but",
        "SELECT CAST(count(*) AS TEXT) FROM store_state HAVING count(*) <> 1",
    ),
];

impl Snapshot<'_> {
    /// What the engine finds wrong with the structure of the file, at most ten things. A server looks
    /// after its files by itself.
    ///
    /// # Errors
    /// When the store cannot be read at all.
    pub fn structure_problems(&self) -> Result<Vec<String>> {
        match &*self.transaction {
            Session::Sqlite(_) => sqlite::check::structure_problems(&self.transaction),
            #[cfg(feature = "postgres")]
            Session::Server(_) => Ok(Vec::new()),
        }
    }

    /// How many references, secrets and the like point to nothing.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn dangling(&self) -> Result<usize> {
        match &*self.transaction {
            Session::Sqlite(_) => sqlite::check::dangling(&self.transaction),
            #[cfg(feature = "postgres")]
            Session::Server(_) => postgres::check::dangling(&self.transaction),
        }
    }

    /// How the tables, indexes and triggers differ from those of a new store: what is missing, what
    /// was changed, and what no connctl made. On a server also who may do what nobody is to.
    pub fn schema_problems(&self) -> Result<Vec<String>> {
        match &*self.transaction {
            Session::Sqlite(_) => sqlite::schema::problems(self),
            #[cfg(feature = "postgres")]
            Session::Server(_) => postgres::check::problems(&self.transaction),
        }
    }

    /// Services without any connector, by id, at most ten.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn incomplete_services(&self) -> Result<Vec<String>> {
        self.texts(
            "SELECT id FROM services
             WHERE NOT EXISTS (SELECT 1 FROM service_connectors WHERE service_id = id)
             ORDER BY id LIMIT 10",
        )
    }

    /// What contradicts itself beside the references: rules that the store has of its rows.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn contradictions(&self) -> Result<Vec<String>> {
        let mut problems = Vec::new();
        let mut add = |what: &str, ids: Vec<String>| {
            if !ids.is_empty() {
                problems.push(format!("{what}: {}", ids.join(", ")));
            }
        };
        for (what, sql) in CONTRADICTIONS {
            add(what, self.texts(sql)?);
        }
        let mut policies = self.texts("SELECT name FROM policies ORDER BY name")?;
        policies.retain(|name| Policy::from_name(name).is_none());
        add("no policy that this connctl knows", policies);
        Ok(problems)
    }

    /// Whether anybody is an admin, beside the user who owns the machine.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn has_admin(&self) -> Result<bool> {
        let sql = "SELECT 1 FROM grants WHERE role = 'admin'";
        Ok(self.transaction.prepare(sql)?.exists([])?)
    }

    fn texts(&self, sql: &str) -> Result<Vec<String>> {
        let mut statement = self.transaction.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut texts = Vec::new();
        while let Some(row) = rows.next()? {
            texts.push(text(row, 0)?.to_owned());
        }
        Ok(texts)
    }

    /// Reads every connector and service, and thereby finds values that no connctl wrote. `look` sees
    /// each connector.
    ///
    /// # Errors
    /// The first such value, or when the store cannot be read.
    pub fn read_everything(&self, mut look: impl FnMut(&Connector)) -> Result<()> {
        self.each_connector(|connector| {
            look(&connector);
            Ok::<_, Error>(())
        })?;
        self.each_service(|_| Ok::<_, Error>(()))
    }
}
