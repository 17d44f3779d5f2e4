//! `connctl audit list`

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::context::Context;
use crate::error::Result;
use crate::model::{Action, AuditEntry, AuditFilter, Since, Verdict};
use crate::output::Format;

/// List the entries of the audit trail, the oldest first
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl audit list --since 7d
  connctl audit list --subject tap-slack-prod -o json
  connctl audit list --action connector.delete --outcome in_use")]
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
}

/// Runs the command.
pub fn run(args: Args, context: &Context) -> Result<()> {
    let format = context.format(&Format::ALL)?;
    let filter = AuditFilter {
        subject: args.subject,
        actor: args.actor,
        action: args.action,
        outcome: args.outcome,
        since: args.since.map(|since| since.from(context.now)),
    };
    let store = context.open()?;
    let snapshot = store.read()?;
    let mut list = context.list::<AuditEntry>(format, "entries")?;
    snapshot.each_audit_entry(&filter, |entry| list.write(entry))?;
    drop(snapshot);
    list.finish()
}
