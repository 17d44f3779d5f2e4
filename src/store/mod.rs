//! The store: connectors, services and the references between them, in one SQLite file.
//!
//! All SQL is in this module, and nothing of the engine leaves it, so that a server engine can
//! stand behind the same functions. Reading goes through a [`Snapshot`], which sees one state of
//! the store however long it is used; writing goes through [`Store::change`], which is all or nothing.

mod access;
mod audit;
mod change;
mod check;
mod connectors;
mod cursor;
mod engine;
mod error;
mod guard;
mod offers;
mod origins;
mod policies;
mod query;
mod rechain;
mod rename;
mod salvage;
mod secrets;
mod selection;
mod services;
mod sqlite;
mod trials;
mod uses;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::model::{ChainedAnew, Revision};
use engine::Transaction;
use sqlite::{lock, open};

pub use audit::Chain;
pub use change::{Change, Ciphertext};
pub use error::{Error, Result};
pub use offers::{OfferedConnector, OfferedService, Shared, Stretch};
pub use salvage::Salvaged;
pub use secrets::{SecretAge, StoredRecipient, StoredSecret};
pub use sqlite::open::{
    OpenOptions, SCHEMA_VERSION, check_is_copy, check_is_store, is_database, journal_base,
};
pub use sqlite::{Residue, move_aside};

/// An open store.
pub struct Store {
    connection: Connection,
    /// Where the file is; `None` for a store in memory.
    path: Option<PathBuf>,
    options: OpenOptions,
    /// Whether the file was made when this store was opened.
    is_new: bool,
    /// Whether it was brought up to date when this store was opened.
    is_upgraded: bool,
}

impl Store {
    /// Opens the store in the file at `path` and brings it up to date. One that is blank stays so
    /// until something is kept in it.
    ///
    /// # Errors
    /// When there is no file (and none is to be created), when it is no connctl store or a newer
    /// one, when it cannot be read, or when another process holds it for too long.
    pub fn open(path: &Path, options: OpenOptions) -> Result<Self> {
        let open::Opened {
            connection,
            path,
            is_new,
            is_upgraded,
        } = open::open(path, &options)?;
        Ok(Self {
            connection,
            path: Some(path),
            options,
            is_new,
            is_upgraded,
        })
    }

    /// How the trail was chained anew when this store was opened, because an older connctl had kept
    /// values in it.
    pub fn chained_anew(&self) -> Result<Option<ChainedAnew>> {
        if self.is_upgraded {
            self.read()?.chained_anew()
        } else {
            Ok(None)
        }
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
            is_new: false,
            is_upgraded: false,
        })
    }

    /// Whether nothing was ever kept here: not even the tables are there yet. The first change makes
    /// them.
    pub fn is_blank(&self) -> Result<bool> {
        lock::wait(&self.options, || open::version(&self.connection)).map(|version| version == 0)
    }

    /// Begins to read one state of the store.
    pub fn read(&self) -> Result<Snapshot<'_>> {
        let transaction = lock::wait(&self.options, || {
            self.connection.execute_batch("BEGIN")?;
            let transaction = Transaction::begun(&self.connection);
            // The state is taken at the first look, so have one: what follows meets no lock.
            self.connection
                .pragma_query(None, "user_version", |_| Ok(()))?;
            Ok::<_, rusqlite::Error>(transaction)
        })?;
        Ok(Snapshot { transaction })
    }
}

/// One state of the store, for reading.
///
/// A snapshot of a file keeps writers from committing while it lives.
pub struct Snapshot<'s> {
    transaction: Transaction<'s>,
}

impl Snapshot<'_> {
    fn last_change(&self) -> Result<Revision> {
        let sql = "SELECT last_change FROM store_state";
        let mark = self.transaction.query_row(sql, [], |row| row.get(0))?;
        Ok(Revision::from_bytes(mark))
    }
}
