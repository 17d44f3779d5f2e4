//! connctl against `psql` on a server of their own: the same database, the same role.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::data::{free, id_of, write_ndjson};
use super::measure::{Before, Side, Target, compare, head};
use super::server::{BOSS, Server, program};
use super::{CONNCTL, SIZES, text};

/// The columns of `connctl list`.
const LIST: &str =
    "SELECT id, name, system, environment, coalesce(used_by, 0) AS used_by, updated_at,
    expires_at, last_used_at, \"group\", protected, retired_until
    FROM connctl.connectors LEFT JOIN (SELECT connector_id, count(DISTINCT service_id) AS used_by
      FROM connctl.service_connectors GROUP BY connector_id) AS uses ON connector_id = id
    ORDER BY id";

/// What `connctl show` looks for.
const SHOW: &str = "SELECT to_json(connectors), (SELECT json_agg(json_build_array(service_id, role,
      services.name, active)) FROM connctl.service_connectors JOIN connctl.services ON id = service_id
      WHERE connector_id = connectors.id),
    (SELECT json_agg(name) FROM connctl.secrets WHERE connector_id = connectors.id)
    FROM connctl.connectors WHERE id = ";

/// Fills a store with what a file holds.
const FILL: &str = r#"
BEGIN;
CREATE TEMP TABLE lines (line JSON) ON COMMIT DROP;
\copy lines FROM '@file@' (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02')
INSERT INTO connectors (id, name, system, environment, "group", expires_at, last_used_at, created_at,
    updated_at, revision, settings)
  SELECT line->>'id', line->>'name', line->>'system', line->>'environment', line->>'group',
    line->>'expires_at', line->>'last_used_at', line->>'created_at', line->>'updated_at',
    uuid_send(gen_random_uuid()), line->>'settings'
  FROM lines WHERE line->>'type' = 'connector';
INSERT INTO services (id, name, kind, active, schedule, created_at, updated_at, revision)
  SELECT line->>'id', line->>'name', line->>'kind', (line->>'active')::BOOLEAN::INTEGER,
    line->>'schedule', line->>'created_at', line->>'updated_at', uuid_send(gen_random_uuid())
  FROM lines WHERE line->>'type' = 'service';
INSERT INTO service_connectors
  SELECT line->>'id', left(role, -1), connector FROM lines,
    unnest(ARRAY['sources', 'destinations']) AS role,
    json_array_elements_text(line->role) AS connector
  WHERE line->>'type' = 'service';
COMMIT;
VACUUM ANALYZE;
"#;

/// Imports files of CSV as one change with one entry in the trail, without a hash.
const IMPORT: &str = r#"
BEGIN;
SELECT 1 FROM begin_change();
CREATE TEMP TABLE c (id TEXT, name TEXT, system TEXT, environment TEXT, "group" TEXT, expires_at TEXT,
  last_used_at TEXT, created_at TEXT, updated_at TEXT, settings TEXT);
CREATE TEMP TABLE s (id TEXT, name TEXT, kind TEXT, active BIGINT, schedule TEXT, created_at TEXT,
  updated_at TEXT);
\copy c FROM '@folder@/connectors.csv' (FORMAT csv)
\copy s FROM '@folder@/services.csv' (FORMAT csv)
INSERT INTO connectors (id, name, system, environment, "group", expires_at, last_used_at, created_at,
    updated_at, settings, revision)
  SELECT c.*, uuid_send(gen_random_uuid()) FROM c;
INSERT INTO services (id, name, kind, active, schedule, created_at, updated_at, revision)
  SELECT s.*, uuid_send(gen_random_uuid()) FROM s;
\copy service_connectors FROM '@folder@/references.csv' (FORMAT csv)
INSERT INTO audit SELECT coalesce(max(sequence), 0) + 1, '2026-11-25T10:00:00Z', 'boss', 0, NULL,
  'host', 'import', 'import', 'data.ndjson', 'done', NULL, '{}', decode(repeat('00', 32), 'hex')
  FROM audit;
SELECT end_change(uuid_send(gen_random_uuid()));
COMMIT;
"#;

/// Deletes what a file names as one change with an entry each in the trail, without hashes.
const DELETE: &str = r#"
BEGIN;
SELECT 1 FROM begin_change();
CREATE TEMP TABLE doomed (id TEXT COLLATE "C" PRIMARY KEY);
\copy doomed FROM '@folder@/ids'
INSERT INTO audit SELECT (SELECT coalesce(max(sequence), 0) FROM audit) + row_number() OVER (ORDER BY id),
  '2026-11-25T10:00:00Z', 'boss', 0, NULL, 'host', 'delete', 'connector.delete', id, 'done', NULL,
  json_build_object('id', id, 'name', name, 'system', system, 'environment', environment,
    'group', "group", 'settings', ARRAY(SELECT json_object_keys(settings::JSON)), 'secrets', '[]'::JSON,
    'expires_at', expires_at, 'last_used_at', last_used_at, 'created_at', created_at,
    'updated_at', updated_at, 'revision', encode(revision, 'hex')),
  decode(repeat('00', 32), 'hex') FROM connectors JOIN doomed USING (id);
DELETE FROM connectors USING doomed WHERE connectors.id = doomed.id;
SELECT end_change(uuid_send(gen_random_uuid()));
COMMIT;
"#;

/// Measures at each size: a list of all, a deletion of a fiftieth, an import of a fifth.
pub fn measure(folder: &Path, sizes: &[usize]) {
    for needed in ["initdb", "postgres", "psql", "openssl"] {
        if !program(needed).is_file() {
            println!(
                "The ratios on a server need {needed}, of the packages postgresql and openssl, which \
                 is not there; nothing was measured on one."
            );
            return;
        }
    }
    let place = Place::new(folder);
    head("psql");
    for &size in sizes {
        let full = Filled::new(&place, size);
        listing(&full);
        single(&full);
        deleting(&full);
        importing(&Filled::new(&place, size / 5));
    }
}

/// A server, with a database that holds an empty store.
struct Place<'f> {
    server: Server,
    folder: &'f Path,
}

/// What the password of the role is.
const PASSWORD: &str = "bench";

impl<'f> Place<'f> {
    /// As it is installed: it waits for the disk, and has the memory that it has by itself.
    fn new(folder: &'f Path) -> Self {
        let server = Server::start_with(&["fsync=on", "shared_buffers=128MB"]);
        let password = format!("ALTER ROLE {BOSS} PASSWORD '{PASSWORD}'; CREATE DATABASE empty");
        server.sql("postgres", &password);
        let place = Self { server, folder };
        place.connctl("empty", &["init"]).run();
        place
    }

    fn connctl(&self, database: &str, arguments: &[&str]) -> Side {
        Self::side(&self.server.url(BOSS, database), arguments)
    }

    /// connctl by way of the network.
    fn connctl_by_tls(&self, database: &str, arguments: &[&str]) -> Side {
        Self::side(&self.tls(database), arguments).variable("PGPASSWORD", PASSWORD)
    }

    fn side(url: &str, arguments: &[&str]) -> Side {
        Side::new(&[&[CONNCTL, "--store", url], arguments].concat())
    }

    fn psql(&self, database: &str, arguments: &[&str]) -> Side {
        Self::side_of_psql(&self.server.url(BOSS, database), arguments)
    }

    fn psql_by_tls(&self, database: &str, arguments: &[&str]) -> Side {
        Self::side_of_psql(&self.tls(database), arguments).variable("PGPASSWORD", PASSWORD)
    }

    fn side_of_psql(url: &str, arguments: &[&str]) -> Side {
        let psql = program("psql");
        let line = [text(&psql), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url];
        Side::new(&[&line, arguments].concat()).variable("PGOPTIONS", "-c search_path=connctl")
    }

    fn tls(&self, database: &str) -> String {
        format!(
            "postgres://{BOSS}@localhost:{}/{database}?hostaddr=127.0.0.1&sslmode=verify-full\
             &sslrootcert={}",
            self.server.port,
            self.server.authority().display()
        )
    }

    /// Puts a fresh copy of a database in the place of the one to work on, and waits for the disk.
    fn fresh(&self, database: &str) -> Before {
        let copy = format!("CREATE DATABASE work TEMPLATE {database} STRATEGY file_copy");
        let statements = ["DROP DATABASE IF EXISTS work", &copy, "CHECKPOINT"];
        let statements = statements.into_iter().flat_map(|sql| ["-c", sql]);
        let psql = self.psql("postgres", &statements.collect::<Vec<_>>());
        Before::Run(psql.line)
    }
}

/// A database whose store is filled.
struct Filled<'p> {
    place: &'p Place<'p>,
    size: usize,
    database: String,
    folder: PathBuf,
}

impl<'p> Filled<'p> {
    fn new(place: &'p Place<'p>, size: usize) -> Self {
        let database = format!("filled_{size}");
        let create = format!("CREATE DATABASE {database} TEMPLATE empty");
        place.server.sql("postgres", &create);
        let folder = place.folder.join(&database);
        fs::create_dir(&folder).unwrap();
        let filled = Self {
            place,
            size,
            database,
            folder,
        };
        let file = filled.folder.join("data.ndjson");
        write_ndjson(&file, size);
        let script = FILL.replace("@file@", text(&file));
        filled.script("fill.sql", &script).run();
        filled
    }

    /// A script, which runs in this database unless it is told otherwise.
    fn script(&self, name: &str, script: &str) -> Side {
        self.script_in(&self.database, name, script)
    }

    fn script_in(&self, database: &str, name: &str, script: &str) -> Side {
        let path = self.folder.join(name);
        let script = script.replace("@folder@", text(&self.folder));
        fs::write(&path, script).unwrap();
        self.place.psql(database, &["-f", text(&path)])
    }

    fn pairs(&self) -> usize {
        if self.size >= SIZES[2] { 5 } else { 7 }
    }
}

/// Lists of all.
fn listing(full: &Filled<'_>) {
    let (place, database) = (full.place, full.database.as_str());
    let list = |format| ["list", "all", "-o", format];
    let (csv, target) = (["--csv", "-c", LIST], Target::new(1.0, 16.0));
    let row = |work: &str, ours: Side, theirs: Side| {
        compare(work, full.size, full.pairs(), &ours, &theirs, target);
    };
    row(
        "list all -o csv ÷ psql --csv",
        place.connctl(database, &list("csv")),
        place.psql(database, &csv),
    );
    row(
        "list all -o csv ÷ psql --csv, over TLS",
        place.connctl_by_tls(database, &list("csv")),
        place.psql_by_tls(database, &csv),
    );
    let copy = format!("COPY ({LIST}) TO STDOUT (FORMAT csv)");
    row(
        "list all -o csv ÷ psql COPY TO STDOUT",
        place.connctl(database, &list("csv")),
        place.psql(database, &["-c", &copy]),
    );
    let json = format!("SELECT row_to_json(list) FROM ({LIST}) AS list");
    row(
        "list all -o ndjson ÷ psql row_to_json",
        place.connctl(database, &list("ndjson")),
        place.psql(database, &["-At", "-c", &json]),
    );
}

/// How long a command takes, connecting and all.
fn single(full: &Filled<'_>) {
    const PAIRS: usize = 50;
    let (place, database) = (full.place, full.database.as_str());
    let id = id_of(full.size / 2 + 1);
    let (show, asked) = (["show", &id, "-o", "json"], format!("{SHOW} '{id}'"));
    let asked = ["-At", "-c", &asked];
    let row = |work: &str, ours: Side, theirs: Side| {
        compare(work, full.size, PAIRS, &ours, &theirs, Target::default());
    };
    row(
        "show of one ÷ psql -c, by the socket",
        place.connctl(database, &show),
        place.psql(database, &asked),
    );
    row(
        "show of one ÷ psql -c, over TLS",
        place.connctl_by_tls(database, &show),
        place.psql_by_tls(database, &asked),
    );
}

/// Deletes a fiftieth of the connectors.
fn deleting(full: &Filled<'_>) {
    let ids: String = free(full.size)
        .take(full.size / 50)
        .map(|index| format!("{}\n", id_of(index)))
        .collect();
    let file = full.folder.join("ids");
    fs::write(&file, ids).unwrap();
    let fresh = full.place.fresh(&full.database);
    let ours = full
        .place
        .connctl("work", &["delete", "-", "--yes", "-o", "ids"])
        .input(&file)
        .before(fresh.clone());
    let theirs = full.script_in("work", "delete.sql", DELETE).before(fresh);
    compare(
        "delete - of a fiftieth, audited ÷ script that also writes the trail, without hashes",
        full.size,
        full.pairs(),
        &ours,
        &theirs,
        Target::default(),
    );
}

/// Imports all of it into an empty store.
fn importing(all: &Filled<'_>) {
    for (name, sql) in [
        (
            "connectors",
            "SELECT id, name, system, environment, \"group\", expires_at, last_used_at, created_at,
               updated_at, settings FROM connctl.connectors ORDER BY id",
        ),
        (
            "services",
            "SELECT id, name, kind, active, schedule, created_at, updated_at
             FROM connctl.services ORDER BY id",
        ),
        ("references", "SELECT * FROM connctl.service_connectors"),
    ] {
        let copy = format!("COPY ({sql}) TO STDOUT (FORMAT csv)");
        let file = fs::File::create(all.folder.join(format!("{name}.csv"))).unwrap();
        let line = all.place.psql(&all.database, &["-c", &copy]).line;
        let mut psql = Command::new(&line[0]);
        let status = psql.args(&line[1..]).stdout(Stdio::from(file)).status();
        assert!(status.unwrap().success());
    }
    let fresh = all.place.fresh("empty");
    let file = all.folder.join("data.ndjson");
    let ours = all
        .place
        .connctl("work", &["import", text(&file)])
        .before(fresh.clone());
    let theirs = all.script_in("work", "import.sql", IMPORT).before(fresh);
    compare(
        "import NDJSON ÷ psql \\copy of CSV",
        all.size,
        all.pairs(),
        &ours,
        &theirs,
        Target::default(),
    );
    let count = "SELECT count(*) FROM connctl.connectors";
    let found = all.place.server.sql("work", count);
    assert_eq!(found, format!("{}\n", all.size));
}
