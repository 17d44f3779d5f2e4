//! Secrets of an imported file: each ends up encrypted for the recipients of the store, as far as
//! the identities at hand can read it.

use std::collections::BTreeSet;

use serde::Serialize;
use zeroize::Zeroizing;

use super::Import;
use crate::context::{Change, Context};
use crate::credentials::{self, Audience, Identities, NamedRecipient, Recipient, Sealer};
use crate::error::{Error, Result};
use crate::input::Place;
use crate::model::{
    Action, ConnectorId, Permission, RecipientRecord, Secret, SecretName, SecretText, SecretsEdit,
    text,
};
use crate::ops::keys::FirstRecipients;
use crate::ops::secrets;

/// What became of the secrets of a file.
#[derive(Debug, Default, Serialize)]
pub struct SecretCount {
    /// Those with a new value, and those that came as ciphertext for the store's recipients.
    set: usize,
    /// Those whose value the store holds already.
    unchanged: usize,
    /// Those that came as ciphertext for others, and are for the store's recipients now.
    encrypted_anew: usize,
    /// Those that nobody here can read, which stay encrypted as they were.
    left_as_they_were: usize,
    /// Those that were set without anybody being able to tell whether that changed them.
    #[serde(skip)]
    untold: usize,
}

impl SecretCount {
    fn note(&mut self, fate: Fate) {
        *match fate {
            Fate::Set => &mut self.set,
            Fate::Unchanged => &mut self.unchanged,
            Fate::EncryptedAnew => &mut self.encrypted_anew,
            Fate::Left => &mut self.left_as_they_were,
        } += 1;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.set + self.unchanged + self.encrypted_anew + self.left_as_they_were == 0
    }

    /// Says what is worth knowing.
    pub(super) fn report(&self, context: &Context, is_dry_run: bool) {
        let count = |count| text::count(count, "secret");
        let would = |done: &str, would: &str, count: String| {
            if is_dry_run {
                format!("{count} would be {would}")
            } else {
                format!("{done} {count}")
            }
        };
        if self.encrypted_anew > 0 {
            let what = would("Encrypted", "encrypted", count(self.encrypted_anew));
            let note = format!("{what} anew for the recipients of this store.");
            context.ui.note(&note);
        }
        if self.untold > 0 {
            context.ui.note(&format!(
                "{} without knowing whether the values changed: no identity at hand can read the \
                 old ones.",
                would("Set", "set", count(self.untold))
            ));
        }
        if self.left_as_they_were > 0 {
            let (verb, pronoun) = match self.left_as_they_were {
                1 => ("stays", "it"),
                _ => ("stay", "them"),
            };
            context.ui.warn(&format!(
                "{} {verb} encrypted as in the file, because no identity at hand can read {pronoun}",
                count(self.left_as_they_were)
            ));
        }
    }
}

/// What becomes of one secret.
#[derive(Clone, Copy)]
enum Fate {
    Set,
    Unchanged,
    EncryptedAnew,
    Left,
}

/// What is to become of the secrets of a connector.
#[derive(Default)]
pub(super) struct Coming {
    /// Those that are set, each as ciphertext.
    pub(super) set: Vec<(SecretName, Vec<u8>)>,
    /// Those that go.
    gone: Vec<SecretName>,
    /// Whether all that are not set go.
    pub(super) others_go: bool,
}

impl Coming {
    /// Whether a secret of this name goes.
    pub(super) fn removes(&self, name: &SecretName) -> bool {
        let is_set = || self.set.iter().any(|(set, _)| set == name);
        self.gone.contains(name) || self.others_go && !is_set()
    }

    /// The names of all secrets afterwards, where these were the names before.
    pub(super) fn names(&self, before: &[SecretName]) -> Vec<SecretName> {
        let stay = before.iter().filter(|name| !self.removes(name));
        let set = self.set.iter().map(|(name, _)| name);
        let names: BTreeSet<_> = stay.chain(set).collect();
        names.into_iter().cloned().collect()
    }
}

/// Lets secrets in.
pub(super) struct Door<'c> {
    context: &'c Context,
    change: &'c Change<'c>,
    first: &'c FirstRecipients<'c>,
    identities: &'c Identities,
    /// Whether the recipients in the file become those of the store.
    adopts: bool,
    /// The recipients in the file, as far as it has been read.
    in_file: Vec<Recipient>,
    /// What encrypts for the recipients that the store has now.
    seal: Option<Seal>,
    /// The recipients that this import has made of the user's own identity.
    made: Vec<Recipient>,
    /// Whether recipients came behind secrets that had been let in.
    is_late: bool,
    /// Whether there was a secret that was not encrypted.
    pub(super) saw_plaintext: bool,
    pub(super) counts: SecretCount,
}

/// What encrypts for the recipients of the store.
struct Seal {
    sealer: Sealer,
    audience: Audience,
    /// Whether the file says that its secrets are for exactly these.
    is_attested: bool,
}

impl Seal {
    /// Whether a ciphertext is for these recipients and nobody else, as far as it and the keys at
    /// hand tell.
    fn suits(&self, ciphertext: &[u8], identities: &Identities) -> bool {
        Audience::of(ciphertext).is_ok_and(|audience| audience == self.audience)
            && !self.sealer.is_contradicted_by(identities, ciphertext)
    }

    fn seal(&self, secret: &Secret) -> Result<Vec<u8>> {
        Ok(self.sealer.seal(secret)?)
    }
}

impl<'c> Door<'c> {
    pub(super) fn new(
        context: &'c Context,
        change: &'c Change<'c>,
        first: &'c FirstRecipients<'c>,
        identities: &'c Identities,
    ) -> Result<Self> {
        let is_fresh = change.recipients()?.is_empty() && change.count_secrets()? == 0;
        Ok(Self {
            context,
            change,
            first,
            identities,
            adopts: is_fresh && change.require(Permission::Govern).is_ok(),
            in_file: Vec::new(),
            seal: None,
            made: Vec::new(),
            is_late: false,
            saw_plaintext: false,
            counts: SecretCount::default(),
        })
    }

    /// What encrypts for the recipients of the store, if there are any.
    fn seal(&mut self) -> Result<Option<&Seal>> {
        if self.seal.is_none() {
            let recipients = self.change.recipients()?;
            if recipients.is_empty() {
                return Ok(None);
            }
            let sealer = secrets::sealer_of(self.change)?;
            let mut in_file: Vec<_> = self.in_file.iter().map(Recipient::as_str).collect();
            in_file.sort_unstable();
            in_file.dedup();
            self.seal = Some(Seal {
                audience: sealer.audience()?,
                sealer,
                is_attested: recipients
                    .iter()
                    .map(|recipient| &recipient.key)
                    .eq(in_file),
            });
        }
        Ok(self.seal.as_ref())
    }

    /// As [`Door::seal`]; a store without recipients gets the user's own.
    fn seal_or_own(&mut self) -> Result<Option<&Seal>> {
        if self.change.recipients()?.is_empty() {
            secrets::sealer(self.context, self.change, self.first)?;
            self.made = self.own_recipients()?;
        }
        self.seal()
    }

    fn own_recipients(&self) -> Result<Vec<Recipient>> {
        let parsed = self.change.recipients()?.into_iter();
        parsed.map(|recipient| Ok(recipient.key.parse()?)).collect()
    }

    /// Takes a recipient of the file: for its own where the store has none, and else as a hint.
    fn add_recipient(&mut self, named: NamedRecipient) -> Result<()> {
        self.seal = None;
        if self.adopts {
            for made in self.made.drain(..) {
                self.change.remove_recipient(made.as_str())?;
                self.change.record(Action::KeyRemove, made.as_str(), None)?;
            }
            let (key, comment) = (named.recipient.as_str(), named.comment.as_deref());
            if self.change.add_recipient(key, comment, self.context.now)? {
                self.change.record(Action::KeyAdd, key, None)?;
            }
            self.is_late |= !self.counts.is_empty();
        }
        self.in_file.push(named.recipient);
        Ok(())
    }

    /// The ciphertext to keep for a plaintext.
    fn admit_plaintext(&mut self, value: &Secret, stored: Option<&[u8]>) -> Result<Vec<u8>> {
        self.saw_plaintext = true;
        let identities = self.identities;
        let Some(seal) = self.seal_or_own()? else {
            return Err(Error::failure(
                "the store lost its recipients; nothing was imported",
            ));
        };
        let held = stored.map(|stored| identities.open(stored));
        if let (Some(Ok(held)), Some(stored)) = (&held, stored)
            && held == value
            && seal.suits(stored, identities)
        {
            self.counts.note(Fate::Unchanged);
            return Ok(stored.to_vec());
        }
        let ciphertext = seal.seal(value)?;
        self.counts.note(Fate::Set);
        self.counts.untold += usize::from(matches!(held, Some(Err(_))));
        Ok(ciphertext)
    }

    /// The ciphertext to keep for one that stands in the file.
    fn admit_ciphertext(
        &mut self,
        ciphertext: Vec<u8>,
        stored: Option<Vec<u8>>,
    ) -> Result<Vec<u8>, credentials::Error> {
        let identities = self.identities;
        let seal = self
            .seal()
            .map_err(|error| credentials::Error::Encrypt(error.message))?;
        let (kept, fate) = judge(ciphertext, stored, seal, identities)?;
        self.counts.note(fate);
        Ok(kept)
    }

    /// Ends the import: what was let in before the recipients were known is encrypted for them.
    pub(super) fn close(&mut self) -> Result<()> {
        let (change, identities) = (self.change, self.identities);
        if self.is_late
            && let Some(seal) = self.seal()?
        {
            let (mut resealed, mut left) = (0, 0);
            change.reseal_secrets(|stored| {
                if seal.suits(&stored.ciphertext, identities) {
                    return Ok(None);
                }
                let Ok(value) = identities.open(&stored.ciphertext) else {
                    left += 1;
                    return Ok(None);
                };
                resealed += 1;
                seal.seal(&value).map(Some)
            })?;
            self.counts.encrypted_anew = resealed;
            self.counts.left_as_they_were = left;
        }
        let is_known = self.seal()?.is_some_and(|seal| seal.is_attested);
        if !self.in_file.is_empty() && !self.adopts && !is_known {
            self.context.ui.warn(if change.recipients()?.is_empty() {
                "the recipients in the file were ignored: only an admin adds the first of a store"
            } else {
                "the recipients in the file were ignored: those of the store stay (connctl key list)"
            });
        }
        Ok(())
    }
}

/// The ciphertext to keep for one that stands in a file, and what becomes of it.
fn judge(
    ciphertext: Vec<u8>,
    stored: Option<Vec<u8>>,
    seal: Option<&Seal>,
    identities: &Identities,
) -> Result<(Vec<u8>, Fate), credentials::Error> {
    let is_stored = stored.as_ref() == Some(&ciphertext);
    let value = match identities.open(&ciphertext) {
        Err(error @ credentials::Error::Damaged) => return Err(error),
        value => value.ok(),
    };
    let (Some(seal), Some(value)) = (seal, value) else {
        // Nobody here can read it, or has said yet whom the store encrypts for.
        let fate = match seal {
            _ if is_stored => Fate::Unchanged,
            Some(seal) if seal.is_attested && seal.suits(&ciphertext, identities) => Fate::Set,
            _ => Fate::Left,
        };
        return Ok((ciphertext, fate));
    };
    if let Some(stored) = stored
        && seal.suits(&stored, identities)
        && (is_stored || identities.open(&stored).is_ok_and(|held| held == value))
    {
        return Ok((stored, Fate::Unchanged));
    }
    let is_proven = || seal.is_attested || seal.sealer.is_proven_by(identities, &ciphertext);
    if seal.suits(&ciphertext, identities) && is_proven() {
        return Ok((ciphertext, Fate::Set));
    }
    Ok((seal.sealer.seal(&value)?, Fate::EncryptedAnew))
}

impl Import<'_> {
    pub(super) fn add_recipient(&mut self, record: &RecipientRecord, place: &Place) -> Result<()> {
        let mut named: NamedRecipient = record
            .recipient
            .parse()
            .map_err(|error: credentials::Error| self.wrong(place, &error.to_string()))?;
        named.comment = record.comment.clone().or(named.comment);
        self.door.add_recipient(named)
    }

    /// What is to become of the secrets of a connector, as ciphertext. One whose value the store
    /// holds already is what the store holds.
    pub(super) fn coming(
        &mut self,
        id: &ConnectorId,
        edit: SecretsEdit,
        place: &Place,
    ) -> Result<Coming> {
        let mut coming = Coming::default();
        let changes = match edit {
            SecretsEdit::Keep => return Ok(coming),
            SecretsEdit::Change(changes) => changes.0,
            SecretsEdit::Replace(texts) => {
                coming.others_go = true;
                let texts = texts.0.into_iter();
                texts.map(|(name, text)| (name, Some(text))).collect()
            }
        };
        for (name, text) in changes {
            match text {
                Some(text) => {
                    let ciphertext = self.ciphertext(id, &name, &text, place)?;
                    coming.set.push((name, ciphertext));
                }
                None => coming.gone.push(name),
            }
        }
        Ok(coming)
    }

    fn ciphertext(
        &mut self,
        id: &ConnectorId,
        name: &SecretName,
        text: &SecretText,
        place: &Place,
    ) -> Result<Vec<u8>> {
        let stored = if self.looks_up() {
            self.change.secret(id, name)?
        } else {
            None
        };
        let wrong = |import: &Self, error: &credentials::Error| {
            import.wrong(place, &format!("secret {name} of connector {id}: {error}"))
        };
        let found =
            credentials::ciphertext_in(text.expose()).map_err(|error| wrong(self, &error))?;
        if let Some(ciphertext) = found {
            let admitted = self.door.admit_ciphertext(ciphertext, stored);
            return admitted.map_err(|error| wrong(self, &error));
        }
        let value = text.expose().as_bytes();
        secrets::check_value(name, value).map_err(|error| Error {
            message: format!("{}: {}", self.at(place), error.message),
            ..error
        })?;
        let value = Secret::from(Zeroizing::new(value.to_vec()));
        self.door.admit_plaintext(&value, stored.as_deref())
    }
}
