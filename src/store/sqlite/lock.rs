//! Waiting for another process.

#![expect(
    clippy::disallowed_methods,
    reason = "how long was waited is looked at here"
)]

use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::store::{Error, OpenOptions, Result};

/// How long the engine waits on its own. Only between two such turns does anybody look whether the
/// user wants to stop.
const TURN: Duration = Duration::from_millis(40);

/// Lets the engine wait no longer than one turn at a time.
pub(in crate::store) fn take_turns(connection: &Connection) -> Result<()> {
    Ok(connection.busy_timeout(TURN)?)
}

/// Tries until no other process stands in the way any more, for as long as the options allow, or
/// until the user interrupts.
pub(in crate::store) fn wait<T, E: Into<Error>>(
    options: &OpenOptions,
    mut attempt: impl FnMut() -> Result<T, E>,
) -> Result<T> {
    let started = Instant::now();
    loop {
        options.check_interrupted()?;
        let tried = Instant::now();
        match attempt().map_err(Into::into) {
            Err(Error::Busy(_)) if started.elapsed() < options.busy_timeout => {
                // Some locks are refused without any wait.
                std::thread::sleep(TURN.saturating_sub(tried.elapsed()));
            }
            Err(Error::Busy(_)) => return Err(Error::Busy(options.busy_timeout)),
            other => return other,
        }
    }
}
