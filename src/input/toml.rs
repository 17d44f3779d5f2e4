//! Tables `[[connectors]]` and `[[services]]`.
//!
//! A TOML parser needs the whole document, so the file is cut before each of these headers and
//! each part is parsed by itself. A line that only looks like a header because it stands within a
//! text of several lines is no place to cut.

use std::io::{BufRead, Read};
use std::ops::Range;

use zeroize::Zeroizing;

use super::{Error, PART_LIMIT, Place, content, with_key};
use crate::model::{Document, Record};

pub(super) fn read<E>(
    mut input: impl BufRead,
    mut visit: impl FnMut(Record, Place) -> Result<(), E>,
) -> Result<(), Error<E>> {
    let mut part = Part {
        start: 1,
        text: Zeroizing::default(),
    };
    let mut quotes = Quotes::None;
    let mut line = Zeroizing::new(Vec::new());
    for number in 1.. {
        line.clear();
        let mut limited = (&mut input).take(PART_LIMIT as u64);
        if limited.read_until(b'\n', &mut line).map_err(Error::Read)? == 0 {
            break;
        }
        if part.text.len() + line.len() > PART_LIMIT {
            return Err(content(
                part.start,
                format!("this part has more than {PART_LIMIT} bytes"),
            ));
        }
        let line = std::str::from_utf8(&line)
            .map_err(|_| content(number, "this line is not UTF-8 text"))?;
        if quotes == Quotes::None && is_header(line) {
            part.hand_on(&mut visit)?;
            part = Part {
                start: number,
                text: Zeroizing::default(),
            };
        }
        quotes = quotes.after(line);
        part.text.push_str(line);
    }
    part.hand_on(&mut visit)
}

fn is_header(line: &str) -> bool {
    let line = line.trim_start();
    let name = line
        .strip_prefix("[[")
        .and_then(|rest| rest.split(']').next());
    matches!(name.map(str::trim), Some("connectors" | "services"))
}

/// The part of a file from one header to the next.
struct Part {
    /// The number of its first line.
    start: u64,
    /// It may hold plaintext secrets.
    text: Zeroizing<String>,
}

impl Part {
    fn hand_on<E>(
        &self,
        visit: &mut impl FnMut(Record, Place) -> Result<(), E>,
    ) -> Result<(), Error<E>> {
        let deserializer = toml::Deserializer::parse(&self.text)
            .map_err(|error| self.content("", error.message(), error.span()))?;
        let document: Document =
            serde_path_to_error::deserialize(deserializer).map_err(|error| {
                let key = error.path().to_string();
                self.content(&key, error.inner().message(), error.inner().span())
            })?;
        let connectors = document.connectors.into_iter().map(Record::Connector);
        let services = document.services.into_iter().map(Record::Service);
        for record in connectors.chain(services) {
            visit(record, Place::Line(self.start)).map_err(Error::Stopped)?;
        }
        Ok(())
    }

    fn content<E>(&self, key: &str, message: &str, span: Option<Range<usize>>) -> Error<E> {
        let start = span.map_or(0, |span| span.start).min(self.text.len());
        let before = &self.text[..self.text.floor_char_boundary(start)];
        let line = self.start + before.matches('\n').count() as u64;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let message = message.lines().next().unwrap_or(message);
        content(format!("{line}:{column}"), with_key(key, message))
    }
}

/// The text of several lines that the end of a line lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// In none.
    None,
    /// Between `"""`, where a backslash takes the next character's meaning away.
    Basic,
    /// Between `'''`.
    Literal,
}

impl Quotes {
    /// What the end of this line lies in, if its beginning lies in `self`.
    fn after(mut self, line: &str) -> Self {
        let mut rest = line;
        while let Some(character) = rest.chars().next() {
            let mut skip = character.len_utf8();
            match self {
                Self::None => match character {
                    '#' => break,
                    '"' | '\'' => {
                        let quote = if character == '"' { "\"\"\"" } else { "'''" };
                        if rest.starts_with(quote) {
                            skip = 3;
                            self = if character == '"' {
                                Self::Basic
                            } else {
                                Self::Literal
                            };
                        } else {
                            skip = end_of_text(rest, character);
                        }
                    }
                    _ => {}
                },
                Self::Basic if character == '\\' => {
                    skip += rest[1..].chars().next().map_or(0, char::len_utf8);
                }
                Self::Basic | Self::Literal => {
                    let quote = if self == Self::Basic { '"' } else { '\'' };
                    let run = rest.chars().take_while(|c| *c == quote).count();
                    // Up to two quotes may stand before the closing three.
                    if run >= 3 {
                        skip = run.min(5);
                        self = Self::None;
                    }
                }
            }
            rest = &rest[skip..];
        }
        self
    }
}

/// How long the text of one line is that begins with this quote.
fn end_of_text(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (index, character) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if character == '\\' && quote == '"' {
            escaped = true;
        } else if character == quote {
            return index + 1;
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_texts_of_several_lines() {
        for (line, after) in [
            ("a = 1", Quotes::None),
            ("a = \"\"\"text", Quotes::Basic),
            ("a = '''text", Quotes::Literal),
            ("a = \"\"\"text\"\"\"", Quotes::None),
            ("a = \"\"\"text \\\"\"\"", Quotes::Basic),
            ("a = \"\"\"quote\"\"\"\"\"", Quotes::None),
            ("# it's \"\"\"", Quotes::None),
            ("a = \"#\" # '''", Quotes::None),
            ("a = '\\' # \"\"\"", Quotes::None),
            ("a = \"\\\"\" # \"\"\"", Quotes::None),
            ("a = \"\" # '''", Quotes::None),
        ] {
            assert_eq!(Quotes::None.after(line), after, "{line}");
        }
        assert_eq!(Quotes::Basic.after("still \" \"\" in"), Quotes::Basic);
        assert_eq!(Quotes::Literal.after("out''' # x"), Quotes::None);
    }
}
