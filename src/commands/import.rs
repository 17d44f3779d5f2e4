//! `connctl import`

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;
use zeroize::Zeroizing;

use crate::commands::args::parse;
use crate::context::Context;
use crate::credentials::{self, Sealer};
use crate::error::{Error, Kind, Result};
use crate::input::{self, Place, read_records};
use crate::model::{
    Action, ConnectorId, ConnectorRecord, Hash, Hasher, Permission, Record, RecordType, SecretName,
    SecretTexts, ServiceId, ServiceRecord, TransferFormat, Verdict, text,
};
use crate::ops::{secrets, transfer};
use crate::output::Format;
use crate::platform;
use crate::store::{self, Change, Store};

/// Import connectors and services from a file: all of it or, after any mistake, nothing
#[derive(Debug, clap::Args)]
#[command(
    after_help = "TOML has [[connectors]] and [[services]] tables, JSON has one object with the lists
\"connectors\" and \"services\", NDJSON has one object a line with \"type\": \"connector\" or \"service\".
A connector's \"secrets\" are armored age texts, or plaintexts, which are encrypted on the way in.

Examples:
  connctl import examples/squared.toml
  connctl export | connctl --store copy.db import -
  connctl import changes.ndjson --replace"
)]
pub struct Args {
    /// The file; "-" for standard input
    file: PathBuf,
    /// Replace connectors and services that exist, instead of refusing the file
    #[arg(long)]
    replace: bool,
    /// The format [default: by the file's ending, else toml]
    #[arg(long, value_parser = parse::transfer_format())]
    format: Option<TransferFormat>,
}

/// How many problems are named at most.
const NAMED: usize = 10;

/// How large the pieces are in which a file is read, in bytes.
const READ_SIZE: usize = 256 << 10;

/// Runs the command.
///
/// # Errors
/// When anything in the file is wrong or does not fit the store.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let output = context.format(&Format::DOCUMENT)?;
    // There may be plaintext secrets in the file.
    platform::keep_memory_private();
    let is_stdin = args.file == Path::new("-");
    let name = if is_stdin {
        "standard input".to_owned()
    } else {
        args.file.display().to_string()
    };
    let format = args
        .format
        .unwrap_or_else(|| transfer::format_of(&args.file));
    let source: Box<dyn Read> = if is_stdin {
        Box::new(io::stdin().lock())
    } else {
        Box::new(open(&args.file, &name)?)
    };
    let mut input = BufReader::with_capacity(READ_SIZE, Digested::new(source));
    // While the other end of a pipe has nothing to say yet, nobody is kept from writing. What went
    // wrong here goes wrong again where it is told.
    let _ = input.fill_buf();
    let mut store = if is_stdin {
        context.open_or_create_uninterrupted()?
    } else {
        context.open_or_create()?
    };
    context.check(&mut store, Permission::Edit, Action::Import, Some(&name))?;
    let read = import(input, format, &name, args.replace, context, &mut store);
    let counts = match read {
        Ok(counts) => counts,
        Err(error) => {
            context.after_refusal(&mut store);
            if error.kind == Kind::NotPermitted {
                // Only what stands in the file showed that it removes something.
                let (action, verdict) = (Action::Import, Verdict::NotPermitted);
                context.record_refusal(&mut store, action, verdict, Some(&name), None);
            }
            return Err(error);
        }
    };
    let reported = report(context, output, &counts);
    context.after_change(&mut store);
    reported
}

/// Reads all of the file into the store.
fn import(
    mut input: BufReader<Digested<Box<dyn Read>>>,
    format: TransferFormat,
    name: &str,
    replaces: bool,
    context: &Context,
    store: &mut Store,
) -> Result<Counts> {
    // A store without any secrets is not compacted for a file that most likely holds none.
    let has_secrets = {
        let snapshot = store.read()?;
        snapshot.count_secrets()? > 0 || !snapshot.recipients()?.is_empty()
    };
    let change = if has_secrets {
        context.begin_with_secrets(store, Action::Import, Some(name))?
    } else {
        context.begin(store, Action::Import, Some(name))?
    };
    change.defer_references()?;
    let mut import = Import {
        context,
        change: &change,
        name,
        seen: replaces.then(HashSet::new),
        counts: Counts::default(),
        dangling: Vec::new(),
        sealer: None,
    };
    let mut progress = context.ui.silent_progress("records read");
    read_records(&mut input, format, |record, place| {
        progress.advance();
        import.add(record, &place)
    })
    .map_err(|error| import.refused(error))?;
    drop(progress);
    import.check_references()?;
    let counts = import.counts;
    let detail = json!({
        "connectors": counts.connectors,
        "services": counts.services,
        "sha256": input.into_inner().digest().to_string(),
    });
    context.record(&change, Action::Import, name, Some(detail))?;
    change.commit()?;
    Ok(counts)
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

/// What an import did to one kind of record.
#[derive(Debug, Default, Serialize)]
struct Count {
    added: usize,
    replaced: usize,
    unchanged: usize,
}

#[derive(Debug, Default, Serialize)]
struct Counts {
    connectors: Count,
    services: Count,
}

/// What became of one record.
enum Fate {
    Added,
    Replaced,
    Unchanged,
}

impl Count {
    fn note(&mut self, fate: &Fate) {
        match fate {
            Fate::Added => self.added += 1,
            Fate::Replaced => self.replaced += 1,
            Fate::Unchanged => self.unchanged += 1,
        }
    }

    fn is_new(&self) -> bool {
        self.replaced + self.unchanged == 0
    }
}

impl Counts {
    /// What was imported, and what became of what was there already.
    fn sentence(&self) -> String {
        let all = [(&self.connectors, "connector"), (&self.services, "service")];
        if all.iter().all(|(count, _)| count.is_new()) {
            let added = all.map(|(count, noun)| text::count(count.added, noun));
            return format!("Imported {}.", added.join(" and "));
        }
        let counts = all.map(|(count, noun)| {
            format!(
                "{} added, {} replaced, {} unchanged",
                text::count(count.added, noun),
                count.replaced,
                count.unchanged
            )
        });
        format!("Imported: {}.", counts.join("; "))
    }
}

struct Import<'c> {
    context: &'c Context,
    change: &'c Change<'c>,
    name: &'c str,
    /// With `--replace`, what the file has named so far, to find what it names twice.
    seen: Option<HashSet<(RecordType, String)>>,
    counts: Counts,
    /// The services that refer to connectors that had not been seen at that time.
    dangling: Vec<(ServiceId, Place)>,
    /// Encrypts the plaintext secrets of the file, once there was one.
    sealer: Option<Sealer>,
}

impl Import<'_> {
    fn add(&mut self, record: Record, place: &Place) -> Result<()> {
        let (id, given_type) = match &record {
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

    fn add_connector(&mut self, mut record: ConnectorRecord, place: &Place) -> Result<Fate> {
        let secrets = match record.secrets.take() {
            Some(texts) => Some(self.ciphertexts(&record.id, &texts, place)?),
            None => None,
        };
        let before = match self.seen {
            Some(_) => self.change.connector(&record.id)?,
            None => None,
        };
        let Some(before) = before else {
            let connector = record.into_connector(self.context.now, self.change.new_revision()?);
            let added = self.change.insert_connector(&connector);
            added.map_err(|error| self.refused_by(place, error))?;
            self.keep_secrets(&connector.id, &[], &secrets.unwrap_or_default())?;
            return Ok(Fate::Added);
        };
        if record.environment != before.environment {
            return Err(self.wrong(
                place,
                &format!(
                    "connector {} is {} and cannot become {}",
                    before.id, before.environment, record.environment
                ),
            ));
        }
        record.created_at = record.created_at.or(Some(before.created_at));
        let is_dated = record.updated_at.is_some();
        let mut connector = record.into_connector(before.updated_at, before.revision);
        connector.secrets.clone_from(&before.secrets);
        connector.last_used_at = connector.last_used_at.or(before.last_used_at);
        let secrets_changed = match &secrets {
            Some(secrets) => self.keep_secrets(&before.id, &before.secrets, secrets)?,
            None => false,
        };
        if connector == before && !secrets_changed {
            return Ok(Fate::Unchanged);
        }
        connector.revision = self.change.new_revision()?;
        if !is_dated {
            connector.updated_at = self.context.now;
        }
        let replaced = self.change.update_connector(&connector);
        replaced
            .map(|()| Fate::Replaced)
            .map_err(|error| self.refused_by(place, error))
    }

    /// The secrets of a record as ciphertext: armored texts as they are, plaintexts encrypted.
    fn ciphertexts(
        &mut self,
        id: &ConnectorId,
        texts: &SecretTexts,
        place: &Place,
    ) -> Result<Vec<(SecretName, Vec<u8>)>> {
        let mut ciphertexts = Vec::with_capacity(texts.0.len());
        for (name, text) in &texts.0 {
            let found = credentials::ciphertext_in(text.expose()).map_err(|error| {
                self.wrong(place, &format!("secret {name} of connector {id}: {error}"))
            })?;
            let ciphertext = if let Some(ciphertext) = found {
                ciphertext
            } else {
                secrets::check_size(name, text.expose().len()).map_err(|error| Error {
                    message: format!("{}: {}", self.at(place), error.message),
                    ..error
                })?;
                if self.sealer.is_none() {
                    self.sealer = Some(secrets::sealer(self.context, self.change)?);
                }
                let Some(sealer) = &self.sealer else { continue };
                let value = Zeroizing::new(text.expose().as_bytes().to_vec());
                sealer
                    .seal(&value.into())
                    .map_err(|error| Error::failure(error.to_string()))?
            };
            ciphertexts.push((name.clone(), ciphertext));
        }
        Ok(ciphertexts)
    }

    /// Makes these the secrets of the connector, which has those of the names `before`; whether
    /// that changed anything.
    fn keep_secrets(
        &self,
        id: &ConnectorId,
        before: &[SecretName],
        secrets: &[(SecretName, Vec<u8>)],
    ) -> Result<bool> {
        let mut changed = false;
        for name in before {
            if !secrets.iter().any(|(kept, _)| kept == name) {
                let allowed = self.context.require(self.change, Permission::Remove);
                allowed.map_err(|error| Error {
                    message: format!(
                        "the file would remove secret {name} of connector {id}; {}",
                        error.message
                    ),
                    ..error
                })?;
                changed |= self.change.remove_secret(id, name)?;
            }
        }
        for (name, ciphertext) in secrets {
            if self.change.secret(id, name)?.as_ref() != Some(ciphertext) {
                self.change.set_secret(id, name, ciphertext)?;
                changed = true;
            }
        }
        Ok(changed)
    }

    fn add_service(&mut self, mut record: ServiceRecord, place: &Place) -> Result<Fate> {
        let before = match self.seen {
            Some(_) => self.change.service(&record.id)?,
            None => None,
        };
        let ids = record.sources.iter().chain(&record.destinations);
        if !self.change.missing_connectors(ids)?.is_empty() {
            self.dangling.push((record.id.clone(), place.clone()));
        }
        let Some(before) = before else {
            let service = record.into_service(self.context.now, self.change.new_revision()?);
            let added = self.change.insert_service(&service);
            return added
                .map(|()| Fate::Added)
                .map_err(|error| self.refused_by(place, error));
        };
        record.created_at = record.created_at.or(Some(before.created_at));
        let is_dated = record.updated_at.is_some();
        let mut service = record.into_service(before.updated_at, before.revision);
        if service == before {
            return Ok(Fate::Unchanged);
        }
        service.revision = self.change.new_revision()?;
        if !is_dated {
            service.updated_at = self.context.now;
        }
        self.change.update_service(&service)?;
        Ok(Fate::Replaced)
    }

    /// Refuses the file if a service refers to a connector that is neither in it nor in the store.
    fn check_references(&self) -> Result<()> {
        let mut lines = Vec::new();
        for (id, place) in &self.dangling {
            let Some(service) = self.change.service(id)? else {
                continue;
            };
            let ids = service.connectors().map(|(_, connector)| connector);
            let missing: BTreeSet<_> = self.change.missing_connectors(ids)?.into_iter().collect();
            lines.extend(missing.iter().map(|connector| {
                let place = self.at(place);
                format!(
                    "{place}: service {id} refers to connector {connector}, which does not exist"
                )
            }));
        }
        if lines.is_empty() {
            return Ok(());
        }
        if lines.len() > NAMED {
            let more = lines.len() - NAMED;
            lines.truncate(NAMED);
            lines.push(format!("… and {more} more"));
        }
        Err(
            Error::usage(format!("{}\nnothing was imported", lines.join("\n")))
                .hint("add the connectors to the file, or correct the ids"),
        )
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

fn report(context: &Context, format: Format, counts: &Counts) -> Result<()> {
    context.ui.note(&counts.sentence());
    if format.is_json() {
        let mut out = context.output(format);
        serde_json::to_writer(&mut out, counts)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out))
            .and_then(|()| out.flush())
            .map_err(Error::output_after_change)?;
    }
    Ok(())
}
