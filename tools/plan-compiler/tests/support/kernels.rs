//! Kernels as TensorFlow Lite defines them: no blocking, no folded zero points,
//! factors found by another way than the compiler's.

/// A factor as mantissa and exponent, by doubling and halving.
pub fn factor(mut real: f64) -> (i32, i32) {
    let mut shift = 0;
    while real < 0.5 {
        real *= 2.0;
        shift -= 1;
    }
    while real >= 1.0 {
        real /= 2.0;
        shift += 1;
    }
    let fixed = (real * 2147483648.0).round() as i64;
    if fixed == 1 << 31 {
        return (1 << 30, shift + 1);
    }
    (fixed as i32, shift)
}

/// Double rounding, by its definition.
pub fn rescale(value: i64, (multiplier, shift): (i32, i32)) -> i64 {
    let product = (value << shift.max(0)) * i64::from(multiplier);
    let nudge = if product >= 0 { 1 << 30 } else { 1 - (1 << 30) };
    let high = (product + nudge) / (1 << 31);
    let divisor = 1i64 << (-shift).max(0);
    let rounded = (high.abs() + divisor / 2) / divisor;
    rounded * high.signum()
}

/// One image and the window on it.
pub struct Case {
    pub input: [usize; 3],
    pub output: [usize; 3],
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub dilation: [usize; 2],
    pub padding: [usize; 2],
    pub input_zero_point: i8,
    pub output_zero_point: i8,
    pub factors: Vec<(i32, i32)>,
    pub biases: Vec<i32>,
    pub least: i8,
}

impl Case {
    fn pixel(
        &self,
        image: &[i8],
        place: [usize; 2],
        tap: [usize; 2],
        channel: usize,
    ) -> Option<i64> {
        let mut at = [0; 2];
        for axis in 0..2 {
            let tap = tap[axis] * self.dilation[axis];
            at[axis] = (place[axis] * self.stride[axis] + tap).checked_sub(self.padding[axis])?;
            if at[axis] >= self.input[axis] {
                return None;
            }
        }
        let index = (at[0] * self.input[1] + at[1]) * self.input[2] + channel;
        Some(i64::from(image[index]) - i64::from(self.input_zero_point))
    }

    /// Convolution; `terms` lists the input channels of an output channel, and
    /// `weight` gives the weight of (output channel, tap, input channel).
    pub fn convolve(
        &self,
        image: &[i8],
        terms: &dyn Fn(usize) -> Vec<usize>,
        weight: &dyn Fn(usize, [usize; 2], usize) -> i8,
    ) -> Vec<i8> {
        let mut output = Vec::new();
        for y in 0..self.output[0] {
            for x in 0..self.output[1] {
                for channel in 0..self.output[2] {
                    let mut sum = i64::from(self.biases[channel]);
                    for ky in 0..self.kernel[0] {
                        for kx in 0..self.kernel[1] {
                            for from in terms(channel) {
                                let value = self.pixel(image, [y, x], [ky, kx], from);
                                let weight = weight(channel, [ky, kx], from);
                                sum += value.unwrap_or(0) * i64::from(weight);
                            }
                        }
                    }
                    let value = rescale(sum, self.factors[channel]);
                    let value = value + i64::from(self.output_zero_point);
                    output.push(value.clamp(self.least.into(), 127) as i8);
                }
            }
        }
        output
    }

    /// A function of what lies in the window, padding left out.
    fn pool(&self, image: &[i8], function: fn(&[i64]) -> i8) -> Vec<i8> {
        let mut output = Vec::new();
        for y in 0..self.output[0] {
            for x in 0..self.output[1] {
                for channel in 0..self.output[2] {
                    let taps = (0..self.kernel[0])
                        .flat_map(|ky| (0..self.kernel[1]).map(move |kx| [ky, kx]));
                    let values: Vec<i64> = taps
                        .filter_map(|tap| self.pixel(image, [y, x], tap, channel))
                        .map(|value| value + i64::from(self.input_zero_point))
                        .collect();
                    output.push(function(&values));
                }
            }
        }
        output
    }

    /// Mean of the window.
    pub fn average(&self, image: &[i8]) -> Vec<i8> {
        self.pool(image, |values| {
            let mean = values.iter().sum::<i64>() as f64 / values.len() as f64;
            mean.round() as i8
        })
    }

    /// Greatest of the window.
    pub fn greatest(&self, image: &[i8]) -> Vec<i8> {
        self.pool(image, |values| *values.iter().max().unwrap() as i8)
    }
}

/// Scale and zero point.
pub type Quantization = (f32, i8);

/// Sum of two values, by its definition.
pub fn add(first: (i8, Quantization), second: (i8, Quantization), sum: Quantization) -> i8 {
    let twice = 2.0 * f64::from(first.1 .0.max(second.1 .0));
    let scaled = |(value, (scale, zero_point)): (i8, Quantization)| {
        let value = i64::from(value) - i64::from(zero_point);
        rescale(value << 20, factor(f64::from(scale) / twice))
    };
    let output = factor(twice / (f64::from(1 << 20) * f64::from(sum.0)));
    let value = rescale(scaled(first) + scaled(second), output) + i64::from(sum.1);
    value.clamp(-128, 127) as i8
}

/// Product of two values, by its definition.
pub fn multiply(first: (i8, Quantization), second: (i8, Quantization), to: Quantization) -> i8 {
    let (first, (first_scale, first_zero)) = first;
    let (second, (second_scale, second_zero)) = second;
    let real = f64::from(first_scale) * f64::from(second_scale) / f64::from(to.0);
    let product =
        (i64::from(first) - i64::from(first_zero)) * (i64::from(second) - i64::from(second_zero));
    let value = rescale(product, factor(real)) + i64::from(to.1);
    value.clamp(-128, 127) as i8
}
