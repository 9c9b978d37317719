//! A plan's operators, before their tensors have places.

use anchorhold_engine::format::{Body, Common, Constant};
use anchorhold_engine::Lengths;

use crate::error::{CompileError, Problem};
use crate::model::Node;
use crate::tensor::Tensor;

/// One operator of a plan.
#[derive(Clone)]
pub struct Step {
    /// Position in the model's graph of the operator that it comes from.
    pub node: usize,
    /// That operator's TensorFlow Lite name, and those of others that it does, too.
    pub name: String,
    /// Zero points and activation; offsets are not known yet.
    pub common: Common,
    /// The operator; offsets are not known yet.
    pub body: Body,
    /// The tensors that it reads.
    pub inputs: Vec<usize>,
    /// The tensor that it writes.
    pub output: usize,
    /// Its part of the weight stream.
    pub weights: Vec<u8>,
    /// Multiply-accumulates, those with padding included.
    pub multiply_accumulates: u64,
}

impl Step {
    /// An operator without weights, whose activation range is all of int8. Zero
    /// points are those of its first input and its output.
    pub fn new(
        node: &Node,
        body: Body,
        (input, input_zero_point): (usize, i8),
        (output, output_zero_point): (usize, i8),
    ) -> Self {
        Self {
            node: node.index,
            name: node.name.clone(),
            common: Common {
                input_zero_point,
                output_zero_point,
                minimum: i8::MIN,
                maximum: i8::MAX,
                input_offset: 0,
                output_offset: 0,
            },
            body,
            inputs: vec![input],
            output,
            weights: Vec::new(),
            multiply_accumulates: 0,
        }
    }

    /// An operator that takes constant tensor `number` from the stream, for `reader`.
    pub fn constant(reader: &Self, number: usize, tensor: &Tensor) -> Result<Self, Problem> {
        let mut weights = tensor.contents_of_activation()?.to_vec();
        let length = weights.len() as u32;
        weights.resize(weights.len().next_multiple_of(4), 0);
        Ok(Self {
            node: reader.node,
            name: format!("{} (constant)", reader.name),
            common: Common {
                input_zero_point: 0,
                output_zero_point: 0,
                ..reader.common
            },
            body: Body::Constant(Constant { length }),
            inputs: Vec::new(),
            output: number,
            weights,
            multiply_accumulates: 0,
        })
    }

    /// With a fused activation's range.
    pub fn limited(mut self, (minimum, maximum): (i8, i8)) -> Self {
        (self.common.minimum, self.common.maximum) = (minimum, maximum);
        self
    }

    /// With weights.
    pub fn weighted(mut self, weights: Vec<u8>) -> Self {
        self.weights = weights;
        self
    }

    /// A problem with the operator that the step comes from.
    pub fn error(&self, problem: Problem) -> CompileError {
        CompileError::Operator {
            index: self.node,
            name: self.name.clone(),
            problem,
        }
    }

    /// What the operator takes.
    pub fn lengths(&self) -> Result<Lengths, CompileError> {
        let lengths = self.body.lengths();
        lengths.map_err(|fault| self.error(Problem::Engine(fault)))
    }
}
