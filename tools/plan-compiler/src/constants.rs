//! Constants: those that steps read come from the stream, and what depends on
//! constants alone is computed here.

use std::borrow::Cow;

use anchorhold_engine::format::int16::{Int16, Operation};
use anchorhold_engine::format::Body;
use anchorhold_engine::InputQuantization;

use crate::assemble::{assemble, Program};
use crate::builtin;
use crate::error::{CompileError, Problem};
use crate::host::run;
use crate::model::{Model, Node};
use crate::quantization::quantize;
use crate::step::Step;

/// Larger tensors are computed on the device: a small operator can make a tensor
/// that exceeds any memory.
const MOST_FOLDED: u32 = 1 << 20;

/// Puts a step that reads the constant before the first step that uses it. Tensor
/// `given` is there without.
pub fn load(model: &Model, steps: Vec<Step>, given: usize) -> Result<Vec<Step>, CompileError> {
    let mut loaded = vec![given];
    let mut all = Vec::new();
    for step in steps {
        for number in &step.inputs {
            let tensor = &model.tensors[*number];
            if tensor.constant.is_some() && !loaded.contains(number) {
                let constant = Step::constant(&step, *number, tensor);
                all.push(constant.map_err(|problem| step.error(problem))?);
                loaded.push(*number);
            }
        }
        all.push(step);
    }
    Ok(all)
}

/// Quantises a constant: the contents of the node's output, if that is what it does.
pub fn quantized(model: &Model, node: &Node) -> Result<Option<Vec<u8>>, Problem> {
    let tensor = |numbers: &[i32]| match numbers {
        [number] => model.tensors.get(usize::try_from(*number).ok()?),
        _ => None,
    };
    let (Some(input), Some(output)) = (tensor(&node.inputs), tensor(&node.outputs)) else {
        return Ok(None);
    };
    if node.code != builtin::QUANTIZE || !input.is_float() || input.constant.is_none() {
        return Ok(None);
    }
    let element = output.element()?;
    let ends = (element.least().into(), element.greatest().into());
    let (scale, zero_point) = output.quantization()?;
    let mut contents = Vec::new();
    for value in input.float32s()? {
        let value = quantize(value, scale, zero_point).clamp(ends.0, ends.1);
        contents.extend(&value.to_le_bytes()[..element.bytes() as usize]);
    }
    Ok(Some(contents))
}

/// Runs the steps of one operator whose inputs are all constant: its output and the
/// contents, or nothing where some are not, or where it had better run on the device.
pub fn folded(model: &Model, steps: &[Step]) -> Result<Option<(usize, Vec<u8>)>, CompileError> {
    let mut inputs = steps.iter().flat_map(|step| &step.inputs);
    let ends = (steps.first(), steps.last(), inputs.clone().next());
    let (Some(first), Some(last), Some(&given)) = ends else {
        return Ok(None);
    };
    let known = |number: &usize| {
        let computed_before =
            number != &last.output && steps.iter().any(|step| step.output == *number);
        computed_before || model.tensors[*number].constant.is_some()
    };
    if !inputs.all(known) {
        return Ok(None);
    }
    let windows = |step: &Step| {
        matches!(
            step.body,
            Body::Conv2D(_)
                | Body::DepthwiseConv2D(_)
                | Body::AveragePool2D(_)
                | Body::MaxPool2D(_)
                | Body::Int16(Int16 {
                    operation: Operation::Conv2D(_)
                        | Operation::DepthwiseConv2D(_)
                        | Operation::AveragePool2D(_)
                        | Operation::MaxPool2D(_),
                    ..
                })
        )
    };
    let elements = |number: usize| {
        let tensor = &model.tensors[number];
        tensor.elements().map_err(|problem| first.error(problem))
    };
    if steps.iter().any(windows)
        || last.output == model.output
        || elements(last.output)? > MOST_FOLDED
    {
        return Ok(None);
    }
    let program = Program {
        steps: load(model, steps.to_vec(), given)?,
        input: given,
        output: last.output,
        quantization: InputQuantization::IDENTITY,
    };
    let bytes = assemble(model, program)?.bytes;
    let values = &model.tensors[given];
    let values = values
        .contents_of_activation()
        .map_err(|problem| first.error(problem))?;
    let values: Vec<i8> = values.iter().map(|byte| *byte as i8).collect();
    let output = run(&bytes, &values, 64, &mut ());
    let output = output.map_err(|error| CompileError::Graph(error.to_string()))?;
    let contents = output.into_iter().map(|value| value as u8).collect();
    Ok(Some((last.output, contents)))
}

/// Makes a computed tensor constant.
pub fn settle(model: &mut Model, number: usize, contents: Vec<u8>) {
    model.tensors[number].constant = Some(Cow::Owned(contents));
}
