//! The one way to change a store: begin, work, commit, or leave everything as it was.
//!
//! Nothing outside this file begins or commits.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::path::Path;

use rusqlite::Connection;

use super::engine::{Session, Transaction, params};
use super::error::one_row;
use super::sqlite::{lock, open};
use super::{Error, OpenOptions, Result, Snapshot, Store};
use crate::model::{Head, Revision};

/// How much of the file a change keeps in memory, in KiB. Whenever that is full, the journal is
/// synced, which a large change would else spend most of its time on.
const CHANGE_CACHE: i64 = 24 << 10;

/// The bytes of a revision.
const REVISION: usize = 16;

/// How many random bytes are got at once: a whole number of revisions.
const RANDOM: usize = 64 * REVISION;

/// Whether a change may write ciphertext.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ciphertext {
    /// It writes none.
    None,
    /// It may write some.
    ///
    /// A change that is undone after some of it reached the file leaves that in pages that were not
    /// in use before, because the engine does not put those back. So if there are such pages, the
    /// store first notes that it is to be compacted, and whatever happens, somebody does it.
    Possible,
}

/// What begins a change.
struct Begun<'s> {
    change: Change<'s>,
    /// Whether a compaction was noted for it.
    noted: bool,
    /// Whether it makes the tables.
    is_made: bool,
}

/// A change under way.
pub struct Change<'s> {
    snapshot: Snapshot<'s>,
    /// Whether it may write ciphertext.
    ciphertext: Ciphertext,
    /// Whether it wrote ciphertext.
    pub(super) writes_secrets: Cell<bool>,
    /// Whether it takes ciphertext away, which is then to be erased from the file.
    pub(super) removes_secrets: Cell<bool>,
    /// Where the audit trail ends, once this change has written to it.
    pub(super) head: Cell<Option<Head>>,
    /// Random bytes for the revisions to come.
    random: RefCell<Vec<u8>>,
    /// Whether [`Policy::OnePerSystem`](crate::model::Policy) is on, once it was asked.
    pub(super) keeps_one_per_system: Cell<Option<bool>>,
    /// Whether policies must hold only for what it comes to.
    pub(super) defers_policies: Cell<bool>,
    /// Whether the index of a policy has stepped aside until the end.
    pub(super) index_is_aside: Cell<bool>,
}

impl<'s> Deref for Change<'s> {
    type Target = Snapshot<'s>;

    fn deref(&self) -> &Snapshot<'s> {
        &self.snapshot
    }
}

impl<'s> Change<'s> {
    fn new(transaction: Transaction<'s>, ciphertext: Ciphertext) -> Self {
        Self {
            snapshot: Snapshot { transaction },
            ciphertext,
            writes_secrets: Cell::new(false),
            removes_secrets: Cell::new(false),
            head: Cell::new(None),
            random: RefCell::default(),
            keeps_one_per_system: Cell::new(None),
            defers_policies: Cell::new(false),
            index_is_aside: Cell::new(false),
        }
    }
}

impl Change<'_> {
    /// A revision that was never given before.
    pub fn new_revision(&self) -> Result<Revision> {
        // Asking the system for each of a million takes longer than making use of them.
        let mut random = self.random.borrow_mut();
        if random.is_empty() {
            random.resize(RANDOM, 0);
            getrandom::fill(&mut random).map_err(|error| {
                random.clear();
                Error::Engine(error.into())
            })?;
        }
        let rest = random.len().saturating_sub(REVISION);
        let mut bytes = [0; REVISION];
        bytes.copy_from_slice(&random[rest..]);
        random.truncate(rest);
        Ok(Revision::from_bytes(bytes))
    }

    /// Says that something is taken away that was to be secret, so that its bytes are to be erased.
    pub fn note_removal(&self) {
        self.removes_secrets.set(true);
    }

    /// Says that ciphertext is about to be written.
    pub(super) fn write_secret(&self) -> Result<()> {
        if self.ciphertext == Ciphertext::None {
            let message = "a change that was to write no ciphertext tried to";
            return Err(Error::Engine(message.into()));
        }
        self.writes_secrets.set(true);
        Ok(())
    }
}

impl Store {
    /// Changes the store: nobody else can change it while `work` does, and what it did is made
    /// permanent when it succeeds. When this returns `Ok`, the change survives a crash and a power
    /// loss. Where `work` changed nothing, nothing is written.
    ///
    /// A blank store gets its tables in the same change. If the file was made for it and nothing
    /// comes of it, no file is left.
    ///
    /// # Errors
    /// Those of `work`; when this user may not write the store, another process holds it for too
    /// long, or the user interrupts. With every error but [`Error::Uncertain`], nothing has changed.
    pub fn change<T, E: From<Error>>(
        &mut self,
        ciphertext: Ciphertext,
        work: impl FnOnce(&Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let done = self.carry_out(ciphertext, work);
        if done.is_err() {
            self.remove_if_unused();
        }
        done
    }

    /// Does what a change would, and undoes it: the file stays as it is, to the byte.
    ///
    /// # Errors
    /// Those of [`Store::change`], but for those of its end.
    pub fn rehearse<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.connection.is_readonly("main").map_err(Error::from)? {
            return Err(Error::ReadOnly.into());
        }
        if let Some(path) = &self.path {
            self.options.check_folder(path)?;
        }
        let transaction = self.lock_for_rehearsal()?;
        let change = Change::new(transaction, Ciphertext::Possible);
        let value = work(&change)?;
        change.settle_policies()?;
        self.options.check_interrupted()?;
        Ok(value)
    }

    /// Takes the store for writing. What does not fit into memory may reach the file only where that
    /// is undone with the rest: in pages that were not in use, the engine leaves what was written.
    fn lock_for_rehearsal(&self) -> Result<Transaction<'_>> {
        let connection = &self.connection;
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

    fn carry_out<T, E: From<Error>>(
        &self,
        ciphertext: Ciphertext,
        work: impl FnOnce(&Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let Begun {
            change,
            noted,
            is_made,
        } = self.begin(ciphertext)?;
        let mark = change.new_revision()?;
        let before = change.transaction.total_changes();
        let done = work(&change).and_then(|value| {
            change.settle_policies()?;
            self.options.check_interrupted()?;
            Ok(value)
        });
        let writes_secrets = change.writes_secrets.get();
        match done {
            Ok(value) if change.transaction.total_changes() == before && !is_made => {
                drop(change);
                if noted {
                    self.withdraw_note();
                }
                Ok(value)
            }
            Ok(value) => {
                self.commit(change, &mark, noted && !writes_secrets)?;
                Ok(value)
            }
            Err(error) => {
                drop(change);
                if noted && !writes_secrets {
                    self.withdraw_note();
                }
                Err(error)
            }
        }
    }

    fn begin(&self, ciphertext: Ciphertext) -> Result<Begun<'_>> {
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
    fn commit(&self, change: Change<'_>, mark: &Revision, withdraws: bool) -> Result<()> {
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
        #[expect(clippy::disallowed_methods, reason = "the same store, once more")]
        let found = Self::open(path, options).and_then(|store| store.read()?.last_change());
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
    fn withdraw_note(&self) {
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
    fn remove_if_unused(&self) {
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
