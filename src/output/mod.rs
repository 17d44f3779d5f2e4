//! Turning values of the model into bytes.
//!
//! A list is a run of records with the same columns; [`Rows`] writes it in any [`Format`], one
//! record after the other, so that memory does not grow with the list.

mod details;
mod json;
mod record;
mod rows;
mod table;
mod transfer;
mod visible;

pub use details::{reference_table, write_connector, write_service};
pub use record::{
    ChainHead, Column, Finding, GrantEntry, Health, PolicyState, RecipientEntry, Record,
    SecretEntry, Value,
};
pub use rows::{Rows, Style};
pub use table::{layout, layout_within};
pub use transfer::{Transfer, TransferFormat};
pub use visible::Visible;

/// How a command writes its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
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
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Ids => "ids",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Whether errors are written as objects beside this format.
    #[must_use]
    pub fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Ndjson)
    }
}
