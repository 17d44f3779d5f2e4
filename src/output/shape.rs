//! The shape of a list: which columns, in which order, and how many rows.

use std::cmp::Ordering;
use std::io::{self, Write};
use std::ops::ControlFlow;

use super::column::{Column, Record, Value, place_of_id};
use super::{Closing, Format, Rows};
use crate::model::Reference;

/// What somebody wants a list to look like, in words.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Whether ids end in NUL.
    pub null: bool,
    /// The columns, in order; none given means the usual ones.
    pub columns: Vec<String>,
    /// The columns to sort by, the first one first; `-` before one turns its order round.
    pub sort: Vec<String>,
    /// How many rows at most.
    pub limit: Option<usize>,
}

/// The shape of a list. Without a sort rows are written as they come; with one they are held in
/// memory, as far as they are looked at or written: at most twice as many as the limit, if there is
/// one.
#[derive(Debug, Default)]
pub struct Shape {
    /// The places of the columns, unless they are the usual ones.
    columns: Option<Vec<usize>>,
    keys: Vec<Key>,
    /// The places of the values that are held, in order.
    kept: Vec<usize>,
    /// How many values a record has.
    width: usize,
    limit: Option<usize>,
    held: Vec<Held>,
    written: usize,
    is_cut: bool,
}

/// A column to sort by.
#[derive(Debug)]
struct Key {
    /// Its place among the values that are held.
    place: usize,
    descends: bool,
}

/// What is wrong with the columns that somebody wants.
#[derive(Debug)]
pub enum WrongColumn {
    /// A name that is none of a column.
    Unknown {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<&'static str>,
    },
    /// A column that is wanted twice; an object has room for one of a name.
    Twice(String),
}

impl Shape {
    /// How many rows are held at least before any is dropped.
    const HELD: usize = 1_000;

    /// The shape of a list with these columns, in this format.
    pub fn new(columns: &[Column], format: Format, wanted: &Wanted) -> Result<Self, WrongColumn> {
        let place = |name: &str| {
            let place = columns.iter().position(|column| column.key == Some(name));
            place.ok_or_else(|| WrongColumn::Unknown {
                name: name.to_owned(),
                known: columns.iter().filter_map(|column| column.key).collect(),
            })
        };
        let key = |name: &String| {
            let (name, descends) = match name.strip_prefix('-') {
                Some(name) => (name, true),
                None => (name.as_str(), false),
            };
            place(name).map(|place| Key { place, descends })
        };
        let mut shown = Vec::new();
        for name in &wanted.columns {
            let place = place(name)?;
            if shown.contains(&place) {
                return Err(WrongColumn::Twice(name.clone()));
            }
            shown.push(place);
        }
        let mut keys = wanted.sort.iter().map(key).collect::<Result<Vec<_>, _>>()?;
        let is_written = |place: &usize| match format {
            Format::Ids => *place == place_of_id(columns),
            _ => shown.is_empty() || shown.contains(place),
        };
        let is_key = |place: &usize| keys.iter().any(|key| key.place == *place);
        let kept: Vec<_> = (0..columns.len())
            .filter(|place| is_written(place) || is_key(place))
            .collect();
        for key in &mut keys {
            key.place = kept.partition_point(|place| *place < key.place);
        }
        Ok(Self {
            columns: (!shown.is_empty()).then_some(shown),
            keys,
            kept,
            width: columns.len(),
            limit: wanted.limit,
            ..Self::default()
        })
    }

    /// The places of the columns that were chosen, if any were.
    pub fn columns(&self) -> Option<&[usize]> {
        self.columns.as_deref()
    }

    /// Whether more than ids is looked at even where only ids are written.
    pub fn needs_values(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Adds a record to the list.
    pub fn write(&mut self, rows: &mut Rows<impl Write>, record: &impl Record) -> io::Result<()> {
        if self.keys.is_empty() {
            return if self.takes_one() {
                rows.write(record)
            } else {
                Ok(())
            };
        }
        let kept = &self.kept;
        self.held.push(record.with_values(|values| {
            let kept = kept.iter().filter_map(|place| values.get(*place));
            kept.map(Owned::from).collect()
        }));
        if let Some(limit) = self.limit
            && self.held.len() >= limit.saturating_mul(2).max(Self::HELD)
        {
            self.sort();
        }
        Ok(())
    }

    /// Adds a record of which only the id is written.
    pub fn write_id(&mut self, rows: &mut Rows<impl Write>, id: &str) -> io::Result<()> {
        if self.takes_one() {
            rows.write_id(id)
        } else {
            Ok(())
        }
    }

    /// Counts a row that is written at once, unless there are as many as were wanted.
    fn takes_one(&mut self) -> bool {
        let is_full = self.limit == Some(self.written);
        if is_full {
            self.is_cut = true;
        } else {
            self.written += 1;
        }
        !is_full
    }

    /// Breaks off where no further record can change the list.
    pub fn goes_on(&self) -> ControlFlow<()> {
        if self.is_cut && self.keys.is_empty() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Writes what was held back, and ends the list.
    pub fn finish(mut self, mut rows: Rows<impl Write>) -> io::Result<Closing> {
        self.sort();
        let mut values = vec![Value::Absent; self.width];
        for held in &self.held {
            for (place, value) in self.kept.iter().zip(held) {
                values[*place] = value.into();
            }
            rows.write_values(&values)?;
        }
        let closing = rows.finish()?;
        Ok(Closing {
            is_cut: self.is_cut,
            ..closing
        })
    }

    /// Sorts what is held, and drops what is beyond the limit.
    fn sort(&mut self) {
        let keys = &self.keys;
        self.held.sort_by(|one, other| {
            let orders = keys.iter().map(|key| {
                let order = one[key.place].compare(&other[key.place]);
                match order {
                    Known::Both(order) if key.descends => order.reverse(),
                    Known::Both(order) | Known::One(order) => order,
                }
            });
            orders.fold(Ordering::Equal, Ordering::then)
        });
        if let Some(limit) = self.limit
            && self.held.len() > limit
        {
            self.held.truncate(limit);
            self.is_cut = true;
        }
    }
}

/// Compares texts with capitals made small, from the first character on in which they differ.
fn compare_folded(one: &str, other: &str) -> Ordering {
    fn folded(text: &str) -> impl Iterator<Item = char> {
        text.chars().flat_map(char::to_lowercase)
    }
    let pairs = one.bytes().zip(other.bytes());
    let mut alike = pairs.take_while(|(one, other)| one == other).count();
    while !one.is_char_boundary(alike) {
        alike -= 1;
    }
    folded(&one[alike..]).cmp(folded(&other[alike..]))
}

/// The values of a row that waits for others.
type Held = Box<[Owned]>;

/// A [`Value`] that is kept.
#[derive(Debug)]
enum Owned {
    Absent,
    Null,
    Text(Box<str>),
    Number(u64),
    Bool(bool),
    List(Box<[String]>),
    References(Box<[Reference]>),
    Json(Box<str>),
}

/// How two values compare.
enum Known {
    Both(Ordering),
    /// One is not known: it comes last, whichever way the others are sorted.
    One(Ordering),
}

impl Owned {
    fn compare(&self, other: &Self) -> Known {
        let order = match (self, other) {
            (Self::Text(one), Self::Text(other)) => {
                // Capitals make no difference, unless nothing else does.
                compare_folded(one, other).then_with(|| one.cmp(other))
            }
            (Self::Number(one), Self::Number(other)) => one.cmp(other),
            (Self::Bool(one), Self::Bool(other)) => one.cmp(other),
            (Self::List(one), Self::List(other)) => one.cmp(other),
            (one, other) => return Known::One(one.is_unknown().cmp(&other.is_unknown())),
        };
        Known::Both(order)
    }

    fn is_unknown(&self) -> bool {
        matches!(self, Self::Absent | Self::Null)
    }
}

impl From<&Value<'_>> for Owned {
    fn from(value: &Value<'_>) -> Self {
        match *value {
            Value::Absent => Self::Absent,
            Value::Null => Self::Null,
            Value::Text(text) => Self::Text(text.into()),
            Value::Number(number) => Self::Number(number),
            Value::Bool(is_so) => Self::Bool(is_so),
            Value::List(texts) => Self::List(texts.into()),
            Value::References(references) => Self::References(references.into()),
            Value::Json(json) => Self::Json(json.into()),
        }
    }
}

impl<'a> From<&'a Owned> for Value<'a> {
    fn from(value: &'a Owned) -> Self {
        match value {
            Owned::Absent => Self::Absent,
            Owned::Null => Self::Null,
            Owned::Text(text) => Self::Text(text),
            Owned::Number(number) => Self::Number(*number),
            Owned::Bool(is_so) => Self::Bool(*is_so),
            Owned::List(texts) => Self::List(texts),
            Owned::References(references) => Self::References(references),
            Owned::Json(json) => Self::Json(json),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::output::Style;
    use crate::output::column::{hidden, listed};

    struct Entry {
        id: String,
        count: Option<u64>,
    }

    impl Record for Entry {
        const COLUMNS: &'static [Column] = &[listed("id", "ID"), hidden("count")];

        fn with_values<R>(&self, use_values: impl FnOnce(&[Value<'_>]) -> R) -> R {
            use_values(&[
                Value::Text(&self.id),
                self.count.map_or(Value::Null, Value::Number),
            ])
        }
    }

    fn wanted(sort: &[&str], limit: Option<usize>) -> Wanted {
        Wanted {
            sort: sort.iter().map(ToString::to_string).collect(),
            limit,
            ..Wanted::default()
        }
    }

    /// The ids that a list of this shape writes, and whether any were left out.
    fn ids(entries: &[Entry], wanted: &Wanted) -> (Vec<String>, bool) {
        let mut shape = Shape::new(Entry::COLUMNS, Format::Ids, wanted).unwrap();
        let mut out = Vec::new();
        let mut rows = Rows::new(&mut out, Entry::COLUMNS, Format::Ids, Style::default()).unwrap();
        for entry in entries {
            shape.write(&mut rows, entry).unwrap();
            if shape.goes_on().is_break() {
                break;
            }
        }
        let closing = shape.finish(rows).unwrap();
        let lines = String::from_utf8(out).unwrap();
        (lines.lines().map(str::to_owned).collect(), closing.is_cut)
    }

    fn entry((id, count): (&str, Option<u64>)) -> Entry {
        Entry {
            id: id.to_owned(),
            count,
        }
    }

    #[test]
    fn what_is_not_known_comes_last_either_way() {
        let entries = [("a", None), ("b", Some(2)), ("c", Some(1)), ("d", None)].map(entry);
        let order = |sort: &[&str]| ids(&entries, &wanted(sort, None)).0.join("");
        assert_eq!(order(&["count"]), "cbad");
        assert_eq!(order(&["-count"]), "bcad");
        assert_eq!(order(&["-count", "-id"]), "bcda");
        assert_eq!(order(&[]), "abcd");
    }

    #[test]
    fn a_limit_tells_whether_it_left_anything_out() {
        let entries = [("a", None), ("b", Some(2)), ("c", Some(1))].map(entry);
        for (sort, limit, shown, is_cut) in [
            (&[][..], 2, "ab", true),
            (&[], 3, "abc", false),
            (&["count"], 1, "c", true),
            (&["count"], 3, "cba", false),
        ] {
            let (ids, cut) = ids(&entries, &wanted(sort, Some(limit)));
            assert_eq!((ids.join("").as_str(), cut), (shown, is_cut));
        }
    }

    #[test]
    fn a_column_that_does_not_exist_is_told_with_those_that_do() {
        let error = Shape::new(Entry::COLUMNS, Format::Ids, &wanted(&["-size"], None)).unwrap_err();
        let WrongColumn::Unknown { name, known } = error else {
            panic!("{error:?}");
        };
        assert_eq!((name.as_str(), &*known), ("size", &["id", "count"][..]));
    }

    #[test]
    fn capitals_make_no_difference_where_texts_are_sorted() {
        for (one, other) in [
            ("Ab", "aC"),
            ("shop é", "Shop É2"),
            ("été", "éTÉx"),
            ("a", "ab"),
        ] {
            assert_eq!(compare_folded(one, other), Ordering::Less, "{one} {other}");
            assert_eq!(
                compare_folded(other, one),
                Ordering::Greater,
                "{one} {other}"
            );
        }
        assert_eq!(compare_folded("ÉA", "éa"), Ordering::Equal);
    }

    #[test]
    fn no_column_stands_twice() {
        let twice = Wanted {
            columns: ["id", "count", "id"].map(str::to_owned).to_vec(),
            ..Wanted::default()
        };
        let error = Shape::new(Entry::COLUMNS, Format::Ids, &twice).unwrap_err();
        assert!(
            matches!(&error, WrongColumn::Twice(name) if name == "id"),
            "{error:?}"
        );
    }

    proptest! {
        #[test]
        fn a_limit_takes_the_first_of_what_is_sorted(
            counts in prop::collection::vec(prop::option::of(0..50_u64), 0..2_500),
            limit in 1..700_usize,
        ) {
            let numbered = counts.into_iter().enumerate();
            let entries: Vec<_> = numbered
                .map(|(index, count)| Entry { id: format!("c{index}"), count })
                .collect();
            let (all, _) = ids(&entries, &wanted(&["-count"], None));
            let (first, is_cut) = ids(&entries, &wanted(&["-count"], Some(limit)));
            prop_assert_eq!(&first[..], &all[..limit.min(all.len())]);
            prop_assert_eq!(is_cut, limit < all.len());
        }
    }
}
