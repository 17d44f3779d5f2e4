//! Opening a store file: what it is, how the engine treats it, and bringing it up to date.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::lock;
use crate::platform;
use crate::store::engine::{self, Session};
use crate::store::{Error, Result, Snapshot, policies, rechain};

/// Marks a file as a connctl store (`cctl`), in the header field that SQLite reserves for this.
const APPLICATION_ID: u32 = 0x6363_746c;

/// What stands at the beginning of every file of the engine.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// The schema, step by step; the version of a store is the number of steps it has taken.
const MIGRATIONS: [&str; SCHEMA_VERSION as usize] = [
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_credentials.sql"),
    include_str!("migrations/0003_governance.sql"),
    include_str!("migrations/0004_protection.sql"),
];

/// The schema version that this program works with.
pub const SCHEMA_VERSION: u32 = 4;

/// The schema version that brought roles. The owner of the file is the first admin.
const GOVERNED_FROM: u32 = 3;

/// The schema version from which on the audit trail holds no values.
const WITHOUT_VALUES_FROM: u32 = 4;

/// How many instructions of the engine pass between two looks at the interrupt flag.
const INTERRUPT_CHECK: i32 = 5_000;

/// How to open a store.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// Make the file where there is none. Its folder must exist.
    pub create: bool,
    /// Bring an older store up to date, where this user may.
    pub upgrade: bool,
    /// Only look: not even a change that was cut off is undone, and a store that needs it cannot be
    /// read.
    pub read_only: bool,
    /// How long to wait for another process.
    pub busy_timeout: Duration,
    /// Change the store although everybody may write its folder.
    pub allow_shared_folder: bool,
    /// Once true, the work under way stops and is undone.
    pub interrupted: Arc<AtomicBool>,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            create: false,
            upgrade: true,
            read_only: false,
            busy_timeout: Duration::from_secs(5),
            allow_shared_folder: false,
            interrupted: Arc::default(),
        }
    }
}

impl OpenOptions {
    /// Refuses to change a store in a folder where everybody could put another file in its place, or
    /// a journal beside it.
    pub(crate) fn check_folder(&self, store: &Path) -> Result<()> {
        let store = store.canonicalize().unwrap_or_else(|_| store.to_owned());
        match store.parent() {
            Some(folder) if !self.allow_shared_folder && platform::is_open_to_all(folder) => {
                Err(Error::SharedFolder(folder.to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// Stops where the user wants to.
    pub(in crate::store) fn check_interrupted(&self) -> Result<()> {
        if self.interrupted.load(Ordering::Relaxed) {
            return Err(Error::Interrupted);
        }
        Ok(())
    }
}

/// A store in a file, or in memory.
pub(in crate::store) struct FileStore {
    pub(super) connection: Connection,
    /// Its absolute path; `None` in memory.
    pub(super) path: Option<PathBuf>,
    pub(in crate::store) options: OpenOptions,
    /// Whether the file was made when it was opened.
    pub(super) is_new: bool,
    /// Whether it was brought up to date when it was opened.
    pub(in crate::store) is_upgraded: bool,
}

impl FileStore {
    /// Opens the store at `path`.
    pub(in crate::store) fn open(path: &Path, options: OpenOptions) -> Result<Self> {
        open(path, options)
    }

    /// An empty store in memory, which is gone with the connection.
    pub(in crate::store) fn in_memory(options: OpenOptions) -> Result<Self> {
        Ok(Self {
            connection: open_in_memory(&options)?,
            path: None,
            options,
            is_new: false,
            is_upgraded: false,
        })
    }

    /// Whether there are no tables yet.
    pub(in crate::store) fn is_blank(&self) -> Result<bool> {
        lock::wait(&self.options, || version(&self.connection)).map(|version| version == 0)
    }

    /// Begins to read one state of the file.
    pub(in crate::store) fn read(&self) -> Result<Snapshot<'_>> {
        let transaction = lock::wait(&self.options, || {
            self.connection.execute_batch("BEGIN")?;
            let transaction = engine::Transaction::begun(&self.connection);
            // The state is taken at the first look, so have one: what follows meets no lock.
            self.connection
                .pragma_query(None, "user_version", |_| Ok(()))?;
            Ok::<_, rusqlite::Error>(transaction)
        })?;
        Ok(Snapshot { transaction })
    }
}

fn open(path: &Path, options: OpenOptions) -> Result<FileStore> {
    let io = |action, source| Error::Io {
        action,
        path: path.to_owned(),
        source,
    };
    // An absolute path also keeps names such as ":memory:" from meaning something to SQLite.
    let path = std::path::absolute(path).map_err(|error| io("find", error))?;
    let mut is_new = false;
    match fs::metadata(&path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(Error::NotAFile(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && options.create => {
            options.check_folder(&path)?;
            is_new = platform::create_private_file(&path).map_err(|error| io("create", error))?;
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::Missing(path)),
        Err(error) => return Err(io("open", error)),
    }
    check_is_store(&path)?;
    check_journals(&path)?;
    check_locks(&path)?;
    let access = if options.read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE
    };
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(&path, flags)?;
    configure(&mut connection, &options)?;
    let is_upgraded = upgrade(&mut connection, &path, &options)?;
    Ok(FileStore {
        connection,
        path: Some(path),
        options,
        is_new,
        is_upgraded,
    })
}

/// Opens a store that lives in memory and is gone with the connection.
pub(in crate::store) fn open_in_memory(options: &OpenOptions) -> Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    configure(&mut connection, options)?;
    make(&connection, None)?;
    Ok(connection)
}

/// Tells from its first bytes whether a file is a store, before SQLite sees it: merely opening a
/// foreign database with a hot journal beside it would change it.
pub fn check_is_store(path: &Path) -> Result<()> {
    let mut header = Vec::with_capacity(100);
    File::open(path)
        .and_then(|file| file.take(100).read_to_end(&mut header))
        .map_err(|source| Error::Io {
            action: "read",
            path: path.to_owned(),
            source,
        })?;
    // A creation that was killed leaves no bytes, or zeros that its journal will cut off.
    let blank = header.iter().all(|byte| *byte == 0);
    if header.is_empty() || blank && journal_of(path).exists() {
        return Ok(());
    }
    let field = |at: usize| {
        let bytes = header.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(bytes))
    };
    if !header.starts_with(MAGIC) || field(68) != Some(APPLICATION_ID) {
        return Err(Error::Foreign(path.to_owned()));
    }
    match field(60) {
        Some(found) if found > SCHEMA_VERSION => Err(newer(path, found)),
        _ => Ok(()),
    }
}

/// Refuses a file that is to be copied as it is and has a journal beside it: a store that is in use, or
/// a change of which was cut off.
pub fn check_is_copy(path: &Path) -> Result<()> {
    check_is_store(path)?;
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let is_any = |journal: &PathBuf| fs::metadata(journal).is_ok_and(|file| file.len() > 0);
    let journals = ["-journal", "-wal"].into_iter();
    match journals.map(|end| beside(&path, end)).find(is_any) {
        Some(journal) => Err(Error::NoCopy(journal)),
        None => Ok(()),
    }
}

/// Refuses a store on a file system without locks. The file is closed again before the engine opens
/// it, because whoever closes a file gives up all locks that this process has on it.
fn check_locks(path: &Path) -> Result<()> {
    match File::open(path) {
        Ok(file) if platform::keeps_no_locks(&file) => Err(Error::NoLocks(path.to_owned())),
        // Whatever else is wrong is told by whoever needs it.
        _ => Ok(()),
    }
}

/// Refuses a store with a journal that is somebody else's: opening it would play that back.
fn check_journals(path: &Path) -> Result<()> {
    // The engine looks beside the file, not beside a link to it.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut journals = JOURNALS.into_iter().map(|end| beside(&path, end));
    match journals.find(|journal| platform::is_foreign(journal, &path)) {
        Some(journal) => Err(Error::ForeignJournal(journal)),
        None => Ok(()),
    }
}

/// The names of what the engine puts beside a store end so.
const JOURNALS: [&str; 3] = ["-journal", "-wal", "-shm"];

fn journal_of(path: &Path) -> PathBuf {
    beside(path, "-journal")
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// The store whose journal a file of this name would be.
#[must_use]
pub fn journal_base(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.as_bytes();
    let mut ends = JOURNALS.into_iter();
    let base = ends.find_map(|end| name.strip_suffix(end.as_bytes()))?;
    (!base.is_empty()).then(|| path.with_file_name(OsStr::from_bytes(base)))
}

/// Whether a file that begins so is a database of the engine, or the journal of one.
#[must_use]
pub fn is_database(start: &[u8]) -> bool {
    const JOURNAL: &[u8] = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
    const WAL: &[u8] = b"\x37\x7f\x06";
    [MAGIC, JOURNAL, WAL]
        .iter()
        .any(|magic| start.starts_with(magic))
}

fn newer(path: &Path, found: u32) -> Error {
    Error::Newer {
        path: path.to_owned(),
        found,
        known: SCHEMA_VERSION,
    }
}

/// Sets what every connection needs.
///
/// DELETE with EXTRA is the pair of journal mode and syncing under which a commit that was
/// acknowledged survives a power loss, and under which a user who may only read the file can read
/// it. `secure_delete` overwrites what is deleted, and `temp_store` keeps copies of it out of the
/// folder for temporary files.
fn configure(connection: &mut Connection, options: &OpenOptions) -> Result<()> {
    lock::take_turns(connection)?;
    lock::wait(options, || {
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "synchronous", "EXTRA")?;
        connection.pragma_update(None, "secure_delete", true)?;
        connection.pragma_update(None, "temp_store", "MEMORY")
    })?;
    // Else a statement with a parameter is planned anew each time it runs with another value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    let interrupted = Arc::clone(&options.interrupted);
    connection.progress_handler(
        INTERRUPT_CHECK,
        Some(move || interrupted.load(Ordering::Relaxed)),
    )?;
    Ok(())
}

/// The schema version: how many steps the store has taken; 0 for one that is blank.
pub(in crate::store) fn version(connection: &Connection) -> Result<u32> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Makes the tables of a blank store, within the transaction under way.
pub(in crate::store) fn make(connection: &Connection, path: Option<&Path>) -> Result<()> {
    (0..SCHEMA_VERSION).try_for_each(|version| take_step(connection, path, version))
}

/// Brings a store from this schema version to the next, within the transaction under way.
fn take_step(connection: &Connection, path: Option<&Path>, version: u32) -> Result<()> {
    connection.execute_batch(MIGRATIONS[version as usize])?;
    if version + 1 == GOVERNED_FROM {
        let owner = path.map_or_else(|| Some(platform::user()), platform::owner_of);
        if let Some(owner) = owner {
            let sql = r#"INSERT INTO grants ("user", role) VALUES (?1, 'admin')"#;
            connection.execute(sql, [owner.as_str()])?;
        }
    }
    if version + 1 == WITHOUT_VALUES_FROM {
        rechain::take_values_out(&Session::Sqlite(connection), &crate::platform::actor(None))?;
        // The policy may be on already, and has come to more than an index.
        let sql = "SELECT 1 FROM sqlite_schema WHERE name = 'one_per_system'";
        if connection.prepare(sql)?.exists([])? {
            connection.execute_batch(policies::ONE_PER_SYSTEM)?;
        }
    }
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", version + 1)?;
    Ok(())
}

/// Takes the steps that the store has not taken yet, each in a transaction of its own, and tells
/// whether there were any. One that is blank stays so.
fn upgrade(connection: &mut Connection, path: &Path, options: &OpenOptions) -> Result<bool> {
    let mut is_upgraded = false;
    loop {
        let found = lock::wait(options, || version(connection))?;
        if found == SCHEMA_VERSION || found == 0 {
            return Ok(is_upgraded);
        }
        if found > SCHEMA_VERSION {
            return Err(newer(path, found));
        }
        let known = SCHEMA_VERSION;
        let path = path.to_owned();
        if connection.is_readonly("main")? {
            return Err(Error::Older { path, found, known });
        }
        if !options.upgrade {
            return Err(Error::NotUpgraded { path, found, known });
        }
        let step = lock::wait(options, || {
            Transaction::new_unchecked(connection, TransactionBehavior::Immediate)
        })?;
        // Another process may have taken the step while this one waited for the lock.
        if version(&step)? == found {
            take_step(&step, Some(&path), found)?;
            is_upgraded = true;
            options.check_interrupted()?;
            let taken = lock::wait(options, || step.execute_batch("COMMIT"));
            drop(step);
            if let Err(error) = taken {
                // As with any change: a failure may be reported although the step was taken.
                if version(connection).ok() != Some(found + 1) {
                    return Err(error);
                }
            }
        }
    }
}
