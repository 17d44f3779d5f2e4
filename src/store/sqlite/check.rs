//! What the engine finds wrong with a file.

use crate::store::query::text;
use crate::store::{Result, Snapshot};

impl Snapshot<'_> {
    /// What the engine finds wrong with the structure of the file, at most ten things.
    ///
    /// # Errors
    /// When the store cannot be read at all.
    pub fn structure_problems(&self) -> Result<Vec<String>> {
        let mut statement = self.transaction.prepare("PRAGMA integrity_check(10)")?;
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
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn dangling(&self) -> Result<usize> {
        let mut statement = self.transaction.prepare("PRAGMA foreign_key_check")?;
        let mut rows = statement.query([])?;
        let mut count = 0;
        while rows.next()?.is_some() {
            count += 1;
        }
        Ok(count)
    }
}
