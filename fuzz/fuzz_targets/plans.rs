//! Plan files, by the whole program: whatever stands in them, it ends with a code of its own.

#![no_main]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;

/// What a plan may be about: `free` can go, `used` cannot.
const CONTENT: &str = r#"{"connectors": [
    {"id": "free", "system": "x", "environment": "testing"},
    {"id": "used", "system": "x", "environment": "testing"}],
    "services": [{"id": "flow", "sources": ["used"]}]}"#;

fn run(folder: &Path, arguments: &[&str]) -> u8 {
    let file = |name: &str| folder.join(name).into_os_string();
    let first = ["connctl".into(), "--quiet".into(), "--store".into(), file("store.db")];
    let config = ["--config".into(), file("config.toml")];
    let rest = arguments.iter().map(OsString::from);
    connctl::run(first.into_iter().chain(config).chain(rest))
}

/// A folder with a store of its own for this process.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("connctl-plans-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("config.toml"), "").expect("a configuration");
        std::fs::write(folder.join("content.json"), CONTENT).expect("a file");
        let content = folder.join("content.json");
        assert_eq!(run(&folder, &["import", content.to_str().expect("a path")]), 0);
        folder
    })
}

fuzz_target!(|data: &[u8]| {
    let folder = folder();
    let plan = folder.join("plan.json");
    std::fs::write(&plan, data).expect("a plan");
    let plan = plan.to_str().expect("a path");
    for command in [&["delete"][..], &["service", "delete"], &["replace"]] {
        let code = run(folder, &[command, &["--plan", plan, "--dry-run"]].concat());
        assert!(code <= 10, "{command:?} ended with {code}");
    }
});
