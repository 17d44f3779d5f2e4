//! Services of an imported file, and the connectors that they refer to.

use std::collections::BTreeSet;

use super::counts::Fate;
use super::{Import, NAMED};
use crate::error::{Error, Result};
use crate::input::Place;
use crate::model::{Action, Service, ServiceRecord};
use crate::ops::detail_of;
use crate::store;

impl Import<'_> {
    pub(super) fn add_service(&mut self, mut record: ServiceRecord, place: &Place) -> Result<Fate> {
        if record.sources.is_empty() && record.destinations.is_empty() {
            let message = format!(
                "service {} refers to no connector; it needs a source or a destination",
                record.id
            );
            return Err(self.wrong(place, &message));
        }
        let before = match self.seen {
            Some(_) => self.change.service(&record.id),
            None => Ok(None),
        };
        let ids = record.sources.iter().chain(&record.destinations);
        if !self.change.missing_connectors(ids)?.is_empty() {
            self.dangling.push((record.id.clone(), place.clone()));
        }
        let before = match before {
            // What cannot be read is replaced as a whole.
            Err(store::Error::UnreadableRecord { .. }) => {
                let service = record.into_service(self.context.now, self.change.new_revision()?);
                return self.replace_service(&service);
            }
            read => read?,
        };
        let Some(before) = before else {
            let service = record.into_service(self.context.now, self.change.new_revision()?);
            let added = self.change.insert_service(&service);
            return added
                .map(|()| Fate::Added)
                .map_err(|error| self.refused_by(place, error));
        };
        record.created_at = record.created_at.or(Some(before.created_at));
        let is_dated = record.updated_at.is_some();
        let mut service = record.into_service(before.updated_at, before.revision);
        service.origin.clone_from(&before.origin);
        if service == before {
            return Ok(Fate::Unchanged);
        }
        service.revision = self.change.new_revision()?;
        if !is_dated {
            service.updated_at = self.context.now;
        }
        self.replace_service(&service)
    }

    /// Puts what a service is to be in the place of what it is.
    fn replace_service(&self, service: &Service) -> Result<Fate> {
        self.change.update_service(service)?;
        let (id, detail) = (service.id.as_str(), detail_of(service));
        self.change.record(Action::ServiceEdit, id, detail)?;
        Ok(Fate::Replaced)
    }

    /// Refuses the file if a service refers to a connector that is neither in it nor in the store.
    pub(super) fn check_references(&self) -> Result<()> {
        let mut lines = Vec::new();
        for (id, place) in &self.dangling {
            let Some(service) = self.change.service(id)? else {
                continue;
            };
            let ids = service.connectors().map(|(_, connector)| connector);
            let missing: BTreeSet<_> = self.change.missing_connectors(ids)?.into_iter().collect();
            lines.extend(missing.iter().map(|connector| {
                let place = self.at(place);
                format!(
                    "{place}: service {id} refers to connector {connector}, which does not exist"
                )
            }));
        }
        if lines.is_empty() {
            return Ok(());
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
