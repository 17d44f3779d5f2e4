//! Where a connector works.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The environment of a connector, fixed when it is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Production: what the connector does has effects.
    Live,
    /// For trying out.
    Testing,
}

impl Environment {
    /// Both environments.
    pub const ALL: [Self; 2] = [Self::Live, Self::Testing];

    /// The name used in commands, files and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Testing => "testing",
        }
    }

    /// The environment of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.as_str() == name)
    }

    /// The environment that this one is not.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Live => Self::Testing,
            Self::Testing => Self::Live,
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
