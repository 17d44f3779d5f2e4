//! The record of who did what.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::Search;
use super::macros::named;
use super::text;
use super::time::Time;

named! {
    /// What was done, or tried.
    pub enum Action {
        /// A connector was added.
        ConnectorAdd = "connector.add",
        /// A connector was changed.
        ConnectorEdit = "connector.edit",
        /// A connector got another id.
        ConnectorRename = "connector.rename",
        /// A connector was protected from being deleted.
        ConnectorProtect = "connector.protect",
        /// The protection of a connector was lifted.
        ConnectorUnprotect = "connector.unprotect",
        /// A connector was put on trial, or its trial got another end.
        ConnectorRetire = "connector.retire",
        /// The trial of a connector was ended: it may be used again.
        ConnectorRevive = "connector.revive",
        /// A connector on trial was to be used, which nobody may.
        ConnectorUse = "connector.use",
        /// A connector was deleted.
        ConnectorDelete = "connector.delete",
        /// A service was added.
        ServiceAdd = "service.add",
        /// A service was changed, activated or deactivated.
        ServiceEdit = "service.edit",
        /// A service was deleted.
        ServiceDelete = "service.delete",
        /// A file was imported.
        Import = "import",
        /// A secret was set.
        SecretSet = "secret.set",
        /// A secret was read.
        SecretRead = "secret.read",
        /// A secret was deleted.
        SecretDelete = "secret.delete",
        /// A recipient was added, and all secrets encrypted anew.
        KeyAdd = "key.add",
        /// A recipient was removed, and all secrets encrypted anew.
        KeyRemove = "key.remove",
        /// A policy was turned on or off.
        PolicySet = "policy.set",
        /// A role was given to a user.
        AccessGrant = "access.grant",
        /// The role of a user was taken away.
        AccessRevoke = "access.revoke",
        /// The store was compacted; recorded only where it was refused.
        Compact = "compact",
        /// A copy took the place of the store.
        Restore = "store.restore",
        /// An upgrade of the store took values out of the entries before this one and chained them
        /// anew.
        TrailRewrite = "trail.rewrite",
    }
}

named! {
    /// How it ended.
    pub enum Verdict {
        /// It was done.
        Done = "done",
        /// It was refused because a service needs the connector.
        InUse = "in_use",
        /// It was refused because the connector is protected.
        Protected = "protected",
        /// It was refused because the connector is on trial.
        Retired = "retired",
        /// It was refused because the role does not allow it.
        NotPermitted = "not_permitted",
        /// The person said no.
        Declined = "declined",
        /// It was refused because something had changed since it was looked at.
        Changed = "changed",
    }
}

/// The greatest length of a text in an entry, in bytes. What comes from outside and is longer is cut.
pub const TEXT_LIMIT: usize = 4_096;

/// The text, or its beginning with a mark that there was more.
pub fn bounded(text: &str) -> Cow<'_, str> {
    if text.len() <= TEXT_LIMIT {
        return text.into();
    }
    let end = text.floor_char_boundary(TEXT_LIMIT - '…'.len_utf8());
    format!("{}…", &text[..end]).into()
}

/// What is written down of an event, before it has its place in the chain.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// When.
    pub time: Time,
    /// Who: the user's name.
    pub user: &'a str,
    /// Who: the real user id.
    pub uid: u32,
    /// Who called sudo, as sudo says.
    pub sudo_user: Option<&'a str>,
    /// On which machine.
    pub host: &'a str,
    /// With which command of connctl.
    pub command: &'a str,
    /// What was done or tried.
    pub action: Action,
    /// To what: an id, the name of a user or policy, a public key, or a file.
    pub subject: Option<&'a str>,
    /// How it ended.
    pub outcome: Verdict,
    /// Why, in the user's words.
    pub reason: Option<&'a str>,
    /// What is known of the subject, never a secret.
    pub detail: Detail,
}

/// How many ids an entry is found by at most, beside its subject.
const MENTIONED: usize = 100;

/// What is known of the subject of an event, never a secret.
#[derive(Debug, Clone, Default)]
pub enum Detail {
    /// Nothing else.
    #[default]
    None,
    /// This.
    Value(Value),
    /// This, written as JSON already; it names nothing that the entry is to be found by.
    Json(String),
}

impl Detail {
    /// What is written down, as JSON.
    pub(crate) fn into_json(self) -> serde_json::Result<Option<String>> {
        match self {
            Self::None => Ok(None),
            Self::Value(value) => serde_json::to_string(&value).map(Some),
            Self::Json(json) => Ok(Some(json)),
        }
    }

    /// The same, and this.
    #[must_use]
    pub fn with(self, key: &str, value: impl Into<Value>) -> Self {
        let mut fields = match self {
            Self::None => Map::new(),
            Self::Value(Value::Object(fields)) => fields,
            Self::Value(other) => Map::from_iter([("detail".to_owned(), other)]),
            Self::Json(json) => match serde_json::from_str(&json) {
                Ok(Value::Object(fields)) => fields,
                Ok(other) => Map::from_iter([("detail".to_owned(), other)]),
                Err(_) => Map::from_iter([("detail".to_owned(), json.into())]),
            },
        };
        fields.insert(key.to_owned(), value.into());
        Self::Value(fields.into())
    }

    /// The ids that it mentions.
    pub fn mentioned(&self) -> impl Iterator<Item = &str> {
        let value = match self {
            Self::Value(value) => Some(value),
            Self::None | Self::Json(_) => None,
        };
        value.into_iter().flat_map(mentioned)
    }
}

impl From<Value> for Detail {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl From<Option<Value>> for Detail {
    fn from(value: Option<Value>) -> Self {
        value.map_or(Self::None, Self::Value)
    }
}

/// The ids that an entry with this detail concerns beside its subject, at most a hundred: those of a
/// batch, of the services in the way, and of what was put in place of what.
pub fn mentioned(detail: &Value) -> impl Iterator<Item = &str> {
    let lists = ["ids", "services"]
        .into_iter()
        .filter_map(|key| detail.get(key)?.as_array());
    let single = ["from", "to"].into_iter().filter_map(|key| detail.get(key));
    lists
        .flatten()
        .chain(single)
        .filter_map(Value::as_str)
        .take(MENTIONED)
}

/// What the trail may keep of a connector or service: the names of its settings without their
/// values, and no note.
#[must_use]
pub fn without_values(mut detail: Value) -> Value {
    if let Some(fields) = detail.as_object_mut() {
        fields.remove("note");
        if let Some(Value::Object(settings)) = fields.get("settings") {
            let names = settings.keys().cloned().collect();
            fields.insert("settings".to_owned(), names);
        }
    }
    detail
}

/// Where the chain ends: the number of entries and the hash of the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How many entries there are.
    pub sequence: u64,
    /// The hash of the last one; [`Hash::START`] if there is none.
    pub hash: Hash,
}

impl Head {
    /// That of an empty trail.
    pub const START: Self = Self {
        sequence: 0,
        hash: Hash::START,
    };
}

/// What became of a trail that was chained anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainedAnew {
    /// Where it ended before.
    pub before: Head,
    /// Where it ended afterwards: at the entry that tells.
    pub after: Head,
}

/// An entry of the audit trail, as it is kept; borrowed, so that a long trail allocates little.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditEntry<'a> {
    /// Its number, from 1, without gaps.
    pub sequence: u64,
    /// When.
    pub time: Cow<'a, str>,
    /// Who: the user's name.
    pub user: Cow<'a, str>,
    /// Who: the real user id.
    pub uid: u32,
    /// Who called sudo, as sudo says.
    pub sudo_user: Option<Cow<'a, str>>,
    /// On which machine.
    pub host: Cow<'a, str>,
    /// With which command of connctl.
    pub command: Cow<'a, str>,
    /// What was done or tried.
    pub action: Cow<'a, str>,
    /// To what.
    pub subject: Option<Cow<'a, str>>,
    /// How it ended.
    pub outcome: Cow<'a, str>,
    /// Why, in the user's words.
    pub reason: Option<Cow<'a, str>>,
    /// What is known of the subject, as JSON text.
    #[serde(serialize_with = "as_json")]
    pub detail: Option<Cow<'a, str>>,
    /// Chains the entry to all before it.
    pub hash: Hash,
}

/// Shows JSON text as JSON; what is not JSON, in a trail that was tampered with, as text.
#[expect(clippy::ref_option)]
fn as_json<S: serde::Serializer>(
    detail: &Option<Cow<'_, str>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let value = detail
        .as_deref()
        .map(|text| serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())));
    value.serialize(serializer)
}

impl AuditEntry<'_> {
    /// Where the trail ends if this is its last entry.
    #[must_use]
    pub fn head(&self) -> Head {
        Head {
            sequence: self.sequence,
            hash: self.hash,
        }
    }

    /// Whether a text stands anywhere in it: in who, from where, with which command, what, to what,
    /// why, or in the detail.
    pub fn mentions(&self, search: &Search) -> bool {
        let always = [
            &self.user,
            &self.host,
            &self.command,
            &self.action,
            &self.outcome,
        ];
        let maybe = [&self.sudo_user, &self.subject, &self.reason, &self.detail];
        always
            .into_iter()
            .chain(maybe.into_iter().flatten())
            .any(|text| search.is_in(text))
    }

    /// The hash that belongs to the entry behind one with the hash `before`.
    ///
    /// It is the SHA-256 of the bytes of `before` and of each field, a number as its decimal text,
    /// each text preceded by its length as 8 bytes, the greatest first; a field without a value is
    /// eight bytes of 0xff.
    #[must_use]
    pub fn chained_hash(&self, before: &Hash) -> Hash {
        // All at once: the hasher is slow to take up many small pieces.
        let mut bytes = Vec::with_capacity(1_024);
        bytes.extend_from_slice(&before.0);
        let mut add = |field: Option<&str>| match field {
            Some(text) => {
                bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
                bytes.extend_from_slice(text.as_bytes());
            }
            None => bytes.extend_from_slice(&u64::MAX.to_be_bytes()),
        };
        add(Some(&self.sequence.to_string()));
        add(Some(&self.time));
        add(Some(&self.user));
        add(Some(&self.uid.to_string()));
        add(self.sudo_user.as_deref());
        add(Some(&self.host));
        add(Some(&self.command));
        add(Some(&self.action));
        add(self.subject.as_deref());
        add(Some(&self.outcome));
        add(self.reason.as_deref());
        add(self.detail.as_deref());
        Hash(Sha256::digest(&bytes).into())
    }

    /// The same, independent of where it was read.
    #[must_use]
    pub fn into_owned(self) -> AuditEntry<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        AuditEntry {
            sequence: self.sequence,
            time: owned(self.time),
            user: owned(self.user),
            uid: self.uid,
            sudo_user: self.sudo_user.map(owned),
            host: owned(self.host),
            command: owned(self.command),
            action: owned(self.action),
            subject: self.subject.map(owned),
            outcome: owned(self.outcome),
            reason: self.reason.map(owned),
            detail: self.detail.map(owned),
            hash: self.hash,
        }
    }
}

/// A SHA-256 hash, shown as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hash([u8; 32]);

impl Hash {
    /// What the first entry is chained to.
    pub const START: Self = Self([0; 32]);

    /// The hash with these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Computes the hash of bytes that come in pieces.
#[derive(Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Adds a piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all pieces.
    #[must_use]
    pub fn finish(self) -> Hash {
        Hash(self.0.finalize().into())
    }
}

/// A text that is no hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a hash of 64 hexadecimal digits")]
pub struct InvalidHash(text::Quoted);

impl FromStr for Hash {
    type Err = InvalidHash;

    fn from_str(text: &str) -> Result<Self, InvalidHash> {
        let invalid = || InvalidHash(text.into());
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(invalid());
        }
        let mut bytes = [0; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            let digits = &text[2 * index..2 * index + 2];
            *byte = u8::from_str_radix(digits, 16).map_err(|_| invalid())?;
        }
        Ok(Self(bytes))
    }
}

/// Which entries a list shows; the conditions combine with AND.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Only those about this subject.
    pub subject: Option<String>,
    /// Only those of this user, by name.
    pub actor: Option<String>,
    /// Only this action.
    pub action: Option<Action>,
    /// Only those that ended so.
    pub outcome: Option<Verdict>,
    /// Only those at this time or later.
    pub since: Option<Time>,
    /// Only those at this time or earlier.
    pub until: Option<Time>,
    /// Only those in which this text stands.
    pub search: Option<Search>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> AuditEntry<'static> {
        AuditEntry {
            sequence: 1,
            time: "2026-11-21T10:00:00Z".into(),
            user: "kim".into(),
            uid: 1000,
            sudo_user: None,
            host: "host".into(),
            command: "delete".into(),
            action: "connector.delete".into(),
            subject: Some("a".into()),
            outcome: "done".into(),
            reason: None,
            detail: None,
            hash: Hash::START,
        }
    }

    #[test]
    fn every_field_and_every_border_between_fields_counts() {
        let change = |change: fn(&mut AuditEntry)| {
            let mut entry = entry();
            change(&mut entry);
            entry.chained_hash(&Hash::START).to_string()
        };
        let mut hashes = vec![
            change(|_| {}),
            change(|entry| entry.sequence = 2),
            change(|entry| entry.time += "x"),
            change(|entry| entry.user += "x"),
            change(|entry| entry.uid = 1),
            change(|entry| entry.sudo_user = Some("".into())),
            change(|entry| entry.host = "hostdelete".into()),
            change(|entry| {
                entry.host = "hostd".into();
                entry.command = "elete".into();
            }),
            change(|entry| entry.action += "x"),
            change(|entry| entry.subject = None),
            change(|entry| entry.outcome += "x"),
            change(|entry| entry.reason = Some("".into())),
            change(|entry| entry.detail = Some("".into())),
            entry().chained_hash(&Hash::from_bytes([1; 32])).to_string(),
        ];
        let count = hashes.len();
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), count);
    }

    #[test]
    fn hashes_are_read_as_they_are_shown() {
        let hash = entry().chained_hash(&Hash::START);
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert!("xyz".parse::<Hash>().is_err());
    }
}
