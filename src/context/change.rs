//! The one bracket around every change of the store.

use std::cell::{Cell, RefCell};
use std::ops::{Deref, RangeInclusive};
use std::time::Duration;

use serde_json::Value;

use super::{Context, Place};
use crate::error::{Error, Kind, Result};
use crate::model::{Action, Detail, Permission, Verdict};
use crate::platform;
use crate::store::{self, Ciphertext, OpenOptions, Residue, Store};

/// Up to this size of the store in bytes, secrets that were removed are erased at once; it takes a
/// fraction of a second. Beyond, whoever removes them decides when.
const CHEAP_COMPACTION: u64 = 32 << 20;

/// How long a refusal that is to be recorded waits for the store, however long the change itself
/// would have waited.
const RECORDING_LIMIT: Duration = Duration::from_secs(5);

/// What somebody is about to change.
#[derive(Debug, Clone)]
pub struct Intent<'a> {
    /// What is to be done.
    pub action: Action,
    /// To what.
    pub subject: Option<&'a str>,
    /// What else is known of it, for the record of an attempt that is refused.
    pub detail: Option<Value>,
    /// What it needs beyond what the command needs.
    permission: Option<Permission>,
    creates: bool,
    ciphertext: Ciphertext,
}

impl<'a> Intent<'a> {
    /// To do `action` to `subject` in a store that exists, without writing any ciphertext.
    pub fn new(action: Action, subject: impl Into<Option<&'a str>>) -> Self {
        Self {
            action,
            subject: subject.into(),
            detail: None,
            permission: None,
            creates: false,
            ciphertext: Ciphertext::None,
        }
    }

    /// The same, with what else is known of the subject.
    pub fn with_detail(self, detail: Option<Value>) -> Self {
        Self { detail, ..self }
    }

    /// The same, needing this permission in place of the command's.
    pub fn needing(self, permission: Permission) -> Self {
        Self {
            permission: Some(permission),
            ..self
        }
    }

    /// The same, in a store that is made where there is none.
    pub fn creating(self) -> Self {
        Self {
            creates: true,
            ..self
        }
    }

    /// The same, where ciphertext is written if this is true.
    pub fn with_ciphertext(self, is_written: bool) -> Self {
        Self {
            ciphertext: if is_written {
                Ciphertext::Possible
            } else {
                Ciphertext::None
            },
            ..self
        }
    }

    pub(super) fn permission(&self) -> Option<Permission> {
        self.permission
    }

    /// What is recorded of the attempt where it is refused.
    pub fn refused(&self) -> Refusal {
        Refusal {
            subject: self.subject.map(str::to_owned),
            detail: self.detail.clone(),
        }
    }
}

/// An attempt that was refused: on what, and what is known of it.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The id or the like.
    pub subject: Option<String>,
    /// What is known of it; no secret.
    pub detail: Option<Value>,
}

/// A change under way, with its records.
pub struct Change<'c> {
    change: &'c store::Change<'c>,
    context: &'c Context,
    /// The numbers of the first and the last entry of the audit trail that this change wrote.
    recorded: &'c Cell<Option<(u64, u64)>>,
    refused: &'c RefCell<Vec<(Action, Verdict, Refusal)>>,
}

impl<'c> Deref for Change<'c> {
    type Target = store::Change<'c>;

    fn deref(&self) -> &store::Change<'c> {
        self.change
    }
}

impl Change<'_> {
    /// Records what the change does. `detail` must hold no secret.
    pub fn record(&self, action: Action, subject: &str, detail: impl Into<Detail>) -> Result<()> {
        let event = self
            .context
            .event(action, Some(subject), Verdict::Done, detail);
        let sequence = self.change.record(event)?;
        let first = self.recorded.get().map_or(sequence, |(first, _)| first);
        self.recorded.set(Some((first, sequence)));
        Ok(())
    }

    /// Notes that something was refused, to be recorded however the change ends.
    pub fn refuse(&self, action: Action, verdict: Verdict, refusal: Refusal) {
        self.refused.borrow_mut().push((action, verdict, refusal));
    }

    /// Checks that the user has a permission that only some of what the command does needs.
    pub fn require(&self, permission: Permission) -> Result<()> {
        self.context.allowed(self, permission)
    }
}

impl Context {
    /// Changes the store: opens or makes it, checks that the user may, runs `work`, records,
    /// commits, tells the hooks and erases what is left of removed secrets. Where `work` fails,
    /// nothing has changed.
    ///
    /// Everything from outside must have been read before: while `work` runs, nobody else can write.
    ///
    /// A signal that asks the program to end is heeded until the commit. From then on it only cuts
    /// the hooks short, and the exit code is that of the change.
    pub fn change<T>(
        &self,
        intent: &Intent<'_>,
        work: impl FnOnce(&Change<'_>) -> Result<T>,
    ) -> Result<T> {
        let _held = platform::signals().hold();
        let mut store = self.open_to_change(intent.creates)?;
        if !store.is_blank()? {
            self.erase_residue(&mut store, false);
            // Whoever may not change anything waits for no lock to hear it.
            let allowed = self.allowed_to(&store.read()?, intent);
            self.recorded_if_forbidden(allowed, intent)?;
        }
        let recorded = Cell::new(None);
        let refused = RefCell::new(Vec::new());
        let mut may_be_done = false;
        let done = store.change(intent.ciphertext, |change| {
            let change = Change {
                change,
                context: self,
                recorded: &recorded,
                refused: &refused,
            };
            // The role may have been taken away while this process waited for the store.
            self.allowed_to(&change, intent)?;
            let value = work(&change)?;
            for (action, verdict, refusal) in refused.borrow().iter() {
                change.change.record(self.event(
                    *action,
                    refusal.subject.as_deref(),
                    *verdict,
                    refusal.detail.clone(),
                ))?;
            }
            may_be_done = true;
            Ok::<_, Error>(value)
        });
        let done = match done {
            // What a signal made fail: a pipe that was read, a statement that was stopped.
            Err(_) if !may_be_done && platform::signals().is_raised() => {
                Err(store::Error::Interrupted.into())
            }
            done => done,
        };
        match done {
            Ok(value) => {
                platform::signals().disarm();
                if let Some((first, last)) = recorded.get() {
                    let entries = RangeInclusive::new(first, last);
                    self.announce(&store, &entries, "the change was made");
                }
                self.erase_residue(&mut store, true);
                Ok(value)
            }
            Err(error) => {
                if store.is_blank().is_ok_and(|is_blank| !is_blank) {
                    self.erase_residue(&mut store, true);
                }
                drop(store);
                for (action, verdict, refusal) in refused.take() {
                    self.record_refusals(action, verdict, [refusal]);
                }
                self.recorded_if_forbidden(Err(error), intent)
            }
        }
    }

    /// Does what [`Context::change`] would, and undoes it: the file of the store stays as it is,
    /// nobody is told and, in a dry run, no refusal is recorded. Where there is no store, an empty
    /// one in memory takes its place; one of an older connctl is not brought up to date.
    pub fn rehearse<T>(
        &self,
        intent: &Intent<'_>,
        is_dry_run: bool,
        work: impl FnOnce(&Change<'_>) -> Result<T>,
    ) -> Result<T> {
        let _held = platform::signals().hold();
        self.is_dry_run.set(is_dry_run);
        let options = OpenOptions {
            upgrade: false,
            ..self.open_options()
        };
        let store = match self.opened(&options)? {
            Some(store) => store,
            None => Store::in_memory()?,
        };
        let recorded = Cell::new(None);
        let refused = RefCell::default();
        let done = store.rehearse(|change| {
            let change = Change {
                change,
                context: self,
                recorded: &recorded,
                refused: &refused,
            };
            self.allowed_to(&change, intent)?;
            work(&change)
        });
        drop(store);
        if done.is_err() && platform::signals().is_raised() {
            return Err(store::Error::Interrupted.into());
        }
        if is_dry_run {
            return done;
        }
        for (action, verdict, refusal) in refused.take() {
            self.record_refusals(action, verdict, [refusal]);
        }
        self.recorded_if_forbidden(done, intent)
    }

    /// Makes an empty store; false if there is one.
    pub fn init(&self) -> Result<bool> {
        let _held = platform::signals().hold();
        if let Some(Place::Server(server)) = &self.place {
            let is_made = Store::init_on_server(server, &self.open_options())?;
            platform::signals().disarm();
            return Ok(is_made);
        }
        let mut store = self.open_to_change(true)?;
        if !store.is_blank()? {
            return Ok(false);
        }
        store.change(Ciphertext::None, |_| Ok::<_, store::Error>(()))?;
        platform::signals().disarm();
        Ok(true)
    }

    /// Erases from the store's file what is left of what was deleted, whatever its size.
    pub fn compact(&self, intent: &Intent<'_>) -> Result<()> {
        let _held = platform::signals().hold();
        let mut store = self.open_to_change(false)?;
        let allowed = self.allowed_to(&store.read()?, intent);
        self.recorded_if_forbidden(allowed, intent)?;
        store.compact()?;
        platform::signals().disarm();
        Ok(())
    }

    fn recorded_if_forbidden<T>(&self, result: Result<T>, intent: &Intent<'_>) -> Result<T> {
        if let Err(error) = &result
            && error.kind == Kind::NotPermitted
        {
            self.record_refusals(intent.action, Verdict::NotPermitted, [intent.refused()]);
        }
        result
    }

    /// Records that somebody thought better of it.
    pub fn record_declined(&self, intent: &Intent<'_>) {
        self.record_refusals(intent.action, Verdict::Declined, [intent.refused()]);
    }

    /// Records attempts that were refused, in a change of their own. Where the store cannot be
    /// written, the refusal stands all the same.
    pub fn record_refusals(
        &self,
        action: Action,
        verdict: Verdict,
        refusals: impl IntoIterator<Item = Refusal>,
    ) {
        let _held = platform::signals().hold();
        let options = OpenOptions {
            busy_timeout: RECORDING_LIMIT,
            ..self.open_options()
        };
        let recorded = self.opened(&options).and_then(|store| match store {
            Some(mut store) => store.change(Ciphertext::None, |change| {
                for Refusal { subject, detail } in refusals {
                    change.record(self.event(action, subject.as_deref(), verdict, detail))?;
                }
                Ok(())
            }),
            None => Ok(()),
        });
        let is_read_only = |error: &Error| {
            let source = error
                .source
                .as_ref()
                .and_then(|source| source.downcast_ref());
            matches!(
                source,
                Some(store::Error::ReadOnly | store::Error::ReadOnlyServer)
            )
        };
        match recorded {
            Err(error) if !is_read_only(&error) => self
                .ui
                .warn(&format!("the refusal was not recorded: {error}")),
            _ => {}
        }
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
            Ok(Residue::Left(_)) if says_what_is_left => self.ui.warn(&format!(
                "ciphertext of removed secrets may be left in unused pages of the store; {later}"
            )),
            // What cannot be read now is told by the work that follows.
            Ok(_) | Err(_) => {}
        }
    }
}
