//! What programs beyond the store say of connectors: who else uses them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{ConnectorId, ConnectorSubject, Plan, State, Usage};

/// A use of a connector that a guard knows of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GuardUse {
    /// The guard.
    pub guard: String,
    /// Who or what uses the connector, in the guard's words.
    pub used_by: String,
    /// Where that can be looked up, in the guard's words.
    #[serde(rename = "where")]
    pub place: String,
}

/// What the guards said of the connectors that they were asked about.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// The connectors that every guard was asked about; `None` where there are no guards.
    asked: Option<BTreeSet<ConnectorId>>,
    uses: BTreeMap<ConnectorId, Vec<GuardUse>>,
}

impl Answers {
    /// Nobody needs to be asked, because no guard is configured.
    #[must_use]
    pub fn without_guards() -> Self {
        Self::default()
    }

    /// Guards are being asked about these connectors.
    pub fn about<'a>(connectors: impl IntoIterator<Item = &'a ConnectorId>) -> Self {
        Self {
            asked: Some(connectors.into_iter().cloned().collect()),
            uses: BTreeMap::new(),
        }
    }

    /// The connectors that the guards are asked about, by id.
    pub fn asked(&self) -> impl Iterator<Item = &ConnectorId> {
        self.asked.iter().flatten()
    }

    /// Adds what a guard said; false if it was not asked about this connector.
    #[must_use]
    pub fn add(&mut self, connector: ConnectorId, found: GuardUse) -> bool {
        let is_asked = self.asked.is_some() && self.covers(&connector);
        if is_asked {
            self.uses.entry(connector).or_default().push(found);
        }
        is_asked
    }

    /// What the guards know of a connector.
    #[must_use]
    pub fn uses(&self, connector: &ConnectorId) -> &[GuardUse] {
        self.uses.get(connector).map_or(&[], Vec::as_slice)
    }

    fn covers(&self, connector: &ConnectorId) -> bool {
        self.asked
            .as_ref()
            .is_none_or(|asked| asked.contains(connector))
    }

    /// Marks as in use what a guard has named.
    pub fn apply(&self, plan: &mut Plan<ConnectorSubject>) {
        for entry in &mut plan.entries {
            let guards = self.uses(entry.id());
            if guards.is_empty() {
                continue;
            }
            let guards = guards.to_vec();
            match entry {
                State::InUse(_, usage) => usage.guards = guards,
                State::Free(subject) | State::Protected(subject) | State::OnTrial(subject) => {
                    let usage = Usage {
                        guards,
                        ..Usage::default()
                    };
                    *entry = State::InUse(subject.clone(), Box::new(usage));
                }
                State::Missing(_) => {}
            }
        }
    }

    /// What can go by the plan, but was picked only after the guards had been asked.
    pub fn unasked<'a>(
        &'a self,
        plan: &'a Plan<ConnectorSubject>,
    ) -> impl Iterator<Item = &'a ConnectorId> {
        plan.free().map(|one| &one.id).filter(|id| !self.covers(id))
    }

    /// These connectors as ones that may be deleted; `None` if a guard names one of them or was not
    /// asked about it.
    #[must_use]
    pub fn clear<'a>(&self, connectors: &'a [ConnectorId]) -> Option<Cleared<'a>> {
        let is_clear = |id| self.covers(id) && self.uses(id).is_empty();
        connectors
            .iter()
            .all(is_clear)
            .then_some(Cleared(connectors))
    }
}

/// Connectors that no guard has named. The store deletes no others, so that no way of deleting can
/// forget to ask.
#[derive(Debug, Clone, Copy)]
pub struct Cleared<'a>(&'a [ConnectorId]);

impl<'a> Cleared<'a> {
    /// The connectors.
    #[must_use]
    pub fn ids(self) -> &'a [ConnectorId] {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> ConnectorId {
        text.parse().unwrap()
    }

    fn found() -> GuardUse {
        GuardUse {
            guard: "git".to_owned(),
            used_by: "deploy".to_owned(),
            place: "deploy.yaml:3".to_owned(),
        }
    }

    #[test]
    fn only_what_every_guard_was_asked_about_and_none_named_is_cleared() {
        let (a, b, c) = (id("a"), id("b"), id("c"));
        let mut answers = Answers::about([&a, &b]);
        assert!(answers.add(b.clone(), found()));
        assert!(!answers.add(c.clone(), found()));
        let is_clear = |id: &ConnectorId| answers.clear(std::slice::from_ref(id)).is_some();
        assert!(is_clear(&a));
        assert!(!is_clear(&b));
        assert!(!is_clear(&c));
        assert!(Answers::without_guards().clear(&[a, b, c]).is_some());
    }

    #[test]
    fn who_is_not_asked_has_nothing_to_say() {
        assert!(!Answers::without_guards().add(id("a"), found()));
    }
}
