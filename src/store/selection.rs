//! The connectors that a filter selects.

use std::ops::ControlFlow;

use super::cursor::{Belongings, Query, Share};
use super::engine::{OwnedValue, Row, Statement};
use super::guard::{self, SUBJECT};
use super::query::{Conditions, parse, shown, shown_if_any, text};
use super::{Error, Result, Snapshot};
use crate::model::{
    ConnectorFilter, ConnectorSubject, ConnectorSummary, Environment, Label, Plan, Search, Usage,
};

/// How many connectors without the text that is searched for are walked past on the way from one
/// that has it to the next; one further away is sought.
const NEAR: usize = 8;

/// How many connectors that have the text and lie close to each other tell that most of the others
/// are read anyhow.
const RUN: usize = 1_000;

impl Snapshot<'_> {
    /// The connectors that the filter selects, by id, until `visit` breaks off.
    ///
    /// Where a text is searched for, the columns that may hold it are read first, and the others
    /// only of the connectors that have it: of those that lie close to each other at once. Once very
    /// many do, all columns are read at once from there on.
    ///
    /// # Errors
    /// When the store cannot be read, or `visit` fails.
    pub fn each_connector_summary<E: From<Error>>(
        &self,
        filter: &ConnectorFilter,
        mut visit: impl FnMut(&ConnectorSummary<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let mut summaries = Summaries::of(self, filter)?;
        let Some(search) = &filter.search else {
            return summaries.each(&[], |_, _| true, &mut visit).map(drop);
        };
        let conditions = conditions(filter);
        let mut statement = self.selecting(searched(filter), &conditions)?;
        let mut rows = statement.query(&conditions.values).map_err(Error::from)?;
        let mut run = Vec::new();
        let mut passed = 0;
        while let Some(row) = rows.next().map_err(Error::from)? {
            if !is_found(row, search) {
                passed += 1;
                continue;
            }
            let id = text(row, 0)?;
            if passed > NEAR || run.len() == RUN {
                if summaries.each_of(&run, &mut visit)?.is_break() {
                    return Ok(());
                }
                if run.len() == RUN {
                    return summaries.each_from(id, search, &mut visit);
                }
                run.clear();
            }
            passed = 0;
            run.push(id.to_owned());
        }
        summaries.each_of(&run, &mut visit).map(drop)
    }

    /// The ids of the connectors that the filter selects, in order, until `visit` breaks off. Unless
    /// a text is searched for, nothing else of a connector is read.
    pub fn each_connector_id<E: From<Error>>(
        &self,
        filter: &ConnectorFilter,
        mut visit: impl FnMut(&str) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let columns = match filter.search {
            Some(_) => searched(filter),
            None => "id",
        };
        let conditions = conditions(filter);
        let mut statement = self.selecting(columns, &conditions)?;
        let mut rows = statement.query(&conditions.values).map_err(Error::from)?;
        let mut query = USES.of(share(filter), &self.transaction)?;
        let mut uses = query.beside()?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            if !filter
                .search
                .as_ref()
                .is_none_or(|search| is_found(row, search))
            {
                continue;
            }
            let id = text(row, 0)?;
            let is_used = filter.unused && uses.count(id)? > 0;
            if !is_used && visit(id)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// How many connectors the filter selects.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn count_connectors(&self, filter: &ConnectorFilter) -> Result<usize> {
        let mut count = 0;
        self.each_connector_id(filter, |_| {
            count += 1;
            Ok::<_, Error>(ControlFlow::Continue(()))
        })?;
        Ok(count)
    }

    /// What the store knows of each of the connectors that the filter selects, by id, from one pass
    /// over these and what uses them.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn plan_selection(&self, filter: &ConnectorFilter) -> Result<Plan<ConnectorSubject>> {
        let columns = format!("{}, {SUBJECT}", searched(filter));
        let conditions = conditions(filter);
        let mut statement = self.selecting(&columns, &conditions)?;
        let mut rows = statement.query(&conditions.values)?;
        let mut query = USES.of(share(filter), &self.transaction)?;
        let mut uses = query.beside()?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            if !filter
                .search
                .as_ref()
                .is_none_or(|search| is_found(row, search))
            {
                continue;
            }
            let services = uses.count(text(row, 0)?)?;
            if filter.unused && services > 0 {
                continue;
            }
            let id = parse(row, 0, "the id", text(row, 0)?)?;
            let usage = (services > 0).then(|| Usage {
                services,
                ..Usage::default()
            });
            entries.push(guard::state_of(self.subject_from(row, id)?, usage));
        }
        let mut plan = Plan { entries };
        self.name_uses(&mut plan)?;
        Ok(plan)
    }

    /// A statement that reads these columns of the connectors that meet the conditions, by id.
    fn selecting(&self, columns: &str, conditions: &Conditions) -> Result<Statement<'_>> {
        let conditions = conditions.sql();
        let sql = format!("SELECT {columns} FROM connectors{conditions} ORDER BY id");
        Ok(self.transaction.prepare(&sql)?)
    }
}

/// A text behind every id.
const LAST: &str = "\u{10ffff}";

/// Reads what a list shows of connectors.
struct Summaries<'c> {
    statement: Statement<'c>,
    /// The values in its conditions; where a text is searched for, the last two are the first and
    /// the last id.
    values: Vec<OwnedValue>,
    uses: Query<'c>,
    unused: bool,
}

impl<'c> Summaries<'c> {
    fn of(snapshot: &'c Snapshot<'_>, filter: &ConnectorFilter) -> Result<Self> {
        let mut conditions = conditions(filter);
        if filter.search.is_some() {
            conditions.add("id >= ?", String::new());
            conditions.add("id <= ?", String::new());
        }
        let share = match share(filter) {
            Share::Many if filter.search.is_some() => Share::Between,
            share => share,
        };
        let columns = format!(
            "{}, environment, updated_at, expires_at, last_used_at, \"group\", protected,
               retired_until",
            searched(filter)
        );
        Ok(Self {
            statement: snapshot.selecting(&columns, &conditions)?,
            values: conditions.values,
            uses: USES.of(share, &snapshot.transaction)?,
            unused: filter.unused,
        })
    }

    /// Hands on those with these ids, which ascend.
    fn each_of<E: From<Error>>(
        &mut self,
        ids: &[String],
        visit: &mut impl FnMut(&ConnectorSummary<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<ControlFlow<()>, E> {
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else {
            return Ok(ControlFlow::Continue(()));
        };
        let mut ids = ids.iter().peekable();
        let is_wanted = |id: &str, _: Row<'_>| ids.next_if(|wanted| *wanted == id).is_some();
        self.each(&[first, last], is_wanted, visit)
    }

    /// Hands on those with the text from this id on.
    fn each_from<E: From<Error>>(
        &mut self,
        id: &str,
        search: &Search,
        visit: &mut impl FnMut(&ConnectorSummary<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let is_wanted = |_: &str, row: Row<'_>| is_found(row, search);
        self.each(&[id, LAST], is_wanted, visit).map(drop)
    }

    /// Hands on those that are wanted; `span` is the first and the last id, if there are any such.
    fn each<E: From<Error>>(
        &mut self,
        span: &[&str],
        mut is_wanted: impl FnMut(&str, Row<'_>) -> bool,
        visit: &mut impl FnMut(&ConnectorSummary<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<ControlFlow<()>, E> {
        let ends = self.values.len() - span.len();
        for (value, end) in self.values[ends..].iter_mut().zip(span) {
            *value = (*end).to_owned().into();
        }
        let mut rows = self.statement.query(&self.values).map_err(Error::from)?;
        let mut uses = self.uses.beside_span(span)?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            let mut summary = summary_from(row)?;
            if !is_wanted(summary.id, row) {
                continue;
            }
            summary.used_by = uses.count(summary.id)?;
            if !(self.unused && summary.used_by > 0) && visit(&summary)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// The columns in which a text is searched for, the id first.
fn searched(filter: &ConnectorFilter) -> &'static str {
    if filter.searches_notes && filter.search.is_some() {
        "id, name, system, note"
    } else {
        "id, name, system, NULL"
    }
}

/// Whether the text stands in a row that begins with the columns that are [`searched`].
fn is_found(row: Row<'_>, search: &Search) -> bool {
    let is_in = |column| shown_if_any(row, column).is_some_and(|text| search.is_in(text));
    (0..4).any(is_in)
}

/// What the filter says that SQL can tell: all but the search and whether nothing uses it.
fn conditions(filter: &ConnectorFilter) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.equal("environment", filter.environment.map(Environment::as_str));
    conditions.equal("system", filter.system.as_ref().map(Label::as_str));
    conditions.equal("\"group\"", filter.group.as_ref().map(Label::as_str));
    if let Some(service) = &filter.used_by {
        conditions.add(
            "id IN (SELECT connector_id FROM service_connectors WHERE service_id = ?)",
            service.as_str().to_owned(),
        );
    }
    if filter.protected {
        conditions.add("protected = CAST(? AS INTEGER)", "1".to_owned());
    }
    if filter.retired {
        conditions.add("coalesce(retired_at, '') <> ?", String::new());
    }
    if let Some(now) = filter.expired_at {
        conditions.add("expires_at <= ?", now.to_string());
    }
    if let Some(since) = filter.idle_since {
        // The columns are texts that sort as times.
        let condition = "created_at <= ? AND coalesce(last_used_at, '') <= ?";
        conditions.add(condition, since.to_string());
    }
    conditions
}

/// How many of the connectors the filter selects.
fn share(filter: &ConnectorFilter) -> Share {
    match filter.used_by {
        Some(_) => Share::Few,
        None => Share::Many,
    }
}

/// Every use by a service; one that refers to a connector in both roles comes once.
const USES: Belongings = Belongings {
    select: "SELECT DISTINCT connector_id, service_id FROM service_connectors",
    owner: "connector_id",
    order: "service_id",
};

/// A row of a list, as far as it can be read: one that is damaged hides no other.
fn summary_from(row: Row<'_>) -> Result<ConnectorSummary<'_>> {
    Ok(ConnectorSummary {
        id: text(row, 0)?,
        name: shown(row, 1),
        system: shown(row, 2),
        environment: shown(row, 4),
        used_by: 0,
        updated_at: shown(row, 5),
        expires_at: shown_if_any(row, 6),
        last_used_at: shown_if_any(row, 7),
        group: shown_if_any(row, 8),
        protected: row.get(9).unwrap_or(true),
        retired_until: shown_if_any(row, 10),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    /// A store with connectors of which every seventh, and every one from 500 on, is called `shop`;
    /// two of three are used.
    fn store() -> Store {
        let store = Store::in_memory().unwrap();
        let snapshot = store.read().unwrap();
        snapshot
            .transaction
            .execute_batch(
                "CREATE TEMP TABLE numbers AS
                   WITH RECURSIVE counted (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < 1699)
                   SELECT n, printf('c%04d', n) AS id FROM counted;
                 INSERT INTO connectors (id, name, system, environment, created_at, updated_at, revision,
                     settings, protected)
                   SELECT id, CASE WHEN n % 7 = 0 OR n >= 500 THEN 'Shop' ELSE id END,
                     CASE WHEN n % 97 = 0 THEN 'rare' ELSE 'http' END, 'live',
                     '2026-11-21T10:00:00Z', '2026-11-21T10:00:00Z', zeroblob(16), '{}', n % 5 = 0
                   FROM numbers;
                 INSERT INTO services (id, name, kind, active, created_at, updated_at, revision)
                   SELECT 's' || id, id, 'standard', 1, '2026-11-21T10:00:00Z', '2026-11-21T10:00:00Z',
                     zeroblob(16)
                   FROM numbers WHERE n % 3 > 0;
                 INSERT INTO service_connectors (service_id, role, connector_id)
                   SELECT 's' || id, 'source', id FROM numbers WHERE n % 3 > 0
                   UNION ALL SELECT 's' || id, 'destination', id FROM numbers WHERE n % 3 > 1;
                 COMMIT",
            )
            .unwrap();
        drop(snapshot);
        store
    }

    fn filters() -> impl Iterator<Item = ConnectorFilter> {
        let texts = ["shop", "c00", "c1699", "none", "rare", ""].map(Search::new);
        let systems = [None, Some("rare".parse().unwrap())];
        texts.into_iter().flat_map(move |search| {
            let systems = systems.clone().into_iter();
            systems.flat_map(move |system: Option<Label>| {
                [false, true].map(|unused| ConnectorFilter {
                    search: search.clone(),
                    system: system.clone(),
                    unused,
                    searches_notes: true,
                    ..ConnectorFilter::default()
                })
            })
        })
    }

    #[test]
    fn a_search_finds_what_a_look_at_each_connector_does() {
        let store = store();
        let snapshot = store.read().unwrap();
        for filter in filters() {
            let summaries = |filter: &ConnectorFilter| {
                let mut found = Vec::new();
                let visit = |one: &ConnectorSummary<'_>| {
                    found.push((one.id.to_owned(), one.name.to_owned(), one.used_by));
                    Ok::<_, Error>(ControlFlow::Continue(()))
                };
                snapshot.each_connector_summary(filter, visit).unwrap();
                found
            };
            let all = ConnectorFilter {
                search: None,
                ..filter.clone()
            };
            let mut expected = summaries(&all);
            if let Some(search) = &filter.search {
                let has_rare = |id: &str| id[1..].parse::<u32>().unwrap() % 97 == 0;
                expected.retain(|(id, name, _)| {
                    search.is_in(id) || search.is_in(name) || search.is_in("rare") && has_rare(id)
                });
            }
            assert_eq!(summaries(&filter), expected, "{filter:?}");
            let mut ids = Vec::new();
            let visit = |id: &str| {
                ids.push(id.to_owned());
                Ok::<_, Error>(ControlFlow::Continue(()))
            };
            snapshot.each_connector_id(&filter, visit).unwrap();
            assert!(
                ids.iter().eq(expected.iter().map(|(id, ..)| id)),
                "{filter:?}"
            );
        }
    }

    #[test]
    fn a_list_that_is_broken_off_goes_no_further() {
        let store = store();
        let snapshot = store.read().unwrap();
        for filter in filters() {
            let mut left = 3;
            let visit = |_: &ConnectorSummary<'_>| {
                left -= 1;
                let goes_on = if left > 0 {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                };
                Ok::<_, Error>(goes_on)
            };
            snapshot.each_connector_summary(&filter, visit).unwrap();
            assert!((0..=3).contains(&left), "{filter:?}");
        }
    }

    #[test]
    fn a_plan_of_a_selection_is_that_of_its_ids() {
        let store = store();
        let snapshot = store.read().unwrap();
        for filter in filters() {
            let plan = snapshot.plan_selection(&filter).unwrap();
            let mut ids = Vec::new();
            let visit = |id: &str| {
                ids.push(id.parse().unwrap());
                Ok::<_, Error>(ControlFlow::Continue(()))
            };
            snapshot.each_connector_id(&filter, visit).unwrap();
            assert_eq!(plan, snapshot.plan_connectors(ids).unwrap(), "{filter:?}");
        }
    }

    #[test]
    fn a_run_is_read_from_its_first_id_to_its_last() {
        let store = store();
        let snapshot = store.read().unwrap();
        let filter = ConnectorFilter {
            search: Search::new("shop"),
            ..ConnectorFilter::default()
        };
        let mut conditions = conditions(&filter);
        conditions.add("id >= ?", String::new());
        conditions.add("id <= ?", String::new());
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT id FROM connectors{} ORDER BY id",
            conditions.sql()
        );
        let read = |row: Row<'_>| row.get::<String>(3);
        let plan = snapshot.transaction.query_row(&sql, ["a", "b"], read);
        let plan = plan.unwrap();
        assert_eq!(plan, "SEARCH connectors USING PRIMARY KEY (id>? AND id<?)");
    }
}
