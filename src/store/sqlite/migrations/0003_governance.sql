-- Who may do what, and who did what.

CREATE TABLE grants (
    user       TEXT NOT NULL PRIMARY KEY,
    role       TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'admin')),
    granted_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    sequence  INTEGER NOT NULL PRIMARY KEY,
    time      TEXT NOT NULL,
    user      TEXT NOT NULL,
    uid       INTEGER NOT NULL,
    sudo_user TEXT,
    host      TEXT NOT NULL,
    command   TEXT NOT NULL,
    action    TEXT NOT NULL,
    subject   TEXT,
    outcome   TEXT NOT NULL,
    reason    TEXT,
    detail    TEXT,
    hash      BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- What became of an id that is no more.
CREATE INDEX audit_of_deletions ON audit (subject)
    WHERE outcome = 'done' AND action IN ('connector.delete', 'service.delete');

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

-- Without this, INSERT OR REPLACE would take an entry away without asking the trigger above.
CREATE TRIGGER audit_is_only_appended BEFORE INSERT ON audit
WHEN NEW.sequence <= (SELECT max(sequence) FROM audit)
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
