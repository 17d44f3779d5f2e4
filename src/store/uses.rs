//! The services that use a connector.

use super::engine::Row;
use super::error::damaged;
use super::query::{parse, parse_optional, text};
use super::{Error, Result, Snapshot};
use crate::model::{ConnectorId, Move, Revision, Role, Roles, ServiceUse};

impl Snapshot<'_> {
    /// Every service that refers to the connector, by id.
    pub fn uses(&self, id: &ConnectorId) -> Result<Vec<Move>> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT services.id, service_connectors.role, services.revision
             FROM service_connectors JOIN services ON services.id = service_connectors.service_id
             WHERE service_connectors.connector_id = ?1
             ORDER BY services.id",
        )?;
        let mut rows = statement.query([id.as_str()])?;
        let mut uses: Vec<Move> = Vec::new();
        while let Some(row) = rows.next()? {
            let service = text(row, 0)?;
            let role = Role::from_name(text(row, 1)?)
                .ok_or_else(|| damaged("a role", service, "unknown"))?;
            match uses.last_mut() {
                Some(last) if last.service.as_str() == service => last.roles.insert(role),
                _ => uses.push(Move {
                    service: parse(row, 0, "the id", service)?,
                    roles: Roles::from_iter([role]),
                    revision: Revision::from_bytes(row.get(2)?),
                }),
            }
        }
        Ok(uses)
    }

    /// Every service that refers to the connector, by id, with all that it refers to.
    ///
    /// # Errors
    /// When the store cannot be read, or `visit` fails.
    pub fn each_service_of<E: From<Error>>(
        &self,
        id: &ConnectorId,
        mut visit: impl FnMut(ServiceUse) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self
            .transaction
            .prepare_cached(
                "SELECT service_connectors.service_id, services.name, services.active,
                   services.schedule, service_connectors.role, service_connectors.connector_id
                 FROM service_connectors
                 LEFT JOIN services ON services.id = service_connectors.service_id
                 WHERE service_connectors.service_id IN
                   (SELECT service_id FROM service_connectors WHERE connector_id = ?1)
                 ORDER BY service_connectors.service_id, service_connectors.role,
                   service_connectors.connector_id",
            )
            .map_err(Error::from)?;
        let mut rows = statement.query([id.as_str()]).map_err(Error::from)?;
        let mut current: Option<ServiceUse> = None;
        while let Some(row) = rows.next().map_err(Error::from)? {
            let service = text(row, 0)?;
            if current
                .as_ref()
                .is_none_or(|one| one.id.as_str() != service)
            {
                let next = service_from(row)?;
                if let Some(done) = current.replace(next) {
                    visit(done)?;
                }
            }
            let role = Role::from_name(text(row, 4)?)
                .ok_or_else(|| damaged("a role", service, "unknown"))?;
            let connector = parse(row, 5, "a connector", service)?;
            if let Some(current) = &mut current {
                current.connectors.push((role, connector));
            }
        }
        current.map_or(Ok(()), visit)
    }

    /// The other connectors of the services that refer to this one to which no other service
    /// refers, by id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn left_without_user(&self, id: &ConnectorId) -> Result<Vec<ConnectorId>> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT others.connector_id FROM
               (SELECT DISTINCT connector_id FROM service_connectors
                WHERE connector_id <> ?1 AND service_id IN
                  (SELECT service_id FROM service_connectors WHERE connector_id = ?1)) AS others
             WHERE NOT EXISTS
               (SELECT 1 FROM service_connectors AS rest
                WHERE rest.connector_id = others.connector_id AND rest.service_id NOT IN
                  (SELECT service_id FROM service_connectors WHERE connector_id = ?1))
             ORDER BY others.connector_id",
        )?;
        let mut rows = statement.query([id.as_str()])?;
        let mut left = Vec::new();
        while let Some(row) = rows.next()? {
            left.push(parse(row, 0, "the id", id.as_str())?);
        }
        Ok(left)
    }
}

/// A service without its connectors, from its first five columns.
fn service_from(row: Row<'_>) -> Result<ServiceUse> {
    let id = text(row, 0)?;
    Ok(ServiceUse {
        name: parse_optional(row, 1, "the name", id)?,
        active: row.get::<Option<bool>>(2)?.unwrap_or(false),
        schedule: row.get(3)?,
        connectors: Vec::new(),
        id: parse(row, 0, "the id", id)?,
    })
}
