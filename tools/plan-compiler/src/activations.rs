//! Fused activation functions: the range that they leave of int8.

use crate::error::Problem;
use crate::quantization::quantize;

/// The number of ReLU6.
pub const RELU6: u8 = 3;

/// Least and greatest output of fused activation `function`.
pub fn range(function: u8, scale: f32, zero_point: i8) -> Result<(i8, i8), Problem> {
    let of = |value| quantize(value, scale, zero_point).clamp(-128, 127) as i8;
    match function {
        0 => Ok((-128, 127)),
        1 => Ok((of(0.0), 127)),
        2 => Ok((of(-1.0), of(1.0))),
        RELU6 => Ok((of(0.0), of(6.0))),
        _ => Err(Problem::Option {
            what: "fused activation function",
            found: function.into(),
            supported: "0 (none), 1 (ReLU), 2 (ReLU −1 to 1), 3 (ReLU6)",
        }),
    }
}
