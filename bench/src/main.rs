//! `bench engine [--json]`: what inference costs on the emulated boards.
#![forbid(unsafe_code)]

mod engine;
mod engine_models;
mod engine_peers;
mod engine_table;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let json = arguments.iter().any(|argument| argument == "--json");
    match engine::run(json) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("bench: {message}");
            ExitCode::FAILURE
        }
    }
}
