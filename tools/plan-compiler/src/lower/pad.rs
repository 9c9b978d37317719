//! Pad.

use anchorhold_engine::format::int16::{Fill, Int16, Operation};
use anchorhold_engine::format::{Body, Element, Place};

use super::context::Context;
use crate::error::Problem;
use crate::step::Step;
use crate::tensor::Tensor;

/// Lowers PAD, whose padding is zero, and PADV2, whose padding is a third input.
pub fn lower(context: &Context) -> Result<Vec<Step>, Problem> {
    let (number, input) = context.activation(0)?;
    let (output_number, output) = context.result()?;
    let (scale, zero_point) = output.quantization_of(input)?;
    let value = match context.node.inputs.get(2) {
        None | Some(-1) => zero_point.into(),
        Some(_) => {
            let value = context.constant(2, "padding value")?;
            if value.quantization()? != (scale, zero_point) {
                return Err(value.unquantized("does not have the output's scale and zero point"));
            }
            value.check_type_of(output)?;
            match value.contents_of_activation()? {
                [value] => i16::from(*value as i8),
                [low, high] => i16::from_le_bytes([*low, *high]),
                _ => return Err(value.unexpected("[1]".into())),
            }
        }
    };
    let shape = input.shape()?;
    let padding = context.constant(1, "paddings")?;
    let pairs = padding.int32s()?;
    let (pairs, rest) = pairs.as_chunks();
    if pairs.len() != shape.len() || !rest.is_empty() {
        return Err(padding.unexpected(format!("[{}, 2]", shape.len())));
    }
    let mut expected = Vec::new();
    let mut start = Vec::new();
    for (size, [before, after]) in shape.iter().zip(pairs) {
        let sizes = (usize::try_from(*before), usize::try_from(*after));
        let (Ok(before), Ok(after)) = sizes else {
            return Err(Problem::Option {
                what: "padding",
                found: (*before).min(*after).into(),
                supported: "0 and more",
            });
        };
        start.push(before);
        expected.push(size.saturating_add(before).saturating_add(after));
    }
    if output.shape()? != expected {
        return Err(output.unexpected(format!("{expected:?}")));
    }
    // What one byte says, or the lower of two equal ones.
    let [fill, high] = value.to_le_bytes();
    let equal = input.element()? == Element::Int8 || fill == high;
    let body = Body::Place(Place {
        input: four(input, &shape, 1)?,
        output: four(output, &expected, 1)?,
        start: four(output, &start, 0)?,
        fill: equal.then_some(fill as i8),
    });
    let ends = [(number, zero_point), (output_number, zero_point)];
    let place = Step::new(context.node, body, ends[0], ends[1]);
    if equal {
        return Ok(vec![place]);
    }
    let mut filling = place.clone();
    filling.inputs.clear();
    (filling.common.minimum, filling.common.maximum) = (0, 0);
    filling.body = Body::Int16(Int16 {
        minimum: i16::MIN,
        maximum: i16::MAX,
        operation: Operation::Fill(Fill {
            length: output.elements()?,
            value,
        }),
    });
    Ok(vec![filling, place])
}

/// Four numbers, the last of which are `sizes`, with bytes along the last dimension.
pub fn four(tensor: &Tensor, sizes: &[usize], others: u16) -> Result<[u16; 4], Problem> {
    let mut four = [others; 4];
    let mut unit = tensor.element()?.bytes() as usize;
    for (to, from) in four.iter_mut().rev().zip(sizes.iter().rev()) {
        *to = tensor.small(*from * std::mem::replace(&mut unit, 1))?;
    }
    Ok(four)
}
