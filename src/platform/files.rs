//! Files that only their owner may use, and who else may use others.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;
use nix::unistd::{AccessFlags, access};

/// Makes an empty file that only its owner may read and write; false if one is there already, which
/// stays as it is.
pub fn create_private_file(path: &Path) -> io::Result<bool> {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes a folder, and those above it, that only its owner may enter.
///
/// # Errors
/// When the operating system refuses.
pub fn create_private_folder(path: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

/// The mode of a file or folder.
#[must_use]
pub fn mode_of(path: &Path) -> Option<u32> {
    Some(std::fs::metadata(path).ok()?.mode() & 0o7777)
}

/// Whether everybody may put files into a folder.
#[must_use]
pub fn is_open_to_all(folder: &Path) -> bool {
    mode_of(folder).is_some_and(|mode| mode & 0o002 != 0)
}

/// Whether a group may put files into a folder, and is not the one that may write this file in it.
#[must_use]
pub fn is_open_wider(folder: &Path, file: &Path) -> bool {
    let metadata = (std::fs::metadata(folder), std::fs::metadata(file));
    let (Ok(folder), Ok(file)) = metadata else {
        return false;
    };
    let shares = file.mode() & 0o020 != 0 && file.gid() == folder.gid();
    folder.mode() & 0o020 != 0 && !shares
}

/// Whether the file system keeps no locks, which alone keep two processes from writing the same
/// file at once. The engine cannot tell that from a file that somebody else has locked.
#[must_use]
#[allow(
    clippy::cast_possible_truncation,
    reason = "small numbers, of a type that differs by system"
)]
pub fn keeps_no_locks(file: &File) -> bool {
    // A byte that is never written, and that no engine locks.
    let probe = libc::flock {
        l_type: libc::F_RDLCK as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: 1 << 62,
        l_len: 1,
        l_pid: 0,
    };
    let locked = fcntl(file, FcntlArg::F_SETLK(&probe));
    matches!(
        locked,
        Err(Errno::ENOLCK | Errno::EOPNOTSUPP | Errno::ENOSYS)
    )
}

/// The file of a program of this name or path: the first in these folders, each between two colons,
/// that can be run.
#[must_use]
pub fn find_program(name: &str, folders: &OsStr) -> Option<PathBuf> {
    let is_program = |path: &PathBuf| path.is_file() && access(path, AccessFlags::X_OK).is_ok();
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(is_program);
    }
    let folders = std::env::split_paths(folders);
    folders.map(|folder| folder.join(name)).find(is_program)
}

/// How many names a file has.
#[must_use]
pub fn names_of(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |file| file.nlink())
}

/// The mode of a file that others than its owner may use in any way; `None` if nobody else may, or
/// nothing is known of the file.
#[must_use]
pub fn is_readable_by_others(path: &Path) -> Option<u32> {
    let mode = std::fs::metadata(path).ok()?.mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}
