-- Connectors that may not go, connectors on trial, what a mirror brought, and a trail that is found by
-- every id and holds no values.

ALTER TABLE connectors ADD COLUMN protected INTEGER NOT NULL DEFAULT 0 CHECK (protected IN (0, 1));
ALTER TABLE connectors ADD COLUMN retired_at TEXT;
ALTER TABLE connectors ADD COLUMN retired_until TEXT;
ALTER TABLE connectors ADD COLUMN origin TEXT;
ALTER TABLE services ADD COLUMN origin TEXT;

-- When the value was set; unknown for those that are older than this column.
ALTER TABLE secrets ADD COLUMN set_at TEXT;

-- What stands behind the key in its line.
ALTER TABLE recipients ADD COLUMN comment TEXT;

CREATE TRIGGER protected_connectors_stay BEFORE DELETE ON connectors
WHEN OLD.protected <> 0
BEGIN
    SELECT RAISE(ABORT, 'the connector is protected');
END;

-- INSERT OR REPLACE takes a row away without asking the trigger above.
CREATE TRIGGER protected_connectors_are_not_replaced BEFORE INSERT ON connectors
WHEN (SELECT protected FROM connectors WHERE id = NEW.id) <> 0
BEGIN
    SELECT RAISE(IGNORE);
END;

-- Nor does UPDATE OR REPLACE, which takes away the row whose id another row is given.
CREATE TRIGGER protected_connectors_are_not_overwritten BEFORE UPDATE OF id ON connectors
WHEN NEW.id <> OLD.id AND (SELECT protected FROM connectors WHERE id = NEW.id) <> 0
BEGIN
    SELECT RAISE(ABORT, 'the connector is protected');
END;

-- Nothing uses a connector on trial, in whatever order it comes about.
CREATE TRIGGER connectors_on_trial_get_no_service BEFORE INSERT ON service_connectors
WHEN (SELECT retired_at FROM connectors WHERE id = NEW.connector_id) IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'the connector is on trial');
END;

CREATE TRIGGER connectors_on_trial_are_no_target BEFORE UPDATE OF connector_id ON service_connectors
WHEN NEW.connector_id <> OLD.connector_id
    AND (SELECT retired_at FROM connectors WHERE id = NEW.connector_id) IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'the connector is on trial');
END;

CREATE TRIGGER connectors_in_use_are_not_retired BEFORE UPDATE OF retired_at ON connectors
WHEN NEW.retired_at IS NOT NULL AND OLD.retired_at IS NULL
    AND EXISTS (SELECT 1 FROM service_connectors WHERE connector_id = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'a connector in use is not put on trial');
END;

CREATE TRIGGER connectors_in_use_are_not_added_retired BEFORE INSERT ON connectors
WHEN NEW.retired_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM service_connectors WHERE connector_id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'a connector in use is not put on trial');
END;

CREATE TRIGGER connectors_on_trial_take_no_id_in_use BEFORE UPDATE OF id ON connectors
WHEN NEW.id <> OLD.id AND OLD.retired_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM service_connectors WHERE connector_id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'a connector in use is not put on trial');
END;

-- Every entry of an id is found without reading the trail: by its subject, or among those that it
-- mentions beside it.
DROP INDEX audit_of_deletions;
CREATE INDEX audit_by_subject ON audit (subject);

CREATE TABLE audit_mentions (
    id       TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (id, sequence)
) STRICT, WITHOUT ROWID;
