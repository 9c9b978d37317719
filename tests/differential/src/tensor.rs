//! int8 and int16 tensors with their values.

/// What a tensor's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// −128 to 127.
    Int8,
    /// −32,768 to 32,767.
    Int16,
}

impl Element {
    /// Least and greatest value.
    pub fn ends(self) -> (i64, i64) {
        match self {
            Self::Int8 => (i8::MIN.into(), i8::MAX.into()),
            Self::Int16 => (i16::MIN.into(), i16::MAX.into()),
        }
    }
}

/// What a value stands for: `scale × (value − zero point)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantization {
    /// What the values are.
    pub element: Element,
    /// The real value of one step.
    pub scale: f32,
    /// The value that stands for zero: 0 for int16.
    pub zero_point: i8,
}

impl Quantization {
    /// An int8 tensor's.
    pub const fn int8(scale: f32, zero_point: i8) -> Self {
        let element = Element::Int8;
        Self {
            element,
            scale,
            zero_point,
        }
    }

    /// An int16 tensor's.
    pub const fn int16(scale: f32) -> Self {
        Self {
            element: Element::Int16,
            ..Self::int8(scale, 0)
        }
    }
}

/// A tensor, the last dimension varying fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Its dimensions, outermost first.
    pub shape: Vec<usize>,
    /// As many values as the dimensions' product.
    pub values: Vec<i16>,
    /// What the values stand for.
    pub quantization: Quantization,
}

impl Tensor {
    /// A tensor of zeros (the number, not what stands for zero).
    pub fn new(shape: &[usize], quantization: Quantization) -> Self {
        Self {
            shape: shape.to_vec(),
            values: vec![0; shape.iter().product()],
            quantization,
        }
    }

    /// Height, width and channels of one image, `[1, height, width, channels]`.
    pub fn image(&self) -> [usize; 3] {
        let [1, height, width, channels] = self.shape[..] else {
            panic!("{:?} is not one image", self.shape);
        };
        [height, width, channels]
    }

    /// Where an image's pixel lies among the values.
    pub fn pixel(&self, y: usize, x: usize, channel: usize) -> usize {
        let [_, width, channels] = self.image();
        (y * width + x) * channels + channel
    }

    /// `value − zero point` of value `index`.
    pub fn centred(&self, index: usize) -> i64 {
        i64::from(self.values[index]) - i64::from(self.quantization.zero_point)
    }

    /// The values as they lie in memory: of int16, the lower byte first.
    pub fn bytes(&self) -> Vec<i8> {
        let bytes = self.values.iter().map(|value| value.to_le_bytes());
        match self.quantization.element {
            Element::Int8 => bytes.map(|[low, _]| low as i8).collect(),
            Element::Int16 => bytes.flatten().map(|byte| byte as i8).collect(),
        }
    }
}
