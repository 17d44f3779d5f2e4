//! Tables for people: uppercase headers, columns two spaces apart, no borders.

use std::io::{self, Write};

use comfy_table::Table;
use unicode_width::UnicodeWidthStr;

use super::Style;
use super::plain::push_plain;
use super::record::{Column, Value};
use crate::model::text;

/// How many rows decide the widths of the columns. Rows beyond are written as they come, so that a
/// table of any length needs little memory.
const MEASURED_ROWS: usize = 1_000;

/// No column is cut to fewer characters than this.
const LEAST_WIDTH: usize = 8;

/// What stands between two columns.
const GAP: u16 = 2;

/// What a table in a message begins its lines with.
const INDENT: &str = "  ";

/// Writes a table of any length.
pub(super) struct TableRows<W> {
    out: W,
    style: Style,
    columns: &'static [Column],
    /// The rows that decide the widths.
    measured: Vec<Vec<String>>,
    /// The widths, once they are decided.
    widths: Option<Vec<usize>>,
    line: String,
}

impl<W: Write> TableRows<W> {
    pub(super) fn new(out: W, columns: &'static [Column], style: Style) -> Self {
        Self {
            out,
            style,
            columns,
            measured: Vec::new(),
            widths: None,
            line: String::new(),
        }
    }

    pub(super) fn write(&mut self, values: &[Value<'_>]) -> io::Result<()> {
        let shown = self
            .columns
            .iter()
            .zip(values)
            .filter(|(column, _)| column.header.is_some());
        if let Some(widths) = &self.widths {
            self.line.clear();
            let mut cell = Vec::new();
            for ((_, value), width) in shown.zip(widths) {
                push_padding(&mut self.line, usize::from(GAP));
                cell.clear();
                push_plain(&mut cell, value);
                let cell = String::from_utf8_lossy(&cell);
                let cell = text::visible(&cell);
                let cell = match self.style.terminal_width {
                    Some(_) => text::cut(&cell, *width),
                    None => cell,
                };
                self.line.push_str(&cell);
                push_padding(&mut self.line, width.saturating_sub(cell.width()));
            }
            return writeln!(
                self.out,
                "{}",
                self.line[usize::from(GAP)..].trim_end_matches(' ')
            );
        }
        self.measured
            .push(shown.map(|(_, value)| cell(value)).collect());
        if self.measured.len() == MEASURED_ROWS {
            self.write_measured()?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.widths.is_none() {
            self.write_measured()?;
        }
        self.out.flush()
    }

    fn write_measured(&mut self) -> io::Result<()> {
        let headers: Vec<&str> = self
            .columns
            .iter()
            .filter_map(|column| column.header)
            .collect();
        let rows = std::mem::take(&mut self.measured);
        let (lines, widths) = lay_out(&headers, rows, self.style.terminal_width);
        for (index, line) in lines.iter().enumerate() {
            if index == 0 && self.style.color {
                let header = console::style(line).bold().force_styling(true);
                writeln!(self.out, "{header}")?;
            } else {
                writeln!(self.out, "{line}")?;
            }
        }
        self.widths = Some(widths);
        Ok(())
    }
}

/// The lines of a small table, indented by two spaces, for a message.
pub fn layout(headers: &[&str], rows: Vec<Vec<String>>) -> String {
    indented(&lay_out(headers, rows, None).0)
}

/// As [`layout`], cut to so many columns; but the first column, which holds the ids, is never cut.
pub fn layout_within(width: usize, headers: &[&str], rows: Vec<Vec<String>>) -> String {
    let ids = rows.iter().filter_map(|row| row.first());
    let widest = ids.map(|id| id.width()).max().unwrap_or(0);
    let others = headers.len().saturating_sub(1) * (LEAST_WIDTH + usize::from(GAP));
    let width = width.saturating_sub(INDENT.len()).max(widest + others);
    indented(&lay_out(headers, rows, Some(width)).0)
}

fn indented(lines: &[String]) -> String {
    lines
        .iter()
        .map(|line| format!("{INDENT}{line}\n"))
        .collect()
}

fn lay_out(
    headers: &[&str],
    mut rows: Vec<Vec<String>>,
    terminal_width: Option<usize>,
) -> (Vec<String>, Vec<usize>) {
    let mut widths: Vec<usize> = headers.iter().map(|header| header.width()).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    if let Some(available) = terminal_width {
        narrow(&mut widths, available);
        for row in &mut rows {
            for (width, cell) in widths.iter().zip(row) {
                if cell.width() > *width {
                    *cell = text::cut(cell, *width).into_owned();
                }
            }
        }
    }
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    if !headers.is_empty() {
        table.set_header(
            headers
                .iter()
                .map(|header| cut_to(header, &widths, headers)),
        );
    }
    table.add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_padding((0, GAP));
    }
    let lines = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    (lines, widths)
}

fn cut_to(header: &str, widths: &[usize], headers: &[&str]) -> String {
    let index = headers.iter().position(|other| *other == header);
    match index.and_then(|index| widths.get(index)) {
        Some(width) => text::cut(header, *width).into_owned(),
        None => header.to_owned(),
    }
}

/// Takes from the widest columns until all fit; from the first one only when nothing is left to take
/// from the others, because it holds the ids that people copy.
fn narrow(widths: &mut [usize], available: usize) {
    let gaps = usize::from(GAP) * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > available {
        let widest = widths.iter_mut().skip(1).max();
        if let Some(widest) = widest.filter(|width| **width > LEAST_WIDTH) {
            *widest -= 1;
            continue;
        }
        match widths.first_mut() {
            Some(first) if *first > LEAST_WIDTH => *first -= 1,
            _ => return,
        }
    }
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
mod tests {
    use super::*;

    #[test]
    fn a_table_in_a_message_is_cut_but_not_its_ids() {
        let row = ["an-id-of-some-length", "A name of some length", "live"];
        let table = |width| {
            let row = row.map(str::to_owned).to_vec();
            layout_within(width, &["ID", "NAME", "ENVIRONMENT"], vec![row])
        };
        assert_eq!(
            table(50),
            "  ID                    NAME           ENVIRONMENT\n  \
             an-id-of-some-length  A name of so…  live\n"
        );
        assert_eq!(
            table(10),
            "  ID                    NAME      ENVIRON…\n  \
             an-id-of-some-length  A name …  live\n"
        );
    }

    #[test]
    fn the_first_column_is_cut_last() {
        let narrowed = |available| {
            let mut widths = [30, 30, 12, 4];
            narrow(&mut widths, available);
            widths
        };
        assert_eq!(narrowed(82), [30, 30, 12, 4]);
        assert_eq!(narrowed(62), [30, 11, 11, 4]);
        assert_eq!(narrowed(50), [24, 8, 8, 4]);
        assert_eq!(narrowed(1), [8, 8, 8, 4]);
    }
}
