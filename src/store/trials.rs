//! Connectors on trial, and the attempts to use them, which the audit trail holds.

use std::ops::Range;

use super::engine::{OptionalExtension, params};
use super::error::damaged;
use super::query::text;
use super::{Result, Snapshot};
use crate::model::{Action, Attempt, Attempts, ConnectorId, Time, Verdict};

/// Asks since when a connector is on trial.
pub(super) const BEGAN: &str = "SELECT retired_at FROM connectors WHERE id = ?1";

impl Snapshot<'_> {
    /// Those of the connectors that are on trial.
    pub fn on_trial<'i>(
        &self,
        ids: impl IntoIterator<Item = &'i ConnectorId>,
    ) -> Result<Vec<ConnectorId>> {
        let mut found = Vec::new();
        for id in ids {
            if self.trial_began(id)?.is_some() {
                found.push(id.clone());
            }
        }
        Ok(found)
    }

    /// When the trial of a connector began; `None` if it is on none.
    pub fn trial_began(&self, id: &ConnectorId) -> Result<Option<Time>> {
        let mut statement = self.transaction.prepare_cached(BEGAN)?;
        let began: Option<Option<String>> = statement
            .query_row([id.as_str()], |row| row.get(0))
            .optional()?;
        let began = began.flatten().map(|began| began.parse());
        let began = began.transpose();
        began.map_err(|error| damaged("retired_at", id.as_str(), error))
    }

    /// Who tried to use the connector since then, under whatever id it had at that time.
    ///
    /// The clock may have been set back since then: what no revival and no deletion stands behind in
    /// the trail belongs to this trial whatever its time.
    pub(super) fn attempts(&self, id: &ConnectorId, since: Time) -> Result<Attempts> {
        let mut attempts = Attempts::default();
        let mut called = Some((id.as_str().to_owned(), i64::MAX));
        let mut ended = 0;
        while let Some((id, before)) = called {
            let renamed = self.called_before(&id, before)?;
            let after = renamed.as_ref().map_or(0, |(_, sequence)| *sequence);
            ended = ended.max(self.ended_before(&id, before)?);
            self.add_attempts(&mut attempts, &id, (since, ended), after..before)?;
            called = renamed;
        }
        Ok(attempts)
    }

    /// The last entry of the trail, of those before this one, with which another trial of the
    /// connector of this id was over.
    fn ended_before(&self, id: &str, before: i64) -> Result<i64> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT sequence FROM audit
             WHERE subject = ?1 AND action IN (?2, ?3) AND outcome = ?4 AND sequence < ?5
             ORDER BY sequence DESC LIMIT 1",
        )?;
        let (revive, delete) = (Action::ConnectorRevive, Action::ConnectorDelete);
        let (revive, delete) = (revive.as_str(), delete.as_str());
        let done = Verdict::Done.as_str();
        let parameters = params![id, revive, delete, done, before];
        let found = statement.query_row(parameters, |row| row.get(0));
        Ok(found.optional()?.unwrap_or(0))
    }

    /// Adds those under one id, of these entries of the trail: since that time, or behind that entry.
    fn add_attempts(
        &self,
        attempts: &mut Attempts,
        id: &str,
        (since, ended): (Time, i64),
        entries: Range<i64>,
    ) -> Result<()> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT \"user\", time FROM audit
             WHERE subject = ?1 AND action = ?2 AND outcome = ?3
               AND (time >= ?4 OR sequence > ?7) AND sequence >= ?5 AND sequence < ?6
             ORDER BY sequence DESC",
        )?;
        let mut rows = statement.query(params![
            id,
            Action::ConnectorUse.as_str(),
            Verdict::Retired.as_str(),
            since.to_string(),
            entries.start,
            entries.end,
            ended
        ])?;
        while let Some(row) = rows.next()? {
            attempts.count += 1;
            if attempts.last.is_none() {
                attempts.last = Some(Attempt {
                    user: text(row, 0)?.to_owned(),
                    time: text(row, 1)?.to_owned(),
                });
            }
        }
        Ok(())
    }

    /// What the connector was called before it got this id, and the entry of the trail that tells,
    /// of those before this one.
    fn called_before(&self, id: &str, before: i64) -> Result<Option<(String, i64)>> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT subject, sequence FROM audit
             WHERE sequence IN (SELECT sequence FROM audit_mentions WHERE id = ?1)
               AND action = ?2 AND outcome = ?3 AND sequence < ?4 AND subject <> ?1
             ORDER BY sequence DESC LIMIT 1",
        )?;
        let rename = (Action::ConnectorRename.as_str(), Verdict::Done.as_str());
        let parameters = params![id, rename.0, rename.1, before];
        let found = statement.query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(found.optional()?)
    }
}
