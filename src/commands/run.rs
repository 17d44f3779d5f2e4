//! `connctl run`

use std::path::PathBuf;

use super::args::deletion::ConfirmArgs;
use super::args::parse;
use super::args::tokens::TokenArgs;
use crate::context::Context;
use crate::error::Result;
use crate::model::Environment;
use crate::ops::actions;

/// Run the actions of a workflow: all of them, or none
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The file has one action or a list of them, as the platform writes them:
  {\"ActionType\": \"CredStore.DeleteEntry\", \"Parameters\": {\"EntryId\": \"[SpecificEntryId]\"}}
Tokens stand anywhere in EntryId. They are filled in once, and what is filled in is never run.
Condition is one of: [Token] == \"text\", [Token] != \"text\", [Token], ![Token], [Token] = True,
[Token] = False. An action whose condition is false does nothing; one whose condition is not
known refuses the file.

Examples:
  connctl run actions.json --token SpecificEntryId=tap-github-userdev -n
  connctl run actions.json --token SpecificEntryId=tap-github-userdev"
)]
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
    let tokens = args.tokens.read(context)?;
    actions::run(
        &args.file,
        (&args.confirm).into(),
        args.env,
        &tokens,
        context,
    )
}
