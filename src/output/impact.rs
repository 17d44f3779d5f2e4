//! What would break without a connector, as a page or as an object.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::column::{Content, column};
use super::details::{guard_table, write_fields, write_table};
use super::{Format, Style};
use crate::model::{
    ConnectorId, GuardUse, Impact, Name, Role, ServiceId, ServiceUse, Time, Trial, text,
};

/// Writes what would break without a connector as a page for people: the first of the services that
/// use it, and how many of all are active.
pub fn write_impact(
    out: &mut impl Write,
    style: Style,
    impact: &Impact,
    services: &[ServiceUse],
    active: u64,
) -> io::Result<()> {
    let connector = &impact.connector;
    let id = &connector.id;
    let used_by = match impact.used_by {
        0 => "no service".to_owned(),
        all => format!(
            "{}, {active} active",
            text::counted(all, "service", "services")
        ),
    };
    let time = |time: Option<Time>| time.map(|time| time.to_string());
    let last_used = time(connector.last_used_at).unwrap_or_else(|| {
        let unseen = "unknown: it has no secret, so connctl cannot see its use";
        let never = "never, as far as connctl can see";
        let sees = !connector.secrets.is_empty();
        if sees { never } else { unseen }.to_owned()
    });
    let protected = connector.protected;
    write_fields(
        out,
        style,
        &[
            ("id", Some(id.to_string())),
            ("name", Some(connector.name.to_string())),
            ("system", Some(connector.system.to_string())),
            ("environment", Some(connector.environment.to_string())),
            ("protected", protected.then(|| "yes".to_owned())),
            ("trial", impact.trial.as_ref().map(ToString::to_string)),
            ("expires_at", time(connector.expires_at)),
            ("last_used_at", Some(last_used)),
            ("used_by", Some(used_by)),
        ],
    )?;
    if !services.is_empty() {
        let columns = [
            column("SERVICE"),
            column("NAME").of(Content::Text),
            column("ROLE").of(Content::Word),
            column("STATUS").of(Content::Word),
            column("SCHEDULE").of(Content::Text),
            column("ALSO CARRIES").of(Content::Ids),
        ];
        let rows: Vec<_> = services.iter().map(|one| row(id, one)).collect();
        write_table(out, style, "services", &columns, &rows)?;
        let more = impact.used_by.saturating_sub(services.len() as u64);
        if more > 0 {
            writeln!(out, "  … and {more} more: connctl service list --uses {id}")?;
        }
    }
    if !impact.left_without_user.is_empty() {
        let left = impact.left_without_user.iter().map(ConnectorId::as_str);
        write_lines(out, style, "without a user then", left)?;
    }
    if !impact.guards.is_empty() {
        let table = guard_table(&impact.guards, style.table_width());
        write!(out, "\n{}\n{table}\n", style.heading("beyond this store"))?;
    }
    write_lines(
        out,
        style,
        "what to do",
        impact.ways.iter().map(String::as_str),
    )
}

fn row(id: &ConnectorId, service: &ServiceUse) -> Vec<String> {
    let name = service.name.as_ref().map_or("", Name::as_str);
    let is_other = name != service.id.as_str();
    let roles: Vec<_> = service.roles_of(id).iter().map(Role::as_str).collect();
    let carries = service.carries_beside(id).into_iter();
    let carries: Vec<_> = carries.map(ConnectorId::as_str).collect();
    vec![
        service.id.to_string(),
        text::visible(if is_other { name } else { "" }).into_owned(),
        roles.join(","),
        service.status().to_owned(),
        text::visible(service.schedule.as_deref().unwrap_or_default()).into_owned(),
        carries.join(","),
    ]
}

/// Writes lines that are not cut, because ids and commands stand in them, below a heading. Of many
/// the first do.
fn write_lines<'a>(
    out: &mut impl Write,
    style: Style,
    heading: &str,
    mut lines: impl Iterator<Item = &'a str>,
) -> io::Result<()> {
    const SHOWN: usize = 20;
    writeln!(out, "\n{}", style.heading(heading))?;
    for line in lines.by_ref().take(SHOWN) {
        let Some(room) = style.table_width() else {
            writeln!(out, "  {line}")?;
            continue;
        };
        for (index, part) in text::folded(line, room.saturating_sub(2))
            .lines()
            .enumerate()
        {
            let indent = if index == 0 { 2 } else { 4 };
            // What is wider than the terminal stands alone, as far to the left as it can.
            let indent = if part.width() + indent > room {
                0
            } else {
                indent
            };
            writeln!(out, "{:indent$}{part}", "")?;
        }
    }
    match lines.count() {
        0 => Ok(()),
        more => writeln!(out, "  … and {more} more"),
    }
}

/// Writes what would break without connectors as objects, in a list or one a line. The services are
/// written one by one, because there may be many.
pub struct ImpactJson<W> {
    out: W,
    format: Format,
    is_empty: bool,
    has_services: bool,
}

#[derive(Serialize)]
struct Head<'a> {
    id: &'a ConnectorId,
    name: &'a Name,
    system: &'a str,
    environment: &'a str,
    protected: bool,
    retired_until: Option<String>,
    #[serde(flatten)]
    attempts: Option<Attempts<'a>>,
    expires_at: Option<String>,
    last_used_at: Option<String>,
    used_by: u64,
    left_without_user: &'a [ConnectorId],
    guards: &'a [GuardUse],
    ways: &'a [String],
}

/// What is known of those who tried to use a connector on trial.
#[derive(Serialize)]
struct Attempts<'a> {
    attempts: u64,
    last_attempt_by: Option<&'a str>,
    last_attempt_at: Option<&'a str>,
}

impl<'a> From<&'a Trial> for Attempts<'a> {
    fn from(trial: &'a Trial) -> Self {
        let last = trial.attempts.last.as_ref();
        Self {
            attempts: trial.attempts.count,
            last_attempt_by: last.map(|last| last.user.as_str()),
            last_attempt_at: last.map(|last| last.time.as_str()),
        }
    }
}

#[derive(Serialize)]
struct Service<'a> {
    id: &'a ServiceId,
    name: Option<&'a Name>,
    roles: Vec<Role>,
    active: bool,
    schedule: Option<&'a str>,
    carries: BTreeSet<&'a ConnectorId>,
}

impl<W: Write> ImpactJson<W> {
    /// Begins the list.
    pub fn new(out: W, format: Format) -> Self {
        Self {
            out,
            format,
            is_empty: true,
            has_services: false,
        }
    }

    /// Begins a connector.
    pub fn begin(&mut self, impact: &Impact) -> io::Result<()> {
        let connector = &impact.connector;
        let time = |time: Option<Time>| time.map(|time| time.to_string());
        let head = Head {
            id: &connector.id,
            name: &connector.name,
            system: connector.system.as_str(),
            environment: connector.environment.as_str(),
            protected: connector.protected,
            retired_until: time(connector.retired_until),
            attempts: impact.trial.as_ref().map(Attempts::from),
            expires_at: time(connector.expires_at),
            last_used_at: time(connector.last_used_at),
            used_by: impact.used_by,
            left_without_user: &impact.left_without_user,
            guards: &impact.guards,
            ways: &impact.ways,
        };
        let head = serde_json::to_string(&head)?;
        let before = match (self.format, self.is_empty) {
            (Format::Json, true) => "[",
            (Format::Json, false) => ",",
            _ => "",
        };
        self.is_empty = false;
        self.has_services = false;
        let fields = head.strip_suffix('}').unwrap_or(&head);
        write!(self.out, "{before}{fields},\"services\":[")
    }

    /// Adds a service that uses it.
    pub fn service(&mut self, id: &ConnectorId, service: &ServiceUse) -> io::Result<()> {
        let roles: Vec<_> = service.roles_of(id).iter().collect();
        let object = Service {
            id: &service.id,
            name: service.name.as_ref(),
            roles,
            active: service.active,
            schedule: service.schedule.as_deref(),
            carries: service.carries_beside(id),
        };
        if self.has_services {
            self.out.write_all(b",")?;
        }
        self.has_services = true;
        Ok(serde_json::to_writer(&mut self.out, &object)?)
    }

    /// Ends the connector.
    pub fn end(&mut self) -> io::Result<()> {
        let after = if self.format == Format::Json {
            ""
        } else {
            "\n"
        };
        write!(self.out, "]}}{after}")
    }

    /// Ends the list.
    pub fn finish(mut self) -> io::Result<()> {
        match (self.format, self.is_empty) {
            (Format::Json, true) => self.out.write_all(b"[]\n")?,
            (Format::Json, false) => self.out.write_all(b"]\n")?,
            _ => {}
        }
        self.out.flush()
    }
}
