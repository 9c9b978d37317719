//! Which tensors share storage, how long each storage lives, where it lies.

use anchorhold_engine::format::int16::{Int16, Operation};
use anchorhold_engine::format::{Add, Body, Mul, Operands};

use crate::arena::{place, Request};
use crate::assemble::Program;
use crate::error::{CompileError, Problem};
use crate::model::Model;
use crate::report::Peak;
use crate::step::Step;

/// Where every computed tensor lies.
pub struct Placement {
    offsets: Vec<Option<u32>>,
    /// Length of the arena.
    pub arena_bytes: u32,
    /// The step that needs most at once.
    pub peak: Peak,
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

    /// What lives at the last of `steps`, the largest first.
    fn live(&self, model: &Model, steps: &[Step]) -> Vec<(String, u32)> {
        let step = steps.len().saturating_sub(1);
        let live = self.requests.iter().enumerate();
        let live = live.filter(|(_, request)| {
            request.length > 0 && request.first <= step && step <= request.last
        });
        let holds = |tensor: usize, storage| self.of_tensor[tensor] == Some(storage);
        // The tensor that was last written to a storage, or the input.
        let name = |storage: usize| {
            let mut written = steps.iter().rev().map(|step| step.output);
            let written = written.find(|tensor| holds(*tensor, storage));
            let tensor = written
                .or_else(|| (0..self.of_tensor.len()).find(|tensor| holds(*tensor, storage)));
            tensor.map_or("scratch", |tensor| &model.tensors[tensor].name)
        };
        let mut live: Vec<(String, u32)> = live
            .map(|(storage, request)| (name(storage).to_owned(), request.length))
            .collect();
        live.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
        live
    }

    /// The first step at which most lives.
    fn peak(&self, model: &Model, steps: &[Step]) -> Peak {
        let peak = |(index, step): (usize, &Step)| Peak {
            operator: step.node,
            name: step.name.clone(),
            tensors: self.live(model, &steps[..=index]),
        };
        let peaks = steps.iter().enumerate().rev().map(peak);
        peaks.max_by_key(Peak::bytes).unwrap_or_default()
    }

    /// The storage of a tensor, if no step after `step` needs it.
    fn dying(&self, tensor: usize, step: usize) -> Option<usize> {
        let storage = self.of_tensor[tensor]?;
        (self.requests[storage].last <= step).then_some(storage)
    }
}

/// Gives every tensor and scratch area of the program its place.
pub fn assign(model: &Model, program: &mut Program) -> Result<Placement, CompileError> {
    let last_use = last_uses(model, program);
    let mut storages = Storages {
        requests: Vec::new(),
        of_tensor: vec![None; model.tensors.len()],
    };
    let input_bytes = model.tensors[program.input].bytes();
    let input_bytes = input_bytes.map_err(CompileError::in_graph)?;
    let input = storages.add(input_bytes, 0, last_use[program.input].unwrap_or(0));
    storages.of_tensor[program.input] = Some(input);
    let mut scratches = Vec::new();
    // Which operator of the graph writes each tensor: several steps of one may.
    let mut writers = vec![None; model.tensors.len()];
    let steps = &mut program.steps;
    for (index, step) in steps.iter_mut().enumerate() {
        let computed = |tensor: &usize| storages.of_tensor[*tensor].is_some();
        if !step.inputs.iter().all(computed) {
            let missing = Problem::Missing("input that was computed before");
            return Err(step.error(missing));
        }
        let lengths = step.lengths()?;
        let last = last_use[step.output].unwrap_or(index);
        let storage = match storages.of_tensor[step.output] {
            Some(storage) if writers[step.output] == Some(step.node) => storage,
            Some(_) => return Err(step.error(Problem::Missing("output of its own"))),
            None => match in_place(step, &storages, index) {
                Some(storage) => {
                    let request = &mut storages.requests[storage];
                    request.last = request.last.max(last);
                    storage
                }
                None => storages.add(lengths.output, index, last),
            },
        };
        writers[step.output] = Some(step.node);
        storages.of_tensor[step.output] = Some(storage);
        scratches.push(storages.add(lengths.scratch, index, index));
    }
    let (places, arena_bytes) = place(&storages.requests).ok_or_else(|| {
        CompileError::Graph("activations would exceed 4 GiB; make the model smaller".into())
    })?;
    let peak = storages.peak(model, steps);
    for (step, scratch) in steps.iter_mut().zip(scratches) {
        let offset = |tensor: usize| storages.of_tensor[tensor].map_or(0, |at| places[at]);
        step.common.input_offset = step.inputs.first().map_or(0, |input| offset(*input));
        step.common.output_offset = offset(step.output);
        match &mut step.body {
            Body::Conv2D(window) | Body::DepthwiseConv2D(window) => {
                window.scratch_offset = places[scratch];
            }
            Body::Add(Add { operands, .. }) | Body::Mul(Mul { operands, .. }) => {
                operands.second_offset = offset(step.inputs[1]);
            }
            Body::Int16(Int16 {
                operation: Operation::Add(pair, _) | Operation::Mul(pair, _),
                ..
            }) => pair.second_offset = offset(step.inputs[1]),
            _ => {}
        }
    }
    let offsets = storages.of_tensor.iter();
    Ok(Placement {
        offsets: offsets
            .map(|storage| storage.map(|at| places[at]))
            .collect(),
        arena_bytes,
        peak,
    })
}

/// The last step that reads each tensor; the output is read after all.
fn last_uses(model: &Model, program: &Program) -> Vec<Option<usize>> {
    let mut last_use = vec![None; model.tensors.len()];
    for (index, step) in program.steps.iter().enumerate() {
        for tensor in &step.inputs {
            last_use[*tensor] = Some(index);
        }
    }
    last_use[program.output] = Some(program.steps.len());
    last_use
}

/// The input storage that a step's output may take over.
fn in_place(step: &mut Step, storages: &Storages, index: usize) -> Option<usize> {
    let first = *step.inputs.first()?;
    match &mut step.body {
        // The same bytes: both tensors may live on.
        Body::Reshape(_) => storages.of_tensor[first],
        Body::Softmax(_) | Body::Table(_) => storages.dying(first, index),
        Body::Add(Add { operands, .. }) | Body::Mul(Mul { operands, .. }) => {
            let second = step.inputs[1];
            if storages.of_tensor[first] == storages.of_tensor[second] {
                return None;
            }
            if let Some(storage) = storages.dying(first, index) {
                return Some(storage);
            }
            if (operands.more_each, operands.more_all) != (0, 0) {
                return None;
            }
            let storage = storages.dying(second, index)?;
            step.inputs.swap(0, 1);
            swap(operands, &mut step.common.input_zero_point);
            if let Body::Add(add) = &mut step.body {
                std::mem::swap(&mut add.first, &mut add.second);
            }
            Some(storage)
        }
        Body::Int16(int16) => {
            int16_in_place(&mut int16.operation, &mut step.inputs, storages, index)
        }
        _ => None,
    }
}

/// The input storage that the output of an operator on int16 activations may take over.
fn int16_in_place(
    operation: &mut Operation,
    inputs: &mut [usize],
    storages: &Storages,
    index: usize,
) -> Option<usize> {
    let (first, second) = (*inputs.first()?, inputs.get(1).copied());
    match (operation, second) {
        (Operation::Softmax(_) | Operation::Sigmoid(_), _) => storages.dying(first, index),
        (Operation::Rescale(body), _) if body.input == body.output => storages.dying(first, index),
        (operation @ (Operation::Add(..) | Operation::Mul(..)), Some(second)) => {
            if storages.of_tensor[first] == storages.of_tensor[second] {
                return None;
            }
            if let Some(storage) = storages.dying(first, index) {
                return Some(storage);
            }
            let (Operation::Add(pair, _) | Operation::Mul(pair, _)) = operation else {
                return None;
            };
            if (pair.more_each, pair.more_all) != (0, 0) {
                return None;
            }
            let storage = storages.dying(second, index)?;
            inputs.swap(0, 1);
            if let Operation::Add(_, [first, second, _]) = operation {
                std::mem::swap(first, second);
            }
            Some(storage)
        }
        _ => None,
    }
}

/// Exchanges what sum and product know of their inputs.
fn swap(operands: &mut Operands, first_zero_point: &mut i8) {
    std::mem::swap(first_zero_point, &mut operands.second_zero_point);
}
