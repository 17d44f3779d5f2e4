//! What the errors of a server mean.

use std::time::Duration;

use crate::model::{ConnectorId, text};
use crate::store::Error;

/// What went wrong, by the code that the server gives.
pub(in crate::store) fn told(error: postgres::Error) -> Error {
    let Some(said) = error.as_db_error() else {
        return if error.is_closed() || is_broken(&error) {
            Error::Lost(error.to_string())
        } else {
            Error::Engine(error.into())
        };
    };
    let message = || text::visible(said.message()).into_owned();
    match said.code().code() {
        "42501" | "CC004" | "CC005" => Error::NotPermitted(message()),
        "55P03" | "40001" | "40P01" => Error::Busy(Duration::ZERO),
        "57014" => Error::Interrupted,
        "25006" => Error::ReadOnlyServer,
        "53100" => Error::Full,
        "42710" | "42P06" => Error::Taken(message()),
        "42704" => Error::NoSuchRole(message()),
        // The server ends sessions, or itself.
        code if code.starts_with("57P")
            || code.starts_with("08")
            || matches!(code, "25P03" | "25P04") =>
        {
            Error::Lost(message())
        }
        _ => Error::Engine(message().into()),
    }
}

/// Why the server would not write what concerns this connector.
pub(in crate::store) fn refused(error: postgres::Error, id: &ConnectorId) -> Error {
    match error.code().map(postgres::error::SqlState::code) {
        Some("CC001") => Error::Protected(id.clone()),
        Some("CC002") => Error::OnTrial(vec![id.clone()]),
        // Before PostgreSQL 18 a RESTRICT is a foreign key like any other.
        Some("CC003" | "23503" | "23001") => Error::InUse(id.clone()),
        _ => told(error),
    }
}

/// Why the server would not write many rows at once, where it tells which one it means.
pub(in crate::store) fn refused_one(error: postgres::Error) -> Error {
    let detail = error.as_db_error().and_then(|said| said.detail());
    let id = detail.and_then(|detail| {
        let (_, rest) = detail.split_once("(id)=(")?;
        rest.split_once(')')?.0.parse().ok()
    });
    match id {
        Some(id) => refused(error, &id),
        None => told(error),
    }
}

/// Whether the error comes from the connection itself.
fn is_broken(error: &postgres::Error) -> bool {
    let cause = std::error::Error::source(error);
    cause.is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}
