//! Files that can be imported again: their formats, and what stands in them.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use crate::credentials;
use crate::error::{Error, Result};
use crate::model::{
    Connector, ConnectorId, ConnectorRecord, SecretName, SecretTexts, Settings, TransferFormat,
};

/// The format that the ending of a file's name stands for; TOML for any other.
pub fn format_of(path: &Path) -> TransferFormat {
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("json") => TransferFormat::Json,
        Some("ndjson" | "jsonl") => TransferFormat::Ndjson,
        _ => TransferFormat::Toml,
    }
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
