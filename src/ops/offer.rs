//! What is offered to whoever types the beginning of a word: never a value, and nothing that takes
//! long to find.

use std::ops::ControlFlow;

use crate::context::Context;
use crate::error::Result;
use crate::model::{ConnectorId, Environment, ServiceId, text};
use crate::store::{OfferedConnector, OfferedService, Shared, Snapshot, Stretch};

/// How many values are offered at most: more than these, and a shell asks before it shows them.
const SHOWN: usize = 100;

/// How many rows of a table are looked at from its first that fits on, at most.
const ROWS: u32 = 2_000;

/// How many are looked at from its last one back, where the first ones were not all.
const LAST_ROWS: u32 = 1_000;

/// How much is said of a value, in columns.
const ABOUT: usize = 60;

/// What a word may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// A connector.
    Connectors(Standing),
    /// A service, of these alone that are active or inactive.
    Services(Option<bool>),
    /// What connectors have in common.
    Shared(Shared),
    /// A secret of the connector that was named before.
    Secrets,
    /// A setting of that connector.
    Settings,
    /// A user with a role of their own.
    Users,
    /// A public key.
    Recipients,
}

/// Which connectors are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// All.
    Any,
    /// Those that can be deleted: not in use, and not protected.
    Free,
    /// Those that are protected, or those that are not.
    Protected(bool),
    /// Those on trial.
    OnTrial,
}

/// What was typed before the word.
#[derive(Debug, Default)]
pub struct Before {
    /// The connector that the command is about.
    pub connector: Option<ConnectorId>,
    /// The one environment that the command touches.
    pub environment: Option<Environment>,
}

/// A value, and what to know of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Value {
    /// The value.
    pub value: String,
    /// In a few words, which may be none.
    pub about: String,
}

impl Value {
    /// A value and what to know of it, as far as that is a line that can be shown.
    pub fn new(value: &str, about: &str) -> Self {
        Self {
            value: value.to_owned(),
            about: text::cut(&text::visible(about), ABOUT).into_owned(),
        }
    }
}

/// The values that begin as typed, by name; none where there is no store.
pub fn values(context: &Context, offer: Offer, typed: &str, before: &Before) -> Result<Vec<Value>> {
    let Some(store) = context.open_to_glance()? else {
        return Ok(Vec::new());
    };
    let snapshot = store.read()?;
    let all: Vec<Value> = match offer {
        Offer::Connectors(standing) => return connectors(&snapshot, standing, typed, before),
        Offer::Services(active) => return services(&snapshot, active, typed),
        Offer::Shared(shared) => {
            let found = snapshot.offer_shared(shared, ROWS)?;
            found.iter().map(|value| Value::new(value, "")).collect()
        }
        Offer::Secrets => match &before.connector {
            Some(id) => {
                let names = snapshot.secret_names(id)?;
                let names = names.iter().map(|name| Value::new(name.as_str(), ""));
                names.collect()
            }
            None => Vec::new(),
        },
        Offer::Settings => match &before.connector {
            Some(id) => {
                let connector = snapshot.connector(id)?;
                let keys = connector
                    .iter()
                    .flat_map(|connector| connector.settings.0.keys());
                keys.map(|key| Value::new(key, "")).collect()
            }
            None => Vec::new(),
        },
        Offer::Users => {
            let grants = snapshot.grants()?;
            let grants = grants.iter();
            grants
                .map(|grant| Value::new(grant.user.as_str(), grant.role.as_str()))
                .collect()
        }
        Offer::Recipients => {
            let recipients = snapshot.recipients()?;
            let recipients = recipients.iter();
            recipients
                .map(|one| Value::new(&one.key, one.comment.as_deref().unwrap_or_default()))
                .collect()
        }
    };
    let fits = |value: &Value| value.value.starts_with(typed);
    Ok(all.into_iter().filter(fits).take(SHOWN).collect())
}

fn connectors(
    snapshot: &Snapshot<'_>,
    standing: Standing,
    typed: &str,
    before: &Before,
) -> Result<Vec<Value>> {
    both_ends(typed, |stretch, most| {
        let mut found = Vec::new();
        let looked_at = snapshot.offer_connectors(stretch, |connector| {
            let is_touched = before
                .environment
                .is_none_or(|environment| environment.as_str() == connector.environment);
            let is_id = connector.id.parse::<ConnectorId>().is_ok();
            if is_touched && is_id && standing.holds(connector) {
                found.push(Value::new(connector.id, &about_connector(connector)));
            }
            goes_on(&found, most)
        })?;
        Ok((found, looked_at))
    })
}

fn services(snapshot: &Snapshot<'_>, active: Option<bool>, typed: &str) -> Result<Vec<Value>> {
    both_ends(typed, |stretch, most| {
        let mut found = Vec::new();
        let looked_at = snapshot.offer_services(stretch, |service| {
            let is_id = service.id.parse::<ServiceId>().is_ok();
            if is_id && active.is_none_or(|active| active == service.active) {
                found.push(Value::new(service.id, &about_service(service)));
            }
            goes_on(&found, most)
        })?;
        Ok((found, looked_at))
    })
}

impl Standing {
    fn holds(self, connector: &OfferedConnector<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::Free => !connector.in_use && !connector.protected,
            Self::Protected(protected) => connector.protected == protected,
            Self::OnTrial => connector.on_trial,
        }
    }
}

fn about_connector(connector: &OfferedConnector<'_>) -> String {
    let use_of = if connector.in_use { "in use" } else { "unused" };
    let mut about = format!("{}, {}, {use_of}", connector.system, connector.environment);
    for (holds, word) in [
        (connector.protected, ", protected"),
        (connector.on_trial, ", on trial"),
    ] {
        if holds {
            about.push_str(word);
        }
    }
    about
}

fn about_service(service: &OfferedService<'_>) -> String {
    let status = if service.active { "active" } else { "inactive" };
    format!("{status}, {}", service.name)
}

fn goes_on(found: &[Value], most: usize) -> ControlFlow<()> {
    if found.len() < most {
        ControlFlow::Continue(())
    } else {
        ControlFlow::Break(())
    }
}

/// The first values that begin as typed and, where these are not all, the last one too: what all of
/// them have in common, which a shell fills in, is what the first and the last have in common.
///
/// `look` gives what there is of a stretch, so much of it at most, and how many rows it looked at.
fn both_ends(
    typed: &str,
    mut look: impl FnMut(Stretch<'_>, usize) -> Result<(Vec<Value>, u32)>,
) -> Result<Vec<Value>> {
    let first = Stretch {
        start: typed,
        after: "",
        backwards: false,
        rows: ROWS,
    };
    let last = Stretch {
        backwards: true,
        rows: LAST_ROWS,
        ..first
    };
    let (mut found, looked_at) = look(first, SHOWN - 1)?;
    let are_all = looked_at < ROWS && found.len() < SHOWN - 1;
    // One that stands alone would be filled in, as if there were no other.
    if !are_all && !found.is_empty() {
        let (behind, _) = look(last, 1)?;
        let end = found.last().map(|last| last.value.clone());
        found.extend(
            behind
                .into_iter()
                .filter(|one| Some(&one.value) > end.as_ref()),
        );
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found among so many rows `a0000`, `a0001`, … of which every `step`th fits.
    fn found(rows: u32, step: u32) -> Vec<String> {
        let found = both_ends("a", |stretch, most| {
            let mut numbers: Vec<u32> = (0..rows).collect();
            if stretch.backwards {
                numbers.reverse();
            }
            let (mut found, mut looked_at) = (Vec::new(), 0);
            for number in numbers.into_iter().take(stretch.rows as usize) {
                looked_at += 1;
                if number % step == 0 {
                    found.push(Value::new(&format!("a{number:05}"), ""));
                }
                if goes_on(&found, most).is_break() {
                    break;
                }
            }
            Ok((found, looked_at))
        });
        found.unwrap().into_iter().map(|one| one.value).collect()
    }

    #[test]
    fn where_there_are_too_many_the_last_one_is_offered_too() {
        assert_eq!(found(5, 1).len(), 5);
        assert_eq!(found(99, 1).len(), 99);
        let many = found(50_000, 1);
        assert_eq!(many.len(), SHOWN);
        assert_eq!(many.last().unwrap(), "a49999");
        assert_eq!(
            found(50_000, 50),
            [found(2_000, 50), vec!["a49950".into()]].concat()
        );
        assert_eq!(found(50_000, 50_000), ["a00000"]);
    }
}
