//! The guards and hooks that come as examples.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use snapbox::str;

use crate::support::{Run, Sandbox};
use crate::{assert_run, assert_text};

fn program(name: &str) -> String {
    format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Lets an example be the guard.
fn guard(sandbox: &Sandbox, command: &[&str]) {
    let command = serde_json::json!(command);
    sandbox.configure(&format!(
        "[guards.it]\ncommand = {command}\ntimeout = '60s'\n"
    ));
}

/// A repository with a commit in the folder `flows`.
fn repository(sandbox: &Sandbox, files: &[(&str, &[u8])]) {
    std::fs::create_dir_all(sandbox.path("flows")).unwrap();
    for (name, content) in files {
        sandbox.write(&format!("flows/{name}"), content);
    }
    let run = sandbox.shell(
        "cd flows && git init --quiet && git add --all && \
         git -c user.name=a -c user.email=a@example.com commit --quiet --message=x",
    );
    assert_eq!(run.code, 0, "{run}");
}

/// What a guard says of these ids.
fn asked(sandbox: &Sandbox, guard: &str, ids: &[&str]) -> Run {
    sandbox.write("ids", ids.join("\n") + "\n");
    sandbox.shell(&format!("< ids {}", program(guard)))
}

/// More ids than are looked for one by one.
fn many<'a>(ids: &[&'a str]) -> Vec<&'a str> {
    let mut many = ids.to_vec();
    many.resize(2_000, "no-such");
    many
}

#[test]
fn a_repository_is_searched_for_whole_ids() {
    let sandbox = Sandbox::new();
    let flows = "from: shop-eu\nto: \"erp\"\n# was shop-old.\nshop:test a_files b.files files-b\n";
    repository(
        &sandbox,
        &[
            ("flows.yaml", flows.as_bytes()),
            ("with:3:colons", b"colon and, at the end of a name: over"),
            ("with\"\n\x20line end", b"line"),
            ("binary", b"\0binary"),
            ("\u{f6}.txt", b"\xff latin erp\r\n"),
        ],
    );
    let ids = [
        "shop-eu",
        "erp",
        "shop-old",
        "shop",
        "test",
        "files",
        "eu",
        "shop.eu",
        "colon",
        "over",
        "line",
        "binary",
        "latin",
        "3",
        "shop-old.",
    ];
    let run = asked(&sandbox, "guards/git-repository flows", &ids);
    assert_run!(
        run,
        str![[r#"
exit code: 0
stdout:
  {"id":"shop-eu","used_by":"flows","where":"flows.yaml:1"}
  {"id":"erp","used_by":"flows","where":"flows.yaml:2 and 1 more"}
  {"id":"shop-old.","used_by":"flows","where":"flows.yaml:3"}
  {"id":"shop-old","used_by":"flows","where":"flows.yaml:3"}
  {"id":"line","used_by":"flows","where":" line end:1"}
  {"id":"colon","used_by":"flows","where":"with:3:colons:1"}
  {"id":"over","used_by":"flows","where":"with:3:colons:1"}
  {"id":"latin","used_by":"flows","where":"??.txt:1"}
stderr:

"#]]
    );
    let all = asked(&sandbox, "guards/git-repository flows", &many(&ids));
    assert_eq!(all.to_string(), run.to_string());
}

#[test]
fn what_the_repository_names_stays() {
    let sandbox = Sandbox::with_shop();
    repository(&sandbox, &[("a.yaml", b"x: shop-old\ny: shop-old")]);
    guard(&sandbox, &[&program("guards/git-repository"), "flows"]);
    assert_run!(
        sandbox.run(&["delete", "shop-old", "shop-test", "--yes", "--keep-going"]),
        str![[r#"
exit code: 5
stdout:
  ID         OUTCOME  NAME               SYSTEM   ENVIRONMENT
  shop-test  deleted  Shop, "for tests"  shopify  testing
stderr:
  1 connector was deleted.
  error: shop-old is in use beyond this store and was not deleted
    GUARD  USED BY  WHERE
    it     flows    a.yaml:1 and 1 more
  1 other connector was deleted
  hint: see to what uses it beyond this store, then delete again

"#]]
    );
    // In the middle of a hook of git, too.
    let run = sandbox.shell("GIT_DIR=/no/such connctl delete shop-old --yes");
    assert_eq!(run.code, 5, "{run}");
    guard(
        &sandbox,
        &[&program("guards/git-repository"), "flows", "no-such"],
    );
    assert_run!(
        sandbox.untouched(&["delete", "shop-old", "--yes"]),
        str![[r#"
exit code: 1
stdout:
stderr:
  error: the guard "it" failed: exit status: 128; nothing was changed
    it says: fatal: Needed a single revision
  hint: put it right; it is configured in [HOME]/.config/connctl/config.toml

"#]]
    );
}

#[test]
fn crontabs_are_searched_for_whole_ids() {
    let sandbox = Sandbox::with_shop();
    std::fs::create_dir_all(sandbox.path("cron d")).unwrap();
    let job = "MAILTO=erp\n0 6 * * * connctl exec shop-old -- sync\n";
    sandbox.write("cron d/kim", job);
    sandbox.write("cron d/sub", "#0 8 * * * connctl exec shop-test -- sync\n");
    sandbox.write("x=y", "* * * * * root echo files-b shop shop");
    assert_run!(
        asked(
            &sandbox,
            "guards/crontabs 'cron d' x=y | sort",
            &["shop-old", "shop-test", "erp", "files", "shop", "6"]
        ),
        str![[r#"
exit code: 0
stdout:
  {"id":"6","used_by":"cron: kim","where":"./cron d/kim:2"}
  {"id":"erp","used_by":"cron: kim","where":"./cron d/kim:1"}
  {"id":"shop","used_by":"cron: x=y","where":"./x=y:1"}
  {"id":"shop-old","used_by":"cron: kim","where":"./cron d/kim:2"}
  {"id":"shop-test","used_by":"cron: sub","where":"./cron d/sub:1"}
stderr:

"#]]
    );
    let ids = many(&["shop-old"]);
    let run = asked(&sandbox, "guards/crontabs 'cron d' x=y", &ids);
    assert_eq!((run.code, run.stdout.lines().count()), (0, 1), "{run}");
    let run = asked(&sandbox, "guards/crontabs no-such", &["erp"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run}");
    guard(&sandbox, &[&program("guards/crontabs"), "cron d"]);
    let run = sandbox.run(&["delete", "shop-old", "shop-test", "--yes"]);
    assert_eq!(run.code, 5, "{run}");
}

#[test]
fn whoever_runs_it_can_ask_for_the_jobs_of_this_machine() {
    let sandbox = Sandbox::new();
    let run = asked(&sandbox, "guards/crontabs", &["no-such-connector"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run}");
}

fn hook(sandbox: &Sandbox, command: &[&str]) {
    let command = serde_json::json!(command);
    sandbox.configure(&format!("[hooks]\non_change = {command}\n"));
}

#[test]
fn a_mail_tells_what_was_done() {
    let sandbox = Sandbox::with_shop();
    std::fs::create_dir(sandbox.path("bin")).unwrap();
    sandbox.write(
        "bin/sendmail",
        "#!/bin/sh\n{ echo \"$@\"; cat; } > ../mail.txt; cat > /dev/null\n",
    );
    hook(
        &sandbox,
        &[&program("hooks/mail"), "ops@example.com", "kim@example.com"],
    );
    let run = sandbox.shell(
        "mkdir -p run && cd run && chmod +x ../bin/sendmail && PATH=../bin:$PATH && \
         connctl delete shop-old shop-test --yes -q \
         --reason 'To: x\n\nno \"longer\" needed, \"action\":\"evil\" ö'",
    );
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run}");
    let mail = std::fs::read_to_string(sandbox.path("mail.txt")).unwrap();
    let me = connctl::platform::actor(None).user;
    assert_text!(
        sandbox
            .redact(&mail)
            .replace(&format!("  {me}  "), "  root  "),
        str![[r#"
-oi -- ops@example.com kim@example.com
To: ops@example.com, kim@example.com
Subject: connctl: connector.delete and 1 more
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit

2  [TIME]  root  connector.delete shop-old: To: x\n\nno \"longer\" needed, \"action\":\"evil\" ö
3  [TIME]  root  connector.delete shop-test: To: x\n\nno \"longer\" needed, \"action\":\"evil\" ö

"#]]
    );
}

/// A server that takes one request, answers it so, and hands over what it got.
fn server(status: &'static str) -> (String, JoinHandle<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let start = head.len();
            reader.read_line(&mut head).unwrap();
            let line = head[start..].to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        reader.get_mut().write_all(answer.as_bytes()).unwrap();
        (head, String::from_utf8(body).unwrap())
    });
    (address, served)
}

#[test]
fn a_web_address_is_told_what_was_done() {
    let sandbox = Sandbox::with_shop();
    let (address, served) = server("204 No Content");
    sandbox.write("address", format!("url = \"{address}\"\n"));
    hook(&sandbox, &[&program("hooks/webhook"), "address"]);
    let reason = "no \"longer\" needed\\\n\u{7} \"action\":\"evil\" ö";
    let run = sandbox.run(&[
        "delete",
        "shop-old",
        "shop-test",
        "--yes",
        "-q",
        "--reason",
        reason,
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run}");
    let (head, body) = served.join().unwrap();
    assert!(head.starts_with("POST /hook HTTP/1.1\r\n"), "{head}");
    assert!(
        head.to_ascii_lowercase()
            .contains("content-type: application/json\r\n"),
        "{head}"
    );
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    let entries = body["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[1]["subject"], "shop-test");
    assert_eq!(entries[1]["reason"], reason);
    let text = body["text"].as_str().unwrap();
    assert!(
        text.ends_with(&format!("connector.delete shop-test: {reason}")),
        "{text}"
    );
}

#[test]
fn a_web_address_that_refuses_is_a_warning() {
    let sandbox = Sandbox::with_shop();
    let (address, served) = server("500 Internal Server Error");
    sandbox.write("address", format!("url = \"{address}\"\n"));
    hook(&sandbox, &[&program("hooks/webhook"), "address"]);
    let run = sandbox.run(&["delete", "shop-old", "--yes", "-q", "-o", "ids"]);
    served.join().unwrap();
    assert_eq!((run.code, run.stdout.as_str()), (0, "shop-old\n"), "{run}");
    assert!(
        run.stderr
            .contains("the change was made\n  it says: curl: (22)"),
        "{run}"
    );
}
