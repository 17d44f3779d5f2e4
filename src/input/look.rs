//! What a file looks like, by how it begins.

use crate::model::{RecordType, TransferFormat};

/// What the beginning of a file looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A file that can be read, in this format.
    Known(TransferFormat),
    /// JSON objects, each over several lines.
    SpreadObjects,
    /// A JSON object that is neither a file nor a record.
    OtherObject,
    /// A JSON list of objects, or an empty one.
    List,
    /// A JSON list of records with their types.
    RecordList,
    /// JSON lists of values, which have no names there.
    Values,
    /// YAML.
    Yaml,
    /// Values with this between them, under a line of names; what each of these describes.
    Csv(RecordType, char),
    /// Text of two bytes a character.
    Utf16,
    /// What gzip wrote.
    Gzip,
    /// A store.
    Store,
    /// Nothing at all.
    Empty,
    /// Nothing that tells.
    Unknown,
}

impl Look {
    /// Whether it looks like something that cannot be read.
    #[must_use]
    pub fn is_foreign(self) -> bool {
        matches!(
            self,
            Self::Yaml | Self::Csv(..) | Self::Utf16 | Self::Gzip | Self::Store
        )
    }

    /// What the text looks like that begins with these bytes.
    #[must_use]
    pub fn of(start: &[u8]) -> Self {
        if let Some(look) = by_signature(start) {
            return look;
        }
        let start = String::from_utf8_lossy(start);
        let start = start.trim_start_matches('\u{feff}').trim_start();
        if let Some(inner) = start.strip_prefix('{') {
            return object(start, inner.trim_start());
        }
        if start.is_empty() {
            return Self::Empty;
        }
        let is_said = |line: &&str| !line.is_empty() && !line.starts_with('#');
        let Some(line) = start.lines().map(str::trim_end).find(is_said) else {
            return Self::Unknown;
        };
        if let Some(inner) = line.strip_prefix('[') {
            let objects = start[1..].trim_start();
            if objects.starts_with('{') && holds_type(objects) {
                return Self::RecordList;
            }
            return match inner.split_once(']') {
                Some((key, _)) if !key.is_empty() && !key.contains([',', '{', ':']) => {
                    Self::Known(TransferFormat::Toml)
                }
                _ if inner.trim_start().starts_with(['"', '[']) => Self::Values,
                _ => Self::List,
            };
        }
        if is_yaml(line) {
            Self::Yaml
        } else if let Some((described, between)) = csv(line) {
            Self::Csv(described, between)
        } else if line.contains('=') {
            Self::Known(TransferFormat::Toml)
        } else {
            Self::Unknown
        }
    }
}

/// What is told by the bytes with which it begins.
fn by_signature(start: &[u8]) -> Option<Look> {
    match start {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(Look::Utf16),
        [0x1f, 0x8b, ..] => Some(Look::Gzip),
        _ if start.starts_with(b"SQLite format 3\0") => Some(Look::Store),
        _ => None,
    }
}

/// What an object looks like: the whole file, or one record of many.
fn object(start: &str, inner: &str) -> Look {
    let Some(rest) = inner.strip_prefix('"') else {
        // YAML and JavaScript have keys without quotes.
        return match inner.chars().next() {
            Some(c) if c.is_alphabetic() || c == '\'' => Look::Yaml,
            _ => Look::Known(TransferFormat::Json),
        };
    };
    let key = rest.split_once('"').map(|(key, _)| key);
    if key.is_none_or(|key| RecordType::LISTS.contains(&key)) {
        return Look::Known(TransferFormat::Json);
    }
    // What a record holds can be long, and its type stand behind it.
    if !holds_type(start) && !matches!(key, Some("id" | "name" | "system")) {
        return Look::OtherObject;
    }
    match start.split_once('\n') {
        Some((first, _)) if !first.trim_end().ends_with('}') => Look::SpreadObjects,
        _ => Look::Known(TransferFormat::Ndjson),
    }
}

/// Whether a record in this text says of what type it is.
fn holds_type(text: &str) -> bool {
    let values = text.split("\"type\"").skip(1);
    values
        .filter_map(|rest| rest.trim_start().strip_prefix(':')?.trim_start().get(1..))
        .any(|value| {
            let is_type = |kind: &RecordType| value.starts_with(kind.as_str());
            RecordType::ALL.iter().any(is_type)
        })
}

/// Whether a line begins a document, an item of a list or `key: value`.
fn is_yaml(line: &str) -> bool {
    let is_key = |key: &str| {
        !key.is_empty()
            && key
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    let is_pair = |line: &str| match line.split_once(':') {
        Some((key, value)) => is_key(key) && (value.is_empty() || value.starts_with(' ')),
        None => false,
    };
    line == "---" || line.starts_with("--- ") || line.starts_with("- ") || is_pair(line)
}

/// What the lines of a CSV file describe and what stands between their values, by its names.
fn csv(line: &str) -> Option<(RecordType, char)> {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '"'))
    };
    let between = [',', ';', '\t']
        .into_iter()
        .find(|between| line.contains(*between) && line.split(*between).all(is_name))?;
    let mut names = line.split(between).map(|name| name.trim_matches('"'));
    let described = if names.any(|name| matches!(name, "sources" | "destinations")) {
        RecordType::Service
    } else {
        RecordType::Connector
    };
    Some((described, between))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_tells() {
        let known = Look::Known;
        for (start, look) in [
            ("", Look::Empty),
            (" \n", Look::Empty),
            ("# later\n", Look::Unknown),
            ("what is this", Look::Unknown),
            ("# a\n[[connectors]]\n", known(TransferFormat::Toml)),
            ("[[ \"connectors\" ]]", known(TransferFormat::Toml)),
            ("connectors = [{id = 'a'}]", known(TransferFormat::Toml)),
            ("connectors = []", known(TransferFormat::Toml)),
            ("{", known(TransferFormat::Json)),
            ("\u{feff}\n {}", known(TransferFormat::Json)),
            ("{\"connectors\": [\n", known(TransferFormat::Json)),
            ("{\n  \"services\": []}", known(TransferFormat::Json)),
            (
                "{\"type\":\"connector\",\"id\":\"a\"}\n{\"type\"",
                known(TransferFormat::Ndjson),
            ),
            (
                "{\"type\":\"connector\",\"id",
                known(TransferFormat::Ndjson),
            ),
            (
                "{\"settings\":{},\"type\": \"connector\"}",
                known(TransferFormat::Ndjson),
            ),
            ("{\"id\":\"a\"}\n", known(TransferFormat::Ndjson)),
            ("{\"pg\":{\"conn_type\":\"postgres\"}}", Look::OtherObject),
            ("{\n  \"pg\": {\"type\": \"postgres\"", Look::OtherObject),
            ("{\"error\":\"no access\"}", Look::OtherObject),
            ("{connectors: [{id: a}]}", Look::Yaml),
            ("{'connectors': []}", Look::Yaml),
            ("[{\"type\":\"connector\"}]", Look::RecordList),
            ("[\n  {\n    \"type\": \"service\"", Look::RecordList),
            ("{\n  \"type\": \"connector\",\n", Look::SpreadObjects),
            ("{\"type\": \"connector\",\n\"id\"", Look::SpreadObjects),
            ("[{\"id\": 1}]", Look::List),
            ("[\n  {", Look::List),
            ("[]", Look::List),
            ("[\"a\", \"http\"]\n", Look::Values),
            ("[[\"a\", 1], [\"b\", 2]]", Look::Values),
            ("---\nconnectors:\n", Look::Yaml),
            ("# what\nconnectors:\n- id: a", Look::Yaml),
            ("- id: a\n", Look::Yaml),
            ("id: a\n", Look::Yaml),
            (
                "id,name,system\na,b,c\n",
                Look::Csv(RecordType::Connector, ','),
            ),
            (
                "id\tname\tsettings.region\n",
                Look::Csv(RecordType::Connector, '\t'),
            ),
            (
                "id;\"sources\";active\n",
                Look::Csv(RecordType::Service, ';'),
            ),
        ] {
            assert_eq!(Look::of(start.as_bytes()), look, "{start:?}");
        }
        for (start, look) in [
            (&b"\xff\xfe{\0"[..], Look::Utf16),
            (b"\xfe\xff\0{", Look::Utf16),
            (b"\x1f\x8b\x08", Look::Gzip),
            (b"SQLite format 3\0\x10", Look::Store),
        ] {
            assert_eq!(Look::of(start), look, "{start:?}");
        }
    }
}
