//! Finding what an id names, or saying what may have been meant.

use serde_json::json;

use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::{Action, Connector, ConnectorId, SecretName, Service, ServiceId, text};
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
            let error = Error::new(Kind::NotFound, {
                let history = how_it_went(snapshot, Action::ServiceDelete, id.as_str())?;
                let history = history.map_or_else(String::new, |history| format!("; {history}"));
                format!("service {id} does not exist{history}")
            });
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

/// Records that these secrets of the connector are about to be read, before they are.
pub fn record_use(
    context: &Context,
    store: &mut Store,
    id: &ConnectorId,
    names: &[&SecretName],
) -> Result<()> {
    let change = context
        .begin(store, Action::SecretRead, Some(id.as_str()))
        .map_err(|error| unread(error, id))?;
    for name in names {
        let detail = Some(json!({"name": name}));
        context.record(&change, Action::SecretRead, id.as_str(), detail)?;
    }
    change.set_last_used(id, context.now)?;
    change.commit()?;
    context.after_change(store);
    Ok(())
}

/// Says why nobody gets to see a secret whose reading cannot be recorded.
fn unread(error: Error, id: &ConnectorId) -> Error {
    let source = error.source.as_ref();
    match source.and_then(|source| source.downcast_ref()) {
        Some(store::Error::ReadOnly) => Error {
            message: format!(
                "no secret of connector {id} was read, because that is to be recorded and this \
                 user cannot write the store"
            ),
            ..error
        },
        _ => error,
    }
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
            format!(" ({})", text::Quoted::from(reason.as_str()))
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
