//! Recording that somebody tried to use a connector on trial.

use super::Context;
use crate::error::{Error, Kind, Result};
use crate::model::{Action, ConnectorId, Verdict};
use crate::platform;
use crate::store::{self, Ciphertext};

impl Context {
    /// What a person is told of an error that ended the command. An attempt to use connectors on
    /// trial is recorded first and told to the hooks, and where it cannot be recorded, that is what
    /// is told: whoever waits for a trial to end must not miss one. Every command ends here, so that
    /// no door can forget it. A dry run uses nothing.
    pub fn attempted(&self, error: Error) -> Error {
        let Some(refusal @ store::Error::OnTrial(ids)) = error.of_store() else {
            return error;
        };
        if self.is_dry_run.get() {
            return error;
        }
        match self.record_attempts(ids) {
            Ok(true) => Error {
                message: format!(
                    "{refusal}; this attempt was recorded, and nothing else was changed"
                ),
                ..error
            },
            Ok(false) => error,
            Err(cause) if cause.kind == Kind::Interrupted => cause,
            Err(cause) => Error {
                message: format!(
                    "{refusal}; the attempt cannot be recorded: {}",
                    cause.message
                ),
                ..cause
            },
        }
    }

    /// Records an attempt to use each of the connectors; false if there is no store that they are
    /// in.
    fn record_attempts(&self, ids: &[ConnectorId]) -> Result<bool> {
        let _held = platform::signals().hold();
        let Some(mut store) = self.opened(&self.open_options())? else {
            return Ok(false);
        };
        let recorded = store.change(Ciphertext::None, |change| {
            let mut recorded = None;
            for id in ids {
                let mut event = self.event(
                    Action::ConnectorUse,
                    Some(id.as_str()),
                    Verdict::Retired,
                    None,
                );
                // This command may have begun before the trial did.
                event.time = change
                    .trial_began(id)?
                    .map_or(self.now, |began| began.max(self.now));
                let sequence = change.record(event)?;
                recorded = Some((recorded.map_or(sequence, |(first, _)| first), sequence));
            }
            Ok::<_, Error>(recorded)
        })?;
        platform::signals().disarm();
        if let Some((first, last)) = recorded {
            self.announce(&store, &(first..=last), "the attempt was recorded");
        }
        Ok(true)
    }
}
