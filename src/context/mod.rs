//! What a command works with: the store, the terminal, the time, and who is at work.
//!
//! The environment and the clock are read here and nowhere else, so that a command depends only on
//! what it is given.

#![expect(clippy::disallowed_methods, reason = "this is the place for them")]

mod change;
mod files;
mod governance;
mod guards;
mod hooks;
mod list;
mod place;
mod restore;
mod trial;

pub use crate::config::Guard;
pub use change::{Change, Intent, Refusal};
pub use files::{NewFile, not_written};
pub use list::List;
use place::Place;

use std::ops::Deref;

use std::cell::{Cell, OnceCell, RefCell};
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::config::{self, Config, OneOf};
use crate::error::{Error, Result};
use crate::model::{Actor, ChainedAnew, Permission, TEXT_LIMIT, Time, UserName, text};
use crate::output::{Format, Style, Syntax, Visible};
use crate::platform;
use crate::store::{self, OpenOptions, ServerPlace, Store};
use crate::ui::{Color, HELD_OF_SERVER, HELD_OUTPUT, Ui, Wishes};

/// What the command line says to every command.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// The store.
    pub store: Option<PathBuf>,
    /// The configuration file.
    pub config: Option<PathBuf>,
    /// The output format.
    pub output: Option<Format>,
    /// When to use colour.
    pub color: Option<Color>,
    /// Say nothing but errors.
    pub quiet: bool,
    /// Say where errors come from.
    pub verbose: bool,
    /// Never ask.
    pub no_input: bool,
    /// Why this is done.
    pub reason: Option<String>,
    /// Whether tables are as wide as what stands in them, whatever the terminal.
    pub wide: bool,
}

impl Flags {
    /// The paths as a shell would hand them over: with the home folder in place of `~`.
    #[must_use]
    pub fn at_home(self) -> Self {
        let at_home = |path: Option<PathBuf>| path.map(|path| config::at_home(&path));
        Self {
            store: at_home(self.store),
            config: at_home(self.config),
            ..self
        }
    }
}

/// Which command of the program is at work, and what it needs.
#[derive(Debug, Clone)]
pub struct Task {
    /// Its words: `service delete`.
    pub command: String,
    /// What the user must be allowed to do.
    pub permission: Permission,
}

/// What a command works with.
pub struct Context {
    /// The person at the terminal.
    pub ui: Ui,
    /// When the command began.
    pub now: Time,
    output: Option<Format>,
    usual_output: Format,
    wide: bool,
    /// Where the store is, if somebody said so.
    place: Option<Place>,
    /// Whom the server of the store takes the user for, once it was asked.
    user_on_server: OnceCell<UserName>,
    /// The configuration file that was named.
    config: Option<PathBuf>,
    identity: Option<PathBuf>,
    busy_timeout: Option<Duration>,
    allow_shared_folder: bool,
    /// Who is at work, once somebody asked: to look a name up takes longer than a short list.
    actor: OnceCell<Actor>,
    sudo_user: Option<String>,
    task: Task,
    reason: Option<String>,
    hooks: Vec<Vec<String>>,
    /// Who is asked before anything is deleted; `None` in a guard.
    guards: Option<Vec<(String, Guard)>>,
    /// The environment variables that the user named: what is in them may be secret.
    named_variables: RefCell<Vec<String>>,
    /// Whether the command only says what would happen.
    is_dry_run: Cell<bool>,
}

/// The value of a variable, if it is set to anything.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// What the environment says of every terminal.
pub fn wishes() -> Wishes {
    let is_still = variable("TERM").is_some_and(|terminal| terminal == "dumb");
    Wishes {
        no_color: is_still || variable("NO_COLOR").is_some(),
        is_still,
    }
}

impl Context {
    /// Brings flags, configuration and defaults together; flags come first.
    pub fn new(flags: Flags, task: Task) -> Result<Self> {
        if flags
            .reason
            .as_ref()
            .is_some_and(|reason| reason.len() > TEXT_LIMIT)
        {
            return Err(Error::usage(format!(
                "the reason has more than {TEXT_LIMIT} bytes, the most that the audit trail keeps; \
                 nothing was changed"
            )));
        }
        let path =
            |flag: Option<PathBuf>, name: &str| flag.or_else(|| variable(name).map(Into::into));
        let named_config = path(flags.config, "CONNCTL_CONFIG");
        let configs = Config::load(named_config.as_deref())?;
        // The user's own file comes last and has the last word, but a hook of one takes no hook of
        // another away. What a hook does is told to nobody, else it would be told to itself.
        let is_in_hook = variable(platform::IN_HOOK).is_some();
        let hooks = configs.iter().filter(|_| !is_in_hook);
        let hooks = hooks
            .filter_map(|config| config.hooks.on_change.clone())
            .collect();
        let is_in_guard = variable(platform::IN_GUARD).is_some();
        let guards = (!is_in_guard).then(|| Config::guards(&configs));
        let config = configs
            .into_iter()
            .fold(Config::default(), Config::overridden_by);
        let color = flags
            .color
            .unwrap_or(match config.color.as_ref().map(OneOf::as_str) {
                Some("always") => Color::Always,
                Some("never") => Color::Never,
                _ => Color::Auto,
            });
        let mut ui = Ui::new(color, wishes());
        // A program that reads errors as JSON is not told what went well.
        ui.quiet = flags.quiet || flags.output.is_some_and(Format::is_json) && !ui.is_seen();
        ui.verbose = flags.verbose;
        ui.no_input = flags.no_input;
        let usual_output = config
            .output
            .as_ref()
            .and_then(|word| Format::from_name(word.as_str()))
            .unwrap_or(Format::Table);
        ui.json = flags.output.unwrap_or(usual_output).is_json();
        Ok(Self {
            ui,
            now: Time::from_timestamp(jiff::Timestamp::now()),
            output: flags.output,
            usual_output,
            wide: flags.wide,
            place: place::place(flags.store, path(None, "CONNCTL_STORE").or(config.store))?,
            user_on_server: OnceCell::new(),
            identity: variable("CONNCTL_IDENTITY")
                .map(PathBuf::from)
                .or(config.identity),
            config: named_config,
            busy_timeout: config.busy_timeout.map(|timeout| timeout.0),
            allow_shared_folder: config.allow_shared_folder.unwrap_or(false),
            actor: OnceCell::new(),
            sudo_user: variable("SUDO_USER").and_then(|user| user.into_string().ok()),
            task,
            reason: flags.reason.filter(|reason| !reason.trim().is_empty()),
            hooks,
            guards,
            named_variables: RefCell::default(),
            is_dry_run: Cell::default(),
        })
    }

    /// Who is at work.
    fn actor(&self) -> &Actor {
        self.actor
            .get_or_init(|| platform::actor(self.sudo_user.clone()))
    }

    /// The output format of a command that can give those of `possible`.
    pub fn format(&self, possible: &[Format]) -> Result<Format> {
        match self.output {
            Some(format) if !possible.contains(&format) => {
                let names: Vec<_> = possible.iter().map(|format| format.name()).collect();
                let hint = match names.as_slice() {
                    [_] => "leave -o out".to_owned(),
                    names => format!("use -o with one of: {}", names.join(", ")),
                };
                Err(Error::usage(format!(
                    "this command has no output format {}",
                    format.name()
                ))
                .hint(hint))
            }
            Some(format) => Ok(format),
            None if possible.contains(&self.usual_output) => Ok(self.usual_output),
            None => Ok(Format::Table),
        }
    }

    /// What the receiver of the output is like.
    pub fn style(&self) -> Style {
        Style {
            color: self.ui.colors_output(),
            terminal_width: self.ui.output_width(),
            wide: self.wide,
            says_closing: self.ui.is_watched() && !self.ui.quiet,
            now: Some(self.now),
            null_separated: false,
        }
    }

    /// Where data in a format goes. It must be flushed.
    ///
    /// On a terminal nothing that it would obey passes; tables have seen to that themselves, and
    /// may hold colour.
    pub fn output(&self, format: impl Into<Syntax>) -> Output {
        let held = if self.is_on_server() {
            HELD_OF_SERVER
        } else {
            HELD_OUTPUT
        };
        Visible::new(self.ui.output(held), self.syntax(format.into()))
    }

    /// Where a secret goes: as [`Context::output`], but nothing of it is held back in memory.
    pub fn unheld_output(&self) -> std::io::Result<Visible<File>> {
        let out = platform::unheld_stdout()?;
        Ok(Visible::new(out, self.syntax(Syntax::Text)))
    }

    /// The syntax in which what is written is made visible: only a terminal obeys anything.
    fn syntax(&self, syntax: Syntax) -> Syntax {
        match self.ui.output_width() {
            Some(_) => syntax,
            None => Syntax::Seen,
        }
    }

    /// Where the store is or would be, as people are told.
    pub fn store_place(&self) -> Result<String> {
        match &self.place {
            Some(Place::Server(server)) => Ok(server.to_string()),
            _ => Ok(text::path(&self.store_path()?)),
        }
    }

    /// The file of the store, if it is there. On a server there is none.
    pub fn store_file(&self) -> Result<Option<PathBuf>> {
        if self.is_on_server() {
            return Ok(None);
        }
        let path = self.store_path()?;
        Ok(path.exists().then_some(path))
    }

    /// Whether the store is on a server.
    pub fn is_on_server(&self) -> bool {
        matches!(self.place, Some(Place::Server(_)))
    }

    /// Checks that the store is in a file: a server has tools of its own for what is done to one.
    pub fn require_file(&self, why: &str, instead: &str) -> Result<()> {
        if !self.is_on_server() {
            return Ok(());
        }
        let message = format!("{}: {why}; nothing was changed", store::Error::NoFile);
        Err(Error::usage(message).hint(instead))
    }

    fn store_path(&self) -> Result<PathBuf> {
        match &self.place {
            Some(Place::File(path)) => Ok(path.clone()),
            Some(Place::Server(_)) => Err(store::Error::NoFile.into()),
            None => Ok(config::default_store()?),
        }
    }

    /// The file with the private keys, which need not exist if it is the usual one.
    pub fn identity(&self) -> Result<PathBuf> {
        match &self.identity {
            Some(path) => Ok(path.clone()),
            None => Ok(config::default_identity()?),
        }
    }

    /// The value of an environment variable that the user named.
    pub fn variable(&self, name: &str) -> Option<OsString> {
        self.named_variables.borrow_mut().push(name.to_owned());
        std::env::var_os(name)
    }

    /// Whether there is an environment variable of this name.
    pub fn has_variable(&self, name: &str) -> bool {
        std::env::var_os(name).is_some()
    }

    /// The environment of a program that is run beside this one, with a variable that tells it so:
    /// none of those that the user named is in it.
    fn environment(&self, mark: &str) -> Vec<(OsString, OsString)> {
        let named = self.named_variables.borrow();
        let mut variables: Vec<_> = std::env::vars_os()
            .filter(|(name, _)| name != mark && !named.iter().any(|named| name == &**named))
            .collect();
        variables.push((mark.into(), "1".into()));
        variables
    }

    fn open_options(&self) -> OpenOptions {
        let usual = OpenOptions::default();
        OpenOptions {
            busy_timeout: self.busy_timeout.unwrap_or(usual.busy_timeout),
            allow_shared_folder: self.allow_shared_folder,
            interrupted: Arc::clone(platform::signals().flag()),
            ..usual
        }
    }

    /// Opens the store to look at it. It need not exist at its usual place: then it is empty.
    pub fn open(&self) -> Result<Reader> {
        self.open_with(&self.open_options())
    }

    /// As [`Context::open`], for a dry run, which upgrades and records nothing.
    pub fn open_for_dry_run(&self) -> Result<Reader> {
        self.is_dry_run.set(true);
        self.open_with(&OpenOptions {
            upgrade: false,
            ..self.open_options()
        })
    }

    fn open_with(&self, options: &OpenOptions) -> Result<Reader> {
        if let Some(store) = self.opened(options)? {
            return Ok(Reader(store));
        }
        let path = self.store_path()?;
        if self.place.is_some() && !path.exists() {
            return Err(store::Error::Missing(path).into());
        }
        self.ui
            .note("There is no store yet; \"connctl init\" or \"connctl import\" makes one.");
        Ok(Reader(Store::in_memory()?))
    }

    /// Opens the store to look at what is about to be changed, so it must exist.
    pub fn open_existing(&self) -> Result<Reader> {
        match self.open_if_there()? {
            Some(store) => Ok(store),
            None => Err(store::Error::Missing(self.store_path()?).into()),
        }
    }

    /// Opens the store if there is one.
    pub fn open_if_there(&self) -> Result<Option<Reader>> {
        Ok(self.opened(&self.open_options())?.map(Reader))
    }

    /// Opens the store for a glance, if there is one and nobody holds it: nothing of it is changed,
    /// nothing is waited for, and nobody is told anything.
    pub fn open_to_glance(&self) -> Result<Option<Reader>> {
        let options = OpenOptions {
            upgrade: false,
            read_only: true,
            busy_timeout: Duration::ZERO,
            ..self.open_options()
        };
        Ok(self.opened(&options)?.map(Reader))
    }

    /// The store, unless it is missing or blank: a store whose creation was cut off. Nothing is in
    /// that, and whoever only looks leaves it as it is.
    fn opened(&self, options: &OpenOptions) -> Result<Option<Store>> {
        if let Some(Place::Server(server)) = &self.place {
            return self.connect(server, options.clone()).map(Some);
        }
        let path = self.store_path()?;
        if !path.exists() {
            return Ok(None);
        }
        let store = self.open_at(&path, options.clone())?;
        Ok((!store.is_blank()?).then_some(store))
    }

    /// Opens the store for a change, and makes it where there is none if the change may: at the
    /// usual place with its folder, at a place of the user's choice in a folder that exists.
    fn open_to_change(&self, creates: bool) -> Result<Store> {
        if !creates || self.is_on_server() {
            return Ok(self.open_existing()?.0);
        }
        let path = self.store_path()?;
        if self.place.is_none()
            && let Some(folder) = path.parent()
        {
            platform::create_private_folder(folder).map_err(|error| {
                Error::failure(format!("cannot create {}: {error}", text::path(folder)))
                    .caused_by(error)
            })?;
        }
        let options = OpenOptions {
            create: true,
            ..self.open_options()
        };
        self.open_at(&path, options)
    }

    fn connect(&self, server: &ServerPlace, options: OpenOptions) -> Result<Store> {
        let store = Store::connect(server, options)?;
        if let Some(user) = store.user() {
            self.user_on_server.get_or_init(|| user.clone());
        }
        Ok(store)
    }

    /// Whom the store takes the user for: a server knows users of its own.
    fn user(&self) -> &UserName {
        self.user_on_server
            .get()
            .unwrap_or_else(|| &self.actor().user)
    }

    /// Opens the store in a file, and tells what an upgrade did to the trail: whoever noted its head
    /// needs the new one.
    fn open_at(&self, path: &Path, options: OpenOptions) -> Result<Store> {
        let store = Store::open(path, options)?;
        if let Some(ChainedAnew { before, after }) = store.chained_anew()? {
            self.ui.warn(&format!(
                "the values of settings and the notes were taken out of the audit trail, which was \
                 chained anew; its head was {}, and is {} now",
                before.hash, after.hash
            ));
        }
        Ok(store)
    }
}

/// A store that is only looked at.
pub struct Reader(Store);

impl Deref for Reader {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.0
    }
}

/// Where data goes.
pub type Output = Visible<BufWriter<Box<dyn Write>>>;
