//! Files that appear whole or not at all, and that only their owner may read.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

use nix::unistd::Uid;

use super::signals::{Held, signals};

/// How many links in a row are followed.
const LINKS: usize = 40;

/// A file that is in its place once it is finished, and leaves nothing behind when it is not.
///
/// Until then it is a part file beside that place, `NAME.NUMBER.part`, locked for as long as it is
/// written: one without a lock was left by a process that was killed, and whoever writes the same
/// file next removes it.
///
/// A signal that asks the program to end is held back meanwhile, and makes the next write fail.
///
/// What is no regular file, such as a device or a pipe, is written as it is.
pub struct PrivateFile {
    file: File,
    held: Option<Held>,
    /// The part file, and where it goes in the end.
    places: Option<(PathBuf, PathBuf)>,
}

impl PrivateFile {
    /// Begins a file that will be at `path`; where that is a link, at what it points to.
    ///
    /// # Errors
    /// When there is a link in a folder that others may write, or the operating system refuses.
    pub fn new(path: &Path) -> io::Result<Self> {
        refuse_links_of_others(path)?;
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if let Ok(metadata) = fs::metadata(&path)
            && !metadata.is_file()
        {
            let file = OpenOptions::new().write(true).open(&path)?;
            return Ok(Self {
                file,
                held: None,
                places: None,
            });
        }
        if path.file_name().is_none() {
            return Err(io::ErrorKind::InvalidFilename.into());
        }
        let held = Some(signals().hold());
        for part in leftovers_of(&path) {
            // Whoever cannot remove it still can write the file.
            let _ = fs::remove_file(part);
        }
        loop {
            let part = part_of(&path)?;
            let file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&part);
            let file = match file {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                file => file?,
            };
            // Some file systems know no locks; then nobody takes it for a leftover.
            if let Err(fs::TryLockError::WouldBlock) = file.try_lock() {
                continue;
            }
            // Somebody may have taken it for a leftover before it was locked.
            if is_at(&file, &part) {
                let places = Some((part, path));
                return Ok(Self { file, held, places });
            }
        }
    }

    /// Where the file is until it is finished.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.places.as_ref().map_or(Path::new(""), |(part, _)| part)
    }

    /// Puts the file in its place, whatever is there.
    ///
    /// # Errors
    /// When the operating system refuses; then the old file is there, or the new one whole.
    pub fn finish(self) -> io::Result<()> {
        self.put(|part, path| fs::rename(part, path), false)
    }

    /// As [`PrivateFile::finish`], for what everybody may read.
    ///
    /// # Errors
    /// As [`PrivateFile::finish`].
    pub fn finish_for_all(self) -> io::Result<()> {
        self.file.set_permissions(Permissions::from_mode(0o644))?;
        self.finish()
    }

    /// Puts the file in its place, where nothing must be yet.
    ///
    /// # Errors
    /// When something is there, or the operating system refuses; then nothing has changed.
    pub fn finish_new(self) -> io::Result<()> {
        self.put(rename_new, true)
    }

    /// Fails once a signal has come.
    fn check(&self) -> io::Result<()> {
        if self.held.is_some() && signals().is_raised() {
            // Not the kind that writers take as a reason to try again.
            return Err(io::Error::other("interrupted"));
        }
        Ok(())
    }

    fn put(
        mut self,
        rename: impl Fn(&Path, &Path) -> io::Result<()>,
        is_new: bool,
    ) -> io::Result<()> {
        let Some((part, path)) = &self.places else {
            return Ok(());
        };
        self.file.sync_all()?;
        self.check()?;
        rename(part, path)?;
        let synced = match File::open(folder_of(path)) {
            Ok(folder) => folder.sync_all(),
            // A folder that this user may write but not read.
            Err(_) => Ok(()),
        };
        if synced.is_err() && is_new {
            let _ = fs::remove_file(path);
        }
        self.places = None;
        synced
    }
}

impl Write for PrivateFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.check()?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for PrivateFile {
    fn drop(&mut self) {
        if let Some((part, _)) = &self.places {
            // It is a leftover at most; the error that led here is the one to tell.
            let _ = fs::remove_file(part);
        }
    }
}

/// Writes a file that only its owner may read and write, and that must not exist yet.
///
/// # Errors
/// When it exists, or the operating system refuses.
pub fn write_new_private_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = PrivateFile::new(path)?;
    file.write_all(content)?;
    file.finish_new()
}

/// The part files in a folder that nobody writes any more, because whoever began them was killed.
#[must_use]
pub fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let mut found = part_files(folder, |_| true);
    found.sort();
    found
}

/// As [`leftovers`], of one file and of this user only.
fn leftovers_of(path: &Path) -> Vec<PathBuf> {
    let Some(name) = path.file_name() else {
        return Vec::new();
    };
    let mut own = part_files(folder_of(path), |stem| stem == name.as_bytes());
    own.retain(|part| {
        fs::symlink_metadata(part).is_ok_and(|part| part.uid() == Uid::effective().as_raw())
    });
    own
}

fn part_files(folder: &Path, is_wanted: impl Fn(&[u8]) -> bool) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let is_part = stem(entry.file_name().as_bytes()).is_some_and(&is_wanted);
            (is_part && is_abandoned(&entry.path())).then(|| entry.path())
        })
        .collect()
}

/// The name of a part file, where this is the name of its journal.
fn journaled(name: &[u8]) -> Option<&[u8]> {
    name.strip_suffix(b"-journal")
}

/// What comes before `.NUMBER.part`, or that and `-journal`.
fn stem(name: &[u8]) -> Option<&[u8]> {
    let name = journaled(name).unwrap_or(name).strip_suffix(b".part")?;
    let dot = name.iter().rposition(|byte| *byte == b'.')?;
    let (stem, number) = (&name[..dot], &name[dot + 1..]);
    let is_number = !number.is_empty() && number.iter().all(u8::is_ascii_digit);
    (is_number && !stem.is_empty()).then_some(stem)
}

/// Whether this is a file of a [`PrivateFile`] that no process is writing.
fn is_abandoned(part: &Path) -> bool {
    let is_ours = |file: &Metadata| file.is_file() && file.mode() & 0o7777 == 0o600;
    if !fs::symlink_metadata(part).is_ok_and(|file| is_ours(&file)) {
        return false;
    }
    // Neither through a link that has come meanwhile, nor waiting for a pipe.
    let flags = nix::fcntl::OFlag::O_NOFOLLOW | nix::fcntl::OFlag::O_NONBLOCK;
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits())
        .open(part);
    match opened {
        Ok(file) => file.try_lock().is_ok() && is_at(&file, part) && !has_writer(part),
        Err(_) => false,
    }
}

/// Whether this is the journal of a part file that a process is writing.
fn has_writer(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_bytes();
    journaled(name).is_some_and(|part| {
        let part = path.with_file_name(OsStr::from_bytes(part));
        part.exists() && !is_abandoned(&part)
    })
}

/// A name for a part file that nobody else uses.
fn part_of(path: &Path) -> io::Result<PathBuf> {
    let mut number = [0; 4];
    getrandom::fill(&mut number).map_err(io::Error::other)?;
    let mut name: OsString = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", u32::from_ne_bytes(number)));
    Ok(path.with_file_name(name))
}

/// Whether `path` still names this open file.
fn is_at(file: &File, path: &Path) -> bool {
    let identity = |metadata: Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(own), Ok(found)) => identity(own) == identity(found),
        _ => false,
    }
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Renames a file to a name that must be free.
fn rename_new(part: &Path, path: &Path) -> io::Result<()> {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        use nix::errno::Errno;
        use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};
        let flags = RenameFlags::RENAME_NOREPLACE;
        match renameat2(AT_FDCWD, part, AT_FDCWD, path, flags) {
            Ok(()) => return Ok(()),
            // A kernel, a file system or a sandbox that does not know it.
            Err(Errno::EINVAL | Errno::ENOSYS | Errno::EPERM | Errno::EOPNOTSUPP) => {}
            Err(error) => return Err(error.into()),
        }
    }
    // Whoever makes the empty file has the name.
    let claim = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let renamed = fs::rename(part, path);
    if renamed.is_err() && is_at(&claim, path) {
        let _ = fs::remove_file(path);
    }
    renamed
}

/// Refuses a path that leads through a link in a folder that others may write: where it leads is
/// for them to say.
fn refuse_links_of_others(path: &Path) -> io::Result<()> {
    let mut rest: Vec<OsString> = Vec::new();
    let push = |rest: &mut Vec<OsString>, path: &Path| {
        let components = path.components().rev();
        rest.extend(components.map(|component| component.as_os_str().to_owned()));
    };
    push(&mut rest, &std::path::absolute(path)?);
    let mut place = PathBuf::new();
    let mut links = 0;
    while let Some(component) = rest.pop() {
        let folder = place.clone();
        match Path::new(&component).components().next() {
            Some(Component::ParentDir) => drop(place.pop()),
            Some(Component::RootDir) => place = PathBuf::from("/"),
            Some(Component::Normal(name)) => place.push(name),
            _ => continue,
        }
        let Ok(target) = fs::read_link(&place) else {
            continue;
        };
        links += 1;
        if links > LINKS || is_shared(&folder) {
            return Err(io::Error::other(format!(
                "{} is a link in a folder that others may write",
                crate::model::text::path(&place)
            )));
        }
        place = folder;
        push(&mut rest, &target);
    }
    Ok(())
}

/// Whether anybody but this user and the owner of the machine may put files into a folder.
fn is_shared(folder: &Path) -> bool {
    let is_trusted = |uid: u32| uid == 0 || uid == Uid::effective().as_raw();
    match fs::metadata(folder) {
        Ok(folder) => folder.mode() & 0o022 != 0 || !is_trusted(folder.uid()),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn part_files_are_told_by_their_name() {
        for end in ["", "-journal"] {
            let name = format!("a.json.17.part{end}");
            assert_eq!(stem(name.as_bytes()), Some(&b"a.json"[..]));
        }
        for name in [
            "a.part", "a.17", "a.x.part", "a..part", ".17.part", "17.part",
        ] {
            assert_eq!(stem(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn what_is_not_finished_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let mut file = PrivateFile::new(&path).unwrap();
        file.write_all(b"one").unwrap();
        assert!(leftovers(folder.path()).is_empty(), "it is being written");
        drop(file);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn nothing_is_replaced_unless_that_is_meant() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write_new_private_file(&path, b"one").unwrap();
        let error = write_new_private_file(&path, b"two").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        let mut file = PrivateFile::new(&path).unwrap();
        file.write_all(b"two").unwrap();
        file.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_was_left_is_found_and_goes_with_the_next_file() {
        let folder = tempfile::tempdir().unwrap();
        let part = |name: &str, mode| {
            let path = folder.path().join(name);
            fs::write(&path, "x").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            path
        };
        let left = part("a.17.part", 0o600);
        let of_another = part("b.17.part", 0o600);
        part("a.18.part", 0o644);
        let journal = part("a.17.part-journal", 0o600);
        let found = [left.clone(), journal.clone(), of_another.clone()];
        assert_eq!(leftovers(folder.path()), found);
        write_new_private_file(&folder.path().join("a"), b"one").unwrap();
        assert_eq!(leftovers(folder.path()), std::slice::from_ref(&of_another));
        assert!(!left.exists() && !journal.exists());
        // A journal belongs to whoever writes the part file.
        let writer = File::open(&of_another).unwrap();
        writer.lock().unwrap();
        part("b.17.part-journal", 0o600);
        assert!(leftovers(folder.path()).is_empty());
    }

    #[test]
    fn links_are_followed_only_where_nobody_else_can_set_them() {
        let folder = tempfile::tempdir().unwrap();
        let shared = folder.path().join("shared");
        fs::create_dir(&shared).unwrap();
        let target = folder.path().join("target");
        fs::write(&target, "x").unwrap();
        symlink(&target, folder.path().join("link")).unwrap();
        symlink(&target, shared.join("link")).unwrap();
        symlink(folder.path(), shared.join("folder")).unwrap();
        symlink("shared/link", folder.path().join("indirect")).unwrap();
        fs::set_permissions(&shared, fs::Permissions::from_mode(0o1777)).unwrap();
        let name = |path: &str| PrivateFile::new(&folder.path().join(path)).map(drop);
        name("link").unwrap();
        name("shared/new").unwrap();
        for path in [
            "shared/link",
            "shared/folder/new",
            "indirect",
            "shared/../indirect",
        ] {
            let error = name(path).unwrap_err().to_string();
            assert!(
                error.ends_with("is a link in a folder that others may write"),
                "{error}"
            );
        }
    }
}
