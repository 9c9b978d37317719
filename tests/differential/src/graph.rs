//! Models under construction, computed by the reference as they grow.

use tflite_writer::flatbuffer::Table;
use tflite_writer::model::{self, activation, activation16, Model};

use crate::reference::conv2d::{Filter, Sums};
use crate::tensor::{Element, Tensor};

/// A model, an input, and what the model makes of it.
pub struct Instance {
    /// Operator, shapes, options and scales in one line.
    pub description: String,
    /// The `.tflite` file.
    pub model: Vec<u8>,
    /// The input tensor's bytes.
    pub input: Vec<i8>,
    /// The output tensor's bytes.
    pub expected: Vec<i8>,
}

/// A model whose tensors, but for filters, have values.
pub struct Graph {
    model: Model,
    known: Vec<Option<Tensor>>,
    description: String,
}

impl Graph {
    /// A model of no operators; tensor 0 is the input.
    pub fn new(input: Tensor) -> Self {
        let mut graph = Self {
            model: Model {
                tensors: Vec::new(),
                nodes: Vec::new(),
                output: 0,
            },
            known: Vec::new(),
            description: format!("input {:?} {:?}", input.shape, input.quantization),
        };
        graph.computed(input);
        graph
    }

    fn push(&mut self, tensor: model::Tensor, value: Option<Tensor>) -> usize {
        self.model.tensors.push(tensor);
        self.known.push(value);
        self.known.len() - 1
    }

    fn computed(&mut self, tensor: Tensor) -> usize {
        self.push(described(&tensor), Some(tensor))
    }

    fn constant(&mut self, tensor: model::Tensor) -> usize {
        self.push(tensor, None)
    }

    /// Adds a constant tensor; returns its number.
    pub fn constant_values(&mut self, tensor: Tensor) -> usize {
        let constant = model::Tensor {
            name: "constant",
            data: tensor.bytes().iter().map(|byte| *byte as u8).collect(),
            ..described(&tensor)
        };
        self.push(constant, Some(tensor))
    }

    /// Adds constant 32-bit integers.
    pub fn integers(&mut self, shape: &[usize], values: &[i32]) -> usize {
        self.constant(model::numbers("integers", shape, values))
    }

    /// Adds a filter of this shape, quantised along `axis`, and its biases, for the
    /// operator's input `input`; returns the operator's inputs.
    pub fn filter(
        &mut self,
        input: usize,
        shape: &[usize],
        filter: &Filter,
        axis: i32,
    ) -> Vec<usize> {
        let weights = model::weights(shape, &filter.weights, &filter.scales, axis);
        let mut inputs = vec![input, self.constant(weights)];
        if let Some(biases) = &filter.biases {
            let scale = self.tensor(input).quantization.scale;
            let scales = filter.scales.iter().map(|weight| scale * weight);
            let biases = model::Tensor {
                scales: scales.collect(),
                zero_points: vec![0; filter.scales.len()],
                ..match filter.sums {
                    Sums::Wide => model::biases64(biases),
                    Sums::Narrow => {
                        let narrow: Vec<i32> = biases.iter().map(|bias| *bias as i32).collect();
                        model::biases(&narrow)
                    }
                }
            };
            inputs.push(self.constant(biases));
        }
        inputs
    }

    /// Adds an operator that makes `output` of `inputs`; returns the output's number.
    /// The model's output is that of the last operator.
    pub fn operator(
        &mut self,
        code: i32,
        inputs: &[usize],
        options: Table,
        output: Tensor,
    ) -> usize {
        let output = self.computed(output);
        let inputs: Vec<i32> = inputs.iter().map(|input| *input as i32).collect();
        let node = model::node(code, &inputs, output as i32, options);
        self.model.nodes.push(node);
        self.model.output = output as i32;
        output
    }

    /// A tensor that an operator may read.
    pub fn tensor(&self, number: usize) -> &Tensor {
        self.known[number].as_ref().expect("a tensor with values")
    }

    /// Says what the next operator is.
    pub fn describe(&mut self, operator: String) {
        self.description += "; ";
        self.description += &operator;
    }

    /// The model, and what it makes of the input.
    pub fn finish(mut self) -> Instance {
        let mut take = |number: usize| self.known[number].take().expect("a tensor with values");
        let expected = take(self.model.output as usize).bytes();
        Instance {
            description: self.description,
            input: take(0).bytes(),
            expected,
            model: self.model.file(),
        }
    }
}

/// A tensor as the model has it, without its values.
fn described(tensor: &Tensor) -> model::Tensor {
    let quantization = tensor.quantization;
    let (shape, scale) = (&tensor.shape, quantization.scale);
    match quantization.element {
        Element::Int8 => activation("tensor", shape, scale, quantization.zero_point),
        Element::Int16 => activation16("tensor", shape, scale),
    }
}
