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

use serde_json::json;

use context::{Context, Flags};
use error::Error;
use model::text;
use output::Format;
use ui::{Color, Ui};

/// Runs the program with these arguments, the first being its own name, and returns the code to
/// exit with.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let (cli, task) = match cli::parse(arguments) {
        Ok(parsed) => parsed,
        Err(error) => return say_usage(&error),
    };
    let flags = Flags::from(cli.global);
    let is_json = flags.output.is_some_and(Format::is_json);
    let context = match Context::new(flags, task) {
        Ok(context) => context,
        Err(error) => return say_error(&Ui::new(Color::Never, true), &error, is_json),
    };
    match cli.command.run(&context) {
        Ok(()) => 0,
        Err(error) if error.is_closed_pipe => 0,
        Err(error) => say_error(&context.ui, &error, context.wants_json()),
    }
}

fn say_error(ui: &Ui, error: &Error, is_json: bool) -> u8 {
    let code = error.kind.exit_code();
    if is_json {
        // Written by hand for the order of the keys.
        let object = format!(
            r#"{{"error":{{"kind":{},"message":{},"hint":{},"exit_code":{code}}}}}"#,
            json!(error.kind.name()),
            json!(error.message),
            json!(error.hint),
        );
        // Nothing else stands beside the object, not even the causes.
        ui.say(&text::json_escaped(&object));
        return code;
    }
    ui.error(&error.message, error.hint.as_deref());
    if let (true, Some(source)) = (ui.verbose, &error.source) {
        for cause in source.chain() {
            ui.say(&text::visible_lines(&format!("caused by: {cause}")));
        }
    }
    code
}

/// Shows help, the version, or what is wrong with the command line.
fn say_usage(error: &clap::Error) -> u8 {
    let shown = error.render().to_string();
    if error.use_stderr()
        && let Err(private) = credentials::refuse_private_key(&shown)
    {
        let error = Error::usage(private.to_string());
        return say_error(&Ui::new(Color::Never, true), &error, false);
    }
    // What was typed can hold anything; clap repeats it as it is.
    if error.use_stderr() && text::visible_lines(&shown) != shown {
        Ui::new(Color::Never, true).say(text::visible_lines(&shown).trim_end());
    } else if let Err(failure) = error.print()
        && failure.kind() != std::io::ErrorKind::BrokenPipe
    {
        return say_error(&Ui::new(Color::Never, true), &Error::output(failure), false);
    }
    u8::try_from(error.exit_code()).unwrap_or(2)
}
