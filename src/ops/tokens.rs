//! The values of tokens.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::text;
use crate::model::token::{self, TokenError, TokenValues, fill_in};
use crate::model::tree::{self, Tree};
use crate::platform;

/// The greatest size of a file with tokens, in bytes.
const FILE_LIMIT: usize = 1 << 20;

/// The namespace of environment variables: `[Env:HOME]`.
const ENVIRONMENT: &str = "Env:";

fn add(values: &mut TokenValues, name: &str, value: String) -> Result<(), String> {
    if name.starts_with(ENVIRONMENT) {
        return Err(format!(
            "{name} is an environment variable, and cannot be given a value"
        ));
    }
    if !token::is_token_name(name) {
        return Err(format!(
            "{} cannot name a token: a letter, then letters, digits and underscores",
            text::Quoted::from(name)
        ));
    }
    values.insert(name.to_owned(), value);
    Ok(())
}

fn read_file(path: &Path, values: &mut TokenValues) -> Result<()> {
    let name = text::path(path);
    let wrong = |message: String| Error::usage(format!("{name}: {message}"));
    let content = File::open(path)
        .and_then(|file| platform::read_text(file, FILE_LIMIT))
        .map_err(|error| wrong(error.to_string()))?;
    let ends_in = |wanted: &str| {
        path.extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case(wanted))
    };
    // A brace begins no TOML, so that nobody has to name a pipe.
    let is_json = ends_in("json") || !ends_in("toml") && content.trim_start().starts_with('{');
    let tree = if is_json {
        Tree::from_json(&content)
    } else {
        Tree::from_toml(&content)
    };
    tree.and_then(|tree| collect(tree, values))
        .map_err(|error| {
            let (line, _) = error.place(&content);
            Error::usage(format!("{name}:{line}: {error}"))
        })
}

fn collect(tree: Tree, values: &mut TokenValues) -> Result<(), tree::Error> {
    let mut keep = |name: String, value: Tree| {
        let at = value.at();
        let value = value.into_plain()?;
        if values.contains_key(&name) {
            return Err(tree::Error::new(format!("{name} is there twice")).or_at(at));
        }
        add(values, &name, value).map_err(|problem| tree::Error::new(problem).or_at(at))
    };
    for (name, value) in tree.into_table("a table of tokens")? {
        if !value.is_table() {
            keep(name.clone(), value).map_err(|error| error.under(&name))?;
            continue;
        }
        for (inner, value) in value.into_table("a table of tokens")? {
            let name = format!("{name}:{inner}");
            keep(name.clone(), value).map_err(|error| error.under(&name))?;
        }
    }
    Ok(())
}

/// What tokens stand for.
pub struct Tokens<'c> {
    values: TokenValues,
    /// What was named on the command line and has not been filled in anywhere yet.
    unused: RefCell<BTreeSet<String>>,
    context: &'c Context,
}

impl<'c> Tokens<'c> {
    /// Reads the values: those of the file, then those given as `NAME=VALUE`, which come first.
    pub fn read(given: &[String], file: Option<&Path>, context: &'c Context) -> Result<Self> {
        let mut values = TokenValues::new();
        let mut unused = BTreeSet::new();
        if let Some(path) = file {
            read_file(path, &mut values)?;
        }
        for argument in given {
            let Some((name, value)) = argument.split_once('=') else {
                return Err(Error::usage(format!(
                    "--token {} is not of the form NAME=VALUE",
                    text::Quoted::from(argument.as_str())
                )));
            };
            add(&mut values, name, value.to_owned()).map_err(Error::usage)?;
            unused.insert(name.to_owned());
        }
        Ok(Self {
            values,
            unused: RefCell::new(unused),
            context,
        })
    }

    /// The text with its tokens filled in, once and from left to right.
    pub fn fill_in(&self, text: &str) -> Result<String, TokenError> {
        fill_in(text, |name| self.value(name))
    }

    /// What the token of this name stands for.
    pub fn value(&self, name: &str) -> Option<String> {
        self.mention(name);
        match name.strip_prefix(ENVIRONMENT) {
            Some(variable) => self.context.variable(variable)?.into_string().ok(),
            None => self.values.get(name).cloned(),
        }
    }

    /// Notes that a token of this name stands in what was given.
    pub fn mention(&self, name: &str) {
        self.unused.borrow_mut().remove(name);
    }

    /// Refuses tokens of the command line that were filled in nowhere: a name that is mistyped
    /// leaves another one at its default, and what that names would go.
    pub fn check_used(&self, done: &str) -> Result<()> {
        let unused = self.unused.borrow();
        let Some(name) = unused.first() else {
            return Ok(());
        };
        Err(Error::usage(format!(
            "--token {name} stands nowhere in what was given; {done}"
        ))
        .hint("correct the name, or leave it out"))
    }
}

/// What to do about a token that cannot be filled in.
pub fn hint(error: &TokenError) -> String {
    let unresolved = match error {
        TokenError::Unresolved(name) => name.strip_prefix(ENVIRONMENT),
        TokenError::Malformed(_) => {
            return "a token is [Name], [Namespace:Name], [Name=default] or [Name|text {0}]"
                .to_owned();
        }
        TokenError::Empty(_) => None,
    };
    match unresolved {
        Some(variable) => format!("set the environment variable {variable}"),
        None => "give it a value with --token NAME=VALUE or --tokens FILE".to_owned(),
    }
}
