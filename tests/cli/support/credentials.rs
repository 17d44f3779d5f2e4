//! Secrets in a sealed environment: looking for them in files, and typing them on a terminal.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use age::secrecy::SecretString;
use rexpect::session::{PtySession, spawn_command};
use snapbox::str;

use super::{Run, Sandbox};
use crate::assert_text;

/// What stands at the beginning of each age file.
pub const AGE: &[u8] = b"age-encryption.org/v1";

/// Where `connctl` makes an identity.
pub const IDENTITY: &str = ".config/connctl/identity.txt";

impl Sandbox {
    /// One whose store holds the connector `pay` of the system `stripe`, in testing, with the secret
    /// `api_key`, and the connector `bare` without any.
    pub fn with_secret(value: &str) -> Self {
        let sandbox = Self::new();
        let file = "[[connectors]]\nid = 'pay'\nsystem = 'stripe'\nenvironment = 'testing'\n\
                    [[connectors]]\nid = 'bare'\nsystem = 'http'\nenvironment = 'testing'\n";
        let run = sandbox.run_with_input(&["import", "-"], file);
        assert_eq!(run.code, 0, "{run}");
        sandbox.set_secret("pay", "api_key", value);
        sandbox
    }

    /// Sets a secret through a variable.
    pub fn set_secret(&self, id: &str, name: &str, value: &str) {
        let run =
            self.run_with_variable(&["secret", "set", id, &format!("{name}=env:VALUE")], value);
        assert_eq!(run.code, 0, "{run}");
    }

    /// Runs the binary with this value in the variable `VALUE`.
    pub fn run_with_variable(&self, arguments: &[&str], value: &str) -> Run {
        self.finish(self.command().args(arguments).env("VALUE", value))
    }

    /// The value of a secret as `secret get` writes it.
    pub fn secret(&self, id: &str, name: &str) -> String {
        let run = self.run(&["secret", "get", id, name]);
        assert_eq!(run.code, 0, "{run}");
        run.stdout
    }

    /// A secret as it stands in an export.
    pub fn armored(&self, id: &str, name: &str) -> String {
        let export: serde_json::Value = serde_json::from_str(&self.export("json")).unwrap();
        let connectors = export["connectors"].as_array().unwrap();
        let connector = connectors.iter().find(|connector| connector["id"] == id);
        connector.unwrap()["secrets"][name]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The ciphertext of a secret.
    pub fn ciphertext(&self, id: &str, name: &str) -> Vec<u8> {
        connctl::credentials::dearmor(&self.armored(id, name)).unwrap()
    }

    /// The files of the home folder that hold any 16 bytes of a line of this ciphertext. Its first
    /// line is the same in each.
    pub fn files_with_ciphertext(&self, ciphertext: &[u8]) -> Vec<String> {
        // The word that begins a stanza stands in every age file, and so does one of which a letter
        // or two are all that is not the same.
        let is_its_own = |part: &&[u8]| !part.windows(7).any(|word| word == b"X25519 ");
        let is_filling = |line: &&[u8]| line.windows(7).any(|word| word == b"-grease");
        // Whatever 16 bytes are left, a window of 12 that begins at a multiple of 5 is among them.
        let parts: std::collections::HashSet<_> = ciphertext[AGE.len() + 12..]
            .split(|byte| *byte == b'\n')
            .filter(|line| !is_filling(line))
            .flat_map(|line| line.windows(12))
            .filter(is_its_own)
            .collect();
        self.files_where(|bytes| {
            let mut windows = bytes.windows(12).step_by(5);
            windows.any(|window| parts.contains(window))
        })
    }

    /// The files of the home folder that hold this text.
    pub fn files_with(&self, text: &str) -> Vec<String> {
        self.files_where(|bytes| count(bytes, text.as_bytes()) > 0)
    }

    /// How many age files lie in the files of the store.
    pub fn age_files_in_store(&self) -> usize {
        let files = files_below(self.folder.path());
        let of_store = files.iter().filter(|(path, _)| path.contains("store.db"));
        of_store.map(|(_, bytes)| count(bytes, AGE)).sum()
    }

    fn files_where(&self, found: impl Fn(&[u8]) -> bool) -> Vec<String> {
        let files = files_below(self.folder.path());
        files
            .into_iter()
            .filter(|(_, bytes)| found(bytes))
            .map(|(path, _)| self.redact(&path))
            .collect()
    }

    /// Another user of the same store: a recipient, and the file of its identity.
    pub fn other_identity(&self, file: &str) -> String {
        let (identity, recipient) = connctl::credentials::generate("some day");
        connctl::credentials::write_identity(&self.path(file), &identity).unwrap();
        recipient.to_string()
    }

    /// Puts a file under a passphrase, with next to no work.
    pub fn lock(&self, file: &str, passphrase: &str) {
        let content = std::fs::read(self.path(file)).unwrap();
        let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
        recipient.set_work_factor(2);
        let recipients = std::iter::once(&recipient as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(recipients).unwrap();
        let file = std::fs::File::create(self.path(file)).unwrap();
        let mut out = encryptor.wrap_output(file).unwrap();
        out.write_all(&content).unwrap();
        out.finish().unwrap();
    }

    /// Runs the binary as somebody who may read the store, but neither write it nor its folder.
    pub fn run_read_only(&self, arguments: &[&str]) -> Run {
        let set_mode = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        set_mode(&self.path("store.db"), 0o444);
        set_mode(self.folder.path(), 0o555);
        let is_root = std::fs::File::create(self.path("root-may")).is_ok();
        let run = if is_root {
            // Modes mean nothing to root until it gives up what makes it root.
            std::fs::remove_file(self.path("root-may")).unwrap();
            let mut command = Command::new("setpriv");
            self.seal(&mut command);
            command
                .arg("--bounding-set=-dac_override,-dac_read_search")
                .arg(super::CONNCTL)
                .args(arguments);
            self.finish(&mut command)
        } else {
            self.run(arguments)
        };
        set_mode(self.folder.path(), 0o700);
        set_mode(&self.path("store.db"), 0o600);
        run
    }

    /// Runs the binary on a terminal.
    pub fn on_terminal(&self, arguments: &[&str]) -> PtySession {
        let mut command = Command::new(super::CONNCTL);
        self.seal(&mut command);
        command.args(arguments).env("NO_COLOR", "1");
        spawn_command(command, Some(60_000)).unwrap()
    }
}

/// The rest of what a terminal shows, and the exit code.
pub fn end(sandbox: &Sandbox, mut session: PtySession) -> (String, i32) {
    let rest = session.exp_eof().unwrap().replace('\r', "");
    let status = session.process().wait().unwrap();
    let code = match status {
        rexpect::process::WaitStatus::Exited(_, code) => code,
        rexpect::process::WaitStatus::Signaled(_, signal, _) => 128 + signal as i32,
        _ => -1,
    };
    (sandbox.redact(&rest), code)
}

fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    files
}

fn count(bytes: &[u8], part: &[u8]) -> usize {
    bytes
        .windows(part.len())
        .filter(|window| *window == part)
        .count()
}

#[test]
fn the_scan_finds_what_is_there() {
    super::in_file();
    let sandbox = Sandbox::with_secret("marker");
    let ciphertext = sandbox.ciphertext("pay", "api_key");
    assert_eq!(
        sandbox.files_with_ciphertext(&ciphertext),
        ["[HOME]/store.db"]
    );
    assert_eq!(sandbox.age_files_in_store(), 1);
    sandbox.write("note", "a marker");
    assert_text!(sandbox.files_with("marker").join("\n"), str!["[HOME]/note"]);
}
