//! Reshape.

use anchorhold_engine::format::{Body, Reshape};

use super::context::Context;
use crate::error::Problem;
use crate::step::Step;

/// Lowers RESHAPE. The output tensor has the new shape; the operand that repeats it
/// does not count.
pub fn lower(context: &Context) -> Result<Step, Problem> {
    let (number, input) = context.activation(0)?;
    let (output_number, output) = context.result()?;
    let length = input.elements()?;
    if output.elements()? != length {
        return Err(output.unexpected(format!("{length} elements")));
    }
    let (_, zero_point) = output.quantization_of(input)?;
    let length = input.bytes()?;
    let body = Body::Reshape(Reshape { length });
    let ends = [(number, zero_point), (output_number, zero_point)];
    Ok(Step::new(context.node, body, ends[0], ends[1]))
}
