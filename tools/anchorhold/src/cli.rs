//! The commands, and what they have in common.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{flash, inspect, keygen, provision, seal, sim, verify};
use crate::error::Error;

/// Seals models, provisions devices, checks answers, runs emulated boards, programs real ones.
#[derive(Debug, Parser)]
#[command(name = "anchorhold", version, max_term_width = 100)]
pub struct CommandLine {
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

impl CommandLine {
    /// Runs the command. An error is one line on standard error and an exit code by
    /// class (docs/command-line.md).
    pub fn run(self) -> ExitCode {
        match self.dispatch() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("anchorhold: {error}");
                ExitCode::from(error.exit_code())
            }
        }
    }

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
