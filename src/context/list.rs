//! Lists of records, on standard output.

use std::ops::ControlFlow;

use super::{Context, Output};
use crate::error::{Error, Result};
use crate::model::text;
use crate::output::{Closing, Format, Record, Rows, Shape, Style, Wanted, WrongColumn};
use crate::ui::{Progress, Ui};

/// A list that is being written, one record after the other.
pub struct List {
    rows: Rows<Output>,
    shape: Shape,
    progress: Progress,
    noun: &'static str,
    /// Whether somebody reads it as a table.
    is_read: bool,
    ui: Ui,
}

impl Context {
    /// Begins a list of records, which `noun` names where the progress of a long one is shown.
    pub fn list<R: Record>(&self, format: Format, noun: &'static str) -> Result<List> {
        self.shaped_list::<R>(format, noun, &Wanted::default())
    }

    /// As [`Context::list`], in the shape that is wanted.
    pub fn shaped_list<R: Record>(
        &self,
        format: Format,
        noun: &'static str,
        wanted: &Wanted,
    ) -> Result<List> {
        if wanted.null && format != Format::Ids {
            return Err(Error::usage("--null works on ids only").hint("add \"-o ids\""));
        }
        if format == Format::Ids && !wanted.columns.is_empty() {
            let message = "--columns works in every format but ids, which shows these alone";
            return Err(Error::usage(message).hint("choose one of both"));
        }
        let shape = Shape::new(R::COLUMNS, format, wanted).map_err(|error| wrong_column(&error))?;
        let style = Style {
            null_separated: wanted.null,
            ..self.style()
        };
        let out = self.output(format);
        let rows = match shape.columns() {
            Some(places) => Rows::choosing(out, R::COLUMNS, places, format, style),
            None => Rows::new(out, R::COLUMNS, format, style),
        };
        Ok(List {
            rows: rows.map_err(Error::output)?,
            shape,
            progress: self.ui.progress(noun),
            noun,
            is_read: format == Format::Table && self.ui.is_watched(),
            ui: self.ui.clone(),
        })
    }

    /// Writes a list that is there already.
    pub fn write_list<R: Record>(
        &self,
        format: Format,
        noun: &'static str,
        records: impl IntoIterator<Item = R>,
    ) -> Result<()> {
        let mut list = self.list::<R>(format, noun)?;
        for record in records {
            list.write(&record)?;
        }
        list.finish()
    }
}

impl List {
    /// Adds a record.
    pub fn write(&mut self, record: &impl Record) -> Result<()> {
        self.progress.advance();
        let written = self.shape.write(&mut self.rows, record);
        written.map_err(Error::output)
    }

    /// Adds a record of which a list of ids shows all that there is to show.
    pub fn write_id(&mut self, id: &str) -> Result<()> {
        self.progress.advance();
        let written = self.shape.write_id(&mut self.rows, id);
        written.map_err(Error::output)
    }

    /// Breaks off where no further record can change the list.
    pub fn goes_on(&self) -> ControlFlow<()> {
        self.shape.goes_on()
    }

    /// Whether more than the ids is looked at even if only these are written.
    pub fn needs_values(&self) -> bool {
        self.shape.needs_values()
    }

    /// Ends the list, and says what its table left to be said. What was held back is written now, so
    /// that a reader who pauses is waited for when the store has been let go.
    pub fn finish(self) -> Result<()> {
        let (ui, noun, is_read) = (self.ui.clone(), self.noun, self.is_read);
        let closing = self.end()?;
        if is_read && (closing.is_needed() || closing.rows == 0) {
            ui.note(&closing.counted(&text::singular(noun), noun));
        }
        Ok(())
    }

    /// As [`List::finish`], but leaves that to be said by the caller.
    pub fn end(self) -> Result<Closing> {
        drop(self.progress);
        self.shape.finish(self.rows).map_err(Error::output)
    }
}

fn wrong_column(error: &WrongColumn) -> Error {
    match error {
        WrongColumn::Unknown { name, known } => {
            let near = text::nearest(name, known);
            let meant = near.map_or_else(String::new, |near| format!("did you mean {near}? "));
            let name = text::Quoted::from(name.as_str());
            Error::usage(format!("there is no column {name}"))
                .hint(format!("{meant}the columns are {}", known.join(", ")))
        }
        WrongColumn::Twice(name) => Error::usage(format!("--columns names {name} twice")),
    }
}
