//! The way of every deletion: select, plan, confirm, delete, report.

mod choose;
mod collect;
mod plan;
mod question;
mod refusal;
mod report;
mod since;
mod target;
mod trail;

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::path::Path;

use serde_json::Value;

use self::plan::Planned;
pub(in crate::ops) use self::question::Going;
use self::refusal::Telling;
use self::trail::recorded;
use super::keep::{self, Copy};
use super::tokens::Tokens;
use super::{replace, trial};
use crate::context::{Change, Context, Intent, Reader};
use crate::error::{Error, Kind, Result, unless_closed};
use crate::model::{
    Answers, ConnectorId, Deed, Detail, Options, Plan, Problem, Refusal, Row, State, Subject, text,
};
use crate::output::{ActionEntry, Format, Record};
use crate::store::Snapshot;

pub use refusal::ways_out;
pub use target::{GivesWay, Target};

/// Of how many connectors that give way to another one the services are shown before asking.
const PREVIEWED: usize = 5;

/// How a deletion is confirmed.
#[derive(Debug, Clone, Copy)]
pub struct Confirmation<'a> {
    /// Nobody is asked.
    pub yes: bool,
    /// Nothing is deleted; what would be is said.
    pub dry_run: bool,
    /// How many must go, neither more nor fewer.
    pub expect: Option<usize>,
    /// The new file that a copy of what is deleted goes to.
    pub keep: Option<&'a Path>,
}

/// What is to be deleted.
pub enum Selection<'a> {
    /// What these words name; `-` stands for the ids on standard input, which end in NUL or else in
    /// a line end.
    Words {
        /// Ids, with tokens to be filled in.
        words: &'a [String],
        /// Whether ids on standard input end in NUL.
        null: bool,
        /// What tokens stand for.
        tokens: Tokens<'a>,
    },
    /// What a dry run planned; `-` is standard input.
    Plan(&'a Path),
    /// What the person at the terminal chooses.
    Choice,
}

/// Deletes what is selected, by the options, whose `expect` is that of `confirmation`. Services that
/// refer to it refer to `replace_with` then, if there is one.
pub fn run<T: Target>(
    selection: &Selection<'_>,
    confirmation: Confirmation<'_>,
    options: Options,
    replace_with: Option<&ConnectorId>,
    context: &Context,
) -> Result<()>
where
    for<'a> Row<'a, T>: Record,
{
    let mut deletion = Deletion::new(context, confirmation)?;
    if let Deed::Retire { .. } = options.deed {
        deletion.nothing = "No ids were given; nothing was retired.";
    }
    deletion.replace_with = replace_with.cloned();
    deletion.options = Options {
        expect: confirmation.expect,
        ..options
    };
    let ids: Vec<T::Id> = match selection {
        Selection::Plan(path) => {
            deletion.stdin_is_data = *path == Path::new("-");
            let planned = plan::read::<T>(path, options.deed)?;
            deletion.replace_with = planned.moved.first().map(|one| one.to.id.clone());
            deletion.planned_moves.moved = planned.moved;
            let ids = planned.ids.iter().map(|(id, _)| id.clone()).collect();
            let planned = planned.ids.into_iter();
            let planned = planned.map(|(id, planned)| (id.as_ref().to_owned(), planned));
            deletion.planned = Some(planned.collect());
            ids
        }
        Selection::Choice => choose::choose::<T>(&options, confirmation.dry_run, context)?,
        Selection::Words {
            words,
            null,
            tokens,
        } => {
            deletion.stdin_is_data = words.iter().any(|word| word == "-");
            collect::collect(words, *null, tokens, options.deed)?
        }
    };
    deletion.named = ids.iter().map(ToString::to_string).collect();
    deletion.of::<T>(&|snapshot| Ok(T::plan(snapshot, ids.clone())?))
}

/// Picks what to delete, and says what the store knows of it. It runs again in the transaction that
/// deletes.
pub type Select<'s, T> = dyn Fn(&Snapshot<'_>) -> Result<Plan<T>> + 's;

/// What is picked, and what changes first so that it can go.
pub(in crate::ops) struct Picked<T: Subject> {
    plan: Plan<T>,
    gives_way: GivesWay,
    /// What matters of those that are shown before asking; empty if nobody is asked.
    facts: Vec<String>,
}

impl<T: Subject> Default for Picked<T> {
    fn default() -> Self {
        Self {
            plan: Plan {
                entries: Vec::new(),
            },
            gives_way: GivesWay::default(),
            facts: Vec::new(),
        }
    }
}

impl<T: Subject> Deref for Picked<T> {
    type Target = Plan<T>;

    fn deref(&self) -> &Plan<T> {
        &self.plan
    }
}

/// How a batch is deleted.
pub struct Deletion<'c> {
    format: Format,
    /// What to do about what stands in the way.
    pub options: Options,
    /// What is said if nothing was picked, if anything.
    pub nothing: &'static str,
    /// What is said of the batch before asking and in a dry run.
    pub notes: Vec<String>,
    yes: bool,
    dry_run: bool,
    keep: Option<&'c Path>,
    /// What services are to refer to in place of what is deleted.
    replace_with: Option<ConnectorId>,
    stdin_is_data: bool,
    /// The ids, if they are known from the start.
    pub named: Vec<String>,
    /// The actions that ask for it, as far as they depend on something.
    pub actions: Vec<ActionEntry>,
    /// On what grounds ids go, by id; the audit trail keeps it.
    pub grounds: BTreeMap<String, Value>,
    /// What somebody looked at when planning, by id.
    planned: Option<HashMap<String, Planned>>,
    /// What was to change first by that plan.
    planned_moves: GivesWay,
    context: &'c Context,
}

impl<'c> Deletion<'c> {
    /// A deletion of a whole batch or nothing.
    pub fn new(context: &'c Context, confirmation: Confirmation<'c>) -> Result<Self> {
        if let Some(path) = confirmation.keep {
            keep::check_new(path)?;
        }
        Ok(Self {
            format: context.format(&Format::ALL)?,
            options: Options {
                expect: confirmation.expect,
                ..Options::default()
            },
            nothing: "No ids were given; nothing was deleted.",
            notes: Vec::new(),
            yes: confirmation.yes,
            dry_run: confirmation.dry_run,
            keep: confirmation.keep,
            replace_with: None,
            stdin_is_data: false,
            named: Vec::new(),
            actions: Vec::new(),
            grounds: BTreeMap::new(),
            planned: None,
            planned_moves: GivesWay::default(),
            context,
        })
    }

    /// Standard input holds data, so an answer comes from the controlling terminal.
    pub fn reads_stdin(&mut self) {
        self.stdin_is_data = true;
    }

    /// Deletes what `select` picks.
    pub fn of<T: Target>(&self, select: &Select<'_, T>) -> Result<()>
    where
        for<'a> Row<'a, T>: Record,
    {
        let is_at_once = self.yes && !self.dry_run;
        if is_at_once && !self.context.has_guards()? {
            return self.carry_out::<T>(select, None, &Answers::without_guards());
        }
        let store = if self.dry_run {
            self.context.open_for_dry_run()?
        } else {
            let store = self.context.open_existing()?;
            self.context.check(&store, &self.intent::<T>())?;
            store
        };
        if self.options.deed == Deed::Delete {
            self.context.demand_reason(&store.read()?)?;
        }
        let answers = self.ask_guards::<T>(&store, select)?;
        if is_at_once {
            drop(store);
            return self.carry_out::<T>(select, None, &answers);
        }
        let snapshot = store.read()?;
        let plan = self.plan(&snapshot, select, &answers)?;
        if let Some(error) = self.refused(&snapshot, &plan, None)? {
            drop(snapshot);
            self.record_refusals(&plan, &error);
            return self.report_refused(&plan, error);
        }
        plan.gives_way.warn(self.context);
        if self.dry_run || plan.free().next().is_none() {
            let problem = refusal::left_over(&snapshot, &plan, &self.telling(), self.dry_run)?;
            let remarks = T::remarks(&snapshot, &plan, self.options.deed)?;
            drop(snapshot);
            if let Some(problem) = &problem {
                self.record_refusals(&plan, problem);
            }
            let reported = self.report(&plan, self.options.deed.planned());
            unless_closed(reported).map_err(Error::output)?;
            for remark in remarks.iter().chain(&self.stays(&plan)) {
                self.context.ui.note(remark);
            }
            if self.dry_run || plan.entries.is_empty() {
                let ui = &self.context.ui;
                self.notes.iter().for_each(|note| ui.note(note));
            }
            if self.dry_run && !plan.entries.is_empty() {
                let count = text::count(plan.free().count(), T::NOUN);
                if let Some(new) = &self.replace_with {
                    let services = text::count(plan.gives_way.services(), "service");
                    let note = format!("{services} would refer to {new} then.");
                    self.context.ui.note(&note);
                }
                let note = format!(
                    "{count} would be {}; nothing was changed.",
                    self.options.deed.done_until()
                );
                self.context.ui.note(&note);
            }
            return problem.map_or(Ok(()), Err);
        }
        let moved = plan.gives_way.moved.iter().take(PREVIEWED);
        let previews = moved
            .map(|moved| replace::preview(self.context, &snapshot, moved))
            .collect::<Result<Vec<_>>>()?;
        let remarks = T::remarks(&snapshot, &plan, self.options.deed)?;
        drop(snapshot);
        drop(store);
        if let Err(error) = self.confirm(&plan, &previews, &remarks) {
            self.record_refusals(&plan, &error);
            return Err(error);
        }
        self.carry_out(select, Some(&plan), &answers)
    }

    /// What the guards say of what `select` picks. They are asked before any change begins; what is
    /// picked only then was not asked about, and stays.
    pub(in crate::ops) fn ask_guards<T: Target>(
        &self,
        store: &Reader,
        select: &Select<'_, T>,
    ) -> Result<Answers> {
        if !self.context.has_guards()? {
            return Ok(Answers::without_guards());
        }
        let snapshot = store.read()?;
        let mut plan = select(&snapshot)?;
        drop(snapshot);
        match T::connectors(&mut plan) {
            Some(plan) => {
                let found = plan.entries.iter().filter_map(State::subject);
                self.context.ask_guards(found.map(|one| &one.id))
            }
            None => Ok(Answers::without_guards()),
        }
    }

    /// What is about to be done; an attempt that is refused is recorded with the ids.
    fn intent<T: Target>(&self) -> Intent<'_> {
        let ids: Vec<&str> = self.named.iter().map(String::as_str).collect();
        let (only, detail) = recorded(&ids);
        Intent::new(T::action(self.options.deed), only).with_detail(detail)
    }

    /// What the store and the guards know of what is picked.
    fn plan<T: Target>(
        &self,
        snapshot: &Snapshot<'_>,
        select: &Select<'_, T>,
        answers: &Answers,
    ) -> Result<Picked<T>> {
        let mut plan = select(snapshot)?;
        if plan.entries.is_empty() && !self.nothing.is_empty() {
            self.context.ui.note(self.nothing);
        }
        let gives_way = match &self.replace_with {
            Some(new) => {
                let given = T::give_way(snapshot, &mut plan, new, self.context.now);
                given.map_err(|error| match (error.kind, &self.planned) {
                    (Kind::NotFound, Some(_)) => {
                        replace::changed(self.options.deed.verb(), [new.as_str()].into_iter())
                    }
                    _ => error,
                })?
            }
            None => GivesWay::default(),
        };
        if let Some(plan) = T::connectors(&mut plan) {
            answers.apply(plan);
        }
        let plan = plan.with_trials(self.options.trials);
        let facts = if self.yes || self.dry_run {
            Vec::new()
        } else {
            self.facts(snapshot, &plan)?
        };
        Ok(Picked {
            plan,
            gives_way,
            facts,
        })
    }

    fn telling(&self) -> Telling {
        Telling {
            options: self.options,
            width: self.context.ui.message_width(),
        }
    }

    /// Why nothing may be deleted; `None` if what is free may go. `shown` is what the person agreed
    /// to.
    fn refused<T: Target>(
        &self,
        snapshot: &Snapshot<'_>,
        plan: &Picked<T>,
        shown: Option<&Picked<T>>,
    ) -> Result<Option<Error>>
    where
        for<'a> Row<'a, T>: Record,
    {
        let refusal = plan.refusal(&self.options);
        // What is no longer as somebody saw it weighs less than a brake or a use, and more than the
        // rest.
        let weighs_more = match refusal {
            Some(Refusal::Environment(_) | Refusal::Expect { .. }) => true,
            Some(Refusal::Problem(problem)) => problem == Problem::InUse,
            None => false,
        };
        if !weighs_more {
            let changed = match shown {
                Some(shown) => self.changed_since(snapshot, plan, shown)?,
                None => None,
            };
            if let Some(error) = changed.or_else(|| self.changed_since_planned(plan)) {
                return Ok(Some(error));
            }
        }
        refusal
            .map(|refusal| refusal::refused(snapshot, plan, &self.telling(), refusal))
            .transpose()
    }

    /// Deletes in one transaction, in which everything is checked again; `shown` is what the
    /// person agreed to, if somebody was asked.
    fn carry_out<T: Target>(
        &self,
        select: &Select<'_, T>,
        shown: Option<&Picked<T>>,
        answers: &Answers,
    ) -> Result<()>
    where
        for<'a> Row<'a, T>: Record,
    {
        let mut copy = self
            .keep
            .map(|path| Copy::new(path, self.context))
            .transpose()?;
        let done = self.context.change(&self.intent::<T>(), |change| {
            let done = self.within(change, select, shown, answers, copy.as_mut())?;
            if let Some(copy) = &mut copy {
                copy.place()?;
            }
            Ok(done)
        });
        let (plan, fate) = Copy::settle(copy, done)?;
        let problem = match fate {
            Fate::Refused(error) => return self.report_refused(&plan, error),
            Fate::Deleted(problem) => problem,
        };
        let deed = self.options.deed;
        let were = counted_were::<T>(plan.free().count());
        let gone = format!("{were} {}", deed.done_until());
        unless_closed(self.report(&plan, deed.outcome())).map_err(|error| {
            let message = format!("{gone}, but the output cannot be written: {error}");
            Error::failure(message).caused_by(error)
        })?;
        for note in self.stays(&plan) {
            self.context.ui.note(&note);
        }
        if shown.is_none() {
            plan.gives_way.warn(self.context);
        }
        if !plan.entries.is_empty() {
            if let Some(new) = &self.replace_with {
                let services = text::count(plan.gives_way.services(), "service");
                self.context
                    .ui
                    .note(&format!("{services} changed to {new} first."));
            }
            self.context.ui.note(&format!("{gone}."));
        }
        problem.map_or(Ok(()), Err)
    }

    /// Deletes what `select` picks within a change, or notes there why nothing may go; `shown` is
    /// what the person agreed to. What goes is added to the copy, which is not in its place yet.
    pub(in crate::ops) fn within<T: Target>(
        &self,
        change: &Change<'_>,
        select: &Select<'_, T>,
        shown: Option<&Picked<T>>,
        answers: &Answers,
        copy: Option<&mut Copy<'_>>,
    ) -> Result<(Picked<T>, Fate)>
    where
        for<'a> Row<'a, T>: Record,
    {
        let mut plan = self.plan(change, select, answers)?;
        let mut refused = self.refused(change, &plan, shown)?;
        if refused.is_none() {
            refused = refusal::unasked(self.options.deed, &mut plan.plan, answers);
        }
        if let Some(error) = refused {
            self.refuse(change, &plan, &error);
            return Ok((plan, Fate::Refused(error)));
        }
        let problem = refusal::left_over(change, &plan, &self.telling(), self.dry_run)?;
        let mut ids: Vec<T::Id> = plan.free().map(|one| one.id().clone()).collect();
        ids.sort();
        match self.options.deed {
            _ if ids.is_empty() => {}
            Deed::Delete => self.delete::<T>(change, &ids, answers, &mut plan.gives_way, copy)?,
            Deed::Retire { until } => {
                if let Some(plan) = T::connectors(&mut plan.plan) {
                    trial::begin(change, plan, self.context.now, until)?;
                }
                plan = self.plan(change, select, answers)?;
            }
        }
        if let Some(problem) = &problem {
            self.refuse(change, &plan, problem);
        }
        Ok((plan, Fate::Deleted(problem)))
    }

    /// Deletes what is free, once what refers to it refers to something else. What goes is added to
    /// the copy.
    fn delete<T: Target>(
        &self,
        change: &Change<'_>,
        ids: &[T::Id],
        answers: &Answers,
        gives_way: &mut GivesWay,
        mut copy: Option<&mut Copy<'_>>,
    ) -> Result<()> {
        gives_way.carry_out(change, self.context.now)?;
        T::delete(change, ids, answers, |id| {
            if let Some(copy) = &mut copy {
                copy.add(T::record(change, id)?)?;
            }
            let detail = self.detail::<T>(change, id)?;
            change.record(T::ACTION, id.as_ref(), detail)
        })
    }

    /// What the audit trail keeps of one that goes, and where its copy is.
    fn detail<T: Target>(&self, change: &Change<'_>, id: &T::Id) -> Result<Detail> {
        let mut detail = T::detail(change, id)?;
        if let Some(path) = self.keep {
            detail = detail.with("copy", path.to_string_lossy());
        }
        if let Some(grounds) = self.grounds.get(id.as_ref()) {
            detail = detail.with("conditions", grounds.clone());
        }
        Ok(detail)
    }
}

/// What came of a deletion.
pub(in crate::ops) enum Fate {
    /// Nothing was deleted.
    Refused(Error),
    /// What was free is gone; the error tells of the rest.
    Deleted(Option<Error>),
}

/// `1 connector was`, `2 connectors were`
fn counted_were<T: Target>(count: usize) -> String {
    let verb = if count == 1 { "was" } else { "were" };
    format!("{} {verb}", text::count(count, T::NOUN))
}
