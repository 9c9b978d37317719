//! Softmax, by tables of exponentials and of reciprocals.
//!
//! As tensorflow/lite/micro/kernels/softmax_common.cc prepares it, and `LUTPopulate` in
//! tensorflow/lite/kernels/internal/common.h fills the tables, in 32-bit numbers.

use anchorhold_engine::format::int16::{Operation, Softmax16, SOFTMAX_TABLE};

use super::{step, WHOLE};
use crate::error::Problem;
use crate::lower::context::Context;
use crate::quantization::multiplier;
use crate::step::Step;

/// Longest row that the engine takes.
const LONGEST_ROW: u64 = 65_535;
/// Most that a difference of inputs may be shifted left.
const MOST_SHIFT: i32 = 15;
/// Steps from the least int16 to the greatest.
const RANGE: f32 = 65_535.0;

/// Lowers SOFTMAX.
pub fn lower(context: &Context) -> Result<Step, Problem> {
    let (_, input) = context.input16(0)?;
    let (_, output) = context.output16()?;
    let shape = input.shape()?;
    if output.shape()? != shape {
        return Err(output.unexpected(format!("{shape:?}")));
    }
    let unit = 1.0 / 32_768.0;
    if (output.quantization()?.0 - unit).abs() > 0.001 * unit {
        return Err(output.unquantized("does not have scale 1/32768"));
    }
    let beta = context.float(0, "beta")?;
    let scale = f64::from(input.quantization()?.0) * f64::from(beta);
    let factor = multiplier(scale / (10.0 / 65_535.0));
    if !(beta > 0.0 && factor.shift <= MOST_SHIFT) {
        return Err(Problem::Option {
            what: "beta (in thousandths)",
            found: (f64::from(beta) * 1000.0) as i64,
            supported: "those above 0 for which beta × input scale is below 5",
        });
    }
    let row_length = shape.last().copied().unwrap_or(1) as u32;
    if u64::from(row_length) > LONGEST_ROW {
        return Err(Problem::TooLarge {
            what: "elements in a row",
            found: row_length.into(),
            limit: LONGEST_ROW,
        });
    }
    let operation = Operation::Softmax(Softmax16 {
        rows: input.elements()? / row_length,
        row_length,
        factor,
    });
    // From −10 to 0, and from 0 to 1.
    let exponentials = table([-10.0, 0.0], |x| f64::from(x).exp() as f32);
    let reciprocals = table([0.0, 1.0], |x| 1.0 / (1.0 + x));
    Ok(step(context, operation, WHOLE)?.weighted([exponentials, reciprocals].concat()))
}

/// 513 values of `function` over `ends`, in units of 2⁻¹⁵. A value lies off the function
/// by half of what a straight line to the next would, in the middle, lie off on the
/// other side.
fn table([first, last]: [f32; 2], function: impl Fn(f32) -> f32) -> Vec<u8> {
    // The reference multiplies the ends of int16, less a zero point, by a scale.
    let scale = (last - first) / RANGE;
    let zero_point = if first < 0.0 { i16::MAX } else { i16::MIN };
    let end = |end: i16| scale * (f32::from(end) - f32::from(zero_point));
    let (first, last) = (end(i16::MIN), end(i16::MAX));
    let intervals = SOFTMAX_TABLE - 1;
    let interval = (last - first) / intervals as f32;
    let unit = 2.0 / RANGE;
    let span = unit * f32::from(i16::MAX) - unit * f32::from(i16::MIN);
    let steps = 65_536.0 / span;
    let value = |x: f32| function(x) * steps;
    let mut values = Vec::new();
    for place in 0..intervals {
        let x = first + place as f32 * interval;
        let next = value(first + (place + 1) as f32 * interval);
        let here = value(x).round();
        let line = ((next + here) / 2.0).round();
        let error = line - value(x + interval / 2.0).round();
        values.push(here - (error / 2.0).round());
    }
    values.push(value(last).round());
    let ends = (f32::from(i16::MIN), f32::from(i16::MAX));
    let values = values.into_iter().map(|value| value.clamp(ends.0, ends.1));
    values
        .flat_map(|value| (value as i16).to_le_bytes())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(table: &[u8]) -> Vec<i16> {
        let values = table.as_chunks().0.iter();
        values.map(|value| i16::from_le_bytes(*value)).collect()
    }

    #[test]
    fn tables_are_near_their_functions() {
        let exponentials = values(&table([-10.0, 0.0], |x| f64::from(x).exp() as f32));
        let reciprocals = values(&table([0.0, 1.0], |x| 1.0 / (1.0 + x)));
        assert_eq!((exponentials.len(), reciprocals.len()), (513, 513));
        for place in 0..513 {
            let part = place as f64 / 512.0;
            let power = (10.0 * part - 10.0).exp() * 32_768.0;
            assert!((f64::from(exponentials[place]) - power).abs() < 2.0);
            let reciprocal = 32_768.0 / (1.0 + part);
            assert!((f64::from(reciprocals[place]) - reciprocal).abs() < 1.1);
        }
        assert_eq!((exponentials[0], exponentials[512]), (2, 32_767));
        assert_eq!((reciprocals[0], reciprocals[512]), (32_767, 16_384));
    }
}
