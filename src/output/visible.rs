//! The last guard before a terminal.

use std::io::{self, Write};

use crate::model::text;

/// Passes text on with every character made visible that a terminal would obey, except for line
/// ends and tabs.
///
/// Whatever the format, data that goes to a terminal goes through this. Each write must hold whole
/// characters.
pub struct Visible<W>(pub W);

impl<W: Write> Write for Visible<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        for line in text.split_inclusive('\n') {
            let (line, end) = match line.strip_suffix("\r\n") {
                Some(line) => (line, "\n"),
                None => line
                    .strip_suffix('\n')
                    .map_or((line, ""), |line| (line, "\n")),
            };
            for (index, part) in line.split('\t').enumerate() {
                if index > 0 {
                    self.0.write_all(b"\t")?;
                }
                self.0.write_all(text::visible(part).as_bytes())?;
            }
            self.0.write_all(end.as_bytes())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_layout_stays() {
        let mut shown = Vec::new();
        Visible(&mut shown)
            .write_all("a\tb\r\nc\u{1b}[2J\rd\n\u{202e}e".as_bytes())
            .unwrap();
        assert_eq!(
            String::from_utf8(shown).unwrap(),
            "a\tb\nc\\u{1b}[2J\\rd\n\\u{202e}e"
        );
    }
}
