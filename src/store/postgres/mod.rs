//! What only a server has: its URL, the session with it, what a store is there, and how a change of it
//! begins and ends.

mod change;
pub(super) mod check;
mod connect;
mod error;
mod init;
mod password;
pub(super) mod session;
#[cfg(test)]
mod tests;
mod tls;
mod url;
mod watch;

use std::cell::Cell;
use std::fmt;

use super::engine::{OptionalExtension, Transaction};
use super::{Error, OpenOptions, Result, SCHEMA_VERSION, ServerFacts, Snapshot};
use crate::model::{InvalidUserName, Revision, UserName};
use session::Server;

pub use connect::Surroundings;
pub(super) use error::{refused, refused_one, told};
use url::ServerUrl;

/// A store on a server.
pub(super) struct ServerStore {
    server: Server,
    place: ServerPlace,
    pub(super) options: OpenOptions,
    /// Whom the server takes the user for.
    pub(super) user: UserName,
    /// The mark of the last change before the one under way.
    before: Cell<Option<Revision>>,
    /// Whether nobody else reads what is sent.
    is_encrypted: bool,
}

/// Where a store is on a server, and what is needed to get there. Shown without any password.
#[derive(Debug, Clone)]
pub struct ServerPlace {
    url: ServerUrl,
    surroundings: Surroundings,
}

impl ServerPlace {
    /// The place that a text names, if that begins as the URL of a server does.
    pub fn new(url: &str, surroundings: Surroundings) -> Option<Self> {
        let url = ServerUrl::new(url)?;
        Some(Self { url, surroundings })
    }

    /// Whether the URL holds a password.
    pub fn has_password(&self) -> bool {
        self.url.has_password()
    }

    /// The schema of the store, which is the beginning of the names of its roles too.
    fn schema(&self) -> Result<String> {
        connect::schema(&self.url).map_err(|problem| Error::BadUrl {
            url: self.to_string(),
            problem,
        })
    }
}

impl fmt::Display for ServerPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(formatter)
    }
}

impl ServerStore {
    /// Begins a session with the server, and looks at what is there.
    pub(super) fn connect(place: &ServerPlace, options: OpenOptions) -> Result<Self> {
        let Begun {
            server,
            user,
            is_encrypted,
        } = begin(place, &options)?;
        let store = Self {
            server,
            place: place.clone(),
            options,
            user,
            before: Cell::new(None),
            is_encrypted,
        };
        store.check()?;
        Ok(store)
    }

    /// Checks that there is a store that this program knows, and that the user may look at it.
    fn check(&self) -> Result<()> {
        let schema = self.place.schema()?;
        let sql = "SELECT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = ?1";
        let session = self.server.session();
        let may_look: Option<bool> = session
            .prepare_cached(sql)?
            .query_row([schema.as_str()], |row| row.get(0))
            .optional()?;
        match may_look {
            None => return Err(Error::NoStore(self.place.to_string())),
            Some(false) => {
                return Err(Error::Stranger {
                    user: self.user.to_string(),
                    url: self.place.to_string(),
                });
            }
            Some(true) => {}
        }
        let sql = "SELECT schema_version FROM store_state";
        let version = session.prepare_cached(sql)?.query_row([], |row| row.get(0));
        self.check_version(version?)
    }

    fn check_version(&self, found: u32) -> Result<()> {
        match found {
            SCHEMA_VERSION => Ok(()),
            found => Err(Error::OtherVersion {
                url: self.place.to_string(),
                found,
                known: SCHEMA_VERSION,
            }),
        }
    }

    /// What the server says of itself and the session.
    pub(super) fn facts(&self) -> Result<ServerFacts> {
        let session = self.server.session();
        let version: String = session.only("SELECT current_setting('server_version')")?;
        let is_local: bool = session.only("SELECT inet_server_addr() IS NULL")?;
        let superusers: String = session.only(
            "SELECT string_agg(rolname, E'\\n' ORDER BY rolname) FROM pg_roles WHERE rolsuper",
        )?;
        Ok(ServerFacts {
            version: format!("PostgreSQL {version}"),
            is_private: self.is_encrypted || is_local,
            has_password_in_url: self.place.has_password(),
            superusers: superusers.lines().map(str::to_owned).collect(),
        })
    }

    /// Begins to read one state of the store.
    pub(super) fn read(&self) -> Result<Snapshot<'_>> {
        self.options.check_interrupted()?;
        self.server
            .begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        Ok(Snapshot {
            transaction: Transaction::on_server(&self.server),
        })
    }
}

/// A session that has begun.
struct Begun {
    server: Server,
    user: UserName,
    is_encrypted: bool,
}

/// Begins a session with a server, and asks whom it takes the user for.
fn begin(place: &ServerPlace, options: &OpenOptions) -> Result<Begun> {
    let connected = connect::connect(&place.url, &place.surroundings, &options.interrupted)?;
    let is_encrypted = connected.is_encrypted;
    let server = Server::new(connected, &options.interrupted);
    let sql = "SELECT session_user::TEXT";
    let user: String = server
        .session()
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))?;
    let user: UserName = user
        .parse()
        .map_err(|error: InvalidUserName| Error::Engine(error.into()))?;
    Ok(Begun {
        server,
        user,
        is_encrypted,
    })
}
