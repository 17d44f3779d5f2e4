//! What an import did, counted.

use std::io::{self, Write};

use serde::Serialize;

use super::secrets::SecretCount;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::text;
use crate::output::Format;

/// What an import did to one kind of record.
#[derive(Debug, Default, Serialize)]
pub struct Count {
    added: usize,
    replaced: usize,
    unchanged: usize,
}

/// What an import did.
#[derive(Debug, Default, Serialize)]
pub struct Counts {
    pub(super) connectors: Count,
    pub(super) services: Count,
    #[serde(skip_serializing_if = "SecretCount::is_empty")]
    pub(super) secrets: SecretCount,
}

/// What became of one record.
pub(super) enum Fate {
    Added,
    Replaced,
    Unchanged,
}

impl Count {
    pub(super) fn note(&mut self, fate: &Fate) {
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

    /// Says what was imported, and writes it for whoever asked for JSON.
    pub fn report(&self, context: &Context, format: Format) -> Result<()> {
        context.ui.note(&self.sentence());
        self.secrets.report(context);
        if format.is_json() {
            let mut out = context.output(format);
            serde_json::to_writer(&mut out, self)
                .map_err(io::Error::from)
                .and_then(|()| writeln!(out))
                .and_then(|()| out.flush())
                .map_err(Error::output_after_change)?;
        }
        Ok(())
    }
}
