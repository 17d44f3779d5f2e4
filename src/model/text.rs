//! Making any text safe to show.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::sensitive::without_password;

/// Whether a terminal could obey this character instead of showing it: control characters, the
/// bidirectional controls and the other invisible format characters that can disguise a text.
#[must_use]
pub fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// The text with every unsafe character written as an escape: `\n`, `\t`, `\u{1b}`, `\u{202e}`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    escape(text, |_| false, |c, shown| shown.extend(c.escape_default()))
}

/// As [`visible`], but line breaks stay, for a text that is laid out in lines.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escape(
        text,
        |c| c == '\n',
        |c, shown| shown.extend(c.escape_default()),
    )
}

/// JSON with every unsafe character but the line ends between values written as JSON's own escape,
/// so that it means the same.
#[must_use]
pub fn json_escaped(json: &str) -> Cow<'_, str> {
    escape(
        json,
        |c| c == '\n',
        |c, shown| {
            for unit in c.encode_utf16(&mut [0; 2]) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        },
    )
}

/// The text as one word of a command line that can be pasted into a shell.
#[must_use]
pub fn shell_word(word: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/@%+=,-".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
    }
}

/// The name of a file, safe to show; where it is an address by mistake, without the password in it.
#[must_use]
pub fn path(path: &Path) -> String {
    let name = path.to_string_lossy();
    visible(&without_password(&name)).into_owned()
}

/// The text in which `write` has written every unsafe character, except those that `stays` names
/// and the joiners within a word or an emoji, which show what is meant.
pub fn escape(
    text: &str,
    stays: impl Fn(char) -> bool,
    write: impl Fn(char, &mut String),
) -> Cow<'_, str> {
    let plain = |byte: &u8| (0x20..0x7f).contains(byte);
    if text.as_bytes().iter().all(plain) || !text.chars().any(|c| is_unsafe(c) && !stays(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut before = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let after = characters.peek().copied();
        let joins =
            is_joiner(character) && before.is_some_and(is_joined) && after.is_some_and(is_joined);
        if !is_unsafe(character) || stays(character) || joins {
            shown.push(character);
        } else {
            write(character, &mut shown);
        }
        before = Some(character);
    }
    Cow::Owned(shown)
}

/// The zero-width joiner, which makes one emoji of several, and the non-joiner, which several
/// scripts need within a word.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

/// Whether a joiner beside this character has a meaning: a letter, a mark on one, an emoji.
fn is_joined(character: char) -> bool {
    character.is_alphabetic()
        || (character.width() == Some(0) && !is_unsafe(character))
        || matches!(character, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// The text, or as much of its beginning as fits into so many columns, with a mark that there was
/// more.
#[must_use]
pub fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let mut room = width.saturating_sub(1);
    let mut shown = String::new();
    for character in text.chars() {
        let needs = character.width().unwrap_or(0);
        if needs > room {
            break;
        }
        room -= needs;
        shown.push(character);
    }
    shown.truncate(shown.trim_end_matches('\u{200d}').len());
    shown.push('…');
    Cow::Owned(shown)
}

/// The text in lines of so many columns, broken between words. A word that alone is wider, and a
/// command, which could be another one without its end, are a line of their own.
#[must_use]
pub fn wrapped(text: &str, width: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    // Where the line begins, where it ends so far, and how many columns it has until there.
    let (mut start, mut end, mut columns) = (0, 0, 0);
    for (from, to) in units(text) {
        let more = text[end..to].width();
        if end > start && columns + more > width {
            lines.push(&text[start..end]);
            start = from;
            columns = text[from..to].width();
        } else {
            columns += more;
        }
        end = to;
    }
    lines.push(&text[start..end]);
    lines
}

/// The lines of a text, each broken as [`wrapped`] does; what goes on in the next line is indented as
/// its beginning is, unless it alone is too wide for that.
#[must_use]
pub fn folded(text: &str, width: usize) -> Cow<'_, str> {
    if text.lines().all(|line| line.width() <= width) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len() + 16);
    for line in text.split('\n') {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        for part in wrapped(content, width.saturating_sub(indent)) {
            let fits = part.width() + indent <= width;
            folded.push_str(if fits { &line[..indent] } else { "" });
            folded.push_str(part);
            folded.push('\n');
        }
    }
    folded.pop();
    Cow::Owned(folded)
}

/// The text in lines of so many columns as [`wrapped`] makes them, but with no line that is wider: a
/// word that is goes on in the next one. For what people write, in which nothing is an id or a
/// command.
#[must_use]
pub fn broken(text: &str, width: usize) -> Vec<&str> {
    let lines = wrapped(text, width).into_iter();
    lines.flat_map(|line| pieces(line, width)).collect()
}

/// A line in pieces of so many columns, or one character each where that is wider.
fn pieces(line: &str, width: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for at in line.char_indices().map(|(at, _)| at).skip(1) {
        let end = at + line[at..].chars().next().map_or(0, char::len_utf8);
        if line[start..end].width() > width && is_between_characters(line, at) {
            pieces.push(&line[start..at]);
            start = at;
        }
    }
    pieces.push(&line[start..]);
    pieces
}

/// Whether what a person takes for a character ends here: neither a mark nor a joiner follows or
/// stands before.
fn is_between_characters(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let behind = text[at..].chars().next();
    before != Some('\u{200d}') && behind.and_then(char::width).is_some_and(|width| width > 0)
}

/// Where the parts of a text begin and end that stay together: its words, or the characters of a
/// script that has no spaces, and commands to their end, which is that of the quotes that they stand
/// in, or else that of the text.
fn units(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &text[at..];
        let start = at + rest.len() - rest.trim_start_matches(' ').len();
        let unit = text.get(start..).filter(|unit| !unit.is_empty())?;
        let length = if unit.starts_with("connctl ") && leads_to_command(&text[..start]) {
            unit.trim_end_matches(' ').len()
        } else if unit.starts_with("\"connctl ") {
            let quoted = unit[1..].find('"').map_or(unit.len(), |end| end + 2);
            unit[quoted..]
                .find(' ')
                .map_or(unit.len(), |end| quoted + end)
        } else {
            let word = &unit[..unit.find(' ').unwrap_or(unit.len())];
            end_of_character(word).unwrap_or(word.len())
        };
        at = start + length;
        Some((start, at))
    })
}

/// Whether a command follows this text, and not merely the name of the program.
fn leads_to_command(text: &str) -> bool {
    let word = text.split(' ').rfind(|word| !word.is_empty());
    word.is_none_or(|word| word.ends_with([':', ';']) || matches!(word, "see" | "with"))
}

/// Where a word may be broken because it stands in a script without spaces: after its first wide
/// character, unless that is joined to what follows.
fn end_of_character(word: &str) -> Option<usize> {
    let is_wide = |character: char| character.width() == Some(2);
    let ends = word
        .char_indices()
        .filter(|(_, character)| is_wide(*character));
    ends.map(|(at, character)| at + character.len_utf8())
        .find(|at| {
            let next = word[*at..].chars().next();
            next.is_some_and(is_wide) && is_between_characters(word, *at)
        })
}

/// A text that shows itself in double quotes and without unsafe characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Quoted(String);

impl From<&str> for Quoted {
    fn from(text: &str) -> Self {
        const SHOWN: usize = 80;
        let mut shown = visible(text).into_owned();
        if shown.chars().count() > SHOWN {
            shown = shown.chars().take(SHOWN).collect();
            shown.push('…');
        }
        Self(shown)
    }
}

impl Quoted {
    /// What stands between the quotes.
    #[must_use]
    pub fn bare(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

impl fmt::Debug for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `1 entry`, `2 entries`: a count with its noun, in English.
#[must_use]
pub fn counted(number: u64, singular: &str, plural: &str) -> String {
    let noun = if number == 1 { singular } else { plural };
    format!("{number} {noun}")
}

/// One of what a plural names: `entry` of `entries`, `service` of `services`.
#[must_use]
pub fn singular(plural: &str) -> Cow<'_, str> {
    match plural.strip_suffix("ies") {
        Some(stem) => Cow::Owned(format!("{stem}y")),
        None => Cow::Borrowed(plural.strip_suffix('s').unwrap_or(plural)),
    }
}

/// `1 service`, `2 services`: a count with its noun, in English.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// The known word that was probably meant by one with a slip in it, if there is one.
#[must_use]
pub fn nearest(word: &str, known: &[&'static str]) -> Option<&'static str> {
    let likeness = |known: &str| strsim::jaro_winkler(word, known);
    let best = known
        .iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(best) > 0.8).then_some(*best)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shows_what_a_terminal_would_obey() {
        assert_eq!(visible("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(visible("tab\there\nnext\r"), "tab\\there\\nnext\\r");
        assert_eq!(visible("\u{202e}evil\u{9b}"), "\\u{202e}evil\\u{9b}");
        assert_eq!(visible_lines("a\nb\u{7}"), "a\nb\\u{7}");
    }

    #[test]
    fn a_word_means_the_same_in_a_shell() {
        for (word, shown) in [
            ("a-b:c", "a-b:c"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
        ] {
            assert_eq!(shell_word(word), shown);
        }
    }

    #[test]
    fn cuts_what_is_too_wide_and_nothing_else() {
        assert!(matches!(cut("exact", 5), Cow::Borrowed("exact")));
        assert_eq!(cut("longer", 5), "long…");
        assert_eq!(cut("東京都", 5), "東京…");
        assert_eq!(cut("東京都", 4), "東…");
        assert_eq!(cut("👩\u{200d}👧 and others", 4), "👩…");
    }

    #[test]
    fn lines_break_between_words_but_not_in_commands() {
        assert_eq!(wrapped("", 5), [""]);
        assert_eq!(wrapped("one two  three", 8), ["one two", "three"]);
        assert_eq!(
            wrapped("a-word-that-is-wide b", 8),
            ["a-word-that-is-wide", "b"]
        );
        assert_eq!(
            wrapped("make one: connctl init --store x", 12),
            ["make one:", "connctl init --store x"]
        );
        assert_eq!(
            wrapped("see \"connctl doctor\", then try", 12),
            ["see", "\"connctl doctor\",", "then try"]
        );
        assert_eq!(wrapped("a \"connctl x", 5), ["a", "\"connctl x"]);
        assert_eq!(
            wrapped("so connctl cannot tell", 12),
            ["so connctl", "cannot tell"]
        );
        assert_eq!(
            wrapped("東京都の id-of-a-shop", 5),
            ["東京", "都の", "id-of-a-shop"]
        );
        assert_eq!(wrapped("👩\u{200d}👧👍", 2), ["👩\u{200d}👧", "👍"]);
        assert_eq!(folded("one\n  two three", 7), "one\n  two\n  three");
        assert_eq!(folded("  a: connctl x y", 7), "  a:\nconnctl x y");
    }

    #[test]
    fn what_people_write_is_broken_anywhere_if_need_be() {
        assert_eq!(
            broken("a long-word-here b", 6),
            ["a", "long-w", "ord-he", "re", "b"]
        );
        assert_eq!(
            broken("e\u{301}e\u{301}e\u{301}", 2),
            ["e\u{301}e\u{301}", "e\u{301}"]
        );
        assert_eq!(broken("", 6), [""]);
    }

    proptest! {
        #[test]
        fn nothing_gets_lost_where_lines_break(text in "[a-z ]{0,40}[東é👍\u{301}a-z ]{0,80}", width in 2..60usize) {
            let without_spaces = |text: &str| text.replace(' ', "");
            for lines in [wrapped(&text, width), broken(&text, width)] {
                prop_assert_eq!(without_spaces(&lines.concat()), without_spaces(&text));
            }
            for line in broken(&text, width) {
                prop_assert!(line.width() <= width, "{width}: {line:?}");
            }
        }
    }

    #[test]
    fn json_stays_the_same_value() {
        let text = "a\u{202e}\u{9b}\u{e0041}\n\u{200d}\"";
        let json = serde_json::json!(text).to_string();
        let escaped = json_escaped(&json);
        assert_eq!(escaped, r#""a\u202e\u009b\udb40\udc41\n\u200d\"""#);
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), text);
    }

    #[test]
    fn a_joiner_stays_where_it_joins() {
        for text in [
            "👩\u{200d}👩\u{200d}👧",
            "🏳\u{fe0f}\u{200d}🌈",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
        ] {
            assert_eq!(visible(text), text);
            assert_eq!(json_escaped(text), text);
        }
        assert_eq!(visible("\u{200d}a"), "\\u{200d}a");
        assert_eq!(visible("a\u{200d}"), "a\\u{200d}");
        assert_eq!(visible("a\u{200d}\u{200d}b"), "a\\u{200d}\\u{200d}b");
        assert_eq!(visible("1\u{200c}2"), "1\\u{200c}2");
        assert_eq!(visible("a\u{200b}b"), "a\\u{200b}b");
    }

    #[test]
    fn leaves_ordinary_text_alone() {
        for text in ["", "plain", "Größe 東京 🚀", "quote \" and \\ backslash"] {
            assert!(matches!(visible(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
