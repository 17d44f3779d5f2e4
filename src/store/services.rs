//! Services and their references in the store.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::LazyLock;

use super::bulk::Bulk;
use super::cursor::{Belongings, Beside, Share};
use super::engine::{Row, params};
use super::error::{damaged, kept, one_row, refused};
use super::query::{Conditions, parse, shown, shown_if_any, text};
use super::salvage::{Fields, Salvaged};
use super::{Change, Error, Result, Snapshot};
use crate::model::{
    ConnectorId, Label, Role, Search, Service, ServiceFilter, ServiceId, ServiceKind,
    ServiceSummary,
};

/// What is kept of a service but for its references.
pub(super) const COLUMNS: &str = "id, name, kind, active, schedule, note, created_at, updated_at,
    revision, origin";

/// What a reference is.
pub(super) const REFERENCE_COLUMNS: &str = "service_id, role, connector_id";

/// Asks whether there is a service of this id.
pub(super) const EXISTS: &str = "SELECT 1 FROM services WHERE id = ?1";

/// Asks which connectors a service refers to that do not exist.
const DANGLING: &str = "SELECT DISTINCT connector_id FROM service_connectors WHERE service_id = ?1
       AND NOT EXISTS (SELECT 1 FROM connectors WHERE connectors.id = service_connectors.connector_id)
     ORDER BY connector_id";

const REFERENCES: Belongings = Belongings {
    select: "SELECT service_id, role, connector_id FROM service_connectors",
    owner: "service_id",
    order: "role, connector_id",
};

/// What is asked for a service, by its id: its columns, and its references.
pub(super) static OF_A_RECORD: LazyLock<[String; 2]> = LazyLock::new(|| {
    [
        format!("SELECT {COLUMNS} FROM services WHERE id = ?1"),
        "SELECT role, connector_id FROM service_connectors WHERE service_id = ?1".to_owned(),
    ]
});

impl Snapshot<'_> {
    /// Whether there is any service.
    pub fn has_services(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM services)";
        Ok(self.transaction.query_row(sql, [], |row| row.get(0))?)
    }

    /// Whether there is a service of this id.
    pub fn has_service(&self, id: &ServiceId) -> Result<bool> {
        let mut statement = self.transaction.prepare_cached(EXISTS)?;
        Ok(statement.exists([id.as_str()])?)
    }

    /// The service of this id, if there is one.
    ///
    /// # Errors
    /// When the store, or something of the service, cannot be read.
    pub fn service(&self, id: &ServiceId) -> Result<Option<Service>> {
        let salvaged = self.salvaged_service(id)?;
        salvaged.map(Salvaged::whole).transpose()
    }

    /// The service of this id, if there is one, as far as it can be read.
    pub fn salvaged_service(&self, id: &ServiceId) -> Result<Option<Salvaged<Service>>> {
        let [columns, references] = &*OF_A_RECORD;
        let mut statement = self.transaction.prepare_cached(columns)?;
        let mut rows = statement.query([id.as_str()])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let mut salvaged = service_from(row, id.clone());
        let mut statement = self.transaction.prepare_cached(references)?;
        let mut rows = statement.query([id.as_str()])?;
        while let Some(row) = rows.next()? {
            let mut fields = Fields::new(row);
            let role = fields.one_of(0, "references", Role::from_name, Role::Source);
            let connector: Option<ConnectorId> = fields.optional(1, "references");
            let service = &mut salvaged.record;
            match role {
                Role::Source => service.sources.extend(connector),
                Role::Destination => service.destinations.extend(connector),
            }
            salvaged.damage.extend(fields.into_damage());
        }
        Ok(Some(salvaged))
    }

    /// The connectors that each of the services refers to and that do not exist.
    pub fn missing_connectors_of(&self, services: &[&ServiceId]) -> Result<Vec<Vec<ConnectorId>>> {
        let ids = services.iter().map(|id| [id.as_str()]);
        self.transaction.read_ahead(DANGLING, ids)?;
        let mut statement = self.transaction.prepare_cached(DANGLING)?;
        let missing = services.iter().map(|id| {
            let mut rows = statement.query([id.as_str()])?;
            let mut missing = Vec::new();
            while let Some(row) = rows.next()? {
                missing.push(parse(row, 0, "a reference of service", id.as_str())?);
            }
            Ok(missing)
        });
        missing.collect()
    }

    /// The ids of the connectors that a service refers to, until `visit` breaks off; nobody checked
    /// them, and one in both roles comes twice.
    pub fn each_connector_of(
        &self,
        id: &ServiceId,
        mut visit: impl FnMut(&str) -> ControlFlow<()>,
    ) -> Result<()> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT connector_id FROM service_connectors WHERE service_id = ?1
             ORDER BY role DESC, connector_id",
        )?;
        let mut rows = statement.query([id.as_str()])?;
        while let Some(row) = rows.next()? {
            if visit(shown(row, 0)).is_break() {
                break;
            }
        }
        Ok(())
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
        let mut query = REFERENCES.of(Share::Many, &self.transaction)?;
        let mut beside = query.beside()?;
        let mut connectors = Connectors::default();
        while let Some(row) = rows.next().map_err(Error::from)? {
            let id = parse(row, 0, "the id", text(row, 0)?)?;
            let mut service = service_from(row, id).whole()?;
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
        mut visit: impl FnMut(&ServiceSummary<'_>) -> Result<ControlFlow<()>, E>,
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
        let mut rows = statement.query(&conditions.values).map_err(Error::from)?;
        let share = match filter.uses {
            Some(_) => Share::Few,
            None => Share::Many,
        };
        let mut query = REFERENCES.of(share, &self.transaction)?;
        let mut beside = query.beside()?;
        let mut connectors = Connectors::default();
        while let Some(row) = rows.next().map_err(Error::from)? {
            let (id, name) = (text(row, 0)?, shown(row, 1));
            let found = |search: &Search| search.is_in(id) || search.is_in(name);
            if !filter.search.as_ref().is_none_or(found) {
                continue;
            }
            connectors.read(&mut beside, id)?;
            let visited = visit(&ServiceSummary {
                id,
                name,
                kind: shown(row, 2),
                active: row.get(3).unwrap_or(true),
                schedule: shown_if_any(row, 4),
                sources: &connectors.sources,
                destinations: &connectors.destinations,
                updated_at: shown(row, 5),
            })?;
            if visited.is_break() {
                break;
            }
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
        Ok(self.transaction.defer_references()?)
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
        let is_taken = || self.has_service(&service.id);
        // What is gathered is written too late to tell.
        if self.transaction.gathers() && is_taken()? {
            return Err(Error::ServiceExists(service.id.clone()));
        }
        let written = self.put_service(&sql, Bulk::NEW_SERVICES, service)?;
        if written == 0 && is_taken()? {
            return Err(Error::ServiceExists(service.id.clone()));
        }
        one_row(written, "service", service.id.as_str())?;
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
            Bulk::SERVICES,
            service,
        )?;
        one_row(updated, "service", service.id.as_str())?;
        self.remove_references(&service.id)?;
        self.insert_references(service)
    }

    fn remove_references(&self, id: &ServiceId) -> Result<()> {
        let key = [id.as_str()];
        let sql = "DELETE FROM service_connectors WHERE service_id = ?1";
        self.transaction.write(sql, Bulk::OLD_REFERENCES, key)?;
        if self.transaction.gathers() {
            // It is looked at when they go.
            return Ok(());
        }
        let sql = "SELECT 1 FROM service_connectors WHERE service_id = ?1";
        let is_left = self.transaction.prepare_cached(sql)?.exists(key)?;
        kept(!is_left, "service", id.as_str())
    }

    /// As [`Change::update_service`], where something of the service cannot be read.
    ///
    /// # Errors
    /// When the store fails.
    pub fn put_service_right(&self, service: &Service) -> Result<()> {
        let sql = "UPDATE services SET origin = NULL WHERE id = ?1";
        self.transaction.execute(sql, [service.id.as_str()])?;
        self.update_service(service)
    }

    /// How many rows the statement wrote.
    fn put_service(&self, sql: &str, bulk: Bulk, service: &Service) -> Result<usize> {
        Ok(self.transaction.write(
            sql,
            bulk,
            params![
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
            ],
        )?)
    }

    fn insert_references(&self, service: &Service) -> Result<()> {
        let sql =
            format!("INSERT INTO service_connectors ({REFERENCE_COLUMNS}) VALUES (?1, ?2, ?3)");
        for (role, connector) in service.connectors() {
            let values = [service.id.as_str(), role.as_str(), connector.as_str()];
            let written = self.transaction.write(&sql, Bulk::REFERENCES, values);
            let written = written.map_err(|error| refused(error, connector))?;
            one_row(written, "service", service.id.as_str())?;
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
    fn read(&mut self, beside: &mut Beside<'_, '_>, id: &str) -> Result<()> {
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

fn role_from(row: Row<'_>, column: usize) -> Result<Role> {
    let name = text(row, column)?;
    Role::from_name(name).ok_or_else(|| damaged("the role", name, "unknown"))
}

fn service_from(row: Row<'_>, id: ServiceId) -> Salvaged<Service> {
    let mut fields = Fields::new(row);
    let service = Service {
        id,
        name: fields.name(1),
        kind: fields.one_of(2, "kind", ServiceKind::from_name, ServiceKind::Standard),
        active: fields.flag(3, "active", true),
        schedule: fields.optional(4, "schedule"),
        note: fields.optional(5, "note"),
        sources: BTreeSet::new(),
        destinations: BTreeSet::new(),
        created_at: fields.time(6, "created_at"),
        updated_at: fields.time(7, "updated_at"),
        revision: fields.revision(8),
        origin: fields.optional(9, "origin"),
    };
    fields.into_salvaged(service)
}
