//! `connctl man`

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap_mangen::Man;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::text;
use crate::output::Format;
use crate::platform::PrivateFile;
use crate::ui::HELD_OUTPUT;

/// Write the manual page, or all of them into a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl man | man -l -
  connctl man ~/.local/share/man/man1")]
pub struct Args {
    /// The folder for a page of each command; it is made if it does not exist
    #[arg(value_hint = clap::ValueHint::DirPath)]
    folder: Option<PathBuf>,
}

/// Runs the command; `tree` is the command line of the whole program.
pub fn run(args: &Args, context: &Context, mut tree: clap::Command) -> Result<()> {
    context.format(&[Format::Table])?;
    tree.build();
    let now = context.now.to_string();
    let manual = Manual {
        date: now.split('T').next().unwrap_or_default(),
        source: format!(
            "{} {}",
            tree.get_name(),
            tree.get_version().unwrap_or_default()
        ),
        main: tree.get_name(),
    };
    let Some(folder) = &args.folder else {
        let mut out = context.ui.output(HELD_OUTPUT);
        return manual
            .page(&tree)
            .and_then(|page| out.write_all(page.as_bytes()))
            .and_then(|()| out.flush())
            .map_err(Error::output);
    };
    fs::create_dir_all(folder)
        .and_then(|()| manual.write(&tree, folder))
        .map_err(|error| {
            Error::failure(format!(
                "cannot write the pages to {}: {error}",
                text::path(folder)
            ))
            .caused_by(error)
        })?;
    context.ui.note(&format!(
        "Wrote the manual pages to {}.",
        text::path(folder)
    ));
    Ok(())
}

/// What all pages have in common.
struct Manual<'a> {
    date: &'a str,
    source: String,
    /// The name of the whole program.
    main: &'a str,
}

impl Manual<'_> {
    /// Writes the pages of a command and of those below it.
    fn write(&self, command: &clap::Command, folder: &Path) -> io::Result<()> {
        let name = command.get_display_name().unwrap_or(self.main);
        let mut file = PrivateFile::new(&folder.join(format!("{name}.1")))?;
        file.write_all(self.page(command)?.as_bytes())?;
        file.finish_for_all()?;
        command
            .get_subcommands()
            .try_for_each(|below| self.write(below, folder))
    }

    /// The page of a command. The options that every command knows are on the main page only, and
    /// examples have a section of their own.
    fn page(&self, command: &clap::Command) -> io::Result<String> {
        let mut command = command.clone();
        let is_main = command.get_name() == self.main;
        let usage = command.render_usage().to_string();
        let help = command.get_after_help().map(ToString::to_string);
        let help = help.filter(|_| !is_main).unwrap_or_default();
        let (remarks, examples) = help.split_once("Examples:\n").unwrap_or((&help, ""));
        let about = command.get_about().map(ToString::to_string);
        let description = format!("{}.\n\n{remarks}", about.unwrap_or_default());
        command = command
            .override_usage(usage.trim_start_matches("Usage: ").to_owned())
            .long_about(description.trim_end().to_owned())
            .after_help(None)
            .subcommand_help_heading("COMMANDS");
        if !is_main {
            command = command.mut_args(|argument| {
                let is_global = argument.get_help_heading() == Some("Global options");
                argument.hide(is_global)
            });
        }
        let mut page = Vec::new();
        Man::new(command)
            .date(self.date)
            .source(self.source.as_str())
            .manual(format!("{} manual", self.main))
            .render(&mut page)?;
        let page = String::from_utf8_lossy(&page);
        // Line breaks around an empty line, which formatters warn of.
        let mut page = page.replace(".br\n\n.br\n", ".sp\n");
        if !examples.is_empty() {
            page.push_str(".SH EXAMPLES\n.nf\n");
            for line in examples.lines() {
                let _ = writeln!(page, "{}", escape(line.trim()));
            }
            page.push_str(".fi\n");
        }
        if !is_main {
            let _ = writeln!(
                page,
                ".SH \"SEE ALSO\"\n\\fB{}\\fR(1), also for the options that every command knows",
                self.main
            );
        }
        Ok(page)
    }
}

/// The text as a formatter of manual pages shows it unchanged.
fn escape(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    match text.chars().next() {
        Some('.' | '\'') => format!("\\&{text}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_shown_unchanged() {
        assert_eq!(escape("a -o 'b\\n'"), "a \\-o 'b\\en'");
        assert_eq!(escape(".hidden"), "\\&.hidden");
        assert_eq!(escape("'quoted'"), "\\&'quoted'");
    }
}
