//! Changing a service.

use std::collections::BTreeSet;

use super::{lookup, trial};
use crate::context::{Context, Intent};
use crate::error::{Error, Kind, Result};
use crate::model::{Action, ConnectorId, ImpossibleEdit, Service, ServiceEdit, ServiceId};
use crate::output::{Format, write_service};
use crate::store::Snapshot;

/// Changes a service and says so. What is not named stays as it is.
pub fn run(context: &Context, id: &ServiceId, edit: ServiceEdit, done: &str) -> Result<()> {
    let format = context.format(&Format::DOCUMENT)?;
    let intent = Intent::new(Action::ServiceEdit, id.as_str());
    let (service, is_changed) = context.change(&intent, |change| {
        let before = lookup::salvaged_service(change, id)?;
        let is_whole = before.is_whole();
        let before = before.but_for(|field| edit.sets(field))?;
        let mut service = before.clone();
        edit.apply(&mut service).map_err(impossible)?;
        check_connectors(change, &service)?;
        if service == before && is_whole {
            return Ok((service, false));
        }
        service.updated_at = context.now;
        service.revision = change.new_revision()?;
        if is_whole {
            change.update_service(&service)?;
        } else {
            change.put_service_right(&service)?;
        }
        change.record(Action::ServiceEdit, id.as_str(), service.detail())?;
        Ok((service, true))
    })?;
    context.ui.note(&if is_changed {
        format!("{done} service {id}")
    } else {
        format!("Service {id} is like that already; nothing was changed.")
    });
    report(context, format, &service)
}

fn impossible(error: ImpossibleEdit) -> Error {
    let message = format!("{error}; nothing was changed");
    match error {
        ImpossibleEdit::NotThere { service, .. } => Error::new(Kind::NotFound, message)
            .hint(format!("see what it has: connctl service show {service}")),
        ImpossibleEdit::NothingLeft(service) => Error::usage(message).hint(format!(
            "name another connector as well, or remove it: connctl service delete {service}"
        )),
    }
}

/// Refuses a service that refers to connectors that do not exist or that nobody may use.
pub fn check_connectors(snapshot: &Snapshot<'_>, service: &Service) -> Result<()> {
    let ids: BTreeSet<&ConnectorId> = service.connectors().map(|(_, id)| id).collect();
    match snapshot.missing_connectors(ids.iter().copied())?.as_slice() {
        [] => trial::check(snapshot, ids),
        missing => Err(lookup::missing_connectors(snapshot, missing)?),
    }
}

/// Writes the service for whoever asked for JSON.
pub fn report(context: &Context, format: Format, service: &Service) -> Result<()> {
    if format.is_json() {
        let mut out = context.output(format);
        write_service(&mut out, format, context.style(), service)
            .and_then(|()| std::io::Write::flush(&mut out))
            .map_err(Error::output_after_change)?;
    }
    Ok(())
}
