//! Roles and the audit trail.

use connctl::model::{Action, Actor, AuditFilter, Event, Hash, UserName, UserRole, Verdict};
use connctl::store::{Chain, Store};
use serde_json::json;

use crate::{commit, empty_store, noon, undo};

fn actor(user: &str, uid: u32) -> Actor {
    Actor {
        user: user.parse().unwrap(),
        uid,
        in_namespace: false,
        sudo_user: None,
        host: "host".to_owned(),
    }
}

fn event(subject: &str) -> Event<'_> {
    Event {
        time: noon(),
        user: "kim",
        uid: 1000,
        sudo_user: Some("claimed"),
        host: "host",
        command: "delete",
        action: Action::ConnectorDelete,
        subject: Some(subject),
        outcome: Verdict::Done,
        reason: Some("because"),
        detail: json!({"id": subject}).into(),
    }
}

/// A store with one entry for each of these, written in changes of two.
fn with_entries(subjects: &[&str]) -> Store {
    with_entries_in(empty_store(), subjects)
}

fn with_entries_in(mut store: Store, subjects: &[&str]) -> Store {
    for pair in subjects.chunks(2) {
        commit(&mut store, |change| {
            for subject in pair {
                change.record(event(subject)).unwrap();
            }
        });
    }
    store
}

fn subjects(store: &mut Store, filter: &AuditFilter) -> Vec<String> {
    let mut found = Vec::new();
    let snapshot = store.read().unwrap();
    snapshot
        .each_audit_entry(filter, 0, |entry| {
            found.extend(entry.subject.as_deref().map(str::to_owned));
            Ok::<_, connctl::store::Error>(())
        })
        .unwrap();
    found
}

#[test]
fn who_has_no_grant_is_a_viewer_and_root_is_an_admin() {
    // A server knows its own users.
    let mut store = Store::in_memory().unwrap();
    let kim: UserName = "kim".parse().unwrap();
    let role =
        |store: &mut Store, user, uid| store.read().unwrap().role(&actor(user, uid)).unwrap();
    assert_eq!(role(&mut store, "kim", 1000), UserRole::Viewer);
    assert_eq!(role(&mut store, "root", 0), UserRole::Admin);
    // The number decides, not the name.
    assert_eq!(role(&mut store, "toor", 0), UserRole::Admin);
    commit(&mut store, |change| {
        change.grant(&kim, UserRole::Editor, Some(noon())).unwrap();
        change
            .grant(&"toor".parse().unwrap(), UserRole::Viewer, None)
            .unwrap();
    });
    assert_eq!(role(&mut store, "kim", 1000), UserRole::Editor);
    assert_eq!(role(&mut store, "Kim", 1000), UserRole::Viewer);
    assert_eq!(role(&mut store, "toor", 0), UserRole::Admin);
    commit(&mut store, |change| {
        change.grant(&kim, UserRole::Admin, None).unwrap();
        assert_eq!(change.role(&actor("kim", 1000)).unwrap(), UserRole::Admin);
        assert!(change.revoke(&kim).unwrap());
        assert!(!change.revoke(&kim).unwrap());
    });
    assert_eq!(role(&mut store, "kim", 1000), UserRole::Viewer);
}

#[test]
fn a_store_belongs_to_who_made_it() {
    let store = empty_store();
    let grants = store.read().unwrap().grants().unwrap();
    assert_eq!(grants.len(), 1);
    assert_eq!(grants[0].user, connctl::platform::user());
    assert_eq!(grants[0].role, UserRole::Admin);
}

#[test]
fn entries_are_numbered_and_chained() {
    let store = with_entries(&["a", "b", "c"]);
    let snapshot = store.read().unwrap();
    let mut before = Hash::START;
    let chain = snapshot
        .check_audit(|entry| {
            assert_eq!(entry.chained_hash(&before), entry.hash);
            before = entry.hash;
        })
        .unwrap();
    let head = snapshot.audit_head().unwrap();
    assert_eq!(chain, Chain::Whole(head));
    assert_eq!((head.sequence, head.hash), (3, before));
    let entry = &snapshot.audit_entries_after(1, 1).unwrap()[0];
    assert_eq!(entry.sequence, 2);
    assert_eq!(entry.sudo_user.as_deref(), Some("claimed"));
    assert_eq!(entry.reason.as_deref(), Some("because"));
    assert_eq!(entry.detail.as_deref(), Some(r#"{"id":"b"}"#));
}

#[test]
fn an_entry_goes_with_its_change() {
    let mut store = with_entries(&["a"]);
    let head = store.read().unwrap().audit_head().unwrap();
    undo(&mut store, |change| {
        assert_eq!(change.record(event("b")).unwrap(), 2);
    });
    assert_eq!(store.read().unwrap().audit_head().unwrap(), head);
    commit(&mut store, |change| {
        assert_eq!(change.record(event("c")).unwrap(), 2);
    });
    assert_eq!(subjects(&mut store, &AuditFilter::default()), ["a", "c"]);
}

#[test]
fn an_empty_trail_is_whole() {
    let store = empty_store();
    let snapshot = store.read().unwrap();
    let head = snapshot.audit_head().unwrap();
    assert_eq!((head.sequence, head.hash), (0, Hash::START));
    assert_eq!(snapshot.check_audit(|_| {}).unwrap(), Chain::Whole(head));
}

#[test]
fn filters_combine() {
    // A server says by itself who it was, and when.
    let mut store = with_entries_in(Store::in_memory().unwrap(), &["a", "b", "a"]);
    let filter = AuditFilter {
        subject: Some("a".to_owned()),
        actor: Some("kim".to_owned()),
        action: Some(Action::ConnectorDelete),
        outcome: Some(Verdict::Done),
        since: Some(noon()),
        ..AuditFilter::default()
    };
    assert_eq!(subjects(&mut store, &filter), ["a", "a"]);
    for filter in [
        AuditFilter {
            actor: Some("k%".to_owned()),
            ..filter.clone()
        },
        AuditFilter {
            action: Some(Action::ServiceDelete),
            ..filter.clone()
        },
        AuditFilter {
            outcome: Some(Verdict::InUse),
            ..filter.clone()
        },
        AuditFilter {
            since: Some("2026-11-21T12:00:01Z".parse().unwrap()),
            ..filter.clone()
        },
    ] {
        assert!(subjects(&mut store, &filter).is_empty(), "{filter:?}");
    }
}

#[test]
fn the_last_deletion_of_an_id_is_found() {
    let mut store = with_entries(&["a", "b", "a"]);
    commit(&mut store, |change| {
        let refused = Event {
            outcome: Verdict::InUse,
            ..event("a")
        };
        change.record(refused).unwrap();
    });
    let snapshot = store.read().unwrap();
    let found = |action, id| {
        let entry = snapshot.last_deletion(action, id).unwrap();
        entry.map(|entry| entry.sequence)
    };
    assert_eq!(found(Action::ConnectorDelete, "a"), Some(3));
    assert_eq!(found(Action::ConnectorDelete, "c"), None);
    assert_eq!(found(Action::ServiceDelete, "a"), None);
}

/// A store in a file, with five entries.
fn in_file() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let options = connctl::store::OpenOptions {
        create: true,
        ..Default::default()
    };
    let mut store = Store::open(&path, options).unwrap();
    commit(&mut store, |change| {
        for subject in ["a", "b", "c", "d", "e"] {
            change.record(event(subject)).unwrap();
        }
    });
    (folder, path)
}

fn check(path: &std::path::Path) -> Chain {
    let store = Store::open(path, connctl::store::OpenOptions::default()).unwrap();
    store.read().unwrap().check_audit(|_| {}).unwrap()
}

#[test]
fn the_engine_refuses_to_change_or_remove_an_entry() {
    let (_folder, path) = in_file();
    let connection = rusqlite::Connection::open(&path).unwrap();
    for sql in [
        "UPDATE audit SET reason = NULL",
        "DELETE FROM audit WHERE sequence = 5",
        "REPLACE INTO audit SELECT * FROM audit WHERE sequence = 3",
        "INSERT INTO audit SELECT 0, time, user, uid, sudo_user, host, command, action, subject,
         outcome, reason, detail, hash FROM audit WHERE sequence = 1",
    ] {
        let error = connection.execute(sql, []).unwrap_err().to_string();
        assert_eq!(error, "the audit trail is append-only", "{sql}");
    }
    assert!(matches!(check(&path), Chain::Whole(head) if head.sequence == 5));
}

#[test]
fn any_field_that_was_changed_breaks_the_chain_at_its_entry() {
    let columns = [
        "time",
        "user",
        "uid",
        "sudo_user",
        "host",
        "command",
        "action",
        "subject",
        "outcome",
        "reason",
        "detail",
    ];
    let (_folder, path) = in_file();
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "DROP TRIGGER audit_is_not_changed; CREATE TABLE before AS SELECT * FROM audit",
        )
        .unwrap();
    for column in columns {
        let value = if column == "uid" { "7" } else { "'x'" };
        let sql = format!("UPDATE audit SET {column} = {value} WHERE sequence = 3");
        connection.execute(&sql, []).unwrap();
        let broken = check(&path);
        assert!(
            matches!(broken, Chain::Broken { sequence: 3, .. }),
            "{column}: {broken:?}"
        );
        let undo = format!(
            "UPDATE audit SET {column} = (SELECT {column} FROM before WHERE sequence = 3)
             WHERE sequence = 3"
        );
        connection.execute(&undo, []).unwrap();
        assert!(matches!(check(&path), Chain::Whole(_)), "{column}");
    }
}

#[test]
fn an_entry_that_was_given_a_hash_that_fits_breaks_the_chain_behind_it() {
    let (_folder, path) = in_file();
    let store = Store::open(&path, connctl::store::OpenOptions::default()).unwrap();
    let entries = store.read().unwrap().audit_entries_after(0, 9).unwrap();
    drop(store);
    let mut forged = entries[2].clone();
    forged.user = "lee".into();
    let hash = forged.chained_hash(&entries[1].hash);
    let connection = rusqlite::Connection::open(&path).unwrap();
    let sql = "DROP TRIGGER audit_is_not_changed";
    connection.execute_batch(sql).unwrap();
    let sql = "UPDATE audit SET user = 'lee', hash = ?1 WHERE sequence = 3";
    connection.execute(sql, [hash.as_bytes()]).unwrap();
    assert!(matches!(check(&path), Chain::Broken { sequence: 4, .. }));
}
