//! Running the actions of a workflow.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use super::deletion::{Confirmation, Deletion};
use super::tokens::{Tokens, hint};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::input::{Decision, Undecided, WorkflowAction, read_actions};
use crate::model::condition::ConditionError;
use crate::model::text::{path, visible};
use crate::model::{ConnectorId, ConnectorSubject, Environment};
use crate::output::ActionEntry;
use crate::platform;

/// The greatest size of a file with actions, in bytes: 16 MiB.
const FILE_LIMIT: usize = 16 << 20;

/// Runs the actions of a file, or of standard input for `-`: all of them or, after any problem, none.
pub fn run(
    file: &Path,
    confirmation: Confirmation<'_>,
    environment: Option<Environment>,
    tokens: &Tokens<'_>,
    context: &Context,
) -> Result<()> {
    let mut deletion = Deletion::new(context, confirmation)?;
    deletion.options.environment = environment;
    let is_stdin = file == Path::new("-");
    let name = if is_stdin {
        "standard input".to_owned()
    } else {
        path(file)
    };
    let wrong = |problem: &str| Error::usage(format!("{name}: {problem}; nothing was run"));
    let text = if is_stdin {
        deletion.reads_stdin();
        platform::read_text(io::stdin().lock(), FILE_LIMIT)
    } else {
        File::open(file).and_then(|file| platform::read_text(file, FILE_LIMIT))
    };
    let text = text.map_err(|error| wrong(&error.to_string()).caused_by(error))?;
    let actions = read_actions(&text).map_err(|problem| wrong(&problem))?;
    let decided = Decided::new(&actions, tokens).map_err(|(number, problem)| {
        let error = wrong(&format!("action {number}: {problem}"));
        match &problem {
            Undecided::Condition(ConditionError::Token(token)) | Undecided::Tokens(token) => {
                error.hint(hint(token))
            }
            Undecided::Condition(_) | Undecided::Id(_) => error,
        }
    })?;
    tokens.check_used("nothing was run")?;
    deletion.nothing = if actions.is_empty() {
        "There are no actions; nothing was run."
    } else {
        "No action runs; nothing was deleted."
    };
    deletion.notes = decided.notes;
    deletion.actions = decided.entries;
    deletion.grounds = decided.grounds;
    deletion.named = decided.ids.iter().map(ToString::to_string).collect();
    deletion.of::<ConnectorSubject>(&|snapshot| Ok(snapshot.plan_connectors(decided.ids.clone())?))
}

/// What the actions of a file come to, before anything is looked up.
struct Decided {
    /// What they delete, each once.
    ids: Vec<ConnectorId>,
    /// What a person should know.
    notes: Vec<String>,
    /// The actions that depend on something.
    entries: Vec<ActionEntry>,
    /// What the trail is to say of why an id goes.
    grounds: BTreeMap<String, Value>,
}

impl Decided {
    /// Decides about each action; the error has the number of the first one about which nobody can.
    fn new(actions: &[WorkflowAction], tokens: &Tokens<'_>) -> Result<Self, (usize, Undecided)> {
        let mut decided = Self {
            ids: Vec::new(),
            notes: Vec::new(),
            entries: Vec::new(),
            grounds: BTreeMap::new(),
        };
        let mut runs: HashMap<ConnectorId, usize> = HashMap::new();
        let mut skipped = Vec::new();
        for (number, action) in (1..).zip(actions) {
            // One that does not run names its tokens all the same.
            action.tokens().for_each(|name| tokens.mention(name));
            let decision = action.decide(|name| tokens.value(name));
            match decision.map_err(|problem| (number, problem))? {
                Decision::Skipped => skipped.push((number, action)),
                Decision::Runs(id) => {
                    decided.take(number, action, &id);
                    runs.entry(id.clone()).or_insert_with(|| {
                        decided.ids.push(id);
                        number
                    });
                }
            }
        }
        for (number, action) in skipped {
            decided.pass_over(number, action, &runs);
        }
        decided.entries.sort_by_key(|entry| entry.number);
        Ok(decided)
    }

    /// Notes an action that runs.
    fn take(&mut self, number: usize, action: &WorkflowAction, id: &ConnectorId) {
        if let Some(description) = &action.description {
            let description = visible(description);
            self.notes
                .push(format!("action {number}, {id}: {description}"));
        }
        let Some(condition) = &action.condition else {
            return;
        };
        let condition = condition.to_string();
        let shown = visible(&condition);
        self.notes.push(format!(
            "action {number}, {id}: runs, because {shown} holds"
        ));
        let grounds = self.grounds.entry(id.to_string());
        if let Value::Array(actions) = grounds.or_insert_with(|| json!([])) {
            actions.push(json!({"action": number, "condition": condition}));
        }
        self.entries.push(ActionEntry {
            number,
            runs: true,
            entry_id: action.entry_id.written().to_owned(),
            condition: Some(condition),
        });
    }

    /// Notes an action that does not run, and whether what it names goes all the same.
    fn pass_over(
        &mut self,
        number: usize,
        action: &WorkflowAction,
        runs: &HashMap<ConnectorId, usize>,
    ) {
        let condition = action.condition.as_ref().map(ToString::to_string);
        let why = match &condition {
            Some(condition) if !action.is_removed => {
                format!("{} does not hold", visible(condition))
            }
            _ => "IsDeleted is true".to_owned(),
        };
        let entry_id = action.entry_id.written();
        let other = entry_id.parse().ok().and_then(|id| runs.get(&id));
        let what = match other {
            Some(other) => format!("; {entry_id} goes all the same, because action {other} runs"),
            None if action.entry_id.names().next().is_some() => {
                format!("; its EntryId {} is not filled in", visible(entry_id))
            }
            None => String::new(),
        };
        self.notes
            .push(format!("action {number} does not run, because {why}{what}"));
        self.entries.push(ActionEntry {
            number,
            runs: false,
            entry_id: entry_id.to_owned(),
            condition: condition.filter(|_| !action.is_removed),
        });
    }
}
