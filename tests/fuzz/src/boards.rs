//! Accepted mutants on the emulated boards: they compute what the host computes,
//! whatever biases, factors and weights a plan has.

use std::ops::Range;

use anchorhold_engine::format::{
    Body, Common, Constant, Operator, Record, Window, GROUP, GROUP_HEADER_BYTES, RECORD_BYTES,
};
use anchorhold_engine::{MemorySource, Observer, Plan};
use bench::engine_board::{Board, Inference, Job};
use tflite_writer::Random;

use crate::campaign::{mutant, save, Target};
use crate::guarded::work;
use crate::plan::Plans;
use crate::plan_parts::Parts;

/// Four weights of each channel of a group.
const QUAD_BYTES: usize = 4 * GROUP;
/// Most memory of a plan's buffers: every board has that.
const MEMORY: u32 = 80_000;
/// Longest plan.
const LONGEST: usize = 200_000;
/// Dearest plan, in products and moves.
const MOST_WORK: u64 = 100_000;
/// Jobs that a board gets at a time.
const JOBS: usize = 4000;

/// What came of a comparison.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Mutants that the board ran.
    pub ran: u64,
    /// Those whose outputs differ from the host's.
    pub different: Vec<String>,
}

/// A mutant that is worth running, and what the host makes of it.
struct Accepted {
    number: u64,
    plan: Vec<u8>,
    input: Vec<u8>,
    tile_bytes: u32,
    row_bytes: u32,
    shift: u32,
    outputs: Vec<Vec<u8>>,
}

/// Runs those of the mutants `numbers` that the engine accepts on a board, and compares
/// operators' outputs with the host's.
///
/// # Errors
/// The board did not run at all.
pub fn compare(
    board: &Board,
    target: &Plans,
    seed: u64,
    numbers: Range<u64>,
) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let mut accepted = numbers.filter_map(|number| accepted(target, seed, number));
    loop {
        let all: Vec<Accepted> = accepted.by_ref().take(JOBS).collect();
        if all.is_empty() {
            return Ok(outcome);
        }
        let jobs = all.iter().map(|one| Job {
            plan: &one.plan,
            input: &one.input,
            tile_bytes: one.tile_bytes,
            row_bytes: one.row_bytes,
            shift: one.shift,
        });
        let inferences = board.run("fuzz", jobs)?;
        if inferences.len() != all.len() {
            let (ran, expected) = (inferences.len(), all.len());
            return Err(format!("{}: {ran} of {expected} jobs ran", board.name));
        }
        for (one, inference) in all.iter().zip(&inferences) {
            outcome.ran += 1;
            if let Err(what) = difference(one, inference) {
                let place = save(target.name(), seed, one.number, &one.plan);
                let number = one.number;
                let what = format!("execution {number} of seed {seed}: {what}; {place}");
                outcome.different.push(what);
            }
        }
    }
}

fn accepted(target: &Plans, seed: u64, number: u64) -> Option<Accepted> {
    let (mut random, bytes) = mutant(target, seed, number);
    let plan = Plan::validate(&bytes).ok()?;
    let header = plan.header();
    let memory = header.arena_bytes.checked_add(header.row_bytes)?;
    let whole = bytes.len() == header.plan_bytes as usize;
    if !whole || memory > MEMORY || bytes.len() > LONGEST || work(&plan) > MOST_WORK {
        return None;
    }
    let input = vec![0; header.input_bytes as usize];
    let plan = with_filling(&bytes, header.arena_bytes, &mut random);
    Some(Accepted {
        number,
        outputs: run(&plan, &input),
        input,
        tile_bytes: 64 * random.below(16) as u32,
        row_bytes: random.of(&[0, 200, 4000]),
        shift: random.of(&[0, 0, 0, 1, 2, 3]),
        plan,
    })
}

/// The plan, after an operator that fills its arena: plans may read what they did not
/// write, which is not the same everywhere.
fn with_filling(plan: &[u8], length: u32, random: &mut Random) -> Vec<u8> {
    let filling = Operator {
        common: Common {
            input_zero_point: 0,
            output_zero_point: 0,
            minimum: -128,
            maximum: 127,
            input_offset: 0,
            output_offset: 0,
        },
        body: Body::Constant(Constant { length }),
    };
    let mut record = [0; RECORD_BYTES];
    filling.emit(&mut record);
    let values = random.int8s(length as usize);
    let values = values.iter().map(|value| *value as u8).collect();
    let mut parts = Parts::of(plan);
    parts.operators.insert(0, (record, values));
    for (record, weights) in &mut parts.operators {
        if let Ok(Body::Conv2D(window)) = Record(record).parse().map(|operator| operator.body) {
            clear_filling(&window, weights);
        }
    }
    parts.repair();
    parts.bytes()
}

/// Makes the weights zero that fill a window up to fours, as the format says: what they
/// would meet is the processor's own affair.
fn clear_filling(window: &Window, weights: &mut [u8]) {
    let sizes = window.kernel.iter().chain(&window.input[2..]);
    let elements: usize = sizes.map(|size| usize::from(*size)).product();
    let group = GROUP_HEADER_BYTES + elements.next_multiple_of(4) * GROUP;
    let used = elements % 4;
    for last in weights.chunks_exact_mut(group) {
        if let (1.., Some(quad)) = (used, last.last_chunk_mut::<QUAD_BYTES>()) {
            for channel in quad.as_chunks_mut::<4>().0 {
                channel[used..].fill(0);
            }
        }
    }
}

/// Keeps every operator's output.
struct Outputs(Vec<Vec<u8>>);

impl Observer for Outputs {
    fn operator(&mut self, _index: usize, output: &[u8]) {
        self.0.push(output.to_vec());
    }
}

/// The outputs that the host computes, up to that of the first operator with a scratch
/// area: what it leaves there is the processor's own affair, and operators after it
/// may read it.
fn run(bytes: &[u8], input: &[u8]) -> Vec<Vec<u8>> {
    let plan = Plan::validate(bytes).expect("a plan that remains valid");
    let mut arena = vec![0; plan.header().arena_bytes as usize];
    let mut rows = vec![0; plan.header().row_bytes as usize];
    let target = plan.input_mut(&mut arena).expect("a long enough arena");
    target.copy_from_slice(input);
    let mut outputs = Outputs(Vec::new());
    let (mut source, mut tile) = (MemorySource(bytes), [0; 1024]);
    let result = plan.run(&mut source, &mut tile, &mut rows, &mut arena, &mut outputs);
    assert_eq!(result, Ok(()), "an accepted plan runs");
    let has_scratch = |operator: Result<Operator, _>| {
        let lengths = operator.and_then(|operator| operator.body.lengths());
        lengths.is_ok_and(|lengths| lengths.scratch > 0)
    };
    let count = plan.operators().position(has_scratch);
    outputs.0.truncate(count.map_or(usize::MAX, |at| at + 1));
    outputs.0
}

fn difference(accepted: &Accepted, inference: &Inference) -> Result<(), String> {
    if inference.status != 0 {
        return Err(format!("ended with status {}", inference.status));
    }
    let outputs = inference.operators.iter().map(|operator| &operator.output);
    let mut pairs = accepted.outputs.iter().zip(outputs);
    match pairs.position(|(expected, found)| expected != found) {
        Some(at) => Err(format!(
            "operator {at} (0 fills the arena) has another output"
        )),
        None => Ok(()),
    }
}
