//! What is looked up and written by the thousand. In a file each row is read and written as it comes;
//! a server is asked and told of many at once, because each statement is a journey to it.

#[cfg(feature = "postgres")]
mod rows;

use super::{Change, Error, Result, connectors, secrets, services, trials};
use crate::model::{ConnectorId, SecretName, ServiceId};

/// How many records are looked up and written at once on a server.
const BATCH: usize = 1_000;

/// Rows that are written at once, those of lower rank first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bulk {
    rank: u8,
    write: Write,
    table: &'static str,
    /// What is known of each row: columns, with commas between them.
    columns: &'static str,
    /// The column that says whose a row is.
    owner: &'static str,
    /// What that is.
    noun: &'static str,
}

/// What becomes of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Write {
    /// They are new.
    Insert,
    /// They are new, or take the place of those with the same values in these columns.
    Put(&'static [&'static str]),
    /// They take the place of those with the same values in these columns.
    Update(&'static [&'static str]),
    /// All that has the same owners goes.
    Delete,
}

impl Bulk {
    /// Connectors of new ids.
    pub(super) const NEW_CONNECTORS: Self = Self {
        rank: 0,
        write: Write::Insert,
        table: "connectors",
        columns: connectors::KEPT,
        owner: "id",
        noun: "connector",
    };
    /// What is kept of connectors that are there, but for their environment.
    pub(super) const CONNECTORS: Self = Self {
        rank: 1,
        write: Write::Update(&["id", "environment"]),
        ..Self::NEW_CONNECTORS
    };
    /// Secrets.
    pub(super) const SECRETS: Self = Self {
        rank: 2,
        write: Write::Put(&["connector_id", "name"]),
        table: "secrets",
        columns: secrets::COLUMNS,
        owner: "connector_id",
        ..Self::NEW_CONNECTORS
    };
    /// Services of new ids.
    pub(super) const NEW_SERVICES: Self = Self {
        rank: 3,
        write: Write::Insert,
        table: "services",
        columns: services::COLUMNS,
        owner: "id",
        noun: "service",
    };
    /// What is kept of services that are there.
    pub(super) const SERVICES: Self = Self {
        rank: 4,
        write: Write::Update(&["id"]),
        ..Self::NEW_SERVICES
    };
    /// References.
    pub(super) const REFERENCES: Self = Self {
        rank: 6,
        table: "service_connectors",
        columns: services::REFERENCE_COLUMNS,
        owner: "service_id",
        ..Self::NEW_SERVICES
    };
    /// The references of services that get others.
    pub(super) const OLD_REFERENCES: Self = Self {
        rank: 5,
        write: Write::Delete,
        columns: "service_id",
        ..Self::REFERENCES
    };
}

/// What is about to be looked up.
#[derive(Debug, Default)]
pub struct Ahead<'i> {
    /// Connectors.
    pub connectors: Vec<&'i ConnectorId>,
    /// Services.
    pub services: Vec<&'i ServiceId>,
    /// Connectors that services refer to.
    pub referenced: Vec<&'i ConnectorId>,
    /// Secrets of connectors.
    pub secrets: Vec<(&'i ConnectorId, &'i SecretName)>,
    /// Whether all is looked up that is kept of what is there already.
    pub as_a_whole: bool,
}

impl Change<'_> {
    /// How many records are best looked up and written at once.
    pub fn batch(&self) -> usize {
        if self.transaction.is_on_server() {
            BATCH
        } else {
            1
        }
    }

    /// Does work that writes much. What it writes is there when it is done, and wherever it looks up
    /// what was not read ahead; a server may tell only then what it does not allow.
    ///
    /// # Errors
    /// When the work fails, or the store.
    pub fn in_bulk<T, E: From<Error>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        #[cfg(feature = "postgres")]
        if let Some(server) = self.transaction.server() {
            return server.gathering(work);
        }
        work()
    }

    /// Looks up what work will ask of the store, as far as it has not written by then.
    pub fn read_ahead(&self, ahead: &Ahead<'_>) -> Result<()> {
        let ask = |sql: &str, ids: &mut dyn Iterator<Item = &str>| -> Result<()> {
            Ok(self.transaction.read_ahead(sql, ids.map(|id| [id]))?)
        };
        let connectors = || ahead.connectors.iter().map(|id| id.as_str());
        let services = || ahead.services.iter().map(|id| id.as_str());
        let referenced = || ahead.referenced.iter().map(|id| id.as_str());
        if ahead.as_a_whole {
            for sql in &*connectors::OF_A_RECORD {
                ask(sql, &mut connectors())?;
            }
            for sql in &*services::OF_A_RECORD {
                ask(sql, &mut services())?;
            }
            let secrets = ahead.secrets.iter();
            let secrets = secrets.map(|(id, name)| [id.as_str(), name.as_str()]);
            self.transaction.read_ahead(secrets::ONE, secrets)?;
        }
        ask(connectors::EXISTS, &mut connectors().chain(referenced()))?;
        ask(services::EXISTS, &mut services())?;
        ask(trials::BEGAN, &mut referenced())
    }
}
