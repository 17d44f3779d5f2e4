//! Asking guards, which know of uses beyond the store.

use std::io;

use serde::Deserialize;

use super::Context;
use crate::config::Guard;
use crate::error::{Error, Result};
use crate::model::tree::Tree;
use crate::model::{Answers, ConnectorId, GuardUse, text};
use crate::platform::{self, IN_GUARD, Program};
use crate::store;

/// How many bytes a guard may answer.
const ANSWER_LIMIT: usize = 1 << 20;

/// What a line of an answer is, in words.
const A_USE: &str = "a use: an object with id, used_by and where";

/// A line of an answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: ConnectorId,
    used_by: String,
    #[serde(rename = "where")]
    place: String,
}

impl Context {
    /// Whether anybody is to be asked before connectors are deleted. In a guard nothing is deleted:
    /// it would ask itself.
    pub fn has_guards(&self) -> Result<bool> {
        match &self.guards {
            Some(guards) => Ok(!guards.is_empty()),
            None => Err(Error::failure(
                "a guard is asked what is in use; it deletes nothing and asks no guards",
            )
            .hint("a guard may look: connctl list, connctl show, connctl service list")),
        }
    }

    /// The guards that are configured, each with its name.
    pub fn guards(&self) -> impl Iterator<Item = (&str, &Guard)> {
        let guards = self.guards.iter().flatten();
        guards.map(|(name, guard)| (name.as_str(), guard))
    }

    /// What the guards say of these connectors; each of them hears of all. Nothing of the store may
    /// be held meanwhile, because a guard takes its time and may look into the store itself.
    ///
    /// A guard that cannot tell is an error: nobody knows then what is in use.
    pub fn ask_guards<'a>(
        &self,
        connectors: impl IntoIterator<Item = &'a ConnectorId>,
    ) -> Result<Answers> {
        if !self.has_guards()? {
            return Ok(Answers::without_guards());
        }
        let mut answers = Answers::about(connectors);
        if answers.asked().next().is_some() {
            for (name, guard) in self.guards.iter().flatten() {
                self.ask_guard(name, guard, &mut answers)?;
            }
        }
        Ok(answers)
    }

    fn ask_guard(&self, name: &str, guard: &Guard, answers: &mut Answers) -> Result<()> {
        let _held = platform::signals().hold();
        let program = Program {
            command: &guard.command,
            environment: self.environment(IN_GUARD),
            limit: guard.timeout.0,
            answer_limit: ANSWER_LIMIT,
        };
        let answer = program.run(
            |input| {
                let mut asked = answers.asked();
                asked.try_for_each(|id| writeln!(input, "{id}"))
            },
            &|| platform::signals().is_raised(),
        );
        if platform::signals().is_raised() {
            return Err(store::Error::Interrupted.into());
        }
        let failed = |why: &str, said: &str| {
            let name = text::Quoted::from(name);
            let message = format!("the guard {name} {why}; nothing was changed{said}");
            let file = text::path(&guard.file);
            Error::failure(message).hint(format!("put it right; it is configured in {file}"))
        };
        let answer = answer.map_err(|failure| {
            let why = match failure.error.kind() {
                io::ErrorKind::TimedOut => format!("did not end in {:?}", guard.timeout.0),
                _ if failure.error.raw_os_error().is_some() => {
                    let program = guard.command.first().map_or("", String::as_str);
                    format!(
                        "cannot be run: {}: {}",
                        text::visible(program),
                        failure.error
                    )
                }
                _ => format!("failed: {}", failure.error),
            };
            failed(&why, &failure.said())
        })?;
        add_answer(answers, name, &answer)
            .map_err(|why| failed(&format!("cannot be understood: {why}"), ""))
    }
}

/// Adds what a guard answered, an object a line.
fn add_answer(answers: &mut Answers, guard: &str, answer: &[u8]) -> Result<(), String> {
    let answer = answer.strip_prefix(b"\xef\xbb\xbf").unwrap_or(answer);
    for (index, line) in answer.split(|byte| *byte == b'\n').enumerate() {
        let at = |why: &str| format!("line {} of its answer: {why}", index + 1);
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let line = str::from_utf8(line).map_err(|_| at("it is not UTF-8 text"))?;
        if !line.starts_with('{') {
            return Err(at(&format!("it is not {A_USE}")));
        }
        let read = Tree::from_json(line).and_then(Tree::read::<Line>);
        let Line { id, used_by, place } = read.map_err(|error| at(&error.to_string()))?;
        if used_by.trim().is_empty() {
            return Err(at("used_by is empty"));
        }
        let found = GuardUse {
            guard: guard.to_owned(),
            used_by,
            place,
        };
        let not_asked = format!("it was not asked about {id}");
        if !answers.add(id, found) {
            return Err(at(&not_asked));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(answer: &str) -> Result<Answers, String> {
        let mut answers = Answers::about([&"a".parse().unwrap(), &"b".parse().unwrap()]);
        add_answer(&mut answers, "git", answer.as_bytes()).map(|()| answers)
    }

    #[test]
    fn an_answer_has_an_object_a_line() {
        let answers = add(concat!(
            "{\"id\":\"b\",\"used_by\":\"x\",\"where\":\"y\"}\r\n\n",
            "{\"where\":\"\",\"used_by\":\"z\",\"id\":\"b\"}"
        ));
        let answers = answers.unwrap();
        assert_eq!(answers.uses(&"a".parse().unwrap()), []);
        let uses = answers.uses(&"b".parse().unwrap());
        let used_by: Vec<_> = uses.iter().map(|one| one.used_by.as_str()).collect();
        assert_eq!(used_by, ["x", "z"]);
        assert!(add("").unwrap().uses(&"a".parse().unwrap()).is_empty());
    }

    #[test]
    fn what_is_no_answer_is_told_with_its_line() {
        for (answer, why) in [
            (
                "ok",
                "line 1 of its answer: it is not a use: an object with ",
            ),
            ("{}", "missing field `id`"),
            ("\n[]", "line 2 of its answer: it is not a use"),
            ("{\"id\":\"a\",\"used_by\":\"x\"}", "missing field `where`"),
            (
                "{\"id\":\"a\",\"used_by\":\"x\",\"where\":\"y\",\"more\":1}",
                "unknown field `more`",
            ),
            (
                "{\"id\":\"c\",\"used_by\":\"x\",\"where\":\"y\"}",
                "it was not asked about c",
            ),
            (
                "{\"id\":\"a\",\"used_by\":\" \",\"where\":\"y\"}",
                "used_by is empty",
            ),
            (
                "{\"id\":\"a b\",\"used_by\":\"x\",\"where\":\"y\"}",
                "the id \"a b\" may hold only",
            ),
            (
                "{\"id\":\"a\",\"id\":\"b\",\"used_by\":\"x\",\"where\":\"y\"}",
                "line 1 of its answer: ",
            ),
        ] {
            let said = add(answer).unwrap_err();
            assert!(said.contains(why), "{answer}: {said}");
        }
    }
}
