//! The layers point one way: reads the source and fails on a path, a macro or a text that stands in
//! a layer where it must not.
//!
//! It reads words and does not compile, so it can be deceived; it is here to tell of slips.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

/// Each layer of `src` with the layers that it may know.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("main", &["lib"]),
    (
        "lib",
        &[
            "cli",
            "commands",
            "context",
            "credentials",
            "ui",
            "output",
            "model",
            "error",
        ],
    ),
    (
        "cli",
        &["commands", "context", "ui", "output", "model", "error"],
    ),
    (
        "commands",
        &[
            "context",
            "ui",
            "store",
            "credentials",
            "input",
            "output",
            "model",
            "error",
            "platform",
            "ops",
        ],
    ),
    (
        "ops",
        &[
            "context",
            "ui",
            "store",
            "credentials",
            "input",
            "output",
            "model",
            "error",
            "platform",
        ],
    ),
    (
        "context",
        &[
            "ui", "store", "config", "output", "model", "error", "platform",
        ],
    ),
    ("credentials", &["model", "platform"]),
    ("ui", &["model", "platform"]),
    ("store", &["model", "platform"]),
    ("config", &["model"]),
    // The formats of files are the same for both.
    ("input", &["output", "model"]),
    ("output", &["model"]),
    ("model", &[]),
    ("error", &["store", "config", "model"]),
    ("platform", &["model"]),
];

/// What only these layers may name. A path is matched by how it begins.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("clap", &["cli", "commands", "output", "lib"]),
    ("clap_complete", &["commands"]),
    ("clap_mangen", &["commands"]),
    ("rusqlite", &["store"]),
    ("dialoguer", &["ui"]),
    ("console", &["ui", "output"]),
    ("indicatif", &["ui"]),
    ("comfy_table", &["output"]),
    ("nix", &["platform"]),
    ("signal_hook", &["platform"]),
    // main hands the arguments on.
    ("std::env", &["context", "main"]),
    ("std::env::var", &["context"]),
    ("std::process::exit", &[]),
    ("std::process::Command", &["platform"]),
    ("age", &["credentials"]),
    ("std::time::SystemTime", &["context"]),
    ("std::time::Instant", &["context", "ui", "platform"]),
    ("SystemTime", &["context"]),
    ("Instant", &["context", "ui", "platform"]),
    ("jiff::Timestamp::now", &["context"]),
    ("jiff::Zoned::now", &["context"]),
    ("Timestamp::now", &["context"]),
    ("Zoned::now", &["context"]),
    ("process::exit", &[]),
    ("env::var", &["context"]),
    ("env::var_os", &["context"]),
];

/// Macros that nobody calls: what is written goes through `ui`.
const NO_MACROS: &[&str] = &["print", "println", "eprint", "eprintln", "dbg"];

/// How a text begins that is a statement in SQL.
const SQL: &[&str] = &[
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE FROM ",
    "REPLACE INTO ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "CREATE UNIQUE ",
    "DROP ",
    "ALTER TABLE ",
    "PRAGMA ",
    "VACUUM",
];

#[derive(Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    /// `::` as `':'`, any other sign as itself; a single colon is left out.
    Sign(char),
}

/// The words, texts and signs of a source, without comments.
fn tokens(source: &str) -> Vec<Token> {
    let characters: Vec<char> = source.chars().collect();
    let at = |index: usize| characters.get(index).copied().unwrap_or('\0');
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let mut index = 0;
    while index < characters.len() {
        let start = index;
        match (at(index), at(index + 1)) {
            ('/', '/') => {
                while index < characters.len() && at(index) != '\n' {
                    index += 1;
                }
            }
            ('/', '*') => {
                let mut depth = 0;
                loop {
                    match (at(index), at(index + 1)) {
                        ('/', '*') => depth += 1,
                        ('*', '/') => depth -= 1,
                        _ if index >= characters.len() => break,
                        _ => {
                            index += 1;
                            continue;
                        }
                    }
                    index += 2;
                    if depth == 0 {
                        break;
                    }
                }
            }
            ('"', _) => {
                index += 1;
                while index < characters.len() && at(index) != '"' {
                    index += if at(index) == '\\' { 2 } else { 1 };
                }
                index += 1;
                let end = index.saturating_sub(1).min(characters.len());
                tokens.push(Token::Text(characters[start + 1..end].iter().collect()));
            }
            ('r', '"' | '#') if at(index + 1) == '"' || matches!(at(index + 2), '"' | '#') => {
                let hashes = (index + 1..characters.len())
                    .take_while(|i| at(*i) == '#')
                    .count();
                let begin = index + 2 + hashes;
                let is_end =
                    |i: &usize| at(*i) == '"' && (1..=hashes).all(|offset| at(i + offset) == '#');
                let all = characters.len();
                let end = (begin..all).find(is_end).unwrap_or(all);
                tokens.push(Token::Text(
                    characters[begin.min(end)..end].iter().collect(),
                ));
                index = end + 1 + hashes;
            }
            // A character, or a lifetime, of which only the quote is skipped.
            ('\'', '\\') => {
                index += 3;
                while index < characters.len() && at(index) != '\'' {
                    index += 1;
                }
                index += 1;
            }
            ('\'', _) => index += if at(index + 2) == '\'' { 3 } else { 1 },
            // A prefix of a text is no word.
            ('b' | 'c', '"') => index += 1,
            (c, _) if is_word(c) => {
                while is_word(at(index)) {
                    index += 1;
                }
                tokens.push(Token::Word(characters[start..index].iter().collect()));
            }
            (':', ':') => {
                tokens.push(Token::Sign(':'));
                index += 2;
            }
            (c, _) => {
                if !c.is_whitespace() && c != ':' {
                    tokens.push(Token::Sign(c));
                }
                index += 1;
            }
        }
    }
    tokens
}

/// The tokens without the module of tests.
fn without_tests(source: &str) -> Vec<Token> {
    let mut lines = source.lines().peekable();
    let mut kept = String::new();
    while let Some(line) = lines.next() {
        let begins = |next: &&str| next.starts_with("mod ") && next.ends_with('{');
        if line == "#[cfg(test)]" && lines.next_if(begins).is_some() {
            lines.by_ref().find(|line| *line == "}");
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    tokens(&kept)
}

/// Every path of two parts and more, and every path that is imported, with the groups of `use`
/// taken apart.
fn paths(tokens: &[Token]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        match &tokens[index] {
            Token::Word(word) if word == "use" => {
                index += 1;
                imports(tokens, &mut index, &[], &mut found);
            }
            // A declaration is no use.
            Token::Word(word) if word == "mod" => index += 2,
            Token::Word(first) => {
                let mut path = vec![first.clone()];
                while let (Some(Token::Sign(':')), Some(Token::Word(word))) =
                    (tokens.get(index + 1), tokens.get(index + 2))
                {
                    path.push(word.clone());
                    index += 2;
                }
                index += 1;
                if path.len() > 1 {
                    found.push(path);
                }
            }
            _ => index += 1,
        }
    }
    found
}

fn imports(tokens: &[Token], index: &mut usize, before: &[String], found: &mut Vec<Vec<String>>) {
    let mut path = before.to_vec();
    while let Some(token) = tokens.get(*index) {
        match token {
            Token::Word(word) if word == "as" => *index += 1,
            Token::Word(word) => path.push(word.clone()),
            Token::Sign('{') => {
                loop {
                    *index += 1;
                    imports(tokens, index, &path, found);
                    if tokens.get(*index) != Some(&Token::Sign(',')) {
                        break;
                    }
                }
                // Past the closing brace.
                *index += 1;
                return;
            }
            Token::Sign(':' | '*') => {}
            _ => break,
        }
        *index += 1;
    }
    if path.len() > before.len() || path.len() > 1 {
        found.push(path);
    }
}

/// The module that a file below `src` holds: `["commands", "service", "edit"]`.
fn module_of(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    path.split('/').map(str::to_owned).collect()
}

/// The path as seen from the root of the crate; `None` if it leads out of the crate.
fn within_crate(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let is_layer = |name: &str| MAY_KNOW.iter().any(|(layer, _)| *layer == name);
    let root: Vec<String> = Vec::new();
    let mut place = match path[0].as_str() {
        "crate" | "super" | "self" => module.to_vec(),
        "connctl" => return Some(vec!["lib".to_owned()]),
        // In the root of the crate the layers are at hand without a prefix.
        name if module == ["lib"] && is_layer(name) => return Some(path.to_vec()),
        _ => return None,
    };
    let is_root = place == ["lib"] || place == ["main"];
    if is_root {
        place.clone_from(&root);
    }
    for part in path {
        match part.as_str() {
            "crate" => place.clear(),
            "super" => drop(place.pop()),
            "self" => {}
            name => place.push(name.to_owned()),
        }
    }
    Some(place)
}

/// The module that a path within the crate lies in, of those that there are.
fn module_at<'m>(modules: &'m [Vec<String>], path: &[String]) -> Option<&'m Vec<String>> {
    let around = modules.iter().filter(|module| path.starts_with(module));
    around.max_by_key(|module| module.len())
}

/// What is wrong in a file, given all modules that there are.
fn breaches(file: &str, source: &str, modules: &[Vec<String>]) -> Vec<String> {
    let module = module_of(file);
    let layer = module[0].as_str();
    let Some((_, known)) = MAY_KNOW.iter().find(|(name, _)| *name == layer) else {
        return vec![format!("{file}: {layer} is no layer")];
    };
    let tokens = without_tests(source);
    let mut breaches = Vec::new();
    for path in paths(&tokens) {
        let shown = path.join("::");
        if let Some(place) = within_crate(&module, &path) {
            let other = place.first().map_or("", String::as_str);
            let is_layer = MAY_KNOW.iter().any(|(name, _)| *name == other);
            if is_layer && other != layer && !known.contains(&other) {
                breaches.push(format!("{file}: {layer} must not know {shown}"));
            }
            if layer == "commands"
                && let Some(target) = module_at(modules, &place)
                && target[0] == "commands"
                && target.get(1).is_some_and(|name| name != "args")
                && !target.starts_with(&module)
                && !module.starts_with(target)
            {
                breaches.push(format!("{file}: a command must not use another: {shown}"));
            }
        } else {
            let matching = ONLY_IN.iter().filter(|(prefix, _)| {
                let mut rest = path.iter();
                prefix
                    .split("::")
                    .all(|part| rest.next().is_some_and(|word| word == part))
            });
            for (_, layers) in matching {
                if !layers.contains(&layer) {
                    breaches.push(format!("{file}: {layer} must not use {shown}"));
                    break;
                }
            }
        }
    }
    for pair in tokens.windows(2) {
        match pair {
            [Token::Word(word), Token::Sign('!')] if NO_MACROS.contains(&word.as_str()) => {
                breaches.push(format!("{file}: nothing is printed with {word}!"));
            }
            _ => {}
        }
    }
    for token in &tokens {
        match token {
            Token::Word(word) if word == "unsafe" => breaches.push(format!("{file}: unsafe")),
            Token::Text(text) if layer != "store" => {
                let text = text.trim_start();
                if SQL.iter().any(|statement| text.starts_with(statement)) {
                    breaches.push(format!("{file}: SQL stands in the store only: {text:.40}"));
                }
            }
            _ => {}
        }
    }
    breaches
}

/// Every file below `folder` with its content; the names start at `folder`.
fn sources(folder: &Path, name: &str, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{name}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            sources(&entry.path(), &format!("{name}/"), found);
        } else if Path::new(&name).extension().is_some_and(|e| e == "rs") {
            found.push((name, fs::read_to_string(entry.path()).unwrap()));
        }
    }
}

#[test]
fn layers_point_one_way() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&folder, "", &mut files);
    assert!(files.len() > 40, "only {} files were found", files.len());
    let modules: Vec<_> = files.iter().map(|(file, _)| module_of(file)).collect();
    let breaches: Vec<_> = files
        .iter()
        .flat_map(|(file, source)| breaches(file, source, &modules))
        .collect();
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn a_breach_is_found() {
    let modules = [
        "commands/mod.rs",
        "commands/list.rs",
        "commands/add.rs",
        "commands/args/mod.rs",
        "commands/service/mod.rs",
        "commands/service/edit.rs",
        "store/mod.rs",
    ]
    .map(module_of);
    for (file, source) in [
        // Upwards, however it is written.
        ("model/id.rs", "use crate::store::Store;"),
        ("model/id.rs", "use crate::{store, ui as screen};"),
        (
            "model/id.rs",
            "fn f() { crate::output::layout(&[], vec![]); }",
        ),
        ("store/mod.rs", "use super::output::Format;"),
        ("store/mod.rs", "pub(crate) use crate::error::Error;"),
        ("output/json.rs", "use super::super::store::Store;"),
        ("ui.rs", "type S = crate::store::Store;"),
        ("platform/files.rs", "use crate::store::Store;"),
        ("error.rs", "use crate::{config, context::Context};"),
        ("context.rs", "use crate::commands::list;"),
        ("cli.rs", "use crate::store::Store;"),
        ("main.rs", "use crate::cli;\nuse crate::store;"),
        ("lib.rs", "fn f() { store::Store::open(); }"),
        ("extra.rs", ""),
        // Crates, clock and environment in the wrong place.
        ("model/time.rs", "use clap::ValueEnum;"),
        (
            "model/time.rs",
            "#[derive(Debug, clap::ValueEnum)] enum E {}",
        ),
        ("model/time.rs", "fn f() { jiff::Timestamp::now(); }"),
        (
            "model/time.rs",
            "use jiff::{Span, Timestamp}; fn f() { Timestamp::now(); }",
        ),
        (
            "model/time.rs",
            "use std::{fmt, time::{Duration, SystemTime}};",
        ),
        ("model/time.rs", "use console::Term;"),
        ("store/mod.rs", "use clap::Args;"),
        ("context.rs", "fn f(e: rusqlite::Error) {}"),
        ("commands/add.rs", "use dialoguer::Confirm;"),
        ("commands/add.rs", "fn f() { std::env::var(\"HOME\"); }"),
        (
            "commands/add.rs",
            "use std::env; fn f() { env::var(\"HOME\"); }",
        ),
        ("commands/add.rs", "fn f() { std::process::exit(1) }"),
        ("commands/add.rs", "fn f() { Instant::now(); }"),
        ("main.rs", "fn f() { std::env::var(\"HOME\"); }"),
        // Printing, SQL and unsafe.
        ("commands/add.rs", "fn f() { println!(\"x\"); }"),
        ("store/mod.rs", "fn f() { eprintln!(); }"),
        (
            "commands/add.rs",
            "const S: &str = \"SELECT id FROM connectors\";",
        ),
        (
            "output/json.rs",
            "const S: &str = r#\"\n  DELETE FROM connectors\"#;",
        ),
        ("platform/files.rs", "fn f() { unsafe { g() } }"),
        // One command and another.
        ("commands/add.rs", "use super::list::Args;"),
        ("commands/add.rs", "use crate::commands::{args, list};"),
        ("commands/add.rs", "use super::service::edit;"),
        (
            "commands/service/edit.rs",
            "use crate::commands::add::Args;",
        ),
        ("commands/service/edit.rs", "use super::super::list::Args;"),
        ("commands/args/mod.rs", "use super::add;"),
        // After the tests, and after what could hide it.
        (
            "model/id.rs",
            "#[cfg(test)]\nmod tests {\n}\nuse crate::store;",
        ),
        ("model/id.rs", "/* a /* b */ c */ use crate::store;"),
        ("model/id.rs", "const C: char = '\"'; use crate::store;"),
        (
            "model/id.rs",
            "fn f<'a>(c: &'a str) { g('\\''); h(b\"\\\"\"); } use crate::store;",
        ),
        (
            "model/id.rs",
            "const R: &str = r##\"\"# \"##; use crate::store;",
        ),
    ] {
        let found = breaches(file, source, &modules);
        assert!(!found.is_empty(), "{file} passes: {source}");
    }
}

#[test]
fn what_is_allowed_passes() {
    let modules = [
        "commands/mod.rs",
        "commands/list.rs",
        "commands/args/mod.rs",
        "commands/service/mod.rs",
        "commands/service/edit.rs",
    ]
    .map(module_of);
    for (file, source) in [
        ("model/id.rs", "use super::text;\nuse std::fmt;"),
        (
            "model/id.rs",
            "//! See `crate::store`.\n// use crate::store;\nconst S: &str = \"use clap::Args;\";",
        ),
        (
            "model/id.rs",
            "#[cfg(test)]\nmod tests {\n    use crate::store;\n}",
        ),
        ("model/text.rs", "fn is_unsafe() {}"),
        (
            "store/mod.rs",
            "const S: &str = \"SELECT 1\"; use rusqlite::Connection;",
        ),
        (
            "commands/list.rs",
            "use super::args::filter;\nuse crate::{context::Context, output};",
        ),
        (
            "commands/list.rs",
            "fn f(out: W) { writeln!(out); }\n/// Deletes: SELECT\nstruct S;",
        ),
        (
            "commands/service/mod.rs",
            "pub mod edit;\nfn f() { self::edit::run(); }",
        ),
        (
            "commands/service/edit.rs",
            "use crate::commands::args::parse;",
        ),
        (
            "context.rs",
            "fn f() { std::env::var_os(\"A\"); jiff::Timestamp::now(); }",
        ),
        ("ui.rs", "use std::time::{Duration, Instant};"),
        (
            "main.rs",
            "fn main() { connctl::run(std::env::args_os()); }",
        ),
        ("lib.rs", "pub mod store;\nuse context::{Context, Flags};"),
    ] {
        assert_eq!(
            breaches(file, source, &modules),
            [""; 0],
            "{file}: {source}"
        );
    }
}
