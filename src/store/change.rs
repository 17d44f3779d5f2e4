//! The one way to change a store: begin, work, commit, or leave everything as it was.
//!
//! Nothing but this, and what an engine does for it, begins or commits.

use std::cell::{Cell, RefCell};
use std::ops::Deref;

use super::engine::Transaction;
use super::{Engine, Error, Result, Snapshot, Store};
use crate::model::{Head, Revision, UserName, UserRole};

/// The bytes of a revision.
const REVISION: usize = 16;

/// How many random bytes are got at once: a whole number of revisions.
const RANDOM: usize = 64 * REVISION;

/// Whether a change may write ciphertext.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ciphertext {
    /// It writes none.
    None,
    /// It may write some.
    ///
    /// A change that is undone after some of it reached the file leaves that in pages that were not
    /// in use before, because the engine does not put those back. So if there are such pages, the
    /// store first notes that it is to be compacted, and whatever happens, somebody does it.
    Possible,
}

/// What begins a change.
pub(super) struct Begun<'s> {
    pub(super) change: Change<'s>,
    /// Whether a compaction was noted for it.
    pub(super) noted: bool,
    /// Whether it makes the tables.
    pub(super) is_made: bool,
}

/// A change under way.
pub struct Change<'s> {
    pub(super) snapshot: Snapshot<'s>,
    /// Whether it may write ciphertext.
    ciphertext: Ciphertext,
    /// Whether it wrote ciphertext.
    pub(super) writes_secrets: Cell<bool>,
    /// Whether it takes ciphertext away, which is then to be erased from the file.
    pub(super) removes_secrets: Cell<bool>,
    /// Where the audit trail ends, once this change has written to it.
    pub(super) head: Cell<Option<Head>>,
    /// Who is to get which role of a server at the end, or none.
    pub(super) roles: RefCell<Vec<(UserName, Option<UserRole>)>>,
    /// Entries of the trail that a server is to write, each as JSON.
    pub(super) entries: RefCell<Vec<String>>,
    /// Random bytes for the revisions to come.
    random: RefCell<Vec<u8>>,
    /// Whether [`Policy::OnePerSystem`](crate::model::Policy) is on, once it was asked.
    pub(super) keeps_one_per_system: Cell<Option<bool>>,
    /// Whether policies must hold only for what it comes to.
    pub(super) defers_policies: Cell<bool>,
    /// Whether the index of a policy has stepped aside until the end.
    pub(super) index_is_aside: Cell<bool>,
}

impl<'s> Deref for Change<'s> {
    type Target = Snapshot<'s>;

    fn deref(&self) -> &Snapshot<'s> {
        &self.snapshot
    }
}

impl<'s> Change<'s> {
    pub(super) fn new(transaction: Transaction<'s>, ciphertext: Ciphertext) -> Self {
        Self {
            snapshot: Snapshot { transaction },
            ciphertext,
            writes_secrets: Cell::new(false),
            removes_secrets: Cell::new(false),
            head: Cell::new(None),
            roles: RefCell::default(),
            entries: RefCell::default(),
            random: RefCell::default(),
            keeps_one_per_system: Cell::new(None),
            defers_policies: Cell::new(false),
            index_is_aside: Cell::new(false),
        }
    }
}

impl Change<'_> {
    /// A revision that was never given before.
    pub fn new_revision(&self) -> Result<Revision> {
        // Asking the system for each of a million takes longer than making use of them.
        let mut random = self.random.borrow_mut();
        if random.is_empty() {
            random.resize(RANDOM, 0);
            getrandom::fill(&mut random).map_err(|error| {
                random.clear();
                Error::Engine(error.into())
            })?;
        }
        let rest = random.len().saturating_sub(REVISION);
        let mut bytes = [0; REVISION];
        bytes.copy_from_slice(&random[rest..]);
        random.truncate(rest);
        Ok(Revision::from_bytes(bytes))
    }

    /// Says that something is taken away that was to be secret, so that its bytes are to be erased.
    pub fn note_removal(&self) {
        self.removes_secrets.set(true);
    }

    /// Says that ciphertext is about to be written.
    pub(super) fn write_secret(&self) -> Result<()> {
        if self.ciphertext == Ciphertext::None {
            let message = "a change that was to write no ciphertext tried to";
            return Err(Error::Engine(message.into()));
        }
        self.writes_secrets.set(true);
        Ok(())
    }
}

impl Store {
    /// Changes the store: nobody else can change it while `work` does, and what it did is made
    /// permanent when it succeeds. When this returns `Ok`, the change survives a crash and a power
    /// loss. Where `work` changed nothing, nothing is written.
    ///
    /// A blank store gets its tables in the same change. If the file was made for it and nothing
    /// comes of it, no file is left.
    ///
    /// # Errors
    /// Those of `work`; when this user may not write the store, another process holds it for too
    /// long, or the user interrupts. With every error but [`Error::Uncertain`], nothing has changed.
    pub fn change<T, E: From<Error>>(
        &mut self,
        ciphertext: Ciphertext,
        work: impl FnOnce(&Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let done = self.carry_out(ciphertext, work);
        if let (Err(_), Engine::File(file)) = (&done, &self.0) {
            file.remove_if_unused();
        }
        done
    }

    /// Does what a change would, and undoes it: the file stays as it is, to the byte.
    ///
    /// # Errors
    /// Those of [`Store::change`], but for those of its end.
    pub fn rehearse<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let transaction = match &self.0 {
            Engine::File(file) => file.lock_for_rehearsal()?,
            #[cfg(feature = "postgres")]
            Engine::Server(server) => server.lock()?,
        };
        let change = Change::new(transaction, Ciphertext::Possible);
        let value = work(&change)?;
        change.settle_policies()?;
        self.options().check_interrupted()?;
        Ok(value)
    }

    fn carry_out<T, E: From<Error>>(
        &self,
        ciphertext: Ciphertext,
        work: impl FnOnce(&Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let Begun {
            change,
            noted,
            is_made,
        } = self.begin(ciphertext)?;
        let mark = change.new_revision()?;
        let before = change.transaction.total_changes();
        let done = work(&change).and_then(|value| {
            change.settle_policies()?;
            change.write_entries()?;
            self.options().check_interrupted()?;
            Ok(value)
        });
        let writes_secrets = change.writes_secrets.get();
        match done {
            Ok(value) if change.transaction.total_changes() == before && !is_made => {
                drop(change);
                self.withdraw_note(noted);
                Ok(value)
            }
            Ok(value) => {
                self.commit(change, &mark, noted && !writes_secrets)?;
                Ok(value)
            }
            Err(error) => {
                drop(change);
                self.withdraw_note(noted && !writes_secrets);
                Err(error)
            }
        }
    }

    fn begin(&self, ciphertext: Ciphertext) -> Result<Begun<'_>> {
        match &self.0 {
            Engine::File(file) => file.begin(ciphertext),
            #[cfg(feature = "postgres")]
            Engine::Server(server) => Ok(Begun {
                change: Change::new(server.lock()?, ciphertext),
                noted: false,
                is_made: false,
            }),
        }
    }

    /// Makes a change permanent, marked with `mark`; `withdraws` takes the noted compaction back.
    fn commit(&self, change: Change<'_>, mark: &Revision, withdraws: bool) -> Result<()> {
        match &self.0 {
            Engine::File(file) => file.commit(change, mark, withdraws),
            #[cfg(feature = "postgres")]
            Engine::Server(server) => server.commit(change, mark),
        }
    }

    /// Takes back the compaction that was noted, if one was.
    fn withdraw_note(&self, noted: bool) {
        if let (true, Engine::File(file)) = (noted, &self.0) {
            file.withdraw_note();
        }
    }
}
