//! Softmax.

use anchorhold_engine::format::{Body, Softmax};

use super::context::Context;
use crate::error::Problem;
use crate::quantization::multiplier;
use crate::step::Step;

/// Integer bits of the fixed-point differences that the exponential takes.
const INTEGER_BITS: i32 = 5;
/// Longest row that the engine takes.
const LONGEST_ROW: u64 = 4095;

/// Lowers SOFTMAX.
pub fn lower(context: &Context) -> Result<Step, Problem> {
    let (number, input) = context.input(0)?;
    let (output_number, output) = context.output()?;
    let shape = input.shape()?;
    if output.shape()? != shape {
        return Err(output.unexpected(format!("{shape:?}")));
    }
    let (input_scale, input_zero_point) = input.quantization()?;
    if output.quantization()? != (1.0 / 256.0, -128) {
        return Err(output.unquantized("does not have scale 1/256 and zero point -128"));
    }
    let beta = context.float(0, "beta")?;
    // Inputs span 2^(31 − 5) units per 1; larger factors saturate.
    let scale = f64::from(beta) * f64::from(input_scale) * 2f64.powi(31 - INTEGER_BITS);
    let factor = multiplier(scale.min(2f64.powi(31) - 1.0));
    if !(beta > 0.0 && (1..=31).contains(&factor.shift)) {
        return Err(Problem::Option {
            what: "beta (in thousandths)",
            found: (f64::from(beta) * 1000.0) as i64,
            supported: "those for which beta × input scale lies in 2^-26 to 32",
        });
    }
    let span = f64::from((1 << INTEGER_BITS) - 1) * 2f64.powi(31 - INTEGER_BITS);
    let radius = (span / 2f64.powi(factor.shift)).floor();
    let row_length = shape.last().copied().unwrap_or(1) as u32;
    if u64::from(row_length) > LONGEST_ROW {
        return Err(Problem::TooLarge {
            what: "elements in a row",
            found: row_length.into(),
            limit: LONGEST_ROW,
        });
    }
    let body = Body::Softmax(Softmax {
        rows: input.elements()? / row_length,
        row_length,
        multiplier: factor.multiplier,
        left_shift: factor.shift,
        least_difference: -(radius as i32),
    });
    let input = (number, input_zero_point);
    Ok(Step::new(context.node, body, input, (output_number, -128)))
}
