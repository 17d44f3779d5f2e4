//! What the user database knows: the name of a number, and the number of a name.

#[cfg(target_feature = "crt-static")]
pub(super) use asked::{name_of, number_of};
#[cfg(not(target_feature = "crt-static"))]
pub(super) use linked::{name_of, number_of};

/// The C library looks.
#[cfg(not(target_feature = "crt-static"))]
mod linked {
    use nix::unistd::{Uid, User};

    pub fn name_of(uid: u32) -> Option<String> {
        Some(User::from_uid(Uid::from_raw(uid)).ok()??.name)
    }

    pub fn number_of(name: &str) -> Option<u32> {
        Some(User::from_name(name).ok()??.uid.as_raw())
    }
}

/// A binary with the C library inside cannot load the parts that know of users beyond
/// `/etc/passwd`. So it reads that file, and for the others asks the program that can.
#[cfg(any(target_feature = "crt-static", test))]
mod asked {
    use super::super::getent;

    pub fn name_of(uid: u32) -> Option<String> {
        let has = |entry: &Entry| entry.uid == uid;
        find(has, &uid.to_string()).map(|entry| entry.name)
    }

    pub fn number_of(name: &str) -> Option<u32> {
        // A number is asked for as one.
        if name.parse::<u32>().is_ok() || name.starts_with('-') {
            return None;
        }
        let has = |entry: &Entry| entry.name == name;
        find(has, name).map(|entry| entry.uid)
    }

    /// A line of the database.
    #[derive(Debug, PartialEq, Eq)]
    pub struct Entry {
        pub name: String,
        pub uid: u32,
    }

    fn find(has: impl Fn(&Entry) -> bool, key: &str) -> Option<Entry> {
        let in_file = std::fs::read("/etc/passwd").unwrap_or_default();
        first(&in_file, &has).or_else(|| first(&getent::ask("passwd", key)?, &has))
    }

    /// The first entry that has what is looked for. What is no entry is passed over.
    pub fn first(lines: &[u8], has: impl Fn(&Entry) -> bool) -> Option<Entry> {
        let lines = lines.split(|byte| *byte == b'\n');
        lines.filter_map(entry).find(has)
    }

    fn entry(line: &[u8]) -> Option<Entry> {
        let mut fields = std::str::from_utf8(line).ok()?.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        let uid = fields.nth(1)?.parse().ok()?;
        Some(Entry {
            name: name.to_owned(),
            uid,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::asked::{self, Entry, first};

    #[test]
    fn an_entry_is_found_by_name_and_by_number() {
        let lines = b"# kim:x:1:\n\nkim:x:1000:1000:Kim:/home/kim:/bin/sh\n\xff:x:7:\nno\n+::::::\nlee:x:1000:::\n";
        let kim = Some(Entry {
            name: "kim".to_owned(),
            uid: 1000,
        });
        assert_eq!(first(lines, |entry| entry.uid == 1000), kim);
        assert_eq!(first(lines, |entry| entry.name == "kim"), kim);
        assert_eq!(first(lines, |entry| entry.name == "lee").unwrap().uid, 1000);
        for gone in [0, 7] {
            assert_eq!(first(lines, |entry| entry.uid == gone), None);
        }
    }

    #[test]
    fn whoever_is_not_in_the_file_is_asked_for() {
        assert_eq!(asked::name_of(0).as_deref(), Some("root"));
        assert_eq!(asked::number_of("root"), Some(0));
        assert_eq!(asked::name_of(3_999_999_999), None);
        for gone in ["no-such-user-here", "0", "--help", ""] {
            assert_eq!(asked::number_of(gone), None);
        }
    }
}
