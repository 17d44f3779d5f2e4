//! Copying a store to a file, and a file into a store.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::types::{ToSqlOutput, ValueRef};

use super::{FileStore, lock};
use crate::model::Time;
use crate::store::{Error, Result, Store};

impl Store {
    /// Writes a copy of one state of the store to a file, which must not exist or be empty. Others
    /// can read meanwhile, and write as long as they can wait.
    ///
    /// The copy holds nothing of what was deleted.
    ///
    /// # Errors
    /// When the store cannot be read or the file cannot be written; then the file is worth nothing.
    pub fn copy_to(&self, path: &Path) -> Result<()> {
        // The engine takes any name, be it text or not.
        let path = ToSqlOutput::Borrowed(ValueRef::Text(path.as_os_str().as_bytes()));
        let file = self.file()?;
        lock::wait(&file.options, || {
            file.connection.execute("VACUUM INTO ?1", [&path])
        })?;
        Ok(())
    }

    /// Puts the content of another store in the place of this one's, in one transaction: a crash
    /// leaves the one or the other.
    pub fn take_over(&mut self, other: &Self) -> Result<()> {
        let before = self.read()?.last_change()?;
        let mark = other.read()?.last_change()?;
        let other = other.file()?;
        let file = self.file_mut()?;
        if let Some(path) = &file.path {
            file.options.check_folder(path)?;
        }
        let FileStore {
            connection,
            options,
            ..
        } = file;
        let taken = lock::wait(options, || {
            connection.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
            let backup = Backup::new(&other.connection, connection)?;
            match backup.step(-1)? {
                StepResult::Done => Ok(()),
                _ => Err(Error::Busy(Duration::ZERO)),
            }
        });
        taken.or_else(|error| file.settle(error, &before, &mark))
    }
}

/// Moves a file that is no store any more, and what lies beside it, out of the way: as
/// `….replaced-TIME`, so that a journal still belongs to its file.
pub fn move_aside(path: &Path, now: &Time) -> std::io::Result<PathBuf> {
    let time: String = now.to_string().replace([':', '-'], "");
    let mut aside = path.as_os_str().to_owned();
    aside.push(format!(".replaced-{time}"));
    for end in ["-journal", "-wal", "-shm", ""] {
        let place = |path: &OsStr| {
            let mut name = path.to_owned();
            name.push(end);
            PathBuf::from(name)
        };
        let (from, to) = (place(path.as_os_str()), place(&aside));
        if from.symlink_metadata().is_ok() {
            std::fs::rename(from, to)?;
        }
    }
    Ok(aside.into())
}
