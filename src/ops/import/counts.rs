//! What an import did, counted.

use serde::Serialize;

use super::secrets::SecretCount;
use crate::model::text;

/// What an import did to one kind of record. What cannot happen is not counted.
#[derive(Debug, Default, Clone, Serialize)]
pub(super) struct Count {
    added: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merged: Option<usize>,
    unchanged: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted: Option<usize>,
}

/// What an import did.
#[derive(Debug, Default, Serialize)]
pub(super) struct Counts {
    pub(super) connectors: Count,
    pub(super) services: Count,
    #[serde(skip_serializing_if = "SecretCount::is_empty")]
    pub(super) secrets: SecretCount,
}

/// What became of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Added,
    Replaced,
    Merged,
    Unchanged,
}

impl Fate {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Replaced => "replaced",
            Self::Merged => "merged",
            Self::Unchanged => "unchanged",
        }
    }
}

impl Count {
    /// Nothing yet, where what exists becomes this, and what is no longer there may go.
    pub(super) fn new(change: Fate, may_delete: bool) -> Self {
        Self {
            replaced: (change == Fate::Replaced).then_some(0),
            merged: (change == Fate::Merged).then_some(0),
            deleted: may_delete.then_some(0),
            ..Self::default()
        }
    }

    pub(super) fn note(&mut self, fate: Fate) {
        match fate {
            Fate::Added => self.added += 1,
            Fate::Replaced => *self.replaced.get_or_insert_default() += 1,
            Fate::Merged => *self.merged.get_or_insert_default() += 1,
            Fate::Unchanged => self.unchanged += 1,
        }
    }

    /// Counts what went.
    pub(super) fn note_deleted(&mut self, count: usize) {
        *self.deleted.get_or_insert_default() += count;
    }

    /// How many records there were.
    pub(super) fn records(&self) -> usize {
        let changed = [self.replaced, self.merged].into_iter().flatten();
        self.added + self.unchanged + changed.sum::<usize>()
    }

    fn is_new(&self) -> bool {
        let changed = [self.replaced, self.merged, self.deleted];
        changed.into_iter().flatten().sum::<usize>() + self.unchanged == 0
    }

    fn sentence(&self, noun: &str) -> String {
        let counted = [
            (self.replaced, "replaced"),
            (self.merged, "merged"),
            (Some(self.unchanged), "unchanged"),
            (self.deleted, "deleted"),
        ];
        let counted = counted
            .into_iter()
            .filter_map(|(count, verb)| Some(format!(", {} {verb}", count?)));
        let counted: String = counted.collect();
        format!("{} added{counted}", text::count(self.added, noun))
    }
}

impl Counts {
    /// What was imported, or would be, and what became of what was there already.
    pub(super) fn sentence(&self, is_dry_run: bool) -> String {
        let all = [(&self.connectors, "connector"), (&self.services, "service")];
        if all.iter().all(|(count, _)| count.is_new()) {
            let added = all.map(|(count, noun)| text::count(count.added, noun));
            let added = added.join(" and ");
            return if is_dry_run {
                format!("{added} would be imported; nothing was changed.")
            } else {
                format!("Imported {added}.")
            };
        }
        let counts = all.map(|(count, noun)| count.sentence(noun)).join("; ");
        if is_dry_run {
            format!("Would be imported: {counts}; nothing was changed.")
        } else {
            format!("Imported: {counts}.")
        }
    }
}
