-- The public keys that secrets are encrypted for, and whether what was removed has been erased.

CREATE TABLE recipients (
    recipient TEXT NOT NULL PRIMARY KEY,
    added_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- removals counts the changes that took ciphertext away; erased is the count that a compaction has
-- seen. While they differ, pages of the file may still hold some of it.
ALTER TABLE store_state ADD COLUMN removals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE store_state ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
