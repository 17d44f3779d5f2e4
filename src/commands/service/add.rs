//! `connctl service add`

use std::collections::BTreeSet;
use std::io::Write;

use crate::commands::args::parse;
use crate::context::{Context, Intent};
use crate::error::{Error, Result};
use crate::model::{Action, ConnectorId, Name, Service, ServiceId, ServiceKind};
use crate::ops::service;
use crate::output::Format;

/// Add a service
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A service needs at least one connector, as source or as destination.

Examples:
  connctl service add orders --source shop-eu --destination erp
  connctl service add sweep --kind sweeper --source shop-eu --source shop-us
  connctl service add nightly --source files --schedule \"0 6 * * *\""
)]
pub struct Args {
    /// The id: 1 to 128 letters, digits, '.', '_', ':' and '-', beginning with a letter or digit
    id: ServiceId,
    /// A connector that data comes from; may be given several times
    #[arg(
        long = "source",
        value_name = "CONNECTOR",
        required_unless_present = "destinations"
    )]
    sources: Vec<ConnectorId>,
    /// A connector that data goes to; may be given several times
    #[arg(long = "destination", value_name = "CONNECTOR")]
    destinations: Vec<ConnectorId>,
    /// What people call it [default: the id]
    #[arg(long)]
    name: Option<Name>,
    /// How it works
    #[arg(long, value_parser = parse::service_kind(), default_value = "standard")]
    kind: ServiceKind,
    /// Do not let it run yet
    #[arg(long)]
    inactive: bool,
    /// When it runs: a free text, such as a cron expression
    #[arg(long)]
    schedule: Option<String>,
    /// A free text
    #[arg(long)]
    note: Option<String>,
}

/// Runs the command.
pub fn run(args: Args, context: &Context) -> Result<()> {
    let format = context.format(&[Format::Table, Format::Json, Format::Ndjson, Format::Ids])?;
    let id = args.id.clone();
    let intent = Intent::new(Action::ServiceAdd, id.as_str());
    let service = context.change(&intent, |change| {
        let service = Service {
            name: args.name.unwrap_or_else(|| Name::of_id(&args.id)),
            id: args.id,
            kind: args.kind,
            active: !args.inactive,
            schedule: args.schedule.filter(|text| !text.is_empty()),
            note: args.note.filter(|text| !text.is_empty()),
            sources: args.sources.into_iter().collect::<BTreeSet<_>>(),
            destinations: args.destinations.into_iter().collect::<BTreeSet<_>>(),
            created_at: context.now,
            updated_at: context.now,
            revision: change.new_revision()?,
            origin: None,
        };
        service::check_connectors(change, &service)?;
        change.insert_service(&service)?;
        change.record(Action::ServiceAdd, id.as_str(), service.detail())?;
        Ok(service)
    })?;
    context.ui.note(&format!("Added service {}", service.id));
    if format == Format::Ids {
        let mut out = context.output(format);
        return writeln!(out, "{}", service.id)
            .and_then(|()| out.flush())
            .map_err(Error::output_after_change);
    }
    service::report(context, format, &service)
}
