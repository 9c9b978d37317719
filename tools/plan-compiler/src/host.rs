//! Runs a plan on the host.

use std::fmt;

use anchorhold_engine::{MemorySource, Observer, Plan, PlanError, RunError};

/// Why a plan did not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostError {
    /// The plan is not acceptable.
    Plan(PlanError),
    /// The run stopped.
    Run(RunError),
    /// The input has the wrong length.
    InputLength {
        /// Bytes given.
        found: usize,
        /// Bytes that the model takes.
        expected: usize,
    },
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan(error) => error.fmt(f),
            Self::Run(error) => error.fmt(f),
            Self::InputLength { found, expected } => {
                write!(f, "the input has {found} bytes, the model takes {expected}")
            }
        }
    }
}

impl std::error::Error for HostError {}

impl From<PlanError> for HostError {
    fn from(error: PlanError) -> Self {
        Self::Plan(error)
    }
}

impl From<RunError> for HostError {
    fn from(error: RunError) -> Self {
        Self::Run(error)
    }
}

/// Runs a whole plan once, its weights streamed in tiles of `tile_length` bytes
/// (a multiple of 64) or, if that is 0, read where they lie. Returns the output tensor.
/// `observer` sees every operator's output; `&mut ()` sees nothing.
///
/// # Errors
/// [`HostError`] where the plan, the input's length or the tile length is not
/// acceptable.
pub fn run<O: Observer + ?Sized>(
    plan: &[u8],
    input: &[i8],
    tile_length: usize,
    observer: &mut O,
) -> Result<Vec<i8>, HostError> {
    let valid = Plan::validate(plan)?;
    let header = valid.header();
    let mut arena = vec![0; header.arena_bytes as usize];
    let mut rows = vec![0; header.row_bytes as usize];
    let mut tile = vec![0; tile_length];
    let target = valid.input_mut(&mut arena)?;
    if target.len() != input.len() {
        return Err(HostError::InputLength {
            found: input.len(),
            expected: target.len(),
        });
    }
    for (target, value) in target.iter_mut().zip(input) {
        *target = *value as u8;
    }
    if tile_length == 0 {
        valid.run_in_memory(plan, &mut arena, observer)?;
    } else {
        let mut source = MemorySource(plan);
        valid.run(&mut source, &mut tile, &mut rows, &mut arena, observer)?;
    }
    let output = valid.output(&arena)?;
    Ok(output.iter().map(|byte| *byte as i8).collect())
}
