//! Weights of int16 operators in the order in which the engine reads them.
//!
//! `docs/formats/plan.md` and the engine's `format::int16` module describe the order.

use anchorhold_engine::fixed_point::Multiplier;
use anchorhold_engine::format::int16::Sums;
use anchorhold_engine::format::GROUP;

use crate::error::Problem;
use crate::lower::context::Context;
use crate::quantization::multiplier;
use crate::tensor::{Tensor, Weights};

/// The number of int32 in TensorFlow Lite's schema.
const INT32: u8 = 2;
/// The greatest power of two that 64-bit sums may be multiplied by.
const MOST_SHIFT: i32 = 7;
/// Biases are below this, and as much above its negative: with the products of any
/// layer they stay in the 48 bits that the reference takes.
const BIAS_LIMIT: u64 = 1 << 46;

/// Bias and factor of every output channel.
pub struct Channels {
    biases: Vec<i64>,
    factors: Vec<Multiplier>,
    /// How products are summed: as the biases' type says, or without biases option
    /// `bias_type`.
    pub sums: Sums,
}

impl Channels {
    /// Of an operator, from its real factors.
    pub fn new(
        context: &Context,
        output: &Tensor,
        factors: &[f64],
        bias_type: Option<usize>,
    ) -> Result<Self, Problem> {
        let (biases, sums) = biases(context, factors.len(), bias_type)?;
        let mut factors: Vec<Multiplier> = factors.iter().copied().map(multiplier).collect();
        if sums == Sums::Wide {
            for factor in &mut factors {
                if factor.shift > MOST_SHIFT {
                    return Err(output.unquantized("has a scale too small for its inputs"));
                }
                factor.multiplier = upper_half(factor.multiplier);
            }
        }
        Ok(Self {
            biases,
            factors,
            sums,
        })
    }

    /// The groups of channels: for each of `depth` inputs in turn, a weight of each.
    pub fn stream(&self, depth: usize, weight: &dyn Fn(usize, usize) -> i8) -> Vec<u8> {
        let mut bytes = Vec::new();
        for first in (0..self.biases.len()).step_by(GROUP) {
            let channels = first..first + GROUP;
            let factor = |channel: usize| self.factors.get(channel);
            for channel in channels.clone() {
                let bias = self.biases.get(channel).copied().unwrap_or(0);
                bytes.extend(bias.to_le_bytes());
            }
            for channel in channels.clone() {
                let multiplier = factor(channel).map_or(0, |factor| factor.multiplier);
                bytes.extend(multiplier.to_le_bytes());
            }
            for channel in channels.clone() {
                bytes.push(factor(channel).map_or(0, |factor| factor.shift as u8));
            }
            for element in 0..depth {
                for channel in channels.clone() {
                    let exists = channel < self.biases.len();
                    let weight = if exists { weight(channel, element) } else { 0 };
                    bytes.push(weight as u8);
                }
            }
        }
        bytes
    }
}

/// The real factors of a convolution's channels.
pub fn factors(input: &Tensor, weights: &Weights, output: &Tensor) -> Result<Vec<f64>, Problem> {
    let (input_scale, _) = input.quantization()?;
    let (output_scale, _) = output.quantization()?;
    let factor = |scale: &f32| f64::from(input_scale) * f64::from(*scale) / f64::from(output_scale);
    Ok(weights.scales.iter().map(factor).collect())
}

/// Optional input 2, which is int64, or int32 where `bias_type` says that the operator
/// can do with that: the number of the option that decides where there is none.
fn biases(
    context: &Context,
    channels: usize,
    bias_type: Option<usize>,
) -> Result<(Vec<i64>, Sums), Problem> {
    if matches!(context.node.inputs.get(2), None | Some(-1)) {
        let narrow = match bias_type {
            Some(option) => context.byte(option, "type of biases")? == INT32,
            None => false,
        };
        let sums = if narrow { Sums::Narrow } else { Sums::Wide };
        return Ok((vec![0; channels], sums));
    }
    let tensor = context.constant(2, "bias")?;
    if bias_type.is_some() && tensor.is_int32() {
        let biases = tensor.biases(channels)?;
        return Ok((biases.into_iter().map(i64::from).collect(), Sums::Narrow));
    }
    let biases = tensor.int64s()?;
    if biases.len() != channels {
        return Err(tensor.unexpected(format!("[{channels}]")));
    }
    match biases.iter().find(|bias| bias.unsigned_abs() >= BIAS_LIMIT) {
        None => Ok((biases, Sums::Wide)),
        Some(bias) => Err(Problem::TooLarge {
            what: "steps in a bias",
            found: bias.unsigned_abs(),
            limit: BIAS_LIMIT - 1,
        }),
    }
}

/// The upper 16 bits of a multiplier, rounded, but not to 2¹⁵.
fn upper_half(multiplier: i32) -> i32 {
    (multiplier.saturating_add(1 << 15) >> 16).min(0x7fff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multipliers_are_rounded_to_16_bits() {
        for (multiplier, expected) in [
            (1 << 30, 0x4000),
            ((1 << 30) + 0x7fff, 0x4000),
            ((1 << 30) + 0x8000, 0x4001),
            (0x7ffe_ffff, 0x7fff),
            (0x7fff_0000, 0x7fff),
            (i32::MAX, 0x7fff),
            (0, 0),
        ] {
            assert_eq!(upper_half(multiplier), expected, "{multiplier:#x}");
        }
    }

    #[test]
    fn channels_interleave() {
        let channels = Channels {
            biases: vec![-1, 2, 3, 4, 5],
            factors: vec![
                Multiplier {
                    multiplier: 0x4000,
                    shift: -3
                };
                5
            ],
            sums: Sums::Wide,
        };
        let bytes = channels.stream(2, &|channel, element| (10 * channel + element) as i8);
        assert_eq!(bytes.len(), 2 * (52 + 8));
        assert_eq!(bytes[..8], [0xff; 8]);
        assert_eq!(bytes[32..36], [0, 0x40, 0, 0]);
        assert_eq!(bytes[48..52], [253; 4]);
        assert_eq!(bytes[52..60], [0, 10, 20, 30, 1, 11, 21, 31]);
        assert_eq!(bytes[60 + 52..], [40, 0, 0, 0, 41, 0, 0, 0]);
    }
}
