//! The lines that say how attempts end.

use core::fmt::{self, Write};

use libtock::console::Console;
use libtock::platform::ErrorCode;

use crate::attack::Verdict;

/// Longest line; a longer one is cut.
const LINE_BYTES: usize = 96;

/// A line that is written to the console in one piece.
struct Line {
    bytes: [u8; LINE_BYTES],
    length: usize,
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.bytes.get_mut(self.length..).unwrap_or_default();
        for (place, byte) in room.iter_mut().zip(text.bytes()) {
            *place = byte;
            self.length += 1;
        }
        Ok(())
    }
}

fn print(line: fmt::Arguments) -> Result<(), ErrorCode> {
    let mut text = Line {
        bytes: [0; LINE_BYTES],
        length: 0,
    };
    writeln!(text, "{line}").map_err(|_| ErrorCode::Fail)?;
    Console::write(text.bytes.get(..text.length).unwrap_or_default())
}

/// Says that an attempt begins that should end with a fault.
pub fn begin(name: &str) -> Result<(), ErrorCode> {
    print(format_args!("attack {name} begin"))
}

/// Says how an attempt has ended.
pub fn verdict(name: &str, verdict: Verdict) -> Result<(), ErrorCode> {
    match verdict {
        Verdict::Refused(error) => print(format_args!("attack {name} refused {error:?}")),
        Verdict::Harmless(why) => print(format_args!("attack {name} refused {why}")),
        Verdict::Breach(what, value) => {
            print(format_args!("attack {name} BREACH {what} {value:#x}"))
        }
    }
}
