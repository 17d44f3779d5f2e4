//! Finding what an id names, or saying what may have been meant.

use crate::error::{Error, Kind, Result};
use crate::model::{Connector, ConnectorId, Service, ServiceId};
use crate::store::Snapshot;

/// The connector of this id.
pub fn connector(snapshot: &Snapshot<'_>, id: &ConnectorId) -> Result<Connector> {
    match snapshot.connector(id)? {
        Some(connector) => Ok(connector),
        None => Err(missing_connectors(snapshot, &[id])?),
    }
}

/// The service of this id.
pub fn service(snapshot: &Snapshot<'_>, id: &ServiceId) -> Result<Service> {
    match snapshot.service(id)? {
        Some(service) => Ok(service),
        None => {
            let error = Error::new(Kind::NotFound, format!("service {id} does not exist"));
            Ok(Err(with_suggestion(
                error,
                &snapshot.similar_services(id)?,
                "connctl service list",
            ))?)
        }
    }
}

/// The error for connectors that do not exist, at least one.
pub fn missing_connectors(snapshot: &Snapshot<'_>, ids: &[&ConnectorId]) -> Result<Error> {
    let similar = match ids {
        [id] => snapshot.similar_connectors(id)?,
        _ => Vec::new(),
    };
    let message = match ids {
        [id] => format!("connector {id} does not exist"),
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
