//! What a compiled plan costs, for a command line to print.

use anchorhold_engine::format::Element;

/// What a compiled plan costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The model's input.
    pub input: TensorReport,
    /// The model's output.
    pub output: TensorReport,
    /// Every operator in order of execution.
    pub operators: Vec<OperatorReport>,
    /// Length of the arena that holds all activations.
    pub arena_bytes: u32,
    /// Length of the whole plan.
    pub plan_bytes: u32,
    /// Length of the part that stays in memory.
    pub resident_bytes: u32,
    /// Shortest row buffer.
    pub row_bytes: u32,
    /// The operator that needs most of the arena at once.
    pub peak: Peak,
}

/// What lives while one operator runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Peak {
    /// The operator's position in the model's graph, from 0.
    pub operator: usize,
    /// Its TensorFlow Lite name.
    pub name: String,
    /// Names and lengths of tensors and of its scratch area, the largest first.
    pub tensors: Vec<(String, u32)>,
}

impl Peak {
    /// The sum of all lengths.
    pub fn bytes(&self) -> u64 {
        self.tensors
            .iter()
            .map(|(_, bytes)| u64::from(*bytes))
            .sum()
    }
}

/// Shape and quantisation of an input or output.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorReport {
    /// The tensor's name in the model.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// The type of its elements.
    pub element: Element,
    /// The real value of one step.
    pub scale: f32,
    /// The element that stands for zero.
    pub zero_point: i8,
}

/// What one operator costs.
#[derive(Clone, Debug, PartialEq)]
pub struct OperatorReport {
    /// Its TensorFlow Lite name.
    pub name: String,
    /// The type of the activations that it works on; int16 where they differ.
    pub element: Element,
    /// Shape of its (first) input.
    pub input: Vec<usize>,
    /// Shape of its output.
    pub output: Vec<usize>,
    /// Multiply-accumulates, those with padding included.
    pub multiply_accumulates: u64,
    /// Length of its part of the weight stream.
    pub weight_bytes: u32,
}

impl Report {
    /// Multiply-accumulates of one inference.
    pub fn multiply_accumulates(&self) -> u64 {
        let all = self.operators.iter();
        all.map(|operator| operator.multiply_accumulates).sum()
    }
}
