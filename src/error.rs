//! What a person or a script is told when something does not work.

use std::borrow::Cow;
use std::fmt;
use std::io;

use crate::model::{ConnectorId, text};
use crate::{config, credentials, store};

/// The result of a command.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of error it is; scripts tell them apart by the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Input or output failed, the store is damaged, or anything else.
    Failure,
    /// A flag, an id, a file or the configuration is wrong, or an expectation is not met.
    Usage,
    /// The person said no.
    Declined,
    /// An id does not exist.
    NotFound,
    /// A connector is in use.
    InUse,
    /// The role of the user does not allow it.
    NotPermitted,
    /// Something changed between being shown and being deleted.
    Changed,
    /// Another process held the store for too long.
    Busy,
    /// A connector is protected from being deleted.
    Protected,
    /// A connector is on trial, and nobody may use it.
    Retired,
    /// The command that `exec` is to run cannot be run.
    NotExecutable,
    /// The command that `exec` is to run does not exist.
    NoCommand,
    /// Ctrl-C.
    Interrupted,
}

impl Kind {
    /// The name in error objects and the code that the process exits with.
    fn name_and_code(self) -> (&'static str, u8) {
        match self {
            Self::Failure => ("failure", 1),
            Self::Usage => ("usage", 2),
            Self::Declined => ("declined", 3),
            Self::NotFound => ("not_found", 4),
            Self::InUse => ("in_use", 5),
            Self::NotPermitted => ("not_permitted", 6),
            Self::Changed => ("changed", 7),
            Self::Busy => ("busy", 8),
            Self::Protected => ("protected", 9),
            Self::Retired => ("retired", 10),
            Self::NotExecutable => ("not_executable", 126),
            Self::NoCommand => ("no_command", 127),
            Self::Interrupted => ("interrupted", 130),
        }
    }

    /// The name in error objects.
    pub fn name(self) -> &'static str {
        self.name_and_code().0
    }

    /// The code that the process exits with.
    pub fn exit_code(self) -> u8 {
        self.name_and_code().1
    }
}

/// An error as it is shown: what happened and to what, then what to do next.
#[derive(Debug)]
pub struct Error {
    /// What sort of error it is.
    pub kind: Kind,
    /// What happened, what was left untouched; may have several lines.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// Where it comes from, for `--verbose`.
    pub source: Option<anyhow::Error>,
    /// Whether all that happened is that nobody reads standard output any more, which is no error.
    pub is_closed_pipe: bool,
}

impl Error {
    /// An error of this kind.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
            source: None,
            is_closed_pipe: false,
        }
    }

    /// An error in what was asked.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// An error that nobody asked for.
    pub fn failure(message: impl Into<String>) -> Self {
        Self::new(Kind::Failure, message)
    }

    /// The same error with what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same error with what to do next, if anything is said.
    fn hint_if_any(self, hint: impl Into<String>) -> Self {
        match hint.into() {
            hint if hint.is_empty() => self,
            hint => self.hint(hint),
        }
    }

    /// The same error with where it comes from.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<anyhow::Error>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What the store said, if the error comes from there.
    pub fn of_store(&self) -> Option<&store::Error> {
        self.source.as_ref()?.downcast_ref()
    }

    /// A failure to write to standard output.
    #[must_use]
    pub fn output(source: io::Error) -> Self {
        let is_closed_pipe = source.kind() == io::ErrorKind::BrokenPipe;
        let error = Self::failure(format!("cannot write the output: {source}"));
        Self {
            is_closed_pipe,
            ..error.caused_by(source)
        }
    }

    /// A failure to write to standard output after a change was made.
    #[must_use]
    pub fn output_after_change(source: io::Error) -> Self {
        Self {
            message: format!("the change was made, but the output cannot be written: {source}"),
            ..Self::output(source)
        }
    }
}

/// What came of writing to standard output, where that nobody reads it any more must not hide what
/// the exit code tells.
pub fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::visible_lines(&self.message))
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        use store::Error as E;
        let untouched = format!("{error}; nothing was changed");
        if let Some((kind, hint)) = of_server(&error) {
            return Self::new(kind, untouched)
                .caused_by(error)
                .hint_if_any(hint);
        }
        let (kind, message) = match &error {
            E::Busy(_) | E::OtherMode(_) => (Kind::Busy, untouched),
            E::Interrupted => (Kind::Interrupted, untouched),
            E::Protected(_) => (Kind::Protected, untouched),
            E::OnTrial(_) => (Kind::Retired, untouched),
            E::InUse(_) | E::UnseenReference { .. } => (Kind::InUse, untouched),
            E::ConnectorExists(_) | E::ServiceExists(_) | E::NoFile => (Kind::Usage, untouched),
            E::ReadOnly
            | E::SharedFolder(_)
            | E::Damaged(_)
            | E::UnreadableRecord { .. }
            | E::Policy { .. }
            | E::Crowded { .. }
            | E::NotWritten { .. }
            | E::Full
            | E::Engine(_) => (Kind::Failure, untouched),
            _ => (Kind::Failure, error.to_string()),
        };
        let hint = hint_of(&error);
        Self::new(kind, message).caused_by(error).hint_if_any(hint)
    }
}

/// What to do about an error of the store that is no server's alone; nothing where nothing can be done,
/// or it was said before.
fn hint_of(error: &store::Error) -> Cow<'static, str> {
    use store::Error as E;
    let hint = match error {
        E::Missing(_) => "check --store; \"connctl init\" makes a new store",
        E::NotAFile(_) | E::Foreign(_) => "name the file of a connctl store with --store",
        E::Newer { .. } => "use a newer connctl; the store was not touched",
        E::Older { .. } => "ask somebody who may write the store to run \"connctl list\" on it",
        E::NotUpgraded { .. } => "upgrade it: connctl list",
        E::ForeignJournal(_) => {
            "find out who put it there; what it holds may be no change of connctl"
        }
        E::NoCopy(_) => "make a copy that is whole: connctl --store FILE backup NEW",
        E::SharedFolder(_) => {
            "chmod o-w it, or say allow_shared_folder = true in the configuration"
        }
        E::ReadOnly => "ask for write access to the store's file and its folder",
        E::Unfinished => {
            "ask somebody who may write the store to run \"connctl list\" on it; that undoes the change"
        }
        E::Busy(_) => "try again; busy_timeout in the configuration says how long to wait",
        E::OtherMode(_) => "end the program that holds it open, then try again",
        E::NoLocks(_) => "keep the store on a local file system",
        E::Damaged(_) => "restore the store from a copy",
        E::UnreadableRecord {
            noun, id, field, ..
        } => {
            return past_unreadable(noun, id, field).into();
        }
        E::UnseenReference { .. } | E::NotWritten { .. } => {
            "the store is damaged or was tampered with: see \"connctl doctor\""
        }
        E::Full => "make room on the disk, then try again",
        E::Uncertain(_) => "look with \"connctl list all\" before you try again",
        E::ConnectorExists(_) => "choose another id, or change the connector with \"connctl edit\"",
        E::ServiceExists(_) => {
            "choose another id, or change the service with \"connctl service edit\""
        }
        E::Policy { .. } | E::Crowded { .. } => "see \"connctl policy list\"",
        E::Protected(_) => "an admin may lift it: connctl unprotect",
        E::OnTrial(ids) => {
            let named: Vec<_> = ids.iter().take(HINTED).map(ConnectorId::as_str).collect();
            let named = named.join(" ");
            return format!("an admin may end the trial: connctl revive {named}").into();
        }
        E::Io { action, source, .. }
            if *action == "read" && source.kind() == std::io::ErrorKind::PermissionDenied =>
        {
            "the modes of the file and its folder say who may read it; ask its owner to widen them"
        }
        E::Io { .. }
        | E::Interrupted
        | E::InUse(_)
        | E::NoFile
        | E::Engine(_)
        | E::NoStore(_)
        | E::ForeignSchema { .. }
        | E::Stranger { .. }
        | E::OtherVersion { .. }
        | E::NoMaker
        | E::RolesTaken(_)
        | E::NoSuchRole(_)
        | E::NotPermitted(_)
        | E::Taken(_)
        | E::ReadOnlyServer
        | E::TriggersOff
        | E::Encoding(_)
        | E::Lost(_)
        | E::BadUrl { .. }
        | E::Unreachable { .. }
        | E::Untrusted { .. } => "",
    };
    hint.into()
}

/// What an error of which only a server is capable counts as, and what to do about it.
fn of_server(error: &store::Error) -> Option<(Kind, String)> {
    use store::Error as E;
    let (kind, hint) = match error {
        E::BadUrl { .. } => (Kind::Usage, "as in postgres://USER@HOST/DATABASE"),
        E::Unreachable { .. } => (
            Kind::Failure,
            "check the URL, and whether the server is running",
        ),
        E::Untrusted { .. } => (
            Kind::Failure,
            "sslrootcert=FILE in the URL names whose word is taken; \
             sslmode=disable sends everything in plain text",
        ),
        E::NoStore(_) => (
            Kind::Failure,
            "check --store; somebody who may create roles there makes one: connctl --store URL init",
        ),
        E::ForeignSchema { .. } => (
            Kind::Failure,
            "name the schema of a store in the URL, or one that is not there yet: schema=NAME",
        ),
        E::Stranger { user, .. } => {
            let user = crate::model::text::shell_word(user);
            let hint = format!("ask an admin to run: connctl access grant {user} viewer");
            return Some((Kind::NotPermitted, hint));
        }
        E::OtherVersion { found, known, .. } if found > known => {
            (Kind::Failure, "use a newer connctl")
        }
        E::OtherVersion { .. } => (
            Kind::Failure,
            "somebody who may create roles there upgrades it: connctl --store URL init --upgrade",
        ),
        E::NoMaker => (
            Kind::NotPermitted,
            "run it as a superuser, or as a role with CREATEROLE and CREATE on the database",
        ),
        E::RolesTaken(_) => (
            Kind::Failure,
            "they belong to another store of this cluster; name this one otherwise in the URL: \
             schema=NAME",
        ),
        E::NoSuchRole(role) => {
            let hint = format!("make it first: CREATE ROLE \"{role}\" LOGIN");
            return Some((Kind::NotFound, hint));
        }
        E::ReadOnlyServer => (
            Kind::Failure,
            "name the server that takes them; of several, target_session_attrs=read-write finds it",
        ),
        E::TriggersOff => (
            Kind::Failure,
            "a superuser set that for the user or the database, and can reset it",
        ),
        E::Encoding(_) => (
            Kind::Failure,
            "createdb --encoding=UTF8 --template=template0 makes one that can hold it",
        ),
        E::Lost(_) => (Kind::Failure, "try again once the server is there"),
        E::NotPermitted(_) => (Kind::NotPermitted, ""),
        E::Taken(_) => (Kind::Failure, ""),
        _ => return None,
    };
    Some((kind, hint.to_owned()))
}

/// How many ids a command in a hint names at most.
const HINTED: usize = 20;

/// What to do about a record of which a field cannot be read.
fn past_unreadable(noun: &str, id: &str, field: &str) -> String {
    let service = if noun == "service" { "service " } else { "" };
    let option = match field {
        "name" => "--name NAME",
        "system" => "--system SYSTEM",
        "group" => "--group GROUP",
        "settings" => "--set KEY=VALUE",
        "note" => "--note NOTE",
        "expires_at" => "--expires WHEN",
        "kind" => "--kind KIND",
        "schedule" => "--schedule WHEN",
        _ => "",
    };
    let import = format!("put the {noun} right: connctl import FILE --replace");
    let delete = format!("or remove it: connctl {service}delete {id}");
    if option.is_empty() {
        return format!("{import}\n{delete}");
    }
    format!("set what cannot be read: connctl {service}edit {id} {option}\nor {import}\n{delete}")
}

impl From<credentials::Error> for Error {
    fn from(error: credentials::Error) -> Self {
        Self::failure(error.to_string())
    }
}

impl From<config::Error> for Error {
    fn from(error: config::Error) -> Self {
        let shown = Self::usage(error.to_string());
        match error {
            config::Error::Open(_) => shown.hint("chmod o-w it, and see what stands in it"),
            _ => shown,
        }
    }
}
