//! What of a graph a plan needs: not conversions from and to floating-point numbers
//! at its ends, and nothing that the output does not depend on.

use crate::builtin;
use crate::error::CompileError;
use crate::model::{Model, Node};

/// Removes what a plan does not need.
pub fn trim(model: &mut Model) -> Result<(), CompileError> {
    skip_conversions(model);
    let mut needed = vec![false; model.tensors.len()];
    let mut need = |number: i32| {
        let number = usize::try_from(number).ok();
        let tensor = number.and_then(|number| needed.get_mut(number));
        tensor.is_some_and(|tensor| std::mem::replace(tensor, true))
    };
    need(model.output as i32);
    let mut live = Vec::new();
    for node in std::mem::take(&mut model.nodes).into_iter().rev() {
        if !node.outputs.iter().any(|output| need(*output)) {
            continue;
        }
        for input in &node.inputs[..operands(&node)] {
            need(*input);
        }
        live.push(node);
    }
    live.reverse();
    model.nodes = live;
    let computes = |node: &Node| node.outputs.contains(&(model.output as i32));
    if !model.nodes.iter().any(computes) {
        return Err(CompileError::Graph(
            "no operator computes the model's output; convert the model again".into(),
        ));
    }
    Ok(())
}

/// How many inputs the operator's result depends on. The new shape of a Reshape is
/// its output's: what computes it at run time is not needed.
fn operands(node: &Node) -> usize {
    match node.code {
        builtin::RESHAPE => node.inputs.len().min(1),
        _ => node.inputs.len(),
    }
}

/// Makes the int8 tensors next to QUANTIZE and DEQUANTIZE input and output of the
/// model: callers get scale and zero point, and convert.
fn skip_conversions(model: &mut Model) {
    let number = |tensor: usize| tensor as i32;
    let valid = |tensors: &[i32]| match tensors {
        [tensor] => usize::try_from(*tensor)
            .ok()
            .filter(|tensor| *tensor < model.tensors.len()),
        _ => None,
    };
    if model.tensors[model.output].is_float() {
        let last = model.nodes.iter().find(|node| {
            node.code == builtin::DEQUANTIZE && node.outputs == [number(model.output)]
        });
        if let Some(tensor) = last.and_then(|node| valid(&node.inputs)) {
            model.output = tensor;
        }
    }
    if model.tensors[model.input].is_float() {
        let first = model.nodes.iter().position(|node| {
            node.code == builtin::QUANTIZE && node.inputs == [number(model.input)]
        });
        let tensor = first.and_then(|first| valid(&model.nodes[first].outputs));
        if let (Some(first), Some(tensor)) = (first, tensor) {
            model.nodes.remove(first);
            model.input = tensor;
        }
    }
}
