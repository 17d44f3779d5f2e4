//! Who may, who did, and who is told.

use std::time::Duration;

use serde_json::Value;

use super::Context;
use crate::error::{Error, Kind, Result};
use crate::model::{Action, Event, Permission, Policy, UserRole, Verdict};
use crate::platform;
use crate::store::{self, Change, Grant, Snapshot, Store};

/// How long a hook may take.
const HOOK_LIMIT: Duration = Duration::from_secs(10);

/// How many entries are read at a time for a hook, so that one that reads slowly keeps nobody from
/// writing.
const HOOK_PAGE: u32 = 1_000;

impl Context {
    /// Why this is done, in the user's words.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Begins a change, if the user may do what the command needs.
    ///
    /// # Errors
    /// When the role does not allow it, which is recorded as a refused attempt at `action` on
    /// `subject`; when a reason is missing; when the store cannot be written.
    pub fn begin<'s>(
        &self,
        store: &'s mut Store,
        action: Action,
        subject: Option<&str>,
    ) -> Result<Change<'s>> {
        self.begin_as(store, action, subject, Store::write)
    }

    /// As [`Context::begin`], for a change that brings ciphertext into the store.
    ///
    /// # Errors
    /// Those of [`Context::begin`].
    pub fn begin_with_secrets<'s>(
        &self,
        store: &'s mut Store,
        action: Action,
        subject: Option<&str>,
    ) -> Result<Change<'s>> {
        self.begin_as(store, action, subject, Store::write_secrets)
    }

    fn begin_as<'s>(
        &self,
        store: &'s mut Store,
        action: Action,
        subject: Option<&str>,
        begin: fn(&'s mut Store) -> store::Result<Change<'s>>,
    ) -> Result<Change<'s>> {
        self.check(store, self.task.permission, action, subject)?;
        let change = begin(store)?;
        // The role may have been taken away while this process waited for the store.
        self.require(&change, self.task.permission)?;
        Ok(change)
    }

    /// Checks that the user has a permission, and gave a reason where the store demands one.
    ///
    /// # Errors
    /// When the role does not allow it, which is recorded, or a reason is missing.
    pub fn check(
        &self,
        store: &mut Store,
        permission: Permission,
        action: Action,
        subject: Option<&str>,
    ) -> Result<()> {
        self.check_with(store, permission, action, subject, None)
    }

    /// As [`Context::check`], with more to record of what was tried.
    ///
    /// # Errors
    /// Those of [`Context::check`].
    pub fn check_with(
        &self,
        store: &mut Store,
        permission: Permission,
        action: Action,
        subject: Option<&str>,
        detail: Option<Value>,
    ) -> Result<()> {
        let snapshot = store.read()?;
        let allowed = self.allowed(&snapshot, permission);
        drop(snapshot);
        if let Err(error) = &allowed
            && error.kind == Kind::NotPermitted
        {
            self.record_refusal(store, action, Verdict::NotPermitted, subject, detail);
        }
        allowed
    }

    /// Checks, within a change, that the user has a permission that only some of what the command
    /// does needs.
    ///
    /// # Errors
    /// When the role does not allow it, which whoever ends the change must record, or a reason is
    /// missing.
    pub fn require(&self, change: &Change<'_>, permission: Permission) -> Result<()> {
        self.allowed(change, permission)
    }

    fn allowed(&self, snapshot: &Snapshot<'_>, permission: Permission) -> Result<()> {
        let role = snapshot.role(self.actor())?;
        if !role.allows(permission) {
            return Err(self.not_permitted(role, permission, &snapshot.grants()?));
        }
        if permission == Permission::Remove {
            self.demand_reason(snapshot)?;
        }
        Ok(())
    }

    /// Checks that there is a reason for a deletion, where the store demands one.
    ///
    /// # Errors
    /// When it does, and there is none.
    pub fn demand_reason(&self, snapshot: &Snapshot<'_>) -> Result<()> {
        if self.reason.is_none() && snapshot.policy(Policy::RequireReason)? {
            return Err(Error::usage(
                "this store demands a reason for every deletion; nothing was changed",
            )
            .hint("say why: --reason TEXT"));
        }
        Ok(())
    }

    fn not_permitted(&self, role: UserRole, permission: Permission, grants: &[Grant]) -> Error {
        let user = &self.actor().user;
        let admins = grants.iter().filter(|grant| grant.role == UserRole::Admin);
        let admins: Vec<_> = admins.map(|grant| grant.user.as_str()).collect();
        let admins = match admins.as_slice() {
            [] => "root".to_owned(),
            names => names.join(" or "),
        };
        Error::new(
            Kind::NotPermitted,
            format!(
                "{user} is {article} {role} and may not {}; nothing was changed",
                permission.verb(),
                article = if role == UserRole::Viewer { "a" } else { "an" },
            ),
        )
        .hint(format!(
            "ask {admins} to run: connctl access grant {user} {}",
            UserRole::least_for(permission)
        ))
    }

    fn event<'a>(
        &'a self,
        action: Action,
        subject: Option<&'a str>,
        outcome: Verdict,
        detail: Option<Value>,
    ) -> Event<'a> {
        Event {
            time: self.now,
            user: self.actor().user.as_str(),
            uid: self.actor().uid,
            sudo_user: self.actor().sudo_user.as_deref(),
            host: &self.actor().host,
            command: &self.task.command,
            action,
            subject,
            outcome,
            reason: self.reason(),
            detail,
        }
    }

    /// Records what a change does, in the change itself. `detail` must hold no secret.
    ///
    /// # Errors
    /// When the store fails.
    pub fn record(
        &self,
        change: &Change<'_>,
        action: Action,
        subject: &str,
        detail: Option<Value>,
    ) -> Result<()> {
        let event = self.event(action, Some(subject), Verdict::Done, detail);
        let sequence = change.record(&event)?;
        let first = self.unannounced.get().map_or(sequence, |(first, _)| first);
        self.unannounced.set(Some((first, sequence)));
        Ok(())
    }

    /// Records an attempt that was refused, in a change of its own. Where the store cannot be
    /// written, the refusal stands all the same.
    pub fn record_refusal(
        &self,
        store: &mut Store,
        action: Action,
        outcome: Verdict,
        subject: Option<&str>,
        detail: Option<Value>,
    ) {
        self.record_refusals(store, action, outcome, [(subject, detail)]);
    }

    /// As [`Context::record_refusal`], for several subjects at once, each with what is known of it.
    pub fn record_refusals<'a>(
        &self,
        store: &mut Store,
        action: Action,
        outcome: Verdict,
        refusals: impl IntoIterator<Item = (Option<&'a str>, Option<Value>)>,
    ) {
        let recorded = store.write().and_then(|change| {
            for (subject, detail) in refusals {
                change.record(&self.event(action, subject, outcome, detail))?;
            }
            change.commit()
        });
        match recorded {
            Ok(()) | Err(store::Error::ReadOnly) => {}
            Err(error) => self
                .ui
                .warn(&format!("the refusal was not recorded: {error}")),
        }
    }

    /// Hands the entries that this command has committed to the hooks.
    pub(super) fn announce(&self, store: &mut Store) {
        let Some((first, last)) = self.unannounced.take() else {
            return;
        };
        for hook in &self.hooks {
            let told = platform::run_with_input(
                hook,
                |input| {
                    let mut sequence = first - 1;
                    while sequence < last {
                        let entries = store
                            .read()
                            .and_then(|snapshot| snapshot.audit_entries_after(sequence, HOOK_PAGE))
                            .map_err(std::io::Error::other)?;
                        for entry in entries.iter().filter(|entry| entry.sequence <= last) {
                            serde_json::to_writer(&mut *input, entry)?;
                            input.write_all(b"\n")?;
                        }
                        match entries.last() {
                            Some(entry) => sequence = entry.sequence,
                            None => break,
                        }
                    }
                    Ok(())
                },
                HOOK_LIMIT,
            );
            if let Err(error) = told {
                let program = hook.first().map_or("", String::as_str);
                self.ui.warn(&format!(
                    "the hook {program} failed: {error}; the change was made"
                ));
            }
        }
    }
}
