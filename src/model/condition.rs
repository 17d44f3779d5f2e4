//! Conditions of workflow actions.
//!
//! A closed grammar, of which nothing is guessed: `[Token] == "text"`, `[Token] != "text"`,
//! `[Token]`, `![Token]`, `[Token] = True` and `[Token] = False`. Anything else is an error, and so
//! is a token whose value is not known: neither is ever taken for true or for false.

use std::fmt;

use super::text;
use super::token::{Token, TokenError, unescaped};

/// What must hold for an action to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    written: String,
    token: Token,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    /// The value is true, or is false.
    Is(bool),
    /// The value has exactly these bytes.
    Equals(String),
    /// The value has other bytes.
    Differs(String),
}

/// Why nobody can say whether a condition holds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// It is outside the grammar.
    #[error(
        "{0} is no condition that is known; known are [Token] == \"text\", [Token] != \"text\", [Token], ![Token], [Token] = True and [Token] = False"
    )]
    Unknown(text::Quoted),
    /// Its token cannot be filled in.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Its token must be true or false, and is not.
    #[error("the token [{0}] is neither true nor false")]
    NoTruth(String),
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// When it is outside the grammar.
    pub fn parse(written: &str) -> Result<Self, ConditionError> {
        let read = || {
            let condition = written.trim_matches(' ');
            let (is_negated, condition) = match condition.strip_prefix('!') {
                Some(rest) => (true, rest),
                None => (false, condition),
            };
            let (token, rest) = Token::parse_first(condition)?;
            let rest = rest.trim_start_matches(' ');
            let test = if rest.is_empty() {
                Test::Is(!is_negated)
            } else if is_negated {
                return None;
            } else if let Some(operand) = rest.strip_prefix("==") {
                Test::Equals(literal(operand)?)
            } else if let Some(operand) = rest.strip_prefix("!=") {
                Test::Differs(literal(operand)?)
            } else {
                match rest.strip_prefix('=')?.trim_start_matches(' ') {
                    "True" => Test::Is(true),
                    "False" => Test::Is(false),
                    _ => return None,
                }
            };
            Some((token, test))
        };
        let (token, test) = read().ok_or_else(|| ConditionError::Unknown(written.into()))?;
        Ok(Self {
            written: written.to_owned(),
            token,
            test,
        })
    }

    /// The name of its token.
    #[must_use]
    pub fn token(&self) -> &str {
        self.token.name()
    }

    /// Whether it holds. Values are compared byte by byte, and not looked at for anything else.
    ///
    /// # Errors
    /// When nobody can say.
    pub fn holds(&self, value: impl Fn(&str) -> Option<String>) -> Result<bool, ConditionError> {
        let value = self.token.fill_in(value)?;
        match &self.test {
            Test::Equals(text) => Ok(value == *text),
            Test::Differs(text) => Ok(value != *text),
            Test::Is(wanted) => match value.as_str() {
                "true" | "True" => Ok(*wanted),
                "false" | "False" | "" => Ok(!*wanted),
                _ => Err(ConditionError::NoTruth(self.token.name().to_owned())),
            },
        }
    }
}

/// As it was written.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// The text between double quotes, if nothing in it could mean anything but itself.
fn literal(operand: &str) -> Option<String> {
    let text = operand.trim_start_matches(' ');
    let text = text.strip_prefix('"')?.strip_suffix('"')?;
    let is_plain = |c: char| !matches!(c, '"' | '\\' | '[' | ']') && !c.is_control();
    text.chars().all(is_plain).then(|| unescaped(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(condition: &str) -> Result<bool, ConditionError> {
        Condition::parse(condition)?.holds(|name| {
            let value = match name {
                "Stage" | "Env:STAGE" => "prod",
                "Yes" => "true",
                "No" => "False",
                "Nothing" => "",
                "Code" => "[Yes] == \"x\"",
                "Quoted" => "\"prod\"",
                _ => return None,
            };
            Some(value.to_owned())
        })
    }

    #[test]
    fn the_grammar_says_whether_it_holds() {
        for (condition, expected) in [
            ("[Stage] == \"prod\"", true),
            ("[Stage]==\"prod\"", true),
            (" [Env:STAGE]  ==  \"prod\" ", true),
            ("[Stage] == \"Prod\"", false),
            ("[Stage] == \"prod \"", false),
            ("[Stage] == \"\"", false),
            ("[Nothing] == \"\"", true),
            ("[Stage] != \"prod\"", false),
            ("[Stage] != \"test\"", true),
            ("[Yes]", true),
            ("![Yes]", false),
            ("[No]", false),
            ("![No]", true),
            ("[Nothing]", false),
            ("![Nothing]", true),
            ("[Yes] = True", true),
            ("[Yes] = False", false),
            ("[No]=False", true),
            ("[Nothing] = True", false),
            ("[Other=true]", true),
            ("[Other=x] == \"x\"", true),
            ("[Stage|the {0} one] == \"the prod one\"", true),
            // What is filled in is text, whatever it looks like.
            ("[Code] == \"x\"", false),
            ("[Code] != \"x\"", true),
            ("[Code] == \"&#91;Yes&#93; == x\"", false),
            ("[Quoted] == \"prod\"", false),
        ] {
            assert_eq!(holds(condition), Ok(expected), "{condition}");
        }
    }

    #[test]
    fn what_is_not_known_is_neither_true_nor_false() {
        for condition in [
            "",
            " ",
            "true",
            "True",
            "\"a\" == \"a\"",
            "[Stage] == prod",
            "[Stage] == 'prod'",
            "[Stage] == “prod”",
            "\"prod\" == [Stage]",
            "[Stage] == [Stage]",
            "[Stage] == \"[Stage]\"",
            "[Stage] === \"prod\"",
            "[Stage] = \"prod\"",
            "[Stage] == True",
            "[Yes] = true",
            "[Yes] == \"true\" || true",
            "[Yes] == \"true\" && [Stage] == \"prod\"",
            "[Yes] == \"true\" or \"\" == \"\"",
            "[Yes] = True = True",
            "!![Yes]",
            "! [Yes]",
            "!([Yes])",
            "([Yes])",
            "[Yes] [Yes]",
            "[Yes]x",
            "x[Yes]",
            "![Stage] == \"prod\"",
            "[Yes|true]",
            "[Yes",
            "[Stage] == \"a\\\"\"",
            "[Stage] == \"a\nb\"",
            "[Stage] == \"",
            "[Stage] > \"a\"",
            "\t[Yes]",
            "[Yes]\n",
            "[Yes]\u{a0}",
        ] {
            let error = holds(condition).unwrap_err();
            assert!(
                matches!(error, ConditionError::Unknown(_)),
                "{condition}: {error}"
            );
        }
        let unresolved = TokenError::Unresolved("Other".to_owned());
        for condition in ["[Other]", "![Other]", "[Other] != \"x\"", "[Other] = False"] {
            assert_eq!(
                holds(condition),
                Err(unresolved.clone().into()),
                "{condition}"
            );
        }
        for condition in ["[Stage]", "![Stage]", "[Stage] = True", "[Stage] = False"] {
            assert_eq!(
                holds(condition),
                Err(ConditionError::NoTruth("Stage".to_owned())),
                "{condition}"
            );
        }
    }
}
