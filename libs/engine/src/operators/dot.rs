//! Inner loops: multiply-accumulate of int8 inputs and weights.
//!
//! Weights come in quads: four weights of each of four output channels. Inputs
//! come in fours. Slices are walked in step; the shorter one ends the loop.

use super::geometry::POSITIONS;
use crate::format::GROUP;
use crate::stream::QUAD_BYTES;

/// Four inputs that meet the same quad of weights.
pub type Inputs = [u8; 4];

#[inline(always)]
fn product(input: u8, weight: u8) -> i32 {
    i32::from(input as i8) * i32::from(weight as i8)
}

#[inline(always)]
fn quad(sums: &mut [i32; GROUP], weights: &[u8; QUAD_BYTES], inputs: &Inputs) {
    for (sum, weights) in sums.iter_mut().zip(weights.as_chunks::<4>().0) {
        for (input, weight) in inputs.iter().zip(weights) {
            *sum = sum.wrapping_add(product(*input, *weight));
        }
    }
}

/// One position, four channels.
pub fn one_by_four(sums: &mut [i32; GROUP], weights: &[[u8; QUAD_BYTES]], inputs: &[Inputs]) {
    for (weights, inputs) in weights.iter().zip(inputs) {
        quad(sums, weights, inputs);
    }
}

/// Four positions, four channels.
pub fn four_by_four(
    sums: &mut [[i32; GROUP]; POSITIONS],
    weights: &[[u8; QUAD_BYTES]],
    inputs: [&[Inputs]; POSITIONS],
) {
    let [first, second, third, fourth] = inputs;
    let pairs = first.iter().zip(second);
    let others = third.iter().zip(fourth);
    for ((weights, (first, second)), (third, fourth)) in weights.iter().zip(pairs).zip(others) {
        let inputs = [first, second, third, fourth];
        for (sums, inputs) in sums.iter_mut().zip(inputs) {
            quad(sums, weights, inputs);
        }
    }
}

/// One position, four channels that do not mix: one weight and one input of
/// each channel per tap.
#[inline(always)]
pub fn taps(sums: &mut [i32; GROUP], weights: &[[u8; GROUP]], inputs: &[[u8; GROUP]]) {
    for (weights, inputs) in weights.iter().zip(inputs) {
        for ((sum, input), weight) in sums.iter_mut().zip(inputs).zip(weights) {
            *sum = sum.wrapping_add(product(*input, *weight));
        }
    }
}
