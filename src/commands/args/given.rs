//! What stands on a command line, as it was given.

use std::ffi::OsStr;

use clap::ArgMatches;

/// The values given to an option, wherever on the command line.
pub fn values<'m>(matches: &'m ArgMatches, id: &str) -> Vec<&'m OsStr> {
    let mut given = Vec::new();
    let mut level = Some(matches);
    while let Some(matches) = level {
        given.extend(matches.try_get_raw(id).ok().flatten().into_iter().flatten());
        level = matches.subcommand().map(|(_, below)| below);
    }
    given
}
