//! The entries of the audit trail for people: what happened, in words.

use super::column::Constant::After;
use super::column::{Column, Content, Record, Value, listed};
use crate::model::AuditEntry;

/// What is said of each action: when it was done, when it was only tried, and of what.
const WORDS: &[(&str, [&str; 3])] = &[
    ("connector.add", ["added", "add", "connector"]),
    ("connector.edit", ["changed", "change", "connector"]),
    ("connector.rename", ["renamed", "rename", "connector"]),
    ("connector.protect", ["protected", "protect", "connector"]),
    (
        "connector.unprotect",
        ["lifted", "lift", "the protection of connector"],
    ),
    (
        "connector.retire",
        ["put on trial", "put on trial", "connector"],
    ),
    (
        "connector.revive",
        ["ended", "end", "the trial of connector"],
    ),
    ("connector.use", ["used", "use", "connector"]),
    ("connector.delete", ["deleted", "delete", "connector"]),
    ("service.add", ["added", "add", "service"]),
    ("service.edit", ["changed", "change", "service"]),
    ("service.delete", ["deleted", "delete", "service"]),
    ("import", ["imported", "import", ""]),
    ("secret.set", ["set", "set", "secret"]),
    ("secret.read", ["read", "read", "secret"]),
    ("secret.delete", ["deleted", "delete", "secret"]),
    ("key.add", ["added", "add", "key"]),
    ("key.remove", ["removed", "remove", "key"]),
    ("policy.set", ["set", "set", "policy"]),
    ("access.grant", ["gave", "give", "a role to"]),
    ("access.revoke", ["took", "take", "the role of"]),
    ("compact", ["compacted", "compact", "the store"]),
    ("store.restore", ["restored", "restore", "the store from"]),
    (
        "trail.rewrite",
        ["took values out of", "take values out of", "the trail"],
    ),
];

/// What happened, in words: `tried to delete connector a: in use (reason: old)`.
fn in_words(entry: &AuditEntry<'_>) -> String {
    let known = WORDS.iter().find(|(action, _)| *action == entry.action);
    let [done, tried, of] = known.map_or(["did", "do", &*entry.action], |(_, words)| *words);
    let is_done = entry.outcome == "done";
    let mut words = if is_done {
        done.to_owned()
    } else {
        format!("tried to {tried}")
    };
    let several = entry.subject.is_none().then(|| count(entry)).flatten();
    match (&entry.subject, several) {
        (None, Some(count)) => words.push_str(&format!(" {count} {of}s")),
        (subject, _) => {
            for part in [of, subject.as_deref().unwrap_or_default()] {
                if !part.is_empty() {
                    words.push(' ');
                    words.push_str(part);
                }
            }
        }
    }
    if !is_done {
        words.push_str(&format!(": {}", entry.outcome.replace('_', " ")));
    }
    if let Some(reason) = &entry.reason {
        words.push_str(&format!(" (reason: {reason})"));
    }
    words
}

/// Of how many an entry tells that has no single subject.
fn count(entry: &AuditEntry<'_>) -> Option<u64> {
    let detail: serde_json::Value = serde_json::from_str(entry.detail.as_deref()?).ok()?;
    detail.get("count")?.as_u64()
}

/// An entry of the audit trail as somebody at a terminal reads it.
#[derive(Debug)]
pub struct EventLine<'a>(pub &'a AuditEntry<'a>);

impl Record for EventLine<'_> {
    const COLUMNS: &'static [Column] = &[
        listed("sequence", "NO"),
        listed("time", "TIME"),
        listed("user", "WHO").said(After("by")),
        listed("what", "WHAT").of(Content::Sentence),
    ];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        let Self(entry) = self;
        let caller = entry.sudo_user.as_ref();
        let who = match caller.filter(|caller| **caller != entry.user) {
            Some(caller) => format!("{} (sudo: {caller})", entry.user),
            None => entry.user.to_string(),
        };
        use_values(&[
            Value::Number(entry.sequence),
            Value::Text(&entry.time),
            Value::Text(&who),
            Value::Text(&in_words(entry)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Action, Hash};

    fn words(action: &str, subject: Option<&str>, outcome: &str, detail: Option<&str>) -> String {
        in_words(&AuditEntry {
            sequence: 1,
            time: "2026-11-21T10:00:00Z".into(),
            user: "kim".into(),
            uid: 1000,
            sudo_user: None,
            host: "host".into(),
            command: "delete".into(),
            action: action.into(),
            subject: subject.map(Into::into),
            outcome: outcome.into(),
            reason: (outcome == "in_use").then(|| "old".into()),
            detail: detail.map(Into::into),
            hash: Hash::START,
        })
    }

    #[test]
    fn every_action_has_words() {
        for action in Action::ALL.map(Action::as_str) {
            assert!(WORDS.iter().any(|(known, _)| *known == action), "{action}");
        }
    }

    #[test]
    fn what_happened_is_a_sentence() {
        let delete = |subject, outcome, detail| words("connector.delete", subject, outcome, detail);
        assert_eq!(delete(Some("a"), "done", None), "deleted connector a");
        assert_eq!(
            delete(Some("a"), "in_use", None),
            "tried to delete connector a: in use (reason: old)"
        );
        assert_eq!(
            delete(None, "declined", Some("{\"count\":3}")),
            "tried to delete 3 connectors: declined"
        );
        assert_eq!(
            delete(None, "changed", Some("no JSON")),
            "tried to delete connector: changed"
        );
        assert_eq!(
            words("moon.land", Some("x"), "done", None),
            "did moon.land x"
        );
    }
}
