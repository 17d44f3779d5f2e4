//! Who this process works for, and what the user database knows.

use std::fs::{File, Metadata};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::unistd::{self, Uid};

use super::user_database;
use crate::model::{Actor, UserName};

/// As many characters as the name of a user has at most.
const MAX_NAME_LENGTH: usize = 256;

/// The user this process works for: the real user id, as the kernel knows it outside of user
/// namespaces, with the name that the user database has for it. No environment variable has a say in
/// that, and neither has whoever starts a namespace: in one there are no names.
#[must_use]
pub fn actor(sudo_user: Option<String>) -> Actor {
    let uid = Uid::current();
    let namespace = Namespace::own();
    Actor {
        user: namespace
            .name(uid)
            .unwrap_or_else(|| UserName::of_uid(uid.as_raw())),
        uid: namespace.outside(uid).unwrap_or(uid).as_raw(),
        in_namespace: namespace != Namespace::Machine,
        // Anyone can set the variable, to anything.
        sudo_user: sudo_user.map(|user| user.chars().take(MAX_NAME_LENGTH).collect()),
        host: unistd::gethostname()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
    }
}

/// Whether the home folder can be asked for. In a binary with the C library inside only `HOME`
/// tells: to look for users it would load parts of that library, and crash.
#[must_use]
pub fn has_home() -> bool {
    cfg!(not(target_feature = "crt-static")) || std::env::var_os("HOME").is_some()
}

/// The name of the user this process works for.
#[must_use]
pub fn user() -> UserName {
    actor(None).user
}

/// The user who owns a file; `None` where this process cannot see who that is.
#[must_use]
pub fn owner_of(path: &Path) -> Option<UserName> {
    let metadata = std::fs::metadata(path).ok()?;
    Namespace::own().name(Uid::from_raw(metadata.uid()))
}

/// Whether a file belongs to the user this process works for.
#[must_use]
pub fn is_own(path: &Path) -> bool {
    std::fs::metadata(path)
        .is_ok_and(|file| file.uid() == Uid::current().as_raw() && has_known_owner(&file))
}

/// Whether a file, which is not followed where it is a link, belongs to somebody else than this
/// user, the owner of the machine and the owner of the file at `beside`; also if that cannot be
/// told. What is not there belongs to nobody.
#[must_use]
pub fn is_foreign(path: &Path, beside: &Path) -> bool {
    let Ok(file) = std::fs::symlink_metadata(path) else {
        return false;
    };
    let owner = std::fs::metadata(beside).map(|file| file.uid()).ok();
    let trusted = [Some(0), Some(Uid::effective().as_raw()), owner];
    // A second name may be anybody's.
    !file.is_file()
        || file.nlink() > 1
        || !has_known_owner(&file)
        || !trusted.contains(&Some(file.uid()))
}

/// A user as the user database names them, who may have been named by number: then they need not be
/// there.
#[must_use]
pub fn known_user(user: &UserName) -> Option<KnownUser> {
    let uid = match user.uid() {
        Some(uid) => Uid::from_raw(uid),
        None => Uid::from_raw(user_database::number_of(user.as_str())?),
    };
    Some(KnownUser {
        name: name_in_database(uid),
        uid: uid.as_raw(),
        owns_the_machine: uid.is_root(),
    })
}

/// A user of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownUser {
    /// The one name that stands for the user id.
    pub name: UserName,
    /// The user id.
    pub uid: u32,
    /// Whether this is the user who can do anything.
    pub owns_the_machine: bool,
}

fn name_in_database(uid: Uid) -> UserName {
    user_database::name_of(uid.as_raw())
        .and_then(|name| name.parse().ok())
        .unwrap_or_else(|| UserName::of_uid(uid.as_raw()))
}

/// Whether the owner that is shown for a file is its owner: one who is not known in this namespace
/// is shown as a user that anybody can become in a namespace of their own.
fn has_known_owner(file: &Metadata) -> bool {
    const USUAL_OVERFLOW: u32 = 65_534;
    match Namespace::own() {
        Namespace::Machine => true,
        Namespace::Inner(_) => {
            let overflow = std::fs::read_to_string("/proc/sys/kernel/overflowuid");
            let overflow = overflow.ok().and_then(|uid| uid.trim().parse().ok());
            ![Some(USUAL_OVERFLOW), overflow].contains(&Some(file.uid()))
        }
    }
}

/// Where the user ids that this process sees mean something.
#[derive(Debug, PartialEq, Eq)]
enum Namespace {
    /// On the whole machine.
    Machine,
    /// In a user namespace, whose maker may be anybody and has chosen them.
    Inner(Vec<Range>),
}

/// So many user ids from `inside`, which are those from `outside` one namespace further out.
#[derive(Debug, PartialEq, Eq)]
struct Range {
    inside: u32,
    outside: u32,
    length: u32,
}

impl Namespace {
    fn own() -> Self {
        // Where this cannot be known, it may be anybody's.
        own_map().map_or(Self::Inner(Vec::new()), |map| Self::from_map(&map))
    }

    fn from_map(map: &str) -> Self {
        let ranges: Vec<_> = map.lines().filter_map(Range::parse).collect();
        let whole = Range {
            inside: 0,
            outside: 0,
            length: u32::MAX,
        };
        if ranges == [whole] {
            Self::Machine
        } else {
            Self::Inner(ranges)
        }
    }

    /// The user id outside of the namespace, if it has one.
    fn outside(&self, uid: Uid) -> Option<Uid> {
        match self {
            Self::Machine => Some(uid),
            Self::Inner(ranges) => ranges.iter().find_map(|range| {
                let offset = uid.as_raw().checked_sub(range.inside)?;
                let outside = range.outside.checked_add(offset)?;
                (offset < range.length).then(|| Uid::from_raw(outside))
            }),
        }
    }

    fn name(&self, uid: Uid) -> Option<UserName> {
        match self {
            Self::Machine => Some(name_in_database(uid)),
            Self::Inner(_) => Some(UserName::of_uid(self.outside(uid)?.as_raw())),
        }
    }
}

impl Range {
    fn parse(line: &str) -> Option<Self> {
        let mut numbers = line.split_whitespace().map(|word| word.parse().ok());
        let mut next = || numbers.next().flatten();
        Some(Self {
            inside: next()?,
            outside: next()?,
            length: next()?,
        })
    }
}

/// How the kernel maps the user ids of this process.
#[cfg(target_os = "linux")]
fn own_map() -> Option<String> {
    use nix::sys::statfs::{PROC_SUPER_MAGIC, fstatfs};
    let mut file = File::open("/proc/self/uid_map").ok()?;
    // Whoever makes a namespace can put a file of their own there.
    if fstatfs(&file).ok()?.filesystem_type() != PROC_SUPER_MAGIC {
        return None;
    }
    let mut map = String::new();
    file.read_to_string(&mut map).ok()?;
    Some(map)
}

/// Other systems have no such namespaces.
#[cfg(not(target_os = "linux"))]
fn own_map() -> Option<String> {
    Some(format!("0 0 {}", u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_a_namespace_a_user_is_the_number_outside() {
        let name = |map: &str, uid| {
            let name = Namespace::from_map(map).name(Uid::from_raw(uid));
            name.map(|name| name.to_string())
        };
        let rootless = "         0       1000          1\n         1     100000      65536\n";
        assert_eq!(name(rootless, 0).as_deref(), Some("uid:1000"));
        assert_eq!(name(rootless, 33).as_deref(), Some("uid:100032"));
        assert_eq!(name(rootless, 65_537), None);
        assert_eq!(name("0 4294967295 10", 5), None);
        assert_eq!(name("", 0), None);
        assert_eq!(
            name("0 0 4294967295\n", 471_147).as_deref(),
            Some("uid:471147")
        );
        assert_ne!(Namespace::from_map("0 0 4294967294\n"), Namespace::Machine);
    }
}
