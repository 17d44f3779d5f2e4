//! How mistakes are told: in which form and colour.

use std::borrow::Cow;
use std::ffi::OsString;

use clap::ColorChoice;

use crate::output::Format;

/// How the mistakes of a command line are shown: what it says of that wherever it stands, also on a
/// line that cannot be understood.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// As objects, because JSON was asked for.
    pub json: bool,
    /// When to use colour.
    pub color: ColorChoice,
}

impl Manner {
    /// Looks through a command line.
    pub fn of(arguments: &[OsString]) -> Self {
        let arguments: Vec<_> = arguments
            .iter()
            .map(|word| word.to_string_lossy())
            .collect();
        let format = |value: &str| Format::from_name(value).is_some_and(Format::is_json);
        let colors = values_of(&arguments, "--color", None);
        Self {
            json: values_of(&arguments, "--output", Some('o')).any(format),
            color: colors
                .filter_map(|value| value.parse().ok())
                .last()
                .unwrap_or_default(),
        }
    }
}

/// The values that stand behind an option on a command line, wherever it stands.
pub(super) fn values_of<'a>(
    arguments: &'a [Cow<'a, str>],
    long: &'a str,
    short: Option<char>,
) -> impl Iterator<Item = &'a str> {
    /// The options of one letter that take no value: others may stand behind them.
    const FLAGS: &str = "qvynhV0";
    let words = arguments.iter().position(|word| word == "--");
    let words = &arguments[..words.unwrap_or(arguments.len())];
    words.iter().enumerate().filter_map(move |(index, word)| {
        let cluster = || {
            let cluster = word
                .strip_prefix('-')?
                .trim_start_matches(|c| FLAGS.contains(c));
            cluster.strip_prefix(short?)
        };
        let value = word.strip_prefix(long).or_else(cluster)?;
        match value.strip_prefix('=') {
            Some(value) => Some(value),
            None if value.is_empty() => words.get(index + 1).map(AsRef::as_ref),
            None => Some(value),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manner_is_found_wherever_it_stands() {
        let manner =
            |line: &str| Manner::of(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        for line in [
            "connctl -o json lst",
            "connctl lst -ojson",
            "connctl lst -o=ndjson",
            "connctl lst -qno json",
            "connctl lst -qojson",
            "connctl --output json",
            "connctl --output=ndjson lst -o table",
        ] {
            assert!(manner(line).json, "{line}");
        }
        for line in [
            "connctl lst",
            "connctl -o csv json",
            "connctl exec a -- x -o json",
            "connctl -o",
        ] {
            assert!(!manner(line).json, "{line}");
        }
        assert_eq!(
            manner("connctl --color always lst --color=never").color,
            ColorChoice::Never
        );
        assert_eq!(manner("connctl lst --color").color, ColorChoice::Auto);
    }
}
