//! A line that somebody types at a terminal.

use std::io;

use console::Term;
use unicode_width::UnicodeWidthChar;
use zeroize::{Zeroize, Zeroizing};

use super::keys::{Key, Keys};
use crate::model::{MAX_SECRET_SIZE, text};
use crate::platform::{self, Keyboard};

/// The most that is taken of a line that is shown, in characters: no id is that long.
const SHOWN_LIMIT: usize = 1_000;

/// A line that was typed.
pub enum Line {
    /// Ended by Enter.
    Text(Zeroizing<String>),
    /// Left by Esc or Ctrl-D.
    Left,
    /// Left by Ctrl-C, or another signal that ends the program.
    Interrupted,
    /// What was typed or pasted is not what would be kept: it has several lines, keys that stand
    /// for no character, or more than a secret can have.
    NotKept,
}

/// Reads a line that is shown as it is typed; the question is written as it is. On a terminal whose
/// cursor `is_still`, nothing is moved or cleared.
pub(super) fn read_shown(question: &str, is_still: bool) -> io::Result<Line> {
    read(question, |mut keys, terminal| {
        let mut screen = Screen::new(terminal, question, is_still);
        let mut typed = Zeroizing::new(String::new());
        loop {
            match keys.key()? {
                Key::Enter => return Ok(Line::Text(typed)),
                Key::Leave => return Ok(Line::Left),
                Key::Interrupt => return Ok(Line::Interrupted),
                Key::Backspace => {
                    typed.pop();
                    screen.take_back(&typed)?;
                }
                Key::Clear => {
                    typed.clear();
                    screen.take_back(&typed)?;
                }
                Key::Char(key) if !text::is_unsafe(key) && screen.written < SHOWN_LIMIT => {
                    typed.push(key);
                    screen.write(key)?;
                }
                Key::Char(_) | Key::PasteStart | Key::PasteEnd | Key::Move(_) | Key::Other => {}
            }
        }
    })
}

/// Reads a line that is not shown, exactly as it is typed or pasted, or not at all.
pub(super) fn read_hidden(question: &str) -> io::Result<Line> {
    let question = text::visible(question);
    read(&question, |mut keys, _| {
        let mut typed = Zeroizing::new(String::with_capacity(4 << 10));
        let mut is_kept = true;
        let mut is_pasted = false;
        loop {
            match keys.key()? {
                // A line end within a paste, or a paste that goes on behind it. The rest of it is
                // taken too, because it is no answer to anything.
                Key::Enter if is_pasted || keys.has_more()? => is_kept = false,
                Key::Enter if is_kept => return Ok(Line::Text(typed)),
                Key::Enter => return Ok(Line::NotKept),
                Key::Leave => return Ok(Line::Left),
                Key::Interrupt => return Ok(Line::Interrupted),
                Key::Backspace if !is_pasted => drop(typed.pop()),
                Key::Clear if !is_pasted => {
                    typed.zeroize();
                    is_kept = true;
                }
                Key::PasteStart => is_pasted = true,
                Key::PasteEnd => is_pasted = false,
                Key::Char(key)
                    if (key == '\t' || !key.is_control()) && typed.len() < MAX_SECRET_SIZE =>
                {
                    push(&mut typed, key);
                }
                Key::Char(_) | Key::Backspace | Key::Clear | Key::Move(_) | Key::Other => {
                    is_kept = false;
                }
            }
        }
    })
}

/// Puts a question and lets `answer` read the keys.
fn read(
    question: &str,
    answer: impl FnOnce(Keys<&Keyboard>, &Term) -> io::Result<Line>,
) -> io::Result<Line> {
    let _held = platform::signals().hold();
    let terminal = Term::stderr();
    let keyboard = Keyboard::new()?;
    terminal.write_str(question)?;
    let line = answer(Keys::new(&keyboard), &terminal)?;
    if matches!(line, Line::Interrupted) {
        // Where there is nobody else, this program ends all the same.
        let _ = platform::signals().interrupt_foreground(&keyboard);
    }
    terminal.write_line("")?;
    Ok(line)
}

/// Adds a character, leaving no copy behind in memory where the text has to move.
fn push(typed: &mut Zeroizing<String>, key: char) {
    if typed.capacity() - typed.len() < key.len_utf8() {
        let mut larger = Zeroizing::new(String::with_capacity(typed.capacity() * 2));
        larger.push_str(typed);
        *typed = larger;
    }
    typed.push(key);
}

/// Where what is typed stands behind a question that may fill several rows.
struct Screen<'a> {
    terminal: &'a Term,
    question: &'a str,
    columns: usize,
    /// Whether the cursor goes nowhere but on and back.
    is_still: bool,
    /// How many characters of what was typed are shown.
    written: usize,
    /// The row, counted from that of the question's beginning, and the column of the cursor.
    place: (usize, usize),
}

impl<'a> Screen<'a> {
    fn new(terminal: &'a Term, question: &'a str, is_still: bool) -> Self {
        let columns = usize::from(terminal.size().1).max(1);
        Self {
            terminal,
            question,
            columns,
            is_still,
            written: 0,
            place: question
                .chars()
                .fold((0, 0), |place, c| after(place, c, columns)),
        }
    }

    fn write(&mut self, key: char) -> io::Result<()> {
        self.terminal.write_str(key.encode_utf8(&mut [0; 4]))?;
        self.written += 1;
        self.place = after(self.place, key, self.columns);
        Ok(())
    }

    /// Clears what stands behind the question and what is left of the typed text.
    fn take_back(&mut self, left: &str) -> io::Result<()> {
        let shown = self.question.chars().chain(left.chars());
        let mut place = shown.fold((0, 0), |place, c| after(place, c, self.columns));
        self.written = left.chars().count();
        if place.1 == self.columns && place != self.place {
            // The cursor can stand behind a full row only by writing it.
            place = (place.0 + 1, 0);
        }
        if place == self.place {
            return Ok(());
        }
        let is_in_row = place.0 == self.place.0 && self.place.1 < self.columns;
        if self.is_still && is_in_row {
            let back = "\u{8} \u{8}".repeat(self.place.1 - place.1);
            self.terminal.write_str(&back)?;
        } else if self.is_still {
            self.terminal
                .write_str(&format!("\n{}{left}", self.question))?;
        } else if is_in_row {
            self.terminal.clear_chars(self.place.1 - place.1)?;
        } else {
            self.terminal.move_cursor_up(self.place.0 - place.0)?;
            self.terminal.write_str("\r")?;
            self.terminal.move_cursor_right(place.1)?;
            self.terminal.write_str("\u{1b}[0J")?;
        }
        self.place = place;
        Ok(())
    }
}

/// Where the cursor stands after a character. A terminal goes to the next row with the first
/// character that does not fit any more.
fn after((row, column): (usize, usize), character: char, columns: usize) -> (usize, usize) {
    if character == '\n' {
        return (row + 1, 0);
    }
    let width = character.width().unwrap_or(0);
    if column + width > columns {
        (row + 1, width)
    } else {
        (row, column + width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_full_before_the_next_one_begins() {
        let place = |text: &str| text.chars().fold((0, 0), |place, c| after(place, c, 4));
        assert_eq!(place(""), (0, 0));
        assert_eq!(place("abcd"), (0, 4));
        assert_eq!(place("abcde"), (1, 1));
        assert_eq!(place("abc東"), (1, 2));
        assert_eq!(place("東京東"), (1, 2));
        assert_eq!(place("ab\ncd"), (1, 2));
    }
}
