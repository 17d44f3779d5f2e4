//! `connctl import`

use std::path::PathBuf;

use crate::commands::args::identity::IdentityArgs;
use crate::commands::args::parse;
use crate::context::Context;
use crate::error::Result;
use crate::model::TransferFormat;
use crate::ops::import::{self, IfExposed, Request};
use crate::output::Format;

/// Import connectors and services from a file: all of it or, after any mistake, nothing
#[derive(Debug, clap::Args)]
#[command(
    after_help = "TOML has [[connectors]] and [[services]] tables, JSON has one object with the lists
\"connectors\" and \"services\", NDJSON has one object a line with \"type\": \"connector\" or \"service\".
A connector's \"secrets\" are plaintexts, which are encrypted on the way in, or armored age texts. What an
identity at hand can read is encrypted for the recipients of the store; the rest stays as it is.

Examples:
  connctl import examples/squared.toml
  connctl export | connctl --store copy.db import -
  connctl import changes.ndjson --replace"
)]
pub struct Args {
    /// The file; "-" for standard input
    file: PathBuf,
    /// Replace connectors and services that exist, instead of refusing the file
    #[arg(long)]
    replace: bool,
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
    let output = context.format(&Format::DOCUMENT)?;
    let request = Request {
        file: &args.file,
        format: args.format,
        replace: args.replace,
        identities: &args.identity.files,
        exposed: match (args.seal, args.allow_plain) {
            (true, _) => IfExposed::Seal,
            (_, true) => IfExposed::Allow,
            _ => IfExposed::Refuse,
        },
    };
    let counts = import::run(&request, context)?;
    counts.report(context, output)
}
