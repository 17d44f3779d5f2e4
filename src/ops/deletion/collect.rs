//! Ids from arguments and standard input.

use std::collections::HashSet;
use std::hash::Hash;
use std::io::{self, BufRead, Read};
use std::str::FromStr;

use super::super::tokens::{Tokens, hint};
use crate::error::{Error, Result};
use crate::model::InvalidId;

/// The greatest length of a line that may hold an id, in bytes.
const LINE_LIMIT: u64 = 4_096;

/// The ids in the arguments and, for `-`, in standard input, each once, in the order given.
pub(super) fn collect<I>(arguments: &[String], null: bool, tokens: &Tokens<'_>) -> Result<Vec<I>>
where
    I: FromStr<Err = InvalidId> + Clone + Ord + Hash,
{
    let mut ids = Ids {
        seen: HashSet::new(),
        ids: Vec::new(),
        problems: Vec::new(),
    };
    for argument in arguments {
        if argument == "-" {
            read_ids(
                &mut io::stdin().lock(),
                if null { 0 } else { b'\n' },
                &mut ids,
            )?;
        } else {
            let filled = tokens.fill_in(argument).map_err(|error| {
                Error::usage(format!("{error}; nothing was deleted")).hint(hint(&error))
            })?;
            ids.add(&filled, "");
        }
    }
    tokens.check_used("nothing was deleted")?;
    if ids.problems.is_empty() {
        return Ok(ids.ids);
    }
    const SHOWN_PROBLEMS: usize = 10;
    let mut message = ids.problems[..ids.problems.len().min(SHOWN_PROBLEMS)].join("\n");
    if ids.problems.len() > SHOWN_PROBLEMS {
        message.push_str(&format!(
            "\n… and {} more",
            ids.problems.len() - SHOWN_PROBLEMS
        ));
    }
    Err(Error::usage(message).hint("nothing was deleted; correct the ids and try again"))
}

/// Ids being collected, and what is wrong with some.
struct Ids<I> {
    seen: HashSet<I>,
    ids: Vec<I>,
    problems: Vec<String>,
}

impl<I: FromStr<Err = InvalidId> + Clone + Eq + Hash> Ids<I> {
    fn add(&mut self, text: &str, place: &str) {
        match text.parse::<I>() {
            Ok(id) => {
                if self.seen.insert(id.clone()) {
                    self.ids.push(id);
                }
            }
            Err(error) => self.problems.push(format!("{place}{error}")),
        }
    }
}

fn read_ids<I>(input: &mut impl BufRead, end: u8, ids: &mut Ids<I>) -> Result<()>
where
    I: FromStr<Err = InvalidId> + Clone + Eq + Hash,
{
    let cannot_read = |error: io::Error| {
        Error::failure(format!(
            "cannot read ids from standard input: {error}; nothing was deleted"
        ))
        .caused_by(error)
    };
    let mut line = Vec::new();
    let mut number = 0_u64;
    loop {
        number += 1;
        line.clear();
        let read = input
            .take(LINE_LIMIT)
            .read_until(end, &mut line)
            .map_err(cannot_read)?;
        if read == 0 {
            return Ok(());
        }
        let place = format!("standard input, line {number}: ");
        let text = line.strip_suffix(&[end]).unwrap_or(&line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.is_empty() {
            continue;
        }
        ids.add(&String::from_utf8_lossy(text), &place);
        if read as u64 == LINE_LIMIT && line.last() != Some(&end) {
            // Far too long for an id, so the rest of it says nothing new.
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ConnectorId;

    fn read(input: &[u8], end: u8) -> (Vec<String>, Vec<String>) {
        let mut ids = Ids::<ConnectorId> {
            seen: HashSet::new(),
            ids: Vec::new(),
            problems: Vec::new(),
        };
        read_ids(&mut &*input, end, &mut ids).unwrap();
        (
            ids.ids.iter().map(ToString::to_string).collect(),
            ids.problems,
        )
    }

    #[test]
    fn reads_lines_of_either_kind_and_each_id_once() {
        assert_eq!(read(b"a\r\n\nb\na\nc", b'\n').0, ["a", "b", "c"]);
        assert_eq!(read(b"a\0b\0", 0).0, ["a", "b"]);
        assert_eq!(read(b"", b'\n').0, [""; 0]);
    }

    #[test]
    fn names_the_line_of_what_is_no_id() {
        let (ids, problems) = read(b"a\nb c\n\xff\n", b'\n');
        assert_eq!(ids, ["a"]);
        assert!(
            problems[0].starts_with("standard input, line 2: "),
            "{problems:?}"
        );
        assert!(
            problems[1].starts_with("standard input, line 3: "),
            "{problems:?}"
        );
    }

    #[test]
    fn an_endless_line_is_one_problem() {
        let (ids, problems) = read(&vec![b'x'; 100_000], b'\n');
        assert!(ids.is_empty());
        assert_eq!(problems.len(), 1);
    }
}
