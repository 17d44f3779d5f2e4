//! The binary: everything is in the library.

use std::process::ExitCode;

#[expect(clippy::disallowed_methods, reason = "arguments come from here")]
fn main() -> ExitCode {
    ExitCode::from(connctl::run(std::env::args_os()))
}
