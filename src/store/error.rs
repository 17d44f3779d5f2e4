//! What can go wrong in a store.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::ffi;

use super::engine;
use crate::model::{ConnectorId, Environment, Policy, ServiceId};

/// The result of work on a store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong. Unless a variant says otherwise, nothing has changed in the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no file at this path.
    #[error("there is no store at {}", crate::model::text::path(.0))]
    Missing(PathBuf),
    /// What is at this path is no regular file.
    #[error("{} is not a file", crate::model::text::path(.0))]
    NotAFile(PathBuf),
    /// The file at this path was not made by connctl. It was not touched.
    #[error("{} is not a connctl store; it was not touched", crate::model::text::path(.0))]
    Foreign(PathBuf),
    /// The file was made by a newer connctl.
    #[error(
        "the store {} has schema version {found}; this connctl knows versions up to {known}",
        crate::model::text::path(path)
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// The file has to be upgraded, and this user may not write it.
    #[error(
        "the store {} has schema version {found} and must be upgraded to {known} by somebody who may write it",
        crate::model::text::path(path)
    )]
    Older {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: u32,
        /// The version that this program works with.
        known: u32,
    },
    /// The file has to be upgraded, and whoever only looks does not.
    #[error(
        "the store {} has schema version {found} and must be upgraded to {known}, which a dry run does not do; nothing was changed",
        crate::model::text::path(path)
    )]
    NotUpgraded {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: u32,
        /// The version that this program works with.
        known: u32,
    },
    /// There is no store on this server.
    #[error("there is no store at {0}")]
    NoStore(String),
    /// The schema was not made by connctl. It was not touched.
    #[error("the schema {schema} at {url} is no connctl store; it was not touched")]
    ForeignSchema {
        /// The schema.
        schema: String,
        /// The server.
        url: String,
    },
    /// The server does not let this user look at the store.
    #[error("{user} has no role in the store at {url}")]
    Stranger {
        /// Whom the server takes the user for.
        user: String,
        /// The server.
        url: String,
    },
    /// The store on the server was made by another connctl.
    #[error("the store at {url} has schema version {found}; this connctl works with {known}")]
    OtherVersion {
        /// The server.
        url: String,
        /// Its schema version.
        found: u32,
        /// The version that this program works with.
        known: u32,
    },
    /// This user may make no store on the server.
    #[error("this user may not create roles and schemas in the database")]
    NoMaker,
    /// The roles that a store of this name would have are there already.
    #[error("the roles {0}_owner, {0}_viewer, {0}_editor or {0}_admin are there already")]
    RolesTaken(String),
    /// The server has no such user.
    #[error("the server has no role {}", crate::model::text::Quoted::from(.0.as_str()))]
    NoSuchRole(String),
    /// The server does not allow it to this user.
    #[error("the server does not allow it: {0}")]
    NotPermitted(String),
    /// Something of this name is on the server already.
    #[error("the server has that already: {0}")]
    Taken(String),
    /// The server takes no changes from this user: it follows another one, or is set so.
    #[error(
        "the server takes no changes in this session: it follows another one, or is set to read only"
    )]
    ReadOnlyServer,
    /// Nothing of what refuses a change in the database would do so in this session.
    #[error(
        "triggers and foreign keys are off in this session: session_replication_role is replica"
    )]
    TriggersOff,
    /// The database cannot hold every text.
    #[error("the database has the encoding {}, and a store needs UTF8", crate::model::text::Quoted::from(.0.as_str()))]
    Encoding(String),
    /// The server was lost before it made the change permanent.
    #[error("the connection to the server was lost: {0}")]
    Lost(String),
    /// What was asked for is done to a file, and the store is on a server.
    #[error("the store is on a server and in no file")]
    NoFile,
    /// Beside the file lies a journal of somebody else, which opening it would play back.
    #[error("{} belongs to somebody who does not own the store; the store was not opened", crate::model::text::path(.0))]
    ForeignJournal(PathBuf),
    /// Beside a file that was to be copied lies a journal.
    #[error(
        "{} lies beside the file, which may be in use or have a change that was cut off; nothing was changed",
        crate::model::text::path(.0)
    )]
    NoCopy(PathBuf),
    /// Everybody may write this folder, and so put another file in the place of the store.
    #[error("everybody can write the folder {}", crate::model::text::path(.0))]
    SharedFolder(PathBuf),
    /// The user may read the store, but not write it.
    #[error("the store cannot be written by this user")]
    ReadOnly,
    /// A writer was killed, its change has to be undone first, and this user may not write.
    #[error("a change of the store was cut off, and this user may not write the store to undo it")]
    Unfinished,
    /// Another process held the store for all this time.
    #[error("the store is locked by another process (waited {0:?})")]
    Busy(Duration),
    /// Another program put the store into a journal mode in which it is not written, and held it open
    /// for all this time, so that the mode could not be changed back.
    #[error(
        "another program put the store into WAL mode and holds it open (waited {0:?}), and it is \
         not written in that mode"
    )]
    OtherMode(Duration),
    /// The file system keeps no locks.
    #[error(
        "the file system of {} keeps no locks, without which two programs could write the store at \
         once; it was not opened",
        crate::model::text::path(.0)
    )]
    NoLocks(PathBuf),
    /// The file's content contradicts itself.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// What is kept of one connector or service cannot be read; the others can.
    #[error("the store is damaged: {problem}")]
    UnreadableRecord {
        /// `connector` or `service`.
        noun: &'static str,
        /// Its id; nobody checked it.
        id: String,
        /// The field that cannot be read.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The operating system refused.
    #[error("cannot {action} {}: {source}", crate::model::text::path(path))]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The operating system's word.
        source: std::io::Error,
    },
    /// The work was interrupted by the user.
    #[error("interrupted")]
    Interrupted,
    /// The commit failed in a way that leaves open whether it happened.
    #[error("the store could not confirm whether the change was made: {0}")]
    Uncertain(String),
    /// The id is taken.
    #[error("connector {0} exists already")]
    ConnectorExists(ConnectorId),
    /// The id is taken.
    #[error("service {0} exists already")]
    ServiceExists(ServiceId),
    /// The connector is referred to by a service.
    #[error("connector {0} is in use")]
    InUse(ConnectorId),
    /// The connector may not be deleted.
    #[error("connector {0} is protected")]
    Protected(ConnectorId),
    /// These connectors, at least one, are on trial, and were to be used.
    #[error("{}", on_trial(.0))]
    OnTrial(Vec<ConnectorId>),
    /// A service refers to the connector, and the index of the references does not say so.
    #[error(
        "connector {connector} is in use by service {service}, which an index of the store does not show"
    )]
    UnseenReference {
        /// The connector.
        connector: ConnectorId,
        /// The id of the service; nobody checked it.
        service: String,
    },
    /// A policy of the store does not allow it.
    #[error(
        "the policy {policy} does not allow it: connector {other} is already the {environment} one of this system and group"
    )]
    Policy {
        /// The policy.
        policy: Policy,
        /// The connector that is there already.
        other: ConnectorId,
        /// The environment of both.
        environment: Environment,
    },
    /// What a change comes to is not what a policy of the store allows.
    #[error(
        "the policy {policy} does not allow it: in the end {one} and {other} would be of the same system, group and environment"
    )]
    Crowded {
        /// The policy.
        policy: Policy,
        /// A connector.
        one: ConnectorId,
        /// Another one.
        other: ConnectorId,
    },
    /// The store took a change of what has this id without making it.
    #[error("the store did not keep a change of {noun} {id}")]
    NotWritten {
        /// What it is, such as `connector`.
        noun: &'static str,
        /// The id, or what else names it.
        id: String,
    },
    /// The URL of a server says nothing that can be done.
    #[error("the URL {url} cannot be used: {problem}")]
    BadUrl {
        /// The URL, without a password.
        url: String,
        /// What is wrong with it.
        problem: String,
    },
    /// There is no session with a server.
    #[error("cannot connect to {url}: {problem}")]
    Unreachable {
        /// The URL, without a password.
        url: String,
        /// Why not.
        problem: String,
    },
    /// A server is not shown to be the one that was named, or would be talked to in plain text. It was
    /// sent no password.
    #[error("the server of {url} is not trusted: {problem}")]
    Untrusted {
        /// The URL, without a password.
        url: String,
        /// Why not.
        problem: String,
    },
    /// There is no room left.
    #[error("the disk of the store is full")]
    Full,
    /// Anything else that the engine reports.
    #[error("the store failed: {0}")]
    Engine(Box<dyn std::error::Error + Send + Sync>),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(code, ref message) = error else {
            return match error {
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::Utf8Error(..) => Self::Damaged(error.to_string()),
                other => Self::Engine(other.into()),
            };
        };
        match (code.code, code.extended_code) {
            (_, ffi::SQLITE_READONLY_ROLLBACK | ffi::SQLITE_READONLY_RECOVERY) => Self::Unfinished,
            (rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked, _) => {
                Self::Busy(Duration::ZERO)
            }
            (rusqlite::ErrorCode::ReadOnly, _) => Self::ReadOnly,
            (rusqlite::ErrorCode::DiskFull, _) => Self::Full,
            (rusqlite::ErrorCode::OperationInterrupted, _) => Self::Interrupted,
            (rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase, _) => {
                Self::Damaged(message.clone().unwrap_or_else(|| code.to_string()))
            }
            _ => Self::Engine(error.into()),
        }
    }
}

impl From<engine::Error> for Error {
    fn from(error: engine::Error) -> Self {
        match error {
            engine::Error::Sqlite(error) => error.into(),
            #[cfg(feature = "postgres")]
            engine::Error::Server(error) => super::postgres::told(error),
            #[cfg(feature = "postgres")]
            engine::Error::Column(problem) => Self::Damaged(problem),
            #[cfg(feature = "postgres")]
            engine::Error::NotWritten(noun, id) => Self::NotWritten { noun, id },
            engine::Error::NoRow => Self::Engine(error.to_string().into()),
        }
    }
}

/// Why the engine would not write what concerns this connector: a trigger or a foreign key forbids
/// it. The words are those of the migrations.
pub(super) fn refused(error: engine::Error, id: &ConnectorId) -> Error {
    let error = match error {
        engine::Error::Sqlite(error) => error,
        #[cfg(feature = "postgres")]
        engine::Error::Server(error) => return super::postgres::refused(error, id),
        error => return error.into(),
    };
    let code = error.sqlite_error().map(|error| error.extended_code);
    let rusqlite::Error::SqliteFailure(_, Some(message)) = &error else {
        return error.into();
    };
    match (code, message.as_str()) {
        (Some(ffi::SQLITE_CONSTRAINT_TRIGGER), "the connector is protected") => {
            Error::Protected(id.clone())
        }
        (Some(ffi::SQLITE_CONSTRAINT_TRIGGER), "the connector is on trial") => {
            Error::OnTrial(vec![id.clone()])
        }
        // The engine's own RESTRICT is a trigger to it.
        (Some(ffi::SQLITE_CONSTRAINT_TRIGGER), _) => Error::InUse(id.clone()),
        _ => error.into(),
    }
}

/// Why the engine would not write many rows at once: as [`refused`] where it tells for which one.
pub(super) fn refused_one(error: engine::Error) -> Error {
    #[cfg(feature = "postgres")]
    if let engine::Error::Server(error) = error {
        return super::postgres::refused_one(error);
    }
    error.into()
}

/// How many ids are named at most where the number of them is what matters.
const NAMED: usize = 10;

fn on_trial(ids: &[ConnectorId]) -> String {
    if let [only] = ids {
        return format!("connector {only} is on trial: nobody may use it");
    }
    let mut named: Vec<_> = ids.iter().take(NAMED).map(ConnectorId::to_string).collect();
    if ids.len() > NAMED {
        named.push(format!("… and {} more", ids.len() - NAMED));
    }
    let named = named.join(", ");
    format!("these connectors are on trial, and nobody may use them: {named}")
}

/// Checks that a statement wrote the one row that it was to write. A trigger that somebody added,
/// or a damaged index, can make it write none without a word.
pub(super) fn one_row(rows: usize, noun: &'static str, id: &str) -> Result<()> {
    kept(rows == 1, noun, id)
}

/// Checks that what was written is so. A trigger that somebody added can also bring back what was
/// removed.
pub(super) fn kept(is_so: bool, noun: &'static str, id: &str) -> Result<()> {
    if is_so {
        return Ok(());
    }
    Err(Error::NotWritten {
        noun,
        id: id.to_owned(),
    })
}

/// A value in the store that no connctl could have written.
pub(super) fn damaged(what: &str, id: &str, error: impl std::fmt::Display) -> Error {
    Error::Damaged(format!("{what} of {id}: {error}"))
}
