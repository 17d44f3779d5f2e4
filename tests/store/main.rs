//! The store through its public functions: what any engine behind them must do. In memory, or on the
//! server that `CONNCTL_TEST_SERVER` names.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

mod governance;
mod guard;
mod reading;
mod secrets;
mod trials;
mod writing;

use connctl::model::{
    Action, Answers, Connector, ConnectorId, Detail, Environment, Event, Name, Service, ServiceId,
    ServiceKind, Settings, Time, Verdict,
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

/// Records that something is done: a server takes nothing away that is not in the trail.
fn record(change: &Change<'_>, action: Action, subject: &str) -> Result<(), Error> {
    let done = change.record(Event {
        time: noon(),
        user: "kim",
        uid: 1000,
        sudo_user: None,
        host: "host",
        command: "test",
        action,
        subject: Some(subject),
        outcome: Verdict::Done,
        reason: None,
        detail: Detail::None,
    });
    done.map(drop)
}

fn delete_services(change: &Change<'_>, ids: &[ServiceId]) -> Result<(), Error> {
    change.delete_services(ids, |id| record(change, Action::ServiceDelete, id.as_str()))
}

/// Deletes connectors that no guard is asked about.
fn delete_connectors(change: &Change<'_>, ids: &[ConnectorId]) -> Result<(), Error> {
    let cleared = Answers::without_guards().clear(ids).unwrap();
    change.delete_connectors(cleared, |id| {
        record(change, Action::ConnectorDelete, id.as_str())
    })
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

/// An empty store.
fn empty_store() -> Store {
    #[cfg(feature = "postgres")]
    if let Ok(server) = std::env::var("CONNCTL_TEST_SERVER") {
        return empty_store_on(&server);
    }
    Store::in_memory().unwrap()
}

/// An empty store in a schema of its own.
#[cfg(feature = "postgres")]
fn empty_store_on(server: &str) -> Store {
    use connctl::store::{OpenOptions, ServerPlace, Surroundings};
    use std::sync::atomic::{AtomicUsize, Ordering};

    static SCHEMAS: AtomicUsize = AtomicUsize::new(0);
    let number = SCHEMAS.fetch_add(1, Ordering::Relaxed);
    let url = format!("{server}&schema=s{}_{number}", std::process::id());
    let surroundings = Surroundings {
        user: std::env::var("PGUSER")
            .ok()
            .or_else(|| Some("root".to_owned())),
        ..Surroundings::default()
    };
    let place = ServerPlace::new(&url, surroundings).unwrap();
    let options = OpenOptions::default();
    assert!(Store::init_on_server(&place, &options).unwrap());
    Store::connect(&place, options).unwrap()
}

/// A store with the connectors `a`, `b` and `c` and the service `flow` from `a` to `b`.
fn small_store() -> Store {
    small_store_in(empty_store())
}

fn small_store_in(mut store: Store) -> Store {
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
