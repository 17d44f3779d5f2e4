//! Connectors of an imported file, with their secrets.

use serde_json::json;

use super::counts::Fate;
use super::secrets::Coming;
use super::{IfExposed, Import};
use crate::error::{Error, Result};
use crate::input::Place;
use crate::model::{
    Action, ConnectorId, ConnectorPatch, Exposed, Permission, RecordType, SecretName,
    changed_fields, text,
};
use crate::ops::exposed::{look_alike, note_removal};

impl Import<'_> {
    pub(super) fn add_connector(&mut self, mut patch: ConnectorPatch, place: &Place) -> Result<()> {
        self.seal_exposed(&mut patch, place)?;
        let id = patch.id.clone();
        let secrets = std::mem::take(&mut patch.secrets);
        let secrets = self.coming(&id, secrets, place)?;
        let before = if self.looks_up() {
            self.change.salvaged_connector(&id)?
        } else {
            None
        };
        let Some(before) = before else {
            return self.insert_connector(patch, &secrets, place);
        };
        // What cannot be read is what the file says of it.
        let is_whole = before.is_whole();
        let is_lost = |field| !before.is_readable(field);
        let lost = ["environment", "created_at", "secrets"].map(is_lost);
        let [no_environment, no_creation, no_secrets] = lost;
        let is_all = self.replaces();
        let before = before.but_for(|field| is_all || patch.sets(field))?;
        let origin = before.origin.as_ref();
        if !self.is_ours(RecordType::Connector, id.as_str(), origin, place) {
            return Ok(());
        }
        let environment = patch.environment.unwrap_or(before.environment);
        if environment != before.environment && !no_environment {
            let message = format!(
                "connector {id} is {} and cannot become {environment}",
                before.environment
            );
            return Err(self.wrong(place, &message));
        }
        let is_dated = patch.updated_at.is_some();
        let mut connector = before.clone();
        connector.environment = environment;
        if no_creation {
            connector.created_at = self.context.now;
        }
        patch.apply(&mut connector);
        connector.origin = self.origin().or(connector.origin);
        if no_secrets && secrets.others_go {
            self.change.require(Permission::Remove)?;
            self.change.remove_secrets(&id)?;
        }
        let changed_secrets = self.keep_secrets(&id, &before.secrets, &secrets)?;
        if connector == before && changed_secrets.is_empty() && is_whole {
            return self.tell(RecordType::Connector, id.as_str(), Fate::Unchanged, &[]);
        }
        connector.secrets = secrets.names(&before.secrets);
        connector.revision = self.change.new_revision()?;
        if !is_dated {
            connector.updated_at = self.context.now;
        }
        note_removal(self.change, &before.settings, &connector.settings);
        let replaced = if is_whole {
            self.change.update_connector(&connector)
        } else {
            self.change.put_connector_right(&connector)
        };
        replaced.map_err(|error| self.refused_by(place, error))?;
        let detail = connector.detail();
        self.change
            .record(Action::ConnectorEdit, id.as_str(), detail)?;
        let changes = if self.fates.wants_changes() {
            let secrets = changed_secrets.iter().map(|name| format!("secrets.{name}"));
            let mut changes = changed_fields(&before, &connector);
            changes.extend(secrets);
            changes
        } else {
            Vec::new()
        };
        self.tell(RecordType::Connector, id.as_str(), self.changed, &changes)
    }

    fn insert_connector(
        &mut self,
        patch: ConnectorPatch,
        secrets: &Coming,
        place: &Place,
    ) -> Result<()> {
        let id = patch.id.clone();
        if patch.governs() {
            self.check_governing(RecordType::Connector, id.as_str())?;
        }
        let connector = patch.into_connector(self.context.now, self.change.new_revision()?);
        let mut connector = connector.map_err(|field| {
            let message = format!("connector {id} is new and needs the field `{field}`");
            self.wrong(place, &message)
        })?;
        if connector.retired_at.is_some() != connector.retired_until.is_some() {
            let message = format!("connector {id} has only one of retired_at and retired_until");
            return Err(self.wrong(place, &message));
        }
        connector.origin = self.origin().or(connector.origin);
        let added = self.change.insert_connector(&connector);
        added.map_err(|error| self.refused_by(place, error))?;
        self.keep_secrets(&id, &[], secrets)?;
        self.tell(RecordType::Connector, id.as_str(), Fate::Added, &[])
    }

    /// Makes secrets of settings that look like some, or refuses them, or lets them stay.
    fn seal_exposed(&self, patch: &mut ConnectorPatch, place: &Place) -> Result<()> {
        let (IfExposed::Refuse | IfExposed::Seal, Some(settings)) =
            (self.exposed, &mut patch.settings)
        else {
            return Ok(());
        };
        let exposed = settings.exposed();
        let refused = |hint: &str| {
            let message = format!("connector {}: {}", patch.id, look_alike(&exposed));
            self.wrong(place, &message).hint(hint)
        };
        let names = exposed.iter().map(Exposed::secret_name);
        let Some(names) = names.collect::<Option<Vec<_>>>() else {
            return Err(refused(&format!(
                "such a name cannot be that of a secret: leave it out of the file, and set it under \
                 another: connctl secret set {} NAME; or give --allow-plain to let it pass",
                patch.id
            )));
        };
        if self.exposed == IfExposed::Refuse && !exposed.is_empty() {
            return Err(refused(
                "give --seal to make secrets of such settings, or --allow-plain to let them pass",
            ));
        }
        for (one, name) in exposed.iter().zip(names) {
            if patch.secrets.sets(&name) {
                let message = format!(
                    "connector {}: setting {} cannot become secret {name}, because there is one",
                    patch.id,
                    text::visible(&one.place)
                );
                return Err(self.wrong(place, &message));
            }
            if let Some(text) = settings.take(one) {
                patch.secrets.set(name, text.into());
            }
        }
        Ok(())
    }

    /// Lets the connector, which has secrets of the names `before`, have those that come; returns
    /// the names of those that changed.
    fn keep_secrets(
        &self,
        id: &ConnectorId,
        before: &[SecretName],
        coming: &Coming,
    ) -> Result<Vec<SecretName>> {
        let record = |action, name: &SecretName| {
            let detail = Some(json!({"name": name}));
            self.change.record(action, id.as_str(), detail)
        };
        let mut changed = Vec::new();
        for name in before.iter().filter(|name| coming.removes(name)) {
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
                changed.push(name.clone());
            }
        }
        for (name, ciphertext) in &coming.set {
            let is_new = !before.contains(name);
            if is_new || self.change.secret(id, name)?.as_ref() != Some(ciphertext) {
                self.change
                    .set_secret(id, name, ciphertext, self.context.now)?;
                record(Action::SecretSet, name)?;
                changed.push(name.clone());
            }
        }
        Ok(changed)
    }
}
