//! `connctl exec`

use std::ffi::OsString;

use zeroize::Zeroizing;

use crate::commands::args::identity::IdentityArgs;
use crate::context::{Context, Intent};
use crate::error::{Error, Result};
use crate::model::{Action, Connector, ConnectorId, Secret, SecretName, text};
use crate::ops::keys;
use crate::ops::{lookup, secrets};
use crate::output::Format;
use crate::platform;

/// Run a command with a connector's secrets in its environment
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Each secret becomes a variable named after the connector's system and the secret, in upper case
and with underscores: api_key of a stripe connector becomes STRIPE_API_KEY. The command's exit code
is passed on, and no secret is written anywhere.

Examples:
  connctl exec tap-slack-prod -- env
  connctl exec shop-eu --prefix SHOP -- ./sync.sh --full"
)]
pub struct Args {
    /// The connector
    id: ConnectorId,
    /// What the variables begin with, in place of the system; "" for nothing
    #[arg(long)]
    prefix: Option<String>,
    #[command(flatten)]
    identity: IdentityArgs,
    /// The command and its arguments
    #[arg(last = true, required = true, value_hint = clap::ValueHint::CommandWithArguments)]
    command: Vec<OsString>,
}

/// Variables that a loader, a shell or an interpreter obeys. A secret never becomes one of them.
const OBEYED: &[&str] = &[
    "BASHOPTS",
    "BASH_COMPAT",
    "BASH_ENV",
    "BASH_LOADABLES_PATH",
    "BASH_XTRACEFD",
    "BROWSER",
    "CDPATH",
    "CLASSPATH",
    "COMP_WORDBREAKS",
    "DISPLAY",
    "EDITOR",
    "ENV",
    "EXECIGNORE",
    "FCEDIT",
    "FIGNORE",
    "FPATH",
    "GCONV_PATH",
    "GETCONF_DIR",
    "GLIBC_TUNABLES",
    "GLOBIGNORE",
    "HISTCMD",
    "HISTCONTROL",
    "HISTFILE",
    "HISTFILESIZE",
    "HISTIGNORE",
    "HISTSIZE",
    "HOME",
    "HOSTALIASES",
    "IFS",
    "INPUTRC",
    "LANG",
    "LANGUAGE",
    "LESSCLOSE",
    "LESSOPEN",
    "LOCALDOMAIN",
    "LOCPATH",
    "LOGNAME",
    "MAIL",
    "MAILPATH",
    "MODULE_PATH",
    "NIS_PATH",
    "NLSPATH",
    "NULLCMD",
    "OLDPWD",
    "OPTARG",
    "OPTERR",
    "OPTIND",
    "PAGER",
    "PATH",
    "PERL5DB",
    "PERL5LIB",
    "PERL5OPT",
    "PERLLIB",
    "POSIXLY_CORRECT",
    "PROMPT",
    "PROMPT2",
    "PROMPT3",
    "PROMPT4",
    "PROMPT_COMMAND",
    "PS0",
    "PS1",
    "PS2",
    "PS3",
    "PS4",
    "PWD",
    "READNULLCMD",
    "RESOLV_HOST_CONF",
    "RES_OPTIONS",
    "RPROMPT",
    "RPS1",
    "RUBYLIB",
    "RUBYOPT",
    "SHELL",
    "SHELLOPTS",
    "SPROMPT",
    "STTY",
    "TERM",
    "TIMEFMT",
    "TIMEFORMAT",
    "TMOUT",
    "TMPDIR",
    "TZDIR",
    "USER",
    "VISUAL",
    "ZDOTDIR",
];

/// Beginnings of the names of such variables.
const OBEYED_FAMILIES: &[&str] = &[
    "BASH_FUNC_",
    "DYLD_",
    "GIT_",
    "JAVA_",
    "JDK_",
    "LC_",
    "LD_",
    "MALLOC_",
    "NODE_",
    "NPM_",
    "OPENSSL_",
    "PYTHON",
    "SSH_",
    "SUDO_",
    "_JAVA",
];

/// Runs the command. Where it succeeds, the command has taken the place of this program.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&[Format::Table])?;
    let store = context.open_existing()?;
    let intent = Intent::new(Action::SecretRead, args.id.as_str());
    context.check(&store, &intent)?;
    let snapshot = store.read()?;
    let connector = lookup::connector(&snapshot, &args.id)?;
    let stored = connector
        .secrets
        .iter()
        .map(|name| Ok((name, lookup::secret(&snapshot, &args.id, name)?)))
        .collect::<Result<Vec<_>>>()?;
    drop(snapshot);
    drop(store);
    let names = variables(&connector, args.prefix.as_deref())?;
    let mut variables = Vec::new();
    if stored.is_empty() {
        context
            .ui
            .note(&format!("Connector {} has no secrets.", args.id));
    } else {
        let identities = args.identity.load(context)?;
        for ((name, ciphertext), variable) in stored.iter().zip(names) {
            let secret = keys::open(&identities, &args.id, name, ciphertext)?;
            variables.push((variable, value(name, &secret)?));
        }
        let names: Vec<_> = connector.secrets.iter().collect();
        secrets::record_use(context, &args.id, &names)?;
    }
    let error = platform::replace_process(&args.command, &variables);
    let command = args
        .command
        .first()
        .map(|word| word.to_string_lossy().into_owned());
    let command = text::Quoted::from(command.unwrap_or_default().as_str());
    Err(Error::failure(format!("cannot run {command}: {error}")).caused_by(error))
}

/// The names of the variables, in the order of the secrets.
fn variables(connector: &Connector, prefix: Option<&str>) -> Result<Vec<String>> {
    let prefix = prefix.unwrap_or(connector.system.as_str());
    let mut names: Vec<String> = Vec::new();
    for secret in &connector.secrets {
        let name = variable_name(prefix, secret);
        if is_obeyed(&name) {
            return Err(Error::usage(format!(
                "secret {secret} of connector {} would become the variable {name}, which programs \
                 obey; nothing was run",
                connector.id
            ))
            .hint("choose other names with --prefix"));
        }
        if let Some(index) = names.iter().position(|other| *other == name) {
            return Err(Error::usage(format!(
                "the secrets {} and {secret} of connector {} would both become the variable \
                 {name}; nothing was run",
                connector.secrets[index], connector.id
            ))
            .hint("give one of them another name"));
        }
        names.push(name);
    }
    Ok(names)
}

fn variable_name(prefix: &str, secret: &SecretName) -> String {
    let joined = match prefix {
        "" => secret.to_string(),
        prefix => format!("{prefix}_{secret}"),
    };
    let upper = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    let name: String = joined.chars().map(upper).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("_{name}")
    } else {
        name
    }
}

fn is_obeyed(name: &str) -> bool {
    OBEYED.contains(&name)
        || OBEYED_FAMILIES
            .iter()
            .any(|family| name.starts_with(family))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_named_after_system_and_secret() {
        let name = |prefix, secret: &str| variable_name(prefix, &secret.parse().unwrap());
        assert_eq!(name("stripe", "api_key"), "STRIPE_API_KEY");
        assert_eq!(
            name("google-analytics", "client.id"),
            "GOOGLE_ANALYTICS_CLIENT_ID"
        );
        assert_eq!(name("", "token"), "TOKEN");
        assert_eq!(name("", "2fa"), "_2FA");
        assert_eq!(name("größe", "x"), "GR__E_X");
    }

    #[test]
    fn nothing_that_a_program_obeys_is_set() {
        for (prefix, secret) in [
            ("ld", "preload"),
            ("LD", "library-path"),
            ("dyld", "insert_libraries"),
            ("", "path"),
            ("", "ifs"),
            ("", "env"),
            ("bash", "env"),
            ("bash", "func_x"),
            ("", "pythonpath"),
            ("", "perl5opt"),
            ("node", "options"),
            ("", "ps4"),
            ("glibc", "tunables"),
        ] {
            let name = variable_name(prefix, &secret.parse().unwrap());
            assert!(is_obeyed(&name), "{name}");
        }
        for name in [
            "STRIPE_API_KEY",
            "PATH_KEY",
            "SHELLY_TOKEN",
            "ENV_KEY",
            "PSP_KEY",
        ] {
            assert!(!is_obeyed(name), "{name}");
        }
    }
}
