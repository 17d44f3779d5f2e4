//! A sealed environment for the binary: a home of its own, no inherited variables, no network, and
//! output in which what differs from run to run is replaced.

pub mod terminal;

use std::cell::Cell;
use std::ffi::OsString;
use std::fmt;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

pub mod credentials;
pub mod running;
pub mod users;

/// The binary under test.
pub const CONNCTL: &str = env!("CARGO_BIN_EXE_connctl");

/// A home folder, with a store in `store.db` once something was added.
pub struct Sandbox {
    folder: TempDir,
    /// Its store: the path of a file, or the URL of one on a server.
    store: OsString,
}

/// The URL of the server on which the tests make their stores, each a schema of its own, if that is
/// what they are run for.
fn server() -> Option<String> {
    let server = std::env::var("CONNCTL_TEST_SERVER").ok();
    server.filter(|_| !IN_FILE.get())
}

thread_local! {
    static IN_FILE: Cell<bool> = const { Cell::new(false) };
}

/// Lets a test keep its stores in files, whatever the others are run for: it is about what only a file
/// has, or looks into one.
pub fn in_file() {
    IN_FILE.set(true);
}

impl Sandbox {
    /// An empty one.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("connctl-test-")
            .tempdir()
            .unwrap();
        let Some(server) = server() else {
            let store = folder.path().join("store.db").into();
            return Self { folder, store };
        };
        static SCHEMAS: AtomicUsize = AtomicUsize::new(0);
        let number = SCHEMAS.fetch_add(1, Ordering::Relaxed);
        let store = format!("{server}&schema=t{}_{number}", std::process::id()).into();
        let sandbox = Self { folder, store };
        // There only this makes a store.
        let run = sandbox.run(&["init"]);
        assert_eq!(run.code, 0, "{run}");
        sandbox
    }

    /// One with an empty store.
    pub fn empty() -> Self {
        let sandbox = Self::new();
        let run = sandbox.run(&["init"]);
        assert_eq!(run.code, 0, "{run}");
        sandbox
    }

    /// One whose store holds the example: 40 connectors, 20 services.
    pub fn with_example() -> Self {
        let sandbox = Self::new();
        let run = sandbox.run(&["import", &example()]);
        assert_eq!(run.code, 0, "{run}");
        sandbox
    }

    /// One whose store holds what this TOML says.
    pub fn with(content: &str) -> Self {
        let sandbox = Self::new();
        let run = sandbox.run_with_input(&["import", "-"], content);
        assert_eq!(run.code, 0, "{run}");
        sandbox
    }

    /// One whose store holds [`SHOP`].
    pub fn with_shop() -> Self {
        Self::with(SHOP)
    }

    /// The path of a file in the home folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the home folder.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The store's bytes; on a server all that can be read of it.
    pub fn store_bytes(&self) -> Vec<u8> {
        if server().is_none() {
            return std::fs::read(self.path("store.db")).unwrap();
        }
        let read: [&[&str]; 5] = [
            &["export", "--format", "ndjson"],
            &["audit", "list", "-o", "ndjson"],
            &["policy", "list"],
            &["access", "list"],
            &["key", "list"],
        ];
        let all = read.iter().map(|arguments| {
            let output = self.command().args(*arguments).output().unwrap();
            assert!(output.status.success(), "{}", self.run_of(&output));
            output.stdout
        });
        all.collect::<Vec<_>>().concat()
    }

    /// An export in this format, with nothing replaced.
    pub fn export(&self, format: &str) -> String {
        let mut command = self.command();
        let output = command.args(["export", "--format", format]).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", self.run_of(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The connectors, services and secrets in the store. A refusal leaves them as they are; the
    /// audit trail grows by it.
    pub fn content(&self) -> String {
        self.export("ndjson")
    }

    /// Runs the binary, expects it to fail, and expects connectors, services and secrets to be as
    /// they were.
    pub fn refused(&self, arguments: &[&str]) -> Run {
        let before = self.content();
        let run = self.run(arguments);
        assert_ne!(run.code, 0, "{run}");
        assert_eq!(self.content(), before, "the store has changed: {run}");
        run
    }

    /// As [`Sandbox::refused`], for a refusal that does not write to the file at all.
    pub fn untouched(&self, arguments: &[&str]) -> Run {
        let before = self.store_bytes();
        let run = self.run(arguments);
        assert_ne!(run.code, 0, "{run}");
        assert!(self.store_bytes() == before, "the store has changed: {run}");
        run
    }

    /// The binary, ready to run.
    pub fn command(&self) -> Command {
        let mut command = Command::new(CONNCTL);
        self.seal(&mut command);
        command
    }

    /// Lets any command run in this environment.
    pub fn seal(&self, command: &mut Command) {
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("TERM", "xterm-256color")
            .env("CONNCTL_STORE", &self.store)
            .current_dir(self.folder.path());
    }

    /// Runs the binary with nothing on standard input.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.finish(self.command().args(arguments).stdin(Stdio::null()))
    }

    /// Runs the binary with this on standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Run {
        let mut command = self.command();
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A child that refuses early closes the pipe, which is no failure of the test.
        let _ = child.stdin.take().unwrap().write_all(input.as_ref());
        self.run_of(&child.wait_with_output().unwrap())
    }

    /// Runs any command line of the shell in this environment, with `connctl` on the path.
    pub fn shell(&self, line: &str) -> Run {
        let mut command = Command::new("sh");
        self.seal(&mut command);
        command.env("PATH", connctl_on_path());
        self.finish(command.args(["-c", line]).stdin(Stdio::null()))
    }

    /// Runs a command to its end.
    pub fn finish(&self, command: &mut Command) -> Run {
        self.run_of(&command.output().unwrap())
    }

    fn run_of(&self, output: &std::process::Output) -> Run {
        let text = |bytes: &[u8]| self.redact(&String::from_utf8_lossy(bytes));
        Run {
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            code: code_of(output.status),
            signal: output.status.signal(),
        }
    }

    /// Replaces times by `[TIME]`, revisions by `[REVISION]`, hashes by `[HASH]`, age keys
    /// by `[RECIPIENT]`, the home folder by `[HOME]`, the machine in JSON by `[HOST]` and
    /// whoever runs the tests by `root`.
    pub fn redact(&self, text: &str) -> String {
        let text = text.replace(&self.folder.path().display().to_string(), "[HOME]");
        let host = nix::unistd::gethostname().unwrap();
        let host = format!("\"host\":\"{}\"", host.display());
        let text = text.replace(&host, "\"host\":\"[HOST]\"");
        let me = connctl::platform::actor(None);
        let by_me = format!("\"user\":\"{}\",\"uid\":{}", me.user, me.uid);
        let text = text.replace(&by_me, "\"user\":\"root\",\"uid\":0");
        let text = text.replace(&format!("Z by {}", me.user), "Z by root");
        let text = text.replace(&format!("by {} at ", me.user), "by root at ");
        let tried_by_me = format!("\"last_attempt_by\":\"{}\"", me.user);
        let text = text.replace(&tried_by_me, "\"last_attempt_by\":\"root\"");
        let is_time = |word: &str| {
            word.len() == 20
                && word.char_indices().all(|(index, c)| match index {
                    4 | 7 => c == '-',
                    10 => c == 'T',
                    13 | 16 => c == ':',
                    19 => c == 'Z',
                    _ => c.is_ascii_digit(),
                })
        };
        let is_revision =
            |word: &str| word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_hash =
            |word: &str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_recipient = |word: &str| word.len() == 62 && word.starts_with("age1");
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == ':';
        let mut redacted = String::new();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            redacted.push_str(match word {
                _ if is_time(word) => "[TIME]",
                _ if is_revision(word) => "[REVISION]",
                _ if is_hash(word) => "[HASH]",
                _ if is_recipient(word) => "[RECIPIENT]",
                _ => word,
            });
            let separator = after.chars().next().map_or(0, char::len_utf8);
            redacted.push_str(&after[..separator]);
            rest = &after[separator..];
        }
        redacted
    }
}

/// What only the tests of other binaries need.
#[allow(dead_code, reason = "see above")]
impl Sandbox {
    /// One whose store is where this URL says; nobody has made it yet.
    pub fn at(url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = url.into();
        Self { folder, store }
    }

    /// Whether its store is a file.
    pub fn is_in_file(&self) -> bool {
        self.store == self.path("store.db")
    }

    /// What a statement finds in the store, one column a row, asked of the engine itself.
    pub fn sql(&self, statement: &str) -> Vec<String> {
        if self.is_in_file() {
            let connection = rusqlite::Connection::open(self.path("store.db")).unwrap();
            let mut statement = connection.prepare(statement).unwrap();
            let text = |row: &rusqlite::Row<'_>| match row.get_unwrap(0) {
                rusqlite::types::Value::Integer(number) => Ok(number.to_string()),
                rusqlite::types::Value::Text(text) => Ok(text),
                other => panic!("{other:?}"),
            };
            let found = statement.query_map([], text).unwrap();
            return found.map(Result::unwrap).collect();
        }
        let store = self.store.to_str().unwrap();
        let (server, schema) = store.split_once("&schema=").unwrap();
        let statement = format!("SET search_path TO {schema}; {statement}");
        let output = Command::new("psql")
            .args(["-X", "-q", "-At", "-c", &statement, server])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let found = String::from_utf8(output.stdout).unwrap();
        found.lines().map(str::to_owned).collect()
    }
}

/// A search path on which `connctl` is the binary under test.
pub fn connctl_on_path() -> String {
    let folder = Path::new(CONNCTL).parent().unwrap().display();
    format!("{folder}:/usr/local/bin:/usr/bin:/bin")
}

/// The example file of the project.
pub fn example() -> String {
    format!("{}/examples/squared.toml", env!("CARGO_MANIFEST_DIR"))
}

/// A store small enough to see at a glance. `erp` is in use twice, `files` in both roles by a service
/// that does not run; the other three are free.
pub const SHOP: &str = r#"
[[connectors]]
id = "erp"
name = "Main ERP"
system = "netsuite"
environment = "live"
group = "retail"

[[connectors]]
id = "shop-eu"
name = "Shop (EU)"
system = "shopify"
environment = "live"
group = "retail"
created_at = 2020-01-01T00:00:00Z
last_used_at = 2020-02-01T00:00:00Z

[[connectors]]
id = "shop-old"
system = "shopify"
environment = "live"
created_at = 2020-01-01T00:00:00Z
expires_at = 2021-01-01T00:00:00Z

[[connectors]]
id = "shop-test"
name = "Shop, \"for tests\""
system = "shopify"
environment = "testing"
note = "one\ntwo"
[connectors.settings]
retries = 3
paths = ["/in", "/out"]

[[connectors]]
id = "files"
system = "http"
environment = "testing"

[[services]]
id = "orders"
name = "Orders"
schedule = "0 6 * * *"
sources = ["shop-eu"]
destinations = ["erp"]

[[services]]
id = "stock"
kind = "sweeper"
sources = ["erp"]
destinations = ["shop-eu"]

[[services]]
id = "copy"
active = false
sources = ["files"]
destinations = ["files"]
"#;

/// The exit code as a shell sees it.
pub fn code_of(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    let of_signal = || status.signal().map(|signal| 128 + signal);
    status.code().or_else(of_signal).unwrap_or(-1)
}

/// What a run of the binary wrote, and the code it exited with.
pub struct Run {
    pub stdout: String,
    pub stderr: String,
    /// The exit code as a shell sees it: 128 and the number of the signal for whoever died of one.
    pub code: i32,
    /// The signal that ended it.
    pub signal: Option<i32>,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "exit code: {}", self.code)?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            writeln!(f, "{name}:")?;
            for line in text.lines() {
                writeln!(f, "  {line}")?;
            }
        }
        Ok(())
    }
}

/// Asserts the exit code, standard output and standard error of a run, all at once.
#[macro_export]
macro_rules! assert_run {
    ($run:expr, $expected:expr $(,)?) => {
        $crate::assert_text!($run.to_string(), $expected)
    };
}

/// Asserts a text.
#[macro_export]
macro_rules! assert_text {
    ($text:expr, $expected:expr $(,)?) => {
        snapbox::assert_data_eq!($text, snapbox::IntoData::raw($expected))
    };
}
