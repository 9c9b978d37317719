//! From a graph's operators to the engine's, one file a family.

mod add;
mod convolution;
mod fully_connected;
mod pooling;
mod softmax;
mod window;

use anchorhold_engine::format::{Body, Common, Reshape};

use crate::error::Problem;
use crate::model::{Model, Node, Tensor};

/// One operator of a plan, before its tensors have places.
pub struct Step {
    /// Zero points and activation; offsets are not known yet.
    pub common: Common,
    /// The operator; offsets are not known yet.
    pub body: Body,
    /// The computed tensors that it reads.
    pub inputs: Vec<usize>,
    /// The tensor that it writes.
    pub output: usize,
    /// Its part of the weight stream.
    pub weights: Vec<u8>,
    /// Multiply-accumulates, those with padding included.
    pub multiply_accumulates: u64,
}

/// What lowering an operator may look at.
struct Context<'a> {
    model: &'a Model<'a>,
    node: &'a Node<'a>,
}

impl<'a> Context<'a> {
    fn number(&self, list: &[i32], at: usize, what: &'static str) -> Result<usize, Problem> {
        let number = list
            .get(at)
            .and_then(|number| usize::try_from(*number).ok());
        number
            .filter(|number| *number < self.model.tensors.len())
            .ok_or(Problem::Missing(what))
    }

    /// Input `at`, which must be computed.
    fn input(&self, at: usize) -> Result<(usize, &'a Tensor<'a>), Problem> {
        let number = self.number(&self.node.inputs, at, "input")?;
        let tensor = &self.model.tensors[number];
        if tensor.constant.is_some() {
            return Err(Problem::Constant {
                tensor: tensor.name.clone(),
                expected: false,
            });
        }
        tensor.check_int8()?;
        Ok((number, tensor))
    }

    /// Input `at`, which must be part of the model.
    fn constant(&self, at: usize, what: &'static str) -> Result<&'a Tensor<'a>, Problem> {
        let number = self.number(&self.node.inputs, at, what)?;
        Ok(&self.model.tensors[number])
    }

    /// Optional input 2: one bias a channel, zeros where absent.
    fn biases(&self, channels: usize) -> Result<Vec<i32>, Problem> {
        match self.node.inputs.get(2) {
            None | Some(-1) => Ok(vec![0; channels]),
            Some(_) => self.constant(2, "bias")?.biases(channels),
        }
    }

    /// The only output.
    fn output(&self) -> Result<(usize, &'a Tensor<'a>), Problem> {
        let number = self.number(&self.node.outputs, 0, "output")?;
        let tensor = &self.model.tensors[number];
        if tensor.constant.is_some() {
            return Err(Problem::Constant {
                tensor: tensor.name.clone(),
                expected: false,
            });
        }
        tensor.check_int8()?;
        Ok((number, tensor))
    }

    /// Option `index`: a byte, 0 where absent.
    fn byte(&self, index: usize, what: &'static str) -> Result<u8, Problem> {
        let options = self.node.options.ok_or(Problem::Missing("options"))?;
        options.u8(index, what).map_err(|_| Problem::Missing(what))
    }

    /// Option `index`: an integer, `default` where absent.
    fn integer(&self, index: usize, what: &'static str, default: i32) -> Result<i32, Problem> {
        let options = self.node.options.ok_or(Problem::Missing("options"))?;
        let value = options.i32(index, what, default);
        value.map_err(|_| Problem::Missing(what))
    }
}

/// Lowers one operator.
pub fn lower(model: &Model, node: &Node) -> Result<Step, Problem> {
    let context = Context { model, node };
    match node.code {
        0 => add::lower(&context),
        1 => pooling::lower(&context),
        3 => convolution::lower(&context),
        4 => convolution::lower_depthwise(&context),
        9 => fully_connected::lower(&context),
        22 => lower_reshape(&context),
        25 => softmax::lower(&context),
        _ => Err(Problem::Unsupported),
    }
}

fn lower_reshape(context: &Context) -> Result<Step, Problem> {
    let (number, input) = context.input(0)?;
    let (output_number, output) = context.output()?;
    let length = input.elements()?;
    if output.elements()? != length {
        return Err(output.unexpected(format!("{length} elements")));
    }
    if input.quantization()? != output.quantization()? {
        return Err(output.unquantized("does not have its input's scale and zero point"));
    }
    Ok(Step {
        common: common(
            input.quantization()?.1,
            output.quantization()?.1,
            (-128, 127),
        ),
        body: Body::Reshape(Reshape { length }),
        inputs: vec![number],
        output: output_number,
        weights: Vec::new(),
        multiply_accumulates: 0,
    })
}

/// Zero points and activation range, without offsets.
fn common(input_zero_point: i8, output_zero_point: i8, range: (i8, i8)) -> Common {
    Common {
        input_zero_point,
        output_zero_point,
        minimum: range.0,
        maximum: range.1,
        input_offset: 0,
        output_offset: 0,
    }
}
