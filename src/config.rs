//! The configuration file and the folders of the platform.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::Deserialize;

use crate::model::tree::Tree;
use crate::model::{Duration, InvalidDuration, text};
use crate::platform;

/// The greatest size of a configuration file, in bytes.
const FILE_LIMIT: usize = 1 << 20;

/// What a configuration file can say. A flag or an environment variable overrides it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub struct Config {
    /// The store. A relative path starts at the folder of the configuration file, `~/` at home.
    pub store: Option<PathBuf>,
    /// The output format of commands that can give it.
    pub output: Option<OneOf<Outputs>>,
    /// `auto`, `always` or `never`.
    pub color: Option<OneOf<Colors>>,
    /// The file with the private keys. A relative path starts as that of the store does.
    pub identity: Option<PathBuf>,
    /// How long to wait for another process that holds the store.
    pub busy_timeout: Option<Timeout>,
    /// Whether a store may be changed although everybody may write its folder.
    pub allow_shared_folder: Option<bool>,
    /// Programs to run.
    #[serde(default)]
    pub hooks: Hooks,
    /// Programs to ask before anything is deleted, by name.
    #[serde(default)]
    pub guards: BTreeMap<String, Guard>,
}

/// Programs that are run when something happens.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub struct Hooks {
    /// A program and its arguments; it gets the entries of the audit trail that a change made, one
    /// JSON object a line, on its standard input.
    #[serde(default, deserialize_with = "program")]
    pub on_change: Option<Vec<String>>,
}

/// A program that knows of uses which no store knows of.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub struct Guard {
    /// The program and its arguments; it gets ids on its standard input, one a line, and answers
    /// with an object a line for each use that it knows of.
    #[serde(deserialize_with = "words")]
    pub command: Vec<String>,
    /// How long it may take.
    #[serde(default = "Guard::timeout")]
    pub timeout: Timeout,
    /// The file that says so.
    #[serde(skip)]
    pub file: PathBuf,
}

impl Guard {
    /// How long a guard may take if nobody says otherwise.
    fn timeout() -> Timeout {
        Timeout(std::time::Duration::from_secs(5))
    }
}

fn program<'de, D>(deserializer: D) -> std::result::Result<Option<Vec<String>>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    words(deserializer).map(Some)
}

fn words<'de, D>(deserializer: D) -> std::result::Result<Vec<String>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    let words = Vec::deserialize(deserializer)?;
    if words.is_empty() {
        return Err(serde::de::Error::custom(
            "a program is needed here, and its arguments after it",
        ));
    }
    Ok(words)
}

/// A word out of a few.
#[derive(Debug, Clone)]
pub struct OneOf<L> {
    word: String,
    list: PhantomData<L>,
}

/// The words that a [`OneOf`] may be.
pub trait Words {
    /// Every one of them.
    const ALL: &'static [&'static str];
}

/// The output formats.
#[derive(Debug, Clone)]
pub struct Outputs;

impl Words for Outputs {
    const ALL: &'static [&'static str] = &["table", "json", "ndjson", "csv", "tsv", "ids"];
}

/// When to use colour.
#[derive(Debug, Clone)]
pub struct Colors;

impl Words for Colors {
    const ALL: &'static [&'static str] = &["auto", "always", "never"];
}

impl<L> OneOf<L> {
    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.word
    }
}

impl<'de, L: Words> Deserialize<'de> for OneOf<L> {
    fn deserialize<D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        if L::ALL.contains(&word.as_str()) {
            return Ok(Self {
                word,
                list: PhantomData,
            });
        }
        Err(serde::de::Error::custom(format_args!(
            "this cannot be {}; use one of: {}",
            text::Quoted::from(word.as_str()),
            L::ALL.join(", ")
        )))
    }
}

/// A duration whose length does not depend on the calendar: at most a day.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub struct Timeout(pub std::time::Duration);

/// A text that does not say how long to wait.
#[derive(Debug, thiserror::Error)]
pub enum InvalidTimeout {
    /// It is no such duration.
    #[error("{0} is not a duration of at most a day, such as 5s or 2min")]
    Form(text::Quoted),
    /// It could be several.
    #[error(transparent)]
    Unclear(InvalidDuration),
}

impl TryFrom<String> for Timeout {
    type Error = InvalidTimeout;

    fn try_from(text: String) -> std::result::Result<Self, InvalidTimeout> {
        const LONGEST: std::time::Duration = std::time::Duration::from_hours(24);
        let refused = || InvalidTimeout::Form(text.as_str().into());
        let duration: Duration = text.parse().map_err(|error| match error {
            InvalidDuration::Form(_) => refused(),
            unclear @ InvalidDuration::Unclear { .. } => InvalidTimeout::Unclear(unclear),
        })?;
        let length = duration.try_into().map_err(|_| refused())?;
        if length > LONGEST {
            Err(refused())
        } else {
            Ok(Self(length))
        }
    }
}

/// The configuration of the whole machine, which is read before the user's own.
const SYSTEM_CONFIG: &str = "/etc/connctl/config.toml";

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("cannot read the configuration {}: {source}", text::path(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's word.
        source: io::Error,
    },
    /// The content is wrong.
    #[error("{}:{line}: {message}", text::path(path))]
    Content {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// Everybody could say what runs whenever somebody changes a store.
    #[error(
        "everybody can write {}, where programs are named that run as whoever uses connctl; it was \
         not read, and nothing was changed",
        text::path(.0)
    )]
    Open(PathBuf),
    /// There is no home folder to find the platform's folders in.
    #[error("cannot find the home folder, so the place of the {0} is unknown; name it with a flag")]
    NoHome(&'static str),
}

impl Config {
    /// Reads the system-wide file, and then the file at `path` or the user's own one. Neither need
    /// exist unless it is named.
    ///
    /// # Errors
    /// When a named file does not exist, or a file cannot be read or has a key or value that means
    /// nothing.
    pub fn load(path: Option<&Path>) -> Result<Vec<Self>, Error> {
        let mut configs = Vec::new();
        for file in Self::paths(path) {
            let must_exist = Some(file.as_path()) == path;
            if file == Path::new(SYSTEM_CONFIG) {
                refuse_if_open(&file)?;
            }
            configs.extend(Self::read(&file, must_exist)?);
        }
        Ok(configs)
    }

    /// The files that are read, in this order, where `named` takes the place of the user's own one.
    #[must_use]
    pub fn paths(named: Option<&Path>) -> Vec<PathBuf> {
        let own = || Some(folders()?.config_dir().join("connctl").join("config.toml"));
        let last = named.map(Path::to_owned).or_else(own);
        [PathBuf::from(SYSTEM_CONFIG)]
            .into_iter()
            .chain(last)
            .collect()
    }

    /// This configuration where the other one says nothing, else the other one. Hooks and guards
    /// are left out: none takes another away.
    #[must_use]
    pub fn overridden_by(self, other: Self) -> Self {
        Self {
            store: other.store.or(self.store),
            output: other.output.or(self.output),
            color: other.color.or(self.color),
            identity: other.identity.or(self.identity),
            busy_timeout: other.busy_timeout.or(self.busy_timeout),
            allow_shared_folder: other.allow_shared_folder.or(self.allow_shared_folder),
            hooks: Hooks::default(),
            guards: BTreeMap::new(),
        }
    }

    /// The guards of all these configurations, each with its name. Of two with the same name none
    /// takes the place of the other.
    #[must_use]
    pub fn guards(configs: &[Self]) -> Vec<(String, Guard)> {
        let guards = configs.iter().flat_map(|config| config.guards.clone());
        guards.collect()
    }

    fn read(path: &Path, must_exist: bool) -> Result<Option<Self>, Error> {
        let read = File::open(path).and_then(|file| platform::read_text(file, FILE_LIMIT));
        let content = match read {
            Ok(content) => content,
            // A link to nothing was to be one to something.
            Err(error)
                if error.kind() == io::ErrorKind::NotFound && !must_exist && !path.is_symlink() =>
            {
                return Ok(None);
            }
            Err(source) => {
                return Err(Error::Read {
                    path: path.to_owned(),
                    source,
                });
            }
        };
        let mut config = Self::parse(&content, path)?;
        config.store = config.store.map(|store| resolve(&store, path));
        config.identity = config.identity.map(|identity| resolve(&identity, path));
        for guard in config.guards.values_mut() {
            path.clone_into(&mut guard.file);
        }
        Ok(Some(config))
    }

    /// Understands the content of the file at `path`.
    ///
    /// # Errors
    /// What is wrong, with the line.
    pub fn parse(content: &str, path: &Path) -> Result<Self, Error> {
        let read = Tree::from_toml(content).and_then(Tree::read);
        read.map_err(|error| {
            let (line, _) = error.place(content);
            let mut message = error.message().to_owned();
            if let Some(key) = unknown_key(&message)
                && let Some(near) = text::nearest(key, &KEYS)
            {
                message = format!("{message}; did you mean `{near}`?");
            }
            Error::Content {
                path: path.to_owned(),
                line,
                message,
            }
        })
    }
}

/// Refuses a file of the whole machine that others could have written, or put in its place.
fn refuse_if_open(path: &Path) -> Result<(), Error> {
    if !path.exists() {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("/"));
    let mut places = [path, folder].into_iter();
    match places.find(|place| platform::is_open_to_all(place)) {
        Some(open) => Err(Error::Open(open.to_owned())),
        None => Ok(()),
    }
}

/// Every key of a configuration file.
const KEYS: [&str; 8] = [
    "store",
    "output",
    "color",
    "identity",
    "busy_timeout",
    "allow_shared_folder",
    "hooks",
    "guards",
];

fn unknown_key(message: &str) -> Option<&str> {
    message.strip_prefix("unknown field `")?.split('`').next()
}

fn resolve(store: &Path, config: &Path) -> PathBuf {
    match config.parent() {
        Some(folder) if !store.starts_with("~") && !is_url(store) => folder.join(store),
        _ => at_home(store),
    }
}

/// The path with the home folder in place of the `~` that it begins with, if it does.
#[must_use]
pub fn at_home(path: &Path) -> PathBuf {
    let home = || platform::has_home().then(etcetera::home_dir)?.ok();
    match (path.strip_prefix("~"), home()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// The folders of this user, if there is a home.
fn folders() -> Option<impl BaseStrategy> {
    let folders = platform::has_home().then(etcetera::choose_base_strategy)?;
    folders.ok()
}

/// Where the private keys are when nobody says otherwise.
///
/// # Errors
/// When there is no home folder.
pub fn default_identity() -> Result<PathBuf, Error> {
    folders()
        .map(|folders| folders.config_dir().join("connctl").join("identity.txt"))
        .ok_or(Error::NoHome("identity"))
}

/// Whether this names a store on a server, and no file.
#[must_use]
pub fn is_url(store: &Path) -> bool {
    store.to_string_lossy().contains("://")
}

/// Where the store is when nobody says otherwise.
///
/// # Errors
/// When there is no home folder.
pub fn default_store() -> Result<PathBuf, Error> {
    folders()
        .map(|folders| folders.data_dir().join("connctl").join("store.db"))
        .ok_or(Error::NoHome("store"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(content: &str) -> String {
        Config::parse(content, Path::new("config.toml"))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn reads_every_key() {
        let content = "store = 's.db'\noutput = 'json'\ncolor = 'never'\nidentity = 'k'\nbusy_timeout = '1m30s'\nallow_shared_folder = true\n\
                       hooks = { on_change = ['x'] }\nguards = { git = { command = ['y'] } }";
        let config = Config::parse(content, Path::new("config.toml")).unwrap();
        assert_eq!(config.busy_timeout.unwrap().0.as_secs(), 90);
        assert_eq!(config.guards["git"].timeout.0.as_secs(), 5);
        let keys: Vec<_> = content
            .lines()
            .map(|line| line.split(' ').next().unwrap())
            .collect();
        assert_eq!(keys, KEYS);
    }

    #[test]
    fn what_everybody_can_write_says_nothing_for_the_whole_machine() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let set = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let open = || match refuse_if_open(&file) {
            Ok(()) => None,
            Err(Error::Open(path)) => Some(path),
            Err(other) => panic!("{other}"),
        };
        set(folder.path(), 0o777);
        assert_eq!(open(), None, "there is none");
        std::fs::write(&file, "").unwrap();
        assert_eq!(open().as_deref(), Some(folder.path()));
        set(folder.path(), 0o1777);
        assert_eq!(open().as_deref(), Some(folder.path()));
        set(folder.path(), 0o755);
        set(&file, 0o664);
        assert_eq!(open(), None);
        set(&file, 0o646);
        assert_eq!(open(), Some(file.clone()));
    }

    #[test]
    fn a_link_to_nothing_is_not_as_good_as_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::os::unix::fs::symlink("gone", &file).unwrap();
        assert!(
            Config::read(&folder.path().join("other"), false)
                .unwrap()
                .is_none()
        );
        let error = Config::read(&file, false).unwrap_err().to_string();
        assert!(
            error.starts_with("cannot read the configuration "),
            "{error}"
        );
    }

    #[test]
    fn a_mistake_is_named_with_its_line() {
        assert_eq!(
            message("\nstroe = 'x'"),
            "config.toml:2: unknown field `stroe`, expected one of `store`, `output`, `color`, \
             `identity`, `busy_timeout`, `allow_shared_folder`, `hooks`, `guards`; did you mean `store`?"
        );
        assert_eq!(
            message("# the output\n\noutput = 'xml'"),
            "config.toml:3: this cannot be \"xml\"; use one of: table, json, ndjson, csv, tsv, ids"
        );
        assert!(message("busy_timeout = 'soon'").starts_with("config.toml:1: "));
        assert!(message("busy_timeout = '2mo'").starts_with("config.toml:1: "));
        assert!(message("busy_timeout = '30d'").starts_with("config.toml:1: "));
        assert!(message("[guards.x]\ncommand = []").starts_with("config.toml:2: "));
        assert!(message("[guards.x]\ntimeout = '5s'").contains("missing field `command`"));
        assert!(message("[guards.x]\ncommand = ['y']\nscope = 1").starts_with("config.toml:3: "));
    }

    #[test]
    fn a_guard_of_one_file_takes_none_of_another_away() {
        let content = [
            "[guards.git]\ncommand = ['a']",
            "[guards.git]\ncommand = ['b']",
        ];
        let configs =
            content.map(|content| Config::parse(content, Path::new("config.toml")).unwrap());
        let guards = Config::guards(&configs);
        let programs: Vec<_> = guards.iter().map(|(_, guard)| &guard.command[0]).collect();
        assert_eq!(programs, ["a", "b"]);
    }

    #[test]
    fn a_relative_store_lies_beside_the_configuration() {
        assert_eq!(
            resolve(Path::new("s.db"), Path::new("/etc/c/config.toml")),
            Path::new("/etc/c/s.db")
        );
        assert_eq!(
            resolve(Path::new("/s.db"), Path::new("/etc/c/config.toml")),
            Path::new("/s.db")
        );
    }
}
