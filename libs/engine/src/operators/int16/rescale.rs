//! Rescale: `output = factor · (input − zero point) + zero point`, with one factor from
//! zero up and another below; either end may be int8.
//!
//! As `Requantize` (tensorflow/lite/kernels/internal/reference/requantize.h),
//! `ReluQuantized` (tensorflow/lite/micro/kernels/activations.h) and `QuantizeLeakyRelu`
//! (.../reference/leaky_relu.h), all of which round twice; Relu6 keeps what is in its
//! range, for which the factor is 1.

use super::elements::{self, limited, value, Bytes};
use crate::arena::{output_over_input, Areas};
use crate::error::{OperatorFault, RunError};
use crate::fixed_point::times;
use crate::format::int16::{Int16, Rescale};
use crate::format::{Common, Element};
use crate::operators::geometry::product;
use crate::operators::Lengths;

/// What the tensors take; one of them at least is int16.
pub fn lengths(body: &Rescale) -> Result<Lengths, OperatorFault> {
    body.positive.check()?;
    body.negative.check()?;
    if (body.input, body.output) == (Element::Int8, Element::Int8) {
        return Err(OperatorFault::ReservedByte);
    }
    let bytes = |element: Element| product(&[body.length, element.bytes()]);
    Ok(Lengths::of_tensors(bytes(body.input)?, bytes(body.output)?))
}

/// Computes every element.
#[inline(never)]
pub fn run(
    common: &Common,
    int16: &Int16,
    body: &Rescale,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let lengths = lengths(body).map_err(|_| RunError::Inconsistent)?;
    if body.input == body.output {
        let output = output_over_input(common, lengths.output, arena)?;
        for output in elements::of_mut(output) {
            *output = rescaled(value(*output), (common, int16, body));
        }
        return Ok(());
    }
    let [input, output, _] = Areas::borrow(common, &lengths, 0, arena)?;
    if body.input == Element::Int8 {
        let zero_point = i32::from(common.input_zero_point);
        for (output, input) in elements::of_mut(output).iter_mut().zip(input.iter()) {
            let value = i32::from(*input as i8) - zero_point;
            *output = rescaled(value, (common, int16, body));
        }
    } else {
        for (output, input) in output.iter_mut().zip(elements::of(input)) {
            // The range is within int8.
            let [low, _] = rescaled(value(*input), (common, int16, body));
            *output = low;
        }
    }
    Ok(())
}

/// The output for an input less its zero point.
#[inline(never)] // Three loops call it.
fn rescaled(value: i32, (common, int16, body): (&Common, &Int16, &Rescale)) -> Bytes {
    let is_negative = value < 0;
    let factor = if is_negative {
        body.negative
    } else {
        body.positive
    };
    let scaled = times(value, factor);
    let scaled = if is_negative && body.flips {
        scaled.saturating_neg()
    } else {
        scaled
    };
    limited(
        scaled.saturating_add(common.output_zero_point.into()),
        int16,
    )
}
