//! Reading a record of which something is damaged.

use std::fmt::Display;
use std::str::FromStr;

use super::engine::Row;
use super::{Error, Result};
use crate::model::{Connector, Label, Name, Revision, Service, Time};

/// Something of a record that cannot be read.
#[derive(Debug, Clone)]
pub(super) struct Damage {
    field: &'static str,
    problem: String,
}

/// A record as far as it can be read; something plain stands for the rest.
#[derive(Debug, Clone)]
pub struct Salvaged<T> {
    /// The record.
    pub record: T,
    /// What of it could not be read.
    pub(super) damage: Vec<Damage>,
}

/// What is kept as a record.
pub trait Kept {
    /// What one is called.
    const NOUN: &'static str;

    /// Its id.
    fn id(&self) -> &str;
}

impl Kept for Connector {
    const NOUN: &'static str = "connector";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl Kept for Service {
    const NOUN: &'static str = "service";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl<T: Kept> Salvaged<T> {
    /// Notes that something cannot be read.
    pub(super) fn note(&mut self, field: &'static str, problem: impl Display) {
        let problem = problem.to_string();
        self.damage.push(Damage { field, problem });
    }

    /// Whether all of it can be read.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.damage.is_empty()
    }

    /// Whether a field can be read.
    #[must_use]
    pub fn is_readable(&self, field: &str) -> bool {
        self.damage.iter().all(|damage| damage.field != field)
    }

    /// The record, unless something of it cannot be read.
    pub(super) fn whole(self) -> Result<T> {
        self.but_for(|_| false)
    }

    /// The record, unless something of it cannot be read but what is of no account.
    ///
    /// # Errors
    /// The first field that counts and cannot be read.
    pub fn but_for(self, is_of_no_account: impl Fn(&str) -> bool) -> Result<T> {
        let mut damage = self.damage.into_iter();
        match damage.find(|damage| !is_of_no_account(damage.field)) {
            None => Ok(self.record),
            Some(Damage { field, problem }) => {
                let (noun, id) = (T::NOUN, self.record.id().to_owned());
                Err(Error::UnreadableRecord {
                    noun,
                    field,
                    problem: format!("the {field} of {id}: {problem}"),
                    id,
                })
            }
        }
    }
}

/// The columns of a record, each of which may be damaged.
pub(super) struct Fields<'r> {
    row: Row<'r>,
    damage: Vec<Damage>,
}

impl<'r> Fields<'r> {
    pub(super) fn new(row: Row<'r>) -> Self {
        let damage = Vec::new();
        Self { row, damage }
    }

    /// The record that was made of the columns.
    pub(super) fn into_salvaged<T>(self, record: T) -> Salvaged<T> {
        Salvaged {
            record,
            damage: self.damage,
        }
    }

    /// What of the columns cannot be read.
    pub(super) fn into_damage(self) -> Vec<Damage> {
        self.damage
    }

    /// Notes that something cannot be read.
    pub(super) fn note(&mut self, field: &'static str, problem: impl Display) {
        let problem = problem.to_string();
        self.damage.push(Damage { field, problem });
    }

    /// Whether a field can be read, as far as that was tried.
    pub(super) fn is_readable(&self, field: &str) -> bool {
        self.damage.iter().all(|damage| damage.field != field)
    }

    /// A column that may hold nothing.
    pub(super) fn optional<T: FromStr<Err: Display>>(
        &mut self,
        column: usize,
        field: &'static str,
    ) -> Option<T> {
        let read = self.row.text(column);
        let parse = |text: &str| text.parse().map_err(|error: T::Err| error.to_string());
        match read.and_then(|text| text.map(parse).transpose()) {
            Ok(value) => value,
            Err(problem) => {
                self.note(field, problem);
                None
            }
        }
    }

    /// A column that must hold something.
    pub(super) fn required<T>(
        &mut self,
        column: usize,
        field: &'static str,
        stand_in: impl FnOnce() -> T,
    ) -> T
    where
        T: FromStr<Err: Display>,
    {
        let known = self.damage.len();
        let value = self.optional(column, field);
        if value.is_none() && self.damage.len() == known {
            self.note(field, "there is none");
        }
        value.unwrap_or_else(stand_in)
    }

    pub(super) fn name(&mut self, column: usize) -> Name {
        self.required(column, "name", Name::unreadable)
    }

    pub(super) fn label(&mut self, column: usize, field: &'static str) -> Label {
        self.required(column, field, Label::unreadable)
    }

    pub(super) fn time(&mut self, column: usize, field: &'static str) -> Time {
        self.required(column, field, || Time::EARLIEST)
    }

    /// One of several that have names.
    pub(super) fn one_of<T>(
        &mut self,
        column: usize,
        field: &'static str,
        from_name: fn(&str) -> Option<T>,
        stand_in: T,
    ) -> T {
        let problem = match self.row.text(column) {
            Ok(name) => match name.map(from_name) {
                Some(Some(one)) => return one,
                Some(None) => "unknown".to_owned(),
                None => return stand_in,
            },
            Err(problem) => problem,
        };
        self.note(field, problem);
        stand_in
    }

    pub(super) fn flag(&mut self, column: usize, field: &'static str, stand_in: bool) -> bool {
        self.row.get(column).unwrap_or_else(|error| {
            self.note(field, error);
            stand_in
        })
    }

    pub(super) fn revision(&mut self, column: usize) -> Revision {
        Revision::from_bytes(self.row.get(column).unwrap_or_else(|error| {
            self.note("revision", error);
            [0; 16]
        }))
    }
}
