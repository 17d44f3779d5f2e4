//! `connctl service show`

use std::io::Write;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::ServiceId;
use crate::ops::lookup;
use crate::output::{Format, write_service};

/// Show everything about a service
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl service show slack-el-prod
  connctl service show slack-el-prod -o json")]
pub struct Args {
    /// The service
    id: ServiceId,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let format = context.format(&Format::DOCUMENT)?;
    let store = context.open()?;
    let service = lookup::service(&store.read()?, &args.id)?;
    let mut out = context.output(format);
    write_service(&mut out, format, context.style(), &service)
        .and_then(|()| out.flush())
        .map_err(Error::output)
}
