//! Arguments that several commands take.

pub mod deletion;
pub mod filter;
pub mod given;
pub mod identity;
pub mod parse;
pub mod shape;
pub mod tokens;
