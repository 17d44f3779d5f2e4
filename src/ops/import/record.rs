//! The records of a file, one after the other.

use std::cell::Cell;

use super::counts::Fate;
use super::form::known_as;
use super::source::Input;
use super::{IfExists, Import};
use crate::error::{Error, Kind, Result};
use crate::input::{self, Place, read_as};
use crate::model::tree::Tree;
use crate::model::{Environment, Patch, Permission, Record, RecordType, TransferFormat};
use crate::output::ImportRow;
use crate::store::{self, Ahead};

/// How much of a file is read at most, in bytes, before its records are brought in.
const BATCH_BYTES: u64 = 4 << 20;

impl Import<'_> {
    /// Reads the records of the file and brings in one after the other; tells which lists there were.
    /// `strange` is the last environment whose name means nothing.
    pub(super) fn read(
        &mut self,
        input: &mut Input<'_>,
        format: TransferFormat,
        strange: &Cell<Option<String>>,
    ) -> Result<Vec<RecordType>, input::Error<Error>> {
        let environments = self.request.environments;
        let is_whole = self.request.if_exists != IfExists::Merge;
        let mut progress = self.context.ui.silent_progress("records read");
        let read = |record_type: RecordType, mut tree: Tree| {
            tree.replace_text("environment", |name| {
                let known = known_as(name, environments);
                let is_strange = known.is_none() && Environment::from_name(name).is_none();
                strange.set(is_strange.then(|| name.to_owned()));
                known
            });
            if is_whole {
                Record::read(record_type, tree).map(Patch::from)
            } else {
                Patch::read(record_type, tree, format)
            }
        };
        let most = self.change.batch();
        let (mut batch, mut read_before) = (Vec::new(), 0);
        let lists = read_as(input, format, read, |patch, place| {
            progress.advance();
            if most == 1 {
                return self.add(patch, &place);
            }
            batch.push((patch, place));
            let bytes_read = self.bytes_read.get();
            if batch.len() < most && bytes_read < read_before + BATCH_BYTES {
                return Ok(());
            }
            read_before = bytes_read;
            self.add_all(std::mem::take(&mut batch))
        });
        // A mistake in an earlier record is told before what cannot be read.
        if !matches!(lists, Err(input::Error::Stopped(_))) {
            self.add_all(batch).map_err(input::Error::Stopped)?;
        }
        lists
    }

    /// Brings in many records at once.
    fn add_all(&mut self, batch: Vec<(Patch, Place)>) -> Result<()> {
        let change = self.change;
        change.read_ahead(&self.ahead(&batch))?;
        change.in_bulk(|| {
            let mut batch = batch.into_iter();
            batch.try_for_each(|(patch, place)| self.add(patch, &place))
        })
    }

    /// What bringing in these records looks up.
    fn ahead<'b>(&self, batch: &'b [(Patch, Place)]) -> Ahead<'b> {
        let mut ahead = Ahead {
            as_a_whole: self.looks_up(),
            ..Ahead::default()
        };
        for (patch, _) in batch {
            match patch {
                Patch::Recipient(_) => {}
                Patch::Connector(connector) => {
                    let id = &connector.id;
                    ahead.connectors.push(id);
                    let secrets = connector.secrets.set_names();
                    ahead.secrets.extend(secrets.map(|name| (id, name)));
                }
                Patch::Service(service) => {
                    ahead.services.push(&service.id);
                    let connectors = service.sources.iter().chain(&service.destinations);
                    ahead.referenced.extend(connectors.flatten());
                }
            }
        }
        ahead
    }

    fn add(&mut self, patch: Patch, place: &Place) -> Result<()> {
        let (id, given_type) = match &patch {
            Patch::Recipient(recipient) => (recipient.recipient.as_str(), recipient.record_type),
            Patch::Connector(connector) => (connector.id.as_str(), connector.record_type),
            Patch::Service(service) => (service.id.as_str(), service.record_type),
        };
        let record_type = patch.record_type();
        if given_type.is_some_and(|given| given != record_type) {
            return Err(self.wrong(place, &format!("{id} stands among the {record_type}s")));
        }
        if !self.seen.insert(record_type, id) {
            let message = format!("{record_type} {id} stands in the file twice");
            return Err(self.wrong(place, &message));
        }
        match patch {
            Patch::Recipient(recipient) => self.add_recipient(&recipient, place),
            Patch::Connector(connector) => self.add_connector(connector, place),
            Patch::Service(service) => self.add_service(service, place),
        }
    }

    /// Whether what exists already is looked up. Where it is not, it is in the way.
    pub(super) fn looks_up(&self) -> bool {
        self.request.if_exists != IfExists::Refuse
    }

    /// Whether what exists already is replaced as a whole.
    pub(super) fn replaces(&self) -> bool {
        self.request.if_exists == IfExists::Replace
    }

    /// Counts what became of a record, and tells it.
    pub(super) fn tell(
        &mut self,
        record_type: RecordType,
        id: &str,
        fate: Fate,
        changes: &[String],
    ) -> Result<()> {
        match record_type {
            RecordType::Service => self.counts.services.note(fate),
            _ => self.counts.connectors.note(fate),
        }
        self.fates.tell(&ImportRow {
            record_type,
            id,
            outcome: fate.as_str(),
            changes,
            gone: None,
        })
    }

    /// Checks that the user may say what only an admin says of what is new.
    pub(super) fn check_governing(&self, record_type: RecordType, id: &str) -> Result<()> {
        let allowed = self.change.require(Permission::Govern);
        allowed.map_err(|error| Error {
            message: format!(
                "the file says of {record_type} {id} what only an admin decides (protected, \
                 retired_at, retired_until, origin); {}",
                error.message
            ),
            ..error
        })
    }

    /// Where a record stands.
    pub(super) fn at(&self, place: &Place) -> String {
        format!("{}:{place}", self.name)
    }

    /// What is wrong with a record.
    pub(super) fn wrong(&self, place: &Place, message: &str) -> Error {
        Error::usage(format!(
            "{}: {message}; nothing was imported",
            self.at(place)
        ))
    }

    /// Adds the place to what the store says of a record.
    pub(super) fn refused_by(&self, place: &Place, error: store::Error) -> Error {
        let is_taken = matches!(
            error,
            store::Error::ConnectorExists(_) | store::Error::ServiceExists(_)
        );
        if is_taken {
            return self
                .wrong(place, &error.to_string())
                .hint("give --replace to replace what exists; an id may stand in the file once");
        }
        if matches!(error, store::Error::Policy { .. }) {
            return Error {
                kind: Kind::Failure,
                ..self.wrong(place, &error.to_string())
            }
            .hint("see \"connctl policy list\"");
        }
        error.into()
    }

    /// What is wrong with the file.
    pub(super) fn refused(&self, error: input::Error<Error>) -> Error {
        match error {
            input::Error::Stopped(error) => error,
            input::Error::Content { place, message } => Error::usage(format!(
                "{}:{place}: {message}; nothing was imported",
                self.name
            )),
            input::Error::Read(source) => Error::failure(format!(
                "cannot read {}: {source}; nothing was imported",
                self.name
            ))
            .caused_by(source),
        }
    }
}
