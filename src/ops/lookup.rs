//! Finding what an id names, or saying what may have been meant.

use crate::error::{Error, Kind, Result};
use crate::model::{Action, Connector, ConnectorId, SecretName, Service, ServiceId, text};
use crate::store::{Salvaged, Snapshot};

/// The connector of this id.
pub fn connector(snapshot: &Snapshot<'_>, id: &ConnectorId) -> Result<Connector> {
    match snapshot.connector(id)? {
        Some(connector) => Ok(connector),
        None => Err(missing_connectors(snapshot, &[id])?),
    }
}

/// That there is a connector of this id.
pub fn has_connector(snapshot: &Snapshot<'_>, id: &ConnectorId) -> Result<()> {
    match snapshot.missing_connectors([id])?.as_slice() {
        [] => Ok(()),
        missing => Err(missing_connectors(snapshot, missing)?),
    }
}

/// That there is a service of this id.
pub fn has_service(snapshot: &Snapshot<'_>, id: &ServiceId) -> Result<()> {
    if snapshot.has_service(id)? {
        Ok(())
    } else {
        Err(missing_service(snapshot, id)?)
    }
}

/// The connector of this id as far as it can be read, for a change that may put it right.
pub fn salvaged_connector(
    snapshot: &Snapshot<'_>,
    id: &ConnectorId,
) -> Result<Salvaged<Connector>> {
    match snapshot.salvaged_connector(id)? {
        Some(salvaged) => Ok(salvaged),
        None => Err(missing_connectors(snapshot, &[id])?),
    }
}

/// The service of this id.
pub fn service(snapshot: &Snapshot<'_>, id: &ServiceId) -> Result<Service> {
    match snapshot.service(id)? {
        Some(service) => Ok(service),
        None => Err(missing_service(snapshot, id)?),
    }
}

/// The service of this id as far as it can be read, for a change that may put it right.
pub fn salvaged_service(snapshot: &Snapshot<'_>, id: &ServiceId) -> Result<Salvaged<Service>> {
    match snapshot.salvaged_service(id)? {
        Some(salvaged) => Ok(salvaged),
        None => Err(missing_service(snapshot, id)?),
    }
}

fn missing_service(snapshot: &Snapshot<'_>, id: &ServiceId) -> Result<Error> {
    let history = how_it_went(snapshot, Action::ServiceDelete, id.as_str())?;
    let history = history.map_or_else(String::new, |history| format!("; {history}"));
    let message = format!("service {id} does not exist{history}");
    Ok(with_suggestion(
        Error::new(Kind::NotFound, message),
        &snapshot.similar_services(id)?,
        "connctl service list",
    ))
}

/// The ciphertext of a secret.
pub fn secret(snapshot: &Snapshot<'_>, id: &ConnectorId, name: &SecretName) -> Result<Vec<u8>> {
    if let Some(ciphertext) = snapshot.secret(id, name)? {
        return Ok(ciphertext);
    }
    let connector = connector(snapshot, id)?;
    let names: Vec<_> = connector.secrets.iter().map(SecretName::as_str).collect();
    let error = Error::new(
        Kind::NotFound,
        format!("connector {id} has no secret {name}"),
    );
    Err(match names.as_slice() {
        [] => error.hint(format!(
            "it has none; set one: connctl secret set {id} {name}"
        )),
        names => error.hint(format!("it has: {}", names.join(", "))),
    })
}

/// The error for connectors that do not exist, at least one.
pub fn missing_connectors(snapshot: &Snapshot<'_>, ids: &[&ConnectorId]) -> Result<Error> {
    let similar = match ids {
        [id] => snapshot.similar_connectors(id)?,
        _ => Vec::new(),
    };
    let message = match ids {
        [id] => {
            let history = how_it_went(snapshot, Action::ConnectorDelete, id.as_str())?;
            let history = history.map_or_else(String::new, |history| format!("; {history}"));
            format!("connector {id} does not exist{history}")
        }
        ids => {
            let names: Vec<_> = ids.iter().map(|id| id.as_str()).collect();
            format!("these connectors do not exist: {}", names.join(", "))
        }
    };
    Ok(with_suggestion(
        Error::new(Kind::NotFound, message),
        &similar,
        "connctl list all",
    ))
}

/// When, by whom and why something with this id was deleted, if it ever was.
pub fn how_it_went(snapshot: &Snapshot<'_>, action: Action, id: &str) -> Result<Option<String>> {
    Ok(snapshot.last_deletion(action, id)?.map(|entry| {
        let why = entry.reason.map_or_else(String::new, |reason| {
            format!(" ({})", text::Quoted::from(&*reason))
        });
        format!("it was deleted on {} by {}{why}", entry.time, entry.user)
    }))
}

/// `did you mean a or b?`
pub fn did_you_mean(similar: &[String]) -> Option<String> {
    (!similar.is_empty()).then(|| format!("did you mean {}?", similar.join(" or ")))
}

fn with_suggestion(error: Error, similar: &[String], list: &str) -> Error {
    match did_you_mean(similar) {
        Some(question) => error.hint(question),
        None => error.hint(format!("see what there is: {list}")),
    }
}
