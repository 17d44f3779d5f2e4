//! Rows as text.

use std::borrow::Cow;

use comfy_table::{ColumnConstraint, Table, Width, presets};
use console::Style as Look;
use unicode_width::UnicodeWidthStr;

use super::layout::{Batch, Field, LEAST_TEXT, day};
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
    /// Rows below each other in columns, below their names if `with_header` says so. A cell takes
    /// several lines where a sentence goes on.
    pub fn push_rows(
        &self,
        out: &mut String,
        fields: &[Field],
        with_header: bool,
        rows: &[Vec<String>],
    ) {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        let headers = fields.iter().map(|field| &*self.headers[field.index].text);
        if with_header && headers.clone().any(|header| !header.is_empty()) {
            table.set_header(headers);
        }
        table.add_rows(rows.iter().map(|row| {
            fields.iter().map(|field| {
                let content = self.headers[field.index].content;
                let parts = field.lines(&row[field.index], self.year);
                let parts = parts.iter().map(|part| self.colored(part, content));
                parts.collect::<Vec<_>>().join("\n")
            })
        }));
        for (column, field) in table.column_iter_mut().zip(fields) {
            let width = u16::try_from(field.width + GAP).unwrap_or(u16::MAX);
            column.set_padding((0, u16::try_from(GAP).unwrap_or_default()));
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
        for (index, line) in table.lines().enumerate() {
            let line = line.trim_end_matches(' ');
            if index == 0 && table.header().is_some() {
                out.push_str(&self.bold(line));
            } else {
                out.push_str(line);
            }
            out.push('\n');
        }
    }

    /// Rows as [`Lines::push_rows`] writes them, with a block in the place of each that is too wide
    /// for these columns.
    pub fn push_mixed(
        &self,
        out: &mut String,
        batch: &Batch<'_>,
        fields: &[Field],
        with_header: bool,
        room: usize,
    ) {
        if batch.rows.is_empty() {
            return self.push_rows(out, fields, with_header, batch.rows);
        }
        let fits = |row: &Vec<String>| batch.fits_line(row, fields);
        let mut has_header = !with_header;
        for rows in batch.rows.chunk_by(|row, next| fits(row) == fits(next)) {
            if fits(&rows[0]) {
                self.push_rows(out, fields, !has_header, rows);
                has_header = true;
            } else {
                for row in rows {
                    self.push_block(out, room, row);
                }
            }
        }
    }

    /// A row as a block: its first value, then what else there is, one value a line with its name.
    /// What does not fit beside its name stands below it.
    pub fn push_block(&self, out: &mut String, room: usize, row: &[String]) {
        let Some((first, others)) = row.split_first() else {
            return;
        };
        let content = self
            .headers
            .first()
            .map_or(Content::Whole, |head| head.content);
        for part in self.parts(first, content, room) {
            out.push_str(&self.bold(&part));
            out.push('\n');
        }
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
