//! The `anchorhold` command line, run as its users run it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::artifacts::built;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

/// Runs `anchorhold` in `directory`, so that messages name files as the test does.
#[track_caller]
pub fn anchorhold<I, S>(directory: &Path, arguments: I) -> Ended
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    run(&built("debug/anchorhold"), directory, arguments)
}

/// Runs `program` in `directory`.
#[track_caller]
pub fn run<I, S>(program: &Path, directory: &Path, arguments: I) -> Ended
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let output = Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::null())
        .output();
    match output {
        Ok(output) => Ended {
            code: output.status.code(),
            output: String::from_utf8_lossy(&output.stdout).into_owned(),
            errors: String::from_utf8_lossy(&output.stderr).into_owned(),
        },
        Err(error) => panic!("{}: {error}", program.display()),
    }
}

impl Ended {
    /// Standard output of a run that must have succeeded.
    #[track_caller]
    pub fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "it failed: {}", self.errors);
        self.output
    }

    /// Checks that the run failed with exit code `code` and exactly one line, `message`.
    #[track_caller]
    pub fn failed(self, code: i32, message: &str) {
        let expected = Ended {
            code: Some(code),
            output: String::new(),
            errors: format!("anchorhold: {message}\n"),
        };
        assert_eq!(self, expected);
    }
}
