//! How the columns of a table share the width of a terminal.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::{GAP, Header};
use crate::model::text;
use crate::output::column::{Constant, Content};

/// No text is cut to fewer characters than this.
pub(super) const LEAST_TEXT: usize = 8;

/// No sentence is wrapped to fewer characters than this, if it has as many.
const LEAST_SENTENCE: usize = 28;

/// The short names of the months.
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// How much of a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// All of it.
    Whole,
    /// The day of a time.
    Day,
    /// The first of several ids, and how many more there are.
    First,
}

/// A column of a table on a terminal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// Its place among all columns of the table.
    pub index: usize,
    /// How many columns of the terminal it has.
    pub width: usize,
    /// How few it could do with.
    least: usize,
    content: Content,
    form: Form,
}

/// How rows are shown on a terminal.
#[derive(Debug)]
pub(super) enum Layout {
    /// In a line each, these columns beside each other.
    Lines(Vec<Field>),
    /// In a block each, one value a line.
    Blocks,
}

/// Of so many rows, one may be shown in a block among the lines of the others, because it is so much
/// wider than these.
const ROWS_FOR_A_BLOCK: usize = 8;

/// How many rows there are at least where one may be.
const LEAST_ROWS: usize = 4;

/// The rows of a table as far as its layout depends on them.
pub(super) struct Batch<'a> {
    /// What stands over each column, and what the column holds.
    pub headers: &'a [Header],
    /// What stands in it, safe to show.
    pub rows: &'a [Vec<String>],
    /// The year in which dates need no year.
    pub year: &'a str,
    /// Whether columns may go that have the same value in all rows, because all rows are here and
    /// it is said elsewhere.
    pub may_drop: bool,
}

impl Batch<'_> {
    /// How these rows are shown in so many columns. Where they do not fit, but do without a few that
    /// are wider than all others, these stand in blocks of their own.
    pub fn layout(&self, room: usize) -> Layout {
        let mut rows: Vec<&[String]> = self.rows.iter().map(Vec::as_slice).collect();
        let layout = self.layout_of(&rows, room);
        let few = self.few();
        if matches!(layout, Layout::Lines(_)) || few == 0 {
            return layout;
        }
        rows.sort_by_cached_key(|row| row.iter().map(|cell| cell.width()).sum::<usize>());
        let without = |few: usize| self.layout_of(&rows[..rows.len() - few], room);
        let mut found = without(few);
        if matches!(found, Layout::Blocks) {
            return found;
        }
        // The smallest number that does.
        let (mut least, mut most) = (1, few);
        while least < most {
            let middle = usize::midpoint(least, most);
            match without(middle) {
                Layout::Blocks => least = middle + 1,
                lines @ Layout::Lines(_) => (most, found) = (middle, lines),
            }
        }
        found
    }

    /// How many of the rows may be shown in blocks among the lines of the others.
    fn few(&self) -> usize {
        if self.rows.len() < LEAST_ROWS {
            return 0;
        }
        self.rows.len().div_ceil(ROWS_FOR_A_BLOCK)
    }

    /// How the rows are shown if these are what has to fit. What does not gives way in this order:
    /// columns in which all rows have the same value, free texts, times, and several ids.
    fn layout_of(&self, rows: &[&[String]], room: usize) -> Layout {
        let column = |index, form| Field::new(&self.headers[index], index, rows, form, self.year);
        let all = 0..self.headers.len();
        let mut fields: Vec<Field> = all.map(|index| column(index, Form::Whole)).collect();
        let mut is_last_resort = false;
        if !fits(&fields, room, false) {
            for index in (0..fields.len()).rev() {
                if !fits(&fields, room, false) && self.may_go(index) {
                    fields.remove(index);
                }
            }
            is_last_resort = !fits(&fields, room, true);
        }
        for (content, form) in [(Content::Time, Form::Day), (Content::Ids, Form::First)] {
            if is_last_resort {
                for field in &mut fields {
                    if self.headers[field.index].content == content {
                        *field = column(field.index, form);
                    }
                }
                is_last_resort = !fits(&fields, room, true);
            }
        }
        if is_last_resort {
            return Layout::Blocks;
        }
        let gaps = gaps(&fields);
        while fields.iter().map(|field| field.width).sum::<usize>() + gaps > room {
            let flexible = fields.iter_mut().filter(|field| field.width > field.least);
            match flexible.max_by_key(|field| field.width) {
                Some(widest) => widest.width -= 1,
                None => break,
            }
        }
        Layout::Lines(fields)
    }

    /// Whether the layout of rows before these serves them as well.
    pub fn fits_into(&self, layout: &Layout) -> bool {
        match layout {
            Layout::Blocks => true,
            Layout::Lines(fields) => {
                let is_wider = |row: &&Vec<String>| !self.fits_line(row, fields);
                self.rows.iter().filter(is_wider).count() <= self.few()
            }
        }
    }

    /// Whether a row fits into these columns.
    pub fn fits_line(&self, row: &[String], fields: &[Field]) -> bool {
        fields.iter().all(|field| {
            let header = &self.headers[field.index];
            let own = Field::new(header, field.index, &[row], field.form, self.year);
            own.least <= field.width
        })
    }

    /// What is said of all rows, because a layout leaves out the columns that say it.
    pub fn left_out(&self, layout: &Layout) -> Vec<(Constant, String)> {
        let (Layout::Lines(fields), Some(row)) = (layout, self.rows.first()) else {
            return Vec::new();
        };
        let is_left_out = |index: &usize| fields.iter().all(|field| field.index != *index);
        (0..self.headers.len())
            .filter(is_left_out)
            .filter(|index| !row[*index].is_empty())
            .filter_map(|index| Some((self.headers[index].constant?, row[index].clone())))
            .collect()
    }

    /// Whether a column may go: nothing stands in it, or the same in all of several rows.
    fn may_go(&self, index: usize) -> bool {
        let mut cells = self.rows.iter().map(|row| row[index].as_str());
        let Some(first) = cells.next().filter(|_| self.may_drop && index > 0) else {
            return false;
        };
        let is_said = self.rows.len() > 1 && self.headers[index].constant.is_some();
        (first.is_empty() || is_said) && cells.all(|cell| cell == first)
    }
}

impl Field {
    /// Columns in which everything is shown whole, in one line.
    pub fn whole(headers: &[Header], rows: &[Vec<String>]) -> Vec<Self> {
        let rows: Vec<&[String]> = rows.iter().map(Vec::as_slice).collect();
        let headers = headers.iter().enumerate();
        headers
            .map(|(index, header)| Self::new(header, index, &rows, Form::Whole, ""))
            .collect()
    }

    fn new(header: &Header, index: usize, rows: &[&[String]], form: Form, year: &str) -> Self {
        let least = header.text.width();
        let (mut width, mut word) = (least, least);
        for row in rows {
            width = width.max(shown(&row[index], form, year).width());
            if header.content == Content::Sentence {
                word = word.max(widest_unit(&row[index]));
            }
        }
        let least = match header.content {
            Content::Text => least.max(LEAST_TEXT).min(width),
            Content::Sentence => word.max(LEAST_SENTENCE).min(width),
            _ => width,
        };
        Self {
            index,
            width,
            least,
            content: header.content,
            form,
        }
    }

    /// The lines that a cell of this column has.
    pub fn lines<'c>(&self, cell: &'c str, year: &str) -> Vec<Cow<'c, str>> {
        match self.content {
            Content::Sentence if cell.width() > self.width => text::wrapped(cell, self.width)
                .into_iter()
                .map(Cow::Borrowed)
                .collect(),
            Content::Text => vec![text::cut(cell, self.width)],
            _ => vec![shown(cell, self.form, year)],
        }
    }
}

/// Whether the columns fit; if `narrowed`, where texts are cut.
fn fits(fields: &[Field], room: usize, narrowed: bool) -> bool {
    let widths = fields.iter().map(|field| {
        if narrowed || field.content == Content::Sentence {
            field.least
        } else {
            field.width
        }
    });
    widths.sum::<usize>() + gaps(fields) <= room
}

fn gaps(fields: &[Field]) -> usize {
    GAP * fields.len().saturating_sub(1)
}

/// The width of the widest part that stays together when a text is wrapped.
fn widest_unit(text: &str) -> usize {
    let lines = text::wrapped(text, 0).into_iter();
    lines.map(UnicodeWidthStr::width).max().unwrap_or(0)
}

/// As much of a value as a form shows.
fn shown<'c>(cell: &'c str, form: Form, year: &str) -> Cow<'c, str> {
    match form {
        Form::Whole => Cow::Borrowed(cell),
        Form::Day => day(cell, year),
        Form::First => match cell.split_once(',') {
            Some((first, others)) => {
                let more = others.split(',').count();
                Cow::Owned(format!("{first} +{more}"))
            }
            None => Cow::Borrowed(cell),
        },
    }
}

/// The day of a time: `Nov 24`, or `2025-11-24` in another year.
pub(super) fn day<'c>(time: &'c str, year: &str) -> Cow<'c, str> {
    let Some(date) = time.get(..10).filter(|_| time.len() > 10) else {
        return Cow::Borrowed(time);
    };
    let month = date.get(5..7).and_then(|month| month.parse::<usize>().ok());
    let name = month.and_then(|month| MONTHS.get(month.checked_sub(1)?));
    match (date.starts_with(year) && !year.is_empty(), name) {
        (true, Some(name)) => Cow::Owned(format!("{name} {}", &date[8..])),
        _ => Cow::Borrowed(date),
    }
}
