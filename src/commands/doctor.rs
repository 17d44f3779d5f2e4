//! `connctl doctor`

use std::io::Write;
use std::path::Path;

use crate::context::{Context, Guard};
use crate::credentials::Identities;
use crate::error::{Error, Kind, Result};
use crate::model::{Connector, ConnectorId, text};
use crate::ops::{keys, reseal};
use crate::output::{Finding, Format, Health, checklist};
use crate::platform;
use crate::store::{self, Chain, Residue, SCHEMA_VERSION, ServerFacts, Snapshot, Store};

/// Check the store, its files and its keys, and say what to do
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Every connector, service, secret and audit entry is read. Exit code 1 if anything is wrong;
a warning alone is no failure.

Examples:
  connctl doctor
  connctl doctor -o json"
)]
pub struct Args {}

/// Runs the command.
pub fn run(context: &Context) -> Result<()> {
    let format = context.format(&Format::ALL)?;
    let findings = match context.open_if_there()? {
        Some(store) => check(&store, context)?,
        None => vec![Finding::warning(
            "store",
            format!("there is none at {}", context.store_place()?),
            "make one: connctl init",
        )],
    };
    let style = context.style();
    let width = style.table_width().filter(|_| format == Format::Table);
    let written = if let Some(width) = width {
        let mut out = context.output(format);
        let lines = checklist(&findings, width, style.color);
        out.write_all(lines.as_bytes())
            .and_then(|()| out.flush())
            .map_err(Error::output)
    } else {
        context.write_list(format, "checks", &findings)
    };
    match written {
        // The exit code tells all the same.
        Err(error) if !error.is_closed_pipe => return Err(error),
        _ => {}
    }
    let wrong = findings
        .iter()
        .filter(|finding| finding.health == Health::Wrong)
        .count();
    if wrong == 0 {
        return Ok(());
    }
    Err(
        Error::failure(format!("{} failed", text::count(wrong, "check"))).hint(
            if width.is_some() {
                "below each stands what to do; nothing was changed"
            } else {
                "the column ADVICE says what to do; nothing was changed"
            },
        ),
    )
}

/// Everything that is checked of a store.
fn check(store: &Store, context: &Context) -> Result<Vec<Finding>> {
    let server = store.server_facts()?;
    let is_on_server = server.is_some();
    let residue = found("residue", residue(store, is_on_server))?;
    // What is read from elsewhere holds no lock of the store.
    let has_secrets = store.read()?.count_secrets().is_ok_and(|count| count > 0);
    let identities = if has_secrets {
        keys::at_hand(&[], context)?
    } else {
        Identities::default()
    };
    let snapshot = store.read()?;
    let mut findings = vec![found("schema", schema(&snapshot))?];
    match &server {
        Some(facts) => findings.extend(of_server(facts)),
        None => findings.push(found("structure", structure(&snapshot))?),
    }
    findings.push(found("references", references(&snapshot))?);
    findings.extend(found("rules", rules(&snapshot))?);
    let mut plain = Plain::default();
    findings.push(
        match snapshot.read_everything(|connector| plain.look(connector)) {
            Ok(()) => Finding::ok("content", "every connector and service can be read"),
            Err(error) => Finding::wrong(
                "content",
                error.to_string(),
                "restore the store from a backup",
            ),
        },
    );
    findings.extend(plain.finding());
    findings.push(found("audit", audit(&snapshot))?);
    findings.extend(found("roles", roles(&snapshot, is_on_server))?);
    findings.push(found("keys", keys(&snapshot))?);
    match secrets(&snapshot, &identities) {
        Ok(of_secrets) => findings.extend(of_secrets),
        Err(error) => findings.push(found("recipients", Err(error))?),
    }
    drop(snapshot);
    findings.push(residue);
    findings.extend(modes(context)?);
    findings.extend(
        context
            .guards()
            .map(|(name, guard)| of_guard(name, guard, context)),
    );
    Ok(findings)
}

/// What was found; that something cannot be read is a finding as well, and keeps nobody from looking
/// at the rest.
fn found<F: From<Finding>>(check: &'static str, result: Result<F>) -> Result<F> {
    let error = match result {
        Ok(finding) => return Ok(finding),
        Err(error) => error,
    };
    match error.of_store() {
        Some(
            problem @ (store::Error::Damaged(_)
            | store::Error::UnreadableRecord { .. }
            | store::Error::Engine(_)),
        ) => {
            let problem = problem.to_string();
            Ok(Finding::wrong(check, problem, "restore the store from a backup").into())
        }
        _ => Err(error),
    }
}

/// Settings that look like secrets.
#[derive(Default)]
struct Plain {
    connectors: usize,
    first: Vec<ConnectorId>,
    /// What moves them, where one command does.
    command: Option<String>,
}

impl Plain {
    /// How many connectors are named at most.
    const NAMED: usize = 5;

    fn look(&mut self, connector: &Connector) {
        let exposed = connector.settings.exposed();
        if exposed.is_empty() {
            return;
        }
        self.connectors += 1;
        if self.first.len() == Self::NAMED {
            return;
        }
        let id = &connector.id;
        if self.first.is_empty() {
            let options = exposed.iter().map(|one| {
                let name = one
                    .secret_name()
                    .filter(|name| name.as_str() == one.place)?;
                let is_setting = connector.settings.0.contains_key(name.as_str());
                is_setting.then(|| format!(" --unset {name} --secret {name}"))
            });
            let options: Option<String> = options.collect();
            self.command = options.map(|options| format!("connctl edit {id}{options}"));
        }
        self.first.push(id.clone());
    }

    fn finding(&self) -> Option<Finding> {
        let have = match self.connectors {
            0 => return None,
            1 => "has",
            _ => "have",
        };
        let named: Vec<_> = self.first.iter().map(ConnectorId::as_str).collect();
        let more = if self.connectors > named.len() {
            ", …"
        } else {
            ""
        };
        let all = "connctl export FILE && connctl import FILE --replace --seal && rm FILE";
        Some(Finding::warning(
            "settings",
            format!(
                "{} {have} settings that look like secrets: {}{more}",
                text::count(self.connectors, "connector"),
                named.join(", ")
            ),
            match &self.command {
                Some(one) => format!("move them: {one}, which asks for the value; or all: {all}"),
                None => format!("move them: {all}"),
            },
        ))
    }
}

/// Whether a guard can be asked, and who could put other words into its mouth.
fn of_guard(name: &str, guard: &Guard, context: &Context) -> Finding {
    let program = guard.command.first().map_or("", String::as_str);
    let folders = context.variable("PATH").unwrap_or_default();
    let shown = |program: &str| {
        let (name, program) = (text::Quoted::from(name), text::visible(program));
        format!(
            "{name} asks {program}; it is configured in {}",
            text::path(&guard.file)
        )
    };
    let Some(path) = platform::find_program(program, &folders) else {
        return Finding::wrong(
            "guard",
            format!("{}, and there is no such program", shown(program)),
            "until it can be asked no connector is deleted: put the program or the command right",
        );
    };
    let path_shown = text::path(&path);
    let parent = path.parent().unwrap_or(Path::new("/"));
    let named_in = guard
        .file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let open = [path.as_path(), parent, guard.file.as_path()]
        .into_iter()
        .chain(named_in)
        .find(|file| platform::is_open_to_all(file));
    match open {
        Some(open) => Finding::warning(
            "guard",
            format!(
                "{}, and everybody can write {}",
                shown(&path_shown),
                text::path(open)
            ),
            "others could make it say anything: chmod o-w",
        ),
        None => Finding::ok("guard", shown(&path_shown)),
    }
}

fn schema(snapshot: &Snapshot<'_>) -> Result<Finding> {
    let problems = snapshot.schema_problems()?;
    Ok(if problems.is_empty() {
        Finding::ok(
            "schema",
            format!("version {SCHEMA_VERSION}, the newest that this connctl knows"),
        )
    } else {
        Finding::wrong(
            "schema",
            problems.join("; "),
            "somebody changed what guards the store: compare with a backup, or export and import \
             into a new store",
        )
    })
}

/// What the server is, and who reads along or stands above the roles.
fn of_server(facts: &ServerFacts) -> Vec<Finding> {
    let mut findings = vec![if facts.is_private {
        Finding::ok(
            "server",
            format!("{}, nobody else reads along", facts.version),
        )
    } else {
        Finding::warning(
            "server",
            format!("{}, and everybody in between can read along", facts.version),
            "leave sslmode=disable out of the URL",
        )
    }];
    if facts.has_password_in_url {
        findings.push(Finding::warning(
            "password",
            "it stands in the URL of the store",
            "keep it in ~/.pgpass (mode 0600), where no other program is told it",
        ));
    }
    let named: Vec<_> = facts
        .superusers
        .iter()
        .map(|user| text::visible(user))
        .collect();
    findings.push(Finding::ok(
        "superusers",
        format!(
            "{} may do anything, and rewrite the trail",
            named.join(", ")
        ),
    ));
    findings
}

fn structure(snapshot: &Snapshot<'_>) -> Result<Finding> {
    let problems = snapshot.structure_problems()?;
    Ok(match problems.as_slice() {
        [] => Finding::ok("structure", "the file is sound"),
        problems => Finding::wrong(
            "structure",
            problems.join("; "),
            "restore the store from a backup",
        ),
    })
}

fn references(snapshot: &Snapshot<'_>) -> Result<Finding> {
    let dangling = snapshot.dangling()?;
    if dangling > 0 {
        return Ok(Finding::wrong(
            "references",
            format!("{} to nothing", text::count(dangling, "reference")),
            "restore the store from a backup",
        ));
    }
    let incomplete = snapshot.incomplete_services()?;
    Ok(if incomplete.is_empty() {
        Finding::ok("references", "every service has its connectors")
    } else {
        Finding::wrong(
            "references",
            format!("without any connector: {}", incomplete.join(", ")),
            "give them some: connctl service edit ID --source ID",
        )
    })
}

/// What contradicts itself in the store beside the references.
fn rules(snapshot: &Snapshot<'_>) -> Result<Option<Finding>> {
    let problems = snapshot.contradictions()?;
    Ok((!problems.is_empty()).then(|| {
        Finding::wrong(
            "rules",
            text::visible(&problems.join("; ")),
            "another program wrote to the store: compare with a backup",
        )
    }))
}

/// That nobody is left who governs the store.
fn roles(snapshot: &Snapshot<'_>, is_on_server: bool) -> Result<Option<Finding>> {
    let (found, advice) = if is_on_server {
        (
            "nobody but the superusers of the server is an admin",
            "as one of them: connctl access grant USER admin",
        )
    } else {
        (
            "nobody but root is an admin",
            "as root: connctl access grant USER admin",
        )
    };
    let has_admin = snapshot.has_admin()?;
    Ok((!has_admin).then(|| Finding::warning("roles", found, advice)))
}

fn residue(store: &Store, is_on_server: bool) -> Result<Finding> {
    Ok(match store.residue()? {
        Residue::None if is_on_server => Finding::ok(
            "residue",
            "the server's old pages, log and backups may hold ciphertext of removed secrets",
        ),
        Residue::None => Finding::ok("residue", "nothing is left of secrets that were removed"),
        Residue::Left(_) => Finding::warning(
            "residue",
            "ciphertext of removed secrets may be left in unused pages",
            "erase it: connctl compact",
        ),
    })
}

fn audit(snapshot: &Snapshot<'_>) -> Result<Finding> {
    Ok(match snapshot.check_audit(|_| {})? {
        Chain::Whole(head) => {
            let entries = text::counted(head.sequence, "entry", "entries");
            Finding::ok(
                "audit",
                format!("{entries}, none changed, removed or moved"),
            )
        }
        Chain::Broken { sequence, problem } => Finding::wrong(
            "audit",
            format!("entry {sequence}: {problem}"),
            "compare with a backup: connctl audit verify",
        ),
    })
}

fn keys(snapshot: &Snapshot<'_>) -> Result<Finding> {
    let (secrets, recipients) = (snapshot.count_secrets()?, snapshot.recipients()?.len());
    let secrets = usize::try_from(secrets).unwrap_or(usize::MAX);
    let counted = format!(
        "{}, {}",
        text::count(secrets, "secret"),
        text::count(recipients, "recipient")
    );
    Ok(match (secrets, recipients) {
        (1.., 0) => Finding::wrong(
            "keys",
            counted,
            "say whom to encrypt for: connctl key add RECIPIENT",
        ),
        (1.., 1) => Finding::warning(
            "keys",
            counted,
            "if that one key is lost, so are the secrets: connctl key add RECIPIENT",
        ),
        _ => Finding::ok("keys", counted),
    })
}

/// Whom the secrets are for, and what the identities at hand make of them.
fn secrets(snapshot: &Snapshot<'_>, identities: &Identities) -> Result<Vec<Finding>> {
    if snapshot.count_secrets()? == 0 || snapshot.recipients()?.is_empty() {
        return Ok(Vec::new());
    }
    let found = match reseal::inspect(snapshot, identities) {
        Ok(found) => found,
        Err(error) if error.kind == Kind::NotPermitted => {
            let told = "not looked at: only an editor may read secrets";
            return Ok(vec![Finding::ok("recipients", told)]);
        }
        Err(error) => {
            let advice = "see whom the store encrypts for: connctl key list";
            return Ok(vec![Finding::warning(
                "recipients",
                error.to_string(),
                advice,
            )]);
        }
    };
    let recipients = if found.for_others == 0 {
        Finding::ok("recipients", "no secret is known to be for others")
    } else {
        let more = if found.for_others > found.first.len() {
            ", …"
        } else {
            ""
        };
        Finding::warning(
            "recipients",
            format!(
                "{} for others than the recipients: {}{more}",
                text::count(found.for_others, "secret"),
                found.first.join(", ")
            ),
            "encrypt anew: connctl key add RECIPIENT, with one that is there",
        )
    };
    let shown = format!(
        "opens {} of {}",
        found.opened,
        text::count(found.count, "secret")
    );
    let identities = if identities.is_empty() {
        Finding::ok("identities", "none at hand that could be tried")
    } else if found.opened == found.count {
        Finding::ok("identities", shown)
    } else {
        let advice =
            "name the identity that opens the rest, or be added: connctl key add RECIPIENT";
        Finding::warning("identities", shown, advice)
    };
    Ok(vec![recipients, identities])
}

/// Who else can get at the files.
fn modes(context: &Context) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let Some(store) = context.store_file()? else {
        return Ok(findings);
    };
    let folder = store
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    for (check, path) in [
        ("store file", Some(store.as_path())),
        ("store folder", folder),
    ] {
        let Some(path) = path else { continue };
        let mode = platform::mode_of(path);
        let shown = format!("{}, mode {:04o}", text::path(path), mode.unwrap_or(0));
        findings.push(match mode {
            Some(mode) if mode & 0o002 != 0 => {
                Finding::warning(check, shown, "everybody can write it: chmod o-w")
            }
            _ => Finding::ok(check, shown),
        });
    }
    findings.extend(sharing(&store, folder));
    findings.extend(leftovers(folder));
    let identity = context.identity()?;
    if identity.parent() != folder {
        findings.extend(leftovers(identity.parent()));
    }
    findings.extend(platform::is_readable_by_others(&identity).map(|mode| {
        Finding::warning(
            "identity",
            format!("{}, mode {mode:04o}", text::path(&identity)),
            "other users can read it: chmod 600",
        )
    }));
    Ok(findings)
}

/// What others could do to the store's file by its folder, or by another name of it.
fn sharing(store: &Path, folder: Option<&Path>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let path = text::path(store);
    if folder.is_some_and(|folder| platform::is_open_wider(folder, store)) {
        findings.push(Finding::warning(
            "store folder",
            format!("a group may write it, and may not write {path}"),
            "whoever may write it can put another file there: chmod g-w",
        ));
    }
    let names = platform::names_of(store);
    if names > 1 {
        findings.push(Finding::warning(
            "store file",
            format!("{path} has {names} names"),
            "another name reaches past the folder's mode, and has no journal: find -samefile",
        ));
    }
    findings
}

/// Files that were never finished.
fn leftovers(folder: Option<&Path>) -> Vec<Finding> {
    let parts = platform::leftovers(folder.unwrap_or(Path::new(".")));
    let findings = parts.iter().map(|part| {
        Finding::warning(
            "leftover",
            format!("{} was left by a process that was killed", text::path(part)),
            format!("rm {}", text::path(part)),
        )
    });
    findings.collect()
}
