//! Weights in the order in which the engine's kernels read them.
//!
//! `docs/formats/plan.md` and the engine's `format` module describe the order.

use anchorhold_engine::fixed_point::{multiply, Multiplier};
use anchorhold_engine::format::GROUP;

/// Bias and factor of every output channel.
pub struct Channels {
    /// One a channel, as the model has them.
    pub biases: Vec<i32>,
    /// One a channel.
    pub factors: Vec<Multiplier>,
    /// What the kernels do not subtract from inputs.
    pub input_zero_point: i8,
}

impl Channels {
    /// Bias, multiplier and shift of the group that starts with `channel`.
    fn header(&self, channel: usize, depth: usize, weight: &dyn Fn(usize, usize) -> i8) -> Vec<u8> {
        let zero = Multiplier {
            multiplier: 0,
            shift: 0,
        };
        let channels = channel..channel + GROUP;
        let numbers = channels.map(|channel| match self.biases.get(channel) {
            Some(bias) => self.numbers(channel, *bias, depth, weight),
            None => (0, zero),
        });
        let numbers: Vec<(i32, Multiplier)> = numbers.collect();
        let biases = numbers.iter().flat_map(|(bias, _)| bias.to_le_bytes());
        let factors = numbers.iter().map(|(_, factor)| factor);
        let multipliers = factors.clone().flat_map(|one| one.multiplier.to_le_bytes());
        let shifts = factors.map(|factor| factor.shift as u8);
        biases.chain(multipliers).chain(shifts).collect()
    }

    /// Bias and factor of one channel. The zero point's share of the sum, `−zero point
    /// × Σ weights`, is a constant.
    fn numbers(
        &self,
        channel: usize,
        bias: i32,
        depth: usize,
        weight: &dyn Fn(usize, usize) -> i8,
    ) -> (i32, Multiplier) {
        let factor = self.factors[channel];
        let weights = (0..depth).map(|element| weight(channel, element));
        if weights.clone().all(|weight| weight == 0) {
            return constant(multiply(bias, factor));
        }
        let sum = weights.fold(0i32, |sum, weight| sum.wrapping_add(weight.into()));
        let share = sum.wrapping_mul(self.input_zero_point.into());
        (bias.wrapping_sub(share), factor)
    }

    /// For Conv2D and FullyConnected: `depth` weights of each output channel.
    pub fn dense(&self, depth: usize, weight: &dyn Fn(usize, usize) -> i8) -> Vec<u8> {
        let mut bytes = Vec::new();
        for channel in (0..self.biases.len()).step_by(GROUP) {
            bytes.extend(self.header(channel, depth, weight));
            for element in (0..depth).step_by(4) {
                for lane in 0..GROUP {
                    for element in element..element + 4 {
                        bytes.push(self.weight(channel + lane, element, depth, weight));
                    }
                }
            }
        }
        bytes
    }

    /// For DepthwiseConv2D: `taps` weights of each output channel.
    pub fn depthwise(&self, taps: usize, weight: &dyn Fn(usize, usize) -> i8) -> Vec<u8> {
        let mut bytes = Vec::new();
        for channel in (0..self.biases.len()).step_by(GROUP) {
            bytes.extend(self.header(channel, taps, weight));
            for tap in 0..taps {
                for lane in 0..GROUP {
                    bytes.push(self.weight(channel + lane, tap, taps, weight));
                }
            }
        }
        bytes
    }

    fn weight(
        &self,
        channel: usize,
        element: usize,
        depth: usize,
        weight: &dyn Fn(usize, usize) -> i8,
    ) -> u8 {
        if channel >= self.biases.len() || element >= depth {
            return 0;
        }
        weight(channel, element) as u8
    }
}

/// Bias and factor of a channel without weights, which comes to the same `value`
/// everywhere. Training leaves such channels odd factors and biases; these are ones
/// that kernels have a short way for. Values beyond ±255 are all clamped.
fn constant(value: i32) -> (i32, Multiplier) {
    let quarter = Multiplier {
        multiplier: 1 << 30,
        shift: -1,
    };
    (4 * value.clamp(-256, 255), quarter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channels(count: usize) -> Channels {
        Channels {
            biases: vec![100; count],
            factors: vec![
                Multiplier {
                    multiplier: 1 << 30,
                    shift: -3
                };
                count
            ],
            input_zero_point: 2,
        }
    }

    #[test]
    fn dense_interleaves_fours() {
        let bytes = channels(2).dense(5, &|channel, element| (10 * channel + element) as i8);
        assert_eq!(bytes.len(), 36 + 2 * 16);
        // 100 − 2 × (0 + 1 + 2 + 3 + 4)
        assert_eq!(bytes[..4], 80i32.to_le_bytes());
        assert_eq!(bytes[32..36], [253, 253, 0, 0]);
        assert_eq!(bytes[36..48], [0, 1, 2, 3, 10, 11, 12, 13, 0, 0, 0, 0]);
        assert_eq!(bytes[52..60], [4, 0, 0, 0, 14, 0, 0, 0]);
    }

    #[test]
    fn depthwise_interleaves_channels() {
        let bytes = channels(5).depthwise(2, &|channel, tap| (10 * channel + tap) as i8);
        assert_eq!(bytes.len(), 2 * (36 + 8));
        assert_eq!(bytes[36..44], [0, 10, 20, 30, 1, 11, 21, 31]);
        assert_eq!(bytes[80..88], [40, 0, 0, 0, 41, 0, 0, 0]);
    }

    #[test]
    fn constants_stay_the_same() {
        for value in [-1_000_000, -256, -255, -100, -1, 0, 1, 77, 255, i32::MAX] {
            let (bias, factor) = constant(value);
            assert_eq!(multiply(bias, factor), value.clamp(-256, 255));
        }
        let bytes = channels(1).dense(4, &|_, _| 0);
        // 100 × 2³⁰ ÷ 2³¹ ÷ 2³ = 6¼.
        assert_eq!(bytes[..4], 24i32.to_le_bytes());
        assert_eq!(bytes[32], 0xff);
    }
}
