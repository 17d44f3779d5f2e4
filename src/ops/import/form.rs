//! What form a file has: its format, and what environments are called in it.

use std::io::BufRead;

use super::source::Input;
use super::{Request, Work};
use crate::error::{Error, Result};
use crate::input::Look;
use crate::model::{Environment, TransferFormat};
use crate::ops::transfer;

impl Work<'_> {
    /// Begins to read the file, and tells its format. While the other end of a pipe has nothing to
    /// say yet, nobody is kept from writing.
    pub(super) fn input(&self) -> Result<(Input<'_>, Look)> {
        let mut input = self.source.open()?;
        // What goes wrong here goes wrong again where it is told.
        let look = Look::of(input.fill_buf().unwrap_or_default());
        let format = self.format(look);
        if self.request.mirror.is_some() && format != TransferFormat::Json {
            return Err(self.no_json(look, format));
        }
        Ok((input, look))
    }

    /// The error for a mirror of something else than JSON.
    fn no_json(&self, look: Look, format: TransferFormat) -> Error {
        let is_known = look == Look::Known(format) || self.named_format().is_some();
        let what = match look {
            Look::Empty => "is empty".to_owned(),
            _ if is_known => format!("is taken for {}", format.as_str().to_uppercase()),
            _ => "does not begin as JSON does".to_owned(),
        };
        let error = Error::usage(format!(
            "{} {what}, but a mirror takes JSON, whose end proves that it is whole; nothing was \
             changed",
            self.source.name,
        ));
        match transfer::way_out(look, format, self.request.file) {
            Some(way_out) if !is_known => error.hint(way_out),
            _ => error.hint("write one object with the lists \"connectors\" and \"services\""),
        }
    }

    /// The format of the file: the one that was named, or that of its ending, or the one that its
    /// beginning looks like.
    pub(super) fn format(&self, look: Look) -> TransferFormat {
        match (self.named_format(), look) {
            (Some(format), _) | (None, Look::Known(format)) => format,
            (None, Look::OtherObject | Look::List | Look::RecordList | Look::Values) => {
                TransferFormat::Json
            }
            (None, Look::SpreadObjects) => TransferFormat::Ndjson,
            _ => TransferFormat::Toml,
        }
    }

    /// The format that was named, or that of the file's ending.
    pub(super) fn named_format(&self) -> Option<TransferFormat> {
        let Request { format, file, .. } = self.request;
        format.or_else(|| transfer::known_format_of(file))
    }
}

/// What to do about the name of an environment that is not known.
pub(super) fn env_map_hint(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "._-".contains(c);
    let name = if !name.is_empty() && name.chars().all(is_plain) {
        name
    } else {
        "NAME"
    };
    format!("say what it is with --env-map {name}=live, or {name}=testing")
}

/// The environment that goes by this name in the file.
pub(super) fn known_as(name: &str, environments: &[(String, Environment)]) -> Option<String> {
    let known = environments.iter().find(|(other, _)| other == name);
    known.map(|(_, environment)| environment.to_string())
}
