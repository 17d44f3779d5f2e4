//! Connectors.

use serde::Serialize;

use super::{
    Assignment, ConnectorId, Environment, Label, Name, Revision, Search, SecretName, ServiceId,
    Settings, Time,
};

/// A system that the platform can reach, with the settings and credentials for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Connector {
    /// Identifies the connector; fixed when it is added.
    pub id: ConnectorId,
    /// What people call it.
    pub name: Name,
    /// The kind of system it reaches: `shopify`, `netsuite`, `http` …
    pub system: Label,
    /// Where it works; fixed when it is added.
    pub environment: Environment,
    /// The company group it belongs to.
    pub group: Option<Label>,
    /// Its plain settings.
    pub settings: Settings,
    /// The names of its secrets, sorted. The values never come near this type.
    pub secrets: Vec<SecretName>,
    /// Free text.
    pub note: Option<String>,
    /// From when on it is considered expired.
    pub expires_at: Option<Time>,
    /// When one of its secrets was last read.
    pub last_used_at: Option<Time>,
    /// When it was added.
    pub created_at: Time,
    /// When it was last changed; reading a secret is no change.
    pub updated_at: Time,
    /// New at every change.
    pub revision: Revision,
    /// Whether it may not be deleted.
    pub protected: bool,
    /// Since when it is on trial: nobody may use it, and nothing refers to it.
    pub retired_at: Option<Time>,
    /// When the trial is over; it is on trial until it is deleted or revived all the same.
    pub retired_until: Option<Time>,
    /// The mirror that brought it.
    pub origin: Option<Label>,
}

/// What becomes of an optional field in an edit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Edit<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It becomes empty.
    Clear,
    /// It becomes this.
    Set(T),
}

impl<T> Edit<T> {
    /// Whether the field does not stay as it is.
    pub(super) fn is_any(&self) -> bool {
        !matches!(self, Self::Keep)
    }

    pub(super) fn apply(self, field: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value),
        }
    }
}

/// A change of a connector; what is not named stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ConnectorEdit {
    /// A new name.
    pub name: Option<Name>,
    /// A new system.
    pub system: Option<Label>,
    /// The company group.
    pub group: Edit<Label>,
    /// Settings to set.
    pub set: Vec<Assignment>,
    /// Keys of settings to remove; one that is not there is no error.
    pub unset: Vec<String>,
    /// The note.
    pub note: Edit<String>,
    /// The time of expiry.
    pub expires_at: Edit<Time>,
}

impl ConnectorEdit {
    /// Whether a field is of no account, because the change sets it. Settings that cannot be read
    /// are then those that are set.
    #[must_use]
    pub fn sets(&self, field: &str) -> bool {
        match field {
            "name" => self.name.is_some(),
            "system" => self.system.is_some(),
            "group" => self.group.is_any(),
            "settings" => !self.set.is_empty(),
            "note" => self.note.is_any(),
            "expires_at" => self.expires_at.is_any(),
            field => matches!(field, "updated_at" | "revision"),
        }
    }

    /// Makes the change. Times and revision are the caller's to set.
    pub fn apply(self, connector: &mut Connector) {
        if let Some(name) = self.name {
            connector.name = name;
        }
        if let Some(system) = self.system {
            connector.system = system;
        }
        self.group.apply(&mut connector.group);
        self.note.apply(&mut connector.note);
        self.expires_at.apply(&mut connector.expires_at);
        for key in &self.unset {
            connector.settings.0.remove(key);
        }
        for Assignment { key, value } in self.set {
            connector.settings.0.insert(key, value);
        }
    }
}

/// Which connectors a list shows; the conditions combine with AND.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectorFilter {
    /// Only those of this environment.
    pub environment: Option<Environment>,
    /// Only those of this system.
    pub system: Option<Label>,
    /// Only those of this group.
    pub group: Option<Label>,
    /// Only those that no service refers to.
    pub unused: bool,
    /// Only those that may not be deleted.
    pub protected: bool,
    /// Only those on trial.
    pub retired: bool,
    /// Only those that this service refers to.
    pub used_by: Option<ServiceId>,
    /// Only those whose time of expiry is this time or earlier.
    pub expired_at: Option<Time>,
    /// Only those neither created nor used after this time.
    pub idle_since: Option<Time>,
    /// Only those with this text in id, name or system.
    pub search: Option<Search>,
    /// Whether it may also stand in the note.
    pub searches_notes: bool,
}

/// A connector as a list shows it. Borrowed, so that a long list allocates nothing for a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectorSummary<'a> {
    /// The id.
    pub id: &'a str,
    /// The name; it may hold control characters.
    pub name: &'a str,
    /// The system.
    pub system: &'a str,
    /// `live` or `testing`.
    pub environment: &'a str,
    /// How many services refer to it; a service that does so in both roles counts once.
    pub used_by: u64,
    /// When it was last changed.
    pub updated_at: &'a str,
    /// From when on it is considered expired.
    pub expires_at: Option<&'a str>,
    /// When one of its secrets was last read.
    pub last_used_at: Option<&'a str>,
    /// The company group it belongs to.
    pub group: Option<&'a str>,
    /// Whether it may not be deleted.
    pub protected: bool,
    /// When its trial is over, if it is on one.
    pub retired_until: Option<&'a str>,
}
