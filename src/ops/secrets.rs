//! Reading the values of secrets from where the user says, and encrypting them.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use serde_json::json;
use zeroize::Zeroizing;

use super::keys::{self, FirstRecipients};
use super::{ask, lookup, trial};
use crate::context::{Change, Context, Intent};
use crate::credentials::{self, Identities, Recipient, Sealer};
use crate::error::{Error, Kind, Result};
use crate::model::{
    Action, Connector, ConnectorId, Environment, MAX_SECRET_SIZE, Secret, SecretName, Time, is_mask,
};
use crate::platform;
use crate::store::{self, Snapshot};

/// Where the value of a secret comes from.
enum Source {
    /// The person at the terminal.
    Terminal,
    File(PathBuf),
    Variable(String),
    Stdin,
}

impl Source {
    fn is_stdin(&self) -> bool {
        matches!(self, Self::Stdin)
    }
}

/// The name of a secret, given on the command line.
///
/// It arrives as plain text for the same reason as the arguments of [`Given::parse`].
pub fn name(argument: &str) -> Result<SecretName> {
    argument.parse().map_err(|_| {
        Error::usage("this is not the name of a secret")
            .hint("a name has 1 to 128 letters, digits, '.', '_' and '-'")
    })
}

/// Secrets given as `NAME[=SOURCE]`, each name once, whose values have not been read yet.
///
/// The arguments arrive as plain text and are looked at only here, because an error of the
/// command-line parser would repeat a value that somebody typed by mistake.
pub struct Given(Vec<(SecretName, Source)>);

impl Given {
    /// Takes the arguments apart.
    pub fn parse(arguments: &[String], context: &Context) -> Result<Self> {
        let mut sources: Vec<(SecretName, Source)> = Vec::new();
        for argument in arguments {
            let (name, source) = parse(argument)?;
            if sources.iter().any(|(other, _)| *other == name) {
                return Err(Error::usage(format!("secret {name} is given twice")));
            }
            if source.is_stdin() && sources.iter().any(|(_, other)| other.is_stdin()) {
                return Err(
                    Error::usage("standard input can be the source of one secret only")
                        .hint("give the others as NAME=@FILE or NAME=env:VARIABLE"),
                );
            }
            sources.push((name, source));
        }
        let given = Self(sources);
        if context.ui.is_typed_to() && given.takes_stdin() {
            return Err(
                Error::usage("standard input is a terminal, which would show the secret")
                    .hint("give NAME alone to be asked without showing it"),
            );
        }
        Ok(given)
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &SecretName> {
        self.0.iter().map(|(name, _)| name)
    }

    /// Whether standard input holds a value.
    pub fn takes_stdin(&self) -> bool {
        self.0.iter().any(|(_, source)| source.is_stdin())
    }

    /// Reads the values.
    pub fn read(self, context: &Context) -> Result<Vec<(SecretName, Secret)>> {
        platform::keep_memory_private();
        self.0
            .into_iter()
            .map(|(name, source)| {
                let value = read_one(&name, &source, context)?;
                Ok((name, value))
            })
            .collect()
    }
}

fn parse(argument: &str) -> Result<(SecretName, Source)> {
    let (name, source) = match argument.split_once('=') {
        None => (argument, None),
        Some((name, source)) => (name, Some(source)),
    };
    // Without "=" the whole argument may be a value, so an error must not repeat it.
    let name: SecretName = name.parse().map_err(|_| {
        Error::usage("a secret is given as NAME[=SOURCE]; this is not the name of a secret")
            .hint("a name has 1 to 128 letters, digits, '.', '_' and '-'")
    })?;
    let source = match source {
        None => Source::Terminal,
        Some("-") => Source::Stdin,
        Some(source) => {
            if let Some(path) = source.strip_prefix('@').filter(|path| !path.is_empty()) {
                Source::File(path.into())
            } else if let Some(variable) = source.strip_prefix("env:").filter(|v| !v.is_empty()) {
                Source::Variable(variable.to_owned())
            } else {
                // Nothing is repeated: a value in the wrong place may hold a "=" itself.
                return Err(Error::usage(
                    "the value of a secret is not taken from the command line, where other users \
                     and the shell's history would see it",
                )
                .hint(
                    "give NAME alone to be asked, NAME=@FILE, NAME=env:VARIABLE, or NAME=- for \
                     standard input",
                ));
            }
        }
    };
    Ok((name, source))
}

fn read_one(name: &SecretName, source: &Source, context: &Context) -> Result<Secret> {
    let value = match source {
        Source::Terminal => typed(name, context)?,
        Source::Stdin => read_stream(name, &mut io::stdin().lock(), "standard input")?,
        Source::File(path) => {
            // A value that begins with "@" looks like a file, so the name is not repeated.
            let mut file =
                File::open(path).map_err(|error| cannot_read(name, "its file", error))?;
            read_stream(name, &mut file, "its file")?
        }
        Source::Variable(variable) => match context.variable(variable) {
            Some(value) => Zeroizing::new(value.into_encoded_bytes()),
            None => {
                // "env:$KEY" instead of "env:KEY" makes it the value, which is not repeated.
                return Err(Error::usage(format!(
                    "the environment has no such variable for secret {name}; nothing was changed"
                ))
                .hint(format!(
                    "give the name of the variable, without a \"$\": {name}=env:VARIABLE"
                )));
            }
        },
    };
    check_value(name, &value)?;
    if credentials::looks_like_age(&value) {
        return Err(Error::usage(format!(
            "the value of secret {name} looks like an age file, which would be encrypted a second \
             time; nothing was changed"
        ))
        .hint("decrypt it first (age -d), or import it with its connector"));
    }
    if !matches!(source, Source::Terminal) && value.ends_with(b"\n") {
        context.ui.note(&format!(
            "The value of secret {name} ends in a line end, which is kept."
        ));
    }
    Ok(Secret::from(value))
}

/// Refuses a value that is empty or too long, or that only stands for one.
pub fn check_value(name: &SecretName, value: &[u8]) -> Result<()> {
    if value.is_empty() {
        return Err(Error::usage(format!(
            "the value of secret {name} is empty; nothing was changed"
        )));
    }
    if value.len() > MAX_SECRET_SIZE {
        return Err(Error::usage(format!(
            "the value of secret {name} has more than {MAX_SECRET_SIZE} bytes (1 MiB), the most \
             that a secret can have; nothing was changed"
        )));
    }
    if is_mask(value) {
        return Err(Error::usage(format!(
            "the value of secret {name} is a mask such as ****, ${{NAME}} or ENC[…], which only \
             stands for a value; nothing was changed"
        )));
    }
    Ok(())
}

fn cannot_read(name: &SecretName, source: &str, error: io::Error) -> Error {
    Error::usage(format!(
        "cannot read secret {name} from {source}: {error}; nothing was changed"
    ))
    .caused_by(error)
}

fn read_stream(
    name: &SecretName,
    input: &mut impl Read,
    source: &str,
) -> Result<Zeroizing<Vec<u8>>> {
    // Room for all of it from the start, so that it is never moved and left behind in memory.
    let mut value = Zeroizing::new(Vec::with_capacity(MAX_SECRET_SIZE + 1));
    input
        .take(MAX_SECRET_SIZE as u64 + 1)
        .read_to_end(&mut value)
        .map_err(|error| cannot_read(name, source, error))?;
    Ok(value)
}

fn typed(name: &SecretName, context: &Context) -> Result<Zeroizing<Vec<u8>>> {
    let elsewhere =
        format!("give {name}=@FILE, {name}=env:VARIABLE, or {name}=- for standard input");
    if !context.ui.can_ask(false) {
        return Err(Error::usage(format!(
            "nobody can be asked for the value of secret {name}; nothing was changed"
        ))
        .hint(elsewhere));
    }
    let ask = |question: &str| {
        ask::hidden(question, context).map_err(|error| match error.kind {
            Kind::Usage => error.hint(elsewhere.as_str()),
            _ => error,
        })
    };
    let first = ask(&format!("Value of {name} (not shown): "))?;
    let again = ask("The same again: ")?;
    if *first != *again {
        return Err(Error::usage(format!(
            "the two values of secret {name} differ; nothing was changed"
        )));
    }
    Ok(Zeroizing::new(first.as_bytes().to_vec()))
}

/// What encrypts for the recipients of the store. A store without any gets the `first`.
pub fn sealer(
    context: &Context,
    change: &Change<'_>,
    first: &FirstRecipients<'_>,
) -> Result<Sealer> {
    if change.recipients()?.is_empty() {
        keys::check_first(change)?;
        for recipient in first.get()? {
            change.add_recipient(recipient.as_str(), None, context.now)?;
            change.record(Action::KeyAdd, recipient.as_str(), None)?;
        }
    }
    sealer_of(change)
}

/// What encrypts for the recipients that the store has.
pub fn sealer_of(snapshot: &Snapshot<'_>) -> Result<Sealer> {
    let recipients: Vec<Recipient> = snapshot
        .recipients()?
        .iter()
        .map(|recipient| recipient.key.parse())
        .collect::<Result<_, credentials::Error>>()
        .map_err(|error| Error::failure(format!("the store's recipients: {error}")))?;
    Ok(Sealer::new(&recipients)?)
}

/// Asks before the value of a secret of a live connector is replaced.
pub fn confirm_replacement(
    connector: &Connector,
    given: &Given,
    context: &Context,
    intent: &Intent<'_>,
) -> Result<()> {
    if connector.environment != Environment::Live {
        return Ok(());
    }
    let replaced: Vec<_> = given
        .names()
        .filter(|name| connector.secrets.contains(name))
        .map(SecretName::as_str)
        .collect();
    let secrets = match replaced.as_slice() {
        [] => return Ok(()),
        [name] => format!("secret {name}"),
        names => format!("secrets {}", names.join(", ")),
    };
    let what = format!("{secrets} of the live connector {}", connector.id);
    let answer = ask::replacement(context, &what, given.takes_stdin());
    if let Err(error) = &answer
        && error.kind == Kind::Declined
    {
        context.record_declined(intent);
    }
    answer
}

/// Asks before a secret of a connector is removed.
pub fn confirm_removal(
    connector: &Connector,
    name: &SecretName,
    context: &Context,
    intent: &Intent<'_>,
    stdin_is_data: bool,
) -> Result<()> {
    let environment = connector.environment;
    let what = format!(
        "secret {name} of the {environment} connector {}",
        connector.id
    );
    let is_live = environment == Environment::Live;
    let answer = ask::removal(context, &what, is_live, name.as_str(), stdin_is_data);
    if let Err(error) = &answer
        && error.kind == Kind::Declined
    {
        context.record_declined(intent);
    }
    answer
}

/// Refuses to replace or remove one of these secrets of a live connector that nobody was asked
/// about, because it came after the question.
pub fn check_agreed<'a>(
    now: &Connector,
    shown: &Connector,
    mut names: impl Iterator<Item = &'a SecretName>,
) -> Result<()> {
    let is_new = |name| now.secrets.contains(name) && !shown.secrets.contains(name);
    if now.environment != Environment::Live || !names.any(is_new) {
        return Ok(());
    }
    let message = format!(
        "connector {} has changed since you looked; nothing was changed",
        now.id
    );
    Err(Error::new(Kind::Changed, message).hint("look again, then set the secret again"))
}

/// Encrypts and keeps the secrets of a connector.
pub fn keep(
    change: &Change<'_>,
    sealer: &Sealer,
    id: &ConnectorId,
    secrets: &[(SecretName, Secret)],
    now: Time,
) -> Result<()> {
    for (name, value) in secrets {
        let ciphertext = sealer.seal(value)?;
        change.set_secret(id, name, &ciphertext, now)?;
    }
    Ok(())
}

/// Reads secrets of a connector for whoever runs the program: those that `choose` names, each made
/// into what is handed over, which may be refused. That they are read is recorded before anybody gets
/// one, and of a connector on trial nobody does.
pub fn take<V>(
    context: &Context,
    id: &ConnectorId,
    identities: impl FnOnce() -> Result<Identities>,
    choose: impl FnOnce(&Snapshot<'_>) -> Result<Vec<SecretName>>,
    hand_over: impl Fn(&SecretName, Secret) -> Result<V>,
) -> Result<Vec<V>> {
    let store = context.open_existing()?;
    let intent = Intent::new(Action::SecretRead, id.as_str());
    context.check(&store, &intent)?;
    let snapshot = store.read()?;
    trial::check(&snapshot, [id])?;
    let names = choose(&snapshot)?;
    let stored = names.iter().map(|name| lookup::secret(&snapshot, id, name));
    let stored = stored.collect::<Result<Vec<_>>>()?;
    drop(snapshot);
    drop(store);
    if stored.is_empty() {
        return Ok(Vec::new());
    }
    let identities = identities()?;
    let values = names.iter().zip(&stored).map(|(name, ciphertext)| {
        let secret = keys::open(&identities, id, name, ciphertext)?;
        hand_over(name, secret)
    });
    let values = values.collect::<Result<Vec<_>>>()?;
    let recorded = context.change(&intent, |change| {
        // The trial may have begun since.
        trial::check(change, [id])?;
        for name in &names {
            let detail = Some(json!({"name": name}));
            change.record(Action::SecretRead, id.as_str(), detail)?;
        }
        Ok(change.set_last_used(id, context.now)?)
    });
    recorded.map_err(|error| unread(error, id))?;
    Ok(values)
}

/// Says why nobody gets to see a secret whose reading cannot be recorded.
fn unread(error: Error, id: &ConnectorId) -> Error {
    let source = error.source.as_ref();
    match source.and_then(|source| source.downcast_ref()) {
        Some(store::Error::ReadOnly | store::Error::ReadOnlyServer) => Error {
            message: format!(
                "no secret of connector {id} was read, because that is to be recorded and this \
                 user cannot write the store"
            ),
            ..error
        },
        _ => error,
    }
}
