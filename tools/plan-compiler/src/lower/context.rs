//! What lowering an operator may look at.

use crate::builtin;
use crate::error::Problem;
use crate::model::{Model, Node};
use crate::tensor::Tensor;

/// An operator and its model.
pub struct Context<'a> {
    pub model: &'a Model<'a>,
    pub node: &'a Node<'a>,
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

    /// Input `at`, an int8 tensor.
    pub fn input(&self, at: usize) -> Result<(usize, &'a Tensor<'a>), Problem> {
        let (number, tensor) = self.operand(at, "input")?;
        tensor.check_int8()?;
        Ok((number, tensor))
    }

    /// Input `at`, an int16 tensor.
    pub fn input16(&self, at: usize) -> Result<(usize, &'a Tensor<'a>), Problem> {
        let (number, tensor) = self.operand(at, "input")?;
        tensor.check_int16()?;
        Ok((number, tensor))
    }

    /// Input `at`, an int8 or int16 tensor.
    pub fn activation(&self, at: usize) -> Result<(usize, &'a Tensor<'a>), Problem> {
        let (number, tensor) = self.operand(at, "input")?;
        tensor.element()?;
        Ok((number, tensor))
    }

    /// Whether the operator is one on int16 activations: the first input decides, and
    /// with QUANTIZE the output as well.
    pub fn is_on_int16(&self) -> bool {
        let is_int16 = |tensor: Result<usize, Problem>| {
            tensor.is_ok_and(|number| self.model.tensors[number].check_int16().is_ok())
        };
        let output = || self.number(&self.node.outputs, 0, "output");
        is_int16(self.number(&self.node.inputs, 0, "input"))
            || (self.node.code == builtin::QUANTIZE && is_int16(output()))
    }

    /// Input `at`, of any type.
    pub fn operand(
        &self,
        at: usize,
        what: &'static str,
    ) -> Result<(usize, &'a Tensor<'a>), Problem> {
        let number = self.number(&self.node.inputs, at, what)?;
        Ok((number, &self.model.tensors[number]))
    }

    /// Input `at`, which must be part of the model.
    pub fn constant(&self, at: usize, what: &'static str) -> Result<&'a Tensor<'a>, Problem> {
        Ok(self.operand(at, what)?.1)
    }

    /// Optional input 2: one bias a channel, zeros where absent.
    pub fn biases(&self, channels: usize) -> Result<Vec<i32>, Problem> {
        match self.node.inputs.get(2) {
            None | Some(-1) => Ok(vec![0; channels]),
            Some(_) => self.constant(2, "bias")?.biases(channels),
        }
    }

    /// The only output, an int8 tensor.
    pub fn output(&self) -> Result<(usize, &'a Tensor<'a>), Problem> {
        let (number, tensor) = self.written()?;
        tensor.check_int8()?;
        Ok((number, tensor))
    }

    /// The only output, an int16 tensor.
    pub fn output16(&self) -> Result<(usize, &'a Tensor<'a>), Problem> {
        let (number, tensor) = self.written()?;
        tensor.check_int16()?;
        Ok((number, tensor))
    }

    /// The only output, an int8 or int16 tensor.
    pub fn result(&self) -> Result<(usize, &'a Tensor<'a>), Problem> {
        let (number, tensor) = self.written()?;
        tensor.element()?;
        Ok((number, tensor))
    }

    /// The only output, of any type.
    fn written(&self) -> Result<(usize, &'a Tensor<'a>), Problem> {
        let number = self.number(&self.node.outputs, 0, "output")?;
        let tensor = &self.model.tensors[number];
        if tensor.constant.is_some() {
            return Err(Problem::Written {
                tensor: tensor.name.clone(),
            });
        }
        Ok((number, tensor))
    }

    /// Option `index`: a byte, 0 where absent.
    pub fn byte(&self, index: usize, what: &'static str) -> Result<u8, Problem> {
        let options = self.node.options.ok_or(Problem::Missing("options"))?;
        options.u8(index, what).map_err(|_| Problem::Missing(what))
    }

    /// Option `index`: an integer, `default` where absent.
    pub fn integer(&self, index: usize, what: &'static str, default: i32) -> Result<i32, Problem> {
        let options = self.node.options.ok_or(Problem::Missing("options"))?;
        let value = options.i32(index, what, default);
        value.map_err(|_| Problem::Missing(what))
    }

    /// Option `index`: a number, 0 where absent.
    pub fn float(&self, index: usize, what: &'static str) -> Result<f32, Problem> {
        let options = self.node.options.ok_or(Problem::Missing("options"))?;
        options.f32(index, what).map_err(|_| Problem::Missing(what))
    }

    /// The problem of an operator that the engine does not have.
    pub fn unsupported(&self) -> Problem {
        let number = self.number(&self.node.outputs, 0, "output");
        let name = |number: usize| self.model.tensors[number].name.clone();
        Problem::Unsupported {
            output: number.map(name).unwrap_or_default(),
        }
    }
}
