//! Workflow actions.
//!
//! What is not understood is an error, wherever it stands: an action with a condition that is
//! ignored would delete what it was meant to keep.

use crate::model::text;
use crate::model::tree::{Error, Tree};

/// One action of a workflow, with its tokens not filled in yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowAction {
    /// What it does.
    pub kind: ActionKind,
    /// What people say it does.
    pub description: Option<String>,
}

/// What an action does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionKind {
    /// Deletes a connector.
    DeleteEntry {
        /// Its id, which may hold tokens.
        entry_id: String,
    },
}

/// The name of the action that deletes a connector.
pub const DELETE_ENTRY: &str = "CredStore.DeleteEntry";

/// Reads one action, or a list of them.
///
/// # Errors
/// What is wrong, with the place of the action where it is known.
pub fn read_actions(content: &str) -> Result<Vec<WorkflowAction>, String> {
    let wrong = |error: Error| {
        let (line, _) = error.place(content);
        if error.is_syntax() {
            format!("line {line}: {error}")
        } else {
            error.to_string()
        }
    };
    let tree = Tree::from_json(content).map_err(wrong)?;
    if !tree.is_list() {
        return Ok(vec![read_action(tree).map_err(wrong)?]);
    }
    let actions = tree.into_list("a list of actions").map_err(wrong)?;
    let numbered = actions.into_iter().enumerate();
    numbered
        .map(|(index, action)| {
            read_action(action).map_err(|error| format!("action {}: {error}", index + 1))
        })
        .collect()
}

fn read_action(tree: Tree) -> Result<WorkflowAction, Error> {
    let mut action_type = None;
    let mut parameters = None;
    let mut description = None;
    for (key, value) in tree.into_table("an action, which is a JSON object")? {
        let slot = match key.as_str() {
            "ActionType" => &mut action_type,
            "Parameters" => &mut parameters,
            "Description" => &mut description,
            _ => {
                return Err(Error::unknown(
                    &key,
                    &["ActionType", "Parameters", "Description"],
                ));
            }
        };
        *slot = Some(value);
    }
    let action_type = action_type.ok_or_else(|| Error::missing("ActionType"))?;
    let action_type: String = action_type.read().map_err(|e| e.under("ActionType"))?;
    let parameters = parameters.ok_or_else(|| Error::missing("Parameters"))?;
    if action_type != DELETE_ENTRY {
        return Err(Error::new(format!(
            "{} is not known; known is {DELETE_ENTRY}",
            text::Quoted::from(action_type.as_str())
        ))
        .under("ActionType"));
    }
    let entry_id = read_entry_id(parameters).map_err(|error| error.under("Parameters"))?;
    Ok(WorkflowAction {
        kind: ActionKind::DeleteEntry { entry_id },
        description: match description {
            Some(description) => description.read().map_err(|e| e.under("Description"))?,
            None => None,
        },
    })
}

fn read_entry_id(parameters: Tree) -> Result<String, Error> {
    let mut entry_id = None;
    for (key, value) in parameters.into_table("a JSON object")? {
        if key != "EntryId" {
            return Err(Error::unknown(&key, &["EntryId"]));
        }
        entry_id = Some(value);
    }
    let entry_id = entry_id.ok_or_else(|| Error::missing("EntryId"))?;
    entry_id.read().map_err(|error| error.under("EntryId"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTION: &str =
        r#"{"ActionType": "CredStore.DeleteEntry", "Parameters": {"EntryId": "[Id]"}}"#;

    #[test]
    fn one_action_or_a_list_of_them() {
        let one = read_actions(ACTION).unwrap();
        let kind = ActionKind::DeleteEntry {
            entry_id: "[Id]".to_owned(),
        };
        assert_eq!(
            one,
            [WorkflowAction {
                kind,
                description: None
            }]
        );
        assert_eq!(
            read_actions(&format!("[{ACTION}, {ACTION}]"))
                .unwrap()
                .len(),
            2
        );
        assert_eq!(read_actions("[]").unwrap(), []);
    }

    #[test]
    fn nothing_is_ignored() {
        for (text, expected) in [
            (
                r#"{"ActionType": "CredStore.DeleteEntry", "Parameters": {"EntryId": "a"}, "Condition": "x"}"#,
                "unknown field `Condition`",
            ),
            (
                r#"[{"ActionType": "CredStore.DeleteEntry", "Parameters": {"EntryId": "a", "Force": true}}]"#,
                "action 1: Parameters: unknown field `Force`",
            ),
            (
                r#"[{"ActionType": "CredStore.AddEntry", "Parameters": {}}]"#,
                "action 1: ActionType: \"CredStore.AddEntry\" is not known",
            ),
            (
                r#"{"ActionType": "CredStore.DeleteEntry"}"#,
                "missing field `Parameters`",
            ),
            (
                r#"{"ActionType": "CredStore.DeleteEntry", "Parameters": {}}"#,
                "Parameters: missing field `EntryId`",
            ),
            (
                r#"{"ActionType": "CredStore.DeleteEntry", "Parameters": {"EntryId": 5}}"#,
                "Parameters.EntryId: invalid type",
            ),
            (
                r#"{"ActionType": "a", "ActionType": "b", "Parameters": {}}"#,
                "the key \"ActionType\" is there twice",
            ),
            (
                r#"{"ActionType": "CredStore.DeleteEntry", "Parameters": {"EntryId": "a", "EntryId": "b"}}"#,
                "Parameters: the key \"EntryId\" is there twice",
            ),
            (r#""x""#, "invalid type: string \"x\", expected an action"),
            (
                r#"[["CredStore.DeleteEntry", {"EntryId": "a"}, null]]"#,
                "action 1: invalid type: list, expected an action",
            ),
            (
                r#"{"ActionType": "CredStore.DeleteEntry", "Parameters": ["a"]}"#,
                "Parameters: invalid type: list, expected a JSON object",
            ),
            ("", "line 1: EOF"),
            ("[{}", "line 1: EOF"),
        ] {
            let problem = read_actions(text).unwrap_err();
            assert!(problem.starts_with(expected), "{text}: {problem}");
        }
    }
}
