//! Turning values of the model into bytes.
//!
//! A list is a run of records with the same columns; [`Rows`] writes it in any [`Format`], one
//! record after the other, so that memory does not grow with the list.

mod checklist;
mod column;
mod details;
mod events;
mod fate;
mod impact;
mod json;
mod mermaid;
mod plain;
mod record;
mod references;
mod rows;
mod shape;
mod table;
mod transfer;
mod visible;

pub use checklist::{Finding, Health, checklist};
pub use column::{Column, Constant, Content, Record, Value, column};
pub use details::{
    guard_table, usage_table, write_audit_entry, write_connector, write_connector_page,
    write_service, write_way,
};
pub use events::EventLine;
pub use fate::{Gone, ImportRow};
pub use impact::{ImpactJson, write_impact};
pub use mermaid::Mermaid;
pub use record::{
    ActionEntry, ChainHead, GoneRow, GrantEntry, MoveRow, PolicyState, RecipientEntry, SecretEntry,
};
pub use references::{EachReference, Visit};
pub use rows::Rows;
pub use shape::{Shape, Wanted, WrongColumn};
pub use table::{Closing, layout};
pub use transfer::Transfer;
pub use visible::{Syntax, Visible};

use clap::ValueEnum;

use crate::model::Time;

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
    /// Whether headers and what matters are set off by colour.
    pub color: bool,
    /// The columns of the terminal, if it is one: JSON is indented and tables keep to them.
    pub terminal_width: Option<usize>,
    /// Whether tables are as wide as what stands in them, also on a terminal.
    pub wide: bool,
    /// Whether somebody is told what a table leaves out because all of its rows have it in common.
    pub says_closing: bool,
    /// The present, if dates of this year may be shown without the year.
    pub now: Option<Time>,
    /// Whether ids end in NUL instead of a line end.
    pub null_separated: bool,
}

impl Style {
    /// The columns that a table keeps to, if it must.
    pub fn table_width(self) -> Option<usize> {
        self.terminal_width.filter(|_| !self.wide)
    }

    /// A heading or the name of a field, set off where there is colour.
    fn heading(self, name: &str) -> String {
        let heading = console::style(name).bold();
        heading.force_styling(self.color).to_string()
    }

    /// The year in which dates need none, or nothing.
    fn year(self) -> String {
        let now = self.now.map(|now| now.to_string());
        now.and_then(|now| Some(now.get(..4)?.to_owned()))
            .unwrap_or_default()
    }
}
