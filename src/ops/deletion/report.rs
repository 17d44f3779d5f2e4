//! What became of each id.

use std::io;

use super::super::trial;
use super::{Deletion, Picked, Target, refusal};
use crate::error::{Error, Result, unless_closed};
use crate::model::{MoveOutcome, Outcome, Plan, Row};
use crate::output::{Closing, Format, GoneRow, MoveRow, Record, Rows};

impl Deletion<'_> {
    /// What there is to say of what stays and is no problem.
    pub(super) fn stays<T: Target>(&self, plan: &Plan<T>) -> Vec<String> {
        let mut said = trial::stays(plan);
        if self.options.ignore_in_use {
            said.extend(refusal::guarded(plan));
        }
        said
    }

    pub(super) fn report_refused<T: Target>(&self, plan: &Picked<T>, error: Error) -> Result<()>
    where
        for<'a> Row<'a, T>: Record,
    {
        unless_closed(self.report(plan, Outcome::Kept)).map_err(Error::output)?;
        Err(error)
    }

    /// Writes what became of each id. A table tells of what goes and of what is no problem; the
    /// rest stands in the error.
    pub(super) fn report<T: Target>(&self, plan: &Picked<T>, fate: Outcome) -> io::Result<()>
    where
        for<'a> Row<'a, T>: Record,
    {
        let deed = self.options.deed;
        let is_shown = |row: &Row<'_, T>| match (self.format, row.outcome) {
            (_, outcome) if outcome == deed.outcome() || outcome == deed.planned() => true,
            (Format::Ids, _) => false,
            (Format::Table, outcome) => {
                let stays = self.options.ignore_in_use
                    && matches!(
                        outcome,
                        Outcome::InUse | Outcome::Protected | Outcome::OnTrial
                    );
                (stays || outcome == Outcome::Skipped) && fate != Outcome::Kept
            }
            (_, _) => true,
        };
        let report = || {
            plan.report(fate, self.options.ignore_missing)
                .filter(|row| is_shown(row))
        };
        if self.format == Format::Table && report().next().is_none() {
            return Ok(());
        }
        let out = self.context.output(self.format);
        let style = self.context.style();
        if self.replace_with.is_none() {
            let mut rows = Rows::new(out, Row::<T>::COLUMNS, self.format, style)?;
            for row in report() {
                if self.format == Format::Ids {
                    rows.write_id(row.id.as_ref())?;
                } else {
                    rows.write(&row)?;
                }
            }
            for action in &self.actions {
                rows.write_beside(action)?;
            }
            return rows.finish().map(|closing| self.say_closing::<T>(&closing));
        }
        let mut rows = Rows::new(out, GoneRow::COLUMNS, self.format, style)?;
        let outcome = match fate {
            Outcome::Deleted => Some(MoveOutcome::Replaced),
            Outcome::WouldDelete => Some(MoveOutcome::WouldReplace),
            _ => None,
        };
        // As ids, what goes.
        if let (Some(outcome), true) = (outcome, self.format != Format::Ids) {
            for replacement in &plan.gives_way.moved {
                for one in &replacement.moves {
                    rows.write(&GoneRow::Moved(MoveRow {
                        replacement,
                        one,
                        outcome,
                    }))?;
                }
            }
        }
        for row in report() {
            if let Some(row) = T::as_connector(&row) {
                rows.write(&GoneRow::Gone(row))?;
            }
        }
        rows.finish().map(drop)
    }

    /// Says what a table of what was deleted leaves to be said.
    fn say_closing<T: Target>(&self, closing: &Closing) {
        if closing.is_needed() {
            let plural = format!("{}s", T::NOUN);
            self.context.ui.note(&closing.counted(T::NOUN, &plural));
        }
    }
}
