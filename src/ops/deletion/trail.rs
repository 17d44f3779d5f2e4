//! What the audit trail keeps of what was refused.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Deletion, Target};
use crate::context::{Change, Refusal as Refused};
use crate::error::{Error, Kind};
use crate::model::{Plan, Usage, Verdict, bounded};

/// How many ids the audit trail names of an attempt that was refused as a whole.
const RECORDED: usize = 100;

impl Deletion<'_> {
    /// What the audit trail is to say of a refusal: each connector that is in use, or else the
    /// attempt as a whole.
    fn refusals<T: Target>(
        &self,
        plan: &Plan<T>,
        error: &Error,
    ) -> Option<(Verdict, Vec<Refused>)> {
        let verdict = match error.kind {
            Kind::InUse => Verdict::InUse,
            Kind::Protected => Verdict::Protected,
            Kind::Retired => Verdict::Retired,
            Kind::Declined => Verdict::Declined,
            Kind::Changed => Verdict::Changed,
            _ => return None,
        };
        if self.dry_run {
            return None;
        }
        let as_a_whole = |ids: &[&str]| {
            let (only, detail) = recorded(ids);
            let subject = only.map(str::to_owned);
            vec![Refused { subject, detail }]
        };
        let in_use: Vec<&str> = plan.in_use().map(|(one, _)| one.id().as_ref()).collect();
        let refusals = if verdict == Verdict::Retired {
            let ids: Vec<&str> = plan.on_trial().map(|one| one.id().as_ref()).collect();
            as_a_whole(&ids)
        } else if verdict == Verdict::Protected {
            let ids: Vec<&str> = plan.protected().map(|one| one.id().as_ref()).collect();
            as_a_whole(&ids)
        } else if verdict != Verdict::InUse {
            let ids: Vec<&str> = plan.free().map(|one| one.id().as_ref()).collect();
            as_a_whole(&ids)
        } else if in_use.len() > RECORDED {
            let mut refusals = as_a_whole(&in_use);
            let named_by = named_by(plan.in_use().map(|(_, usage)| usage));
            for detail in refusals.iter_mut().filter_map(|one| one.detail.as_mut()) {
                if named_by != json!([]) {
                    detail["guards"] = named_by.clone();
                }
            }
            refusals
        } else {
            let in_use = plan.in_use().map(|(subject, usage)| {
                let mut detail = json!({"services": usage.named()});
                if !usage.guards.is_empty() {
                    detail["guards"] = named_by([usage].into_iter());
                }
                if usage.is_more_than_named() {
                    detail["used_by"] = usage.services.into();
                }
                Refused {
                    subject: Some(subject.id().to_string()),
                    detail: Some(detail),
                }
            });
            in_use.collect()
        };
        Some((verdict, refusals))
    }

    /// Records a refusal at once.
    pub(super) fn record_refusals<T: Target>(&self, plan: &Plan<T>, error: &Error) {
        if let Some((verdict, refusals)) = self.refusals(plan, error) {
            let action = T::action(self.options.deed);
            self.context.record_refusals(action, verdict, refusals);
        }
    }

    /// Records a refusal with the change under way.
    pub(super) fn refuse<T: Target>(&self, change: &Change<'_>, plan: &Plan<T>, error: &Error) {
        if let Some((verdict, refusals)) = self.refusals(plan, error) {
            for refusal in refusals {
                change.refuse(T::action(self.options.deed), verdict, refusal);
            }
        }
    }
}

/// The guards that know of a use, each once; the audit trail keeps no more of what they say.
fn named_by<'a>(usages: impl Iterator<Item = &'a Usage>) -> Value {
    let guards: BTreeSet<_> = usages
        .flat_map(|usage| &usage.guards)
        .map(|found| bounded(&found.guard))
        .collect();
    guards.into_iter().take(Usage::NAMED).collect()
}

/// What the audit trail keeps of an attempt on these ids: the only one as its subject, several in
/// its detail.
pub(super) fn recorded<'a>(ids: &[&'a str]) -> (Option<&'a str>, Option<Value>) {
    match ids {
        [] => (None, None),
        [only] => (Some(only), None),
        ids => {
            let named = &ids[..ids.len().min(RECORDED)];
            (None, Some(json!({"count": ids.len(), "ids": named})))
        }
    }
}
