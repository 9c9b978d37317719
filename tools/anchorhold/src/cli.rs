//! The commands, and what they have in common.

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::commands::{flash, inspect, keygen, provision, seal, sim, verify};
use crate::error::{Class, Error};

/// Seals models, provisions devices, checks answers, runs emulated boards, programs real ones.
#[derive(Debug, Parser)]
#[command(name = "anchorhold", version, max_term_width = 100)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Keygen(keygen::Arguments),
    Provision(provision::Arguments),
    Seal(seal::Arguments),
    Inspect(inspect::Arguments),
    Verify(verify::Arguments),
    Sim(sim::Arguments),
    Flash(flash::Arguments),
}

/// Runs what the command line says. An error is one line on standard error and an exit
/// code by class (docs/command-line.md).
pub fn run() -> ExitCode {
    let result = match CommandLine::try_parse() {
        Ok(line) => line.dispatch(),
        Err(error) if is_help(&error) => error.exit(),
        Err(error) => Err(one_line(&error)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("anchorhold: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

/// Whether it is what the user asked for, or needs.
fn is_help(error: &clap::Error) -> bool {
    let kind = error.kind();
    !error.use_stderr() || kind == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}

/// What is wrong with the command line, without the usage that clap adds below.
fn one_line(error: &clap::Error) -> Error {
    let text = error.to_string();
    let (what, _) = text.split_once("\n\nUsage:").unwrap_or((&text, ""));
    let (what, _) = what.split_once("\n\nFor more").unwrap_or((what, ""));
    let what = what.strip_prefix("error: ").unwrap_or(what);
    let words: Vec<_> = what.split_whitespace().collect();
    Error::new(
        Class::Usage,
        format!("{}; --help lists every option", words.join(" ")),
    )
}

impl CommandLine {
    fn dispatch(self) -> Result<(), Error> {
        match self.command {
            Command::Keygen(arguments) => keygen::run(&arguments),
            Command::Provision(arguments) => provision::run(&arguments),
            Command::Seal(arguments) => seal::run(&arguments),
            Command::Inspect(arguments) => inspect::run(&arguments),
            Command::Verify(arguments) => verify::run(&arguments),
            Command::Sim(arguments) => sim::run(&arguments),
            Command::Flash(arguments) => flash::run(&arguments),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_command_line_is_one_line() {
        for (line, what) in [
            (
                "seal model.tflite --check opentitan",
                "the following required arguments were not provided: --manifest <FILE>",
            ),
            (
                "seal model.tflite --manifest model.toml --check",
                "a value is required for '--check <BOARD>' but none was supplied",
            ),
            ("bake", "unrecognized subcommand 'bake'"),
        ] {
            let words = ["anchorhold"].into_iter().chain(line.split(' '));
            let error = one_line(&CommandLine::try_parse_from(words).unwrap_err());
            assert_eq!(error.class(), Class::Usage);
            assert_eq!(
                error.to_string(),
                format!("{what}; --help lists every option")
            );
        }
    }
}
