//! Connections that are cut around COMMIT: what the binary tells is what happened.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::server::{BOSS, server};
use super::support::Sandbox;
use super::{database_with_store, length_of_drill};

/// How a connection is cut that is about to commit.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Cut {
    /// The server never hears of the commit.
    Before,
    /// The server hears of it, and nobody waits for what it says.
    At,
    /// The server has answered, and the answer gets lost.
    After,
    /// The server ended the session, and says so in place of committing.
    Ended,
}

const CUTS: [Cut; 4] = [Cut::Before, Cut::At, Cut::After, Cut::Ended];

/// What stands between the binary and the server, and cuts the next connection that commits.
struct Proxy {
    folder: tempfile::TempDir,
    cut: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
}

impl Proxy {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let cut = Arc::new(AtomicUsize::new(CUTS.len()));
        let is_over = Arc::new(AtomicBool::new(false));
        let (of_listener, over) = (Arc::clone(&cut), Arc::clone(&is_over));
        thread::spawn(move || {
            for client in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let cut = Arc::clone(&of_listener);
                let client = client.unwrap();
                thread::spawn(move || pass_on(client, &cut));
            }
        });
        Self {
            folder,
            cut,
            is_over,
        }
    }

    fn url(&self, database: &str) -> String {
        let folder = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://{BOSS}@{folder}/{database}?schema=cuts")
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        let _ = UnixStream::connect(self.folder.path().join(".s.PGSQL.5432"));
    }
}

fn socket() -> PathBuf {
    server().folder.join(format!(".s.PGSQL.{}", server().port))
}

/// Passes on what is said on a connection, until it is cut or ends by itself.
fn pass_on(mut client: UnixStream, cut: &AtomicUsize) {
    let mut upstream = UnixStream::connect(socket()).unwrap();
    let answers = (client.try_clone().unwrap(), upstream.try_clone().unwrap());
    let is_mute = Arc::new(AtomicBool::new(false));
    let pid = Arc::new(AtomicUsize::new(0));
    let (mute, session) = (Arc::clone(&is_mute), Arc::clone(&pid));
    let answers = thread::spawn(move || answer(answers, &mute, &session));
    let mut buffer = [0; 16_384];
    while let Ok(length @ 1..) = client.read(&mut buffer) {
        let said = &buffer[..length];
        let commits = said.windows(7).any(|window| window == b"COMMIT\0");
        // Whoever looks afterwards is left alone.
        let cut = commits.then(|| CUTS.get(cut.swap(CUTS.len(), Ordering::SeqCst)));
        match cut.flatten() {
            None => {
                if upstream.write_all(said).is_err() {
                    break;
                }
                continue;
            }
            Some(Cut::Before) => {}
            Some(Cut::At) => {
                let _ = upstream.write_all(said);
            }
            Some(Cut::After) => {
                is_mute.store(true, Ordering::SeqCst);
                let _ = upstream.write_all(said);
                let _ = upstream.shutdown(std::net::Shutdown::Write);
                answers.join().unwrap();
                return;
            }
            Some(Cut::Ended) => {
                let pid = pid.load(Ordering::SeqCst);
                let end = format!("SELECT pg_terminate_backend({pid}, 5000)");
                server().sql("postgres", &end);
                let _ = upstream.write_all(said);
                continue;
            }
        }
        break;
    }
    for stream in [&client, &upstream] {
        let _ = stream.shutdown(std::net::Shutdown::Both);
    }
}

/// Passes on what the server says, unless nobody is to hear it, and notes the number of its process.
fn answer(
    (mut client, mut upstream): (UnixStream, UnixStream),
    is_mute: &AtomicBool,
    pid: &AtomicUsize,
) {
    const KEY_DATA: &[u8] = b"K\0\0\0\x0c";
    let mut buffer = [0; 16_384];
    while let Ok(length @ 1..) = upstream.read(&mut buffer) {
        let said = &buffer[..length];
        let key = said.windows(9).find(|window| window.starts_with(KEY_DATA));
        if let Some(key) = key.filter(|_| pid.load(Ordering::SeqCst) == 0) {
            let number = u32::from_be_bytes(key[5..].try_into().unwrap());
            pid.store(number as usize, Ordering::SeqCst);
        }
        if !is_mute.load(Ordering::SeqCst) && client.write_all(said).is_err() {
            break;
        }
    }
    let _ = client.shutdown(std::net::Shutdown::Both);
}

/// Makes changes one after the other whose connections are cut, and looks what became of each. How
/// often it was told that it was made, and that it was not.
fn drill(database: &str, worker: usize, rounds: usize) -> [usize; 2] {
    let proxy = Proxy::start();
    let sandbox = Sandbox::at(&proxy.url(database));
    let mut told = [0; 2];
    let mut is_there = false;
    let id = format!("w{worker}");
    for round in 0..rounds {
        let kind = (round + worker) % CUTS.len();
        let adds = !is_there;
        proxy.cut.store(kind, Ordering::SeqCst);
        let run = if adds {
            sandbox.run(&["add", &id, "--system", "s", "--env", "testing"])
        } else {
            sandbox.run(&["delete", &id, "--yes"])
        };
        assert_eq!(
            proxy.cut.load(Ordering::SeqCst),
            CUTS.len(),
            "nothing was cut"
        );
        let sql = format!(
            "SELECT count(*), (SELECT count(*) FROM cuts.audit WHERE subject = '{id}'
                 AND outcome = 'done') FROM cuts.connectors WHERE id = '{id}'"
        );
        let found = server().sql(database, &sql);
        let is_made = run.code == 0;
        is_there = adds == is_made;
        told[usize::from(!is_made)] += 1;
        let expected = format!("{}|{}\n", usize::from(is_there), told[0]);
        assert_eq!(found, expected, "{:?} {run}", CUTS[kind]);
        if is_made {
            assert!(
                matches!(CUTS[kind], Cut::At | Cut::After),
                "{:?}",
                CUTS[kind]
            );
        } else {
            assert_eq!(run.code, 1, "{run}");
            assert!(run.stderr.contains("nothing was changed"), "{run}");
            assert_ne!(CUTS[kind], Cut::After, "{run}");
        }
    }
    told
}

#[test]
#[ignore = "needs postgresql"]
fn whoever_is_cut_off_is_told_what_happened() {
    let database = database_with_store("cuts");
    let rounds = length_of_drill(25, 100);
    let told: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|worker| {
                let database = &database;
                scope.spawn(move || drill(database, worker, rounds))
            })
            .collect();
        workers.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let sum = |index: usize| told.iter().map(|one| one[index]).sum::<usize>();
    println!("{} cuts: {} made, {} not", 4 * rounds, sum(0), sum(1));
    assert!(sum(0) >= rounds && sum(1) >= 2 * rounds);
    let sandbox = Sandbox::at(&format!("{}?schema=cuts", server().url(BOSS, &database)));
    let run = sandbox.run(&["audit", "verify"]);
    assert_eq!(run.code, 0, "{run}");
}
