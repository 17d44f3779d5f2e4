//! Whether connectors may be deleted, and whether they are on trial.

use serde_json::json;

use super::lookup;
use crate::context::{Context, Intent};
use crate::error::Result;
use crate::model::{Action, Connector, ConnectorId};
use crate::output::Format;

/// A change of what only an admin decides about a connector.
#[derive(Debug, Clone, Copy)]
pub enum Standing {
    /// It may not be deleted.
    Protected,
    /// It may be deleted.
    Unprotected,
    /// It is on no trial.
    Revived,
}

impl Standing {
    fn action(self) -> Action {
        match self {
            Self::Protected => Action::ConnectorProtect,
            Self::Unprotected => Action::ConnectorUnprotect,
            Self::Revived => Action::ConnectorRevive,
        }
    }

    /// What a connector is then.
    fn told(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Unprotected => "not protected",
            Self::Revived => "not on trial",
        }
    }

    fn apply(self, connector: &mut Connector) {
        match self {
            Self::Protected => connector.protected = true,
            Self::Unprotected => connector.protected = false,
            Self::Revived => {
                connector.retired_at = None;
                connector.retired_until = None;
            }
        }
    }
}

/// Gives connectors this standing: all of them or none.
pub fn set(context: &Context, ids: &[ConnectorId], standing: Standing) -> Result<()> {
    context.format(&Format::NONE)?;
    let action = standing.action();
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
            let before = lookup::connector(change, id)?;
            let mut connector = before.clone();
            standing.apply(&mut connector);
            if connector == before {
                continue;
            }
            connector.updated_at = context.now;
            connector.revision = change.new_revision()?;
            change.update_standing(&connector)?;
            change.record(action, id.as_str(), None)?;
            changed += 1;
        }
        Ok(changed)
    })?;
    let told = standing.told();
    context.ui.note(&match (changed, ids) {
        (0, [_]) => format!("It is {told}; nothing was changed."),
        (0, _) => format!("They are {told}; nothing was changed."),
        (1, _) => format!("1 connector is {told} now."),
        (changed, _) => format!("{changed} connectors are {told} now."),
    });
    Ok(())
}
