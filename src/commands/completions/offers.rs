//! What is offered where a word of a command line is typed.

use std::any::TypeId;
use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use clap::{Arg, Command, ValueHint};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, complete};

use crate::context::{Context, Flags, Task};
use crate::error::Result;
use crate::model::{ConnectorId, ConnectorSummary, Label, Permission, Policy, ServiceId};
use crate::model::{SecretName, ServiceSummary, UserName, text};
use crate::output::{Column, Record};
use crate::store::{Offer, Snapshot};

/// The words that may stand in place of the last of `words`, each with what to know of it. Nothing is
/// offered where the store cannot tell: not a word about that is said.
///
/// `tree` is the command line of the whole program, and `flags` are those of it that stand in `words`.
pub fn offers(tree: Command, words: &[OsString], flags: Flags) -> Vec<Offer> {
    let (Some(typed), true) = (words.last(), words.len() > 1) else {
        return Vec::new();
    };
    let typed = typed.to_string_lossy().into_owned();
    let line = Line {
        words: words
            .iter()
            .map(|word| word.to_string_lossy().into_owned())
            .collect(),
        flags,
    };
    let mut tree = completed(tree, &[], &Arc::new(line));
    let candidates = complete(&mut tree, words.to_vec(), words.len() - 1, None);
    let offers = candidates
        .unwrap_or_default()
        .into_iter()
        .map(|candidate| Offer {
            word: candidate.get_value().to_string_lossy().into_owned(),
            help: candidate
                .get_help()
                .map(ToString::to_string)
                .unwrap_or_default(),
        });
    let mut offers: Vec<_> = offers.collect();
    // Options are offered to whoever begins one.
    if !typed.starts_with('-') {
        offers.retain(|offer| !offer.word.starts_with('-'));
    }
    offers
}

/// The end of the one word that is offered where a path is typed: the shell knows how to go on.
const PATHS: &str = "\u{1}";

/// The line that is being typed.
struct Line {
    words: Vec<String>,
    /// What it says of the store.
    flags: Flags,
}

/// What can stand in a place.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Connectors,
    /// Those that can be deleted or retired.
    FreeConnectors,
    Services,
    Systems,
    Groups,
    /// Names of the secrets of the connectors on the line.
    Secrets,
    Policies,
    Users,
    Columns(&'static [Column]),
    /// Paths, which the shell completes better than anybody else.
    Paths,
}

impl Kind {
    /// What can stand in an argument of a command, which is called by the words of `path`.
    fn of(path: &[&str], argument: &Arg) -> Option<Self> {
        let place = (path, argument.get_id().as_str());
        let value = argument.get_value_parser().type_id();
        match place {
            // What is named here is new.
            (["add"] | ["service", "add"], "id") | (["rename" | "copy"], "new") => None,
            (["delete" | "retire"], "ids") => Some(Self::FreeConnectors),
            (["service", "delete"], "ids") => Some(Self::Services),
            (["audit", "list"], "subject") => Some(Self::Connectors),
            (["secret", "get" | "delete"], "name")
            | (["secret", "set"], "secrets")
            | (["edit"], "unset_secrets") => Some(Self::Secrets),
            (["list"], "columns" | "sort") => Some(Self::Columns(ConnectorSummary::COLUMNS)),
            (["service", "list"], "columns" | "sort") => {
                Some(Self::Columns(ServiceSummary::COLUMNS))
            }
            (_, "system") if value == TypeId::of::<Label>() => Some(Self::Systems),
            (_, "group") if value == TypeId::of::<Label>() => Some(Self::Groups),
            _ if value == TypeId::of::<ConnectorId>() => Some(Self::Connectors),
            _ if value == TypeId::of::<ServiceId>() => Some(Self::Services),
            _ if value == TypeId::of::<SecretName>() => Some(Self::Secrets),
            _ if value == TypeId::of::<Policy>() => Some(Self::Policies),
            _ if value == TypeId::of::<UserName>() => Some(Self::Users),
            _ => match argument.get_value_hint() {
                ValueHint::Unknown | ValueHint::Other => None,
                _ => Some(Self::Paths),
            },
        }
    }
}

/// The tree, in which every argument knows what can stand in it.
fn completed(command: Command, path: &[&str], line: &Arc<Line>) -> Command {
    let command = command.mut_args(|argument| match Kind::of(path, &argument) {
        Some(kind) => {
            let line = Arc::clone(line);
            let candidates = move |typed: &OsStr| line.candidates(kind, typed);
            argument.add(ArgValueCompleter::new(candidates))
        }
        None => argument,
    });
    command.mut_subcommands(|below| {
        let name = below.get_name().to_owned();
        completed(below, &[path, &[name.as_str()]].concat(), line)
    })
}

impl Line {
    fn candidates(&self, kind: Kind, typed: &OsStr) -> Vec<CompletionCandidate> {
        let Some(typed) = typed.to_str() else {
            return Vec::new();
        };
        let offers = self.offers(kind, typed).unwrap_or_default();
        if matches!(kind, Kind::Paths) {
            return vec![CompletionCandidate::new(PATHS)];
        }
        let given = &self.words[..self.words.len() - 1];
        // A line is a word: what holds a line end, or anything that a terminal obeys, is none.
        let is_plain = |word: &str| !word.contains(char::is_control);
        let fitting = offers.into_iter().filter(|Offer { word, .. }| {
            word.starts_with(typed) && is_plain(word) && !given.contains(word)
        });
        let candidates = fitting.map(|offer| {
            let help = text::visible(&offer.help).into_owned();
            let help = (!help.is_empty()).then(|| help.into());
            CompletionCandidate::new(offer.word).help(help)
        });
        candidates.collect()
    }

    fn offers(&self, kind: Kind, typed: &str) -> Result<Vec<Offer>> {
        let named = |word: &str| Offer {
            word: word.to_owned(),
            help: String::new(),
        };
        match kind {
            Kind::Policies => Ok(Policy::ALL
                .iter()
                .map(|policy| named(policy.as_str()))
                .collect()),
            Kind::Columns(columns) => {
                let descends = if typed.starts_with('-') { "-" } else { "" };
                let keys = columns.iter().filter_map(|column| column.key);
                Ok(keys.map(|key| named(&format!("{descends}{key}"))).collect())
            }
            _ => {
                let task = Task {
                    command: "completions".to_owned(),
                    permission: Permission::Read,
                };
                let context = Context::new(self.flags.clone(), task)?;
                if context.store_file()?.is_none() {
                    return Ok(Vec::new());
                }
                let store = context.open_for_dry_run()?;
                self.stored(kind, typed, &store.read()?)
            }
        }
    }

    fn stored(&self, kind: Kind, typed: &str, snapshot: &Snapshot<'_>) -> Result<Vec<Offer>> {
        Ok(match kind {
            Kind::Connectors => snapshot.offered_connectors(typed, false)?,
            Kind::FreeConnectors => snapshot.offered_connectors(typed, true)?,
            Kind::Services => snapshot.offered_services(typed)?,
            Kind::Systems => snapshot.offered_systems()?,
            Kind::Groups => snapshot.offered_groups()?,
            Kind::Secrets => {
                let words: Vec<_> = self.words.iter().map(String::as_str).collect();
                snapshot.offered_secrets(&words)?
            }
            Kind::Users => {
                let grants = snapshot.grants()?.into_iter().map(|grant| Offer {
                    word: grant.user.to_string(),
                    help: grant.role.to_string(),
                });
                grants.collect()
            }
            Kind::Policies | Kind::Columns(_) | Kind::Paths => Vec::new(),
        })
    }
}
