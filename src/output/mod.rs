//! Turning values of the model into bytes.
//!
//! A list is a run of records with the same columns; [`Rows`] writes it in any [`Format`], one
//! record after the other, so that memory does not grow with the list.

mod checklist;
mod details;
mod json;
mod plain;
mod record;
mod rows;
mod table;
mod transfer;
mod visible;

pub use checklist::checklist;
pub use details::{usage_table, write_audit_entry, write_connector, write_service};
pub use record::{
    ActionEntry, ChainHead, Column, Finding, GoneRow, GrantEntry, Health, MoveRow, PolicyState,
    RecipientEntry, Record, SecretEntry, Value,
};
pub use rows::Rows;
pub use table::{layout, layout_within};
pub use transfer::Transfer;
pub use visible::{Syntax, Visible};

use clap::ValueEnum;

/// How a command writes its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Columns for people
    Table,
    /// One JSON array or object
    Json,
    /// One JSON object a line
    Ndjson,
    /// Comma-separated values with a header (RFC 4180)
    Csv,
    /// Tab-separated values with a header
    Tsv,
    /// One id a line
    Ids,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] = [
        Self::Table,
        Self::Json,
        Self::Ndjson,
        Self::Csv,
        Self::Tsv,
        Self::Ids,
    ];

    /// The formats for a single thing.
    pub const DOCUMENT: [Self; 3] = [Self::Table, Self::Json, Self::Ndjson];

    /// What a command without data accepts: with JSON, its errors are objects.
    pub const NONE: [Self; 3] = Self::DOCUMENT;

    /// The name used in commands.
    pub fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The format of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::from_str(name, false).ok()
    }

    /// Whether errors are written as objects beside this format.
    pub fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Ndjson)
    }
}

/// What the receiver of a list is like.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Whether headers are set off by colour.
    pub color: bool,
    /// The columns of the terminal, if it is one: JSON is indented and tables are cut to them.
    pub terminal_width: Option<usize>,
    /// Whether ids end in NUL instead of a line end.
    pub null_separated: bool,
}
