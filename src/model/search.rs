//! Looking for a text.

use unicode_normalization::UnicodeNormalization;

/// A text that is looked for in others: upper and lower case are the same, and so are the ways to
/// write a letter with its accents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Folded. Never empty.
    wanted: String,
}

impl Search {
    /// Looks for this text; `None` if it is empty.
    #[must_use]
    pub fn new(wanted: &str) -> Option<Self> {
        (!wanted.is_empty()).then(|| Self {
            wanted: folded(wanted),
        })
    }

    /// Whether it stands in this one.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        if text.is_ascii() {
            // Nothing is folded into ASCII that is none, so there is nothing to make.
            let wanted = self.wanted.as_bytes();
            let first = wanted.first().copied();
            let mut parts = text.as_bytes().windows(wanted.len());
            // One look at the first byte settles most places.
            return parts.any(|part| {
                part.first().map(u8::to_ascii_lowercase) == first
                    && part.eq_ignore_ascii_case(wanted)
            });
        }
        folded(text).contains(&self.wanted)
    }
}

/// The text with all that is the same written in one way. A letter goes through upper case, which
/// knows more: `ß` is `SS` there, and every sigma one. Before that through lower case: `ẞ` is one in
/// upper case already.
fn folded(text: &str) -> String {
    let lower = text.nfd().flat_map(char::to_lowercase);
    let upper = lower.flat_map(char::to_uppercase);
    upper.flat_map(char::to_lowercase).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_encoding_are_the_same_in_every_script() {
        for (wanted, text) in [
            ("SLACK", "tap-slack"),
            ("größe", "GRÖSSE"),
            ("GRÖSSE", "eine größe"),
            ("straße", "STRAẞE"),
            ("STRASSE", "STRAẞE"),
            ("Caf\u{e9}", "le cafe\u{301}"),
            ("CAFE\u{301}", "le caf\u{e9}"),
            ("ΟΔΟΣ", "οδος"),
            ("привет", "ПРИВЕТ"),
            ("\u{1100}\u{1161}", "\u{ac00}"),
            ("s", "\u{17f}"),
            ("\u{17f}", "s"),
            ("k", "\u{212a}"),
            ("\u{212a}", "K"),
        ] {
            assert!(
                Search::new(wanted).unwrap().is_in(text),
                "{wanted} in {text}"
            );
        }
        for (wanted, text) in [
            ("slack", "tap-slac"),
            ("café", "cafe"),
            ("é", "e"),
            ("a", ""),
        ] {
            assert!(
                !Search::new(wanted).unwrap().is_in(text),
                "{wanted} in {text}"
            );
        }
        assert!(Search::new("").is_none());
    }
}
