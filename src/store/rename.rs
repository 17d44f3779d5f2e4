//! Another id for a connector.

use super::engine::params;
use super::error::{kept, one_row};
use super::{Change, Result};
use crate::model::{ConnectorId, Revision, Time};

impl Change<'_> {
    /// Gives a connector another id, which must be free. Its secrets and the references to it
    /// follow, and all else stays.
    pub fn rename_connector(
        &self,
        from: &ConnectorId,
        to: &ConnectorId,
        now: Time,
        revision: Revision,
    ) -> Result<()> {
        // The rows of secrets are written anew.
        self.write_secret()?;
        self.defer_references()?;
        let (from, to) = (from.as_str(), to.as_str());
        let renamed = self.transaction.execute(
            "UPDATE connectors SET id = ?2, updated_at = ?3, revision = ?4 WHERE id = ?1",
            params![from, to, now.to_string(), revision.as_bytes()],
        )?;
        one_row(renamed, "connector", from)?;
        for table in ["service_connectors", "secrets"] {
            let sql = format!("UPDATE {table} SET connector_id = ?2 WHERE connector_id = ?1");
            self.transaction.execute(&sql, [from, to])?;
            let sql = format!("SELECT 1 FROM {table} WHERE connector_id = ?1");
            let is_left = self.transaction.prepare(&sql)?.exists([from])?;
            kept(!is_left, "connector", from)?;
        }
        Ok(())
    }
}
