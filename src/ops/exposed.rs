//! Secrets that would stand where everybody can read them: in settings.

use crate::error::{Error, Result};
use crate::model::{Assignment, ConnectorId, Exposed, SecretName, Settings, text};
use crate::store;

/// Refuses to set what looks like a secret. `command` is what would set it as one.
pub fn refuse(id: &ConnectorId, set: &[Assignment], command: &str) -> Result<()> {
    let settings = set.iter().cloned();
    let settings = Settings(settings.map(|one| (one.key, one.value)).collect());
    let exposed = settings.exposed();
    if exposed.is_empty() {
        return Ok(());
    }
    let names: Option<Vec<SecretName>> = exposed.iter().map(Exposed::secret_name).collect();
    let error = Error::usage(format!(
        "connector {id}: {}; nothing was changed",
        look_alike(&exposed)
    ));
    Err(match names {
        Some(names) => {
            let options = names.iter().map(|name| format!(" --secret {name}"));
            let options: String = options.collect();
            error.hint(format!(
                "it asks for the value: {command}{options}\n{LET_PASS}"
            ))
        }
        None => error.hint(format!(
            "give it as a secret: {command} --secret NAME\n{LET_PASS}"
        )),
    })
}

/// Lets the bytes be erased of what looks like a secret among the settings of a connector, where
/// these are no longer the same.
pub fn note_removal(change: &store::Change<'_>, before: &Settings, after: &Settings) {
    if before != after && !before.exposed().is_empty() {
        change.note_removal();
    }
}

/// The other way: the values are not repeated.
const LET_PASS: &str = "or let it pass: the same command with --allow-plain";

/// What is wrong with these settings.
pub fn look_alike(exposed: &[Exposed]) -> String {
    let places = exposed.iter().map(|one| text::visible(&one.place));
    let places: Vec<_> = places.take(SHOWN).collect();
    let more = exposed.len().saturating_sub(SHOWN);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let (noun, verb) = if exposed.len() == 1 {
        ("setting", "looks like a secret")
    } else {
        ("settings", "look like secrets")
    };
    format!(
        "{noun} {}{more} {verb}, and everybody can read settings",
        places.join(", ")
    )
}

/// How many settings are named at most.
const SHOWN: usize = 10;
