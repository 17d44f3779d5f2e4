//! What is particular to the operating system, a file a trade: file modes, users, processes, signals
//! and terminals.
//!
//! Everything else in the program is portable; another system means another version of this folder.

#![expect(clippy::disallowed_methods, reason = "this is the place for them")]

mod files;
#[cfg(any(target_feature = "crt-static", test))]
mod getent;
mod host_database;
mod private_file;
mod process;
mod program;
mod reading;
mod signals;
mod terminal;
mod user_database;
mod users;

pub use files::{
    create_private_file, create_private_folder, find_program, is_open_to_all, is_open_wider,
    is_readable_by_others, keeps_no_locks, mode_of, names_of,
};
pub use host_database::addresses_of;
pub use private_file::{PrivateFile, leftovers, write_new_private_file};
pub use process::{keep_memory_private, replace_process};
pub use program::{Failure, IN_GUARD, IN_HOOK, Program};
pub use reading::read_text;
pub use signals::{Held, Signals, signals};
pub use terminal::{Interruptible, Keyboard, unbuffered_output, unheld_stdin, unheld_stdout};
pub use users::{KnownUser, actor, has_home, is_foreign, is_own, known_user, owner_of, user};
