//! Connectors.

use serde::Serialize;

use super::{
    Assignment, ConnectorId, Detail, Environment, Label, Name, Revision, Search, SecretName,
    ServiceId, Settings, Time,
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

impl Connector {
    /// What the audit trail keeps of it: the names of its settings and secrets, and no value and no
    /// note. It is written at once, because many may go in one change.
    pub fn detail(&self) -> Detail {
        let detail = Traced {
            created_at: self.created_at,
            environment: self.environment,
            expires_at: self.expires_at,
            group: self.group.as_ref(),
            id: &self.id,
            last_used_at: self.last_used_at,
            name: &self.name,
            origin: self.origin.as_ref(),
            protected: self.protected,
            retired_at: self.retired_at,
            retired_until: self.retired_until,
            revision: self.revision,
            secrets: &self.secrets,
            settings: self.settings.0.keys().collect(),
            system: &self.system,
            updated_at: self.updated_at,
        };
        serde_json::to_string(&detail).map_or(Detail::None, Detail::Json)
    }
}

/// A connector as the audit trail keeps it: as JSON does, in the order of the names.
#[derive(Serialize)]
struct Traced<'a> {
    created_at: Time,
    environment: Environment,
    expires_at: Option<Time>,
    group: Option<&'a Label>,
    id: &'a ConnectorId,
    last_used_at: Option<Time>,
    name: &'a Name,
    origin: Option<&'a Label>,
    protected: bool,
    retired_at: Option<Time>,
    retired_until: Option<Time>,
    revision: Revision,
    secrets: &'a [SecretName],
    settings: Vec<&'a String>,
    system: &'a Label,
    updated_at: Time,
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::without_values;

    #[test]
    fn the_trail_keeps_of_a_connector_what_it_keeps_of_any_record() {
        let time = |text: &str| text.parse::<Time>().unwrap();
        let mut connector = Connector {
            id: "a.b:c".parse().unwrap(),
            name: "Shop, \"EU\" \u{e9}\u{7}".parse().unwrap(),
            system: "http".parse().unwrap(),
            environment: Environment::Live,
            group: None,
            settings: Settings::default(),
            secrets: Vec::new(),
            note: Some("call Kim".to_owned()),
            expires_at: None,
            last_used_at: None,
            created_at: time("2026-11-21T10:00:00Z"),
            updated_at: time("2026-11-22T10:00:00Z"),
            revision: Revision::from_bytes([7; 16]),
            protected: true,
            retired_at: None,
            retired_until: None,
            origin: None,
        };
        for _ in 0..2 {
            let value = without_values(serde_json::to_value(&connector).unwrap());
            let json = connector.detail().into_json().unwrap();
            assert_eq!(json, Some(value.to_string()));
            connector.group = Some("retail".parse().unwrap());
            connector
                .settings
                .0
                .insert("host \"x\"".to_owned(), json!({"from": "b"}));
            connector.settings.0.insert("a".to_owned(), json!(["mark"]));
            connector.secrets = vec!["key".parse().unwrap(), "token".parse().unwrap()];
            connector.expires_at = Some(time("2027-01-01T00:00:00Z"));
            connector.last_used_at = connector.expires_at;
            connector.retired_at = connector.expires_at;
            connector.retired_until = connector.expires_at;
            connector.origin = Some("mirror".parse().unwrap());
        }
    }
}
