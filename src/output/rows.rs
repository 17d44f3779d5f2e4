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
    keys: Keys,
    inner: Inner<W>,
}

enum Inner<W: Write> {
    Table(Box<TableRows<W>>),
    Json {
        out: W,
        line: Vec<u8>,
        count: u64,
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
        let is_pretty = format == Format::Json && style.terminal_width.is_some();
        Ok(Self {
            keys: Keys::of(&columns, is_pretty),
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
            return self.inner.write(&self.columns, &self.keys, values);
        };
        let chosen = places
            .iter()
            .filter_map(|place| values.get(*place).copied());
        let chosen: Vec<_> = chosen.collect();
        self.inner.write(&self.columns, &self.keys, &chosen)
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
            let keys = Keys::of(T::COLUMNS, self.keys.is_pretty);
            record.with_values(|values| self.inner.write(T::COLUMNS, &keys, values))?;
        }
        Ok(())
    }

    /// Ends the list: writes what stands after the last record, and all that was held back. Returns
    /// what a table left to be said.
    pub fn finish(self) -> io::Result<Closing> {
        let mut out = match self.inner {
            Inner::Table(table) => return table.finish(),
            Inner::Json { mut out, count, .. } => {
                let end: &[u8] = match (count, self.keys.is_pretty) {
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
    fn write(&mut self, columns: &[Column], keys: &Keys, values: &[Value<'_>]) -> io::Result<()> {
        match self {
            Self::Table(table) => table.write(values),
            Self::Json { out, line, count } => {
                line.clear();
                let (start, between): (&[u8], &[u8]) = if keys.is_pretty {
                    (b"[\n  ", b",\n  ")
                } else {
                    (b"[", b",")
                };
                line.extend_from_slice(if *count == 0 { start } else { between });
                *count += 1;
                keys.push_object(line, values);
                out.write_all(line)
            }
            Self::Ndjson { out, line } => {
                line.clear();
                keys.push_object(line, values);
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

/// How JSON names the values of a record.
struct Keys {
    /// The name of each column with what stands before and behind it; `None` where only tables have
    /// the column.
    named: Vec<Option<String>>,
    /// Whether each value has a line of its own.
    is_pretty: bool,
}

impl Keys {
    fn of(columns: &[Column], is_pretty: bool) -> Self {
        // The names of columns have nothing to escape.
        let named = |key| {
            if is_pretty {
                format!(",\n    \"{key}\": ")
            } else {
                format!(",\"{key}\":")
            }
        };
        Self {
            named: columns.iter().map(|column| column.key.map(named)).collect(),
            is_pretty,
        }
    }

    /// Appends a record, which has at least one value, as an object.
    fn push_object(&self, line: &mut Vec<u8>, values: &[Value<'_>]) {
        let start = line.len();
        for (key, value) in self.named.iter().zip(values) {
            if let (Some(key), false) = (key, matches!(value, Value::Absent)) {
                line.extend_from_slice(key.as_bytes());
                json::push_value(line, value);
            }
        }
        // A comma stands before each value but the first.
        if let Some(first) = line.get_mut(start) {
            *first = b'{';
        }
        let end: &[u8] = if self.is_pretty { b"\n  }" } else { b"}" };
        line.extend_from_slice(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::column::hidden;

    struct Three<'a>([&'a str; 3]);

    impl Record for Three<'_> {
        const COLUMNS: &'static [Column] = &[hidden("a"), hidden("b"), hidden("c")];

        fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
            use_values(&self.0.map(Value::Text))
        }
    }

    fn written(record: &Three<'_>, format: Format) -> String {
        let mut out = Vec::new();
        let mut rows = Rows::new(&mut out, Three::COLUMNS, format, Style::default()).unwrap();
        rows.write(record).unwrap();
        rows.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_is_special_is_made_safe_wherever_it_stands() {
        for (special, in_csv, in_tsv) in [
            ("x", "x", "x"),
            ("", "", ""),
            (",", "\",\"", ","),
            ("\"", "\"\"\"\"", "\""),
            ("\t", "\t", "\\t"),
            ("\\", "\\", "\\\\"),
            ("\r\n", "\"\r\n\"", "\\r\\n"),
            ("a,b\n", "\"a,b\n\"", "a,b\\n"),
        ] {
            for place in 0..3 {
                let with = |text| {
                    let mut values = ["", "y", ""];
                    values[place] = text;
                    values
                };
                let record = Three(with(special));
                let csv = format!("a,b,c\r\n{}\r\n", with(in_csv).join(","));
                assert_eq!(written(&record, Format::Csv), csv);
                let tsv = format!("a\tb\tc\n{}\n", with(in_tsv).join("\t"));
                assert_eq!(written(&record, Format::Tsv), tsv);
            }
        }
    }
}
