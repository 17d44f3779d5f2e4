//! Who tried to use a connector on trial.

use connctl::model::{Action, Detail, Event, State, Time, Trial, Verdict};
use connctl::store::{Change, Store};
use serde_json::json;

use super::{commit, connector, connector_id, noon};

fn at(second: u32) -> Time {
    format!("2026-11-21T12:00:{second:02}Z").parse().unwrap()
}

/// A store in which `a` is on trial from noon on. In memory, because a server says by itself who tried
/// what, and when.
fn on_trial() -> Store {
    let mut store = Store::in_memory().unwrap();
    commit(&mut store, |change| {
        let mut connector = connector(change, "a");
        connector.retired_at = Some(noon());
        connector.retired_until = Some(at(30));
        change.insert_connector(&connector).unwrap();
    });
    store
}

fn event<'e>(time: Time, user: &'e str, action: Action, subject: &'e str) -> Event<'e> {
    Event {
        time,
        user,
        uid: 1000,
        sudo_user: None,
        host: "host",
        command: "exec",
        action,
        subject: Some(subject),
        outcome: Verdict::Retired,
        reason: None,
        detail: Detail::None,
    }
}

fn try_to_use(change: &Change<'_>, id: &str, user: &str, time: Time) {
    let attempt = event(time, user, Action::ConnectorUse, id);
    change.record(attempt).unwrap();
}

fn rename(change: &Change<'_>, from: &str, to: &str) {
    let (old, new) = (connector_id(from), connector_id(to));
    let revision = change.new_revision().unwrap();
    let renamed = change.rename_connector(&old, &new, noon(), revision);
    renamed.unwrap();
    let renamed = Event {
        outcome: Verdict::Done,
        detail: json!({"from": from, "to": to}).into(),
        ..event(noon(), "root", Action::ConnectorRename, from)
    };
    change.record(renamed).unwrap();
}

fn revive(change: &Change<'_>, id: &str) {
    let revived = Event {
        outcome: Verdict::Done,
        ..event(noon(), "root", Action::ConnectorRevive, id)
    };
    change.record(revived).unwrap();
}

fn trial(store: &Store, id: &str) -> Trial {
    let plan = store
        .read()
        .unwrap()
        .plan_connectors(vec![connector_id(id)]);
    let State::Free(connector) = plan.unwrap().entries.remove(0) else {
        panic!("{id} is not free");
    };
    *connector.trial.unwrap()
}

/// How many attempts there were, and whose the last was.
fn attempts(store: &Store, id: &str) -> (u64, Option<String>) {
    let attempts = trial(store, id).attempts;
    (attempts.count, attempts.last.map(|last| last.user))
}

#[test]
fn attempts_count_from_the_start_of_the_trial() {
    let mut store = on_trial();
    assert_eq!(attempts(&store, "a"), (0, None));
    commit(&mut store, |change| {
        let before: Time = "2026-11-21T11:59:59Z".parse().unwrap();
        try_to_use(change, "a", "early", before);
        revive(change, "a");
        try_to_use(change, "b", "elsewhere", at(1));
        // Refused for another reason, or done: no attempt to use what is on trial.
        for outcome in [Verdict::Done, Verdict::NotPermitted] {
            let read = Event {
                outcome,
                ..event(at(2), "kim", Action::SecretRead, "a")
            };
            change.record(read).unwrap();
        }
    });
    assert_eq!(attempts(&store, "a"), (0, None));
    commit(&mut store, |change| {
        try_to_use(change, "a", "kim", noon());
        try_to_use(change, "a", "alex", at(3));
    });
    assert_eq!(attempts(&store, "a"), (2, Some("alex".to_owned())));
}

#[test]
fn attempts_count_although_the_clock_was_set_back() {
    let before: Time = "2026-11-20T08:00:00Z".parse().unwrap();
    let mut store = on_trial();
    commit(&mut store, |change| {
        try_to_use(change, "a", "early", before);
        revive(change, "a");
        try_to_use(change, "a", "kim", before);
        rename(change, "a", "b");
        try_to_use(change, "b", "sam", before);
    });
    assert_eq!(attempts(&store, "b"), (2, Some("sam".to_owned())));
    commit(&mut store, |change| revive(change, "b"));
    assert_eq!(attempts(&store, "b"), (0, None));
}

#[test]
fn attempts_follow_it_to_another_id_and_do_not_stick_to_the_old_one() {
    let mut store = on_trial();
    commit(&mut store, |change| {
        try_to_use(change, "a", "kim", at(1));
        rename(change, "a", "b");
        rename(change, "b", "c");
        // Another one has that id now.
        try_to_use(change, "a", "alex", at(2));
    });
    assert_eq!(attempts(&store, "c"), (1, Some("kim".to_owned())));
    commit(&mut store, |change| {
        try_to_use(change, "c", "sam", at(3));
        rename(change, "c", "a");
    });
    assert_eq!(attempts(&store, "a"), (2, Some("sam".to_owned())));
}
