//! Passwords are seen by nobody, whatever is done with them.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::database_with_store;
use super::server::{server, text};

/// In every password.
const MARK: &str = "MARK";

/// A home folder from which the binary works with a store on a server, over the network.
struct Home {
    folder: TempDir,
    database: String,
    url: String,
}

impl Home {
    /// One whose user is an admin of the store with a password.
    fn new(user: &str) -> Self {
        let database = database_with_store(user);
        let password =
            format!("CREATE ROLE {user} LOGIN PASSWORD '{MARK}@1'; GRANT {user}_admin TO {user}");
        server().sql(&database, &password);
        let (port, authority) = (server().port, server().authority());
        let authority = authority.display();
        Self {
            folder: tempfile::tempdir().unwrap(),
            url: format!(
                "postgres://{user}@db.test:{port}/{database}?schema={user}&hostaddr=127.0.0.1&sslrootcert={authority}"
            ),
            database,
        }
    }

    /// The URL with the password, as it is to be encoded.
    fn url_with_password(&self) -> String {
        self.url.replacen("@db", &format!(":{MARK}%401@db"), 1)
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the binary to its end. Neither what it tells nor what it leaves in its folder holds a
    /// password, but for the files that do so by name.
    fn run(&self, variables: &[(&str, &str)], arguments: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_connctl"))
            .env_clear()
            .env("HOME", self.folder.path())
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .envs(variables.iter().copied())
            .current_dir(self.folder.path())
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let told = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(!told.contains(MARK), "{arguments:?}: {told}");
        (output.status.code().unwrap_or(-1), told)
    }

    /// As [`Home::run`], with what must come of it.
    fn works(&self, variables: &[(&str, &str)], arguments: &[&str]) -> String {
        let (code, told) = self.run(variables, arguments);
        assert_eq!(code, 0, "{arguments:?}: {told}");
        told
    }
}

fn set_mode(file: &Path, mode: u32) {
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
#[ignore = "needs postgresql"]
fn no_command_shows_one() {
    let home = Home::new("by_url");
    let url = home.url_with_password();
    let variables = [("CONNCTL_STORE", url.as_str())];
    for (expected, command) in [
        (0, "init"),
        (0, "add erp --system http --env testing"),
        (0, "list -v"),
        (0, "list all --output json"),
        (0, "show erp"),
        (0, "doctor -v"),
        (0, "export --no-secrets"),
        (0, "delete erp --yes"),
        (0, "audit list"),
        (0, "audit verify"),
        (0, "access list"),
        (2, "backup copy.db"),
        (2, "compact"),
        (2, "restore copy.db"),
        (4, "show none"),
    ] {
        let (code, told) = home.run(&variables, &command.split(' ').collect::<Vec<_>>());
        assert_eq!(code, expected, "{command}: {told}");
    }
    let trail = server().sql(&home.database, "SELECT a::TEXT FROM by_url.audit AS a");
    assert!(
        trail.contains("connector.delete") && !trail.contains(MARK),
        "{trail}"
    );
    for (from, to) in [
        // A wrong password, server, authority, database, schema, option.
        ("%401", "%402"),
        ("db.test", "db.other"),
        ("authority.pem", "other.pem"),
        ("/test_", "/none_"),
        ("schema=by_url", "schema=none"),
        ("schema=by_url", "schema=-"),
        ("schema=by_url", "scheme=by_url"),
        // A password that was not encoded.
        ("%401", "@1"),
        ("%401", "/1"),
        ("%401", "?1"),
        ("%401", "#1"),
        ("%401", "%zz"),
        ("by_url:", ":"),
        ("@db.test", ""),
        ("postgres://", "postgre://"),
    ] {
        let wrong = url.replacen(from, to, 1);
        assert_ne!(wrong, url);
        for arguments in [&["list", "-v"][..], &["doctor", "--output", "json"]] {
            let (code, told) = home.run(&[("CONNCTL_STORE", &wrong)], arguments);
            assert_ne!(code, 0, "{from} {to}: {told}");
        }
    }
}

#[test]
#[ignore = "needs postgresql"]
fn the_command_line_takes_none() {
    let home = Home::new("by_line");
    let with_password = home.url_with_password();
    for store in [
        with_password.as_str(),
        &format!("{}&password={MARK}", home.url),
        &format!("postgres://by_line:{MARK}"),
        &format!("mysql://by_line:{MARK}@db/p"),
    ] {
        let (code, told) = home.run(&[], &["--store", store, "list"]);
        assert_eq!(code, 2, "{told}");
    }
    let password = format!("{MARK}@1");
    home.works(
        &[("PGPASSWORD", &password)],
        &["--store", &home.url, "list"],
    );
}

#[test]
#[ignore = "needs postgresql"]
fn the_files_of_other_clients_work() {
    let home = Home::new("by_file");
    let variables = [("CONNCTL_STORE", home.url.as_str())];
    let (code, told) = home.run(&variables, &["list"]);
    assert_eq!(code, 1, "{told}");
    assert!(
        told.contains("it wants a password, which PGPASSWORD or ~/.pgpass can hold"),
        "{told}"
    );
    let line = format!("db.test:*:*:by_file:{MARK}@1\n");
    std::fs::write(home.path(".pgpass"), &line).unwrap();
    set_mode(&home.path(".pgpass"), 0o644);
    let (code, told) = home.run(&variables, &["list"]);
    assert_eq!(code, 1, "{told}");
    assert!(
        told.contains("/.pgpass was not read: its mode is 0644 and must be 0600"),
        "{told}"
    );
    set_mode(&home.path(".pgpass"), 0o600);
    home.works(&variables, &["list"]);
    std::fs::rename(home.path(".pgpass"), home.path("other")).unwrap();
    let other = home.path("other");
    home.works(
        &[variables[0], ("PGPASSFILE", other.to_str().unwrap())],
        &["list"],
    );
    // So does the configuration.
    let config = format!("store = \"{}\"\n", home.url_with_password());
    std::fs::write(home.path("config.toml"), config).unwrap();
    home.works(&[("CONNCTL_CONFIG", "config.toml")], &["list", "-v"]);
    home.works(&[("CONNCTL_CONFIG", "config.toml")], &["doctor"]);
}
