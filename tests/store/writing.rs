//! Changes: all or nothing, and within the policies.

use connctl::model::{Connector, Environment, Policy};
use connctl::store::{Ahead, Change, Ciphertext, Error};
use serde_json::json;

use crate::{
    commit, connector, connector_id, delete_connectors, delete_services, noon, service, service_id,
    small_store, undo,
};

#[test]
fn what_is_written_is_read_back_as_it_was() {
    let mut store = small_store();
    let (written, flow) = commit(&mut store, |change| {
        let mut written = connector(change, "full");
        written.name = "Full\u{1b}[2J\nname".parse().unwrap();
        written.group = Some("retail".parse().unwrap());
        written.note = Some("a\ttab".to_owned());
        written
            .settings
            .0
            .insert("deep".to_owned(), json!({"list": [1, 2.5, null, "x"]}));
        written.expires_at = Some(noon());
        written.last_used_at = Some(noon());
        change.insert_connector(&written).unwrap();
        let mut flow = change.service(&service_id("flow")).unwrap().unwrap();
        flow.schedule = Some("0 6 * * *".to_owned());
        flow.active = true;
        flow.sources = [connector_id("full"), connector_id("c")].into();
        change.update_service(&flow).unwrap();
        (written, flow)
    });
    let snapshot = store.read().unwrap();
    assert_eq!(
        snapshot.connector(&connector_id("full")).unwrap(),
        Some(written)
    );
    assert_eq!(snapshot.service(&service_id("flow")).unwrap(), Some(flow));
}

#[test]
fn a_change_that_is_not_committed_leaves_nothing() {
    let mut store = small_store();
    undo(&mut store, |change| {
        delete_connectors(change, &[connector_id("c")]).unwrap();
        change.insert_connector(&connector(change, "d")).unwrap();
    });
    let snapshot = store.read().unwrap();
    assert!(snapshot.connector(&connector_id("c")).unwrap().is_some());
    assert!(snapshot.connector(&connector_id("d")).unwrap().is_none());
}

#[test]
fn what_is_written_in_bulk_is_there_wherever_it_is_looked_for() {
    let mut store = small_store();
    let password = "password".parse().unwrap();
    let ciphertext = b"age-encryption.org/v1".as_slice();
    let (bulk, flow) = commit(&mut store, |change| {
        let mut bulk = connector(change, "bulk");
        bulk.note = Some("\"quoted\", and \u{1f600}".to_owned());
        let mut flow = change.service(&service_id("flow")).unwrap().unwrap();
        flow.sources = [connector_id("bulk")].into();
        let (connectors, services) = (connector_id("a"), service_id("flow"));
        change
            .read_ahead(&Ahead {
                connectors: vec![&bulk.id, &connectors],
                services: vec![&services],
                referenced: vec![&bulk.id],
                secrets: vec![(&bulk.id, &password)],
                as_a_whole: true,
            })
            .unwrap();
        let written = change.in_bulk(|| {
            change.insert_connector(&bulk)?;
            assert!(matches!(
                change.insert_connector(&connector(change, "a")),
                Err(Error::ConnectorExists(id)) if id == connectors
            ));
            change.set_secret(&bulk.id, &password, ciphertext, noon())?;
            let mut other = change.connector(&connectors)?.unwrap();
            other.name = "other".parse().unwrap();
            change.update_connector(&other)?;
            change.update_service(&flow)?;
            // Nobody looked for that one ahead.
            let missing = change.missing_connectors_of(&[&services])?;
            assert!(missing[0].is_empty());
            Ok::<_, Error>(other)
        });
        let other = written.unwrap();
        bulk.secrets = vec![password.clone()];
        assert_eq!(change.connector(&connectors).unwrap(), Some(other));
        (bulk, flow)
    });
    let snapshot = store.read().unwrap();
    assert_eq!(
        snapshot.secret(&bulk.id, &password).unwrap().unwrap(),
        ciphertext
    );
    assert_eq!(
        snapshot.connector(&connector_id("bulk")).unwrap(),
        Some(bulk)
    );
    assert_eq!(snapshot.service(&service_id("flow")).unwrap(), Some(flow));
}

#[test]
fn an_id_is_taken_once() {
    let mut store = small_store();
    undo(&mut store, |change| {
        let error = change
            .insert_connector(&connector(change, "a"))
            .unwrap_err();
        assert!(matches!(error, Error::ConnectorExists(id) if id.as_str() == "a"));
        let error = change
            .insert_service(&service(change, "flow", "a", "b"))
            .unwrap_err();
        assert!(matches!(error, Error::ServiceExists(id) if id.as_str() == "flow"));
    });
}

#[test]
fn deferred_references_are_checked_at_the_commit() {
    let mut store = small_store();
    commit(&mut store, |change| {
        change.defer_references().unwrap();
        change
            .insert_service(&service(change, "early", "late", "a"))
            .unwrap();
        change.insert_connector(&connector(change, "late")).unwrap();
    });

    let dangling = store.change(Ciphertext::None, |change| {
        change.defer_references()?;
        change.insert_service(&service(change, "dangling", "nowhere", "a"))
    });
    assert!(dangling.is_err());
    let snapshot = store.read().unwrap();
    let kept = snapshot.service(&service_id("dangling")).unwrap();
    assert!(kept.is_none());
}

fn grouped(change: &Change<'_>, id: &str, group: Option<&str>) -> Connector {
    Connector {
        group: group.map(|group| group.parse().unwrap()),
        system: "shopify".parse().unwrap(),
        ..connector(change, id)
    }
}

#[test]
fn one_per_system_holds_for_every_way_of_writing() {
    let mut store = small_store();
    undo(&mut store, |change| {
        // Without a group, connectors are one group: a, b and c are of one system.
        let conflicts = change.one_per_system_conflicts().unwrap();
        assert_eq!(conflicts, [["a", "b", "c"].map(connector_id)]);
        assert!(change.set_policy(Policy::OnePerSystem, true).is_err());
    });

    commit(&mut store, |change| {
        delete_services(change, &[service_id("flow")]).unwrap();
        for id in ["b", "c"] {
            delete_connectors(change, &[connector_id(id)]).unwrap();
        }
        change.set_policy(Policy::OnePerSystem, true).unwrap();
        change
            .insert_connector(&grouped(change, "eu", Some("eu")))
            .unwrap();
        change
            .insert_connector(&grouped(change, "us", Some("us")))
            .unwrap();
        change
            .insert_connector(&grouped(change, "none", None))
            .unwrap();
    });

    commit(&mut store, |change| {
        assert!(change.policy(Policy::OnePerSystem).unwrap());
        let live = Connector {
            environment: Environment::Live,
            ..grouped(change, "eu-live", Some("eu"))
        };
        change.insert_connector(&live).unwrap();
        for error in [
            change
                .insert_connector(&grouped(change, "eu-2", Some("eu")))
                .unwrap_err(),
            change
                .update_connector(&grouped(change, "us", Some("eu")))
                .unwrap_err(),
        ] {
            assert!(matches!(error, Error::Policy { other, .. } if other.as_str() == "eu"));
        }
        let error = change
            .insert_connector(&grouped(change, "none-2", None))
            .unwrap_err();
        assert!(matches!(error, Error::Policy { other, .. } if other.as_str() == "none"));
        change.set_policy(Policy::OnePerSystem, false).unwrap();
        change
            .insert_connector(&grouped(change, "eu-2", Some("eu")))
            .unwrap();
    });
}
