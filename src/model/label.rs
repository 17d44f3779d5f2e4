//! Short texts with rules of their own.

use super::macros::text_type;
use super::text;

/// Why a text cannot be a label or a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// There is no text.
    #[error("the text cannot be empty")]
    Empty,
    /// The text is too long.
    #[error("the text has {length} characters; at most {allowed} are allowed")]
    TooLong {
        /// The length of the text in characters.
        length: usize,
        /// The greatest length allowed.
        allowed: usize,
    },
    /// The text begins or ends with white space.
    #[error("the text {0} begins or ends with white space")]
    Margin(text::Quoted),
    /// The text holds a character that cannot be shown.
    #[error("the text {0} holds a control or an invisible character")]
    Invisible(text::Quoted),
}

fn check_length(text: &str, allowed: usize) -> Result<(), InvalidText> {
    if text.is_empty() {
        return Err(InvalidText::Empty);
    }
    let length = text.chars().count();
    if length > allowed {
        return Err(InvalidText::TooLong { length, allowed });
    }
    Ok(())
}

text_type! {
    /// What connectors are filtered by: the system or the company group.
    ///
    /// 1 to 128 characters, all of them visible, without white space at either end.
    pub struct Label, checked by fn check_label, which says InvalidText
}

fn check_label(text: &str) -> Result<(), InvalidText> {
    check_length(text, 128)?;
    if text.chars().any(text::is_unsafe) {
        return Err(InvalidText::Invisible(text.into()));
    }
    if text.trim() != text {
        return Err(InvalidText::Margin(text.into()));
    }
    Ok(())
}

text_type! {
    /// The name that people give a connector or a service: any text of 1 to 1,024 characters, which
    /// may hold control characters.
    pub struct Name, checked by fn check_name, which says InvalidText
}

fn check_name(text: &str) -> Result<(), InvalidText> {
    check_length(text, 1024)
}

/// What stands for a text that a damaged store does not tell.
pub const UNREADABLE: &str = "(unreadable)";

impl Label {
    /// What stands for one that a damaged store does not tell.
    #[must_use]
    pub fn unreadable() -> Self {
        Self(UNREADABLE.into())
    }
}

impl Name {
    /// What stands for one that a damaged store does not tell.
    #[must_use]
    pub fn unreadable() -> Self {
        Self(UNREADABLE.into())
    }

    /// The name of something that was given none: its id.
    #[must_use]
    pub fn of_id(id: &impl AsRef<str>) -> Self {
        Self(id.as_ref().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_visible_and_trimmed() {
        assert!("net suite".parse::<Label>().is_ok());
        for text in ["", " a", "a ", "a\tb", "a\u{202e}b", &"x".repeat(129)] {
            assert!(text.parse::<Label>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_name_holds_any_text_and_shows_it_safely() {
        let name: Name = "evil\u{1b}[2J\nname".parse().unwrap();
        assert_eq!(name.as_str(), "evil\u{1b}[2J\nname");
        assert_eq!(name.to_string(), "evil\\u{1b}[2J\\nname");
    }
}
