//! What checks found, for somebody at a terminal.

use super::{Finding, Health};
use crate::model::text;

/// The findings, a line each with what to do about it below. Nothing is cut, because advice that is
/// cut is none.
pub fn checklist(findings: &[Finding], is_colored: bool) -> String {
    let width = findings.iter().map(|finding| finding.check.len()).max();
    let width = width.unwrap_or(0);
    let mut lines = String::new();
    for finding in findings {
        let status = console::style(format!("{:<7}", finding.health.name()));
        let status = match finding.health {
            Health::Ok => status.green(),
            Health::Warning => status.yellow().bold(),
            Health::Wrong => status.red().bold(),
        };
        let status = status.force_styling(is_colored);
        let detail = text::visible(&finding.detail);
        lines.push_str(&format!("{status}  {:<width$}  {detail}\n", finding.check));
        if let Some(advice) = &finding.advice {
            lines.push_str(&format!("         {}\n", text::visible(advice)));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_stands_whole_below_its_check() {
        let findings = [
            Finding::ok("schema", "version 4"),
            Finding::wrong(
                "references",
                "2 references to nothing",
                "restore it: ".repeat(30),
            ),
        ];
        let shown = checklist(&findings, false);
        assert!(shown.starts_with("ok       schema      version 4\nwrong    references  2 "));
        assert!(shown.ends_with(&format!("\n         {}\n", "restore it: ".repeat(30))));
    }
}
