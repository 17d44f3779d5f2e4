//! `connctl edit`

use std::io::Write;

use serde_json::json;

use crate::commands::args::parse;
use crate::context::{Context, Intent};
use crate::error::{Error, Result};
use crate::model::{
    Action, Assignment, ConnectorEdit, ConnectorId, Label, Name, Permission, SecretName, When, text,
};
use crate::ops::{detail_of, exposed, keys, lookup, secrets};
use crate::output::{Format, write_connector};

/// Change a connector; what is not named stays as it is
#[derive(Debug, clap::Args)]
#[command(after_help = "The id and the environment of a connector never change.

Examples:
  connctl edit shop-eu --name \"Shop (EU)\" --note \"owned by Kim\"
  connctl edit shop-eu --set timeout=60 --unset proxy
  connctl edit shop-eu --group \"\" --expires never")]
pub struct Args {
    /// The connector
    id: ConnectorId,
    /// A new system
    #[arg(long)]
    system: Option<Label>,
    /// A new name
    #[arg(long)]
    name: Option<Name>,
    /// A new company group; "" for none
    #[arg(long)]
    group: Option<String>,
    /// A setting; a value that reads as JSON (42, true, ["a"], "text") is that, any other is a text
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<Assignment>,
    /// Let a setting pass that looks like a secret
    #[arg(long)]
    allow_plain: bool,
    /// Remove a setting
    #[arg(long, value_name = "KEY")]
    unset: Vec<String>,
    /// Set a secret; its value comes from where SOURCE says: nothing to be asked, @FILE, env:VARIABLE,
    /// or - for standard input
    #[arg(long = "secret", value_name = "NAME[=SOURCE]")]
    secrets: Vec<String>,
    /// Remove a secret
    #[arg(long = "unset-secret", value_name = "NAME")]
    unset_secrets: Vec<String>,
    /// A new note; "" for none
    #[arg(long)]
    note: Option<String>,
    /// When it expires: a time, a date, a duration from now such as 90d, or "never"
    #[arg(long, value_name = "WHEN")]
    expires: Option<When>,
}

impl Args {
    fn into_edit(self, context: &Context) -> Result<ConnectorEdit> {
        Ok(ConnectorEdit {
            name: self.name,
            system: self.system,
            group: parse::group(self.group)?,
            set: self.set,
            unset: self.unset,
            note: parse::edit_of(self.note),
            expires_at: parse::expiry(self.expires, context.now)?,
        })
    }

    fn names_nothing(&self) -> bool {
        self.system.is_none()
            && self.name.is_none()
            && self.group.is_none()
            && self.set.is_empty()
            && self.unset.is_empty()
            && self.secrets.is_empty()
            && self.unset_secrets.is_empty()
            && self.note.is_none()
            && self.expires.is_none()
    }
}

/// Runs the command.
pub fn run(args: Args, context: &Context) -> Result<()> {
    let format = context.format(&Format::DOCUMENT)?;
    if args.names_nothing() {
        return Err(Error::usage("there is nothing to change")
            .hint("see what can be changed: connctl edit --help"));
    }
    let id = args.id.clone();
    if !args.allow_plain {
        exposed::refuse(&id, &args.set, &format!("connctl edit {id}"))?;
    }
    let unset = args
        .unset_secrets
        .iter()
        .map(|name| secrets::name(name))
        .collect::<Result<Vec<SecretName>>>()?;
    let mut intent = Intent::new(Action::ConnectorEdit, id.as_str());
    if !unset.is_empty() {
        intent = Intent::new(Action::SecretDelete, id.as_str()).needing(Permission::Remove);
    }
    let intent = intent.with_ciphertext(!args.secrets.is_empty());
    if !args.secrets.is_empty() {
        // What cannot be is said before anybody types a secret.
        let store = context.open_existing()?;
        context.check(&store, &intent)?;
        lookup::connector(&store.read()?, &id)?;
    }
    let own = keys::Own::read_if_needed(context, &intent, !args.secrets.is_empty())?;
    let values = secrets::read(&args.secrets, context)?;
    if let Some((name, _)) = values.iter().find(|(name, _)| unset.contains(name)) {
        return Err(Error::usage(format!(
            "secret {name} is both set and removed"
        )));
    }
    let is_unset = |assignment: &&Assignment| args.unset.contains(&assignment.key);
    if let Some(Assignment { key, .. }) = args.set.iter().find(is_unset) {
        let key = text::Quoted::from(key.as_str());
        return Err(Error::usage(format!(
            "setting {key} is both set and removed"
        )));
    }
    let expires = args.expires;
    let edit = args.into_edit(context)?;
    let (connector, usage, is_changed) = context.change(&intent, |change| {
        let before = lookup::connector(change, &id)?;
        let usage = change.usage(&id)?;
        let mut connector = before.clone();
        edit.apply(&mut connector);
        connector.secrets.retain(|name| !unset.contains(name));
        connector
            .secrets
            .extend(values.iter().map(|(name, _)| name.clone()));
        connector.secrets.sort();
        connector.secrets.dedup();
        if connector == before && values.is_empty() {
            return Ok((connector, usage, false));
        }
        connector.updated_at = context.now;
        connector.revision = change.new_revision()?;
        change.update_connector(&connector)?;
        for name in &unset {
            change.remove_secret(&id, name)?;
        }
        if !values.is_empty() {
            let sealer = secrets::sealer(context, change, &own)?;
            secrets::keep(change, &sealer, &id, &values, context.now)?;
        }
        for name in before.secrets.iter().filter(|name| unset.contains(name)) {
            let detail = Some(json!({"name": name}));
            change.record(Action::SecretDelete, id.as_str(), detail)?;
        }
        for (name, _) in &values {
            let detail = Some(json!({"name": name}));
            change.record(Action::SecretSet, id.as_str(), detail)?;
        }
        change.record(Action::ConnectorEdit, id.as_str(), detail_of(&connector))?;
        Ok((connector, usage, true))
    })?;
    context.ui.note(&if is_changed {
        format!("Changed connector {id}")
    } else {
        format!("Connector {id} is like that already; nothing was changed.")
    });
    parse::say_expiry(expires, context);
    if format.is_json() {
        let mut out = context.output(format);
        write_connector(
            &mut out,
            format,
            context.style(),
            &connector,
            usage.services,
            &usage.references,
        )
        .and_then(|()| out.flush())
        .map_err(Error::output_after_change)?;
    }
    Ok(())
}
