//! `connctl add`

use std::collections::BTreeMap;
use std::io::Write;

use crate::commands::args::parse;
use crate::context::{Context, Intent};
use crate::error::{Error, Result};
use crate::model::{
    Action, Assignment, Connector, ConnectorId, Edit, Environment, Label, Name, Settings, Usage,
    When, text,
};
use crate::ops::{exposed, keys, secrets};
use crate::output::{Format, write_connector};
use crate::store;

/// Add a connector
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl add shop-eu --system shopify --env testing
  connctl add shop-us --system shopify --env live --group retail --expires 90d
  connctl add files --system http --env testing --set 'paths=[\"/in\"]'
  connctl add pay --system stripe --env live --secret api_key=env:STRIPE_KEY")]
pub struct Args {
    /// The id: 1 to 128 letters, digits, '.', '_', ':' and '-', beginning with a letter or digit
    id: ConnectorId,
    /// The kind of system it reaches, such as shopify, netsuite or http
    #[arg(long)]
    system: Label,
    /// The environment; it never changes
    #[arg(long, value_name = "ENVIRONMENT", value_parser = parse::environment())]
    env: Environment,
    /// What people call it [default: the id]
    #[arg(long)]
    name: Option<Name>,
    /// The company group it belongs to
    #[arg(long)]
    group: Option<Label>,
    /// A setting; a value that reads as JSON (42, true, ["a"], "text") is that, any other is a text
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<Assignment>,
    /// Let a setting pass that looks like a secret
    #[arg(long)]
    allow_plain: bool,
    /// A secret, and where its value comes from: nothing to be asked, @FILE, env:VARIABLE, or - for
    /// standard input
    #[arg(long = "secret", value_name = "NAME[=SOURCE]")]
    secrets: Vec<String>,
    /// A free text
    #[arg(long)]
    note: Option<String>,
    /// When it expires: a time, a date, a duration from now such as 90d, or "never"
    #[arg(long, value_name = "WHEN")]
    expires: Option<When>,
}

/// Runs the command.
pub fn run(args: Args, context: &Context) -> Result<()> {
    let format = context.format(&[Format::Table, Format::Json, Format::Ndjson, Format::Ids])?;
    let id = args.id.clone();
    if !args.allow_plain {
        let system = text::shell_word(args.system.as_str());
        let command = format!("connctl add {id} --system {system} --env {}", args.env);
        exposed::refuse(&id, &args.set, &command)?;
    }
    let intent = Intent::new(Action::ConnectorAdd, id.as_str())
        .creating()
        .with_ciphertext(!args.secrets.is_empty());
    if !args.secrets.is_empty()
        && let Some(store) = context.open_if_there()?
    {
        // What cannot be is said before anybody types a secret.
        context.check(&store, &intent)?;
        if store.read()?.connector(&args.id)?.is_some() {
            return Err(store::Error::ConnectorExists(args.id).into());
        }
    }
    let own = keys::Own::read_if_needed(context, &intent, !args.secrets.is_empty())?;
    let values = secrets::Given::parse(&args.secrets, context)?.read(context)?;
    let settings = args
        .set
        .into_iter()
        .map(|Assignment { key, value }| (key, value));
    let expires_at = match parse::expiry(args.expires, context.now)? {
        Edit::Set(time) => Some(time),
        Edit::Keep | Edit::Clear => None,
    };
    let connector = own.change(context, &intent, |change, first| {
        let mut connector = Connector {
            name: args.name.unwrap_or_else(|| Name::of_id(&args.id)),
            id: args.id,
            system: args.system,
            environment: args.env,
            group: args.group,
            settings: Settings(settings.collect::<BTreeMap<_, _>>()),
            secrets: values.iter().map(|(name, _)| name.clone()).collect(),
            note: args.note.filter(|note| !note.is_empty()),
            expires_at,
            last_used_at: None,
            protected: false,
            retired_at: None,
            retired_until: None,
            origin: None,
            created_at: context.now,
            updated_at: context.now,
            revision: change.new_revision()?,
        };
        connector.secrets.sort();
        change.insert_connector(&connector)?;
        if !values.is_empty() {
            let sealer = secrets::sealer(context, change, first)?;
            secrets::keep(change, &sealer, &connector.id, &values, context.now)?;
        }
        change.record(Action::ConnectorAdd, id.as_str(), connector.detail())?;
        Ok(connector)
    })?;
    context
        .ui
        .note(&format!("Added connector {}", connector.id));
    parse::say_expiry(args.expires, context);
    let mut out = context.output(format);
    match format {
        Format::Ids => writeln!(out, "{}", connector.id),
        Format::Json | Format::Ndjson => write_connector(
            &mut out,
            format,
            context.style(),
            &connector,
            0,
            &Usage::default().references,
        ),
        Format::Table | Format::Csv | Format::Tsv => Ok(()),
    }
    .and_then(|()| out.flush())
    .map_err(Error::output_after_change)
}
