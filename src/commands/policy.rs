//! `connctl policy`

use serde_json::json;

use crate::context::{Context, Intent};
use crate::error::{Error, Result};
use crate::model::{Action, ConnectorId, Policy};
use crate::output::{Format, PolicyState};

/// The rules that the store demands of what it holds
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    List(ListArgs),
    Set(SetArgs),
}

/// List the policies and whether they are on
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl policy list
  connctl policy list -o json")]
pub struct ListArgs {}

/// Turn a policy on or off
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl policy set one_per_system true
  connctl policy set one_per_system false")]
pub struct SetArgs {
    /// The policy, such as one_per_system
    name: Policy,
    /// Whether it is on
    #[arg(action = clap::ArgAction::Set)]
    value: bool,
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<()> {
    match command {
        Command::List(ListArgs {}) => list(context),
        Command::Set(args) => set(args, context),
    }
}

fn list(context: &Context) -> Result<()> {
    let format = context.format(&Format::ALL)?;
    let store = context.open()?;
    let snapshot = store.read()?;
    let states = Policy::ALL.map(|policy| {
        let on = snapshot.policy(policy)?;
        Ok(PolicyState { policy, on })
    });
    let states = states.into_iter().collect::<Result<Vec<_>>>()?;
    context.write_list(format, "policies", states)
}

fn set(args: &SetArgs, context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    let policy = args.name;
    let state = if args.value { "on" } else { "off" };
    let intent = Intent::new(Action::PolicySet, policy.as_str());
    let is_changed = context.change(&intent, |change| {
        if change.policy(policy)? == args.value {
            return Ok(false);
        }
        if policy == Policy::OnePerSystem && args.value {
            let conflicts = change.one_per_system_conflicts()?;
            if !conflicts.is_empty() {
                let lines = conflicts.iter().map(|ids| {
                    let ids: Vec<_> = ids.iter().map(ConnectorId::as_str).collect();
                    format!("\n  {}", ids.join(", "))
                });
                return Err(Error::failure(format!(
                    "policy {policy} was not turned on, because the store does not satisfy it; \
                     these connectors share system, group and environment:{}",
                    lines.collect::<String>()
                ))
                .hint("delete all but one of each line, or give them different groups: connctl edit ID --group GROUP"));
            }
        }
        change.set_policy(policy, args.value)?;
        let detail = Some(json!({"value": args.value}));
        change.record(Action::PolicySet, policy.as_str(), detail)?;
        Ok(true)
    })?;
    context.ui.note(&if is_changed {
        format!("Policy {policy} is {state} now: {}.", policy.description())
    } else {
        format!("Policy {policy} is {state} already; nothing was changed.")
    });
    Ok(())
}
