//! Values as plain text, and made safe for CSV and TSV.

use super::column::Value;
use super::json::{self, has_any};

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

/// Appends a value, in quotes if it needs them (RFC 4180).
pub(super) fn push_csv(line: &mut Vec<u8>, value: &Value<'_>) {
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
pub(super) fn push_tsv(line: &mut Vec<u8>, value: &Value<'_>) {
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
