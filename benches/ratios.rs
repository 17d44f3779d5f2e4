//! connctl against the `sqlite3` shell: the same file, the same columns, in turn.
//!
//! ```text
//! cargo bench                    # 50, 10,000, 100,000 and 1,000,000 connectors
//! cargo bench -- 10000           # one size
//! ```
//!
//! Machines differ and are busy, so only ratios are printed, of the time on the clock and of that of
//! the processor: the median of several pairs in alternating order, with the least and the greatest.
//! Whatever changes the store gets a fresh copy of it each time. What misses its target is marked; the
//! exit code tells nothing of it.

#![allow(
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    clippy::unwrap_used
)]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

const CONNCTL: &str = env!("CARGO_BIN_EXE_connctl");

const SIZES: [usize; 4] = [50, 10_000, 100_000, 1_000_000];

/// The size of the store that a large one is compared to.
const SMALL: usize = 1_000;

/// The word that makes this program run another one and report on it.
const MEASURE: &str = "--measure";

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

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == MEASURE) {
        return measure(&arguments[1..]);
    }
    if !runs("sqlite3", "-version") {
        println!(
            "The ratios need the sqlite3 shell, which is not on the path; nothing was measured."
        );
        return;
    }
    let mut sizes: Vec<usize> = arguments
        .iter()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    if sizes.is_empty() {
        // Whoever only tests that this program works does not wait for a million.
        let all = arguments.iter().any(|argument| argument == "--bench");
        sizes = if all { SIZES.to_vec() } else { vec![SIZES[0]] };
    }
    let folder = tempfile::Builder::new()
        .prefix("connctl-bench-")
        .tempdir()
        .unwrap();
    println!(
        "| Work | Connectors | Ratio, median (spread) | Processor | Target | Peak memory | sqlite3 | Target | Output |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    for size in sizes {
        let data = Data::new(folder.path(), size);
        reading(&data);
        if size >= SMALL {
            let small = Data::new(folder.path(), SMALL);
            deleting(&data);
            importing(&data);
            verifying(&data);
            single(&data, &small);
        }
        fs::remove_dir_all(&data.folder).unwrap();
    }
}

fn runs(program: &str, argument: &str) -> bool {
    let mut command = Command::new(program);
    command.arg(argument).stdout(Stdio::null()).status().is_ok()
}

/// Runs a program so often and prints the time it took and the most memory it had. The measured
/// process is a child of this one and of nothing larger, because a child counts as its own what its
/// parent had when it was made.
fn measure(arguments: &[String]) {
    let [times, input, program, arguments @ ..] = arguments else {
        panic!("a count, an input and a program are needed");
    };
    let times: u32 = times.parse().unwrap();
    let start = Instant::now();
    for _ in 0..times {
        let status = Command::new(program)
            .args(arguments)
            .stdin(File::open(input).unwrap())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "{program} {arguments:?}: {status}");
    }
    let elapsed = start.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let microseconds =
        |time: TimeVal| i128::from(time.tv_sec()) * 1_000_000 + i128::from(time.tv_usec());
    let processor = microseconds(usage.user_time()) + microseconds(usage.system_time());
    println!("{} {processor} {}", elapsed.as_nanos(), usage.max_rss());
}

/// One measurement.
struct Measured {
    nanoseconds: f64,
    /// Of the processor, for the program itself and for the system, in microseconds.
    processor: f64,
    /// In KiB.
    peak: f64,
}

/// What is to be done before a run.
#[derive(Clone)]
enum Before {
    Nothing,
    /// Put a fresh copy of the first file at the second.
    Copy(PathBuf, PathBuf),
    /// Take the file away.
    Remove(PathBuf),
}

/// A command line to measure.
#[derive(Clone)]
struct Side {
    line: Vec<String>,
    input: PathBuf,
    before: Before,
    times: u32,
}

impl Side {
    fn new(line: &[&str]) -> Self {
        Self {
            line: line.iter().map(|&word| word.to_owned()).collect(),
            input: "/dev/null".into(),
            before: Before::Nothing,
            times: 1,
        }
    }

    fn input(mut self, input: &Path) -> Self {
        input.clone_into(&mut self.input);
        self
    }

    fn before(mut self, before: Before) -> Self {
        self.before = before;
        self
    }

    fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    fn run(&self) -> Measured {
        match &self.before {
            Before::Nothing => {}
            Before::Copy(from, to) => {
                fs::copy(from, to).unwrap();
                // Else the first sync of the run would pay for the copy.
                File::open(to).unwrap().sync_all().unwrap();
            }
            Before::Remove(path) => {
                let _ = fs::remove_file(path);
            }
        }
        let output = Command::new(std::env::current_exe().unwrap())
            .arg(MEASURE)
            .arg(self.times.to_string())
            .arg(&self.input)
            .args(&self.line)
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        assert!(output.status.success(), "{:?} failed", self.line);
        let text = String::from_utf8(output.stdout).unwrap();
        let mut numbers = text.split_whitespace().map(|word| word.parse().unwrap());
        let mut next = || numbers.next().unwrap();
        Measured {
            nanoseconds: next(),
            processor: next(),
            peak: next(),
        }
    }

    /// How much it writes to standard output.
    fn output_size(&self) -> u64 {
        let mut child = Command::new(&self.line[0])
            .args(&self.line[1..])
            .stdin(File::open(&self.input).unwrap())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut size = 0;
        let mut piece = vec![0; 1 << 16];
        let mut stdout = child.stdout.take().unwrap();
        loop {
            match stdout.read(&mut piece).unwrap() {
                0 => break,
                read => size += read as u64,
            }
        }
        child.wait().unwrap();
        size
    }
}

/// What a row of the table promises.
#[derive(Clone, Copy, Default)]
struct Target {
    ratio: Option<f64>,
    mebibytes: Option<f64>,
}

impl Target {
    fn new(ratio: f64, mebibytes: f64) -> Self {
        let given = |number: f64| (number > 0.0).then_some(number);
        Self {
            ratio: given(ratio),
            mebibytes: given(mebibytes),
        }
    }
}

/// Measures two command lines in turn and prints a row.
fn compare(
    work: &str,
    size: usize,
    pairs: usize,
    ours: &Side,
    theirs: &Side,
    target: Target,
) -> f64 {
    // At a medium size the start of a process weighs as much as the work.
    let target = if size < SMALL || size >= SIZES[3] {
        target
    } else {
        Target::default()
    };
    let output = match ours.before {
        Before::Nothing => mebibytes(ours.output_size() as f64 / f64::from(1 << 20)),
        _ => "–".to_owned(),
    };
    let (mut ratios, mut of_processor) = (Vec::new(), Vec::new());
    let (mut our_peak, mut their_peak) = (0_f64, 0_f64);
    for pair in 0..pairs {
        let (our, their) = if pair % 2 == 0 {
            let our = ours.run();
            (our, theirs.run())
        } else {
            let their = theirs.run();
            (ours.run(), their)
        };
        ratios.push(our.nanoseconds / their.nanoseconds);
        of_processor.push(our.processor / their.processor);
        our_peak = our_peak.max(our.peak / 1024.0);
        their_peak = their_peak.max(their.peak / 1024.0);
    }
    ratios.sort_by(f64::total_cmp);
    of_processor.sort_by(f64::total_cmp);
    let median = ratios[pairs / 2];
    let judged = |found: f64, limit: Option<f64>, unit: &str| match limit {
        None => "–".to_owned(),
        Some(limit) if found <= limit => format!("≤ {limit}{unit}"),
        Some(limit) => format!("≤ {limit}{unit} **missed**"),
    };
    println!(
        "| {work} | {size} | {median:.2} ({:.2}–{:.2}) | {:.2} | {} | {} | {} | {} | {output} |",
        ratios[0],
        ratios[pairs - 1],
        of_processor[pairs / 2],
        judged(median, target.ratio, ""),
        mebibytes(our_peak),
        mebibytes(their_peak),
        judged(our_peak, target.mebibytes, " MiB"),
    );
    our_peak
}

fn mebibytes(number: f64) -> String {
    format!("{number:.1} MiB")
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

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn id_of(index: usize) -> String {
    const SYSTEMS: [&str; 5] = ["shopify", "netsuite", "slack", "http", "sftp"];
    format!("c{index:07}-{}", SYSTEMS[index % SYSTEMS.len()])
}

/// The number of the connector that is the n-th in use: three of ten are.
fn used(n: usize) -> usize {
    n / 3 * 10 + [1, 4, 7][n % 3]
}

fn write_ndjson(path: &Path, size: usize) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    for index in 0..size {
        let id = id_of(index);
        let system = id.split_once('-').unwrap().1;
        let environment = if index % 3 == 0 { "testing" } else { "live" };
        let mut extra = String::new();
        if index % 4 == 0 {
            let _ = write!(extra, ",\"group\":\"group-{}\"", index % 97);
        }
        if index % 5 == 0 {
            extra.push_str(",\"expires_at\":\"2030-01-01T00:00:00Z\"");
        }
        if index % 2 == 0 {
            extra.push_str(",\"last_used_at\":\"2026-10-01T00:00:00Z\"");
        }
        writeln!(
            out,
            "{{\"type\":\"connector\",\"id\":\"{id}\",\"name\":\"Connector number {index}\",\
             \"system\":\"{system}\",\"environment\":\"{environment}\"{extra},\
             \"settings\":{{\"url\":\"https://host-{index}.example.com/api\",\"retries\":{}}},\
             \"created_at\":\"2026-01-01T00:00:00Z\",\"updated_at\":\"2026-06-01T00:00:00Z\"}}",
            index % 7,
        )
        .unwrap();
    }
    let (services, in_use) = (size / 5, size / 10 * 3);
    for index in 0..services {
        let source = id_of(used(index));
        let first = (services + index / 2) % in_use;
        let mut destinations = format!("\"{}\"", id_of(used(first)));
        let second = (index * 31 + 7) % in_use;
        if index % 8 < 5 && second != first {
            let _ = write!(destinations, ",\"{}\"", id_of(used(second)));
        }
        writeln!(
            out,
            "{{\"type\":\"service\",\"id\":\"s{index:07}\",\"name\":\"Service number {index}\",\
             \"kind\":\"standard\",\"active\":{},\"sources\":[\"{source}\"],\
             \"destinations\":[{destinations}],\"schedule\":\"0 6 * * *\",\
             \"created_at\":\"2026-01-01T00:00:00Z\",\"updated_at\":\"2026-06-01T00:00:00Z\"}}",
            index % 10 != 0,
        )
        .unwrap();
    }
    out.flush().unwrap();
}

/// The numbers of connectors that nobody uses, in no order.
fn free(size: usize) -> impl Iterator<Item = usize> {
    let step = 7_919;
    (0..size)
        .map(move |n| n * step % size)
        .filter(|index| ![1, 4, 7].contains(&(index % 10)))
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
