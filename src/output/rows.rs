//! Lists in every format.

use std::borrow::Cow;
use std::io::{self, Write};

use super::column::{Column, Record, Value, place_of_id};
use super::plain::{push_csv, push_plain, push_tsv};
use super::table::{Closing, TableRows};
use super::{Format, Style, json};

/// Writes a list of records in one format, one record after the other.
pub struct Rows<W: Write> {
    columns: Cow<'static, [Column]>,
    /// The places of the columns among those of a record, unless they are all of these.
    places: Option<Vec<usize>>,
    inner: Inner<W>,
}

enum Inner<W: Write> {
    Table(Box<TableRows<W>>),
    Json {
        out: W,
        line: Vec<u8>,
        count: u64,
        pretty: bool,
    },
    Ndjson {
        out: W,
        line: Vec<u8>,
    },
    /// CSV or TSV, which differ in what stands between values and in how these are made safe.
    Separated {
        out: W,
        line: Vec<u8>,
        csv: bool,
    },
    Ids {
        out: W,
        line: Vec<u8>,
        end: u8,
        /// Which column is the id.
        id: usize,
    },
}

impl<W: Write> Rows<W> {
    /// Begins a list of records with these columns: writes what stands before the first one.
    pub fn new(
        out: W,
        columns: &'static [Column],
        format: Format,
        style: Style,
    ) -> io::Result<Self> {
        Self::begin(out, Cow::Borrowed(columns), format, style)
    }

    /// As [`Rows::new`], with those of the columns that stand at these places.
    pub fn choosing(
        out: W,
        columns: &[Column],
        places: &[usize],
        format: Format,
        style: Style,
    ) -> io::Result<Self> {
        let chosen = places.iter().filter_map(|place| columns.get(*place));
        let chosen = chosen.map(|column| column.chosen()).collect();
        Ok(Self {
            places: Some(places.to_vec()),
            ..Self::begin(out, Cow::Owned(chosen), format, style)?
        })
    }

    fn begin(
        mut out: W,
        columns: Cow<'static, [Column]>,
        format: Format,
        style: Style,
    ) -> io::Result<Self> {
        let inner = match format {
            Format::Table => Inner::Table(Box::new(TableRows::new(out, &columns, style))),
            Format::Json => Inner::Json {
                out,
                line: Vec::new(),
                count: 0,
                pretty: style.terminal_width.is_some(),
            },
            Format::Ndjson => Inner::Ndjson {
                out,
                line: Vec::new(),
            },
            Format::Csv | Format::Tsv => {
                let csv = format == Format::Csv;
                let header: Vec<_> = columns
                    .iter()
                    .filter(|column| !column.is_json_only)
                    .filter_map(|column| column.key)
                    .collect();
                let (between, end) = separators(csv);
                write!(out, "{}{end}", header.join(between))?;
                Inner::Separated {
                    out,
                    line: Vec::new(),
                    csv,
                }
            }
            Format::Ids => Inner::Ids {
                out,
                line: Vec::new(),
                end: if style.null_separated { 0 } else { b'\n' },
                id: place_of_id(&columns),
            },
        };
        Ok(Self {
            columns,
            places: None,
            inner,
        })
    }

    /// Adds a record.
    pub fn write(&mut self, record: &impl Record) -> io::Result<()> {
        record.with_values(|values| self.write_values(values))
    }

    /// Adds a record that has these values.
    pub(super) fn write_values(&mut self, values: &[Value<'_>]) -> io::Result<()> {
        let Some(places) = &self.places else {
            return self.inner.write(&self.columns, values);
        };
        let chosen = places
            .iter()
            .filter_map(|place| values.get(*place).copied());
        let chosen: Vec<_> = chosen.collect();
        self.inner.write(&self.columns, &chosen)
    }

    /// Adds a record to a list of ids; other formats show more than that, and leave it out.
    pub fn write_id(&mut self, id: &str) -> io::Result<()> {
        match &mut self.inner {
            Inner::Ids { out, line, end, .. } => write_id(out, line, &Value::Text(id), *end),
            _ => Ok(()),
        }
    }

    /// Adds a record of another kind. Only JSON has room for it; the other formats leave it out.
    pub fn write_beside<T: Record>(&mut self, record: &T) -> io::Result<()> {
        if matches!(self.inner, Inner::Json { .. } | Inner::Ndjson { .. }) {
            record.with_values(|values| self.inner.write(T::COLUMNS, values))?;
        }
        Ok(())
    }

    /// Ends the list: writes what stands after the last record, and all that was held back. Returns
    /// what a table left to be said.
    pub fn finish(self) -> io::Result<Closing> {
        let mut out = match self.inner {
            Inner::Table(table) => return table.finish(),
            Inner::Json {
                mut out,
                count,
                pretty,
                ..
            } => {
                let end: &[u8] = match (count, pretty) {
                    (0, _) => b"[]\n",
                    (_, true) => b"\n]\n",
                    (_, false) => b"]\n",
                };
                out.write_all(end)?;
                out
            }
            Inner::Ndjson { out, .. } | Inner::Separated { out, .. } | Inner::Ids { out, .. } => {
                out
            }
        };
        out.flush()?;
        Ok(Closing::default())
    }
}

impl<W: Write> Inner<W> {
    fn write(&mut self, columns: &[Column], values: &[Value<'_>]) -> io::Result<()> {
        match self {
            Self::Table(table) => table.write(values),
            Self::Json {
                out,
                line,
                count,
                pretty,
            } => {
                line.clear();
                let (start, between): (&[u8], &[u8]) = if *pretty {
                    (b"[\n  ", b",\n  ")
                } else {
                    (b"[", b",")
                };
                line.extend_from_slice(if *count == 0 { start } else { between });
                *count += 1;
                push_object(line, columns, values, *pretty);
                out.write_all(line)
            }
            Self::Ndjson { out, line } => {
                line.clear();
                push_object(line, columns, values, false);
                line.push(b'\n');
                out.write_all(line)
            }
            Self::Separated { out, line, csv } => {
                let (between, end) = separators(*csv);
                line.clear();
                let keyed = columns
                    .iter()
                    .zip(values)
                    .filter(|(column, _)| column.key.is_some() && !column.is_json_only);
                for (index, (_, value)) in keyed.enumerate() {
                    if index > 0 {
                        line.extend_from_slice(between.as_bytes());
                    }
                    if *csv {
                        push_csv(line, value);
                    } else {
                        push_tsv(line, value);
                    }
                }
                line.extend_from_slice(end.as_bytes());
                out.write_all(line)
            }
            Self::Ids { out, line, end, id } => {
                let id = values.get(*id).unwrap_or(&Value::Absent);
                write_id(out, line, id, *end)
            }
        }
    }
}

fn write_id(out: &mut impl Write, line: &mut Vec<u8>, id: &Value<'_>, end: u8) -> io::Result<()> {
    line.clear();
    push_plain(line, id);
    line.push(end);
    out.write_all(line)
}

/// What stands between two values and at the end of a line.
fn separators(csv: bool) -> (&'static str, &'static str) {
    if csv { (",", "\r\n") } else { ("\t", "\n") }
}

fn push_object(line: &mut Vec<u8>, columns: &[Column], values: &[Value<'_>], pretty: bool) {
    let (start, between, colon, end): (&[u8], &[u8], &[u8], &[u8]) = if pretty {
        (b"{\n    ", b",\n    ", b": ", b"\n  }")
    } else {
        (b"{", b",", b":", b"}")
    };
    let keyed = columns.iter().zip(values);
    let known = keyed.filter_map(|(column, value)| match value {
        Value::Absent => None,
        value => column.key.map(|key| (key, value)),
    });
    for (index, (key, value)) in known.enumerate() {
        line.extend_from_slice(if index == 0 { start } else { between });
        // The names of columns have nothing to escape.
        line.push(b'"');
        line.extend_from_slice(key.as_bytes());
        line.push(b'"');
        line.extend_from_slice(colon);
        json::push_value(line, value);
    }
    line.extend_from_slice(end);
}
