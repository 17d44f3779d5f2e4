//! Whether what is there is still what somebody looked at.

use std::collections::BTreeSet;

use super::super::replace;
use super::refusal::Telling;
use super::{Deletion, Picked, Target, refusal};
use crate::error::{Error, Result};
use crate::model::{Options, Plan, Problem, Refusal, Row, State, Subject};
use crate::output::Record;
use crate::store::Snapshot;

impl Deletion<'_> {
    /// Why nothing may be deleted if what is there is not what the plan of somebody says.
    pub(super) fn changed_since_planned<T: Target>(&self, plan: &Picked<T>) -> Option<Error>
    where
        for<'a> Row<'a, T>: Record,
    {
        let planned = self.planned.as_ref()?;
        let moved = plan.gives_way.changed_since(&self.planned_moves);
        if !moved.is_empty() {
            return Some(replace::changed(
                self.options.deed.verb(),
                moved.into_iter(),
            ));
        }
        let is_changed = |entry: &&State<T>| match entry {
            State::Free(subject) => {
                let planned = planned.get(subject.id().as_ref());
                !planned.is_some_and(|planned| planned.is_still(subject))
            }
            State::Missing(_) => true,
            // Why they stay is told instead.
            State::InUse(..) | State::Protected(_) | State::OnTrial(_) => false,
        };
        let changed = plan.entries.iter().filter(is_changed);
        let changed: Vec<_> = changed.map(|entry| entry.id().as_ref()).collect();
        (!changed.is_empty()).then(|| refusal::changed(self.options.deed, T::NOUN, &changed))
    }

    /// Why nothing may be deleted if what is there is not what the person agreed to.
    pub(super) fn changed_since<T: Target>(
        &self,
        snapshot: &Snapshot<'_>,
        plan: &Picked<T>,
        shown: &Picked<T>,
    ) -> Result<Option<Error>> {
        if let Some(error) = self.came_into_use(snapshot, plan, shown)? {
            return Ok(Some(error));
        }
        let moved = plan.gives_way.changed_since(&shown.gives_way);
        if !moved.is_empty() {
            return Ok(Some(replace::changed(
                self.options.deed.verb(),
                moved.into_iter(),
            )));
        }
        let changed: Vec<_> = plan
            .changed_since(shown)
            .into_iter()
            .map(AsRef::as_ref)
            .collect();
        Ok((!changed.is_empty()).then(|| refusal::changed(self.options.deed, T::NOUN, &changed)))
    }

    /// Why nothing may be deleted if something that the person agreed to is in use by now, also where
    /// what was in use before is no problem.
    fn came_into_use<T: Target>(
        &self,
        snapshot: &Snapshot<'_>,
        plan: &Plan<T>,
        shown: &Plan<T>,
    ) -> Result<Option<Error>> {
        let agreed: BTreeSet<_> = shown.free().map(Subject::id).collect();
        let is_agreed = |(one, _): (&T, _)| agreed.contains(one.id());
        if !self.options.ignore_in_use || !plan.in_use().any(is_agreed) {
            return Ok(None);
        }
        let telling = Telling {
            options: Options {
                ignore_in_use: false,
                ..self.options
            },
            ..self.telling()
        };
        let refusal = Refusal::Problem(Problem::InUse);
        refusal::refused(snapshot, plan, &telling, refusal).map(Some)
    }
}
