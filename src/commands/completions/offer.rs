//! What a shell is told that asks how a word goes on.

use std::any::TypeId;
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use clap::{Arg, Command, ValueHint};
use clap_complete::engine::{self, ArgValueCompleter, CompletionCandidate};

use crate::commands::args::given;
use crate::context::{Context, Flags, Task};
use crate::model::{
    AuditEntry, ConnectorId, ConnectorSummary, Environment, Permission, Policy, SecretName,
    ServiceId, ServiceSummary, UserName, text,
};
use crate::ops::offer::{self, Before, Offer, Standing, Value};
use crate::output::{Column, Record, SecretEntry};
use crate::platform;
use crate::store::Shared;

/// How long a shell waits for an answer at most. A build for tests is slow, and not alone.
const PATIENCE: Duration = if cfg!(debug_assertions) {
    Duration::from_secs(20)
} else {
    Duration::from_millis(200)
};

/// Stands for the names of files, which the shell knows better. No value begins so.
const FILES: &str = "\0files";

/// Stands for a command of its own and its words.
const COMMAND: &str = "\0command";

/// Answers a shell: a line for each value that the word may be, with what is known of it behind a
/// tab; a line that begins with a tab and what was typed before it where a file is wanted, or with two
/// tabs and the number of words before it where a command and its words are.
///
/// `words` are those of the line as they were typed, up to the one that is to be completed. Nothing is
/// said of what goes wrong: nobody has asked anything yet.
pub fn run(words: Vec<OsString>, tree: fn() -> Command) {
    let (sender, receiver) = mpsc::channel();
    // Not even a file system that has gone away keeps whoever types waiting.
    std::thread::spawn(move || {
        let _ = sender.send(answer(&words, tree).unwrap_or_default());
    });
    if let Ok(answer) = receiver.recv_timeout(PATIENCE) {
        let mut out = platform::unbuffered_output();
        let _ = out.write_all(answer.as_bytes());
    }
}

fn answer(words: &[OsString], tree: fn() -> Command) -> Option<String> {
    let words: Arc<[_]> = words.iter().map(|word| unquoted(word)).collect();
    let (typed, before) = words
        .split_last()
        .filter(|(_, before)| !before.is_empty())?;
    let typed = typed.to_string_lossy();
    let line = Arc::clone(&words);
    let look: Arc<FromStore> = Arc::new(move |offer, typed| {
        from_store(&line[..line.len() - 1], tree, offer, typed).unwrap_or_default()
    });
    let mut tree = offering(tree(), "", &look);
    let found = engine::complete(&mut tree, words.to_vec(), before.len(), None).ok()?;
    let mut answer = String::new();
    for candidate in &found {
        let Some(value) = candidate.get_value().to_str() else {
            continue;
        };
        if let Some(before) = value.strip_suffix(FILES) {
            return Some(format!("\t{before}\n"));
        }
        if value == COMMAND {
            let words_before = before.iter().position(|word| word == "--")? + 1;
            return Some(format!("\t\t{words_before}\n"));
        }
        // Options are offered to whoever asks for one, and nothing that cannot stand in a line.
        let is_option = value.starts_with('-') && !typed.starts_with('-');
        if is_option || value.chars().any(text::is_unsafe) {
            continue;
        }
        let about = candidate.get_help().map(ToString::to_string);
        let about = about.as_deref().unwrap_or_default();
        let about = about.lines().next().unwrap_or_default();
        answer.push_str(value);
        answer.push('\t');
        answer.push_str(about);
        answer.push('\n');
    }
    Some(answer)
}

/// Where a value comes from.
#[derive(Clone, Copy)]
enum Source {
    Store(Offer),
    Policies,
    Columns(&'static [Column]),
    Files,
    Command,
}

/// Looks into the store for what begins so.
type FromStore = dyn Fn(Offer, &str) -> Vec<Value> + Send + Sync;

/// The command, called `path` with those above it, with what is offered for each of its values.
fn offering(command: Command, path: &str, look: &Arc<FromStore>) -> Command {
    let command = command.mut_args(|arg| match source(path, &arg) {
        Some(source) => {
            let look = Arc::clone(look);
            arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
                let typed = typed.to_string_lossy();
                let found = offered(source, &typed, &*look).into_iter();
                found.map(candidate).collect::<Vec<_>>()
            }))
        }
        None => arg,
    });
    command.mut_subcommands(|below| {
        let path = format!("{path} {}", below.get_name());
        offering(below, path.trim_start(), look)
    })
}

/// What is offered for the value of an argument, if that is not a choice of its own.
fn source(command: &str, arg: &Arg) -> Option<Source> {
    let kind = arg.get_value_parser().type_id();
    let is = |known: TypeId| kind == known;
    let any = Offer::Connectors(Standing::Any);
    Some(Source::Store(match (command, arg.get_id().as_str()) {
        // What is new has no name yet.
        ("add" | "service add", "id") | ("copy" | "rename", "new") => return None,
        ("delete" | "retire", "ids") => Offer::Connectors(Standing::Free),
        ("revive", "ids") => Offer::Connectors(Standing::OnTrial),
        ("protect", "ids") => Offer::Connectors(Standing::Protected(false)),
        ("unprotect", "ids") => Offer::Connectors(Standing::Protected(true)),
        ("service delete", "ids") => Offer::Services(None),
        ("service activate", "id") => Offer::Services(Some(false)),
        ("service deactivate", "id") => Offer::Services(Some(true)),
        ("secret get" | "secret delete", "name")
        | ("secret set" | "edit", "secrets")
        | ("edit", "unset_secrets") => Offer::Secrets,
        ("edit", "unset") => Offer::Settings,
        ("audit list", "subject") => any,
        ("audit list", "actor") => Offer::Users,
        ("key remove", "recipient") => Offer::Recipients,
        (_, "system") => Offer::Shared(Shared::System),
        (_, "group") => Offer::Shared(Shared::Group),
        (_, "mirror") => Offer::Shared(Shared::Origin),
        ("list", "columns" | "sort") => {
            return Some(Source::Columns(<ConnectorSummary<'_> as Record>::COLUMNS));
        }
        ("service list", "columns" | "sort") => {
            return Some(Source::Columns(<ServiceSummary<'_> as Record>::COLUMNS));
        }
        ("secret list", "columns" | "sort") => {
            return Some(Source::Columns(<SecretEntry<'_> as Record>::COLUMNS));
        }
        ("audit list", "columns" | "sort") => {
            return Some(Source::Columns(<AuditEntry<'_> as Record>::COLUMNS));
        }
        _ if is(TypeId::of::<ConnectorId>()) => any,
        _ if is(TypeId::of::<ServiceId>()) => Offer::Services(None),
        _ if is(TypeId::of::<SecretName>()) => Offer::Secrets,
        _ if is(TypeId::of::<UserName>()) => Offer::Users,
        _ if is(TypeId::of::<Policy>()) => return Some(Source::Policies),
        _ if arg.is_last_set() => return Some(Source::Command),
        _ if is_place(arg) => return Some(Source::Files),
        _ => return None,
    }))
}

/// Whether the value is a file, a folder or a program.
fn is_place(arg: &Arg) -> bool {
    let hint = arg.get_value_hint();
    !matches!(hint, ValueHint::Unknown | ValueHint::Other)
}

fn offered(source: Source, typed: &str, look: &FromStore) -> Vec<Value> {
    let begin = |values: Vec<Value>| {
        let fits = |value: &Value| value.value.starts_with(typed);
        values.into_iter().filter(fits).collect()
    };
    match source {
        Source::Store(offer) => look(offer, typed),
        Source::Files => vec![Value::new(FILES, "")],
        Source::Command => vec![Value::new(COMMAND, "")],
        Source::Policies => {
            let policies = Policy::ALL.iter();
            begin(
                policies
                    .map(|one| Value::new(one.as_str(), one.description()))
                    .collect(),
            )
        }
        Source::Columns(columns) => {
            // A column to sort by may have a sign before it.
            let sign = if typed.starts_with('-') { "-" } else { "" };
            let names = columns.iter().filter_map(|column| column.key);
            begin(
                names
                    .map(|name| Value::new(&format!("{sign}{name}"), ""))
                    .collect(),
            )
        }
    }
}

fn candidate(value: Value) -> CompletionCandidate {
    let about = (!value.about.is_empty()).then_some(value.about);
    CompletionCandidate::new(value.value).help(about.map(Into::into))
}

/// What the store that the words before name has for a word, but what stands there already.
fn from_store(
    line: &[OsString],
    tree: fn() -> Command,
    offer: Offer,
    typed: &str,
) -> Option<Vec<Value>> {
    let matches = tree().ignore_errors(true).try_get_matches_from(line).ok()?;
    let last = |id: &str| given::values(&matches, id).last().copied();
    let word = |id: &str| last(id).and_then(OsStr::to_str);
    let flags = Flags {
        store: last("store").map(Into::into),
        config: last("config").map(Into::into),
        ..Flags::default()
    };
    let task = Task {
        command: "completions".to_owned(),
        permission: Permission::Read,
    };
    let context = Context::new(flags.at_home(), task).ok()?;
    let before = Before {
        connector: word("id").and_then(|id| id.parse().ok()),
        environment: word("env").and_then(Environment::from_name),
    };
    let mut found = offer::values(&context, offer, typed, &before).ok()?;
    found.retain(|value| line.iter().all(|word| *word != *value.value));
    Some(found)
}

/// A word without the quotes and backslashes with which a shell reads it. The last quote need not be
/// there yet.
fn unquoted(word: &OsStr) -> OsString {
    let mut bytes = word.as_bytes().iter().copied();
    let mut plain = Vec::with_capacity(word.len());
    let mut quote = None;
    while let Some(byte) = bytes.next() {
        match (quote, byte) {
            (None, b'\'' | b'"') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            (None | Some(b'"'), b'\\') => plain.extend(bytes.next()),
            _ => plain.push(byte),
        }
    }
    OsString::from_vec(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_as_a_shell_reads_it() {
        for (word, plain) in [
            ("tap-slack", "tap-slack"),
            ("'Acme Inc", "Acme Inc"),
            ("\"Acme \\\"In", "Acme \"In"),
            ("Acme\\ Inc", "Acme Inc"),
            ("--group='A'B", "--group=AB"),
            ("'a\\b'", "a\\b"),
            ("a\\", "a"),
        ] {
            assert_eq!(unquoted(OsStr::new(word)), plain, "{word}");
        }
    }

    /// The values that only the one who types knows.
    const FREE: &str = "comment env_map expect expect_deleted expires expires_within for head id idle_for \
        last_used limit name new note older_than prefix reason recipient schedule search \
        secrets sequence set since token until";

    #[test]
    fn every_value_is_offered_or_free() {
        fn walk(command: &Command, path: &str, found: &mut Vec<String>) {
            for arg in command.get_arguments() {
                let takes = arg.is_positional() || arg.get_action().takes_values();
                let has_choice = !arg.get_possible_values().is_empty();
                let id = arg.get_id().as_str();
                if takes
                    && !has_choice
                    && source(path, arg).is_none()
                    && !FREE.split(' ').any(|free| free == id)
                {
                    found.push(format!("{path} {id}"));
                }
            }
            for below in command.get_subcommands() {
                let path = format!("{path} {}", below.get_name());
                walk(below, path.trim_start(), found);
            }
        }
        let mut found = Vec::new();
        walk(&crate::cli::tree(), "", &mut found);
        assert_eq!(found, [""; 0]);
    }
}
