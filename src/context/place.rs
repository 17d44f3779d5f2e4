//! Where the store is: in a file, or on a server.

use std::ffi::OsString;
use std::path::PathBuf;

use super::variable;
use crate::config;
use crate::error::{Error, Result};
use crate::platform;
use crate::store::{ServerPlace, Surroundings};

/// Where a store is.
pub(super) enum Place {
    /// In this file.
    File(PathBuf),
    /// On a server.
    Server(ServerPlace),
}

/// Where the user says that the store is, on the command line or else by what comes behind it.
pub(super) fn place(flag: Option<PathBuf>, other: Option<PathBuf>) -> Result<Option<Place>> {
    let is_flag = flag.is_some();
    let Some(named) = flag.or(other) else {
        return Ok(None);
    };
    if !config::is_url(&named) {
        return Ok(Some(Place::File(named)));
    }
    let server = named
        .to_str()
        .and_then(|url| ServerPlace::new(url, surroundings()));
    let server = server.ok_or_else(|| {
        // It is not repeated, because it may hold a password.
        Error::usage(
            "the store is named as a server of a kind that connctl does not know, or in a way that \
             it does not understand; nothing was opened or made",
        )
        .hint("give postgres://USER@HOST/DATABASE, or the path of a file")
    })?;
    if is_flag && server.has_password() {
        return Err(Error::usage(
            "a password on the command line can be seen by everybody on this machine; nothing was \
             opened or made",
        )
        .hint("put it into PGPASSWORD, ~/.pgpass (mode 0600) or CONNCTL_STORE"));
    }
    Ok(Some(Place::Server(server)))
}

/// What the environment says of every server, by the names that all clients of such servers know.
fn surroundings() -> Surroundings {
    let text = |name: &str| variable(name).and_then(|value: OsString| value.into_string().ok());
    Surroundings {
        user: text("PGUSER").or_else(|| Some(platform::user().to_string())),
        database: text("PGDATABASE"),
        password: text("PGPASSWORD"),
        password_file: variable("PGPASSFILE")
            .map(PathBuf::from)
            .or_else(|| platform::has_home().then(|| config::at_home("~/.pgpass".as_ref()))),
    }
}
