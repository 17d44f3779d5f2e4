//! `connctl copy`

use std::io::Write;

use serde_json::json;

use super::args::parse;
use crate::context::{Context, Intent};
use crate::error::{Error, Result};
use crate::model::{
    Action, Connector, ConnectorId, Edit, Environment, Label, SecretName, Usage, text,
};
use crate::ops::{lookup, trial};
use crate::output::{Format, write_connector};
use crate::store;

/// Add a connector that is like another one
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Name, system, group, settings, note and expiry are those of the other one. Secrets are too, as the
ciphertext that they are; into another environment they go only with --with-secrets.

Examples:
  connctl copy shop-eu shop-ca
  connctl copy shop-eu shop-eu-test --env testing --group \"\""
)]
pub struct Args {
    /// The connector to copy
    id: ConnectorId,
    /// The id of the copy
    new: ConnectorId,
    /// The environment of the copy [default: that of the other one]
    #[arg(long, value_name = "ENVIRONMENT", value_parser = parse::environment())]
    env: Option<Environment>,
    /// The company group of the copy; "" for none [default: that of the other one]
    #[arg(long)]
    group: Option<String>,
    /// Copy the secrets into another environment as well
    #[arg(long)]
    with_secrets: bool,
}

/// Runs the command.
pub fn run(args: Args, context: &Context) -> Result<()> {
    let format = context.format(&[Format::Table, Format::Json, Format::Ndjson, Format::Ids])?;
    let Args { id, new, .. } = args;
    let group: Edit<Label> = parse::group(args.group)?;
    let intent = Intent::new(Action::ConnectorAdd, new.as_str())
        .with_detail(Some(json!({"from": id})))
        .with_ciphertext(true);
    let (copy, left) = context.change(&intent, |change| {
        let original = lookup::connector(change, &id)?;
        trial::check(change, [&id])?;
        if change.connector(&new)?.is_some() {
            return Err(store::Error::ConnectorExists(new.clone()).into());
        }
        let environment = args.env.unwrap_or(original.environment);
        let takes_secrets = args.with_secrets || environment == original.environment;
        let secrets: Vec<SecretName> = original.secrets.clone();
        let copy = Connector {
            id: new.clone(),
            environment,
            group: match group {
                Edit::Keep => original.group.clone(),
                Edit::Clear => None,
                Edit::Set(group) => Some(group),
            },
            secrets: if takes_secrets {
                secrets.clone()
            } else {
                Vec::new()
            },
            last_used_at: None,
            protected: false,
            retired_at: None,
            retired_until: None,
            origin: None,
            created_at: context.now,
            updated_at: context.now,
            revision: change.new_revision()?,
            ..original
        };
        change.insert_connector(&copy)?;
        for name in &copy.secrets {
            let ciphertext = lookup::secret(change, &id, name)?;
            change.set_secret(&new, name, &ciphertext, context.now)?;
        }
        change.record(Action::ConnectorAdd, new.as_str(), copy.detail())?;
        for name in &copy.secrets {
            let detail = Some(json!({"name": name, "from": id}));
            change.record(Action::SecretSet, new.as_str(), detail)?;
        }
        let left = secrets.len() - copy.secrets.len();
        Ok((copy, left))
    })?;
    context
        .ui
        .note(&format!("Added connector {new}, which is like {id}"));
    if left > 0 {
        context.ui.note(&format!(
            "{} stayed behind: {new} is of another environment; --with-secrets takes them along.",
            text::count(left, "secret")
        ));
    }
    let mut out = context.output(format);
    match format {
        Format::Ids => writeln!(out, "{new}"),
        Format::Json | Format::Ndjson => write_connector(
            &mut out,
            format,
            context.style(),
            &copy,
            0,
            &Usage::default().references,
        ),
        Format::Table | Format::Csv | Format::Tsv => Ok(()),
    }
    .and_then(|()| out.flush())
    .map_err(Error::output_after_change)
}
