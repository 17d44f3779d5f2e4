//! `connctl edit`

use std::io::Write;

use serde_json::json;

use crate::commands::args::parse;
use crate::context::{Change, Context, Intent};
use crate::error::{Error, Result};
use crate::model::{
    Action, Assignment, Connector, ConnectorEdit, ConnectorId, Environment, Label, Name,
    Permission, Secret, SecretName, Usage, When, text,
};
use crate::ops::keys::{self, FirstRecipients};
use crate::ops::{exposed, lookup, secrets};
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
    /// Do not ask before a secret of a live connector is replaced or removed
    #[arg(short, long)]
    yes: bool,
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
    let given = secrets::Given::parse(&args.secrets, context)?;
    if let Some(name) = given.names().find(|name| unset.contains(name)) {
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
    let (yes, expires) = (args.yes, args.expires);
    let edit = args.into_edit(context)?;
    let mut shown = None;
    if given.names().next().is_some() || !unset.is_empty() {
        // What cannot be is said before anybody types a secret.
        let store = context.open_existing()?;
        context.check(&store, &intent)?;
        let connector = lookup::salvaged_connector(&store.read()?, &id)?;
        let connector = connector.but_for(|field| edit.sets(field))?;
        drop(store);
        if !yes {
            secrets::confirm_replacement(&connector, &given, context, &intent)?;
            if connector.environment == Environment::Live {
                let is_there = |name: &&SecretName| connector.secrets.contains(name);
                for name in unset.iter().filter(is_there) {
                    let stdin_is_data = given.takes_stdin();
                    secrets::confirm_removal(&connector, name, context, &intent, stdin_is_data)?;
                }
            }
            shown = Some(connector);
        }
    }
    let own = keys::Own::read_if_needed(context, &intent, given.names().next().is_some())?;
    let values = given.read(context)?;
    let work = Work {
        id: &id,
        unset,
        values,
        shown,
    };
    let (connector, usage, is_changed) = own.change(context, &intent, |change, first| {
        work.carry_out(edit, context, change, first)
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

/// What is to become of the secrets of a connector.
struct Work<'a> {
    id: &'a ConnectorId,
    unset: Vec<SecretName>,
    values: Vec<(SecretName, Secret)>,
    /// The connector as it was when somebody was asked about it.
    shown: Option<Connector>,
}

impl Work<'_> {
    /// Changes the connector: what it is then, what uses it, and whether that is new.
    fn carry_out(
        &self,
        edit: ConnectorEdit,
        context: &Context,
        change: &Change<'_>,
        first: &FirstRecipients<'_>,
    ) -> Result<(Connector, Usage, bool)> {
        let (id, values) = (self.id, &self.values);
        let before = lookup::salvaged_connector(change, id)?;
        let is_whole = before.is_whole();
        let before = before.but_for(|field| edit.sets(field))?;
        if let Some(shown) = &self.shown {
            let names = values.iter().map(|(name, _)| name);
            secrets::check_agreed(&before, shown, names.chain(&self.unset))?;
        }
        let usage = change.usage(id)?;
        let mut connector = before.clone();
        edit.apply(&mut connector);
        let is_unset = |name: &SecretName| self.unset.contains(name);
        connector.secrets.retain(|name| !is_unset(name));
        let set = values.iter().map(|(name, _)| name.clone());
        connector.secrets.extend(set);
        connector.secrets.sort();
        connector.secrets.dedup();
        if connector == before && values.is_empty() && is_whole {
            return Ok((connector, usage, false));
        }
        exposed::note_removal(change, &before.settings, &connector.settings);
        connector.updated_at = context.now;
        connector.revision = change.new_revision()?;
        change.update_connector(&connector)?;
        for name in &self.unset {
            change.remove_secret(id, name)?;
        }
        if !values.is_empty() {
            let sealer = secrets::sealer(context, change, first)?;
            secrets::keep(change, &sealer, id, values, context.now)?;
        }
        for name in before.secrets.iter().filter(|name| is_unset(name)) {
            let detail = Some(json!({"name": name}));
            change.record(Action::SecretDelete, id.as_str(), detail)?;
        }
        for (name, _) in values {
            let detail = Some(json!({"name": name}));
            change.record(Action::SecretSet, id.as_str(), detail)?;
        }
        change.record(Action::ConnectorEdit, id.as_str(), connector.detail())?;
        Ok((connector, usage, true))
    }
}
