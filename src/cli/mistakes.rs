//! What is wrong with a command line, and what was probably meant.

use std::borrow::Cow;
use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::manner::values_of;
use crate::error::Error;
use crate::model::{ConnectorId, text};

/// Words of other tools for what a command here is called, where there is one of that name.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("ls", "list"),
    ("get", "show"),
    ("describe", "show"),
    ("info", "show"),
    ("view", "show"),
    ("cat", "show"),
    ("rm", "delete"),
    ("del", "delete"),
    ("remove", "delete"),
    ("rm", "remove"),
    ("delete", "remove"),
    ("create", "add"),
    ("new", "add"),
    ("create", "set"),
    ("add", "set"),
    ("update", "edit"),
    ("set", "edit"),
    ("cp", "copy"),
    ("mv", "rename"),
    ("move", "rename"),
    ("disable", "retire"),
    ("disable", "deactivate"),
    ("enable", "revive"),
    ("enable", "activate"),
    ("lock", "protect"),
    ("unlock", "unprotect"),
    ("uses", "impact"),
    ("check", "verify"),
    ("check", "doctor"),
    ("status", "doctor"),
    ("rotate", "set"),
];

/// Words for what has no command of its own.
const OTHER_WAYS: &[(&str, &str)] = &[
    ("connectors", "connctl list all"),
    ("search", "connctl list all --search TEXT"),
    ("find", "connctl list all --search TEXT"),
    ("services", "connctl service list"),
    ("secrets", "connctl secret list"),
    ("keys", "connctl key list"),
    ("users", "connctl access list"),
    ("roles", "connctl access list"),
    ("log", "connctl audit list"),
    ("logs", "connctl audit list"),
    ("history", "connctl audit list"),
    ("whoami", "connctl access list"),
    ("undo", "connctl restore FILE"),
    ("sync", "connctl import FILE --mirror ORIGIN"),
    ("version", "connctl --version"),
];

/// Words of other tools for an option, and the option of a command that stands for it.
const OTHER_OPTIONS: &[(&str, &str, &str)] = &[
    ("--json", "output", "-o json"),
    ("--ndjson", "output", "-o ndjson"),
    ("--csv", "output", "-o csv"),
    ("--tsv", "output", "-o tsv"),
    ("--ids", "output", "-o ids"),
    ("--format", "output", "-o FORMAT"),
    ("--force", "yes", "--yes"),
    ("-f", "yes", "--yes"),
    ("--confirm", "yes", "--yes"),
    ("--assume-yes", "yes", "--yes"),
    ("--check", "dry_run", "--dry-run"),
    ("--preview", "dry_run", "--dry-run"),
    ("--environment", "env", "--env"),
    ("--env", "unset", "connctl copy ID NEW --env ENVIRONMENT"),
    (
        "--environment",
        "unset",
        "connctl copy ID NEW --env ENVIRONMENT",
    ),
    (
        "--all",
        "replace_with",
        "connctl prune live|testing --unused",
    ),
    (
        "--unused",
        "replace_with",
        "connctl prune live|testing --unused",
    ),
    (
        "--search",
        "replace_with",
        "connctl prune live|testing --search TEXT",
    ),
    (
        "--system",
        "replace_with",
        "connctl prune live|testing --system SYSTEM",
    ),
    ("--filter", "search", "--search TEXT"),
    ("--no-color", "color", "--color never"),
    ("--db", "store", "--store PATH"),
    ("--database", "store", "--store PATH"),
    ("--debug", "verbose", "--verbose"),
    ("--silent", "quiet", "--quiet"),
    ("--message", "reason", "--reason TEXT"),
    ("-m", "reason", "--reason TEXT"),
];

/// Options of other tools for an environment, which is a word of its own where connectors are listed.
const ENVIRONMENTS: &[(&str, &str)] = &[
    ("--env", "testing"),
    ("--environment", "testing"),
    ("-e", "testing"),
    ("--live", "live"),
    ("--testing", "testing"),
    ("--all", "all"),
];

/// Words of other tools for an environment.
const OTHER_ENVIRONMENTS: &[(&str, &str)] = &[
    ("prod", "live"),
    ("production", "live"),
    ("prd", "live"),
    ("test", "testing"),
    ("dev", "testing"),
    ("development", "testing"),
    ("userdev", "testing"),
    ("staging", "testing"),
    ("sandbox", "testing"),
];

/// The error as it is told: with what was typed made visible, and with what was probably meant in
/// place of what only looks like it.
pub(super) fn told(
    error: clap::Error,
    tree: &clap::Command,
    arguments: &[OsString],
) -> clap::Error {
    let mut error = made_visible(error);
    let words: Vec<_> = arguments
        .iter()
        .map(|word| word.to_string_lossy())
        .collect();
    if error.kind() == ErrorKind::MissingSubcommand {
        let (command, path) = command_before(tree, &words, "");
        let message = format!("{path} needs a command; see what there is: {path} --help");
        return command.clone().error(error.kind(), message);
    }
    if error.kind() == ErrorKind::InvalidValue {
        if let Some(meant) = meant_environment(&error, tree, &words) {
            error.remove(ContextKind::SuggestedValue);
            suggest(&mut error, &meant);
        }
        return error;
    }
    if let Some(ContextValue::Strings(similar)) = error.remove(ContextKind::SuggestedSubcommand) {
        // clap has the one that is most alike last.
        let similar = similar.into_iter().rev().collect();
        error.insert(
            ContextKind::SuggestedSubcommand,
            ContextValue::Strings(similar),
        );
    }
    let wrong = [ContextKind::InvalidSubcommand, ContextKind::InvalidArg]
        .into_iter()
        .find_map(|kind| match error.get(kind)? {
            ContextValue::String(word) => Some(word.clone()),
            _ => None,
        });
    let is_unknown = matches!(
        error.kind(),
        ErrorKind::InvalidSubcommand | ErrorKind::UnknownArgument
    );
    let Some(wrong) = wrong.filter(|_| is_unknown) else {
        return error;
    };
    let (command, path) = command_before(tree, &words, &wrong);
    let value = values_of(&words, &wrong, None).next();
    let meant = meant(command, &path, &wrong, value);
    if let Some(meant) = meant.or_else(|| as_value(command, &words, &wrong)) {
        for kind in [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg] {
            error.remove(kind);
        }
        suggest(&mut error, &meant);
        let usage = command.clone().render_usage();
        error.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
    }
    error
}

/// Adds to the error what was probably meant.
fn suggest(error: &mut clap::Error, meant: &str) {
    let tip = StyledStr::from(format!("use '{meant}'"));
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
}

/// What was probably meant where a word stands that is no environment: another word for one, or
/// the connector with this id.
fn meant_environment(
    error: &clap::Error,
    tree: &clap::Command,
    words: &[Cow<'_, str>],
) -> Option<String> {
    let (Some(ContextValue::String(wrong)), Some(ContextValue::Strings(valid))) = (
        error.get(ContextKind::InvalidValue),
        error.get(ContextKind::ValidValue),
    ) else {
        return None;
    };
    if valid.first().is_none_or(|value| value != "live") {
        return None;
    }
    if let Some(ours) = environment_called(wrong) {
        return Some(ours.to_owned());
    }
    let (_, path) = command_before(tree, words, wrong);
    let is_id = ConnectorId::try_from(wrong.clone()).is_ok();
    (path == "connctl list" && is_id).then(|| format!("connctl show {wrong}"))
}

/// What an environment is called here that somebody else calls so.
fn environment_called(word: &str) -> Option<&'static str> {
    let mut known = OTHER_ENVIRONMENTS.iter();
    let known = known.find(|(other, _)| other.eq_ignore_ascii_case(word));
    known.map(|(_, ours)| *ours)
}

/// The command in which a word is wrong, and how it is called.
fn command_before<'t>(
    tree: &'t clap::Command,
    words: &[Cow<'_, str>],
    wrong: &str,
) -> (&'t clap::Command, String) {
    let (mut command, mut path) = (tree, tree.get_name().to_owned());
    for word in words.iter().skip(1).take_while(|word| *word != wrong) {
        if let Some(below) = command.find_subcommand(&**word) {
            command = below;
            path = format!("{path} {word}");
        }
    }
    (command, path)
}

/// What was probably meant by a word that the command does not know, and by the value behind it.
fn meant(command: &clap::Command, path: &str, wrong: &str, value: Option<&str>) -> Option<String> {
    let among = |words: &[(&str, &'static str)]| {
        let mut ours = words.iter().filter(|(other, _)| *other == wrong);
        ours.find(|(_, ours)| command.find_subcommand(ours).is_some())
            .map(|(_, ours)| format!("{path} {ours}"))
    };
    let has = |id: &str| {
        command
            .get_arguments()
            .any(|arg| arg.get_id().as_str() == id)
    };
    let is_first = command.get_name() == path;
    let elsewhere = || {
        let way = OTHER_WAYS.iter().find(|(other, _)| *other == wrong);
        way.filter(|_| is_first).map(|(_, way)| (*way).to_owned())
    };
    let environment = || {
        let word = ENVIRONMENTS.iter().find(|(other, _)| *other == wrong);
        let is_ours = |value: &&str| ["live", "testing", "all"].contains(value);
        let known = value.filter(is_ours).or_else(|| environment_called(value?));
        word.filter(|_| has("scope"))
            .map(|(_, word)| format!("{path} {}", known.unwrap_or(word)))
    };
    let option = || {
        let mut options = OTHER_OPTIONS.iter().filter(|(other, ..)| *other == wrong);
        options
            .find(|(_, id, _)| has(id))
            .map(|(.., ours)| (*ours).to_owned())
    };
    let handed_over = || {
        let is_word = command.get_name() == "exec" && !wrong.starts_with('-');
        is_word.then(|| format!("-- {wrong}"))
    };
    among(OTHER_WORDS)
        .or_else(elsewhere)
        .or_else(handed_over)
        .or_else(environment)
        .or_else(option)
}

/// A value that begins with `-` as the value of the option before it.
fn as_value(command: &clap::Command, words: &[Cow<'_, str>], wrong: &str) -> Option<String> {
    let takes_value = |word: &str| {
        let mut options = command.get_arguments();
        word.strip_prefix("--").is_some_and(|name| {
            options.any(|arg| arg.get_long() == Some(name) && arg.get_action().takes_values())
        })
    };
    let mut pairs = words.windows(2);
    let pair = pairs.find(|pair| pair[1].starts_with(wrong) && takes_value(&pair[0]))?;
    Some(format!("{}={}", pair[0], text::visible(&pair[1])))
}

/// The error with what was typed made visible, line ends included: nothing of it passes for a line
/// of the error.
fn made_visible(mut error: clap::Error) -> clap::Error {
    let shown = |text: &String| text::visible(text).into_owned();
    let styled = |text: &StyledStr| {
        let plain = text.to_string();
        match text::visible(&plain) {
            Cow::Borrowed(_) => text.clone(),
            Cow::Owned(visible) => StyledStr::from(visible),
        }
    };
    let visible: Vec<_> = error
        .context()
        .filter(|(kind, _)| *kind != ContextKind::Usage)
        .map(|(kind, value)| {
            let value = match value {
                ContextValue::String(text) => ContextValue::String(shown(text)),
                ContextValue::Strings(texts) => {
                    ContextValue::Strings(texts.iter().map(shown).collect())
                }
                ContextValue::StyledStr(text) => ContextValue::StyledStr(styled(text)),
                ContextValue::StyledStrs(texts) => {
                    ContextValue::StyledStrs(texts.iter().map(styled).collect())
                }
                other => other.clone(),
            };
            (kind, value)
        })
        .collect();
    for (kind, value) in visible {
        error.insert(kind, value);
    }
    error
}

/// What is wrong with the command line, as an error like any other.
pub fn usage_error(error: &clap::Error) -> Error {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Error::usage("a command is missing").hint("see what there is: connctl --help");
    }
    let shown = error.render().to_string();
    let mut parts = shown.split("\n\n").map(str::trim_end);
    let message = parts.next().unwrap_or_default();
    let message = message.strip_prefix("error: ").unwrap_or(message);
    let tips: Vec<_> = shown
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("tip: "))
        .collect();
    let usage = parts.find(|part| part.starts_with("Usage: "));
    let error = Error::usage(message);
    match (tips.as_slice(), usage) {
        ([], None) => error,
        ([], Some(usage)) => error.hint(usage),
        (tips, _) => error.hint(tips.join("\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line that tells what was meant.
    fn tip(line: &str) -> String {
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let mut tree = crate::cli::tree();
        let error = tree.try_get_matches_from_mut(&arguments).unwrap_err();
        let shown = told(error, &tree, &arguments).render().to_string();
        let tips: Vec<_> = shown
            .lines()
            .filter_map(|line| line.trim().strip_prefix("tip: "))
            .collect();
        assert_eq!(tips.len(), 1, "{shown}");
        tips[0].to_owned()
    }

    #[test]
    fn words_of_other_tools_lead_to_the_command() {
        for (line, meant) in [
            ("connctl ls", "connctl list"),
            ("connctl -o json ls", "connctl list"),
            ("connctl rm shop-eu", "connctl delete"),
            ("connctl remove shop-eu", "connctl delete"),
            ("connctl get shop-eu", "connctl show"),
            ("connctl describe shop-eu", "connctl show"),
            ("connctl service rm orders", "connctl service delete"),
            ("connctl secret create shop-eu key", "connctl secret set"),
            ("connctl key rm FILE", "connctl key remove"),
            ("connctl users", "connctl access list"),
            ("connctl list --env testing", "connctl list testing"),
            ("connctl list --all", "connctl list all"),
            ("connctl prune --env=live", "connctl prune live"),
            ("connctl list --environment all", "connctl list all"),
            ("connctl list --json", "-o json"),
            ("connctl --json list", "-o json"),
            ("connctl delete shop-eu --force", "--yes"),
            ("connctl secret rotate shop-eu", "connctl secret set"),
            ("connctl undo", "connctl restore FILE"),
            (
                "connctl delete --all",
                "connctl prune live|testing --unused",
            ),
            (
                "connctl edit shop-eu --env live",
                "connctl copy ID NEW --env ENVIRONMENT",
            ),
            ("connctl exec shop-eu ls -l", "-- ls"),
            ("connctl list prod", "live"),
            ("connctl prune --env prod --unused", "connctl prune live"),
            ("connctl prune staging --unused", "testing"),
            ("connctl prune Dev --unused", "testing"),
            ("connctl add a --system b --env production", "live"),
            ("connctl list shop-eu", "connctl show shop-eu"),
            ("connctl edit shop-eu --expires -1d", "--expires=-1d"),
            ("connctl retire shop-eu --for -3d", "--for=-3d"),
            (
                "connctl import a.json --env-map -x=live",
                "--env-map=-x=live",
            ),
        ] {
            assert_eq!(tip(line), format!("use '{meant}'"), "{line}");
        }
    }

    #[test]
    fn what_only_looks_alike_is_still_told() {
        assert_eq!(tip("connctl lst"), "a similar subcommand exists: 'list'");
        assert_eq!(
            tip("connctl delet shop-eu"),
            "some similar subcommands exist: 'delete', 'secret'"
        );
    }

    #[test]
    fn every_word_here_is_one() {
        fn walk(command: &clap::Command, words: &mut Vec<String>) {
            for below in command.get_subcommands() {
                words.push(below.get_name().to_owned());
                walk(below, words);
            }
        }
        let mut words = Vec::new();
        walk(&crate::cli::tree(), &mut words);
        for (_, ours) in OTHER_WORDS {
            assert!(words.iter().any(|word| word == ours), "{ours}");
        }
        for (_, way) in OTHER_WAYS {
            let arguments: Vec<OsString> = way.split(' ').map(OsString::from).collect();
            let read = crate::cli::tree().try_get_matches_from(&arguments);
            let is_version = |error: &clap::Error| error.kind() == ErrorKind::DisplayVersion;
            assert!(read.as_ref().err().is_none_or(is_version), "{way}");
        }
    }
}
