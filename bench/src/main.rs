//! Measures what the emulated boards do, in instructions, beside what others need.
//!
//! One file a section in `sections`; docs/benchmarks.md defines every figure.
#![forbid(unsafe_code)]

mod arguments;
mod engine;
mod figures;
mod run;
mod sections;
mod table;

use std::process::ExitCode;

use anchorhold::Error;
use clap::Parser;

use crate::arguments::Arguments;

fn main() -> ExitCode {
    match measure(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn measure(arguments: &Arguments) -> Result<(), Error> {
    for section in arguments.sections()? {
        for table in (section.measure)(arguments)? {
            table.print(section.name, arguments.json)?;
        }
    }
    Ok(())
}
