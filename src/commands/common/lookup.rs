//! Finding what an id names, or saying what may have been meant.

use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::{Connector, ConnectorId, SecretName, Service, ServiceId};
use crate::store::{self, Snapshot, Store};

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

/// Notes that secrets of the connector were read. Somebody who may not write the store is warned
/// that this is not known to others.
pub fn note_use(context: &Context, store: &mut Store, id: &ConnectorId) -> Result<()> {
    let noted = store.write().and_then(|change| {
        change.set_last_used(id, context.now)?;
        change.commit()
    });
    match noted {
        Err(store::Error::ReadOnly) => {
            context
                .ui
                .warn("last_used_at was not set, because you may not write the store");
            Ok(())
        }
        other => Ok(other?),
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
