//! The store: connectors, services and the references between them, in one SQLite file or on a
//! PostgreSQL server.
//!
//! All SQL is in this module, and nothing of an engine leaves it. Reading goes through a
//! [`Snapshot`], which sees one state of the store however long it is used; writing goes through
//! [`Store::change`], which is all or nothing.

mod access;
mod audit;
mod bulk;
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
#[cfg(feature = "postgres")]
mod postgres;
mod query;
mod rechain;
mod rename;
mod salvage;
mod secrets;
mod selection;
#[cfg(not(feature = "postgres"))]
mod serverless;
mod services;
mod sqlite;
mod trials;
mod uses;

use std::path::Path;

use crate::model::{ChainedAnew, Revision, UserName};
use engine::Transaction;
#[cfg(feature = "postgres")]
use postgres::ServerStore;
#[cfg(feature = "postgres")]
pub use postgres::{ServerPlace, Surroundings};
#[cfg(not(feature = "postgres"))]
pub use serverless::{ServerPlace, Surroundings};
use sqlite::FileStore;

pub use audit::Chain;
pub use bulk::Ahead;
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
pub struct Store(Engine);

/// What keeps it.
enum Engine {
    /// A file, or memory.
    File(FileStore),
    /// A server.
    #[cfg(feature = "postgres")]
    Server(Box<ServerStore>),
}

impl Store {
    /// Opens the store in the file at `path` and brings it up to date. One that is blank stays so
    /// until something is kept in it.
    ///
    /// # Errors
    /// When there is no file (and none is to be created), when it is no connctl store or a newer
    /// one, when it cannot be read, or when another process holds it for too long.
    pub fn open(path: &Path, options: OpenOptions) -> Result<Self> {
        let file = FileStore::open(path, options)?;
        Ok(Self(Engine::File(file)))
    }

    /// Connects to the store on a server, as it is: only `init` makes or upgrades one there.
    ///
    /// # Errors
    /// When the server cannot be reached or trusted, when there is no store, one of another version,
    /// or none that this user may look at.
    #[cfg(feature = "postgres")]
    pub fn connect(place: &ServerPlace, options: OpenOptions) -> Result<Self> {
        let server = ServerStore::connect(place, options)?;
        Ok(Self(Engine::Server(Box::new(server))))
    }

    /// Makes a store on a server; false if there is one already.
    ///
    /// # Errors
    /// When the user may not create roles or schemas there, or the roles are those of another store.
    #[cfg(feature = "postgres")]
    pub fn init_on_server(place: &ServerPlace, options: &OpenOptions) -> Result<bool> {
        ServerStore::init(place, options)
    }

    /// An empty store in memory.
    ///
    /// # Errors
    /// When the engine cannot be set up.
    pub fn in_memory() -> Result<Self> {
        let file = FileStore::in_memory(OpenOptions::default())?;
        Ok(Self(Engine::File(file)))
    }

    fn options(&self) -> &OpenOptions {
        match &self.0 {
            Engine::File(file) => &file.options,
            #[cfg(feature = "postgres")]
            Engine::Server(server) => &server.options,
        }
    }

    /// The file that keeps it.
    #[cfg_attr(
        not(feature = "postgres"),
        expect(clippy::unnecessary_wraps, reason = "then there is nothing else")
    )]
    fn file(&self) -> Result<&FileStore> {
        match &self.0 {
            Engine::File(file) => Ok(file),
            #[cfg(feature = "postgres")]
            Engine::Server(_) => Err(Error::NoFile),
        }
    }

    /// The file that keeps it, to change what it is.
    #[cfg_attr(
        not(feature = "postgres"),
        expect(clippy::unnecessary_wraps, reason = "then there is nothing else")
    )]
    fn file_mut(&mut self) -> Result<&mut FileStore> {
        match &mut self.0 {
            Engine::File(file) => Ok(file),
            #[cfg(feature = "postgres")]
            Engine::Server(_) => Err(Error::NoFile),
        }
    }

    /// How the trail was chained anew when this store was opened, because an older connctl had kept
    /// values in it.
    pub fn chained_anew(&self) -> Result<Option<ChainedAnew>> {
        match self.file() {
            Ok(file) if file.is_upgraded => self.read()?.chained_anew(),
            _ => Ok(None),
        }
    }

    /// Whether nothing was ever kept here: not even the tables are there yet. The first change makes
    /// them.
    pub fn is_blank(&self) -> Result<bool> {
        match &self.0 {
            Engine::File(file) => file.is_blank(),
            #[cfg(feature = "postgres")]
            Engine::Server(_) => Ok(false),
        }
    }

    /// Whom the store itself takes the user for; `None` where it takes the system's word.
    pub fn user(&self) -> Option<&UserName> {
        match &self.0 {
            Engine::File(_) => None,
            #[cfg(feature = "postgres")]
            Engine::Server(server) => Some(&server.user),
        }
    }

    /// What the server says of itself and the session; `None` where the store is in a file.
    pub fn server_facts(&self) -> Result<Option<ServerFacts>> {
        match &self.0 {
            Engine::File(_) => Ok(None),
            #[cfg(feature = "postgres")]
            Engine::Server(server) => server.facts().map(Some),
        }
    }

    /// Begins to read one state of the store.
    pub fn read(&self) -> Result<Snapshot<'_>> {
        match &self.0 {
            Engine::File(file) => file.read(),
            #[cfg(feature = "postgres")]
            Engine::Server(server) => server.read(),
        }
    }
}

/// What a server says of itself and of the session with it.
#[derive(Debug, Clone)]
pub struct ServerFacts {
    /// Which server it is, and its version.
    pub version: String,
    /// Whether nobody else reads what is sent: it is encrypted, or stays on this machine.
    pub is_private: bool,
    /// Whether the URL holds a password.
    pub has_password_in_url: bool,
    /// Who may do anything with the store, whatever that says: superusers, and who can become its owner.
    pub superusers: Vec<String>,
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
