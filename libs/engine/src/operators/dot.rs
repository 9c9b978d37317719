//! Inner loops: multiply-accumulate of int8 inputs and weights.
//!
//! Weights come in quads: four weights of each of four output channels. Inputs
//! come in fours. Slices are walked in step; the shorter one ends the loop.
//! Quads are written out because the size-optimised build does not unroll, and
//! positions go in pairs because more sums than eight do not stay in registers.

use super::geometry::POSITIONS;
use crate::format::GROUP;
use crate::stream::QUAD_BYTES;

/// Four inputs that meet the same quad of weights.
pub type Inputs = [u8; 4];

/// The int8 that a byte holds.
#[inline(always)]
fn wide(byte: u8) -> i32 {
    i32::from(byte as i8)
}

/// Four products for each of four sums; they cannot overflow, the sums wrap.
#[inline(always)]
fn quad(sums: &mut [i32; GROUP], weights: &[u8; QUAD_BYTES], inputs: &Inputs) {
    let [a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3] = *weights;
    let [x0, x1, x2, x3] = *inputs;
    let (x0, x1, x2, x3) = (wide(x0), wide(x1), wide(x2), wide(x3));
    let [a, b, c, d] = sums;
    *a = a.wrapping_add(x0 * wide(a0) + x1 * wide(a1) + x2 * wide(a2) + x3 * wide(a3));
    *b = b.wrapping_add(x0 * wide(b0) + x1 * wide(b1) + x2 * wide(b2) + x3 * wide(b3));
    *c = c.wrapping_add(x0 * wide(c0) + x1 * wide(c1) + x2 * wide(c2) + x3 * wide(c3));
    *d = d.wrapping_add(x0 * wide(d0) + x1 * wide(d1) + x2 * wide(d2) + x3 * wide(d3));
}

/// One position, four channels.
pub fn one_by_four(sums: &mut [i32; GROUP], weights: &[[u8; QUAD_BYTES]], inputs: &[Inputs]) {
    let mut first = *sums;
    for (weights, inputs) in weights.iter().zip(inputs) {
        quad(&mut first, weights, inputs);
    }
    *sums = first;
}

/// Two positions, four channels.
fn two_by_four(sums: [&mut [i32; GROUP]; 2], weights: &[[u8; QUAD_BYTES]], inputs: [&[Inputs]; 2]) {
    let (mut first, mut second) = (*sums[0], *sums[1]);
    for (weights, (one, other)) in weights.iter().zip(inputs[0].iter().zip(inputs[1])) {
        quad(&mut first, weights, one);
        quad(&mut second, weights, other);
    }
    *sums[0] = first;
    *sums[1] = second;
}

/// Four positions, four channels.
pub fn four_by_four(
    sums: &mut [[i32; GROUP]; POSITIONS],
    weights: &[[u8; QUAD_BYTES]],
    inputs: [&[Inputs]; POSITIONS],
) {
    let [a, b, c, d] = sums;
    let [first, second, third, fourth] = inputs;
    two_by_four([a, b], weights, [first, second]);
    two_by_four([c, d], weights, [third, fourth]);
}

/// One position, four channels that do not mix: one weight and one input of
/// each channel per tap.
#[inline(always)]
pub fn taps(sums: &mut [i32; GROUP], weights: &[[u8; GROUP]], inputs: &[[u8; GROUP]]) {
    let [mut a, mut b, mut c, mut d] = *sums;
    for ([a0, b0, c0, d0], [a1, b1, c1, d1]) in weights.iter().zip(inputs) {
        a = a.wrapping_add(wide(*a0) * wide(*a1));
        b = b.wrapping_add(wide(*b0) * wide(*b1));
        c = c.wrapping_add(wide(*c0) * wide(*c1));
        d = d.wrapping_add(wide(*d0) * wide(*d1));
    }
    *sums = [a, b, c, d];
}
