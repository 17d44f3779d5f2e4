//! Connectors of an imported file, with their secrets.

use serde_json::json;

use super::counts::Fate;
use super::{IfExposed, Import};
use crate::error::{Error, Result};
use crate::input::Place;
use crate::model::{
    Action, Connector, ConnectorId, ConnectorRecord, Exposed, Permission, SecretName, SecretText,
    text,
};
use crate::ops::detail_of;
use crate::ops::exposed::look_alike;
use crate::store;

impl Import<'_> {
    pub(super) fn add_connector(
        &mut self,
        mut record: ConnectorRecord,
        place: &Place,
    ) -> Result<Fate> {
        let sealed = self.take_exposed(&mut record, place)?;
        // A file that says nothing of secrets leaves them as they are.
        let names_all = record.secrets.is_some();
        if !sealed.is_empty() {
            let secrets = record.secrets.get_or_insert_default();
            secrets.0.extend(sealed);
        }
        let secrets = match record.secrets.take() {
            Some(texts) => Some(self.ciphertexts(&record.id, &texts, place)?),
            None => None,
        };
        let before = match self.seen {
            Some(_) => match self.change.connector(&record.id) {
                Err(store::Error::UnreadableRecord { .. }) => {
                    return self.replace_unreadable(record, secrets, names_all, place);
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
            Some(secrets) => {
                let known = if names_all { &before.secrets } else { &[][..] };
                self.keep_secrets(&before.id, known, secrets)?
            }
            None => false,
        };
        if connector == before && !secrets_changed {
            return Ok(Fate::Unchanged);
        }
        if secrets_changed {
            connector.secrets = self.change.secret_names(&connector.id)?;
        }
        connector.revision = self.change.new_revision()?;
        if !is_dated {
            connector.updated_at = self.context.now;
        }
        self.replace_connector(&connector, place)
    }

    /// Puts what a connector is to be in the place of what it is.
    fn replace_connector(&self, connector: &Connector, place: &Place) -> Result<Fate> {
        let replaced = self.change.update_connector(connector);
        replaced.map_err(|error| self.refused_by(place, error))?;
        let (id, detail) = (connector.id.as_str(), detail_of(connector));
        self.change.record(Action::ConnectorEdit, id, detail)?;
        Ok(Fate::Replaced)
    }

    /// Puts a record in the place of one that cannot be read, of which only the secrets are kept
    /// where the file says nothing of them.
    fn replace_unreadable(
        &self,
        record: ConnectorRecord,
        secrets: Option<Vec<(SecretName, Vec<u8>)>>,
        names_all: bool,
        place: &Place,
    ) -> Result<Fate> {
        let connector = record.into_connector(self.context.now, self.change.new_revision()?);
        if let Some(secrets) = secrets {
            let before = if names_all {
                self.change.secret_names(&connector.id)?
            } else {
                Vec::new()
            };
            self.keep_secrets(&connector.id, &before, &secrets)?;
        }
        self.replace_connector(&connector, place)
    }

    /// Takes what looks like a secret out of the settings, or refuses it, or lets it stay.
    fn take_exposed(
        &self,
        record: &mut ConnectorRecord,
        place: &Place,
    ) -> Result<Vec<(SecretName, SecretText)>> {
        if self.exposed == IfExposed::Allow {
            return Ok(Vec::new());
        }
        let exposed = record.settings.exposed();
        let refused = |hint: &str| {
            let message = format!("connector {}: {}", record.id, look_alike(&exposed));
            self.wrong(place, &message).hint(hint)
        };
        let names = exposed.iter().map(Exposed::secret_name);
        let Some(names) = names.collect::<Option<Vec<_>>>() else {
            return Err(refused(
                "such a name cannot be that of a secret; give --allow-plain to let it pass",
            ));
        };
        if self.exposed == IfExposed::Refuse && !exposed.is_empty() {
            return Err(refused(
                "give --seal to make secrets of such settings, or --allow-plain to let them pass",
            ));
        }
        let mut sealed: Vec<(SecretName, SecretText)> = Vec::new();
        for (one, name) in exposed.iter().zip(names) {
            let in_file = record.secrets.as_ref();
            if in_file.is_some_and(|secrets| secrets.0.contains_key(&name))
                || sealed.iter().any(|(other, _)| *other == name)
            {
                let message = format!(
                    "connector {}: setting {} cannot become secret {name}, because there is one",
                    record.id,
                    text::visible(&one.place)
                );
                return Err(self.wrong(place, &message));
            }
            if let Some(text) = record.settings.take(one) {
                sealed.push((name, text.into()));
            }
        }
        Ok(sealed)
    }

    /// Makes these the secrets of the connector, which has those of the names `before`; whether
    /// that changed anything.
    fn keep_secrets(
        &self,
        id: &ConnectorId,
        before: &[SecretName],
        secrets: &[(SecretName, Vec<u8>)],
    ) -> Result<bool> {
        let record = |action, name: &SecretName| {
            let detail = Some(json!({"name": name}));
            self.change.record(action, id.as_str(), detail)
        };
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
                if self.change.remove_secret(id, name)? {
                    record(Action::SecretDelete, name)?;
                    changed = true;
                }
            }
        }
        for (name, ciphertext) in secrets {
            if self.change.secret(id, name)?.as_ref() != Some(ciphertext) {
                self.change
                    .set_secret(id, name, ciphertext, self.context.now)?;
                record(Action::SecretSet, name)?;
                changed = true;
            }
        }
        Ok(changed)
    }
}
