//! The operators, one file each: what each needs, and how it computes.

mod reshape;

use crate::arena::Area;
use crate::error::{OperatorFault, RunError};
use crate::format::{Body, Operator};
use crate::stream::Stream;

/// What an operator takes from the plan and the arena.
pub struct Needs {
    /// Length of its part of the weight stream.
    pub weight_bytes: u32,
    /// Row buffer that it cannot do without.
    pub row_bytes: u32,
    /// Where its output lies.
    pub output: Area,
}

impl Needs {
    /// For operators without weights.
    fn no_weights(output: Area) -> Self {
        Self {
            weight_bytes: 0,
            row_bytes: 0,
            output,
        }
    }
}

/// Checks everything that [`run`] relies on.
pub fn check(operator: &Operator, arena_bytes: u32) -> Result<Needs, OperatorFault> {
    match operator.body {
        Body::Reshape { length } => reshape::check(&operator.common, length, arena_bytes),
        _ => Err(OperatorFault::Shape),
    }
}

/// Runs one checked operator.
pub fn run(
    operator: &Operator,
    _weights: &mut Stream,
    _row_buffer: &mut [u8],
    arena: &mut [u8],
) -> Result<(), RunError> {
    match operator.body {
        Body::Reshape { length } => reshape::run(&operator.common, length, arena),
        _ => Err(RunError::Inconsistent),
    }
}
