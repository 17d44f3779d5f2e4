//! Recipients, connectors and services as files that can be imported again.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::model::{Record, RecordType, TransferFormat};

/// Writes a file, one record after the other: first the recipients, then the connectors, then the services.
pub struct Transfer<W> {
    out: W,
    format: TransferFormat,
    /// What the last record was.
    last: Option<RecordType>,
    /// A record as JSON, before it is written as a whole.
    json: Vec<u8>,
}

impl<W: Write> Transfer<W> {
    /// Begins a file.
    pub fn new(out: W, format: TransferFormat) -> Self {
        Self {
            out,
            format,
            last: None,
            json: Vec::new(),
        }
    }

    /// Adds a record.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        let record_type = record.record_type();
        match self.format {
            TransferFormat::Toml => {
                let list = format!("{record_type}s");
                let document = BTreeMap::from([(list, [record])]);
                let text = toml::to_string(&document).map_err(io::Error::other)?;
                let gap = if self.last.is_some() { "\n" } else { "" };
                self.out.write_all(gap.as_bytes())?;
                // As a whole, because a guard before a terminal looks for strings in it.
                self.out.write_all(text.as_bytes())?;
            }
            TransferFormat::Json => {
                self.out
                    .write_all(self.json_before(record_type).as_bytes())?;
                self.json.clear();
                serde_json::to_writer(&mut self.json, record)?;
                self.out.write_all(&self.json)?;
            }
            TransferFormat::Ndjson => {
                self.json.clear();
                serde_json::to_writer(&mut self.json, record)?;
                self.json.push(b'\n');
                let fields = self.json.strip_prefix(b"{").unwrap_or(&self.json);
                self.out.write_all(b"{\"type\":\"")?;
                self.out.write_all(record_type.as_str().as_bytes())?;
                self.out.write_all(b"\",")?;
                self.out.write_all(fields)?;
            }
        }
        self.last = Some(record_type);
        Ok(())
    }

    /// What stands in JSON between the last record and one of this type.
    fn json_before(&self, next: RecordType) -> String {
        if self.last == Some(next) {
            return ",\n".to_owned();
        }
        let begin = if self.last.is_some() { "\n],\n" } else { "{" };
        // The list of connectors is there even where it is empty.
        let connectors = match (self.last, next) {
            (Some(RecordType::Recipient) | None, RecordType::Service) => "\"connectors\":[],\n",
            _ => "",
        };
        format!("{begin}{connectors}\"{next}s\":[\n")
    }

    /// Ends the file.
    pub fn finish(mut self) -> io::Result<W> {
        if self.format == TransferFormat::Json {
            self.out.write_all(match self.last {
                None => b"{\"connectors\":[],\n\"services\":[]}\n",
                Some(RecordType::Recipient) => b"\n],\n\"connectors\":[],\n\"services\":[]}\n",
                Some(RecordType::Connector) => b"\n],\n\"services\":[]}\n",
                Some(RecordType::Service) => b"\n]}\n",
            })?;
        }
        self.out.flush()?;
        Ok(self.out)
    }
}
