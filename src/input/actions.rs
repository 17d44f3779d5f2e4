//! Workflow actions.
//!
//! A file is taken as the platform writes it: what only its editor needs is passed over. Anything
//! else that is not understood is an error, wherever it stands: an action with a condition that is
//! ignored would delete what it was meant to keep.

use crate::model::condition::{Condition, ConditionError};
use crate::model::token::{Template, TokenError};
use crate::model::tree::{Error, Tree};
use crate::model::{ConnectorId, InvalidId, text};

/// One action of a workflow, with its tokens not filled in yet: it deletes a connector.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkflowAction {
    /// The id of what it deletes.
    pub entry_id: Template,
    /// What must hold for it to run.
    pub condition: Option<Condition>,
    /// What people say it does.
    pub description: Option<String>,
    /// Whether it was taken out of the workflow and only stands there still. Nothing else about it
    /// need be right.
    pub is_removed: bool,
}

/// What an action comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It deletes this connector.
    Runs(ConnectorId),
    /// It does nothing.
    Skipped,
}

/// Why nobody can say what an action comes to.
#[derive(Debug, thiserror::Error)]
pub enum Undecided {
    /// Its condition.
    #[error("Condition: {0}")]
    Condition(#[from] ConditionError),
    /// The tokens in its id.
    #[error("EntryId: {0}")]
    Tokens(#[from] TokenError),
    /// Its id.
    #[error("EntryId: {0}")]
    Id(#[from] InvalidId),
}

impl WorkflowAction {
    /// What it comes to, with what its tokens stand for. The id of an action that does not run is
    /// not filled in.
    ///
    /// # Errors
    /// When nobody can say.
    pub fn decide(&self, value: impl Fn(&str) -> Option<String>) -> Result<Decision, Undecided> {
        if self.is_removed {
            return Ok(Decision::Skipped);
        }
        if let Some(condition) = &self.condition
            && !condition.holds(&value)?
        {
            return Ok(Decision::Skipped);
        }
        Ok(Decision::Runs(self.entry_id.fill_in(&value)?.parse()?))
    }

    /// The names of all its tokens.
    pub fn tokens(&self) -> impl Iterator<Item = &str> {
        let condition = self.condition.as_ref().map(Condition::token);
        condition.into_iter().chain(self.entry_id.names())
    }
}

/// The name of the action that deletes a connector.
pub const DELETE_ENTRY: &str = "CredStore.DeleteEntry";

/// The fields of an action that mean something here; the others are those of the platform's editor.
const FIELDS: &[&str] = &[
    "ActionType",
    "Parameters",
    "Description",
    "Condition",
    "IsDeleted",
];

/// Whether a field is only for the platform's editor and changes nothing of what an action does.
fn is_inert(key: &str) -> bool {
    matches!(key, "Id" | "Title" | "EventName" | "Definition") || key.starts_with("$_")
}

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
    let mut fields = [const { None }; FIELDS.len()];
    for (key, value) in tree.into_table("an action, which is a JSON object")? {
        match FIELDS.iter().position(|field| *field == key) {
            Some(index) => fields[index] = Some(value),
            None if is_inert(&key) => {}
            None => return Err(Error::unknown(&key, FIELDS)),
        }
    }
    let [action_type, parameters, description, condition, is_removed] = fields;
    let is_removed = match is_removed {
        Some(is_removed) => is_removed.read().map_err(|e| e.under("IsDeleted"))?,
        None => false,
    };
    if is_removed {
        // What it would have done is of interest only for the tokens that it names.
        let entry_id = parameters.map(read_entry_id).and_then(Result::ok);
        return Ok(WorkflowAction {
            entry_id: entry_id.unwrap_or_default(),
            condition: condition.map(read_condition).and_then(Result::ok).flatten(),
            description: None,
            is_removed,
        });
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
    Ok(WorkflowAction {
        entry_id: read_entry_id(parameters).map_err(|error| error.under("Parameters"))?,
        condition: match condition {
            Some(condition) => read_condition(condition).map_err(|e| e.under("Condition"))?,
            None => None,
        },
        description: match description {
            Some(description) => description.read().map_err(|e| e.under("Description"))?,
            None => None,
        },
        is_removed,
    })
}

/// The condition; none is written as null or an empty text.
fn read_condition(tree: Tree) -> Result<Option<Condition>, Error> {
    let condition: Option<String> = tree.read()?;
    condition
        .filter(|text| !text.is_empty())
        .map(|text| Condition::parse(&text).map_err(Error::new))
        .transpose()
}

fn read_entry_id(parameters: Tree) -> Result<Template, Error> {
    let mut entry_id = None;
    for (key, value) in parameters.into_table("a JSON object")? {
        if key != "EntryId" {
            return Err(Error::unknown(&key, &["EntryId"]));
        }
        entry_id = Some(value);
    }
    let entry_id = entry_id.ok_or_else(|| Error::missing("EntryId"))?;
    let read = || {
        let text: String = unwrapped(entry_id)?.read()?;
        Template::parse(&text).map_err(Error::new)
    };
    read().map_err(|error| error.under("EntryId"))
}

/// The value of a parameter, which may stand in an object that says that it is no expression.
fn unwrapped(parameter: Tree) -> Result<Tree, Error> {
    const FIELDS: &[&str] = &["Value", "IsExpression", "Expression", "Parameters"];
    if !parameter.is_table() {
        return Ok(parameter);
    }
    let mut fields = [const { None }; FIELDS.len()];
    for (key, value) in parameter.into_table("a parameter")? {
        match FIELDS.iter().position(|field| *field == key) {
            Some(index) => fields[index] = Some(value),
            None => return Err(Error::unknown(&key, FIELDS)),
        }
    }
    let [value, is_expression, expression, parameters] = fields;
    let is_expression = is_expression.ok_or_else(|| Error::missing("IsExpression"))?;
    let is_expression: bool = is_expression.read().map_err(|e| e.under("IsExpression"))?;
    let expression: Option<String> = match expression {
        Some(expression) => expression.read().map_err(|e| e.under("Expression"))?,
        None => None,
    };
    if is_expression || expression.is_some_and(|text| !text.is_empty()) {
        return Err(Error::new("an expression is never evaluated; give a Value"));
    }
    // What an expression would be given.
    let is_given_something = match parameters {
        Some(parameters) if parameters.is_table() => {
            !parameters.into_table("a JSON object")?.is_empty()
        }
        Some(parameters) => parameters.read::<Option<String>>()?.is_some(),
        None => false,
    };
    if is_given_something {
        return Err(Error::new("a parameter is given nothing here").under("Parameters"));
    }
    value.ok_or_else(|| Error::missing("Value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTION: &str =
        r#"{"ActionType": "CredStore.DeleteEntry", "Parameters": {"EntryId": "[Id]"}}"#;

    #[test]
    fn one_action_or_a_list_of_them() {
        let one = read_actions(ACTION).unwrap();
        let expected = WorkflowAction {
            entry_id: Template::parse("[Id]").unwrap(),
            ..WorkflowAction::default()
        };
        assert_eq!(one, [expected]);
        assert_eq!(
            read_actions(&format!("[{ACTION}, {ACTION}]"))
                .unwrap()
                .len(),
            2
        );
        assert_eq!(read_actions("[]").unwrap(), []);
    }

    /// What the action comes to that has these fields more and this id.
    fn decided(fields: &str, entry_id: &str) -> Result<Decision, String> {
        let text = format!(
            r#"{{"ActionType": "CredStore.DeleteEntry", {fields} "Parameters": {{"EntryId": {entry_id}}}}}"#
        );
        let actions = read_actions(&text)?;
        let value = |name: &str| match name {
            "Id" => Some("a".to_owned()),
            "Stage" => Some("prod".to_owned()),
            _ => None,
        };
        actions[0].decide(value).map_err(|error| error.to_string())
    }

    #[test]
    fn files_are_taken_as_the_platform_writes_them() {
        let runs = Ok(Decision::Runs("a".parse().unwrap()));
        for fields in [
            "",
            r#""Id": -1, "Title": "Delete", "EventName": null,"#,
            r#""$_uid": "action15", "$_isOpen": true, "Description": null, "Condition": null,"#,
            r#""Condition": "", "IsDeleted": false, "Definition": {"Settings": {}},"#,
            r#""Condition": "[Stage] == \"prod\"","#,
        ] {
            assert_eq!(decided(fields, r#""[Id]""#), runs, "{fields}");
        }
        for entry_id in [
            r#""a""#,
            r#"{"Value": "[Id]", "IsExpression": false}"#,
            r#"{"Expression": "", "Value": "a", "IsExpression": false, "Parameters": {}}"#,
            r#"{"Expression": null, "Value": "a", "IsExpression": false, "Parameters": null}"#,
        ] {
            assert_eq!(decided("", entry_id), runs, "{entry_id}");
        }
        for fields in [
            r#""IsDeleted": true,"#,
            r#""IsDeleted": true, "Condition": "whatever()","#,
            r#""Condition": "[Stage] != \"prod\"","#,
        ] {
            // The id of what does not run is not filled in.
            let skipped = decided(fields, r#""[Unknown]""#);
            assert_eq!(skipped, Ok(Decision::Skipped), "{fields}");
        }
        let removed = r#"{"ActionType": "SendMail", "IsDeleted": true}"#;
        assert!(read_actions(removed).unwrap()[0].is_removed);
    }

    #[test]
    fn what_is_not_known_refuses_the_file() {
        for (fields, entry_id, expected) in [
            (
                r#""Condition": "true","#,
                r#""a""#,
                "Condition: \"true\" is no condition",
            ),
            (
                r#""Condition": " ","#,
                r#""a""#,
                "Condition: \" \" is no condition",
            ),
            (
                r#""Condition": false,"#,
                r#""a""#,
                "Condition: invalid type",
            ),
            (
                r#""Condition": "[No]","#,
                r#""a""#,
                "Condition: the token [No] has no",
            ),
            (
                r#""Condition": "[Id]","#,
                r#""a""#,
                "Condition: the token [Id] is neither",
            ),
            (r#""IsDeleted": null,"#, r#""a""#, "IsDeleted: invalid type"),
            (
                r#""IsDeleted": "true","#,
                r#""a""#,
                "IsDeleted: invalid type",
            ),
            (
                r#""isDeleted": true,"#,
                r#""a""#,
                "unknown field `isDeleted`",
            ),
            (
                r#""IsDeleted": true, "Wait": 1,"#,
                r#""a""#,
                "unknown field `Wait`",
            ),
            ("", r#""[No]""#, "EntryId: the token [No] has no value"),
            (
                "",
                r#""[Id""#,
                "Parameters.EntryId: \"[Id\" holds a bracket",
            ),
            (
                "",
                r#"{"Value": "a", "IsExpression": true}"#,
                "Parameters.EntryId: an expression is never evaluated",
            ),
            (
                "",
                r#"{"Value": "a", "IsExpression": false, "Expression": "1"}"#,
                "Parameters.EntryId: an expression is never evaluated",
            ),
            (
                "",
                r#"{"Value": "a"}"#,
                "Parameters.EntryId: missing field `IsExpression`",
            ),
            (
                "",
                r#"{"IsExpression": false}"#,
                "Parameters.EntryId: missing field `Value`",
            ),
            (
                "",
                r#"{"Value": "a", "IsExpression": false, "Parameters": {"x": 1}}"#,
                "Parameters.EntryId.Parameters: ",
            ),
            (
                "",
                r#"{"Value": "a", "IsExpression": false, "Default": "b"}"#,
                "Parameters.EntryId: unknown field `Default`",
            ),
            (
                "",
                r#"{"Value": {"Value": "a", "IsExpression": false}, "IsExpression": false}"#,
                "Parameters.EntryId: invalid type",
            ),
        ] {
            let problem = decided(fields, entry_id).unwrap_err();
            assert!(
                problem.starts_with(expected),
                "{fields} {entry_id}: {problem}"
            );
        }
    }

    #[test]
    fn nothing_is_ignored() {
        for (text, expected) in [
            (
                r#"{"ActionType": "CredStore.DeleteEntry", "Parameters": {"EntryId": "a"}, "OnError": "x"}"#,
                "unknown field `OnError`",
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
