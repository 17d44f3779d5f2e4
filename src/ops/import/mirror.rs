//! Mirrors: what an earlier import of the same origin brought and the file no longer holds goes.

use std::path::Path;

use super::counts::Count;
use super::fates::Fates;
use super::{Import, NAMED};
use crate::context::Change;
use crate::error::{Error, Kind, Result};
use crate::input::Place;
use crate::model::{
    Answers, ConnectorId, ConnectorSubject, Hash, Label, Outcome, Permission, Plan, RecordType,
    Row, ServiceSubject, State, Subject, Trials, text,
};
use crate::ops::deletion::{Confirmation, Deletion, Fate, Going, Picked};
use crate::ops::keep::Copy;
use crate::output::{Gone as GoneFields, ImportRow};

/// How a mirror is kept.
#[derive(Debug)]
pub struct Mirror<'a> {
    /// What it is called.
    pub origin: Label,
    /// Records that exist and came by no mirror become this one's.
    pub adopt: bool,
    /// What can go goes, and the rest is reported.
    pub keep_going: bool,
    /// How a deletion is confirmed; so many must go in all.
    pub confirmation: Confirmation<'a>,
}

/// What the store held of the origin before the file was read.
#[derive(Debug, Default)]
pub(super) struct Before {
    connectors: usize,
    services: usize,
}

/// Records of the file that are in the store and not this mirror's.
#[derive(Debug, Default)]
pub(super) struct Strangers {
    count: usize,
    /// The first of them.
    lines: Vec<String>,
    /// Whether any came by no mirror.
    is_any_adoptable: bool,
}

/// What was in the way of a mirror, or was not.
#[derive(Default)]
pub(super) struct Gone {
    services: Picked<ServiceSubject>,
    connectors: Picked<ConnectorSubject>,
    /// Why nothing goes.
    pub(super) refusal: Option<Error>,
    /// What stays although the rest goes.
    pub(super) problem: Option<Error>,
}

impl Gone {
    /// What a person is asked about.
    pub(super) fn going(&self) -> Going {
        Going::of::<ServiceSubject>(&self.services).and(Going::of(&*self.connectors))
    }

    /// Shows it.
    pub(super) fn show(&self, deletion: &Deletion<'_>) {
        if self.services.free().next().is_some() {
            deletion.show::<ServiceSubject>(&self.services);
        }
        if self.connectors.free().next().is_some() {
            deletion.show::<ConnectorSubject>(&self.connectors);
        }
    }

    /// The connectors of which somebody must say whether they are in use elsewhere.
    pub(super) fn connectors(&self) -> impl Iterator<Item = &ConnectorId> {
        self.connectors.entries.iter().map(State::id)
    }
}

/// What is said of a deletion that a mirror makes.
pub(super) struct Terms<'t, 'c> {
    pub(super) mirror: &'t Mirror<'c>,
    pub(super) deletion: &'t Deletion<'c>,
    /// What the guards said.
    pub(super) answers: &'t Answers,
    /// What the person agreed to, if somebody was asked.
    pub(super) shown: Option<&'t Gone>,
    /// That of the file when it was looked at.
    pub(super) digest: Option<Hash>,
}

impl Terms<'_, '_> {
    /// Refuses a file that is not the one that was looked at.
    pub(super) fn check_digest(&self, digest: Hash, name: &str) -> Result<()> {
        if self.digest.is_none_or(|seen| seen == digest) {
            return Ok(());
        }
        let message = format!("{name} has changed since it was looked at; nothing was imported");
        Err(Error::new(Kind::Changed, message).hint("look again, then import again"))
    }
}

impl<'a> Mirror<'a> {
    /// What the store holds of it.
    pub(super) fn before(&self, change: &Change<'_>) -> Result<Before> {
        let (connectors, services) = change.count_of_origin(&self.origin)?;
        Ok(Before {
            connectors,
            services,
        })
    }

    /// The way of its deletions.
    pub(super) fn deletion<'c>(&self, context: &'c crate::context::Context) -> Result<Deletion<'c>>
    where
        'a: 'c,
    {
        let confirmation = Confirmation {
            expect: None,
            ..self.confirmation
        };
        let mut deletion = Deletion::new(context, confirmation)?;
        deletion.options.keep_going = self.keep_going;
        deletion.options.trials = Trials::GoIfPassed(context.now);
        deletion.nothing = "";
        Ok(deletion)
    }
}

impl Import<'_> {
    /// The mirror that the records come by.
    pub(super) fn origin(&self) -> Option<Label> {
        self.request
            .mirror
            .as_ref()
            .map(|mirror| mirror.origin.clone())
    }

    /// Whether a record that exists may be changed; if not, it is remembered.
    pub(super) fn is_ours(
        &mut self,
        record_type: RecordType,
        id: &str,
        origin: Option<&Label>,
        place: &Place,
    ) -> bool {
        let Some(mirror) = &self.request.mirror else {
            return true;
        };
        let is_ours = match origin {
            Some(origin) => *origin == mirror.origin,
            None => mirror.adopt,
        };
        if !is_ours {
            self.strangers.count += 1;
            self.strangers.is_any_adoptable |= origin.is_none();
            if self.strangers.lines.len() < NAMED {
                let whose = match origin {
                    Some(origin) => format!("came by the mirror {origin}"),
                    None => "is there already, and came by no mirror".to_owned(),
                };
                let line = format!("{}: {record_type} {id} {whose}", self.at(place));
                self.strangers.lines.push(line);
            }
        }
        is_ours
    }

    /// Refuses a file with records that exist and are not this mirror's.
    pub(super) fn check_strangers(&self) -> Result<()> {
        let Strangers {
            count,
            lines,
            is_any_adoptable,
        } = &self.strangers;
        if *count == 0 {
            return Ok(());
        }
        let mut message = lines.join("\n");
        if *count > lines.len() {
            message.push_str(&format!("\n… and {} more", count - lines.len()));
        }
        let error = Error::usage(format!("{message}\nnothing was imported"));
        Err(if *is_any_adoptable {
            error.hint("give --adopt to take over what came by no mirror")
        } else {
            error.hint("a record belongs to one mirror; leave it out, or use the same origin")
        })
    }

    /// Deletes what the file no longer holds, or says why nothing goes. `lists` are those of the
    /// file: what is not in a list that is not there stays.
    pub(super) fn delete_vanished(
        &mut self,
        before: &Before,
        lists: &[RecordType],
        terms: &Terms<'_, '_>,
        mut copy: Option<&mut Copy<'_>>,
    ) -> Result<Gone> {
        let origin = &terms.mirror.origin;
        let vanished = |record_type| {
            let seen = &self.seen;
            move |id: &str| lists.contains(&record_type) && !seen.contains(record_type, id)
        };
        let services = vanished(RecordType::Service);
        let services = self.change.services_of_origin(origin, services)?;
        let connectors = vanished(RecordType::Connector);
        let connectors = self.change.connectors_of_origin(origin, connectors)?;
        let is_any = |gone: &Gone| gone.going().count() > 0;
        if services.is_empty() && connectors.is_empty() && !terms.shown.is_some_and(is_any) {
            return Ok(Gone::default());
        }
        self.change.require(Permission::Remove)?;
        let mut gone = Gone::default();
        let (deletion, shown) = (terms.deletion, terms.shown);
        let mut fates = Vec::new();
        if !services.is_empty() || shown.is_some() {
            let (picked, fate) = deletion.within::<ServiceSubject>(
                self.change,
                &|snapshot| Ok(snapshot.plan_services(services.clone())?),
                shown.map(|shown| &shown.services),
                terms.answers,
                copy.as_deref_mut(),
            )?;
            gone.services = picked;
            fates.push(fate);
        }
        if !connectors.is_empty() || shown.is_some() {
            let (picked, fate) = deletion.within::<ConnectorSubject>(
                self.change,
                &|snapshot| Ok(snapshot.plan_connectors(connectors.clone())?),
                shown.map(|shown| &shown.connectors),
                terms.answers,
                copy,
            )?;
            gone.connectors = picked;
            fates.push(fate);
        }
        for fate in fates {
            match fate {
                Fate::Refused(error) => gone.refusal = gone.refusal.or(Some(error)),
                Fate::Deleted(problem) => gone.problem = gone.problem.or(problem),
            }
        }
        // A brake that is not met weighs most.
        if let Some(error) = self.brake(before, &gone, terms.mirror) {
            gone.refusal = Some(error);
        }
        gone.refusal = gone.refusal.take().map(|error| Error {
            message: format!("{}\nnothing was imported", error.message),
            ..error
        });
        self.counts
            .connectors
            .note_deleted(gone.connectors.free().count());
        self.counts
            .services
            .note_deleted(gone.services.free().count());
        Ok(gone)
    }

    /// Why this is not what the person means: more goes than usual, or not what was expected.
    fn brake(&self, before: &Before, gone: &Gone, mirror: &Mirror<'_>) -> Option<Error> {
        let going = gone.going().count();
        if let Some(expected) = mirror.confirmation.expect {
            let were = if expected == 1 {
                "1 was".to_owned()
            } else {
                format!("{expected} were")
            };
            return (going != expected).then(|| {
                Error::usage(format!(
                    "{} would be deleted, but {were} expected",
                    text::count(going, "record")
                ))
                .hint("look at what would go with --dry-run, then correct --expect-deleted")
            });
        }
        let connectors = gone.connectors.entries.len();
        let services = gone.services.entries.len();
        let is_much = |vanished: usize, before: usize, count: &Count| {
            vanished > 0 && count.records() == 0 || vanished > 1 && vanished * 10 > before
        };
        let is_braked = is_much(connectors, before.connectors, &self.counts.connectors)
            || is_much(services, before.services, &self.counts.services);
        (is_braked && going > 0).then(|| {
            Error::usage(format!(
                "{connectors} of {} and {services} of {} that came by the mirror {} are not in {} \
                 any more; {} would be deleted",
                text::count(before.connectors, "connector"),
                text::count(before.services, "service"),
                mirror.origin,
                self.name,
                text::count(going, "record"),
            ))
            .hint(format!(
                "look at what would go with --dry-run; if it is right, give --expect-deleted {going}"
            ))
        })
    }
}

/// Tells of what stands in the way, and what became of the rest of what vanished.
pub(super) fn tell(gone: &Gone, fates: &mut Fates, outcome: Outcome) -> Result<()> {
    let name = |service: &ServiceSubject| service.name.to_string();
    tell_of(&gone.services, RecordType::Service, outcome, fates, name)?;
    let name = |connector: &ConnectorSubject| connector.name.to_string();
    tell_of(
        &gone.connectors,
        RecordType::Connector,
        outcome,
        fates,
        name,
    )
}

fn tell_of<T: Subject>(
    plan: &Plan<T>,
    record_type: RecordType,
    outcome: Outcome,
    fates: &mut Fates,
    name_of: impl Fn(&T) -> String,
) -> Result<()> {
    for Row {
        id,
        outcome,
        subject,
        usage,
        ..
    } in plan.report(outcome, false)
    {
        let guards = usage.map(|usage| &usage.guards);
        let guards = guards.filter(|guards| !guards.is_empty());
        fates.tell_gone(&ImportRow {
            record_type,
            id: id.as_ref(),
            outcome: outcome.as_str(),
            changes: &[],
            gone: subject.map(|subject| GoneFields {
                name: name_of(subject),
                revision: subject.revision().to_string(),
                references: usage.map(|usage| usage.references.as_slice()),
                used_by: usage.map(|usage| usage.services),
                guards: guards.and_then(|guards| serde_json::to_string(guards).ok()),
            }),
        })?;
    }
    Ok(())
}

/// The copy of what goes, if there is to be one.
pub(super) fn copy_for<'a>(
    mirror: &Mirror<'a>,
    context: &crate::context::Context,
) -> Result<Option<Copy<'a>>> {
    let keep: Option<&'a Path> = mirror.confirmation.keep;
    let copy = keep.map(|path| Copy::new(path, context)).transpose()?;
    Ok(copy.map(Copy::of_both))
}
