//! What checks found, for somebody at a terminal.

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
