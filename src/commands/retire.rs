//! `connctl retire`

use std::path::PathBuf;

use super::args::parse;
use super::args::tokens::TokenArgs;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{ConnectorSubject, Deed, Duration, Environment, Options};
use crate::ops::deletion::{self, Confirmation, Selection};

/// Put connectors on trial before they go: nobody may use them
#[derive(Debug, clap::Args)]
#[command(
    after_help = "What any service refers to is refused, as by \"connctl delete\". While a connector is on trial its
secrets are not given out and no service may come to refer to it; each attempt ends with exit code
10, is recorded and told to the hooks. Retired once more, a connector gets another end, and no more.
\"connctl prune SCOPE --retired\" deletes those whose time is over and that nobody tried.

Examples:
  connctl retire tap-github-prod --for 30d
  connctl list --unused -o ids | connctl retire - --for 30d --dry-run
  connctl prune live --retired --dry-run"
)]
pub struct Args {
    /// What to put on trial; "-" reads ids from standard input, one a line. Without any, choose from
    /// a list
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// How long, such as 30d or 2mo
    #[arg(id = "for", long, value_name = "DURATION", required = true)]
    duration: Duration,
    /// Do not ask; never overrides what protects a connector in use
    #[arg(short, long)]
    yes: bool,
    /// Only say what would happen
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Refuse unless exactly this many would be put on trial
    #[arg(long, value_name = "N")]
    expect: Option<usize>,
    /// Refuse unless all are of this environment; with no ID, choose among those of it
    #[arg(long, value_name = "ENVIRONMENT", value_parser = parse::environment())]
    env: Option<Environment>,
    /// Put on trial what can be and report the rest, instead of refusing all
    #[arg(long)]
    keep_going: bool,
    /// Let ids pass that do not exist
    #[arg(long)]
    ignore_missing: bool,
    /// Put on trial exactly what a dry run planned ("-o json"), or nothing if any of it has changed
    /// since; "-" for standard input
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["ids", "keep_going", "ignore_missing", "null"]
    )]
    plan: Option<PathBuf>,
    /// Ids on standard input end in NUL
    #[arg(short = '0', long)]
    null: bool,
    #[command(flatten)]
    tokens: TokenArgs,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let until = context.now.after(&args.duration).ok_or_else(|| {
        Error::usage("the trial would end after the year 9999; nothing was retired")
    })?;
    let selection = if let Some(path) = &args.plan {
        Selection::Plan(path)
    } else if args.ids.is_empty() {
        Selection::Choice
    } else {
        Selection::Words {
            words: &args.ids,
            null: args.null,
            tokens: args.tokens.read(context)?,
        }
    };
    let options = Options {
        deed: Deed::Retire { until },
        keep_going: args.keep_going,
        ignore_missing: args.ignore_missing,
        environment: args.env,
        ..Options::default()
    };
    let confirmation = Confirmation {
        yes: args.yes,
        dry_run: args.dry_run,
        expect: args.expect,
        keep: None,
    };
    deletion::run::<ConnectorSubject>(&selection, confirmation, options, None, context)
}
