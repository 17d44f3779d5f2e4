//! What is measured with: connectors, and services that refer to some of them.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

pub fn id_of(index: usize) -> String {
    const SYSTEMS: [&str; 5] = ["shopify", "netsuite", "slack", "http", "sftp"];
    format!("c{index:07}-{}", SYSTEMS[index % SYSTEMS.len()])
}

/// The number of the connector that is the n-th in use: three of ten are.
fn used(n: usize) -> usize {
    n / 3 * 10 + [1, 4, 7][n % 3]
}

pub fn write_ndjson(path: &Path, size: usize) {
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
pub fn free(size: usize) -> impl Iterator<Item = usize> {
    let step = 7_919;
    (0..size)
        .map(move |n| n * step % size)
        .filter(|index| ![1, 4, 7].contains(&(index % 10)))
}
