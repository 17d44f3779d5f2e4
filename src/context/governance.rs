//! Who may, who did, and who is told.

use super::{Context, Intent, Reader};
use crate::error::{Error, Kind, Result};
use crate::model::{Action, Detail, Event, Grant, Permission, Policy, UserRole, Verdict, text};
use crate::platform;
use crate::store::Snapshot;

impl Context {
    /// Why this is done, in the user's words.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Checks that the user may do what the command needs, before it has begun: before somebody is
    /// asked, types a secret or waits. An attempt that the role does not allow is recorded.
    pub fn check(&self, store: &Reader, intent: &Intent<'_>) -> Result<()> {
        let allowed = self.allowed_to(&store.read()?, intent);
        if let Err(error) = &allowed
            && error.kind == Kind::NotPermitted
        {
            self.record_refusals(intent.action, Verdict::NotPermitted, [intent.refused()]);
        }
        allowed
    }

    pub(super) fn allowed_to(&self, snapshot: &Snapshot<'_>, intent: &Intent<'_>) -> Result<()> {
        self.allowed(
            snapshot,
            intent.permission().unwrap_or(self.task.permission),
        )
    }

    pub(super) fn allowed(&self, snapshot: &Snapshot<'_>, permission: Permission) -> Result<()> {
        let role = self.role(snapshot)?;
        if !role.allows(permission) {
            return Err(self.not_permitted(role, permission, &snapshot.grants()?));
        }
        if permission == Permission::Remove {
            self.demand_reason(snapshot)?;
        }
        Ok(())
    }

    /// What the user may do. In a user namespace anybody can be anybody, so there only who owns the
    /// store's file counts.
    fn role(&self, snapshot: &Snapshot<'_>) -> Result<UserRole> {
        if self.is_on_server() || !self.actor().in_namespace {
            return Ok(snapshot.role(self.actor())?);
        }
        let is_owner = match self.store_file()? {
            Some(path) => platform::is_own(&path),
            None => true,
        };
        Ok(if is_owner {
            UserRole::Admin
        } else {
            UserRole::Viewer
        })
    }

    /// Checks that there is a reason for a deletion, where the store demands one.
    pub fn demand_reason(&self, snapshot: &Snapshot<'_>) -> Result<()> {
        if self.reason.is_none() && snapshot.policy(Policy::RequireReason)? {
            return Err(Error::usage(
                "this store demands a reason for every deletion; nothing was changed",
            )
            .hint("say why: --reason TEXT"));
        }
        Ok(())
    }

    pub(super) fn not_permitted(
        &self,
        role: UserRole,
        permission: Permission,
        grants: &[Grant],
    ) -> Error {
        let user = self.user();
        let admins = grants.iter().filter(|grant| grant.role == UserRole::Admin);
        let admins: Vec<_> = admins.map(|grant| grant.user.as_str()).collect();
        let admins = match admins.as_slice() {
            [] if self.is_on_server() => "a superuser of the server".to_owned(),
            [] => "root".to_owned(),
            names => names.join(" or "),
        };
        let hint = if self.actor().in_namespace && !self.is_on_server() {
            "in a user namespace only the owner of the store's file may; run it outside".to_owned()
        } else {
            let role = UserRole::least_for(permission);
            let user = text::shell_word(user.as_str());
            format!("ask {admins} to run: connctl access grant {user} {role}")
        };
        Error::new(
            Kind::NotPermitted,
            format!(
                "{user} is {article} {role} and may not {}; nothing was changed",
                permission.verb(),
                article = if role == UserRole::Viewer { "a" } else { "an" },
            ),
        )
        .hint(hint)
    }

    pub(super) fn event<'a>(
        &'a self,
        action: Action,
        subject: Option<&'a str>,
        outcome: Verdict,
        detail: impl Into<Detail>,
    ) -> Event<'a> {
        Event {
            time: self.now,
            user: self.user().as_str(),
            uid: self.actor().uid,
            sudo_user: self.actor().sudo_user.as_deref(),
            host: &self.actor().host,
            command: &self.task.command,
            action,
            subject,
            outcome,
            reason: self.reason(),
            detail: self.located(detail.into()),
        }
    }

    /// What is known of the subject, and of where the user's number comes from.
    fn located(&self, detail: Detail) -> Detail {
        if self.actor().in_namespace {
            detail.with("userns", true)
        } else {
            detail
        }
    }
}
