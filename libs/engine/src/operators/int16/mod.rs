//! Operators on int16 activations with int8 weights, one file each: plain code, the
//! same on every processor.
//!
//! Results equal those of TensorFlow Lite Micro's reference int16 kernels (commit
//! 90b983c2b) bit for bit; each file says which.

mod areas;
mod convolution;
mod elements;
mod fill;
mod fully_connected;
mod lengths;
mod mean;
mod pair;
mod pool;
mod rescale;
mod sigmoid;
mod softmax;
mod sums;

pub use lengths::lengths;

use crate::arena::Area;
use crate::error::{OperatorFault, RunError};
use crate::format::int16::{Int16, Operation};
use crate::format::{Common, Element};
use crate::operators::Lengths;
use crate::weights::Weights;

/// Checks everything that [`run`] relies on but `lengths`, which are the operator's;
/// tells where its output lies.
#[inline(never)] // Apart from what every plan needs.
pub fn check(
    common: &Common,
    int16: &Int16,
    lengths: &Lengths,
    arena_bytes: u32,
) -> Result<Area, OperatorFault> {
    let (input, output) = match &int16.operation {
        Operation::Rescale(body) => (body.input, body.output),
        _ => (Element::Int16, Element::Int16),
    };
    for (element, zero_point) in [
        (input, common.input_zero_point),
        (output, common.output_zero_point),
    ] {
        if element == Element::Int16 && zero_point != 0 {
            return Err(OperatorFault::ZeroPoint);
        }
    }
    let range = output.least()..=output.greatest();
    if int16.minimum > int16.maximum
        || !range.contains(&int16.minimum)
        || !range.contains(&int16.maximum)
    {
        return Err(OperatorFault::Activation);
    }
    areas::check(common, int16, lengths, arena_bytes)
}

/// Runs one checked operator.
#[inline(never)] // Apart from what every plan needs.
pub fn run(
    common: &Common,
    int16: &Int16,
    weights: &mut Weights,
    arena: &mut [u8],
) -> Result<(), RunError> {
    match &int16.operation {
        Operation::Conv2D(body) | Operation::DepthwiseConv2D(body) => {
            convolution::run(common, int16, body, weights, arena)
        }
        Operation::AveragePool2D(window) | Operation::MaxPool2D(window) => {
            pool::run(common, int16, window, arena)
        }
        Operation::FullyConnected(body) => {
            fully_connected::run(common, int16, body, weights, arena)
        }
        Operation::Softmax(body) => softmax::run(common, body, weights, arena),
        Operation::Add(pair, _) | Operation::Mul(pair, _) => pair::run(common, int16, pair, arena),
        Operation::Mean(body) => mean::run(common, int16, body, arena),
        Operation::Sigmoid(body) => sigmoid::run(common, body, weights, arena),
        Operation::Rescale(body) => rescale::run(common, int16, body, arena),
        Operation::Fill(body) => fill::run(common, body, arena),
    }
}
