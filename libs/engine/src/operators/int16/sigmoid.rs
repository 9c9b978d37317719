//! Logistic and Tanh, by straight lines between the values of a table.
//!
//! As tensorflow/lite/kernels/internal/reference/integer_ops/logistic.h and tanh.h for
//! 16-bit data. The table has 256 values of the logistic function, 1 ÷ 24 apart from 0
//! on, in units of 2⁻¹⁶; what lies below 0 and the hyperbolic tangent, which is
//! 2 · logistic(2x) − 1, follow by symmetry. It comes with the weights.

use super::elements;
use super::lengths::of_tensors;
use crate::arena::output_over_input;
use crate::error::{OperatorFault, RunError};
use crate::format::int16::{Function, Sigmoid, SIGMOID_TABLE_BYTES};
use crate::format::Common;
use crate::operators::Lengths;
use crate::weights::Weights;

/// The place from which on the functions are as good as 1.
const LAST: u32 = 255;

/// What the tensors and the table take.
pub fn lengths(body: &Sigmoid) -> Result<Lengths, OperatorFault> {
    if body.shift > 31 {
        return Err(OperatorFault::Multiplier);
    }
    let table = SIGMOID_TABLE_BYTES as u32;
    Ok(Lengths {
        row: table,
        weights: table,
        ..of_tensors(body.length, body.length)?
    })
}

/// Computes every element.
#[inline(never)]
pub fn run(
    common: &Common,
    body: &Sigmoid,
    weights: &mut Weights,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let lengths = lengths(body).map_err(|_| RunError::Inconsistent)?;
    let table = Table(weights.groups(SIGMOID_TABLE_BYTES, 1)?.as_chunks().0);
    let multiplier = i32::from(body.multiplier);
    let half = (1i32 << (body.shift & 31)) as u32 >> 1;
    let output = output_over_input(common, lengths.output, arena)?;
    for output in elements::of_mut(output) {
        let product = elements::value(*output).wrapping_mul(multiplier);
        let input = product.wrapping_add(half as i32) >> (body.shift & 31);
        *output = elements::element(match body.function {
            Function::Logistic => table.logistic(input),
            Function::Tanh => table.tanh(input),
        });
    }
    Ok(())
}

/// Values of the logistic function.
struct Table<'a>(&'a [[u8; 2]]);

impl Table<'_> {
    fn value(&self, place: u32) -> u32 {
        let value = self.0.get(place as usize).copied().unwrap_or_default();
        u16::from_le_bytes(value).into()
    }

    /// The value `place` and the part `fraction ÷ 2^bits` of the way to the next, times
    /// 2^`bits`.
    #[inline(never)] // The program has it once.
    fn between(&self, place: u32, fraction: u32, bits: u32) -> u32 {
        let (here, next) = (self.value(place), self.value(place + 1));
        let rise = next.wrapping_sub(here);
        (here << bits).wrapping_add(fraction.wrapping_mul(rise))
    }

    /// The logistic function in units of 2⁻¹⁵.
    fn logistic(&self, input: i32) -> i32 {
        const BITS: u32 = 9;
        let magnitude = input.unsigned_abs();
        let place = magnitude >> BITS;
        let positive = if place >= LAST {
            0x7fff << (BITS + 1)
        } else {
            self.between(place, magnitude & ((1 << BITS) - 1), BITS)
        };
        let half = 1u32 << BITS;
        let result = if input >= 0 {
            positive.wrapping_add(half)
        } else {
            (1u32 << (16 + BITS))
                .wrapping_sub(positive)
                .wrapping_add(half - 1)
        };
        (result >> (BITS + 1)) as i32
    }

    /// The hyperbolic tangent in units of 2⁻¹⁵.
    fn tanh(&self, input: i32) -> i32 {
        const BITS: u32 = 8;
        let magnitude = input.unsigned_abs();
        let place = magnitude >> BITS;
        let logistic = if place >= LAST {
            0xffff << BITS
        } else {
            self.between(place, magnitude & ((1 << BITS) - 1), BITS) as i32
        };
        // From 2 · logistic − 1, whose ½ is 2¹⁵.
        let above = logistic.wrapping_sub(1 << (15 + BITS));
        let half = 1 << (BITS - 1);
        let result = if input >= 0 {
            above.wrapping_add(half)
        } else {
            above.wrapping_neg().wrapping_add(half - 1)
        };
        result >> BITS
    }
}
