//! `connctl audit show`

use std::io::Write;

use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::text;
use crate::output::{Format, write_audit_entry};

/// Show everything about an entry of the audit trail
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl audit show 1
  connctl audit show 1 -o json")]
pub struct Args {
    /// Its number, as \"connctl audit list\" shows it
    #[arg(value_parser = sequence)]
    sequence: u64,
}

fn sequence(text: &str) -> std::result::Result<u64, &'static str> {
    text.parse().map_err(|_| "give the number of an entry")
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let format = context.format(&Format::DOCUMENT)?;
    let store = context.open()?;
    let snapshot = store.read()?;
    let before = args.sequence.saturating_sub(1);
    let found = snapshot.audit_entries_after(before, 1)?.pop();
    let Some(entry) = found.filter(|entry| entry.sequence == args.sequence) else {
        let head = snapshot.audit_head()?;
        return Err(Error::new(
            Kind::NotFound,
            format!(
                "the audit trail has no entry {}; it has {}",
                args.sequence,
                text::counted(head.sequence, "entry", "entries")
            ),
        )
        .hint("see what there is: connctl audit list"));
    };
    drop(snapshot);
    let mut out = context.output(format);
    write_audit_entry(&mut out, format, context.style(), &entry)
        .and_then(|()| out.flush())
        .map_err(Error::output)
}
