//! Fused activation functions: the range that they leave of int8 or int16.

use crate::error::Problem;
use crate::quantization::quantize;

/// The number of ReLU6.
pub const RELU6: u8 = 3;

/// Least and greatest output of fused activation `function`.
pub fn range(function: u8, scale: f32, zero_point: i8) -> Result<(i8, i8), Problem> {
    let all = (i8::MIN.into(), i8::MAX.into());
    let (least, greatest) = range_of(function, scale, zero_point, all)?;
    Ok((least as i8, greatest as i8))
}

/// Least and greatest int16 output of fused activation `function`; zero is 0.
pub fn range16(function: u8, scale: f32) -> Result<(i16, i16), Problem> {
    let all = (i16::MIN.into(), i16::MAX.into());
    let (least, greatest) = range_of(function, scale, 0, all)?;
    Ok((least as i16, greatest as i16))
}

/// What the function leaves of `all`.
fn range_of(
    function: u8,
    scale: f32,
    zero_point: i8,
    all: (i32, i32),
) -> Result<(i32, i32), Problem> {
    let of = |value| quantize(value, scale, zero_point).clamp(all.0, all.1);
    match function {
        0 => Ok(all),
        1 => Ok((of(0.0), all.1)),
        2 => Ok((of(-1.0), of(1.0))),
        RELU6 => Ok((of(0.0), of(6.0))),
        _ => Err(Problem::Option {
            what: "fused activation function",
            found: function.into(),
            supported: "0 (none), 1 (ReLU), 2 (ReLU −1 to 1), 3 (ReLU6)",
        }),
    }
}
