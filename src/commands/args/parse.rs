//! Turning arguments into values of the model.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{Edit, Environment, Label, ServiceKind, Time, TooLate, TransferFormat, When};

/// Reads `live` or `testing`.
pub fn environment() -> impl TypedValueParser<Value = Environment> {
    PossibleValuesParser::new(Environment::ALL.map(Environment::as_str))
        .try_map(|name| Environment::from_name(&name).ok_or("use live or testing"))
}

/// Reads what an environment is called elsewhere: `prod=live`.
pub fn environment_name(text: &str) -> Result<(String, Environment), &'static str> {
    let (name, environment) = text
        .split_once('=')
        .ok_or("give NAME=live or NAME=testing")?;
    let environment = Environment::from_name(environment).ok_or("use live or testing")?;
    if name.is_empty() {
        return Err("give a name before the =");
    }
    Ok((name.to_owned(), environment))
}

/// Reads the kind of a service.
pub fn service_kind() -> impl TypedValueParser<Value = ServiceKind> {
    PossibleValuesParser::new(ServiceKind::ALL.map(ServiceKind::as_str))
        .try_map(|name| ServiceKind::from_name(&name).ok_or("use standard or sweeper"))
}

/// Reads the format of a file.
pub fn transfer_format() -> impl TypedValueParser<Value = TransferFormat> {
    let described = TransferFormat::ALL.map(|format| {
        PossibleValue::new(format.as_str()).help(match format {
            TransferFormat::Toml => "[[connectors]] and [[services]] tables",
            TransferFormat::Json => "One object with the lists \"connectors\" and \"services\"",
            TransferFormat::Ndjson => {
                "One object a line, with \"type\": \"connector\" or \"service\""
            }
        })
    });
    PossibleValuesParser::new(described)
        .try_map(|name| TransferFormat::from_name(&name).ok_or("use toml, json or ndjson"))
}

/// What an optional text of an edit means: not given, it stays; empty, it is cleared.
pub fn edit_of(text: Option<String>) -> Edit<String> {
    match text {
        None => Edit::Keep,
        Some(text) if text.is_empty() => Edit::Clear,
        Some(text) => Edit::Set(text),
    }
}

/// What a group of an edit means, as [`edit_of`].
pub fn group(text: Option<String>) -> Result<Edit<Label>> {
    Ok(match edit_of(text) {
        Edit::Keep => Edit::Keep,
        Edit::Clear => Edit::Clear,
        Edit::Set(group) => Edit::Set(
            group
                .parse()
                .map_err(|error| Error::usage(format!("--group: {error}")))?,
        ),
    })
}

/// The time of expiry that `--expires` asks for: not given, none, or a time.
pub fn expiry(expires: Option<When>, now: Time) -> Result<Edit<Time>> {
    let wrong = |error: TooLate| Error::usage(format!("--expires: {error}"));
    Ok(
        match expires
            .map(|when| when.from(now))
            .transpose()
            .map_err(wrong)?
        {
            None => Edit::Keep,
            Some(None) => Edit::Clear,
            Some(Some(time)) => Edit::Set(time),
        },
    )
}

/// Says when it expires, if that was given as a duration, and warns if that time has come already.
pub fn say_expiry(expires: Option<When>, context: &Context) {
    let Some(Ok(Some(time))) = expires.map(|when| when.from(context.now)) else {
        return;
    };
    if time <= context.now {
        context
            .ui
            .warn(&format!("the time of expiry has passed already: {time}"));
    } else if matches!(expires, Some(When::In(_))) {
        context.ui.note(&format!("It expires on {time}."));
    }
}
