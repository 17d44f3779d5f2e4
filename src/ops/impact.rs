//! What would break without a connector.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::deletion::ways_out;
use super::lookup;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{
    Answers, ConnectorId, ConnectorSubject, Impact, Plan, ServiceUse, State, Subject, Trial,
};
use crate::output::{Format, ImpactJson, Mermaid, write_impact};
use crate::store::{self, Snapshot};

/// How many services of a connector are shown to people and drawn; as JSON all of them are told.
const SHOWN: usize = 100;

/// Tells what would break without these connectors. Those that are not there are an error behind
/// what is said of the others.
pub fn run(ids: &[ConnectorId], is_diagram: bool, context: &Context) -> Result<()> {
    let possible: &[Format] = if is_diagram {
        &[Format::Table]
    } else {
        &Format::DOCUMENT
    };
    let format = context.format(possible)?;
    let store = context.open()?;
    let mut seen = BTreeSet::new();
    let ids: Vec<_> = ids.iter().filter(|id| seen.insert(*id)).cloned().collect();
    let plan = store.read()?.plan_connectors(ids.clone())?;
    let there = plan.entries.iter().filter_map(State::subject);
    let answers = context.ask_guards(there.map(|one| &one.id))?;
    let snapshot = store.read()?;
    let look = Look {
        snapshot: &snapshot,
        answers: &answers,
    };
    let (found, missing) = look.up(ids)?;
    let out = context.output(format);
    if is_diagram {
        look.draw(&found, out)?;
    } else if format.is_json() {
        look.tell(&found, out, format)?;
    } else {
        look.show(&found, out, context)?;
    }
    if missing.is_empty() {
        return Ok(());
    }
    let missing: Vec<_> = missing.iter().collect();
    Err(lookup::missing_connectors(&snapshot, &missing)?)
}

/// A connector that is there, as a plan to delete it and nothing else.
type Found = Plan<ConnectorSubject>;

struct Look<'a> {
    snapshot: &'a Snapshot<'a>,
    answers: &'a Answers,
}

impl Look<'_> {
    /// Those of the connectors that are there, and the others.
    fn up(&self, ids: Vec<ConnectorId>) -> Result<(Vec<Found>, Vec<ConnectorId>)> {
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        let plan = self.snapshot.plan_connectors(ids)?;
        for entry in plan.entries {
            if let State::Missing(id) = entry {
                missing.push(id);
                continue;
            }
            let mut plan = Plan {
                entries: vec![entry],
            };
            self.answers.apply(&mut plan);
            found.push(plan);
        }
        Ok((found, missing))
    }

    /// What is known of a connector beside its services.
    fn impact(&self, plan: &Found) -> Result<Option<Impact>> {
        let Some(entry) = plan.entries.first() else {
            return Ok(None);
        };
        let id = entry.id();
        let connector = lookup::connector(self.snapshot, id)?;
        let (used_by, guards) = match entry {
            State::InUse(_, usage) => (usage.services, usage.guards.clone()),
            _ => (0, Vec::new()),
        };
        let trial = entry.subject().and_then(Subject::trial).cloned();
        let mut ways = ways_out(self.snapshot, plan)?;
        if connector.protected {
            ways.push(format!(
                "an admin may lift its protection: connctl unprotect {id}"
            ));
        } else if ways.is_empty() {
            ways.extend(free_ways(id, trial.as_ref()));
        }
        Ok(Some(Impact {
            trial,
            used_by,
            left_without_user: self.snapshot.left_without_user(id)?,
            guards,
            ways,
            connector,
        }))
    }

    /// The first services of a connector, and how many of all are active.
    fn services(&self, id: &ConnectorId) -> Result<(Vec<ServiceUse>, u64)> {
        let (mut first, mut active) = (Vec::new(), 0);
        self.snapshot.each_service_of(id, |service| {
            active += u64::from(service.active);
            if first.len() < SHOWN {
                first.push(service);
            }
            Ok::<_, store::Error>(())
        })?;
        Ok((first, active))
    }

    fn show(&self, found: &[Found], mut out: impl Write, context: &Context) -> Result<()> {
        for (index, plan) in found.iter().enumerate() {
            let Some(impact) = self.impact(plan)? else {
                continue;
            };
            let (services, active) = self.services(&impact.connector.id)?;
            let mut write = || {
                if index > 0 {
                    writeln!(out)?;
                }
                write_impact(&mut out, context.style(), &impact, &services, active)
            };
            write().map_err(Error::output)?;
        }
        out.flush().map_err(Error::output)
    }

    fn tell(&self, found: &[Found], out: impl Write, format: Format) -> Result<()> {
        let mut json = ImpactJson::new(out, format);
        for plan in found {
            let Some(impact) = self.impact(plan)? else {
                continue;
            };
            let id = &impact.connector.id;
            json.begin(&impact).map_err(Error::output)?;
            self.snapshot.each_service_of(id, |service| {
                json.service(id, &service).map_err(Error::output)
            })?;
            json.end().map_err(Error::output)?;
        }
        json.finish().map_err(Error::output)
    }

    fn draw(&self, found: &[Found], mut out: impl Write) -> Result<()> {
        let impacts = found.iter().map(|plan| self.impact(plan));
        let impacts = impacts.collect::<Result<Vec<_>>>()?;
        let impacts: Vec<_> = impacts.into_iter().flatten().collect();
        let mut diagram = Mermaid::default();
        for impact in &impacts {
            diagram.connector(impact);
        }
        for impact in &impacts {
            let id = &impact.connector.id;
            let (services, _) = self.services(id)?;
            for service in &services {
                diagram.service(service);
            }
            let more = impact.used_by.saturating_sub(services.len() as u64);
            if more > 0 {
                diagram.more(id, more);
            }
        }
        let written: io::Result<()> = diagram.write(&mut out);
        written.map_err(Error::output)
    }
}

/// What to do about a connector that nothing needs, as far as is known.
fn free_ways(id: &ConnectorId, trial: Option<&Trial>) -> [String; 2] {
    match trial {
        Some(trial) if trial.attempts.count > 0 => [
            format!("somebody missed it, so end its trial: connctl revive {id}"),
            format!("or delete it all the same: connctl delete {id}"),
        ],
        Some(_) => [
            format!("nothing stands in the way: connctl delete {id}"),
            format!("or end its trial: connctl revive {id}"),
        ],
        None => [
            format!("nothing stands in the way: connctl delete {id}"),
            format!("or find out first who misses it: connctl retire {id} --for 30d"),
        ],
    }
}
