//! What a deletion is told.

use std::path::PathBuf;

use super::tokens::TokenArgs;
use crate::context::Context;
use crate::error::Result;
use crate::model::{ConnectorId, Environment, Options, Row};
use crate::ops::deletion::{self, Confirmation, Selection, Target};
use crate::output::Record;

/// How a deletion is confirmed.
#[derive(Debug, clap::Args)]
pub struct ConfirmArgs {
    /// Do not ask; never overrides what protects a connector in use
    #[arg(short, long)]
    pub yes: bool,
    /// Only say what would happen
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Refuse unless exactly this many would go
    #[arg(long, value_name = "N")]
    pub expect: Option<usize>,
    /// Write what is deleted to a new file first, which "connctl import" brings back; its ending
    /// tells the format, as for an export
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub keep: Option<PathBuf>,
}

impl<'a> From<&'a ConfirmArgs> for Confirmation<'a> {
    fn from(args: &'a ConfirmArgs) -> Self {
        Self {
            yes: args.yes,
            dry_run: args.dry_run,
            expect: args.expect,
            keep: args.keep.as_deref(),
        }
    }
}

/// What a deletion by id can be told.
#[derive(Debug, clap::Args)]
pub struct DeleteArgs {
    /// What to delete; "-" reads ids from standard input, one a line. Without any, choose from a
    /// list
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    confirm: ConfirmArgs,
    /// Delete what can go and report the rest, instead of refusing all
    #[arg(long)]
    keep_going: bool,
    /// Let ids pass that do not exist
    #[arg(long)]
    ignore_missing: bool,
    /// Delete exactly what a dry run planned ("-o json"), or nothing if any of it has changed since;
    /// "-" for standard input
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

impl DeleteArgs {
    /// Deletes what the arguments name; what refers to it refers to `replace_with` then.
    pub fn run<T: Target>(
        &self,
        environment: Option<Environment>,
        replace_with: Option<&ConnectorId>,
        context: &Context,
    ) -> Result<()>
    where
        for<'a> Row<'a, T>: Record,
    {
        let selection = if let Some(path) = &self.plan {
            Selection::Plan(path)
        } else if self.ids.is_empty() {
            Selection::Choice
        } else {
            Selection::Words {
                words: &self.ids,
                null: self.null,
                tokens: self.tokens.read(context)?,
            }
        };
        let options = Options {
            keep_going: self.keep_going,
            ignore_missing: self.ignore_missing,
            environment,
            ..Options::default()
        };
        let confirmation = (&self.confirm).into();
        deletion::run::<T>(&selection, confirmation, options, replace_with, context)
    }
}
