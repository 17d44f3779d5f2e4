//! Putting a copy of a store in the place of the store.

use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::files::is_same;
use super::{Context, Intent, Reader, not_written};
use crate::error::{Error, Kind, Result};
use crate::model::{Head, Permission, UserRole, Verdict, text};
use crate::platform::{self, PrivateFile};
use crate::store::{self, Chain, Ciphertext, OpenOptions, Store};

/// A copy that was checked and can take the place of the store.
pub struct Restoration<'c> {
    context: &'c Context,
    /// A copy of the copy, so that neither an upgrade nor a record changes that.
    part: PrivateFile,
    copy: Store,
    present: Present,
}

/// What is at the place of the store.
enum Present {
    /// A store that opens.
    Sound(Box<Store>, Head),
    /// A file that is no store any more.
    Unreadable,
    /// Nothing.
    Missing,
}

impl Context {
    /// Copies and checks `file`, and checks that the user may put it in the place of the store: an
    /// admin of the store, or where that does not open, who owns the file or its folder. A dry run
    /// upgrades no store.
    pub fn restoration(
        &self,
        file: &Path,
        intent: &Intent<'_>,
        is_dry_run: bool,
    ) -> Result<Restoration<'_>> {
        let present = self.present(intent, is_dry_run)?;
        let path = self.store_path()?;
        if is_same(file, &path) {
            let message = format!("{} is the store itself", text::path(file));
            return Err(Error::usage(format!("{message}; nothing was restored"))
                .hint("name the copy that \"connctl backup\" wrote"));
        }
        store::check_is_copy(file).map_err(|error| match error {
            store::Error::Foreign(_) => Error::from(error).hint(
                "name a copy that \"connctl backup\" made; \"connctl import\" reads an export",
            ),
            error => error.into(),
        })?;
        self.open_options().check_folder(&path)?;
        let failed = |error| not_written(&path, error);
        let mut part = PrivateFile::new(&path).map_err(failed)?;
        std::fs::File::open(file)
            .and_then(|mut file| io::copy(&mut file, &mut part))
            .map_err(failed)?;
        let options = OpenOptions {
            allow_shared_folder: true,
            ..self.open_options()
        };
        let copy = self
            .open_at(part.path(), options)
            .map_err(|error| damaged(file, &error))?;
        check(&copy).map_err(|problem| damaged(file, &problem))?;
        Ok(Restoration {
            context: self,
            part,
            copy,
            present,
        })
    }

    fn present(&self, intent: &Intent<'_>, is_dry_run: bool) -> Result<Present> {
        let path = self.store_path()?;
        if !path.exists() {
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            self.require_owner(folder.unwrap_or(Path::new(".")))?;
            return Ok(Present::Missing);
        }
        let options = OpenOptions {
            upgrade: !is_dry_run,
            ..self.open_options()
        };
        let opened = self.opened(&options).and_then(|store| {
            let Some(store) = store else { return Ok(None) };
            let head = store.read()?.audit_head()?;
            Ok(Some((store, head)))
        });
        match opened {
            Ok(Some((store, head))) => {
                let reader = Reader(store);
                self.check(&reader, intent)?;
                Ok(Present::Sound(Box::new(reader.0), head))
            }
            Ok(None) => {
                self.require_owner(&path)?;
                Ok(Present::Unreadable)
            }
            Err(error) => match error.of_store() {
                Some(
                    store::Error::Damaged(_)
                    | store::Error::Foreign(_)
                    | store::Error::Engine(_)
                    | store::Error::Io { .. },
                ) => {
                    self.require_owner(&path)?;
                    Ok(Present::Unreadable)
                }
                // It may be sound, and somebody else's.
                _ => Err(error),
            },
        }
    }

    fn require_owner(&self, path: &Path) -> Result<()> {
        if self.actor().owns_the_machine() || platform::is_own(path) {
            return Ok(());
        }
        Err(self
            .not_permitted(UserRole::Viewer, Permission::Govern, &[])
            .hint(format!("ask the owner of {}", text::path(path))))
    }
}

impl Restoration<'_> {
    /// Whether something that can be read is replaced.
    pub fn replaces_a_store(&self) -> bool {
        matches!(self.present, Present::Sound(..))
    }

    /// Puts the copy in its place; returns where what was there has gone, if it could not be read.
    pub fn finish(mut self, intent: &Intent<'_>) -> Result<Option<PathBuf>> {
        let context = self.context;
        let _held = platform::signals().hold();
        let replaced = match &self.present {
            Present::Sound(_, head) => json!({"sequence": head.sequence, "hash": head.hash}),
            Present::Unreadable | Present::Missing => Value::Null,
        };
        let detail = Some(json!({"replaced_head": replaced}));
        let entry = self.copy.change(Ciphertext::None, |change| {
            change.record(context.event(intent.action, intent.subject, Verdict::Done, detail))
        })?;
        let path = context.store_path()?;
        let failed = |error| not_written(&path, error);
        let aside = match self.present {
            Present::Sound(mut present, head) => {
                // Nobody has seen what was done since.
                if present.read()?.audit_head()? != head {
                    return Err(Error::new(
                        Kind::Changed,
                        "the store has changed since you looked; nothing was restored",
                    ));
                }
                present.take_over(&self.copy)?;
                None
            }
            Present::Unreadable => {
                drop(self.copy);
                let aside = store::move_aside(&path, &context.now).map_err(failed)?;
                self.part.finish_new().map_err(failed)?;
                Some(aside)
            }
            Present::Missing => {
                drop(self.copy);
                self.part.finish_new().map_err(failed)?;
                None
            }
        };
        platform::signals().disarm();
        if let Ok(Some(store)) = context.opened(&context.open_options()) {
            let entries = RangeInclusive::new(entry, entry);
            context.announce(&store, &entries, "the change was made");
        }
        Ok(aside)
    }
}

/// What is wrong with a store, as `doctor` finds it.
fn check(store: &Store) -> Result<(), String> {
    let text = |error: store::Error| error.to_string();
    let snapshot = store.read().map_err(text)?;
    let structure = snapshot.structure_problems().map_err(text)?;
    let schema = snapshot.schema_problems().map_err(text)?;
    if let Some(problem) = structure.into_iter().chain(schema).next() {
        return Err(problem);
    }
    if snapshot.dangling().map_err(text)? > 0 {
        return Err("references to nothing".to_owned());
    }
    let incomplete = snapshot.incomplete_services().map_err(text)?;
    if !incomplete.is_empty() {
        return Err(format!("without any connector: {}", incomplete.join(", ")));
    }
    if let Some(problem) = snapshot.contradictions().map_err(text)?.first() {
        return Err(problem.clone());
    }
    snapshot.read_everything(|_| {}).map_err(text)?;
    match snapshot.check_audit(|_| {}).map_err(text)? {
        Chain::Whole(_) => Ok(()),
        Chain::Broken { sequence, problem } => Err(format!("audit entry {sequence}: {problem}")),
    }
}

fn damaged(file: &Path, problem: &dyn std::fmt::Display) -> Error {
    if platform::signals().is_raised() {
        return store::Error::Interrupted.into();
    }
    Error::failure(format!(
        "{} cannot be restored: {problem}; nothing was changed",
        text::path(file)
    ))
    .hint(format!(
        "look at it: connctl doctor --store {}",
        file.to_str().map_or("FILE".into(), text::shell_word)
    ))
}
