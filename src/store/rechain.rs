//! Taking values out of an audit trail that an older connctl wrote.
//!
//! Each entry is chained to what the one before it holds, so all are chained anew. An entry at the
//! end tells so, with the head that the trail had.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::audit::{self, COLUMNS, append, mention};
use super::engine::{OptionalExtension, Session, params};
use super::{Error, Result};
use crate::model::{Action, Actor, AuditEntry, Hash, Head, Verdict, mentioned, without_values};

/// How many entries are held in memory at a time.
const PAGE: u32 = 1_000;

/// Forbids what this does.
const GUARD: &str = "audit_is_not_changed";

/// Takes the values of settings, and notes, out of every entry. Only an upgrade may do this, within
/// its transaction. Does nothing where no entry holds any.
///
/// A chain that is broken stays broken, at the same entry.
pub(super) fn take_values_out(session: &Session<'_>, actor: &Actor) -> Result<()> {
    let trigger: Option<String> = session
        .query_row(
            "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1",
            [GUARD],
            |row| row.get(0),
        )
        .optional()?;
    session.execute_batch(&format!("DROP TRIGGER IF EXISTS {GUARD}"))?;
    // Where the old and the new chain have arrived, and the last number that was looked at.
    let (mut old, mut new, mut last) = (Head::START, Head::START, 0);
    loop {
        let entries = page(session, last)?;
        let Some((end, _)) = entries.last() else {
            break;
        };
        last = *end;
        for (_, entry) in entries {
            // What cannot be read stays as it is; the chain is broken there.
            let Ok(mut entry) = entry else { continue };
            let detail = entry.detail.as_deref().map(serde_json::from_str::<Value>);
            let detail = detail.and_then(std::result::Result::ok);
            if let Some(detail) = &detail {
                mention(session, entry.sequence, mentioned(detail))?;
            }
            let was_whole = entry.chained_hash(&old.hash) == entry.hash;
            old = entry.head();
            if let Some(cut) = detail.clone().map(without_values)
                && Some(&cut) != detail.as_ref()
            {
                entry.detail = Some(cut.to_string().into());
            }
            let hash = entry.chained_hash(&new.hash);
            entry.hash = if was_whole { hash } else { broken(&hash) };
            new = entry.head();
            if new != old {
                let sql = "UPDATE audit SET detail = ?2, hash = ?3 WHERE sequence = ?1";
                session.prepare_cached(sql)?.execute(params![
                    entry.sequence.cast_signed(),
                    entry.detail,
                    entry.hash.as_bytes()
                ])?;
            }
        }
    }
    if new != old {
        tell(session, actor, &old, &new)?;
        // The old bytes are still in pages that are not in use now.
        session.execute("UPDATE store_state SET removals = removals + 1", [])?;
    }
    if let Some(trigger) = trigger {
        session.execute_batch(&trigger)?;
    }
    Ok(())
}

/// The entries behind the one with this number, each with its own.
fn page(session: &Session<'_>, after: i64) -> Result<Vec<(i64, Result<AuditEntry<'static>>)>> {
    let sql = format!("SELECT {COLUMNS} FROM audit WHERE sequence > ?1 ORDER BY sequence LIMIT ?2");
    let mut statement = session.prepare_cached(&sql)?;
    let mut rows = statement.query(params![after, PAGE])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let entry = audit::entry_from(row).map(AuditEntry::into_owned);
        match entry {
            Ok(_) | Err(Error::Damaged(_)) => entries.push((row.get(0)?, entry)),
            Err(error) => return Err(error),
        }
    }
    Ok(entries)
}

/// A hash that is not this one.
fn broken(hash: &Hash) -> Hash {
    Hash::from_bytes(hash.as_bytes().map(|byte| !byte))
}

/// Writes the entry that tells.
fn tell(session: &Session<'_>, actor: &Actor, old: &Head, new: &Head) -> Result<()> {
    let time = "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')";
    let mut entry = AuditEntry {
        sequence: new.sequence + 1,
        time: session.query_row(time, [], |row| row.get(0).map(Cow::Owned))?,
        user: actor.user.as_str().into(),
        uid: actor.uid,
        sudo_user: None,
        host: actor.host.as_str().into(),
        command: "upgrade".into(),
        action: Action::TrailRewrite.as_str().into(),
        subject: Some(old.hash.to_string().into()),
        outcome: Verdict::Done.as_str().into(),
        reason: None,
        detail: Some(
            json!({"taken_out": ["settings", "note"]})
                .to_string()
                .into(),
        ),
        hash: Hash::START,
    };
    entry.hash = entry.chained_hash(&new.hash);
    append(session, &entry)
}
