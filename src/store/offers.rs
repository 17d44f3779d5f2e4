//! What is offered to whoever types the beginning of an id, or chooses from a list: a few rows from
//! where they are wanted, however many there are.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::engine::{Row, params};
use super::query::{optional_text, shown, text};
use super::{Result, Snapshot};

/// A part of a table, in the order of its ids.
#[derive(Debug, Clone, Copy)]
pub struct Stretch<'i> {
    /// How the ids begin.
    pub start: &'i str,
    /// The id behind which it begins; empty for the first.
    pub after: &'i str,
    /// Whether it is read from its end.
    pub backwards: bool,
    /// How many rows are looked at, at most.
    pub rows: u32,
}

impl Stretch<'_> {
    /// The ids that are in it: from the first on, and before the second. Of the characters that an id
    /// may hold none sorts before `!` or behind `~`.
    fn bounds(&self) -> (String, String) {
        let first = if self.after.is_empty() {
            self.start.to_owned()
        } else {
            format!("{}!", self.after).max(self.start.to_owned())
        };
        (first, format!("{}~", self.start))
    }
}

/// A connector that is offered, as far as it can be read.
#[derive(Debug)]
#[expect(missing_docs, reason = "named as the fields of the model")]
pub struct OfferedConnector<'r> {
    pub id: &'r str,
    pub name: &'r str,
    pub system: &'r str,
    pub environment: &'r str,
    pub protected: bool,
    pub on_trial: bool,
    pub in_use: bool,
}

/// A service that is offered, as far as it can be read.
#[derive(Debug)]
#[expect(missing_docs, reason = "named as the fields of the model")]
pub struct OfferedService<'r> {
    pub id: &'r str,
    pub name: &'r str,
    pub kind: &'r str,
    pub active: bool,
}

/// What connectors say of themselves that many of them have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// The system.
    System,
    /// The company group.
    Group,
    /// Which mirror brought it.
    Origin,
}

impl Snapshot<'_> {
    /// The connectors of a stretch, until `visit` breaks off. Tells how many were looked at.
    pub fn offer_connectors(
        &self,
        stretch: Stretch<'_>,
        mut visit: impl FnMut(&OfferedConnector<'_>) -> ControlFlow<()>,
    ) -> Result<u32> {
        let select = "SELECT id, name, system, environment, protected,
              CASE WHEN retired_at IS NULL THEN 0 ELSE 1 END,
              CASE WHEN EXISTS (SELECT 1 FROM service_connectors
                WHERE connector_id = connectors.id) THEN 1 ELSE 0 END
            FROM connectors";
        self.offer(select, stretch, |row| {
            Ok(visit(&OfferedConnector {
                id: text(row, 0)?,
                name: shown(row, 1),
                system: shown(row, 2),
                environment: shown(row, 3),
                // What may be protected is.
                protected: row.get(4).unwrap_or(true),
                on_trial: row.get(5)?,
                in_use: row.get(6)?,
            }))
        })
    }

    /// The services of a stretch, until `visit` breaks off. Tells how many were looked at.
    pub fn offer_services(
        &self,
        stretch: Stretch<'_>,
        mut visit: impl FnMut(&OfferedService<'_>) -> ControlFlow<()>,
    ) -> Result<u32> {
        let select = "SELECT id, name, kind, active FROM services";
        self.offer(select, stretch, |row| {
            Ok(visit(&OfferedService {
                id: text(row, 0)?,
                name: shown(row, 1),
                kind: shown(row, 2),
                active: row.get(3).unwrap_or(true),
            }))
        })
    }

    fn offer(
        &self,
        select: &str,
        stretch: Stretch<'_>,
        mut visit: impl FnMut(Row<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<u32> {
        let order = if stretch.backwards { "DESC" } else { "ASC" };
        let sql = format!("{select} WHERE id >= ?1 AND id < ?2 ORDER BY id {order} LIMIT ?3");
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let (first, end) = stretch.bounds();
        let mut rows = statement.query(params![first, end, stretch.rows])?;
        let mut looked_at = 0;
        while let Some(row) = rows.next()? {
            looked_at += 1;
            if visit(row)?.is_break() {
                break;
            }
        }
        Ok(looked_at)
    }

    /// What the first and the last so many connectors have of this, each once.
    pub fn offer_shared(&self, shared: Shared, rows: u32) -> Result<BTreeSet<String>> {
        let column = match shared {
            Shared::System => "system",
            Shared::Group => "\"group\"",
            Shared::Origin => "origin",
        };
        let mut found = BTreeSet::new();
        for order in ["ASC", "DESC"] {
            let sql = format!("SELECT {column} FROM connectors ORDER BY id {order} LIMIT ?1");
            let mut statement = self.transaction.prepare(&sql)?;
            let mut rows = statement.query(params![rows])?;
            while let Some(row) = rows.next()? {
                if let Ok(Some(value)) = optional_text(row, 0)
                    && !found.contains(value)
                {
                    found.insert(value.to_owned());
                }
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    const ALL: Stretch<'static> = Stretch {
        start: "",
        after: "",
        backwards: false,
        rows: 100,
    };

    #[test]
    fn a_stretch_holds_the_ids_that_begin_so_behind_the_last_one_seen() {
        let bounds = |start, after| {
            Stretch {
                start,
                after,
                ..ALL
            }
            .bounds()
        };
        let within = |start, after, id: &str| {
            let (first, end) = bounds(start, after);
            (first.as_str()..end.as_str()).contains(&id)
        };
        assert!(within("", "", "0"));
        assert!(within("", "", "zzz:._-"));
        assert!(within("ab", "", "ab"));
        assert!(within("ab", "", "ab:z"));
        assert!(!within("ab", "", "ac"));
        assert!(!within("ab", "abc", "abc"));
        assert!(within("ab", "abc", "abc-"));
        assert!(within("ab", "abc", "abd"));
        assert!(within("ab", "aa", "ab"));
    }

    #[test]
    fn every_offer_is_a_seek_and_no_sort() {
        let store = Store::in_memory().unwrap();
        let snapshot = store.read().unwrap();
        for table in ["connectors", "services"] {
            for order in ["ASC", "DESC"] {
                let sql = format!(
                    "EXPLAIN QUERY PLAN SELECT id FROM {table}
                     WHERE id >= ?1 AND id < ?2 ORDER BY id {order} LIMIT ?3"
                );
                let mut statement = snapshot.transaction.prepare(&sql).unwrap();
                let mut steps = statement.query(params!["a", "b", 1_u32]).unwrap();
                let step: String = steps.next().unwrap().unwrap().get(3).unwrap();
                let seek = format!("SEARCH {table} USING PRIMARY KEY (id>? AND id<?)");
                assert_eq!(step, seek);
                assert!(steps.next().unwrap().is_none());
            }
        }
    }
}
