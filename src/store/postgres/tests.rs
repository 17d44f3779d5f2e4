//! Sessions with a server that is there: how they begin, and what keeps one from it.

#![allow(clippy::disallowed_methods, reason = "the server is a program")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::connect::{Connected, Surroundings, connect};
use super::url::ServerUrl;
use super::watch::Watch;
use super::{ServerPlace, ServerStore};
use crate::store::{Error, OpenOptions, Result};

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../../../tests/support/server.rs"]
mod server;

use server::{BOSS, Server, server};

/// Of which nobody may ever read.
const PASSWORD: &str = "MARK:of/the@secret";

/// The same as it stands in a URL.
const ENCODED: &str = "MARK%3Aof%2Fthe%40secret";

fn try_with(url: &str, surroundings: &Surroundings) -> Result<Connected> {
    let url = ServerUrl::new(url).unwrap();
    let connected = connect(&url, surroundings, &AtomicBool::new(false));
    if let Err(error) = &connected {
        let told = format!("{error} {error:?} {url} {url:?} {surroundings:?}");
        assert!(!told.contains("MARK"), "{told}");
    }
    connected
}

fn try_url(url: &str) -> Result<Connected> {
    try_with(url, &Surroundings::default())
}

/// Why there is no session.
fn refusal(url: &str) -> String {
    refusal_with(url, &Surroundings::default())
}

fn refusal_with(url: &str, surroundings: &Surroundings) -> String {
    match try_with(url, surroundings) {
        Ok(_) => panic!("{url} was connected to"),
        Err(error) => error.to_string(),
    }
}

/// What the session says of itself.
fn ask(connected: &mut Connected, sql: &str) -> String {
    connected.client.query_one(sql, &[]).unwrap().get(0)
}

/// A new role, with the password.
fn role(server: &Server, name: &str) -> String {
    server.sql(
        "postgres",
        &format!("CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'"),
    );
    name.to_owned()
}

/// A URL by way of the network, with TLS and the right authority.
fn tls_url(server: &Server, user: &str, host: &str) -> String {
    let authority = server.authority();
    let (port, authority) = (server.port, authority.display());
    format!("postgres://{user}@{host}:{port}/postgres?hostaddr=127.0.0.1&sslrootcert={authority}")
}

#[test]
#[ignore = "needs postgresql"]
fn a_socket_needs_no_network() {
    let server = server();
    let mut connected = try_url(&server.url(BOSS, "postgres")).unwrap();
    assert!(!connected.is_encrypted);
    assert_eq!(
        ask(&mut connected, "SELECT current_setting('search_path')"),
        "connctl, pg_temp"
    );
    for (setting, value) in [
        ("application_name", "connctl"),
        ("statement_timeout", "0"),
        ("idle_session_timeout", "0"),
        ("role", "none"),
    ] {
        let sql = format!("SELECT current_setting('{setting}')");
        assert_eq!(ask(&mut connected, &sql), value, "{setting}");
    }
    let folder = server.folder.display();
    let url = format!(
        "postgresql:///?host={folder}&port={}&schema=other_1",
        server.port
    );
    let surroundings = Surroundings {
        user: Some(BOSS.to_owned()),
        database: Some("postgres".to_owned()),
        ..Surroundings::default()
    };
    let mut connected = try_with(&url, &surroundings).unwrap();
    assert_eq!(
        ask(&mut connected, "SELECT current_setting('search_path')"),
        "other_1, pg_temp"
    );
    let gone = refusal(&format!("postgres://{BOSS}@%2Fnowhere/p"));
    assert!(
        gone.starts_with(
            "cannot connect to postgres://boss@%2Fnowhere/p: /nowhere/.s.PGSQL.5432: No such file"
        ),
        "{gone}"
    );
    assert!(refusal(&server.url(BOSS, "none")).ends_with(r#"database "none" does not exist"#));
    assert!(refusal(&server.url("nobody", "none")).ends_with(r#"role "nobody" does not exist"#));
}

#[test]
#[ignore = "needs postgresql"]
fn a_network_needs_tls_with_the_server_that_was_named() {
    let server = server();
    let user = role(server, "on_network");
    let user = format!("{user}:{ENCODED}");
    for host in ["db.test", "localhost"] {
        let mut connected = try_url(&tls_url(server, &user, host)).unwrap();
        assert!(connected.is_encrypted);
        let sql = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        assert_eq!(ask(&mut connected, sql), "TLSv1.3");
    }
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = format!("{}&sslmode={mode}", tls_url(server, &user, "db.test"));
        assert!(try_url(&url).unwrap().is_encrypted);
        // Whatever it is called, the name must be right.
        let url = format!("{}&sslmode={mode}", tls_url(server, &user, "db.other"));
        let told = refusal(&url);
        assert!(
            told.ends_with("its certificate is for another name"),
            "{told}"
        );
    }
    let told = refusal(&tls_url(server, &user, "127.0.0.1"));
    assert!(
        told.ends_with("its certificate is for another name"),
        "{told}"
    );
    let url = tls_url(server, &user, "db.test");
    let other = url.replace("authority.pem", "other.pem");
    let told = refusal(&other);
    assert!(
        told.ends_with("its certificate is by nobody whose word is taken"),
        "{told}"
    );
    let system = url.split("&sslrootcert").next().unwrap();
    assert!(matches!(
        try_url(system),
        Err(Error::Untrusted { .. } | Error::BadUrl { .. })
    ));
    let plain = format!("{system}&sslmode=disable");
    assert!(!try_url(&plain).unwrap().is_encrypted);
}

#[test]
#[ignore = "needs postgresql"]
fn certificates_are_read_before_anybody_is_asked() {
    let server = server();
    for (file, problem) in [
        ("none.pem", "No such file or directory (os error 2)"),
        ("openssl.cnf", "there is no certificate in it"),
        ("server.key", "there is no certificate in it"),
    ] {
        let url = tls_url(server, BOSS, "db.test").replace("authority.pem", file);
        let told = refusal(&url);
        assert!(
            told.starts_with("the URL ") && told.ends_with(problem),
            "{told}"
        );
    }
    fs::write(
        server.folder.join("broken.pem"),
        "-----BEGIN CERTIFICATE-----\nMARK\n",
    )
    .unwrap();
    let url = tls_url(server, BOSS, "db.test").replace("authority.pem", "broken.pem");
    let told = refusal(&url);
    assert!(
        told.ends_with("it is no file of certificates in PEM"),
        "{told}"
    );
}

#[test]
#[ignore = "needs postgresql"]
fn a_server_in_plain_text_is_sent_nothing() {
    let server = server();
    for (answer, wanted) in [
        (&b"N"[..], "it offers no encryption"),
        (b"E", "it offers no encryption"),
        (
            b"SR\0\0\0\x08\0\0\0\0",
            "received corrupt message of type InvalidContentType",
        ),
        (b"", "early eof"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let mut request = [0; 8];
            socket.read_exact(&mut request).unwrap();
            socket.write_all(answer).unwrap();
            let _ = socket.shutdown(std::net::Shutdown::Write);
            let mut rest = Vec::new();
            let _ = socket.read_to_end(&mut rest);
            rest
        });
        let url = tls_url(server, &format!("on_network:{ENCODED}"), "db.test");
        let told = refusal(&url.replace(&server.port.to_string(), &port.to_string()));
        assert!(told.ends_with(wanted), "{told}");
        let heard = heard.join().unwrap();
        let heard = String::from_utf8_lossy(&heard);
        assert!(
            !heard.contains("MARK") && !heard.contains("on_network"),
            "{heard}"
        );
    }
}

#[test]
#[ignore = "needs postgresql"]
fn passwords_come_from_the_url_the_surroundings_or_a_file() {
    let server = server();
    let user = role(server, "by_password");
    let url = tls_url(server, &user, "db.test");
    let file = tempfile::NamedTempFile::new().unwrap();
    let escaped = PASSWORD.replace(':', "\\:");
    let lines = format!(
        "db.other:*:*:*:no\ndb.test:{}:postgres:{user}:{escaped}\n",
        server.port
    );
    fs::write(&file, lines).unwrap();
    let set = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    set(0o600);
    let by_file = Surroundings {
        password_file: Some(file.path().to_owned()),
        ..Surroundings::default()
    };
    let by_variable = Surroundings {
        password: Some(PASSWORD.to_owned()),
        ..Surroundings::default()
    };
    let wrong = Surroundings {
        password: Some("MARK".to_owned()),
        ..by_file.clone()
    };
    let with_password = url.replacen(&user, &format!("{user}:{ENCODED}"), 1);
    try_url(&with_password).unwrap();
    try_url(&format!("{url}&password={ENCODED}")).unwrap();
    try_with(&url, &by_variable).unwrap();
    try_with(&url, &by_file).unwrap();
    // Whatever is nearer counts.
    try_with(&with_password, &wrong).unwrap();
    let told = refusal_with(&url, &wrong);
    assert!(
        told.ends_with(r#"password authentication failed for user "by_password""#),
        "{told}"
    );
    let told = refusal(&url);
    assert!(
        told.ends_with("it wants a password, which PGPASSWORD or ~/.pgpass can hold"),
        "{told}"
    );
    set(0o644);
    let told = refusal_with(&url, &by_file);
    assert!(
        told.ends_with("was not read: its mode is 0644 and must be 0600)"),
        "{told}"
    );
}

#[test]
#[ignore = "needs postgresql"]
fn the_first_host_that_is_there_is_taken() {
    let server = server();
    let dead = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let socket = server.folder.to_str().unwrap().replace('/', "%2F");
    let url = format!(
        "postgres://{BOSS}@127.0.0.1:{dead},{socket}:{}/postgres",
        server.port
    );
    assert!(!try_url(&url).unwrap().is_encrypted);
    let told = refusal(&format!(
        "postgres://{BOSS}@127.0.0.1:{dead},%2Fnowhere:1/p"
    ));
    let first = format!(
        "127.0.0.1:{dead}: Connection refused (os error 111); /nowhere/.s.PGSQL.1: No such file"
    );
    assert!(told.contains(&first), "{told}");
    // One that does not want this user is not followed by others.
    let url = format!(
        "postgres://nobody@{socket}:{},127.0.0.1:{dead}/p",
        server.port
    );
    assert!(refusal(&url).ends_with(r#"role "nobody" does not exist"#));
}

#[test]
#[ignore = "needs postgresql"]
fn a_server_that_is_only_read_is_not_written() {
    let server = server();
    let database = server.database();
    server.sql(
        &database,
        &format!("ALTER DATABASE {database} SET default_transaction_read_only = on"),
    );
    let url = server.url(BOSS, &database);
    for (wanted, refused) in [
        ("any", None),
        ("read-only", None),
        ("read-write", Some("database does not allow writes")),
        (
            "primary",
            Some("invalid value for option `target_session_attrs`"),
        ),
    ] {
        let url = format!("{url}?target_session_attrs={wanted}");
        match refused {
            None => drop(try_url(&url).unwrap()),
            Some(problem) => assert!(refusal(&url).ends_with(problem), "{}", refusal(&url)),
        }
    }
    let url = format!(
        "{}?target_session_attrs=read-only",
        server.url(BOSS, "postgres")
    );
    assert!(refusal(&url).ends_with("database is not read only"));
}

#[test]
#[ignore = "needs postgresql"]
fn a_server_that_does_not_answer_is_waited_for_no_longer_than_is_said() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = format!("postgres://{BOSS}@127.0.0.1:{port}/p?sslmode=disable&connect_timeout=1");
    assert!(refusal(&url).ends_with("no answer within 1 s"));
    // Nor any longer than the user wants.
    let url = url.replace("connect_timeout=1", "connect_timeout=0");
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    let silent = thread::spawn(move || {
        let accepted = listener.accept();
        flag.store(true, Ordering::SeqCst);
        (listener, accepted)
    });
    let url = ServerUrl::new(&url).unwrap();
    let interrupted = connect(&url, &Surroundings::default(), &interrupted);
    assert!(matches!(interrupted, Err(Error::Interrupted)));
    silent.join().unwrap().1.unwrap();
}

#[test]
#[ignore = "needs postgresql"]
fn an_interrupt_ends_the_statement() {
    let server = server();
    let user = format!("{}:{ENCODED}", role(server, "interrupting"));
    for url in [
        server.url(BOSS, "postgres"),
        tls_url(server, &user, "db.test"),
    ] {
        let Connected {
            mut client,
            canceller,
            ..
        } = try_url(&url).unwrap();
        let interrupted = Arc::new(AtomicBool::new(false));
        let watch = Watch::new(canceller, &interrupted);
        watch.arm();
        client.batch_execute("SELECT 1").unwrap();
        interrupted.store(true, Ordering::SeqCst);
        let error = client.batch_execute("SELECT pg_sleep(60)").unwrap_err();
        assert!(matches!(super::told(error), Error::Interrupted));
        assert!(watch.disarm().is_err());
    }
}

#[test]
#[ignore = "needs postgresql"]
fn each_transaction_says_which_store_it_means() {
    let server = server();
    let url = server.url(BOSS, &server.database());
    let place = ServerPlace::new(&format!("{url}?schema=pooled"), Surroundings::default());
    let (place, options) = (place.unwrap(), OpenOptions::default());
    ServerStore::init(&place, &options).unwrap();
    let store = ServerStore::connect(&place, options).unwrap();
    // As where a pool gives a transaction the session of somebody who means another store.
    store.server.run("SET search_path TO another").unwrap();
    store.read().unwrap();
    store.server.undo();
    store.lock().unwrap();
}

/// What an error means that the server gives with this code.
fn meaning(connected: &mut Connected, code: &str) -> String {
    let raise = format!("DO $$ BEGIN RAISE 'words' USING ERRCODE = '{code}'; END $$");
    let error = connected.client.batch_execute(&raise).unwrap_err();
    format!("{:?}", super::told(error))
}

#[test]
#[ignore = "needs postgresql"]
fn errors_are_told_by_their_code() {
    let server = server();
    let mut connected = try_url(&server.url(BOSS, "postgres")).unwrap();
    for (codes, wanted) in [
        (&["42501", "CC004", "CC005"][..], r#"NotPermitted("words")"#),
        (&["55P03", "40001", "40P01"], "Busy(0ns)"),
        (&["57014"], "Interrupted"),
        (&["25006"], "ReadOnlyServer"),
        (&["53100"], "Full"),
        (&["57P01", "08006", "25P03", "25P04"], r#"Lost("words")"#),
        (&["22012"], r#"Engine("words")"#),
    ] {
        for code in codes {
            assert_eq!(meaning(&mut connected, code), wanted, "{code}");
        }
    }
    let id = "erp".parse().unwrap();
    for (code, wanted) in [
        ("CC001", r#"Protected(ConnectorId("erp"))"#),
        ("CC002", r#"OnTrial([ConnectorId("erp")])"#),
        ("CC003", r#"InUse(ConnectorId("erp"))"#),
        ("23503", r#"InUse(ConnectorId("erp"))"#),
        ("23001", r#"InUse(ConnectorId("erp"))"#),
        ("42501", r#"NotPermitted("words")"#),
    ] {
        let raise = format!("DO $$ BEGIN RAISE 'words' USING ERRCODE = '{code}'; END $$");
        let error = connected.client.batch_execute(&raise).unwrap_err();
        assert_eq!(
            format!("{:?}", super::refused(error, &id)),
            wanted,
            "{code}"
        );
    }
}

#[test]
#[ignore = "needs postgresql"]
fn a_session_that_the_server_ends_is_lost() {
    let server = server();
    let mut connected = try_url(&server.url(BOSS, "postgres")).unwrap();
    let process: i32 = connected
        .client
        .query_one("SELECT pg_backend_pid()", &[])
        .unwrap()
        .get(0);
    server.sql(
        "postgres",
        &format!("SELECT pg_terminate_backend({process})"),
    );
    for _ in 0..2 {
        let error = connected.client.batch_execute("SELECT 1").unwrap_err();
        let told = super::told(error);
        assert!(matches!(told, Error::Lost(_)), "{told:?}");
    }
}

#[test]
fn a_url_that_cannot_be_used_is_told() {
    for (url, problem) in [
        (
            "postgres://db/p",
            "it names no user, and neither does PGUSER",
        ),
        (
            "postgres://kim@db/p?sslmode=prefer",
            "say verify-full or disable",
        ),
        (
            "postgres://kim@db/p?sslmode=x",
            "sslmode is verify-full or disable",
        ),
        ("postgres://kim@db/p?schema=X", "and begins with no digit"),
        (
            "postgres://kim@a,b/p?port=1",
            "another number of hosts than of ports",
        ),
        (
            "postgres://kim@a,b/p?hostaddr=::1",
            "another number of hosts than of addresses",
        ),
        (
            "postgres://kim@db/p?connect_timeout=x",
            "invalid value for option `connect_timeout`",
        ),
        (
            "postgres://kim@db:99999/p",
            "invalid value for option `port`",
        ),
    ] {
        let told = refusal(url);
        assert!(
            told.starts_with("the URL ") && told.ends_with(problem),
            "{told}"
        );
    }
}
