//! Whether connectors may be deleted.

use serde_json::json;

use super::lookup;
use crate::context::{Context, Intent};
use crate::error::Result;
use crate::model::{Action, ConnectorId, text};
use crate::output::Format;

/// Protects connectors from being deleted, or lifts that: all of them or none.
pub fn set(context: &Context, ids: &[ConnectorId], protected: bool) -> Result<()> {
    context.format(&Format::NONE)?;
    let (action, done) = if protected {
        (Action::ConnectorProtect, "protected")
    } else {
        (Action::ConnectorUnprotect, "not protected")
    };
    let (subject, detail) = match ids {
        [only] => (Some(only.as_str()), None),
        ids => (None, Some(json!({"count": ids.len(), "ids": ids}))),
    };
    let intent = Intent::new(action, subject).with_detail(detail);
    let changed = context.change(&intent, |change| {
        let missing = change.missing_connectors(ids)?;
        if !missing.is_empty() {
            return Err(lookup::missing_connectors(change, &missing)?);
        }
        let mut changed = 0;
        for id in ids {
            let mut connector = lookup::connector(change, id)?;
            if connector.protected == protected {
                continue;
            }
            connector.protected = protected;
            connector.updated_at = context.now;
            connector.revision = change.new_revision()?;
            change.update_standing(&connector)?;
            change.record(action, id.as_str(), None)?;
            changed += 1;
        }
        Ok(changed)
    })?;
    let counted = text::count(changed, "connector");
    let are = if changed == 1 { "is" } else { "are" };
    context.ui.note(&if changed == 0 {
        "It is like that already; nothing was changed.".to_owned()
    } else {
        format!("{counted} {are} {done} now.")
    });
    Ok(())
}
