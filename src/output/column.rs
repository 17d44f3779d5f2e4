//! Columns, what stands in them, and what has them.

use crate::model::Reference;

/// A column of a list.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The name in JSON and in the header of CSV and TSV; `None` where only tables have the column.
    pub key: Option<&'static str>,
    /// The header in a table; `None` where tables leave the column out.
    pub header: Option<&'static str>,
    /// Whether JSON alone has it.
    pub is_json_only: bool,
    /// Whether somebody chose it, so that it stays in every format, whatever it holds.
    pub is_chosen: bool,
    /// How it gives way where a table does not fit.
    pub content: Content,
    /// How a line below a table says that all rows have the same value here; `None` where the
    /// column stays.
    pub constant: Option<Constant>,
}

/// What a column holds, which says how it gives way on a terminal that is not wide enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Something that is pasted or compared, such as an id: it is never cut.
    Whole,
    /// One of a few words, in the colour of its meaning; never cut.
    Word,
    /// A number; never cut.
    Count,
    /// A free text, of which the beginning does.
    Text,
    /// A time, of which the day does.
    Time,
    /// Several ids, of which the first and the number of the others do.
    Ids,
    /// A text that is never cut, but goes on in the next line.
    Sentence,
}

/// How the line below a table says what all rows have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constant {
    /// Before the noun: `20 live connectors`.
    Adjective,
    /// Behind these words after the noun: `20 connectors of system http`.
    After(&'static str),
}

/// A column of lists in every format.
pub(super) const fn listed(key: &'static str, header: &'static str) -> Column {
    Column {
        key: Some(key),
        header: Some(header),
        is_json_only: false,
        is_chosen: false,
        content: Content::Whole,
        constant: None,
    }
}

/// A column that tables leave out.
pub(super) const fn hidden(key: &'static str) -> Column {
    Column {
        header: None,
        ..listed(key, "")
    }
}

/// A column that JSON alone has.
pub(super) const fn json_only(key: &'static str) -> Column {
    Column {
        is_json_only: true,
        ..hidden(key)
    }
}

/// A column that only tables have.
pub const fn column(header: &'static str) -> Column {
    Column {
        key: None,
        ..listed("", header)
    }
}

impl Column {
    /// The same column, which somebody chose.
    pub(super) const fn chosen(self) -> Self {
        Self {
            is_json_only: false,
            is_chosen: true,
            constant: None,
            ..self
        }
    }

    /// The same column, holding this.
    pub const fn of(self, content: Content) -> Self {
        Self { content, ..self }
    }

    /// The same column, whose value may be said once where all rows have the same.
    pub const fn said(self, constant: Constant) -> Self {
        Self {
            constant: Some(constant),
            ..self
        }
    }
}

/// A value in a column.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// Nothing is known; JSON leaves the key out.
    Absent,
    /// Known to be empty.
    Null,
    /// Any text.
    Text(&'a str),
    /// A count.
    Number(u64),
    /// True or false.
    Bool(bool),
    /// Several texts without commas in them.
    List(&'a [String]),
    /// References to a connector.
    References(&'a [Reference]),
    /// JSON as text.
    Json(&'a str),
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Value::Text)
    }
}

/// One entry of a list.
pub trait Record {
    /// The columns, in order. The id is the one of that name, or else the first.
    const COLUMNS: &'static [Column];

    /// Hands the values of this record, in the order of the columns, to `use_values`.
    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R;
}

impl<T: Record> Record for &T {
    const COLUMNS: &'static [Column] = T::COLUMNS;

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        T::with_values(self, use_values)
    }
}

/// The place of the id among the columns: that of this name, or else the first.
pub(super) fn place_of_id(columns: &[Column]) -> usize {
    let place = columns.iter().position(|column| column.key == Some("id"));
    place.unwrap_or(0)
}
