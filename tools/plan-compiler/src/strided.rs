//! Strided copies before operators whose engine form needs their inputs in another shape:
//! Add and Mul of tensors that repeat in between, Mean over dimensions that do not follow
//! each other.

use anchorhold_engine::format::{Body, Element, StridedCopy};

use crate::builtin;
use crate::lower::{aligned, axes, repeats, split, Context};
use crate::model::{Model, Node};
use crate::step::Step;
use crate::tensor::Tensor;

/// Size of each dimension of a copy, and elements of the original from one element
/// along it to the next.
type Dimensions = Vec<(usize, usize)>;

/// Has the node read copies, where it must, and returns the steps that make these. An
/// operator that is not as it should be stays, for [`lower`](crate::lower::lower) to
/// refuse.
pub fn prepare(model: &mut Model, node: &mut Node) -> Vec<Step> {
    let steps = match node.code {
        builtin::ADD | builtin::MUL => broadcast(model, node),
        builtin::MEAN => transpose(model, node),
        _ => None,
    };
    steps.unwrap_or_default()
}

/// Repeats inputs of Add and Mul until one is as large as the output, and the other
/// repeats in one of the engine's ways.
fn broadcast(model: &mut Model, node: &mut Node) -> Option<Vec<Step>> {
    let context = Context { model, node };
    let whole = shape(context.result().ok()?.1)?;
    let mut parts = Vec::new();
    for input in 0..2 {
        let (_, tensor) = context.activation(input).ok()?;
        parts.push(aligned(&whole, &shape(tensor)?)?);
    }
    for (dimension, size) in whole.iter().enumerate() {
        let sizes = [parts[0][dimension], parts[1][dimension]];
        if !sizes.contains(size) || sizes.iter().any(|part| *part != *size && *part != 1) {
            return None;
        }
    }
    let mut copied: Vec<usize> = (0..2)
        .filter(|input| repeats(&whole, &parts[*input]).is_none())
        .collect();
    if copied.is_empty() && !parts.contains(&whole) {
        copied.push(0);
    }
    let mut steps = Vec::new();
    for input in copied {
        // Along the last dimension first: elements of two bytes are one dimension more,
        // and there could be five.
        let mut part = parts[input].clone();
        let mut widened = part.clone();
        let is_int16 = Context { model, node }.input16(input).is_ok();
        if let (Some(last), Some(size), true) = (widened.last_mut(), whole.last(), is_int16) {
            *last = *size;
        }
        for wanted in [widened, whole.clone()] {
            if wanted != part {
                let dimensions = repeated(&wanted, &part);
                steps.push(copy(model, node, input, &dimensions, "broadcast")?);
                part = wanted;
            }
        }
    }
    Some(steps)
}

/// How a tensor of shape `part` repeats to become `wanted`.
fn repeated(wanted: &[usize], part: &[usize]) -> Dimensions {
    let along = wanted.iter().zip(strides(part)).zip(part);
    let dimensions = along.map(|((size, stride), part)| match part {
        1 => (*size, 0),
        _ => (*size, stride),
    });
    dimensions.collect()
}

/// Takes the dimensions that Mean reduces to one end of its input: the one at which the
/// last dimension, whose elements lie side by side, stays the last.
fn transpose(model: &mut Model, node: &mut Node) -> Option<Vec<Step>> {
    let context = Context { model, node };
    let shape = shape(context.activation(0).ok()?.1)?;
    let reduced = axes(context.constant(1, "axes").ok()?, shape.len()).ok()?;
    if split(&shape, &reduced).is_some() {
        return None;
    }
    let strides = strides(&shape);
    let all = 0..shape.len();
    let kept: Vec<usize> = all.filter(|one| !reduced.contains(one)).collect();
    let (order, first) = if reduced.contains(&(shape.len() - 1)) {
        ([&kept[..], &reduced[..]].concat(), kept.len())
    } else {
        ([&reduced[..], &kept[..]].concat(), 0)
    };
    let dimensions = order.iter().map(|&one| (shape[one], strides[one]));
    let dimensions: Dimensions = dimensions.collect();
    let now = first..first + reduced.len();
    let now: Vec<i32> = now.map(|dimension| dimension as i32).collect();
    let step = copy(model, node, 0, &dimensions, "transpose")?;
    node.inputs[1] = model.tensors.len() as i32;
    model.tensors.push(Tensor::int32_constant("axes", &now));
    Some(vec![step])
}

/// Has the node read, in place of one of its inputs, a copy of it; returns the step that
/// makes it.
fn copy(
    model: &mut Model,
    node: &mut Node,
    input: usize,
    dimensions: &Dimensions,
    what: &str,
) -> Option<Step> {
    let (number, original) = Context { model, node }.activation(input).ok()?;
    let (_, zero_point) = original.quantization().ok()?;
    let sizes: Vec<usize> = dimensions.iter().map(|(size, _)| *size).collect();
    let copy = original.in_shape(&sizes, what);
    let body = Body::StridedCopy(strided(&of_bytes(dimensions, original.element().ok()?))?);
    let ends = [number, model.tensors.len()].map(|tensor| (tensor, zero_point));
    let step = Step::new(node, body, ends[0], ends[1]);
    node.inputs[input] = model.tensors.len() as i32;
    model.tensors.push(copy);
    Some(Step {
        name: format!("{} ({what})", node.name),
        ..step
    })
}

/// The shape of a tensor whose elements 32 bits count.
fn shape(tensor: &Tensor) -> Option<Vec<usize>> {
    tensor.elements().ok()?;
    tensor.shape().ok()
}

/// Elements from one element along each dimension to the next.
fn strides(shape: &[usize]) -> Vec<usize> {
    let inner = |dimension: usize| shape[dimension + 1..].iter().product();
    (0..shape.len()).map(inner).collect()
}

/// The same of bytes, which is what the engine copies: two for each int16 element.
fn of_bytes(dimensions: &Dimensions, element: Element) -> Dimensions {
    let bytes = element.bytes() as usize;
    let scaled = dimensions
        .iter()
        .map(|(size, stride)| (*size, stride * bytes));
    scaled.chain([(bytes, 1)]).collect()
}

/// The engine's form: four dimensions, of which those that can be one are. Nothing
/// where more are left.
fn strided(dimensions: &Dimensions) -> Option<StridedCopy> {
    let mut joined: Dimensions = Vec::new();
    for &(size, stride) in dimensions.iter().filter(|(size, _)| *size > 1) {
        match joined.last_mut() {
            Some(last) if last.1 == stride * size => *last = (last.0 * size, stride),
            _ => joined.push((size, stride)),
        }
    }
    if joined.len() > 4 {
        return None;
    }
    let mut body = StridedCopy {
        shape: [1; 4],
        strides: [0; 4],
    };
    let from_last = (0..4).rev().zip(joined.into_iter().rev());
    for (dimension, (size, stride)) in from_last {
        body.shape[dimension] = u32::try_from(size).ok()?;
        body.strides[dimension] = u32::try_from(stride).ok()?;
    }
    Some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dimensions_that_can_be_one_are() {
        let body = |shape, strides| Some(StridedCopy { shape, strides });
        assert_eq!(
            strided(&vec![(2, 12), (3, 4), (5, 0), (4, 1)]),
            body([1, 6, 5, 4], [0, 4, 0, 1])
        );
        assert_eq!(
            strided(&vec![(7, 0), (3, 0), (1, 0), (4, 1)]),
            body([1, 1, 21, 4], [0, 0, 0, 1])
        );
        assert_eq!(strided(&vec![(2, 1)]), body([1, 1, 1, 2], [0, 0, 0, 1]));
    }

    #[test]
    fn int16_elements_are_two_bytes() {
        let body = |shape, strides| Some(StridedCopy { shape, strides });
        let int16 = |dimensions| strided(&of_bytes(&dimensions, Element::Int16));
        assert_eq!(
            int16(vec![(3, 4), (5, 0), (4, 1)]),
            body([1, 3, 5, 8], [0, 8, 0, 1])
        );
        assert_eq!(
            int16(vec![(3, 1), (5, 0)]),
            body([1, 3, 5, 2], [0, 2, 0, 1])
        );
        assert_eq!(int16(vec![(2, 3), (7, 0), (3, 1), (5, 0)]), None);
    }

    #[test]
    fn strides_count_what_lies_further_in() {
        assert_eq!(strides(&[2, 3, 4]), [12, 4, 1]);
        assert_eq!(strides(&[5]), [1]);
    }
}
