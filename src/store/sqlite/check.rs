//! What the engine finds wrong with a file.

use crate::store::Result;
use crate::store::engine::Session;
use crate::store::query::text;

/// What the engine finds wrong with the structure of the file, at most ten things.
pub(in crate::store) fn structure_problems(session: &Session<'_>) -> Result<Vec<String>> {
    let mut statement = session.prepare("PRAGMA integrity_check(10)")?;
    let mut rows = statement.query([])?;
    let mut problems = Vec::new();
    while let Some(row) = rows.next()? {
        match text(row, 0)? {
            "ok" => {}
            problem => problems.push(problem.to_owned()),
        }
    }
    Ok(problems)
}

/// How many references, secrets and the like point to nothing.
pub(in crate::store) fn dangling(session: &Session<'_>) -> Result<usize> {
    let mut statement = session.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while rows.next()?.is_some() {
        count += 1;
    }
    Ok(count)
}
