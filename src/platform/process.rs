//! This process: its memory, and giving way to another program.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use zeroize::Zeroizing;

use crate::model::VariableName;

/// Keeps the memory of this process, which is about to hold secrets, out of core files and from
/// other processes of the same user.
pub fn keep_memory_private() {
    // A kernel that does not know this leaves things as they are everywhere else.
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_dumpable(false);
}

/// Lets a command take the place of this process, with more variables in its environment. Returns
/// only if that fails.
#[must_use]
pub fn replace_process(
    command: &[OsString],
    variables: &[(VariableName, Zeroizing<Vec<u8>>)],
) -> io::Error {
    let Some((program, arguments)) = command.split_first() else {
        return io::Error::from(io::ErrorKind::InvalidInput);
    };
    let variables = variables
        .iter()
        .map(|(name, value)| (name.as_str(), OsStr::from_bytes(value)));
    Command::new(program).args(arguments).envs(variables).exec()
}
