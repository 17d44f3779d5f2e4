//! Changing a service.

use std::collections::BTreeSet;

use super::{detail_of, lookup};
use crate::context::Context;
use crate::error::Result;
use crate::model::{Action, ConnectorId, Service, ServiceEdit, ServiceId};
use crate::output::{Format, write_service};
use crate::store::Snapshot;

/// Changes a service and says so. What is not named stays as it is.
pub fn run(context: &Context, id: &ServiceId, edit: ServiceEdit, done: &str) -> Result<()> {
    let format = context.format(&Format::DOCUMENT)?;
    let mut store = context.open_to_change()?;
    let change = context.begin(&mut store, Action::ServiceEdit, Some(id.as_str()))?;
    let before = lookup::service(&change, id)?;
    let mut service = before.clone();
    edit.apply(&mut service);
    check_connectors(&change, &service)?;
    if service == before {
        context.ui.note(&format!(
            "Service {id} is like that already; nothing was changed."
        ));
    } else {
        service.updated_at = context.now;
        service.revision = change.new_revision()?;
        change.update_service(&service)?;
        let snapshot = detail_of(&service);
        context.record(&change, Action::ServiceEdit, id.as_str(), snapshot)?;
        change.commit()?;
        context.after_change(&mut store);
        context.ui.note(&format!("{done} service {id}."));
    }
    report(context, format, &service)
}

/// Refuses a service that refers to connectors that do not exist.
pub fn check_connectors(snapshot: &Snapshot<'_>, service: &Service) -> Result<()> {
    let ids: BTreeSet<&ConnectorId> = service.connectors().map(|(_, id)| id).collect();
    match snapshot.missing_connectors(ids)?.as_slice() {
        [] => Ok(()),
        missing => Err(lookup::missing_connectors(snapshot, missing)?),
    }
}

/// Writes the service for whoever asked for JSON.
pub fn report(context: &Context, format: Format, service: &Service) -> Result<()> {
    if format.is_json() {
        let mut out = context.output(format);
        write_service(&mut out, format, context.style(), service)
            .and_then(|()| std::io::Write::flush(&mut out))
            .map_err(crate::error::Error::output_after_change)?;
    }
    Ok(())
}
