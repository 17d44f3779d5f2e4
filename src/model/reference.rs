//! What ties a service to a connector.

use std::fmt;

use serde::Serialize;

use super::ServiceId;

/// What a connector is to a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Data comes from the connector.
    Source,
    /// Data goes to the connector.
    Destination,
}

impl Role {
    /// The name used in commands, files and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Destination => "destination",
        }
    }

    /// The role of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Source, Self::Destination]
            .into_iter()
            .find(|role| role.as_str() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
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
