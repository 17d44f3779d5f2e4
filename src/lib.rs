//! connctl administers the connectors of an integration platform: it lists them, shows what uses
//! each, and deletes them without ever breaking a service that still needs one.
//!
//! The layers, each of which knows only those below it:
//!
//! - [`cli`]: the command line, one tree of commands
//! - `commands`: one file for each verb
//! - `ops`: what several commands do
//! - [`context`]: what a command works with; the only reader of environment and clock
//! - [`ui`], [`store`], [`config`], [`credentials`]: the terminal, the SQLite file, the
//!   configuration file, the encryption of secrets
//! - [`input`], [`output`]: bytes to values of the model, and values to bytes
//! - [`model`]: connectors, services, ids, plans: plain values, no input or output
//!
//! Beside them stand [`error`], what a person is told, and [`platform`], what is particular to the
//! operating system.

pub mod cli;
mod commands;
pub mod config;
pub mod context;
pub mod credentials;
pub mod error;
pub mod input;
pub mod model;
mod ops;
pub mod output;
pub mod platform;
pub mod store;
pub mod ui;

use std::ffi::OsString;

use clap::error::ErrorKind;

use cli::Manner;
use context::{Context, Flags};
use error::{Error, Kind};
use model::{holds_password, text};
use ui::Ui;

/// Runs the program with these arguments, the first being its own name, and returns the code to
/// exit with. A program that was interrupted by a signal dies of it here, with nothing left to do.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let code = outcome(arguments);
    if code > SIGNALLED {
        platform::signals().die();
    }
    code
}

fn outcome(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<_> = arguments.into_iter().collect();
    if cli::offers(&arguments) {
        return 0;
    }
    let manner = Manner::of(&arguments);
    let mut ui = Ui::new(cli::color_of(manner.color), context::wishes());
    ui.json = manner.json;
    let (cli, task) = match cli::parse(&arguments, manner) {
        Ok(parsed) => parsed,
        Err(error) => return say_usage(&ui, &error),
    };
    let context = match Context::new(Flags::from(cli.global), task) {
        Ok(context) => context,
        Err(error) => return say_error(&ui, &error),
    };
    match cli.command.run(&context) {
        Ok(()) => 0,
        Err(error) if error.is_closed_pipe => 0,
        Err(error) => say_error(&context.ui, &context.attempted(error)),
    }
}

/// What is added to the number of a signal in the exit code of whoever died of it.
const SIGNALLED: u8 = 128;

/// The exit code of a program that ends by the signal that came.
fn signalled() -> u8 {
    u8::try_from(platform::signals().number()).map_or(130, |number| SIGNALLED + number)
}

fn say_error(ui: &Ui, error: &Error) -> u8 {
    let code = match error.kind {
        Kind::Interrupted => signalled(),
        kind => kind.exit_code(),
    };
    ui.error(
        error.kind.name(),
        code,
        &error.message,
        error.hint.as_deref(),
    );
    // An object has no room for causes, and nothing else stands beside it.
    if let (true, false, Some(source)) = (ui.verbose, ui.json, &error.source) {
        for cause in source.chain() {
            ui.say(&text::visible_lines(&format!("caused by: {cause}")));
        }
    }
    code
}

/// Shows help, the version, or what is wrong with the command line.
fn say_usage(ui: &Ui, error: &clap::Error) -> u8 {
    if error.use_stderr() {
        let shown = error.render().to_string();
        if let Err(private) = credentials::refuse_private_key(&shown) {
            return say_error(ui, &Error::usage(private.to_string()));
        }
        if holds_password(&shown) {
            let message = "the command line has a mistake, and a password in an address, which is \
                           why it is not repeated; nothing was changed";
            return say_error(ui, &Error::usage(message));
        }
        if ui.json {
            return say_error(ui, &cli::usage_error(error));
        }
        // A last guard: clap passes on what a parser of values says as it is.
        let visible = text::visible_lines(&shown);
        let told = match error.kind() {
            // Help keeps to the terminal by itself.
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => visible,
            _ => ui.folded(&visible),
        };
        if told != shown {
            ui.mistake(told.trim_end());
            return Kind::Usage.exit_code();
        }
    }
    match error.print() {
        Err(failure) if failure.kind() != std::io::ErrorKind::BrokenPipe => {
            say_error(ui, &Error::output(failure))
        }
        _ => u8::try_from(error.exit_code()).unwrap_or(2),
    }
}
