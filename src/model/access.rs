//! Who may do what.

use super::macros::{named, text_type};
use super::{Time, text};

named! {
    /// What a user of the store may do, from the least to the most.
    pub enum UserRole {
        /// Reads, and tries deletions out; never sees a secret. Everybody without a grant is one.
        Viewer = "viewer",
        /// Adds and edits connectors, services and secrets; removes nothing.
        Editor = "editor",
        /// May do everything.
        Admin = "admin",
    }
}

/// What a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// To read, but no secret.
    Read,
    /// To add and to change.
    Edit,
    /// To read secrets.
    ReadSecrets,
    /// To remove.
    Remove,
    /// To decide what others may do, and what the store demands.
    Govern,
}

impl Permission {
    /// What it allows, as the end of a sentence: "viewers may not …".
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::Read => "read the store",
            Self::Edit => "change the store",
            Self::ReadSecrets => "read secrets",
            Self::Remove => "delete",
            Self::Govern => "govern the store",
        }
    }
}

impl UserRole {
    /// Whether the role has the permission. This is the one place that decides.
    #[must_use]
    pub fn allows(self, permission: Permission) -> bool {
        let least = match permission {
            Permission::Read => Self::Viewer,
            Permission::Edit | Permission::ReadSecrets => Self::Editor,
            Permission::Remove | Permission::Govern => Self::Admin,
        };
        self >= least
    }

    /// The least role that has the permission.
    #[must_use]
    pub fn least_for(permission: Permission) -> Self {
        let allowing = Self::ALL.into_iter().find(|role| role.allows(permission));
        allowing.unwrap_or(Self::Admin)
    }
}

text_type! {
    /// A user as the operating system names it: the name in the user database, or `uid:N` for one
    /// without an entry there. 1 to 256 characters, all of them visible, none of them white space.
    pub struct UserName, checked by fn check_user_name, which says InvalidUserName
}

/// A text that cannot name a user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} cannot be the name of a user")]
pub struct InvalidUserName(text::Quoted);

fn check_user_name(text: &str) -> Result<(), InvalidUserName> {
    if (1..=256).contains(&text.chars().count()) && !text.chars().any(is_bad) {
        Ok(())
    } else {
        Err(InvalidUserName(text.into()))
    }
}

fn is_bad(character: char) -> bool {
    text::is_unsafe(character) || character.is_whitespace()
}

impl UserName {
    /// The name of a user without an entry in the user database.
    #[must_use]
    pub fn of_uid(uid: u32) -> Self {
        Self(format!("uid:{uid}").into())
    }

    /// The name of a role of a server, which can be any text. What no name of a user can hold is written
    /// as an escape, so that it can be told whom the server means, but not be said to the server.
    #[must_use]
    pub fn of_role(role: &str) -> Self {
        let mut name = String::new();
        for character in role.chars() {
            if is_bad(character) {
                name.extend(character.escape_unicode());
            } else {
                name.push(character);
            }
        }
        Self(name.into())
    }

    /// The number in a name of the form `uid:N`.
    #[must_use]
    pub fn uid(&self) -> Option<u32> {
        self.0.strip_prefix("uid:")?.parse().ok()
    }
}

/// A role that was given to a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The user.
    pub user: UserName,
    /// The role.
    pub role: UserRole,
    /// When it was given; unknown for the first admin, the owner of the store's file.
    pub granted_at: Option<Time>,
}

/// The user that a process works for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The name that belongs to the user id.
    pub user: UserName,
    /// The real user id, as the kernel knows it outside of user namespaces.
    pub uid: u32,
    /// Whether the process runs in a user namespace: whoever made that chose who it works for.
    pub in_namespace: bool,
    /// Who called sudo, as sudo says: a claim, since the variable can be set by anyone.
    pub sudo_user: Option<String>,
    /// The name of the machine.
    pub host: String,
}

impl Actor {
    /// Whether this is the user who owns the machine, and can do anything to any file on it.
    #[must_use]
    pub fn owns_the_machine(&self) -> bool {
        self.uid == 0 && !self.in_namespace
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_admins_remove_and_govern_and_viewers_see_no_secret() {
        let allowed = |role: UserRole| {
            [
                Permission::Read,
                Permission::Edit,
                Permission::ReadSecrets,
                Permission::Remove,
                Permission::Govern,
            ]
            .map(|permission| role.allows(permission))
        };
        assert_eq!(
            allowed(UserRole::Viewer),
            [true, false, false, false, false]
        );
        assert_eq!(allowed(UserRole::Editor), [true, true, true, false, false]);
        assert_eq!(allowed(UserRole::Admin), [true; 5]);
    }

    #[test]
    fn users_are_named_as_the_system_does() {
        assert_eq!(UserName::of_uid(4711).to_string(), "uid:4711");
        assert_eq!("uid:4711".parse::<UserName>().unwrap().uid(), Some(4711));
        for text in ["", "a b", "a\u{202e}", "a\n"] {
            assert!(text.parse::<UserName>().is_err(), "{text:?}");
        }
    }
}
