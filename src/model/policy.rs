//! The rules that a store can demand of what it holds.

use std::str::FromStr;

use super::macros::named;
use super::text;

named! {
    /// A rule of the store that an administrator turns on or off. All are off in a new store.
    pub enum Policy {
        /// At most one live and one testing connector for each system and group. Connectors without
        /// a group are one group of their own.
        OnePerSystem = "one_per_system",
        /// Every deletion needs a reason, which is kept in the audit trail.
        RequireReason = "require_reason",
    }
}

impl Policy {
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

/// A text that names no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no policy {0}; the policies are: {list}", list = Policy::ALL.map(Policy::as_str).join(", "))]
pub struct UnknownPolicy(text::Quoted);

impl FromStr for Policy {
    type Err = UnknownPolicy;

    fn from_str(text: &str) -> Result<Self, UnknownPolicy> {
        Self::from_name(text).ok_or_else(|| UnknownPolicy(text.into()))
    }
}
