//! What is done to what a deletion picks.

use super::{Outcome, Time};

/// What is done to what is picked and free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Deed {
    /// It is deleted for good.
    #[default]
    Delete,
    /// It is put on trial: it stays, and nobody may use it.
    Retire {
        /// When the trial is over.
        until: Time,
    },
}

impl Deed {
    /// What it is, as a command: "to delete".
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Retire { .. } => "retire",
        }
    }

    /// What was done then: "was deleted".
    #[must_use]
    pub fn done(self) -> &'static str {
        match self {
            Self::Delete => "deleted",
            Self::Retire { .. } => "retired",
        }
    }

    /// The same, with the end of a trial.
    #[must_use]
    pub fn done_until(self) -> String {
        match self {
            Self::Delete => self.done().to_owned(),
            Self::Retire { until } => format!("{} until {until}", self.done()),
        }
    }

    /// What it comes to, as the end of a sentence: "will be …".
    #[must_use]
    pub fn consequence(self) -> String {
        match self {
            Self::Delete => "deleted permanently".to_owned(),
            Self::Retire { until } => format!("out of use, on trial until {until}"),
        }
    }

    /// What became of what was free.
    #[must_use]
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Delete => Outcome::Deleted,
            Self::Retire { .. } => Outcome::Retired,
        }
    }

    /// What would become of it.
    #[must_use]
    pub fn planned(self) -> Outcome {
        match self {
            Self::Delete => Outcome::WouldDelete,
            Self::Retire { .. } => Outcome::WouldRetire,
        }
    }
}
