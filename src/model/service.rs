//! Services.

use std::collections::BTreeSet;

use serde::Serialize;

use super::macros::named;
use super::{ConnectorId, Edit, Label, Name, Revision, Role, Search, ServiceId, Time};

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
    /// Where data comes from; never empty.
    pub sources: BTreeSet<ConnectorId>,
    /// Where data goes; never empty.
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
    /// Every connector the service refers to, with its role; one in both roles comes twice.
    pub fn connectors(&self) -> impl Iterator<Item = (Role, &ConnectorId)> {
        let sources = self.sources.iter().map(|id| (Role::Source, id));
        let destinations = self.destinations.iter().map(|id| (Role::Destination, id));
        sources.chain(destinations)
    }
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
    /// All sources, in place of those it has; empty for no change.
    pub sources: BTreeSet<ConnectorId>,
    /// All destinations, in place of those it has; empty for no change.
    pub destinations: BTreeSet<ConnectorId>,
}

impl ServiceEdit {
    /// Makes the change. Times and revision are the caller's to set.
    pub fn apply(self, service: &mut Service) {
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
        if !self.sources.is_empty() {
            service.sources = self.sources;
        }
        if !self.destinations.is_empty() {
            service.destinations = self.destinations;
        }
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
