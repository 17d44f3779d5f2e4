//! Where a connector works.

use super::macros::named;

named! {
    /// The environment of a connector, fixed when it is added.
    pub enum Environment {
        /// Production: what the connector does has effects.
        Live = "live",
        /// For trying out.
        Testing = "testing",
    }
}

impl Environment {
    /// The environment that this one is not.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Live => Self::Testing,
            Self::Testing => Self::Live,
        }
    }
}
