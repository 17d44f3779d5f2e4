//! Programs that are started, and this process itself.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use zeroize::Zeroizing;

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
