//! Mean.

use anchorhold_engine::fixed_point::Multiplier;
use anchorhold_engine::format::{Body, Mean};

use super::context::Context;
use crate::error::Problem;
use crate::quantization::multiplier;
use crate::step::Step;
use crate::tensor::Tensor;

/// More elements could overflow a sum.
const MOST_REDUCED: u32 = 1 << 23;

/// Lowers MEAN over dimensions that follow each other, as they do behind a
/// [`strided`](crate::strided) copy.
pub fn lower(context: &Context) -> Result<Step, Problem> {
    let (number, input) = context.input(0)?;
    let (output_number, output) = context.output()?;
    let [outer, reduced, inner] = sizes(context, [input, output], MOST_REDUCED)?;
    let (scale, zero_point) = input.quantization()?;
    let (output_scale, output_zero_point) = output.quantization()?;
    let body = Body::Mean(Mean {
        outer,
        reduced,
        inner,
        factor: factor(f64::from(scale) / f64::from(output_scale), reduced),
    });
    let ends = [(number, zero_point), (output_number, output_zero_point)];
    Ok(Step::new(context.node, body, ends[0], ends[1]))
}

/// Elements along the dimensions before those that MEAN reduces, along these, at most
/// `most`, and along the rest.
pub fn sizes(
    context: &Context,
    [input, output]: [&Tensor; 2],
    most: u32,
) -> Result<[u32; 3], Problem> {
    input.elements()?;
    let shape = input.shape()?;
    let axes = axes(context.constant(1, "axes")?, shape.len())?;
    let [outer, reduced, inner] =
        split(&shape, &axes).ok_or_else(|| Problem::Axes { axes: axes.clone() })?;
    let means = u64::from(outer) * u64::from(inner);
    if u64::from(output.elements()?) != means {
        return Err(output.unexpected(format!("{means} elements")));
    }
    if reduced > most {
        return Err(Problem::TooLarge {
            what: "elements in a mean",
            found: reduced.into(),
            limit: most.into(),
        });
    }
    Ok([outer, reduced, inner])
}

/// The dimensions to be reduced, ascending, each once.
pub fn axes(tensor: &Tensor, dimensions: usize) -> Result<Vec<usize>, Problem> {
    let mut axes = Vec::new();
    for axis in tensor.int32s()? {
        let from_end = if axis < 0 { dimensions as i64 } else { 0 };
        let axis = usize::try_from(i64::from(axis) + from_end).ok();
        let axis = axis.filter(|axis| *axis < dimensions);
        axes.push(axis.ok_or_else(|| {
            tensor.unexpected(format!("numbers of {dimensions} dimensions in it"))
        })?);
    }
    axes.sort_unstable();
    axes.dedup();
    Ok(axes)
}

/// Elements along the dimensions before those to be reduced, along these, and along
/// the rest; nothing where they do not follow each other.
pub fn split(shape: &[usize], axes: &[usize]) -> Option<[u32; 3]> {
    let mut sizes = [1u32; 3];
    let mut part = 0;
    for (dimension, size) in shape.iter().enumerate() {
        // One element is its own mean.
        if *size == 1 {
            continue;
        }
        part = match (axes.contains(&dimension), part) {
            (true, 0 | 1) => 1,
            (false, 0) => 0,
            (false, _) => 2,
            (true, _) => return None,
        };
        sizes[part] = sizes[part].checked_mul(u32::try_from(*size).ok()?)?;
    }
    Some(sizes)
}

/// The factor of a sum of `count` values whose own factor is `real`: the reference
/// divides the mantissa, shifted left to lose nothing, and rounds down.
pub fn factor(real: f64, count: u32) -> Multiplier {
    let factor = multiplier(real);
    let shift = (count.ilog2() as i32).min(31 + factor.shift);
    let mantissa = (i64::from(factor.multiplier) << shift) / i64::from(count);
    Multiplier {
        multiplier: mantissa as i32,
        shift: factor.shift - shift,
    }
}

#[cfg(test)]
mod tests {
    use super::{factor, split};

    #[test]
    fn dimensions_follow_each_other() {
        let shape = [1, 4, 5, 6];
        assert_eq!(split(&shape, &[1, 2]), Some([1, 20, 6]));
        assert_eq!(split(&shape, &[0, 1, 2]), Some([1, 20, 6]));
        assert_eq!(split(&shape, &[3]), Some([20, 6, 1]));
        assert_eq!(split(&shape, &[2]), Some([4, 5, 6]));
        assert_eq!(split(&shape, &[0, 3]), Some([20, 6, 1]));
        assert_eq!(split(&shape, &[1, 3]), None);
        assert_eq!(split(&shape, &[0]), Some([120, 1, 1]));
        assert_eq!(split(&[3, 1, 2], &[0, 2]), Some([1, 6, 1]));
    }

    #[test]
    fn factors_round_down() {
        let nine = factor(1.0, 9);
        assert_eq!(nine.multiplier, ((8i64 << 30) / 9) as i32);
        assert_eq!(nine.shift, 1 - 3);
        assert_eq!(factor(1.0, 1).shift, 1);
        assert_eq!(factor(2f64.powi(-31), 1 << 20).shift, -31);
    }
}
