//! The way of every deletion: collect the ids, plan, confirm, delete, report.

use std::collections::HashSet;
use std::hash::Hash;
use std::io::{self, BufRead, Read};
use std::str::FromStr;

use super::{confirm, refusal};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::{
    ConnectorFilter, ConnectorId, ConnectorSubject, Environment, InvalidId, Options, Outcome, Plan,
    Row, ServiceFilter, ServiceId, ServiceSubject, Subject, text,
};
use crate::output::{Format, Record, Rows, layout, layout_within};
use crate::store::{self, Change, Snapshot};

/// How many of the things to delete are shown before asking.
const SHOWN: usize = 20;

/// How many things there are to choose from at most.
const CHOICES: usize = 1_000;

/// The greatest length of a line that may hold an id, in bytes.
const LINE_LIMIT: u64 = 4_096;

/// What every deletion can be told.
#[derive(Debug, clap::Args)]
pub struct DeleteArgs {
    /// What to delete; "-" reads ids from standard input, one a line. Without any, choose from a
    /// list
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Do not ask; never overrides what protects a connector in use
    #[arg(short, long)]
    pub yes: bool,
    /// Only say what would happen
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Delete what can go and report the rest, instead of refusing all
    #[arg(long)]
    pub keep_going: bool,
    /// Let ids pass that do not exist
    #[arg(long)]
    pub ignore_missing: bool,
    /// Refuse unless exactly this many would go
    #[arg(long, value_name = "N")]
    pub expect: Option<usize>,
    /// Ids on standard input end in NUL
    #[arg(short = '0', long)]
    pub null: bool,
}

/// What can be deleted, as the store sees it and as a person does.
pub trait Target: Subject<Id: FromStr<Err = InvalidId> + Hash> + Sized {
    /// The command that lists what there is.
    const LIST: &'static str;

    /// The headers over [`Target::cells`].
    const HEADERS: &'static [&'static str];

    /// What a person is shown of it.
    fn cells(&self) -> Vec<String>;

    /// What the store knows of the ids.
    fn plan(snapshot: &Snapshot<'_>, ids: &[Self::Id]) -> store::Result<Plan<Self>>;

    /// Deletes what the plan said is free.
    fn delete(change: &Change<'_>, id: &Self::Id) -> store::Result<()>;

    /// The ids to choose from, and what to know of the others.
    fn choices(
        snapshot: &Snapshot<'_>,
        environment: Option<Environment>,
    ) -> Result<(Vec<String>, String)>;

    /// Ids like this one.
    fn similar(snapshot: &Snapshot<'_>, id: &Self::Id) -> store::Result<Vec<String>>;
}

impl Target for ConnectorSubject {
    const LIST: &'static str = "connctl list all";

    const HEADERS: &'static [&'static str] = &["ID", "NAME", "SYSTEM", "ENVIRONMENT"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.name.to_string(),
            self.system.to_string(),
            self.environment.to_string(),
        ]
    }

    fn plan(snapshot: &Snapshot<'_>, ids: &[ConnectorId]) -> store::Result<Plan<Self>> {
        snapshot.plan_connectors(ids)
    }

    fn delete(change: &Change<'_>, id: &ConnectorId) -> store::Result<()> {
        change.delete_connector(id)
    }

    fn choices(
        snapshot: &Snapshot<'_>,
        environment: Option<Environment>,
    ) -> Result<(Vec<String>, String)> {
        let environment = environment.unwrap_or(Environment::Live);
        let filter = ConnectorFilter {
            environment: Some(environment),
            ..ConnectorFilter::default()
        };
        let (mut choices, mut in_use) = (Vec::new(), 0);
        snapshot.each_connector_summary(&filter, |connector| {
            if connector.used_by > 0 {
                in_use += 1;
            } else {
                choices.push(connector.id.to_owned());
            }
            Ok::<_, Error>(())
        })?;
        let verb = if in_use == 1 { "is" } else { "are" };
        let in_use = text::count(in_use, &format!("{environment} connector"));
        let other = environment.other();
        let others = format!("{in_use} in use {verb} not offered; for {other} ones: --env {other}");
        Ok((choices, others))
    }

    fn similar(snapshot: &Snapshot<'_>, id: &ConnectorId) -> store::Result<Vec<String>> {
        snapshot.similar_connectors(id)
    }
}

impl Target for ServiceSubject {
    const LIST: &'static str = "connctl service list";

    const HEADERS: &'static [&'static str] = &["ID", "NAME", "KIND", "STATUS", "ENVIRONMENT"];

    fn cells(&self) -> Vec<String> {
        let status = if self.active { "active" } else { "inactive" };
        let environment = if self.live {
            Environment::Live
        } else {
            Environment::Testing
        };
        vec![
            self.id.to_string(),
            self.name.to_string(),
            self.kind.to_string(),
            status.to_owned(),
            environment.to_string(),
        ]
    }

    fn plan(snapshot: &Snapshot<'_>, ids: &[ServiceId]) -> store::Result<Plan<Self>> {
        snapshot.plan_services(ids)
    }

    fn delete(change: &Change<'_>, id: &ServiceId) -> store::Result<()> {
        change.delete_service(id)
    }

    fn choices(snapshot: &Snapshot<'_>, _: Option<Environment>) -> Result<(Vec<String>, String)> {
        let mut choices = Vec::new();
        snapshot.each_service_summary(&ServiceFilter::default(), |service| {
            choices.push(service.id.to_owned());
            Ok::<_, Error>(())
        })?;
        let others = "connectors stay when a service is deleted".to_owned();
        Ok((choices, others))
    }

    fn similar(snapshot: &Snapshot<'_>, id: &ServiceId) -> store::Result<Vec<String>> {
        snapshot.similar_services(id)
    }
}

/// Deletes what the arguments name.
pub fn run<T: Target>(
    args: &DeleteArgs,
    environment: Option<Environment>,
    context: &Context,
) -> Result<()>
where
    for<'a> Row<'a, T>: Record,
{
    let deletion = Deletion {
        format: context.format(&Format::ALL)?,
        options: Options {
            keep_going: args.keep_going,
            ignore_missing: args.ignore_missing,
            ignore_in_use: false,
            environment,
            expect: args.expect,
        },
        yes: args.yes,
        dry_run: args.dry_run,
        stdin_is_data: args.ids.iter().any(|id| id == "-"),
        context,
    };
    let ids = if args.ids.is_empty() {
        choose::<T>(environment, context)?
    } else {
        collect(&args.ids, args.null)?
    };
    if ids.is_empty() {
        context.ui.note("No ids were given; nothing was deleted.");
    }
    deletion.of::<T>(&ids)
}

/// How a batch is deleted.
struct Deletion<'c> {
    format: Format,
    options: Options,
    yes: bool,
    dry_run: bool,
    stdin_is_data: bool,
    context: &'c Context,
}

impl Deletion<'_> {
    fn of<T: Target>(&self, ids: &[T::Id]) -> Result<()>
    where
        for<'a> Row<'a, T>: Record,
    {
        if self.yes && !self.dry_run {
            return self.carry_out::<T>(ids, None);
        }
        let mut store = self.context.open()?;
        let snapshot = store.read()?;
        let plan = T::plan(&snapshot, ids)?;
        if let Some(refusal) = plan.refusal(&self.options) {
            let error = refusal::refused(&snapshot, &plan, &self.options, refusal)?;
            drop(snapshot);
            return self.report_refused(&plan, error);
        }
        if self.dry_run || plan.free().next().is_none() {
            let problem = refusal::left_over(&snapshot, &plan, &self.options, self.dry_run)?;
            drop(snapshot);
            let reported = self.report(&plan, Outcome::WouldDelete);
            unless_closed(reported).map_err(Error::output)?;
            if self.dry_run && !ids.is_empty() {
                let count = text::count(plan.free().count(), T::NOUN);
                let note = format!("{count} would be deleted; nothing was changed.");
                self.context.ui.note(&note);
            }
            return problem.map_or(Ok(()), Err);
        }
        drop(snapshot);
        drop(store);
        self.confirm(&plan)?;
        self.carry_out(ids, Some(&plan))
    }

    /// Asks, after showing exactly what will go.
    fn confirm<T: Target>(&self, plan: &Plan<T>) -> Result<()> {
        let ui = &self.context.ui;
        if !ui.can_ask(self.stdin_is_data) {
            return Err(Error::usage(format!(
                "{} not deleted, because nobody can be asked",
                counted_were::<T>(plan.free().count())
            ))
            .hint("give --yes to delete without being asked, or --dry-run to see what would go"));
        }
        let count = plan.free().count();
        let first: Vec<&T> = plan.free().take(2).collect();
        let rows = plan.free().take(SHOWN).map(Target::cells).collect();
        let these = if count == 1 {
            format!("This {} will be deleted permanently:", T::NOUN)
        } else {
            format!(
                "These {} will be deleted permanently:",
                text::count(count, T::NOUN)
            )
        };
        let table = layout_within(ui.notes_width(), T::HEADERS, rows);
        ui.say(&format!("{these}\n{}", table.trim_end()));
        if count > SHOWN {
            ui.say(&format!("  … and {} more", count - SHOWN));
        }
        let live = plan.free().filter(|one| one.is_live()).count();
        let mut wanted = count.to_string();
        let answer = if live == 0 {
            ui.confirm(if count == 1 {
                "Delete it?"
            } else {
                "Delete them?"
            })
        } else {
            let question = if let [only] = first.as_slice() {
                wanted = only.id().to_string();
                format!("It is live. Type {wanted} to delete it:")
            } else if live == count {
                format!("All are live. Type their number, {wanted}, to delete them:")
            } else {
                let verb = if live == 1 { "is" } else { "are" };
                format!(
                    "{live} of them {verb} live. Type the number of all, {wanted}, to delete them:"
                )
            };
            ui.confirm_by_typing(&question, &wanted)
        };
        confirm::checked(answer)
    }

    /// Deletes in one transaction, in which everything is checked again; `shown` is what the
    /// person agreed to.
    fn carry_out<T: Target>(&self, ids: &[T::Id], shown: Option<&Plan<T>>) -> Result<()>
    where
        for<'a> Row<'a, T>: Record,
    {
        let mut store = self.context.open_to_change()?;
        let change = store.write()?;
        let plan = T::plan(&change, ids)?;
        if let Some(refusal) = plan.refusal(&self.options) {
            let error = refusal::refused(&change, &plan, &self.options, refusal)?;
            drop(change);
            return self.report_refused(&plan, error);
        }
        if let Some(shown) = shown {
            let changed: Vec<_> = plan
                .changed_since(shown)
                .map(|one| one.id().as_ref())
                .collect();
            if !changed.is_empty() {
                drop(change);
                let error = refusal::changed(T::NOUN, &changed);
                return self.report_refused(&plan, error);
            }
        }
        let problem = refusal::left_over(&change, &plan, &self.options, false)?;
        if plan.free().next().is_some() {
            let mut order: Vec<&T::Id> = plan.free().map(Subject::id).collect();
            order.sort();
            for id in order {
                T::delete(&change, id)?;
            }
            change.commit()?;
        } else {
            drop(change);
        }
        let gone = counted_were::<T>(plan.free().count());
        let reported = self.report(&plan, Outcome::Deleted);
        self.context.after_change(&mut store);
        unless_closed(reported).map_err(|error| {
            let message = format!("{gone} deleted, but the output cannot be written: {error}");
            Error::failure(message).caused_by(error)
        })?;
        if !ids.is_empty() {
            self.context.ui.note(&format!("{gone} deleted."));
        }
        problem.map_or(Ok(()), Err)
    }

    fn report_refused<T: Target>(&self, plan: &Plan<T>, error: Error) -> Result<()>
    where
        for<'a> Row<'a, T>: Record,
    {
        unless_closed(self.report(plan, Outcome::Kept)).map_err(Error::output)?;
        Err(error)
    }

    /// Writes what became of each id. A table tells of what goes and of what is no problem; the
    /// rest stands in the error.
    fn report<T: Target>(&self, plan: &Plan<T>, fate: Outcome) -> io::Result<()>
    where
        for<'a> Row<'a, T>: Record,
    {
        let is_shown = |row: &Row<'_, T>| match (self.format, row.outcome) {
            (_, Outcome::Deleted | Outcome::WouldDelete) => true,
            (Format::Ids, _) => false,
            (Format::Table, outcome) => outcome == Outcome::Skipped && fate != Outcome::Kept,
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
        let mut rows = Rows::new(out, Row::<T>::COLUMNS, self.format, self.context.style())?;
        for row in report() {
            rows.write(&row)?;
        }
        rows.finish()
    }
}

/// Nobody reads the report any more, which must not hide what the exit code tells.
fn unless_closed(reported: io::Result<()>) -> io::Result<()> {
    match reported {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// `1 connector was`, `2 connectors were`
fn counted_were<T: Target>(count: usize) -> String {
    let verb = if count == 1 { "was" } else { "were" };
    format!("{} {verb}", text::count(count, T::NOUN))
}

/// Lets the person at the terminal choose.
fn choose<T: Target>(environment: Option<Environment>, context: &Context) -> Result<Vec<T::Id>> {
    if !context.ui.can_ask(false) {
        return Err(
            Error::usage(format!("no {} was named; nothing was deleted", T::NOUN))
                .hint("name ids as arguments, or give \"-\" to read them from standard input"),
        );
    }
    let mut store = context.open()?;
    let snapshot = store.read()?;
    let (mut ids, others) = T::choices(&snapshot, environment)?;
    if ids.is_empty() {
        let message = format!("there is no {} to choose from", T::NOUN);
        return Err(Error::new(Kind::NotFound, message).hint(others));
    }
    let unseen = ids.len().saturating_sub(CHOICES);
    ids.truncate(CHOICES);
    let ids: Vec<T::Id> = ids.iter().filter_map(|id| id.parse().ok()).collect();
    let plan = T::plan(&snapshot, &ids)?;
    drop(snapshot);
    drop(store);
    context.ui.note(&others);
    if unseen > 0 {
        context
            .ui
            .note(&format!("{unseen} more not offered; name them instead"));
    }
    let table = layout(&[], plan.free().map(Target::cells).collect());
    let items: Vec<String> = table
        .lines()
        .map(|line| line.trim_start().to_owned())
        .collect();
    context
        .ui
        .note("Space marks, \"a\" marks all, Enter goes on, Esc leaves.");
    let question = format!("Choose the {}s to delete", T::NOUN);
    match context.ui.choose(&question, &items) {
        Ok(Some(chosen)) if !chosen.is_empty() => Ok(chosen
            .into_iter()
            .filter_map(|index| ids.get(index).cloned())
            .collect()),
        Ok(_) => Err(Error::new(
            Kind::Declined,
            "nothing was chosen; nothing was changed",
        )),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            Err(store::Error::Interrupted.into())
        }
        Err(error) => {
            Err(Error::failure(format!("the terminal cannot be asked: {error}")).caused_by(error))
        }
    }
}

/// The ids in the arguments and, for `-`, in standard input, each once, in the order given.
fn collect<I>(arguments: &[String], null: bool) -> Result<Vec<I>>
where
    I: FromStr<Err = InvalidId> + Clone + Ord + Hash,
{
    let mut ids = Ids {
        seen: HashSet::new(),
        ids: Vec::new(),
        problems: Vec::new(),
    };
    for argument in arguments {
        if argument == "-" {
            read_ids(
                &mut io::stdin().lock(),
                if null { 0 } else { b'\n' },
                &mut ids,
            )?;
        } else {
            ids.add(argument, "");
        }
    }
    if ids.problems.is_empty() {
        return Ok(ids.ids);
    }
    const SHOWN_PROBLEMS: usize = 10;
    let mut message = ids.problems[..ids.problems.len().min(SHOWN_PROBLEMS)].join("\n");
    if ids.problems.len() > SHOWN_PROBLEMS {
        message.push_str(&format!(
            "\n… and {} more",
            ids.problems.len() - SHOWN_PROBLEMS
        ));
    }
    Err(Error::usage(message).hint("nothing was deleted; correct the ids and try again"))
}

/// Ids being collected, and what is wrong with some.
struct Ids<I> {
    seen: HashSet<I>,
    ids: Vec<I>,
    problems: Vec<String>,
}

impl<I: FromStr<Err = InvalidId> + Clone + Eq + Hash> Ids<I> {
    fn add(&mut self, text: &str, place: &str) {
        match text.parse::<I>() {
            Ok(id) => {
                if self.seen.insert(id.clone()) {
                    self.ids.push(id);
                }
            }
            Err(error) => self.problems.push(format!("{place}{error}")),
        }
    }
}

fn read_ids<I>(input: &mut impl BufRead, end: u8, ids: &mut Ids<I>) -> Result<()>
where
    I: FromStr<Err = InvalidId> + Clone + Eq + Hash,
{
    let cannot_read = |error: io::Error| {
        Error::failure(format!(
            "cannot read ids from standard input: {error}; nothing was deleted"
        ))
        .caused_by(error)
    };
    let mut line = Vec::new();
    let mut number = 0_u64;
    loop {
        number += 1;
        line.clear();
        let read = input
            .take(LINE_LIMIT)
            .read_until(end, &mut line)
            .map_err(cannot_read)?;
        if read == 0 {
            return Ok(());
        }
        let place = format!("standard input, line {number}: ");
        let text = line.strip_suffix(&[end]).unwrap_or(&line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.is_empty() {
            continue;
        }
        ids.add(&String::from_utf8_lossy(text), &place);
        if read as u64 == LINE_LIMIT && line.last() != Some(&end) {
            // Far too long for an id, so the rest of it says nothing new.
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &[u8], end: u8) -> (Vec<String>, Vec<String>) {
        let mut ids = Ids::<ConnectorId> {
            seen: HashSet::new(),
            ids: Vec::new(),
            problems: Vec::new(),
        };
        read_ids(&mut &*input, end, &mut ids).unwrap();
        (
            ids.ids.iter().map(ToString::to_string).collect(),
            ids.problems,
        )
    }

    #[test]
    fn reads_lines_of_either_kind_and_each_id_once() {
        assert_eq!(read(b"a\r\n\nb\na\nc", b'\n').0, ["a", "b", "c"]);
        assert_eq!(read(b"a\0b\0", 0).0, ["a", "b"]);
        assert_eq!(read(b"", b'\n').0, [""; 0]);
    }

    #[test]
    fn names_the_line_of_what_is_no_id() {
        let (ids, problems) = read(b"a\nb c\n\xff\n", b'\n');
        assert_eq!(ids, ["a"]);
        assert!(
            problems[0].starts_with("standard input, line 2: "),
            "{problems:?}"
        );
        assert!(
            problems[1].starts_with("standard input, line 3: "),
            "{problems:?}"
        );
    }

    #[test]
    fn an_endless_line_is_one_problem() {
        let (ids, problems) = read(&vec![b'x'; 100_000], b'\n');
        assert!(ids.is_empty());
        assert_eq!(problems.len(), 1);
    }
}
