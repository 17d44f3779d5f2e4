//! Tables `[[recipients]]`, `[[connectors]]` and `[[services]]`.
//!
//! A TOML parser needs the whole document, so the file is cut before each of these headers and
//! each part is parsed by itself. A line that only looks like a header because it stands within a
//! text or list of several lines is no place to cut. `[connectors.settings]` belongs to the last
//! connector, even where services stand between them, so the last part of each kind waits for the
//! next one. Nothing belongs to a recipient behind it, so it waits for no other.

use std::io::BufRead;

use zeroize::Zeroizing;

use super::{Error, Place, RECORD_LIMIT, Receive, content, next_line, too_large};
use crate::model::RecordType;
use crate::model::tree::{self, Tree};

/// How much may stand in a record beside its texts and comments, in bytes. The parser needs up to
/// a hundred times that.
const STRUCTURE_LIMIT: usize = 512 << 10;

pub(super) fn read<R: Receive>(
    mut input: impl BufRead,
    receiver: &mut R,
) -> Result<(), Error<R::Stopped>> {
    let mut scan = Scan::default();
    // What stands before the first header.
    let mut head = Some(Part::new(1));
    let mut open = Open::default();
    // The kind of record that the lines belong to now.
    let mut kind = None;
    let mut line = Zeroizing::new(Vec::new());
    // The lists that the head defined whole.
    let mut defined = Vec::new();
    for number in 1.. {
        if !next_line(&mut input, &mut line).map_err(Error::Read)? {
            break;
        }
        let line = std::str::from_utf8(&line)
            .map_err(|_| content(number, "this line is not UTF-8 text"))?;
        if let (true, Some(header)) = (scan.is_between(), Header::of(line)) {
            if header.begins {
                if let Some(head) = head.take() {
                    defined = head.hand_on(receiver)?;
                }
                if defined.contains(&header.kind) {
                    let message = format!("{}s: the list is there already", header.kind);
                    return Err(content(number, message));
                }
                let last = open.slot(header.kind).replace(Part::new(number));
                let recipient = open.recipient.take_if(|part| part.start != number);
                for part in last.into_iter().chain(recipient) {
                    part.hand_on(receiver)?;
                }
                kind = Some(header.kind);
            } else if open.slot(header.kind).is_some() {
                kind = Some(header.kind);
            }
        }
        let structure = scan.advance(line);
        let part = kind.map_or(&mut head, |kind| open.slot(kind));
        part.get_or_insert_with(|| Part::new(number))
            .push(line, number, structure)?;
    }
    let Open {
        recipient,
        connector,
        service,
    } = open;
    let parts = [head, recipient, connector, service];
    let mut parts: Vec<_> = parts.into_iter().flatten().collect();
    parts.sort_by_key(|part| part.start);
    for part in parts {
        part.hand_on(receiver)?;
    }
    Ok(())
}

/// The parts that may go on.
#[derive(Default)]
struct Open {
    recipient: Option<Part>,
    connector: Option<Part>,
    service: Option<Part>,
}

impl Open {
    fn slot(&mut self, kind: RecordType) -> &mut Option<Part> {
        match kind {
            RecordType::Recipient => &mut self.recipient,
            RecordType::Connector => &mut self.connector,
            RecordType::Service => &mut self.service,
        }
    }
}

/// The header of a table that belongs to a record.
struct Header {
    kind: RecordType,
    /// Whether a record begins here.
    begins: bool,
}

impl Header {
    fn of(line: &str) -> Option<Self> {
        const SPACE: [char; 2] = [' ', '\t'];
        let rest = line.trim_start_matches(SPACE).strip_prefix('[')?;
        let (rest, is_list) = match rest.strip_prefix('[') {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let rest = rest.trim_start_matches(SPACE);
        let quoted = rest.starts_with(['"', '\'']);
        let end = if quoted {
            end_of_text(rest.as_bytes())
        } else {
            rest.find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(rest.len())
        };
        let (key, rest) = rest.split_at(end);
        let kind = if quoted {
            // It may be written with escapes.
            let tree = Tree::from_toml(&format!("key = {key}")).ok()?;
            kind_of(tree.get("key")?.as_str()?)?
        } else {
            kind_of(key)?
        };
        let begins = is_list && rest.trim_start_matches(SPACE).starts_with("]]");
        Some(Self { kind, begins })
    }
}

fn kind_of(list: &str) -> Option<RecordType> {
    RecordType::ALL.into_iter().find(|kind| kind.list() == list)
}

/// The lines of a file that make up one record.
struct Part {
    /// The number of its first line.
    start: u64,
    /// It may hold plaintext secrets.
    text: Zeroizing<String>,
    /// Where each run of lines begins in the text, and the number of its first line in the file.
    runs: Vec<(usize, u64)>,
    /// The number of the line that would follow.
    next: u64,
    /// How much stands in it beside texts and comments.
    structure: usize,
}

impl Part {
    fn new(start: u64) -> Self {
        Self {
            start,
            text: Zeroizing::default(),
            runs: Vec::new(),
            next: 0,
            structure: 0,
        }
    }

    fn push<E>(&mut self, line: &str, number: u64, structure: usize) -> Result<(), Error<E>> {
        self.structure += structure;
        if self.structure > STRUCTURE_LIMIT {
            let message = format!(
                "this record has more than {STRUCTURE_LIMIT} bytes beside its texts, the most that \
                 one can have"
            );
            return Err(content(self.start, message));
        }
        if self.text.len() + line.len() > RECORD_LIMIT {
            return Err(too_large(self.start));
        }
        if self.next != number {
            self.runs.push((self.text.len(), number));
        }
        self.next = number + 1;
        self.text.push_str(line);
        Ok(())
    }

    /// Hands on what stands in it, and says which lists did.
    fn hand_on<R: Receive>(&self, receiver: &mut R) -> Result<Vec<RecordType>, Error<R::Stopped>> {
        let tree = Tree::from_toml(&self.text).map_err(|error| self.content(&error))?;
        let lists = tree.into_lists(&RecordType::LISTS);
        let mut lists = lists.map_err(|error| self.content(&error))?;
        let order =
            |kind: Option<RecordType>| RecordType::ALL.iter().position(|one| Some(*one) == kind);
        lists.sort_by_key(|(list, _)| order(kind_of(list)));
        let mut kinds = Vec::new();
        let mut records = Vec::new();
        for (list, items) in lists {
            let Some(kind) = kind_of(&list) else { continue };
            for (index, item) in items.into_iter().enumerate() {
                let record = receiver.read(kind, item);
                let record = record.map_err(|error| error.in_list(index).under(&list));
                records.push(record.map_err(|error| self.content(&error))?);
            }
            kinds.push(kind);
        }
        for record in records {
            receiver.visit(record, Place::Line(self.start))?;
        }
        Ok(kinds)
    }

    fn content<E>(&self, error: &tree::Error) -> Error<E> {
        let run = self.runs.iter().rfind(|(begin, _)| *begin <= error.at());
        let (begin, number) = run.copied().unwrap_or((0, self.start));
        let lines_before = self.text[..begin].matches('\n').count();
        let (line, column) = error.place(&self.text);
        let line = number + (line - 1 - lines_before) as u64;
        content(format!("{line}:{column}"), error.to_string())
    }
}

/// Where in a document the next line begins.
#[derive(Default)]
struct Scan {
    quotes: Quotes,
    /// The lists and inline tables that are not closed yet.
    depth: usize,
}

/// The text of several lines that the end of a line lies in.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// In none.
    #[default]
    None,
    /// Between `"""`, where a backslash takes the next character's meaning away.
    Basic,
    /// Between `'''`.
    Literal,
}

impl Scan {
    /// Whether it lies between two values.
    fn is_between(&self) -> bool {
        self.quotes == Quotes::None && self.depth == 0
    }

    /// Goes on behind this line; how many of its bytes stand in no text and no comment.
    fn advance(&mut self, line: &str) -> usize {
        let mut structure = 0;
        let mut rest = line.as_bytes();
        while let Some(byte) = rest.first() {
            let mut skip = 1;
            match self.quotes {
                Quotes::None => {
                    structure += 1;
                    match byte {
                        b'#' => break,
                        b'[' | b'{' => self.depth += 1,
                        b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                        b'"' if rest.starts_with(b"\"\"\"") => {
                            skip = 3;
                            self.quotes = Quotes::Basic;
                        }
                        b'\'' if rest.starts_with(b"'''") => {
                            skip = 3;
                            self.quotes = Quotes::Literal;
                        }
                        b'"' | b'\'' => skip = end_of_text(line_of(rest)),
                        _ => {}
                    }
                }
                Quotes::Basic if *byte == b'\\' => skip = rest.len().min(2),
                Quotes::Basic | Quotes::Literal => {
                    let quote = if self.quotes == Quotes::Basic {
                        b'"'
                    } else {
                        b'\''
                    };
                    let run = rest.iter().take_while(|byte| **byte == quote).count();
                    // Up to two quotes may stand before the closing three.
                    if run >= 3 {
                        skip = run.min(5);
                        self.quotes = Quotes::None;
                    }
                }
            }
            rest = &rest[skip..];
        }
        structure
    }
}

/// The line without its end, which no text of one line holds.
fn line_of(rest: &[u8]) -> &[u8] {
    rest.strip_suffix(b"\n").unwrap_or(rest)
}

/// How long the text of one line is that begins with a quote here.
fn end_of_text(rest: &[u8]) -> usize {
    let quote = rest[0];
    let mut escaped = false;
    for (index, byte) in rest.iter().enumerate().skip(1) {
        if escaped {
            escaped = false;
        } else if *byte == b'\\' && quote == b'"' {
            escaped = true;
        } else if *byte == quote {
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
        let after = |quotes, line: &str| {
            let mut scan = Scan { quotes, depth: 0 };
            scan.advance(line);
            scan.quotes
        };
        for (line, expected) in [
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
            assert_eq!(after(Quotes::None, line), expected, "{line}");
        }
        assert_eq!(after(Quotes::Basic, "still \" \"\" in"), Quotes::Basic);
        assert_eq!(after(Quotes::Literal, "out''' # x"), Quotes::None);
    }

    #[test]
    fn knows_headers_however_they_are_written() {
        for (line, kind, begins) in [
            ("[[connectors]]", RecordType::Connector, true),
            (" [[ \"services\" ]] # x", RecordType::Service, true),
            ("[[\"\\u0063onnectors\"]]", RecordType::Connector, true),
            ("[connectors.settings]", RecordType::Connector, false),
            ("['services' . x]", RecordType::Service, false),
            ("[[connectors.list]]", RecordType::Connector, false),
        ] {
            let header = Header::of(line).unwrap();
            assert_eq!((header.kind, header.begins), (kind, begins), "{line}");
        }
        for line in [
            "",
            "connectors = []",
            "[other]",
            "[[connectorsx]]",
            "[\"x]",
            "[",
        ] {
            assert!(Header::of(line).is_none(), "{line}");
        }
    }
}
