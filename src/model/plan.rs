//! Deciding what a deletion may do.
//!
//! A [`Plan`] says for each id what the store knows of it; [`Options`] say what the person wants.
//! Together they decide, without a store or a screen, whether anything goes and what is reported.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::macros::named;
use super::{
    ConnectorId, Deed, Environment, Label, Name, Revision, ServiceId, ServiceKind, Trial, Trials,
    Usage,
};

/// What can be deleted.
pub trait Subject: Clone {
    /// What identifies it.
    type Id: AsRef<str> + Clone + Ord + fmt::Debug + fmt::Display;

    /// `connector` or `service`.
    const NOUN: &'static str;

    /// Its id.
    fn id(&self) -> &Self::Id;

    /// The state that was looked at.
    fn revision(&self) -> Revision;

    /// Whether deleting it touches the live environment.
    fn is_live(&self) -> bool;

    /// Its environment, where it has one of its own.
    fn environment(&self) -> Option<Environment>;

    /// Its trial, if it is on one.
    fn trial(&self) -> Option<&Trial> {
        None
    }
}

/// What a plan keeps of a connector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectorSubject {
    /// The id.
    pub id: ConnectorId,
    /// The name.
    pub name: Name,
    /// The system.
    pub system: Label,
    /// The environment.
    pub environment: Environment,
    /// Whether it may not be deleted.
    pub protected: bool,
    /// Its trial, if it is on one.
    pub trial: Option<Box<Trial>>,
    /// The state that was looked at.
    pub revision: Revision,
}

impl Subject for ConnectorSubject {
    type Id = ConnectorId;

    const NOUN: &'static str = "connector";

    fn id(&self) -> &ConnectorId {
        &self.id
    }

    fn revision(&self) -> Revision {
        self.revision
    }

    fn is_live(&self) -> bool {
        self.environment == Environment::Live
    }

    fn environment(&self) -> Option<Environment> {
        Some(self.environment)
    }

    fn trial(&self) -> Option<&Trial> {
        self.trial.as_deref()
    }
}

/// What a plan keeps of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceSubject {
    /// The id.
    pub id: ServiceId,
    /// The name.
    pub name: Name,
    /// The kind.
    pub kind: ServiceKind,
    /// Whether it runs.
    pub active: bool,
    /// Whether any of its connectors is live.
    pub live: bool,
    /// The state that was looked at.
    pub revision: Revision,
}

impl Subject for ServiceSubject {
    type Id = ServiceId;

    const NOUN: &'static str = "service";

    fn id(&self) -> &ServiceId {
        &self.id
    }

    fn revision(&self) -> Revision {
        self.revision
    }

    fn is_live(&self) -> bool {
        self.live
    }

    fn environment(&self) -> Option<Environment> {
        None
    }
}

/// What the store knows of one id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State<S: Subject> {
    /// It exists, and nothing stands in the way of deleting it.
    Free(S),
    /// It exists, and services or, as guards say, others need it.
    InUse(S, Box<Usage>),
    /// It exists, nothing needs it, and somebody said that it stays.
    Protected(S),
    /// It exists, nothing needs it, and it stays because it is on trial.
    OnTrial(S),
    /// It does not exist.
    Missing(S::Id),
}

impl<S: Subject> State<S> {
    /// The id that this is about.
    pub fn id(&self) -> &S::Id {
        match self {
            Self::Missing(id) => id,
            Self::Free(subject)
            | Self::InUse(subject, _)
            | Self::Protected(subject)
            | Self::OnTrial(subject) => subject.id(),
        }
    }

    /// What exists under the id.
    pub fn subject(&self) -> Option<&S> {
        match self {
            Self::Missing(_) => None,
            Self::Free(subject)
            | Self::InUse(subject, _)
            | Self::Protected(subject)
            | Self::OnTrial(subject) => Some(subject),
        }
    }
}

/// How a deletion deals with what it meets.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// What is done to what is free.
    pub deed: Deed,
    /// What is done about connectors on trial.
    pub trials: Trials,
    /// Delete what can go and report the rest, instead of refusing the whole batch.
    pub keep_going: bool,
    /// An unknown id is no problem.
    pub ignore_missing: bool,
    /// What is in use, protected or kept by its trial stays, and that is no problem.
    pub ignore_in_use: bool,
    /// Refuse unless everything found is of this environment.
    pub environment: Option<Environment>,
    /// Refuse unless exactly this many would go.
    pub expect: Option<usize>,
}

/// What is wrong with at least one id; it shows in the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// At least one id does not exist.
    NotFound,
    /// At least one stays because it is on trial, which weighs more than one that does not exist.
    OnTrial,
    /// At least one is protected, which weighs more.
    Protected,
    /// At least one is in use, which weighs most.
    InUse,
}

/// Why nothing at all may be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Some ids are a problem, and the batch is to go as a whole or not at all.
    Problem(Problem),
    /// Something found is not of this environment.
    Environment(Environment),
    /// Not as many would go as were expected.
    Expect {
        /// How many were expected.
        expected: usize,
        /// How many would go.
        found: usize,
    },
}

named! {
    /// What became of one id.
    pub enum Outcome {
        /// It is gone for good.
        Deleted = "deleted",
        /// It would have gone; this was a dry run.
        WouldDelete = "would_delete",
        /// It is on trial now.
        Retired = "retired",
        /// It would have been put on trial; this was a dry run.
        WouldRetire = "would_retire",
        /// It stays because services or others need it.
        InUse = "in_use",
        /// It stays because somebody protected it.
        Protected = "protected",
        /// It stays because it is on trial.
        OnTrial = "on_trial",
        /// There is nothing with this id.
        NotFound = "not_found",
        /// There is nothing with this id, and that was said to be no problem.
        Skipped = "skipped",
        /// It could have gone, but the batch was refused.
        Kept = "kept",
    }
}

/// What the store knows of each id of a batch, in the order given, each id once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan<S: Subject> {
    /// One entry for each id.
    pub entries: Vec<State<S>>,
}

impl<S: Subject> Plan<S> {
    /// What can go.
    pub fn free(&self) -> impl Iterator<Item = &S> {
        self.entries.iter().filter_map(|entry| match entry {
            State::Free(subject) => Some(subject),
            _ => None,
        })
    }

    /// What is in use, with what uses it.
    pub fn in_use(&self) -> impl Iterator<Item = (&S, &Usage)> {
        self.entries.iter().filter_map(|entry| match entry {
            State::InUse(subject, usage) => Some((subject, &**usage)),
            _ => None,
        })
    }

    /// What is protected, and not in use.
    pub fn protected(&self) -> impl Iterator<Item = &S> {
        self.entries.iter().filter_map(|entry| match entry {
            State::Protected(subject) => Some(subject),
            _ => None,
        })
    }

    /// What stays because it is on trial.
    pub fn on_trial(&self) -> impl Iterator<Item = &S> {
        self.entries.iter().filter_map(|entry| match entry {
            State::OnTrial(subject) => Some(subject),
            _ => None,
        })
    }

    /// Lets stay what is free but for a trial that keeps it.
    #[must_use]
    pub fn with_trials(mut self, trials: Trials) -> Self {
        let keeps = |subject: &S| subject.trial().is_some_and(|trial| trials.keeps(trial));
        for entry in &mut self.entries {
            if let State::Free(subject) = entry
                && keeps(subject)
            {
                *entry = State::OnTrial(subject.clone());
            }
        }
        self
    }

    /// The ids that do not exist.
    pub fn missing(&self) -> impl Iterator<Item = &S::Id> {
        self.entries.iter().filter_map(|entry| match entry {
            State::Missing(id) => Some(id),
            _ => None,
        })
    }

    /// The gravest problem among the ids.
    #[must_use]
    pub fn problem(&self, options: &Options) -> Option<Problem> {
        if !options.ignore_in_use && self.in_use().next().is_some() {
            Some(Problem::InUse)
        } else if !options.ignore_in_use && self.protected().next().is_some() {
            Some(Problem::Protected)
        } else if !options.ignore_in_use && self.on_trial().next().is_some() {
            Some(Problem::OnTrial)
        } else if !options.ignore_missing && self.missing().next().is_some() {
            Some(Problem::NotFound)
        } else {
            None
        }
    }

    /// Why nothing at all may be deleted; `None` if the free ones may go.
    #[must_use]
    pub fn refusal(&self, options: &Options) -> Option<Refusal> {
        // A brake that is not met weighs most: this is not the batch that the person meant.
        if let Some(wanted) = options.environment
            && self.outside(wanted).next().is_some()
        {
            return Some(Refusal::Environment(wanted));
        }
        let found = self.free().count();
        if let Some(expected) = options.expect
            && expected != found
        {
            return Some(Refusal::Expect { expected, found });
        }
        let problem = self.problem(options)?;
        (!options.keep_going).then_some(Refusal::Problem(problem))
    }

    /// What exists, but not in this environment.
    pub fn outside(&self, environment: Environment) -> impl Iterator<Item = &S> {
        let subjects = self.entries.iter().filter_map(State::subject);
        subjects.filter(move |subject| subject.environment().is_some_and(|e| e != environment))
    }

    /// The ids that are not what `shown` said, the plan that a person agreed to: what can go now,
    /// but had another revision, could not go then or was tried since; and what could go then, but
    /// is no longer among what was picked, or kept by its trial.
    #[must_use]
    pub fn changed_since<'a>(&'a self, shown: &'a Self) -> Vec<&'a S::Id> {
        let seen = |one: &'a S| (one.revision(), one.trial());
        let then: BTreeMap<_, _> = shown.free().map(|one| (one.id(), seen(one))).collect();
        let is_picked = |entry: &&State<S>| !matches!(entry, State::OnTrial(_));
        let picked = self.entries.iter().filter(is_picked).map(State::id);
        let picked: BTreeSet<_> = picked.collect();
        let now = self
            .free()
            .filter(|one| then.get(one.id()) != Some(&seen(one)));
        let left = shown
            .free()
            .map(Subject::id)
            .filter(|id| !picked.contains(id));
        now.map(Subject::id).chain(left).collect()
    }

    /// What is to be reported of each id.
    pub fn report(&self, fate: Outcome, ignore_missing: bool) -> impl Iterator<Item = Row<'_, S>> {
        self.entries.iter().map(move |entry| Row {
            id: entry.id(),
            outcome: match entry {
                State::Free(_) => fate,
                State::InUse(..) => Outcome::InUse,
                State::Protected(_) => Outcome::Protected,
                State::OnTrial(_) => Outcome::OnTrial,
                State::Missing(_) if ignore_missing => Outcome::Skipped,
                State::Missing(_) => Outcome::NotFound,
            },
            subject: entry.subject(),
            usage: match entry {
                State::InUse(_, usage) => Some(&**usage),
                _ => None,
            },
        })
    }
}

/// What is reported of one id.
#[derive(Debug)]
pub struct Row<'a, S: Subject> {
    /// The id as given.
    pub id: &'a S::Id,
    /// What became of it.
    pub outcome: Outcome,
    /// What exists, or existed, under the id.
    pub subject: Option<&'a S>,
    /// What stands in the way of deleting it.
    pub usage: Option<&'a Usage>,
}

impl<'a, S: Subject> Row<'a, S> {
    /// What a dry run reports of something that can go.
    pub fn of(subject: &'a S) -> Self {
        Self {
            id: subject.id(),
            outcome: Outcome::WouldDelete,
            subject: Some(subject),
            usage: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(id: &str, environment: Environment, revision: u8) -> ConnectorSubject {
        ConnectorSubject {
            id: id.parse().unwrap(),
            name: id.parse().unwrap(),
            system: "http".parse().unwrap(),
            environment,
            protected: false,
            trial: None,
            revision: Revision::from_bytes([revision; 16]),
        }
    }

    fn free(id: &str) -> State<ConnectorSubject> {
        State::Free(subject(id, Environment::Testing, 1))
    }

    fn in_use(id: &str) -> State<ConnectorSubject> {
        let usage = Usage {
            services: 1,
            ..Usage::default()
        };
        State::InUse(subject(id, Environment::Testing, 1), Box::new(usage))
    }

    fn missing(id: &str) -> State<ConnectorSubject> {
        State::Missing(id.parse().unwrap())
    }

    fn protected(id: &str) -> State<ConnectorSubject> {
        State::Protected(subject(id, Environment::Testing, 1))
    }

    fn plan(entries: Vec<State<ConnectorSubject>>) -> Plan<ConnectorSubject> {
        Plan { entries }
    }

    #[test]
    fn one_bad_id_refuses_the_whole_batch_and_in_use_weighs_most() {
        let options = Options::default();
        let refusal = |entries| plan(entries).refusal(&options);
        assert_eq!(refusal(vec![free("a"), free("b")]), None);
        assert_eq!(
            refusal(vec![free("a"), missing("b")]),
            Some(Refusal::Problem(Problem::NotFound))
        );
        assert_eq!(
            refusal(vec![missing("a"), in_use("b")]),
            Some(Refusal::Problem(Problem::InUse))
        );
    }

    #[test]
    fn what_is_protected_stays_and_weighs_less_than_what_is_in_use() {
        let options = Options::default();
        let all = plan(vec![missing("a"), protected("b"), in_use("c")]);
        assert_eq!(all.problem(&options), Some(Problem::InUse));
        let some = plan(vec![missing("a"), protected("b"), free("c")]);
        assert_eq!(some.problem(&options), Some(Problem::Protected));
        let outcomes: Vec<_> = some
            .report(Outcome::Kept, false)
            .map(|row| row.outcome)
            .collect();
        assert_eq!(
            outcomes,
            [Outcome::NotFound, Outcome::Protected, Outcome::Kept]
        );
        let pruning = Options {
            ignore_in_use: true,
            ..options
        };
        let some = plan(vec![protected("b"), free("c")]);
        assert_eq!(some.refusal(&pruning), None);
        assert_eq!(some.free().count(), 1);
    }

    #[test]
    fn keep_going_deletes_the_rest_and_still_tells() {
        let options = Options {
            keep_going: true,
            ..Options::default()
        };
        let plan = plan(vec![free("a"), missing("b"), in_use("c")]);
        assert_eq!(plan.refusal(&options), None);
        assert_eq!(plan.problem(&options), Some(Problem::InUse));
        let outcomes: Vec<_> = plan
            .report(Outcome::Deleted, false)
            .map(|row| row.outcome)
            .collect();
        assert_eq!(
            outcomes,
            [Outcome::Deleted, Outcome::NotFound, Outcome::InUse]
        );
    }

    #[test]
    fn missing_ids_can_be_let_pass_but_not_those_in_use() {
        let options = Options {
            ignore_missing: true,
            ..Options::default()
        };
        assert_eq!(plan(vec![missing("a")]).problem(&options), None);
        assert_eq!(
            plan(vec![in_use("a")]).problem(&options),
            Some(Problem::InUse)
        );
    }

    #[test]
    fn a_wrong_environment_or_number_refuses_even_when_going_on() {
        let live = State::Free(subject("a", Environment::Live, 1));
        let options = Options {
            keep_going: true,
            environment: Some(Environment::Testing),
            ..Options::default()
        };
        assert_eq!(
            plan(vec![live, free("b")]).refusal(&options),
            Some(Refusal::Environment(Environment::Testing))
        );
        let options = Options {
            expect: Some(1),
            ..Options::default()
        };
        assert_eq!(
            plan(vec![]).refusal(&options),
            Some(Refusal::Expect {
                expected: 1,
                found: 0
            })
        );
        assert_eq!(plan(vec![free("a")]).refusal(&options), None);
    }

    #[test]
    fn a_brake_that_is_not_met_weighs_more_than_any_problem() {
        for keep_going in [false, true] {
            let options = Options {
                keep_going,
                environment: Some(Environment::Live),
                ..Options::default()
            };
            assert_eq!(
                plan(vec![in_use("a"), missing("b")]).refusal(&options),
                Some(Refusal::Environment(Environment::Live))
            );
            let options = Options {
                keep_going,
                expect: Some(2),
                ..Options::default()
            };
            assert_eq!(
                plan(vec![free("a"), in_use("b")]).refusal(&options),
                Some(Refusal::Expect {
                    expected: 2,
                    found: 1
                })
            );
        }
    }

    #[test]
    fn only_what_was_shown_may_go() {
        let shown = plan(vec![free("a"), free("b"), in_use("c"), missing("d")]);
        let now = plan(vec![
            free("a"),
            State::Free(subject("b", Environment::Testing, 2)),
            free("c"),
            free("d"),
        ]);
        let changed: Vec<_> = now
            .changed_since(&shown)
            .into_iter()
            .map(ConnectorId::as_str)
            .collect();
        assert_eq!(changed, ["b", "c", "d"]);
        let gone = plan(vec![missing("a"), in_use("b"), in_use("c"), missing("d")]);
        assert!(gone.changed_since(&shown).is_empty());
        let no_longer_picked = plan(vec![free("a")]);
        let changed = no_longer_picked.changed_since(&shown);
        assert_eq!(
            changed
                .into_iter()
                .map(ConnectorId::as_str)
                .collect::<Vec<_>>(),
            ["b"]
        );
    }
}
