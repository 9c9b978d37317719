//! What the driver prints.

use core::fmt::{self, Write};

/// Longest message: `App` with two numbers.
pub const BUF_LEN: usize = "LowLevelDebug: App 0x prints 0x 0x\n".len() + 3 * NUMBER;
/// Hexadecimal digits of a number.
const NUMBER: usize = 2 * core::mem::size_of::<usize>();

/// One message of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// This many messages were lost.
    Dropped(usize),
    /// A code from the table in the driver's documentation.
    AlertCode(usize),
    /// A number.
    Number(usize),
    /// Two numbers.
    Numbers(usize, usize),
}

impl Message {
    /// Writes the message as a line, cut to the buffer; returns its length.
    pub fn format(self, app: usize, buffer: &mut [u8]) -> usize {
        let mut line = Line { buffer, length: 0 };
        // Only a full buffer makes this fail, and then the line is cut.
        let _ = match self {
            Message::Dropped(count) => writeln!(
                line,
                "LowLevelDebug: Dropped {count:#x} entries for app {app:#x}"
            ),
            Message::AlertCode(code) => {
                writeln!(line, "LowLevelDebug: App {app:#x} alert code {code:#x}")
            }
            Message::Number(number) => {
                writeln!(line, "LowLevelDebug: App {app:#x} prints {number:#x}")
            }
            Message::Numbers(first, second) => writeln!(
                line,
                "LowLevelDebug: App {app:#x} prints {first:#x} {second:#x}"
            ),
        };
        line.length
    }
}

struct Line<'a> {
    buffer: &'a mut [u8],
    length: usize,
}

impl Write for Line<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            *self.buffer.get_mut(self.length).ok_or(fmt::Error)? = byte;
            self.length = self.length.saturating_add(1);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_message_fits_and_a_short_buffer_cuts() {
        for message in [
            Message::Numbers(usize::MAX, usize::MAX),
            Message::Dropped(usize::MAX),
            Message::AlertCode(usize::MAX),
        ] {
            let mut buffer = [0; BUF_LEN];
            let length = message.format(usize::MAX, &mut buffer);
            assert_eq!(buffer[length - 1], b'\n', "{message:?} is cut");
        }
        let mut short = [0; 5];
        assert_eq!(Message::Number(1).format(0, &mut short), 5);
    }

    #[test]
    fn lines_read_as_the_documentation_says() {
        let mut buffer = [0; BUF_LEN];
        let length = Message::Numbers(10, 255).format(2, &mut buffer);
        assert_eq!(
            &buffer[..length],
            b"LowLevelDebug: App 0x2 prints 0xa 0xff\n"
        );
    }
}
