//! The terminal, and standard output.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicBool, Ordering};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::termios::{self, SetArg, Termios};
use nix::unistd;

use super::signals;

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

/// Standard input without the buffer that would hold back what was read, and hide that there is
/// something to read.
pub fn unheld_stdin() -> io::Result<File> {
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

/// Standard output without the buffer that would keep a copy of what was written.
///
/// # Errors
/// When it is closed.
pub fn unheld_stdout() -> io::Result<File> {
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
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

impl AsFd for Keyboard {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.terminal.as_fd()
    }
}

/// Reads from a pipe or the like, which may have nothing to say for long, and stops at once when a
/// signal asks the program to end.
pub struct Interruptible<R>(R);

impl<R: Read + AsFd> Interruptible<R> {
    /// Reads from `inner`, which must hold nothing back in a buffer of its own.
    pub fn new(inner: R) -> Self {
        Self(inner)
    }
}

impl<R: Read + AsFd> Read for Interruptible<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // In milliseconds.
        const TURN: u16 = 50;
        loop {
            if signals().is_raised() {
                // Not the kind that readers take as a reason to try again.
                return Err(io::Error::other("interrupted"));
            }
            match poll(&mut [PollFd::new(self.0.as_fd(), PollFlags::POLLIN)], TURN) {
                Ok(0) | Err(Errno::EINTR) => {}
                Ok(_) => return self.0.read(buffer),
                Err(error) => return Err(error.into()),
            }
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

    /// What was typed, at least one byte, or none where the terminal is gone.
    pub fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match unistd::read(&self.terminal, buffer) {
                Err(Errno::EINTR) => {}
                // What a terminal says that has gone.
                Err(Errno::EIO) => return Ok(0),
                read => return Ok(read?),
            }
        }
    }

    /// Whether there is something to read within so many milliseconds.
    pub fn is_ready(&self, within: u16) -> io::Result<bool> {
        match poll(&mut [PollFd::new(self.as_fd(), PollFlags::POLLIN)], within) {
            Ok(ready) => Ok(ready > 0),
            Err(Errno::EINTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
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
