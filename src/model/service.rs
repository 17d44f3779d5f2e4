//! Services.

use std::collections::BTreeSet;

use serde::Serialize;

use super::macros::named;
use super::{
    ConnectorId, Detail, Edit, Label, Name, Revision, Role, Roles, Search, ServiceId, Time,
    without_values,
};

named! {
    /// How a service works.
    #[derive(Default)]
    pub enum ServiceKind {
        /// Moves new data.
        #[default]
        Standard = "standard",
        /// Looks for what a standard service missed.
        Sweeper = "sweeper",
    }
}

/// A flow that moves data from source connectors to destination connectors.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Service {
    /// Identifies the service; it never changes.
    pub id: ServiceId,
    /// What people call it.
    pub name: Name,
    /// How it works.
    pub kind: ServiceKind,
    /// Whether it runs. An inactive service protects its connectors all the same.
    pub active: bool,
    /// When it runs: free text, for example a cron expression.
    pub schedule: Option<String>,
    /// Free text.
    pub note: Option<String>,
    /// Where data comes from. A service has at least one connector in all.
    pub sources: BTreeSet<ConnectorId>,
    /// Where data goes.
    pub destinations: BTreeSet<ConnectorId>,
    /// When it was added.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// New at every change.
    pub revision: Revision,
    /// The mirror that brought it.
    pub origin: Option<Label>,
}

impl Service {
    /// What the audit trail keeps of it: no note.
    pub fn detail(&self) -> Detail {
        serde_json::to_value(self).map_or(Detail::None, |value| without_values(value).into())
    }

    /// Every connector the service refers to, with its role; one in both roles comes twice.
    pub fn connectors(&self) -> impl Iterator<Item = (Role, &ConnectorId)> {
        let sources = self.sources.iter().map(|id| (Role::Source, id));
        let destinations = self.destinations.iter().map(|id| (Role::Destination, id));
        sources.chain(destinations)
    }

    /// The connectors in a role.
    #[must_use]
    pub fn in_role(&self, role: Role) -> &BTreeSet<ConnectorId> {
        match role {
            Role::Source => &self.sources,
            Role::Destination => &self.destinations,
        }
    }

    /// Refers to one connector in place of another, in the same roles, and tells in which. A role
    /// that names both already loses the one that gives way.
    pub fn replace(&mut self, from: &ConnectorId, to: &ConnectorId) -> Roles {
        let is_moved = |role: &Role| {
            let connectors = self.in_role_mut(*role);
            let is_there = connectors.remove(from);
            if is_there {
                connectors.insert(to.clone());
            }
            is_there
        };
        Role::ALL.into_iter().filter(is_moved).collect()
    }

    fn in_role_mut(&mut self, role: Role) -> &mut BTreeSet<ConnectorId> {
        match role {
            Role::Source => &mut self.sources,
            Role::Destination => &mut self.destinations,
        }
    }
}

/// What becomes of the connectors of a service in one role.
#[derive(Debug, Clone, Default)]
pub enum RoleEdit {
    /// They stay as they are.
    #[default]
    Keep,
    /// They are these.
    Replace(BTreeSet<ConnectorId>),
    /// Some come, which may be there already, and some go, which must be there.
    Change {
        /// Those that come.
        add: BTreeSet<ConnectorId>,
        /// Those that go.
        remove: BTreeSet<ConnectorId>,
    },
}

/// A change that a service cannot take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImpossibleEdit {
    /// What is to go is not there.
    #[error("{connector} is no {role} of service {service}")]
    NotThere {
        /// The service.
        service: ServiceId,
        /// In which role.
        role: Role,
        /// What is not there.
        connector: ConnectorId,
    },
    /// The service would refer to no connector at all.
    #[error("service {0} would be left without any connector")]
    NothingLeft(ServiceId),
}

/// A change of a service; what is not named stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ServiceEdit {
    /// A new name.
    pub name: Option<Name>,
    /// A new kind.
    pub kind: Option<ServiceKind>,
    /// Whether it runs.
    pub active: Option<bool>,
    /// When it runs.
    pub schedule: Edit<String>,
    /// The note.
    pub note: Edit<String>,
    /// The sources.
    pub sources: RoleEdit,
    /// The destinations.
    pub destinations: RoleEdit,
}

impl ServiceEdit {
    /// Whether a field is of no account, because the change sets it.
    #[must_use]
    pub fn sets(&self, field: &str) -> bool {
        match field {
            "name" => self.name.is_some(),
            "kind" => self.kind.is_some(),
            "active" => self.active.is_some(),
            "schedule" => self.schedule.is_any(),
            "note" => self.note.is_any(),
            field => matches!(field, "updated_at" | "revision"),
        }
    }

    /// Makes the change. Times and revision are the caller's to set. After an error the service is
    /// of no use.
    pub fn apply(self, service: &mut Service) -> Result<(), ImpossibleEdit> {
        if let Some(name) = self.name {
            service.name = name;
        }
        if let Some(kind) = self.kind {
            service.kind = kind;
        }
        if let Some(active) = self.active {
            service.active = active;
        }
        self.schedule.apply(&mut service.schedule);
        self.note.apply(&mut service.note);
        for (role, edit) in [
            (Role::Source, self.sources),
            (Role::Destination, self.destinations),
        ] {
            match edit {
                RoleEdit::Keep => {}
                RoleEdit::Replace(connectors) => *service.in_role_mut(role) = connectors,
                RoleEdit::Change { mut add, remove } => {
                    for connector in remove {
                        if !service.in_role_mut(role).remove(&connector) {
                            return Err(ImpossibleEdit::NotThere {
                                service: service.id.clone(),
                                role,
                                connector,
                            });
                        }
                    }
                    service.in_role_mut(role).append(&mut add);
                }
            }
        }
        if service.connectors().next().is_none() {
            return Err(ImpossibleEdit::NothingLeft(service.id.clone()));
        }
        Ok(())
    }
}

/// Which services a list shows; the conditions combine with AND.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceFilter {
    /// Only the active or only the inactive ones.
    pub active: Option<bool>,
    /// Only those of this kind.
    pub kind: Option<ServiceKind>,
    /// Only those that refer to this connector.
    pub uses: Option<ConnectorId>,
    /// Only those with this text in id or name.
    pub search: Option<Search>,
}

/// A service as a list shows it. Borrowed, so that a long list allocates little for a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceSummary<'a> {
    /// The id.
    pub id: &'a str,
    /// The name; it may hold control characters.
    pub name: &'a str,
    /// `standard` or `sweeper`.
    pub kind: &'a str,
    /// Whether it runs.
    pub active: bool,
    /// When it runs.
    pub schedule: Option<&'a str>,
    /// The ids of its sources, sorted.
    pub sources: &'a [String],
    /// The ids of its destinations, sorted.
    pub destinations: &'a [String],
    /// When it was last changed.
    pub updated_at: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Time;

    fn ids(list: &str) -> BTreeSet<ConnectorId> {
        list.split_terminator(' ')
            .map(|id| id.parse().unwrap())
            .collect()
    }

    fn service(sources: &str, destinations: &str) -> Service {
        let time: Time = "2026-11-21T00:00:00Z".parse().unwrap();
        Service {
            id: "flow".parse().unwrap(),
            name: "Flow".parse().unwrap(),
            kind: ServiceKind::Standard,
            active: true,
            schedule: None,
            note: None,
            sources: ids(sources),
            destinations: ids(destinations),
            created_at: time,
            updated_at: time,
            revision: Revision::from_bytes([1; 16]),
            origin: None,
        }
    }

    fn change(add: &str, remove: &str) -> RoleEdit {
        RoleEdit::Change {
            add: ids(add),
            remove: ids(remove),
        }
    }

    #[test]
    fn connectors_come_and_go_one_by_one() {
        let mut flow = service("a b", "x");
        let edit = ServiceEdit {
            sources: change("c b", "a"),
            destinations: RoleEdit::Replace(ids("y z")),
            ..ServiceEdit::default()
        };
        edit.apply(&mut flow).unwrap();
        assert_eq!(flow, service("b c", "y z"));
    }

    #[test]
    fn a_connector_gives_way_in_every_role() {
        let replaced = |sources, destinations| {
            let mut flow = service(sources, destinations);
            let roles = flow.replace(&"old".parse().unwrap(), &"new".parse().unwrap());
            (flow, roles.iter().collect::<Vec<_>>())
        };
        let (source, destination) = (Role::Source, Role::Destination);
        assert_eq!(
            replaced("old a", "x"),
            (service("new a", "x"), vec![source])
        );
        assert_eq!(
            replaced("old", "old new"),
            (service("new", "new"), vec![source, destination])
        );
        assert_eq!(replaced("a", "new"), (service("a", "new"), vec![]));
    }

    #[test]
    fn what_is_not_there_cannot_go_and_something_stays() {
        let refused = |sources, destinations| {
            let edit = ServiceEdit {
                sources,
                destinations,
                ..ServiceEdit::default()
            };
            edit.apply(&mut service("a", "x")).err()
        };
        assert_eq!(
            refused(change("", "x"), RoleEdit::Keep),
            Some(ImpossibleEdit::NotThere {
                service: "flow".parse().unwrap(),
                role: Role::Source,
                connector: "x".parse().unwrap(),
            })
        );
        assert_eq!(refused(change("", "a"), RoleEdit::Keep), None);
        assert_eq!(
            refused(change("", "a"), change("", "x")),
            Some(ImpossibleEdit::NothingLeft("flow".parse().unwrap()))
        );
        assert_eq!(refused(change("b", "a"), change("", "x")), None);
    }
}
