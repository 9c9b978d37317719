//! Logistic and Tanh of int16, by a table of the logistic function.

use super::arithmetic::Undefined;
use crate::tensor::{Quantization, Tensor};

/// The logistic function at 0, 1/24, 2/24 …, in units of 2⁻¹⁶, as TensorFlow Lite
/// Micro has it: its numbers are a little above the function's.
#[rustfmt::skip]
const TABLE: [i64; 256] = [
    32768, 33451, 34133, 34813, 35493, 36169, 36843, 37513, 38180, 38841, 39498, 40149, 40794,
    41432, 42064, 42688, 43304, 43912, 44511, 45102, 45683, 46255, 46817, 47369, 47911, 48443,
    48964, 49475, 49975, 50464, 50942, 51409, 51865, 52311, 52745, 53169, 53581, 53983, 54374,
    54755, 55125, 55485, 55834, 56174, 56503, 56823, 57133, 57433, 57724, 58007, 58280, 58544,
    58800, 59048, 59288, 59519, 59743, 59959, 60168, 60370, 60565, 60753, 60935, 61110, 61279,
    61441, 61599, 61750, 61896, 62036, 62172, 62302, 62428, 62549, 62666, 62778, 62886, 62990,
    63090, 63186, 63279, 63368, 63454, 63536, 63615, 63691, 63765, 63835, 63903, 63968, 64030,
    64090, 64148, 64204, 64257, 64308, 64357, 64405, 64450, 64494, 64536, 64576, 64614, 64652,
    64687, 64721, 64754, 64786, 64816, 64845, 64873, 64900, 64926, 64950, 64974, 64997, 65019,
    65039, 65060, 65079, 65097, 65115, 65132, 65149, 65164, 65179, 65194, 65208, 65221, 65234,
    65246, 65258, 65269, 65280, 65291, 65301, 65310, 65319, 65328, 65337, 65345, 65352, 65360,
    65367, 65374, 65381, 65387, 65393, 65399, 65404, 65410, 65415, 65420, 65425, 65429, 65433,
    65438, 65442, 65445, 65449, 65453, 65456, 65459, 65462, 65465, 65468, 65471, 65474, 65476,
    65479, 65481, 65483, 65485, 65488, 65489, 65491, 65493, 65495, 65497, 65498, 65500, 65501,
    65503, 65504, 65505, 65507, 65508, 65509, 65510, 65511, 65512, 65513, 65514, 65515, 65516,
    65517, 65517, 65518, 65519, 65520, 65520, 65521, 65522, 65522, 65523, 65523, 65524, 65524,
    65525, 65525, 65526, 65526, 65526, 65527, 65527, 65528, 65528, 65528, 65529, 65529, 65529,
    65529, 65530, 65530, 65530, 65530, 65531, 65531, 65531, 65531, 65531, 65532, 65532, 65532,
    65532, 65532, 65532, 65533, 65533, 65533, 65533, 65533, 65533, 65533, 65533, 65534, 65534,
    65534, 65534, 65534, 65534, 65534, 65534, 65534, 65534, 65535,
];

/// The function.
pub fn logistic(input: &Tensor) -> Result<Tensor, Undefined> {
    each(input, 0, |x| {
        // Twice as fine as the table: 512 inputs from one value to the next.
        let positive = between(x.abs(), 512).unwrap_or(0x7fff * 1024);
        let value = if x >= 0 {
            positive
        } else {
            (1 << 25) - positive - 1
        };
        (value + 512).div_euclid(1024)
    })
}

/// The function, which is 2 · logistic(2x) − 1.
pub fn tanh(input: &Tensor) -> Result<Tensor, Undefined> {
    each(input, 1, |x| {
        let positive = between(x.abs(), 256).unwrap_or(0xffff * 256) - (1 << 23);
        let value = if x >= 0 { positive } else { -positive - 1 };
        (value + 128).div_euclid(256)
    })
}

/// The value for `x`, of which there are `width` from one of the table to the next,
/// times `width`; nothing beyond the table.
fn between(x: i64, width: i64) -> Option<i64> {
    let place = usize::try_from(x / width)
        .ok()
        .filter(|place| *place < 255)?;
    let [here, next] = [TABLE[place], TABLE[place + 1]];
    Some(here * width + (x % width) * (next - here))
}

/// Applies `function` to the inputs in units of 1 ÷ (3 · 2¹²). A scale of 2⁻¹², or up to
/// `doublings` times twice that, is exact; of any other 15 bits count.
fn each(
    input: &Tensor,
    doublings: i32,
    function: impl Fn(i64) -> i64,
) -> Result<Tensor, Undefined> {
    let scale = input.quantization.scale;
    let power = scale.log2();
    let doubled = power.round() as i32 + 12;
    let exact = (power - power.round()).abs() < 1e-3 && (0..=doublings).contains(&doubled);
    let (factor, bits) = if exact {
        (3 << doubled, 0)
    } else {
        let real = f64::from(scale) * 12_288.0;
        let bits = (0..=30).find(|bits| real * 2f64.powi(*bits) > 32_767.0 / 2.0);
        let bits = bits.unwrap_or(31);
        let factor = (real * 2f64.powi(bits)).floor() as i64;
        if factor > 32_767 {
            return Err(Undefined);
        }
        (factor, bits as u32)
    };
    let mut output = Tensor::new(&input.shape, Quantization::int16(1.0 / 32_768.0));
    for (result, value) in output.values.iter_mut().zip(&input.values) {
        let divisor = 1i64 << bits;
        let x = (i64::from(*value) * factor + divisor / 2).div_euclid(divisor);
        *result = i16::try_from(function(x)).map_err(|_| Undefined)?;
    }
    Ok(output)
}
