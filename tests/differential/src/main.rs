//! `differential [--boards] [--instances N] [--seed S] [--first NUMBER] [KIND …]`
//! compares random operators with the reference, on this computer and on the emulated
//! boards, and prints a line for each kind.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use bench::engine_board::{Board, BOARDS};
use differential::instances::{Kind, KINDS};
use differential::search::{on_board, on_host, Outcome};

const USAGE: &str =
    "usage: differential [--boards] [--instances N] [--seed S] [--first NUMBER] [KIND ...]";

struct Arguments {
    instances: u64,
    seed: u64,
    first: u64,
    boards: bool,
    kinds: Vec<String>,
}

fn arguments() -> Result<Arguments, String> {
    let mut parsed = Arguments {
        instances: 10_000,
        seed: 1,
        first: 0,
        boards: false,
        kinds: Vec::new(),
    };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let target = match argument.as_str() {
            "--instances" => &mut parsed.instances,
            "--seed" => &mut parsed.seed,
            "--first" => &mut parsed.first,
            "--boards" => {
                parsed.boards = true;
                continue;
            }
            name if KINDS.iter().any(|kind| kind.name == name) => {
                parsed.kinds.push(argument);
                continue;
            }
            _ => {
                let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
                let names = names.join(", ");
                return Err(format!(
                    "no option or kind {argument}\n{USAGE}\nkinds: {names}"
                ));
            }
        };
        let value = given.next().and_then(|value| value.parse().ok());
        *target = value.ok_or(format!("{argument} needs a number\n{USAGE}"))?;
    }
    Ok(parsed)
}

/// Where the instances run.
#[derive(Clone, Copy)]
enum Place {
    Host,
    Board(&'static Board),
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Board(board) => board.name,
        }
    }

    fn compare(self, kind: &Kind, arguments: &Arguments) -> Result<Outcome, String> {
        let numbers = arguments.first..arguments.first + arguments.instances;
        match self {
            Self::Host => Ok(on_host(kind, arguments.seed, numbers)),
            Self::Board(board) => on_board(board, kind, arguments.seed, numbers),
        }
    }
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    match compare(&arguments) {
        Ok(all_equal) => ExitCode::from(u8::from(!all_equal)),
        Err(message) => {
            eprintln!("differential: {message}");
            ExitCode::FAILURE
        }
    }
}

fn compare(arguments: &Arguments) -> Result<bool, String> {
    let mut places = vec![Place::Host];
    if arguments.boards {
        places.extend(BOARDS.iter().map(Place::Board));
    }
    let mut all_equal = true;
    for kind in KINDS {
        let listed = arguments.kinds.iter().any(|name| name == kind.name);
        if !listed && !arguments.kinds.is_empty() {
            continue;
        }
        for place in &places {
            let start = Instant::now();
            let outcome = place.compare(kind, arguments)?;
            print(kind, *place, &outcome, start.elapsed());
            all_equal &= outcome.different == 0;
        }
    }
    Ok(all_equal)
}

fn print(kind: &Kind, place: Place, outcome: &Outcome, time: Duration) {
    println!(
        "{:<18} {:<10} {:>6} equal {:>4} different {:>6.1} s",
        kind.name,
        place.name(),
        outcome.equal,
        outcome.different,
        time.as_secs_f64()
    );
    for message in &outcome.messages {
        println!("  {message}");
    }
}
