//! Identifiers of connectors and services.
//!
//! The alphabet is a security boundary: an id is pasted into shells, completions and terminals, so
//! it can never carry a space, a quote, a newline or an escape.

use super::macros::text_type;
use super::text;

/// The greatest length of an id, in characters.
pub const MAX_LENGTH: usize = 128;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// The text has no characters.
    #[error("an id cannot be empty")]
    Empty,
    /// The text is longer than allowed.
    #[error("the id {shown}… has {length} characters; at most {MAX_LENGTH} are allowed")]
    TooLong {
        /// The first characters of the text, safe to show.
        shown: String,
        /// The length of the text in characters.
        length: usize,
    },
    /// The text begins with something else than a letter or a digit.
    #[error("the id {shown:?} must begin with a letter or a digit (A-Z, a-z, 0-9)")]
    Start {
        /// The text.
        shown: text::Quoted,
    },
    /// The text holds a character outside the alphabet.
    #[error(
        "the id {shown:?} may hold only letters, digits, '.', '_', ':' and '-' (A-Z, a-z, 0-9), not {character:?}"
    )]
    Character {
        /// The text.
        shown: text::Quoted,
        /// The first character that is not allowed.
        character: char,
    },
}

fn check(text: &str) -> Result<(), InvalidId> {
    let length = text.chars().count();
    if length > MAX_LENGTH {
        return Err(InvalidId::TooLong {
            shown: text::visible(&text.chars().take(24).collect::<String>()).into_owned(),
            length,
        });
    }
    let Some(first) = text.chars().next() else {
        return Err(InvalidId::Empty);
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '-');
    if let Some(character) = text.chars().find(|c| !allowed(*c)) {
        return Err(InvalidId::Character {
            shown: text::Quoted::from(text),
            character,
        });
    }
    if !first.is_ascii_alphanumeric() {
        return Err(InvalidId::Start {
            shown: text::Quoted::from(text),
        });
    }
    Ok(())
}

text_type! {
    /// Identifies a connector.
    ///
    /// 1 to 128 characters, the first of `[A-Za-z0-9]`, the others of `[A-Za-z0-9._:-]`; upper and
    /// lower case differ.
    pub struct ConnectorId, checked by fn check, which says InvalidId
}

text_type! {
    /// Identifies a service. It never changes.
    ///
    /// It is written as a [`ConnectorId`] is.
    pub struct ServiceId, checked by fn check, which says InvalidId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_whole_alphabet_and_the_greatest_length() {
        for text in ["a", "0", "Tap.slack_prod:eu-1", &"x".repeat(MAX_LENGTH)] {
            assert_eq!(text.parse::<ConnectorId>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn refuses_what_could_leave_its_place() {
        for text in [
            "",
            " a",
            "a b",
            "a\nb",
            "a\0",
            "-a",
            ".a",
            ":a",
            "_a",
            "[Token]",
            "a'b",
            "a\"b",
            "a$b",
            "a\u{1b}[0m",
            "ä",
            "a/b",
            "a\u{202e}",
            &"x".repeat(MAX_LENGTH + 1),
        ] {
            assert!(text.parse::<ServiceId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_refusal_never_repeats_an_escape() {
        let message = "a\u{1b}]0;x"
            .parse::<ConnectorId>()
            .unwrap_err()
            .to_string();
        assert!(!message.contains('\u{1b}'), "{message:?}");
    }
}
