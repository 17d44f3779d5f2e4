//! `connctl service edit`

use crate::commands::args::parse;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{ConnectorId, Name, RoleEdit, ServiceEdit, ServiceId, ServiceKind};
use crate::ops::service;

/// Change a service; what is not named stays as it is
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The id of a service never changes. To let it run or stop it: connctl service activate|deactivate.

Examples:
  connctl service edit slack-el-prod --source tap-slack-2-prod
  connctl service edit slack-el-prod --add-source tap-slack-2-prod
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
    /// A connector that data comes from as well; may be given several times
    #[arg(long, value_name = "CONNECTOR", conflicts_with = "sources")]
    add_source: Vec<ConnectorId>,
    /// A connector that data no longer comes from; may be given several times
    #[arg(long, value_name = "CONNECTOR", conflicts_with = "sources")]
    remove_source: Vec<ConnectorId>,
    /// A connector that data goes to as well; may be given several times
    #[arg(long, value_name = "CONNECTOR", conflicts_with = "destinations")]
    add_destination: Vec<ConnectorId>,
    /// A connector that data no longer goes to; may be given several times
    #[arg(long, value_name = "CONNECTOR", conflicts_with = "destinations")]
    remove_destination: Vec<ConnectorId>,
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
    let sources = role_edit(args.sources, args.add_source, args.remove_source)?;
    let destinations = role_edit(
        args.destinations,
        args.add_destination,
        args.remove_destination,
    )?;
    let names_nothing = matches!((&sources, &destinations), (RoleEdit::Keep, RoleEdit::Keep))
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
        sources,
        destinations,
    };
    service::run(context, &args.id, edit, "Changed")
}

/// What becomes of a role of which all are named, or some to add and some to remove.
fn role_edit(
    all: Vec<ConnectorId>,
    add: Vec<ConnectorId>,
    remove: Vec<ConnectorId>,
) -> Result<RoleEdit> {
    if !all.is_empty() {
        return Ok(RoleEdit::Replace(all.into_iter().collect()));
    }
    if add.is_empty() && remove.is_empty() {
        return Ok(RoleEdit::Keep);
    }
    match add.iter().find(|connector| remove.contains(connector)) {
        Some(connector) => Err(Error::usage(format!(
            "connector {connector} is both added and removed"
        ))),
        None => Ok(RoleEdit::Change {
            add: add.into_iter().collect(),
            remove: remove.into_iter().collect(),
        }),
    }
}
