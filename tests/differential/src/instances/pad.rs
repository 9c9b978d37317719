//! Random Pad operators, of zeros or (PadV2) another value.

use tflite_writer::Random;

use crate::draw::{self, Again};
use crate::graph::Graph;
use crate::reference::pad::pad;
use crate::tensor::{Element, Tensor};

/// Adds one: around an image, or anywhere but the batch.
pub fn append(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let tensor = graph.tensor(input);
    let image = tensor.shape.len() == 4 && random.once_in(2);
    let mut paddings = vec![[0; 2]; tensor.shape.len()];
    for (axis, around) in paddings.iter_mut().enumerate() {
        let inside = if image {
            axis == 1 || axis == 2
        } else {
            axis > 0
        };
        if inside {
            *around = [0; 2].map(|_: usize| draw::size(random, 6) - 1);
        }
    }
    let quantization = tensor.quantization;
    let value = random.once_in(3).then(|| match quantization.element {
        Element::Int8 => i16::from(random.draw() as i8),
        Element::Int16 => random.draw() as i16,
    });
    let zero = quantization.zero_point.into();
    let output = pad(tensor, &paddings, value.unwrap_or(zero));
    if output.values.len() > draw::MOST_ELEMENTS {
        return Err(Again);
    }
    graph.describe(format!("pad: {paddings:?} of {value:?}"));
    let flat: Vec<i32> = paddings.iter().flatten().map(|size| *size as i32).collect();
    let mut numbers = vec![input, graph.integers(&[paddings.len(), 2], &flat)];
    let code = if let Some(value) = value {
        let mut constant = Tensor::new(&[], quantization);
        constant.values = vec![value];
        numbers.push(graph.constant_values(constant));
        60
    } else {
        34
    };
    Ok(graph.operator(code, &numbers, Vec::new(), output))
}
