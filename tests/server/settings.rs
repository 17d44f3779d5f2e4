//! Servers, databases and roles that are set up in unusual ways.

use super::database_with_store;
use super::server::{BOSS, server, text};
use super::support::{Run, Sandbox, example};

/// Settings of a role that change what statements mean, how values are written, or who acts.
const ODD: &str = r"
    standard_conforming_strings = off
    backslash_quote = off
    bytea_output = escape
    DateStyle = 'German, DMY'
    IntervalStyle = sql_standard
    TimeZone = 'Asia/Kathmandu'
    extra_float_digits = -15
    default_transaction_isolation = serializable
    default_transaction_deferrable = on
    search_path = pg_temp, public
    row_security = off
    client_encoding = LATIN1
    client_min_messages = debug5
    transform_null_equals = on
    array_nulls = off
    quote_all_identifiers = on
    xmlbinary = hex
    enable_seqscan = off
    cursor_tuple_fraction = 1
    plan_cache_mode = force_custom_plan
    exit_on_error = on
    synchronous_commit = off
    plpgsql.variable_conflict = use_column
    plpgsql.extra_errors = 'all'
    role = odd_viewer
";

/// The URL of a store for a role that was just made and is an admin there.
fn url_of_admin(role: &str, store: &str, database: &str) -> String {
    let make =
        format!(r#"CREATE ROLE "{role}" LOGIN; SELECT {store}.set_role_of('{role}', 'admin')"#);
    server().sql(database, &make);
    format!("{}?schema={store}", server().url(role, database))
}

fn done(sandbox: &Sandbox, line: &str) -> Run {
    let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
    assert_eq!(run.code, 0, "{line}: {run}");
    run
}

#[test]
#[ignore = "needs postgresql"]
fn settings_of_a_role_change_nothing() {
    let database = database_with_store("odd");
    let url = url_of_admin("odd_one", "odd", &database);
    let settings = ODD.lines().map(str::trim).filter(|line| !line.is_empty());
    for setting in settings {
        server().sql(&database, &format!("ALTER ROLE odd_one SET {setting}"));
    }
    let odd = Sandbox::at(&url);
    let plain = Sandbox::at(&format!("{}?schema=odd", server().url(BOSS, &database)));
    done(&odd, &format!("import {}", example()));
    done(&odd, "add new --system http --env testing");
    done(&odd, r"edit new --name a\b'c\'é --note 1e2");
    done(&odd, "service add flow --source new");
    assert_eq!(odd.run(&["delete", "new", "--yes"]).code, 5);
    done(&odd, "replace new tap-github-userdev --yes");
    done(&odd, "retire new --for 1d --yes");
    done(&odd, "revive new");
    done(&odd, "rename new newer --yes");
    done(&odd, "service delete flow --yes");
    done(&odd, "policy set require_reason false");
    done(&odd, "access grant odd_one admin");
    done(&odd, "audit verify");
    done(&odd, "doctor");
    for line in [
        "list all -o json",
        "audit list -o ndjson",
        "export -",
        "show newer",
    ] {
        assert_eq!(done(&odd, line).stdout, done(&plain, line).stdout, "{line}");
    }
    let run = odd.run(&["delete", "newer", "--yes"]);
    assert_eq!(run.code, 0, "{run}");
}

#[test]
#[ignore = "needs postgresql"]
fn without_triggers_nothing_is_changed() {
    let database = database_with_store("unguarded");
    let sandbox = Sandbox::at(&url_of_admin("careless", "unguarded", &database));
    done(&sandbox, "add a --system s --env testing");
    server().sql(
        &database,
        "ALTER ROLE careless SET session_replication_role = replica",
    );
    let run = sandbox.run(&["delete", "a", "--yes"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(
        run.stderr.contains("triggers and foreign keys are off")
            && run.stderr.contains("nothing was changed"),
        "{run}"
    );
    done(&sandbox, "show a");
}

#[test]
#[ignore = "needs postgresql"]
fn a_server_that_takes_no_changes_says_so() {
    let database = database_with_store("standing");
    let sandbox = Sandbox::at(&url_of_admin("reader", "standing", &database));
    done(&sandbox, "add a --system s --env testing");
    server().sql(
        &database,
        "ALTER ROLE reader SET default_transaction_read_only = on",
    );
    done(&sandbox, "list all");
    let run = sandbox.run(&["delete", "a", "--yes"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(
        run.stderr.contains("the server takes no changes")
            && run.stderr.contains("target_session_attrs=read-write"),
        "{run}"
    );
}

#[test]
#[ignore = "needs postgresql"]
fn a_database_that_cannot_hold_every_text_gets_no_store() {
    let create = "CREATE DATABASE latin ENCODING LATIN1 LOCALE 'C' TEMPLATE template0";
    server().sql("postgres", create);
    let url = format!("{}?schema=latin", server().url(BOSS, "latin"));
    let run = Sandbox::at(&url).run(&["init"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(
        run.stderr
            .contains(r#"the database has the encoding "LATIN1", and a store needs UTF8"#),
        "{run}"
    );
    let roles = "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'latin_%'";
    assert_eq!(server().sql("latin", roles), "0\n");
}

#[test]
#[ignore = "needs postgresql"]
fn a_role_may_be_called_anything() {
    let database = database_with_store("names");
    let boss = Sandbox::at(&format!("{}?schema=names", server().url(BOSS, &database)));
    done(&boss, "add a --system s --env testing");
    let names = [
        ("first last", "first\\u{20}last", "first%20last"),
        ("a\tb\nc", "a\\u{9}b\\u{a}c", "a%09b%0Ac"),
        ("it's", "it's", "it's"),
        ("$(touch x)", "$(touch\\u{20}x)", "%24(touch%20x)"),
    ];
    for (name, shown, encoded) in names {
        let quoted = name.replace('\'', "''");
        let make = format!(
            r#"CREATE ROLE "{name}" LOGIN; SELECT names.set_role_of('{quoted}', 'viewer')"#
        );
        server().sql(&database, &make);
        let url = server().url("USER", &database).replace("USER", encoded);
        let user = Sandbox::at(&format!("{url}?schema=names"));
        done(&user, "list all");
        let run = user.run(&["delete", "a", "--yes"]);
        assert_eq!(run.code, 6, "{run}");
        assert!(
            run.stderr.contains(&format!("{shown} is a viewer")),
            "{run}"
        );
        let list = done(&boss, "access list -o json").stdout;
        let list: serde_json::Value = serde_json::from_str(&list).unwrap();
        let mut users = list.as_array().unwrap().iter().map(|one| &one["user"]);
        assert!(users.any(|user| user == shown), "{list}");
    }
    let run = boss.run(&["access", "grant", "it's", "editor"]);
    assert_eq!(run.code, 0, "{run}");
    let audit = done(&boss, "audit list -o ndjson").stdout;
    assert_eq!(
        audit.matches("not_permitted").count(),
        names.len(),
        "{audit}"
    );
    done(&boss, "audit verify");
    done(&boss, "doctor");
}

#[test]
#[ignore = "needs postgresql"]
fn doctor_names_who_could_rewrite_the_trail() {
    let database = database_with_store("owned");
    let boss = Sandbox::at(&format!("{}?schema=owned", server().url(BOSS, &database)));
    server().sql(
        &database,
        "CREATE ROLE heir; CREATE ROLE heiress LOGIN; GRANT owned_owner TO heir;
         GRANT heir TO heiress; CREATE ROLE bystander LOGIN;",
    );
    let told = done(&boss, "doctor -o tsv").stdout;
    let line = told.lines().find(|line| line.starts_with("superusers"));
    let line = line.unwrap();
    assert!(line.contains("heir, heiress"), "{line}");
    assert!(!line.contains("bystander"), "{line}");
}

#[test]
#[ignore = "needs postgresql"]
fn doctor_finds_grants_around_the_roles_of_the_store() {
    let database = database_with_store("granted");
    let boss = Sandbox::at(&format!("{}?schema=granted", server().url(BOSS, &database)));
    // Who reads along, for a report, is no problem.
    server().sql(
        &database,
        "CREATE ROLE outsider LOGIN; GRANT SELECT ON granted.connectors TO outsider",
    );
    done(&boss, "doctor");
    for (grant, told) in [
        (
            "DELETE ON granted.audit TO outsider",
            "outsider may DELETE audit",
        ),
        (
            "SELECT (value) ON granted.secrets TO outsider",
            "outsider may SELECT secrets.value",
        ),
        (
            "UPDATE (protected) ON granted.connectors TO PUBLIC",
            "everybody may UPDATE connectors.protected",
        ),
        (
            "EXECUTE ON FUNCTION granted.end_change TO PUBLIC",
            "everybody may EXECUTE end_change",
        ),
        (
            "CREATE ON SCHEMA granted TO outsider",
            "outsider may CREATE granted",
        ),
    ] {
        server().sql(&database, &format!("GRANT {grant}"));
        let run = boss.run(&["doctor", "-o", "tsv"]);
        assert_eq!(run.code, 1, "{run}");
        assert!(
            run.stdout
                .contains(&format!("a grant is not connctl's: {told}")),
            "{run}"
        );
        let revoke = grant.replace(" TO ", " FROM ");
        server().sql(&database, &format!("REVOKE {revoke}"));
    }
    done(&boss, "doctor");
}

#[test]
#[ignore = "needs postgresql"]
fn a_viewer_reads_everything_but_secrets() {
    let database = database_with_store("viewed");
    let make = "CREATE ROLE onlooker LOGIN; SELECT viewed.set_role_of('onlooker', 'viewer')";
    server().sql(&database, make);
    let sandbox = |user| Sandbox::at(&format!("{}?schema=viewed", server().url(user, &database)));
    let (boss, viewer) = (sandbox(BOSS), sandbox("onlooker"));
    done(&boss, &format!("import {}", example()));
    done(&boss, "key init");
    boss.write("value", "s3cret");
    done(&boss, "secret set tap-github-prod token=@value --yes");
    for line in [
        "list all -o json",
        "show tap-github-prod",
        "secret list",
        "audit list -o ndjson",
        "export --no-secrets",
    ] {
        assert_eq!(
            done(&viewer, line).stdout,
            done(&boss, line).stdout,
            "{line}"
        );
    }
    assert_eq!(viewer.run(&["export"]).code, 6);
    let run = done(&viewer, "doctor -o tsv");
    assert!(
        run.stdout.contains("only an editor may read secrets"),
        "{run}"
    );
}

#[test]
#[ignore = "needs postgresql"]
fn what_a_viewer_writes_keeps_nobody_from_reading() {
    let database = database_with_store("written");
    let make = "CREATE ROLE writer LOGIN; SELECT written.set_role_of('writer', 'viewer')";
    server().sql(&database, make);
    let boss = Sandbox::at(&format!("{}?schema=written", server().url(BOSS, &database)));
    done(&boss, "add a --system s --env testing");
    let strange = r#"'[{"uid":4294967295,"host":"\u001b[31m","command":"","action":"x\ny",
        "subject":"a","outcome":"declined","detail":"[[]]","reason":"\u202e"}]'"#;
    let write = format!("SELECT written.append_entries({strange})");
    let output = server().try_sql("writer", &database, &write);
    assert!(output.status.success(), "{}", text(&output.stderr));
    for line in [
        "audit list -o ndjson",
        "audit list",
        "audit show 2",
        "audit verify",
        "doctor",
    ] {
        let run = done(&boss, line);
        assert!(!run.stdout.contains('\u{1b}'), "{run}");
    }
    let lines = done(&boss, "audit list -o ndjson").stdout;
    assert_eq!(lines.lines().count(), 2, "{lines}");
}
