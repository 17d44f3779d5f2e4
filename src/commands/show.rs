//! `connctl show`

use std::io::Write;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::ConnectorId;
use crate::ops::lookup;
use crate::output::{EachReference, Format, write_connector, write_connector_page, write_way};

/// Show a connector and what uses it, but no secret's value
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl show tap-slack-prod
  connctl show tap-slack-prod -o json")]
pub struct Args {
    /// The connector
    id: ConnectorId,
}

/// How many services a page names at most.
const NAMED: usize = 100;

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let format = context.format(&Format::DOCUMENT)?;
    let store = context.open()?;
    let snapshot = store.read()?;
    let connector = lookup::connector(&snapshot, &args.id)?;
    let mut out = context.output(format);
    let style = context.style();
    if !format.is_json() {
        let usage = snapshot.usage_naming(&args.id, NAMED)?;
        return write_connector_page(&mut out, style, &connector, &usage)
            .and_then(|()| match style.terminal_width {
                Some(_) => write_way(&mut out, style, &connector, usage.services),
                None => Ok(()),
            })
            .and_then(|()| out.flush())
            .map_err(Error::output);
    }
    let used_by = snapshot.usage_naming(&args.id, 0)?.services;
    let references = EachReference::new(|visit| {
        snapshot.each_reference(&args.id, |reference| Ok::<_, Error>(visit(reference)))
    });
    let written = write_connector(&mut out, format, style, &connector, used_by, &references)
        .and_then(|()| out.flush());
    match references.failed() {
        Some(error) => Err(error),
        None => written.map_err(Error::output),
    }
}
