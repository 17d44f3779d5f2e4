//! Comparing what a store is made of with what a new one is.

use std::collections::BTreeMap;

use super::open;
use crate::model::Policy;
use crate::store::engine::Session;
use crate::store::query::{optional_text, text};
use crate::store::{OpenOptions, Result, Snapshot, policies};

/// Tables, indexes and triggers by kind and name, each with the statement that made it.
type Schema = BTreeMap<(String, String), String>;

/// How the tables, indexes and triggers differ from those of a new store: what is missing, what was
/// changed, and what no connctl made.
pub(in crate::store) fn problems(snapshot: &Snapshot<'_>) -> Result<Vec<String>> {
    let fresh = open::open_in_memory(&OpenOptions::default())?;
    if snapshot.policy(Policy::OnePerSystem)? {
        fresh.execute_batch(policies::ONE_PER_SYSTEM)?;
    }
    let mut found = schema_of(&snapshot.transaction)?;
    let mut problems = Vec::new();
    for ((kind, name), statement) in schema_of(&Session::Sqlite(&fresh))? {
        match found.remove(&(kind.clone(), name.clone())) {
            None => problems.push(format!("the {kind} {name} is missing")),
            Some(other) if other != statement => {
                problems.push(format!("the {kind} {name} is not what connctl made"));
            }
            Some(_) => {}
        }
    }
    let foreign = found.into_keys();
    problems.extend(foreign.map(|(kind, name)| format!("the {kind} {name} is not connctl's")));
    Ok(problems)
}

fn schema_of(session: &Session<'_>) -> Result<Schema> {
    // What the engine makes for itself, say statistics, does no harm.
    let sql =
        "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let mut statement = session.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut schema = Schema::new();
    while let Some(row) = rows.next()? {
        let key = (text(row, 0)?.to_owned(), text(row, 1)?.to_owned());
        // Only the words count: versions of connctl have broken lines in different places.
        let words = optional_text(row, 2)?
            .unwrap_or_default()
            .split_whitespace();
        schema.insert(key, words.collect::<Vec<_>>().join(" "));
    }
    Ok(schema)
}
