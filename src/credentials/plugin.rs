//! Keys that age plugins hold, in hardware for instance: programs named `age-plugin-NAME`.

use std::sync::Arc;

use age::Callbacks;
use age::plugin::{Identity, IdentityPluginV1, Recipient, RecipientPluginV1, ResolveError};
use age::secrecy::SecretString;
use zeroize::Zeroizing;

use super::Error;

/// The person whom a plugin may tell something, or ask for a PIN.
pub trait Person: Send + Sync {
    /// Shows a message, such as to touch a key.
    fn tell(&self, message: &str);

    /// Asks for a text that is not shown; nothing if nobody can be asked.
    fn ask(&self, question: &str) -> Option<Zeroizing<String>>;
}

/// How plugins reach the person.
#[derive(Clone)]
pub(super) struct Line(pub(super) Arc<dyn Person>);

impl Callbacks for Line {
    fn display_message(&self, message: &str) {
        self.0.tell(message);
    }

    fn confirm(&self, _: &str, _: &str, _: Option<&str>) -> Option<bool> {
        None
    }

    fn request_public_string(&self, _: &str) -> Option<String> {
        None
    }

    fn request_passphrase(&self, description: &str) -> Option<SecretString> {
        let text = self.0.ask(description)?;
        Some(SecretString::from(text.as_str().to_owned()))
    }
}

/// What encrypts for the key of a plugin.
pub(super) fn recipient(key: Recipient) -> Result<Box<dyn age::Recipient + Send>, Error> {
    let name = key.plugin().to_owned();
    RecipientPluginV1::new(&name, &[key], &[], age::NoCallbacks)
        .map(|key| Box::new(key) as Box<dyn age::Recipient + Send>)
        .map_err(|error| missing(&error, &name))
}

/// What decrypts with the key of a plugin.
pub(super) fn identity(key: Identity, line: &Line) -> Result<Box<dyn age::Identity>, Error> {
    let name = key.plugin().to_owned();
    IdentityPluginV1::new(&name, &[key], line.clone())
        .map(|key| Box::new(key) as Box<dyn age::Identity>)
        .map_err(|error| missing(&error, &name))
}

fn missing(error: &ResolveError, name: &str) -> Error {
    Error::MissingPlugin(match error {
        ResolveError::MissingPlugin { binary_name } => binary_name.clone(),
        _ => format!("age-plugin-{name}"),
    })
}
