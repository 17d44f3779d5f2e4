//! What several commands do, apart from how they are told: deletion, import, secrets, look-ups.
//!
//! Nothing here knows the command line.

pub mod actions;
pub mod ask;
pub mod deletion;
pub mod exposed;
pub mod impact;
pub mod import;
pub mod keep;
pub mod keys;
pub mod lookup;
pub mod offer;
pub mod plan_file;
pub mod replace;
pub mod reseal;
pub mod secrets;
pub mod service;
pub mod standing;
pub mod tokens;
pub mod transfer;
pub mod trial;
