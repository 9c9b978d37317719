//! AveragePool2D and MaxPool2D.

use anchorhold_engine::format::int16::Operation;
use anchorhold_engine::format::Window;

use super::step;
use crate::activations;
use crate::error::Problem;
use crate::lower::context::Context;
use crate::lower::pooling::window;
use crate::step::Step;

/// Lowers AVERAGE_POOL_2D.
pub fn average(context: &Context) -> Result<Step, Problem> {
    lower(context, Operation::AveragePool2D)
}

/// Lowers MAX_POOL_2D.
pub fn max(context: &Context) -> Result<Step, Problem> {
    lower(context, Operation::MaxPool2D)
}

fn lower(context: &Context, operation: fn(Window) -> Operation) -> Result<Step, Problem> {
    let (_, input) = context.input16(0)?;
    let (_, output) = context.output16()?;
    let window = window(context, input, output)?;
    let (scale, _) = output.quantization_of(input)?;
    let function = context.byte(5, "fused activation function")?;
    let range = activations::range16(function, scale)?;
    step(context, operation(window), range)
}
