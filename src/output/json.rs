//! JSON text for the streaming lists. Single documents go through `serde_json`.

use super::column::Value;

/// Appends `text` as a JSON string.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let mut rest = text.as_bytes();
    if !has_any(rest, is_special) {
        out.extend_from_slice(rest);
        out.push(b'"');
        return;
    }
    while let Some(at) = rest.iter().position(|b| is_special(*b)) {
        out.extend_from_slice(&rest[..at]);
        let byte = rest[at];
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            _ => {
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 15)]);
            }
        }
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// Whether a byte cannot stand in a JSON string as it is, or should not on a terminal.
#[inline]
fn is_special(byte: u8) -> bool {
    byte < 0x20 || matches!(byte, b'"' | b'\\' | 0x7f)
}

/// Whether any byte is of a kind. Nearly always none is, so this loop has no early end, which lets
/// it look at many bytes at once.
pub(super) fn has_any(bytes: &[u8], is_of_kind: impl Fn(u8) -> bool) -> bool {
    bytes
        .iter()
        .fold(false, |found, byte| found | is_of_kind(*byte))
}

fn push_bool(out: &mut Vec<u8>, value: bool) {
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

/// Appends a value as JSON.
pub(super) fn push_value(out: &mut Vec<u8>, value: &Value<'_>) {
    match value {
        Value::Absent | Value::Null => out.extend_from_slice(b"null"),
        Value::Text(text) => push_text(out, text),
        Value::Json(json) => out.extend_from_slice(json.as_bytes()),
        Value::Number(number) => {
            out.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes());
        }
        Value::Bool(value) => push_bool(out, *value),
        Value::List(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                push_text(out, item);
            }
            out.push(b']');
        }
        Value::References(references) => {
            out.push(b'[');
            for (index, reference) in references.iter().enumerate() {
                out.extend_from_slice(if index > 0 {
                    b",{\"service\":"
                } else {
                    b"{\"service\":"
                });
                push_text(out, reference.service.as_str());
                out.extend_from_slice(b",\"name\":");
                match &reference.name {
                    Some(name) => push_text(out, name.as_str()),
                    None => out.extend_from_slice(b"null"),
                }
                out.extend_from_slice(b",\"role\":");
                push_text(out, reference.role.as_str());
                out.extend_from_slice(b",\"active\":");
                push_bool(out, reference.active);
                out.push(b'}');
            }
            out.push(b']');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_serde_json_on_every_character() {
        let mut all: String = ('\0'..='\u{2ff}').collect();
        all.push_str("東京 🚀 \u{202e} \u{feff}");
        let mut out = Vec::new();
        push_text(&mut out, &all);
        let read: String = serde_json::from_slice(&out).unwrap();
        assert_eq!(read, all);
    }
}
