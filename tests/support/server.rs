//! A throwaway `PostgreSQL` server, one for each process of tests, which ends with the process however
//! that ends.
//!
//! Roles log in without a password over the socket, and with one over the network. There the server
//! speaks TLS, as `localhost` and `db.test`.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// The role that may do anything.
pub const BOSS: &str = "boss";

/// Whoever runs the server when root runs the tests: it refuses to be run by root.
const NOBODY: u32 = 65534;

/// A server.
pub struct Server {
    /// Where everything of it is, its socket too.
    pub folder: PathBuf,
    /// The port on 127.0.0.1, which is part of the name of the socket.
    pub port: u16,
    databases: AtomicU32,
    /// What watches the server: it ends once nobody holds its standard input open any more.
    _watcher: Child,
}

/// The server of this process.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

impl Server {
    /// A server of its own, for whoever ends it or needs roles that others have too.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// One with settings in place of those that tests need.
    pub fn start_with(settings: &[&str]) -> Self {
        let folder = new_folder();
        run(
            &folder,
            "initdb",
            &[
                "-D",
                "data",
                "-U",
                BOSS,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
        );
        let doors = "local all,replication all trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
        fs::write(folder.join("data/pg_hba.conf"), doors).unwrap();
        Self::start_in(folder, settings)
    }

    /// One that follows this one, until it is promoted.
    pub fn standby(&self) -> Self {
        let folder = new_folder();
        let (host, port) = (self.folder.display().to_string(), self.port.to_string());
        run(
            &folder,
            "pg_basebackup",
            &[
                "-D", "data", "-R", "-c", "fast", "-h", &host, "-p", &port, "-U", BOSS,
            ],
        );
        Self::start_in(folder, &[])
    }

    /// Ends it in the middle of what it does.
    pub fn kill(&self) {
        let file = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        let process = file.lines().next().unwrap().parse().unwrap();
        nix::sys::signal::kill(
            nix::unistd::Pid::from_raw(process),
            nix::sys::signal::Signal::SIGKILL,
        )
        .unwrap();
    }

    /// Starts the server whose data is in a folder.
    fn start_in(folder: PathBuf, settings: &[&str]) -> Self {
        let port = TcpListener::bind(("127.0.0.1", 0))
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let watcher = watch(&folder, port, settings);
        let server = Self {
            folder,
            port,
            databases: AtomicU32::new(0),
            _watcher: watcher,
        };
        server.wait();
        server
    }

    /// Waits until it answers.
    fn wait(&self) {
        let mut log = String::new();
        for _ in 0..400 {
            if self.try_sql(BOSS, "postgres", "SELECT").status.success() {
                return;
            }
            log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            let is_fatal = |line: &str| line.contains("FATAL:") && !line.contains("starting up");
            if log.lines().any(is_fatal) {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the server does not answer: {log}");
    }

    /// A new database, empty, of which only the test that asked for it knows.
    pub fn database(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::SeqCst);
        let name = format!("test_{number}");
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        name
    }

    /// The URL of a database by way of the socket.
    pub fn url(&self, user: &str, database: &str) -> String {
        let folder = self.folder.to_str().unwrap().replace('/', "%2F");
        format!("postgres://{user}@{folder}:{}/{database}", self.port)
    }

    /// Runs statements, and returns what they print.
    pub fn sql(&self, database: &str, statements: &str) -> String {
        let output = self.try_sql(BOSS, database, statements);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs statements as a role.
    pub fn try_sql(&self, user: &str, database: &str, statements: &str) -> Output {
        let mut psql = command("psql", &self.folder);
        psql.args([
            "-X",
            "-q",
            "-At",
            "-v",
            "ON_ERROR_STOP=1",
            "-v",
            "VERBOSITY=verbose",
        ])
        .args(["-U", user, "-d", database, "-p", &self.port.to_string()])
        .arg("-h")
        .arg(&self.folder);
        psql.stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut psql = psql.spawn().unwrap_or_else(|error| missing("psql", &error));
        // One that could not log in reads nothing.
        let _ = psql.stdin.take().unwrap().write_all(statements.as_bytes());
        psql.wait_with_output().unwrap()
    }

    /// The certificate of whoever vouches for this server. Beside it are `other.pem`, of somebody who
    /// vouches for nobody here, and `namesake.pem`, of another one of the same name.
    pub fn authority(&self) -> PathBuf {
        self.folder.join("authority.pem")
    }
}

/// A folder for a server, which belongs to whoever runs it.
fn new_folder() -> PathBuf {
    let folder = tempfile::Builder::new().prefix("connctl-pg-").tempdir();
    let folder = folder.unwrap().keep();
    certify(&folder);
    give_away(&folder);
    folder
}

/// Runs a program of the server to its end.
fn run(folder: &Path, program: &str, arguments: &[&str]) {
    let mut command = command(program, folder);
    let output = as_server(&mut command).args(arguments).output();
    let output = output.unwrap_or_else(|error| missing(program, &error));
    let told = text(&output.stderr);
    assert!(output.status.success(), "{program}: {told}");
}

/// Starts the server, and what ends it and removes its folder once this process is gone.
fn watch(folder: &Path, port: u16, others: &[&str]) -> Child {
    let script = r#"
        postgres=$1; shift
        "$postgres" "$@" </dev/null >log 2>&1 &
        read -r _
        kill -QUIT $! 2>/dev/null
        wait
        cd / && rm -rf "$OLDPWD"
    "#;
    let settings = [
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        format!("unix_socket_directories={}", folder.display()),
        "ssl=on".to_owned(),
        "ssl_cert_file=../server.pem".to_owned(),
        "ssl_key_file=../server.key".to_owned(),
        "fsync=off".to_owned(),
        "shared_buffers=16MB".to_owned(),
        "max_connections=100".to_owned(),
    ];
    let mut shell = Command::new("sh");
    shell
        .args(["-c", script, "sh"])
        .arg(program("postgres"))
        .args(["-D", "data"]);
    // Of one that stands there twice, the last counts.
    for setting in settings
        .iter()
        .map(String::as_str)
        .chain(others.iter().copied())
    {
        shell.args(["-c", setting]);
    }
    // What ends the tests at a terminal is not to end this first.
    shell
        .current_dir(folder)
        .process_group(0)
        .stdin(Stdio::piped());
    as_server(&mut shell).spawn().unwrap()
}

/// Lets whoever runs the server run this.
fn as_server(command: &mut Command) -> &mut Command {
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

fn is_root() -> bool {
    nix::unistd::Uid::effective().is_root()
}

/// Gives the folder and what is in it to whoever runs the server.
fn give_away(folder: &Path) {
    if is_root() {
        for entry in fs::read_dir(folder).unwrap() {
            chown(entry.unwrap().path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        chown(folder, Some(NOBODY), Some(NOBODY)).unwrap();
    }
}

/// Makes authorities, and a certificate by one of them for the server.
fn certify(folder: &Path) {
    let openssl = |subject: &str, extensions: &str, name: &str, issuer: &[&str]| {
        let config = format!(
            "[req]\ndistinguished_name=name\nprompt=no\nx509_extensions=extensions\n\
             [name]\nCN={subject}\n[extensions]\n{extensions}\n"
        );
        fs::write(folder.join("openssl.cnf"), config).unwrap();
        let mut openssl = command("openssl", folder);
        openssl
            .args([
                "req",
                "-x509",
                "-config",
                "openssl.cnf",
                "-days",
                "2",
                "-nodes",
            ])
            .args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
            .args([
                "-keyout",
                &format!("{name}.key"),
                "-out",
                &format!("{name}.pem"),
            ])
            .args(issuer);
        let output = openssl
            .output()
            .unwrap_or_else(|error| missing("openssl", &error));
        assert!(output.status.success(), "openssl: {}", text(&output.stderr));
    };
    let authority = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign";
    openssl("an authority", authority, "authority", &[]);
    openssl("another authority", authority, "other", &[]);
    openssl("an authority", authority, "namesake", &[]);
    let names = "basicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:localhost,DNS:db.test";
    let issuer = ["-CA", "authority.pem", "-CAkey", "authority.key"];
    openssl("a server", names, "server", &issuer);
    let key = folder.join("server.key");
    fs::set_permissions(key, fs::Permissions::from_mode(0o600)).unwrap();
}

/// A program in the folder of the server, to which this process's environment means nothing.
fn command(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(program(name));
    command.env_clear().env("LC_ALL", "C").current_dir(folder);
    command
}

/// Where a program is: beside the `initdb` on the path or of the newest server that is installed; or
/// anywhere on the path.
pub fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut versions: Vec<_> = versions.map(|entry| entry.path()).collect();
    let number = |version: &PathBuf| version.file_name()?.to_str()?.parse::<u32>().ok();
    versions.sort_by_key(number);
    let installed = versions.iter().rev().map(|version| version.join("bin"));
    let mut possible = std::env::split_paths(&path).chain(installed);
    // It may be a link to where the others are.
    let initdb = possible.find_map(|folder| fs::canonicalize(folder.join("initdb")).ok());
    let of_server = initdb.as_deref().and_then(Path::parent).map(Path::to_owned);
    let mut folders = of_server.into_iter().chain(std::env::split_paths(&path));
    let found = folders.find_map(|folder| Some(folder.join(name)).filter(|file| file.is_file()));
    found.unwrap_or_else(|| name.into())
}

fn missing(program: &str, error: &std::io::Error) -> ! {
    panic!("this test needs {program}, of the package postgresql: {error}")
}

/// What a program printed.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
