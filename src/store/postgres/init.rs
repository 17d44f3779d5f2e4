//! Making a store on a server.

use super::connect::Found;
use super::{ServerPlace, ServerStore};
use crate::store::engine::Transaction;
use crate::store::{Error, OpenOptions, Result};

/// The tables, with what the database itself refuses.
pub(super) const SCHEMA: &str = include_str!("schema.sql");

/// The roles of a store and who has them, before there is anything that they could have.
const ROLES: &str = r"
CREATE ROLE @owner@ NOLOGIN;
CREATE ROLE @viewer@ NOLOGIN;
CREATE ROLE @editor@ NOLOGIN;
CREATE ROLE @admin@ NOLOGIN;
GRANT @viewer@ TO @editor@;
GRANT @editor@ TO @admin@;
GRANT @viewer@, @editor@, @admin@ TO @owner@ WITH ADMIN OPTION;
GRANT @owner@ TO CURRENT_USER;
";

/// Makes whoever made the store its first admin, and not its owner.
const FIRST_ADMIN: &str = r"
SET LOCAL ROLE @owner@;
GRANT @admin@ TO SESSION_USER;
RESET ROLE;
REVOKE @owner@ FROM CURRENT_USER;
";

impl ServerStore {
    /// Makes a store where the URL says; false if there is one, which this program must know.
    ///
    /// # Errors
    /// When the user may not create roles or schemas, the roles are those of another store, or the
    /// database cannot hold every text.
    pub(in crate::store) fn init(place: &ServerPlace, options: &OpenOptions) -> Result<bool> {
        let (store, found) = Self::begin(place, options.clone())?;
        if found != Found::Nothing {
            return Self::connect(place, options.clone())?.read().map(|_| false);
        }
        let (server, schema) = (&store.server, &place.schema()?);
        let transaction = Transaction::on_server(server);
        let begun = server.begin("", "SELECT current_setting('server_encoding')")?;
        match begun.get(0) {
            Some("UTF8") => {}
            other => return Err(Error::Encoding(other.unwrap_or_default().to_owned())),
        }
        for script in [ROLES, SCHEMA, FIRST_ADMIN] {
            let made = transaction.execute_batch(&named(script, schema));
            made.map_err(|error| match error.into() {
                Error::NotPermitted(_) => Error::NoMaker,
                Error::Taken(_) => Error::RolesTaken(schema.to_owned()),
                other => other,
            })?;
        }
        options.check_interrupted()?;
        server.commit()?;
        Ok(true)
    }
}

/// A script with the names of one store. They are plain enough to need no more than quotes.
pub(super) fn named(script: &str, schema: &str) -> String {
    let mut named = script.replace("@schema@", &format!("\"{schema}\""));
    for role in ["owner", "viewer", "editor", "admin"] {
        let name = format!("{schema}_{role}");
        named = named
            .replace(&format!("@{role}@"), &format!("\"{name}\""))
            .replace(&format!("@{role}_text@"), &format!("'{name}'"));
    }
    named
}
