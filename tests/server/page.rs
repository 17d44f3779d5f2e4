//! The page of the manual on servers: what stands there is what is run.

use std::path::Path;
use std::process::{Command, Output};

use super::server::{BOSS, Server, program, text};
use super::support::{Sandbox, connctl_on_path, example};

const PAGE: &str = include_str!("../../docs/server.md");

/// The lines of the blocks of a section of the page, one after the other.
fn lines_of(section: &str) -> String {
    let (_, rest) = PAGE.split_once(&format!("\n## {section}\n")).unwrap();
    let section = rest.split("\n## ").next().unwrap();
    let blocks = section.split("```sh\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap());
    blocks.collect()
}

/// A machine with a server of its own, which the programs of the page find without being told where.
struct Machine {
    server: Server,
    home: Sandbox,
}

impl Machine {
    fn new() -> Self {
        let home = Sandbox::at("");
        let examples = Path::new(&example()).parent().unwrap().to_owned();
        std::os::unix::fs::symlink(examples, home.path("examples")).unwrap();
        // Whoever may log in as any role needs to become no other user.
        home.write(
            "su",
            format!("#!/bin/sh\nPGUSER={BOSS} exec sh -c \"$3\"\n"),
        );
        let status = Command::new("chmod")
            .arg("755")
            .arg(home.path("su"))
            .status();
        assert!(status.unwrap().success());
        let server = Server::start();
        Self { server, home }
    }

    /// Runs lines of the page as a user of the database.
    fn run(&self, user: &str, lines: &str) -> Output {
        let folder = &self.server.folder;
        let place = format!("?host={}&port={}", folder.display(), self.server.port);
        let lines = lines
            .replace(
                "postgres:///platform_copy",
                &format!("postgres:///platform_copy{place}"),
            )
            .replace(
                "'postgres:///platform'",
                &format!("'postgres:///platform{place}'"),
            );
        let programs = program("pg_dump");
        let programs = programs.parent().unwrap().display();
        let path = format!(
            "{}:{programs}:{}",
            self.home.path("").display(),
            connctl_on_path()
        );
        let mut shell = Command::new("sh");
        self.home.seal(&mut shell);
        shell
            .env_remove("CONNCTL_STORE")
            .env("URL", format!("postgres:///platform{place}&schema=moved"))
            .env("PATH", path)
            .env("PGHOST", folder)
            .env("PGPORT", self.server.port.to_string())
            .env("PGUSER", user)
            .args(["-e", "-c", &lines]);
        shell.output().unwrap()
    }

    fn works(&self, user: &str, lines: &str) -> String {
        let output = self.run(user, lines);
        let told = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{lines}{told}");
        told
    }
}

#[test]
#[ignore = "needs postgresql"]
fn the_lines_of_the_page_do_what_it_says() {
    let machine = Machine::new();
    let first = lines_of("From nothing to the first refused delete");
    let (install, rest) = first.split_once('\n').unwrap();
    assert!(install.starts_with("apt-get install"), "{install}");
    let (of_root, rest) = rest.split_once('\n').unwrap();
    machine.works("root", of_root);
    let (of_kim, of_team) = rest.split_once("psql ").unwrap();
    let output = machine.run("kim", of_kim);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{told}");
    assert!(told.contains("and was not deleted"), "{told}");
    let export = of_kim.lines().next().unwrap();
    machine.works("kim", &format!("{export}\npsql {of_team}"));
    machine.works("robin", &format!("{export}\nconnctl list"));

    let moving = lines_of("Moving there and back");
    let init = "connctl --store old.db init
        connctl --store old.db import examples/squared.toml
        connctl --store \"$URL\" init\n";
    let compare = "connctl --store old.db export - | cmp - all.toml";
    machine.works("kim", &format!("{init}{moving}{compare}"));

    machine.works(BOSS, "createdb platform_copy");
    machine.works(BOSS, &lines_of("Backups"));
    let looks = "connctl --store 'postgres:///platform_copy' doctor
        connctl --store 'postgres:///platform_copy' export copy.toml
        connctl export - | cmp - copy.toml";
    let told = machine.works("kim", &format!("{export}\n{looks}"));
    assert!(told.contains("PostgreSQL"), "{told}");
}
