//! What can be deleted.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::ops::ControlFlow;
use std::str::FromStr;

use serde_json::json;

use super::super::{exposed, lookup, replace, transfer, trial};
use crate::context::{self, Context};
use crate::error::{Error, Result};
use crate::model::{
    Action, Answers, Connector, ConnectorId, ConnectorSubject, Deed, Detail, End, Environment,
    InvalidId, Plan, Record, Replacement, Row, Search, SecretName, Service, ServiceId,
    ServiceSubject, Settings, State, Subject, Time, text,
};
use crate::output::{Column, Content, column};
use crate::store::{self, Change, Snapshot, Stretch};
use crate::ui::{Batch, Choice};

/// What can be deleted, as the store sees it and as a person does.
pub trait Target: Subject<Id: FromStr<Err = InvalidId> + Hash> + Sized {
    /// The command that lists what there is.
    const LIST: &'static str;

    /// The columns of [`Target::cells`].
    const COLUMNS: &'static [Column];

    /// What a person is shown of it.
    fn cells(&self) -> Vec<String>;

    /// What a person may want to know of it before it goes, in a few words each.
    fn facts(snapshot: &Snapshot<'_>, id: &Self::Id, deed: Deed) -> store::Result<Vec<String>>;

    /// What the store knows of the ids.
    fn plan(snapshot: &Snapshot<'_>, ids: Vec<Self::Id>) -> store::Result<Plan<Self>>;

    /// Lets what is in use go, because services will refer to `new` in its place: what that changes.
    fn give_way(
        snapshot: &Snapshot<'_>,
        plan: &mut Plan<Self>,
        new: &ConnectorId,
        now: Time,
    ) -> Result<GivesWay>;

    /// A row as one of a connector, if it is one.
    fn as_connector<'a, 'r>(row: &'r Row<'a, Self>) -> Option<&'r Row<'a, ConnectorSubject>>;

    /// What a person is to know of those that are free.
    fn remarks(snapshot: &Snapshot<'_>, plan: &Plan<Self>, deed: Deed) -> Result<Vec<String>>;

    /// What the audit trail calls deleting one.
    const ACTION: Action;

    /// What it calls what is done to one.
    fn action(deed: Deed) -> Action {
        match deed {
            Deed::Delete => Self::ACTION,
            Deed::Retire { .. } => Action::ConnectorRetire,
        }
    }

    /// What the audit trail keeps of one that goes.
    fn detail(change: &Change<'_>, id: &Self::Id) -> store::Result<Detail>;

    /// All that is known of it, as it stands in a file.
    fn record(snapshot: &Snapshot<'_>, id: &Self::Id) -> Result<Record>;

    /// The plan as one of connectors, if it is one: guards are asked about these and no others.
    fn connectors(plan: &mut Plan<Self>) -> Option<&mut Plan<ConnectorSubject>>;

    /// Deletes what the plan said is free, each after `last_look` at what is still there.
    fn delete(
        change: &Change<'_>,
        ids: &[Self::Id],
        answers: &Answers,
        last_look: impl FnMut(&Self::Id) -> Result<()>,
    ) -> Result<()>;

    /// The next of what there is to choose from, behind this id.
    fn choices(
        snapshot: &Snapshot<'_>,
        environment: Option<Environment>,
        search: Option<&Search>,
        behind: &str,
    ) -> store::Result<Batch>;

    /// What is not among that, and why.
    fn others(environment: Option<Environment>) -> String;

    /// Ids like this one.
    fn similar(snapshot: &Snapshot<'_>, id: &Self::Id) -> store::Result<Vec<String>>;
}

/// What changes first, so that something can go.
#[derive(Default)]
pub struct GivesWay {
    /// Which connectors give way to which, and where.
    pub moved: Vec<Replacement>,
    /// What may be a mistake.
    pub warnings: Vec<String>,
}

impl GivesWay {
    /// How many services change.
    pub fn services(&self) -> usize {
        let moves = self.moved.iter().flat_map(|one| &one.moves);
        let services: BTreeSet<_> = moves.map(|one| &one.service).collect();
        services.len()
    }

    /// Lets services that refer to another connector now refer to it, once for each that gives way.
    pub fn carry_out(&mut self, change: &context::Change<'_>, now: Time) -> Result<()> {
        for replacement in &mut self.moved {
            replace::carry_out(change, now, replacement)?;
        }
        // One that referred to several has the revision that the last of them left.
        let moves = || self.moved.iter().flat_map(|one| &one.moves);
        let last: BTreeMap<_, _> = moves()
            .map(|one| (one.service.clone(), one.revision))
            .collect();
        for one in self.moved.iter_mut().flat_map(|one| &mut one.moves) {
            one.revision = last.get(&one.service).copied().unwrap_or(one.revision);
        }
        Ok(())
    }

    /// Tells what may be a mistake.
    pub fn warn(&self, context: &Context) {
        self.warnings
            .iter()
            .for_each(|warning| context.ui.warn(warning));
    }

    /// The ids of what is not as it was `then`.
    pub fn changed_since<'a>(&'a self, then: &'a Self) -> Vec<&'a str> {
        let of =
            |all: &'a [Replacement], id: &ConnectorId| all.iter().find(|one| one.from.id == *id);
        let now = self
            .moved
            .iter()
            .flat_map(|one| match of(&then.moved, &one.from.id) {
                Some(then) => one.changed_since(then),
                None => vec![one.from.id.as_str()],
            });
        let left = then.moved.iter().map(|one| &one.from.id);
        let left = left.filter(|id| of(&self.moved, id).is_none());
        now.chain(left.map(ConnectorId::as_str)).collect()
    }
}

impl Target for ConnectorSubject {
    const LIST: &'static str = "connctl list all";

    const COLUMNS: &'static [Column] = &[
        column("ID"),
        column("NAME").of(Content::Text),
        column("SYSTEM"),
        column("ENVIRONMENT"),
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.name.to_string(),
            self.system.to_string(),
            self.environment.to_string(),
        ]
    }

    fn facts(snapshot: &Snapshot<'_>, id: &ConnectorId, deed: Deed) -> store::Result<Vec<String>> {
        match snapshot.connector(id) {
            Ok(Some(connector)) => Ok(facts(&connector, deed)),
            // It may be deleted all the same.
            Ok(None) | Err(store::Error::UnreadableRecord { .. }) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    fn plan(snapshot: &Snapshot<'_>, ids: Vec<ConnectorId>) -> store::Result<Plan<Self>> {
        snapshot.plan_connectors(ids)
    }

    fn give_way(
        snapshot: &Snapshot<'_>,
        plan: &mut Plan<Self>,
        new: &ConnectorId,
        now: Time,
    ) -> Result<GivesWay> {
        let to = lookup::connector(snapshot, new)?;
        let mut gives_way = GivesWay::default();
        for entry in &mut plan.entries {
            if entry.id() == new {
                let message = format!("{new} cannot be put in its own place; nothing was changed");
                return Err(Error::usage(message));
            }
            let Some(subject) = entry.subject().cloned() else {
                continue;
            };
            replace::check_ends(snapshot, &subject.id, subject.environment, &to)?;
            if !matches!(entry, State::InUse(..)) {
                continue;
            }
            let warnings = replace::warnings((&subject.id, &subject.system), &to, now);
            gives_way.warnings.extend(warnings);
            gives_way.moved.push(Replacement {
                from: End {
                    id: subject.id.clone(),
                    revision: subject.revision,
                },
                to: End {
                    id: new.clone(),
                    revision: to.revision,
                },
                moves: snapshot.uses(&subject.id)?,
            });
            *entry = if subject.protected {
                State::Protected(subject)
            } else {
                State::Free(subject)
            };
        }
        gives_way.warnings.dedup();
        Ok(gives_way)
    }

    fn as_connector<'a, 'r>(row: &'r Row<'a, Self>) -> Option<&'r Row<'a, ConnectorSubject>> {
        Some(row)
    }

    fn remarks(snapshot: &Snapshot<'_>, plan: &Plan<Self>, deed: Deed) -> Result<Vec<String>> {
        trial::remarks(snapshot, plan, deed)
    }

    const ACTION: Action = Action::ConnectorDelete;

    fn detail(change: &Change<'_>, id: &ConnectorId) -> store::Result<Detail> {
        let connector = change.connector(id);
        if let Ok(Some(connector)) = &connector {
            exposed::note_removal(change, &connector.settings, &Settings::default());
        }
        detail_or_damage(connector, Connector::detail)
    }

    fn record(snapshot: &Snapshot<'_>, id: &ConnectorId) -> Result<Record> {
        let connector = lookup::connector(snapshot, id)?;
        let secrets = connector.secrets.iter().map(|name| {
            let ciphertext = lookup::secret(snapshot, id, name)?;
            Ok((name.clone(), ciphertext))
        });
        let secrets = secrets.collect::<Result<_>>()?;
        let record = transfer::connector_record(connector, secrets).map_err(|error| {
            Error::failure(format!("cannot write a secret of connector {id}: {error}"))
        })?;
        Ok(Record::Connector(record))
    }

    fn connectors(plan: &mut Plan<Self>) -> Option<&mut Plan<ConnectorSubject>> {
        Some(plan)
    }

    fn delete(
        change: &Change<'_>,
        ids: &[ConnectorId],
        answers: &Answers,
        last_look: impl FnMut(&ConnectorId) -> Result<()>,
    ) -> Result<()> {
        let cleared = answers.clear(ids).ok_or_else(|| {
            Error::failure("a guard was not asked or knows of a use; nothing was deleted")
        })?;
        change.delete_connectors(cleared, last_look)
    }

    fn choices(
        snapshot: &Snapshot<'_>,
        environment: Option<Environment>,
        search: Option<&Search>,
        behind: &str,
    ) -> store::Result<Batch> {
        let environment = environment.unwrap_or(Environment::Live);
        let mut batch = Gathered::new(search);
        let looked_at = snapshot.offer_connectors(Gathered::stretch(behind), |connector| {
            let is_offered = connector.environment == environment.as_str()
                && !connector.in_use
                && !connector.protected
                && connector.id.parse::<ConnectorId>().is_ok();
            let trial = if connector.on_trial { "on trial" } else { "" };
            batch.add(
                connector.id,
                &[connector.name, connector.system, trial],
                is_offered,
            )
        })?;
        Ok(batch.done(looked_at))
    }

    fn others(environment: Option<Environment>) -> String {
        let environment = environment.unwrap_or(Environment::Live);
        let other = environment.other();
        format!(
            "{environment} connectors that are in use or protected are not offered; for {other} \
             ones: --env {other}"
        )
    }

    fn similar(snapshot: &Snapshot<'_>, id: &ConnectorId) -> store::Result<Vec<String>> {
        snapshot.similar_connectors(id)
    }
}

impl Target for ServiceSubject {
    const LIST: &'static str = "connctl service list";

    const COLUMNS: &'static [Column] = &[
        column("ID"),
        column("NAME").of(Content::Text),
        column("KIND"),
        column("STATUS"),
        column("ENVIRONMENT"),
    ];

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

    fn facts(_: &Snapshot<'_>, _: &ServiceId, _: Deed) -> store::Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn plan(snapshot: &Snapshot<'_>, ids: Vec<ServiceId>) -> store::Result<Plan<Self>> {
        snapshot.plan_services(ids)
    }

    fn give_way(
        _: &Snapshot<'_>,
        _: &mut Plan<Self>,
        _: &ConnectorId,
        _: Time,
    ) -> Result<GivesWay> {
        Ok(GivesWay::default())
    }

    fn as_connector<'a, 'r>(_: &'r Row<'a, Self>) -> Option<&'r Row<'a, ConnectorSubject>> {
        None
    }

    fn remarks(_: &Snapshot<'_>, _: &Plan<Self>, _: Deed) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    const ACTION: Action = Action::ServiceDelete;

    fn detail(change: &Change<'_>, id: &ServiceId) -> store::Result<Detail> {
        detail_or_damage(change.service(id), Service::detail)
    }

    fn record(snapshot: &Snapshot<'_>, id: &ServiceId) -> Result<Record> {
        Ok(Record::Service(lookup::service(snapshot, id)?.into()))
    }

    fn connectors(_: &mut Plan<Self>) -> Option<&mut Plan<ConnectorSubject>> {
        None
    }

    fn delete(
        change: &Change<'_>,
        ids: &[ServiceId],
        _: &Answers,
        last_look: impl FnMut(&ServiceId) -> Result<()>,
    ) -> Result<()> {
        change.delete_services(ids, last_look)
    }

    fn choices(
        snapshot: &Snapshot<'_>,
        _: Option<Environment>,
        search: Option<&Search>,
        behind: &str,
    ) -> store::Result<Batch> {
        let mut batch = Gathered::new(search);
        let looked_at = snapshot.offer_services(Gathered::stretch(behind), |service| {
            let status = if service.active { "active" } else { "inactive" };
            let is_offered = service.id.parse::<ServiceId>().is_ok();
            batch.add(
                service.id,
                &[service.name, service.kind, status],
                is_offered,
            )
        })?;
        Ok(batch.done(looked_at))
    }

    fn others(_: Option<Environment>) -> String {
        "connectors stay when a service is deleted".to_owned()
    }

    fn similar(snapshot: &Snapshot<'_>, id: &ServiceId) -> store::Result<Vec<String>> {
        snapshot.similar_services(id)
    }
}

/// What was found of what there is to choose from.
struct Gathered<'s> {
    search: Option<&'s Search>,
    found: Vec<Choice>,
    last: String,
}

impl<'s> Gathered<'s> {
    /// How many rows are looked at in one go: so few that no key waits for them.
    const ROWS: u32 = 2_000;

    fn new(search: Option<&'s Search>) -> Self {
        Self {
            search,
            found: Vec::new(),
            last: String::new(),
        }
    }

    fn stretch(behind: &str) -> Stretch<'_> {
        Stretch {
            start: "",
            after: behind,
            backwards: false,
            rows: Self::ROWS,
        }
    }

    /// Adds one, if it is offered and the search finds it.
    fn add(&mut self, id: &str, about: &[&str], is_offered: bool) -> ControlFlow<()> {
        id.clone_into(&mut self.last);
        let mut texts = [id].into_iter().chain(about.iter().copied());
        if is_offered
            && self
                .search
                .is_none_or(|search| texts.any(|text| search.is_in(text)))
        {
            self.found.push(Choice {
                id: id.to_owned(),
                about: about.iter().map(|text| (*text).to_owned()).collect(),
            });
        }
        ControlFlow::Continue(())
    }

    fn done(self, looked_at: u32) -> Batch {
        Batch {
            found: self.found,
            last: (looked_at == Self::ROWS).then_some(self.last),
        }
    }
}

/// What a person may want to know of a connector before it goes.
fn facts(connector: &Connector, deed: Deed) -> Vec<String> {
    /// How much of a note is shown, in columns.
    const NOTE: usize = 200;
    let mut facts = Vec::new();
    if let Some(group) = &connector.group {
        facts.push(format!("group {}", text::visible(group.as_str())));
    }
    let secrets: Vec<_> = connector.secrets.iter().map(SecretName::as_str).collect();
    if !secrets.is_empty() {
        let verb = if secrets.len() == 1 { "goes" } else { "go" };
        let counted = text::count(secrets.len(), "secret");
        let gone = match deed {
            Deed::Delete => format!(" {verb} with it"),
            Deed::Retire { .. } => String::new(),
        };
        facts.push(format!("{counted}{gone}: {}", secrets.join(", ")));
    }
    if let Some(time) = connector.last_used_at {
        facts.push(format!("last used {time}"));
    }
    if let Some(time) = connector.expires_at {
        facts.push(format!("expiry {time}"));
    }
    if let Some(note) = &connector.note {
        let note = text::visible(note);
        facts.push(format!("note: {}", text::cut(&note, NOTE)));
    }
    facts
}

/// What the audit trail keeps of what was read. What cannot be read can be deleted all the same, and
/// leaves no more than that.
fn detail_or_damage<T>(
    read: store::Result<Option<T>>,
    detail: impl FnOnce(&T) -> Detail,
) -> store::Result<Detail> {
    match read {
        Ok(found) => Ok(found.as_ref().map(detail).unwrap_or_default()),
        Err(store::Error::UnreadableRecord { .. }) => Ok(json!({"unreadable": true}).into()),
        Err(error) => Err(error),
    }
}
