//! Mean.

use anchorhold_engine::format::int16::{Mean16, Operation};

use super::{step, WHOLE};
use crate::error::Problem;
use crate::lower::context::Context;
use crate::lower::mean::{factor, sizes};
use crate::step::Step;

/// More elements could overflow a sum.
const MOST_REDUCED: u32 = 1 << 16;

/// Lowers MEAN over dimensions that follow each other; of others, a copy comes first.
pub fn lower(context: &Context) -> Result<Step, Problem> {
    let (_, input) = context.input16(0)?;
    let (_, output) = context.output16()?;
    let [outer, reduced, inner] = sizes(context, [input, output], MOST_REDUCED)?;
    let (scale, _) = input.quantization()?;
    let (output_scale, _) = output.quantization()?;
    let operation = Operation::Mean(Mean16 {
        outer,
        reduced,
        inner,
        factor: factor(f64::from(scale) / f64::from(output_scale), reduced),
    });
    step(context, operation, WHOLE)
}
