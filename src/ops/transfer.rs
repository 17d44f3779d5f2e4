//! The formats of files.

use std::path::Path;

use crate::model::TransferFormat;

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
