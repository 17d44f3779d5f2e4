//! The guard: what may be deleted, and deleting it.

use std::collections::HashSet;

use super::engine::{OptionalExtension, Row, Statement};
use super::error::{kept, one_row, refused, refused_one};
use super::query::{parse, text};
use super::salvage::Fields;
use super::{Change, Error, Result, Snapshot, connectors, services};
use crate::model::{
    Cleared, ConnectorId, ConnectorSubject, Environment, Plan, ServiceId, ServiceKind,
    ServiceSubject, State, Subject, Time, Trial, Usage,
};

impl Snapshot<'_> {
    /// What the store knows of each of the connectors, in the order given.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn plan_connectors(&self, ids: Vec<ConnectorId>) -> Result<Plan<ConnectorSubject>> {
        let mut statement = self.transaction.prepare_cached(CONNECTOR_STATE)?;
        let state = |id: &ConnectorId| self.connector_state(&mut statement, id);
        let mut plan = self.in_order_of_ids(ids, CONNECTOR_STATE, state)?;
        self.name_uses(&mut plan)?;
        Ok(plan)
    }

    /// Names what uses the first connectors of a plan that are in use.
    pub(super) fn name_uses(&self, plan: &mut Plan<ConnectorSubject>) -> Result<()> {
        let in_use = plan.entries.iter_mut().filter_map(|entry| match entry {
            State::InUse(subject, usage) => Some((&subject.id, usage)),
            _ => None,
        });
        for (id, usage) in in_use.take(Usage::TOLD) {
            usage.references = self.first_references(id, Usage::NAMED)?;
        }
        Ok(())
    }

    /// What the store knows of each of the services, in the order given.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn plan_services(&self, ids: Vec<ServiceId>) -> Result<Plan<ServiceSubject>> {
        let mut statement = self.transaction.prepare_cached(SERVICE_STATE)?;
        self.in_order_of_ids(ids, SERVICE_STATE, |id| service_state(&mut statement, id))
    }

    /// What the store knows of a connector, and how much it is used. `statement` is
    /// [`CONNECTOR_STATE`].
    fn connector_state(
        &self,
        statement: &mut Statement<'_>,
        id: &ConnectorId,
    ) -> Result<State<ConnectorSubject>> {
        let mut rows = statement.query([id.as_str()])?;
        let Some(row) = rows.next()? else {
            return Ok(State::Missing(id.clone()));
        };
        let is_used: bool = row.get(0)?;
        let usage = is_used.then(|| self.counted_usage(id)).transpose()?;
        Ok(state_of(self.subject_from(row, id.clone())?, usage))
    }

    /// What a plan keeps of a connector: its name and its system are in columns 1 and 2 of the row,
    /// and [`SUBJECT`] begins in column 4. What cannot be read of it keeps neither it nor others from
    /// going.
    pub(super) fn subject_from(&self, row: Row<'_>, id: ConnectorId) -> Result<ConnectorSubject> {
        let mut fields = Fields::new(row);
        Ok(ConnectorSubject {
            name: fields.name(1),
            system: fields.label(2, "system"),
            // What may be live is live.
            environment: fields.one_of(4, "environment", Environment::from_name, Environment::Live),
            revision: fields.revision(5),
            protected: fields.flag(6, "protected", true),
            trial: self.trial(&mut fields, &id)?,
            id,
        })
    }

    /// The trial of a connector, which is in columns 7 and 8 of the row. What may be on one is.
    fn trial(&self, fields: &mut Fields<'_>, id: &ConnectorId) -> Result<Option<Box<Trial>>> {
        let since = match fields.optional(7, "retired_at") {
            Some(since) => since,
            None if fields.is_readable("retired_at") => return Ok(None),
            None => Time::EARLIEST,
        };
        Ok(Some(Box::new(Trial {
            until: fields.optional(8, "retired_until"),
            attempts: self.attempts(id, since)?,
        })))
    }
}

/// What a plan asks of a connector.
const CONNECTOR_STATE: &str = "SELECT CASE WHEN EXISTS (SELECT 1 FROM service_connectors
        WHERE connector_id = connectors.id) THEN 1 ELSE 0 END,
      name, system, NULL, environment, revision, protected, retired_at, retired_until
    FROM connectors WHERE id = ?1";

/// What a plan asks of a service.
const SERVICE_STATE: &str = "SELECT name, kind, active, revision,
      CASE WHEN EXISTS (SELECT 1 FROM service_connectors
        JOIN connectors ON connectors.id = service_connectors.connector_id
        WHERE service_id = services.id AND environment = 'live') THEN 1 ELSE 0 END
    FROM services WHERE id = ?1";

/// What the store knows of a service. `statement` is [`SERVICE_STATE`].
fn service_state(statement: &mut Statement<'_>, id: &ServiceId) -> Result<State<ServiceSubject>> {
    let mut rows = statement.query([id.as_str()])?;
    let Some(row) = rows.next()? else {
        return Ok(State::Missing(id.clone()));
    };
    let mut fields = Fields::new(row);
    Ok(State::Free(ServiceSubject {
        id: id.clone(),
        name: fields.name(0),
        kind: fields.one_of(1, "kind", ServiceKind::from_name, ServiceKind::Standard),
        active: fields.flag(2, "active", true),
        revision: fields.revision(3),
        live: row.get(4)?,
    }))
}

/// What a plan keeps of a connector beside its name and its system.
pub(super) const SUBJECT: &str = "environment, revision, protected, retired_at, retired_until";

/// What stands in the way of deleting a connector, if anything.
pub(super) fn state_of(subject: ConnectorSubject, usage: Option<Usage>) -> State<ConnectorSubject> {
    match usage {
        Some(usage) => State::InUse(subject, Box::new(usage)),
        None if subject.protected => State::Protected(subject),
        None => State::Free(subject),
    }
}

impl Snapshot<'_> {
    /// Looks each id up in the order of the ids, which for many of them is kinder to the cache than
    /// the order given. Of many, each is held in memory only once. `state` asks `sql`.
    fn in_order_of_ids<S: Subject>(
        &self,
        ids: Vec<S::Id>,
        sql: &str,
        mut state: impl FnMut(&S::Id) -> Result<State<S>>,
    ) -> Result<Plan<S>> {
        let mut entries: Vec<State<S>> = ids.into_iter().map(State::Missing).collect();
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by(|&one, &other| entries[one].id().cmp(entries[other].id()));
        for batch in order.chunks(BATCH) {
            let keys = batch.iter().map(|&index| [entries[index].id().as_ref()]);
            self.transaction.read_ahead(sql, keys)?;
            for &index in batch {
                entries[index] = state(entries[index].id())?;
            }
        }
        Ok(Plan { entries })
    }
}

/// How many rows a server is asked for or writes at once.
const BATCH: usize = 1_000;

impl Change<'_> {
    /// Deletes connectors with their secrets, each after `last_look` at what is still there: so many
    /// are read and deleted in one pass. After an error the change must not be committed.
    ///
    /// # Errors
    /// When a service refers to one of them, whatever was planned, or one is not there; those of
    /// `last_look`.
    pub fn delete_connectors<E: From<Error>>(
        &self,
        cleared: Cleared<'_>,
        mut last_look: impl FnMut(&ConnectorId) -> Result<(), E>,
    ) -> Result<(), E> {
        let ids = cleared.ids();
        self.look_past_the_index(ids)?;
        if self.transaction.is_on_server() {
            let read = &connectors::OF_A_RECORD[..];
            return self.delete_at_once(("connector", "connectors"), read, ids, last_look);
        }
        let mut delete = self.held("DELETE FROM connectors WHERE id = ?1")?;
        let mut left = self.held("SELECT 1 FROM connectors WHERE id = ?1")?;
        for id in ids {
            last_look(id)?;
            let mut delete = || {
                let before = self.transaction.total_changes();
                let deleted = delete.execute([id.as_str()]);
                let deleted = deleted.map_err(|error| refused(error, id))?;
                one_row(deleted, "connector", id.as_str())?;
                // Where more than the connector went, its secrets went with it.
                if self.transaction.total_changes() > before + 1 {
                    self.removes_secrets.set(true);
                }
                kept(!left.exists([id.as_str()])?, "connector", id.as_str())
            };
            delete()?;
        }
        Ok(())
    }

    /// Deletes services with their references, and no connector, each after `last_look` at what is
    /// still there. After an error the change must not be committed.
    ///
    /// # Errors
    /// When one is not there; those of `last_look`.
    pub fn delete_services<E: From<Error>>(
        &self,
        ids: &[ServiceId],
        mut last_look: impl FnMut(&ServiceId) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.transaction.is_on_server() {
            let read = &services::OF_A_RECORD[..];
            return self.delete_at_once(("service", "services"), read, ids, last_look);
        }
        let mut delete = self.held("DELETE FROM services WHERE id = ?1")?;
        let mut left = self.held("SELECT 1 FROM services WHERE id = ?1")?;
        for id in ids {
            last_look(id)?;
            let deleted = delete.execute([id.as_str()]).map_err(Error::from)?;
            one_row(deleted, "service", id.as_str())?;
            let is_left = left.exists([id.as_str()]).map_err(Error::from)?;
            kept(!is_left, "service", id.as_str())?;
        }
        Ok(())
    }

    /// Has a server delete many rows at once, each after `last_look`, which asks the statements in
    /// `read`: they are asked ahead.
    fn delete_at_once<I: AsRef<str>, E: From<Error>>(
        &self,
        (noun, table): (&'static str, &str),
        read: &[String],
        ids: &[I],
        mut last_look: impl FnMut(&I) -> Result<(), E>,
    ) -> Result<(), E> {
        let these = "WHERE id IN (SELECT json_array_elements_text(?1::JSON))";
        let mut delete = self.held(&format!("DELETE FROM {table} {these}"))?;
        let mut left = self.held(&format!("SELECT id FROM {table} {these} LIMIT 1"))?;
        for batch in ids.chunks(BATCH) {
            let keys: Vec<&str> = batch.iter().map(AsRef::as_ref).collect();
            self.ask_ahead(read, &keys)?;
            batch.iter().try_for_each(&mut last_look)?;
            let json = serde_json::to_string(&keys);
            let json = json.map_err(|error| Error::Engine(error.into()))?;
            let deleted = delete.execute([json.as_str()]).map_err(refused_one)?;
            let left = left.query_row([json.as_str()], |row| row.get::<String>(0));
            if let Some(id) = left.optional().map_err(Error::from)? {
                kept(false, noun, &id)?;
            }
            kept(deleted == keys.len(), noun, keys[0])?;
        }
        Ok(())
    }

    fn ask_ahead(&self, statements: &[String], keys: &[&str]) -> Result<()> {
        for sql in statements {
            let keys = keys.iter().map(|key| [*key]);
            self.transaction.read_ahead(sql, keys)?;
        }
        Ok(())
    }

    fn held(&self, sql: &str) -> Result<Statement<'_>> {
        Ok(self.transaction.prepare_cached(sql)?)
    }

    /// Looks for references to the connectors in the table itself: what the guard and the foreign
    /// key know of references they read from an index, which may be damaged.
    fn look_past_the_index(&self, ids: &[ConnectorId]) -> Result<()> {
        let (Some(first), Some(last)) = (ids.iter().min(), ids.iter().max()) else {
            return Ok(());
        };
        let wanted: HashSet<&str> = ids.iter().map(ConnectorId::as_str).collect();
        let mut statement = if self.transaction.is_on_server() {
            // There the sign means nothing for a text.
            self.held(&PAST_THE_INDEX.replace("+connector_id", "connector_id || ''"))?
        } else {
            self.held(PAST_THE_INDEX)?
        };
        let mut rows = statement.query([first.as_str(), last.as_str()])?;
        while let Some(row) = rows.next()? {
            let connector = text(row, 0)?;
            if wanted.contains(connector) {
                let id = parse(row, 0, "the id", connector)?;
                let mut state = self.transaction.prepare_cached(CONNECTOR_STATE)?;
                return Err(match self.connector_state(&mut state, &id)? {
                    State::InUse(..) => Error::InUse(id),
                    _ => Error::UnseenReference {
                        connector: id,
                        service: text(row, 1)?.to_owned(),
                    },
                });
            }
        }
        Ok(())
    }
}

/// Every reference to connectors between two ids, read from the table. The order is that of the
/// table and not of the index, which has all columns too and would be read otherwise.
const PAST_THE_INDEX: &str = "SELECT connector_id, service_id FROM service_connectors
    WHERE +connector_id BETWEEN ?1 AND ?2 ORDER BY service_id, role, connector_id";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn the_second_look_reads_the_table() {
        let store = Store::in_memory().unwrap();
        let snapshot = store.read().unwrap();
        let sql = format!("EXPLAIN QUERY PLAN {PAST_THE_INDEX}");
        let plan: String = snapshot
            .transaction
            .query_row(&sql, ["a", "b"], |row| row.get(3))
            .unwrap();
        assert_eq!(plan, "SCAN service_connectors");
    }
}
