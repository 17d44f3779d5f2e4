//! Environment variables that hold secrets.

use std::fmt;

use super::SecretName;

/// What programs obey, one pattern a line.
const OBEYED: &str = include_str!("obeyed_variables.txt");

/// The name of an environment variable: capital letters, digits and underscores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableName(String);

impl VariableName {
    /// The name of the variable for a secret, which begins with `prefix` unless that is empty.
    #[must_use]
    pub fn new(prefix: &str, secret: &SecretName) -> Self {
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
        Self(if name.starts_with(|c: char| c.is_ascii_digit()) {
            format!("_{name}")
        } else {
            name
        })
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether programs obey a variable of this name or shape: a loader, a shell, an interpreter, or
    /// one of the many that read their options, their folders or their proxy from one.
    #[must_use]
    pub fn is_obeyed(&self) -> bool {
        let lines = OBEYED.lines();
        let mut patterns = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        patterns.any(|pattern| {
            if let Some(end) = pattern.strip_prefix('*') {
                self.0.ends_with(end)
            } else if let Some(start) = pattern.strip_suffix('*') {
                self.0.starts_with(start)
            } else {
                self.0 == pattern
            }
        })
    }
}

impl fmt::Display for VariableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(prefix: &str, secret: &str) -> VariableName {
        VariableName::new(prefix, &secret.parse().unwrap())
    }

    #[test]
    fn variables_are_named_after_system_and_secret() {
        let name = |prefix, secret| variable(prefix, secret).to_string();
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
    fn a_pattern_has_at_most_one_star_at_one_end() {
        for line in OBEYED.lines() {
            let name = line.strip_prefix('*').or(line.strip_suffix('*'));
            let is_name = |name: &str| {
                let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
                !name.is_empty() && name.chars().all(is_part)
            };
            let is_pattern = is_name(name.unwrap_or(line));
            assert!(
                is_pattern || line.is_empty() || line.starts_with('#'),
                "{line}"
            );
        }
    }

    #[test]
    fn nothing_that_a_program_obeys_is_set() {
        for name in "
            LD_PRELOAD LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES PATH IFS ENV BASH_ENV BASH_FUNC_X
            PYTHONPATH PYTHONSTARTUP PERL5OPT NODE_OPTIONS PS4 GLIBC_TUNABLES TAR_OPTIONS
            RSYNC_RSH CVS_RSH VIMINIT EXINIT MAKEFLAGS GOFLAGS CFLAGS RUSTC_WRAPPER
            CARGO_BUILD_RUSTC_WRAPPER HTTPS_PROXY ALL_PROXY GOPROXY XDG_CONFIG_HOME
            XDG_DATA_DIRS CONNCTL_CONFIG CONNCTL_STORE DOTNET_STARTUP_HOOKS JAVA_TOOL_OPTIONS
            MAVEN_OPTS MAVEN_ARGS GRADLE_OPTS JDK_JAVA_OPTIONS PGOPTIONS PGSERVICEFILE
            GIT_SSH_COMMAND GIT_ASKPASS SSH_ASKPASS SUDO_EDITOR KUBE_EDITOR KUBECONFIG
            DOCKER_CONFIG DOCKER_HOST AWS_CONFIG_FILE AWS_CA_BUNDLE AWS_ENDPOINT_URL_S3
            AWS_PROFILE CURL_CA_BUNDLE CURL_HOME REQUESTS_CA_BUNDLE SSL_CERT_FILE SSLKEYLOGFILE
            WGETRC NETRC INPUTRC PIP_INDEX_URL PIP_CONFIG_FILE NPM_CONFIG_REGISTRY
            BUNDLE_GEMFILE GEM_HOME RUBYOPT LUA_INIT LUA_INIT_5_4 PHPRC PHP_INI_SCAN_DIR
            R_PROFILE R_ENVIRON_USER ERL_FLAGS FZF_DEFAULT_OPTS FZF_DEFAULT_COMMAND
            RESTIC_PASSWORD_COMMAND BORG_PASSCOMMAND MANPAGER SYSTEMD_PAGER LESSOPEN
            CONFIG_SHELL XZ_OPT XZ_DEFAULTS GZIP ANSIBLE_SSH_ARGS ANSIBLE_VAULT_PASSWORD_FILE
            MAKEFILES TF_CLI_ARGS TF_CLI_CONFIG_FILE VAULT_PROXY GTK_MODULES QT_PLUGIN_PATH
            CARGO_TARGET_X86_RUNNER CMAKE_C_COMPILER CMAKE_C_COMPILER_LAUNCHER COR_PROFILER
            DJANGO_SETTINGS_MODULE HOME GNUPGHOME SSH_AUTH_SOCK DBUS_SESSION_BUS_ADDRESS
            MYSQL_HOME OPENSSL_CONF KRB5_CONFIG LD CC SHELLOPTS PROMPT_COMMAND
        "
        .split_whitespace()
        {
            assert!(VariableName(name.to_owned()).is_obeyed(), "{name}");
        }
    }

    #[test]
    fn the_usual_secrets_pass() {
        for name in "
            STRIPE_API_KEY STRIPE_WEBHOOK_URL PATH_KEY SHELLY_TOKEN ENV_KEY PSP_KEY TOKEN
            PASSWORD API_KEY CLIENT_ID CLIENT_SECRET PGPASSWORD PGUSER MYSQL_PWD
            AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN GITHUB_TOKEN GH_TOKEN
            VAULT_TOKEN RESTIC_PASSWORD BORG_PASSPHRASE DATABASE_URL SFTP_PRIVATE_KEY SFTP_HOST
            SFTP_USERNAME SENTRY_DSN TF_VAR_API_KEY SLACK_WEBHOOK X_WEB_HOOK X_CERTIFICATE DOCKER_PASSWORD
            GCP_SERVICE_ACCOUNT NETSUITE_ACCOUNT_ID SALESFORCE_INSTANCE_URL PIN
        "
        .split_whitespace()
        {
            assert!(!VariableName(name.to_owned()).is_obeyed(), "{name}");
        }
    }
}
