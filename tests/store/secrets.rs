//! Ciphertext, recipients, and what is left of them.

use connctl::model::SecretName;
use connctl::store::{Error, OpenOptions, Residue, Store};

use crate::{
    commit, connector, connector_id, delete_connectors, noon, small_store, small_store_in, undo,
};

fn name(text: &str) -> SecretName {
    text.parse().unwrap()
}

fn is_clean(store: &mut Store) -> bool {
    store.residue().unwrap() == Residue::None
}

#[test]
fn what_removes_ciphertext_is_remembered_until_the_store_is_compacted() {
    let mut store = small_store_in(Store::in_memory().unwrap());
    let (id, key) = (connector_id("c"), name("key"));
    commit(&mut store, |change| {
        change.set_secret(&id, &key, b"one", noon()).unwrap();
    });
    assert!(is_clean(&mut store));
    for number in 0..4 {
        commit(&mut store, |change| match number {
            0 => change.set_secret(&id, &key, b"two", noon()).unwrap(),
            1 => change
                .reseal_secrets(|_| Ok::<_, Error>(Some(b"three".to_vec())))
                .unwrap(),
            2 => assert!(change.remove_secret(&id, &key).unwrap()),
            _ => {
                change.set_secret(&id, &key, b"four", noon()).unwrap();
                delete_connectors(change, std::slice::from_ref(&id)).unwrap();
            }
        });
        assert!(!is_clean(&mut store), "{number}");
        store.compact().unwrap();
        assert!(is_clean(&mut store), "{number}");
    }
    commit(&mut store, |change| {
        change.insert_connector(&connector(change, "c")).unwrap();
        delete_connectors(change, &[connector_id("c")]).unwrap();
    });
    assert!(is_clean(&mut store));
}

#[test]
fn a_change_that_is_dropped_leaves_secrets_and_recipients_as_they_were() {
    let mut store = small_store();
    let (id, key) = (connector_id("c"), name("key"));
    commit(&mut store, |change| {
        change.set_secret(&id, &key, b"one", noon()).unwrap();
        assert!(change.add_recipient("age1x", None, noon()).unwrap());
        assert!(!change.add_recipient("age1x", None, noon()).unwrap());
    });
    undo(&mut store, |change| {
        assert!(change.remove_recipient("age1x").unwrap());
        assert!(!change.remove_recipient("age1x").unwrap());
        let failed = change.reseal_secrets(|_| Err(Error::Interrupted));
        assert!(matches!(failed, Err(Error::Interrupted)));
    });
    let snapshot = store.read().unwrap();
    assert_eq!(snapshot.secret(&id, &key).unwrap().unwrap(), b"one");
    assert_eq!(snapshot.secret_names(&id).unwrap(), [key]);
    assert_eq!(snapshot.count_secrets().unwrap(), 1);
    let recipients = snapshot.recipients().unwrap();
    let [recipient] = recipients.as_slice() else {
        panic!("{recipients:?}");
    };
    assert_eq!(
        (recipient.key.as_str(), recipient.added_at),
        ("age1x", noon())
    );
}

#[test]
fn free_pages_make_a_change_of_secrets_due_for_compaction_whatever_becomes_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let options = OpenOptions {
        create: true,
        ..OpenOptions::default()
    };
    let mut store = Store::open(&folder.path().join("store.db"), options).unwrap();
    commit(&mut store, |change| {
        let mut long = connector(change, "long");
        long.note = Some("n".repeat(50_000));
        change.insert_connector(&long).unwrap();
        change
            .insert_connector(&connector(change, "short"))
            .unwrap();
    });
    let id = connector_id("short");
    let name = "key".parse().unwrap();
    // Without free pages nothing is noted.
    undo(&mut store, |change| {
        change.set_secret(&id, &name, b"x", noon()).unwrap();
    });
    assert!(is_clean(&mut store));
    commit(&mut store, |change| {
        delete_connectors(change, &[connector_id("long")]).unwrap();
    });
    assert!(is_clean(&mut store));
    // Nor where no ciphertext was written.
    undo(&mut store, |_| ());
    assert!(is_clean(&mut store));
    undo(&mut store, |change| {
        change.set_secret(&id, &name, b"x", noon()).unwrap();
    });
    assert!(!is_clean(&mut store));
    store.compact().unwrap();
    undo(&mut store, |change| {
        change.set_secret(&id, &name, b"x", noon()).unwrap();
    });
    assert!(is_clean(&mut store));
}
