//! The store: connectors, services and the references between them, in one SQLite file.
//!
//! All SQL is in this module, and nothing of the engine leaves it, so that a server engine can
//! stand behind the same functions. Reading goes through a [`Snapshot`], which sees one state of
//! the store however long it is used; writing goes through a [`Change`], which is all or nothing.

mod access;
mod audit;
mod check;
mod connectors;
mod error;
mod guard;
mod open;
mod policies;
mod query;
mod secrets;
mod services;

use std::cell::Cell;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::model::Revision;

pub use access::Grant;
pub use audit::{Chain, Head};
pub use error::{Error, Result};
pub use open::{OpenOptions, SCHEMA_VERSION};
pub use secrets::{Residue, StoredSecret};

/// How much of the file a change keeps in memory, in KiB. Whenever that is full, the journal is
/// synced, which a large change would else spend most of its time on.
const CHANGE_CACHE: i64 = 24 << 10;

/// An open store.
pub struct Store {
    connection: Connection,
    /// Where the file is; `None` for a store in memory.
    path: Option<PathBuf>,
    options: OpenOptions,
}

impl Store {
    /// Opens the store in the file at `path` and brings it up to date.
    ///
    /// # Errors
    /// When there is no file (and none is to be created), when it is no connctl store or a newer
    /// one, when it cannot be read, or when another process holds it for too long.
    pub fn open(path: &Path, options: OpenOptions) -> Result<Self> {
        let (connection, path) = open::open(path, &options)?;
        Ok(Self {
            connection,
            path: Some(path),
            options,
        })
    }

    /// An empty store in memory.
    ///
    /// # Errors
    /// When the engine cannot be set up.
    pub fn in_memory() -> Result<Self> {
        let options = OpenOptions::default();
        Ok(Self {
            connection: open::open_in_memory(&options)?,
            path: None,
            options,
        })
    }

    /// Whether the store is in the file at `path`.
    #[must_use]
    pub fn is_at(&self, path: &Path) -> bool {
        let own = self.path.as_ref().and_then(|own| own.canonicalize().ok());
        own.is_some() && own == path.canonicalize().ok()
    }

    /// Begins to read one state of the store.
    ///
    /// # Errors
    /// When another process holds the store for too long, or the store cannot be read.
    pub fn read(&mut self) -> Result<Snapshot<'_>> {
        let transaction = self.connection.transaction()?;
        // The state is taken at the first look, so have one: what follows meets no lock.
        transaction
            .pragma_query(None, "user_version", |_| Ok(()))
            .map_err(|error| waited(error.into(), self.options.busy_timeout))?;
        Ok(Snapshot {
            transaction,
            busy_timeout: self.options.busy_timeout,
        })
    }

    /// Begins a change that may write secrets.
    ///
    /// A change that is undone after some of it reached the file leaves that in pages that were not
    /// in use before, because the engine does not put those back. So if there are such pages, the
    /// store first notes that it is to be compacted, and whatever happens, somebody does it.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_secrets(&mut self) -> Result<Change<'_>> {
        loop {
            let change = self.begin()?;
            if change.is_residue_safe()? {
                return Ok(change);
            }
            change.removes_secrets.set(true);
            change.commit()?;
        }
    }

    /// Begins a change; until it ends nobody else can change the store.
    ///
    /// # Errors
    /// When this user may not write the store, or another process holds it for too long.
    pub fn write(&mut self) -> Result<Change<'_>> {
        self.begin()
    }

    /// Begins a change. Whoever calls this has the store for itself.
    fn begin(&self) -> Result<Change<'_>> {
        if self.connection.is_readonly("main")? {
            return Err(Error::ReadOnly);
        }
        // A store that somebody switched to another journal mode is brought back before it is
        // written. In memory there is no such file.
        if self.path.is_some() {
            self.connection
                .pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
                .map_err(|error| waited(error.into(), self.options.busy_timeout))?;
        }
        self.connection
            .pragma_update(None, "cache_size", -CHANGE_CACHE)?;
        let behavior = TransactionBehavior::Immediate;
        let transaction = Transaction::new_unchecked(&self.connection, behavior)
            .map_err(|error| waited(error.into(), self.options.busy_timeout))?;
        let snapshot = Snapshot {
            transaction,
            busy_timeout: self.options.busy_timeout,
        };
        Ok(Change {
            before: snapshot.last_change()?,
            snapshot,
            path: self.path.as_deref(),
            removes_secrets: Cell::new(false),
            head: Cell::new(None),
        })
    }
}

/// Says how long was waited, which the engine's error does not.
fn waited(error: Error, timeout: Duration) -> Error {
    match error {
        Error::Busy(_) => Error::Busy(timeout),
        other => other,
    }
}

/// One state of the store, for reading.
///
/// A snapshot of a file keeps writers from committing while it lives.
pub struct Snapshot<'s> {
    transaction: Transaction<'s>,
    busy_timeout: Duration,
}

impl Snapshot<'_> {
    fn last_change(&self) -> Result<Revision> {
        self.transaction
            .query_row("SELECT last_change FROM store_state", [], |row| row.get(0))
            .map(Revision::from_bytes)
            .map_err(|error| waited(error.into(), self.busy_timeout))
    }
}

/// A change under way. Dropped without [`Change::commit`], it leaves the store as it was.
pub struct Change<'s> {
    snapshot: Snapshot<'s>,
    /// What marked the state before this change.
    before: Revision,
    path: Option<&'s Path>,
    /// Whether it takes ciphertext away, which is then to be erased from the file.
    removes_secrets: Cell<bool>,
    /// Where the audit trail ends, once this change has written to it.
    head: Cell<Option<Head>>,
}

impl<'s> Deref for Change<'s> {
    type Target = Snapshot<'s>;

    fn deref(&self) -> &Snapshot<'s> {
        &self.snapshot
    }
}

impl Change<'_> {
    /// A revision that was never given before.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn new_revision(&self) -> Result<Revision> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| Error::Engine(error.into()))?;
        Ok(Revision::from_bytes(bytes))
    }

    /// Makes the change permanent. When this returns `Ok`, it survives a crash and a power loss.
    ///
    /// # Errors
    /// With every error but [`Error::Uncertain`], nothing has changed.
    pub fn commit(self) -> Result<()> {
        let mark = self.new_revision()?;
        let Snapshot {
            transaction,
            busy_timeout,
        } = self.snapshot;
        transaction.execute(
            "UPDATE store_state SET last_change = ?1, removals = removals + ?2",
            rusqlite::params![mark.as_bytes(), self.removes_secrets.get()],
        )?;
        let Err(error) = transaction.commit() else {
            return Ok(());
        };
        let error = waited(error.into(), busy_timeout);
        // The engine can report a failure although the change is in the file, so look.
        let Some(path) = self.path else {
            return Err(error);
        };
        let options = OpenOptions {
            busy_timeout,
            ..OpenOptions::default()
        };
        #[expect(clippy::disallowed_methods, reason = "the same store, once more")]
        let found = Store::open(path, options).and_then(|mut store| store.read()?.last_change());
        match found {
            Ok(found) if found == mark => Ok(()),
            Ok(found) if found == self.before => Err(error),
            _ => Err(Error::Uncertain(error.to_string())),
        }
    }
}
