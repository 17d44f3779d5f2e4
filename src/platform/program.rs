//! Programs that are started and waited for: they get an input, may answer, and leave nothing
//! running behind.

use std::ffi::{CString, OsStr, OsString};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, poll};
use nix::spawn::{PosixSpawnAttr, PosixSpawnFileActions, PosixSpawnFlags, posix_spawnp};
use nix::sys::signal::{SigSet, Signal, kill, killpg};
use nix::sys::stat::Mode;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{self, Pid};

use crate::model::text;

/// Set in the environment of a hook. Whoever finds it runs no hooks.
pub const IN_HOOK: &str = "CONNCTL_IN_HOOK";

/// Set in the environment of a guard. Whoever finds it asks no guards, and so deletes nothing.
pub const IN_GUARD: &str = "CONNCTL_IN_GUARD";

/// In milliseconds: how soon it is noticed that a program has ended, or is to be ended.
const TURN: u16 = 5;

/// How often what a program left running is looked for, a millisecond apart, before the rest is let
/// go.
const SWEEPS: u32 = 200;

/// How many bytes of what a program says on standard error are kept; the rest is not heard.
const COMPLAINT_LIMIT: usize = 4 << 10;

/// How many lines of a complaint are shown, and how many columns of each.
const COMPLAINT_SHOWN: (usize, usize) = (10, 200);

/// How many pieces of a complaint are taken at a time, so that one without an end keeps nobody from
/// looking at the clock.
const PIECES: usize = 8;

/// A program that is run to its end.
///
/// It gets no open file of this process but the pipes at its standard input, output and error.
/// Whatever it started ends with it, in whatever session.
pub struct Program<'a> {
    /// Its name or path, and its arguments.
    pub command: &'a [String],
    /// The whole environment that it sees.
    pub environment: Vec<(OsString, OsString)>,
    /// How long it may take; then it is ended.
    pub limit: Duration,
    /// How many bytes it may answer on its standard output; 0 where that is not heard.
    pub answer_limit: usize,
}

/// Why a program did not do its work.
#[derive(Debug)]
pub struct Failure {
    /// When it could not be started, ended with a failure, answered too much, or had to be ended:
    /// then the kind is [`io::ErrorKind::TimedOut`] or [`io::ErrorKind::Interrupted`].
    pub error: io::Error,
    /// The beginning of what it said on standard error.
    complaint: Vec<u8>,
}

impl Failure {
    /// The first lines that the program said on standard error, safe to show, each after a line end
    /// and marked as its words.
    pub fn said(&self) -> String {
        let (lines, columns) = COMPLAINT_SHOWN;
        let complaint = String::from_utf8_lossy(&self.complaint);
        let said = complaint.lines().filter(|line| !line.trim().is_empty());
        let shown = said.take(lines).map(|line| {
            let line = text::visible(line);
            format!("\n  it says: {}", text::cut(&line, columns))
        });
        shown.collect()
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self {
            error,
            complaint: Vec::new(),
        }
    }
}

impl Program<'_> {
    /// Runs the program with what `input` writes on its standard input, and returns its answer.
    /// Input and answer pass at the same time.
    ///
    /// `stop` is asked often; once it says true the program is ended.
    pub fn run(
        &self,
        input: impl FnOnce(&mut dyn Write) -> io::Result<()>,
        stop: &dyn Fn() -> bool,
    ) -> Result<Vec<u8>, Failure> {
        let household = Household::new();
        let mut running = Running::start(self, stop)?;
        let mut pipe = BufWriter::new(&mut running);
        let told = input(&mut pipe).and_then(|()| pipe.flush());
        // What did not pass is not to be tried again.
        drop(pipe.into_parts());
        let ended = match told {
            // A program need not read its input.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            _ => running.wait(),
        };
        // A group that is gone is no error.
        let _ = killpg(running.process, Signal::SIGKILL);
        household.end();
        let heard = running.hear();
        match ended.and(heard).and_then(|()| running.succeeded()) {
            Ok(()) => Ok(running.answer),
            Err(error) => Err(Failure {
                error,
                complaint: running.complaint,
            }),
        }
    }
}

struct Running<'a> {
    program: &'a Program<'a>,
    stop: &'a dyn Fn() -> bool,
    process: Pid,
    started: Instant,
    stdin: Option<File>,
    stdout: Option<File>,
    stderr: Option<File>,
    answer: Vec<u8>,
    complaint: Vec<u8>,
    /// Known once the program has ended.
    status: Option<ExitStatus>,
}

impl<'a> Running<'a> {
    fn start(program: &'a Program<'a>, stop: &'a dyn Fn() -> bool) -> io::Result<Self> {
        let text = |word: &OsStr| CString::new(word.as_bytes()).map_err(io::Error::from);
        let words = program.command.iter();
        let words: Vec<_> = words
            .map(|word| text(word.as_ref()))
            .collect::<io::Result<_>>()?;
        let Some(name) = words.first() else {
            return Err(io::Error::other("no program is named"));
        };
        let mut environment = Vec::new();
        for (name, value) in &program.environment {
            let mut variable = name.clone();
            variable.push("=");
            variable.push(value);
            environment.push(text(&variable)?);
        }
        let null = |actions: &mut PosixSpawnFileActions, descriptor| {
            actions.add_open(descriptor, "/dev/null", OFlag::O_WRONLY, Mode::empty())
        };
        let mut actions = PosixSpawnFileActions::init()?;
        let (its_stdin, stdin) = unistd::pipe2(OFlag::O_CLOEXEC)?;
        actions.add_dup2(its_stdin.as_raw_fd(), 0)?;
        let output = if program.answer_limit > 0 {
            let (stdout, its_stdout) = unistd::pipe2(OFlag::O_CLOEXEC)?;
            actions.add_dup2(its_stdout.as_raw_fd(), 1)?;
            Some((stdout, its_stdout))
        } else {
            null(&mut actions, 1)?;
            None
        };
        let (stderr, its_stderr) = unistd::pipe2(OFlag::O_CLOEXEC)?;
        actions.add_dup2(its_stderr.as_raw_fd(), 2)?;
        for descriptor in open_descriptors() {
            actions.add_close(descriptor)?;
        }
        let mut attributes = PosixSpawnAttr::init()?;
        // A program of its own: it is ended with its group, dies of a closed pipe, and the keys of
        // the terminal do not reach it.
        attributes.set_flags(
            PosixSpawnFlags::POSIX_SPAWN_SETPGROUP
                | PosixSpawnFlags::POSIX_SPAWN_SETSIGDEF
                | PosixSpawnFlags::POSIX_SPAWN_SETSIGMASK,
        )?;
        attributes.set_pgroup(Pid::from_raw(0))?;
        attributes.set_sigdefault(&SigSet::from(Signal::SIGPIPE))?;
        attributes.set_sigmask(&SigSet::empty())?;
        let process = posix_spawnp(name, &actions, &attributes, &words, &environment)?;
        Ok(Self {
            program,
            stop,
            process,
            started: Instant::now(),
            stdin: Some(unblocked(stdin)?),
            stdout: output.map(|(stdout, _)| unblocked(stdout)).transpose()?,
            stderr: Some(unblocked(stderr)?),
            answer: Vec::new(),
            complaint: Vec::new(),
            status: None,
        })
    }

    /// Whether the program did its work, once it has ended.
    fn succeeded(&self) -> io::Result<()> {
        match self.status {
            Some(status) if !status.success() => Err(io::Error::other(status.to_string())),
            _ => Ok(()),
        }
    }

    /// Waits until the program has ended.
    fn wait(&mut self) -> io::Result<()> {
        self.stdin = None;
        while self.status.is_none() {
            self.check()?;
            self.turn()?;
        }
        Ok(())
    }

    /// Whether the program may go on.
    fn check(&self) -> io::Result<()> {
        if (self.stop)() {
            let kind = io::ErrorKind::Interrupted;
            return Err(io::Error::new(kind, "it was ended by a signal"));
        }
        let limit = self.program.limit;
        if self.started.elapsed() < limit {
            return Ok(());
        }
        let message = format!("it did not end in {limit:?}");
        Err(io::Error::new(io::ErrorKind::TimedOut, message))
    }

    /// Waits for a moment, hears what the program says, and sees whether it has ended.
    fn turn(&mut self) -> io::Result<()> {
        let stdin = self.stdin.as_ref().map(|file| (file, PollFlags::POLLOUT));
        let stdout = self.stdout.as_ref().map(|file| (file, PollFlags::POLLIN));
        let stderr = self.stderr.as_ref().map(|file| (file, PollFlags::POLLIN));
        let pipes = [stdin, stdout, stderr].into_iter().flatten();
        let mut pipes: Vec<_> = pipes
            .map(|(file, event)| PollFd::new(file.as_fd(), event))
            .collect();
        match poll(&mut pipes, TURN) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
        self.hear()?;
        if self.status.is_none() {
            self.status = match waitpid(self.process, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::Exited(_, code)) => Some(ExitStatus::from_raw(code << 8)),
                Ok(WaitStatus::Signaled(_, signal, _)) => Some(ExitStatus::from_raw(signal as i32)),
                Ok(_) | Err(Errno::EINTR) => None,
                Err(error) => return Err(error.into()),
            };
        }
        Ok(())
    }

    /// Takes what the program has said so far.
    fn hear(&mut self) -> io::Result<()> {
        let mut piece = [0; 8 << 10];
        while let Some(stdout) = &mut self.stdout {
            match stdout.read(&mut piece) {
                Ok(0) => self.stdout = None,
                Ok(length) => self.answer.extend_from_slice(&piece[..length]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
            let limit = self.program.answer_limit;
            if self.answer.len() > limit {
                return Err(io::Error::other(format!(
                    "it answered more than {limit} bytes"
                )));
            }
        }
        self.hear_complaint()
    }

    /// Takes what the program has said on standard error, and keeps the beginning of it.
    fn hear_complaint(&mut self) -> io::Result<()> {
        let mut piece = [0; 8 << 10];
        for _ in 0..PIECES {
            let Some(stderr) = &mut self.stderr else {
                break;
            };
            match stderr.read(&mut piece) {
                Ok(0) => self.stderr = None,
                Ok(length) => {
                    let room = COMPLAINT_LIMIT - self.complaint.len();
                    self.complaint.extend_from_slice(&piece[..length.min(room)]);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The standard input of the program.
impl Write for &mut Running<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            if self.check().is_err() {
                // It is told by the wait that follows. A write that was interrupted would be tried
                // again for ever.
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            let Some(stdin) = &mut self.stdin else {
                return Err(io::ErrorKind::BrokenPipe.into());
            };
            match stdin.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                done => return done,
            }
            // What it left running may hold the pipe without ever reading from it.
            if self.status.is_some() {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.turn()?;
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A pipe that never makes this process wait.
fn unblocked(pipe: OwnedFd) -> io::Result<File> {
    let flags = OFlag::from_bits_retain(fcntl(&pipe, FcntlArg::F_GETFL)?);
    fcntl(&pipe, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    Ok(File::from(pipe))
}

/// The open files of this process, but for its standard input, output and error.
fn open_descriptors() -> Vec<RawFd> {
    let is_extra = |descriptor: &RawFd| *descriptor > 2;
    match std::fs::read_dir("/proc/self/fd") {
        Ok(entries) => entries
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(is_extra)
            .collect(),
        Err(_) => (3..1024).collect(),
    }
}

/// What this process has started, directly or not: as long as this lives, whoever loses their
/// parent becomes a child of this process.
struct Household {
    was_one: bool,
    /// Children that were there before.
    others: Vec<Pid>,
}

impl Household {
    fn new() -> Self {
        let household = Self {
            was_one: is_subreaper(),
            others: children(),
        };
        set_subreaper(true);
        household
    }

    /// Ends every child that has come since, and theirs.
    fn end(&self) {
        for _ in 0..SWEEPS {
            let mut children = children();
            children.retain(|child| !self.others.contains(child));
            if children.is_empty() {
                return;
            }
            for child in children {
                // Until it is waited for, no other process gets its number. One that runs as
                // another user may refuse to end.
                let _ = kill(child, Signal::SIGKILL);
                let _ = waitpid(child, Some(WaitPidFlag::WNOHANG));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Household {
    fn drop(&mut self) {
        // A program that takes the place of this one would inherit it.
        set_subreaper(self.was_one);
    }
}

#[cfg(target_os = "linux")]
fn is_subreaper() -> bool {
    nix::sys::prctl::get_child_subreaper().unwrap_or(false)
}

#[cfg(target_os = "linux")]
fn set_subreaper(on: bool) {
    // A kernel that does not know this leaves the process group.
    let _ = nix::sys::prctl::set_child_subreaper(on);
}

#[cfg(not(target_os = "linux"))]
fn is_subreaper() -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn set_subreaper(_: bool) {}

/// The children of this process, the ended ones too.
fn children() -> Vec<Pid> {
    let own = unistd::getpid();
    let parent = |process: &OsStr| -> Option<Pid> {
        let path = std::path::Path::new("/proc").join(process).join("stat");
        let line = std::fs::read(path).ok()?;
        // The name of the program, which can hold anything, ends at the last bracket.
        let end = line.iter().rposition(|byte| *byte == b')')?;
        let rest = str::from_utf8(&line[end + 1..]).ok()?;
        Some(Pid::from_raw(rest.split_whitespace().nth(1)?.parse().ok()?))
    };
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| {
            let name = entry.ok()?.file_name();
            let process = name.to_str()?.parse().ok()?;
            (parent(&name)? == own).then(|| Pid::from_raw(process))
        })
        .collect()
}
