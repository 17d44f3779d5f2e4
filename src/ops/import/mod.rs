//! Reading a file into the store: all of it or, after any mistake, nothing.

mod connector;
mod counts;
mod fates;
mod form;
mod mirror;
mod record;
mod secrets;
mod seen;
mod service;
mod source;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use self::counts::{Count, Counts, Fate};
use self::fates::Fates;
use self::form::env_map_hint;
use self::mirror::{Before, Gone, Strangers, Terms};
use self::secrets::Door;
use self::seen::Seen;
use self::source::{Input, Source};
use super::deletion::Deletion;
use super::keep::Copy;
use super::keys::{self, FirstRecipients, Own};
use super::transfer;
use crate::context::{Change, Context, Intent};
use crate::credentials::Identities;
use crate::error::{Error, Kind, Result};
use crate::input::{self, Look, Place};
use crate::model::{
    Action, Answers, ConnectorId, Deed, Environment, Hash, Outcome, Permission, ServiceId,
    TransferFormat, text,
};
use crate::output::Format;
use crate::platform;

pub use self::mirror::Mirror;

/// How many problems are named at most.
const NAMED: usize = 10;

/// What is to be imported, and how.
pub struct Request<'a> {
    /// The file; `-` for standard input.
    pub file: &'a Path,
    /// Its format, if not the one that its ending stands for.
    pub format: Option<TransferFormat>,
    /// What environments are called in it, beside their own names.
    pub environments: &'a [(String, Environment)],
    /// What becomes of what exists already.
    pub if_exists: IfExists,
    /// The mirror that the file is for, if it is for one: then what exists is merged.
    pub mirror: Option<Mirror<'a>>,
    /// The files with private keys to look into its secrets with; none for the usual one.
    pub identities: &'a [PathBuf],
    /// What becomes of settings that look like secrets.
    pub exposed: IfExposed,
    /// Nothing is imported; what would be is said.
    pub dry_run: bool,
}

/// What becomes of what exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfExists {
    /// The file is refused.
    Refuse,
    /// It is replaced as a whole.
    Replace,
    /// What the file names of it is replaced, and the rest stays.
    Merge,
}

/// What becomes of settings that look like secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfExposed {
    /// The file is refused.
    Refuse,
    /// They stay settings.
    Allow,
    /// They become secrets.
    Seal,
}

/// Reads a file into the store, and says what came of it.
pub fn run(request: &Request<'_>, context: &Context) -> Result<()> {
    // There may be plaintext secrets in the file.
    platform::keep_memory_private();
    let output = context.format(&Format::DOCUMENT)?;
    let source = Source::new(request.file);
    let name = source.name.clone();
    let mut intent = Intent::new(Action::Import, name.as_str())
        .creating()
        .with_ciphertext(true);
    if request.mirror.is_some() {
        intent = intent.needing(Permission::Govern);
        // Whoever may not is told before anything is read.
        if let (false, Some(store)) = (request.dry_run, context.open_if_there()?) {
            context.check(&store, &intent)?;
        }
    } else {
        // What cannot be read is told first.
        source.look()?;
    }
    let mut work = Work {
        request,
        context,
        intent,
        source,
        output,
        own: Own::read(context)?,
        identities: keys::at_hand(request.identities, context)?,
    };
    let done = match &request.mirror {
        Some(mirror) => work.mirror(mirror)?,
        None if request.dry_run => work.rehearse(None)?,
        None => work.carry_out(None, None)?,
    };
    work.report(done)
}

/// An import that is about to be done.
struct Work<'w> {
    request: &'w Request<'w>,
    context: &'w Context,
    intent: Intent<'w>,
    source: Source<'w>,
    output: Format,
    own: Own,
    identities: Identities,
}

/// An import that was done.
struct Done {
    counts: Counts,
    fates: Fates,
    /// What went, and what was in the way.
    gone: Gone,
    /// That of the file.
    digest: Hash,
}

impl Work<'_> {
    /// Does it, and undoes it.
    fn rehearse(&self, terms: Option<&Terms<'_, '_>>) -> Result<Done> {
        let input = self.input()?;
        let is_dry_run = self.request.dry_run;
        self.own
            .rehearse(self.context, &self.intent, is_dry_run, |change, first| {
                self.bring_in(change, first, input, terms, None)
            })
    }

    /// Does it.
    fn carry_out(
        &self,
        terms: Option<&Terms<'_, '_>>,
        mut copy: Option<&mut Copy<'_>>,
    ) -> Result<Done> {
        let input = self.input()?;
        let mut stayed = None;
        // The one work in a change that reads from outside: a file can be larger than memory.
        let done = self
            .own
            .change(self.context, &self.intent, |change, first| {
                let mut done = self.bring_in(change, first, input, terms, copy.as_deref_mut())?;
                if let Some(refusal) = done.gone.refusal.take() {
                    stayed = Some(done.gone);
                    return Err(refusal);
                }
                if let Some(copy) = copy {
                    copy.place()?;
                }
                Ok(done)
            });
        done.map_err(|error| match &stayed {
            Some(stayed) => self.refused(stayed, error),
            None => error,
        })
    }

    /// Tells a program what a refusal is about: what is in the way, and what stays with it. Of what
    /// the file would have brought there is nothing to tell.
    fn refused(&self, stayed: &Gone, refusal: Error) -> Error {
        if !self.output.is_json() {
            return refusal;
        }
        let told = Fates::of_change(self.context, self.output).and_then(|mut fates| {
            mirror::tell(stayed, &mut fates, Outcome::Kept)?;
            fates.finish(self.context).map_err(Error::output)
        });
        told.err().unwrap_or(refusal)
    }

    /// Looks what would go, lets guards and persons speak, and does it.
    fn mirror(&mut self, mirror: &Mirror<'_>) -> Result<Done> {
        let context = self.context;
        let mut deletion = mirror.deletion(context)?;
        if self.source.is_stdin() {
            deletion.reads_stdin();
        }
        let mut answers = Answers::without_guards();
        if context.has_guards()? {
            self.source.keep()?;
            let mut looked = self.rehearse(Some(&Terms {
                mirror,
                deletion: &deletion,
                answers: &answers,
                shown: None,
                digest: None,
            }))?;
            if let (false, Some(refusal)) = (self.request.dry_run, looked.gone.refusal.take()) {
                return Err(self.refused(&looked.gone, refusal));
            }
            answers = context.ask_guards(looked.gone.connectors())?;
        }
        let terms = Terms {
            mirror,
            deletion: &deletion,
            answers: &answers,
            shown: None,
            digest: None,
        };
        if self.request.dry_run {
            return self.rehearse(Some(&terms));
        }
        if mirror.confirmation.yes {
            return self.carry_out_mirror(&terms);
        }
        self.source.keep()?;
        let mut looked = self.rehearse(Some(&terms))?;
        if let Some(refusal) = looked.gone.refusal.take() {
            return Err(self.refused(&looked.gone, refusal));
        }
        if looked.gone.going().count() > 0
            && let Err(error) = self.ask(&looked.gone, &deletion)
        {
            if error.kind == Kind::Declined {
                context.record_declined(&self.intent);
            }
            return Err(error);
        }
        let terms = Terms {
            shown: Some(&looked.gone),
            digest: Some(looked.digest),
            ..terms
        };
        self.carry_out_mirror(&terms)
    }

    fn carry_out_mirror(&self, terms: &Terms<'_, '_>) -> Result<Done> {
        let mut copy = mirror::copy_for(terms.mirror, self.context)?;
        let done = self.carry_out(Some(terms), copy.as_mut());
        Copy::settle(copy, done)
    }

    /// Asks whether what is no longer in the file may go.
    fn ask(&self, gone: &Gone, deletion: &Deletion<'_>) -> Result<()> {
        let ui = &self.context.ui;
        let count = gone.going().count();
        if !ui.can_ask(self.source.is_stdin()) {
            let verb = if count == 1 { "is" } else { "are" };
            return Err(Error::usage(format!(
                "{} {verb} no longer in {} and would be deleted, but nobody can be asked; nothing \
                 was imported",
                text::count(count, "record"),
                self.source.name
            ))
            .hint("give --yes to delete without being asked, or --dry-run to see what would go"));
        }
        let name = &self.source.name;
        ui.say(&text::visible(&format!("No longer in {name}:")));
        gone.show(deletion);
        gone.going().ask(Deed::Delete, self.context, self.keep())
    }

    fn keep(&self) -> Option<&Path> {
        self.request.mirror.as_ref()?.confirmation.keep
    }

    /// Reads the file into the store, within a change.
    fn bring_in(
        &self,
        change: &Change<'_>,
        first: &FirstRecipients<'_>,
        (mut input, look): (Input<'_>, Look),
        terms: Option<&Terms<'_, '_>>,
        copy: Option<&mut Copy<'_>>,
    ) -> Result<Done> {
        let Self { request, .. } = self;
        let format = self.format(look);
        let before = match &request.mirror {
            Some(mirror) => mirror.before(change)?,
            None => Before::default(),
        };
        let mut import = self.begin(change, first)?;
        change.defer_references()?;
        if request.if_exists != IfExists::Refuse {
            change.defer_policies();
        }
        // What the record that was read last calls its environment, if nobody said what that is.
        let strange = Cell::default();
        let lists = import
            .read(&mut input, format, &strange)
            .map_err(|mut error| {
                let input::Error::Content { message, .. } = &mut error else {
                    return import.refused(error);
                };
                if look.is_foreign() && self.named_format().is_none() {
                    *message = String::from("this is neither TOML nor JSON");
                }
                let error = import.refused(error);
                let way_out = transfer::way_out(look, format, request.file);
                match way_out.or_else(|| Some(env_map_hint(&strange.take()?))) {
                    Some(way_out) => error.hint(way_out),
                    None => error,
                }
            })?;
        import.check_strangers()?;
        import.check_references()?;
        import.door.close()?;
        let gone = match terms {
            Some(terms) => import.delete_vanished(&before, &lists, terms, copy)?,
            None => Gone::default(),
        };
        let outcome = match (&gone.refusal, request.dry_run) {
            (Some(_), _) => Outcome::Kept,
            (None, true) => Outcome::WouldDelete,
            (None, false) => Outcome::Deleted,
        };
        mirror::tell(&gone, &mut import.fates, outcome)?;
        let saw_plaintext = import.door.saw_plaintext;
        let mut counts = import.counts;
        counts.secrets = import.door.counts;
        let mut detail = json!({
            "connectors": counts.connectors,
            "services": counts.services,
        });
        if let Some(mirror) = &request.mirror {
            detail["origin"] = mirror.origin.as_str().into();
        }
        let digest = input.into_inner().digest();
        if let Some(terms) = terms {
            terms.check_digest(digest, &self.source.name)?;
        }
        // Whoever knows the rest of a file could try values until the digest fits.
        if !saw_plaintext {
            detail["sha256"] = digest.to_string().into();
        }
        change.record(Action::Import, &self.source.name, Some(detail))?;
        Ok(Done {
            counts,
            fates: import.fates,
            gone,
            digest,
        })
    }

    fn begin<'c>(
        &'c self,
        change: &'c Change<'c>,
        first: &'c FirstRecipients<'c>,
    ) -> Result<Import<'c>> {
        let Self {
            request, context, ..
        } = self;
        let changed = match request.if_exists {
            IfExists::Refuse | IfExists::Replace => Fate::Replaced,
            IfExists::Merge => Fate::Merged,
        };
        let count = Count::new(changed, request.mirror.is_some());
        Ok(Import {
            context,
            change,
            request,
            name: &self.source.name,
            bytes_read: &self.source.bytes_read,
            exposed: request.exposed,
            changed,
            seen: Seen::default(),
            counts: Counts {
                connectors: count.clone(),
                services: count,
                ..Counts::default()
            },
            fates: if request.dry_run {
                Fates::of_rehearsal(context, self.output)?
            } else if request.mirror.is_some() {
                Fates::of_change(context, self.output)?
            } else {
                Fates::untold(self.output)
            },
            strangers: Strangers::default(),
            dangling: Vec::new(),
            on_trial: BTreeSet::new(),
            door: Door::new(context, change, first, &self.identities)?,
        })
    }

    /// Says what was imported, or would be.
    fn report(&self, done: Done) -> Result<()> {
        let Done {
            counts,
            fates,
            gone,
            ..
        } = done;
        let (context, is_dry_run) = (self.context, self.request.dry_run);
        let written = fates.finish(context);
        written.map_err(if is_dry_run {
            Error::output
        } else {
            Error::output_after_change
        })?;
        if gone.refusal.is_none() {
            context.ui.note(&counts.sentence(is_dry_run));
        }
        counts.secrets.report(context, is_dry_run);
        if self.output.is_json() && !is_dry_run && self.request.mirror.is_none() {
            let mut out = context.output(self.output);
            serde_json::to_writer(&mut out, &counts)
                .map_err(io::Error::from)
                .and_then(|()| writeln!(out))
                .and_then(|()| out.flush())
                .map_err(Error::output_after_change)?;
        }
        gone.refusal.or(gone.problem).map_or(Ok(()), Err)
    }
}

/// An import under way.
struct Import<'c> {
    context: &'c Context,
    change: &'c Change<'c>,
    request: &'c Request<'c>,
    name: &'c str,
    /// How many bytes of the file were read so far.
    bytes_read: &'c Cell<u64>,
    exposed: IfExposed,
    /// What becomes of a record that is there already and is not the same.
    changed: Fate,
    /// What the file has named so far.
    seen: Seen,
    counts: Counts,
    fates: Fates,
    /// What is in the store and not this mirror's.
    strangers: Strangers,
    /// The services that refer to connectors that had not been seen at that time.
    dangling: Vec<(ServiceId, Place)>,
    /// The connectors on trial that services of the file refer to.
    on_trial: BTreeSet<ConnectorId>,
    door: Door<'c>,
}
