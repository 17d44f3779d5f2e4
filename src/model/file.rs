//! Recipients, connectors and services as files hold them.
//!
//! What the store derives (`used_by`, `revision`) is not in a file; times are kept where given.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::macros::named;
use super::patch::some;
use super::tree::{self, Tree};
use super::{
    Connector, ConnectorId, Environment, Label, Name, SecretTexts, Service, ServiceId, ServiceKind,
    Settings, Time,
};

named! {
    /// The format of a file.
    pub enum TransferFormat {
        /// One table for each record.
        Toml = "toml",
        /// One object with the lists "recipients", "connectors" and "services".
        Json = "json",
        /// One object a line, with "type": "recipient", "connector" or "service".
        Ndjson = "ndjson",
    }
}

named! {
    /// What a record describes.
    pub enum RecordType {
        /// A recipient that secrets are encrypted for.
        Recipient = "recipient",
        /// A connector.
        Connector = "connector",
        /// A service.
        Service = "service",
    }
}

impl RecordType {
    /// What the lists of records are called in a file, in order.
    pub const LISTS: [&str; 3] = ["recipients", "connectors", "services"];

    /// What the list of such records is called in a file.
    #[must_use]
    pub fn list(self) -> &'static str {
        match self {
            Self::Recipient => "recipients",
            Self::Connector => "connectors",
            Self::Service => "services",
        }
    }
}

/// One entry of a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Record {
    /// A recipient.
    Recipient(RecipientRecord),
    /// A connector.
    Connector(ConnectorRecord),
    /// A service.
    Service(ServiceRecord),
}

impl Record {
    /// The record of this type that a tree holds.
    pub fn read(record_type: RecordType, tree: Tree) -> Result<Self, tree::Error> {
        Ok(match record_type {
            RecordType::Recipient => Self::Recipient(tree.read()?),
            RecordType::Connector => Self::Connector(tree.read()?),
            RecordType::Service => Self::Service(tree.read()?),
        })
    }

    /// What it describes.
    #[must_use]
    pub fn record_type(&self) -> RecordType {
        match self {
            Self::Recipient(_) => RecordType::Recipient,
            Self::Connector(_) => RecordType::Connector,
            Self::Service(_) => RecordType::Service,
        }
    }
}

/// A recipient in a file: whom the secrets in it are encrypted for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a recipient, which is a table")]
pub struct RecipientRecord {
    /// `recipient`, where the format needs it.
    #[serde(rename = "type", default, skip_serializing, deserialize_with = "some")]
    pub record_type: Option<RecordType>,
    /// The public key.
    pub recipient: String,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A connector in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a connector, which is a table")]
pub struct ConnectorRecord {
    /// `connector`, where the format needs it.
    #[serde(rename = "type", default, skip_serializing, deserialize_with = "some")]
    pub record_type: Option<RecordType>,
    /// The id.
    pub id: ConnectorId,
    /// The name; the id where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The system.
    pub system: Label,
    /// The environment.
    pub environment: Environment,
    /// The company group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Label>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The time of expiry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Time>,
    /// When one of its secrets was last read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Time>,
    /// When it was added; the time of the import where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Time>,
    /// When it was last changed; the time of the import where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Time>,
    /// Whether it may not be deleted.
    #[serde(default, skip_serializing_if = "is_false")]
    pub protected: bool,
    /// Since when it is on trial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<Time>,
    /// When the trial is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_until: Option<Time>,
    /// The mirror that brought it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Label>,
    /// The settings: a table, so that it comes behind the plain fields in TOML.
    #[serde(default, skip_serializing_if = "has_no_settings")]
    pub settings: Settings,
    /// The secrets: armored age texts, or plaintexts to encrypt on the way in. `None` says nothing
    /// about secrets; an empty table says that there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<SecretTexts>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(value: &bool) -> bool {
    !value
}

fn has_no_settings(settings: &Settings) -> bool {
    settings.0.is_empty()
}

impl From<Connector> for ConnectorRecord {
    fn from(connector: Connector) -> Self {
        Self {
            record_type: None,
            id: connector.id,
            name: Some(connector.name),
            system: connector.system,
            environment: connector.environment,
            group: connector.group,
            note: connector.note,
            expires_at: connector.expires_at,
            last_used_at: connector.last_used_at,
            created_at: Some(connector.created_at),
            updated_at: Some(connector.updated_at),
            protected: connector.protected,
            retired_at: connector.retired_at,
            retired_until: connector.retired_until,
            origin: connector.origin,
            settings: connector.settings,
            secrets: None,
        }
    }
}

/// A service in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a service, which is a table")]
pub struct ServiceRecord {
    /// `service`, where the format needs it.
    #[serde(rename = "type", default, skip_serializing, deserialize_with = "some")]
    pub record_type: Option<RecordType>,
    /// The id.
    pub id: ServiceId,
    /// The name; the id where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The kind.
    #[serde(default)]
    pub kind: ServiceKind,
    /// Whether it runs.
    #[serde(default = "yes")]
    pub active: bool,
    /// The ids of the connectors that data comes from. There is at least one connector in all.
    #[serde(default)]
    pub sources: BTreeSet<ConnectorId>,
    /// The ids of the connectors that data goes to.
    #[serde(default)]
    pub destinations: BTreeSet<ConnectorId>,
    /// When it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it was added; the time of the import where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Time>,
    /// When it was last changed; the time of the import where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Time>,
    /// The mirror that brought it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Label>,
}

fn yes() -> bool {
    true
}

impl From<Service> for ServiceRecord {
    fn from(service: Service) -> Self {
        Self {
            record_type: None,
            id: service.id,
            name: Some(service.name),
            kind: service.kind,
            active: service.active,
            sources: service.sources,
            destinations: service.destinations,
            schedule: service.schedule,
            note: service.note,
            created_at: Some(service.created_at),
            updated_at: Some(service.updated_at),
            origin: service.origin,
        }
    }
}
