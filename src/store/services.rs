//! Services and their references in the store.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Row, params, params_from_iter};

use super::cursor::Beside;
use super::error::{damaged, in_record, one_row, refused};
use super::query::{Conditions, optional_text, parse, parse_optional, text};
use super::{Change, Error, Result, Snapshot};
use crate::model::{
    ConnectorId, Label, Revision, Role, Search, Service, ServiceFilter, ServiceId, ServiceKind,
    ServiceSummary,
};

const COLUMNS: &str = "id, name, kind, active, schedule, note, created_at, updated_at, revision,
    origin";

/// Every reference in the order of the services' ids.
const REFERENCES: &str = "SELECT service_id, role, connector_id FROM service_connectors
    ORDER BY service_id, role, connector_id";

impl Snapshot<'_> {
    /// Whether there is any service.
    pub fn has_services(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM services)";
        Ok(self.transaction.query_row(sql, [], |row| row.get(0))?)
    }

    /// The service of this id, if there is one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn service(&self, id: &ServiceId) -> Result<Option<Service>> {
        let sql = format!("SELECT {COLUMNS} FROM services WHERE id = ?1");
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let Some(mut service) = statement
            .query_row([id.as_str()], |row| Ok(service_from(row)))
            .optional()?
            .transpose()?
        else {
            return Ok(None);
        };
        let mut statement = self.transaction.prepare_cached(
            "SELECT role, connector_id FROM service_connectors WHERE service_id = ?1",
        )?;
        let mut rows = statement.query([id.as_str()])?;
        while let Some(row) = rows.next()? {
            let in_record = |error| in_record("service", id.as_str(), error);
            let connector = parse(row, 1, "a reference", id.as_str()).map_err(in_record)?;
            match role_from(row, 0).map_err(in_record)? {
                Role::Source => service.sources.insert(connector),
                Role::Destination => service.destinations.insert(connector),
            };
        }
        Ok(Some(service))
    }

    /// Every service with all that is known of it, by id.
    ///
    /// # Errors
    /// When the store cannot be read, or `visit` fails.
    pub fn each_service<E: From<Error>>(
        &self,
        mut visit: impl FnMut(Service) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!("SELECT {COLUMNS} FROM services ORDER BY id");
        let mut statement = self.transaction.prepare(&sql).map_err(Error::from)?;
        let mut rows = statement.query([]).map_err(Error::from)?;
        let mut walking = self.transaction.prepare(REFERENCES).map_err(Error::from)?;
        let mut beside = Beside::new(&mut walking)?;
        let mut connectors = Connectors::default();
        while let Some(row) = rows.next().map_err(Error::from)? {
            let mut service = service_from(row)?;
            let id = service.id.as_str();
            connectors.read(&mut beside, id)?;
            service.sources = parsed(&connectors.sources, id)?;
            service.destinations = parsed(&connectors.destinations, id)?;
            visit(service)?;
        }
        Ok(())
    }

    /// The services that the filter selects, by id.
    ///
    /// # Errors
    /// When the store cannot be read, or `visit` fails.
    pub fn each_service_summary<E: From<Error>>(
        &self,
        filter: &ServiceFilter,
        mut visit: impl FnMut(&ServiceSummary<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut conditions = Conditions::default();
        conditions.equal("kind", filter.kind.map(ServiceKind::as_str));
        if let Some(active) = filter.active {
            conditions.add("active = ?", active);
        }
        if let Some(connector) = &filter.uses {
            conditions.add(
                "id IN (SELECT service_id FROM service_connectors WHERE connector_id = ?)",
                connector.as_str().to_owned(),
            );
        }
        let sql = format!(
            "SELECT id, name, kind, active, schedule, updated_at FROM services{} ORDER BY id",
            conditions.sql()
        );
        let mut statement = self.transaction.prepare(&sql).map_err(Error::from)?;
        let mut rows = statement
            .query(params_from_iter(&conditions.values))
            .map_err(Error::from)?;
        let mut walking = self.transaction.prepare(REFERENCES).map_err(Error::from)?;
        let mut beside = Beside::new(&mut walking)?;
        let mut connectors = Connectors::default();
        while let Some(row) = rows.next().map_err(Error::from)? {
            let (id, name) = (text(row, 0)?, text(row, 1)?);
            let found = |search: &Search| search.is_in(id) || search.is_in(name);
            if !filter.search.as_ref().is_none_or(found) {
                continue;
            }
            connectors.read(&mut beside, id)?;
            visit(&ServiceSummary {
                id,
                name,
                kind: text(row, 2)?,
                active: row.get(3).map_err(Error::from)?,
                schedule: optional_text(row, 4)?,
                sources: &connectors.sources,
                destinations: &connectors.destinations,
                updated_at: text(row, 5)?,
            })?;
        }
        Ok(())
    }

    /// Ids of services that look like `id`, the nearest first, at most three.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn similar_services(&self, id: &ServiceId) -> Result<Vec<String>> {
        self.similar("services", id.as_str())
    }
}

impl Change<'_> {
    /// Lets references point to connectors that do not exist yet, until the commit.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn defer_references(&self) -> Result<()> {
        Ok(self
            .transaction
            .pragma_update(None, "defer_foreign_keys", true)?)
    }

    /// Adds a service and its references. The connectors must exist, at the latest when the change
    /// is committed if references were deferred.
    ///
    /// # Errors
    /// When the id is taken.
    pub fn insert_service(&self, service: &Service) -> Result<()> {
        let sql = format!(
            "INSERT INTO services ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (id) DO NOTHING"
        );
        if self.put_service(&sql, service)? == 0 {
            return Err(Error::ServiceExists(service.id.clone()));
        }
        self.insert_references(service)
    }

    /// Replaces what is kept of the service with this id, and its references. An origin stays unless
    /// there is a new one.
    ///
    /// # Errors
    /// When the store fails.
    pub fn update_service(&self, service: &Service) -> Result<()> {
        let updated = self.put_service(
            "UPDATE services SET name = ?2, kind = ?3, active = ?4, schedule = ?5, note = ?6,
               created_at = ?7, updated_at = ?8, revision = ?9,
               origin = coalesce(?10, origin)
             WHERE id = ?1",
            service,
        )?;
        one_row(updated, "service", service.id.as_str())?;
        let sql = "DELETE FROM service_connectors WHERE service_id = ?1";
        self.transaction
            .prepare_cached(sql)?
            .execute([service.id.as_str()])?;
        self.insert_references(service)
    }

    /// How many rows the statement wrote.
    fn put_service(&self, sql: &str, service: &Service) -> Result<usize> {
        Ok(self.transaction.prepare_cached(sql)?.execute(params![
            service.id.as_str(),
            service.name.as_str(),
            service.kind.as_str(),
            service.active,
            service.schedule,
            service.note,
            service.created_at.to_string(),
            service.updated_at.to_string(),
            service.revision.as_bytes(),
            service.origin.as_ref().map(Label::as_str),
        ])?)
    }

    fn insert_references(&self, service: &Service) -> Result<()> {
        let mut statement = self.transaction.prepare_cached(
            "INSERT INTO service_connectors (service_id, role, connector_id) VALUES (?1, ?2, ?3)",
        )?;
        for (role, connector) in service.connectors() {
            statement
                .execute([service.id.as_str(), role.as_str(), connector.as_str()])
                .map_err(|error| refused(error, connector))?;
        }
        Ok(())
    }
}

/// The connectors of one service, as a walk beside the services finds them.
#[derive(Default)]
struct Connectors {
    sources: Vec<String>,
    destinations: Vec<String>,
}

impl Connectors {
    /// Moves on to the service. The ids asked for must ascend.
    fn read(&mut self, beside: &mut Beside<'_>, id: &str) -> Result<()> {
        self.sources.clear();
        self.destinations.clear();
        beside.of(id, |row| {
            let connector = text(row, 2)?.to_owned();
            match role_from(row, 1)? {
                Role::Source => self.sources.push(connector),
                Role::Destination => self.destinations.push(connector),
            }
            Ok(())
        })
    }
}

fn parsed(connectors: &[String], id: &str) -> Result<BTreeSet<ConnectorId>> {
    connectors
        .iter()
        .map(|connector| {
            connector
                .parse()
                .map_err(|error| damaged("a reference", id, error))
        })
        .collect()
}

fn role_from(row: &Row<'_>, column: usize) -> Result<Role> {
    let name = text(row, column)?;
    Role::from_name(name).ok_or_else(|| damaged("the role", name, "unknown"))
}

fn service_from(row: &Row<'_>) -> Result<Service> {
    let id = text(row, 0)?;
    fields_from(row, id).map_err(|error| in_record("service", id, error))
}

fn fields_from(row: &Row<'_>, id: &str) -> Result<Service> {
    Ok(Service {
        id: parse(row, 0, "the id", id)?,
        name: parse(row, 1, "the name", id)?,
        kind: ServiceKind::from_name(text(row, 2)?)
            .ok_or_else(|| damaged("the kind", id, "unknown"))?,
        active: row.get(3)?,
        schedule: optional_text(row, 4)?.map(str::to_owned),
        note: optional_text(row, 5)?.map(str::to_owned),
        sources: BTreeSet::new(),
        destinations: BTreeSet::new(),
        created_at: parse(row, 6, "created_at", id)?,
        updated_at: parse(row, 7, "updated_at", id)?,
        revision: Revision::from_bytes(row.get(8)?),
        origin: parse_optional(row, 9, "the origin", id)?,
    })
}
