//! The store through its public functions, in memory: what any engine behind them must do.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

mod governance;
mod guard;
mod reading;
mod secrets;
mod trials;
mod writing;

use connctl::model::{
    Answers, Connector, ConnectorId, Environment, Name, Service, ServiceId, ServiceKind, Settings,
    Time,
};
use connctl::store::{Change, Ciphertext, Error, Store};

/// A point in time for everything that has no better one.
fn noon() -> Time {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn connector_id(id: &str) -> ConnectorId {
    id.parse().unwrap()
}

fn service_id(id: &str) -> ServiceId {
    id.parse().unwrap()
}

/// Changes the store.
fn commit<T>(store: &mut Store, work: impl FnOnce(&Change<'_>) -> T) -> T {
    let done = store.change(Ciphertext::Possible, |change| Ok::<_, Error>(work(change)));
    done.unwrap()
}

/// Does something to the store that is undone.
fn undo<T>(store: &mut Store, work: impl FnOnce(&Change<'_>) -> T) -> T {
    let mut done = None;
    let undone = store.change(Ciphertext::Possible, |change| {
        done = Some(work(change));
        Err::<(), _>(Error::Interrupted)
    });
    assert!(matches!(undone, Err(Error::Interrupted)), "{undone:?}");
    done.unwrap()
}

fn delete_services(change: &Change<'_>, ids: &[ServiceId]) -> Result<(), Error> {
    change.delete_services(ids, |_| Ok(()))
}

/// Deletes connectors that no guard is asked about.
fn delete_connectors(change: &Change<'_>, ids: &[ConnectorId]) -> Result<(), Error> {
    change.delete_connectors(Answers::without_guards().clear(ids).unwrap(), |_| Ok(()))
}

/// A testing connector of the system `http`.
fn connector(change: &Change<'_>, id: &str) -> Connector {
    let id = connector_id(id);
    Connector {
        name: Name::of_id(&id),
        id,
        system: "http".parse().unwrap(),
        environment: Environment::Testing,
        group: None,
        settings: Settings::default(),
        secrets: Vec::new(),
        note: None,
        expires_at: None,
        last_used_at: None,
        protected: false,
        retired_at: None,
        retired_until: None,
        origin: None,
        created_at: noon(),
        updated_at: noon(),
        revision: change.new_revision().unwrap(),
    }
}

/// An inactive service from one connector to another.
fn service(change: &Change<'_>, id: &str, source: &str, destination: &str) -> Service {
    let id = service_id(id);
    Service {
        name: Name::of_id(&id),
        id,
        kind: ServiceKind::Standard,
        active: false,
        schedule: None,
        note: None,
        sources: [connector_id(source)].into(),
        destinations: [connector_id(destination)].into(),
        origin: None,
        created_at: noon(),
        updated_at: noon(),
        revision: change.new_revision().unwrap(),
    }
}

/// A store with the connectors `a`, `b` and `c` and the service `flow` from `a` to `b`.
fn small_store() -> Store {
    let mut store = Store::in_memory().unwrap();
    commit(&mut store, |change| {
        for id in ["a", "b", "c"] {
            change.insert_connector(&connector(change, id)).unwrap();
        }
        change
            .insert_service(&service(change, "flow", "a", "b"))
            .unwrap();
    });
    store
}
