//! Records of a file as changes of what is there: what a record does not name stays as it is.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer};

use super::tree::{self, Tree};
use super::{
    Connector, ConnectorId, ConnectorRecord, Edit, Environment, Label, Name, RecipientRecord,
    Record, RecordType, Revision, SecretChanges, SecretName, SecretTexts, Service, ServiceId,
    ServiceKind, ServiceRecord, Settings, Time, TransferFormat,
};

/// One entry of a file, as the change that it asks for.
#[derive(Debug)]
pub enum Patch {
    /// A recipient.
    Recipient(RecipientRecord),
    /// What a connector is to be.
    Connector(ConnectorPatch),
    /// What a service is to be.
    Service(ServicePatch),
}

impl Patch {
    /// The change that a tree asks for. In TOML, which has no null, an empty text clears.
    pub fn read(
        record_type: RecordType,
        mut tree: Tree,
        format: TransferFormat,
    ) -> Result<Self, tree::Error> {
        if format == TransferFormat::Toml {
            for key in ["group", "note", "expires_at", "schedule"] {
                tree.clear_if_empty(key);
            }
        }
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

/// A whole record names every field: those that it leaves out are to be empty.
impl From<Record> for Patch {
    fn from(record: Record) -> Self {
        match record {
            Record::Recipient(recipient) => Self::Recipient(recipient),
            Record::Connector(connector) => Self::Connector(connector.into()),
            Record::Service(service) => Self::Service(service.into()),
        }
    }
}

/// What becomes of the secrets of a connector.
#[derive(Debug, Default)]
pub enum SecretsEdit {
    /// They stay as they are.
    #[default]
    Keep,
    /// They are these.
    Replace(SecretTexts),
    /// Some are set, and some go.
    Change(SecretChanges),
}

impl SecretsEdit {
    /// Whether a secret of this name is set.
    #[must_use]
    pub fn sets(&self, name: &SecretName) -> bool {
        match self {
            Self::Keep => false,
            Self::Replace(texts) => texts.0.contains_key(name),
            Self::Change(changes) => changes.0.get(name).is_some_and(Option::is_some),
        }
    }

    /// The names of the secrets that are set.
    pub fn set_names(&self) -> impl Iterator<Item = &SecretName> {
        let (texts, changes) = match self {
            Self::Keep => (None, None),
            Self::Replace(texts) => (Some(texts.0.keys()), None),
            Self::Change(changes) => (None, Some(changes.0.iter())),
        };
        let changes = changes.into_iter().flatten();
        let set = changes.filter_map(|(name, text)| text.as_ref().map(|_| name));
        texts.into_iter().flatten().chain(set)
    }

    /// Sets a secret as well.
    pub fn set(&mut self, name: SecretName, text: super::SecretText) {
        match self {
            Self::Keep => *self = Self::Change(SecretChanges([(name, Some(text))].into())),
            Self::Replace(texts) => drop(texts.0.insert(name, text)),
            Self::Change(changes) => drop(changes.0.insert(name, Some(text))),
        }
    }
}

impl<'de> Deserialize<'de> for SecretsEdit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SecretChanges::deserialize(deserializer).map(Self::Change)
    }
}

/// What a connector is to be, as far as it is named.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a connector, which is a table")]
pub struct ConnectorPatch {
    /// `connector`, where the format needs it.
    #[serde(rename = "type", default, deserialize_with = "some")]
    pub record_type: Option<RecordType>,
    /// The id.
    pub id: ConnectorId,
    /// The name.
    #[serde(default, deserialize_with = "some")]
    pub name: Option<Name>,
    /// The system; a new one needs it.
    #[serde(default, deserialize_with = "some")]
    pub system: Option<Label>,
    /// The environment; a new one needs it, and that of another one cannot change.
    #[serde(default, deserialize_with = "some")]
    pub environment: Option<Environment>,
    /// The company group.
    #[serde(default, deserialize_with = "edit")]
    pub group: Edit<Label>,
    /// Free text.
    #[serde(default, deserialize_with = "edit")]
    pub note: Edit<String>,
    /// The time of expiry.
    #[serde(default, deserialize_with = "edit")]
    pub expires_at: Edit<Time>,
    /// When one of its secrets was last read.
    #[serde(default, deserialize_with = "some")]
    pub last_used_at: Option<Time>,
    /// When it was added.
    #[serde(default, deserialize_with = "some")]
    pub created_at: Option<Time>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "some")]
    pub updated_at: Option<Time>,
    /// Whether a new one may not be deleted.
    #[serde(default)]
    pub protected: bool,
    /// Since when a new one is on trial.
    #[serde(default, deserialize_with = "some")]
    pub retired_at: Option<Time>,
    /// When the trial of a new one is over.
    #[serde(default, deserialize_with = "some")]
    pub retired_until: Option<Time>,
    /// The mirror that brought a new one.
    #[serde(default, deserialize_with = "some")]
    pub origin: Option<Label>,
    /// All its settings.
    #[serde(default, deserialize_with = "some")]
    pub settings: Option<Settings>,
    /// Its secrets.
    #[serde(default)]
    pub secrets: SecretsEdit,
}

/// Reads what is there, and is no null.
pub(super) fn some<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads what becomes of a field that is there: null clears it.
fn edit<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Edit<T>, D::Error> {
    Option::deserialize(deserializer).map(set_or_clear)
}

/// What becomes of a field that a whole record holds, or leaves out.
fn set_or_clear<T>(value: Option<T>) -> Edit<T> {
    value.map_or(Edit::Clear, Edit::Set)
}

impl From<ConnectorRecord> for ConnectorPatch {
    fn from(record: ConnectorRecord) -> Self {
        Self {
            record_type: record.record_type,
            name: Some(record.name.unwrap_or_else(|| Name::of_id(&record.id))),
            id: record.id,
            system: Some(record.system),
            environment: Some(record.environment),
            group: set_or_clear(record.group),
            note: set_or_clear(record.note),
            expires_at: set_or_clear(record.expires_at),
            last_used_at: record.last_used_at,
            created_at: record.created_at,
            updated_at: record.updated_at,
            protected: record.protected,
            retired_at: record.retired_at,
            retired_until: record.retired_until,
            origin: record.origin,
            settings: Some(record.settings),
            secrets: record
                .secrets
                .map_or(SecretsEdit::Keep, SecretsEdit::Replace),
        }
    }
}

impl ConnectorPatch {
    /// Whether it says what only an admin says of a connector.
    #[must_use]
    pub fn governs(&self) -> bool {
        self.protected
            || self.retired_at.is_some()
            || self.retired_until.is_some()
            || self.origin.is_some()
    }

    /// Whether a field is of no account, because the change sets it.
    #[must_use]
    pub fn sets(&self, field: &str) -> bool {
        match field {
            "name" => self.name.is_some(),
            "system" => self.system.is_some(),
            "environment" => self.environment.is_some(),
            "group" => self.group.is_any(),
            "settings" => self.settings.is_some(),
            "note" => self.note.is_any(),
            "expires_at" => self.expires_at.is_any(),
            "last_used_at" => self.last_used_at.is_some(),
            "created_at" => self.created_at.is_some(),
            field => matches!(field, "updated_at" | "revision"),
        }
    }

    /// Makes the change, but for secrets, revision and what is decided only when a connector is
    /// added. A time of change that is not named is the caller's to set.
    pub fn apply(self, connector: &mut Connector) {
        set(&mut connector.name, self.name);
        set(&mut connector.system, self.system);
        set(&mut connector.settings, self.settings);
        set(&mut connector.created_at, self.created_at);
        set(&mut connector.updated_at, self.updated_at);
        self.group.apply(&mut connector.group);
        self.note.apply(&mut connector.note);
        self.expires_at.apply(&mut connector.expires_at);
        connector.last_used_at = self.last_used_at.or(connector.last_used_at);
    }

    /// The connector as one that is added at `now`, or the name of a field that it needs.
    pub fn into_connector(
        mut self,
        now: Time,
        revision: Revision,
    ) -> Result<Connector, &'static str> {
        let mut connector = Connector {
            name: self.name.take().unwrap_or_else(|| Name::of_id(&self.id)),
            id: self.id.clone(),
            system: self.system.take().ok_or("system")?,
            environment: self.environment.ok_or("environment")?,
            group: None,
            settings: Settings::default(),
            secrets: Vec::new(),
            note: None,
            expires_at: None,
            last_used_at: None,
            created_at: now,
            updated_at: now,
            revision,
            protected: self.protected,
            retired_at: self.retired_at,
            retired_until: self.retired_until,
            origin: self.origin.take(),
        };
        self.apply(&mut connector);
        Ok(connector)
    }
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// What a service is to be, as far as it is named.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a service, which is a table")]
pub struct ServicePatch {
    /// `service`, where the format needs it.
    #[serde(rename = "type", default, deserialize_with = "some")]
    pub record_type: Option<RecordType>,
    /// The id.
    pub id: ServiceId,
    /// The name.
    #[serde(default, deserialize_with = "some")]
    pub name: Option<Name>,
    /// The kind.
    #[serde(default, deserialize_with = "some")]
    pub kind: Option<ServiceKind>,
    /// Whether it runs.
    #[serde(default, deserialize_with = "some")]
    pub active: Option<bool>,
    /// All its sources.
    #[serde(default, deserialize_with = "some")]
    pub sources: Option<BTreeSet<ConnectorId>>,
    /// All its destinations.
    #[serde(default, deserialize_with = "some")]
    pub destinations: Option<BTreeSet<ConnectorId>>,
    /// When it runs.
    #[serde(default, deserialize_with = "edit")]
    pub schedule: Edit<String>,
    /// Free text.
    #[serde(default, deserialize_with = "edit")]
    pub note: Edit<String>,
    /// When it was added.
    #[serde(default, deserialize_with = "some")]
    pub created_at: Option<Time>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "some")]
    pub updated_at: Option<Time>,
    /// The mirror that brought a new one.
    #[serde(default, deserialize_with = "some")]
    pub origin: Option<Label>,
}

impl From<ServiceRecord> for ServicePatch {
    fn from(record: ServiceRecord) -> Self {
        Self {
            record_type: record.record_type,
            name: Some(record.name.unwrap_or_else(|| Name::of_id(&record.id))),
            id: record.id,
            kind: Some(record.kind),
            active: Some(record.active),
            sources: Some(record.sources),
            destinations: Some(record.destinations),
            schedule: set_or_clear(record.schedule),
            note: set_or_clear(record.note),
            created_at: record.created_at,
            updated_at: record.updated_at,
            origin: record.origin,
        }
    }
}

impl ServicePatch {
    /// Whether a field is of no account, because the change sets it.
    #[must_use]
    pub fn sets(&self, field: &str) -> bool {
        match field {
            "name" => self.name.is_some(),
            "kind" => self.kind.is_some(),
            "active" => self.active.is_some(),
            "schedule" => self.schedule.is_any(),
            "note" => self.note.is_any(),
            "references" => self.sources.is_some() && self.destinations.is_some(),
            "created_at" => self.created_at.is_some(),
            field => matches!(field, "updated_at" | "revision"),
        }
    }

    /// Makes the change, but for the revision and the origin. A time of change that is not named is
    /// the caller's to set.
    pub fn apply(self, service: &mut Service) {
        set(&mut service.name, self.name);
        set(&mut service.kind, self.kind);
        set(&mut service.active, self.active);
        set(&mut service.sources, self.sources);
        set(&mut service.destinations, self.destinations);
        set(&mut service.created_at, self.created_at);
        set(&mut service.updated_at, self.updated_at);
        self.schedule.apply(&mut service.schedule);
        self.note.apply(&mut service.note);
    }

    /// The service as one that is added at `now`.
    #[must_use]
    pub fn into_service(mut self, now: Time, revision: Revision) -> Service {
        let mut service = Service {
            name: self.name.take().unwrap_or_else(|| Name::of_id(&self.id)),
            id: self.id.clone(),
            kind: ServiceKind::default(),
            active: true,
            schedule: None,
            note: None,
            sources: BTreeSet::new(),
            destinations: BTreeSet::new(),
            created_at: now,
            updated_at: now,
            revision,
            origin: self.origin.take(),
        };
        self.apply(&mut service);
        service
    }
}

/// What a change did to a connector: the fields that differ, the settings one by one. Neither the
/// times that every change sets nor the secrets are among them.
#[must_use]
pub fn changed_fields(before: &Connector, after: &Connector) -> Vec<String> {
    let mut changed = named([
        ("name", before.name != after.name),
        ("system", before.system != after.system),
        ("group", before.group != after.group),
        ("note", before.note != after.note),
        ("expires_at", before.expires_at != after.expires_at),
        ("last_used_at", before.last_used_at != after.last_used_at),
        ("created_at", before.created_at != after.created_at),
        ("origin", before.origin != after.origin),
    ]);
    let (old, new) = (&before.settings.0, &after.settings.0);
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let differs = |key: &&&String| old.get(**key) != new.get(**key);
    changed.extend(
        keys.iter()
            .filter(differs)
            .map(|key| format!("settings.{key}")),
    );
    changed
}

/// As [`changed_fields`], for a service.
#[must_use]
pub fn changed_service_fields(before: &Service, after: &Service) -> Vec<String> {
    named([
        ("name", before.name != after.name),
        ("kind", before.kind != after.kind),
        ("active", before.active != after.active),
        ("schedule", before.schedule != after.schedule),
        ("note", before.note != after.note),
        ("sources", before.sources != after.sources),
        ("destinations", before.destinations != after.destinations),
        ("created_at", before.created_at != after.created_at),
        ("origin", before.origin != after.origin),
    ])
}

fn named<const N: usize>(fields: [(&str, bool); N]) -> Vec<String> {
    let changed = fields.into_iter().filter(|(_, is_changed)| *is_changed);
    changed.map(|(field, _)| field.to_owned()).collect()
}
