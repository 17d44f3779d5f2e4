//! Connectors of an imported file, with their secrets.

use super::Import;
use super::counts::Fate;
use crate::error::{Error, Result};
use crate::input::Place;
use crate::model::{ConnectorId, ConnectorRecord, Permission, SecretName};
use crate::store;

impl Import<'_> {
    pub(super) fn add_connector(
        &mut self,
        mut record: ConnectorRecord,
        place: &Place,
    ) -> Result<Fate> {
        let secrets = match record.secrets.take() {
            Some(texts) => Some(self.ciphertexts(&record.id, &texts, place)?),
            None => None,
        };
        let before = match self.seen {
            Some(_) => match self.change.connector(&record.id) {
                Err(store::Error::UnreadableRecord { .. }) => {
                    return self.replace_unreadable(record, secrets, place);
                }
                read => read?,
            },
            None => None,
        };
        let Some(before) = before else {
            let connector = record.into_connector(self.context.now, self.change.new_revision()?);
            let added = self.change.insert_connector(&connector);
            added.map_err(|error| self.refused_by(place, error))?;
            self.keep_secrets(&connector.id, &[], &secrets.unwrap_or_default())?;
            return Ok(Fate::Added);
        };
        if record.environment != before.environment {
            return Err(self.wrong(
                place,
                &format!(
                    "connector {} is {} and cannot become {}",
                    before.id, before.environment, record.environment
                ),
            ));
        }
        record.created_at = record.created_at.or(Some(before.created_at));
        let is_dated = record.updated_at.is_some();
        let mut connector = record.into_connector(before.updated_at, before.revision);
        connector.secrets.clone_from(&before.secrets);
        // What only an admin decides is not a file's to change.
        connector.protected = before.protected;
        connector.retired_at = before.retired_at;
        connector.retired_until = before.retired_until;
        connector.origin.clone_from(&before.origin);
        connector.last_used_at = connector.last_used_at.or(before.last_used_at);
        let secrets_changed = match &secrets {
            Some(secrets) => self.keep_secrets(&before.id, &before.secrets, secrets)?,
            None => false,
        };
        if connector == before && !secrets_changed {
            return Ok(Fate::Unchanged);
        }
        connector.revision = self.change.new_revision()?;
        if !is_dated {
            connector.updated_at = self.context.now;
        }
        let replaced = self.change.update_connector(&connector);
        replaced
            .map(|()| Fate::Replaced)
            .map_err(|error| self.refused_by(place, error))
    }

    /// Puts a record in the place of one that cannot be read, of which only the secrets are kept
    /// where the file says nothing of them.
    fn replace_unreadable(
        &self,
        record: ConnectorRecord,
        secrets: Option<Vec<(SecretName, Vec<u8>)>>,
        place: &Place,
    ) -> Result<Fate> {
        let connector = record.into_connector(self.context.now, self.change.new_revision()?);
        if let Some(secrets) = secrets {
            let before = self.change.secret_names(&connector.id)?;
            self.keep_secrets(&connector.id, &before, &secrets)?;
        }
        let replaced = self.change.update_connector(&connector);
        replaced
            .map(|()| Fate::Replaced)
            .map_err(|error| self.refused_by(place, error))
    }

    /// Makes these the secrets of the connector, which has those of the names `before`; whether
    /// that changed anything.
    fn keep_secrets(
        &self,
        id: &ConnectorId,
        before: &[SecretName],
        secrets: &[(SecretName, Vec<u8>)],
    ) -> Result<bool> {
        let mut changed = false;
        for name in before {
            if !secrets.iter().any(|(kept, _)| kept == name) {
                let allowed = self.change.require(Permission::Remove);
                allowed.map_err(|error| Error {
                    message: format!(
                        "the file would remove secret {name} of connector {id}; {}",
                        error.message
                    ),
                    ..error
                })?;
                changed |= self.change.remove_secret(id, name)?;
            }
        }
        for (name, ciphertext) in secrets {
            if self.change.secret(id, name)?.as_ref() != Some(ciphertext) {
                self.change.set_secret(id, name, ciphertext)?;
                changed = true;
            }
        }
        Ok(changed)
    }
}
