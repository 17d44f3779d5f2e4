//! Putting one connector in the place of another in the services that refer to it.

pub mod plan;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use super::{ask, lookup, trial};
use crate::context::{Change, Context, Intent};
use crate::error::{Error, Kind, Result, unless_closed};
use crate::model::{
    Action, Connector, ConnectorId, End, Environment, Label, Move, MoveOutcome, Replacement, Role,
    ServiceId, Time, Verdict, text,
};
use crate::output::{Content, Format, MoveRow, Record, Rows, column, layout};
use crate::store::Snapshot;

/// How many services are shown before asking.
const SHOWN: usize = 20;

/// How many ids are named at most where the number of them is what matters.
const NAMED: usize = 10;

/// What is to be replaced, and how that is confirmed.
pub struct Request<'a> {
    /// What gives way, and what is put in its place.
    pub ends: Option<(ConnectorId, ConnectorId)>,
    /// Only these services; all if there is none.
    pub only: BTreeSet<ServiceId>,
    /// What a dry run planned; `-` is standard input.
    pub plan: Option<&'a Path>,
    /// Nobody is asked.
    pub yes: bool,
    /// Nothing is changed; what would be is said.
    pub dry_run: bool,
    /// How many services must change, neither more nor fewer.
    pub expect: Option<usize>,
}

/// Replaces a connector as requested, in one change or not at all.
pub fn run(request: &Request<'_>, context: &Context) -> Result<()> {
    let format = context.format(&Format::ALL)?;
    let planned = request.plan.map(plan::read).transpose()?.flatten();
    let ends = match (&request.ends, &planned) {
        (Some((from, to)), Some(planned)) if (from, to) != (&planned.from.id, &planned.to.id) => {
            return Err(Error::usage(format!(
                "the plan puts {} in the place of {}, and not {to} in that of {from}; nothing was changed",
                planned.to.id, planned.from.id
            )));
        }
        (Some((from, to)), _) => (from.clone(), to.clone()),
        (None, Some(planned)) => (planned.from.id.clone(), planned.to.id.clone()),
        (None, None) => {
            context.ui.note("The plan is empty; nothing was changed.");
            return Ok(());
        }
    };
    if ends.0 == ends.1 {
        return Err(Error::usage(format!(
            "{} cannot be put in its own place; nothing was changed",
            ends.0
        )));
    }
    let work = Work {
        from: ends.0,
        to: ends.1,
        request,
        planned,
        context,
        format,
    };
    work.run()
}

/// A replacement with the connectors as they are now.
struct Look {
    replacement: Replacement,
    from: Connector,
    to: Connector,
}

struct Work<'a> {
    from: ConnectorId,
    to: ConnectorId,
    request: &'a Request<'a>,
    planned: Option<Replacement>,
    context: &'a Context,
    format: Format,
}

impl Work<'_> {
    fn run(&self) -> Result<()> {
        let detail = Some(json!({"from": self.from, "to": self.to}));
        let intent = Intent::new(Action::ServiceEdit, None).with_detail(detail);
        let mut shown = None;
        if self.request.dry_run || !self.request.yes {
            let store = if self.request.dry_run {
                self.context.open_for_dry_run()?
            } else {
                let store = self.context.open_existing()?;
                self.context.check(&store, &intent)?;
                store
            };
            let snapshot = store.read()?;
            let look = self.look(&snapshot, self.planned.as_ref());
            let shown_first = match &look {
                Ok(look) if !self.request.dry_run => {
                    preview(self.context, &snapshot, &look.replacement)?
                }
                _ => String::new(),
            };
            drop(snapshot);
            drop(store);
            if let Err(error) = &look
                && error.kind == Kind::Changed
                && !self.request.dry_run
            {
                self.context
                    .record_refusals(intent.action, Verdict::Changed, [intent.refused()]);
            }
            let look = look?;
            let has_moves = !look.replacement.moves.is_empty();
            if has_moves {
                self.warn(&look);
            }
            if self.request.dry_run || !has_moves {
                return self.report(&look, MoveOutcome::WouldReplace);
            }
            if let Err(error) = self.confirm(&look, &shown_first) {
                if error.kind == Kind::Declined {
                    self.context.record_declined(&intent);
                }
                return Err(error);
            }
            shown = Some(look.replacement);
        }
        let agreed = shown.as_ref().or(self.planned.as_ref());
        let look = self.context.change(&intent, |change| {
            let look = self.look(change, agreed);
            if let Err(error) = &look
                && error.kind == Kind::Changed
            {
                change.refuse(intent.action, Verdict::Changed, intent.refused());
            }
            let mut look = look?;
            carry_out(change, self.context.now, &mut look.replacement)?;
            Ok(look)
        })?;
        if shown.is_none() && !look.replacement.moves.is_empty() {
            self.warn(&look);
        }
        self.report(&look, MoveOutcome::Replaced)
    }

    /// What there is to do now; an error unless it is what somebody agreed to.
    fn look(&self, snapshot: &Snapshot<'_>, agreed: Option<&Replacement>) -> Result<Look> {
        let (from, to) = match (
            snapshot.connector(&self.from)?,
            snapshot.connector(&self.to)?,
        ) {
            (Some(from), Some(to)) => (from, to),
            (from, to) => {
                let ends = [(&self.from, from.is_none()), (&self.to, to.is_none())];
                let missing: Vec<_> = ends
                    .into_iter()
                    .filter_map(|(id, is_missing)| is_missing.then_some(id))
                    .collect();
                if agreed.is_some() {
                    return Err(changed(
                        "replace",
                        missing.into_iter().map(ConnectorId::as_str),
                    ));
                }
                return Err(lookup::missing_connectors(snapshot, &missing)?);
            }
        };
        check_ends(snapshot, &from.id, from.environment, &to)?;
        let mut moves = snapshot.uses(&self.from)?;
        if let Some(planned) = &self.planned {
            let is_planned = |one: &Move| {
                let planned = &planned.moves;
                planned
                    .binary_search_by(|other| other.service.cmp(&one.service))
                    .is_ok()
            };
            moves.retain(is_planned);
        }
        let only = &self.request.only;
        if !only.is_empty() {
            moves.retain(|one| only.contains(&one.service));
        }
        let end = |connector: &Connector| End {
            id: connector.id.clone(),
            revision: connector.revision,
        };
        let replacement = Replacement {
            from: end(&from),
            to: end(&to),
            moves,
        };
        let names = agreed.map(|agreed| replacement.changed_since(agreed));
        match names {
            Some(names) if !names.is_empty() => return Err(changed("replace", names.into_iter())),
            None if replacement.moves.len() < only.len() => {
                return Err(self.without_use(snapshot, &replacement)?);
            }
            _ => {}
        }
        let found = replacement.moves.len();
        match self.request.expect {
            Some(expected) if expected != found => Err(Error::usage(format!(
                "{} would be changed, but {expected} expected; nothing was changed",
                text::count(found, "service"),
                expected = if expected == 1 {
                    "1 was".to_owned()
                } else {
                    format!("{expected} were")
                },
            ))
            .hint("look at what would change with --dry-run, then correct --expect")),
            _ => Ok(Look {
                replacement,
                from,
                to,
            }),
        }
    }

    /// The error for services that were named and do not refer to the connector.
    fn without_use(&self, snapshot: &Snapshot<'_>, replacement: &Replacement) -> Result<Error> {
        let mut without = self.request.only.clone();
        for one in &replacement.moves {
            without.remove(&one.service);
        }
        for id in &without {
            lookup::has_service(snapshot, id)?;
        }
        let verb = if without.len() == 1 { "does" } else { "do" };
        let message = format!(
            "{} {verb} not refer to {}; nothing was changed",
            some(without.iter().map(ServiceId::as_str)),
            self.from
        );
        Ok(Error::new(Kind::NotFound, message).hint(format!(
            "see what does: connctl service list --uses {}",
            self.from
        )))
    }

    /// Tells what may be a mistake.
    fn warn(&self, look: &Look) {
        let from = (&look.from.id, &look.from.system);
        for warning in warnings(from, &look.to, self.context.now) {
            self.context.ui.warn(&warning);
        }
    }

    /// Asks, after showing exactly what will change.
    fn confirm(&self, look: &Look, shown_first: &str) -> Result<()> {
        let ui = &self.context.ui;
        let count = look.replacement.moves.len();
        let counted = text::count(count, "service");
        if !ui.can_ask(self.request.plan == Some(Path::new("-"))) {
            let were = if count == 1 { "was" } else { "were" };
            return Err(Error::usage(format!(
                "{counted} {were} not changed, because nobody can be asked"
            ))
            .hint(
                "give --yes to go on without being asked, or --dry-run to see what would change",
            ));
        }
        ui.say(&ui.folded(shown_first));
        ask::checked(if look.from.environment == Environment::Live {
            let question = format!("They are live. Type {} to replace it:", self.from);
            ui.confirm_by_typing(&question, self.from.as_str())
        } else {
            ui.confirm("Replace it?")
        })
    }

    /// Writes what became of each service.
    fn report(&self, look: &Look, outcome: MoveOutcome) -> Result<()> {
        let replacement = &look.replacement;
        let ui = &self.context.ui;
        if !replacement.moves.is_empty() || self.format != Format::Table {
            let written = self.write(replacement, outcome);
            unless_closed(written).map_err(|error| match outcome {
                MoveOutcome::Replaced => Error::output_after_change(error),
                MoveOutcome::WouldReplace => Error::output(error),
            })?;
        }
        let count = replacement.moves.len();
        let counted = text::count(count, "service");
        let (from, to) = (&self.from, &self.to);
        ui.note(&match outcome {
            _ if count == 0 => format!("No service refers to {from}; nothing was changed."),
            MoveOutcome::WouldReplace => {
                format!("{counted} would refer to {to} then; nothing was changed.")
            }
            MoveOutcome::Replaced if count == 1 => format!("{counted} refers to {to} now."),
            MoveOutcome::Replaced => format!("{counted} refer to {to} now."),
        });
        Ok(())
    }

    fn write(&self, replacement: &Replacement, outcome: MoveOutcome) -> io::Result<()> {
        let out = self.context.output(self.format);
        let mut rows = Rows::new(out, MoveRow::COLUMNS, self.format, self.context.style())?;
        for one in &replacement.moves {
            rows.write(&MoveRow {
                replacement,
                one,
                outcome,
            })?;
        }
        rows.finish().map(drop)
    }
}

/// Refuses to put a connector in the place of one of the other environment, or one that nobody may
/// use in the place of any.
pub fn check_ends(
    snapshot: &Snapshot<'_>,
    from: &ConnectorId,
    environment: Environment,
    to: &Connector,
) -> Result<()> {
    trial::check(snapshot, [&to.id])?;
    if environment == to.environment {
        return Ok(());
    }
    Err(Error::usage(format!(
        "{from} is {environment}, {} is {}; nothing was changed",
        to.id, to.environment
    ))
    .hint(format!("choose another one: connctl list {environment}")))
}

/// What may be a mistake in a replacement.
pub fn warnings(from: (&ConnectorId, &Label), to: &Connector, now: Time) -> Vec<String> {
    let (id, system) = from;
    let mut warnings = Vec::new();
    if *system != to.system {
        warnings.push(format!(
            "{id} is of system {system}, {} of system {}",
            to.id, to.system
        ));
    }
    if let Some(time) = to.expires_at.filter(|time| *time <= now) {
        warnings.push(format!("{} has expired on {time}", to.id));
    }
    warnings
}

/// Changes each service of a replacement, whose revisions are then the new ones.
pub fn carry_out(change: &Change<'_>, now: Time, replacement: &mut Replacement) -> Result<()> {
    let Replacement { from, to, moves } = replacement;
    for one in moves {
        let mut service = lookup::service(change, &one.service)?;
        let roles = service.replace(&from.id, &to.id);
        service.updated_at = now;
        service.revision = change.new_revision()?;
        change.update_service(&service)?;
        let roles: Vec<Role> = roles.iter().collect();
        let detail: Value = json!({"from": from.id, "to": to.id, "roles": roles});
        change.record(Action::ServiceEdit, service.id.as_str(), Some(detail))?;
        one.revision = service.revision;
    }
    Ok(())
}

/// What a replacement means for the first services: what they refer to, before and after.
pub fn preview(
    context: &Context,
    snapshot: &Snapshot<'_>,
    replacement: &Replacement,
) -> Result<String> {
    let Replacement { from, to, moves } = replacement;
    let mut rows = Vec::new();
    for one in moves.iter().take(SHOWN) {
        let before = lookup::service(snapshot, &one.service)?;
        let mut after = before.clone();
        after.replace(&from.id, &to.id);
        let named =
            |connectors: &BTreeSet<ConnectorId>| some(connectors.iter().map(ConnectorId::as_str));
        rows.extend(one.roles.iter().map(|role| {
            vec![
                before.id.to_string(),
                if before.active { "active" } else { "inactive" }.to_owned(),
                role.to_string(),
                named(before.in_role(role)),
                named(after.in_role(role)),
            ]
        }));
    }
    let these = if moves.len() == 1 {
        "This service".to_owned()
    } else {
        format!("These {}", text::count(moves.len(), "service"))
    };
    let mut columns = vec![
        column("SERVICE"),
        column("STATUS"),
        column("ROLE"),
        column("BEFORE").of(Content::Sentence),
        column("AFTER").of(Content::Sentence),
    ];
    // Where no role names another one, the first line says all that these would.
    let says_no_more = |row: &Vec<String>| row.ends_with(&[from.id.to_string(), to.id.to_string()]);
    if rows.iter().all(says_no_more) {
        columns.truncate(3);
        for row in &mut rows {
            row.truncate(3);
        }
    }
    let table = layout(&columns, &rows, Some(context.ui.notes_width()));
    let mut preview = format!(
        "{these} will refer to {} in place of {}:\n{}",
        to.id,
        from.id,
        table.trim_end()
    );
    if moves.len() > SHOWN {
        preview.push_str(&format!("\n  … and {} more", moves.len() - SHOWN));
    }
    Ok(preview)
}

/// The error for what is not what somebody looked at.
pub fn changed<'a>(verb: &str, names: impl Iterator<Item = &'a str>) -> Error {
    let message = format!(
        "changed or gone since you looked: {}; nothing was changed",
        some(names)
    );
    Error::new(Kind::Changed, message).hint(format!("look again, then {verb} again"))
}

/// The first names, and how many more there are.
fn some<'a>(mut names: impl Iterator<Item = &'a str>) -> String {
    let first: Vec<_> = names.by_ref().take(NAMED).collect();
    match names.count() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
