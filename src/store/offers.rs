//! What a shell offers where a word is typed: looked up where it stands, so that it takes no longer in
//! a large store than in a small one.

use rusqlite::{Row, params};

use super::query::{shown, text};
use super::{Error, Result, Snapshot};

/// How many words are offered at most. What stands last among all is offered too, else a shell would
/// take what only the first ones have in common for the beginning of all.
const OFFERED: usize = 200;

/// How many rows are looked at for what no index knows.
const LOOKED_AT: u32 = 2_000;

/// A word that may be meant, and what there is to know of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Offer {
    /// The word.
    pub word: String,
    /// What to know of it; may be empty.
    pub help: String,
}

impl Snapshot<'_> {
    /// Connectors whose ids begin so; with `free`, only those that can be deleted or retired. Of very
    /// many that begin so, only the first and the last are looked at.
    pub fn offered_connectors(&self, start: &str, free: bool) -> Result<Vec<Offer>> {
        let is_free = if free {
            "WHERE protected = 0 AND used_by = 0"
        } else {
            ""
        };
        let select = format!(
            "SELECT id, system, environment, used_by FROM (
               SELECT id, system, environment, protected,
                 (SELECT count(DISTINCT service_id) FROM service_connectors
                  WHERE connector_id = connectors.id) AS used_by
               FROM connectors %) AS found {is_free}"
        );
        self.offered(&select, start, |row| {
            let used_by: i64 = row.get(3)?;
            let used_by = match used_by {
                0 => "unused".to_owned(),
                1 => "1 service".to_owned(),
                count => format!("{count} services"),
            };
            Ok(Offer {
                word: text(row, 0)?.to_owned(),
                help: format!("{}, {}, {used_by}", shown(row, 1), shown(row, 2)),
            })
        })
    }

    /// Services whose ids begin so.
    pub fn offered_services(&self, start: &str) -> Result<Vec<Offer>> {
        let select =
            "SELECT id, name, active FROM (SELECT id, name, active FROM services %) AS found";
        self.offered(select, start, |row| {
            let is_active: bool = row.get(2).unwrap_or(true);
            let status = if is_active { "active" } else { "inactive" };
            Ok(Offer {
                word: text(row, 0)?.to_owned(),
                help: format!("{}, {status}", shown(row, 1)),
            })
        })
    }

    /// The first and the last of what `select` finds among the rows that `%` stands for: those whose
    /// ids begin so.
    fn offered(
        &self,
        select: &str,
        start: &str,
        offer: impl Fn(&Row<'_>) -> Result<Offer>,
    ) -> Result<Vec<Offer>> {
        let look = |order: &str, count: usize| {
            let rows = format!("WHERE id >= ?1 AND id < ?2 ORDER BY id {order} LIMIT {LOOKED_AT}");
            let sql = format!(
                "{} ORDER BY id {order} LIMIT {count}",
                select.replace('%', &rows)
            );
            let mut statement = self.transaction.prepare(&sql)?;
            let mut rows = statement.query(params![start, format!("{start}\u{10ffff}")])?;
            let mut offers = Vec::new();
            while let Some(row) = rows.next()? {
                offers.push(offer(row)?);
            }
            Ok::<_, Error>(offers)
        };
        let mut offers = look("ASC", OFFERED)?;
        if let Some(last) = offers.last() {
            offers.extend(
                look("DESC", 1)?
                    .into_iter()
                    .filter(|other| other.word > last.word)
                    .collect::<Vec<_>>(),
            );
        }
        Ok(offers)
    }

    /// The systems of the first connectors.
    pub fn offered_systems(&self) -> Result<Vec<Offer>> {
        self.offered_labels("system")
    }

    /// The groups of the first connectors.
    pub fn offered_groups(&self) -> Result<Vec<Offer>> {
        self.offered_labels("\"group\"")
    }

    fn offered_labels(&self, column: &str) -> Result<Vec<Offer>> {
        let sql = format!(
            "SELECT DISTINCT label FROM (SELECT {column} AS label FROM connectors
               ORDER BY id LIMIT {LOOKED_AT}) AS labels WHERE label IS NOT NULL ORDER BY label"
        );
        self.words(&sql, &[])
    }

    /// The secrets of these connectors.
    pub fn offered_secrets(&self, connectors: &[&str]) -> Result<Vec<Offer>> {
        let mut offers = Vec::new();
        for connector in connectors {
            let sql = "SELECT name FROM secrets WHERE connector_id = ?1 ORDER BY name";
            offers.extend(self.words(sql, &[connector])?);
        }
        Ok(offers)
    }

    fn words(&self, sql: &str, values: &[&str]) -> Result<Vec<Offer>> {
        let mut statement = self.transaction.prepare(sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        let mut offers = Vec::new();
        while let Some(row) = rows.next()? {
            offers.push(Offer {
                word: text(row, 0)?.to_owned(),
                help: String::new(),
            });
        }
        Ok(offers)
    }
}
