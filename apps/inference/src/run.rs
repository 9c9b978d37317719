//! One inference: sealed model and samples in, output tensor out.

use anchorhold_client::sensor::{SensorKind, Verdict};
use anchorhold_client::vault::Model;
use anchorhold_client::worker::MAX_OUTPUT;
use anchorhold_client::{ResultStatus, Sensor, Vault, Work};
use anchorhold_engine::format::Element;
use anchorhold_engine::{Header, LoadedPlan, Plan, TileSource};
use libtock_platform::Syscalls;

use crate::memory::WINDOW_BYTES;
use crate::sound;
use crate::tiles::Tiles;
use crate::Memory;

/// What to report when a driver, the plan and the memory contradict each other.
const FAILED: ResultStatus = ResultStatus::InferenceFailed;

/// Runs the model and returns the length of its output, which is at the front
/// of `output`. Leaves plaintext in `memory`, and the vault open.
///
/// # Errors
/// What to report instead of an output.
pub fn run<S: Syscalls>(
    work: Work,
    memory: &mut Memory,
    output: &mut [u8; MAX_OUTPUT],
) -> Result<usize, ResultStatus> {
    if memory.whole_plan.is_none() {
        let model = Vault::<S>::open().map_err(|_| FAILED)?;
        if !Vault::<S>::may_stay().map_err(|_| FAILED)? || !load_whole::<S>(model, memory)? {
            return run_in_tiles::<S>(work, model, memory, output);
        }
    }
    run_whole::<S>(work, memory, output)
}

/// Longest row buffer, in bytes: more would save no time, and is wiped, too.
const ROWS_BYTES: usize = 16 * 1024;

/// Runs the model from the tiles of the open vault.
fn run_in_tiles<S: Syscalls>(
    work: Work,
    model: Model,
    memory: &mut Memory,
    output: &mut [u8; MAX_OUTPUT],
) -> Result<usize, ResultStatus> {
    let mut tiles = Tiles::<S>::new();
    memory.used = memory.workspace.len();
    let (tile, rest) = memory
        .workspace
        .split_at_mut_checked(model.tile_bytes)
        .ok_or(FAILED)?;
    let loaded = LoadedPlan::load(&mut tiles, tile, &mut memory.resident);
    let loaded = loaded.map_err(|_| tiles.status())?;
    let (arena, rest) = rest
        .split_at_mut_checked(loaded.plan().header().arena_bytes as usize)
        .ok_or(FAILED)?;
    let rows = rest.len().min(ROWS_BYTES);
    memory.used = tile.len() + arena.len() + rows;
    let rows = rest.get_mut(..rows).ok_or(FAILED)?;
    take_input::<S>(work, loaded.plan(), arena, rows)?;
    let plan = loaded
        .run(&mut tiles, tile, rows, arena, &mut ())
        .map_err(|_| tiles.status())?;
    give_output(&plan, arena, output)
}

/// Runs the model from the whole plan at the front of the workspace.
fn run_whole<S: Syscalls>(
    work: Work,
    memory: &mut Memory,
    output: &mut [u8; MAX_OUTPUT],
) -> Result<usize, ResultStatus> {
    memory.used = memory.workspace.len();
    let (bytes, rest) = memory
        .workspace
        .split_at_mut_checked(memory.whole_plan.unwrap_or(0))
        .ok_or(FAILED)?;
    let plan = Plan::validate(bytes).map_err(|_| FAILED)?;
    let (arena, rest) = rest
        .split_at_mut_checked(plan.header().arena_bytes as usize)
        .ok_or(FAILED)?;
    let window = rest.get_mut(..WINDOW_BYTES).ok_or(FAILED)?;
    memory.used = bytes.len() + arena.len() + window.len();
    take_input::<S>(work, &plan, arena, window)?;
    plan.run_in_memory(bytes, arena, &mut ())
        .map_err(|_| FAILED)?;
    give_output(&plan, arena, output)
}

/// Decrypts the whole plan to the front of the workspace, if arena and window fit behind
/// it; tells whether they do.
fn load_whole<S: Syscalls>(model: Model, memory: &mut Memory) -> Result<bool, ResultStatus> {
    let mut tiles = Tiles::<S>::new();
    memory.used = memory.workspace.len();
    let tile = memory.workspace.get_mut(..model.tile_bytes).ok_or(FAILED)?;
    let loaded = LoadedPlan::load(&mut tiles, tile, &mut memory.resident);
    let header = *loaded.map_err(|_| tiles.status())?.plan().header();
    let others = header.arena_bytes as usize + WINDOW_BYTES;
    let whole = header.plan_bytes as usize;
    if whole != model.plan_bytes || whole.saturating_add(others) > memory.workspace.len() {
        return Ok(false);
    }
    let plan = memory.workspace.get_mut(..whole).ok_or(FAILED)?;
    for (index, tile) in (0..).zip(plan.chunks_mut(model.tile_bytes.max(1))) {
        let length = tiles.read_tile(index, tile).map_err(|_| tiles.status())?;
        if length != tile.len() {
            return Err(FAILED);
        }
    }
    memory.whole_plan = Some(whole);
    Ok(true)
}

/// Fills the plan's input.
fn take_input<S: Syscalls>(
    work: Work,
    plan: &Plan,
    arena: &mut [u8],
    raw: &mut [u8],
) -> Result<(), ResultStatus> {
    let input = plan.input_mut(arena).map_err(|_| FAILED)?;
    match fill::<S>(work, input, raw, plan.header()).ok_or(FAILED)? {
        Verdict::Accepted => Ok(()),
        Verdict::Rejected => Err(ResultStatus::InputRejected),
    }
}

/// Copies the plan's output to the front of `output`.
fn give_output(
    plan: &Plan,
    arena: &[u8],
    output: &mut [u8; MAX_OUTPUT],
) -> Result<usize, ResultStatus> {
    let result = plan.output(arena).map_err(|_| FAILED)?;
    output
        .get_mut(..result.len())
        .ok_or(FAILED)?
        .copy_from_slice(result);
    Ok(result.len())
}

/// Fills the model's input from the sensor: tensors as they are, the accelerometer's
/// samples quantised by way of `raw`, a microphone's as features, which are int8. `None`
/// when the samples are not to be had or do not fit the model.
fn fill<S: Syscalls>(
    work: Work,
    input: &mut [u8],
    raw: &mut [u8],
    header: &Header,
) -> Option<Verdict> {
    let window = Sensor::<S>::window().ok()?;
    match (window.sensor, header.input_element) {
        (SensorKind::Tensor, Element::Int8) | (SensorKind::Int16Tensor, Element::Int16) => {
            let is_whole = window.bytes == input.len();
            is_whole.then(|| Sensor::<S>::read(work, input).ok())?
        }
        (SensorKind::Accelerometer, element) => {
            let raw = raw.get_mut(..window.bytes)?;
            let verdict = Sensor::<S>::read(work, raw).ok()?;
            let (samples, odd) = raw.as_chunks();
            let size = element.bytes() as usize;
            if samples.len().checked_mul(size) != Some(input.len()) || !odd.is_empty() {
                return None;
            }
            for (input, sample) in input.chunks_exact_mut(size).zip(samples) {
                header.input.fill(i16::from_le_bytes(*sample), input);
            }
            Some(verdict)
        }
        (SensorKind::Microphone, Element::Int8) => sound::fill::<S>(work, window.bytes, input, raw),
        _ => None,
    }
}
