//! `connctl exec`

use std::ffi::OsString;

use zeroize::Zeroizing;

use crate::commands::args::identity::IdentityArgs;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::{ConnectorId, Secret, SecretName, VariableName, text};
use crate::ops::{lookup, secrets};
use crate::output::Format;
use crate::platform;
use crate::store::Snapshot;

/// Run a command with a connector's secrets in its environment
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Each secret becomes a variable named after the connector's system and the secret, in upper case
and with underscores: api_key of a stripe connector becomes STRIPE_API_KEY. A variable that exists
already, or that programs obey (PATH, TAR_OPTIONS, HTTPS_PROXY ...), is refused. The command's exit
code is passed on, 126 and 127 say that it cannot be run or found, and no secret is written anywhere.

Examples:
  connctl exec tap-slack-prod -- env
  connctl exec shop-eu --prefix SHOP -- ./sync.sh --full
  connctl exec shop-eu --only api_key -- ./sync.sh"
)]
pub struct Args {
    /// The connector
    id: ConnectorId,
    /// What the variables begin with, in place of the system; "" for nothing
    #[arg(long)]
    prefix: Option<String>,
    /// Only this secret; may be given several times
    #[arg(long, value_name = "NAME")]
    only: Vec<SecretName>,
    #[command(flatten)]
    identity: IdentityArgs,
    /// The command and its arguments
    #[arg(last = true, required = true, value_hint = clap::ValueHint::CommandWithArguments)]
    command: Vec<OsString>,
}

/// Runs the command. Where it succeeds, the command has taken the place of this program.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&[Format::Table])?;
    let mut names = Vec::new();
    let choose = |snapshot: &Snapshot<'_>| {
        let connector = lookup::connector(snapshot, &args.id)?;
        let chosen = if args.only.is_empty() {
            &connector.secrets
        } else {
            &args.only
        };
        let prefix = args.prefix.as_deref().unwrap_or(connector.system.as_str());
        names = variables(&args.id, chosen, prefix, context)?;
        Ok(chosen.clone())
    };
    let identities = || args.identity.load(context);
    let hand_over = |name: &SecretName, secret: Secret| value(name, &secret);
    let values = secrets::take(context, &args.id, identities, choose, hand_over)?;
    if values.is_empty() {
        context
            .ui
            .note(&format!("Connector {} has no secrets.", args.id));
    }
    let variables: Vec<_> = names.into_iter().zip(values).collect();
    if platform::signals().is_raised() {
        return Err(Error::new(
            Kind::Interrupted,
            "interrupted; nothing was run",
        ));
    }
    let error = platform::replace_process(&args.command, &variables);
    let command = args
        .command
        .first()
        .map(|word| word.to_string_lossy().into_owned());
    let command = text::Quoted::from(command.unwrap_or_default().as_str());
    let kind = match error.kind() {
        std::io::ErrorKind::NotFound => Kind::NoCommand,
        _ => Kind::NotExecutable,
    };
    Err(Error::new(kind, format!("cannot run {command}: {error}")).caused_by(error))
}

/// The names of the variables, in the order of the secrets.
fn variables(
    id: &ConnectorId,
    secrets: &[SecretName],
    prefix: &str,
    context: &Context,
) -> Result<Vec<VariableName>> {
    let mut names: Vec<VariableName> = Vec::new();
    for secret in secrets {
        let name = VariableName::new(prefix, secret);
        if let Some(index) = names.iter().position(|other| *other == name) {
            return Err(Error::usage(format!(
                "the secrets {} and {secret} of connector {id} would both become the variable \
                 {name}; nothing was run",
                secrets[index]
            ))
            .hint("give one of them another name"));
        }
        let problem = if name.is_obeyed() {
            "programs obey"
        } else if context.has_variable(name.as_str()) {
            "exists already"
        } else {
            names.push(name);
            continue;
        };
        return Err(Error::usage(format!(
            "secret {secret} of connector {id} would become the variable {name}, which {problem}; \
             nothing was run"
        ))
        .hint(
            "choose other names with --prefix, name the secrets to hand over with --only, or read \
             it with connctl secret get",
        ));
    }
    Ok(names)
}

fn value(name: &SecretName, secret: &Secret) -> Result<Zeroizing<Vec<u8>>> {
    if secret.expose().contains(&0) {
        return Err(Error::usage(format!(
            "secret {name} holds a NUL byte, which no environment variable can; nothing was run"
        ))
        .hint("write it to the command's standard input: connctl secret get"));
    }
    Ok(Zeroizing::new(secret.expose().to_vec()))
}
