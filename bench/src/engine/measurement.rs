//! The engine alone: instructions of every operator with a model's plan in memory, and
//! each output, also of the plan in tiles, compared with the reference kernels' bits.

use super::models::Model;
use super::peers;
use bench::engine_board::{Board, Inference, Job};

/// A model's figures on a board.
pub struct Measurement {
    /// The board.
    pub board: &'static Board,
    /// What was run.
    pub model: Model,
    /// Instructions of each operator, in order.
    pub instructions: Vec<u32>,
}

impl Measurement {
    /// The peer's figures, if there are any: instructions, and what we want.
    pub fn peer(&self) -> Option<(u64, u64)> {
        let peer = peers::of(&self.model.name)?;
        Some(match self.board.processor {
            "Cortex-M4" => (peer.cmsis_nn, peer.arm_goal),
            _ => (peer.riscv_reference, peer.riscv_goal),
        })
    }

    /// Instructions of one inference.
    pub fn total(&self) -> u64 {
        self.instructions.iter().map(|one| u64::from(*one)).sum()
    }
}

/// Length of the tiles of the second run of every case, in bytes.
const TILE_BYTES: u32 = 1024;

/// Runs all of a model's cases, with the plan in memory and in tiles; the first one's
/// counts, in memory, are kept.
///
/// # Errors
/// The board did not run, or an operator's output was wrong.
pub fn measure(board: &'static Board, model: &Model) -> Result<Measurement, String> {
    let ways = [(0, 0), (TILE_BYTES, model.plan.header.row_bytes)];
    let runs: Vec<_> = ways
        .iter()
        .flat_map(|way| model.cases.iter().map(move |case| (way, case)))
        .collect();
    let jobs = runs.iter().map(|((tile_bytes, row_bytes), case)| Job {
        plan: &model.plan.bytes,
        input: &case.input,
        tile_bytes: *tile_bytes,
        row_bytes: *row_bytes,
        shift: 0,
    });
    let inferences = board.run(&model.name, jobs)?;
    if inferences.len() != runs.len() {
        let (found, wanted) = (inferences.len(), runs.len());
        return Err(format!("{found} inferences instead of {wanted}"));
    }
    for (number, (inference, (way, case))) in inferences.iter().zip(&runs).enumerate() {
        let number = number % model.cases.len();
        let place = format!("{}: {} case {number}", board.name, model.name);
        let compared = compare(inference, &case.digests);
        compared.map_err(|problem| format!("{place}, tiles of {} bytes, {problem}", way.0))?;
    }
    let first = inferences.first().ok_or("no case")?;
    Ok(Measurement {
        board,
        model: model.clone(),
        instructions: first.operators.iter().map(|one| one.instructions).collect(),
    })
}

fn compare(inference: &Inference, digests: &[String]) -> Result<(), String> {
    if inference.status != 0 {
        return Err(format!("the board answered status {}", inference.status));
    }
    if inference.operators.len() != digests.len() {
        let (found, expected) = (inference.operators.len(), digests.len());
        return Err(format!("{found} operators instead of {expected}"));
    }
    for (index, (operator, expected)) in inference.operators.iter().zip(digests).enumerate() {
        if operator.digest() != *expected {
            return Err(format!("operator {index}: wrong output"));
        }
    }
    Ok(())
}
