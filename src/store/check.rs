//! What a store must hold together.

use super::{Error, Result, Snapshot};
use crate::model::Connector;

impl Snapshot<'_> {
    /// Services without any connector, by id, at most ten.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn incomplete_services(&self) -> Result<Vec<String>> {
        let mut statement = self.transaction.prepare(
            "SELECT id FROM services
             WHERE NOT EXISTS (SELECT 1 FROM service_connectors WHERE service_id = id)
             ORDER BY id LIMIT 10",
        )?;
        let mut rows = statement.query([])?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            ids.push(row.get(0)?);
        }
        Ok(ids)
    }

    /// Reads every connector and service, and thereby finds values that no connctl wrote. `look` sees
    /// each connector.
    ///
    /// # Errors
    /// The first such value, or when the store cannot be read.
    pub fn read_everything(&self, mut look: impl FnMut(&Connector)) -> Result<()> {
        self.each_connector(|connector, _| {
            look(&connector);
            Ok::<_, Error>(())
        })?;
        self.each_service(|_| Ok::<_, Error>(()))
    }
}
