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

use super::engine::Transaction;
use super::{Error, OpenOptions, Result, SCHEMA_VERSION, ServerFacts, Snapshot};
use crate::model::{Revision, UserName};
use connect::Found;
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
        let (store, found) = Self::begin(place, options)?;
        let url = place.to_string();
        match found {
            Found::Store => Ok(store),
            Found::Nothing => Err(Error::NoStore(url)),
            Found::Other => Err(Error::ForeignSchema {
                schema: place.schema()?,
                url,
            }),
            Found::Closed => Err(Error::Stranger {
                user: store.user.to_string(),
                url,
            }),
        }
    }

    fn begin(place: &ServerPlace, options: OpenOptions) -> Result<(Self, Found)> {
        let connected = connect::connect(&place.url, &place.surroundings, &options.interrupted)?;
        let user = UserName::of_role(&connected.user);
        let (is_encrypted, found) = (connected.is_encrypted, connected.found);
        let store = Self {
            server: Server::new(connected, &place.schema()?, &options.interrupted),
            place: place.clone(),
            options,
            user,
            before: Cell::new(None),
            is_encrypted,
        };
        Ok((store, found))
    }

    /// Checks that this program works with a store of this version.
    fn check_version(&self, found: Option<&str>) -> Result<()> {
        let found = found.and_then(|found| found.parse().ok()).unwrap_or(0);
        if found == SCHEMA_VERSION {
            return Ok(());
        }
        Err(Error::OtherVersion {
            url: self.place.to_string(),
            found,
            known: SCHEMA_VERSION,
        })
    }

    /// What the server says of itself and the session.
    pub(super) fn facts(&self) -> Result<ServerFacts> {
        let session = self.server.session();
        let version: String = session.only("SELECT current_setting('server_version')")?;
        let is_local: bool = session.only("SELECT inet_server_addr() IS NULL")?;
        // Before PostgreSQL 16, who may create roles may also give every role that is no superuser.
        let schema = self.place.schema()?;
        let superusers: String = session.only(&format!(
            "SELECT string_agg(replace(rolname, E'\\n', ' '), E'\\n' ORDER BY rolname) FROM pg_roles AS u
             WHERE rolname <> '{schema}_owner' AND (rolsuper
               OR rolcreaterole AND current_setting('server_version_num')::INTEGER < 160000
               OR EXISTS (SELECT 1 FROM pg_roles AS o
                 WHERE o.rolname = '{schema}_owner' AND pg_has_role(u.oid, o.oid, 'MEMBER')))"
        ))?;
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
        let transaction = Transaction::on_server(&self.server);
        let begun = self.server.begin(
            "ISOLATION LEVEL REPEATABLE READ READ ONLY",
            "SELECT schema_version FROM store_state",
        )?;
        self.check_version(begun.get(0))?;
        Ok(Snapshot { transaction })
    }
}
