//! FullyConnected.

use anchorhold_engine::format::int16::{Convolution, Matrix, Operation};
use anchorhold_engine::format::FullyConnected;

use super::channels::{factors, Channels};
use super::step;
use crate::activations;
use crate::error::Problem;
use crate::lower::context::Context;
use crate::lower::fully_connected::{rows_of, several};
use crate::step::Step;

/// The option that says which type biases have where there are none.
const BIAS_TYPE: usize = 4;

/// Lowers FULLY_CONNECTED. With several rows it is a Conv2D of 1 × 1.
pub fn lower(context: &Context) -> Result<Step, Problem> {
    let (_, input) = context.input16(0)?;
    let (_, output) = context.output16()?;
    let filter = context.constant(1, "weights")?;
    let [rows, inputs, outputs] = rows_of(context, input, filter, output)?;
    let weights = filter.weights(outputs, 0)?;
    let factors = if weights.per_channel {
        factors(input, &weights, output)?
    } else {
        // With one scale, the product of scales is a 32-bit number.
        let product = input.quantization()?.0 * weights.scales[0];
        vec![f64::from(product) / f64::from(output.quantization()?.0); outputs]
    };
    let channels = Channels::new(context, output, &factors, Some(BIAS_TYPE))?;
    let function = context.byte(0, "fused activation function")?;
    let range = activations::range16(function, output.quantization()?.0)?;
    let weight = |output: usize, input: usize| weights.values[output * inputs + input] as i8;
    let sums = channels.sums;
    let operation = if rows == 1 {
        // Their product is the length of a tensor, which 32 bits hold.
        let (inputs, outputs) = (inputs as u32, outputs as u32);
        let shape = FullyConnected { inputs, outputs };
        Operation::FullyConnected(Matrix { shape, sums })
    } else {
        let window = several(rows, inputs, outputs)?;
        Operation::Conv2D(Convolution { window, sums })
    };
    Ok(Step {
        weights: channels.stream(inputs, &weight),
        multiply_accumulates: (rows * outputs) as u64 * inputs as u64,
        ..step(context, operation, range)?
    })
}
