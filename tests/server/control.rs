//! What the lock and the foreign key are for: without them, references dangle.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::database_with_store;
use super::server::{BOSS, server};
use super::support::Sandbox;

/// Takes away what makes writers wait for each other, and what refuses what dangles.
const NO_LOCK_AND_NO_KEY: &str = "
    SET search_path TO control;
    ALTER TABLE service_connectors DROP CONSTRAINT service_connectors_connector_id_fkey;
    ALTER TABLE audit DROP CONSTRAINT audit_pkey;
    DO $$
    DECLARE
        name REGPROC;
    BEGIN
        FOREACH name IN ARRAY ARRAY['begin_change', 'append_entries'] LOOP
            EXECUTE replace(pg_get_functiondef(name), 'FOR UPDATE', '');
        END LOOP;
    END $$;
";

/// References to connectors that are not there.
const DANGLING: &str = "SELECT count(*) FROM control.service_connectors AS r WHERE NOT EXISTS
    (SELECT 1 FROM control.connectors AS c WHERE c.id = r.connector_id)";

/// How long to look for what must come about.
const PATIENCE: Duration = Duration::from_mins(1);

#[test]
#[ignore = "needs postgresql"]
fn without_lock_and_key_references_dangle() {
    let database = database_with_store("control");
    server().sql(&database, NO_LOCK_AND_NO_KEY);
    let sandbox = Sandbox::at(&format!("{}?schema=control", server().url(BOSS, &database)));
    let is_over = AtomicBool::new(false);
    let start = Instant::now();
    let dangled = thread::scope(|scope| {
        let (sandbox, is_over) = (&sandbox, &is_over);
        for line in [
            "add x --system s --env testing",
            "delete x --yes",
            "service add a --source x",
            "service add b --source x",
            "service delete a --yes",
            "service delete b --yes",
        ] {
            scope.spawn(move || {
                let arguments: Vec<_> = line.split(' ').collect();
                while !is_over.load(Ordering::SeqCst) {
                    sandbox.run(&arguments);
                }
            });
        }
        let mut dangled = false;
        while !dangled && start.elapsed() < PATIENCE {
            dangled = server().sql(&database, DANGLING) != "0\n";
        }
        is_over.store(true, Ordering::SeqCst);
        dangled
    });
    assert!(
        dangled,
        "the drills would not notice if lock and key were missing"
    );
}
