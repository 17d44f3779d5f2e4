//! Plans of a deletion: what a dry run wrote, for whoever reviews it.

use std::collections::HashMap;
use std::hash::Hash;
use std::path::Path;
use std::str::FromStr;

use super::super::{plan_file, replace};
use crate::error::{Error, Kind, Result};
use crate::model::tree::{self, Tree};
use crate::model::{Deed, InvalidId, Replacement, Revision, Row, Subject, text};
use crate::output::{Record, Value};

/// What was planned for one id that is to be deleted.
pub(super) struct Planned {
    revision: Revision,
    /// What else the plan says of it, by the names of the columns.
    fields: Vec<(&'static str, String)>,
}

impl Planned {
    /// Whether what is there now is what the plan says: its revision, its name, its environment.
    pub(super) fn is_still<S: Subject>(&self, subject: &S) -> bool
    where
        for<'a> Row<'a, S>: Record,
    {
        let row = Row::of(subject);
        let holds = |(key, planned): &(&str, String)| {
            row.with_values(|values| {
                let columns = Row::<S>::COLUMNS.iter().zip(values);
                let mut found = columns.filter(|(column, _)| column.key == Some(key));
                found.all(|(_, value)| match value {
                    Value::Text(text) => text == planned,
                    Value::Bool(value) => value.to_string() == *planned,
                    Value::Number(number) => number.to_string() == *planned,
                    Value::Absent | Value::Null => false,
                    _ => true,
                })
            })
        };
        subject.revision() == self.revision && self.fields.iter().all(holds)
    }
}

/// What a plan would do.
pub(super) struct Deletions<I> {
    /// What would go, in the order of the plan, with what it says of each.
    pub(super) ids: Vec<(I, Planned)>,
    /// What would change first, so that it can go.
    pub(super) moved: Vec<Replacement>,
}

/// Reads a plan: the output of a dry run as JSON or NDJSON.
pub(super) fn read<S: Subject<Id: FromStr<Err = InvalidId> + Hash>>(
    path: &Path,
    deed: Deed,
) -> Result<Deletions<S::Id>>
where
    for<'a> Row<'a, S>: Record,
{
    let name = plan_file::name(path);
    let (verb, done) = (deed.verb(), deed.done());
    let wrong = |message: &str| {
        Error::usage(format!("{name}: {message}; nothing was {done}")).hint(format!(
            "a plan is what \"connctl {verb} --dry-run -o json\" writes"
        ))
    };
    let contradictory = |message: &str| {
        let message = format!("{name}: {message}; nothing was {done}");
        Error::new(Kind::Changed, message)
            .hint("plan again, and change nothing in what the dry run writes")
    };
    let mut outcomes: HashMap<S::Id, String> = HashMap::new();
    let mut ids = Vec::new();
    let mut is_empty = true;
    let mut moved = replace::plan::Gathered::default();
    plan_file::each(path, &wrong, &mut |number, tree| {
        is_empty = false;
        if deed == Deed::Delete && is_move::<S>(&tree) {
            let one = tree.read::<replace::plan::Planned>();
            let one = one.map_err(|error| wrong(&format!("row {number}: {error}")))?;
            let one = one.into_replacement().map_err(|message| wrong(&message))?;
            return moved.add(one).map_err(|message| contradictory(&message));
        }
        let row = read_row::<S>(tree);
        let row = row.map_err(|error| wrong(&format!("row {number}: {error}")))?;
        let Some(PlannedRow {
            id,
            outcome,
            revision,
            fields,
            keeps,
        }) = row
        else {
            return Ok(());
        };
        let planned = outcome == deed.planned().as_str();
        match outcome.as_str() {
            _ if planned => {}
            // What was to stay stays.
            "in_use" | "not_found" | "skipped" | "protected" | "on_trial" => {}
            "kept" => return Err(wrong("this plan was refused")),
            "would_delete" => return Err(wrong("this is a plan to delete")),
            "would_retire" => return Err(wrong("this is a plan to retire")),
            "deleted" => return Err(wrong("this is the report of a deletion, not a plan")),
            "retired" => return Err(wrong("this is a report, not a plan")),
            other => {
                let other = text::Quoted::from(other);
                return Err(wrong(&format!(
                    "{id} has the outcome {other}, which is not known"
                )));
            }
        }
        if let Some(other) = outcomes.get(&id) {
            return Err(contradictory(&if *other == outcome {
                format!("{id} stands in it twice")
            } else {
                format!("it says both {other} and {outcome} of {id}")
            }));
        }
        if planned {
            if let Some(keeps) = keeps {
                let message = format!("it says {outcome} of {id}, and in {keeps} what keeps it");
                return Err(contradictory(&message));
            }
            let revision = revision.and_then(|text| text.parse().ok());
            let revision = revision.ok_or_else(|| wrong(&format!("{id} has no revision")))?;
            ids.push((id.clone(), Planned { revision, fields }));
        }
        outcomes.insert(id, outcome);
        Ok(())
    })?;
    let moved = moved.finish().map_err(|message| contradictory(&message))?;
    if ids.is_empty() && !moved.is_empty() {
        return Err(wrong("this is a plan to replace"));
    }
    let going: HashMap<&str, &Revision> = ids
        .iter()
        .map(|(id, planned)| (id.as_ref(), &planned.revision))
        .collect();
    let stays = |one: &&Replacement| going.get(one.from.id.as_str()) != Some(&&one.from.revision);
    if let Some(one) = moved.iter().find(stays) {
        let message = format!("{} gives way in it and does not go", one.from.id);
        return Err(contradictory(&message));
    }
    if ids.is_empty() && !is_empty {
        let message = format!("none of what it names was to be {done}");
        return Err(wrong(&message));
    }
    Ok(Deletions { ids, moved })
}

/// Whether a row is about a service that refers to another connector first, so that one can go.
fn is_move<S: Subject>(tree: &Tree) -> bool {
    S::NOUN == "connector" && tree.get("type").and_then(Tree::as_str) == Some("service")
}

/// What a plan says of one id.
struct PlannedRow<I> {
    id: I,
    outcome: String,
    revision: Option<String>,
    fields: Vec<(&'static str, String)>,
    /// Where it says why the thing would stay.
    keeps: Option<&'static str>,
}

/// What a row says; `None` if it is about an action of a workflow and not about an id.
fn read_row<S: Subject<Id: FromStr<Err = InvalidId>>>(
    tree: Tree,
) -> std::result::Result<Option<PlannedRow<S::Id>>, tree::Error>
where
    for<'a> Row<'a, S>: Record,
{
    let (mut id, mut outcome, mut revision) = (None, None, None);
    let mut fields = Vec::new();
    let mut keeps = None;
    let mut is_action = false;
    for (key, value) in tree.into_table("what a dry run says of an id")? {
        let read = |value: Tree| value.read::<String>().map_err(|error| error.under(&key));
        match key.as_str() {
            "type" => match read(value)?.as_str() {
                "action" => is_action = true,
                noun if noun == S::NOUN => {}
                other => {
                    let other = text::Quoted::from(other);
                    let message = format!("{other} is not {}", S::NOUN);
                    return Err(tree::Error::new(message).under(&key));
                }
            },
            "id" => id = Some(read(value)?),
            "outcome" => outcome = Some(read(value)?),
            "revision" => revision = Some(read(value)?),
            "references" if !value.is_empty() => keeps = Some("references"),
            "guards" if !value.is_empty() => keeps = Some("guards"),
            "references" | "guards" => {}
            "protected" => {
                let value = value.into_plain().map_err(|error| error.under(&key))?;
                if value != "false" {
                    keeps = Some("protected");
                }
            }
            _ => {
                let keys = Row::<S>::COLUMNS.iter().filter_map(|column| column.key);
                if let Some(known) = keys.into_iter().find(|known| *known == key) {
                    let value = value.into_plain().map_err(|error| error.under(&key))?;
                    fields.push((known, value));
                }
            }
        }
    }
    if is_action {
        return Ok(None);
    }
    let id = id.ok_or_else(|| tree::Error::missing("id"))?;
    Ok(Some(PlannedRow {
        id: id.parse().map_err(tree::Error::new)?,
        outcome: outcome.ok_or_else(|| tree::Error::missing("outcome"))?,
        revision,
        fields,
        keeps,
    }))
}
