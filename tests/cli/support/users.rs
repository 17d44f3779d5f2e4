//! Several users of one store. Whoever runs these tests must be root, and have `setpriv`.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, chown};
use std::process::{Command, Stdio};

use super::{CONNCTL, Run, Sandbox};

/// A user whom a user database has.
pub const DAEMON: u32 = 1;

/// Another one.
pub const BIN: u32 = 2;

/// And another one.
pub const NOBODY: u32 = 65534;

/// The group of all users of these tests.
pub const TEAM: u32 = 471_100;

/// A user whom no user database has.
pub const UNKNOWN: u32 = 471_147;

impl Sandbox {
    /// Lets every user of these tests read and write the store.
    #[must_use]
    pub fn open_to_all(self) -> Self {
        let sandbox = self.open_folder();
        chown(sandbox.path("store.db"), None, Some(TEAM)).unwrap();
        sandbox.set_mode("store.db", 0o664);
        sandbox
    }

    /// Lets every user of these tests make a store.
    #[must_use]
    pub fn open_folder(self) -> Self {
        chown(self.path("."), None, Some(TEAM)).unwrap();
        self.set_mode(".", 0o2775);
        self
    }

    /// Sets the mode of a file or folder.
    pub fn set_mode(&self, name: &str, mode: u32) {
        std::fs::set_permissions(self.path(name), Permissions::from_mode(mode)).unwrap();
    }

    /// Gives a file or folder to another user.
    pub fn give_to(&self, name: &str, uid: u32) {
        chown(self.path(name), Some(uid), None).unwrap();
    }

    /// The binary, to be run by another user, with a home of their own.
    pub fn command_of(&self, uid: u32) -> Command {
        // The folder of the binary may be closed to others.
        let binary = self.path("bin-connctl");
        if !binary.exists() {
            std::fs::hard_link(CONNCTL, &binary)
                .or_else(|_| std::fs::copy(CONNCTL, &binary).map(drop))
                .unwrap();
        }
        let home = self.path(&format!("home-{uid}"));
        if !home.exists() {
            std::fs::create_dir(&home).unwrap();
            chown(&home, Some(uid), Some(uid)).unwrap();
        }
        let mut command = Command::new("setpriv");
        self.seal(&mut command);
        command
            .args([format!("--reuid={uid}"), format!("--regid={uid}")])
            .arg(format!("--groups={TEAM}"))
            .arg(binary)
            .env("HOME", home)
            .stdin(Stdio::null());
        command
    }

    /// Runs the binary as another user.
    pub fn run_as(&self, uid: u32, arguments: &[&str]) -> Run {
        self.finish(self.command_of(uid).args(arguments))
    }

    /// Gives a user a role.
    pub fn grant(&self, user: &str, role: &str) {
        let run = self.run(&["access", "grant", user, role]);
        assert_eq!(run.code, 0, "{run}");
    }

    /// The audit trail, one entry a line, without what differs from run to run.
    pub fn trail(&self) -> String {
        let run = self.run(&["audit", "list", "-o", "ndjson"]);
        assert_eq!(run.code, 0, "{run}");
        run.stdout
    }

    /// The last entry of the audit trail.
    pub fn last_entry(&self) -> serde_json::Value {
        serde_json::from_str(self.trail().lines().last().unwrap()).unwrap()
    }

    /// What the last entry of the audit trail says of this field, as JSON.
    pub fn last(&self, field: &str) -> String {
        self.last_entry()[field].to_string()
    }
}
