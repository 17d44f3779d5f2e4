//! How a session with a server begins: which server, as whom, with which password, and encrypted.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::{CancelToken, Client, Config, NoTls, SimpleQueryMessage};

use super::password::{self, Door};
use super::tls::{self, Tls};
use super::url::ServerUrl;
use crate::model::text;
use crate::platform;
use crate::store::{Error, Result};

/// How long a server may take to answer, unless the URL says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How often somebody who waits looks whether the user wants to wait no longer.
const LOOK: Duration = Duration::from_millis(50);

/// Where the sockets of a server on this machine are, if the URL names no host.
const SOCKETS: &str = "/var/run/postgresql";

/// The port of a server, if the URL names none.
const DEFAULT_PORT: u16 = 5432;

/// What the user's surroundings say of every server, and a URL may say otherwise.
#[derive(Clone, Default)]
pub struct Surroundings {
    /// Who logs in.
    pub user: Option<String>,
    /// The database; that of the user's name if nothing is said.
    pub database: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// The file with passwords, which need not be there.
    pub password_file: Option<PathBuf>,
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Surroundings")
            .field("user", &self.user)
            .field("database", &self.database)
            .field("password_file", &self.password_file)
            .finish_non_exhaustive()
    }
}

/// A session that has begun.
pub(super) struct Connected {
    pub(super) client: Client,
    /// Whether nobody else reads what is sent.
    pub(super) is_encrypted: bool,
    pub(super) canceller: Canceller,
    /// Whom the server takes the user for.
    pub(super) user: String,
    pub(super) found: Found,
}

/// What is in the schema of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// There is no such schema.
    Nothing,
    /// It is there, and none that connctl made.
    Other,
    /// A store that this user may not look at.
    Closed,
    /// A store.
    Store,
}

/// Ends what the server is doing for a session.
#[derive(Clone)]
pub(super) struct Canceller {
    token: CancelToken,
    tls: Option<Tls>,
}

impl Canceller {
    /// Asks the server to end the statement that it is running, if there is one. It may still be
    /// about to when this returns, and then ends one that is sent meanwhile.
    pub(super) fn cancel(&self) -> Result<(), postgres::Error> {
        match &self.tls {
            Some(tls) => self.token.cancel_query(tls.clone()),
            None => self.token.cancel_query(NoTls),
        }
    }
}

/// Begins a session with the first server of the URL that is there and as it is wanted.
///
/// # Errors
/// When the URL cannot be used, no server can be reached or lets the user in, one is not who it is
/// to be, or the user interrupts it.
pub(super) fn connect(
    url: &ServerUrl,
    surroundings: &Surroundings,
    interrupted: &AtomicBool,
) -> Result<Connected> {
    let bad = |problem| Error::BadUrl {
        url: url.to_string(),
        problem,
    };
    let plan = Plan::new(url, surroundings).map_err(bad)?;
    let (mut problems, mut is_untrusted) = (Vec::new(), false);
    for server in &plan.servers {
        let problem = match plan.connect(server, interrupted) {
            Ok(connected) => return Ok(connected),
            Err(Failure::Interrupted) => return Err(Error::Interrupted),
            Err(Failure::Unreachable(problem)) => problem,
            Err(Failure::Untrusted(problem)) => {
                is_untrusted = true;
                problem
            }
            // The others would say the same, and some count who was refused.
            Err(Failure::Refused(problem)) => {
                problems = vec![problem];
                break;
            }
        };
        problems.push(match plan.servers.as_slice() {
            [only] if only.is_on_network() => problem,
            _ => format!("{server}: {problem}"),
        });
    }
    let url = url.to_string();
    let problem = problems.join("; ");
    Err(if is_untrusted {
        Error::Untrusted { url, problem }
    } else {
        Error::Unreachable { url, problem }
    })
}

/// Why there is no session with a server.
enum Failure {
    /// The user does not want to wait any longer.
    Interrupted,
    /// It is not there, or is none that is wanted.
    Unreachable(String),
    /// It is not known who it is, or others could read what it is sent.
    Untrusted(String),
    /// It does not let this user in.
    Refused(String),
}

/// A server of a URL.
struct Server {
    /// Its name, or the folder of its socket.
    host: Host,
    /// Where it is, if that is not to be found out by its name.
    address: Option<IpAddr>,
    port: u16,
}

impl Server {
    fn is_on_network(&self) -> bool {
        matches!(self.host, Host::Tcp(_))
    }

    /// What a file with passwords calls it.
    fn name_in_file(&self) -> Cow<'_, str> {
        match &self.host {
            Host::Tcp(name) => name.into(),
            Host::Unix(folder) if folder == Path::new(SOCKETS) => "localhost".into(),
            Host::Unix(folder) => folder.to_string_lossy(),
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Tcp(name) => write!(formatter, "{}:{}", text::visible(name), self.port),
            Host::Unix(folder) => {
                let socket = folder.join(format!(".s.PGSQL.{}", self.port));
                formatter.write_str(&text::path(&socket))
            }
        }
    }
}

/// What a URL and its surroundings come to.
struct Plan {
    /// What is the same with every server.
    config: Config,
    servers: Vec<Server>,
    user: String,
    database: String,
    /// The file with passwords, where nothing else says one.
    password_file: Option<PathBuf>,
    /// How TLS is done over a network; `None` where the URL does not want it.
    tls: Option<Tls>,
    schema: String,
    timeout: Duration,
}

impl Plan {
    /// The error is what is wrong with the URL.
    fn new(url: &ServerUrl, surroundings: &Surroundings) -> Result<Self, String> {
        url.check()?;
        let parse = |url: String| url.parse().map_err(|error| problem_of(&error));
        let whole: Config = parse(url.for_driver())?;
        let servers = servers(&whole)?;
        let named = |name: Option<&str>| name.filter(|name| !name.is_empty()).map(str::to_owned);
        let user = named(whole.get_user())
            .or_else(|| named(surroundings.user.as_deref()))
            .ok_or("it names no user, and neither does PGUSER")?;
        let database = named(whole.get_dbname())
            .or_else(|| named(surroundings.database.as_deref()))
            .unwrap_or_else(|| user.clone());
        let mut config: Config = parse(url.for_every_server())?;
        config.user(&user).dbname(&database);
        let of_surroundings = surroundings.password.as_deref().map(str::as_bytes);
        let password = [whole.get_password(), of_surroundings];
        let password = password
            .into_iter()
            .flatten()
            .find(|password| !password.is_empty());
        if let Some(password) = password {
            config.password(password);
        }
        let needs_tls = servers.iter().any(Server::is_on_network);
        Ok(Self {
            tls: tls(url, needs_tls)?,
            schema: schema(url)?,
            timeout: be_patient(&mut config, url),
            password_file: surroundings
                .password_file
                .clone()
                .filter(|_| password.is_none()),
            config,
            servers,
            user,
            database,
        })
    }

    /// Begins a session with one of the servers.
    fn connect(&self, server: &Server, interrupted: &AtomicBool) -> Result<Connected, Failure> {
        let (mut config, mut note) = (self.config.clone(), None);
        match self.kept_password(server) {
            Ok(Some(password)) => drop(config.password(password)),
            Ok(None) => {}
            Err(problem) => note = Some(problem),
        }
        config.port(server.port);
        let (tls, addresses) = match &server.host {
            Host::Unix(folder) => {
                config.host_path(folder);
                (None, vec![None])
            }
            Host::Tcp(name) => {
                config.host(name);
                (self.tls.clone(), self.addresses(name, server, interrupted)?)
            }
        };
        config.ssl_mode(match tls {
            Some(_) => SslMode::Require,
            None => SslMode::Disable,
        });
        let mut failure = Failure::Unreachable("its name has no address".to_owned());
        for address in addresses {
            let (mut config, tls) = (config.clone(), tls.clone());
            address.map(|address| config.hostaddr(address));
            let greeting = greeting(&self.schema);
            let begun = within(self.timeout, interrupted, move || {
                begin(&config, tls, &greeting)
            })?;
            failure = match begun {
                Ok(connected) => return Ok(connected),
                Err(error) => failure_of(&error),
            };
            if let Failure::Refused(problem) = failure {
                return Err(Failure::Refused(match note {
                    Some(note) => format!("{problem} ({note})"),
                    None => problem,
                }));
            }
        }
        Err(failure)
    }

    fn kept_password(&self, server: &Server) -> Result<Option<String>, String> {
        let Some(file) = &self.password_file else {
            return Ok(None);
        };
        let door = Door {
            host: &server.name_in_file(),
            port: server.port,
            database: &self.database,
            user: &self.user,
        };
        password::in_file(file, &door)
    }

    /// Where a server of this name may be.
    fn addresses(
        &self,
        name: &str,
        server: &Server,
        interrupted: &AtomicBool,
    ) -> Result<Vec<Option<IpAddr>>, Failure> {
        if server.address.is_some() {
            return Ok(vec![server.address]);
        }
        let name = name.to_owned();
        let found = within(self.timeout, interrupted, move || {
            platform::addresses_of(&name).map(|found| found.into_iter().map(Some).collect())
        })?;
        found.map_err(|error| Failure::Unreachable(error.to_string()))
    }
}

/// The servers that a URL names.
fn servers(config: &Config) -> Result<Vec<Server>, String> {
    let addresses = config.get_hostaddrs();
    let mut hosts = Vec::new();
    for host in config.get_hosts() {
        match host {
            Host::Tcp(names) => hosts.extend(names.split(',').map(|name| match name {
                "" => Host::Unix(SOCKETS.into()),
                name => Host::Tcp(name.to_owned()),
            })),
            Host::Unix(folder) => hosts.push(Host::Unix(folder.clone())),
        }
    }
    if hosts.is_empty() {
        hosts.extend(
            addresses
                .iter()
                .map(|address| Host::Tcp(address.to_string())),
        );
    }
    if hosts.is_empty() {
        hosts.push(Host::Unix(SOCKETS.into()));
    }
    if !addresses.is_empty() && addresses.len() != hosts.len() {
        return Err("it names another number of hosts than of addresses".to_owned());
    }
    let ports = config.get_ports();
    let port = |number: usize| match ports {
        [] => Some(DEFAULT_PORT),
        [port] => Some(*port),
        ports => ports.get(number).copied(),
    };
    if ports.len() > 1 && ports.len() != hosts.len() {
        return Err("it names another number of hosts than of ports".to_owned());
    }
    let servers = hosts.into_iter().enumerate().map(|(number, host)| Server {
        host,
        address: addresses.get(number).copied(),
        port: port(number).unwrap_or(DEFAULT_PORT),
    });
    Ok(servers.collect())
}

/// How TLS is done with the servers of a URL, if any of them is reached over a network.
fn tls(url: &ServerUrl, is_needed: bool) -> Result<Option<Tls>, String> {
    match url.option("sslmode").as_deref() {
        None | Some("require" | "verify-ca" | "verify-full") => {}
        Some("disable") => return Ok(None),
        Some("allow" | "prefer") => {
            return Err(
                "sslmode=allow and sslmode=prefer can end without encryption: say verify-full or \
                 disable"
                    .to_owned(),
            );
        }
        Some(_) => return Err("sslmode is verify-full or disable".to_owned()),
    }
    let roots = url.option("sslrootcert");
    let roots = roots.as_deref().filter(|roots| *roots != "system");
    let tls = is_needed.then(|| Tls::new(roots.map(Path::new)));
    tls.transpose()
}

/// The schema of the store.
pub(super) fn schema(url: &ServerUrl) -> Result<String, String> {
    let Some(schema) = url.option("schema") else {
        return Ok("connctl".to_owned());
    };
    let is_letter = |c: char| c.is_ascii_lowercase() || c == '_';
    let is_name = schema.starts_with(is_letter)
        && schema.len() <= 50
        && schema.chars().all(|c| is_letter(c) || c.is_ascii_digit());
    if !is_name {
        return Err(
            "schema is up to 50 of the characters a-z, 0-9 and _, and begins with no digit"
                .to_owned(),
        );
    }
    Ok(schema.into_owned())
}

/// Sees to it that a server that is gone without a word is noticed, and tells how long one may take to
/// answer.
fn be_patient(config: &mut Config, url: &ServerUrl) -> Duration {
    let is_said = |name| url.option(name).is_some();
    if !is_said("keepalives_idle") {
        config.keepalives_idle(Duration::from_secs(30));
    }
    if !is_said("keepalives_interval") {
        config.keepalives_interval(Duration::from_secs(10));
    }
    if !is_said("keepalives_retries") {
        config.keepalives_retries(3);
    }
    if !is_said("tcp_user_timeout") {
        config.tcp_user_timeout(Duration::from_mins(1));
    }
    if !is_said("application_name") {
        config.application_name("connctl");
    }
    if !is_said("connect_timeout") {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    // Whoever says 0 waits for as long as it takes.
    config
        .get_connect_timeout()
        .copied()
        .unwrap_or(Duration::MAX)
}

/// What a session is set to, and what it asks first: one message for both. The settings are not in the
/// URL's own options, which a pool of connections may drop.
fn greeting(schema: &str) -> String {
    // A lock does not outlive a client that is gone or stopped, and nothing but the user ends a
    // statement, or a session that waits for an answer. Whoever logged in acts as themselves, whatever
    // role they were given to begin with.
    format!(
        "SET search_path TO \"{schema}\", pg_temp;
         SET client_encoding TO UTF8;
         SET client_min_messages TO warning;
         SET standard_conforming_strings TO on;
         SET ROLE NONE;
         SET statement_timeout TO 0;
         SET idle_session_timeout TO 0;
         SET idle_in_transaction_session_timeout TO '10min';
         SET tcp_keepalives_idle TO 30;
         SET tcp_keepalives_interval TO 10;
         SET tcp_keepalives_count TO 3;
         SELECT session_user,
           (SELECT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = '{schema}'),
           EXISTS (SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
             WHERE nspname = '{schema}' AND relname = 'store_state')"
    )
}

/// Begins a session with the one server of a configuration.
fn begin(config: &Config, tls: Option<Tls>, greeting: &str) -> Result<Connected, postgres::Error> {
    let mut client = match &tls {
        Some(tls) => config.connect(tls.clone())?,
        None => config.connect(NoTls)?,
    };
    let answer = client.simple_query(greeting)?;
    let row = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let column = |column| row.and_then(|row| row.get(column));
    let found = match (column(1), column(2)) {
        (None, _) => Found::Nothing,
        (Some("t"), Some("t")) => Found::Store,
        (Some(_), Some("t")) => Found::Closed,
        _ => Found::Other,
    };
    let user = column(0).unwrap_or_default().to_owned();
    let canceller = Canceller {
        token: client.cancel_token(),
        tls,
    };
    Ok(Connected {
        is_encrypted: canceller.tls.is_some(),
        client,
        canceller,
        user,
        found,
    })
}

/// What `work` comes to, unless it takes too long or the user interrupts it: then it goes on by itself,
/// and nobody asks what it comes to.
fn within<T: Send + 'static>(
    limit: Duration,
    interrupted: &AtomicBool,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::Builder::new().spawn(move || drop(sender.send(work())));
    thread.map_err(|error| Failure::Unreachable(error.to_string()))?;
    let mut left = limit;
    while !left.is_zero() {
        if interrupted.load(Ordering::Relaxed) {
            return Err(Failure::Interrupted);
        }
        match receiver.recv_timeout(LOOK.min(left)) {
            Ok(done) => return Ok(done),
            Err(RecvTimeoutError::Timeout) => left = left.saturating_sub(LOOK),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Failure::Unreachable("the attempt failed".to_owned()));
            }
        }
    }
    let seconds = limit.as_secs();
    Err(Failure::Unreachable(format!(
        "no answer within {seconds} s"
    )))
}

/// What an error of the library means.
fn failure_of(error: &postgres::Error) -> Failure {
    let problem = problem_of(error);
    if let Some(told) = error.as_db_error() {
        // Who may log in, and to what; anything else can differ between servers.
        return match &told.code().code()[..2] {
            "28" | "3D" | "42" => Failure::Refused(problem),
            _ => Failure::Unreachable(problem),
        };
    }
    if error
        .source()
        .is_some_and(<dyn StdError>::is::<tls::Problem>)
    {
        return Failure::Untrusted(problem);
    }
    match problem.as_str() {
        NO_TLS => Failure::Untrusted("it offers no encryption".to_owned()),
        NO_PASSWORD => Failure::Refused(
            "it wants a password, which PGPASSWORD or ~/.pgpass can hold".to_owned(),
        ),
        _ => Failure::Unreachable(problem),
    }
}

/// The library's words for a server that speaks no TLS.
const NO_TLS: &str = "server does not support TLS";

/// The library's words for a server that wants a password, where none is known.
const NO_PASSWORD: &str = "password missing";

/// What the error, or what caused it, says.
fn problem_of(error: &postgres::Error) -> String {
    if let Some(told) = error.as_db_error() {
        return text::visible(told.message()).into_owned();
    }
    let mut cause: &dyn StdError = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    text::visible(&cause.to_string()).into_owned()
}
