//! Beginning and ending a change of a file.

use std::path::Path;

use rusqlite::Connection;

use super::open::FileStore;
use super::{lock, open};
use crate::model::Revision;
use crate::store::change::{Begun, Change, Ciphertext};
use crate::store::engine::{Session, Transaction, params};
use crate::store::error::one_row;
use crate::store::{Error, OpenOptions, Result};

/// How much of the file a change keeps in memory, in KiB. Whenever that is full, the journal is
/// synced, which a large change would else spend most of its time on.
const CHANGE_CACHE: i64 = 24 << 10;

impl FileStore {
    /// Takes the store for writing. What does not fit into memory may reach the file only where that
    /// is undone with the rest: in pages that were not in use, the engine leaves what was written.
    pub(in crate::store) fn lock_for_rehearsal(&self) -> Result<Transaction<'_>> {
        let connection = &self.connection;
        if connection.is_readonly("main")? {
            return Err(Error::ReadOnly);
        }
        if let Some(path) = &self.path {
            self.options.check_folder(path)?;
        }
        connection.pragma_update(None, "cache_size", -CHANGE_CACHE)?;
        // The engine takes this from the next transaction on.
        connection.pragma_update(None, "cache_spill", true)?;
        let transaction = self.lock()?;
        let sql = "SELECT freelist_count = 0 FROM pragma_freelist_count";
        if transaction.query_row(sql, [], |row| row.get(0))? {
            return Ok(transaction);
        }
        drop(transaction);
        connection.pragma_update(None, "cache_spill", false)?;
        self.lock()
    }

    /// Begins a change. Of a blank store the tables are made with it.
    pub(in crate::store) fn begin(&self, ciphertext: Ciphertext) -> Result<Begun<'_>> {
        if self.connection.is_readonly("main")? {
            return Err(Error::ReadOnly);
        }
        // A store that somebody switched to another journal mode is brought back before it is
        // written. In memory there is no such file.
        if let Some(path) = &self.path {
            self.options.check_folder(path)?;
            let connection = &self.connection;
            let switched = lock::wait(&self.options, || {
                connection.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
            });
            switched.map_err(|error| match error {
                Error::Busy(waited) if is_in_wal_mode(connection) => Error::OtherMode(waited),
                other => other,
            })?;
        }
        self.connection
            .pragma_update(None, "cache_size", -CHANGE_CACHE)?;
        let mut noted = false;
        loop {
            let transaction = self.lock()?;
            let is_made = open::version(&self.connection)? == 0;
            if is_made {
                open::make(&self.connection, self.path.as_deref())?;
            }
            if ciphertext == Ciphertext::None || is_residue_safe(&transaction)? {
                return Ok(Begun {
                    change: Change::new(transaction, ciphertext),
                    noted,
                    is_made,
                });
            }
            transaction.execute("UPDATE store_state SET removals = removals + 1", [])?;
            self.end(&transaction)?;
            noted = true;
        }
    }

    /// Takes the store for writing.
    fn lock(&self) -> Result<Transaction<'_>> {
        lock::wait(&self.options, || {
            self.connection.execute_batch("BEGIN IMMEDIATE")?;
            Ok::<_, rusqlite::Error>(Transaction::begun(&self.connection))
        })
    }

    /// Makes a change permanent, marked with `mark`; `withdraws` takes the noted compaction back.
    pub(in crate::store) fn commit(
        &self,
        change: Change<'_>,
        mark: &Revision,
        withdraws: bool,
    ) -> Result<()> {
        let before = change.last_change()?;
        let removes = change.removes_secrets.get();
        let transaction = change.snapshot.transaction;
        let written = transaction.execute(
            "UPDATE store_state SET last_change = ?1, removals = removals + ?2",
            params![mark.as_bytes(), i64::from(removes) - i64::from(withdraws)],
        )?;
        one_row(written, "its own", "state")?;
        let Err(error) = self.end(&transaction) else {
            return Ok(());
        };
        drop(transaction);
        self.settle(error, &before, mark)
    }

    /// What became of a change from `before` to `mark` that the engine says has failed: it can say so
    /// although the change is in the file, so look.
    pub(super) fn settle(&self, error: Error, before: &Revision, mark: &Revision) -> Result<()> {
        if matches!(error, Error::Interrupted) {
            return Err(error);
        }
        let Some(path) = &self.path else {
            return Err(error);
        };
        let options = OpenOptions {
            create: false,
            ..self.options.clone()
        };
        let found = Self::open(path, options).and_then(|file| file.read()?.last_change());
        match found {
            Ok(found) if found == *mark => Ok(()),
            Ok(found) if found == *before => Err(error),
            _ => Err(Error::Uncertain(error.to_string())),
        }
    }

    /// Ends a transaction for good, once no reader stands in the way.
    fn end(&self, transaction: &Session<'_>) -> Result<()> {
        lock::wait(&self.options, || transaction.execute_batch("COMMIT"))
    }

    /// Takes back the compaction that was noted for a change that wrote no ciphertext. Where that
    /// fails, or somebody else has removed something since, the store is compacted once too often.
    pub(in crate::store) fn withdraw_note(&self) {
        let withdrawn = self.lock().and_then(|transaction| {
            transaction.execute(
                "UPDATE store_state SET removals = erased WHERE removals = erased + 1",
                [],
            )?;
            self.end(&transaction)
        });
        drop(withdrawn);
    }

    /// Removes the file that was made for a change that came to nothing. The engine refuses to
    /// write to a file that is no longer in its place, so nobody who has opened it meanwhile loses
    /// anything unawares.
    pub(in crate::store) fn remove_if_unused(&self) {
        if let (true, Some(path)) = (self.is_new, &self.path)
            && is_empty(path)
        {
            // It is a leftover at most; the error that led here is the one to tell.
            let _ = std::fs::remove_file(path);
        }
    }
}

fn is_empty(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|file| file.len() == 0)
}

fn is_in_wal_mode(connection: &Connection) -> bool {
    let mode = connection.pragma_query_value(None, "journal_mode", |row| row.get(0));
    mode.is_ok_and(|mode: String| mode == "wal")
}

/// Whether nothing of a change could stay in the file unnoticed if it were undone.
fn is_residue_safe(session: &Session<'_>) -> Result<bool> {
    let sql = "SELECT removals > erased OR freelist_count = 0
               FROM store_state, pragma_freelist_count";
    Ok(session.query_row(sql, [], |row| row.get(0))?)
}
