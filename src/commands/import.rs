//! `connctl import`

use std::path::PathBuf;

use crate::commands::args::identity::IdentityArgs;
use crate::commands::args::parse;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{Environment, Label, TransferFormat, text};
use crate::ops::deletion::Confirmation;
use crate::ops::import::{self, IfExists, IfExposed, Mirror, Request};

/// Import connectors and services from a file: all of it, or nothing
#[derive(Debug, clap::Args)]
#[command(
    after_help = "TOML has [[connectors]] and [[services]] tables, JSON has one object with the lists
\"connectors\" and \"services\", NDJSON has one object a line with \"type\": \"connector\" or \"service\".
A connector's \"secrets\" are plaintexts, which are encrypted on the way in, or armored age texts. What an
identity at hand can read is encrypted for the recipients of the store; the rest stays as it is.

Examples:
  connctl import examples/squared.toml
  connctl export | connctl --store copy.db import -
  connctl import changes.ndjson --replace --dry-run
  connctl import connectors.json --mirror airflow --dry-run
  connctl import changes.ndjson --merge --env-map prod=live,dev=testing"
)]
pub struct Args {
    /// The file; "-" for standard input
    file: PathBuf,
    /// Replace connectors and services that exist, instead of refusing the file
    #[arg(long)]
    replace: bool,
    /// Change of connectors and services that exist what the file names, and leave the rest; null
    /// clears, in TOML ""
    #[arg(long, conflicts_with = "replace")]
    merge: bool,
    /// Merge, and delete what an earlier mirror of this origin brought and the file no longer holds;
    /// takes JSON
    #[arg(long, value_name = "ORIGIN", conflicts_with_all = ["replace", "merge"])]
    mirror: Option<Label>,
    /// Take over what is there already and came by no mirror
    #[arg(long, requires = "mirror")]
    adopt: bool,
    /// Refuse unless exactly this many connectors and services would be deleted; without it, a file
    /// that deletes more than a tenth is refused
    #[arg(long, value_name = "N", requires = "mirror")]
    expect_deleted: Option<usize>,
    /// Delete what can go and report the rest, instead of refusing all
    #[arg(long, requires = "mirror")]
    keep_going: bool,
    /// Write what is deleted to a new file first, which "connctl import" brings back
    #[arg(
        long,
        value_name = "FILE",
        requires = "mirror",
        conflicts_with = "dry_run"
    )]
    keep: Option<PathBuf>,
    /// Do not ask; never overrides what protects a connector in use
    #[arg(short, long, requires = "mirror")]
    yes: bool,
    /// Only say what would happen
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// What environments are called in the file
    #[arg(
        long,
        value_name = "NAME=live|testing",
        value_delimiter = ',',
        value_parser = parse::environment_name
    )]
    env_map: Vec<(String, Environment)>,
    /// Make secrets of settings that look like secrets; a nested one is called as its keys: a.b
    #[arg(long, conflicts_with = "allow_plain")]
    seal: bool,
    /// Let settings pass that look like secrets
    #[arg(long)]
    allow_plain: bool,
    #[command(flatten)]
    identity: IdentityArgs,
    /// The format [default: by the file's ending, else by how it begins]
    #[arg(long, value_parser = parse::transfer_format())]
    format: Option<TransferFormat>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let mut names: Vec<_> = args.env_map.iter().map(|(name, _)| name).collect();
    names.sort();
    if let Some([name, _]) = names.array_windows().find(|[one, other]| one == other) {
        let name = text::Quoted::from(name.as_str());
        return Err(Error::usage(format!("--env-map says twice what {name} is")));
    }
    import::run(
        &Request {
            file: &args.file,
            format: args.format,
            environments: &args.env_map,
            if_exists: if args.replace {
                IfExists::Replace
            } else if args.merge || args.mirror.is_some() {
                IfExists::Merge
            } else {
                IfExists::Refuse
            },
            mirror: args.mirror.clone().map(|origin| Mirror {
                origin,
                adopt: args.adopt,
                keep_going: args.keep_going,
                confirmation: Confirmation {
                    yes: args.yes,
                    dry_run: args.dry_run,
                    expect: args.expect_deleted,
                    keep: args.keep.as_deref(),
                },
            }),
            identities: &args.identity.files,
            exposed: match (args.seal, args.allow_plain) {
                (true, _) => IfExposed::Seal,
                (_, true) => IfExposed::Allow,
                _ => IfExposed::Refuse,
            },
            dry_run: args.dry_run,
        },
        context,
    )
}
