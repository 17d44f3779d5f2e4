//! Tables for people: uppercase headers, columns two spaces apart, no borders.
//!
//! Where it goes to no terminal, a table is as wide as what stands in it. On a terminal it keeps to
//! the width of that, and nothing that is pasted or compared is ever cut.

mod layout;
mod lines;

use std::borrow::Cow;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use self::layout::{Batch, Field, Layout};
use self::lines::Lines;
use super::Style;
use super::column::{Column, Constant, Content, Value};
use super::plain::push_plain;
use crate::model::text;

/// How many rows decide the widths of the columns. Rows beyond are written as they come or as many
/// at a time, so that a table of any length needs little memory.
const MEASURED_ROWS: usize = 1_000;

/// What stands between two columns.
const GAP: usize = 2;

/// What a table in a message begins its lines with.
const INDENT: &str = "  ";

/// The head of a column.
#[derive(Debug, Clone)]
struct Header {
    text: Cow<'static, str>,
    content: Content,
    constant: Option<Constant>,
}

impl Header {
    fn of(column: &Column) -> Option<Self> {
        Some(Self {
            text: match (column.header, column.key) {
                (Some(header), _) => header.into(),
                (None, Some(key)) if column.is_chosen => {
                    key.replace('_', " ").to_uppercase().into()
                }
                (None, _) => return None,
            },
            content: column.content,
            constant: column.constant,
        })
    }
}

/// What a table left to be said below it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Closing {
    /// How many rows it had.
    pub rows: u64,
    /// What all rows have in common, where the column that says so was left out.
    pub constants: Vec<(Constant, String)>,
    /// Whether there are more rows than were wanted.
    pub is_cut: bool,
}

impl Closing {
    /// Whether there is anything that the table does not say.
    pub fn is_needed(&self) -> bool {
        !self.constants.is_empty() || self.is_cut
    }

    /// The rows, counted, with what they have in common: `20 live connectors of system http`.
    pub fn counted(&self, singular: &str, plural: &str) -> String {
        let noun = if self.rows == 1 { singular } else { plural };
        let mut before = self.rows.to_string();
        let mut after = String::new();
        for (constant, value) in &self.constants {
            match constant {
                Constant::Adjective => before.push_str(&format!(" {value}")),
                Constant::After(words) => after.push_str(&format!(" {words} {value}")),
            }
        }
        if self.is_cut {
            after.push_str("; there are more");
        }
        format!("{before} {noun}{after}")
    }
}

/// Writes a table of any length.
pub(super) struct TableRows<W> {
    out: W,
    style: Style,
    headers: Vec<Header>,
    /// The places of the columns of the table among all.
    places: Vec<usize>,
    /// Rows that wait for others, so that they are laid out together.
    waiting: Vec<Vec<String>>,
    /// The widths off a terminal, once they are decided.
    widths: Option<Vec<usize>>,
    /// The layout on a terminal, once it is decided.
    layout: Option<Layout>,
    year: String,
    closing: Closing,
    line: String,
}

impl<W: Write> TableRows<W> {
    pub(super) fn new(out: W, columns: &[Column], style: Style) -> Self {
        let shown = columns.iter().enumerate();
        let (places, headers) = shown
            .filter_map(|(place, column)| Some((place, Header::of(column)?)))
            .unzip();
        Self {
            out,
            style,
            headers,
            places,
            waiting: Vec::new(),
            widths: None,
            layout: None,
            year: style.year(),
            closing: Closing::default(),
            line: String::new(),
        }
    }

    pub(super) fn write(&mut self, values: &[Value<'_>]) -> io::Result<()> {
        self.closing.rows += 1;
        let shown = self.places.iter().filter_map(|place| values.get(*place));
        if let Some(widths) = &self.widths {
            self.line.clear();
            let mut cell = Vec::new();
            for (value, width) in shown.zip(widths) {
                push_padding(&mut self.line, GAP);
                cell.clear();
                push_plain(&mut cell, value);
                let cell = String::from_utf8_lossy(&cell);
                let cell = text::visible(&cell);
                self.line.push_str(&cell);
                push_padding(&mut self.line, width.saturating_sub(cell.width()));
            }
            let line = self.line.get(GAP..).unwrap_or_default();
            return writeln!(self.out, "{}", line.trim_end_matches(' '));
        }
        self.waiting.push(shown.map(cell).collect());
        if self.waiting.len() == MEASURED_ROWS {
            self.write_waiting(false)?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<Closing> {
        if self.widths.is_none() {
            self.write_waiting(true)?;
        }
        self.out.flush()?;
        Ok(self.closing)
    }

    /// Writes the rows that wait; `is_last` says that no others come.
    fn write_waiting(&mut self, is_last: bool) -> io::Result<()> {
        let rows = std::mem::take(&mut self.waiting);
        let mut shown = String::new();
        match self.style.table_width() {
            Some(room) => self.lay_out(&rows, room, is_last, &mut shown),
            None => {
                let lines = self.lines();
                let fields = Field::whole(&self.headers, &rows);
                lines.push_rows(&mut shown, &fields, true, &rows);
                self.widths = Some(fields.iter().map(|field| field.width).collect());
            }
        }
        self.out.write_all(shown.as_bytes())
    }

    /// Adds rows as they stand on a terminal: laid out as those before them where they fit, else
    /// anew below a header of their own.
    fn lay_out(&mut self, rows: &[Vec<String>], room: usize, is_last: bool, shown: &mut String) {
        let before = self.layout.take();
        let is_first = before.is_none();
        let batch = Batch {
            headers: &self.headers,
            rows,
            year: &self.year,
            may_drop: is_first && is_last && self.style.says_closing,
        };
        let lines = self.lines();
        let (layout, is_new) = match before {
            Some(layout) if batch.fits_into(&layout) => (layout, false),
            _ => (batch.layout(room), true),
        };
        match &layout {
            Layout::Lines(fields) => {
                shown.push_str(if is_first || !is_new { "" } else { "\n" });
                lines.push_mixed(shown, &batch, fields, is_new, room);
            }
            Layout::Blocks => {
                for (index, row) in rows.iter().enumerate() {
                    shown.push_str(if index == 0 && is_first { "" } else { "\n" });
                    lines.push_block(shown, room, row);
                }
            }
        }
        let constants = batch.left_out(&layout);
        self.closing.constants.extend(constants);
        self.layout = Some(layout);
    }

    fn lines(&self) -> Lines<'_> {
        Lines {
            headers: &self.headers,
            year: &self.year,
            is_bold: self.style.color,
            is_colored: self.style.color && self.style.table_width().is_some(),
        }
    }
}

/// A small table in a message, indented by two spaces, in so many columns of the terminal, or as
/// wide as it is.
pub fn layout(columns: &[Column], rows: &[Vec<String>], width: Option<usize>) -> String {
    let headers: Vec<_> = columns.iter().filter_map(Header::of).collect();
    let lines = Lines {
        headers: &headers,
        year: "",
        is_bold: false,
        is_colored: false,
    };
    let room = width.map(|width| width.saturating_sub(INDENT.len()));
    let batch = Batch {
        headers: &headers,
        rows,
        year: "",
        may_drop: false,
    };
    let layout = match room {
        Some(room) => batch.layout(room),
        None => Layout::Lines(Field::whole(&headers, rows)),
    };
    let mut shown = String::new();
    match &layout {
        Layout::Lines(fields) => match room {
            Some(room) => lines.push_mixed(&mut shown, &batch, fields, true, room),
            None => lines.push_rows(&mut shown, fields, true, rows),
        },
        Layout::Blocks => {
            let room = room.unwrap_or_default();
            for row in rows {
                lines.push_block(&mut shown, room, row);
            }
        }
    }
    let mut indented = String::new();
    for line in shown.lines() {
        // What is wider than the terminal stands alone, as far to the left as it can.
        let is_wide = room.is_some_and(|room| line.width() > room);
        indented.push_str(if is_wide { "" } else { INDENT });
        indented.push_str(line);
        indented.push('\n');
    }
    indented
}

fn cell(value: &Value<'_>) -> String {
    let mut plain = Vec::new();
    push_plain(&mut plain, value);
    text::visible(&String::from_utf8_lossy(&plain)).into_owned()
}

fn push_padding(line: &mut String, width: usize) {
    line.extend(std::iter::repeat_n(' ', width));
}

#[cfg(test)]
mod tests;
