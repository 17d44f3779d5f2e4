//! Keys as they arrive from a terminal that is read key by key.

use std::io;

use zeroize::Zeroizing;

use crate::platform::{self, Keyboard};

/// A key, or what a terminal sends instead of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// A character, control characters without a meaning here among them.
    Char(char),
    /// The end of the line.
    Enter,
    /// Takes the last character back.
    Backspace,
    /// Takes all back.
    Clear,
    /// Leaves: Esc or Ctrl-D, or the terminal is gone.
    Leave,
    /// Ctrl-C, or a signal that ends the program.
    Interrupt,
    /// What follows is pasted.
    PasteStart,
    /// The end of what is pasted.
    PasteEnd,
    /// Goes elsewhere in a list.
    Move(Motion),
    /// Anything else: a function key, bytes that are no text.
    Other,
}

/// Where an arrow and the like lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Motion {
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
}

impl Motion {
    /// The motion that a terminal means by what it sends behind an escape byte.
    fn of(sequence: &[u8]) -> Option<Self> {
        Some(match sequence {
            b"[A" | b"OA" => Self::Up,
            b"[B" | b"OB" => Self::Down,
            b"[5~" => Self::PageUp,
            b"[6~" => Self::PageDown,
            b"[H" | b"OH" | b"[1~" | b"[7~" => Self::Home,
            b"[F" | b"OF" | b"[4~" | b"[8~" => Self::End,
            _ => return None,
        })
    }
}

/// How long the rest of what one key sends may take to arrive, in milliseconds.
const REST: u16 = 50;

/// How many bytes are read at once at most.
const CHUNK: usize = 4 << 10;

/// Where bytes come from.
pub(super) trait Source {
    /// At least one byte, or none at the end of all; nothing if a signal came while there was
    /// none.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>>;

    /// Whether there is a byte within so many milliseconds.
    fn has_more(&mut self, within: u16) -> io::Result<bool>;
}

impl Source for &Keyboard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        if !self.wait(platform::signals().flag())? {
            return Ok(None);
        }
        Keyboard::read(self, buffer).map(Some)
    }

    fn has_more(&mut self, within: u16) -> io::Result<bool> {
        self.is_ready(within)
    }
}

/// Makes keys of bytes. What it holds is wiped when it goes.
pub(super) struct Keys<S> {
    source: S,
    bytes: Zeroizing<Vec<u8>>,
    next: usize,
}

/// What ended before a whole key was there.
enum End {
    Gone,
    Interrupted,
}

impl<S: Source> Keys<S> {
    pub(super) fn new(source: S) -> Self {
        Self {
            source,
            bytes: Zeroizing::new(Vec::with_capacity(CHUNK)),
            next: 0,
        }
    }

    /// Waits for a key.
    pub(super) fn key(&mut self) -> io::Result<Key> {
        let byte = match self.byte()? {
            Ok(byte) => byte,
            Err(End::Gone) => return Ok(Key::Leave),
            Err(End::Interrupted) => return Ok(Key::Interrupt),
        };
        Ok(match byte {
            b'\r' | b'\n' => Key::Enter,
            0x7f | 0x08 => Key::Backspace,
            0x03 => Key::Interrupt,
            0x04 => Key::Leave,
            0x15 => Key::Clear,
            0x1b => self.escape()?,
            _ => self.character(byte)?.map_or(Key::Other, Key::Char),
        })
    }

    /// Whether more has arrived already than was made into keys.
    pub(super) fn has_more(&mut self) -> io::Result<bool> {
        self.arrives(0)
    }

    /// Whether a key arrives within so many milliseconds.
    pub(super) fn arrives(&mut self, within: u16) -> io::Result<bool> {
        Ok(self.next < self.bytes.len() || self.source.has_more(within)?)
    }

    /// What stands behind an escape byte: nothing, if the key was Esc.
    fn escape(&mut self) -> io::Result<Key> {
        let mut sequence = Vec::new();
        while self.next < self.bytes.len() || self.source.has_more(REST)? {
            let Ok(byte) = self.byte()? else { break };
            sequence.push(byte);
            match sequence.as_slice() {
                [b'[', b'2', b'0', b'0', b'~'] => return Ok(Key::PasteStart),
                [b'[', b'2', b'0', b'1', b'~'] => return Ok(Key::PasteEnd),
                // Parameters, up to the byte that ends them.
                [b'[' | b'O'] | [b'[', .., 0x20..=0x3f] => {}
                whole => return Ok(Motion::of(whole).map_or(Key::Other, Key::Move)),
            }
        }
        Ok(if sequence.is_empty() {
            Key::Leave
        } else {
            Key::Other
        })
    }

    /// The character that begins with this byte; none if it is no UTF-8.
    fn character(&mut self, first: u8) -> io::Result<Option<char>> {
        let length = match first {
            0x00..=0x7f => 1,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => return Ok(None),
        };
        let mut encoded = Zeroizing::new([first, 0, 0, 0]);
        for place in 1..length {
            let Ok(byte @ 0x80..=0xbf) = self.byte()? else {
                return Ok(None);
            };
            encoded[place] = byte;
        }
        let text = std::str::from_utf8(&encoded[..length]);
        Ok(text.ok().and_then(|text| text.chars().next()))
    }

    fn byte(&mut self) -> io::Result<Result<u8, End>> {
        if self.next == self.bytes.len() {
            self.bytes.resize(CHUNK, 0);
            let read = self.source.read(&mut self.bytes)?;
            self.bytes.truncate(read.unwrap_or(0));
            self.next = 0;
            match read {
                None => return Ok(Err(End::Interrupted)),
                Some(0) => return Ok(Err(End::Gone)),
                Some(_) => {}
            }
        }
        let byte = self.bytes[self.next];
        self.next += 1;
        Ok(Ok(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that arrive in these pieces, the next one only when the one before was taken.
    struct Pieces(Vec<&'static [u8]>);

    impl Source for Pieces {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
            if self.0.is_empty() {
                return Ok(Some(0));
            }
            let piece = self.0.remove(0);
            buffer[..piece.len()].copy_from_slice(piece);
            Ok(Some(piece.len()))
        }

        fn has_more(&mut self, _: u16) -> io::Result<bool> {
            Ok(!self.0.is_empty())
        }
    }

    fn keys(pieces: &[&'static [u8]]) -> Vec<Key> {
        let mut keys = Keys::new(Pieces(pieces.to_vec()));
        let mut found = Vec::new();
        while found.last() != Some(&Key::Leave) {
            found.push(keys.key().unwrap());
        }
        found.pop();
        found
    }

    #[test]
    fn keys_arrive_whole_however_they_are_cut() {
        let pasted = [Key::PasteStart, Key::Char('é'), Key::PasteEnd, Key::Enter];
        assert_eq!(keys(&["\u{1b}[200~é\u{1b}[201~\r".as_bytes()]), pasted);
        let pieces: Vec<&'static [u8]> = vec![
            b"\x1b", b"[", b"2", b"0", b"0", b"~", b"\xc3", b"\xa9", b"\x1b[20", b"1~", b"\n",
        ];
        assert_eq!(keys(&pieces), pasted);
    }

    #[test]
    fn what_is_no_text_is_told_apart() {
        assert_eq!(
            keys(&[b"\x1b[D", b"\x1bOP", b"\x1b[1;5D", b"\x1bx"]),
            [Key::Other; 4]
        );
        assert_eq!(
            keys(&[b"\x1b[A\x1bOB", b"\x1b[5", b"~", b"\x1b[1~"]),
            [Motion::Up, Motion::Down, Motion::PageUp, Motion::Home].map(Key::Move)
        );
        assert_eq!(keys(&[b"\xff", b"\xc3(", b"\x80"]), [Key::Other; 3]);
        assert_eq!(
            keys(&[b"a\t\x01\x7f\x15\x03"]),
            [
                Key::Char('a'),
                Key::Char('\t'),
                Key::Char('\x01'),
                Key::Backspace,
                Key::Clear,
                Key::Interrupt
            ]
        );
        assert_eq!(keys(&[b"\x1b"]), []);
    }
}
