//! Which tensors share storage, how long each storage lives, where it lies.

use anchorhold_engine::format::{Add, Body};

use crate::arena::{place, Request};
use crate::error::{CompileError, Problem};
use crate::lower::Step;
use crate::model::Model;

/// Where every computed tensor lies.
pub struct Placement {
    offsets: Vec<Option<u32>>,
    /// Length of the arena.
    pub arena_bytes: u32,
}

impl Placement {
    /// The offset of a tensor that a step writes, or of the model's input.
    pub fn offset(&self, tensor: usize) -> Option<u32> {
        self.offsets.get(tensor).copied().flatten()
    }
}

/// Storages, and the tensors in them.
struct Storages {
    requests: Vec<Request>,
    of_tensor: Vec<Option<usize>>,
}

impl Storages {
    fn add(&mut self, length: u32, first: usize, last: usize) -> usize {
        self.requests.push(Request {
            length,
            first,
            last,
        });
        self.requests.len() - 1
    }

    /// The storage of a tensor, if no step after `step` needs it.
    fn dying(&self, tensor: usize, step: usize) -> Option<usize> {
        let storage = self.of_tensor[tensor]?;
        (self.requests[storage].last <= step).then_some(storage)
    }
}

/// Gives every tensor and scratch area of `steps` its place.
pub fn assign(model: &Model, steps: &mut [Step]) -> Result<Placement, CompileError> {
    let last_use = last_uses(model, steps);
    let mut storages = Storages {
        requests: Vec::new(),
        of_tensor: vec![None; model.tensors.len()],
    };
    let input_bytes = model.tensors[model.input].elements();
    let input_bytes = input_bytes.map_err(|problem| CompileError::Graph(problem.to_string()))?;
    let input = storages.add(input_bytes, 0, last_use[model.input].unwrap_or(0));
    storages.of_tensor[model.input] = Some(input);
    let mut scratches = Vec::new();
    for (index, step) in steps.iter_mut().enumerate() {
        let problem = |problem| CompileError::Operator {
            index,
            name: model.nodes[index].name.clone(),
            problem,
        };
        let computed = |tensor: &usize| storages.of_tensor[*tensor].is_some();
        if !step.inputs.iter().all(computed) {
            return Err(problem(Problem::Missing("input that was computed before")));
        }
        if computed(&step.output) {
            return Err(problem(Problem::Missing("output of its own")));
        }
        let lengths = step.body.lengths();
        let lengths = lengths.map_err(|fault| CompileError::refused(index, fault))?;
        let last = last_use[step.output].unwrap_or(index);
        let storage = match in_place(step, &storages, index) {
            Some(storage) => {
                let request = &mut storages.requests[storage];
                request.last = request.last.max(last);
                storage
            }
            None => storages.add(lengths.output, index, last),
        };
        storages.of_tensor[step.output] = Some(storage);
        scratches.push(storages.add(lengths.scratch, index, index));
    }
    let (places, arena_bytes) = place(&storages.requests).ok_or_else(|| {
        CompileError::Graph("activations would exceed 4 GiB; make the model smaller".into())
    })?;
    for (step, scratch) in steps.iter_mut().zip(scratches) {
        let offset = |tensor: usize| storages.of_tensor[tensor].map_or(0, |at| places[at]);
        step.common.input_offset = offset(step.inputs[0]);
        step.common.output_offset = offset(step.output);
        match &mut step.body {
            Body::Conv2D(window) | Body::DepthwiseConv2D(window) => {
                window.scratch_offset = places[scratch];
            }
            Body::Add(add) => add.second_offset = offset(step.inputs[1]),
            _ => {}
        }
    }
    let offsets = storages.of_tensor.iter();
    Ok(Placement {
        offsets: offsets
            .map(|storage| storage.map(|at| places[at]))
            .collect(),
        arena_bytes,
    })
}

/// The last step that reads each tensor; the output is read after all.
fn last_uses(model: &Model, steps: &[Step]) -> Vec<Option<usize>> {
    let mut last_use = vec![None; model.tensors.len()];
    for (index, step) in steps.iter().enumerate() {
        for tensor in &step.inputs {
            last_use[*tensor] = Some(index);
        }
    }
    last_use[model.output] = Some(steps.len());
    last_use
}

/// The input storage that a step's output may take over.
fn in_place(step: &mut Step, storages: &Storages, index: usize) -> Option<usize> {
    match &mut step.body {
        // The same bytes: both tensors may live on.
        Body::Reshape(_) => storages.of_tensor[step.inputs[0]],
        Body::Softmax(_) => storages.dying(step.inputs[0], index),
        Body::Add(add) => {
            let [first, second] = [step.inputs[0], step.inputs[1]];
            if storages.of_tensor[first] == storages.of_tensor[second] {
                return None;
            }
            if let Some(storage) = storages.dying(first, index) {
                return Some(storage);
            }
            let storage = storages.dying(second, index)?;
            step.inputs.swap(0, 1);
            swap(add, &mut step.common.input_zero_point);
            Some(storage)
        }
        _ => None,
    }
}

/// Exchanges the inputs of a sum.
fn swap(add: &mut Add, first_zero_point: &mut i8) {
    std::mem::swap(&mut add.first, &mut add.second);
    std::mem::swap(first_zero_point, &mut add.second_zero_point);
}
