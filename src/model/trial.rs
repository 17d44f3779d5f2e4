//! Connectors on trial: nobody may use them, and whoever tries is counted.

use std::fmt;

use super::{Time, text};

/// The trial of a connector. It lasts until the connector is deleted or revived, also beyond its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// When it is over; where nothing is known of that, never.
    pub until: Option<Time>,
    /// Who tried to use the connector since the trial began.
    pub attempts: Attempts,
}

/// Attempts to use a connector on trial. Each was refused.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attempts {
    /// How many there were.
    pub count: u64,
    /// The last one.
    pub last: Option<Attempt>,
}

/// An attempt to use a connector on trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Whose it was.
    pub user: String,
    /// When.
    pub time: String,
}

impl Trial {
    /// Whether its time is over and nobody missed the connector.
    #[must_use]
    pub fn is_passed(&self, now: Time) -> bool {
        self.until.is_some_and(|until| until <= now) && self.attempts.count == 0
    }
}

impl fmt::Display for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("on trial")?;
        if let Some(until) = self.until {
            write!(f, " until {until}")?;
        }
        match &self.attempts {
            Attempts { count: 1, last } => {
                f.write_str("; it was tried once")?;
                last.as_ref().map_or(Ok(()), |last| write!(f, ", {last}"))
            }
            Attempts {
                count,
                last: Some(last),
            } => write!(f, "; it was tried {count} times, the last time {last}"),
            Attempts { .. } => f.write_str("; nobody tried to use it"),
        }
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "by {} at {}", text::visible(&self.user), self.time)
    }
}

/// What a deletion does about connectors on trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trials {
    /// They go like others: somebody named them.
    #[default]
    Go,
    /// They stay.
    Stay,
    /// Those go whose time is over by then and that nobody missed; the others stay.
    GoIfPassed(Time),
}

impl Trials {
    /// Whether a connector on this trial stays.
    #[must_use]
    pub fn keeps(self, trial: &Trial) -> bool {
        match self {
            Self::Go => false,
            Self::Stay => true,
            Self::GoIfPassed(now) => !trial.is_passed(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u32) -> Time {
        format!("2026-11-21T10:00:{second:02}Z").parse().unwrap()
    }

    fn trial(count: u64) -> Trial {
        let last = Attempt {
            user: "kim".to_owned(),
            time: at(7).to_string(),
        };
        Trial {
            until: Some(at(30)),
            attempts: Attempts {
                count,
                last: (count > 0).then_some(last),
            },
        }
    }

    #[test]
    fn only_what_nobody_missed_goes_and_not_before_its_time() {
        assert!(Trials::GoIfPassed(at(29)).keeps(&trial(0)));
        assert!(!Trials::GoIfPassed(at(30)).keeps(&trial(0)));
        assert!(Trials::GoIfPassed(at(31)).keeps(&trial(1)));
        assert!(Trials::Stay.keeps(&trial(0)));
        assert!(!Trials::Go.keeps(&trial(1)));
        let endless = Trial {
            until: None,
            ..trial(0)
        };
        assert!(Trials::GoIfPassed(Time::LATEST).keeps(&endless));
    }

    #[test]
    fn a_trial_says_who_tried_last() {
        let shown = [0, 1, 2].map(|count| trial(count).to_string());
        assert_eq!(
            shown,
            [
                "on trial until 2026-11-21T10:00:30Z; nobody tried to use it",
                "on trial until 2026-11-21T10:00:30Z; it was tried once, by kim at \
                 2026-11-21T10:00:07Z",
                "on trial until 2026-11-21T10:00:30Z; it was tried 2 times, the last time by kim at \
                 2026-11-21T10:00:07Z",
            ]
        );
    }
}
