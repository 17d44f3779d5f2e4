//! What only a file has: opening it, its locks, its schema, copies, and what deletions leave in it.

mod change;
pub(super) mod check;
mod copy;
pub(super) mod lock;
pub(super) mod open;
mod residue;
pub(super) mod schema;

pub use copy::move_aside;
pub(super) use open::FileStore;
pub use residue::Residue;
