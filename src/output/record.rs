//! What each kind of record has in its columns.

use super::column::Constant::{Adjective, After};
use super::column::{Column, Content, Record, Value, column, hidden, json_only, listed};
use crate::model::{
    AuditEntry, ConnectorId, ConnectorSubject, ConnectorSummary, End, Hash, Move, MoveOutcome,
    Policy, Replacement, Row, SecretName, ServiceSubject, ServiceSummary, Subject, Time, UserRole,
};

impl Record for ConnectorSummary<'_> {
    const COLUMNS: &'static [Column] = &[
        listed("id", "ID"),
        listed("name", "NAME").of(Content::Text),
        listed("system", "SYSTEM").said(After("of system")),
        listed("environment", "ENVIRONMENT")
            .of(Content::Word)
            .said(Adjective),
        listed("used_by", "USED BY").of(Content::Count),
        listed("updated_at", "UPDATED")
            .of(Content::Time)
            .said(After("updated at")),
        hidden("expires_at").of(Content::Time),
        hidden("last_used_at").of(Content::Time),
        hidden("group").of(Content::Sentence),
        hidden("protected"),
        hidden("retired_until").of(Content::Time),
    ];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        use_values(&[
            Value::Text(self.id),
            Value::Text(self.name),
            Value::Text(self.system),
            Value::Text(self.environment),
            Value::Number(self.used_by),
            Value::Text(self.updated_at),
            self.expires_at.into(),
            self.last_used_at.into(),
            self.group.into(),
            Value::Bool(self.protected),
            self.retired_until.into(),
        ])
    }
}

impl Record for ServiceSummary<'_> {
    const COLUMNS: &'static [Column] = &[
        listed("id", "ID"),
        listed("name", "NAME").of(Content::Text),
        listed("kind", "KIND").said(Adjective),
        hidden("active"),
        column("STATUS").of(Content::Word).said(Adjective),
        listed("sources", "SOURCES").of(Content::Ids),
        listed("destinations", "DESTINATIONS").of(Content::Ids),
        hidden("schedule"),
        listed("updated_at", "UPDATED")
            .of(Content::Time)
            .said(After("updated at")),
    ];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        use_values(&[
            Value::Text(self.id),
            Value::Text(self.name),
            Value::Text(self.kind),
            Value::Bool(self.active),
            Value::Text(status(self.active)),
            Value::List(self.sources),
            Value::List(self.destinations),
            self.schedule.into(),
            Value::Text(self.updated_at),
        ])
    }
}

impl Record for Row<'_, ConnectorSubject> {
    const COLUMNS: &'static [Column] = &[
        listed("id", "ID"),
        listed("outcome", "OUTCOME").of(Content::Word),
        listed("name", "NAME").of(Content::Text),
        listed("system", "SYSTEM").said(After("of system")),
        listed("environment", "ENVIRONMENT")
            .of(Content::Word)
            .said(Adjective),
        hidden("revision"),
        hidden("references"),
        json_only("used_by"),
        json_only("guards"),
        json_only("retired_until"),
        json_only("attempts"),
        json_only("last_attempt_by"),
        json_only("last_attempt_at"),
    ];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        let trial = self.subject.and_then(Subject::trial);
        let until = trial
            .and_then(|trial| trial.until)
            .map(|time| time.to_string());
        let last = trial.and_then(|trial| trial.attempts.last.as_ref());
        let known = |text: fn(&ConnectorSubject) -> &str| {
            self.subject
                .map_or(Value::Absent, |subject| Value::Text(text(subject)))
        };
        let revision = self.subject.map(|subject| subject.revision.to_string());
        let guards = self.usage.map(|usage| &usage.guards);
        let guards = guards.filter(|guards| !guards.is_empty());
        let guards = guards.and_then(|guards| serde_json::to_string(guards).ok());
        use_values(&[
            Value::Text(self.id.as_str()),
            Value::Text(self.outcome.as_str()),
            known(|connector| connector.name.as_str()),
            known(|connector| connector.system.as_str()),
            known(|connector| connector.environment.as_str()),
            revision.as_deref().map_or(Value::Absent, Value::Text),
            references(self),
            self.usage
                .map_or(Value::Absent, |usage| Value::Number(usage.services)),
            guards.as_deref().map_or(Value::Absent, Value::Json),
            until.as_deref().map_or(Value::Absent, Value::Text),
            trial.map_or(Value::Absent, |trial| Value::Number(trial.attempts.count)),
            last.map_or(Value::Absent, |last| Value::Text(&last.user)),
            last.map_or(Value::Absent, |last| Value::Text(&last.time)),
        ])
    }
}

impl Record for Row<'_, ServiceSubject> {
    const COLUMNS: &'static [Column] = &[
        listed("id", "ID"),
        listed("outcome", "OUTCOME").of(Content::Word),
        listed("name", "NAME").of(Content::Text),
        listed("kind", "KIND").said(Adjective),
        hidden("active"),
        column("STATUS").of(Content::Word).said(Adjective),
        hidden("revision"),
    ];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        let known = |text: fn(&ServiceSubject) -> &str| {
            self.subject
                .map_or(Value::Absent, |subject| Value::Text(text(subject)))
        };
        let revision = self.subject.map(|subject| subject.revision.to_string());
        use_values(&[
            Value::Text(self.id.as_str()),
            Value::Text(self.outcome.as_str()),
            known(|service| service.name.as_str()),
            known(|service| service.kind.as_str()),
            self.subject
                .map_or(Value::Absent, |service| Value::Bool(service.active)),
            known(|service| status(service.active)),
            revision.as_deref().map_or(Value::Absent, Value::Text),
        ])
    }
}

/// A service that refers to another connector, or would.
#[derive(Debug)]
pub struct MoveRow<'a> {
    /// Which connector gives way to which.
    pub replacement: &'a Replacement,
    /// The service.
    pub one: &'a Move,
    /// What became of it.
    pub outcome: MoveOutcome,
}

impl Record for MoveRow<'_> {
    const COLUMNS: &'static [Column] = &[
        hidden("type"),
        listed("id", "ID"),
        listed("outcome", "OUTCOME").of(Content::Word),
        listed("roles", "ROLES"),
        listed("from", "FROM").said(After("from")),
        listed("to", "TO").said(After("to")),
        hidden("revision"),
        hidden("from_revision"),
        hidden("to_revision"),
    ];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        let Replacement { from, to, .. } = self.replacement;
        let roles: Vec<_> = self.one.roles.iter().map(|role| role.to_string()).collect();
        let revision = self.one.revision.to_string();
        // A plan holds what was looked at of the connectors as well.
        let is_plan = self.outcome == MoveOutcome::WouldReplace;
        let looked_at = |end: &End| is_plan.then(|| end.revision.to_string());
        let (from_revision, to_revision) = (looked_at(from), looked_at(to));
        use_values(&[
            Value::Text("service"),
            Value::Text(self.one.service.as_str()),
            Value::Text(self.outcome.as_str()),
            Value::List(&roles),
            Value::Text(from.id.as_str()),
            Value::Text(to.id.as_str()),
            Value::Text(&revision),
            from_revision.as_deref().map_or(Value::Absent, Value::Text),
            to_revision.as_deref().map_or(Value::Absent, Value::Text),
        ])
    }
}

/// A connector that goes, or a service that changes first so that it can.
#[derive(Debug)]
pub enum GoneRow<'a> {
    /// The service.
    Moved(MoveRow<'a>),
    /// The connector.
    Gone(&'a Row<'a, ConnectorSubject>),
}

impl Record for GoneRow<'_> {
    const COLUMNS: &'static [Column] = &[
        hidden("type"),
        listed("id", "ID"),
        listed("outcome", "OUTCOME").of(Content::Word),
        listed("name", "NAME").of(Content::Text),
        listed("system", "SYSTEM"),
        listed("environment", "ENVIRONMENT").of(Content::Word),
        listed("roles", "ROLES"),
        listed("from", "FROM"),
        listed("to", "TO"),
        hidden("revision"),
        json_only("from_revision"),
        json_only("to_revision"),
        hidden("references"),
        json_only("used_by"),
        json_only("guards"),
        json_only("retired_until"),
        json_only("attempts"),
        json_only("last_attempt_by"),
        json_only("last_attempt_at"),
    ];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        const ABSENT: Value<'static> = Value::Absent;
        match self {
            Self::Moved(row) => row.with_values(|values| {
                let Some((known, rest)) = values.split_at_checked(3) else {
                    return use_values(values);
                };
                let values = known.iter().chain([&ABSENT, &ABSENT, &ABSENT]).chain(rest);
                let values = values.chain(std::iter::repeat(&ABSENT));
                let values: Vec<_> = values.take(Self::COLUMNS.len()).copied().collect();
                use_values(&values)
            }),
            Self::Gone(row) => row.with_values(|values| {
                let [id, outcome, name, system, environment, revision, rest @ ..] = values else {
                    return use_values(values);
                };
                let kind = Value::Text("connector");
                let known = [&kind, id, outcome, name, system, environment];
                let values = known.into_iter().chain([&ABSENT, &ABSENT, &ABSENT]);
                let values = values.chain([revision, &ABSENT, &ABSENT]).chain(rest);
                use_values(&values.copied().collect::<Vec<_>>())
            }),
        }
    }
}

fn status(active: bool) -> &'static str {
    if active { "active" } else { "inactive" }
}

fn references<'a, S: Subject>(row: &Row<'a, S>) -> Value<'a> {
    row.usage
        .map_or(Value::Absent, |usage| Value::References(&usage.references))
}

/// An action of a workflow that depends on something, beside what the actions delete.
#[derive(Debug, Clone)]
pub struct ActionEntry {
    /// Its place in the file, counted from 1.
    pub number: usize,
    /// Whether it runs.
    pub runs: bool,
    /// What it deletes, with its tokens as they were written.
    pub entry_id: String,
    /// Its condition; none where it was taken out of the workflow.
    pub condition: Option<String>,
}

impl Record for ActionEntry {
    const COLUMNS: &'static [Column] = &[
        hidden("type"),
        hidden("action"),
        hidden("outcome"),
        hidden("entry_id"),
        hidden("condition"),
        hidden("holds"),
    ];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        let holds = self.condition.as_ref().map(|_| self.runs);
        use_values(&[
            Value::Text("action"),
            Value::Number(self.number as u64),
            Value::Text(if self.runs { "runs" } else { "skipped" }),
            Value::Text(&self.entry_id),
            self.condition.as_deref().map_or(Value::Absent, Value::Text),
            holds.map_or(Value::Absent, Value::Bool),
        ])
    }
}

/// A secret, by its name.
#[derive(Debug)]
pub struct SecretEntry<'a> {
    /// The name.
    pub name: &'a SecretName,
    /// The connector it belongs to.
    pub connector: &'a ConnectorId,
    /// When its value was set.
    pub set_at: Option<Time>,
}

impl Record for SecretEntry<'_> {
    const COLUMNS: &'static [Column] = &[
        listed("name", "NAME"),
        listed("connector", "CONNECTOR").said(After("of")),
        listed("set_at", "SET").of(Content::Time),
    ];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        let set_at = self.set_at.map(|time| time.to_string());
        use_values(&[
            Value::Text(self.name.as_str()),
            Value::Text(self.connector.as_str()),
            set_at.as_deref().into(),
        ])
    }
}

/// A public key that secrets are encrypted for.
#[derive(Debug)]
pub struct RecipientEntry<'a> {
    /// The key.
    pub recipient: &'a str,
    /// From when on.
    pub added_at: Time,
    /// What kind of key it is.
    pub kind: &'a str,
    /// Whose it is.
    pub comment: Option<&'a str>,
}

impl Record for RecipientEntry<'_> {
    const COLUMNS: &'static [Column] = &[
        listed("recipient", "RECIPIENT"),
        listed("added_at", "ADDED").of(Content::Time),
        listed("type", "TYPE").said(After("of type")),
        listed("comment", "COMMENT").of(Content::Text),
    ];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        let added_at = self.added_at.to_string();
        use_values(&[
            Value::Text(self.recipient),
            Value::Text(&added_at),
            Value::Text(self.kind),
            self.comment.into(),
        ])
    }
}

/// The role of a user.
#[derive(Debug)]
pub struct GrantEntry<'a> {
    /// The user.
    pub user: &'a str,
    /// The role.
    pub role: UserRole,
    /// When it was given.
    pub granted_at: Option<Time>,
}

impl Record for GrantEntry<'_> {
    const COLUMNS: &'static [Column] = &[
        listed("user", "USER"),
        listed("role", "ROLE"),
        listed("granted_at", "GRANTED").of(Content::Time),
    ];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        let granted_at = self.granted_at.map(|time| time.to_string());
        use_values(&[
            Value::Text(self.user),
            Value::Text(self.role.as_str()),
            granted_at.as_deref().into(),
        ])
    }
}

impl Record for AuditEntry<'_> {
    const COLUMNS: &'static [Column] = &[
        listed("sequence", "SEQUENCE"),
        listed("time", "TIME"),
        listed("user", "USER").said(After("of user")),
        hidden("uid"),
        hidden("sudo_user"),
        hidden("host"),
        hidden("command"),
        listed("action", "ACTION"),
        listed("subject", "SUBJECT"),
        listed("outcome", "OUTCOME").of(Content::Word),
        listed("reason", "REASON").of(Content::Sentence),
        hidden("detail"),
        hidden("hash"),
    ];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        let hash = self.hash.to_string();
        // In a trail that was tampered with it may be no JSON.
        let is_json = |text: &&str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        let detail = self.detail.as_deref();
        let detail = detail.filter(is_json).map_or(detail.into(), Value::Json);
        use_values(&[
            Value::Number(self.sequence),
            Value::Text(&self.time),
            Value::Text(&self.user),
            Value::Number(self.uid.into()),
            self.sudo_user.as_deref().into(),
            Value::Text(&self.host),
            Value::Text(&self.command),
            Value::Text(&self.action),
            self.subject.as_deref().into(),
            Value::Text(&self.outcome),
            self.reason.as_deref().into(),
            detail,
            Value::Text(&hash),
        ])
    }
}

/// Where the audit trail ends.
#[derive(Debug)]
pub struct ChainHead {
    /// How many entries there are.
    pub sequence: u64,
    /// The hash of the last one.
    pub hash: Hash,
}

impl Record for ChainHead {
    const COLUMNS: &'static [Column] = &[listed("head", "HEAD"), listed("entries", "ENTRIES")];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        let hash = self.hash.to_string();
        use_values(&[Value::Text(&hash), Value::Number(self.sequence)])
    }
}

/// Whether a policy is on.
#[derive(Debug)]
pub struct PolicyState {
    /// The policy.
    pub policy: Policy,
    /// Whether it is on.
    pub on: bool,
}

impl Record for PolicyState {
    const COLUMNS: &'static [Column] = &[
        listed("name", "NAME"),
        listed("value", "VALUE"),
        listed("description", "DESCRIPTION").of(Content::Sentence),
    ];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        use_values(&[
            Value::Text(self.policy.as_str()),
            Value::Bool(self.on),
            Value::Text(self.policy.description()),
        ])
    }
}
