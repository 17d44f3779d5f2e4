//! What several commands do, apart from how they are told: deletion, import, secrets, look-ups.
//!
//! Nothing here knows the command line.

pub mod ask;
pub mod deletion;
pub mod import;
pub mod keep;
pub mod keys;
pub mod lookup;
pub mod reseal;
pub mod secrets;
pub mod service;
pub mod tokens;
pub mod transfer;

use serde::Serialize;
use serde_json::Value;

/// What the audit trail keeps of a connector or service: everything but the values of secrets,
/// which these types do not have.
pub fn detail_of(thing: &impl Serialize) -> Option<Value> {
    serde_json::to_value(thing).ok()
}
