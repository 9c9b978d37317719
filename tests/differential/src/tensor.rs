//! int8 tensors with their values.

/// What an int8 stands for: `scale × (value − zero point)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantization {
    /// The real value of one step.
    pub scale: f32,
    /// The value that stands for zero.
    pub zero_point: i8,
}

/// A tensor, the last dimension varying fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Its dimensions, outermost first.
    pub shape: Vec<usize>,
    /// As many values as the dimensions' product.
    pub values: Vec<i8>,
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
}
