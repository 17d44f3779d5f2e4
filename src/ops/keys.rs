//! The private keys of the user.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use super::ask;
use crate::context::{Change, Context, Intent};
use crate::credentials::{self, Identities, KeyFile, NamedRecipient, Person, Recipient};
use crate::error::{Error, Result};
use crate::model::{ConnectorId, Permission, Secret, SecretName, text};
use crate::platform;
use crate::store;
use crate::ui::{Line, Ui};

/// Reads the private keys in these files, or else those of the usual one, asking for passphrases.
pub fn load(files: &[PathBuf], context: &Context) -> Result<Identities> {
    platform::keep_memory_private();
    let files = if files.is_empty() {
        vec![context.identity()?]
    } else {
        files.to_vec()
    };
    let mut identities = Identities::default();
    for path in files {
        if let Some(mode) = platform::is_readable_by_others(&path) {
            context.ui.warn(&format!(
                "other users can read {} (mode {mode:04o}); chmod 600 it",
                text::path(&path)
            ));
        }
        let file = KeyFile::read(&path, plugin_person(context)).map_err(|error| {
            Error::failure(error.to_string()).hint(
                "name a file with private keys with --identity or CONNCTL_IDENTITY; \
                 \"connctl key init\" makes one",
            )
        })?;
        let opened = match file {
            KeyFile::Open(identities) => identities,
            KeyFile::Locked(locked) => {
                if !context.ui.can_ask(false) {
                    return Err(Error::usage(format!(
                        "{} takes a passphrase, and nobody can be asked for it",
                        text::path(locked.path())
                    )));
                }
                let question = format!("Passphrase of {}: ", text::path(locked.path()));
                let passphrase = ask::hidden(&question, context)?;
                locked.unlock(&passphrase)?
            }
        };
        for problem in opened.passed_over() {
            context
                .ui
                .warn(&format!("passed over in {}: {problem}", text::path(&path)));
        }
        identities.extend(opened);
    }
    Ok(identities)
}

/// As [`load`], but where no file is named, what takes a person or a plugin is left alone: nobody is
/// asked for what may not be needed.
pub fn at_hand(files: &[PathBuf], context: &Context) -> Result<Identities> {
    if !files.is_empty() {
        return load(files, context);
    }
    platform::keep_memory_private();
    let path = context.identity()?;
    Ok(match KeyFile::read(&path, plugin_person(context)) {
        Ok(KeyFile::Open(identities)) => identities.without_plugins(),
        _ => Identities::default(),
    })
}

/// Whom the plugins of some identities may tell and ask something.
struct PluginPerson(Ui);

impl Person for PluginPerson {
    fn tell(&self, message: &str) {
        self.0.note(message);
    }

    fn ask(&self, question: &str) -> Option<Zeroizing<String>> {
        if !self.0.can_ask(false) {
            return None;
        }
        match self.0.ask_hidden(&format!("{question} ")) {
            Ok(Line::Text(text)) => Some(text),
            _ => None,
        }
    }
}

fn plugin_person(context: &Context) -> Arc<dyn Person> {
    Arc::new(PluginPerson(context.ui.clone()))
}

/// The recipients that somebody means: a public key, or those in a file.
pub fn given(given: &OsStr) -> Result<Vec<NamedRecipient>> {
    let path = Path::new(given);
    // What is no text names a file; it is no key either.
    let text = given.to_str().unwrap_or_default();
    let looks_like_a_key = text.starts_with("age1") || text.starts_with("ssh-");
    match text.parse() {
        Ok(recipient) => Ok(vec![recipient]),
        Err(error @ credentials::Error::PrivateKey) => {
            Err(Error::usage(error.to_string()).hint("give the public key"))
        }
        Err(error @ credentials::Error::UnusableKey(_)) => Err(Error::usage(error.to_string())),
        Err(error) if looks_like_a_key && !path.exists() => Err(Error::usage(error.to_string())),
        Err(_) => credentials::read_recipients(path).map_err(|error| {
            let hint = match &error {
                credentials::Error::PrivateKeyInFile { .. } => {
                    "give its public key, which stands in the line \"# public key: …\" of an identity"
                }
                _ => "give a public key, or a file with public keys; connctl key list shows those in use",
            };
            Error::usage(error.to_string()).hint(hint)
        }),
    }
}

/// What a store without recipients is to encrypt for: the identity of this user. It is read before a
/// change begins, because its file may be slow to read.
pub enum Own {
    /// The store has recipients.
    Unneeded,
    /// These belong to it.
    Present(Vec<Recipient>),
    /// There is none yet; it is made once a secret is to be encrypted.
    Missing,
    /// Its file cannot be read, which matters only once a secret is to be encrypted.
    Unreadable(String),
}

impl Own {
    /// Reads the identity, if a secret is to be encrypted and the store has no recipients. Then only
    /// an admin may go on.
    pub fn read_if_needed(context: &Context, intent: &Intent<'_>, encrypts: bool) -> Result<Self> {
        if !encrypts {
            return Ok(Self::Unneeded);
        }
        if let Some(store) = context.open_if_there()? {
            if !store.read()?.recipients()?.is_empty() {
                return Ok(Self::Unneeded);
            }
            let first = intent.clone().needing(Permission::Govern);
            context.check(&store, &first).map_err(no_first)?;
        }
        Self::read(context)
    }

    /// Reads the identity.
    pub fn read(context: &Context) -> Result<Self> {
        let path = context.identity()?;
        if !path.exists() {
            return Ok(Self::Missing);
        }
        let file = KeyFile::read(&path, plugin_person(context));
        Ok(match file.and_then(|file| file.recipients()) {
            Ok(recipients) => Self::Present(recipients),
            Err(error) => Self::Unreadable(error.to_string()),
        })
    }

    /// What a rehearsal has, which makes no identity: one that nobody keeps takes its place.
    fn of_nobody(context: &Context) -> Self {
        let (_, recipient) = credentials::generate(context.now);
        Self::Present(vec![recipient])
    }

    /// Has `work` change the store for the recipients, with an identity made if there is none. That
    /// stays where the store would not have it, and is gone again where the change fails.
    pub fn introduce<T>(
        &self,
        context: &Context,
        work: impl FnOnce(&[Recipient]) -> Result<T>,
    ) -> Result<T> {
        let mut made = None;
        let recipients = self.recipients_or_make(context, &mut made)?;
        let done = work(&recipients);
        if let Some(made) = made {
            made.settle(context, done.as_ref().err().and_then(Error::of_store));
        }
        done
    }

    fn recipients_or_make(
        &self,
        context: &Context,
        made: &mut Option<Made>,
    ) -> Result<Vec<Recipient>> {
        match self {
            Self::Present(recipients) => Ok(recipients.clone()),
            Self::Unreadable(problem) => Err(Error::failure(problem.clone())
                .hint("add the recipient that belongs to it: connctl key add RECIPIENT")),
            Self::Unneeded => Err(Error::failure(
                "the store lost its recipients meanwhile; nothing was changed",
            )
            .hint("try again")),
            Self::Missing => {
                let made = match made {
                    Some(made) => made,
                    None => made.insert(Made::new(context)?),
                };
                Ok(vec![made.recipient.clone()])
            }
        }
    }

    /// Does what [`Own::change`] would, and undoes it, in a dry run or before the change.
    pub fn rehearse<T>(
        &self,
        context: &Context,
        intent: &Intent<'_>,
        is_dry_run: bool,
        work: impl FnOnce(&Change<'_>, &FirstRecipients<'_>) -> Result<T>,
    ) -> Result<T> {
        let of_nobody;
        let own = if matches!(self, Self::Missing) {
            of_nobody = Self::of_nobody(context);
            &of_nobody
        } else {
            self
        };
        let made = RefCell::new(None);
        let first = FirstRecipients { own, context, made };
        context.rehearse(intent, is_dry_run, |change| work(change, &first))
    }

    /// Changes the store. An identity that is made for that is gone again where the change fails.
    pub fn change<T>(
        &self,
        context: &Context,
        intent: &Intent<'_>,
        work: impl FnOnce(&Change<'_>, &FirstRecipients<'_>) -> Result<T>,
    ) -> Result<T> {
        let first = FirstRecipients {
            own: self,
            context,
            made: RefCell::new(None),
        };
        let done = context.change(intent, |change| work(change, &first));
        if let Some(made) = first.made.into_inner() {
            match &done {
                Err(error) if error.of_store().is_none() => made.take_back(context),
                done => made.settle(context, done.as_ref().err().and_then(Error::of_store)),
            }
        }
        done
    }
}

/// What a store without recipients is to encrypt for, while a change is under way.
pub struct FirstRecipients<'o> {
    own: &'o Own,
    context: &'o Context,
    /// The identity that was made for this change.
    made: RefCell<Option<Made>>,
}

impl FirstRecipients<'_> {
    /// The recipients, with an identity made if there is none.
    pub fn get(&self) -> Result<Vec<Recipient>> {
        let made = &mut self.made.borrow_mut();
        self.own.recipients_or_make(self.context, made)
    }
}

/// An identity that was made.
struct Made {
    path: PathBuf,
    recipient: Recipient,
}

impl Made {
    fn new(context: &Context) -> Result<Self> {
        let path = context.identity()?;
        context.keep(&path)?;
        let (identity, recipient) = credentials::generate(context.now);
        credentials::write_identity(&path, &identity).map_err(|error| {
            if platform::signals().is_raised() {
                return store::Error::Interrupted.into();
            }
            Error::from(error)
        })?;
        Ok(Self { path, recipient })
    }

    /// Says that there is one, or where the store failed takes it back. Whether the store has it can
    /// be uncertain; then it stays.
    fn settle(&self, context: &Context, failure: Option<&store::Error>) {
        match failure {
            None | Some(store::Error::Uncertain(_)) => self.say(context),
            Some(_) => self.take_back(context),
        }
    }

    fn say(&self, context: &Context) {
        context.ui.note(&format!(
            "Made a new identity in {}; its recipient is {}\n\
             Keep a copy of that file: without it, nobody can read the secrets.",
            text::path(&self.path),
            self.recipient
        ));
    }

    fn take_back(&self, context: &Context) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            let path = text::path(&self.path);
            context.ui.warn(&format!(
                "the new identity in {path} is not needed, and cannot be removed: {error}"
            ));
        }
    }
}

/// Lets nobody but an admin decide who is the first to read the secrets of a store.
pub fn check_first(change: &Change<'_>) -> Result<()> {
    change.require(Permission::Govern).map_err(no_first)
}

fn no_first(error: Error) -> Error {
    Error {
        message: format!(
            "the store has no recipients yet, and only an admin adds the first; {}",
            error.message
        ),
        ..error
    }
}

/// Decrypts a secret.
pub fn open(
    identities: &Identities,
    id: &ConnectorId,
    name: &SecretName,
    ciphertext: &[u8],
) -> Result<Secret> {
    identities.open(ciphertext).map_err(|error| {
        let message = format!("cannot read secret {name} of connector {id}: {error}");
        match error {
            credentials::Error::NoMatchingKey => Error::failure(message)
                .hint("name another file with private keys with --identity; connctl key list"),
            _ => Error::failure(message).hint("set the secret again, or restore it from a copy"),
        }
    })
}
