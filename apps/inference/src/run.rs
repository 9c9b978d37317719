//! One inference: sealed model and samples in, output tensor out.

use anchorhold_client::sensor::{SensorKind, Verdict};
use anchorhold_client::worker::MAX_OUTPUT;
use anchorhold_client::{ResultStatus, Sensor, Vault, Work};
use anchorhold_engine::{InputQuantization, Plan};
use libtock_platform::Syscalls;

use crate::sound;
use crate::tiles::Tiles;
use crate::Memory;

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
    const FAILED: ResultStatus = ResultStatus::InferenceFailed;

    let model = Vault::<S>::open().map_err(|_| FAILED)?;
    let mut tiles = Tiles::<S>::new();
    let (tile, rest) = memory
        .workspace
        .split_at_mut_checked(model.tile_bytes)
        .ok_or(FAILED)?;
    let plan = Plan::load(&mut tiles, tile, &mut memory.resident).map_err(|_| tiles.status())?;
    let (arena, rest) = rest
        .split_at_mut_checked(plan.header().arena_bytes as usize)
        .ok_or(FAILED)?;

    let input = plan.input_mut(arena).map_err(|_| FAILED)?;
    match fill::<S>(work, input, rest, plan.header().input).ok_or(FAILED)? {
        Verdict::Accepted => {}
        Verdict::Rejected => return Err(ResultStatus::InputRejected),
    }
    plan.run(&mut tiles, tile, rest, arena, &mut ())
        .map_err(|_| tiles.status())?;

    let result = plan.output(arena).map_err(|_| FAILED)?;
    output
        .get_mut(..result.len())
        .ok_or(FAILED)?
        .copy_from_slice(result);
    Ok(result.len())
}

/// Fills the model's input from the sensor: tensors as they are, the accelerometer's
/// samples quantised by way of `raw`, a microphone's as features. `None` when the samples
/// are not to be had or do not fit the model.
fn fill<S: Syscalls>(
    work: Work,
    input: &mut [u8],
    raw: &mut [u8],
    quantization: InputQuantization,
) -> Option<Verdict> {
    let window = Sensor::<S>::window().ok()?;
    match window.sensor {
        SensorKind::Tensor => {
            let is_whole = window.bytes == input.len();
            is_whole.then(|| Sensor::<S>::read(work, input).ok())?
        }
        SensorKind::Accelerometer => {
            let raw = raw.get_mut(..window.bytes)?;
            let verdict = Sensor::<S>::read(work, raw).ok()?;
            let (samples, odd) = raw.as_chunks();
            if samples.len() != input.len() || !odd.is_empty() {
                return None;
            }
            for (input, sample) in input.iter_mut().zip(samples) {
                *input = quantization.quantize(i16::from_le_bytes(*sample)) as u8;
            }
            Some(verdict)
        }
        SensorKind::Microphone => sound::fill::<S>(work, window.bytes, input, raw),
    }
}
