//! A copy of what is deleted: the way back from what is permanent in the store.

use std::io::{self, BufWriter};
use std::path::Path;

use super::transfer;
use crate::context::{Context, NewFile};
use crate::error::{Error, Result};
use crate::model::{Record, TransferFormat, text};
use crate::output::Transfer;
use crate::store;

/// A new file with what is about to be deleted.
///
/// It is written whole and synced before the deletion is committed. Unless it is said to be kept,
/// it goes with this value, because then nothing was deleted.
pub struct Copy<'a> {
    path: &'a Path,
    format: TransferFormat,
    part: Option<Transfer<BufWriter<NewFile>>>,
    /// The services, if connectors may come behind them, which a file has first.
    services: Option<Vec<Record>>,
    /// Whether anything is in it.
    holds_any: bool,
    /// Whether it is in its place.
    is_placed: bool,
    is_kept: bool,
}

impl<'a> Copy<'a> {
    /// Begins the file, where nothing must be yet.
    pub fn new(path: &'a Path, context: &Context) -> Result<Self> {
        check_new(path)?;
        let format = transfer::format_of(path);
        let file = context.new_file(path).map_err(untouched)?;
        Ok(Self {
            path,
            format,
            part: Some(Transfer::new(BufWriter::new(file), format)),
            services: None,
            holds_any: false,
            is_placed: false,
            is_kept: false,
        })
    }

    /// The same, for services that are added before connectors.
    pub fn of_both(mut self) -> Self {
        self.services = Some(Vec::new());
        self
    }

    /// Adds a connector or service.
    pub fn add(&mut self, record: Record) -> Result<()> {
        match (&mut self.services, record) {
            (Some(services), service @ Record::Service(_)) => {
                services.push(service);
                self.holds_any = true;
                Ok(())
            }
            (_, record) => self.write(&record),
        }
    }

    fn write(&mut self, record: &Record) -> Result<()> {
        if let (TransferFormat::Toml, Record::Connector(connector)) = (self.format, record) {
            let checked = transfer::check_toml(&connector.id, &connector.settings);
            checked.map_err(|error| untouched(error).hint("name a file that ends in .json"))?;
        }
        let Some(part) = &mut self.part else {
            return Ok(());
        };
        self.holds_any = true;
        part.write(record)
            .map_err(|error| cannot_write(self.path, error))
    }

    /// Puts the file in its place, synced, unless nothing is in it.
    pub fn place(&mut self) -> Result<()> {
        for service in self.services.take().into_iter().flatten() {
            self.write(&service)?;
        }
        let Some(part) = self.part.take_if(|_| self.holds_any) else {
            return Ok(());
        };
        let placed = part
            .finish()
            .and_then(|file| file.into_inner().map_err(io::IntoInnerError::into_error))
            .and_then(NewFile::place);
        self.is_placed = placed.is_ok();
        placed.map_err(|error| cannot_write(self.path, error))
    }

    /// Keeps the copy, if there is one, where the deletion was committed or nobody can tell; then the
    /// error names it.
    pub fn settle<T>(copy: Option<Self>, done: Result<T>) -> Result<T> {
        let Some(mut copy) = copy else { return done };
        let is_uncertain =
            |error: &Error| matches!(error.of_store(), Some(store::Error::Uncertain(_)));
        copy.is_kept = done.as_ref().err().is_none_or(is_uncertain);
        done.map_err(|error| {
            if !copy.is_kept {
                return error;
            }
            Error {
                message: format!(
                    "{}; a copy of what was to go is in {}",
                    error.message,
                    text::path(copy.path)
                ),
                ..error
            }
        })
    }
}

impl Drop for Copy<'_> {
    fn drop(&mut self) {
        if self.is_placed && !self.is_kept {
            // It is a leftover at most; the error that led here is the one to tell.
            let _ = std::fs::remove_file(self.path);
        }
    }
}

/// Refuses a file that exists, and `-`, which is a file to no other command.
pub fn check_new(path: &Path) -> Result<()> {
    if path == Path::new("-") {
        let message = "a copy goes to a file, not to standard output; nothing was deleted";
        return Err(Error::usage(message).hint("name a new file with --keep"));
    }
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let message = format!("{} exists already; nothing was deleted", text::path(path));
    Err(Error::usage(message).hint("name a new file with --keep"))
}

/// The error, with what holds of the store.
fn untouched(error: Error) -> Error {
    let message = error.message.trim_end_matches("; nothing was written");
    Error {
        message: format!("{message}; nothing was deleted"),
        ..error
    }
}

fn cannot_write(path: &Path, error: io::Error) -> Error {
    Error::failure(format!(
        "cannot write {}: {error}; nothing was deleted",
        text::path(path)
    ))
    .caused_by(error)
}
