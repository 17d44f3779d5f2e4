//! `connctl list`

use super::args::filter::{self, FilterArgs, Scope};
use super::args::shape::ShapeArgs;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{ConnectorFilter, ConnectorSummary, Duration, ServiceId, Time, text};
use crate::ops::lookup;
use crate::output::{Closing, Constant, Format};
use crate::store::Snapshot;

/// List connectors: the live ones, unless told otherwise
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl list
  connctl list all --unused --idle-for 90d
  connctl list all --expires-within 30d
  connctl list testing --system slack -o json
  connctl list all --sort -last_used_at --limit 10
  connctl list --columns id,group,expires_at -o csv")]
pub struct Args {
    /// The environments to list
    #[arg(value_enum, value_name = "live|testing|all", default_value_t = Scope::Live)]
    scope: Scope,
    #[command(flatten)]
    filter: FilterArgs,
    /// That this service refers to
    #[arg(
        long,
        value_name = "SERVICE",
        help_heading = "Filters (all given must hold)"
    )]
    used_by: Option<ServiceId>,
    /// That may not be deleted
    #[arg(long, help_heading = "Filters (all given must hold)")]
    protected: bool,
    /// Whose time of expiry comes within this long, such as 30d, or has come
    #[arg(
        long,
        value_name = "DURATION",
        help_heading = "Filters (all given must hold)"
    )]
    expires_within: Option<Duration>,
    #[command(flatten)]
    shape: ShapeArgs,
}

/// Runs the command.
pub fn run(args: Args, context: &Context) -> Result<()> {
    let format = context.format(&Format::ALL)?;
    let mut filter = args.filter.into_filter(args.scope, context.now)?;
    filter.used_by = args.used_by;
    filter.protected = args.protected;
    filter.searches_notes = true;
    if let Some(duration) = &args.expires_within {
        let end = context.now.after(duration).unwrap_or(Time::LATEST);
        // With --expired as well, only what has expired by now.
        filter.expired_at = Some(filter.expired_at.map_or(end, |now| now.min(end)));
    }
    let store = context.open()?;
    let snapshot = store.read()?;
    if let Some(service) = &filter.used_by {
        lookup::has_service(&snapshot, service)?;
    }
    let wanted = args.shape.into();
    let mut list = context.shaped_list::<ConnectorSummary<'_>>(format, "connectors", &wanted)?;
    let mut unused = 0;
    if format == Format::Ids && !list.needs_values() {
        snapshot.each_connector_id(&filter, |id| {
            list.write_id(id)?;
            Ok::<_, Error>(list.goes_on())
        })?;
    } else {
        snapshot.each_connector_summary(&filter, |connector| {
            unused += usize::from(connector.used_by == 0);
            list.write(connector)?;
            Ok::<_, Error>(list.goes_on())
        })?;
    }
    let left_out = left_out(context, &snapshot, &filter)?;
    drop(snapshot);
    let closing = list.end()?;
    if format == Format::Table && context.ui.is_watched() {
        context.ui.note(&closing_line(closing, &filter, unused));
    }
    if let Some(note) = filter::idle_note(&filter).filter(|_| context.ui.is_watched()) {
        context.ui.note(&note);
    }
    if let Some(left_out) = left_out {
        context.ui.note(&left_out);
    }
    Ok(())
}

/// What is said below the table: how many there are, of which kind.
fn closing_line(mut closing: Closing, filter: &ConnectorFilter, unused: usize) -> String {
    let is_said = |(constant, _): &(Constant, _)| *constant == Constant::Adjective;
    if let (Some(environment), false) = (filter.environment, closing.constants.iter().any(is_said))
    {
        closing
            .constants
            .push((Constant::Adjective, environment.to_string()));
    }
    let counted = closing.counted("connector", "connectors");
    if unused == 0 || filter.unused || closing.is_cut {
        counted
    } else {
        format!("{counted}, {unused} unused")
    }
}

/// What the view does not show, for somebody who looks at it.
fn left_out(
    context: &Context,
    snapshot: &Snapshot<'_>,
    filter: &ConnectorFilter,
) -> Result<Option<String>> {
    let Some(environment) = filter.environment.filter(|_| context.ui.is_watched()) else {
        return Ok(None);
    };
    let other = ConnectorFilter {
        environment: Some(environment.other()),
        ..filter.clone()
    };
    let hidden = snapshot.count_connectors(&other)?;
    let noun = format!("{} connector", environment.other());
    Ok((hidden > 0).then(|| format!("{} not shown; connctl list all", text::count(hidden, &noun))))
}
