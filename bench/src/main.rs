//! `bench engine [--json] [--svg FILE]`: what inference costs on the emulated boards.
#![forbid(unsafe_code)]

mod engine;
mod engine_board;
mod engine_chart;
mod engine_code;
mod engine_models;
mod engine_peers;
mod engine_table;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let json = arguments.iter().any(|argument| argument == "--json");
    let chart = arguments.iter().position(|argument| argument == "--svg");
    let chart = chart.and_then(|at| arguments.get(at + 1));
    match engine::run(json, chart.map(String::as_str)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("bench: {message}");
            ExitCode::FAILURE
        }
    }
}
