//! Logistic and Tanh, by the fixed-point functions of the reference kernels.

use anchorhold_engine::exponential::{
    exponential, one_over_one_plus, shift_left, two_over_one_plus, ONE_0, ONE_2,
};
use anchorhold_engine::fixed_point::{divide_by_power_of_two, multiply};

use super::context::Context;
use super::function;
use crate::error::Problem;
use crate::quantization::multiplier;
use crate::step::Step;

/// Integer bits of the fixed-point input.
const INTEGER_BITS: i32 = 4;

/// Lowers LOGISTIC.
pub fn logistic(context: &Context) -> Result<Step, Problem> {
    let output = context.output()?.1;
    if output.quantization()? != (1.0 / 256.0, -128) {
        return Err(output.unquantized("does not have scale 1/256 and zero point -128"));
    }
    lower(context, |input| {
        // 1 ÷ (1 + e^−|x|), and what is left of 1 for negative x.
        let positive = one_over_one_plus(exponential::<4>(-input.abs()));
        let value = match input {
            0 => 1 << 30,
            1.. => positive,
            _ => ONE_0 - positive,
        };
        divide_by_power_of_two(value, 31 - 8) - 128
    })
}

/// Lowers TANH.
pub fn tanh(context: &Context) -> Result<Step, Problem> {
    let output = context.output()?.1;
    if output.quantization()? != (1.0 / 128.0, 0) {
        return Err(output.unquantized("does not have scale 1/128 and zero point 0"));
    }
    lower(context, |input| {
        // (1 − e^−2|x|) ÷ (1 + e^−2|x|) = 2 ÷ (1 + e^−2|x|) − 1. Twice a value with
        // four integer bits has the same bits with five.
        let power = exponential::<5>(-input.abs());
        let positive = shift_left(two_over_one_plus(power).wrapping_sub(ONE_2), 2);
        let value = match input {
            0 => 0,
            1.. => positive,
            _ => -positive,
        };
        divide_by_power_of_two(value, 31 - 7)
    })
}

/// A function of a fixed-point number that is −128 or 127 where its input has more
/// integer bits.
fn lower(context: &Context, function: impl Fn(i32) -> i32) -> Result<Step, Problem> {
    let input = context.input(0)?.1;
    let (scale, zero_point) = input.quantization()?;
    let factor = multiplier(f64::from(scale) * 2f64.powi(31 - INTEGER_BITS));
    if factor.shift < 0 {
        return Err(input.unquantized("has a scale below 2^-28"));
    }
    let greatest = f64::from((1 << INTEGER_BITS) - 1) * 2f64.powi(31 - INTEGER_BITS);
    let radius = (greatest / 2f64.powi(factor.shift)).floor() as i32;
    function::step(context, |input| {
        let value = input - i32::from(zero_point);
        if value <= -radius {
            -128
        } else if value >= radius {
            127
        } else {
            function(multiply(value, factor))
        }
    })
}
