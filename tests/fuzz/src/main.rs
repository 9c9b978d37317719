//! `fuzz plan|tflite|boards [--executions N] [--seed S] [--first NUMBER]` executes
//! mutants and prints how far they got. Fails where one panics, hangs or writes outside
//! its buffers, or where a board computes something else.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use bench::engine_board::BOARDS;
use fuzz::boards;
use fuzz::campaign::{self, Outcome, Target};
use fuzz::corpus;
use fuzz::plan::Plans;
use fuzz::tflite::Models;

const USAGE: &str = "usage: fuzz plan|tflite|boards [--executions N] [--seed S] [--first NUMBER]";

struct Arguments {
    target: String,
    executions: u64,
    seed: u64,
    first: u64,
}

fn arguments() -> Option<Arguments> {
    let mut given = std::env::args().skip(1);
    let mut parsed = Arguments {
        target: given.next()?,
        executions: 10_000_000,
        seed: 1,
        first: 0,
    };
    while let Some(option) = given.next() {
        let target = match option.as_str() {
            "--executions" => &mut parsed.executions,
            "--seed" => &mut parsed.seed,
            "--first" => &mut parsed.first,
            _ => return None,
        };
        *target = given.next()?.parse().ok()?;
    }
    Some(parsed)
}

fn main() -> ExitCode {
    let Some(arguments) = arguments() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match arguments.target.as_str() {
        "boards" => on_boards(&arguments),
        "plan" => fuzz(&Plans::new(&corpus::plans()), &arguments),
        "tflite" => fuzz(&Models::new(corpus::models()), &arguments),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn on_boards(arguments: &Arguments) -> ExitCode {
    let plans = Plans::new(&corpus::plans());
    let numbers = arguments.first..arguments.first + arguments.executions;
    let mut status = ExitCode::SUCCESS;
    for board in &BOARDS {
        match boards::compare(board, &plans, arguments.seed, numbers.clone()) {
            Ok(outcome) => {
                println!(
                    "{}: {} of {} mutants ran, {} computed something else",
                    board.name,
                    outcome.ran,
                    arguments.executions,
                    outcome.different.len()
                );
                for what in &outcome.different {
                    println!("  {what}");
                    status = ExitCode::FAILURE;
                }
            }
            Err(message) => {
                eprintln!("fuzz: {message}");
                return ExitCode::FAILURE;
            }
        }
    }
    status
}

fn fuzz(target: &impl Target, arguments: &Arguments) -> ExitCode {
    let name = target.name();
    let Arguments {
        executions,
        seed,
        first,
        ..
    } = *arguments;
    let terminal = std::io::stderr().is_terminal();
    let progress = |done: u64, findings: usize| {
        if terminal {
            eprint!("\r{name}: {done} of {executions} executions, {findings} findings ");
            let _ = std::io::stderr().flush();
        }
    };
    let outcome = campaign::run(target, seed, first..first + executions, &progress);
    if terminal {
        eprintln!();
    }
    print(target, executions, seed, &outcome);
    ExitCode::from(u8::from(!outcome.findings.is_empty()))
}

fn print(target: &impl Target, executions: u64, seed: u64, outcome: &Outcome) {
    let seconds = outcome.time.as_secs_f64();
    println!(
        "{}: {executions} executions of seed {seed} in {seconds:.0} s, {:.0} a second, {} findings",
        target.name(),
        executions as f64 / seconds,
        outcome.findings.len()
    );
    for (name, count) in target.stages().iter().zip(&outcome.stages) {
        let share = 100.0 * *count as f64 / executions as f64;
        println!("  {name:<28} {count:>10} {share:>6.2} %");
    }
    for finding in &outcome.findings {
        println!("  {finding}");
    }
}
