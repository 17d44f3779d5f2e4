//! What somebody is shown and asked before anything goes.

use std::path::Path;

use super::super::ask;
use super::{Deletion, Picked, Target, counted_were};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{Deed, Plan, text};
use crate::output::layout;
use crate::store::Snapshot;

/// How many of the things to delete are shown before asking.
const SHOWN: usize = 20;

impl Deletion<'_> {
    /// What matters of those that are shown before asking.
    pub(super) fn facts<T: Target>(
        &self,
        snapshot: &Snapshot<'_>,
        plan: &Plan<T>,
    ) -> Result<Vec<String>> {
        let count = plan.free().count();
        let mut lines = Vec::new();
        for one in plan.free().take(SHOWN) {
            let facts = T::facts(snapshot, one.id(), self.options.deed)?;
            if count == 1 {
                lines.extend(facts.iter().map(|fact| format!("  {fact}")));
            } else if !facts.is_empty() {
                lines.push(format!("  {}: {}", one.id(), facts.join("; ")));
            }
        }
        Ok(lines)
    }

    /// Asks, after showing exactly what will go.
    pub(super) fn confirm<T: Target>(
        &self,
        plan: &Picked<T>,
        previews: &[String],
        remarks: &[String],
    ) -> Result<()> {
        let ui = &self.context.ui;
        let deed = self.options.deed;
        let verb = deed.verb();
        if !ui.can_ask(self.stdin_is_data) {
            return Err(Error::usage(format!(
                "{} not {}, because nobody can be asked",
                counted_were::<T>(plan.free().count()),
                deed.done()
            ))
            .hint(format!(
                "give --yes to {verb} without being asked, or --dry-run to see what would go"
            )));
        }
        self.notes.iter().for_each(|note| ui.say(note));
        for preview in previews {
            ui.say(&ui.folded(preview));
        }
        if plan.gives_way.moved.len() > previews.len() {
            let more = plan.gives_way.moved.len() - previews.len();
            ui.say(&format!(
                "So will the services of {}.",
                text::count(more, "more connector")
            ));
        }
        self.show(plan);
        for remark in remarks.iter().chain(&self.stays(plan)) {
            ui.say(&ui.folded(remark));
        }
        Going::of(plan).ask(deed, self.context, self.keep)
    }

    /// Shows what will go, and what matters of it.
    pub(in crate::ops) fn show<T: Target>(&self, plan: &Picked<T>) {
        let ui = &self.context.ui;
        let count = plan.free().count();
        let rows: Vec<_> = plan.free().take(SHOWN).map(Target::cells).collect();
        let consequence = self.options.deed.consequence();
        let these = if count == 1 {
            format!("This {} will be {consequence}:", T::NOUN)
        } else {
            let counted = text::count(count, T::NOUN);
            format!("These {counted} will be {consequence}:")
        };
        let table = layout(T::COLUMNS, &rows, Some(ui.notes_width()));
        ui.say(&format!("{these}\n{}", table.trim_end()));
        for fact in &plan.facts {
            ui.say(fact);
        }
        if count > SHOWN {
            ui.say(&format!("  … and {} more", count - SHOWN));
        }
    }
}

/// What a person is asked about: things that go, of one kind or several.
#[derive(Default)]
pub(in crate::ops) struct Going {
    count: usize,
    live: usize,
    /// The id, if there is only one.
    first: Option<String>,
}

impl Going {
    pub(in crate::ops) fn of<T: Target>(plan: &Plan<T>) -> Self {
        Self {
            count: plan.free().count(),
            live: plan.free().filter(|one| one.is_live()).count(),
            first: plan.free().next().map(|one| one.id().to_string()),
        }
    }

    /// These and those.
    pub(in crate::ops) fn and(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            live: self.live + other.live,
            first: self.first.or(other.first),
        }
    }

    /// How many there are.
    pub(in crate::ops) fn count(&self) -> usize {
        self.count
    }

    /// Asks whether this may be done to them, after they were shown.
    pub(in crate::ops) fn ask(
        self,
        deed: Deed,
        context: &Context,
        keep: Option<&Path>,
    ) -> Result<()> {
        let (ui, verb) = (&context.ui, deed.verb());
        if let Some(path) = keep {
            let note = format!("A copy goes to {}", text::path(path));
            ui.say(&text::visible(&note));
        }
        let Self { count, live, .. } = self;
        let mut wanted = count.to_string();
        let answer = if live == 0 {
            ui.confirm(match (deed, count) {
                (Deed::Delete, 1) => "Delete it?",
                (Deed::Delete, _) => "Delete them?",
                (Deed::Retire { .. }, 1) => "Retire it?",
                (Deed::Retire { .. }, _) => "Retire them?",
            })
        } else {
            let question = if let (1, Some(only)) = (count, self.first) {
                wanted = only;
                format!("It is live. Type {wanted} to {verb} it:")
            } else if live == count {
                format!("All are live. Type their number, {wanted}, to {verb} them:")
            } else {
                let are = if live == 1 { "is" } else { "are" };
                format!(
                    "{live} of them {are} live. Type the number of all, {wanted}, to {verb} them:"
                )
            };
            ui.confirm_by_typing(&question, &wanted)
        };
        ask::checked(answer)
    }
}
