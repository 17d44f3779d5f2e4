//! What ties a service to a connector.

use serde::Serialize;

use super::ServiceId;
use super::macros::named;

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
    /// The name of that service.
    pub name: super::Name,
    /// What the connector is to it.
    pub role: Role,
    /// Whether the service is active; an inactive one protects its connectors all the same.
    pub active: bool,
}

impl Reference {
    /// `active` or `inactive`.
    #[must_use]
    pub fn status(&self) -> &'static str {
        if self.active { "active" } else { "inactive" }
    }
}
