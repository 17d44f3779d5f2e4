//! Everything about a single connector or service.

use std::io::{self, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::column::{Column, Content, column};
use super::table::layout;
use super::{Format, Style};
use crate::model::{
    AuditEntry, Connector, GuardUse, Name, Reference, SecretName, Service, Usage, text,
};

/// The columns of references.
const REFERENCE: [Column; 3] = [column("SERVICE"), column("ROLE"), column("STATUS")];

/// Writes everything about a connector as one object. Its references may be read while they are
/// written.
pub fn write_connector(
    out: &mut impl Write,
    format: Format,
    style: Style,
    connector: &Connector,
    used_by: u64,
    references: &(impl Serialize + ?Sized),
) -> io::Result<()> {
    #[derive(Serialize)]
    struct Shown<'a, R: ?Sized> {
        #[serde(flatten)]
        connector: &'a Connector,
        used_by: u64,
        references: &'a R,
    }
    let shown = Shown {
        connector,
        used_by,
        references,
    };
    write_object(out, format, style, &shown)
}

/// Writes everything about a connector as a page for people, but of what uses it only what is named.
pub fn write_connector_page(
    out: &mut impl Write,
    style: Style,
    connector: &Connector,
    usage: &Usage,
) -> io::Result<()> {
    let secrets: Vec<_> = connector.secrets.iter().map(SecretName::as_str).collect();
    write_fields(
        out,
        style,
        &[
            ("id", Some(connector.id.to_string())),
            ("name", Some(connector.name.to_string())),
            ("system", Some(connector.system.to_string())),
            ("environment", Some(connector.environment.to_string())),
            ("group", connector.group.as_ref().map(ToString::to_string)),
            (
                "protected",
                connector
                    .protected
                    .then(|| "yes: connctl unprotect lifts it".to_owned()),
            ),
            (
                "trial",
                connector.retired_until.map(|until| {
                    format!("until {until}; nobody may use it: connctl revive ends that")
                }),
            ),
            ("secrets", (!secrets.is_empty()).then(|| secrets.join(", "))),
            ("note", connector.note.clone()),
            (
                "expires_at",
                connector.expires_at.map(|time| time.to_string()),
            ),
            (
                "last_used_at",
                connector.last_used_at.map(|time| time.to_string()),
            ),
            ("created_at", Some(connector.created_at.to_string())),
            ("updated_at", Some(connector.updated_at.to_string())),
            ("revision", Some(connector.revision.to_string())),
            (
                "used_by",
                Some(text::counted(usage.services, "service", "services")),
            ),
        ],
    )?;
    if !connector.settings.0.is_empty() {
        let settings = connector.settings.0.iter();
        let rows = settings.map(|(key, value)| {
            vec![
                text::visible(key).into_owned(),
                text::visible(&value.to_string()).into_owned(),
            ]
        });
        let columns = [column("KEY"), column("VALUE").of(Content::Sentence)];
        write_table(out, style, "settings", &columns, &rows.collect::<Vec<_>>())?;
    }
    if usage.references.is_empty() {
        return Ok(());
    }
    let rows = usage.references.iter();
    let rows = rows.map(|one| reference_row(one, one.role.to_string()));
    let rows: Vec<_> = rows.collect();
    write_table(out, style, "references", &REFERENCE, &rows)?;
    if usage.is_more_than_named() {
        let more = usage.services - usage.named().len() as u64;
        let more = text::counted(more, "more service", "more services");
        let id = &connector.id;
        writeln!(out, "  … and {more}: connctl service list --uses {id}")?;
    }
    Ok(())
}

/// The last line about a connector, for somebody at a terminal: whether it can be deleted, and with
/// which command, or what to do first.
pub fn write_way(
    out: &mut impl Write,
    style: Style,
    connector: &Connector,
    used_by: u64,
) -> io::Result<()> {
    let id = &connector.id;
    let line = if connector.protected {
        format!("It is protected from being deleted; an admin lifts that: connctl unprotect {id}")
    } else if used_by > 0 {
        let verb = if used_by == 1 { "uses" } else { "use" };
        let services = text::counted(used_by, "service", "services");
        format!(
            "It cannot be deleted while {services} {verb} it; put another one in its place: \
             connctl replace {id} NEW"
        )
    } else if connector.retired_at.is_some() {
        format!(
            "No service uses it, and it is on trial; it can be deleted all the same: connctl delete {id}"
        )
    } else {
        format!("No service uses it; it can be deleted: connctl delete {id}")
    };
    let width = style.terminal_width.unwrap_or(usize::MAX);
    writeln!(out, "\n{}", text::folded(&line, width))
}

/// A reference to a connector as a row of [`REFERENCE`].
fn reference_row(reference: &Reference, roles: String) -> Vec<String> {
    vec![
        reference.service.to_string(),
        roles,
        reference.status().to_owned(),
    ]
}

/// The references that stand in the way as a small table, in so many columns of the terminal: each
/// service once, with its name where one is not called like its id.
pub fn usage_table(references: &[Reference], width: Option<usize>) -> String {
    let name = |reference: &Reference| {
        let name = reference.name.as_ref().map_or("", Name::as_str);
        let is_other = name != reference.service.as_str();
        text::visible(if is_other { name } else { "" }).into_owned()
    };
    let mut columns = REFERENCE.to_vec();
    let with_names = references.iter().any(|one| !name(one).is_empty());
    if with_names {
        columns.insert(1, column("NAME").of(Content::Text));
    }
    let services = references.chunk_by(|one, next| one.service == next.service);
    let rows = services.filter_map(|roles| {
        let reference = roles.first()?;
        let roles: Vec<_> = roles.iter().map(|one| one.role.as_str()).collect();
        let mut row = reference_row(reference, roles.join(", "));
        if with_names {
            row.insert(1, name(reference));
        }
        Some(row)
    });
    layout(&columns, &rows.collect::<Vec<_>>(), width)
}

/// What guards know of, in a table of bounded length and so many columns of the terminal; empty if
/// that is nothing.
pub fn guard_table(uses: &[GuardUse], width: Option<usize>) -> String {
    /// How many columns of each text are shown at most.
    const WIDTH: usize = 100;
    if uses.is_empty() {
        return String::new();
    }
    let shown = match uses.len() {
        ..=Usage::NAMED => uses,
        _ => &uses[..Usage::NAMED / 2],
    };
    let rows = shown.iter().map(|found| {
        let texts = [&found.guard, &found.used_by, &found.place];
        let cell = |text: &String| text::cut(&text::visible(text), WIDTH).into_owned();
        texts.map(cell).to_vec()
    });
    let columns = [column("GUARD"), column("USED BY"), column("WHERE")];
    let columns = columns.map(|column| column.of(Content::Sentence));
    let mut table = layout(&columns, &rows.collect::<Vec<_>>(), width);
    table.truncate(table.trim_end().len());
    if shown.len() < uses.len() {
        table.push_str(&format!("\n  … and {} more", uses.len() - shown.len()));
    }
    table
}

/// Writes everything about a service: as a page for people, or as one object.
pub fn write_service(
    out: &mut impl Write,
    format: Format,
    style: Style,
    service: &Service,
) -> io::Result<()> {
    if format.is_json() {
        return write_object(out, format, style, service);
    }
    let status = if service.active { "active" } else { "inactive" };
    write_fields(
        out,
        style,
        &[
            ("id", Some(service.id.to_string())),
            ("name", Some(service.name.to_string())),
            ("kind", Some(service.kind.to_string())),
            ("status", Some(status.to_owned())),
            ("schedule", service.schedule.clone()),
            ("note", service.note.clone()),
            ("created_at", Some(service.created_at.to_string())),
            ("updated_at", Some(service.updated_at.to_string())),
            ("revision", Some(service.revision.to_string())),
        ],
    )?;
    let rows = service
        .connectors()
        .map(|(role, id)| vec![id.to_string(), role.to_string()]);
    let columns = [column("CONNECTOR"), column("ROLE")];
    write_table(
        out,
        style,
        "connectors",
        &columns,
        &rows.collect::<Vec<_>>(),
    )
}

/// Writes everything about an entry of the audit trail: as a page for people, or as one object.
pub fn write_audit_entry(
    out: &mut impl Write,
    format: Format,
    style: Style,
    entry: &AuditEntry<'_>,
) -> io::Result<()> {
    if format.is_json() {
        return write_object(out, format, style, entry);
    }
    write_fields(
        out,
        style,
        &[
            ("sequence", Some(entry.sequence.to_string())),
            ("time", Some(entry.time.to_string())),
            ("user", Some(entry.user.to_string())),
            ("uid", Some(entry.uid.to_string())),
            ("sudo_user", entry.sudo_user.as_deref().map(str::to_owned)),
            ("host", Some(entry.host.to_string())),
            ("command", Some(entry.command.to_string())),
            ("action", Some(entry.action.to_string())),
            ("subject", entry.subject.as_deref().map(str::to_owned)),
            ("outcome", Some(entry.outcome.to_string())),
            ("reason", entry.reason.as_deref().map(str::to_owned)),
            ("hash", Some(entry.hash.to_string())),
        ],
    )?;
    let Some(detail) = &entry.detail else {
        return Ok(());
    };
    // In a trail that was tampered with it may be no JSON.
    let pretty = serde_json::from_str::<serde_json::Value>(detail)
        .and_then(|value| serde_json::to_string_pretty(&value));
    let shown = match &pretty {
        Ok(pretty) => text::json_escaped(pretty),
        Err(_) => text::visible(detail),
    };
    let heading = style.heading("detail");
    writeln!(out, "\n{heading}\n  {}", shown.replace('\n', "\n  "))
}

fn write_object(
    out: &mut impl Write,
    format: Format,
    style: Style,
    object: &impl Serialize,
) -> io::Result<()> {
    if format == Format::Json && style.terminal_width.is_some() {
        serde_json::to_writer_pretty(&mut *out, object)?;
    } else {
        serde_json::to_writer(&mut *out, object)?;
    }
    out.write_all(b"\n")
}

/// The fields that hold what people wrote, in which a word too long for the terminal may be broken.
const WRITTEN: [&str; 5] = ["name", "note", "schedule", "reason", "sudo_user"];

/// How few columns a text is broken into before it stands below its name.
const LEAST_BESIDE: usize = 8;

/// Writes the fields that have a value, one a line, the values beneath each other. On a terminal a
/// value goes on below its beginning, and one that fits nowhere stands below its name.
pub(super) fn write_fields(
    out: &mut impl Write,
    style: Style,
    fields: &[(&str, Option<String>)],
) -> io::Result<()> {
    let width = fields.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let room = style.table_width().unwrap_or(usize::MAX);
    let beside = room.saturating_sub(width + 2);
    for (name, value) in fields {
        let Some(value) = value else { continue };
        let label = style.heading(name);
        let value = text::visible(value);
        let break_into = if WRITTEN.contains(name) {
            text::broken
        } else {
            text::wrapped
        };
        let lines = break_into(&value, beside.max(LEAST_BESIDE));
        if lines.iter().any(|line| line.width() > beside) {
            writeln!(out, "{label}")?;
            for line in break_into(&value, room.saturating_sub(2)) {
                let indent = if line.width() + 2 > room { "" } else { "  " };
                writeln!(out, "{indent}{line}")?;
            }
            continue;
        }
        let padding = width - name.len();
        for (index, line) in lines.into_iter().enumerate() {
            if index == 0 {
                writeln!(out, "{label}{:padding$}  {line}", "")?;
            } else {
                writeln!(out, "{:width$}  {line}", "")?;
            }
        }
    }
    Ok(())
}

/// Writes a table with a heading below what was written before.
pub(super) fn write_table(
    out: &mut impl Write,
    style: Style,
    heading: &str,
    columns: &[Column],
    rows: &[Vec<String>],
) -> io::Result<()> {
    let table = layout(columns, rows, style.table_width());
    write!(out, "\n{}\n{table}", style.heading(heading))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_people_wrote_keeps_to_the_terminal(
            name in "[a-zA-Z東é ]{1,200}",
            note in "([a-z]{1,60} ?){1,8}",
            width in 20..300usize,
        ) {
            let style = Style { terminal_width: Some(width), ..Style::default() };
            let id = "i".repeat(128);
            let fields = [
                ("id", Some(id.clone())),
                ("name", Some(name)),
                ("note", Some(note)),
                ("updated_at", Some("2026-11-24T10:00:00Z".to_owned())),
            ];
            let mut out = Vec::new();
            write_fields(&mut out, style, &fields).unwrap();
            let shown = String::from_utf8(out).unwrap();
            for line in shown.lines() {
                prop_assert!(line.width() <= width || line == id, "{width}: {line:?}");
            }
            prop_assert!(shown.contains("2026-11-24T10:00:00Z"), "{shown}");
        }
    }
}
