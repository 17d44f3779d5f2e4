//! `connctl show`

use std::io::Write;
use std::ops::ControlFlow;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::ConnectorId;
use crate::ops::lookup;
use crate::output::{Format, write_connector, write_way};

/// Show everything about a connector and what uses it, but no secret's value
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl show tap-slack-prod
  connctl show tap-slack-prod -o json")]
pub struct Args {
    /// The connector
    id: ConnectorId,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let format = context.format(&Format::DOCUMENT)?;
    let store = context.open()?;
    let snapshot = store.read()?;
    let connector = lookup::connector(&snapshot, &args.id)?;
    let usage = snapshot.usage(&args.id)?;
    let mut references = Vec::new();
    snapshot.each_reference(&args.id, |reference| {
        references.push(reference);
        Ok::<_, Error>(ControlFlow::Continue(()))
    })?;
    let mut out = context.output(format);
    let (style, used_by) = (context.style(), usage.services);
    write_connector(&mut out, format, style, &connector, used_by, &references)
        .and_then(|()| match (format, style.terminal_width) {
            (Format::Table, Some(_)) => write_way(&mut out, style, &connector, used_by),
            _ => Ok(()),
        })
        .and_then(|()| out.flush())
        .map_err(Error::output)
}
