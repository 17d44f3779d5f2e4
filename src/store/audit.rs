//! The audit trail: every change, every secret read and every refusal, chained by hashes.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::Serialize;

use super::engine::{OptionalExtension, Row, Session, params};
use super::error::{damaged, one_row};
use super::query::{Conditions, optional_text, text};
use super::{Change, Error, Result, Snapshot};
use crate::model::{
    Action, AuditEntry, AuditFilter, ChainedAnew, Event, Hash, Head, Verdict, bounded,
};

pub(super) const COLUMNS: &str = r#"sequence, time, "user", uid, sudo_user, host, command, action, subject,
    outcome, reason, detail, hash"#;

/// What a check of the chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chain {
    /// Every entry is as it was written.
    Whole(Head),
    /// The first entry that is not what was written in its place.
    Broken {
        /// Its number.
        sequence: u64,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl Snapshot<'_> {
    /// Where the chain ends.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn audit_head(&self) -> Result<Head> {
        let sql = "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let last: Option<(i64, [u8; 32])> = statement
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(match last {
            None => Head::START,
            Some((sequence, hash)) => Head {
                sequence: sequence.unsigned_abs(),
                hash: Hash::from_bytes(hash),
            },
        })
    }

    /// The entries that the filter selects, from this number on, in the order in which they were
    /// written.
    ///
    /// # Errors
    /// When the store cannot be read, or `visit` fails.
    pub fn each_audit_entry<E: From<Error>>(
        &self,
        filter: &AuditFilter,
        from: u64,
        mut visit: impl FnMut(&AuditEntry<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each_selected(COLUMNS, filter, from, |row| {
            let entry = entry_from(row)?;
            if is_wanted(&entry, filter) {
                visit(&entry)?;
            }
            Ok(())
        })
    }

    /// The numbers of these entries. Where the engine can tell them by itself, nothing else of an
    /// entry is read.
    pub fn each_audit_number<E: From<Error>>(
        &self,
        filter: &AuditFilter,
        from: u64,
        mut visit: impl FnMut(u64) -> Result<(), E>,
    ) -> Result<(), E> {
        if filter.search.is_some() {
            return self.each_audit_entry(filter, from, |entry| visit(entry.sequence));
        }
        self.each_selected("sequence", filter, from, |row| visit(number_from(row)?))
    }

    fn each_selected<E: From<Error>>(
        &self,
        columns: &str,
        filter: &AuditFilter,
        from: u64,
        mut visit: impl FnMut(Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut conditions = selected(filter);
        conditions.add("sequence >= ?", from.cast_signed());
        let sql = format!(
            "SELECT {columns} FROM audit{} ORDER BY sequence",
            conditions.sql()
        );
        let mut statement = self.transaction.prepare(&sql).map_err(Error::from)?;
        let mut rows = statement.query(&conditions.values).map_err(Error::from)?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            visit(row)?;
        }
        Ok(())
    }

    /// The number of the first of the newest so many entries that the filter selects; `None` if it
    /// selects no more than these.
    pub fn first_of_newest(&self, filter: &AuditFilter, count: u64) -> Result<Option<u64>> {
        let conditions = selected(filter);
        let columns = if filter.search.is_some() {
            COLUMNS
        } else {
            "sequence"
        };
        let sql = format!(
            "SELECT {columns} FROM audit{} ORDER BY sequence DESC",
            conditions.sql()
        );
        let mut statement = self.transaction.prepare(&sql)?;
        let mut rows = statement.query(&conditions.values)?;
        let (mut first, mut found) = (0, 0);
        while let Some(row) = rows.next()? {
            if filter.search.is_none() || is_wanted(&entry_from(row)?, filter) {
                if found == count {
                    return Ok(Some(first));
                }
                first = number_from(row)?;
                found += 1;
            }
        }
        Ok(None)
    }

    /// At most `limit` entries behind the one with this number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn audit_entries_after(
        &self,
        sequence: u64,
        limit: u32,
    ) -> Result<Vec<AuditEntry<'static>>> {
        let sql =
            format!("SELECT {COLUMNS} FROM audit WHERE sequence > ?1 ORDER BY sequence LIMIT ?2");
        let mut statement = self.transaction.prepare(&sql)?;
        let mut rows = statement.query(params![sequence.cast_signed(), limit])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(entry_from(row)?.into_owned());
        }
        Ok(entries)
    }

    /// The last deletion of what had this id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn last_deletion(&self, action: Action, id: &str) -> Result<Option<AuditEntry<'static>>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM audit
             WHERE subject = ?1 AND outcome = 'done'
               AND action IN ('connector.delete', 'service.delete') AND action = ?2
             ORDER BY sequence DESC LIMIT 1"
        );
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let mut rows = statement.query([id, action.as_str()])?;
        let entry = rows.next()?.map(entry_from).transpose()?;
        Ok(entry.map(AuditEntry::into_owned))
    }

    /// Checks that every entry is the one that was written in its place, and hands each on.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn check_audit(&self, mut visit: impl FnMut(&AuditEntry<'_>)) -> Result<Chain> {
        let mut head = Head::START;
        let sql = format!("SELECT {COLUMNS} FROM audit ORDER BY sequence");
        let mut statement = self.transaction.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let sequence = head.sequence + 1;
            let entry = match entry_from(row) {
                Ok(entry) => entry,
                Err(Error::Damaged(_)) => {
                    return Ok(Chain::Broken {
                        sequence,
                        problem: "it cannot be read",
                    });
                }
                Err(error) => return Err(error),
            };
            if entry.sequence != sequence {
                return Ok(Chain::Broken {
                    sequence,
                    problem: "it is missing",
                });
            }
            if entry.chained_hash(&head.hash) != entry.hash {
                let problem = "it, or an entry before it, is not what was written";
                return Ok(Chain::Broken { sequence, problem });
            }
            visit(&entry);
            head = entry.head();
        }
        Ok(Chain::Whole(head))
    }
}

impl Snapshot<'_> {
    /// How the trail was chained anew by an upgrade, the last time that it was.
    pub fn chained_anew(&self) -> Result<Option<ChainedAnew>> {
        let sql =
            format!("SELECT {COLUMNS} FROM audit WHERE action = ?1 ORDER BY sequence DESC LIMIT 1");
        let mut statement = self.transaction.prepare(&sql)?;
        let mut rows = statement.query([Action::TrailRewrite.as_str()])?;
        let Some(entry) = rows.next()?.map(entry_from).transpose()? else {
            return Ok(None);
        };
        let hash = entry
            .subject
            .as_deref()
            .and_then(|hash| hash.parse().ok())
            .ok_or_else(|| damaged("the head", "an entry of the audit trail", "unreadable"))?;
        let before = Head {
            sequence: entry.sequence - 1,
            hash,
        };
        Ok(Some(ChainedAnew {
            before,
            after: entry.head(),
        }))
    }
}

impl Change<'_> {
    /// Writes an entry, to be kept if this change is committed, and returns its number.
    ///
    /// # Errors
    /// When the store fails.
    pub fn record(&self, event: Event<'_>) -> Result<u64> {
        let head = match self.head.get() {
            Some(head) => head,
            None => self.audit_head()?,
        };
        let sequence = head.sequence + 1;
        if self.transaction.is_on_server() {
            self.keep_entry(event)?;
            // The hash is the server's to tell, once the entry is written.
            let hash = Hash::START;
            self.head.set(Some(Head { sequence, hash }));
            return Ok(sequence);
        }
        mention(&self.transaction, sequence, event.detail.mentioned())?;
        let detail = event.detail.into_json();
        let detail = detail.map_err(|error| Error::Engine(error.into()))?;
        let mut entry = AuditEntry {
            sequence,
            time: event.time.to_string().into(),
            user: event.user.into(),
            uid: event.uid,
            sudo_user: event.sudo_user.map(bounded),
            host: bounded(event.host),
            command: event.command.into(),
            action: event.action.as_str().into(),
            subject: event.subject.map(bounded),
            outcome: event.outcome.as_str().into(),
            reason: event.reason.map(bounded),
            detail: detail.map(Cow::from),
            hash: Hash::START,
        };
        entry.hash = entry.chained_hash(&head.hash);
        append(&self.transaction, &entry)?;
        self.head.set(Some(entry.head()));
        Ok(entry.sequence)
    }

    /// Keeps an entry for the server, which writes many at once and says who it was and when.
    fn keep_entry(&self, event: Event<'_>) -> Result<()> {
        let mentioned = event.detail.mentioned().map(str::to_owned).collect();
        let detail = event.detail.into_json();
        let entry = EntryOnServer {
            uid: event.uid,
            sudo_user: event.sudo_user.map(bounded),
            host: bounded(event.host),
            command: event.command,
            action: event.action.as_str(),
            subject: event.subject.map(bounded),
            outcome: event.outcome.as_str(),
            reason: event.reason.map(bounded),
            mentioned,
            detail: detail.map_err(|error| Error::Engine(error.into()))?,
        };
        let json = serde_json::to_string(&entry);
        let json = json.map_err(|error| Error::Engine(error.into()))?;
        let mut kept = self.entries.borrow_mut();
        kept.push(json);
        if kept.len() < ENTRIES {
            return Ok(());
        }
        drop(kept);
        self.write_entries()
    }

    /// Writes the entries that are kept for a server.
    pub(super) fn write_entries(&self) -> Result<()> {
        let kept = self.entries.take();
        if kept.is_empty() {
            return Ok(());
        }
        let sql = "SELECT sequence, hash FROM append_entries(?1)";
        let entries = format!("[{}]", kept.join(","));
        let head = self.transaction.call(sql, [entries.as_str()], |row| {
            Ok(Head {
                sequence: row.get::<i64>(0)?.unsigned_abs(),
                hash: Hash::from_bytes(row.get(1)?),
            })
        })?;
        self.head.set(Some(head));
        Ok(())
    }
}

/// How many entries a server writes at once.
const ENTRIES: usize = 1_000;

/// What a client says of an entry that a server writes.
#[derive(Serialize)]
struct EntryOnServer<'a> {
    uid: u32,
    sudo_user: Option<Cow<'a, str>>,
    host: Cow<'a, str>,
    command: &'a str,
    action: &'a str,
    subject: Option<Cow<'a, str>>,
    outcome: &'a str,
    reason: Option<Cow<'a, str>>,
    detail: Option<String>,
    mentioned: Vec<String>,
}

/// Writes an entry into its place.
pub(super) fn append(session: &Session<'_>, entry: &AuditEntry<'_>) -> Result<()> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        format!(
            "INSERT INTO audit ({COLUMNS})
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
        )
    });
    let written = session.prepare_cached(&SQL)?.execute(params![
        entry.sequence.cast_signed(),
        entry.time,
        entry.user,
        entry.uid,
        entry.sudo_user,
        entry.host,
        entry.command,
        entry.action,
        entry.subject,
        entry.outcome,
        entry.reason,
        entry.detail,
        entry.hash.as_bytes(),
    ])?;
    one_row(written, "audit entry", &entry.sequence.to_string())
}

/// Lets the entry with this number be found by each of the ids.
pub(super) fn mention<'a>(
    session: &Session<'_>,
    sequence: u64,
    ids: impl Iterator<Item = &'a str>,
) -> Result<()> {
    let sql = "INSERT INTO audit_mentions (id, sequence) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    for id in ids {
        let mut statement = session.prepare_cached(sql)?;
        statement.execute(params![id, sequence.cast_signed()])?;
    }
    Ok(())
}

/// What the engine can tell of a filter.
fn selected(filter: &AuditFilter) -> Conditions {
    let mut conditions = Conditions::default();
    if let Some(id) = &filter.subject {
        conditions.add(
            "(subject = ? OR sequence IN (SELECT sequence FROM audit_mentions WHERE id = ?))",
            id.clone(),
        );
    }
    conditions.equal("\"user\"", filter.actor.as_deref());
    conditions.equal("action", filter.action.map(Action::as_str));
    conditions.equal("outcome", filter.outcome.map(Verdict::as_str));
    if let Some(since) = filter.since {
        conditions.add("time >= ?", since.to_string());
    }
    if let Some(until) = filter.until {
        conditions.add("time <= ?", until.to_string());
    }
    conditions
}

/// What only the entry itself tells.
fn is_wanted(entry: &AuditEntry<'_>, filter: &AuditFilter) -> bool {
    let search = filter.search.as_ref();
    search.is_none_or(|search| entry.mentions(search))
}

/// The number of an entry, which is in the first column.
fn number_from(row: Row<'_>) -> Result<u64> {
    u64::try_from(row.get::<i64>(0)?)
        .map_err(|error| damaged("the number", "an entry of the audit trail", error))
}

pub(super) fn entry_from(row: Row<'_>) -> Result<AuditEntry<'_>> {
    let always = |column| Ok::<_, Error>(Cow::from(text(row, column)?));
    let optional = |column| Ok::<_, Error>(optional_text(row, column)?.map(Cow::from));
    Ok(AuditEntry {
        sequence: number_from(row)?,
        time: always(1)?,
        user: always(2)?,
        uid: row.get(3)?,
        sudo_user: optional(4)?,
        host: always(5)?,
        command: always(6)?,
        action: always(7)?,
        subject: optional(8)?,
        outcome: always(9)?,
        reason: optional(10)?,
        detail: optional(11)?,
        hash: Hash::from_bytes(row.get(12)?),
    })
}
