//! Where a file comes from.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::model::{Hash, Hasher, text};
use crate::platform::{self, Interruptible};

/// How large the pieces are in which a file is read, in bytes.
const READ_SIZE: usize = 256 << 10;

/// How much of a file is there at least, in bytes, before anything is made of it: a pipe may give its
/// first bytes one by one.
const BEGINNING: usize = 4 << 10;

/// How much of what can be read only once is kept to be read again, in bytes: 64 MiB.
const KEPT: u64 = 64 << 20;

/// A file, or what takes its place.
pub(super) struct Source<'a> {
    file: &'a Path,
    /// What it is called.
    pub(super) name: String,
    /// A stream that was opened, and not read yet: closed, it would break off whoever writes to it.
    opened: Cell<Option<File>>,
    /// How many bytes of it were read.
    pub(super) bytes_read: Cell<u64>,
    /// What was read of it, to be read again. There may be plaintext secrets in it.
    kept: Option<Zeroizing<Vec<u8>>>,
}

/// What is read of a file.
pub(super) type Input<'a> = BufReader<Digested<'a, Box<dyn Read + 'a>>>;

impl<'a> Source<'a> {
    /// The file, or standard input for `-`.
    pub(super) fn new(file: &'a Path) -> Self {
        let is_stdin = file == Path::new("-");
        let name = if is_stdin {
            "standard input".to_owned()
        } else {
            text::path(file)
        };
        Self {
            file,
            name,
            opened: Cell::new(None),
            bytes_read: Cell::new(0),
            kept: None,
        }
    }

    /// Whether it is standard input.
    pub(super) fn is_stdin(&self) -> bool {
        self.file == Path::new("-")
    }

    /// Begins to read it.
    pub(super) fn open(&self) -> Result<Input<'_>> {
        let source: Box<dyn Read + '_> = if let Some(kept) = &self.kept {
            Box::new(kept.as_slice())
        } else if self.is_stdin() {
            let input = platform::unheld_stdin().map_err(|error| self.cannot_read(error))?;
            Box::new(Interruptible::new(input))
        } else {
            let file = match self.opened.take() {
                Some(file) => file,
                None => self.open_file()?,
            };
            Box::new(Interruptible::new(file))
        };
        self.bytes_read.set(0);
        let source = Digested::new(source, &self.bytes_read);
        Ok(BufReader::with_capacity(READ_SIZE, source))
    }

    /// Looks whether it can be read.
    pub(super) fn look(&self) -> Result<()> {
        if self.is_stdin() {
            return Ok(());
        }
        let file = self.open_file()?;
        if file.metadata().is_ok_and(|file| !file.is_file()) {
            self.opened.set(Some(file));
        }
        Ok(())
    }

    /// Sees to it that it can be read twice, where it is a stream.
    pub(super) fn keep(&mut self) -> Result<()> {
        let is_file = |file: &Path| file.metadata().is_ok_and(|file| file.is_file());
        if self.kept.is_some() || !self.is_stdin() && is_file(self.file) {
            return Ok(());
        }
        let mut kept = Zeroizing::new(Vec::new());
        let read = self.open()?.take(KEPT + 1).read_to_end(&mut kept);
        let read = read.map_err(|error| self.cannot_read(error))?;
        if read as u64 > KEPT {
            return Err(Error::usage(format!(
                "{} has more than {KEPT} bytes (64 MiB), the most that is kept while you are asked; \
                 nothing was changed",
                self.name
            ))
            .hint("write it to a file first"));
        }
        self.kept = Some(kept);
        Ok(())
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
pub(super) struct Digested<'s, R> {
    inner: R,
    /// How many bytes were read.
    bytes_read: &'s Cell<u64>,
    hasher: Hasher,
    has_begun: bool,
    is_over: bool,
}

impl<'s, R> Digested<'s, R> {
    fn new(inner: R, bytes_read: &'s Cell<u64>) -> Self {
        Self {
            inner,
            bytes_read,
            hasher: Hasher::default(),
            has_begun: false,
            is_over: false,
        }
    }

    /// That of all that was read.
    pub(super) fn digest(self) -> Hash {
        self.hasher.finish()
    }
}

impl<R: Read> Read for Digested<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let least = if self.has_begun { 1 } else { BEGINNING };
        self.has_begun = true;
        let mut filled = 0;
        while filled < least.min(buffer.len()) && !self.is_over {
            match self.inner.read(&mut buffer[filled..]) {
                // A terminal would go on after its end.
                Ok(0) => self.is_over = true,
                Ok(read) => filled += read,
                // What goes wrong behind the first bytes goes wrong again.
                Err(_) if filled > 0 => break,
                Err(error) => return Err(error),
            }
        }
        self.hasher.update(&buffer[..filled]);
        self.bytes_read.set(self.bytes_read.get() + filled as u64);
        Ok(filled)
    }
}
