//! What tokens stand for.

use std::path::PathBuf;

use crate::context::Context;
use crate::error::Result;
use crate::ops::tokens::Tokens;

/// What tokens stand for.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Tokens ([Name], [Namespace:Name], [Name=default], [Env:VARIABLE])")]
pub struct TokenArgs {
    /// What a token stands for; may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    token: Vec<String>,
    /// A file with what tokens stand for, JSON or TOML: texts by name, or tables of them by
    /// namespace
    #[arg(long, value_name = "FILE")]
    tokens: Option<PathBuf>,
}

impl TokenArgs {
    /// Reads the values.
    pub fn read<'c>(&self, context: &'c Context) -> Result<Tokens<'c>> {
        Tokens::read(&self.token, self.tokens.as_deref(), context)
    }
}
