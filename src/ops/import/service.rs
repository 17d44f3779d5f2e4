//! Services of an imported file, and the connectors that they refer to.

use super::counts::Fate;
use super::{Import, NAMED};
use crate::error::{Error, Result};
use crate::input::Place;
use crate::model::{Action, RecordType, Service, ServicePatch, changed_service_fields};
use crate::ops::trial;

impl Import<'_> {
    pub(super) fn add_service(&mut self, patch: ServicePatch, place: &Place) -> Result<()> {
        let id = patch.id.clone();
        let before = if self.looks_up() {
            self.change.salvaged_service(&id)?
        } else {
            None
        };
        let Some(before) = before else {
            return self.insert_service(patch, place);
        };
        // What cannot be read is what the file says of it.
        let is_whole = before.is_whole();
        let no_creation = !before.is_readable("created_at");
        let is_all = self.replaces();
        let before = before.but_for(|field| is_all || patch.sets(field))?;
        let origin = before.origin.as_ref();
        if !self.is_ours(RecordType::Service, id.as_str(), origin, place) {
            return Ok(());
        }
        let is_dated = patch.updated_at.is_some();
        let mut service = before.clone();
        if no_creation {
            service.created_at = self.context.now;
        }
        patch.apply(&mut service);
        service.origin = self.origin().or(service.origin);
        if !self.can_refer(&service, place)? {
            return Ok(());
        }
        if service == before && is_whole {
            return self.tell(RecordType::Service, id.as_str(), Fate::Unchanged, &[]);
        }
        service.revision = self.change.new_revision()?;
        if !is_dated {
            service.updated_at = self.context.now;
        }
        if is_whole {
            self.change.update_service(&service)?;
        } else {
            self.change.put_service_right(&service)?;
        }
        let detail = service.detail();
        self.change
            .record(Action::ServiceEdit, id.as_str(), detail)?;
        let changes = if self.fates.wants_changes() {
            changed_service_fields(&before, &service)
        } else {
            Vec::new()
        };
        self.tell(RecordType::Service, id.as_str(), self.changed, &changes)
    }

    fn insert_service(&mut self, patch: ServicePatch, place: &Place) -> Result<()> {
        if patch.origin.is_some() {
            self.check_governing(RecordType::Service, patch.id.as_str())?;
        }
        let revision = self.change.new_revision()?;
        let mut service = patch.into_service(self.context.now, revision);
        service.origin = self.origin().or(service.origin);
        if !self.can_refer(&service, place)? {
            return Ok(());
        }
        let added = self.change.insert_service(&service);
        added.map_err(|error| self.refused_by(place, error))?;
        self.tell(RecordType::Service, service.id.as_str(), Fate::Added, &[])
    }

    /// Looks whether a service refers to anything, and remembers it if that is not there yet. False
    /// if any of that is on trial: then the file is refused, once all of that is known.
    fn can_refer(&mut self, service: &Service, place: &Place) -> Result<bool> {
        let ids = || service.connectors().map(|(_, connector)| connector);
        if ids().next().is_none() {
            let message = format!(
                "service {} refers to no connector; it needs a source or a destination",
                service.id
            );
            return Err(self.wrong(place, &message));
        }
        if !self.change.missing_connectors(ids())?.is_empty() {
            self.dangling.push((service.id.clone(), place.clone()));
        }
        let on_trial = self.change.on_trial(ids())?;
        let is_free = on_trial.is_empty();
        self.on_trial.extend(on_trial);
        Ok(is_free)
    }

    /// Refuses the file if a service refers to a connector that is neither in it nor in the store,
    /// or that is on trial.
    pub(super) fn check_references(&self) -> Result<()> {
        let mut lines = Vec::new();
        for batch in self.dangling.chunks(self.change.batch()) {
            let ids: Vec<_> = batch.iter().map(|(id, _)| id).collect();
            let missing = self.change.missing_connectors_of(&ids)?;
            for ((id, place), missing) in batch.iter().zip(missing) {
                let place = self.at(place);
                lines.extend(missing.iter().map(|connector| {
                    format!(
                        "{place}: service {id} refers to connector {connector}, which does not exist"
                    )
                }));
            }
        }
        if lines.is_empty() {
            return trial::check(self.change, &self.on_trial);
        }
        if lines.len() > NAMED {
            let more = lines.len() - NAMED;
            lines.truncate(NAMED);
            lines.push(format!("… and {more} more"));
        }
        Err(
            Error::usage(format!("{}\nnothing was imported", lines.join("\n")))
                .hint("add the connectors to the file, or correct the ids"),
        )
    }
}
