//! `connctl run`

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::args::deletion::ConfirmArgs;
use super::args::parse;
use super::args::tokens::TokenArgs;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::input::{ActionKind, WorkflowAction, read_actions};
use crate::model::text::{path, visible};
use crate::model::{ConnectorId, ConnectorSubject, Environment};
use crate::ops::deletion::Deletion;
use crate::ops::tokens::hint;
use crate::platform;

/// The greatest size of a file with actions, in bytes: 16 MiB.
const FILE_LIMIT: usize = 16 << 20;

/// Run the actions of a workflow: all of them or, after any problem, none
#[derive(Debug, clap::Args)]
#[command(after_help = "The file has one action or a list of them:
  {\"ActionType\": \"CredStore.DeleteEntry\", \"Parameters\": {\"EntryId\": \"[SpecificEntryId]\"}}
Tokens stand anywhere in EntryId. They are filled in once, and what is filled in is never run.

Examples:
  connctl run examples/actions.json --token SpecificEntryId=tap-github-userdev --dry-run
  connctl run examples/actions.json --token SpecificEntryId=tap-github-userdev --yes -o json")]
pub struct Args {
    /// The file with the actions; "-" for standard input
    file: PathBuf,
    #[command(flatten)]
    confirm: ConfirmArgs,
    /// Refuse unless all are of this environment
    #[arg(long, value_name = "ENVIRONMENT", value_parser = parse::environment())]
    env: Option<Environment>,
    #[command(flatten)]
    tokens: TokenArgs,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let mut deletion = Deletion::new(context, (&args.confirm).into())?;
    deletion.options.environment = args.env;
    let is_stdin = args.file == Path::new("-");
    let name = if is_stdin {
        "standard input".to_owned()
    } else {
        path(&args.file)
    };
    let wrong = |problem: &str| Error::usage(format!("{name}: {problem}; nothing was run"));
    let text = if is_stdin {
        deletion.reads_stdin();
        platform::read_text(io::stdin().lock(), FILE_LIMIT)
    } else {
        File::open(&args.file).and_then(|file| platform::read_text(file, FILE_LIMIT))
    };
    let text = text.map_err(|error| wrong(&error.to_string()).caused_by(error))?;
    let actions = read_actions(&text).map_err(|problem| wrong(&problem))?;
    let tokens = args.tokens.read(context)?;
    let mut ids: Vec<ConnectorId> = Vec::new();
    let mut seen = HashSet::new();
    let mut notes = Vec::new();
    for (index, WorkflowAction { kind, description }) in actions.into_iter().enumerate() {
        let number = index + 1;
        let ActionKind::DeleteEntry { entry_id } = kind;
        let at = |problem: &str| wrong(&format!("action {number}: EntryId: {problem}"));
        let filled = tokens
            .fill_in(&entry_id)
            .map_err(|error| at(&error.to_string()).hint(hint(&error)))?;
        let id: ConnectorId = filled.parse().map_err(|error| at(&format!("{error}")))?;
        if let Some(description) = description {
            notes.push(format!("action {number}, {id}: {}", visible(&description)));
        }
        if seen.insert(id.clone()) {
            ids.push(id);
        }
    }
    tokens.check_used("nothing was run")?;
    deletion.nothing = "There are no actions; nothing was run.";
    deletion.notes = notes;
    deletion.named = ids.iter().map(ToString::to_string).collect();
    deletion.of::<ConnectorSubject>(&|_| Ok(ids.clone()))
}
