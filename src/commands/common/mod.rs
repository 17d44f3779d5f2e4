//! What several commands share.

pub mod confirm;
pub mod deletion;
pub mod filter;
pub mod keys;
pub mod lookup;
pub mod parse;
pub mod refusal;
pub mod reseal;
pub mod secrets;
pub mod service_change;
pub mod transfer;
