//! Putting one connector in the place of another, as a plan that says exactly what changes.

use std::collections::BTreeMap;

use super::macros::named;
use super::{ConnectorId, Revision, Role, ServiceId};

named! {
    /// What became of a service.
    pub enum MoveOutcome {
        /// It refers to the other connector now.
        Replaced = "replaced",
        /// It would have referred to it; this was a dry run.
        WouldReplace = "would_replace",
    }
}

/// The roles in which a service refers to a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles {
    source: bool,
    destination: bool,
}

impl Roles {
    /// Adds a role.
    pub fn insert(&mut self, role: Role) {
        match role {
            Role::Source => self.source = true,
            Role::Destination => self.destination = true,
        }
    }

    /// Each of them, sources first.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        let source = self.source.then_some(Role::Source);
        let destination = self.destination.then_some(Role::Destination);
        source.into_iter().chain(destination)
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        let mut all = Self::default();
        roles.into_iter().for_each(|role| all.insert(role));
        all
    }
}

/// A service that is to refer to another connector. It is small, because there may be many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The service.
    pub service: ServiceId,
    /// Where it refers to the connector that gives way.
    pub roles: Roles,
    /// The state of the service that was looked at, or that was made.
    pub revision: Revision,
}

/// A connector of a replacement, in the state that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Its id.
    pub id: ConnectorId,
    /// Its state.
    pub revision: Revision,
}

/// Which connector gives way to which, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// What gives way.
    pub from: End,
    /// What is put in its place.
    pub to: End,
    /// The services, by id.
    pub moves: Vec<Move>,
}

impl Replacement {
    /// The ids of what is not as it was `then`, in the replacement that somebody agreed to: a
    /// connector, a service with another revision or role, one that came, and one that went.
    #[must_use]
    pub fn changed_since<'a>(&'a self, then: &'a Self) -> Vec<&'a str> {
        let ends = [(&self.from, &then.from), (&self.to, &then.to)];
        let mut changed: Vec<&str> = ends
            .into_iter()
            .filter(|(now, then)| now != then)
            .map(|(_, then)| then.id.as_str())
            .collect();
        if self.moves == then.moves {
            return changed;
        }
        let mut left: BTreeMap<_, _> = then.moves.iter().map(|one| (&one.service, one)).collect();
        for one in &self.moves {
            if left.remove(&one.service) != Some(one) {
                changed.push(one.service.as_str());
            }
        }
        changed.extend(left.into_keys().map(ServiceId::as_str));
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replacement(to: u8, moves: &[(&str, &[Role], u8)]) -> Replacement {
        let end = |id: &str, revision| End {
            id: id.parse().unwrap(),
            revision: Revision::from_bytes([revision; 16]),
        };
        Replacement {
            from: end("old", 1),
            to: end("new", to),
            moves: moves
                .iter()
                .map(|(service, roles, revision)| Move {
                    service: service.parse().unwrap(),
                    roles: roles.iter().copied().collect(),
                    revision: Revision::from_bytes([*revision; 16]),
                })
                .collect(),
        }
    }

    #[test]
    fn whatever_is_not_as_it_was_is_named() {
        let source: &[Role] = &[Role::Source];
        let both: &[Role] = &[Role::Destination, Role::Source];
        let then = replacement(1, &[("a", source, 1), ("b", source, 1), ("c", source, 1)]);
        assert!(then.changed_since(&then).is_empty());
        let now = replacement(2, &[("a", source, 1), ("b", both, 1), ("d", source, 1)]);
        assert_eq!(now.changed_since(&then), ["new", "b", "d", "c"]);
        let now = replacement(1, &[("a", source, 2), ("b", source, 1), ("c", source, 1)]);
        assert_eq!(now.changed_since(&then), ["a"]);
    }

    #[test]
    fn sources_come_first() {
        let roles: Roles = [Role::Destination, Role::Source].into_iter().collect();
        assert_eq!(
            roles.iter().collect::<Vec<_>>(),
            [Role::Source, Role::Destination]
        );
    }
}
