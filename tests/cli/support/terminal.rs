//! A person at a terminal: a command line run on a pseudo-terminal, what it shows, and the keys
//! that answer it.

use std::process::Command;

use nix::sys::signal::{self, Signal};
use nix::sys::termios::{self, LocalFlags};
use nix::unistd::Pid;
use rexpect::session::{PtySession, spawn_command};

use super::{Sandbox, connctl_on_path};

pub const ENTER: &str = "\r";
pub const ESC: &str = "\u{1b}";
pub const CTRL_C: &str = "\u{3}";
pub const CTRL_D: &str = "\u{4}";
pub const CTRL_U: &str = "\u{15}";
pub const BACKSPACE: &str = "\u{7f}";
pub const DOWN: &str = "\u{1b}[B";
pub const UP: &str = "\u{1b}[A";
pub const PAGE_DOWN: &str = "\u{1b}[6~";
pub const CTRL_A: &str = "\u{1}";

const HIDE_CURSOR: &str = "\u{1b}[?25l";
const SHOW_CURSOR: &str = "\u{1b}[?25h";

/// How long anything may take to appear, in milliseconds.
const PATIENCE: u64 = 30_000;

/// A shell that runs one command line on a terminal of its own.
pub struct Terminal {
    session: PtySession,
    seen: String,
}

/// How a command line on a terminal ended.
pub struct Ended {
    /// All that the terminal was sent.
    pub shown: String,
    pub code: i32,
}

impl Sandbox {
    /// Runs a command line of the shell, with `connctl` on the path, on a terminal of 100 columns.
    pub fn terminal(&self, line: &str) -> Terminal {
        self.terminal_of_width(100, line)
    }

    /// As [`Sandbox::terminal`], with so many columns.
    pub fn terminal_of_width(&self, columns: u16, line: &str) -> Terminal {
        self.terminal_of_size(40, columns, line)
    }

    /// As [`Sandbox::terminal`], with so many rows and columns.
    pub fn terminal_of_size(&self, rows: u16, columns: u16, line: &str) -> Terminal {
        let mut command = Command::new("sh");
        self.seal(&mut command);
        // The shell outlives Ctrl-C, so that it can tell how the command ended.
        let script = format!(
            "trap : INT; stty echo rows {rows} cols {columns}; before=$(stty -g)
            {line}
            code=$?; test \"$before\" = \"$(stty -g)\"; echo \"ended $code restored $?.\""
        );
        command.env("PATH", connctl_on_path()).args(["-c", &script]);
        let mut session = spawn_command(command, Some(PATIENCE)).unwrap();
        session.process_mut().set_kill_timeout(Some(1_000));
        Terminal {
            session,
            seen: String::new(),
        }
    }
}

impl Terminal {
    /// Waits for a text to be shown.
    pub fn wait_for(&mut self, text: &str) -> &mut Self {
        // Bytes arrive as characters of their own.
        let bytes: String = text.bytes().map(char::from).collect();
        match self.session.exp_string(&bytes) {
            Ok(before) => self.seen.extend([before, bytes]),
            Err(error) => panic!("waiting for {text:?}: {error}"),
        }
        self
    }

    /// Types these keys.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        self.session.send(keys).unwrap();
        self.session.flush().unwrap();
        self
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, rows: u16, columns: u16) -> &mut Self {
        let terminal = self.session.process().get_file_handle().unwrap();
        let size = format!("rows {rows} cols {columns}");
        let stty = Command::new("stty")
            .args(size.split(' '))
            .stdin(terminal)
            .status();
        assert!(stty.unwrap().success());
        self
    }

    /// Whether the terminal shows by itself what is typed.
    pub fn echoes(&self) -> bool {
        let terminal = self.session.process().get_file_handle().unwrap();
        let modes = termios::tcgetattr(terminal).unwrap();
        modes.local_flags.contains(LocalFlags::ECHO)
    }

    /// Reads the number after a text, such as the id of a process.
    pub fn number_after(&mut self, text: &str) -> i32 {
        self.wait_for(text);
        let (between, digits) = self.session.exp_regex("[0-9]+").unwrap();
        let number = digits.parse().unwrap();
        self.seen.extend([between, digits]);
        number
    }

    /// Waits for the command line to end, and asserts that the terminal is as it was before: the
    /// same modes, and a cursor that can be seen.
    pub fn end(&mut self) -> Ended {
        let code = self.number_after("ended ");
        let modes = self.number_after("restored ");
        let bytes: Vec<u8> = self.seen.chars().map(|c| c as u8).collect();
        let shown = String::from_utf8(bytes).unwrap();
        assert_eq!(
            modes, 0,
            "the terminal has other modes than before: {shown}"
        );
        assert!(
            shown.rfind(HIDE_CURSOR) <= shown.rfind(SHOW_CURSOR),
            "the cursor is hidden: {shown:?}"
        );
        Ended { shown, code }
    }
}

/// Asks a process to end.
pub fn terminate(process: i32) {
    signal::kill(Pid::from_raw(process), Signal::SIGTERM).unwrap();
}
