//! What is particular to the operating system: file modes, users, signals and terminals.
//!
//! Everything else in the program is portable; another system means another version of this file.

use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Once};

use nix::sys::termios::{self, LocalFlags, SetArg, Termios};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;
use zeroize::Zeroizing;

/// Makes an empty file that only its owner may read and write. One that is there already stays.
///
/// # Errors
/// When the operating system refuses.
pub fn create_private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}

/// Writes a file that only its owner may read and write, and that must not exist yet.
///
/// Whoever is cut off leaves no half of it at `path`.
///
/// # Errors
/// When it exists, or the operating system refuses.
pub fn write_new_private_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = ReplacedFile::new(path)?;
    file.write_all(content)?;
    file.finish_new()
}

/// Makes a folder, and those above it, that only its owner may enter.
///
/// # Errors
/// When the operating system refuses.
pub fn create_private_folder(path: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

/// The mode of a file that others than its owner may use in any way; `None` if nobody else may, or
/// nothing is known of the file.
#[must_use]
pub fn is_readable_by_others(path: &Path) -> Option<u32> {
    let mode = std::fs::metadata(path).ok()?.mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

/// Keeps the memory of this process, which is about to hold secrets, out of core files and from
/// other processes of the same user.
pub fn keep_memory_private() {
    // A kernel that does not know this leaves things as they are everywhere else.
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_dumpable(false);
}

/// Lets a command take the place of this process, with more variables in its environment. Returns
/// only if that fails.
#[must_use]
pub fn replace_process(
    command: &[OsString],
    variables: &[(String, Zeroizing<Vec<u8>>)],
) -> io::Error {
    let Some((program, arguments)) = command.split_first() else {
        return io::Error::from(io::ErrorKind::InvalidInput);
    };
    let variables = variables
        .iter()
        .map(|(name, value)| (name, OsStr::from_bytes(value)));
    std::process::Command::new(program)
        .args(arguments)
        .envs(variables)
        .exec()
}

/// Keeps a terminal from showing what is typed, until it is dropped.
///
/// The terminal is standard input, or the controlling terminal where standard input is none.
pub struct EchoOff {
    terminal: Terminal,
    before: Termios,
}

enum Terminal {
    Stdin(io::Stdin),
    Controlling(File),
}

impl AsFd for Terminal {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Stdin(stdin) => stdin.as_fd(),
            Self::Controlling(file) => file.as_fd(),
        }
    }
}

impl EchoOff {
    /// Turns the echo off.
    ///
    /// # Errors
    /// When there is no terminal.
    pub fn new() -> io::Result<Self> {
        let stdin = io::stdin();
        let terminal = if stdin.is_terminal() {
            Terminal::Stdin(stdin)
        } else {
            Terminal::Controlling(OpenOptions::new().read(true).write(true).open("/dev/tty")?)
        };
        let before = termios::tcgetattr(&terminal)?;
        let mut silent = before.clone();
        silent
            .local_flags
            .remove(LocalFlags::ECHO | LocalFlags::ICANON);
        termios::tcsetattr(&terminal, SetArg::TCSADRAIN, &silent)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for EchoOff {
    fn drop(&mut self) {
        // There is nothing left to try if this fails.
        let _ = termios::tcsetattr(&self.terminal, SetArg::TCSADRAIN, &self.before);
    }
}

/// From now on a signal that asks the program to end sets `flag`; a second one ends it at once.
pub fn watch_interrupts(flag: &Arc<AtomicBool>) {
    static WATCHING: Once = Once::new();
    WATCHING.call_once(|| {
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // Without the handler the signal ends the program, which is safe as well.
            let _ = flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(flag));
            let _ = flag::register(signal, Arc::clone(flag));
        }
    });
}

/// A file that takes the place of another one when it is finished, and leaves nothing behind when
/// it is not. Only its owner may read it.
///
/// What is no regular file, such as a device or a pipe, is written as it is.
pub struct ReplacedFile {
    file: File,
    /// The file that is written, and where it goes in the end.
    places: Option<(PathBuf, PathBuf)>,
}

impl ReplacedFile {
    /// Begins a file that will be at `path`.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn new(path: &Path) -> io::Result<Self> {
        // The file that a link points to is replaced, not the link.
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if let Ok(metadata) = std::fs::metadata(&path)
            && !metadata.is_file()
        {
            let file = OpenOptions::new().write(true).open(&path)?;
            return Ok(Self { file, places: None });
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let part = path.with_file_name(name);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&part)?;
        Ok(Self {
            file,
            places: Some((part, path)),
        })
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// When the operating system refuses; then nothing has changed.
    pub fn finish(mut self) -> io::Result<()> {
        if let Some((part, path)) = &self.places {
            self.file.sync_all()?;
            std::fs::rename(part, path)?;
            self.places = None;
        }
        Ok(())
    }

    /// Puts the file in its place, where nothing must be yet.
    ///
    /// # Errors
    /// When something is there, or the operating system refuses; then nothing has changed.
    pub fn finish_new(self) -> io::Result<()> {
        if let Some((part, path)) = &self.places {
            self.file.sync_all()?;
            std::fs::hard_link(part, path)?;
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        }
        Ok(())
    }
}

impl Write for ReplacedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for ReplacedFile {
    fn drop(&mut self) {
        if let Some((part, _)) = &self.places {
            // It is a leftover at most; the error that led here is the one to tell.
            let _ = std::fs::remove_file(part);
        }
    }
}
