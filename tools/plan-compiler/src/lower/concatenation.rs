//! Concatenation: a copy of each input to its place in the output.

use anchorhold_engine::format::{Body, Place};

use super::context::Context;
use super::pad::four;
use crate::error::Problem;
use crate::step::Step;

/// Lowers CONCATENATION of tensors with one scale and zero point.
pub fn lower(context: &Context) -> Result<Vec<Step>, Problem> {
    let (output_number, output) = context.result()?;
    let whole = output.shape()?;
    let axis = context.integer(0, "axis", 0)?;
    let from_end = if axis < 0 { whole.len() as i64 } else { 0 };
    let axis = usize::try_from(i64::from(axis) + from_end)
        .ok()
        .filter(|axis| *axis < whole.len())
        .ok_or(Problem::Option {
            what: "axis",
            found: axis.into(),
            supported: "the number of a dimension",
        })?;
    let function = context.byte(1, "fused activation function")?;
    if function != 0 {
        return Err(Problem::Option {
            what: "fused activation function",
            found: function.into(),
            supported: "0 (none)",
        });
    }
    let mut steps = Vec::new();
    let mut next = 0;
    for index in 0..context.node.inputs.len() {
        let (number, input) = context.activation(index)?;
        let (_, zero_point) = output.quantization_of(input)?;
        let shape = input.shape()?;
        let mut expected = whole.clone();
        expected[axis] = shape.get(axis).copied().unwrap_or(0);
        if shape != expected {
            return Err(input.unexpected(format!("{whole:?} but for dimension {axis}")));
        }
        let mut start = vec![0; whole.len()];
        start[axis] = next;
        next += shape[axis];
        let body = Body::Place(Place {
            input: four(input, &shape, 1)?,
            output: four(output, &whole, 1)?,
            start: four(output, &start, 0)?,
            fill: None,
        });
        let ends = [(number, zero_point), (output_number, zero_point)];
        steps.push(Step::new(context.node, body, ends[0], ends[1]));
    }
    if next != whole[axis] {
        let sizes = format!("{next} elements along dimension {axis}");
        return Err(output.unexpected(sizes));
    }
    Ok(steps)
}
