//! What is left in a file of what was deleted.

use super::lock;
use crate::store::{Result, Store};

/// Whether ciphertext that was removed has been erased from the file as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Residue {
    /// There is none.
    None,
    /// Some may be left in pages that are not in use; this is the size of the file in bytes.
    Left(u64),
}

impl Store {
    /// Whether ciphertext that was removed may be left in the file. On a server nobody can tell.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn residue(&self) -> Result<Residue> {
        if self.file().is_err() {
            return Ok(Residue::None);
        }
        let sql = "SELECT removals > erased, page_count * page_size
                   FROM store_state, pragma_page_count, pragma_page_size";
        let snapshot = self.read()?;
        let (is_left, size): (bool, i64) = snapshot
            .transaction
            .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(if is_left {
            Residue::Left(size.unsigned_abs())
        } else {
            Residue::None
        })
    }

    /// Rewrites the file without the pages that are not in use, so that nothing is left in it of
    /// what was deleted. Nobody else can use the store meanwhile.
    ///
    /// # Errors
    /// When another process holds the store for too long, or the disk is too small for a copy. Then
    /// nothing has changed, and the compaction is still due.
    pub fn compact(&mut self) -> Result<()> {
        let file = self.file()?;
        let (connection, options) = (&file.connection, &file.options);
        if let Some(path) = &file.path {
            options.check_folder(path)?;
        }
        let sql = "SELECT removals FROM store_state";
        let seen: i64 = lock::wait(options, || connection.query_row(sql, [], |row| row.get(0)))?;
        lock::wait(options, || connection.execute_batch("VACUUM"))?;
        // What was removed between the two statements is for the next compaction.
        let sql = "UPDATE store_state SET erased = max(erased, ?1)";
        lock::wait(options, || connection.execute(sql, [seen]))?;
        Ok(())
    }
}
