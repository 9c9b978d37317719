//! Mean.

use anchorhold_engine::format::int16::{Mean16, Operation};

use super::{step, WHOLE};
use crate::error::Problem;
use crate::lower::context::Context;
use crate::lower::mean::{axes, factor, split};
use crate::step::Step;

/// More elements could overflow a sum.
const MOST_REDUCED: u32 = 1 << 16;

/// Lowers MEAN over dimensions that follow each other; of others, a copy comes first.
pub fn lower(context: &Context) -> Result<Step, Problem> {
    let (_, input) = context.input16(0)?;
    let (_, output) = context.output16()?;
    let shape = input.shape()?;
    let axes = axes(context.constant(1, "axes")?, shape.len())?;
    let [outer, reduced, inner] =
        split(&shape, &axes).ok_or_else(|| Problem::Axes { axes: axes.clone() })?;
    let means = u64::from(outer) * u64::from(inner);
    if u64::from(output.elements()?) != means {
        return Err(output.unexpected(format!("{means} elements")));
    }
    if reduced > MOST_REDUCED {
        return Err(Problem::TooLarge {
            what: "elements in a mean",
            found: reduced.into(),
            limit: MOST_REDUCED.into(),
        });
    }
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
