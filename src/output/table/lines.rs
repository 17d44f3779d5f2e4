//! Rows as text.

use std::borrow::Cow;

use console::Style as Look;
use unicode_width::UnicodeWidthStr;

use super::layout::{Field, LEAST_TEXT, day};
use super::{GAP, Header, INDENT, push_padding};
use crate::model::text;
use crate::output::column::Content;

/// How the rows of a table become text.
pub(super) struct Lines<'a> {
    pub headers: &'a [Header],
    /// The year in which dates need no year.
    pub year: &'a str,
    /// Whether headers are set off.
    pub is_bold: bool,
    /// Whether values have the colour of their meaning.
    pub is_colored: bool,
}

impl Lines<'_> {
    /// The line over the columns, unless nothing stands in it.
    pub fn push_header(&self, out: &mut String, fields: &[Field]) {
        let mut line = String::new();
        for field in fields {
            let header = &self.headers[field.index].text;
            push_padded(&mut line, header, header.width(), field.width);
        }
        let line = line.trim_end_matches(' ');
        if line.is_empty() {
            return;
        }
        out.push_str(&self.bold(line));
        out.push('\n');
    }

    /// A row, in one line or, where a sentence goes on, several.
    pub fn push_row(&self, out: &mut String, fields: &[Field], row: &[String]) {
        let cells: Vec<Vec<_>> = fields
            .iter()
            .map(|field| field.lines(&row[field.index], self.year))
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..height {
            let start = out.len();
            for (field, cell) in fields.iter().zip(&cells) {
                let part = cell.get(line).map_or("", AsRef::as_ref);
                let colored = self.colored(part, self.headers[field.index].content);
                push_padded(out, &colored, part.width(), field.width);
            }
            out.truncate(start + out[start..].trim_end_matches(' ').len());
            out.push('\n');
        }
    }

    /// A row as a block: its first value, then what else there is, one value a line with its name.
    /// What does not fit beside its name stands below it.
    pub fn push_block(&self, out: &mut String, room: usize, row: &[String]) {
        let Some((first, others)) = row.split_first() else {
            return;
        };
        out.push_str(&self.bold(first));
        out.push('\n');
        let others = others.iter().zip(&self.headers[1..]);
        let others: Vec<_> = others.filter(|(value, _)| !value.is_empty()).collect();
        let names = others.iter().map(|(_, header)| header.text.width());
        let width = names.max().unwrap_or(0);
        for (value, header) in others {
            self.push_value(out, room, width, value, header);
        }
    }

    /// A value of a block, beside its name of so many columns or below it.
    fn push_value(
        &self,
        out: &mut String,
        room: usize,
        width: usize,
        value: &str,
        header: &Header,
    ) {
        let beside = room.saturating_sub(INDENT.len() + width + GAP);
        let below = room.saturating_sub(2 * INDENT.len());
        let name = header.text.to_lowercase();
        out.push_str(INDENT);
        let parts = self.parts(value, header.content, beside);
        if parts.iter().all(|part| part.width() <= beside) {
            for (index, part) in parts.iter().enumerate() {
                if index == 0 {
                    push_padded(out, &name, name.width(), width);
                } else {
                    push_padding(out, INDENT.len() + width + GAP);
                }
                out.push_str(&self.colored(part, header.content));
                out.push('\n');
            }
            return;
        }
        out.push_str(&name);
        out.push('\n');
        for part in self.parts(value, header.content, below) {
            // What is too wide stands alone.
            push_padding(
                out,
                if part.width() <= below {
                    2 * INDENT.len()
                } else {
                    0
                },
            );
            out.push_str(&self.colored(&part, header.content));
            out.push('\n');
        }
    }

    /// A value in lines of so many columns, as far as it may be broken or cut.
    fn parts<'v>(&self, value: &'v str, content: Content, columns: usize) -> Vec<Cow<'v, str>> {
        let fits = value.width() <= columns;
        match content {
            Content::Time if !fits => vec![day(value, self.year)],
            Content::Text if columns >= LEAST_TEXT => vec![text::cut(value, columns)],
            Content::Ids if !fits => value.split(',').map(Cow::Borrowed).collect(),
            Content::Sentence => {
                let parts = text::wrapped(value, columns).into_iter();
                parts.map(Cow::Borrowed).collect()
            }
            _ => vec![Cow::Borrowed(value)],
        }
    }

    fn bold<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.is_bold {
            return Cow::Borrowed(text);
        }
        let bold = console::style(text).bold().force_styling(true);
        Cow::Owned(bold.to_string())
    }

    /// The text in the colour of what it means, which it says without colour as well.
    fn colored<'t>(&self, text: &'t str, content: Content) -> Cow<'t, str> {
        let look = Look::new().force_styling(true);
        let look = match (content, text) {
            _ if !self.is_colored => return Cow::Borrowed(text),
            (Content::Count, count) if !matches!(count, "" | "0") => look.yellow(),
            (Content::Word, "live") => look.magenta(),
            (Content::Word, "deleted" | "would_delete" | "wrong") => look.red(),
            (Content::Word, "done" | "active" | "replaced" | "would_replace" | "ok") => {
                look.green()
            }
            (Content::Word, "testing" | "inactive" | "" | "skipped") => return Cow::Borrowed(text),
            (Content::Word, _) => look.yellow(),
            _ => return Cow::Borrowed(text),
        };
        Cow::Owned(look.apply_to(text).to_string())
    }
}

/// Adds a cell of so many columns, and the gap behind it.
fn push_padded(line: &mut String, cell: &str, width: usize, columns: usize) {
    line.push_str(cell);
    push_padding(line, columns.saturating_sub(width) + GAP);
}
