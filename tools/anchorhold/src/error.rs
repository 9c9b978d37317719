//! What the command line reports when it stops: one line, and an exit code by class.

use std::fmt;
use std::path::Path;

/// Why a command stopped. The number is the exit code (docs/command-line.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The command line itself, or a file that would have been overwritten.
    Usage = 2,
    /// An input file is missing or malformed.
    Input = 3,
    /// A key or a password does not fit.
    Key = 4,
    /// A signature, nonce, device or model was checked and refused.
    Refused = 5,
    /// A tool or permission is missing on this computer.
    Environment = 6,
    /// The emulated board did not start, stopped or fell silent.
    Emulator = 7,
    /// An attack of the intruder got through.
    Breach = 8,
}

/// One line: what, where, the limit, the fix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    class: Class,
    message: String,
}

impl Error {
    /// An error of `class` that prints as `message`.
    pub fn new(class: Class, message: impl Into<String>) -> Self {
        let message = message.into().replace(['\n', '\r'], " ");
        Self { class, message }
    }

    /// An error about what the file at `path` holds.
    pub fn input(path: &Path, what: impl fmt::Display) -> Self {
        Self::new(Class::Input, format!("{}: {what}", path.display()))
    }

    /// An error about a tool or permission, at `path`.
    pub fn environment(path: &Path, what: impl fmt::Display) -> Self {
        Self::new(Class::Environment, format!("{}: {what}", path.display()))
    }

    /// Which class, and so which exit code.
    pub fn class(&self) -> Class {
        self.class
    }

    /// The process exit code of this error's class.
    pub fn exit_code(&self) -> u8 {
        self.class as u8
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line() {
        let error = Error::new(Class::Input, "first\nsecond");
        assert_eq!(error.to_string(), "first second");
        assert_eq!(error.exit_code(), 3);
    }
}
