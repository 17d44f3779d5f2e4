//! What several commands share.

pub mod deletion;
pub mod filter;
pub mod lookup;
pub mod parse;
pub mod refusal;
pub mod service_change;
pub mod transfer;
