//! Beginning and ending a change on a server.

use std::time::{Duration, Instant};

use super::ServerStore;
use crate::model::{Head, Revision};
use crate::store::change::Change;
use crate::store::engine::{OptionalExtension, Transaction, params};
use crate::store::{Error, Result};

/// How long to wait before a server that was lost is looked for once more.
const PAUSE: Duration = Duration::from_millis(200);

/// For how long a server is looked for that was lost while it made a change permanent: about what it
/// takes until another one is in its place.
const SEARCH: Duration = Duration::from_secs(15);

impl ServerStore {
    /// Takes the store for writing: all who change it lock its one row of state first, and so take
    /// turns.
    pub(in crate::store) fn lock(&self) -> Result<Transaction<'_>> {
        self.options.check_interrupted()?;
        // No time at all would mean any time.
        let wait = self
            .options
            .busy_timeout
            .as_millis()
            .clamp(1, i32::MAX as u128);
        let transaction = Transaction::on_server(&self.server);
        let sql = format!(
            "SET LOCAL lock_timeout = {wait};
             SELECT encode(last_change, 'hex'), schema_version,
               current_setting('session_replication_role') FROM begin_change()"
        );
        let begun = self.server.begin("ISOLATION LEVEL READ COMMITTED", &sql);
        let begun = begun.map_err(|error| match error.into() {
            Error::Busy(_) => Error::Busy(self.options.busy_timeout),
            other => other,
        })?;
        self.check_version(begun.get(1))?;
        if begun.get(2) == Some("replica") {
            return Err(Error::TriggersOff);
        }
        let before = begun.get(0).and_then(|before| before.parse().ok());
        self.before.set(before);
        Ok(transaction)
    }

    /// Makes a change permanent, marked with `mark`.
    ///
    /// From here on a signal does not end what the server does: a commit that waits for a standby and
    /// is cut short counts as made, although the standby may not have it.
    pub(in crate::store) fn commit(&self, change: Change<'_>, mark: &Revision) -> Result<()> {
        let sql = "SELECT end_change(?1)";
        change
            .snapshot
            .transaction
            .prepare_cached(sql)?
            .query_row(params![mark.as_bytes()], |_| Ok(()))?;
        // Whoever takes a role away from themselves can do nothing in the store afterwards.
        for (user, role) in change.roles.take() {
            change.set_role_of(&user, role)?;
        }
        let head = change.head.get();
        let Err(error) = self.server.commit() else {
            return Ok(());
        };
        drop(change);
        match error {
            Error::Lost(_) => self.settle(error, head, mark),
            error => Err(error),
        }
    }

    /// What became of a change whose server was lost while it made it permanent. Whoever locks the
    /// row of state waits until the server knows; then either the change's own entry stands in the
    /// trail or it does not, whoever has written since.
    fn settle(&self, error: Error, head: Option<Head>, mark: &Revision) -> Result<()> {
        #[expect(
            clippy::disallowed_methods,
            reason = "how long was waited is looked at here"
        )]
        let now = Instant::now;
        let started = now();
        loop {
            match self.is_made(head, mark) {
                Ok(Some(true)) => return Ok(()),
                Ok(Some(false)) => return Err(error),
                Err(
                    Error::Unreachable { .. }
                    | Error::Lost(_)
                    | Error::Busy(_)
                    | Error::ReadOnlyServer,
                ) if started.elapsed() < SEARCH => {}
                Ok(None) | Err(_) => return Err(Error::Uncertain(error.to_string())),
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Whether a change is in the store; `None` where that cannot be told.
    fn is_made(&self, head: Option<Head>, mark: &Revision) -> Result<Option<bool>> {
        let again = Self::connect(&self.place, self.options.clone())?;
        let transaction = again.lock()?;
        if let Some(head) = head {
            let sql = "SELECT hash FROM audit WHERE sequence = ?1";
            let found: Option<[u8; 32]> = transaction
                .query_row(sql, params![head.sequence.cast_signed()], |row| row.get(0))
                .optional()?;
            return Ok(Some(found.as_ref() == Some(head.hash.as_bytes())));
        }
        // A change without any entry: whether it came to be shows unless somebody wrote since.
        let found = again.before.get();
        Ok(if found.as_ref() == Some(mark) {
            Some(true)
        } else if found == self.before.get() {
            Some(false)
        } else {
            None
        })
    }
}
