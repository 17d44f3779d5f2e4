//! Saying why something was not deleted, and what to do about it.

use std::collections::BTreeSet;
use std::fmt::{Display, Write};

use super::super::lookup::{did_you_mean, how_it_went};
use super::Target;
use crate::error::{Error, Kind, Result};
use crate::model::{Options, Plan, Problem, Refusal, Role, ServiceId, Usage, text};
use crate::output::reference_table;
use crate::store::Snapshot;

/// How many ids are named at most where the number of them is what matters.
const NAMED: usize = 10;

/// How many services are named at most in a hint; the message above it names all.
const HINTED: usize = 20;

/// The error for a batch of which nothing was deleted.
pub fn refused<T: Target>(
    snapshot: &Snapshot<'_>,
    plan: &Plan<T>,
    options: &Options,
    refusal: Refusal,
) -> Result<Error> {
    match refusal {
        Refusal::Problem(problem) => problems(snapshot, plan, options, problem, Rest::Kept),
        Refusal::Environment(environment) => {
            let outside: Vec<_> = plan
                .outside(environment)
                .map(|one| one.id().as_ref())
                .collect();
            Ok(Error::usage(format!(
                "not of the {environment} environment: {}; nothing was deleted",
                some(&outside)
            ))
            .hint("leave these ids out, or leave out --env"))
        }
        Refusal::Expect { expected, found } => Ok(Error::usage(format!(
            "{} would be deleted, but {expected} expected; nothing was deleted",
            text::count(found, T::NOUN),
            expected = if expected == 1 {
                "1 was".to_owned()
            } else {
                format!("{expected} were")
            },
        ))
        .hint("look at what would go with --dry-run, then correct --expect")),
    }
}

/// What becomes of those ids of a batch that are no problem.
#[derive(Clone, Copy)]
enum Rest {
    Kept,
    WouldGo,
    Gone,
}

/// The error for what a deletion left over when it went on; `None` if nothing.
pub fn left_over<T: Target>(
    snapshot: &Snapshot<'_>,
    plan: &Plan<T>,
    options: &Options,
    dry_run: bool,
) -> Result<Option<Error>> {
    let rest = if dry_run { Rest::WouldGo } else { Rest::Gone };
    plan.problem(options)
        .map(|problem| problems(snapshot, plan, options, problem, rest))
        .transpose()
}

/// The error for things that are not what the person saw.
pub fn changed(noun: &str, ids: &[&str]) -> Error {
    let (verb, are) = if ids.len() == 1 {
        ("has", "is")
    } else {
        ("have", "are")
    };
    Error::new(
        Kind::Changed,
        format!(
            "{} {verb} changed since you looked, or {are} gone: {}; nothing was deleted",
            text::count(ids.len(), noun),
            some(ids)
        ),
    )
    .hint("look again, then delete again")
}

fn some(ids: &[&str]) -> String {
    let mut named = ids[..ids.len().min(NAMED)].join(", ");
    if ids.len() > NAMED {
        let _ = write!(named, " and {} more", ids.len() - NAMED);
    }
    named
}

fn problems<T: Target>(
    snapshot: &Snapshot<'_>,
    plan: &Plan<T>,
    options: &Options,
    problem: Problem,
    rest: Rest,
) -> Result<Error> {
    let kind = match problem {
        Problem::InUse => Kind::InUse,
        Problem::NotFound => Kind::NotFound,
    };
    let mut parts = Vec::new();
    for (subject, usage) in plan.in_use() {
        parts.push(in_use(subject.id(), usage));
    }
    let mut suggestions = Vec::new();
    let missing: Vec<_> = plan.missing().filter(|_| !options.ignore_missing).collect();
    // Up to twice as many as are named of a long list are named all the same.
    let named = if missing.len() > 2 * NAMED {
        NAMED
    } else {
        missing.len()
    };
    for (index, id) in missing[..named].iter().enumerate() {
        let history = if index < NAMED {
            how_it_went(snapshot, T::ACTION, id.as_ref())?
        } else {
            None
        };
        let is_known = history.is_some();
        let history = history.map_or_else(String::new, |history| format!("; {history}"));
        parts.push(format!("{} {id} does not exist{history}", T::NOUN));
        if index < NAMED
            && !is_known
            && let Some(question) = did_you_mean(&T::similar(snapshot, id)?)
        {
            suggestions.push(match missing.len() {
                1 => question,
                _ => format!("{id}: {question}"),
            });
        }
    }
    if missing.len() > named {
        let more = text::count(missing.len() - named, &format!("other {}", T::NOUN));
        parts.push(format!("{more} do not exist either"));
    }
    let others = plan.free().count();
    if others > 0 {
        let counted = text::count(others, T::NOUN);
        let others_counted = text::count(others, &format!("other {}", T::NOUN));
        parts.push(match rest {
            Rest::Kept => format!("{counted} could have gone; nothing was deleted"),
            Rest::WouldGo => format!("{others_counted} would be deleted"),
            Rest::Gone if others == 1 => format!("{others_counted} was deleted"),
            Rest::Gone => format!("{others_counted} were deleted"),
        });
    }
    if suggestions.is_empty() && problem == Problem::NotFound {
        suggestions.push(format!("see what there is: {}", T::LIST));
    }
    let mut hint = suggestions.join("\n");
    if plan.in_use().next().is_some() {
        if !hint.is_empty() {
            hint.push('\n');
        }
        hint.push_str(&way_out(snapshot, plan)?);
    }
    let error = Error::new(kind, parts.join("\n"));
    Ok(if hint.is_empty() {
        error
    } else {
        error.hint(hint)
    })
}

/// What uses a connector, in a table of bounded length.
fn in_use(id: &impl Display, usage: &Usage) -> String {
    let counted = text::counted(usage.services, "service", "services");
    let mut shown = usage.references.as_slice();
    if usage.is_more_than_named() {
        let named = usage.named();
        let last = named[..NAMED.min(named.len())].last();
        let end = shown.iter().rposition(|one| Some(&&one.service) == last);
        shown = &shown[..end.map_or(0, |end| end + 1)];
    }
    let mut part = format!(
        "{id} is in use by {counted} and was not deleted\n{}",
        reference_table(shown).trim_end()
    );
    if shown.len() < usage.references.len() {
        let _ = write!(
            part,
            "\n  … and {} more services: connctl service list --uses {id}",
            usage.services - NAMED as u64
        );
    }
    let dangling = shown.iter().filter(|one| one.is_dangling()).count();
    if dangling > 0 {
        let counted = text::count(dangling, "reference");
        let _ = write!(
            part,
            "\n  {counted} left by a service that is gone, which is a fault of the store"
        );
    }
    part
}

/// The commands that take the services out of the way.
fn way_out<T: Target>(snapshot: &Snapshot<'_>, plan: &Plan<T>) -> Result<String> {
    let wanted: BTreeSet<&str> = plan
        .in_use()
        .map(|(subject, _)| subject.id().as_ref())
        .collect();
    let services: BTreeSet<&ServiceId> = plan
        .in_use()
        .flat_map(|(_, usage)| &usage.references)
        .filter(|reference| !reference.is_dangling())
        .map(|reference| &reference.service)
        .collect();
    let mut edits = Vec::new();
    let mut carried = BTreeSet::new();
    for &id in services.iter().take(HINTED) {
        let Some(service) = snapshot.service(id)? else {
            continue;
        };
        let mut edit = format!("connctl service edit {id}");
        for (role, all) in [
            (Role::Source, &service.sources),
            (Role::Destination, &service.destinations),
        ] {
            let (gone, kept): (Vec<_>, Vec<_>) = all
                .iter()
                .partition(|connector| wanted.contains(connector.as_str()));
            if !gone.is_empty() {
                let _ = write!(edit, " --{role} ID");
                edit.extend(kept.iter().map(|other| format!(" --{role} {other}")));
            }
        }
        edits.push(edit);
        let others = service.connectors().map(|(_, other)| other.to_string());
        carried.extend(others.filter(|other| !wanted.contains(other.as_str())));
    }
    let look = "see what is left over: connctl doctor";
    if services.is_empty() {
        return Ok(look.to_owned());
    }
    let names: Vec<_> = services.iter().take(HINTED).map(|id| id.as_str()).collect();
    if let ([edit], [name]) = (edits.as_slice(), names.as_slice()) {
        return Ok(format!(
            "point the service at another connector: {edit}\n\
             or remove it: connctl service delete {name}"
        ));
    }
    let mut hint = format!(
        "point each service at another connector:\n  {}",
        edits.join("\n  ")
    );
    let _ = write!(
        hint,
        "\nor remove them: connctl service delete {}",
        names.join(" ")
    );
    if services.len() > names.len() {
        let _ = write!(
            hint,
            "\n({} more services are named above)",
            services.len() - names.len()
        );
    }
    if !carried.is_empty() {
        let carried: Vec<_> = carried.iter().map(String::as_str).collect();
        let _ = write!(hint, "\nthey also carry: {}", carried.join(", "));
    }
    Ok(hint)
}
