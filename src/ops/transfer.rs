//! Files that can be imported again: their formats, and what stands in them.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use crate::credentials;
use crate::error::{Error, Result};
use crate::input::Look;
use crate::model::{
    Connector, ConnectorId, ConnectorRecord, RecordType, SecretName, SecretTexts, Settings,
    TransferFormat,
};

/// The format that the ending of a file's name stands for; TOML for any other.
pub fn format_of(path: &Path) -> TransferFormat {
    known_format_of(path).unwrap_or(TransferFormat::Toml)
}

/// The format that the ending of a file's name stands for, if it is a known one.
pub fn known_format_of(path: &Path) -> Option<TransferFormat> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    match ending.as_str() {
        "json" => Some(TransferFormat::Json),
        "ndjson" | "jsonl" => Some(TransferFormat::Ndjson),
        "toml" => Some(TransferFormat::Toml),
        _ => None,
    }
}

/// What to do about a file that looks like this and cannot be read as `format`; nothing if it looks
/// as it should.
pub fn way_out(look: Look, format: TransferFormat, file: &Path) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    let file = match file.to_str() {
        Some("-") => "",
        // What a shell gives in place of a file is gone by then.
        Some(name) if name.starts_with("/dev/") || name.starts_with("/proc/") => "",
        Some(name) if !name.starts_with('-') && name.chars().all(is_plain) => name,
        _ => "FILE",
    };
    let into = |what: &str, command: &str, import: &str| {
        let command = format!("{command} {file}");
        let command = command.trim_end();
        Some(format!("it looks like {what}: {command} | {import}"))
    };
    let piped = |what: &str, command: &str, format: TransferFormat| {
        into(
            what,
            command,
            &format!("connctl import - --format {format}"),
        )
    };
    let (json, ndjson) = (TransferFormat::Json, TransferFormat::Ndjson);
    match look {
        Look::Known(other) if other != format => Some(format!(
            "it looks like {name}: give --format {other}",
            name = other.as_str().to_uppercase()
        )),
        Look::Known(_) | Look::Empty | Look::Unknown => None,
        Look::SpreadObjects => {
            let what = "records over several lines; NDJSON has one a line";
            piped(what, "jq -c .", ndjson)
        }
        Look::List => {
            let what = "a list, and the file is one object with lists in it";
            piped(what, "jq '{connectors: .}'", json)
        }
        Look::RecordList => {
            let what = "a list of records; NDJSON has one a line";
            piped(what, "jq -c '.[]'", ndjson)
        }
        Look::OtherObject => Some(
            "the file is one object with the lists \"connectors\" and \"services\"; \
             docs/importing.md has filters that make it of what platforms export"
                .to_owned(),
        ),
        Look::Utf16 => into("UTF-16", "iconv -f UTF-16 -t UTF-8", "connctl import -"),
        Look::Gzip => into("gzip", "gzip -dc", "connctl import -"),
        Look::Store if file.is_empty() => {
            Some("it looks like a store: save it, and export it with --store".to_owned())
        }
        Look::Store => Some(format!(
            "it looks like a store: connctl --store {file} export | connctl import -"
        )),
        Look::Values => {
            let what = "lists of values, which need names";
            let names = "jq -c '{type: \"connector\", id: .[0], system: .[1], environment: .[2]}'";
            piped(what, names, ndjson)
        }
        Look::Yaml => piped("YAML, which can be made JSON", "yq -j .", json),
        Look::Csv(described, between) => {
            let script = csv_script(described, between, file.is_empty());
            piped("CSV, which can be made JSON", &script, json)
        }
    }
}

/// The command that makes a file of a CSV file. A cell that is empty says nothing.
fn csv_script(described: RecordType, between: char, is_piped: bool) -> String {
    let (list, value) = match described {
        RecordType::Service => (
            "services",
            "v.split(\",\") if k in (\"sources\", \"destinations\") \
             else {\"true\": True, \"false\": False}.get(v.lower(), v) if k == \"active\" else v",
        ),
        RecordType::Connector | RecordType::Recipient => ("connectors", "v"),
    };
    let read = if is_piped { "0" } else { "sys.argv[1]" };
    let delimiter = match between {
        ',' => "",
        ';' => ", delimiter=\";\"",
        _ => ", delimiter=\"\\t\"",
    };
    format!(
        "python3 -c 'import csv, json, sys; print(json.dumps({{\"{list}\": \
         [{{k: {value} for k, v in r.items() if v}} for r in csv.DictReader(open({read}, encoding=\"utf-8-sig\"){delimiter})]}}))'"
    )
}

/// A connector as it stands in a file, with its secrets, still encrypted.
pub fn connector_record(
    connector: Connector,
    secrets: Vec<(SecretName, Vec<u8>)>,
) -> io::Result<ConnectorRecord> {
    let mut record = ConnectorRecord::from(connector);
    record.secrets = armored(secrets)?;
    Ok(record)
}

/// The secrets as texts, still encrypted.
fn armored(secrets: Vec<(SecretName, Vec<u8>)>) -> io::Result<Option<SecretTexts>> {
    let texts = secrets
        .into_iter()
        .map(|(name, ciphertext)| Ok((name, credentials::armor(&ciphertext)?.into())))
        .collect::<io::Result<BTreeMap<_, _>>>()?;
    Ok((!texts.is_empty()).then_some(SecretTexts(texts)))
}

/// Refuses a connector that TOML cannot express.
pub fn check_toml(id: &ConnectorId, settings: &Settings) -> Result<()> {
    match settings.null_place() {
        None => Ok(()),
        Some(place) => Err(Error::usage(format!(
            "the setting {place} of connector {id} is null, which TOML cannot express"
        ))
        .hint("use a file that ends in .json or .ndjson, or give its --format")),
    }
}
