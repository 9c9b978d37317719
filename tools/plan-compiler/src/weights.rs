//! Weights in the order in which the engine's kernels read them.
//!
//! `docs/formats/plan.md` and the engine's `format` module describe the order.

use anchorhold_engine::fixed_point::Multiplier;
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
    /// Bias, multiplier and shift of the group that starts with `channel`. The
    /// zero point's share of the sum, `−zero point × Σ weights`, is a constant.
    fn header(&self, channel: usize, depth: usize, weight: &dyn Fn(usize, usize) -> i8) -> Vec<u8> {
        let factor = |lane| self.factors.get(channel + lane);
        let mut bytes = Vec::new();
        for lane in 0..GROUP {
            let bias = self.biases.get(channel + lane).map_or(0, |bias| {
                let sum = (0..depth).fold(0i32, |sum, element| {
                    sum.wrapping_add(weight(channel + lane, element).into())
                });
                bias.wrapping_sub(sum.wrapping_mul(self.input_zero_point.into()))
            });
            bytes.extend(bias.to_le_bytes());
        }
        for lane in 0..GROUP {
            let multiplier = factor(lane).map_or(0, |factor| factor.multiplier);
            bytes.extend(multiplier.to_le_bytes());
        }
        for lane in 0..GROUP {
            let shift = factor(lane).map_or(0, |factor| factor.shift as i8);
            bytes.extend(shift.to_le_bytes());
        }
        bytes
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
}
