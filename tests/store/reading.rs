//! Lists, filters and counts.

use std::ops::ControlFlow;

use connctl::model::{Connector, ConnectorFilter, Environment, Search, ServiceFilter};
use connctl::store::{Change, Error, Store};

use crate::{commit, connector, connector_id, empty_store, service, service_id, small_store, undo};

/// The ids that the filter selects, with the number of services that use each.
fn list(store: &mut Store, filter: &ConnectorFilter) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    store
        .read()
        .unwrap()
        .each_connector_summary(filter, |summary| {
            found.push((summary.id.to_owned(), summary.used_by));
            Ok::<_, Error>(ControlFlow::Continue(()))
        })
        .unwrap();
    found
}

fn ids(store: &mut Store, filter: &ConnectorFilter) -> String {
    list(store, filter)
        .into_iter()
        .map(|(id, _)| id)
        .collect::<Vec<_>>()
        .join(" ")
}

fn store_with(connectors: impl Fn(&Change<'_>) -> Vec<Connector>) -> Store {
    let mut store = empty_store();
    commit(&mut store, |change| {
        for connector in connectors(change) {
            change.insert_connector(&connector).unwrap();
        }
    });
    store
}

#[test]
fn a_service_with_a_connector_in_both_roles_counts_once() {
    let mut store = small_store();
    commit(&mut store, |change| {
        change
            .insert_service(&service(change, "loop", "a", "a"))
            .unwrap();
        change
            .insert_service(&service(change, "zzz", "b", "a"))
            .unwrap();
    });
    let all = list(&mut store, &ConnectorFilter::default());
    assert_eq!(all, [("a".into(), 3), ("b".into(), 2), ("c".into(), 0)]);
}

#[test]
fn filters_combine() {
    let mut store = store_with(|change| {
        let slack = |id: &str| Connector {
            system: "slack".parse().unwrap(),
            ..connector(change, id)
        };
        vec![
            Connector {
                environment: Environment::Live,
                ..slack("live-slack")
            },
            slack("slack-1"),
            Connector {
                group: Some("retail".parse().unwrap()),
                ..slack("slack-2")
            },
            connector(change, "web"),
        ]
    });
    let all = ConnectorFilter::default();
    let slack = ConnectorFilter {
        system: Some("slack".parse().unwrap()),
        ..all.clone()
    };
    assert_eq!(ids(&mut store, &all), "live-slack slack-1 slack-2 web");
    assert_eq!(ids(&mut store, &slack), "live-slack slack-1 slack-2");
    let testing = ConnectorFilter {
        environment: Some(Environment::Testing),
        ..slack.clone()
    };
    assert_eq!(ids(&mut store, &testing), "slack-1 slack-2");
    let retail = ConnectorFilter {
        group: Some("retail".parse().unwrap()),
        ..testing
    };
    assert_eq!(ids(&mut store, &retail), "slack-2");
    let live = ConnectorFilter {
        environment: Some(Environment::Live),
        ..retail
    };
    assert_eq!(ids(&mut store, &live), "");
    let search = ConnectorFilter {
        search: Search::new("LIVE"),
        ..all
    };
    assert_eq!(ids(&mut store, &search), "live-slack");
}

#[test]
fn unused_and_used_by_follow_the_references() {
    let mut store = small_store();
    let unused = ConnectorFilter {
        unused: true,
        ..ConnectorFilter::default()
    };
    assert_eq!(ids(&mut store, &unused), "c");
    let used = ConnectorFilter {
        used_by: Some(service_id("flow")),
        ..ConnectorFilter::default()
    };
    assert_eq!(list(&mut store, &used), [("a".into(), 1), ("b".into(), 1)]);
    assert_eq!(store.read().unwrap().count_connectors(&unused).unwrap(), 1);
}

#[test]
fn expiry_and_idleness_end_at_their_second() {
    let time = |text: &str| Some(text.parse().unwrap());
    let mut store = store_with(|change| {
        let blank = |id: &str| Connector {
            created_at: "2026-01-01T00:00:00Z".parse().unwrap(),
            ..connector(change, id)
        };
        vec![
            Connector {
                expires_at: time("2026-06-01T00:00:00Z"),
                ..blank("ends")
            },
            blank("never-used"),
            Connector {
                last_used_at: time("2026-05-01T00:00:00Z"),
                ..blank("used")
            },
        ]
    });
    let expired = |now: &str| ConnectorFilter {
        expired_at: time(now),
        ..ConnectorFilter::default()
    };
    assert_eq!(ids(&mut store, &expired("2026-05-31T23:59:59Z")), "");
    assert_eq!(ids(&mut store, &expired("2026-06-01T00:00:00Z")), "ends");
    let idle = |since: &str| ConnectorFilter {
        idle_since: time(since),
        ..ConnectorFilter::default()
    };
    assert_eq!(ids(&mut store, &idle("2025-12-31T23:59:59Z")), "");
    assert_eq!(
        ids(&mut store, &idle("2026-01-01T00:00:00Z")),
        "ends never-used"
    );
    assert_eq!(
        ids(&mut store, &idle("2026-05-01T00:00:00Z")),
        "ends never-used used"
    );
}

#[test]
fn services_are_listed_with_their_connectors() {
    let mut store = small_store();
    commit(&mut store, |change| {
        let mut other = service(change, "other", "c", "a");
        other.sources.insert(connector_id("b"));
        other.active = true;
        change.insert_service(&other).unwrap();
    });
    let list = |filter: ServiceFilter| {
        let mut found = Vec::new();
        store
            .read()
            .unwrap()
            .each_service_summary(&filter, |service| {
                let (from, to) = (service.sources.join("+"), service.destinations.join("+"));
                found.push(format!("{}: {from} -> {to}", service.id));
                Ok::<_, Error>(ControlFlow::Continue(()))
            })
            .unwrap();
        found
    };
    let all = ServiceFilter::default();
    assert_eq!(list(all.clone()), ["flow: a -> b", "other: b+c -> a"]);
    let active = ServiceFilter {
        active: Some(true),
        ..all.clone()
    };
    assert_eq!(list(active), ["other: b+c -> a"]);
    let uses = ServiceFilter {
        uses: Some(connector_id("c")),
        ..all.clone()
    };
    assert_eq!(list(uses), ["other: b+c -> a"]);
    let search = ServiceFilter {
        search: Search::new("FLO"),
        ..all
    };
    assert_eq!(list(search), ["flow: a -> b"]);
}

#[test]
fn ids_like_a_wrong_one_are_found_in_any_case() {
    let mut store = small_store();
    undo(&mut store, |change| {
        for id in ["tap-slack-prod", "tap-github-prod", "target-yaml"] {
            change.insert_connector(&connector(change, id)).unwrap();
        }
        let similar = |id: &str| change.similar_connectors(&connector_id(id)).unwrap();
        assert_eq!(similar("tap-slack-prd"), ["tap-slack-prod"]);
        assert_eq!(similar("TAP-GITHUB-PROD"), ["tap-github-prod"]);
        assert!(similar("zebra").is_empty());
    });
}
