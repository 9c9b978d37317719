//! Measurements as text.

use crate::engine::Measurement;
use crate::engine_board::Board;
use crate::engine_peers::{self, PEERS};

/// Prints every operator, then a line for each model and board.
pub fn print(measurements: &[Measurement]) {
    for measurement in measurements {
        let model = &measurement.model;
        println!("{} on {}", model.name, measurement.board.processor);
        println!("     instructions         MACs  per MAC  operator");
        let operators = model.plan.report.operators.iter();
        for (operator, instructions) in operators.zip(&measurement.instructions) {
            let macs = operator.multiply_accumulates;
            println!(
                "  {instructions:>15} {macs:>12} {:>8}  {} {:?}",
                ratio(u64::from(*instructions), macs),
                operator.name,
                operator.output,
            );
        }
    }
    println!("instructions for one inference, exact to the counter's step, all outputs right");
    println!("board       model          instructions         MACs  per MAC         peer  of peer    arena    (peer)");
    for measurement in measurements {
        let report = &measurement.model.plan.report;
        let total = measurement.total();
        let macs = report.multiply_accumulates();
        let peer = engine_peers::of(&measurement.model.name);
        let theirs = measurement.peer().unwrap_or(0);
        println!(
            "{:<11} {:<14} {total:>12} {macs:>12} {:>8} {theirs:>12} {:>8} {:>8} {:>9}",
            measurement.board.name,
            measurement.model.name,
            ratio(total, macs),
            ratio(total, theirs),
            report.arena_bytes,
            peer.map_or(0, |peer| peer.arena_bytes),
        );
    }
}

/// Prints what the engine's code takes on each board.
pub fn print_code(code: &[(&Board, u32)]) {
    let theirs = PEERS.iter().map(|peer| peer.code_bytes);
    let (least, most) = (theirs.clone().min(), theirs.max());
    for (board, bytes) in code {
        println!(
            "{:<11} {bytes} bytes of engine code, for all models",
            board.name
        );
    }
    let (least, most) = (least.unwrap_or(0), most.unwrap_or(0));
    println!(
        "{:<11} {least} to {most}, for one model, on Cortex-M4",
        "(peer)"
    );
}

fn ratio(part: u64, whole: u64) -> String {
    match whole {
        0 => "-".to_owned(),
        _ => format!("{:.2}", part as f64 / whole as f64),
    }
}
