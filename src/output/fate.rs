//! What became of the records of a file.

use super::column::{Column, Content, Record, Value, hidden, json_only, listed};
use crate::model::{RecordType, Reference};

/// What became of a record of a file, or of what a mirror no longer holds.
#[derive(Debug)]
pub struct ImportRow<'a> {
    /// What it describes.
    pub record_type: RecordType,
    /// The id.
    pub id: &'a str,
    /// What became of it.
    pub outcome: &'a str,
    /// What is called otherwise than before, or was: names of fields, settings and secrets.
    pub changes: &'a [String],
    /// What is known of what goes, or stays although it is no longer in the file.
    pub gone: Option<Gone<'a>>,
}

/// What is known of what a mirror no longer holds.
#[derive(Debug)]
pub struct Gone<'a> {
    /// The name.
    pub name: String,
    /// The state that was looked at.
    pub revision: String,
    /// What stands in the way.
    pub references: Option<&'a [Reference]>,
    /// How many services that are.
    pub used_by: Option<u64>,
    /// What stands in the way beyond the store, as JSON.
    pub guards: Option<String>,
}

impl Record for ImportRow<'_> {
    const COLUMNS: &'static [Column] = &[
        listed("type", "TYPE").of(Content::Word),
        listed("id", "ID"),
        listed("outcome", "OUTCOME").of(Content::Word),
        listed("changes", "CHANGES").of(Content::Ids),
        hidden("name"),
        hidden("revision"),
        hidden("references"),
        json_only("used_by"),
        json_only("guards"),
    ];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        let gone = self.gone.as_ref();
        let changes = if self.changes.is_empty() {
            Value::Absent
        } else {
            Value::List(self.changes)
        };
        use_values(&[
            Value::Text(self.record_type.as_str()),
            Value::Text(self.id),
            Value::Text(self.outcome),
            changes,
            gone.map_or(Value::Absent, |gone| Value::Text(&gone.name)),
            gone.map_or(Value::Absent, |gone| Value::Text(&gone.revision)),
            gone.and_then(|gone| gone.references)
                .map_or(Value::Absent, Value::References),
            gone.and_then(|gone| gone.used_by)
                .map_or(Value::Absent, Value::Number),
            gone.and_then(|gone| gone.guards.as_deref())
                .map_or(Value::Absent, Value::Json),
        ])
    }
}
