//! What a file looks like, by how it begins.

use crate::model::TransferFormat;

/// What the beginning of a file looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A file that can be read, in this format.
    Known(TransferFormat),
    /// JSON objects, each over several lines.
    SpreadObjects,
    /// A JSON list of objects, or an empty one.
    List,
    /// JSON lists of values, which have no names there.
    Values,
    /// YAML.
    Yaml,
    /// Values with something between them, under a line of names.
    Csv,
    /// Nothing that tells.
    Unknown,
}

impl Look {
    /// What the text looks like that begins with these bytes.
    #[must_use]
    pub fn of(start: &[u8]) -> Self {
        let start = String::from_utf8_lossy(start);
        let start = start.trim_start_matches('\u{feff}').trim_start();
        if let Some(inner) = start.strip_prefix('{') {
            return object(start, inner.trim_start());
        }
        let is_said = |line: &&str| !line.is_empty() && !line.starts_with('#');
        let Some(line) = start.lines().map(str::trim_end).find(is_said) else {
            return Self::Unknown;
        };
        if let Some(inner) = line.strip_prefix('[') {
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
        } else if is_csv(line) {
            Self::Csv
        } else if line.contains('=') {
            Self::Known(TransferFormat::Toml)
        } else {
            Self::Unknown
        }
    }
}

/// What an object looks like: the whole file, or one record of many.
fn object(start: &str, inner: &str) -> Look {
    let key = inner
        .strip_prefix('"')
        .and_then(|rest| rest.split_once('"'));
    let is_file = match key {
        Some((key, _)) => matches!(key, "connectors" | "services" | "recipients"),
        None => true,
    };
    match start.split_once('\n') {
        _ if is_file => Look::Known(TransferFormat::Json),
        Some((first, _)) if !first.trim_end().ends_with('}') => Look::SpreadObjects,
        _ => Look::Known(TransferFormat::Ndjson),
    }
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

/// Whether a line is a header of several names.
fn is_csv(line: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '"'))
    };
    [',', ';', '\t']
        .iter()
        .any(|between| line.contains(*between) && line.split(*between).all(is_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_tells() {
        let known = Look::Known;
        for (start, look) in [
            ("", Look::Unknown),
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
            ("id,name,system\na,b,c\n", Look::Csv),
            ("id\tname\n", Look::Csv),
        ] {
            assert_eq!(Look::of(start.as_bytes()), look, "{start:?}");
        }
    }
}
