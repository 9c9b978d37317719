//! Standard output: lines for people, JSON for programs.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use serde::Serialize;

use crate::error::{Class, Error};

/// Prints a line for people. One who has stopped reading misses nothing, so that a
/// closed pipe does not stop the work.
pub fn line(text: impl Display) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// Prints `value` as one line of JSON.
pub fn json(value: &impl Serialize) -> Result<(), Error> {
    let failed = |error: &dyn Display| {
        Error::new(
            Class::Environment,
            format!("standard output cannot be written: {error}"),
        )
    };
    let text = serde_json::to_string(value).map_err(|error| failed(&error))?;
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(failed(&error)),
        _ => Ok(()),
    }
}

/// The text without what a terminal would obey: whoever names an application or writes
/// to a serial port must not rewrite the lines around it.
pub fn visible(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

/// Prints names and values in two columns.
pub fn lines(lines: &[(&str, String)]) {
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, value) in lines {
        let value = visible(value);
        line(format_args!("  {name:width$}  {value}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_obeys_no_name() {
        assert_eq!(
            visible("a\r\x1b[2K\n  self-test  passed"),
            "a\u{fffd}\u{fffd}[2K\u{fffd}  self-test  passed"
        );
        assert_eq!(visible("déjà vu"), "déjà vu");
    }
}
