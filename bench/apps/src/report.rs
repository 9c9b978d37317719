//! The lines by which a measuring application tells what it measured.

use core::fmt::{self, Write};

use libtock::console::Console;
use libtock::platform::ErrorCode;

/// A line that leaves in one write, so that no other process's divides it.
struct Line {
    bytes: [u8; 64],
    length: usize,
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length.checked_add(text.len()).ok_or(fmt::Error)?;
        let place = self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// An application that reports, under its name.
pub struct Report(pub &'static str);

impl Report {
    /// Prints `bench <application> <what> <value>`.
    ///
    /// # Errors
    /// `NoMem` if that is longer than 64 bytes; what the console answers.
    pub fn figure(&self, what: &str, value: u32) -> Result<(), ErrorCode> {
        print(format_args!("bench {} {what} {value}\n", self.0))
    }

    /// Prints `bench <application> end`: everything is measured.
    ///
    /// # Errors
    /// As for [`Report::figure`].
    pub fn end(&self) -> Result<(), ErrorCode> {
        print(format_args!("bench {} end\n", self.0))
    }
}

fn print(text: fmt::Arguments) -> Result<(), ErrorCode> {
    let mut line = Line {
        bytes: [0; 64],
        length: 0,
    };
    line.write_fmt(text).map_err(|_| ErrorCode::NoMem)?;
    Console::write(line.bytes.get(..line.length).unwrap_or_default())
}
