-- What a store is on a server: tables as in a file, and everything that the database itself refuses.
-- `@schema@`, `@owner@`, `@viewer@`, `@editor@` and `@admin@` stand for quoted names. Run by a role
-- that may create roles and schemas, as one transaction; all of it belongs to @owner@, as whom nobody
-- can log in.

CREATE SCHEMA @schema@ AUTHORIZATION @owner@;
SET LOCAL ROLE @owner@;
SET LOCAL search_path TO @schema@, pg_temp;

CREATE TABLE connectors (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name          TEXT COLLATE "C" NOT NULL,
    system        TEXT COLLATE "C" NOT NULL,
    environment   TEXT COLLATE "C" NOT NULL CHECK (environment IN ('live', 'testing')),
    "group"       TEXT COLLATE "C",
    expires_at    TEXT COLLATE "C",
    last_used_at  TEXT COLLATE "C",
    created_at    TEXT COLLATE "C" NOT NULL,
    updated_at    TEXT COLLATE "C" NOT NULL,
    revision      BYTEA NOT NULL CHECK (length(revision) = 16),
    note          TEXT COLLATE "C",
    settings      TEXT COLLATE "C" NOT NULL,
    protected     BIGINT NOT NULL DEFAULT 0 CHECK (protected IN (0, 1)),
    retired_at    TEXT COLLATE "C",
    retired_until TEXT COLLATE "C",
    origin        TEXT COLLATE "C"
);

CREATE TABLE services (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name       TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('standard', 'sweeper')),
    active     BIGINT NOT NULL CHECK (active IN (0, 1)),
    schedule   TEXT COLLATE "C",
    created_at TEXT COLLATE "C" NOT NULL,
    updated_at TEXT COLLATE "C" NOT NULL,
    revision   BYTEA NOT NULL CHECK (length(revision) = 16),
    note       TEXT COLLATE "C",
    origin     TEXT COLLATE "C"
);

-- RESTRICT is the last line of defence behind the guard in the code. Only what an update leaves
-- dangling can wait until the end of a change.
CREATE TABLE service_connectors (
    service_id   TEXT COLLATE "C" NOT NULL REFERENCES services (id) ON DELETE CASCADE DEFERRABLE,
    role         TEXT COLLATE "C" NOT NULL CHECK (role IN ('source', 'destination')),
    connector_id TEXT COLLATE "C" NOT NULL REFERENCES connectors (id) ON DELETE RESTRICT DEFERRABLE,
    PRIMARY KEY (service_id, role, connector_id)
);

CREATE INDEX service_connectors_by_connector ON service_connectors (connector_id, service_id);

CREATE TABLE secrets (
    connector_id TEXT COLLATE "C" NOT NULL REFERENCES connectors (id) ON DELETE CASCADE DEFERRABLE,
    name         TEXT COLLATE "C" NOT NULL,
    value        BYTEA NOT NULL,
    set_at       TEXT COLLATE "C",
    PRIMARY KEY (connector_id, name)
);

CREATE TABLE recipients (
    recipient TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    added_at  TEXT COLLATE "C" NOT NULL,
    comment   TEXT COLLATE "C"
);

CREATE TABLE policies (
    name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- One row, which every change locks first, so that writers take turns.
CREATE TABLE store_state (
    only_row       BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1),
    last_change    BYTEA NOT NULL,
    schema_version BIGINT NOT NULL
);

INSERT INTO store_state VALUES (1, decode(repeat('00', 16), 'hex'), 4);

CREATE TABLE audit (
    sequence    BIGINT NOT NULL PRIMARY KEY,
    time        TEXT COLLATE "C" NOT NULL,
    "user"      TEXT COLLATE "C" NOT NULL,
    uid         BIGINT NOT NULL,
    sudo_user   TEXT COLLATE "C",
    host        TEXT COLLATE "C" NOT NULL,
    command     TEXT COLLATE "C" NOT NULL,
    action      TEXT COLLATE "C" NOT NULL,
    subject     TEXT COLLATE "C",
    outcome     TEXT COLLATE "C" NOT NULL,
    reason      TEXT COLLATE "C",
    detail      TEXT COLLATE "C",
    hash        BYTEA NOT NULL CHECK (length(hash) = 32),
    -- Which transaction wrote it: a deletion must be in the trail of its own. No part of the chain.
    transaction XID8 NOT NULL DEFAULT pg_current_xact_id()
);

CREATE INDEX audit_by_subject ON audit (subject);

CREATE TABLE audit_mentions (
    id       TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (id, sequence)
);

-- Whether whoever is logged in has the rights of a role. What a function of the owner is run as does
-- not count.
CREATE FUNCTION has_role(role NAME) RETURNS BOOLEAN
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = @schema@, pg_temp
RETURN pg_has_role(session_user, role, 'USAGE');

-- The greatest role that whoever is logged in has.
CREATE FUNCTION role_of_session() RETURNS TEXT
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = @schema@, pg_temp
RETURN CASE WHEN has_role(@admin_text@) THEN 'admin' WHEN has_role(@editor_text@) THEN 'editor'
    ELSE 'viewer' END;

CREATE FUNCTION require_admin() RETURNS VOID
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = @schema@, pg_temp AS $$
BEGIN
    IF NOT has_role(@admin_text@) THEN
        RAISE insufficient_privilege USING MESSAGE = 'only an admin of the store may do this';
    END IF;
END $$;

-- What every change begins with.
CREATE FUNCTION begin_change(OUT last_change BYTEA, OUT schema_version BIGINT)
LANGUAGE sql SECURITY DEFINER SET search_path = @schema@, pg_temp AS $$
    SELECT s.last_change, s.schema_version FROM store_state AS s FOR UPDATE
$$;

CREATE FUNCTION end_change(mark BYTEA) RETURNS VOID
LANGUAGE sql SECURITY DEFINER SET search_path = @schema@, pg_temp AS $$
    UPDATE store_state SET last_change = mark
$$;

-- One field of an entry, as the chain counts it, in a database that is UTF8. An expression, which finds
-- the same functions whatever the search path, and no more certain than they are, so that it stands in
-- the place of a call: an entry takes half the time.
CREATE FUNCTION chained(field TEXT) RETURNS BYTEA
LANGUAGE sql STABLE
RETURN CASE WHEN field IS NULL THEN decode(repeat('ff', 8), 'hex')
    ELSE int8send(octet_length(field)) || convert_to(field, 'UTF8') END;

-- The one way to write entries, an array of objects: the user and the time are the server's word, the
-- rest is what the client says. A viewer does nothing, and only has refusals to tell of. Tells where the
-- trail ends then.
CREATE FUNCTION append_entries(entries TEXT, OUT sequence BIGINT, OUT hash BYTEA)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = @schema@, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    entry RECORD;
    time TEXT;
    is_editor BOOLEAN := has_role(@editor_text@);
BEGIN
    PERFORM 1 FROM store_state FOR UPDATE;
    SELECT a.sequence, a.hash INTO sequence, hash FROM audit AS a ORDER BY a.sequence DESC LIMIT 1;
    sequence := coalesce(sequence, 0);
    hash := coalesce(hash, decode(repeat('00', 32), 'hex'));
    FOR entry IN SELECT * FROM json_to_recordset(entries::JSON) AS e (uid BIGINT, sudo_user TEXT,
        host TEXT, command TEXT, action TEXT, subject TEXT, outcome TEXT, reason TEXT, detail TEXT,
        mentioned JSON)
    LOOP
        IF entry.outcome = 'done' AND NOT is_editor THEN
            RAISE insufficient_privilege USING MESSAGE = 'a viewer changes nothing';
        END IF;
        -- What whoever reads the trail relies on: no entry can be taken back that nobody could read. Nor
        -- does one say that the trail was written anew, or that another store took the place of this
        -- one, which does not happen here. What is no JSON is an error by itself.
        IF entry.uid NOT BETWEEN 0 AND 4294967295
            OR entry.outcome NOT IN ('done', 'in_use', 'protected', 'retired', 'not_permitted',
                'declined', 'changed')
            OR entry.action IN ('trail.rewrite', 'store.restore')
            OR json_typeof(entry.detail::JSON) IS NOT NULL
                AND strpos(entry.detail, chr(10)) + strpos(entry.detail, chr(13)) > 0
            OR greatest(octet_length(entry.sudo_user), octet_length(entry.host),
                octet_length(entry.command), octet_length(entry.action),
                octet_length(entry.subject), octet_length(entry.reason)) > 4096
        THEN
            RAISE invalid_parameter_value USING MESSAGE = 'this is no entry of the audit trail';
        END IF;
        sequence := sequence + 1;
        time := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
        hash := sha256(hash || chained(sequence::TEXT) || chained(time) || chained(session_user::TEXT)
            || chained(entry.uid::TEXT) || chained(entry.sudo_user) || chained(entry.host)
            || chained(entry.command) || chained(entry.action) || chained(entry.subject)
            || chained(entry.outcome) || chained(entry.reason) || chained(entry.detail));
        INSERT INTO audit AS a VALUES (sequence, time, session_user, entry.uid, entry.sudo_user,
            entry.host, entry.command, entry.action, entry.subject, entry.outcome, entry.reason,
            entry.detail, hash);
        IF json_array_length(entry.mentioned) > 0 THEN
            INSERT INTO audit_mentions AS m
                SELECT DISTINCT id, sequence FROM json_array_elements_text(entry.mentioned) AS id;
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION refuse_change() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = @schema@, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'CC005';
END $$;

-- Not even the owner's functions change an entry.
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What is compared stands in the trigger, where it is the server's own, whatever operators whoever
-- deletes has made; and what is not protected costs no call.
CREATE FUNCTION keep_protected() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = @schema@, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the connector is protected'
        USING ERRCODE = 'CC001', DETAIL = format('(id)=(%s)', OLD.id);
END $$;

CREATE TRIGGER protected_connectors_stay BEFORE DELETE ON connectors
FOR EACH ROW WHEN (OLD.protected <> 0) EXECUTE FUNCTION keep_protected();

-- Nothing uses a connector on trial, in whatever order it comes about: the rows are locked against a
-- trial that begins meanwhile. Planned anew each time, because the tables may have grown.
CREATE FUNCTION use_none_on_trial() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = @schema@, pg_temp AS $$
DECLARE
    used TEXT;
BEGIN
    EXECUTE 'SELECT id FROM (SELECT id, retired_at FROM connectors
            WHERE id IN (SELECT connector_id FROM written) FOR SHARE) AS used
        WHERE retired_at IS NOT NULL LIMIT 1' INTO used;
    IF used IS NOT NULL THEN
        RAISE EXCEPTION 'the connector is on trial'
            USING ERRCODE = 'CC002', DETAIL = format('(id)=(%s)', used);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER connectors_on_trial_get_no_service AFTER INSERT ON service_connectors
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION use_none_on_trial();

CREATE TRIGGER connectors_on_trial_are_no_target AFTER UPDATE ON service_connectors
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION use_none_on_trial();

CREATE FUNCTION retire_none_in_use() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = @schema@, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM service_connectors WHERE connector_id = NEW.id) THEN
        RAISE EXCEPTION 'a connector in use is not put on trial'
            USING ERRCODE = 'CC003', DETAIL = format('(id)=(%s)', NEW.id);
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER connectors_in_use_are_not_retired BEFORE UPDATE OF retired_at ON connectors
FOR EACH ROW WHEN (NEW.retired_at IS NOT NULL AND OLD.retired_at IS NULL)
EXECUTE FUNCTION retire_none_in_use();

-- A reference can be there before its connector, until the end of a change.
CREATE TRIGGER connectors_in_use_are_not_added_retired BEFORE INSERT ON connectors
FOR EACH ROW WHEN (NEW.retired_at IS NOT NULL) EXECUTE FUNCTION retire_none_in_use();

-- Only an admin says what is protected, on trial, or of a mirror.
CREATE FUNCTION keep_standing() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = @schema@, pg_temp AS $$
BEGIN
    PERFORM require_admin();
    RETURN NEW;
END $$;

CREATE TRIGGER standing_is_an_admins_to_give BEFORE INSERT ON connectors
FOR EACH ROW WHEN (NEW.protected <> 0 OR NEW.retired_at IS NOT NULL OR NEW.retired_until IS NOT NULL
    OR NEW.origin IS NOT NULL)
EXECUTE FUNCTION keep_standing();

CREATE TRIGGER standing_is_an_admins_to_change BEFORE UPDATE ON connectors
FOR EACH ROW WHEN ((NEW.protected, NEW.retired_at, NEW.retired_until, NEW.origin)
    IS DISTINCT FROM (OLD.protected, OLD.retired_at, OLD.retired_until, OLD.origin))
EXECUTE FUNCTION keep_standing();

CREATE TRIGGER origin_is_an_admins_to_give BEFORE INSERT ON services
FOR EACH ROW WHEN (NEW.origin IS NOT NULL) EXECUTE FUNCTION keep_standing();

CREATE TRIGGER origin_is_an_admins_to_change BEFORE UPDATE ON services
FOR EACH ROW WHEN (NEW.origin IS DISTINCT FROM OLD.origin) EXECUTE FUNCTION keep_standing();

-- What is gone at the end of a transaction, or has another id, is in the trail that the transaction wrote.
CREATE FUNCTION demand_an_entry() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = @schema@, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit WHERE subject = OLD.id AND action = TG_ARGV[0]
        AND outcome = 'done' AND transaction = pg_current_xact_id())
    THEN
        RAISE EXCEPTION 'a deletion, or another id, must be in the audit trail' USING ERRCODE = 'CC004';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER deleted_connectors_are_in_the_trail AFTER DELETE ON connectors
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION demand_an_entry('connector.delete');

CREATE CONSTRAINT TRIGGER renamed_connectors_are_in_the_trail AFTER UPDATE OF id ON connectors
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.id <> OLD.id) EXECUTE FUNCTION demand_an_entry('connector.rename');

CREATE CONSTRAINT TRIGGER deleted_services_are_in_the_trail AFTER DELETE ON services
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION demand_an_entry('service.delete');

-- TRUNCATE asks no trigger of a row. Nobody but the owner may do it; the owner does not either.
CREATE FUNCTION refuse_truncation() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = @schema@, pg_temp AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = 'nothing of a store is taken away at once';
END $$;

CREATE TRIGGER connectors_are_not_truncated BEFORE TRUNCATE ON connectors
FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncation();

CREATE TRIGGER services_are_not_truncated BEFORE TRUNCATE ON services
FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncation();

-- While the policy one_per_system is on, a trigger calls this at the end of every transaction. Writers
-- take turns, and each sees what the one before it left: so not in a transaction that sees an old state.
CREATE FUNCTION keep_one_per_system() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = @schema@, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'under the policy one_per_system connectors are written READ COMMITTED'
            USING ERRCODE = 'CC006';
    END IF;
    PERFORM 1 FROM store_state FOR UPDATE;
    IF EXISTS (SELECT 1 FROM connectors AS one JOIN connectors AS other
        ON other.system = one.system AND coalesce(other."group", '') = coalesce(one."group", '')
            AND other.environment = one.environment AND other.id <> one.id
        WHERE one.id = NEW.id)
    THEN
        RAISE EXCEPTION 'the policy one_per_system does not allow it' USING ERRCODE = 'CC006';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION set_policy(policy TEXT, setting TEXT) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = @schema@, pg_temp AS $$
BEGIN
    PERFORM require_admin();
    IF setting NOT IN ('true', 'false') THEN
        RAISE invalid_parameter_value USING MESSAGE = 'a policy is true or false';
    END IF;
    INSERT INTO policies (name, value) VALUES (policy, setting)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value;
    IF policy <> 'one_per_system' THEN
        RETURN;
    END IF;
    -- What waits for the end of the change would stand in the way of an index.
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    DROP TRIGGER IF EXISTS one_per_system ON connectors;
    DROP INDEX IF EXISTS connectors_by_system;
    IF setting = 'true' THEN
        LOCK TABLE connectors IN SHARE ROW EXCLUSIVE MODE;
        IF EXISTS (SELECT 1 FROM connectors GROUP BY system, coalesce("group", ''), environment
            HAVING count(*) > 1)
        THEN
            RAISE EXCEPTION 'the policy one_per_system does not allow it' USING ERRCODE = 'CC006';
        END IF;
        CREATE INDEX connectors_by_system
            ON connectors (system, coalesce("group", ''), environment);
        CREATE CONSTRAINT TRIGGER one_per_system
            AFTER INSERT OR UPDATE OF system, "group", environment ON connectors
            DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION keep_one_per_system();
    END IF;
END $$;

-- Gives a user one of the three roles in place of the one they had, or none. What others than this have
-- given stays theirs to take.
CREATE FUNCTION set_role_of(login NAME, role TEXT) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = @schema@, pg_temp AS $$
DECLARE
    held NAME;
BEGIN
    PERFORM require_admin();
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = login) THEN
        RAISE undefined_object USING MESSAGE = 'there is no such role';
    END IF;
    IF login IN (@viewer_text@, @editor_text@, @admin_text@, @owner_text@) THEN
        RAISE insufficient_privilege USING MESSAGE = 'the roles of the store stay as they are';
    END IF;
    FOR held IN
        SELECT g.rolname FROM pg_auth_members AS m JOIN pg_roles AS g ON g.oid = m.roleid
            JOIN pg_roles AS u ON u.oid = m.member
        WHERE u.rolname = login AND g.rolname IN (@viewer_text@, @editor_text@, @admin_text@)
    LOOP
        EXECUTE format('REVOKE %I FROM %I', held, login);
    END LOOP;
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = login AND NOT rolsuper)
        AND (CASE WHEN current_setting('server_version_num')::INTEGER < 160000
            THEN pg_has_role(login, @viewer_text@, 'MEMBER')
            -- From then on whoever makes roles is a member who may give them, and no more.
            ELSE pg_has_role(login, @viewer_text@, 'USAGE') OR pg_has_role(login, @viewer_text@, 'SET') END)
    THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('%s has a role of the store by a grant that was not made with connctl', login);
    END IF;
    IF role IS NOT NULL THEN
        EXECUTE format('GRANT %I TO %I', CASE role
            WHEN 'viewer' THEN @viewer_text@ WHEN 'editor' THEN @editor_text@
            WHEN 'admin' THEN @admin_text@ END, login);
    END IF;
END $$;

-- From PostgreSQL 16 on there are memberships that only let a role be given, and several ways to one.
CREATE VIEW grants AS
SELECT DISTINCT u.rolname::TEXT COLLATE "C" AS "user",
    CASE g.rolname WHEN @viewer_text@ THEN 'viewer' WHEN @editor_text@ THEN 'editor' ELSE 'admin' END
        AS role,
    NULL::TEXT AS granted_at
FROM pg_auth_members AS m JOIN pg_roles AS g ON g.oid = m.roleid JOIN pg_roles AS u ON u.oid = m.member
WHERE g.rolname IN (@viewer_text@, @editor_text@, @admin_text@)
    AND u.rolname NOT IN (@viewer_text@, @editor_text@, @admin_text@, @owner_text@)
    AND (to_jsonb(m)->>'inherit_option' IS DISTINCT FROM 'false' OR to_jsonb(m)->>'set_option' = 'true');

-- Who may what. An editor changes what is there; only an admin takes away.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA @schema@ FROM PUBLIC;
GRANT USAGE ON SCHEMA @schema@ TO @viewer@;
GRANT SELECT ON connectors, services, service_connectors, recipients, policies, store_state, audit,
    audit_mentions, grants TO @viewer@;
GRANT SELECT (connector_id, name, set_at) ON secrets TO @viewer@;
GRANT EXECUTE ON FUNCTION has_role, role_of_session, require_admin, begin_change, end_change,
    append_entries TO @viewer@;

GRANT INSERT ON connectors, services, service_connectors, secrets TO @editor@;
GRANT SELECT ON secrets TO @editor@;
GRANT UPDATE (name, system, "group", expires_at, last_used_at, created_at, updated_at, revision, note,
    settings, protected, retired_at, retired_until, origin) ON connectors TO @editor@;
GRANT UPDATE (name, kind, active, schedule, created_at, updated_at, revision, note, origin)
    ON services TO @editor@;
GRANT UPDATE, DELETE ON service_connectors TO @editor@;
GRANT UPDATE (value, set_at) ON secrets TO @editor@;

GRANT DELETE ON connectors, services, secrets TO @admin@;
GRANT UPDATE (id, environment) ON connectors TO @admin@;
GRANT UPDATE (connector_id) ON secrets TO @admin@;
GRANT INSERT, DELETE ON recipients TO @admin@;
GRANT EXECUTE ON FUNCTION set_policy, set_role_of TO @admin@;

RESET ROLE;
