//! `connctl service list`

use crate::commands::args::{filter, parse, shape::ShapeArgs};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{ConnectorId, ServiceFilter, ServiceKind, ServiceSummary};
use crate::ops::lookup;
use crate::output::Format;

/// Which services to list.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Status {
    /// Services that run
    Active,
    /// Services that do not run
    Inactive,
    /// Both
    All,
}

/// List services
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl service list
  connctl service list inactive --uses target-snowflake-prod
  connctl service list --uses tap-slack-prod -o ids
  connctl service list --sort -updated_at --limit 5")]
pub struct Args {
    /// The services to list
    #[arg(value_enum, value_name = "active|inactive|all", default_value_t = Status::All)]
    status: Status,
    /// Only those of this kind
    #[arg(long, value_parser = parse::service_kind())]
    kind: Option<ServiceKind>,
    /// Only those that refer to this connector
    #[arg(long, value_name = "CONNECTOR")]
    uses: Option<ConnectorId>,
    /// Only those with this text in id or name, in upper or lower case
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    #[command(flatten)]
    shape: ShapeArgs,
}

/// Runs the command.
pub fn run(args: Args, context: &Context) -> Result<()> {
    let format = context.format(&Format::ALL)?;
    let filter = ServiceFilter {
        active: match args.status {
            Status::Active => Some(true),
            Status::Inactive => Some(false),
            Status::All => None,
        },
        kind: args.kind,
        uses: args.uses,
        search: filter::search(args.search)?,
    };
    let store = context.open()?;
    let snapshot = store.read()?;
    if let Some(connector) = &filter.uses {
        lookup::has_connector(&snapshot, connector)?;
    }
    let wanted = args.shape.into();
    let mut list = context.shaped_list::<ServiceSummary<'_>>(format, "services", &wanted)?;
    snapshot.each_service_summary(&filter, |service| {
        list.write(service)?;
        Ok::<_, Error>(list.goes_on())
    })?;
    drop(snapshot);
    list.finish()
}
