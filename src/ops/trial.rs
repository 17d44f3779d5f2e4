//! Connectors on trial: who may use them is decided here, for every door.

use serde_json::json;

use super::lookup;
use crate::context::Change;
use crate::error::Result;
use crate::model::{Action, ConnectorId, ConnectorSubject, Deed, Plan, Subject, Time};
use crate::store::{self, Snapshot};

/// Refuses to use connectors of which any is on trial. Whoever reads a secret, or makes a service
/// refer to a connector, asks here; the store's own triggers stand behind.
///
/// The refusal is recorded where the command ends: [`crate::context::Context::attempted`].
pub fn check<'i>(
    snapshot: &Snapshot<'_>,
    ids: impl IntoIterator<Item = &'i ConnectorId>,
) -> Result<()> {
    let on_trial = snapshot.on_trial(ids)?;
    if on_trial.is_empty() {
        Ok(())
    } else {
        Err(store::Error::OnTrial(on_trial).into())
    }
}

/// Puts what is free on trial until then. What is on trial already only gets another end.
pub fn begin(
    change: &Change<'_>,
    plan: &Plan<ConnectorSubject>,
    now: Time,
    until: Time,
) -> Result<()> {
    for ConnectorSubject { id, .. } in plan.free() {
        let mut connector = lookup::connector(change, id)?;
        connector.retired_at = connector.retired_at.or(Some(now));
        connector.retired_until = Some(until);
        connector.updated_at = now;
        connector.revision = change.new_revision()?;
        change.update_standing(&connector)?;
        let detail = json!({
            "retired_at": connector.retired_at,
            "retired_until": connector.retired_until,
        });
        change.record(Action::ConnectorRetire, id.as_str(), Some(detail))?;
    }
    Ok(())
}

/// Of how many connectors it is said what is to be known of them.
const REMARKED: usize = 20;

/// What a person is to know of connectors before they are deleted or put on trial: which are on trial
/// already and who tried to use them, and whose use a trial does not show.
pub fn remarks(
    snapshot: &Snapshot<'_>,
    plan: &Plan<ConnectorSubject>,
    deed: Deed,
) -> Result<Vec<String>> {
    let said = |one: &ConnectorSubject| Some(format!("{} is {}", one.id, one.trial()?));
    let mut remarks: Vec<_> = plan.free().filter_map(said).take(REMARKED).collect();
    if !matches!(deed, Deed::Retire { .. }) {
        return Ok(remarks);
    }
    for connector in plan.free().take(REMARKED) {
        if snapshot.secret_names(&connector.id)?.is_empty() {
            remarks.push(format!(
                "{} has no secrets, so that connctl cannot see whether it is used",
                connector.id
            ));
        }
    }
    Ok(remarks)
}

/// What there is to say of what stays because it is on trial.
pub fn stays<S: Subject>(plan: &Plan<S>) -> Vec<String> {
    let said = |one: &S| Some(format!("{} stays, {}", one.id(), one.trial()?));
    plan.on_trial().filter_map(said).take(REMARKED).collect()
}
