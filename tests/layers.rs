//! The layers point one way: reads the source and fails on a name that stands in a layer where it
//! must not. What a compiler can tell stands in `clippy.toml`: the clock, the environment, the end
//! of the process, and who opens or changes the store.
//!
//! It reads text and can be deceived; it is here to tell of slips.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

/// Each layer of `src` with the layers that it may know. What is not named here, `main` and `lib`,
/// holds the rest together.
const MAY_KNOW: &[(&str, &str)] = &[
    ("cli", "commands context error model output ui"),
    (
        "commands",
        "context credentials error input model ops output platform store ui",
    ),
    (
        "ops",
        "context credentials error input model output platform store ui",
    ),
    (
        "context",
        "config credentials error model output platform store ui",
    ),
    ("error", "config credentials model store"),
    ("input", "model"),
    ("output", "model"),
    ("config", "model platform"),
    ("credentials", "model platform"),
    ("store", "model platform"),
    ("ui", "model platform"),
    ("platform", "model"),
    ("model", ""),
];

/// The layers that may name a crate, of those crates that not every layer may.
const CRATES: &[(&str, &str)] = &[
    ("age", "credentials"),
    ("clap", "cli commands lib output"),
    ("clap_complete", "cli commands lib"),
    ("clap_mangen", "commands"),
    ("comfy_table", "output"),
    ("console", "output ui"),
    ("dialoguer", "ui"),
    ("indicatif", "ui"),
    ("nix", "platform"),
    ("postgres", "store"),
    ("rusqlite", "store"),
    ("rustls", "store"),
    ("signal_hook", "platform"),
    ("tokio", "store"),
];

/// How a text begins that is a statement in SQL, which only the store writes.
const SQL: &[&str] = &[
    "\"SELECT ",
    "\"INSERT ",
    "\"UPDATE ",
    "\"DELETE FROM ",
    "\"CREATE TABLE ",
    "\"CREATE INDEX ",
    "\"DROP ",
    "\"PRAGMA ",
    "\"VACUUM",
];

/// The source without comments and without the module of tests.
fn code(source: &str) -> String {
    let mut lines = source.lines().peekable();
    let mut kept = String::new();
    while let Some(line) = lines.next() {
        let begins = |next: &&str| next.starts_with("mod ") && next.ends_with('{');
        if line == "#[cfg(test)]" && lines.next_if(begins).is_some() {
            lines.by_ref().find(|line| *line == "}");
        } else if !line.trim_start().starts_with("//") {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// What follows each place where the path `name::` begins.
fn after<'c>(code: &'c str, name: &str) -> impl Iterator<Item = &'c str> {
    let path = format!("{name}::");
    let found: Vec<_> = code.match_indices(&path).map(|(at, _)| at).collect();
    let begins = |at: &usize| !code[..*at].ends_with(|c| is_in_word(c) || c == ':');
    let begin = found.into_iter().filter(begins);
    begin.map(move |at| &code[at + path.len()..])
}

/// The first names of a path, which can be a group: `a`, or `a` and `b` of `{a::{c, d}, b}`.
fn first_names(path: &str) -> Vec<&str> {
    let word = |text: &'_ str| text.find(|c| !is_in_word(c)).unwrap_or(text.len());
    let Some(group) = path.strip_prefix('{') else {
        return vec![&path[..word(path)]];
    };
    let mut names = Vec::new();
    let (mut depth, mut is_first) = (0, true);
    for (at, c) in group.char_indices() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => is_first = true,
            _ if is_in_word(c) && is_first => {
                names.push(&group[at..at + word(&group[at..])]);
                is_first = false;
            }
            _ => {}
        }
    }
    names
}

/// What is wrong in a file, named as seen from `src`.
fn breaches(file: &str, source: &str) -> Vec<String> {
    let module = file.trim_end_matches(".rs").trim_end_matches("/mod");
    let layer = module.split('/').next().unwrap();
    let code = code(source);
    let mut breaches = Vec::new();
    let known = MAY_KNOW.iter().find(|(name, _)| *name == layer);
    if let Some((_, known)) = known {
        // From the layer's own place one step up leads to the root of the crate.
        let root = vec!["super"; module.split('/').count()].join("::");
        let names = after(&code, "crate").chain(after(&code, &root));
        for name in names.flat_map(first_names) {
            let is_layer = MAY_KNOW.iter().any(|(other, _)| *other == name);
            if is_layer && name != layer && known.split(' ').all(|known| known != name) {
                breaches.push(format!("{file}: {layer} must not know {name}"));
            }
        }
    } else if !["main", "lib"].contains(&layer) {
        breaches.push(format!("{file}: {layer} is no layer"));
    }
    for (name, layers) in CRATES {
        if layers.split(' ').all(|other| other != layer) && after(&code, name).next().is_some() {
            breaches.push(format!("{file}: {layer} must not use {name}"));
        }
    }
    let commands = after(&code, "commands").chain(after(&code, "crate::commands"));
    for command in commands.flat_map(first_names) {
        if module.starts_with("commands/") && command != "args" {
            breaches.push(format!("{file}: a command must not use another: {command}"));
        }
    }
    for statement in SQL {
        if layer != "store" && code.contains(statement) {
            breaches.push(format!("{file}: SQL stands in the store only: {statement}"));
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
    let breaches: Vec<_> = files
        .iter()
        .flat_map(|(file, source)| breaches(file, source))
        .collect();
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn a_breach_is_found() {
    for (file, source) in [
        ("model/id.rs", "use crate::store::Store;"),
        ("model/id.rs", "use crate::{text::{self, x}, ui as screen};"),
        ("model/id.rs", "fn f() { crate::output::layout(&[]); }"),
        ("store/mod.rs", "use super::output::Format;"),
        ("store/sqlite/open.rs", "use super::super::super::ui::Ui;"),
        ("ui.rs", "type S = crate::store::Store;"),
        ("extra.rs", ""),
        ("model/time.rs", "use clap::ValueEnum;"),
        (
            "model/time.rs",
            "#[derive(Debug, clap::ValueEnum)] enum E {}",
        ),
        ("main.rs", "fn f(e: rusqlite::Error) {}"),
        (
            "commands/add.rs",
            "const S: &str = \"SELECT id FROM connectors\";",
        ),
        ("commands/add.rs", "use crate::commands::{args, list};"),
        (
            "model/id.rs",
            "#[cfg(test)]\nmod tests {\n}\nuse crate::store;",
        ),
    ] {
        assert!(!breaches(file, source).is_empty(), "{file}: {source}");
    }
    for (file, source) in [
        ("model/id.rs", "use super::text;\nuse crate::model::text;"),
        (
            "model/id.rs",
            "//! See `crate::store`.\n// use crate::store;",
        ),
        (
            "model/id.rs",
            "#[cfg(test)]\nmod tests {\n    use crate::store;\n}",
        ),
        (
            "store/mod.rs",
            "const S: &str = \"SELECT 1\"; use rusqlite::Error;",
        ),
        (
            "commands/list.rs",
            "use super::args;\nuse crate::{context::Context, output};",
        ),
        (
            "commands/service/edit.rs",
            "use crate::commands::args::parse;",
        ),
        ("lib.rs", "pub mod store;\nuse context::{Context, Flags};"),
        ("model/id.rs", "fn f() { package::clap(); std::nix::x(); }"),
    ] {
        assert_eq!(breaches(file, source), [""; 0], "{file}: {source}");
    }
}
