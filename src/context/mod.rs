//! What a command works with: the store, the terminal, the time, and who is at work.
//!
//! The environment and the clock are read here and nowhere else, so that a command depends only on
//! what it is given.

#![expect(clippy::disallowed_methods, reason = "this is the place for them")]

mod governance;

use std::cell::{Cell, OnceCell};
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::{self, Config, OneOf};
use crate::error::{Error, Result};
use crate::model::{Actor, Permission, Time};
use crate::output::{Format, Style, Syntax, Visible};
use crate::platform::{self, PrivateFile};
use crate::store::{self, OpenOptions, Residue, Store};
use crate::ui::{Color, Ui};

/// Up to this size of the store in bytes, secrets that were removed are erased at once; it takes a
/// fraction of a second. Beyond, whoever removes them decides when.
const CHEAP_COMPACTION: u64 = 32 << 20;

/// What the command line says to every command.
#[derive(Debug, Default)]
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
    store: Option<PathBuf>,
    identity: Option<PathBuf>,
    busy_timeout: Option<Duration>,
    /// Who is at work, once somebody asked: to look a name up takes longer than a short list.
    actor: OnceCell<Actor>,
    sudo_user: Option<String>,
    task: Task,
    reason: Option<String>,
    hooks: Vec<Vec<String>>,
    /// The numbers of the first and the last entry of the audit trail that are still to be handed
    /// to the hooks.
    unannounced: Cell<Option<(u64, u64)>>,
}

impl Context {
    /// Brings flags, configuration and defaults together; flags come first.
    ///
    /// # Errors
    /// When the configuration cannot be used.
    pub fn new(flags: Flags, task: Task) -> Result<Self> {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let path =
            |flag: Option<PathBuf>, name: &str| flag.or_else(|| variable(name).map(Into::into));
        let configs = Config::load(path(flags.config, "CONNCTL_CONFIG").as_deref())?;
        // The user's own file comes last and has the last word, but a hook of one takes no hook of
        // another away.
        let hooks = configs
            .iter()
            .filter_map(|config| config.hooks.on_change.clone())
            .collect();
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
        let is_dumb = variable("TERM").is_some_and(|terminal| terminal == "dumb");
        let mut ui = Ui::new(color, variable("NO_COLOR").is_some() || is_dumb);
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
            store: path(flags.store, "CONNCTL_STORE").or(config.store),
            identity: variable("CONNCTL_IDENTITY")
                .map(PathBuf::from)
                .or(config.identity),
            busy_timeout: config.busy_timeout.map(|timeout| timeout.0),
            actor: OnceCell::new(),
            sudo_user: variable("SUDO_USER").and_then(|user| user.into_string().ok()),
            task,
            reason: flags.reason.filter(|reason| !reason.trim().is_empty()),
            hooks,
            unannounced: Cell::new(None),
        })
    }

    /// Who is at work.
    fn actor(&self) -> &Actor {
        self.actor
            .get_or_init(|| platform::actor(self.sudo_user.clone()))
    }

    /// The output format of a command that can give those of `possible`.
    ///
    /// # Errors
    /// When another one was asked for on the command line.
    pub fn format(&self, possible: &[Format]) -> Result<Format> {
        match self.output {
            Some(format) if !possible.contains(&format) => {
                let names: Vec<_> = possible.iter().map(|format| format.name()).collect();
                Err(Error::usage(format!(
                    "this command has no output format {}",
                    format.name()
                ))
                .hint(format!("use -o with one of: {}", names.join(", "))))
            }
            Some(format) => Ok(format),
            None if possible.contains(&self.usual_output) => Ok(self.usual_output),
            None => Ok(Format::Table),
        }
    }

    /// What the receiver of the output is like.
    #[must_use]
    pub fn style(&self) -> Style {
        Style {
            color: self.ui.colors_output(),
            terminal_width: self.ui.output_width(),
            null_separated: false,
        }
    }

    /// Where data in a format goes. It must be flushed.
    ///
    /// On a terminal nothing that it would obey passes; tables have seen to that themselves, and
    /// may hold colour.
    #[must_use]
    pub fn output(&self, format: impl Into<Syntax>) -> Output {
        Visible::new(self.ui.output(), self.syntax(format.into()))
    }

    /// Where a secret goes: as [`Context::output`], but nothing of it is held back in memory.
    ///
    /// # Errors
    /// When standard output is closed.
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

    /// The file of the store, if it is there.
    ///
    /// # Errors
    /// When there is no home folder.
    pub fn store_file(&self) -> Result<Option<PathBuf>> {
        let path = self.store_path()?;
        Ok(path.exists().then_some(path))
    }

    fn store_path(&self) -> Result<PathBuf> {
        match &self.store {
            Some(path) => Ok(path.clone()),
            None => Ok(config::default_store()?),
        }
    }

    /// The file with the private keys, which need not exist if it is the usual one.
    ///
    /// # Errors
    /// When there is no home folder.
    pub fn identity(&self) -> Result<PathBuf> {
        match &self.identity {
            Some(path) => Ok(path.clone()),
            None => Ok(config::default_identity()?),
        }
    }

    /// The value of an environment variable that the user named.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    /// Begins a file that will be at `path` once it is finished.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn replace_file(&self, path: &Path) -> std::io::Result<PrivateFile> {
        PrivateFile::new(path)
    }

    fn open_options(&self, create: bool) -> OpenOptions {
        let usual = OpenOptions::default();
        OpenOptions {
            create,
            busy_timeout: self.busy_timeout.unwrap_or(usual.busy_timeout),
            ..usual
        }
    }

    /// Opens the store, which need not exist at its usual place: then it is empty.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub fn open(&self) -> Result<Store> {
        self.open_with(self.open_options(false))
    }

    /// As [`Context::open`], for a change: from now on Ctrl-C undoes what is under way.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub fn open_to_change(&self) -> Result<Store> {
        let mut store = self.open_with(OpenOptions {
            interrupted: self.ui.watch_interrupts(),
            ..self.open_options(false)
        })?;
        self.erase_residue(&mut store, false);
        Ok(store)
    }

    /// What is to be done after every change that was committed: the hooks are told, and what is
    /// left in the store's file of secrets that were removed is erased. A failure of either is a
    /// warning, because the change has happened.
    pub fn after_change(&self, store: &mut Store) {
        self.announce(store);
        self.erase_residue(store, true);
    }

    /// What is to be done after a change that may have written ciphertext and was not committed.
    pub fn after_refusal(&self, store: &mut Store) {
        self.unannounced.take();
        self.erase_residue(store, true);
    }

    /// Erases what is left in the store's file of secrets that were removed, if that is cheap, and
    /// says what to do if it is not. The next writer tries again.
    fn erase_residue(&self, store: &mut Store, says_what_is_left: bool) {
        let later = "\"connctl compact\" erases it";
        match store.residue() {
            Ok(Residue::Left(size)) if size <= CHEAP_COMPACTION => {
                match store.compact() {
                    // Whoever may only read has removed nothing, and can do nothing about it.
                    Ok(()) | Err(store::Error::ReadOnly) => {}
                    Err(error) => self.ui.warn(&format!(
                        "ciphertext of removed secrets may be left in the store: {error}; {later}"
                    )),
                }
            }
            Ok(Residue::Left(_)) if says_what_is_left => self.ui.note(&format!(
                "Ciphertext of removed secrets may be left in unused pages of the store; {later}."
            )),
            // What cannot be read now is told by the work that follows.
            Ok(_) | Err(_) => {}
        }
    }

    fn open_with(&self, options: OpenOptions) -> Result<Store> {
        let path = self.store_path()?;
        let was_named = self.store.is_some();
        // A file without a byte is a store whose creation was cut off. Nothing is in it, and
        // whoever only looks leaves it as it is.
        let is_blank = |path: &Path| {
            std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() == 0)
        };
        if (was_named || path.exists()) && !is_blank(&path) {
            return Ok(Store::open(&path, options)?);
        }
        self.ui
            .note("There is no store yet; \"connctl add\" or \"connctl import\" makes one.");
        Ok(Store::in_memory()?)
    }

    /// Opens the store if there is one.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub fn open_if_there(&self) -> Result<Option<Store>> {
        match self.store_file()? {
            Some(path) => Ok(Some(Store::open(&path, self.open_options(false))?)),
            None => Ok(None),
        }
    }

    /// Opens the store, and makes it where there is none: at the usual place with its folder, at a
    /// place of the user's choice in a folder that exists.
    ///
    /// # Errors
    /// When the store cannot be used or made.
    pub fn open_or_create(&self) -> Result<Store> {
        let options = OpenOptions {
            interrupted: self.ui.watch_interrupts(),
            ..self.open_options(true)
        };
        self.create_with(options)
    }

    /// As [`Context::open_or_create`], but Ctrl-C ends the program, as is right while it waits for
    /// standard input; what was under way is undone by whoever opens the store next.
    ///
    /// # Errors
    /// When the store cannot be used or made.
    pub fn open_or_create_uninterrupted(&self) -> Result<Store> {
        self.create_with(self.open_options(true))
    }

    fn create_with(&self, options: OpenOptions) -> Result<Store> {
        let mut store = self.opened_or_created(options)?;
        self.erase_residue(&mut store, false);
        Ok(store)
    }

    fn opened_or_created(&self, options: OpenOptions) -> Result<Store> {
        let path = self.store_path()?;
        if self.store.is_none()
            && let Some(folder) = path.parent()
        {
            platform::create_private_folder(folder).map_err(|error| {
                Error::failure(format!("cannot create {}: {error}", folder.display()))
                    .caused_by(error)
            })?;
        }
        Ok(Store::open(&path, options)?)
    }
}

/// Where data goes.
pub type Output = Visible<BufWriter<Box<dyn Write>>>;
