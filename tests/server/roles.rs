//! Statements that go to the database by another program, around connctl.

use connctl::store::{OpenOptions, ServerPlace, Store, Surroundings};

use super::database_with_store;
use super::server::{BOSS, server, text};
use super::support::Sandbox;

/// Who runs a statement, what comes of it, and the statement.
fn drill() -> Vec<(&'static str, &'static str, &'static str)> {
    let lines = include_str!("../store/drill.txt").lines();
    let lines = lines.filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (user, rest) = line.split_once(' ').unwrap();
            let (outcome, statement) = rest.trim_start().split_once(' ').unwrap();
            (user, outcome, statement)
        })
        .collect()
}

/// A store with the connectors used, free, safe and trial and the service s, and a user of each role
/// and one of none.
fn store_with_users() -> String {
    let database = database_with_store("connctl");
    let mut script = "SET search_path TO connctl; SET ROLE connctl_owner;".to_owned();
    for (id, protected, retired_at) in [
        ("used", 0, "NULL"),
        ("free", 0, "NULL"),
        ("safe", 1, "NULL"),
        ("trial", 0, "'2026-01-01T00:00:00Z'"),
    ] {
        script.push_str(&format!(
            "INSERT INTO connectors (id, name, system, environment, created_at, updated_at, revision,
                 settings, protected, retired_at)
             VALUES ('{id}', '{id}', '{id}', 'live', '', '', decode(repeat('00', 16), 'hex'), '{{}}',
                 {protected}, {retired_at});"
        ));
    }
    script.push_str(
        "INSERT INTO services (id, name, kind, active, created_at, updated_at, revision)
             VALUES ('s', 's', 'standard', 1, '', '', decode(repeat('00', 16), 'hex'));
         INSERT INTO service_connectors VALUES ('s', 'source', 'used');
         INSERT INTO secrets (connector_id, name, value) VALUES ('used', 'k', 'x');
         RESET ROLE;
         SELECT set_policy('one_per_system', 'true');
         CREATE ROLE stranger LOGIN;",
    );
    for role in ["viewer", "editor", "admin"] {
        script.push_str(&format!(
            "CREATE ROLE {role} LOGIN; SELECT set_role_of('{role}', '{role}');"
        ));
    }
    script.push_str("CREATE SCHEMA workshop AUTHORIZATION admin;");
    server().sql(&database, &script);
    database
}

/// What comes of statements: `ok`, or the code with which the database refuses.
fn outcome(user: &str, database: &str, statements: &str) -> String {
    let output = server().try_sql(user, database, statements);
    let told = text(&output.stderr);
    let code = told
        .split("ERROR:  ")
        .nth(1)
        .map(|rest| rest[..5].to_owned());
    match (output.status.success(), code) {
        (true, None) => "ok".to_owned(),
        (false, Some(code)) => code,
        _ => told,
    }
}

#[test]
#[ignore = "needs postgresql"]
fn the_database_refuses_what_connctl_would() {
    let database = store_with_users();
    let drill = drill();
    assert!(drill.len() > 50, "{}", drill.len());
    let mut surprises = Vec::new();
    for (user, expected, statement) in drill {
        let script = format!(
            "SET search_path TO connctl; BEGIN; {statement}; SET CONSTRAINTS ALL IMMEDIATE; ROLLBACK;"
        );
        // Before PostgreSQL 18 a RESTRICT is a foreign key like any other.
        let outcome = outcome(user, &database, &script).replace("23001", "23503");
        if outcome != expected {
            surprises.push(format!(
                "{user}: {statement}: {outcome} instead of {expected}"
            ));
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

#[test]
#[ignore = "needs postgresql"]
fn whoever_makes_a_store_is_its_admin_and_not_its_owner() {
    let database = server().database();
    let script = format!(
        "CREATE ROLE maker LOGIN CREATEROLE; GRANT CREATE ON DATABASE {database} TO maker;
         CREATE ROLE roleless LOGIN; GRANT CREATE ON DATABASE {database} TO roleless"
    );
    server().sql(&database, &script);
    let init = |user: &str, schema: &str| {
        let url = format!("{}?schema={schema}", server().url(user, &database));
        let place = ServerPlace::new(&url, Surroundings::default()).unwrap();
        Store::init_on_server(&place, &OpenOptions::default())
    };
    assert!(init("roleless", "made").is_err());
    assert!(init("maker", "made").unwrap());
    assert!(!init("maker", "made").unwrap());
    assert!(init("maker", "made_too").unwrap());
    for (statement, expected) in [
        ("SELECT id FROM made.connectors", "ok"),
        ("SELECT made.set_role_of('roleless', 'viewer')", "ok"),
        ("SET ROLE made_owner", "42501"),
        ("DELETE FROM made.audit", "42501"),
        ("DROP SCHEMA made CASCADE", "42501"),
    ] {
        assert_eq!(
            outcome("maker", &database, statement),
            expected,
            "{statement}"
        );
    }
    assert_eq!(
        outcome("roleless", &database, "SELECT id FROM made.connectors"),
        "ok"
    );
    // From PostgreSQL 16 on who makes a role may give it, which is not to have it.
    let roles = r#"SELECT role FROM made.grants WHERE "user" = 'maker'"#;
    assert_eq!(server().sql(&database, roles), "admin\n");
    for (role, now) in [
        ("'editor'", "editor\n"),
        ("NULL", ""),
        ("'admin'", "admin\n"),
    ] {
        let set = format!("SELECT made.set_role_of('maker', {role})");
        server().sql(&database, &set);
        assert_eq!(server().sql(&database, roles), now);
    }
    // Which says nothing of the other store.
    assert_eq!(
        outcome("roleless", &database, "SELECT id FROM made_too.connectors"),
        "42501"
    );
}

#[test]
#[ignore = "needs postgresql"]
fn a_role_is_taken_away_whoever_has_it_or_that_is_told() {
    let database = database_with_store("leaving");
    server().sql(
        &database,
        "CREATE ROLE leaver LOGIN; CREATE ROLE crowd; CREATE ROLE member LOGIN;
         GRANT leaving_editor TO crowd; GRANT crowd TO member;",
    );
    let sandbox = |user: &str| {
        let url = server().url(user, &database);
        Sandbox::at(&format!("{url}?schema=leaving"))
    };
    let boss = sandbox(BOSS);
    for user in ["leaver", "member"] {
        let run = boss.run(&["access", "grant", user, "admin"]);
        // Who has a role by way of another one keeps it, whatever is said here.
        let expected = if user == "member" { 6 } else { 0 };
        assert_eq!(run.code, expected, "{run}");
    }
    // The last that whoever leaves can do, which is in the trail.
    let run = sandbox("leaver").run(&["access", "revoke", "leaver"]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox("leaver").run(&["list"]).code, 6);
    let run = boss.run(&["audit", "list", "--subject", "leaver", "-o", "ndjson"]);
    assert_eq!(run.stdout.matches("access.revoke").count(), 1, "{run}");
    assert_eq!(boss.run(&["audit", "verify"]).code, 0);
}

#[test]
#[ignore = "needs postgresql"]
fn a_schema_of_another_program_is_not_touched() {
    let database = server().database();
    let sandbox = Sandbox::at(&format!("{}?schema=public", server().url(BOSS, &database)));
    for line in ["init", "list", "doctor"] {
        let run = sandbox.run(&[line]);
        assert_eq!(run.code, 1, "{run}");
        assert!(run.stderr.contains("is no connctl store"), "{run}");
    }
}
