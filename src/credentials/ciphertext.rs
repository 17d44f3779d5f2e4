//! Age files as secrets: their armor, their size, and what they tell without a key.

use std::io::{self, BufReader, Read, Write};

use age::Decryptor;
use age::armor::{ArmoredReader, ArmoredWriter, Format};

use super::Error;
use crate::model::MAX_SECRET_SIZE;

/// How a file with an armored age text begins.
pub const ARMOR_START: &str = "-----BEGIN AGE ENCRYPTED FILE-----";

/// How a binary age file begins.
pub(super) const BINARY_START: &[u8] = b"age-encryption.org/";

/// The first bytes of a binary age file in Base64, however they are armored.
const ENCODED_START: &str = "YWdlLWVuY3J5cHRpb24ub3Jn";

/// The most that the header of an age file may have, in bytes: some 2,600 age keys.
pub(super) const MAX_HEADER_SIZE: usize = 256 << 10;

/// The most that an age file with a secret may have, in bytes.
const MAX_SIZE: usize = MAX_HEADER_SIZE + NONCE_SIZE + MAX_SECRET_SIZE + TAG_SIZE * 17;

const NONCE_SIZE: usize = 16;

/// What is encrypted is cut into pieces, each of which has a tag.
const PIECE_SIZE: usize = 64 << 10;

const TAG_SIZE: usize = 16;

/// A binary age file as text.
///
/// # Errors
/// When memory is all that could fail; never in practice.
pub fn armor(ciphertext: &[u8]) -> io::Result<String> {
    let mut writer = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
    writer.write_all(ciphertext)?;
    String::from_utf8(writer.finish()?).map_err(io::Error::other)
}

/// The binary age file in a text, if its beginning, its size and its armor are sound. Whether it
/// can be decrypted only a private key could tell.
///
/// # Errors
/// [`Error::Damaged`] if they are not, [`Error::UnderPassphrase`] if no key can ever read it.
pub fn dearmor(text: &str) -> Result<Vec<u8>, Error> {
    // A line of 64 characters holds 48 bytes.
    if text.len() > MAX_SIZE / 48 * 66 + 200 {
        return Err(Error::TooLong);
    }
    let mut ciphertext = Vec::new();
    ArmoredReader::new(BufReader::new(text.trim().as_bytes()))
        .read_to_end(&mut ciphertext)
        .map_err(|_| Error::Damaged)?;
    match plaintext_size(&ciphertext)? {
        0 => return Err(Error::Empty),
        1..=MAX_SECRET_SIZE => {}
        _ => return Err(Error::TooLong),
    }
    let decryptor = Decryptor::new_buffered(ciphertext.as_slice()).map_err(|_| Error::Damaged)?;
    if decryptor.is_scrypt() {
        return Err(Error::UnderPassphrase);
    }
    Ok(ciphertext)
}

/// The age file in the place of a secret, or nothing if a plaintext stands there. What looks like
/// an age file is that or an error, so that nothing is encrypted a second time.
///
/// # Errors
/// When it looks like an age file and is no sound one.
pub fn ciphertext_in(text: &str) -> Result<Option<Vec<u8>>, Error> {
    if text.trim_start().starts_with(ARMOR_START) {
        return dearmor(text).map(Some);
    }
    if looks_like_age(text.as_bytes()) {
        return Err(Error::LooksEncrypted);
    }
    Ok(None)
}

/// Whether this looks like an age file, armored or not, whole or not.
#[must_use]
pub fn looks_like_age(bytes: &[u8]) -> bool {
    let has_line = |start: &[u8]| {
        let lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r'));
        lines.map(<[u8]>::trim_ascii_start).any(|line| {
            line.get(..start.len())
                .is_some_and(|line| line.eq_ignore_ascii_case(start))
        })
    };
    has_line(b"age-encryption.org/v")
        || contains(bytes, b"BEGIN AGE ENCRYPTED")
        || contains(bytes, b"END AGE ENCRYPTED")
        || contains(bytes, ENCODED_START.as_bytes())
}

/// Whether this part is there, in upper or lower case.
fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes
        .windows(part.len())
        .any(|window| window.eq_ignore_ascii_case(part))
}

/// How long the header of an age file is, with the line end behind it.
fn header_size(ciphertext: &[u8]) -> Result<usize, Error> {
    const LAST_LINE: &[u8] = b"\n--- ";
    let start = &ciphertext[..ciphertext.len().min(MAX_HEADER_SIZE)];
    let last_line = start
        .windows(LAST_LINE.len())
        .position(|window| window == LAST_LINE);
    let Some(last_line) = last_line else {
        let is_cut_off = start.len() == MAX_HEADER_SIZE && start.starts_with(BINARY_START);
        return Err(if is_cut_off {
            Error::TooManyRecipients
        } else {
            Error::Damaged
        });
    };
    let behind = last_line + LAST_LINE.len();
    let line_end = start[behind..].iter().position(|byte| *byte == b'\n');
    line_end
        .map(|position| behind + position + 1)
        .ok_or(Error::Damaged)
}

/// How long the plaintext is.
pub(super) fn plaintext_size(ciphertext: &[u8]) -> Result<usize, Error> {
    let payload = ciphertext
        .len()
        .checked_sub(header_size(ciphertext)? + NONCE_SIZE)
        .ok_or(Error::Damaged)?;
    let (whole, rest) = (
        payload / (PIECE_SIZE + TAG_SIZE),
        payload % (PIECE_SIZE + TAG_SIZE),
    );
    let tags = match (whole, rest) {
        (1.., 0) => whole,
        // A piece without any content stands alone.
        (0, TAG_SIZE..) | (_, 17..) => whole + 1,
        _ => return Err(Error::Damaged),
    };
    Ok(payload - tags * TAG_SIZE)
}

/// Whom a ciphertext is for, as far as it tells without a key: the kind of each recipient, and for
/// an SSH key which one it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience(Vec<String>);

impl Audience {
    /// Reads it from an age file.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn of(ciphertext: &[u8]) -> Result<Self, Error> {
        let header = &ciphertext[..header_size(ciphertext)?];
        let mut kinds: Vec<String> = header
            .split(|byte| *byte == b'\n')
            .filter_map(|line| line.strip_prefix(b"-> "))
            .map(|line| {
                let line = String::from_utf8_lossy(line);
                let mut words = line.split(' ');
                let kind = words.next().unwrap_or_default();
                // Behind other kinds stands what is new each time.
                match words.next() {
                    Some(tag) if kind.starts_with("ssh-") => format!("{kind} {tag}"),
                    _ => kind.to_owned(),
                }
            })
            // Programs add a line without a meaning, so that nobody comes to rely on there being none.
            .filter(|kind| !kind.ends_with("-grease"))
            .collect();
        kinds.sort();
        Ok(Self(kinds))
    }

    /// For how many recipients it is.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{key_pair, secret};
    use super::super::{Recipient, Sealer};
    use super::*;

    fn sealed(value: &str) -> Vec<u8> {
        let (_, recipient) = key_pair();
        Sealer::new(&[recipient])
            .unwrap()
            .seal(&secret(value))
            .unwrap()
    }

    #[test]
    fn armor_is_the_same_each_time_and_comes_off() {
        let ciphertext = sealed("value");
        let text = armor(&ciphertext).unwrap();
        assert!(text.starts_with(ARMOR_START));
        let crlf = text.replace('\n', "\r\n");
        for text in [&text, &crlf, &format!(" \n{text}\n\n")] {
            assert_eq!(dearmor(text).unwrap(), ciphertext);
            assert_eq!(ciphertext_in(text).unwrap().as_ref(), Some(&ciphertext));
        }
    }

    /// Everything that somebody could have made of an age file by mistake.
    #[test]
    fn what_looks_like_an_age_file_is_that_or_an_error() {
        let ciphertext = sealed("value");
        let text = armor(&ciphertext).unwrap();
        let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
        let lines: Vec<_> = text.lines().collect();
        let binary = String::from_utf8_lossy(&ciphertext).into_owned();
        let damaged = [
            ARMOR_START.to_owned(),
            text[..text.len() / 2].to_owned(),
            text[..text.len() - 40].to_owned(),
            text.replace('A', "!"),
            text.replace('\n', "\r"),
            text.replace('\n', " "),
            text.replace('\n', "\\n"),
            text.replace('\n', "\n\n"),
            text.to_lowercase(),
            text.to_uppercase(),
            text.replace("AGE ENCRYPTED FILE", "AGE ENCRYPTED MESSAGE"),
            text.replace("AGE ENCRYPTED FILE", "MESSAGE"),
            text.replace("-----", "----"),
            text.replace("-----", "—"),
            format!("Here it is:\n{text}"),
            format!("{text}Yours, Kim\n"),
            format!("{text}{text}"),
            format!("> {}", lines.join("\n> ")),
            lines[1..].join("\n"),
            lines[..lines.len() - 1].join("\n"),
            body.clone(),
            format!("{ARMOR_START}\n{body}\n-----END AGE ENCRYPTED FILE-----\n"),
            binary.clone(),
            format!("\n{binary}"),
            "age-encryption.org/v1".to_owned(),
            "AGE-ENCRYPTION.ORG/V2\n".to_owned(),
            format!("{ARMOR_START}\n-----END AGE ENCRYPTED FILE-----\n"),
        ];
        for text in damaged {
            let found = ciphertext_in(&text);
            assert!(
                matches!(found, Err(Error::Damaged | Error::LooksEncrypted)),
                "{found:?}: {text}"
            );
        }
        for text in [
            "hunter2",
            "see https://age-encryption.org/v1",
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
            "my age: 42",
        ] {
            assert_eq!(ciphertext_in(text).unwrap(), None, "{text}");
        }
    }

    #[test]
    fn headers_that_age_does_not_know_are_damaged() {
        let ciphertext = sealed("value");
        let header = header_size(&ciphertext).unwrap();
        let (start, payload) = ciphertext.split_at(header);
        let start = String::from_utf8(start.to_vec()).unwrap();
        let stanza = start.find("-> X25519").unwrap();
        let mac = start.find("---").unwrap();
        for start in [
            start.replace("/v1", "/v2"),
            start.replace("/v1\n", "/v1\r\n"),
            start.replace("-> X25519", "->X25519"),
            start.replace("-> X25519", "=> X25519"),
            start.replace("--- ", "---"),
            start[..stanza].to_owned() + &start[mac..],
            start[..mac].to_owned(),
            start[..mac + 20].to_owned() + "\n",
        ] {
            let bytes = [start.as_bytes(), payload].concat();
            let found = dearmor(&armor(&bytes).unwrap());
            assert!(matches!(found, Err(Error::Damaged)), "{found:?}: {start}");
        }
    }

    #[test]
    fn the_size_of_a_plaintext_is_known_without_a_key() {
        let (_, recipient) = key_pair();
        let sealer = Sealer::new(&[recipient]).unwrap();
        let size = |size: usize| {
            let value = zeroize::Zeroizing::new(vec![b'x'; size]);
            let ciphertext = sealer.seal(&value.into()).unwrap();
            assert_eq!(plaintext_size(&ciphertext).unwrap(), size);
            dearmor(&armor(&ciphertext).unwrap())
        };
        for sound in [1, 2, 65_535, 65_536, 65_537, 131_072, MAX_SECRET_SIZE] {
            assert!(size(sound).is_ok(), "{sound}");
        }
        assert!(matches!(size(0), Err(Error::Empty)));
        for too_long in [MAX_SECRET_SIZE + 1, MAX_SECRET_SIZE * 2] {
            assert!(matches!(size(too_long), Err(Error::TooLong)), "{too_long}");
        }
    }

    #[test]
    fn as_many_recipients_as_can_be_encrypted_for_can_be_imported() {
        let recipients: Vec<Recipient> = (0..40).map(|_| key_pair().1).collect();
        let sealer = Sealer::new(&recipients).unwrap();
        let value = zeroize::Zeroizing::new(vec![b'x'; MAX_SECRET_SIZE]);
        let ciphertext = sealer.seal(&value.into()).unwrap();
        assert!(dearmor(&armor(&ciphertext).unwrap()).is_ok());
        let many: Vec<Recipient> = (0..4000).map(|_| recipients[0].clone()).collect();
        let found = Sealer::new(&many).unwrap().audience();
        assert!(matches!(found, Err(Error::TooManyRecipients)), "{found:?}");
    }

    #[test]
    fn a_ciphertext_tells_its_audience() {
        let ssh: Recipient =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN"
                .parse()
                .unwrap();
        let (_, one) = key_pair();
        let (_, two) = key_pair();
        let audience =
            |recipients: &[Recipient]| Sealer::new(recipients).unwrap().audience().unwrap();
        assert_eq!(
            audience(&[one.clone(), ssh.clone()]),
            audience(&[ssh, two.clone()])
        );
        assert_ne!(audience(std::slice::from_ref(&one)), audience(&[one, two]));
    }
}
