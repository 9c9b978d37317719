//! The `anchorhold` command; everything it does is in the library.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use anchorhold::cli::CommandLine;
use clap::Parser;

fn main() -> ExitCode {
    CommandLine::parse().run()
}
