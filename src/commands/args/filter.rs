//! Which connectors a command is about.

use crate::error::{Error, Result};
use crate::model::{ConnectorFilter, Duration, Environment, Label, Search, Time};

/// The environments that a command looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Scope {
    /// Connectors of the live environment
    Live,
    /// Connectors of the testing environment
    Testing,
    /// Connectors of both environments
    All,
}

impl Scope {
    /// The one environment, unless it is both.
    pub fn environment(self) -> Option<Environment> {
        match self {
            Self::Live => Some(Environment::Live),
            Self::Testing => Some(Environment::Testing),
            Self::All => None,
        }
    }
}

/// Conditions on connectors; they combine with AND.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Filters (all given must hold)")]
pub struct FilterArgs {
    /// Of this system
    #[arg(long, value_name = "SYSTEM")]
    pub system: Option<Label>,
    /// Of this company group
    #[arg(long, value_name = "GROUP")]
    pub group: Option<Label>,
    /// That no service refers to, not even an inactive one
    #[arg(long)]
    pub unused: bool,
    /// Whose time of expiry has come
    #[arg(long)]
    pub expired: bool,
    /// On trial
    #[arg(long)]
    pub retired: bool,
    /// Neither added nor used for this long, such as 90d or 6mo
    #[arg(long, value_name = "DURATION")]
    pub idle_for: Option<Duration>,
    /// With this text in id, name, system or, in "list", note; case and accents as they come
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
}

impl FilterArgs {
    /// The conditions as seen from `now`.
    pub fn into_filter(self, scope: Scope, now: Time) -> Result<ConnectorFilter> {
        Ok(ConnectorFilter {
            environment: scope.environment(),
            system: self.system,
            group: self.group,
            unused: self.unused,
            protected: false,
            retired: self.retired,
            used_by: None,
            expired_at: self.expired.then_some(now),
            idle_since: self.idle_for.map(|duration| now.before(&duration)),
            search: search(self.search)?,
            searches_notes: false,
        })
    }
}

/// What to look for.
pub fn search(wanted: Option<String>) -> Result<Option<Search>> {
    let nothing = || Error::usage("--search needs a text to search for");
    wanted
        .map(|wanted| Search::new(&wanted).ok_or_else(nothing))
        .transpose()
}

/// What an idle time came to, if the filter asks for one.
pub fn idle_note(filter: &ConnectorFilter) -> Option<String> {
    let since = filter.idle_since?;
    Some(format!("Idle: neither added nor used after {since}."))
}
