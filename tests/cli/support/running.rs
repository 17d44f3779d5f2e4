//! A run of the binary beside the test: what it waits for, and the signals it is sent.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{self, Signal};
use nix::unistd::Pid;

use super::{CONNCTL, Run, Sandbox};

/// The signals that ask a program to end.
pub const SIGNALS: [Signal; 3] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP];

/// How long anything may take to happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// A run of the binary that goes on meanwhile.
pub struct Running<'s> {
    sandbox: &'s Sandbox,
    /// None once it was waited for.
    child: Option<Child>,
}

impl Sandbox {
    /// Starts the binary with a pipe at standard input.
    pub fn start(&self, arguments: &[impl AsRef<std::ffi::OsStr>]) -> Running<'_> {
        // A program in the background of a shell is told to ignore signals, and so would these be.
        let mut command = Command::new("env");
        self.seal(&mut command);
        command
            .args(["--default-signal=INT,TERM,HUP", CONNCTL])
            .args(arguments)
            .env("VALUE", "value")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Running {
            sandbox: self,
            child: Some(command.spawn().unwrap()),
        }
    }

    /// Writes the configuration.
    pub fn configure(&self, content: &str) {
        std::fs::create_dir_all(self.path(".config/connctl")).unwrap();
        self.write(".config/connctl/config.toml", content);
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Running<'_> {
    fn child(&mut self) -> &mut Child {
        self.child.as_mut().unwrap()
    }

    fn id(&mut self) -> Pid {
        Pid::from_raw(i32::try_from(self.child().id()).unwrap())
    }

    /// Writes to its standard input, which stays open.
    pub fn input(&mut self, text: &str) -> &mut Self {
        let pipe = self.child().stdin.as_mut().unwrap();
        pipe.write_all(text.as_bytes()).unwrap();
        pipe.flush().unwrap();
        self
    }

    /// Waits until it has this file of the home folder open.
    pub fn has_open(&mut self, file: &str) -> &mut Self {
        let file = self.sandbox.path(file);
        let folder = format!("/proc/{}/fd", self.id());
        wait_until(&format!("{} is open", file.display()), || {
            let mut open = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            open.any(|open| std::fs::read_link(open.path()).is_ok_and(|path| path == file))
        });
        self
    }

    /// Sends it a signal.
    pub fn send(&mut self, signal: Signal) -> &mut Self {
        signal::kill(self.id(), signal).unwrap();
        self
    }

    /// Waits for its end, with standard input still open.
    pub fn end(mut self) -> Run {
        let pipe = self.child().stdin.take();
        let id = self.id();
        let (ended, watch) = std::sync::mpsc::channel::<()>();
        let watcher = std::thread::spawn(move || {
            let is_late = watch.recv_timeout(PATIENCE).is_err();
            if is_late {
                let _ = signal::kill(id, Signal::SIGKILL);
            }
            is_late
        });
        let output = self.child.take().unwrap().wait_with_output().unwrap();
        let _ = ended.send(());
        drop(pipe);
        let run = self.sandbox.run_of(&output);
        assert!(!watcher.join().unwrap(), "it did not end: {run}");
        run
    }
}

/// Waits until something is so.
pub fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "{what}: not yet");
        std::thread::sleep(Duration::from_millis(2));
    }
}
