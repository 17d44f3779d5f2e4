//! Files that only their owner may use, and who else may use others.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Makes an empty file that only its owner may read and write. One that is there already stays.
///
/// # Errors
/// When the operating system refuses.
pub fn create_private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}

/// Writes a file that only its owner may read and write, and that must not exist yet.
///
/// Whoever is cut off leaves no half of it at `path`.
///
/// # Errors
/// When it exists, or the operating system refuses.
pub fn write_new_private_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = ReplacedFile::new(path)?;
    file.write_all(content)?;
    file.finish_new()
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

/// The mode of a file that others than its owner may use in any way; `None` if nobody else may, or
/// nothing is known of the file.
#[must_use]
pub fn is_readable_by_others(path: &Path) -> Option<u32> {
    let mode = std::fs::metadata(path).ok()?.mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

/// A file that takes the place of another one when it is finished, and leaves nothing behind when
/// it is not. Only its owner may read it.
///
/// What is no regular file, such as a device or a pipe, is written as it is.
pub struct ReplacedFile {
    file: File,
    /// The file that is written, and where it goes in the end.
    places: Option<(PathBuf, PathBuf)>,
}

impl ReplacedFile {
    /// Begins a file that will be at `path`.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn new(path: &Path) -> io::Result<Self> {
        // The file that a link points to is replaced, not the link.
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if let Ok(metadata) = std::fs::metadata(&path)
            && !metadata.is_file()
        {
            let file = OpenOptions::new().write(true).open(&path)?;
            return Ok(Self { file, places: None });
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let part = path.with_file_name(name);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&part)?;
        Ok(Self {
            file,
            places: Some((part, path)),
        })
    }

    /// Where the file is until it is finished.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.places.as_ref().map_or(Path::new(""), |(part, _)| part)
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// When the operating system refuses; then nothing has changed.
    pub fn finish(mut self) -> io::Result<()> {
        if let Some((part, path)) = &self.places {
            self.file.sync_all()?;
            std::fs::rename(part, path)?;
            self.places = None;
        }
        Ok(())
    }

    /// Puts the file in its place, where nothing must be yet.
    ///
    /// # Errors
    /// When something is there, or the operating system refuses; then nothing has changed.
    pub fn finish_new(self) -> io::Result<()> {
        if let Some((part, path)) = &self.places {
            self.file.sync_all()?;
            std::fs::hard_link(part, path)?;
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        }
        Ok(())
    }
}

impl Write for ReplacedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for ReplacedFile {
    fn drop(&mut self) {
        if let Some((part, _)) = &self.places {
            // It is a leftover at most; the error that led here is the one to tell.
            let _ = std::fs::remove_file(part);
        }
    }
}
