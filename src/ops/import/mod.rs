//! Reading a file into the store: all of it or, after any mistake, nothing.

mod connector;
mod counts;
mod secrets;
mod service;

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::json;

use self::secrets::Door;
use super::keys::{self, Own};
use super::transfer;
use crate::context::{Change, Context, Intent};
use crate::error::{Error, Kind, Result};
use crate::input::{self, Look, Place, read_records};
use crate::model::{Action, Hash, Hasher, Record, RecordType, ServiceId, TransferFormat, text};
use crate::platform::{self, Interruptible};
use crate::store;

pub use counts::Counts;

/// How many problems are named at most.
const NAMED: usize = 10;

/// How large the pieces are in which a file is read, in bytes.
const READ_SIZE: usize = 256 << 10;

/// What is to be imported, and how.
pub struct Request<'a> {
    /// The file; `-` for standard input.
    pub file: &'a Path,
    /// Its format, if not the one that its ending stands for.
    pub format: Option<TransferFormat>,
    /// Whether what exists is replaced.
    pub replace: bool,
    /// The files with private keys to look into its secrets with; none for the usual one.
    pub identities: &'a [PathBuf],
    /// What becomes of settings that look like secrets.
    pub exposed: IfExposed,
}

/// What becomes of settings that look like secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfExposed {
    /// The file is refused.
    Refuse,
    /// They stay settings.
    Allow,
    /// They become secrets.
    Seal,
}

/// Reads a file into the store.
pub fn run(request: &Request<'_>, context: &Context) -> Result<Counts> {
    // There may be plaintext secrets in the file.
    platform::keep_memory_private();
    let is_stdin = request.file == Path::new("-");
    let name = if is_stdin {
        "standard input".to_owned()
    } else {
        text::path(request.file)
    };
    let source: Box<dyn Read> = if is_stdin {
        Box::new(Interruptible::new(platform::unheld_stdin().map_err(
            |error| Error::failure(format!("cannot read {name}: {error}")).caused_by(error),
        )?))
    } else {
        Box::new(Interruptible::new(open(request.file, &name)?))
    };
    let mut input = BufReader::with_capacity(READ_SIZE, Digested::new(source));
    // While the other end of a pipe has nothing to say yet, nobody is kept from writing. What went
    // wrong here goes wrong again where it is told.
    let look = Look::of(input.fill_buf().unwrap_or_default());
    let named = request
        .format
        .or_else(|| transfer::known_format_of(request.file));
    let format = match (named, look) {
        (Some(format), _) | (None, Look::Known(format)) => format,
        _ => TransferFormat::Toml,
    };
    let own = Own::read(context)?;
    let identities = keys::at_hand(request.identities, context)?;
    let intent = Intent::new(Action::Import, name.as_str())
        .creating()
        .with_ciphertext(true);
    // The one work in a change that reads from outside: a file can be larger than memory.
    context.change(&intent, |change| {
        let mut import = Import {
            context,
            change,
            name: &name,
            exposed: request.exposed,
            seen: request.replace.then(HashSet::new),
            counts: Counts::default(),
            dangling: Vec::new(),
            door: Door::new(context, change, &own, &identities)?,
        };
        change.defer_references()?;
        if request.replace {
            change.defer_policies();
        }
        let mut progress = context.ui.silent_progress("records read");
        read_records(&mut input, format, |record, place| {
            progress.advance();
            import.add(record, &place)
        })
        .map_err(|error| {
            let is_content = matches!(error, input::Error::Content { .. });
            let error = import.refused(error);
            match transfer::way_out(look, format, request.file) {
                Some(way_out) if is_content => error.hint(way_out),
                _ => error,
            }
        })?;
        drop(progress);
        import.check_references()?;
        import.door.close()?;
        let saw_plaintext = import.door.saw_plaintext;
        let mut counts = import.counts;
        counts.secrets = import.door.counts;
        let mut detail = json!({
            "connectors": counts.connectors,
            "services": counts.services,
        });
        // Whoever knows the rest of a file could try values until the digest fits.
        if !saw_plaintext {
            detail["sha256"] = input.into_inner().digest().to_string().into();
        }
        change.record(Action::Import, &name, Some(detail))?;
        Ok(counts)
    })
}

fn open(path: &Path, name: &str) -> Result<File> {
    let cannot_read = |error: io::Error| {
        Error::usage(format!("cannot read {name}: {error}; nothing was changed")).caused_by(error)
    };
    let file = File::open(path).map_err(cannot_read)?;
    if file.metadata().map_err(cannot_read)?.is_dir() {
        return Err(Error::usage(format!(
            "{name} is a folder; nothing was changed"
        )));
    }
    Ok(file)
}

/// Reads on, and keeps the digest of what was read.
struct Digested<R> {
    inner: R,
    hasher: Hasher,
}

impl<R> Digested<R> {
    fn new(inner: R) -> Self {
        Self {
            inner,
            hasher: Hasher::default(),
        }
    }

    fn digest(self) -> Hash {
        self.hasher.finish()
    }
}

impl<R: Read> Read for Digested<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }
}

struct Import<'c> {
    context: &'c Context,
    change: &'c Change<'c>,
    name: &'c str,
    exposed: IfExposed,
    /// With `--replace`, what the file has named so far, to find what it names twice.
    seen: Option<HashSet<(RecordType, String)>>,
    counts: Counts,
    /// The services that refer to connectors that had not been seen at that time.
    dangling: Vec<(ServiceId, Place)>,
    door: Door<'c>,
}

impl Import<'_> {
    fn add(&mut self, record: Record, place: &Place) -> Result<()> {
        let (id, given_type) = match &record {
            Record::Recipient(recipient) => (recipient.recipient.as_str(), recipient.record_type),
            Record::Connector(connector) => (connector.id.as_str(), connector.record_type),
            Record::Service(service) => (service.id.as_str(), service.record_type),
        };
        let record_type = record.record_type();
        if given_type.is_some_and(|given| given != record_type) {
            return Err(self.wrong(place, &format!("{id} stands among the {record_type}s")));
        }
        if let Some(seen) = &mut self.seen
            && !seen.insert((record_type, id.to_owned()))
        {
            return Err(self.wrong(
                place,
                &format!("{record_type} {id} stands in the file twice"),
            ));
        }
        match record {
            Record::Recipient(recipient) => self.add_recipient(&recipient, place)?,
            Record::Connector(connector) => {
                let fate = self.add_connector(connector, place)?;
                self.counts.connectors.note(&fate);
            }
            Record::Service(service) => {
                let fate = self.add_service(service, place)?;
                self.counts.services.note(&fate);
            }
        }
        Ok(())
    }

    fn at(&self, place: &Place) -> String {
        format!("{}:{place}", self.name)
    }

    fn wrong(&self, place: &Place, message: &str) -> Error {
        Error::usage(format!(
            "{}: {message}; nothing was imported",
            self.at(place)
        ))
    }

    /// Adds the place to what the store says of a record.
    fn refused_by(&self, place: &Place, error: store::Error) -> Error {
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

    fn refused(&self, error: input::Error<Error>) -> Error {
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
