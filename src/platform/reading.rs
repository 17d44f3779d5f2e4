//! Reading texts that somebody else wrote.

use std::io::{self, Read};

use zeroize::Zeroizing;

/// Reads a text to its end: UTF-8, of at most `limit` bytes. The mark with which some editors begin
/// a text, and which has no meaning in UTF-8, is left out.
///
/// # Errors
/// When it is larger, or is no such text.
pub fn read_text(input: impl Read, limit: usize) -> io::Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::new());
    input.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        let message = format!("it has more than {limit} bytes, the most that can be read here");
        return Err(io::Error::other(message));
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    match std::str::from_utf8(text) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(io::Error::other("it is not UTF-8 text")),
    }
}
