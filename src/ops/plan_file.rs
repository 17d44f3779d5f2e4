//! Reading what a dry run wrote.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// What is wrong with a plan: makes an error that names it from a problem.
pub type Wrong<'w> = &'w dyn Fn(&str) -> Error;

/// What a plan is called; `-` is standard input.
pub fn name(path: &Path) -> String {
    if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

/// The records of a plan, as JSON or NDJSON.
pub fn read<R: DeserializeOwned>(path: &Path, wrong: Wrong<'_>) -> Result<Vec<R>> {
    let mut input: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(path).map_err(|error| wrong(&error.to_string()))?;
        Box::new(BufReader::new(file))
    };
    let start = input
        .fill_buf()
        .map_err(|error| wrong(&error.to_string()))?;
    if start.trim_ascii().is_empty() {
        return Err(wrong("there is no plan in it"));
    }
    let is_list = start.trim_ascii_start().starts_with(b"[");
    let deserializer = serde_json::Deserializer::from_reader(input);
    let read = if is_list {
        let mut lists = deserializer.into_iter::<Vec<R>>();
        let first = lists.next().unwrap_or_else(|| Ok(Vec::new()));
        match lists.next() {
            Some(_) => return Err(wrong("something stands behind the plan")),
            None => first,
        }
    } else {
        deserializer.into_iter::<R>().collect()
    };
    read.map_err(|error| wrong(&error.to_string()))
}
