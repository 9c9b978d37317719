//! Tensors of a `.tflite` model: shape, type, quantisation, contents.

use std::borrow::Cow;

use anchorhold_engine::format::Element;

use crate::error::{CompileError, Problem};
use crate::flatbuffer::Table;

/// Type numbers of tensors.
mod tensor_type {
    pub const FLOAT32: u8 = 0;
    pub const INT32: u8 = 2;
    pub const INT64: u8 = 4;
    pub const INT16: u8 = 7;
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
    pub constant: Option<Cow<'a, [u8]>>,
    scales: Vec<f32>,
    zero_points: Vec<i64>,
    /// The dimension along which scales differ.
    pub axis: i32,
}

impl<'a> Tensor<'a> {
    /// Reads a tensor, whose contents are one of `buffers`.
    pub fn parse(tensor: Table<'a>, buffers: &[&'a [u8]]) -> Result<Self, CompileError> {
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
            constant: (!buffer.is_empty()).then_some(Cow::Borrowed(*buffer)),
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

    /// A tensor that is computed, with the type and quantisation of this one.
    pub fn in_shape<'b>(&self, shape: &[usize], what: &str) -> Tensor<'b> {
        Tensor {
            name: format!("{} ({what})", self.name),
            shape: shape.iter().map(|size| *size as i32).collect(),
            signature: Vec::new(),
            element: self.element,
            constant: None,
            scales: self.scales.clone(),
            zero_points: self.zero_points.clone(),
            axis: self.axis,
        }
    }

    /// A constant of 32-bit integers.
    pub fn int32_constant(name: &str, values: &[i32]) -> Self {
        let contents = values.iter().flat_map(|value| value.to_le_bytes());
        Self {
            name: name.to_owned(),
            shape: vec![values.len() as i32],
            signature: Vec::new(),
            element: tensor_type::INT32,
            constant: Some(Cow::Owned(contents.collect())),
            scales: Vec::new(),
            zero_points: Vec::new(),
            axis: 0,
        }
    }

    fn type_name(&self) -> &'static str {
        match self.element {
            0 => "float32",
            1 => "float16",
            tensor_type::INT32 => "int32",
            3 => "uint8",
            tensor_type::INT64 => "int64",
            tensor_type::INT16 => "int16",
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

    /// Refuses tensors that are not int16.
    pub fn check_int16(&self) -> Result<(), Problem> {
        self.check_type(tensor_type::INT16, "int16")
    }

    /// Refuses tensors that do not have `other`'s type.
    pub fn check_type_of(&self, other: &Tensor) -> Result<(), Problem> {
        self.check_type(other.element, other.type_name())
    }

    /// The type of an activation's elements.
    pub fn element(&self) -> Result<Element, Problem> {
        if self.element == tensor_type::INT16 {
            return Ok(Element::Int16);
        }
        self.check_int8()?;
        Ok(Element::Int8)
    }

    /// Whether the elements are 32-bit integers.
    pub fn is_int32(&self) -> bool {
        self.element == tensor_type::INT32
    }

    /// Whether the elements are 32-bit floating-point numbers.
    pub fn is_float(&self) -> bool {
        self.element == tensor_type::FLOAT32
    }

    /// The shape: 1 to 4 dimensions, each fixed and positive. A single constant
    /// may have none, which counts as one.
    pub fn shape(&self) -> Result<Vec<usize>, Problem> {
        if self.shape.is_empty() && self.constant.is_some() {
            return Ok(vec![1]);
        }
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
            *to = self.small(from)?;
        }
        Ok(image)
    }

    /// A dimension that an image may have.
    pub fn small(&self, size: usize) -> Result<u16, Problem> {
        u16::try_from(size).map_err(|_| Problem::TooLarge {
            what: "rows, columns or channels",
            found: size as u64,
            limit: u16::MAX.into(),
        })
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

    /// Length of an activation.
    pub fn bytes(&self) -> Result<u32, Problem> {
        let size = self.element()?.bytes();
        let bytes = self.elements()?.checked_mul(size);
        bytes.ok_or(Problem::TooLarge {
            what: "bytes in a tensor",
            found: u64::from(self.elements()?) * u64::from(size),
            limit: u32::MAX.into(),
        })
    }

    /// Scale and zero point of an activation.
    pub fn quantization(&self) -> Result<(f32, i8), Problem> {
        let ([scale], [zero_point]) = (&self.scales[..], &self.zero_points[..]) else {
            return Err(self.unquantized("does not have one scale and zero point"));
        };
        check_scale(*scale).map_err(|why| self.unquantized(why))?;
        if self.element == tensor_type::INT16 && *zero_point != 0 {
            return Err(self.unquantized("is int16 with a zero point other than 0"));
        }
        let zero_point = i8::try_from(*zero_point)
            .map_err(|_| self.unquantized("has a zero point outside int8"))?;
        Ok((*scale, zero_point))
    }

    /// Scale and zero point of an activation that has those of `input`, and its type,
    /// too.
    pub fn quantization_of(&self, input: &Tensor) -> Result<(f32, i8), Problem> {
        self.check_type_of(input)?;
        let quantization = self.quantization()?;
        if input.quantization()? != quantization {
            return Err(self.unquantized("does not have its input's scale and zero point"));
        }
        Ok(quantization)
    }

    /// The contents of a constant int8 tensor, one scale for each of `channels`
    /// along `axis`, and whether the scales are per channel.
    pub fn weights(&self, channels: usize, axis: i32) -> Result<Weights<'_>, Problem> {
        let values = self.int8s()?;
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

    /// The contents of a constant int32 tensor with one element for each channel.
    pub fn biases(&self, channels: usize) -> Result<Vec<i32>, Problem> {
        if self.elements()? as usize != channels {
            return Err(self.unexpected(format!("[{channels}]")));
        }
        self.int32s()
    }

    /// The contents of a constant activation.
    pub fn contents_of_activation(&self) -> Result<&[u8], Problem> {
        self.contents(self.element()?.bytes() as usize)
    }

    /// The contents of a constant int64 tensor.
    pub fn int64s(&self) -> Result<Vec<i64>, Problem> {
        self.check_type(tensor_type::INT64, "int64")?;
        let (words, _) = self.contents(8)?.as_chunks();
        Ok(words.iter().copied().map(i64::from_le_bytes).collect())
    }

    /// The contents of a constant int8 tensor.
    pub fn int8s(&self) -> Result<&[u8], Problem> {
        self.check_int8()?;
        self.contents(1)
    }

    /// The contents of a constant int32 tensor.
    pub fn int32s(&self) -> Result<Vec<i32>, Problem> {
        self.check_type(tensor_type::INT32, "int32")?;
        let (words, _) = self.contents(4)?.as_chunks();
        Ok(words.iter().copied().map(i32::from_le_bytes).collect())
    }

    /// The contents of a constant float32 tensor.
    pub fn float32s(&self) -> Result<Vec<f32>, Problem> {
        self.check_type(tensor_type::FLOAT32, "float32")?;
        let (words, _) = self.contents(4)?.as_chunks();
        Ok(words.iter().copied().map(f32::from_le_bytes).collect())
    }

    /// The bytes of a constant tensor whose elements have `size` each.
    fn contents(&self, size: usize) -> Result<&[u8], Problem> {
        let length = (self.elements()? as usize).checked_mul(size);
        let bytes = self.constant.as_deref().ok_or(Problem::Constant {
            tensor: self.name.clone(),
        })?;
        if Some(bytes.len()) != length {
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
