//! `connctl export`

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::commands::args::parse;
use crate::context::{Context, not_written};
use crate::error::{Error, Result};
use crate::model::{RecipientRecord, Record, ServiceRecord, TransferFormat, text};
use crate::ops::transfer;
use crate::output::{Format, Transfer};
use crate::store::Snapshot;

/// Export all connectors and services to a file to import again
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Secrets stay encrypted: each is written as armored age text. A file is written whole or not at all,
and only its owner may read it. One that is there is left alone unless --force is given; a store, its
journal, a private key and the configuration always are.

Examples:
  connctl export connectors.toml
  connctl export connectors.json --no-secrets
  connctl export --format ndjson | gzip > connectors.ndjson.gz"
)]
pub struct Args {
    /// The file; without one, or with "-", standard output
    file: Option<PathBuf>,
    /// The format [default: by the file's ending, else toml]
    #[arg(long, value_parser = parse::transfer_format())]
    format: Option<TransferFormat>,
    /// Replace the file if it exists
    #[arg(long, requires = "file")]
    force: bool,
    /// Leave secrets out
    #[arg(long)]
    no_secrets: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context
        .format(&[Format::Table])
        .map_err(|error| error.hint("name the format of the file with --format"))?;
    let file = args.file.as_deref().filter(|file| *file != Path::new("-"));
    let named = args
        .format
        .or_else(|| file.and_then(transfer::known_format_of));
    let format = named.unwrap_or(TransferFormat::Toml);
    let begun = file
        .map(|path| context.replaceable_file(path, args.force))
        .transpose()?;
    let store = context.open()?;
    let snapshot = store.read()?;
    if format == TransferFormat::Toml {
        // Before the first byte: half of a TOML file looks like a whole one.
        snapshot
            .each_connector(|connector| transfer::check_toml(&connector.id, &connector.settings))?;
    }
    let (Some(path), Some(begun)) = (file, begun) else {
        let out = context.output(format);
        let out = Transfer::new(out, format);
        return write(&snapshot, args, out, context, Error::output).map(drop);
    };
    let failed = |error| not_written(path, error);
    let out = Transfer::new(BufWriter::new(begun), format);
    let out = write(&snapshot, args, out, context, failed)?;
    let file = out
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    file.finish()?;
    // A reader of "connectors.yaml" would take the name's word for it.
    let taken = if named.is_some() { "" } else { " as TOML" };
    context
        .ui
        .note(&format!("Exported to {}{taken}.", text::path(path)));
    Ok(())
}

fn write<W: Write>(
    snapshot: &Snapshot<'_>,
    args: &Args,
    mut out: Transfer<W>,
    context: &Context,
    failed: impl Fn(std::io::Error) -> Error,
) -> Result<W> {
    let mut progress = context.ui.progress("records");
    for recipient in snapshot.recipients()? {
        let recipient = RecipientRecord {
            record_type: None,
            recipient: recipient.key,
            comment: recipient.comment,
        };
        out.write(&Record::Recipient(recipient)).map_err(&failed)?;
    }
    let mut write = |connector, secrets| {
        progress.advance();
        let record = transfer::connector_record(connector, secrets).map_err(&failed)?;
        out.write(&Record::Connector(record)).map_err(&failed)
    };
    if args.no_secrets {
        snapshot.each_connector(|connector| write(connector, Vec::new()))?;
    } else {
        snapshot.each_connector_with_secrets(write)?;
    }
    snapshot.each_service(|service| {
        progress.advance();
        out.write(&Record::Service(ServiceRecord::from(service)))
            .map_err(&failed)
    })?;
    drop(progress);
    out.finish().map_err(failed)
}
