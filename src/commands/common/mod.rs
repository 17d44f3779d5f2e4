//! What several commands share.

pub mod confirm;
pub mod deletion;
pub mod filter;
pub mod keys;
pub mod lookup;
pub mod parse;
pub mod reseal;
pub mod secrets;
pub mod service_change;
pub mod tokens;
pub mod transfer;

use serde::Serialize;
use serde_json::Value;

/// What the audit trail keeps of a connector or service: everything but the values of secrets,
/// which these types do not have.
pub fn snapshot_of(thing: &impl Serialize) -> Option<Value> {
    serde_json::to_value(thing).ok()
}
