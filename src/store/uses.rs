//! The services that use a connector.

use super::error::damaged;
use super::query::{parse, text};
use super::{Result, Snapshot};
use crate::model::{ConnectorId, Move, Revision, Role, Roles};

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
}
