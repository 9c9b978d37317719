//! Random numbers of the kinds that operators have: mostly usual, often extreme.

use tflite_writer::Random;

use crate::reference::arithmetic::{Activation, Undefined};
use crate::reference::conv2d::{Filter, Sums};
use crate::reference::window::Window;
use crate::tensor::{Element, Quantization, Tensor};

/// Most elements of a tensor.
pub const MOST_ELEMENTS: usize = 12_000;
/// Most products that an operator sums.
pub const MOST_PRODUCTS: usize = 200_000;

/// What was drawn is of no use (too large, or TensorFlow Lite refuses it or leaves its
/// result undefined), and something else should be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Again;

impl From<Undefined> for Again {
    fn from(_: Undefined) -> Self {
        Self
    }
}

/// A size from 1 to `most`, small ones a little more often.
pub fn size(random: &mut Random, most: usize) -> usize {
    let limit = if random.once_in(2) {
        most
    } else {
        1 + random.below(most)
    };
    1 + random.below(limit)
}

/// A positive scale; its logarithm is uniform between those of `least` and `most`. One
/// in three has a single decimal digit: quotients of such scales make halves, whose
/// rounding tells in which precision a quotient was computed.
pub fn scale(random: &mut Random, least: f64, most: f64) -> f32 {
    let scale = least * (most / least).powf(random.fraction());
    if random.once_in(3) {
        let unit = 10f64.powf(scale.log10().floor());
        return ((scale / unit).round() * unit) as f32;
    }
    scale as f32
}

/// A zero point; the ends of int8 are what activation functions make of it, and int16
/// has none but 0.
pub fn zero_point(random: &mut Random, element: Element) -> i8 {
    if element == Element::Int16 {
        return 0;
    }
    match random.below(6) {
        0 => -128,
        1 => 127,
        2 => 0,
        _ => random.draw() as i8,
    }
}

/// Scale and zero point of an activation, from 10⁻⁴ to 1 (of int16 a hundredth of
/// that), now and then far beyond.
pub fn quantization(random: &mut Random, element: Element) -> Quantization {
    let (least, most) = match (random.once_in(8), element) {
        (true, _) => (1e-7, 1e4),
        (false, Element::Int8) => (1e-4, 1.0),
        (false, Element::Int16) => (1e-6, 1e-2),
    };
    Quantization {
        element,
        scale: scale(random, least, most),
        zero_point: zero_point(random, element),
    }
}

/// Values of an activation.
pub fn activations(random: &mut Random, element: Element, count: usize) -> Vec<i16> {
    if element == Element::Int8 {
        let values = values(random, count).into_iter();
        return values.map(i16::from).collect();
    }
    match random.below(10) {
        0 => vec![random.of(&[-32_768, -1, 0, 1, 32_767]); count],
        1 => (0..count).map(|_| random.of(&[-32_768, 32_767])).collect(),
        2 => (0..count).map(|_| random.below(7) as i16 - 3).collect(),
        _ => random.int16s(count),
    }
}

/// Values of weights, or of an int8 activation.
pub fn values(random: &mut Random, count: usize) -> Vec<i8> {
    match random.below(10) {
        0 => vec![random.of(&[-128, -1, 0, 1, 127]); count],
        1 => (0..count).map(|_| random.of(&[-128, 127])).collect(),
        2 => (0..count).map(|_| random.below(7) as i8 - 3).collect(),
        _ => random.int8s(count),
    }
}

/// A tensor of this shape and type.
pub fn tensor(random: &mut Random, element: Element, shape: &[usize]) -> Tensor {
    let mut tensor = Tensor::new(shape, quantization(random, element));
    tensor.values = activations(random, element, tensor.values.len());
    tensor
}

/// A shape of one to four dimensions.
pub fn shape(random: &mut Random) -> Vec<usize> {
    loop {
        let dimensions = random.of(&[1, 2, 3, 4, 4]);
        let most = [2000, 110, 24, 12][dimensions - 1];
        if dimensions == 4 && random.once_in(2) {
            return image(random);
        }
        let shape: Vec<usize> = (0..dimensions).map(|_| size(random, most)).collect();
        if shape.iter().product::<usize>() <= MOST_ELEMENTS {
            return shape;
        }
    }
}

/// The shape of an image, `[1, height, width, channels]`.
pub fn image(random: &mut Random) -> Vec<usize> {
    loop {
        let long = 1 + random.below(2) * 39;
        let (most, channels) = random.of(&[(6, 40), (12, 20), (20, 9), (long, 5), (3, 200)]);
        let shape = [
            1,
            size(random, most),
            size(random, most),
            size(random, channels),
        ];
        if shape.iter().product::<usize>() <= MOST_ELEMENTS {
            return shape.to_vec();
        }
    }
}

/// Refuses a window over an image that makes too many outputs, of so many products
/// each; the channels are the output's.
pub fn affordable(
    window: &Window,
    [height, width, channels]: [usize; 3],
    products: usize,
) -> Result<(), Again> {
    let outputs = window.output(0, height) * window.output(1, width) * channels;
    if outputs > MOST_ELEMENTS || outputs * products > MOST_PRODUCTS {
        return Err(Again);
    }
    Ok(())
}

/// A window that fits an image of these rows and columns, if only by padding.
pub fn window(random: &mut Random, image: [usize; 2], dilation: bool) -> Window {
    loop {
        let same = random.once_in(2);
        let mut window = Window {
            same,
            ..Window::PIXEL
        };
        let square = random.once_in(2);
        for (axis, size_of_image) in image.into_iter().enumerate() {
            if axis == 1 && square {
                window.kernel[1] = window.kernel[0];
                window.stride[1] = window.stride[0];
            } else {
                // Up to twice as large as the image: padding on both sides.
                window.kernel[axis] = size(random, 7.min(2 * size_of_image));
                let any = size(random, 10);
                window.stride[axis] = random.of(&[1, 1, 1, 2, 2, 3, any]);
            }
            if dilation && random.once_in(4) {
                window.dilation[axis] = size(random, 4);
            }
        }
        if (0..2).all(|axis| window.output(axis, image[axis]) > 0) {
            return window;
        }
    }
}

/// A fused activation function.
pub fn activation(random: &mut Random) -> Activation {
    random.of(&[
        Activation::None,
        Activation::None,
        Activation::Relu,
        Activation::Relu6,
        Activation::ReluMinus1To1,
    ])
}

/// Weights of `channels` outputs, each the sum of `depth` products.
pub fn filter(random: &mut Random, channels: usize, depth: usize) -> Filter {
    let per_channel = random.once_in(2);
    let usual = scale(random, 1e-4, 0.1);
    let spread = random.of(&[1.0, 4.0, 1000.0]);
    let scales = (0..if per_channel { channels } else { 1 })
        .map(|_| scale(random, f64::from(usual) / spread, f64::from(usual)))
        .collect();
    let bits = random.of(&[1, 8, 12, 16, 24, 31]);
    let bias = |random: &mut Random| i64::from((random.draw() as i32) >> (31 - bits));
    Filter {
        weights: values(random, channels * depth),
        scales,
        biases: (!random.once_in(6)).then(|| (0..channels).map(|_| bias(random)).collect()),
        sums: Sums::Narrow,
        channels,
    }
}

/// Weights for an input of that type: with int16, sums are mostly wide, and biases
/// often large.
pub fn filter_for(
    random: &mut Random,
    element: Element,
    channels: usize,
    depth: usize,
    most_narrow: usize,
) -> Filter {
    let mut filter = filter(random, channels, depth);
    if element == Element::Int8 || (depth <= most_narrow && random.once_in(4)) {
        return filter;
    }
    filter.sums = Sums::Wide;
    let more = random.of(&[0, 0, 4, 8, 12]);
    for bias in filter.biases.iter_mut().flatten() {
        *bias <<= more;
    }
    filter
}

/// The output's quantisation such that sums of `depth` products mostly spread over
/// its type; now and then they all but vanish, or saturate.
pub fn output(
    random: &mut Random,
    input: Quantization,
    filter: &Filter,
    depth: usize,
) -> Quantization {
    let weight = filter.scales.iter().copied().fold(0.0, f32::max);
    let typical = f64::from(input.scale) * f64::from(weight) * (depth as f64).sqrt() * 80.0;
    near(random, input.element, typical)
}

/// A quantisation whose scale is mostly near `typical`.
pub fn near(random: &mut Random, element: Element, typical: f64) -> Quantization {
    let spread = if random.once_in(8) { 1e6 } else { 4.0 };
    Quantization {
        element,
        scale: scale(random, typical / spread, typical * spread),
        zero_point: zero_point(random, element),
    }
}
