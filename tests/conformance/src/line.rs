//! A line of text, put together before it is printed in one piece.

use core::fmt::{self, Write};

/// Longest line.
const MOST: usize = 400;

/// Text of at most [`MOST`] bytes. What is beyond is lost.
pub struct Line {
    bytes: [u8; MOST],
    length: usize,
}

impl Line {
    /// No text.
    pub const fn new() -> Self {
        Self {
            bytes: [0; MOST],
            length: 0,
        }
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            let place = self.bytes.get_mut(self.length).ok_or(fmt::Error)?;
            *place = byte;
            self.length += 1;
        }
        Ok(())
    }
}

/// The line that `arguments` make.
pub fn of(arguments: fmt::Arguments<'_>) -> Line {
    let mut line = Line::new();
    // Only a line that is too long fails, and is printed as far as it goes.
    let _ = line.write_fmt(arguments);
    line
}
