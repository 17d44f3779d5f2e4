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
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::signal::{Signal, killpg};
use nix::sys::termios::{self, SetArg, Termios};
use nix::unistd::{self, Pid, Uid, User};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;
use zeroize::Zeroizing;

use crate::model::{Actor, UserName};

/// Standard output without the buffer of the standard library, which looks for line ends in all that
/// passes.
#[must_use]
pub fn unbuffered_output() -> Box<dyn Write> {
    let stdout = io::stdout();
    match stdout.as_fd().try_clone_to_owned() {
        Ok(output) => Box::new(File::from(output)),
        Err(_) => Box::new(stdout.lock()),
    }
}

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

/// The user this process works for: the real user id, as the kernel knows it, with the name that the
/// user database has for it. No environment variable has a say in that.
#[must_use]
pub fn actor(sudo_user: Option<String>) -> Actor {
    let uid = Uid::current();
    Actor {
        user: user(),
        uid: uid.as_raw(),
        sudo_user,
        host: unistd::gethostname()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
    }
}

/// The name of the user this process works for.
#[must_use]
pub fn user() -> UserName {
    user_name(Uid::current())
}

fn user_name(uid: Uid) -> UserName {
    let entry = User::from_uid(uid).ok().flatten();
    entry
        .and_then(|user| user.name.parse().ok())
        .unwrap_or_else(|| UserName::of_uid(uid.as_raw()))
}

/// The user who owns a file.
#[must_use]
pub fn owner_of(path: &Path) -> Option<UserName> {
    let metadata = std::fs::metadata(path).ok()?;
    Some(user_name(Uid::from_raw(metadata.uid())))
}

/// A user as the user database names them, who may have been named by number: then they need not be
/// there.
#[must_use]
pub fn known_user(user: &UserName) -> Option<KnownUser> {
    let uid = match user.uid() {
        Some(uid) => Uid::from_raw(uid),
        None => User::from_name(user.as_str()).ok()??.uid,
    };
    Some(KnownUser {
        name: user_name(uid),
        owns_the_machine: uid.is_root(),
    })
}

/// A user of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownUser {
    /// The one name that stands for the user id.
    pub name: UserName,
    /// Whether this is the user who can do anything.
    pub owns_the_machine: bool,
}

/// Runs a program with this on its standard input and with no output, for at most `limit`; then it
/// is ended with all that it started.
///
/// # Errors
/// When it cannot be started, does not end in time, or ends with a failure.
pub fn run_with_input(
    command: &[String],
    input: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send,
    limit: Duration,
) -> io::Result<()> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(io::Error::other("no program is named"));
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    let stdin = child.stdin.take();
    let started = Instant::now();
    let has_ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // A program that does not read its input fails on its own, or is ended in time.
        scope.spawn(|| stdin.map(|stdin| input(&mut Feed::new(stdin, &has_ended)?)));
        let ended = loop {
            match child.try_wait() {
                Ok(Some(status)) if status.success() => break Ok(()),
                Ok(Some(status)) => break Err(io::Error::other(status.to_string())),
                Ok(None) if started.elapsed() < limit => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Ok(None) => break Err(io::Error::other(format!("it did not end in {limit:?}"))),
                Err(error) => break Err(error),
            }
        };
        has_ended.store(true, Ordering::Relaxed);
        if let Ok(group) = i32::try_from(child.id()) {
            // What it left running would hold the pipe; a group that is gone is no error.
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
        let _ = child.wait();
        ended
    })
}

/// Standard output without the buffer that would keep a copy of what was written.
///
/// # Errors
/// When it is closed.
pub fn unheld_stdout() -> io::Result<File> {
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

/// The mode of a file or folder.
#[must_use]
pub fn mode_of(path: &Path) -> Option<u32> {
    Some(std::fs::metadata(path).ok()?.mode() & 0o7777)
}

/// The standard input of a program, for as long as that has not ended: something that it left
/// running may hold the pipe without ever reading from it.
struct Feed<'a> {
    pipe: ChildStdin,
    has_ended: &'a AtomicBool,
}

impl<'a> Feed<'a> {
    fn new(pipe: ChildStdin, has_ended: &'a AtomicBool) -> io::Result<Self> {
        let flags = OFlag::from_bits_retain(fcntl(&pipe, FcntlArg::F_GETFL)?);
        fcntl(&pipe, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
        Ok(Self { pipe, has_ended })
    }
}

impl Write for Feed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // In milliseconds.
        const TURN: u16 = 20;
        loop {
            match self.pipe.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                done => return done,
            }
            if self.has_ended.load(Ordering::Relaxed) {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            match poll(
                &mut [PollFd::new(self.pipe.as_fd(), PollFlags::POLLOUT)],
                TURN,
            ) {
                Ok(_) | Err(Errno::EINTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pipe.flush()
    }
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
    Command::new(program).args(arguments).envs(variables).exec()
}

/// A terminal that hands over each key as it is pressed and shows none of them, until this is
/// dropped.
///
/// The terminal is standard input, or the controlling terminal where standard input is none.
pub struct Keyboard {
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

impl Keyboard {
    /// Takes the terminal. What was typed before is thrown away: it was no answer to what is asked
    /// from now on.
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
        let mut raw = before.clone();
        termios::cfmakeraw(&mut raw);
        // Line ends are still written as before.
        raw.output_flags = before.output_flags;
        termios::tcsetattr(&terminal, SetArg::TCSAFLUSH, &raw)?;
        Ok(Self { terminal, before })
    }

    /// Waits for a key; false if `interrupted` was set meanwhile.
    ///
    /// # Errors
    /// When the terminal cannot be waited for.
    pub fn wait(&self, interrupted: &AtomicBool) -> io::Result<bool> {
        // In milliseconds. A signal between the look at the flag and the wait ends no wait, so none
        // is long.
        const TURN: u16 = 100;
        loop {
            if interrupted.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let mut terminal = [PollFd::new(self.terminal.as_fd(), PollFlags::POLLIN)];
            match poll(&mut terminal, TURN) {
                Ok(0) | Err(Errno::EINTR) => {}
                Ok(_) => return Ok(true),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        // There is nothing left to try if this fails.
        let _ = termios::tcsetattr(&self.terminal, SetArg::TCSADRAIN, &self.before);
    }
}

const END_SIGNALS: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];

/// From now on a signal that asks the program to end sets `flag`, and does nothing else.
pub fn watch_interrupts(flag: &Arc<AtomicBool>) {
    static WATCHING: Once = Once::new();
    WATCHING.call_once(|| {
        for signal in END_SIGNALS {
            // Without the handler the signal ends the program, which is safe as well.
            let _ = flag::register(signal, Arc::clone(flag));
        }
    });
}

/// From now on the second signal that asks the program to end does so at once. The terminal must
/// not be in the hands of a [`Keyboard`] then, because it would stay there.
pub fn end_at_second_interrupt() {
    static WATCHING: Once = Once::new();
    WATCHING.call_once(|| {
        let seen = Arc::new(AtomicBool::new(false));
        for signal in END_SIGNALS {
            let _ = flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&seen));
            let _ = flag::register(signal, Arc::clone(&seen));
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

    /// Where the file is until it is finished.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.places.as_ref().map_or(Path::new(""), |(part, _)| part)
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
