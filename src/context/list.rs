//! Lists of records, on standard output.

use super::{Context, Output};
use crate::error::{Error, Result};
use crate::output::{Closing, Format, Record, Rows, Style};
use crate::ui::{Progress, Ui};

/// A list that is being written, one record after the other.
pub struct List {
    rows: Rows<Output>,
    progress: Progress,
    noun: &'static str,
    ui: Ui,
}

impl Context {
    /// Begins a list of records, which `noun` names where the progress of a long one is shown.
    pub fn list<R: Record>(&self, format: Format, noun: &'static str) -> Result<List> {
        self.begin_list::<R>(format, noun, false)
    }

    /// As [`Context::list`]; with `null`, ids end in NUL instead of a line end.
    pub fn list_to_read_on<R: Record>(
        &self,
        format: Format,
        noun: &'static str,
        null: bool,
    ) -> Result<List> {
        if null && format != Format::Ids {
            return Err(Error::usage("--null works on ids only").hint("add \"-o ids\""));
        }
        self.begin_list::<R>(format, noun, null)
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

    fn begin_list<R: Record>(
        &self,
        format: Format,
        noun: &'static str,
        null_separated: bool,
    ) -> Result<List> {
        let style = Style {
            null_separated,
            ..self.style()
        };
        let rows = Rows::new(self.output(format), R::COLUMNS, format, style);
        Ok(List {
            rows: rows.map_err(Error::output)?,
            progress: self.ui.progress(noun),
            noun,
            ui: self.ui.clone(),
        })
    }
}

impl List {
    /// Adds a record.
    pub fn write(&mut self, record: &impl Record) -> Result<()> {
        self.progress.advance();
        self.rows.write(record).map_err(Error::output)
    }

    /// Adds a record of which a list of ids shows all that there is to show.
    pub fn write_id(&mut self, id: &str) -> Result<()> {
        self.progress.advance();
        self.rows.write_id(id).map_err(Error::output)
    }

    /// Ends the list, and says what its table left to be said. What was held back is written now, so
    /// that a reader who pauses is waited for when the store has been let go.
    pub fn finish(self) -> Result<()> {
        let (ui, noun) = (self.ui.clone(), self.noun);
        let closing = self.end()?;
        if closing.is_needed() {
            ui.note(&closing.counted(noun, noun));
        }
        Ok(())
    }

    /// As [`List::finish`], but leaves that to be said by the caller.
    pub fn end(self) -> Result<Closing> {
        drop(self.progress);
        self.rows.finish().map_err(Error::output)
    }
}
