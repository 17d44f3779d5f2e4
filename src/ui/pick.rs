//! Choosing any number of things from a list that may be very long.

use std::collections::BTreeSet;
use std::io;

use console::Term;
use dialoguer::theme::{SimpleTheme, Theme};
use unicode_width::UnicodeWidthStr;

use super::HiddenCursor;
use super::keys::{Key, Keys, Motion};
use crate::model::text;
use crate::platform::{self, Keyboard};

/// How many things are held at most: whoever looks for one among more types a part of its name.
const HELD: usize = 10_000;

/// The most that is taken of what is typed, in characters.
const TYPED: usize = 200;

/// How long one key is waited for, in milliseconds, before the size of the terminal is looked at.
const TURN: u16 = 100;

/// Up to so many rows, all but the list has one line each.
const LOW: usize = 10;

/// How many columns stand before an id.
const MARGIN: usize = "> [x] ".len();

/// One thing to choose.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Its id, which is never cut.
    pub id: String,
    /// What else there is to know of it, the most important first.
    pub about: Vec<String>,
}

impl Choice {
    /// How many lines its id fills.
    fn height(&self, width: usize) -> usize {
        self.id.len().div_ceil(room_for_id(width)).max(1)
    }
}

/// The next of what there is to choose from.
#[derive(Debug, Default)]
pub struct Batch {
    /// What fits, in order.
    pub found: Vec<Choice>,
    /// The last that was looked at, unless that was the last of all.
    pub last: Option<String>,
}

/// How choosing ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Picked {
    /// With these, by id; there may be none.
    Chosen(Vec<String>),
    /// The person left.
    Left,
    /// By Ctrl-C, or another signal that ends the program.
    Interrupted,
}

/// A list on a terminal.
pub(super) struct Picker<'q> {
    question: &'q str,
    /// What is not in the list.
    remark: &'q str,
    has_color: bool,
    typed: String,
    found: Vec<Choice>,
    /// The last that was looked at; `None` once all were.
    last: Option<String>,
    marked: BTreeSet<String>,
    /// Which one the pointer is at, and which one is the first that is shown.
    at: usize,
    top: usize,
    /// How many were shown.
    page: usize,
    is_changed: bool,
}

impl<'q> Picker<'q> {
    pub(super) fn new(question: &'q str, remark: &'q str, has_color: bool) -> Self {
        Self {
            question,
            remark,
            has_color,
            typed: String::new(),
            found: Vec::new(),
            last: Some(String::new()),
            marked: BTreeSet::new(),
            at: 0,
            top: 0,
            page: 1,
            is_changed: true,
        }
    }

    /// Lets the person choose; `more` gives what fits what was typed, behind the last that was looked
    /// at, a little at a time.
    pub(super) fn run<E: From<io::Error>>(
        mut self,
        mut more: impl FnMut(&str, &str) -> Result<Batch, E>,
    ) -> Result<Picked, E> {
        let signals = platform::signals();
        let _held = signals.hold();
        let terminal = Term::stderr();
        // Held for as long as the list stands there, so that no key and no signal falls between
        // two keys, and the terminal is as before however this ends.
        let keyboard = Keyboard::new()?;
        let _hidden = HiddenCursor::new(&terminal)?;
        let _screen = OwnScreen::new(&terminal)?;
        let mut keys = Keys::new(&keyboard);
        let mut drawn = None;
        loop {
            let size = terminal.size();
            if std::mem::take(&mut self.is_changed) || drawn.replace(size) != Some(size) {
                self.draw(&terminal, size)?;
            }
            if let Some(last) = self.last.as_ref().filter(|_| self.found.len() < HELD)
                && !keys.has_more()?
                && !signals.is_raised()
            {
                let batch = more(&self.typed, last)?;
                self.add(batch);
                continue;
            }
            if !keys.arrives(TURN)? && !signals.is_raised() {
                continue;
            }
            if let Some(picked) = self.press(keys.key()?) {
                if picked == Picked::Interrupted {
                    let _ = signals.interrupt_foreground(&keyboard);
                }
                return Ok(picked);
            }
        }
    }

    fn add(&mut self, batch: Batch) {
        self.found.extend(batch.found);
        self.last = batch.last;
        self.is_changed = true;
    }

    /// Looks through the list from its beginning.
    fn restart(&mut self) {
        self.found.clear();
        self.last = Some(String::new());
        (self.at, self.top) = (0, 0);
    }

    fn press(&mut self, key: Key) -> Option<Picked> {
        const ALL: char = '\u{1}';
        const NEXT: char = '\u{e}';
        const BEFORE: char = '\u{10}';
        self.is_changed = true;
        match key {
            Key::Enter => {
                let marked = std::mem::take(&mut self.marked);
                return Some(Picked::Chosen(marked.into_iter().collect()));
            }
            Key::Leave => return Some(Picked::Left),
            Key::Interrupt => return Some(Picked::Interrupted),
            Key::Char(' ') => self.mark(),
            Key::Char('\t') => {
                self.mark();
                self.go(Motion::Down);
            }
            Key::Char(ALL) => self.mark_all(),
            Key::Char(NEXT) => self.go(Motion::Down),
            Key::Char(BEFORE) => self.go(Motion::Up),
            Key::Move(motion) => self.go(motion),
            Key::Backspace => {
                self.typed.pop();
                self.restart();
            }
            Key::Clear => {
                self.typed.clear();
                self.restart();
            }
            Key::Char(c) if !text::is_unsafe(c) && self.typed.chars().count() < TYPED => {
                self.typed.push(c);
                self.restart();
            }
            Key::Char(_) | Key::PasteStart | Key::PasteEnd | Key::Other => {}
        }
        None
    }

    /// Marks what the pointer is at, or takes its mark away.
    fn mark(&mut self) {
        if let Some(choice) = self.found.get(self.at)
            && !self.marked.remove(&choice.id)
        {
            self.marked.insert(choice.id.clone());
        }
    }

    /// Marks all that was found or, where all of that is marked, takes the marks away.
    fn mark_all(&mut self) {
        if self.found.iter().all(|one| self.marked.contains(&one.id)) {
            for one in &self.found {
                self.marked.remove(&one.id);
            }
        } else {
            let ids = self.found.iter().map(|one| one.id.clone());
            self.marked.extend(ids);
        }
    }

    fn go(&mut self, motion: Motion) {
        let end = self.found.len().saturating_sub(1);
        self.at = match motion {
            Motion::Up if self.at == 0 => end,
            Motion::Down if self.at == end => 0,
            Motion::Up => self.at - 1,
            Motion::Down => self.at + 1,
            Motion::PageUp => self.at.saturating_sub(self.page),
            Motion::PageDown => (self.at + self.page).min(end),
            Motion::Home => 0,
            Motion::End => end,
        };
    }

    fn draw(&mut self, terminal: &Term, (rows, columns): (u16, u16)) -> io::Result<()> {
        // A column stays free, because a terminal may break a line that fills it.
        let width = usize::from(columns).saturating_sub(1).max(1);
        let lines = self.lines(usize::from(rows).max(1), width);
        let screen = lines.join("\u{1b}[K\r\n");
        terminal.write_str(&format!("\u{1b}[H{screen}\u{1b}[K\u{1b}[J"))
    }

    /// What stands on a terminal of so many rows: the list and, as far as there is room, what was
    /// typed, the keys, the question and what is not in the list.
    fn lines(&mut self, rows: usize, width: usize) -> Vec<String> {
        let mut lines = Vec::new();
        let id = self.found.get(self.at).map_or(1, |one| one.height(width));
        let spare = rows.saturating_sub(id);
        let mut more = rows.saturating_sub(LOW);
        let mut said = |needs: usize, text: &str| {
            if spare >= needs {
                told(text, width, &mut more)
            } else {
                Vec::new()
            }
        };
        let keys = said(
            3,
            "Space marks, Ctrl-A all, Enter goes on, Esc leaves; type to filter.",
        );
        let remark = said(5, self.remark);
        lines.extend(said(4, self.question));
        lines.extend(remark);
        if spare >= 1 {
            lines.push(text::cut(&self.status(), width).into_owned());
        }
        self.list(&mut lines, rows - keys.len(), width);
        lines.extend(keys);
        lines
    }

    /// What was typed, and the numbers.
    fn status(&self) -> String {
        // Not all were looked at.
        let more = if self.last.is_some() { "+" } else { "" };
        let (marked, found) = (self.marked.len(), self.found.len());
        format!(
            "{marked} marked, {found}{more} found. Filter: {}",
            self.typed
        )
    }

    /// Adds the part of the list that the pointer is in, up to so many rows in all.
    fn list(&mut self, lines: &mut Vec<String>, rows: usize, width: usize) {
        let room = rows - lines.len();
        self.at = self.at.min(self.found.len().saturating_sub(1));
        self.top = self
            .top
            .min(self.at)
            .max((self.at + 1).saturating_sub(room));
        let height = |one: &Choice| one.height(width);
        while self.top < self.at
            && self.found[self.top..=self.at]
                .iter()
                .map(height)
                .sum::<usize>()
                > room
        {
            self.top += 1;
        }
        if self.found.is_empty() {
            let state = if self.last.is_some() {
                "…"
            } else {
                "nothing"
            };
            lines.push(text::cut(state, width).into_owned());
        }
        let shown = &self.found[self.top..self.found.len().min(self.top + room)];
        let widths = widths(shown);
        let mut count = 0;
        for (index, choice) in shown.iter().enumerate() {
            let entry = self.entry(choice, self.top + index == self.at, &widths, width);
            if count > 0 && lines.len() + entry.len() > rows {
                break;
            }
            lines.extend(entry);
            count += 1;
        }
        lines.truncate(rows);
        self.page = count.max(1);
    }

    /// The lines of one thing: its id whole, and what there is room for of all else.
    fn entry(&self, choice: &Choice, is_at: bool, widths: &[usize], width: usize) -> Vec<String> {
        let id = text::visible(&choice.id);
        let is_marked = self.marked.contains(&choice.id);
        let mut first = String::new();
        // Writing into a text does not fail.
        let _ = SimpleTheme.format_multi_select_prompt_item(&mut first, "", is_marked, is_at);
        let mut lines = Vec::new();
        if id.len() <= room_for_id(width) {
            let cells = [id.as_ref()]
                .into_iter()
                .chain(choice.about.iter().map(String::as_str));
            for (cell, width) in cells.zip(widths) {
                let cell = text::visible(cell);
                let gap = width.saturating_sub(cell.width()) + 2;
                first.push_str(&cell);
                first.push_str(&" ".repeat(gap));
            }
            lines.push(text::cut(first.trim_end(), width).into_owned());
        } else {
            let mut rest = &*id;
            while !rest.is_empty() {
                let (part, behind) = rest.split_at(rest.len().min(room_for_id(width)));
                lines.push(format!("{first}{part}"));
                first = " ".repeat(MARGIN);
                rest = behind;
            }
        }
        if is_at && self.has_color {
            let bold = |line: String| console::style(line).bold().force_styling(true).to_string();
            lines = lines.into_iter().map(bold).collect();
        }
        lines
    }
}

/// The text in lines of so many columns, if there are that many `more` lines than one; else cut.
fn told(text: &str, width: usize, more: &mut usize) -> Vec<String> {
    let lines = text::broken(text, width);
    let wanted = lines.len().saturating_sub(1);
    if wanted > *more {
        return vec![text::cut(text, width).into_owned()];
    }
    *more -= wanted;
    lines.into_iter().map(str::to_owned).collect()
}

/// How many characters of an id stand in a line.
fn room_for_id(width: usize) -> usize {
    width.saturating_sub(MARGIN).max(1)
}

/// The widest of each column.
fn widths(shown: &[Choice]) -> Vec<usize> {
    let mut widths = Vec::new();
    for choice in shown {
        let cells = [choice.id.as_str()]
            .into_iter()
            .chain(choice.about.iter().map(String::as_str));
        for (column, cell) in cells.enumerate() {
            let width = text::visible(cell).width();
            match widths.get_mut(column) {
                Some(widest) => *widest = width.max(*widest),
                None => widths.push(width),
            }
        }
    }
    widths
}

/// A screen of its own, until it is dropped: what stood on the terminal comes back, also where its
/// size changed meanwhile.
struct OwnScreen<'t>(&'t Term);

impl<'t> OwnScreen<'t> {
    fn new(terminal: &'t Term) -> io::Result<Self> {
        terminal.write_str("\u{1b}[?1049h")?;
        Ok(Self(terminal))
    }
}

impl Drop for OwnScreen<'_> {
    fn drop(&mut self) {
        // There is nothing left to try if this fails.
        let _ = self.0.write_str("\u{1b}[?1049l");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picker(ids: &[&str]) -> Picker<'static> {
        let mut picker = Picker::new("Choose", "Others stay.", false);
        let found = ids.iter().map(|id| Choice {
            id: (*id).to_owned(),
            about: vec![format!("the name of {id}"), "shop".to_owned()],
        });
        picker.add(Batch {
            found: found.collect(),
            last: None,
        });
        picker
    }

    #[test]
    fn every_size_shows_the_pointer_and_keeps_to_the_terminal() {
        let ids: Vec<_> = (0..500)
            .map(|n| format!("connector-{n:03}-{}", "x".repeat(n % 90)))
            .collect();
        let ids: Vec<_> = ids.iter().map(String::as_str).collect();
        for rows in (1..=30).chain([100, 299, 300]) {
            for width in [1, 2, 5, 7, 8, 20, 40, 79, 300] {
                let mut picker = picker(&ids);
                for motion in [
                    Motion::Home,
                    Motion::PageDown,
                    Motion::End,
                    Motion::Up,
                    Motion::PageUp,
                ] {
                    picker.go(motion);
                    let lines = picker.lines(rows, width);
                    let size = format!("{rows} rows, {width} columns, {motion:?}: {lines:#?}");
                    assert!(lines.len() <= rows, "{size}");
                    assert!(lines.iter().any(|line| line.starts_with('>')), "{size}");
                    // Where not even the margin and one character fit, the terminal breaks the line.
                    let widest = lines.iter().map(|line| line.width()).max().unwrap();
                    assert!(widest <= width.max(MARGIN + 1), "{size}");
                }
            }
        }
    }

    #[test]
    fn ids_are_whole_and_all_else_gives_way() {
        let mut picker = picker(&["short", "a-rather-long-id"]);
        assert_eq!(
            picker.lines(6, 60),
            [
                "Choose",
                "Others stay.",
                "0 marked, 2 found. Filter: ",
                "> [ ] short             the name of short             shop",
                "  [ ] a-rather-long-id  the name of a-rather-long-id  shop",
                "Space marks, Ctrl-A all, Enter goes on, Esc leaves; type to…",
            ]
        );
        assert_eq!(
            picker.lines(3, 24),
            [
                "0 marked, 2 found. Filt…",
                "> [ ] short            …",
                "  [ ] a-rather-long-id …",
            ]
        );
        assert_eq!(
            picker.lines(16, 30),
            [
                "Choose",
                "Others stay.",
                "0 marked, 2 found. Filter: ",
                "> [ ] short             the n…",
                "  [ ] a-rather-long-id  the n…",
                "Space marks, Ctrl-A all, Enter",
                "goes on, Esc leaves; type to",
                "filter.",
            ]
        );
        picker.go(Motion::Down);
        assert_eq!(picker.lines(2, 16), ["> [ ] a-rather-l", "      ong-id"]);
        assert_eq!(
            picker.lines(3, 16)[1..],
            ["> [ ] a-rather-l", "      ong-id"]
        );
        assert_eq!(
            picker.lines(1, 40),
            ["> [ ] a-rather-long-id  the name of a-r…"]
        );
    }

    #[test]
    fn marks_outlive_filters() {
        let mut picker = picker(&["a", "b", "c"]);
        assert_eq!(picker.press(Key::Char(' ')), None);
        assert_eq!(picker.press(Key::Char('x')), None);
        assert_eq!(picker.last.as_deref(), Some(""));
        assert!(picker.found.is_empty());
        assert!(picker.status().starts_with("1 marked, 0+ found. Filter: x"));
        picker.press(Key::Char(' '));
        picker.press(Key::Backspace);
        assert_eq!(picker.typed, "");
        assert_eq!(
            picker.press(Key::Enter),
            Some(Picked::Chosen(vec!["a".to_owned()]))
        );
    }

    #[test]
    fn all_are_marked_and_unmarked_and_the_list_is_a_ring() {
        let mut picker = picker(&["a", "b", "c"]);
        picker.press(Key::Char('\u{1}'));
        assert_eq!(picker.marked.len(), 3);
        picker.press(Key::Move(Motion::Up));
        picker.press(Key::Char(' '));
        assert_eq!(Vec::from_iter(&picker.marked), ["a", "b"]);
        picker.press(Key::Char('\u{1}'));
        picker.press(Key::Char('\u{1}'));
        assert!(picker.marked.is_empty());
        picker.press(Key::Char('\t'));
        assert_eq!((picker.at, picker.marked.contains("c")), (0, true));
    }
}
