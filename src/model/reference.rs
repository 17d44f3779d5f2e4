//! What ties a service to a connector.

use serde::Serialize;

use super::macros::named;
use super::{GuardUse, ServiceId};

named! {
    /// What a connector is to a service.
    pub enum Role {
        /// Data comes from the connector.
        Source = "source",
        /// Data goes to the connector.
        Destination = "destination",
    }
}

/// One use of a connector, as seen from the connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// The service that uses the connector.
    pub service: ServiceId,
    /// The name of that service; `None` where the service is gone and its reference is not, which
    /// is a fault of the store.
    pub name: Option<super::Name>,
    /// What the connector is to it.
    pub role: Role,
    /// Whether the service is active; an inactive one protects its connectors all the same.
    pub active: bool,
}

impl Reference {
    /// Whether the service is gone.
    #[must_use]
    pub fn is_dangling(&self) -> bool {
        self.name.is_none()
    }

    /// `active`, `inactive` or, where the service is gone, `missing`.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match (self.is_dangling(), self.active) {
            (true, _) => "missing",
            (false, true) => "active",
            (false, false) => "inactive",
        }
    }
}

/// What uses a connector, bounded however many services that are.
///
/// Where guards alone know of a use, no service refers to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    /// How many services refer to it; one that does so in both roles counts once.
    pub services: u64,
    /// The references of the first of these services, by service and role. In a batch of very many
    /// connectors in use, only those of the first of them.
    pub references: Vec<Reference>,
    /// What guards beyond the store know of.
    pub guards: Vec<GuardUse>,
}

impl Usage {
    /// How many services are named at most.
    pub const NAMED: usize = 20;

    /// Of how many connectors of a batch the services are named at most.
    pub const TOLD: usize = 1_000;

    /// The services that are named, each once.
    #[must_use]
    pub fn named(&self) -> Vec<&ServiceId> {
        let mut services: Vec<_> = self.references.iter().map(|one| &one.service).collect();
        services.dedup();
        services
    }

    /// Whether there are more services than are named.
    #[must_use]
    pub fn is_more_than_named(&self) -> bool {
        self.services > self.named().len() as u64
    }
}
