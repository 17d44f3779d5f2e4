//! Diagrams in the language of Mermaid.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use crate::model::{ConnectorId, GuardUse, Impact, Name, Role, ServiceUse, text};

/// How many columns of a text are drawn.
const WIDTH: usize = 60;

/// A diagram of what would break: sources lead to services, services to destinations. What is not
/// active hangs on dotted lines, as does what only guards know of.
///
/// Names stand in it as texts alone: what a node is called within the diagram is counted.
#[derive(Default)]
pub struct Mermaid {
    lines: String,
    connectors: HashMap<ConnectorId, usize>,
    services: HashMap<String, usize>,
    others: usize,
}

impl Mermaid {
    /// Adds a connector that may go.
    pub fn connector(&mut self, impact: &Impact) {
        let connector = &impact.connector;
        let node = self.connectors.len();
        let shown = titled(connector.id.as_str(), Some(&connector.name));
        self.connectors.insert(connector.id.clone(), node);
        // With a double border, unlike what is only carried along.
        let _ = writeln!(self.lines, "  c{node}[[\"{shown}\"]]");
        for found in &impact.guards {
            self.guard_use(node, found);
        }
    }

    fn guard_use(&mut self, node: usize, found: &GuardUse) {
        let other = self.others;
        self.others += 1;
        let shown = label(&format!("{} {}", found.used_by, found.place));
        let guard = label(&found.guard);
        let _ = writeln!(self.lines, "  u{other}{{{{\"{shown}\"}}}}");
        let _ = writeln!(self.lines, "  c{node} -. \"{guard}\" .- u{other}");
    }

    /// Adds a service that uses one of the connectors that were added before.
    pub fn service(&mut self, service: &ServiceUse) {
        let node = self.services.len();
        if self.services.contains_key(service.id.as_str()) {
            return;
        }
        self.services.insert(service.id.to_string(), node);
        let shown = titled(service.id.as_str(), service.name.as_ref());
        let _ = writeln!(self.lines, "  s{node}([\"{shown}\"])");
        let arrow = if service.active { "-->" } else { "-.->" };
        for (role, connector) in &service.connectors {
            let other = self.carried(connector);
            let _ = match role {
                Role::Source => writeln!(self.lines, "  c{other} {arrow} s{node}"),
                Role::Destination => writeln!(self.lines, "  s{node} {arrow} c{other}"),
            };
        }
    }

    /// Adds how many services of a connector are left out.
    pub fn more(&mut self, connector: &ConnectorId, more: u64) {
        let node = self.carried(connector);
        let other = self.others;
        self.others += 1;
        let _ = writeln!(self.lines, "  u{other}([\"and {more} more services\"])");
        let _ = writeln!(self.lines, "  c{node} -.- u{other}");
    }

    fn carried(&mut self, connector: &ConnectorId) -> usize {
        if let Some(node) = self.connectors.get(connector) {
            return *node;
        }
        let node = self.connectors.len();
        self.connectors.insert(connector.clone(), node);
        let shown = label(connector.as_str());
        let _ = writeln!(self.lines, "  c{node}[\"{shown}\"]");
        node
    }

    /// Writes the diagram.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "flowchart LR")?;
        out.write_all(self.lines.as_bytes())?;
        out.flush()
    }
}

/// An id with the name that belongs to it, where that differs.
fn titled(id: &str, name: Option<&Name>) -> String {
    match name {
        Some(name) if name.as_str() != id => {
            format!("{} #40;{}#41;", label(id), label(name.as_str()))
        }
        _ => label(id),
    }
}

/// A text that means nothing but itself between the quotes of a label: whatever is neither a letter
/// nor a digit is written as its number, but a space and what stands within a word of an id. So no
/// text can end the label, begin a list, a format or a tag in it, or be taken for a statement.
fn label(text: &str) -> String {
    let visible = text::visible(text);
    let cut = text::cut(&visible, WIDTH);
    let mut shown = String::new();
    let mut before = ' ';
    let mut characters = cut.chars().peekable();
    while let Some(character) = characters.next() {
        let after = characters.peek().copied().unwrap_or(' ');
        let is_within = before.is_alphanumeric() && after.is_alphanumeric();
        let stays = match character {
            '.' | '_' | '-' => is_within,
            ' ' => true,
            other => other.is_alphanumeric(),
        };
        if stays {
            shown.push(character);
        } else {
            let _ = write!(shown, "#{};", u32::from(character));
        }
        before = character;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_more_than_a_text() {
        for (text, shown) in [
            ("target-snowflake_prod.2", "target-snowflake_prod.2"),
            ("Größe 東京", "Größe 東京"),
            ("a\"] --> b", "a#34;#93; #45;#45;#62; b"),
            ("`**x**`", "#96;#42;#42;x#42;#42;#96;"),
            ("<script>", "#60;script#62;"),
            ("#quot;", "#35;quot#59;"),
            ("1. one", "1#46; one"),
            ("- one", "#45; one"),
            ("style:a", "style#58;a"),
            ("%%{init: x}%%", "#37;#37;#123;init#58; x#125;#37;#37;"),
            ("a\nend", "a#92;nend"),
            ("\u{202e}x", "#92;u#123;202e#125;x"),
        ] {
            assert_eq!(label(text), shown);
        }
        assert!(label(&"x".repeat(1_000)).len() < 80);
    }
}
