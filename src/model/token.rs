//! Tokens in texts: `[Name]`, `[Namespace:Name]`, `[Name=default]`, `[Name|text {0}]`.
//!
//! They are filled in once, from left to right. What is filled in is text and nothing else: it is
//! not looked at for tokens again, and nothing in it is ever run. Where a text needs a character
//! that has a meaning, it says `&#91;` for `[`, `&#93;` for `]` and `&#124;` for `|`.

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
    /// A token whose value is empty, so that the text around it would stand there for nothing.
    #[error("the token [{0}] is empty, so that there is nothing to put into its text")]
    Empty(String),
}

/// A text with tokens, which are known but not filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    written: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Token(Token),
}

impl Template {
    /// Reads a text.
    ///
    /// # Errors
    /// When a bracket is part of no token.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let malformed = || TokenError::Malformed(text.into());
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find(['[', ']']) {
            parts.push(Part::Text(unescaped(&rest[..start])));
            let (token, after) = Token::parse_first(&rest[start..]).ok_or_else(malformed)?;
            parts.push(Part::Token(token));
            rest = after;
        }
        parts.push(Part::Text(unescaped(rest)));
        Ok(Self {
            written: text.to_owned(),
            parts,
        })
    }

    /// The text as it was written.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The names of its tokens.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Token(token) => Some(token.name()),
        })
    }

    /// The text with each token replaced by its value, or by its default where it has none.
    ///
    /// # Errors
    /// When a token has neither value nor default.
    pub fn fill_in(&self, value: impl Fn(&str) -> Option<String>) -> Result<String, TokenError> {
        let mut filled = String::with_capacity(self.written.len());
        for part in &self.parts {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Token(token) => filled.push_str(&token.fill_in(&value)?),
            }
        }
        Ok(filled)
    }
}

/// A token: whose value it stands for, and what it makes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    name: String,
    default: Option<String>,
    /// What stands before and behind the value.
    around: Option<(String, String)>,
}

impl Token {
    /// The token with which a text begins, and what follows it; `None` if it begins with none.
    #[must_use]
    pub fn parse_first(text: &str) -> Option<(Self, &str)> {
        let (token, after) = text.strip_prefix('[')?.split_once(']')?;
        // Tokens do not nest.
        if token.contains('[') {
            return None;
        }
        let (value, around) = match token.split_once('|') {
            Some((value, format)) => (value, Some(around(format)?)),
            None => (token, None),
        };
        let (name, default) = match value.split_once('=') {
            // Whether the text would stand around the default as well, nobody says.
            Some(_) if around.is_some() => return None,
            Some((name, default)) => (name, Some(unescaped(default))),
            None => (value, None),
        };
        let token = Self {
            name: name.to_owned(),
            default,
            around,
        };
        is_token_name(name).then_some((token, after))
    }

    /// `Name` or `Namespace:Name`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What stands in its place.
    ///
    /// # Errors
    /// When it has neither value nor default.
    pub fn fill_in(&self, value: impl Fn(&str) -> Option<String>) -> Result<String, TokenError> {
        let value = value(&self.name)
            .or_else(|| self.default.clone())
            .ok_or_else(|| TokenError::Unresolved(self.name.clone()))?;
        match &self.around {
            None => Ok(value),
            Some(_) if value.is_empty() => Err(TokenError::Empty(self.name.clone())),
            Some((before, after)) => Ok(format!("{before}{value}{after}")),
        }
    }
}

/// What stands before and behind `{0}`, which must be there once, and no other brace.
fn around(format: &str) -> Option<(String, String)> {
    let (before, after) = format.split_once("{0}")?;
    let is_plain = |text: &str| !text.contains(['{', '}', '|']);
    (is_plain(before) && is_plain(after)).then(|| (unescaped(before), unescaped(after)))
}

/// The text with what stands for brackets and bars replaced by them.
pub(super) fn unescaped(text: &str) -> String {
    // None of the three can come out of another.
    text.replace("&#91;", "[")
        .replace("&#93;", "]")
        .replace("&#124;", "|")
}

/// The text with each token replaced by its value, or by its default where it has none.
///
/// # Errors
/// When a bracket is part of no token, or a token has neither value nor default.
pub fn fill_in(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, TokenError> {
    Template::parse(text)?.fill_in(value)
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
            "Evil" => Some("$(rm -rf /) [Region] &#91;{0}".to_owned()),
            "Nothing" => Some(String::new()),
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
            ("[Nothing=x]", ""),
            ("[Region|conn {0}!]", "conn eu!"),
            ("[Region|user&#91;{0}&#124;&#93;]&#91;&#93;", "user[eu|][]"),
            ("[Other=&#91;x&#93;]", "[x]"),
            ("a&amp;&#92;", "a&amp;&#92;"),
        ] {
            assert_eq!(fill(text).unwrap(), filled, "{text}");
        }
    }

    #[test]
    fn a_value_is_never_looked_at_again() {
        for text in ["[Evil]", "[Evil|{0}]"] {
            assert_eq!(fill(text).unwrap(), "$(rm -rf /) [Region] &#91;{0}");
        }
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
            "[Region|]",
            "[Region|true]",
            "[Region|{1}]",
            "[Region|{0}{0}]",
            "[Region|{0}|x]",
            "[Region|{0} [Other]]",
            "[Region=x|{0}]",
            "[Region(id=1)]",
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
        assert_eq!(
            fill("[Nothing|conn-{0}]"),
            Err(TokenError::Empty("Nothing".to_owned()))
        );
    }
}
