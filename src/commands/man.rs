//! `connctl man`

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::output::Format;

/// Write the manual page, or all of them into a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl man | man -l -
  connctl man ~/.local/share/man/man1")]
pub struct Args {
    /// The folder for a page of each command; it is made if it does not exist
    folder: Option<PathBuf>,
}

/// Runs the command; `tree` is the command line of the whole program.
///
/// # Errors
/// When the pages cannot be written.
pub fn run(args: &Args, context: &Context, tree: clap::Command) -> Result<()> {
    context.format(&[Format::Table])?;
    let Some(folder) = &args.folder else {
        let mut out = context.ui.output();
        return clap_mangen::Man::new(tree)
            .render(&mut out)
            .and_then(|()| out.flush())
            .map_err(Error::output);
    };
    fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(tree, folder))
        .map_err(|error| {
            Error::failure(format!(
                "cannot write the pages to {}: {error}",
                folder.display()
            ))
            .caused_by(error)
        })?;
    context
        .ui
        .note(&format!("Wrote the manual pages to {}.", folder.display()));
    Ok(())
}
