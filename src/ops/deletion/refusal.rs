//! Saying why something was not deleted, and what to do about it.

use std::collections::BTreeSet;
use std::fmt::{Display, Write};
use std::ops::ControlFlow;

use super::super::lookup::{did_you_mean, how_it_went};
use super::Target;
use crate::error::{Error, Kind, Result};
use crate::model::{
    Answers, ConnectorId, Deed, Options, Plan, Problem, Refusal, Role, Service, ServiceId, Usage,
    text,
};
use crate::output::{guard_table, usage_table};
use crate::store::Snapshot;

/// How many ids are named at most where the number of them is what matters.
const NAMED: usize = 10;

/// How many ids a command in a hint names at most.
const HINTED: usize = 20;

/// How it is said.
pub struct Telling {
    /// What is a problem.
    pub options: Options,
    /// The columns of the terminal that it is said on, if it is one.
    pub width: Option<usize>,
}

/// The error for a batch of which nothing was deleted.
pub fn refused<T: Target>(
    snapshot: &Snapshot<'_>,
    plan: &Plan<T>,
    telling: &Telling,
    refusal: Refusal,
) -> Result<Error> {
    let done = telling.options.deed.done();
    match refusal {
        Refusal::Problem(problem) => problems(snapshot, plan, telling, problem, Rest::Kept),
        Refusal::Environment(environment) => {
            let outside: Vec<_> = plan
                .outside(environment)
                .map(|one| one.id().as_ref())
                .collect();
            Ok(Error::usage(format!(
                "not of the {environment} environment: {}; nothing was {done}",
                some(&outside)
            ))
            .hint("leave these ids out, or leave out --env"))
        }
        Refusal::Expect { expected, found } => Ok(Error::usage(format!(
            "{} would be {done}, but {expected} expected; nothing was {done}",
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
    telling: &Telling,
    dry_run: bool,
) -> Result<Option<Error>> {
    let rest = if dry_run { Rest::WouldGo } else { Rest::Gone };
    plan.problem(&telling.options)
        .map(|problem| problems(snapshot, plan, telling, problem, rest))
        .transpose()
}

/// The error for things that are not what the person saw.
pub fn changed(deed: Deed, noun: &str, ids: &[&str]) -> Error {
    let (verb, are) = if ids.len() == 1 {
        ("has", "is")
    } else {
        ("have", "are")
    };
    Error::new(
        Kind::Changed,
        format!(
            "{} {verb} changed since you looked, or {are} gone: {}; nothing was {}",
            text::count(ids.len(), noun),
            some(ids),
            deed.done()
        ),
    )
    .hint(format!("look again, then {} again", deed.verb()))
}

/// The error for what was picked only after the guards had been asked; `None` if nothing was.
pub fn unasked<T: Target>(deed: Deed, plan: &mut Plan<T>, answers: &Answers) -> Option<Error> {
    let plan = T::connectors(plan)?;
    let unasked: Vec<_> = answers.unasked(plan).map(ConnectorId::as_str).collect();
    if unasked.is_empty() {
        return None;
    }
    let message = format!(
        "{} came up after the guards were asked: {}; nothing was {}",
        text::count(unasked.len(), T::NOUN),
        some(&unasked),
        deed.done()
    );
    Some(Error::new(Kind::Changed, message).hint(format!("look again, then {} again", deed.verb())))
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
    telling: &Telling,
    problem: Problem,
    rest: Rest,
) -> Result<Error> {
    let kind = match problem {
        Problem::InUse => Kind::InUse,
        Problem::Protected => Kind::Protected,
        Problem::OnTrial => Kind::Retired,
        Problem::NotFound => Kind::NotFound,
    };
    let done = telling.options.deed.done();
    let mut parts = Vec::new();
    let mut in_use = plan.in_use();
    let named = in_use.by_ref().take(NAMED);
    parts.extend(named.map(|(subject, usage)| in_use_by(subject.id(), usage, telling)));
    match in_use.count() {
        0 => {}
        more => parts.push(format!("… and {more} more are in use and were not {done}")),
    }
    let protected: Vec<_> = plan.protected().map(|one| one.id().as_ref()).collect();
    let on_trial: Vec<_> = plan.on_trial().map(|one| one.id().as_ref()).collect();
    if !telling.options.ignore_in_use {
        parts.extend(stays(&protected, "protected", done));
        parts.extend(stays(&on_trial, "on trial", done));
    }
    let mut suggestions = Vec::new();
    let missing: Vec<_> = plan
        .missing()
        .filter(|_| !telling.options.ignore_missing)
        .collect();
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
        if !is_known && let Some(question) = did_you_mean(&T::similar(snapshot, id)?) {
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
            Rest::Kept => match telling.options.deed {
                Deed::Delete => format!("{counted} could have gone; nothing was deleted"),
                Deed::Retire { .. } => {
                    format!("{counted} could have been retired; nothing was retired")
                }
            },
            Rest::WouldGo => format!("{others_counted} would be {done}"),
            Rest::Gone if others == 1 => format!("{others_counted} was {done}"),
            Rest::Gone => format!("{others_counted} were {done}"),
        });
    }
    if suggestions.is_empty() && problem == Problem::NotFound {
        suggestions.push(format!("see what there is: {}", T::LIST));
    }
    let mut hint = suggestions.join("\n");
    if plan.in_use().next().is_some() {
        let WayOut { mut ways, carried } = way_out(snapshot, plan, telling.options.deed, rest)?;
        ways.extend(carried);
        let way_out = ways.join("\n");
        hint = [way_out, hint]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("\n");
    }
    if problem == Problem::Protected {
        let named: Vec<_> = protected.iter().copied().take(HINTED).collect();
        hint = format!(
            "an admin may lift it: connctl unprotect {}",
            named.join(" ")
        );
    }
    let error = Error::new(kind, parts.join("\n"));
    Ok(if hint.is_empty() {
        error
    } else {
        error.hint(hint)
    })
}

/// What stays because of what it is.
fn stays(ids: &[&str], standing: &str, done: &str) -> Option<String> {
    let (are, were) = match ids {
        [] => return None,
        [_] => ("is", "was"),
        _ => ("are", "were"),
    };
    let named = some(ids);
    Some(format!("{named} {are} {standing} and {were} not {done}"))
}

/// Who uses what stays, as guards say: a sentence about each of the first.
pub fn guarded<T: Target>(plan: &Plan<T>) -> Vec<String> {
    /// How many columns of each text are shown at most.
    const WIDTH: usize = 100;
    let said = |(subject, usage): (&T, &Usage)| {
        let [first, more @ ..] = usage.guards.as_slice() else {
            return None;
        };
        let [user, place] = [&first.used_by, &first.place].map(|said| {
            let said = text::visible(said);
            text::cut(&said, WIDTH).into_owned()
        });
        let place = if place.trim().is_empty() {
            String::new()
        } else {
            format!(" ({place})")
        };
        let more = match more.len() {
            0 => String::new(),
            count => format!(" and {}", text::count(count, "more use")),
        };
        let guard = text::Quoted::from(first.guard.as_str());
        let id = subject.id();
        Some(format!(
            "{id} stays, in use by {user}{place}{more}: the guard {guard} says so"
        ))
    };
    plan.in_use().filter_map(said).take(HINTED).collect()
}

/// What uses a connector, in tables of bounded length.
fn in_use_by(id: &impl Display, usage: &Usage, telling: &Telling) -> String {
    let done = telling.options.deed.done();
    let guards = guard_table(&usage.guards, telling.width);
    let counted = match (usage.services, guards.as_str()) {
        (services, "") => format!("by {}", text::counted(services, "service", "services")),
        (0, guards) => {
            return format!("{id} is in use beyond this store and was not {done}\n{guards}");
        }
        (services, _) => format!(
            "by {} and beyond this store",
            text::counted(services, "service", "services")
        ),
    };
    let mut shown = usage.references.as_slice();
    if usage.is_more_than_named() {
        let named = usage.named();
        let last = named[..NAMED.min(named.len())].last();
        let end = shown.iter().rposition(|one| Some(&&one.service) == last);
        shown = &shown[..end.map_or(0, |end| end + 1)];
    }
    let mut part = format!(
        "{id} is in use {counted} and was not {done}\n{}",
        usage_table(shown, telling.width).trim_end()
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
    if !guards.is_empty() {
        let _ = write!(part, "\n{guards}");
    }
    part
}

/// What to do about what is in use.
struct WayOut {
    /// A line each, the shortest way first.
    ways: Vec<String>,
    /// What else the services in the way carry.
    carried: Option<String>,
}

/// What to do about what is in use: put something in its place, or remove what uses it first.
fn way_out<T: Target>(
    snapshot: &Snapshot<'_>,
    plan: &Plan<T>,
    deed: Deed,
    rest: Rest,
) -> Result<WayOut> {
    let in_use: Vec<(&str, &Usage)> = plan
        .in_use()
        .map(|(subject, usage)| (subject.id().as_ref(), usage))
        .filter(|(_, usage)| usage.services > 0)
        .take(NAMED)
        .collect();
    let wanted: BTreeSet<&str> = in_use.iter().map(|(id, _)| *id).collect();
    let services: BTreeSet<&ServiceId> = in_use
        .iter()
        .flat_map(|(_, usage)| &usage.references)
        .filter(|reference| !reference.is_dangling())
        .map(|reference| &reference.service)
        .collect();
    let is_guarded = |usage: &Usage| !usage.guards.is_empty();
    let guarded = plan.in_use().filter(|(_, usage)| is_guarded(usage)).count();
    let beyond = (guarded > 0).then(|| {
        let it = if guarded == 1 { "it" } else { "them" };
        let verb = deed.verb();
        format!("see to what uses {it} beyond this store, then {verb} again")
    });
    if services.is_empty() {
        let left_over = || "see what is left over: connctl doctor".to_owned();
        return Ok(WayOut {
            ways: vec![beyond.unwrap_or_else(left_over)],
            carried: None,
        });
    }
    let replaced: Vec<_> = in_use
        .iter()
        .map(|(id, _)| format!("connctl replace {id} NEW"))
        .collect();
    let mut lines = vec![match replaced.as_slice() {
        [only] => format!("put another one in its place: {only}"),
        several => format!("put others in their place:\n  {}", several.join("\n  ")),
    }];
    let again = match deed {
        Deed::Delete => "delete",
        Deed::Retire { .. } => "retire --for DURATION",
    };
    // After what could have gone as well, unless that is gone already.
    let others = plan.free().map(|one| one.id().as_ref());
    let freed = plan.in_use().filter(|(_, usage)| !is_guarded(usage));
    let mut ids: Vec<&str> = freed.map(|(one, _)| one.id().as_ref()).collect();
    if matches!(rest, Rest::Kept) {
        ids.extend(others);
    }
    let is_bounded = |(_, usage): &(&str, &Usage)| !usage.is_more_than_named();
    if ids.len() <= HINTED && services.len() <= HINTED && in_use.iter().all(is_bounded) {
        let names: Vec<_> = services.iter().map(|id| id.as_str()).collect();
        lines.push(format!(
            "or remove what uses {}: connctl service delete {}{}",
            if in_use.len() == 1 { "it" } else { "them" },
            names.join(" "),
            then_again(again, &ids)
        ));
    } else {
        lines.extend(in_use.iter().map(|(id, usage)| {
            let freed = if is_guarded(usage) { &[][..] } else { &[*id] };
            format!(
                "or remove what uses {id}: connctl service list --uses {id} -o ids | connctl service delete -{}",
                then_again(again, freed)
            )
        }));
    }
    let services: Vec<_> = services.into_iter().take(HINTED).collect();
    if let ([service], [(id, _)]) = (services.as_slice(), in_use.as_slice())
        && let Some(service) = snapshot.salvaged_service(service)?
    {
        lines.extend(removal(&service.record, id));
    }
    lines.extend(beyond);
    let carried = carried_along(snapshot, &services, &wanted)?;
    Ok(WayOut {
        ways: lines,
        carried,
    })
}

/// What else the services carry than the connectors that are wanted, in a line of bounded length.
fn carried_along(
    snapshot: &Snapshot<'_>,
    services: &[&ServiceId],
    wanted: &BTreeSet<&str>,
) -> Result<Option<String>> {
    /// How many are counted at most.
    const COUNTED: usize = 1_000;
    let mut carried = BTreeSet::new();
    for service in services {
        snapshot.each_connector_of(service, |other| {
            if !wanted.contains(other) {
                carried.insert(other.to_owned());
            }
            if carried.len() < COUNTED {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })?;
    }
    if carried.is_empty() {
        return Ok(None);
    }
    let they = if services.len() == 1 {
        "it also carries"
    } else {
        "they also carry"
    };
    let carried: Vec<_> = carried.iter().map(|other| text::visible(other)).collect();
    let named: Vec<_> = carried.iter().map(AsRef::as_ref).collect();
    Ok(Some(if carried.len() < COUNTED {
        format!("{they}: {}", some(&named))
    } else {
        format!(
            "{they} more than {}: {} …",
            COUNTED - 1,
            named[..NAMED].join(", ")
        )
    }))
}

/// The ways to a plan in which everything can go, the shortest first; empty if it can.
pub fn ways_out<T: Target>(snapshot: &Snapshot<'_>, plan: &Plan<T>) -> Result<Vec<String>> {
    if plan.in_use().next().is_none() {
        return Ok(Vec::new());
    }
    Ok(way_out(snapshot, plan, Deed::Delete, Rest::Kept)?.ways)
}

/// The command that is to be given again for what has become free, behind another one.
fn then_again(again: &str, ids: &[&str]) -> String {
    match ids {
        [] => String::new(),
        ids => format!(" && connctl {again} {}", ids.join(" ")),
    }
}

/// The command that takes a connector out of a service, where another one stays in each of its
/// roles.
fn removal(service: &Service, id: &str) -> Option<String> {
    let mut command = format!("connctl service edit {}", service.id);
    for role in Role::ALL {
        let connectors = service.in_role(role);
        if connectors.iter().any(|connector| connector.as_str() == id) {
            if connectors.len() == 1 {
                return None;
            }
            let _ = write!(command, " --remove-{role} {id}");
        }
    }
    Some(format!("or take it out of the service: {command}"))
}
