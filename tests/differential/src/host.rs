//! Compiled models on this computer: every way to give a plan its buffers must make
//! the same output.

use anchorhold_engine::{MemorySource, Plan, RunError};
use anchorhold_plan_compiler::{compile, Options};
use tflite_writer::Random;

use crate::graph::Instance;

/// Longest tile that a sealed package has.
const LONGEST_TILE: usize = 4096;

/// The instance's plan.
///
/// # Errors
/// What the compiler says.
pub fn plan(instance: &Instance) -> Result<Vec<u8>, String> {
    match compile(&instance.model, &Options::default()) {
        Ok(plan) => Ok(plan.bytes),
        Err(error) => Err(format!("does not compile: {error}")),
    }
}

/// Runs a plan in several ways: in memory; streamed through the shortest tile, through
/// one of random length, and with the whole plan in one; with row buffers of the least
/// length and of random ones; over an arena full of other bytes.
///
/// # Errors
/// The first way that does not make the expected output, and how it differs.
pub fn check(plan: &[u8], instance: &Instance, random: &mut Random) -> Result<(), String> {
    let any = 64 * (1 + random.below(LONGEST_TILE / 64));
    let whole = plan.len().next_multiple_of(64);
    for tile in [None, Some(64), Some(any), Some(whole)] {
        let any = random.below(4000);
        let rows = random.of(&[0, 0, any]);
        let way = match tile {
            None => "in memory".to_owned(),
            Some(tile) => format!("tiles of {tile} bytes, row buffer {rows} longer than it must"),
        };
        let found = run(plan, &instance.input, tile, rows, random.draw() as u8);
        let found = found.map_err(|error| format!("{way}: does not run: {error}"))?;
        compare(&found, &instance.expected).map_err(|what| format!("{way}: {what}"))?;
    }
    Ok(())
}

/// Compares a plan's output with the expected one.
///
/// # Errors
/// How they differ.
pub fn compare(found: &[i8], expected: &[i8]) -> Result<(), String> {
    if found.len() != expected.len() {
        let (found, expected) = (found.len(), expected.len());
        return Err(format!("{found} bytes of output, expected {expected}"));
    }
    let pairs = found.iter().zip(expected).enumerate();
    let mut wrong = pairs.filter(|(_, (found, expected))| found != expected);
    let Some((at, (first, right))) = wrong.next() else {
        return Ok(());
    };
    Err(format!(
        "{} of {} bytes differ, the first is byte {at}: {first}, expected {right}",
        1 + wrong.count(),
        expected.len()
    ))
}

fn run(
    bytes: &[u8],
    input: &[i8],
    tile: Option<usize>,
    rows: usize,
    filling: u8,
) -> Result<Vec<i8>, RunError> {
    let plan = Plan::validate(bytes)?;
    let header = plan.header();
    let mut arena = vec![filling; header.arena_bytes as usize];
    let mut rows = vec![filling; header.row_bytes as usize + rows];
    let target = plan.input_mut(&mut arena)?;
    assert_eq!(target.len(), input.len(), "the input's length");
    for (target, value) in target.iter_mut().zip(input) {
        *target = *value as u8;
    }
    match tile {
        None => plan.run_in_memory(bytes, &mut arena, &mut ())?,
        Some(tile) => {
            let (mut source, mut tile) = (MemorySource(bytes), vec![filling; tile]);
            plan.run(&mut source, &mut tile, &mut rows, &mut arena, &mut ())?;
        }
    }
    Ok(plan
        .output(&arena)?
        .iter()
        .map(|byte| *byte as i8)
        .collect())
}
