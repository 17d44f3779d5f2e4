//! Where a file comes from.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use crate::error::{Error, Result};
use crate::model::{Hash, Hasher, text};
use crate::platform::{self, Interruptible};

/// How large the pieces are in which a file is read, in bytes.
const READ_SIZE: usize = 256 << 10;

/// A file, or what takes its place.
pub(super) struct Source<'a> {
    file: &'a Path,
    /// What it is called.
    pub(super) name: String,
}

/// What is read of a file.
pub(super) type Input<'a> = BufReader<Digested<Box<dyn Read + 'a>>>;

impl<'a> Source<'a> {
    /// The file, or standard input for `-`.
    pub(super) fn new(file: &'a Path) -> Self {
        let is_stdin = file == Path::new("-");
        let name = if is_stdin {
            "standard input".to_owned()
        } else {
            text::path(file)
        };
        Self { file, name }
    }

    /// Whether it is standard input.
    pub(super) fn is_stdin(&self) -> bool {
        self.file == Path::new("-")
    }

    /// Begins to read it.
    pub(super) fn open(&self) -> Result<Input<'_>> {
        let source: Box<dyn Read + '_> = if self.is_stdin() {
            let input = platform::unheld_stdin().map_err(|error| self.cannot_read(error))?;
            Box::new(Interruptible::new(input))
        } else {
            Box::new(Interruptible::new(self.open_file()?))
        };
        Ok(BufReader::with_capacity(READ_SIZE, Digested::new(source)))
    }

    fn open_file(&self) -> Result<File> {
        let cannot_read = |error: io::Error| {
            let name = &self.name;
            Error::usage(format!("cannot read {name}: {error}; nothing was changed"))
                .caused_by(error)
        };
        let file = File::open(self.file).map_err(cannot_read)?;
        if file.metadata().map_err(cannot_read)?.is_dir() {
            return Err(Error::usage(format!(
                "{} is a folder; nothing was changed",
                self.name
            )));
        }
        Ok(file)
    }

    fn cannot_read(&self, error: io::Error) -> Error {
        Error::failure(format!("cannot read {}: {error}", self.name)).caused_by(error)
    }
}

/// Reads on, and keeps the digest of what was read.
pub(super) struct Digested<R> {
    inner: R,
    hasher: Hasher,
}

impl<R> Digested<R> {
    fn new(inner: R) -> Self {
        Self {
            inner,
            hasher: Hasher::default(),
        }
    }

    /// That of all that was read.
    pub(super) fn digest(self) -> Hash {
        self.hasher.finish()
    }
}

impl<R: Read> Read for Digested<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }
}
