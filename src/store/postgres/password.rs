//! Passwords that are kept in a file, by the rules of every program that talks to `PostgreSQL`.

use std::fs::{self, File};
use std::path::Path;

use crate::model::text;
use crate::platform;

/// How many bytes such a file has at most.
const LIMIT: usize = 1 << 20;

/// What a password is for.
pub(super) struct Door<'d> {
    pub(super) host: &'d str,
    pub(super) port: u16,
    pub(super) database: &'d str,
    pub(super) user: &'d str,
}

/// The password in a file for this door. The error is why the file, which is there, was not read.
pub(super) fn in_file(file: &Path, door: &Door<'_>) -> Result<Option<String>, String> {
    // What is no file, a pipe that nobody writes to for instance, could keep waiting.
    if !fs::metadata(file).is_ok_and(|file| file.is_file()) {
        return Ok(None);
    }
    let not_read = |why: String| format!("{} was not read: {why}", text::path(file));
    if let Some(mode) = platform::is_readable_by_others(file) {
        return Err(not_read(format!("its mode is {mode:04o} and must be 0600")));
    }
    let content = File::open(file).and_then(|file| platform::read_text(file, LIMIT));
    let content = content.map_err(|error| not_read(error.to_string()))?;
    Ok(content.lines().find_map(|line| password(line, door)))
}

/// The password in a line `host:port:database:user:password`, if it is for this door.
fn password(line: &str, door: &Door<'_>) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let mut rest = line;
    let port = door.port.to_string();
    for wanted in [door.host, &port, door.database, door.user] {
        let (field, is_any, behind) = field(rest);
        if !is_any && field != wanted {
            return None;
        }
        rest = behind?;
    }
    Some(field(rest).0).filter(|password| !password.is_empty())
}

/// What stands before the next colon, whether that is the sign for anything, and what stands behind
/// the colon. A backslash takes its meaning from the next character.
fn field(text: &str) -> (String, bool, Option<&str>) {
    let mut field = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            ':' => return (field, &text[..at] == "*", Some(&text[at + 1..])),
            '\\' => field.push(characters.next().map_or('\\', |(_, next)| next)),
            other => field.push(other),
        }
    }
    (field, text == "*", None)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOOR: Door<'_> = Door {
        host: "db",
        port: 5432,
        database: "platform",
        user: "kim",
    };

    #[test]
    fn a_line_is_for_one_door() {
        for (line, found) in [
            ("db:5432:platform:kim:secret", Some("secret")),
            ("*:*:*:*:secret", Some("secret")),
            ("db:*:platform:kim:se\\:cr\\\\et", Some("se:cr\\et")),
            ("db:*:*:kim:secret:more", Some("secret")),
            ("db:5432:platform:kim:*", Some("*")),
            ("d\\b:5432:platform:kim:end\\", Some("end\\")),
            ("\\*:5432:platform:kim:secret", None),
            ("#db:5432:platform:kim:secret", None),
            ("db2:5432:platform:kim:secret", None),
            ("db:5433:platform:kim:secret", None),
            ("db:5432:other:kim:secret", None),
            ("db:5432:platform:kay:secret", None),
            (" db:5432:platform:kim:secret", None),
            ("db:5432:platform:kim:", None),
            ("db:5432:platform:kim", None),
            ("", None),
        ] {
            assert_eq!(password(line, &DOOR).as_deref(), found, "{line}");
        }
    }

    #[test]
    fn a_file_that_others_may_read_is_not_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pgpass");
        assert_eq!(in_file(&file, &DOOR), Ok(None));
        assert_eq!(in_file(folder.path(), &DOOR), Ok(None));
        fs::write(
            &file,
            "# all of them\r\n*:*:*:kay:x\r\n*:*:*:kim:MARK\r\n*:*:*:*:y\r\n",
        )
        .unwrap();
        let set = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        for mode in [0o644, 0o640, 0o604] {
            set(mode);
            let error = in_file(&file, &DOOR).unwrap_err();
            assert!(
                error.ends_with(&format!("its mode is {mode:04o} and must be 0600")),
                "{error}"
            );
        }
        set(0o600);
        assert_eq!(in_file(&file, &DOOR), Ok(Some("MARK".to_owned())));
        set(0o400);
        assert_eq!(in_file(&file, &DOOR), Ok(Some("MARK".to_owned())));
    }
}
