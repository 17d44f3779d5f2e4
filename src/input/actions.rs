//! Workflow actions.
//!
//! What is not understood is an error, wherever it stands: an action with a condition that is
//! ignored would delete what it was meant to keep.

use serde::Deserialize;
use serde_json::value::RawValue;

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Raw<'a> {
    action_type: String,
    #[serde(borrow)]
    parameters: &'a RawValue,
    description: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct DeleteEntryParameters {
    entry_id: String,
}

/// Reads one action, or a list of them.
///
/// # Errors
/// What is wrong, with the place of the action where it is known.
pub fn read_actions(content: &str) -> Result<Vec<WorkflowAction>, String> {
    if !content.trim_start().starts_with('[') {
        let raw: &RawValue = serde_json::from_str(content).map_err(|error| error.to_string())?;
        return Ok(vec![read_action(raw)?]);
    }
    let raws: Vec<&RawValue> = serde_json::from_str(content).map_err(|error| error.to_string())?;
    let numbered = raws.into_iter().enumerate();
    numbered
        .map(|(index, raw)| {
            read_action(raw).map_err(|problem| format!("action {}: {problem}", index + 1))
        })
        .collect()
}

fn read_action(raw: &RawValue) -> Result<WorkflowAction, String> {
    // A list of values without their names would be taken as well.
    if !is_object(raw) {
        return Err("this is no action, which is a JSON object".to_owned());
    }
    let raw: Raw<'_> = serde_json::from_str(raw.get()).map_err(|error| without_place(&error))?;
    if !is_object(raw.parameters) {
        return Err("Parameters: this is no JSON object".to_owned());
    }
    let parameters = raw.parameters.get();
    let kind = match raw.action_type.as_str() {
        DELETE_ENTRY => {
            let parameters: DeleteEntryParameters = serde_json::from_str(parameters)
                .map_err(|error| format!("Parameters: {}", without_place(&error)))?;
            ActionKind::DeleteEntry {
                entry_id: parameters.entry_id,
            }
        }
        other => {
            return Err(format!(
                "ActionType: {} is not known; known is {DELETE_ENTRY}",
                crate::model::text::Quoted::from(other)
            ));
        }
    };
    Ok(WorkflowAction {
        kind,
        description: raw.description,
    })
}

fn is_object(raw: &RawValue) -> bool {
    raw.get().starts_with('{')
}

/// The place counts from the beginning of the action, which would mislead.
fn without_place(error: &serde_json::Error) -> String {
    super::json_message(error)
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
                "Parameters: invalid type",
            ),
            (
                r#"{"ActionType": "a", "ActionType": "b", "Parameters": {}}"#,
                "duplicate field `ActionType`",
            ),
            (
                r#"{"ActionType": "CredStore.DeleteEntry", "Parameters": {"EntryId": "a", "EntryId": "b"}}"#,
                "Parameters: duplicate field `EntryId`",
            ),
            (r#""x""#, "this is no action"),
            (
                r#"[["CredStore.DeleteEntry", {"EntryId": "a"}, null]]"#,
                "action 1: this is no action",
            ),
            (
                r#"{"ActionType": "CredStore.DeleteEntry", "Parameters": ["a"]}"#,
                "Parameters: this is no JSON object",
            ),
            ("", "EOF"),
            ("[{}", "EOF"),
        ] {
            let problem = read_actions(text).unwrap_err();
            assert!(problem.starts_with(expected), "{text}: {problem}");
        }
    }
}
