//! Ids from arguments and standard input.

use std::collections::HashSet;
use std::hash::Hash;
use std::io::{self, BufRead, Read};
use std::str::FromStr;

use super::super::tokens::{Tokens, hint};
use crate::error::{Error, Result};
use crate::input;
use crate::model::{Deed, InvalidId};

/// The greatest length of a line that may hold an id, in bytes.
const LINE_LIMIT: u64 = 4_096;

/// How many ids can be named at once.
const MAX_IDS: usize = 1_000_000;

/// How many of those that are none are shown.
const SHOWN_PROBLEMS: usize = 10;

/// The ids in the arguments and, for `-`, in standard input, each once, in the order given.
pub(super) fn collect<I>(
    arguments: &[String],
    null: bool,
    tokens: &Tokens<'_>,
    deed: Deed,
) -> Result<Vec<I>>
where
    I: FromStr<Err = InvalidId> + Clone + Ord + Hash,
{
    let untouched = format!("nothing was {}", deed.done());
    let mut ids = Ids::default();
    for argument in arguments {
        if argument == "-" {
            let end = if null { 0 } else { b'\n' };
            let read = read_ids(io::stdin().lock(), end, &mut ids);
            read.map_err(|error| {
                Error::failure(format!(
                    "cannot read ids from standard input: {error}; {untouched}"
                ))
                .caused_by(error)
            })?;
        } else {
            let filled = tokens.fill_in(argument).map_err(|error| {
                Error::usage(format!("{error}; {untouched}")).hint(hint(&error))
            })?;
            ids.add(&filled, "");
        }
    }
    tokens.check_used(&untouched)?;
    ids.finish(&untouched)
}

/// Ids being collected, and what is wrong with some.
struct Ids<I> {
    seen: HashSet<I>,
    ids: Vec<I>,
    /// What is wrong with the first that are none.
    problems: Vec<String>,
    /// How many are none.
    wrong: usize,
}

impl<I> Default for Ids<I> {
    fn default() -> Self {
        Self {
            seen: HashSet::new(),
            ids: Vec::new(),
            problems: Vec::new(),
            wrong: 0,
        }
    }
}

impl<I: FromStr<Err = InvalidId> + Clone + Eq + Hash> Ids<I> {
    fn add(&mut self, text: &str, place: &str) {
        match text.parse::<I>() {
            Ok(id) => {
                if self.seen.insert(id.clone()) {
                    self.ids.push(id);
                }
            }
            Err(error) => {
                self.wrong += 1;
                if self.wrong <= SHOWN_PROBLEMS {
                    self.problems.push(format!("{place}{error}"));
                }
            }
        }
    }

    fn finish(self, untouched: &str) -> Result<Vec<I>> {
        if self.ids.len() > MAX_IDS {
            return Err(Error::usage(format!("{}; {untouched}", too_many())));
        }
        if self.wrong == 0 {
            return Ok(self.ids);
        }
        let mut message = self.problems.join("\n");
        if self.wrong > SHOWN_PROBLEMS {
            message.push_str(&format!("\n… and {} more", self.wrong - SHOWN_PROBLEMS));
        }
        Err(Error::usage(message).hint(format!("{untouched}; correct the ids and try again")))
    }
}

fn too_many() -> String {
    format!("there are more than {MAX_IDS} ids, the most that can go at once")
}

fn read_ids<I>(input: impl BufRead, end: u8, ids: &mut Ids<I>) -> io::Result<()>
where
    I: FromStr<Err = InvalidId> + Clone + Eq + Hash,
{
    let mut input = input::without_mark(input)?;
    let mut line = Vec::new();
    let mut number = 0_u64;
    while ids.ids.len() <= MAX_IDS {
        number += 1;
        line.clear();
        let read = (&mut input).take(LINE_LIMIT).read_until(end, &mut line)?;
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
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ConnectorId;

    fn read(input: &[u8], end: u8) -> (Vec<String>, Vec<String>) {
        let mut ids = Ids::<ConnectorId>::default();
        read_ids(input, end, &mut ids).unwrap();
        (
            ids.ids.iter().map(ToString::to_string).collect(),
            ids.problems,
        )
    }

    #[test]
    fn reads_lines_of_either_kind_and_each_id_once() {
        assert_eq!(read(b"a\r\n\nb\na\nc", b'\n').0, ["a", "b", "c"]);
        assert_eq!(read(b"a\0b\0", 0).0, ["a", "b"]);
        assert_eq!(read(b"\xef\xbb\xbfa\nb", b'\n').0, ["a", "b"]);
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
    fn what_is_wrong_is_counted_and_only_the_first_of_it_kept() {
        let mut ids = Ids::<ConnectorId>::default();
        read_ids(&*b"!\n".repeat(100_000), b'\n', &mut ids).unwrap();
        assert_eq!((ids.problems.len(), ids.wrong), (SHOWN_PROBLEMS, 100_000));
        let message = ids.finish("nothing was deleted").unwrap_err().message;
        assert!(message.ends_with("… and 99990 more"), "{message}");
    }

    #[test]
    fn an_endless_line_is_one_problem() {
        let (ids, problems) = read(&vec![b'x'; 100_000], b'\n');
        assert!(ids.is_empty());
        assert_eq!(problems.len(), 1);
    }
}
