//! The rules that a store can demand of what it holds.

use std::fmt;
use std::str::FromStr;

use super::text;

/// A rule of the store that an administrator turns on or off. All are off in a new store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// At most one live and one testing connector for each system and group. Connectors without a
    /// group are one group of their own.
    OnePerSystem,
    /// Every deletion needs a reason, which is kept in the audit trail.
    RequireReason,
}

impl Policy {
    /// Every policy, by name.
    pub const ALL: [Self; 2] = [Self::OnePerSystem, Self::RequireReason];

    /// The name used in commands and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnePerSystem => "one_per_system",
            Self::RequireReason => "require_reason",
        }
    }

    /// What the policy demands, in one line.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::OnePerSystem => {
                "at most one live and one testing connector for each system and group"
            }
            Self::RequireReason => "every deletion needs a reason, given with --reason",
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no policy {0}; the policies are: {list}", list = Policy::ALL.map(Policy::as_str).join(", "))]
pub struct UnknownPolicy(text::Quoted);

impl FromStr for Policy {
    type Err = UnknownPolicy;

    fn from_str(text: &str) -> Result<Self, UnknownPolicy> {
        Self::ALL
            .into_iter()
            .find(|policy| policy.as_str() == text)
            .ok_or_else(|| UnknownPolicy(text.into()))
    }
}
