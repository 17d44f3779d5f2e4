//! Encrypting every secret anew, for the recipients that the store has now.

use std::path::PathBuf;

use super::keys;
use super::secrets;
use crate::context::{Change, Context, Reader};
use crate::credentials::{Audience, Identities};
use crate::error::{Error, Result};
use crate::model::{ConnectorId, SecretName, text};
use crate::store::Snapshot;

/// How many secrets that cannot be read are named at most.
const NAMED: usize = 10;

/// The private keys, unless there is nothing to read with them. Whoever leaves what cannot be read
/// need not have any.
///
/// They are read before the change begins, because a passphrase takes a person's time.
pub fn identities_if_needed(
    context: &Context,
    store: &Reader,
    files: &[PathBuf],
    leaves_unreadable: bool,
) -> Result<Identities> {
    let needs_none = leaves_unreadable && files.is_empty() && !context.identity()?.exists();
    if needs_none || store.read()?.count_secrets()? == 0 {
        return Ok(Identities::default());
    }
    keys::load(files, context)
}

/// What became of the secrets.
#[derive(Default)]
pub struct Resealed {
    /// How many were encrypted anew.
    count: usize,
    /// Those that no identity at hand can read.
    unreadable: Unreadable,
}

/// Secrets that no identity at hand can read.
#[derive(Default)]
struct Unreadable {
    count: usize,
    first: Option<(ConnectorId, SecretName)>,
    /// A line for each of the first.
    lines: Vec<String>,
}

impl Unreadable {
    fn add(&mut self, id: &ConnectorId, name: &SecretName, problem: &impl std::fmt::Display) {
        if self.first.is_none() {
            self.first = Some((id.clone(), name.clone()));
        }
        if self.lines.len() < NAMED {
            self.lines
                .push(format!("secret {name} of connector {id}: {problem}"));
        }
        self.count += 1;
    }

    fn lines(&self) -> String {
        let more = self.count - self.lines.len();
        let more = (more > 0).then(|| format!("… and {more} more"));
        let lines: Vec<_> = self.lines.iter().chain(&more).map(String::as_str).collect();
        lines.join("\n")
    }

    fn refusal(&self) -> Error {
        let ways = match &self.first {
            Some((id, name)) if self.count == 1 => {
                format!("delete it: connctl secret delete {id} {name}")
            }
            _ => "delete them: connctl secret delete ID NAME".to_owned(),
        };
        Error::failure(format!(
            "cannot read {}:\n{}\nnothing was changed",
            text::count(self.count, "secret"),
            self.lines()
        ))
        .hint(format!(
            "name another file with private keys with --identity, leave what cannot be read as it \
             is with --leave-unreadable, or {ways}"
        ))
    }
}

/// Encrypts every secret anew. What cannot be read refuses all of it, unless it is to be left.
pub fn all(
    context: &Context,
    change: &Change<'_>,
    identities: &Identities,
    leaves_unreadable: bool,
) -> Result<Resealed> {
    let sealer = secrets::sealer_of(change)?;
    // Recipients that do not go together are refused even where there is no secret yet.
    sealer.audience()?;
    let mut progress = context.ui.silent_progress("secrets encrypted anew");
    let mut resealed = Resealed::default();
    change.reseal_secrets(|stored| {
        progress.advance();
        match identities.open(&stored.ciphertext) {
            Ok(secret) => {
                resealed.count += 1;
                Ok::<_, Error>(Some(sealer.seal(&secret)?))
            }
            Err(error) => {
                let (id, name) = (&stored.connector, &stored.name);
                resealed.unreadable.add(id, name, &error);
                Ok(None)
            }
        }
    })?;
    if resealed.unreadable.count > 0 && !leaves_unreadable {
        return Err(resealed.unreadable.refusal());
    }
    Ok(resealed)
}

/// What the secrets tell about whom they are for.
#[derive(Default)]
pub struct Inspection {
    /// How many there are.
    pub count: usize,
    /// How many of them the identities at hand open.
    pub opened: usize,
    /// How many are for others than the recipients of the store, as far as they and the identities
    /// at hand tell.
    pub for_others: usize,
    /// The first of those.
    pub first: Vec<String>,
}

/// Looks at every secret.
pub fn inspect(snapshot: &Snapshot<'_>, identities: &Identities) -> Result<Inspection> {
    let sealer = secrets::sealer_of(snapshot)?;
    let audience = sealer.audience()?;
    let is_for_others = |ciphertext: &[u8]| {
        Audience::of(ciphertext).is_ok_and(|its_audience| its_audience != audience)
            || sealer.is_contradicted_by(identities, ciphertext)
    };
    let mut found = Inspection::default();
    snapshot.each_connector_with_secrets(|connector, secrets| {
        for (name, ciphertext) in &secrets {
            found.count += 1;
            found.opened += usize::from(identities.open(ciphertext).is_ok());
            if is_for_others(ciphertext) {
                found.for_others += 1;
                if found.first.len() < NAMED {
                    found.first.push(format!("{} {name}", connector.id));
                }
            }
        }
        Ok::<_, Error>(())
    })?;
    Ok(found)
}

impl Resealed {
    /// Says how many there were, and which are left.
    pub fn report(&self, context: &Context) {
        if self.count > 0 {
            context.ui.note(&format!(
                "Encrypted {} anew.",
                text::count(self.count, "secret")
            ));
        }
        if self.unreadable.count > 0 {
            context.ui.warn(&format!(
                "{} cannot be read, and {} encrypted as before:\n{}",
                text::count(self.unreadable.count, "secret"),
                if self.unreadable.count == 1 {
                    "stays"
                } else {
                    "stay"
                },
                self.unreadable.lines()
            ));
        }
    }

    /// Whether there was any secret.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count + self.unreadable.count == 0
    }
}
