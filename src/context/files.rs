//! Files that a command writes: whole or not at all, and never in the place of one that cannot be
//! made again.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Context;
use crate::config::Config;
use crate::error::{Error, Kind, Result};
use crate::model::text;
use crate::platform::{self, PrivateFile};
use crate::store;

/// A file that only its owner may read, and that is in its place once it is finished.
pub struct NewFile {
    file: PrivateFile,
    /// Where it goes, as the user said it.
    path: PathBuf,
    replaces: bool,
}

impl NewFile {
    /// Where the file is until it is finished.
    pub fn part(&self) -> &Path {
        self.file.path()
    }

    /// Puts the file in its place.
    pub fn finish(self) -> Result<()> {
        let path = self.path.clone();
        self.place().map_err(|error| not_written(&path, error))
    }

    /// As [`NewFile::finish`], for whoever has more to say about a failure.
    pub fn place(self) -> io::Result<()> {
        if self.replaces {
            self.file.finish()
        } else {
            self.file.finish_new()
        }
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The error of a file that cannot be written.
pub fn not_written(path: &Path, error: io::Error) -> Error {
    let path = text::path(path);
    if platform::signals().is_raised() {
        return Error::new(
            Kind::Interrupted,
            format!("interrupted; {path} was not written"),
        );
    }
    match error.kind() {
        io::ErrorKind::AlreadyExists => exists(&path),
        _ => Error::failure(format!("cannot write {path}: {error}")).caused_by(error),
    }
}

fn exists(path: &str) -> Error {
    Error::usage(format!("{path} exists already; nothing was written")).hint("name a new file")
}

impl Context {
    /// Begins a file that will be at `path`, where there must be none.
    pub fn new_file(&self, path: &Path) -> Result<NewFile> {
        if std::fs::symlink_metadata(path).is_ok() {
            return Err(exists(&text::path(path)));
        }
        self.keep(path)?;
        self.begin_file(path, false)
    }

    /// Begins a file that will be at `path`, and takes the place of one only if that is `forced`. A
    /// device or a pipe loses nothing.
    pub fn replaceable_file(&self, path: &Path, forced: bool) -> Result<NewFile> {
        self.keep(path)?;
        let is_link = std::fs::symlink_metadata(path).is_ok_and(|file| file.is_symlink());
        let is_taken = std::fs::metadata(path).map_or(is_link, |file| file.is_file());
        if is_taken && !forced {
            let error = exists(&text::path(path));
            return Err(error.hint("name a new file, or replace it with --force"));
        }
        self.begin_file(path, forced)
    }

    fn begin_file(&self, path: &Path, replaces: bool) -> Result<NewFile> {
        if is_same(path, &self.identity()?) {
            return Err(kept(path, "the identity"));
        }
        Ok(NewFile {
            file: PrivateFile::new(path).map_err(|error| not_written(path, error))?,
            path: path.to_owned(),
            replaces,
        })
    }

    /// Refuses a path at which a store, its journal, a private key or a configuration is or may come
    /// to be.
    pub fn keep(&self, path: &Path) -> Result<()> {
        let store = if self.is_on_server() {
            None
        } else {
            Some(self.store_path()?)
        };
        let is_store = |path: &Path| store.as_ref().is_some_and(|store| is_same(path, store));
        let is_config = || {
            let paths = Config::paths(self.config.as_deref());
            paths.iter().any(|config| is_same(path, config))
        };
        if is_store(path) {
            return Err(kept(path, "the store itself"));
        }
        if let Some(base) = store::journal_base(path)
            && (base.exists() || is_store(&base))
        {
            return Err(kept(path, "the journal of a store"));
        }
        if is_config() {
            return Err(kept(path, "the configuration"));
        }
        match start_of(path) {
            Some(start) if store::is_database(&start) => Err(kept(path, "a store")),
            Some(start) if may_be_key_file(&start) => Err(kept(path, "a private key")),
            _ => Ok(()),
        }
    }
}

fn kept(path: &Path, what: &str) -> Error {
    Error::usage(format!(
        "{} is {what}; nothing was written",
        text::path(path)
    ))
    .hint("name another file")
}

/// The first bytes of a regular file; more than a file with private keys has.
fn start_of(path: &Path) -> Option<Vec<u8>> {
    const LENGTH: u64 = 1 << 20;
    let file = std::fs::metadata(path)
        .ok()?
        .is_file()
        .then(|| std::fs::File::open(path));
    let mut start = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(file?.ok()?, LENGTH), &mut start).ok()?;
    Some(start)
}

/// Whether a file holds private keys, or may hold some that a passphrase closes.
fn may_be_key_file(content: &[u8]) -> bool {
    const CLOSED: [&[u8]; 2] = [
        b"age-encryption.org/",
        b"-----BEGIN AGE ENCRYPTED FILE-----",
    ];
    let is_key = |line: &[u8]| {
        let line = line.trim_ascii().to_ascii_uppercase();
        line.starts_with(b"AGE-SECRET-KEY-")
            || line.starts_with(b"AGE-PLUGIN-")
            || line.starts_with(b"-----BEGIN ") && line.ends_with(b"PRIVATE KEY-----")
    };
    CLOSED.iter().any(|start| content.starts_with(start))
        || content.split(|byte| *byte == b'\n').any(is_key)
}

/// Whether two paths name the same file, which need not be there.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| {
        let path = std::path::absolute(path).ok()?;
        path.canonicalize().ok().or_else(|| {
            let folder = path.parent()?.canonicalize().ok()?;
            Some(folder.join(path.file_name()?))
        })
    };
    place(one).is_some_and(|place_of_one| Some(place_of_one) == place(other))
}
