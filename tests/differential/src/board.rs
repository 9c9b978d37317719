//! Compiled models on the emulated boards: many in one boot.

use bench::engine_board::{Board, Inference, Job};
use tflite_writer::Random;

use crate::graph::Instance;
use crate::host::compare;

/// An instance, compiled, and the buffers that it gets: no tile buffer to run in
/// memory.
pub struct Prepared {
    /// The instance's number.
    pub number: u64,
    /// The instance.
    pub instance: Instance,
    plan: Vec<u8>,
    input: Vec<u8>,
    tile_bytes: u32,
    row_bytes: u32,
    shift: u32,
}

impl Prepared {
    /// Draws buffers for a compiled instance: tiles as sealed packages have them, and
    /// often a longer row buffer than the plan's; half of them not at words.
    pub fn new(number: u64, instance: Instance, plan: Vec<u8>, random: &mut Random) -> Self {
        let tile = 64 * (1 + random.below(16));
        let rows = random.below(6000);
        Self {
            number,
            plan,
            input: instance.input.iter().map(|value| *value as u8).collect(),
            instance,
            tile_bytes: random.of(&[0, 64, tile, 4096]) as u32,
            row_bytes: random.of(&[0, rows]) as u32,
            shift: random.of(&[0, 0, 0, 1, 2, 3]),
        }
    }

    fn job(&self) -> Job<'_> {
        Job {
            plan: &self.plan,
            input: &self.input,
            tile_bytes: self.tile_bytes,
            row_bytes: self.row_bytes,
            shift: self.shift,
        }
    }
}

/// Runs instances on a board, and compares each one's output with the expected one.
///
/// # Errors
/// The board did not run at all.
pub fn check(
    board: &Board,
    folder: &str,
    all: &[Prepared],
) -> Result<Vec<Result<(), String>>, String> {
    let inferences = board.run(folder, all.iter().map(Prepared::job))?;
    if inferences.len() != all.len() {
        let (ran, expected) = (inferences.len(), all.len());
        return Err(format!("{}: {ran} of {expected} jobs ran", board.name));
    }
    let pairs = all.iter().zip(inferences);
    Ok(pairs
        .map(|(one, inference)| output(one, &inference))
        .collect())
}

fn output(prepared: &Prepared, inference: &Inference) -> Result<(), String> {
    let (tile, rows) = (prepared.tile_bytes, prepared.row_bytes);
    let way = match tile {
        0 => "in memory".to_owned(),
        _ => format!("tiles of {tile} bytes, row buffer of {rows} or more"),
    };
    let way = format!("{way}, {} bytes behind words", prepared.shift);
    let (0, Some(last)) = (inference.status, inference.operators.last()) else {
        return Err(format!("{way}: ended with status {}", inference.status));
    };
    let found: Vec<i8> = last.output.iter().map(|byte| *byte as i8).collect();
    compare(&found, &prepared.instance.expected).map_err(|what| format!("{way}: {what}"))
}
