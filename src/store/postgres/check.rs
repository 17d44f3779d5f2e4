//! What is wrong with a store on a server.

use std::collections::BTreeMap;

use super::init::{SCHEMA, named};
use crate::store::Result;
use crate::store::engine::{Session, params};
use crate::store::query::{optional_text, text};

/// How many references, secrets and the like point to nothing.
pub(in crate::store) fn dangling(session: &Session<'_>) -> Result<usize> {
    let sql = "SELECT
        (SELECT count(*) FROM service_connectors WHERE NOT EXISTS
            (SELECT 1 FROM connectors WHERE connectors.id = connector_id))
        + (SELECT count(*) FROM service_connectors WHERE NOT EXISTS
            (SELECT 1 FROM services WHERE services.id = service_id))
        + (SELECT count(*) FROM secrets WHERE NOT EXISTS
            (SELECT 1 FROM connectors WHERE connectors.id = connector_id))";
    let count: i64 = session.query_row(sql, params![], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// The triggers of the schema, each with what is wrong with it, if anything.
const TRIGGERS: &str = "SELECT tgname::TEXT,
        CASE WHEN tgenabled IN ('O', 'A') THEN NULL ELSE 'is turned off' END
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND relnamespace = current_schema()::REGNAMESPACE";

/// The foreign keys of the schema, each with what is wrong with it, if anything.
const FOREIGN_KEYS: &str = "SELECT conname::TEXT,
        CASE WHEN convalidated THEN NULL ELSE 'was never checked' END
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::REGNAMESPACE";

/// The foreign keys that the tables are made with, by the names that the server gives them.
const KEYS: [&str; 3] = [
    "secrets_connector_id_fkey",
    "service_connectors_connector_id_fkey",
    "service_connectors_service_id_fkey",
];

/// The functions of the schema, each with its body.
const FUNCTIONS: &str = "SELECT proname::TEXT, prosrc FROM pg_proc
    WHERE pronamespace = current_schema()::REGNAMESPACE";

/// What roles have and are not to have: who, and what.
const RIGHTS: &str = "SELECT who || ' may ' || privilege || ' ' || what
    FROM (VALUES ('viewer', 'INSERT, UPDATE, DELETE', 'connectors'),
        ('viewer', 'INSERT, UPDATE, DELETE', 'services'),
        ('viewer', 'INSERT, UPDATE, DELETE', 'service_connectors'),
        ('viewer', 'SELECT, INSERT, UPDATE, DELETE', 'secrets'),
        ('editor', 'DELETE', 'connectors'), ('editor', 'DELETE', 'services'),
        ('editor', 'DELETE', 'secrets'), ('admin', 'INSERT, UPDATE, DELETE, TRUNCATE', 'audit'),
        ('admin', 'TRUNCATE', 'connectors'), ('admin', 'INSERT, UPDATE, DELETE', 'store_state'),
        ('admin', 'INSERT, UPDATE, DELETE', 'policies')) AS held (who, privilege, what)
    WHERE has_table_privilege(current_schema() || '_' || who, what, privilege)
    ORDER BY 1";

/// What others than the roles of the store may change, or read of secrets: who, and what.
const OTHERS: &str = "SELECT DISTINCT coalesce(role.rolname, 'everybody') || ' may ' || privilege_type || ' ' || what
    FROM (SELECT relname::TEXT AS what, (aclexplode(relacl)).*
            FROM pg_class WHERE relnamespace = current_schema()::REGNAMESPACE
        UNION ALL SELECT relname || '.' || attname, (aclexplode(attacl)).*
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relnamespace = current_schema()::REGNAMESPACE
        UNION ALL SELECT proname::TEXT, (aclexplode(proacl)).*
            FROM pg_proc WHERE pronamespace = current_schema()::REGNAMESPACE
        UNION ALL SELECT nspname::TEXT, (aclexplode(nspacl)).*
            FROM pg_namespace WHERE oid = current_schema()::REGNAMESPACE) AS held
        LEFT JOIN pg_roles AS role ON role.oid = grantee
    WHERE coalesce(role.rolname, '') NOT IN (current_schema() || '_owner', current_schema() || '_viewer',
            current_schema() || '_editor', current_schema() || '_admin')
        AND (privilege_type NOT IN ('SELECT', 'USAGE') OR what LIKE 'secrets%')
    ORDER BY 1";

/// What of the schema is not as it was made, and who may do what nobody is to.
pub(in crate::store) fn problems(session: &Session<'_>) -> Result<Vec<String>> {
    let schema: String =
        session.query_row("SELECT current_schema()::TEXT", [], |row| row.get(0))?;
    let script = named(SCHEMA, &schema);
    let mut problems = Vec::new();
    let mut made = names(&script, "TRIGGER");
    // It is there while the policy is on.
    let sql = "SELECT 1 FROM policies WHERE name = 'one_per_system' AND value = 'true'";
    if session.prepare(sql)?.exists([])? {
        made.push("one_per_system");
    }
    compare("trigger", &made, by_name(session, TRIGGERS)?, &mut problems);
    compare(
        "foreign key",
        &KEYS,
        by_name(session, FOREIGN_KEYS)?,
        &mut problems,
    );
    let mut functions = by_name(session, FUNCTIONS)?;
    for name in names(&script, "FUNCTION") {
        let Some(found) = functions.get_mut(name) else {
            continue;
        };
        // One whose body is an expression shows none.
        let is_made = body(&script, name).is_none_or(|body| found.as_deref() == Some(body));
        *found = (!is_made).then(|| "is not what connctl made".to_owned());
    }
    let made = names(&script, "FUNCTION");
    compare("function", &made, functions, &mut problems);
    for rights in [RIGHTS, OTHERS] {
        let mut statement = session.prepare(rights)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            problems.push(format!("a grant is not connctl's: {}", text(row, 0)?));
        }
    }
    Ok(problems)
}

/// Tells what is missing, what is wrong and what is nobody's of what has names.
fn compare(
    kind: &str,
    made: &[&str],
    mut found: BTreeMap<String, Option<String>>,
    problems: &mut Vec<String>,
) {
    for name in made {
        match found.remove(*name) {
            None => problems.push(format!("the {kind} {name} is missing")),
            Some(Some(problem)) => problems.push(format!("the {kind} {name} {problem}")),
            Some(None) => {}
        }
    }
    let foreign = found.into_keys();
    problems.extend(foreign.map(|name| format!("the {kind} {name} is not connctl's")));
}

/// What a query finds, by the name in its first column.
fn by_name(session: &Session<'_>, sql: &str) -> Result<BTreeMap<String, Option<String>>> {
    let mut statement = session.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let second = optional_text(row, 1)?.map(str::to_owned);
        found.insert(text(row, 0)?.to_owned(), second);
    }
    Ok(found)
}

/// The names of what a script makes of a kind.
fn names<'s>(script: &'s str, kind: &str) -> Vec<&'s str> {
    let lines = script.lines().filter_map(|line| {
        let made = line.strip_prefix("CREATE ")?;
        let made = made.strip_prefix("CONSTRAINT ").unwrap_or(made);
        made.strip_prefix(kind)?.strip_prefix(' ')
    });
    let end = |c: char| c == '(' || c.is_whitespace();
    lines.filter_map(|rest| rest.split(end).next()).collect()
}

/// The body of a function that a script makes; none where it is an expression.
fn body<'s>(script: &'s str, name: &str) -> Option<&'s str> {
    let (_, rest) = script.split_once(&format!("CREATE FUNCTION {name}("))?;
    let (statement, _) = rest.split_once("\nCREATE ").unwrap_or((rest, ""));
    statement.split("$$").nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_function_looks_for_anything_where_its_caller_says() {
        let functions = SCHEMA.split("\nCREATE FUNCTION ").skip(1);
        for function in functions {
            let (head, _) = function.split_once("$$").unwrap_or((function, ""));
            // What is no text is understood once and for all when it is made.
            let is_fixed =
                head.contains("\nRETURN ") || head.contains("SET search_path = @schema@, pg_temp");
            assert!(is_fixed, "{head}");
        }
    }

    #[test]
    fn the_script_is_understood() {
        let functions = names(SCHEMA, "FUNCTION");
        assert!(functions.contains(&"has_role"), "{functions:?}");
        assert!(functions.contains(&"append_entries"), "{functions:?}");
        let triggers = names(SCHEMA, "TRIGGER");
        assert!(
            triggers.contains(&"protected_connectors_stay"),
            "{triggers:?}"
        );
        assert!(
            triggers.contains(&"deleted_services_are_in_the_trail"),
            "{triggers:?}"
        );
        assert_eq!(body(SCHEMA, "has_role"), None);
        let body = body(SCHEMA, "refuse_change").unwrap();
        assert!(
            body.starts_with("\nBEGIN") && body.ends_with("END "),
            "{body:?}"
        );
    }
}
