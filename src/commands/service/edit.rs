//! `connctl service edit`

use crate::commands::args::parse;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{ConnectorId, Name, ServiceEdit, ServiceId, ServiceKind};
use crate::ops::service;

/// Change a service; what is not named stays as it is
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The id of a service never changes. To let it run or stop it: connctl service activate|deactivate.

Examples:
  connctl service edit slack-el-prod --source tap-slack-2-prod
  connctl service edit slack-el-prod --source tap-slack-prod --source tap-slack-public-prod
  connctl service edit slack-el-prod --schedule \"0 7 * * *\" --note \"\""
)]
pub struct Args {
    /// The service
    id: ServiceId,
    /// A connector that data comes from; all that are given replace all there were
    #[arg(long = "source", value_name = "CONNECTOR")]
    sources: Vec<ConnectorId>,
    /// A connector that data goes to; all that are given replace all there were
    #[arg(long = "destination", value_name = "CONNECTOR")]
    destinations: Vec<ConnectorId>,
    /// A new name
    #[arg(long)]
    name: Option<Name>,
    /// How it works
    #[arg(long, value_parser = parse::service_kind())]
    kind: Option<ServiceKind>,
    /// When it runs: a free text, such as a cron expression; "" for none
    #[arg(long)]
    schedule: Option<String>,
    /// A new note; "" for none
    #[arg(long)]
    note: Option<String>,
}

/// Runs the command.
pub fn run(args: Args, context: &Context) -> Result<()> {
    let names_nothing = args.sources.is_empty()
        && args.destinations.is_empty()
        && args.name.is_none()
        && args.kind.is_none()
        && args.schedule.is_none()
        && args.note.is_none();
    if names_nothing {
        return Err(Error::usage("there is nothing to change")
            .hint("see what can be changed: connctl service edit --help"));
    }
    let edit = ServiceEdit {
        name: args.name,
        kind: args.kind,
        active: None,
        schedule: parse::edit_of(args.schedule),
        note: parse::edit_of(args.note),
        sources: args.sources.into_iter().collect(),
        destinations: args.destinations.into_iter().collect(),
    };
    service::run(context, &args.id, edit, "Changed")
}
