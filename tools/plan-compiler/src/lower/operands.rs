//! The two inputs of Add and Mul, of which one may repeat.

use anchorhold_engine::format::{Body, Operands};

use super::context::Context;
use crate::activations;
use crate::error::Problem;
use crate::step::Step;
use crate::tensor::Tensor;

/// The inputs, the one that is as large as the output first, and that output.
pub struct Lowered<'a> {
    /// First and second input, and the output.
    pub tensors: [&'a Tensor<'a>; 3],
    /// How the second input meets the first.
    pub operands: Operands,
    numbers: [usize; 3],
}

/// Reads the operands of the operator.
pub fn lower<'a>(context: &Context<'a>) -> Result<Lowered<'a>, Problem> {
    let (first_number, first) = context.activation(0)?;
    let (second_number, second) = context.activation(1)?;
    let (output_number, output) = context.result()?;
    let length = output.elements()?;
    let mut numbers = [first_number, second_number, output_number];
    let mut tensors = [first, second, output];
    if first.elements()? != length && second.elements()? == length {
        numbers.swap(0, 1);
        tensors.swap(0, 1);
    }
    let [first, second, output] = tensors;
    let shape = output.shape()?;
    if first.elements()? != length || aligned(&shape, &first.shape()?) != Some(shape.clone()) {
        return Err(first.unexpected(format!("{shape:?}, as the output")));
    }
    let (more_each, more_all) = repeats(&shape, &second.shape()?)
        .ok_or_else(|| second.unexpected(format!("{shape:?}, or 1 along some dimensions")))?;
    Ok(Lowered {
        tensors,
        operands: Operands {
            length,
            second_offset: 0,
            second_zero_point: second.quantization()?.1,
            more_each,
            more_all,
        },
        numbers,
    })
}

impl Lowered<'_> {
    /// Numbers of first and second input.
    pub fn inputs(&self) -> Vec<usize> {
        self.numbers[..2].to_vec()
    }

    /// The step that an operator with these operands becomes.
    pub fn step(&self, context: &Context, body: Body) -> Result<Step, Problem> {
        let [first, _, output] = self.tensors;
        let (scale, zero_point) = output.quantization()?;
        let function = context.byte(0, "fused activation function")?;
        let range = activations::range(function, scale, zero_point)?;
        let input = (self.numbers[0], first.quantization()?.1);
        let step = Step::new(context.node, body, input, (self.numbers[2], zero_point));
        Ok(Step {
            inputs: self.inputs(),
            ..step.limited(range)
        })
    }
}

/// `shape` with as many dimensions as `whole`, its own being the last.
pub fn aligned(whole: &[usize], shape: &[usize]) -> Option<Vec<usize>> {
    let surplus = shape.len().saturating_sub(whole.len());
    if shape[..surplus].iter().any(|size| *size != 1) {
        return None;
    }
    let shape = &shape[surplus..];
    let mut aligned = vec![1; whole.len() - shape.len()];
    aligned.extend(shape);
    Some(aligned)
}

/// How many more times each element of a tensor of shape `part` counts in
/// succession, and how many more times the tensor, to be as large as `whole`:
/// nothing where it repeats in another way.
pub fn repeats(whole: &[usize], part: &[usize]) -> Option<(u32, u32)> {
    let part = aligned(whole, part)?;
    // Dimensions of one element repeat and do not repeat: they say nothing.
    let sizes = whole.iter().zip(&part).filter(|sizes| *sizes != (&1, &1));
    let (mut each, mut all, mut seen) = (1u64, 1u64, false);
    for (whole, part) in sizes {
        match (part, seen) {
            (part, _) if part == whole && each == 1 => seen = true,
            (1, true) => each *= *whole as u64,
            (1, false) => all *= *whole as u64,
            _ => return None,
        }
    }
    if !seen {
        std::mem::swap(&mut each, &mut all);
    }
    let more = |count: u64| u32::try_from(count - 1).ok();
    Some((more(each)?, more(all)?))
}

#[cfg(test)]
mod tests {
    use super::repeats;

    #[test]
    fn repeats_along_first_and_last_dimensions() {
        let whole = [1, 4, 5, 6];
        assert_eq!(repeats(&whole, &[1, 4, 5, 6]), Some((0, 0)));
        assert_eq!(repeats(&whole, &[4, 5, 6]), Some((0, 0)));
        assert_eq!(repeats(&whole, &[1]), Some((119, 0)));
        assert_eq!(repeats(&whole, &[6]), Some((0, 19)));
        assert_eq!(repeats(&whole, &[1, 4, 1, 1]), Some((29, 0)));
        assert_eq!(repeats(&whole, &[1, 1, 5, 1]), Some((5, 3)));
        assert_eq!(repeats(&whole, &[1, 1, 5, 6]), Some((0, 3)));
        assert_eq!(repeats(&whole, &[1, 4, 1, 6]), None);
        assert_eq!(repeats(&whole, &[5]), None);
        assert_eq!(repeats(&whole, &[2, 4, 5, 6]), None);
        assert_eq!(repeats(&[6], &[1, 1, 6]), Some((0, 0)));
        assert_eq!(repeats(&[6], &[2, 1, 6]), None);
    }
}
