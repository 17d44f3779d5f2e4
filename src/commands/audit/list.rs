//! `connctl audit list`

use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::commands::args::{filter, shape::ColumnArgs};
use crate::context::Context;
use crate::error::Result;
use crate::model::{Action, AuditEntry, AuditFilter, Since, Verdict};
use crate::output::{EventLine, Format, Wanted};

/// List the entries of the audit trail, the newest last
#[derive(Debug, clap::Args)]
#[command(
    after_help = "On a terminal the newest 50 are shown, unless --limit says otherwise.

Examples:
  connctl audit list --since 7d
  connctl audit list --search closed --limit all
  connctl audit list --subject tap-slack-prod -o json
  connctl audit list --columns time,user,action,subject,outcome -o csv
  connctl audit list --action connector.delete --outcome in_use"
)]
pub struct Args {
    /// Only those about this id, user, policy, key or file
    #[arg(long)]
    subject: Option<String>,
    /// Only those of this user
    #[arg(long, value_name = "USER")]
    actor: Option<String>,
    /// Only this action
    #[arg(long, value_parser = PossibleValuesParser::new(Action::ALL.map(Action::as_str))
        .try_map(|name| Action::from_name(&name).ok_or("unknown")))]
    action: Option<Action>,
    /// Only those that ended so
    #[arg(long, value_parser = PossibleValuesParser::new(Verdict::ALL.map(Verdict::as_str))
        .try_map(|name| Verdict::from_name(&name).ok_or("unknown")))]
    outcome: Option<Verdict>,
    /// Only those from then on: a time, a date, or how long ago, such as 7d
    #[arg(long, value_name = "WHEN")]
    since: Option<Since>,
    /// Only those up to then
    #[arg(long, value_name = "WHEN")]
    until: Option<Since>,
    /// Only those in which this text stands, in upper or lower case: in user, machine, command,
    /// action, subject, outcome, reason or detail
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only the newest so many, or all of them
    #[arg(long, value_name = "N|all")]
    limit: Option<Limit>,
    #[command(flatten)]
    shape: ColumnArgs,
}

/// How many entries are shown at most.
#[derive(Debug, Clone, Copy)]
enum Limit {
    All,
    Newest(u64),
}

impl FromStr for Limit {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        match text {
            "all" => Ok(Self::All),
            _ => text
                .parse()
                .ok()
                .filter(|count| *count > 0)
                .map(Self::Newest)
                .ok_or("give a number from 1 on, or all"),
        }
    }
}

/// How many entries somebody at a terminal is shown.
const SHOWN: u64 = 50;

/// Runs the command.
pub fn run(args: Args, context: &Context) -> Result<()> {
    let format = context.format(&Format::ALL)?;
    let filter = AuditFilter {
        subject: args.subject,
        actor: args.actor,
        action: args.action,
        outcome: args.outcome,
        since: args.since.map(|since| since.from(context.now)),
        until: args.until.map(|until| until.from(context.now)),
        search: filter::search(args.search)?,
    };
    let limit = args.limit.unwrap_or(if context.ui.is_watched() {
        Limit::Newest(SHOWN)
    } else {
        Limit::All
    });
    let store = context.open()?;
    let snapshot = store.read()?;
    let first = match limit {
        Limit::All => None,
        Limit::Newest(count) => snapshot.first_of_newest(&filter, count)?,
    };
    let first_shown = first.unwrap_or(0);
    // Somebody at a terminal reads what happened; a file gets the fields.
    let wanted = Wanted::from(args.shape);
    let is_shaped = !wanted.columns.is_empty() || !wanted.sort.is_empty();
    let is_on_terminal = format == Format::Table && context.style().table_width().is_some();
    let is_read = is_on_terminal && !is_shaped;
    let mut list = if is_read {
        context.shaped_list::<EventLine<'_>>(format, "entries", &wanted)?
    } else {
        context.shaped_list::<AuditEntry<'_>>(format, "entries", &wanted)?
    };
    if format == Format::Ids && !list.needs_values() {
        snapshot.each_audit_number(&filter, first_shown, |number| {
            list.write_id(&number.to_string())
        })?;
    } else if is_read {
        snapshot.each_audit_entry(&filter, first_shown, |entry| list.write(&EventLine(entry)))?;
    } else {
        snapshot.each_audit_entry(&filter, first_shown, |entry| list.write(entry))?;
    }
    drop(snapshot);
    list.finish()?;
    if let (None, Some(_)) = (args.limit, first) {
        context.ui.note(&format!(
            "The newest {SHOWN} are shown; all: connctl audit list --limit all"
        ));
    }
    Ok(())
}
