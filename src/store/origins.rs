//! What mirrors brought.

use super::query::{parse, text};
use super::{Error, Result, Snapshot};
use crate::model::{ConnectorId, Label, ServiceId};

impl Snapshot<'_> {
    /// How many connectors and how many services a mirror brought.
    pub fn count_of_origin(&self, origin: &Label) -> Result<(usize, usize)> {
        let count = |table| {
            let sql = format!("SELECT count(*) FROM {table} WHERE origin = ?1");
            let mut statement = self.transaction.prepare_cached(&sql)?;
            let count: i64 = statement.query_row([origin.as_str()], |row| row.get(0))?;
            usize::try_from(count).map_err(|error| Error::Engine(error.into()))
        };
        Ok((count("connectors")?, count("services")?))
    }

    /// Those of the connectors that a mirror brought that `wanted` is true of, by id.
    pub fn connectors_of_origin(
        &self,
        origin: &Label,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<ConnectorId>> {
        self.of_origin("connectors", origin, wanted)
    }

    /// Those of the services that a mirror brought that `wanted` is true of, by id.
    pub fn services_of_origin(
        &self,
        origin: &Label,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<ServiceId>> {
        self.of_origin("services", origin, wanted)
    }

    fn of_origin<I>(
        &self,
        table: &str,
        origin: &Label,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<I>>
    where
        I: std::str::FromStr<Err: std::fmt::Display>,
    {
        let sql = format!("SELECT id FROM {table} WHERE origin = ?1 ORDER BY id");
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let mut rows = statement.query([origin.as_str()])?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            let id = text(row, 0)?;
            if wanted(id) {
                ids.push(parse(row, 0, "the id", id)?);
            }
        }
        Ok(ids)
    }
}
