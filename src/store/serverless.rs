//! Stands for servers in a connctl that was built without them: there is no place on any.

use std::fmt;
use std::path::PathBuf;

use super::{OpenOptions, Result, Store};

/// What the environment says of every server.
#[derive(Clone, Default)]
#[expect(missing_docs, reason = "nobody reads them")]
pub struct Surroundings {
    pub user: Option<String>,
    pub database: Option<String>,
    pub password: Option<String>,
    pub password_file: Option<PathBuf>,
}

/// Where a store is on a server.
#[derive(Debug, Clone)]
pub enum ServerPlace {}

impl ServerPlace {
    /// No text names one.
    pub fn new(_: &str, _: Surroundings) -> Option<Self> {
        None
    }

    /// Whether the URL holds a password.
    pub fn has_password(&self) -> bool {
        match *self {}
    }
}

impl fmt::Display for ServerPlace {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl Store {
    /// Connects to the store on a server.
    pub fn connect(place: &ServerPlace, _: OpenOptions) -> Result<Self> {
        match *place {}
    }

    /// Makes a store on a server.
    pub fn init_on_server(place: &ServerPlace, _: &OpenOptions) -> Result<bool> {
        match *place {}
    }
}
