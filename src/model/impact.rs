//! What would break without a connector.

use std::collections::BTreeSet;

use super::{ConnectorId, GuardUse, Name, Role, Roles, ServiceId, Trial};

/// A service that uses a connector, with all that it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceUse {
    /// The service.
    pub id: ServiceId,
    /// Its name; `None` where the service is gone and its references are not, which is a fault of
    /// the store.
    pub name: Option<Name>,
    /// Whether it runs.
    pub active: bool,
    /// When it runs, in free words.
    pub schedule: Option<String>,
    /// What it refers to, and as what.
    pub connectors: Vec<(Role, ConnectorId)>,
}

impl ServiceUse {
    /// `active`, `inactive` or, where the service is gone, `missing`.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match (&self.name, self.active) {
            (None, _) => "missing",
            (_, true) => "active",
            (_, false) => "inactive",
        }
    }

    /// What a connector is to it.
    #[must_use]
    pub fn roles_of(&self, connector: &ConnectorId) -> Roles {
        let references = self.connectors.iter();
        let own = references.filter(|(_, other)| other == connector);
        own.map(|(role, _)| *role).collect()
    }

    /// What it refers to beside a connector, by id.
    #[must_use]
    pub fn carries_beside(&self, connector: &ConnectorId) -> BTreeSet<&ConnectorId> {
        let others = self.connectors.iter().map(|(_, other)| other);
        others.filter(|other| *other != connector).collect()
    }
}

/// What is known of a connector that may go, beside the services that use it.
#[derive(Debug, Clone)]
pub struct Impact {
    /// The connector.
    pub connector: super::Connector,
    /// Its trial, if it is on one.
    pub trial: Option<Trial>,
    /// How many services refer to it.
    pub used_by: u64,
    /// The connectors to which no service would refer without those services, by id.
    pub left_without_user: Vec<ConnectorId>,
    /// What guards know of.
    pub guards: Vec<GuardUse>,
    /// What leads to its deletion: a sentence each, the shortest way first.
    pub ways: Vec<String>,
}
