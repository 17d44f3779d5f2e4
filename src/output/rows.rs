//! Lists in every format.

use std::io::{self, Write};

use super::record::{Column, Record, Value};
use super::table::TableRows;
use super::{Format, json};

/// What the receiver of a list is like.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Whether headers are set off by colour.
    pub color: bool,
    /// The columns of the terminal, if it is one: JSON is indented and tables are cut to them.
    pub terminal_width: Option<usize>,
    /// Whether ids end in NUL instead of a line end.
    pub null_separated: bool,
}

/// Writes a list of records in one format, one record after the other.
pub struct Rows<W: Write> {
    columns: &'static [Column],
    inner: Inner<W>,
}

enum Inner<W: Write> {
    Table(TableRows<W>),
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
    },
}

impl<W: Write> Rows<W> {
    /// Begins a list of records with these columns: writes what stands before the first one.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn new(
        mut out: W,
        columns: &'static [Column],
        format: Format,
        style: Style,
    ) -> io::Result<Self> {
        let inner = match format {
            Format::Table => Inner::Table(TableRows::new(out, columns, style)),
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
                let header: Vec<_> = columns.iter().filter_map(|column| column.key).collect();
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
            },
        };
        Ok(Self { columns, inner })
    }

    /// Adds a record.
    ///
    /// # Errors
    /// When the output does not take it.
    pub fn write(&mut self, record: &impl Record) -> io::Result<()> {
        record.with_values(|values| self.inner.write(self.columns, values))
    }

    /// Ends the list: writes what stands after the last record, and all that was held back.
    ///
    /// # Errors
    /// When the output does not take it.
    pub fn finish(self) -> io::Result<()> {
        match self.inner {
            Inner::Table(table) => table.finish(),
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
                out.flush()
            }
            Inner::Ndjson { mut out, .. }
            | Inner::Separated { mut out, .. }
            | Inner::Ids { mut out, .. } => out.flush(),
        }
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
                    .filter(|(column, _)| column.key.is_some());
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
            Self::Ids { out, line, end } => {
                line.clear();
                if let Some(value) = values.first() {
                    push_plain(line, value);
                }
                line.push(*end);
                out.write_all(line)
            }
        }
    }
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

/// Appends a value as plain text; what is empty or unknown is no text.
pub(super) fn push_plain(out: &mut Vec<u8>, value: &Value<'_>) {
    match value {
        Value::Absent | Value::Null => {}
        Value::Text(text) => out.extend_from_slice(text.as_bytes()),
        Value::List(items) => out.extend_from_slice(items.join(",").as_bytes()),
        Value::Number(_) | Value::Bool(_) | Value::References(_) | Value::Json(_) => {
            json::push_value(out, value);
        }
    }
}

/// Whether any byte is of a kind. Nearly always none is, so this loop has no early end, which lets
/// it look at many bytes at once.
pub(super) fn has_any(bytes: &[u8], is_of_kind: impl Fn(u8) -> bool) -> bool {
    bytes
        .iter()
        .fold(false, |found, byte| found | is_of_kind(*byte))
}

/// Appends a value, in quotes if it needs them (RFC 4180).
fn push_csv(line: &mut Vec<u8>, value: &Value<'_>) {
    let start = line.len();
    push_plain(line, value);
    let is_special = |byte: u8| matches!(byte, b'"' | b',' | b'\n' | b'\r');
    if has_any(&line[start..], is_special) {
        let plain = line.split_off(start);
        line.push(b'"');
        for byte in plain {
            if byte == b'"' {
                line.push(b'"');
            }
            line.push(byte);
        }
        line.push(b'"');
    }
}

/// Appends a value with backslashes, tabs and line ends escaped.
fn push_tsv(line: &mut Vec<u8>, value: &Value<'_>) {
    let start = line.len();
    push_plain(line, value);
    let is_special = |byte: u8| matches!(byte, b'\\' | b'\t' | b'\n' | b'\r');
    if has_any(&line[start..], is_special) {
        for byte in line.split_off(start) {
            match byte {
                b'\\' => line.extend_from_slice(b"\\\\"),
                b'\t' => line.extend_from_slice(b"\\t"),
                b'\n' => line.extend_from_slice(b"\\n"),
                b'\r' => line.extend_from_slice(b"\\r"),
                _ => line.push(byte),
            }
        }
    }
}
