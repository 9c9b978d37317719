//! Why a model does not compile: what, where, the limit, the fix.

use std::fmt;

use anchorhold_engine::{OperatorFault, PlanError};

/// Why a model does not compile. Displays as one line.
#[derive(Clone, Debug, PartialEq)]
pub enum CompileError {
    /// The file has nothing in it.
    Empty,
    /// The file has no TensorFlow Lite identifier.
    NotTflite,
    /// The file is truncated or corrupt.
    Corrupt {
        /// What was being read.
        what: &'static str,
        /// Where in the file.
        offset: usize,
    },
    /// The graph as a whole is not one that a plan can express.
    Graph(String),
    /// The factor from raw sensor counts to inputs is not a positive number that
    /// the engine can represent.
    RawScale(f64),
    /// One operator cannot be compiled.
    Operator {
        /// Position in the graph, from 0.
        index: usize,
        /// The operator's TensorFlow Lite name.
        name: String,
        /// What is wrong with it.
        problem: Problem,
    },
    /// The model needs a plan that the engine would refuse.
    Refused(PlanError),
}

/// What is wrong with one operator.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// The engine has no such operator.
    Unsupported {
        /// The name of the tensor that it writes.
        output: String,
    },
    /// An input, output or option is missing.
    Missing(&'static str),
    /// A tensor has the wrong element type.
    Type {
        /// The tensor's name.
        tensor: String,
        /// Its type.
        found: &'static str,
        /// The type that the engine needs there.
        expected: &'static str,
    },
    /// A tensor's shape is not fixed.
    Dynamic {
        /// The tensor's name.
        tensor: String,
        /// Its shape as far as it is known.
        shape: Vec<i32>,
    },
    /// A tensor has too many dimensions, or too few.
    Dimensions {
        /// The tensor's name.
        tensor: String,
        /// How many it has.
        found: usize,
        /// How many are supported.
        supported: &'static str,
    },
    /// A tensor's shape contradicts another's.
    Shape {
        /// The tensor's name.
        tensor: String,
        /// Its shape.
        found: Vec<usize>,
        /// What it should be.
        expected: String,
    },
    /// A tensor's quantisation is missing or not supported.
    Quantization {
        /// The tensor's name.
        tensor: String,
        /// What is wrong.
        why: &'static str,
    },
    /// A tensor is computed that must be part of the model.
    Constant {
        /// The tensor's name.
        tensor: String,
    },
    /// An operator writes a tensor that is part of the model.
    Written {
        /// The tensor's name.
        tensor: String,
    },
    /// Dimensions to be reduced do not follow each other.
    Axes {
        /// Their numbers.
        axes: Vec<usize>,
    },
    /// An option has a value that the engine does not support.
    Option {
        /// The option's name.
        what: &'static str,
        /// Its value.
        found: i64,
        /// The values that are supported.
        supported: &'static str,
    },
    /// The engine could not run what the operator becomes.
    Engine(OperatorFault),
    /// A number exceeds what a plan can hold.
    TooLarge {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        found: u64,
        /// How many there may be.
        limit: u64,
    },
}

impl CompileError {
    /// A problem with the model's own input or output.
    pub(crate) fn in_graph(problem: Problem) -> Self {
        Self::Graph(problem.to_string())
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty; copy or convert the model again"),
            Self::NotTflite => f.write_str(
                "not a .tflite file (no TFL3 identifier); convert the model with TensorFlow Lite first",
            ),
            Self::Corrupt { what, offset } => write!(
                f,
                "the .tflite file is truncated or corrupt: {what} at byte {offset}; copy or convert it again"
            ),
            Self::Graph(what) => f.write_str(what),
            Self::RawScale(scale) => write!(
                f,
                "raw scale {scale} is not usable; give a positive factor below 32768 input steps a count"
            ),
            Self::Operator {
                index,
                name,
                problem,
            } => write!(f, "operator {index} ({name}): {problem}"),
            Self::Refused(error) => write!(f, "the engine cannot run this model: {error}"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported { output } => write!(
                f,
                "not supported (tensor \"{output}\"); use Conv2D, DepthwiseConv2D, FullyConnected, AveragePool2D, MaxPool2D, Add, Mul, Mean, Pad, Reshape, Concatenation, Softmax, Logistic, Relu, Relu6, LeakyRelu, Tanh or Quantize",
            ),
            Self::Missing(what) => write!(f, "has no {what}; convert the model again"),
            Self::Type {
                tensor,
                found: "float32",
                expected,
            } => write!(
                f,
                "tensor \"{tensor}\" is float32, not {expected}; convert with full integer quantisation (int8 inputs and outputs)"
            ),
            Self::Type {
                tensor,
                found,
                expected: expected @ ("int16" | "int64"),
            } => write!(
                f,
                "tensor \"{tensor}\" is {found}, not {expected}; convert with int16 activations and int8 weights"
            ),
            Self::Type {
                tensor,
                found,
                expected,
            } => write!(
                f,
                "tensor \"{tensor}\" is {found}, not {expected}; convert with int8 quantisation"
            ),
            Self::Dynamic { tensor, shape } => write!(
                f,
                "tensor \"{tensor}\" has no fixed shape ({shape:?}); set every dimension before converting"
            ),
            Self::Dimensions {
                tensor,
                found,
                supported,
            } => write!(
                f,
                "tensor \"{tensor}\" has {found} dimensions, supported: {supported}; reshape it in the model"
            ),
            Self::Shape {
                tensor,
                found,
                expected,
            } => write!(
                f,
                "tensor \"{tensor}\" has shape {found:?}, expected {expected}; change or convert the model again"
            ),
            Self::Quantization { tensor, why } => write!(
                f,
                "tensor \"{tensor}\" {why}; convert with int8 quantisation"
            ),
            Self::Constant { tensor } => write!(
                f,
                "tensor \"{tensor}\" is computed, but must be constant; fold it into the model"
            ),
            Self::Written { tensor } => write!(
                f,
                "tensor \"{tensor}\" is constant, but the operator writes it; convert the model again"
            ),
            Self::Axes { axes } => write!(
                f,
                "reduces dimensions {axes:?}, supported: dimensions that follow each other; reduce them one after the other"
            ),
            Self::Option {
                what,
                found,
                supported,
            } => write!(
                f,
                "{what} is {found}, supported: {supported}; change it in the model"
            ),
            Self::Engine(fault) => write!(
                f,
                "the engine cannot run it: {fault}; change the layer's shape or scales"
            ),
            Self::TooLarge { what, found, limit } => write!(
                f,
                "{found} {what}, the limit is {limit}; make the layer smaller"
            ),
        }
    }
}

impl std::error::Error for CompileError {}
