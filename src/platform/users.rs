//! Who this process works for, and what the user database knows.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::unistd::{self, Uid, User};

use crate::model::{Actor, UserName};

/// The user this process works for: the real user id, as the kernel knows it, with the name that the
/// user database has for it. No environment variable has a say in that.
#[must_use]
pub fn actor(sudo_user: Option<String>) -> Actor {
    let uid = Uid::current();
    Actor {
        user: user(),
        uid: uid.as_raw(),
        sudo_user,
        host: unistd::gethostname()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
    }
}

/// The name of the user this process works for.
#[must_use]
pub fn user() -> UserName {
    user_name(Uid::current())
}

fn user_name(uid: Uid) -> UserName {
    let entry = User::from_uid(uid).ok().flatten();
    entry
        .and_then(|user| user.name.parse().ok())
        .unwrap_or_else(|| UserName::of_uid(uid.as_raw()))
}

/// The user who owns a file.
#[must_use]
pub fn owner_of(path: &Path) -> Option<UserName> {
    let metadata = std::fs::metadata(path).ok()?;
    Some(user_name(Uid::from_raw(metadata.uid())))
}

/// A user as the user database names them, who may have been named by number: then they need not be
/// there.
#[must_use]
pub fn known_user(user: &UserName) -> Option<KnownUser> {
    let uid = match user.uid() {
        Some(uid) => Uid::from_raw(uid),
        None => User::from_name(user.as_str()).ok()??.uid,
    };
    Some(KnownUser {
        name: user_name(uid),
        owns_the_machine: uid.is_root(),
    })
}

/// A user of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownUser {
    /// The one name that stands for the user id.
    pub name: UserName,
    /// Whether this is the user who can do anything.
    pub owns_the_machine: bool,
}
