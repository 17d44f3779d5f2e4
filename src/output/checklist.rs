//! What checks found, for somebody at a terminal.

use unicode_width::UnicodeWidthStr;

use super::column::{Column, Content, Record, Value, listed};
use crate::model::text;

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Nothing is wrong.
    Ok,
    /// Something could be better.
    Warning,
    /// Something is wrong.
    Wrong,
}

impl Health {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Wrong => "wrong",
        }
    }
}

/// What a check found.
#[derive(Debug)]
pub struct Finding {
    /// What was checked.
    pub check: &'static str,
    /// How it went.
    pub health: Health,
    /// What was found.
    pub detail: String,
    /// What to do about it.
    pub advice: Option<String>,
}

impl Finding {
    /// Nothing is wrong.
    pub fn ok(check: &'static str, detail: impl Into<String>) -> Self {
        Self {
            check,
            health: Health::Ok,
            detail: detail.into(),
            advice: None,
        }
    }

    /// Something could be better.
    pub fn warning(
        check: &'static str,
        detail: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        let health = Health::Warning;
        Self {
            check,
            health,
            detail: detail.into(),
            advice: Some(advice.into()),
        }
    }

    /// Something is wrong.
    pub fn wrong(
        check: &'static str,
        detail: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        let health = Health::Wrong;
        Self {
            check,
            health,
            detail: detail.into(),
            advice: Some(advice.into()),
        }
    }
}

impl Record for Finding {
    const COLUMNS: &'static [Column] = &[
        listed("check", "CHECK"),
        listed("status", "STATUS").of(Content::Word),
        listed("detail", "DETAIL").of(Content::Sentence),
        listed("advice", "ADVICE").of(Content::Sentence),
    ];

    fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
        use_values(&[
            Value::Text(self.check),
            Value::Text(self.health.name()),
            Value::Text(&self.detail),
            self.advice.as_deref().into(),
        ])
    }
}

/// The findings, a line each with what to do about it below. Nothing is cut, because advice that is
/// cut is none.
pub fn checklist(findings: &[Finding], width: usize, is_colored: bool) -> String {
    let names = findings.iter().map(|finding| finding.check.len()).max();
    let names = names.unwrap_or(0);
    let mut lines = String::new();
    for finding in findings {
        let check = finding.check;
        // Where even that is too wide, the names do not stand below each other.
        let padding = if 9 + check.len() > width { 0 } else { 7 };
        let status = console::style(format!("{:<padding$}", finding.health.name()));
        let status = match finding.health {
            Health::Ok => status.green(),
            Health::Warning => status.yellow().bold(),
            Health::Wrong => status.red().bold(),
        };
        let status = status.force_styling(is_colored);
        let detail = text::visible(&finding.detail);
        let beside = width.saturating_sub(11 + names);
        let details = text::wrapped(&detail, beside);
        if details.iter().all(|detail| detail.width() <= beside) {
            let indent = " ".repeat(11 + names);
            let detail = details.join(&format!("\n{indent}"));
            lines.push_str(&format!("{status}  {check:<names$}  {detail}\n"));
        } else {
            let gap = if padding == 0 { " " } else { "  " };
            lines.push_str(&format!("{status}{gap}{check}\n"));
            push_below(&mut lines, &detail, width);
        }
        if let Some(advice) = &finding.advice {
            push_below(&mut lines, &text::visible(advice), width);
        }
    }
    lines
}

/// Adds a text below a check. What is wider than the terminal stands alone.
fn push_below(lines: &mut String, text: &str, width: usize) {
    lines.push_str(&text::folded(&format!("         {text}"), width));
    lines.push('\n');
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
        let shown = checklist(&findings, 80, false);
        assert!(shown.starts_with("ok       schema      version 4\nwrong    references  2 "));
        assert!(shown.lines().all(|line| line.len() <= 80), "{shown}");
        assert_eq!(shown.matches("restore").count(), 30);
        let narrow = checklist(
            &[Finding::warning("store folder", "others", "chmod")],
            20,
            false,
        );
        assert_eq!(
            narrow,
            "warning store folder\n         others\n         chmod\n"
        );
    }
}
