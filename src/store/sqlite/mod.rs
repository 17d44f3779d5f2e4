//! What only a file has: opening it, its locks, its schema, copies, and what deletions leave in it.

mod check;
mod copy;
pub(super) mod lock;
pub(super) mod open;
mod residue;
mod schema;

pub use copy::move_aside;
pub use residue::Residue;
