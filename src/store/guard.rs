//! The guard: what may be deleted, and deleting it.

use rusqlite::ffi;

use super::error::damaged;
use super::query::{parse, text};
use super::{Change, Error, Result, Snapshot};
use crate::model::{
    ConnectorId, ConnectorSubject, Environment, Plan, Revision, ServiceId, ServiceKind,
    ServiceSubject, State, Subject,
};

impl Snapshot<'_> {
    /// What the store knows of each of the connectors, in the order given.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn plan_connectors(&self, ids: Vec<ConnectorId>) -> Result<Plan<ConnectorSubject>> {
        in_order_of_ids(ids, |id| self.connector_state(id))
    }

    /// What the store knows of each of the services, in the order given.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn plan_services(&self, ids: Vec<ServiceId>) -> Result<Plan<ServiceSubject>> {
        in_order_of_ids(ids, |id| self.service_state(id))
    }

    fn connector_state(&self, id: &ConnectorId) -> Result<State<ConnectorSubject>> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT name, system, environment, revision,
               EXISTS (SELECT 1 FROM service_connectors WHERE connector_id = connectors.id)
             FROM connectors WHERE id = ?1",
        )?;
        let mut rows = statement.query([id.as_str()])?;
        let Some(row) = rows.next()? else {
            return Ok(State::Missing(id.clone()));
        };
        let subject = ConnectorSubject {
            id: id.clone(),
            name: parse(row, 0, "the name", id.as_str())?,
            system: parse(row, 1, "the system", id.as_str())?,
            environment: Environment::from_name(text(row, 2)?)
                .ok_or_else(|| damaged("the environment", id.as_str(), "unknown"))?,
            revision: Revision::from_bytes(row.get(3)?),
        };
        Ok(if row.get(4)? {
            State::InUse(subject, self.references(id)?)
        } else {
            State::Free(subject)
        })
    }

    fn service_state(&self, id: &ServiceId) -> Result<State<ServiceSubject>> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT name, kind, active, revision,
               EXISTS (SELECT 1 FROM service_connectors
                 JOIN connectors ON connectors.id = service_connectors.connector_id
                 WHERE service_id = services.id AND environment = 'live')
             FROM services WHERE id = ?1",
        )?;
        let mut rows = statement.query([id.as_str()])?;
        let Some(row) = rows.next()? else {
            return Ok(State::Missing(id.clone()));
        };
        Ok(State::Free(ServiceSubject {
            id: id.clone(),
            name: parse(row, 0, "the name", id.as_str())?,
            kind: ServiceKind::from_name(text(row, 1)?)
                .ok_or_else(|| damaged("the kind", id.as_str(), "unknown"))?,
            active: row.get(2)?,
            revision: Revision::from_bytes(row.get(3)?),
            live: row.get(4)?,
        }))
    }
}

/// Looks each id up in the order of the ids, which for many of them is kinder to the cache than
/// the order given. Of many, each is held in memory only once.
fn in_order_of_ids<S: Subject>(
    ids: Vec<S::Id>,
    state: impl Fn(&S::Id) -> Result<State<S>>,
) -> Result<Plan<S>> {
    let mut entries: Vec<State<S>> = ids.into_iter().map(State::Missing).collect();
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by(|&one, &other| entries[one].id().cmp(entries[other].id()));
    for index in order {
        entries[index] = state(entries[index].id())?;
    }
    Ok(Plan { entries })
}

impl Change<'_> {
    /// Deletes a connector with its secrets.
    ///
    /// # Errors
    /// When a service refers to it, whatever was planned.
    pub fn delete_connector(&self, id: &ConnectorId) -> Result<()> {
        let before = self.transaction.total_changes();
        let sql = "DELETE FROM connectors WHERE id = ?1";
        match self.transaction.prepare_cached(sql)?.execute([id.as_str()]) {
            Ok(deleted) => {
                // Its secrets go with it, and only they count beside it.
                let changes = self.transaction.total_changes() - before;
                let removes_secrets = changes > deleted as u64;
                self.removes_secrets
                    .set(self.removes_secrets.get() || removes_secrets);
                Ok(())
            }
            Err(error) => match error.sqlite_error().map(|error| error.extended_code) {
                Some(ffi::SQLITE_CONSTRAINT_FOREIGNKEY | ffi::SQLITE_CONSTRAINT_TRIGGER) => {
                    Err(Error::InUse(id.clone()))
                }
                _ => Err(error.into()),
            },
        }
    }

    /// Deletes a service with its references, and no connector.
    ///
    /// # Errors
    /// When the store fails.
    pub fn delete_service(&self, id: &ServiceId) -> Result<()> {
        let sql = "DELETE FROM services WHERE id = ?1";
        self.transaction
            .prepare_cached(sql)?
            .execute([id.as_str()])?;
        Ok(())
    }
}
