//! What is in use stays, whatever is tried.

use std::collections::{BTreeMap, BTreeSet};

use connctl::model::{State, Usage};
use connctl::store::{Ciphertext, Error, Store};
use proptest::prelude::*;

use crate::{
    commit, connector, connector_id, delete_connectors, delete_services, empty_store, noon,
    service, service_id, small_store, undo,
};

#[test]
fn a_plan_tells_what_is_free_in_use_and_missing_in_the_order_given() {
    let store = small_store();
    let ids = ["x", "c", "a"].map(connector_id);
    let plan = store.read().unwrap().plan_connectors(ids.to_vec()).unwrap();
    assert!(matches!(&plan.entries[0], State::Missing(id) if id.as_str() == "x"));
    assert!(matches!(&plan.entries[1], State::Free(subject) if subject.id.as_str() == "c"));
    let State::InUse(_, usage) = &plan.entries[2] else {
        panic!("{plan:?}");
    };
    assert_eq!(usage.references[0].service.as_str(), "flow");
    assert!(
        !usage.references[0].active,
        "an inactive service protects its connectors"
    );
}

#[test]
fn the_engine_refuses_what_the_plan_would_not_allow() {
    let mut store = small_store();
    undo(&mut store, |change| {
        let error = delete_connectors(change, &[connector_id("b")]).unwrap_err();
        assert!(matches!(error, Error::InUse(id) if id.as_str() == "b"));
    });
}

#[test]
fn a_service_takes_its_references_with_it_and_no_connector() {
    let mut store = small_store();
    commit(&mut store, |change| {
        delete_services(change, &[service_id("flow")]).unwrap();
        let usage = change.usage(&connector_id("a")).unwrap();
        assert_eq!(usage, Usage::default());
        assert!(change.connector(&connector_id("a")).unwrap().is_some());
        delete_connectors(change, &[connector_id("a")]).unwrap();
    });
}

#[test]
fn a_service_is_live_as_soon_as_one_of_its_connectors_is() {
    let mut store = small_store();
    undo(&mut store, |change| {
        let live = connectors_live(connector(change, "live"));
        change.insert_connector(&live).unwrap();
        change
            .insert_service(&service(change, "up", "a", "live"))
            .unwrap();
        let plan = change
            .plan_services(["flow", "up"].map(service_id).to_vec())
            .unwrap();
        let live: Vec<_> = plan.free().map(|service| service.live).collect();
        assert_eq!(live, [false, true]);
    });
}

#[test]
fn what_is_protected_or_on_trial_is_kept_by_the_store_itself() {
    let mut store = small_store();
    commit(&mut store, |change| {
        let mut kept = change.connector(&connector_id("c")).unwrap().unwrap();
        kept.protected = true;
        change.update_standing(&kept).unwrap();
        let mut on_trial = connector(change, "d");
        on_trial.retired_at = Some(noon());
        change.insert_connector(&on_trial).unwrap();
    });
    undo(&mut store, |change| {
        let error = delete_connectors(change, &[connector_id("c")]).unwrap_err();
        assert!(matches!(error, Error::Protected(id) if id.as_str() == "c"));
    });
    undo(&mut store, |change| {
        let service = service(change, "new", "a", "d");
        let error = change.insert_service(&service).unwrap_err();
        assert!(matches!(error, Error::OnTrial(ids) if ids[0].as_str() == "d"));
    });
    undo(&mut store, |change| {
        let mut used = change.connector(&connector_id("a")).unwrap().unwrap();
        used.retired_at = Some(noon());
        let error = change.update_standing(&used).unwrap_err();
        assert!(matches!(error, Error::InUse(id) if id.as_str() == "a"));
    });
    // An edit or an import changes nothing of it.
    commit(&mut store, |change| {
        let mut edited = change.connector(&connector_id("c")).unwrap().unwrap();
        edited.protected = false;
        change.update_connector(&edited).unwrap();
        let kept = change.connector(&connector_id("c")).unwrap().unwrap();
        assert!(kept.protected);
    });
}

#[test]
fn what_is_not_there_is_not_deleted() {
    let mut store = small_store();
    undo(&mut store, |change| {
        let error = delete_connectors(change, &[connector_id("x")]).unwrap_err();
        assert!(matches!(error, Error::NotWritten { .. }), "{error}");
    });
    undo(&mut store, |change| {
        let error = delete_services(change, &[service_id("x")]).unwrap_err();
        assert!(matches!(error, Error::NotWritten { .. }), "{error}");
    });
}

#[test]
fn the_references_of_a_hub_are_counted_and_the_first_are_named() {
    let mut store = small_store();
    commit(&mut store, |change| {
        for number in 0..100 {
            let id = format!("s{number:03}");
            change
                .insert_service(&service(change, &id, "c", "c"))
                .unwrap();
        }
        let usage = change.usage(&connector_id("c")).unwrap();
        assert_eq!(usage.services, 100);
        assert_eq!(usage.named().len(), Usage::NAMED);
        assert_eq!(usage.references.len(), 2 * Usage::NAMED);
        assert!(usage.is_more_than_named());
    });
}

fn connectors_live(connector: connctl::model::Connector) -> connctl::model::Connector {
    connctl::model::Connector {
        environment: connctl::model::Environment::Live,
        ..connector
    }
}

/// Something that somebody does to a store with a few connectors and services.
#[derive(Debug, Clone)]
enum Step {
    AddConnector(u8),
    DeleteConnector(u8),
    /// Deletes without looking at the plan first.
    ForceConnector(u8),
    AddService(u8, BTreeSet<u8>, BTreeSet<u8>),
    PointElsewhere(u8, BTreeSet<u8>),
    DeleteService(u8),
    /// Does the rest of a change, then leaves it.
    Abandon,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let few = || prop::collection::btree_set(0..8_u8, 1..4);
    let step = prop_oneof![
        3 => (0..8_u8).prop_map(Step::AddConnector),
        2 => (0..8_u8).prop_map(Step::DeleteConnector),
        2 => (0..8_u8).prop_map(Step::ForceConnector),
        3 => (0..5_u8, few(), few()).prop_map(|(id, from, to)| Step::AddService(id, from, to)),
        2 => (0..5_u8, few()).prop_map(|(id, from)| Step::PointElsewhere(id, from)),
        1 => (0..5_u8).prop_map(Step::DeleteService),
        1 => Just(Step::Abandon),
    ];
    prop::collection::vec(step, 1..60)
}

/// What ought to be in the store.
#[derive(Debug, Clone, Default, PartialEq)]
struct Expected {
    connectors: BTreeSet<String>,
    /// The connectors of each service.
    services: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)>,
}

impl Expected {
    fn is_in_use(&self, id: &str) -> bool {
        self.services
            .values()
            .any(|(from, to)| from.contains(id) || to.contains(id))
    }
}

fn names(numbers: &BTreeSet<u8>) -> BTreeSet<String> {
    numbers.iter().map(|number| format!("c{number}")).collect()
}

/// Does the step in the store and in what is expected.
fn take(store: &mut Store, expected: &mut Expected, step: Step) {
    let taken = store.change(Ciphertext::None, |change| {
        let ids = |names: &BTreeSet<String>| names.iter().map(|name| connector_id(name)).collect();
        match step {
            Step::AddConnector(number) => {
                let id = format!("c{number}");
                let added = change.insert_connector(&connector(change, &id));
                assert_eq!(added.is_ok(), expected.connectors.insert(id));
            }
            Step::DeleteConnector(number) => {
                let id = format!("c{number}");
                let plan = change.plan_connectors(vec![connector_id(&id)]).unwrap();
                match &plan.entries[0] {
                    State::Free(_) => {
                        assert!(
                            !expected.is_in_use(&id),
                            "planned to delete {id}, which is in use"
                        );
                        delete_connectors(change, &[connector_id(&id)]).unwrap();
                        expected.connectors.remove(&id);
                    }
                    State::InUse(_, usage) => {
                        assert!(expected.is_in_use(&id));
                        let named: BTreeSet<_> = usage
                            .references
                            .iter()
                            .map(|reference| reference.service.as_str())
                            .collect();
                        let using = expected.services.iter();
                        let using =
                            using.filter(|(_, (from, to))| from.contains(&id) || to.contains(&id));
                        assert_eq!(named, using.map(|(service, _)| service.as_str()).collect());
                    }
                    State::Protected(_) => panic!("nothing protects {id}"),
                    State::OnTrial(_) => panic!("{id} is on no trial"),
                    State::Missing(_) => assert!(!expected.connectors.contains(&id)),
                }
            }
            Step::ForceConnector(number) => {
                let id = format!("c{number}");
                let deleted = delete_connectors(change, &[connector_id(&id)]);
                let is_there = expected.connectors.contains(&id);
                assert_eq!(deleted.is_ok(), is_there && !expected.is_in_use(&id));
                if deleted.is_err() {
                    return Err(Error::Interrupted);
                }
                expected.connectors.remove(&id);
            }
            Step::AddService(number, from, to) => {
                let id = format!("s{number}");
                let (from, to) = (names(&from), names(&to));
                let mut added = service(change, &id, "c0", "c0");
                added.sources = ids(&from);
                added.destinations = ids(&to);
                let exists = from.union(&to).all(|id| expected.connectors.contains(id));
                let is_new = !expected.services.contains_key(&id);
                if change.insert_service(&added).is_ok() {
                    assert!(exists && is_new);
                    expected.services.insert(id, (from, to));
                } else {
                    assert!(!exists || !is_new);
                    // What a failed statement left half done is undone with its change.
                    return Err(Error::Interrupted);
                }
            }
            Step::PointElsewhere(number, from) => {
                let id = format!("s{number}");
                let from = names(&from);
                let Some(mut changed) = change.service(&service_id(&id)).unwrap() else {
                    assert!(!expected.services.contains_key(&id));
                    return Err(Error::Interrupted);
                };
                changed.sources = ids(&from);
                let exists = from.iter().all(|id| expected.connectors.contains(id));
                assert_eq!(change.update_service(&changed).is_ok(), exists);
                if !exists {
                    return Err(Error::Interrupted);
                }
                expected.services.get_mut(&id).unwrap().0 = from;
            }
            Step::DeleteService(number) => {
                let id = format!("s{number}");
                let deleted = delete_services(change, &[service_id(&id)]);
                assert_eq!(deleted.is_ok(), expected.services.remove(&id).is_some());
                if deleted.is_err() {
                    return Err(Error::Interrupted);
                }
            }
            Step::Abandon => {
                change
                    .insert_connector(&connector(change, "abandoned"))
                    .unwrap();
                return Err(Error::Interrupted);
            }
        }
        Ok(())
    });
    assert!(
        matches!(taken, Ok(()) | Err(Error::Interrupted)),
        "{taken:?}"
    );
}

fn found(store: &mut Store) -> Expected {
    let snapshot = store.read().unwrap();
    let mut found = Expected::default();
    let text = |ids: BTreeSet<connctl::model::ConnectorId>| {
        ids.iter().map(ToString::to_string).collect::<BTreeSet<_>>()
    };
    snapshot
        .each_connector(|connector| {
            found.connectors.insert(connector.id.to_string());
            Ok::<_, Error>(())
        })
        .unwrap();
    snapshot
        .each_service(|service| {
            let connectors = (text(service.sources), text(service.destinations));
            found.services.insert(service.id.to_string(), connectors);
            Ok::<_, Error>(())
        })
        .unwrap();
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn nothing_in_use_is_ever_gone_and_no_reference_dangles(steps in steps()) {
        let mut store = empty_store();
        let mut expected = Expected::default();
        for step in steps {
            take(&mut store, &mut expected, step);
            let found = found(&mut store);
            for (from, to) in found.services.values() {
                prop_assert!(from.union(to).all(|id| found.connectors.contains(id)));
            }
            prop_assert_eq!(&found, &expected);
        }
    }
}
