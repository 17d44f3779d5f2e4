//! connctl against the `sqlite3` shell on the same file.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::data::{free, id_of, write_ndjson};
use super::measure::{Before, Side, Target, compare, head};
use super::{CONNCTL, SIZES, SMALL, runs, text};

/// The columns of `connctl list`.
const LIST: &str = "SELECT id, name, system, environment,
    (SELECT count(DISTINCT service_id) FROM service_connectors WHERE connector_id = connectors.id)
      AS used_by, updated_at, expires_at, last_used_at, \"group\", protected, retired_until
    FROM connectors";

/// What connctl sets for a change.
const SETTINGS: &str = "PRAGMA foreign_keys = ON;
PRAGMA synchronous = EXTRA;
PRAGMA secure_delete = ON;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -24576;
";

/// Measures at each size.
pub fn measure(folder: &Path, sizes: &[usize]) {
    if !runs("sqlite3", "-version") {
        println!(
            "The ratios in a file need the sqlite3 shell, which is not on the path; nothing was measured."
        );
        return;
    }
    head("sqlite3");
    for &size in sizes {
        let data = Data::new(folder, size);
        reading(&data);
        if size >= SMALL {
            let small = Data::new(folder, SMALL);
            deleting(&data);
            importing(&data);
            verifying(&data);
            single(&data, &small);
        }
        fs::remove_dir_all(&data.folder).unwrap();
    }
}

/// A store with its files, in a folder of its own.
struct Data {
    folder: PathBuf,
    size: usize,
    store: PathBuf,
    ndjson: PathBuf,
}

impl Data {
    /// Has connctl import so many connectors and a fifth as many services, which refer to 30 % of
    /// the connectors.
    fn new(parent: &Path, size: usize) -> Self {
        let folder = parent.join(format!("{size}"));
        fs::create_dir_all(&folder).unwrap();
        let data = Self {
            store: folder.join("store.db"),
            ndjson: folder.join("data.ndjson"),
            folder,
            size,
        };
        if data.store.exists() {
            return data;
        }
        write_ndjson(&data.ndjson, size);
        let status = Command::new(CONNCTL)
            .args(data.import(&data.store).line.iter().skip(1))
            .stderr(Stdio::null())
            .status();
        assert!(status.unwrap().success());
        File::open(&data.store).unwrap().sync_all().unwrap();
        data
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// connctl on this store.
    fn connctl(&self, arguments: &[&str]) -> Side {
        connctl(&self.store, arguments)
    }

    /// The shell on this store.
    fn shell(&self, mode: &str, sql: &str) -> Side {
        Side::new(&["sqlite3", mode, text(&self.store), sql])
    }

    fn import(&self, store: &Path) -> Side {
        connctl(store, &["import", text(&self.ndjson)])
    }

    /// How many pairs to run of something that takes long at a million.
    fn pairs(&self) -> usize {
        if self.size >= 1_000_000 { 5 } else { 9 }
    }

    fn few_pairs(&self) -> usize {
        if self.size >= 1_000_000 { 5 } else { 7 }
    }

    fn query(&self, name: &str, sql: &str) {
        let output = Command::new("sqlite3")
            .args(["-csv", text(&self.store), sql])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        fs::write(self.path(name), output.stdout).unwrap();
    }
}

fn connctl(store: &Path, arguments: &[&str]) -> Side {
    let mut line = vec![CONNCTL, "--store", text(store)];
    line.extend(arguments);
    Side::new(&line)
}

/// Lists and other work that changes nothing.
fn reading(data: &Data) {
    let size = data.size;
    if size < SMALL {
        let ours = data.connctl(&["list", "all", "-o", "json"]).times(100);
        let sql = format!("{LIST} ORDER BY id");
        let theirs = data.shell("-json", &sql).times(100);
        let target = Target::new(0.95, 16.0);
        compare("list all -o json", size, 9, &ours, &theirs, target);
        let empty = Side::new(&["true"]).times(100);
        let work = "list all -o json ÷ an empty process";
        compare(work, size, 9, &ours, &empty, Target::default());
        return;
    }
    let sql = format!("{LIST} ORDER BY id");
    for (format, mode, ratio, memory) in [
        ("json", "-json", 0.42, 16.0),
        ("tsv", "-tabs", 0.45, 16.0),
        ("csv", "-csv", 0.6, 16.0),
        ("ndjson", "-json", 0.6, 16.0),
        ("table", "-column", 0.37, 64.0),
        ("table", "-tabs", 0.0, 64.0),
    ] {
        compare(
            &format!("list all -o {format} ÷ sqlite3 {mode}"),
            size,
            data.pairs(),
            &data.connctl(&["list", "all", "-o", format]),
            &data.shell(mode, &sql),
            Target::new(ratio, memory),
        );
    }
    compare(
        "list all -o ids ÷ sqlite3 -list of the ids",
        size,
        data.pairs(),
        &data.connctl(&["list", "all", "-o", "ids"]),
        &data.shell("-list", "SELECT id FROM connectors ORDER BY id"),
        Target::new(0.85, 16.0),
    );
    // One in five has the first text, and one in a thousand the second.
    for text in ["shopify", "number 777"] {
        let columns = ["id", "name", "system", "note"];
        let conditions = columns.map(|column| format!("{column} LIKE '%{text}%'"));
        let sql = format!("{LIST} WHERE {} ORDER BY id", conditions.join(" OR "));
        compare(
            &format!("list all --search '{text}' -o json ÷ sqlite3 -json with LIKE"),
            size,
            data.few_pairs(),
            &data.connctl(&["list", "all", "--search", text, "-o", "json"]),
            &data.shell("-json", &sql),
            Target::new(0.8, 32.0),
        );
    }
    let unused = "NOT EXISTS
        (SELECT 1 FROM service_connectors WHERE connector_id = connectors.id) ORDER BY id";
    compare(
        "list all --unused -o json ÷ sqlite3 -json",
        size,
        data.few_pairs(),
        &data.connctl(&["list", "all", "--unused", "-o", "json"]),
        &data.shell("-json", &format!("{LIST} WHERE {unused}")),
        Target::new(0.0, 32.0),
    );
    compare(
        "export --format ndjson ÷ sqlite3 -json, the same rows",
        size,
        data.few_pairs(),
        &data.connctl(&["export", "--format", "ndjson"]),
        &data.shell(
            "-json",
            "SELECT id, name, system, environment, \"group\", note, expires_at, last_used_at,
               created_at, updated_at, settings FROM connectors ORDER BY id;
             SELECT services.*,
               (SELECT json_group_array(connector_id) FROM service_connectors
                WHERE service_id = id AND role = 'source') AS sources,
               (SELECT json_group_array(connector_id) FROM service_connectors
                WHERE service_id = id AND role = 'destination') AS destinations
             FROM services ORDER BY id",
        ),
        Target::new(0.6, 32.0),
    );
    let prune = data.connctl(&["prune", "all", "--unused", "--dry-run", "-o", "ids"]);
    let theirs = data.shell(
        "-list",
        &format!("SELECT id FROM connectors WHERE {unused}"),
    );
    let work = "prune all --unused --dry-run ÷ sqlite3 -list of the ids";
    let limit = (256 * size / 10 * 7) as f64 / f64::from(1 << 20);
    let target = Target::new(1.8, limit.round().max(16.0));
    let peak = compare(work, size, data.few_pairs(), &prune, &theirs, target);
    if size < SIZES[3] {
        // The program itself would weigh more than they do.
        return;
    }
    let bytes = peak * f64::from(1 << 20) / (size / 10 * 7) as f64;
    println!(
        "| … peak memory for each connector that would go | {size} | | | | {bytes:.0} bytes | | ≤ 256 bytes | |"
    );
}

/// Deletes a tenth of the connectors.
fn deleting(data: &Data) {
    let size = data.size;
    let work = data.path("work.db");
    let copy = Before::Copy(data.store.clone(), work.clone());
    let ids: String = free(size)
        .take(size / 10)
        .map(|index| format!("{}\n", id_of(index)))
        .collect();
    fs::write(data.path("ids"), ids).unwrap();
    let ours = connctl(&work, &["delete", "-", "--yes", "-o", "ids"])
        .input(&data.path("ids"))
        .before(copy.clone());
    let script = |name: &str, audit: &str| {
        let script = format!(
            "{SETTINGS}CREATE TEMP TABLE doomed (id TEXT PRIMARY KEY) WITHOUT ROWID;\n\
             .import {} doomed\nBEGIN IMMEDIATE;\n{audit}\
             DELETE FROM connectors WHERE id IN (SELECT id FROM doomed);\nCOMMIT;\n",
            data.path("ids").display()
        );
        fs::write(data.path(name), script).unwrap();
        Side::new(&["sqlite3", "-bail", text(&work)])
            .input(&data.path(name))
            .before(copy.clone())
    };
    let plain = script("delete.sql", "");
    let audit = "INSERT INTO audit SELECT
        (SELECT max(sequence) FROM audit) + row_number() OVER (ORDER BY id),
        '2026-11-21T10:00:00Z', 'user', 0, NULL, 'host', 'delete', 'connector.delete', id, 'done', NULL,
        json_object('id', id, 'name', name, 'system', system, 'environment', environment,
          'group', \"group\", 'settings', (SELECT json_group_array(key) FROM json_each(settings)), 'secrets', json('[]'),
          'expires_at', expires_at, 'last_used_at', last_used_at, 'created_at', created_at,
          'updated_at', updated_at, 'revision', lower(hex(revision))),
        zeroblob(32) FROM connectors WHERE id IN (SELECT id FROM doomed);\n";
    let audited = script("audit.sql", audit);
    let label = "delete - of a tenth";
    let pairs = data.few_pairs();
    compare(
        &format!("{label}, audited ÷ script that also writes the trail, without hashes"),
        size,
        pairs,
        &ours,
        &audited,
        Target::new(0.9, 0.0),
    );
    compare(
        &format!("{label}, audited ÷ script without a trail"),
        size,
        pairs,
        &ours,
        &plain,
        Target::new(1.75, 0.0),
    );
}

/// Imports all of it into a new store.
fn importing(data: &Data) {
    let size = data.size;
    let work = data.path("work.db");
    let remove = Before::Remove(work.clone());
    data.query(
        "connectors.csv",
        "SELECT id, name, system, environment, \"group\", expires_at, last_used_at, created_at,
           updated_at, note, settings FROM connectors ORDER BY id",
    );
    data.query(
        "services.csv",
        "SELECT id, name, kind, active, schedule, created_at, updated_at, note FROM services
         ORDER BY id",
    );
    data.query(
        "references.csv",
        "SELECT service_id, role, connector_id FROM service_connectors",
    );
    let schema = Command::new("sqlite3")
        .args([text(&data.store), ".schema --nosys"])
        .output()
        .unwrap();
    let script = format!(
        "{SETTINGS}{schema}
CREATE TEMP TABLE c (id, name, system, environment, \"group\", expires_at, last_used_at, created_at,
  updated_at, note, settings);
CREATE TEMP TABLE s (id, name, kind, active, schedule, created_at, updated_at, note);
.mode csv
.import {connectors} c
.import {services} s
BEGIN IMMEDIATE;
INSERT INTO connectors (id, name, system, environment, \"group\", expires_at, last_used_at, created_at,
  updated_at, revision, note, settings) SELECT id, name, system, environment, nullif(\"group\", ''),
  nullif(expires_at, ''), nullif(last_used_at, ''), created_at, updated_at, randomblob(16),
  nullif(note, ''), settings FROM c;
INSERT INTO services (id, name, kind, active, schedule, created_at, updated_at, revision, note)
  SELECT id, name, kind, CAST(active AS INTEGER), nullif(schedule, ''),
  created_at, updated_at, randomblob(16), nullif(note, '') FROM s;
.import {references} service_connectors
COMMIT;
",
        schema = String::from_utf8(schema.stdout).unwrap(),
        connectors = data.path("connectors.csv").display(),
        services = data.path("services.csv").display(),
        references = data.path("references.csv").display(),
    );
    fs::write(data.path("import.sql"), script).unwrap();
    let theirs = Side::new(&["sqlite3", "-bail", text(&work)])
        .input(&data.path("import.sql"))
        .before(remove.clone());
    let ours = data.import(&work).before(remove);
    let label = "import NDJSON ÷ sqlite3 .import of CSV";
    let pairs = data.few_pairs();
    compare(label, size, pairs, &ours, &theirs, Target::new(1.1, 64.0));
    let found = Command::new("sqlite3")
        .args([text(&work), "SELECT count(*) FROM connectors"])
        .output()
        .unwrap();
    assert_eq!(found.stdout, format!("{size}\n").into_bytes());
}

/// Checks a long audit trail.
fn verifying(data: &Data) {
    let size = data.size;
    let work = data.path("work.db");
    fs::copy(&data.store, &work).unwrap();
    let prune = connctl(&work, &["prune", "all", "--unused", "--yes", "-o", "ids"]);
    prune.output_size();
    let verify = connctl(&work, &["audit", "verify"]);
    let rows = format!(
        "sqlite3 -tabs {} 'SELECT * FROM audit ORDER BY sequence' | sha256sum",
        text(&work)
    );
    let rows = Side::new(&["sh", "-c", &rows]);
    let label =
        "audit verify of 0.7 entries a connector ÷ sha256sum of the rows from sqlite3 -tabs";
    let pairs = data.few_pairs();
    compare(label, size, pairs, &verify, &rows, Target::new(0.95, 32.0));
}

/// Work on one connector, against the same on a small store.
fn single(data: &Data, small: &Data) {
    let size = data.size;
    let show = |data: &Data| {
        data.connctl(&["show", &id_of(data.size / 2), "-o", "json"])
            .times(50)
    };
    let target = Target::new(1.3, 0.0);
    let label = "show of one ÷ the same with 1,000 connectors";
    compare(label, size, 9, &show(data), &show(small), target);

    let copied = |data: &Data| {
        let work = data.path("work.db");
        fs::copy(&data.store, &work).unwrap();
        File::open(&work).unwrap().sync_all().unwrap();
        work
    };
    let (large_work, small_work) = (copied(data), copied(small));
    let mut ids = free(size).zip(free(SMALL));
    let mut ratios: Vec<f64> = (0..21)
        .map(|pair| {
            let (large, little) = ids.next().unwrap();
            let delete =
                |work, index| connctl(work, &["delete", &id_of(index), "--yes", "-o", "ids"]);
            let (ours, theirs) = (delete(&large_work, large), delete(&small_work, little));
            if pair % 2 == 0 {
                let our = ours.run().nanoseconds;
                our / theirs.run().nanoseconds
            } else {
                let their = theirs.run().nanoseconds;
                ours.run().nanoseconds / their
            }
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let median = ratios[ratios.len() / 2];
    println!(
        "| delete of one ÷ the same with 1,000 connectors | {size} | {median:.2} ({:.2}–{:.2}) | – | ≤ 1.3{} | – | – | – | – |",
        ratios[0],
        ratios[ratios.len() - 1],
        if median > 1.3 { " **missed**" } else { "" },
    );
    let (next, _) = ids.next().unwrap();
    let log = data.path("syncs");
    let traced = Command::new("strace")
        .args([
            "-f",
            "-e",
            "trace=fsync,fdatasync",
            "-e",
            "signal=none",
            "-o",
        ])
        .arg(&log)
        .args(connctl(&large_work, &["delete", &id_of(next), "--yes"]).line)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let found = match traced {
        Ok(status) if status.success() => {
            let log = fs::read_to_string(&log).unwrap();
            let count = log.lines().filter(|line| line.contains("sync(")).count();
            format!("{count}{}", if count > 5 { " **missed**" } else { "" })
        }
        _ => "strace is needed".to_owned(),
    };
    println!("| syncs of a delete of one | {size} | {found} | – | ≤ 5 | – | – | – | – |");
}
