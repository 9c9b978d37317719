//! The parts of a `.tflite` model that a plan is made of.
//!
//! Field numbers are those of TensorFlow Lite's schema, version 3.

use crate::error::{CompileError, Problem};
use crate::flatbuffer::Table;

/// Type numbers of tensors.
mod tensor_type {
    pub const INT32: u8 = 2;
    pub const INT8: u8 = 9;
}

/// A tensor of the graph.
pub struct Tensor<'a> {
    /// Its name, for messages.
    pub name: String,
    shape: Vec<i32>,
    signature: Vec<i32>,
    element: u8,
    /// The contents, where they are part of the model.
    pub constant: Option<&'a [u8]>,
    scales: Vec<f32>,
    zero_points: Vec<i64>,
    /// The dimension along which scales differ.
    pub axis: i32,
}

/// An operator of the graph.
pub struct Node<'a> {
    /// The builtin operator's number.
    pub code: i32,
    /// Its TensorFlow Lite name.
    pub name: String,
    /// Tensor numbers; optional inputs may be absent.
    pub inputs: Vec<i32>,
    /// Tensor numbers.
    pub outputs: Vec<i32>,
    /// The operator's options.
    pub options: Option<Table<'a>>,
}

/// A model with one graph, one input and one output.
pub struct Model<'a> {
    /// All tensors of the graph.
    pub tensors: Vec<Tensor<'a>>,
    /// All operators, in order of execution.
    pub nodes: Vec<Node<'a>>,
    /// The input's number.
    pub input: usize,
    /// The output's number.
    pub output: usize,
}

impl<'a> Model<'a> {
    /// Reads a `.tflite` file.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, CompileError> {
        if bytes.get(4..8) != Some(b"TFL3") {
            return Err(CompileError::NotTflite);
        }
        let root = Table::root(bytes)?;
        let version = root.i32(0, "version", 0)?;
        if version != 3 {
            return Err(CompileError::Graph(format!(
                "the model has schema version {version}, supported: 3; convert it again"
            )));
        }
        let codes = root
            .tables(1, "operator codes")?
            .map(|code| operator_code(code?))
            .collect::<Result<Vec<_>, _>>()?;
        let buffers = root
            .tables(4, "buffers")?
            .map(|buffer| Ok(buffer?.scalars::<1>(0, "buffer")?.as_flattened()))
            .collect::<Result<Vec<_>, CompileError>>()?;
        let mut graphs = root.tables(2, "graphs")?;
        let (Some(graph), 0) = (graphs.next(), graphs.len()) else {
            return Err(CompileError::Graph(
                "the model does not have exactly one graph; convert it without control flow".into(),
            ));
        };
        let graph = graph?;
        let tensors = graph
            .tables(0, "tensors")?
            .map(|tensor| Tensor::parse(tensor?, &buffers))
            .collect::<Result<Vec<_>, _>>()?;
        let nodes = graph
            .tables(3, "operators")?
            .map(|node| Node::parse(node?, &codes))
            .collect::<Result<Vec<_>, _>>()?;
        let only = |numbers: Vec<i32>, what: &str| match numbers[..] {
            [number] => usize::try_from(number)
                .ok()
                .filter(|number| *number < tensors.len())
                .ok_or(CompileError::Corrupt {
                    what: "input or output number",
                    offset: 0,
                }),
            _ => Err(CompileError::Graph(format!(
                "the model has {} {what}, supported: 1; split or join them in the model",
                numbers.len()
            ))),
        };
        Ok(Self {
            input: only(graph.integers(1, "inputs")?, "inputs")?,
            output: only(graph.integers(2, "outputs")?, "outputs")?,
            tensors,
            nodes,
        })
    }
}

/// A builtin's number and name. Old converters write a byte, newer ones both.
fn operator_code(code: Table) -> Result<(i32, String), CompileError> {
    let old = i32::from(code.u8(0, "operator code")?);
    let number = old.max(code.i32(3, "operator code", 0)?);
    let name = match number {
        0 => "ADD",
        1 => "AVERAGE_POOL_2D",
        2 => "CONCATENATION",
        3 => "CONV_2D",
        4 => "DEPTHWISE_CONV_2D",
        6 => "DEQUANTIZE",
        9 => "FULLY_CONNECTED",
        14 => "LOGISTIC",
        17 => "MAX_POOL_2D",
        18 => "MUL",
        19 => "RELU",
        22 => "RESHAPE",
        25 => "SOFTMAX",
        28 => "TANH",
        34 => "PAD",
        40 => "MEAN",
        114 => "QUANTIZE",
        32 => return Ok((number, code.string(1, "custom operator")?)),
        _ => return Ok((number, format!("builtin {number}"))),
    };
    Ok((number, name.into()))
}

impl<'a> Node<'a> {
    fn parse(node: Table<'a>, codes: &[(i32, String)]) -> Result<Self, CompileError> {
        let index = node.i32(0, "operator code index", 0)?;
        let code = usize::try_from(index).ok().and_then(|at| codes.get(at));
        let (code, name) = code.ok_or(CompileError::Corrupt {
            what: "operator code index",
            offset: 0,
        })?;
        Ok(Self {
            code: *code,
            name: name.clone(),
            inputs: node.integers(1, "operator inputs")?,
            outputs: node.integers(2, "operator outputs")?,
            options: node.table(4, "operator options")?,
        })
    }
}

impl<'a> Tensor<'a> {
    fn parse(tensor: Table<'a>, buffers: &[&'a [u8]]) -> Result<Self, CompileError> {
        let buffer = tensor.i32(2, "tensor buffer", 0)?;
        let buffer = usize::try_from(buffer).ok().and_then(|at| buffers.get(at));
        let buffer = buffer.ok_or(CompileError::Corrupt {
            what: "tensor buffer",
            offset: 0,
        })?;
        let mut parsed = Self {
            name: tensor.string(3, "tensor name")?,
            shape: tensor.integers(0, "tensor shape")?,
            signature: tensor.integers(7, "tensor signature")?,
            element: tensor.u8(1, "tensor type")?,
            constant: (!buffer.is_empty()).then_some(*buffer),
            scales: Vec::new(),
            zero_points: Vec::new(),
            axis: 0,
        };
        if let Some(quantization) = tensor.table(4, "quantisation")? {
            let scales = quantization.scalars(2, "scales")?;
            let zero_points = quantization.scalars(3, "zero points")?;
            parsed.scales = scales.iter().copied().map(f32::from_le_bytes).collect();
            parsed.zero_points = zero_points
                .iter()
                .copied()
                .map(i64::from_le_bytes)
                .collect();
            parsed.axis = quantization.i32(6, "quantised dimension", 0)?;
        }
        Ok(parsed)
    }

    fn type_name(&self) -> &'static str {
        match self.element {
            0 => "float32",
            1 => "float16",
            tensor_type::INT32 => "int32",
            3 => "uint8",
            4 => "int64",
            7 => "int16",
            tensor_type::INT8 => "int8",
            _ => "of another type",
        }
    }

    fn check_type(&self, element: u8, expected: &'static str) -> Result<(), Problem> {
        if self.element == element {
            return Ok(());
        }
        Err(Problem::Type {
            tensor: self.name.clone(),
            found: self.type_name(),
            expected,
        })
    }

    /// Refuses tensors that are not int8.
    pub fn check_int8(&self) -> Result<(), Problem> {
        self.check_type(tensor_type::INT8, "int8")
    }

    /// The shape: 1 to 4 dimensions, each fixed and positive.
    pub fn shape(&self) -> Result<Vec<usize>, Problem> {
        // The converter leaves the batch open and sets it to 1.
        let open = self.signature.iter().skip(1).any(|size| *size < 0);
        let shape: Option<Vec<usize>> = self
            .shape
            .iter()
            .map(|size| usize::try_from(*size).ok().filter(|size| *size > 0))
            .collect();
        let (Some(shape), false) = (shape, open) else {
            return Err(Problem::Dynamic {
                tensor: self.name.clone(),
                shape: if open { &self.signature } else { &self.shape }.clone(),
            });
        };
        if shape.is_empty() || shape.len() > 4 {
            return Err(Problem::Dimensions {
                tensor: self.name.clone(),
                found: shape.len(),
                supported: "1 to 4",
            });
        }
        Ok(shape)
    }

    /// Height, width and channels of one image.
    pub fn image(&self) -> Result<[u16; 3], Problem> {
        let shape = self.shape()?;
        let [1, height, width, channels] = shape[..] else {
            return Err(self.unexpected("[1, height, width, channels]".into()));
        };
        let mut image = [0; 3];
        for (to, from) in image.iter_mut().zip([height, width, channels]) {
            *to = u16::try_from(from).map_err(|_| Problem::TooLarge {
                what: "rows, columns or channels",
                found: from as u64,
                limit: u16::MAX.into(),
            })?;
        }
        Ok(image)
    }

    /// How many elements the tensor has.
    pub fn elements(&self) -> Result<u32, Problem> {
        let shape = self.shape()?;
        let product = shape.iter().try_fold(1u32, |product, size| {
            product.checked_mul(u32::try_from(*size).ok()?)
        });
        product.ok_or(Problem::TooLarge {
            what: "elements in a tensor",
            found: shape
                .iter()
                .fold(1, |product: u64, size| product.saturating_mul(*size as u64)),
            limit: u32::MAX.into(),
        })
    }

    /// Scale and zero point of an activation.
    pub fn quantization(&self) -> Result<(f32, i8), Problem> {
        let ([scale], [zero_point]) = (&self.scales[..], &self.zero_points[..]) else {
            return Err(self.unquantized("does not have one scale and zero point"));
        };
        check_scale(*scale).map_err(|why| self.unquantized(why))?;
        let zero_point = i8::try_from(*zero_point)
            .map_err(|_| self.unquantized("has a zero point outside int8"))?;
        Ok((*scale, zero_point))
    }

    /// The contents of a constant int8 tensor, one scale for each of `channels`
    /// along `axis`, and whether the scales are per channel.
    pub fn weights(&self, channels: usize, axis: i32) -> Result<Weights<'a>, Problem> {
        self.check_int8()?;
        let values = self.contents(self.elements()? as usize)?;
        let per_channel = self.scales.len() > 1;
        if self.scales.len() != channels && self.scales.len() != 1 {
            return Err(self.unquantized("does not have one scale, or one a channel"));
        }
        if per_channel && self.axis != axis {
            return Err(self.unquantized("is quantised along another dimension than its output"));
        }
        if self.zero_points.iter().any(|zero_point| *zero_point != 0) {
            return Err(self.unquantized("has weights that are not symmetric (zero point not 0)"));
        }
        let mut scales = self.scales.clone();
        for scale in &scales {
            check_scale(*scale).map_err(|why| self.unquantized(why))?;
        }
        scales.resize(channels, self.scales[0]);
        Ok(Weights {
            values,
            scales,
            per_channel,
        })
    }

    /// The contents of a constant int32 tensor.
    pub fn biases(&self, channels: usize) -> Result<Vec<i32>, Problem> {
        self.check_type(tensor_type::INT32, "int32")?;
        if self.elements()? as usize != channels {
            return Err(self.unexpected(format!("[{channels}]")));
        }
        let bytes = self.contents(4 * channels)?;
        let (words, _) = bytes.as_chunks();
        Ok(words.iter().copied().map(i32::from_le_bytes).collect())
    }

    fn contents(&self, length: usize) -> Result<&'a [u8], Problem> {
        let bytes = self.constant.ok_or(Problem::Constant {
            tensor: self.name.clone(),
            expected: true,
        })?;
        if bytes.len() != length {
            return Err(self.unexpected(format!("a shape of {} bytes", bytes.len())));
        }
        Ok(bytes)
    }

    /// A [`Problem::Shape`] with this tensor.
    pub fn unexpected(&self, expected: String) -> Problem {
        let size = |size: &i32| usize::try_from(*size).unwrap_or(0);
        Problem::Shape {
            tensor: self.name.clone(),
            found: self.shape.iter().map(size).collect(),
            expected,
        }
    }

    /// A [`Problem::Quantization`] with this tensor.
    pub fn unquantized(&self, why: &'static str) -> Problem {
        Problem::Quantization {
            tensor: self.name.clone(),
            why,
        }
    }
}

fn check_scale(scale: f32) -> Result<(), &'static str> {
    if scale.is_finite() && scale > 0.0 {
        return Ok(());
    }
    Err("has a scale that is not a positive number")
}

/// A constant int8 tensor.
pub struct Weights<'a> {
    /// Two's complement, in the tensor's order.
    pub values: &'a [u8],
    /// One a channel.
    pub scales: Vec<f32>,
    /// Whether the model has one scale a channel.
    pub per_channel: bool,
}
