//! Tokens in texts: `[Name]`, `[Namespace:Name]`, `[Name=default]`.
//!
//! They are filled in once, from left to right. What is filled in is text and nothing else: it is
//! not looked at for tokens again, and nothing in it is ever run.

use std::collections::BTreeMap;

use super::text;

/// The values that tokens stand for, by `Name` or `Namespace:Name`.
pub type TokenValues = BTreeMap<String, String>;

/// Why the tokens in a text cannot be filled in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// A bracket that neither begins nor ends a token.
    #[error(
        "{0} holds a bracket that is not part of a token such as [Name], [Namespace:Name] or [Name=default]"
    )]
    Malformed(text::Quoted),
    /// A token that nobody gave a value.
    #[error("the token [{0}] has no value")]
    Unresolved(String),
}

/// Whether the text holds anything that could be a token.
#[must_use]
pub fn has_tokens(text: &str) -> bool {
    text.contains(['[', ']'])
}

/// The text with each token replaced by its value, or by its default where it has none.
///
/// # Errors
/// When a bracket is part of no token, or a token has neither value nor default.
pub fn fill_in(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, TokenError> {
    let malformed = || TokenError::Malformed(text.into());
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['[', ']']) {
        filled.push_str(&rest[..start]);
        let token = rest[start..].strip_prefix('[').ok_or_else(malformed)?;
        let end = token.find(']').ok_or_else(malformed)?;
        let (token, after) = (&token[..end], &token[end + 1..]);
        let (name, default) = match token.split_once('=') {
            Some((name, default)) => (name, Some(default)),
            None => (token, None),
        };
        if !is_token_name(name) || default.is_some_and(|default| default.contains('[')) {
            return Err(malformed());
        }
        match value(name).or_else(|| default.map(str::to_owned)) {
            Some(value) => filled.push_str(&value),
            None => return Err(TokenError::Unresolved(name.to_owned())),
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Whether this is `Name` or `Namespace:Name`: each begins with a letter and goes on with letters,
/// digits and underscores.
#[must_use]
pub fn is_token_name(name: &str) -> bool {
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    match name.split_once(':') {
        Some((namespace, name)) => is_name(namespace) && is_name(name),
        None => is_name(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(text: &str) -> Result<String, TokenError> {
        fill_in(text, |name| match name {
            "Region" => Some("eu".to_owned()),
            "Crm:Id" => Some("crm-1".to_owned()),
            "Evil" => Some("$(rm -rf /) [Region]".to_owned()),
            _ => None,
        })
    }

    #[test]
    fn tokens_are_filled_in_anywhere() {
        for (text, filled) in [
            ("plain", "plain"),
            ("conn-[Region]-live", "conn-eu-live"),
            ("[Crm:Id]", "crm-1"),
            ("[Region][Region]", "eueu"),
            ("[Other=x-1]", "x-1"),
            ("[Region=us]", "eu"),
            ("[Other=]", ""),
        ] {
            assert_eq!(fill(text).unwrap(), filled, "{text}");
        }
    }

    #[test]
    fn a_value_is_never_looked_at_again() {
        assert_eq!(fill("[Evil]").unwrap(), "$(rm -rf /) [Region]");
    }

    #[test]
    fn what_is_no_token_is_an_error() {
        for text in [
            "[",
            "]",
            "a]b",
            "[]",
            "[1x]",
            "[a b]",
            "[[Region]]",
            "[a:b:c]",
            "[Other=[Region]]",
            "[Größe]",
        ] {
            assert!(
                matches!(fill(text), Err(TokenError::Malformed(_))),
                "{text}"
            );
        }
        assert_eq!(
            fill("[Other]"),
            Err(TokenError::Unresolved("Other".to_owned()))
        );
    }
}
