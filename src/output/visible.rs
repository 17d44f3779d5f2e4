//! The last guard before a terminal.

use std::borrow::Cow;
use std::io::{self, Write};

use super::Format;
use crate::model::{TransferFormat, text};

/// In which way a character that a terminal would obey is made visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// Not at all: what is written has seen to that itself, and may hold colour.
    Seen,
    /// As [`text::visible`] does, except for line ends and tabs.
    Text,
    /// By an escape of JSON, so that it is still the same value.
    Json,
    /// By an escape of TOML, so that it is still the same value.
    Toml,
}

impl From<Format> for Syntax {
    fn from(format: Format) -> Self {
        match format {
            Format::Table => Self::Seen,
            Format::Json | Format::Ndjson => Self::Json,
            Format::Csv | Format::Tsv | Format::Ids => Self::Text,
        }
    }
}

impl From<TransferFormat> for Syntax {
    fn from(format: TransferFormat) -> Self {
        match format {
            TransferFormat::Toml => Self::Toml,
            TransferFormat::Json | TransferFormat::Ndjson => Self::Json,
        }
    }
}

/// Passes text on with every character made visible that a terminal would obey.
///
/// Whatever the format, data that goes to a terminal goes through this. Each write must hold whole
/// characters, and with TOML whole strings.
pub struct Visible<W> {
    out: W,
    syntax: Syntax,
}

impl<W: Write> Visible<W> {
    /// A guard before `out`.
    pub fn new(out: W, syntax: Syntax) -> Self {
        Self { out, syntax }
    }
}

impl<W: Write> Write for Visible<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.syntax == Syntax::Seen {
            return self.out.write(bytes);
        }
        let text = String::from_utf8_lossy(bytes);
        let shown = match self.syntax {
            Syntax::Seen => Cow::Borrowed(&*text),
            Syntax::Text => lines_and_tabs(&text),
            Syntax::Json => text::json_escaped(&text),
            Syntax::Toml => Cow::Owned(toml_escaped(&text)),
        };
        self.out.write_all(shown.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn lines_and_tabs(text: &str) -> Cow<'_, str> {
    let text = if text.contains("\r\n") {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    };
    let stays = |c| matches!(c, '\n' | '\t');
    match text::escape(&text, stays, |c, shown| shown.extend(c.escape_default())) {
        Cow::Owned(shown) => Cow::Owned(shown),
        Cow::Borrowed(_) => text,
    }
}

/// TOML without comments, with every unsafe character in its strings written as TOML's own escape.
///
/// A literal string knows no escapes, so one that needs any becomes a basic one.
fn toml_escaped(toml: &str) -> String {
    let mut shown = String::with_capacity(toml.len() + 16);
    let mut rest = toml;
    while let Some(start) = rest.find(['"', '\'']) {
        shown.push_str(&text::visible_lines(&rest[..start]));
        rest = &rest[start..];
        let quote = if rest.starts_with('"') { '"' } else { '\'' };
        let quotes = match rest.chars().take_while(|c| *c == quote).count() {
            1 | 2 => 1,
            _ => 3,
        };
        let length = string_length(&rest[quotes..], quote, quotes);
        let content = &rest[quotes..quotes + length];
        rest = rest.get(quotes + length + quotes..).unwrap_or("");
        let stays = |c| c == '\n' && quotes == 3;
        let (quote, content) = match text::escape(content, stays, push_toml_escape) {
            Cow::Borrowed(content) => (quote, Cow::Borrowed(content)),
            escaped if quote == '"' => (quote, escaped),
            Cow::Owned(_) => {
                let basic = content.replace('\\', "\\\\").replace('"', "\\\"");
                let basic = text::escape(&basic, stays, push_toml_escape).into_owned();
                ('"', Cow::Owned(basic))
            }
        };
        shown.extend(std::iter::repeat_n(quote, quotes));
        shown.push_str(&content);
        shown.extend(std::iter::repeat_n(quote, quotes));
    }
    shown.push_str(&text::visible_lines(rest));
    shown
}

/// How many bytes there are before the quotes that end a string.
fn string_length(text: &str, quote: char, quotes: usize) -> usize {
    let mut run = 0;
    let mut is_escaped = false;
    let mut characters = text.char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        run = if character == quote && !is_escaped {
            run + 1
        } else {
            0
        };
        is_escaped = quote == '"' && character == '\\' && !is_escaped;
        // Up to two quotes may stand before the three that end a string of several lines.
        let goes_on =
            quotes == 3 && run < 5 && characters.peek().is_some_and(|next| next.1 == quote);
        if run >= quotes && !goes_on {
            return index + 1 - quotes;
        }
    }
    text.len()
}

fn push_toml_escape(character: char, shown: &mut String) {
    let code = u32::from(character);
    shown.push_str(&if code > 0xffff {
        format!("\\U{code:08X}")
    } else {
        format!("\\u{code:04X}")
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, syntax: Syntax) -> String {
        let mut shown = Vec::new();
        Visible::new(&mut shown, syntax)
            .write_all(text.as_bytes())
            .unwrap();
        String::from_utf8(shown).unwrap()
    }

    #[test]
    fn only_the_layout_stays() {
        assert_eq!(
            shown("a\tb\r\nc\u{1b}[2J\rd\n\u{202e}e", Syntax::Text),
            "a\tb\nc\\u{1b}[2J\\rd\n\\u{202e}e"
        );
    }

    #[test]
    fn json_is_escaped_as_json() {
        assert_eq!(
            shown("{\n\"a\": \"\u{9b}\u{e0041}\"}\n", Syntax::Json),
            "{\n\"a\": \"\\u009b\\udb40\\udc41\"}\n"
        );
    }

    #[test]
    fn toml_is_escaped_as_toml() {
        for (toml, expected) in [
            ("a = \"\u{202e}\"\n", "a = \"\\u202E\"\n"),
            ("a = \"\"\nb = ''\n", "a = \"\"\nb = ''\n"),
            ("a = '\\\"x'\n", "a = '\\\"x'\n"),
            ("a = '\\\"\u{e0041}'\n", "a = \"\\\\\\\"\\U000E0041\"\n"),
            (
                "a = \"\"\"\nx\\\"\u{9b}\"\"\"\"\"\nb = '\u{9b}'\n",
                "a = \"\"\"\nx\\\"\\u009B\"\"\"\"\"\nb = \"\\u009B\"\n",
            ),
            (
                "a = '''\n\"\"\"\u{9b}\n'''\nb = 1\n",
                "a = \"\"\"\n\\\"\\\"\\\"\\u009B\n\"\"\"\nb = 1\n",
            ),
        ] {
            assert_eq!(shown(toml, Syntax::Toml), expected);
        }
    }
}
