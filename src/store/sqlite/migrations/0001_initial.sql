-- Connectors, services, the references between them, and what a store demands of itself.
-- Columns are named as the fields of the model. Times are RFC 3339 in UTC, as text, and sort as such.

CREATE TABLE connectors (
    id           TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    system       TEXT NOT NULL,
    environment  TEXT NOT NULL CHECK (environment IN ('live', 'testing')),
    "group"      TEXT,
    expires_at   TEXT,
    last_used_at TEXT,
    created_at   TEXT NOT NULL,
    updated_at   TEXT NOT NULL,
    revision     BLOB NOT NULL CHECK (length(revision) = 16),
    note         TEXT,
    settings     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE services (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('standard', 'sweeper')),
    active     INTEGER NOT NULL CHECK (active IN (0, 1)),
    schedule   TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    revision   BLOB NOT NULL CHECK (length(revision) = 16),
    note       TEXT
) STRICT, WITHOUT ROWID;

-- The references. RESTRICT is the last line of defence behind the guard in the code.
CREATE TABLE service_connectors (
    service_id   TEXT NOT NULL REFERENCES services (id) ON DELETE CASCADE,
    role         TEXT NOT NULL CHECK (role IN ('source', 'destination')),
    connector_id TEXT NOT NULL REFERENCES connectors (id) ON DELETE RESTRICT,
    PRIMARY KEY (service_id, role, connector_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX service_connectors_by_connector ON service_connectors (connector_id, service_id);

-- A table with rowids, apart from the connectors, so that lists never read over the ciphertext.
CREATE TABLE secrets (
    connector_id TEXT NOT NULL REFERENCES connectors (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    value        BLOB NOT NULL,
    UNIQUE (connector_id, name)
) STRICT;

CREATE TABLE policies (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row. last_change is new at every commit, so that after a COMMIT that reports an error a look
-- tells whether it happened.
CREATE TABLE store_state (
    only_row    INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    last_change BLOB NOT NULL
) STRICT;

INSERT INTO store_state (only_row, last_change) VALUES (1, zeroblob(16));
