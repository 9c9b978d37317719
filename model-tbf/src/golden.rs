//! The golden input: a window that every model can be asked about, made from a rule.

use anchorhold_policy::SensorKind;

/// How the golden input is made; the manifest says which rule was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoldenRule {
    /// Value `i` of the window is `((37 i + 11) mod 256) - 128`: as it is for an int8
    /// tensor, and times 8 as an i16 for an accelerometer or a microphone. An int16
    /// tensor has the bytes of an int8 tensor that is twice as long.
    Ramp = 1,
}

impl GoldenRule {
    /// The rule with this manifest code, if there is one.
    pub fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(GoldenRule::Ramp),
            _ => None,
        }
    }

    /// Byte `index` of the window in the inference process's buffer (values little-endian).
    pub fn byte(self, sensor: SensorKind, index: usize) -> u8 {
        match (self, sensor) {
            (GoldenRule::Ramp, SensorKind::Tensor | SensorKind::Int16Tensor) => ramp(index) as u8,
            (GoldenRule::Ramp, SensorKind::Accelerometer | SensorKind::Microphone) => {
                let value = i16::from(ramp(index / 2)) * 8;
                let [low, high] = value.to_le_bytes();
                if index.is_multiple_of(2) {
                    low
                } else {
                    high
                }
            }
        }
    }

    /// Fills a window.
    pub fn fill(self, sensor: SensorKind, window: &mut [u8]) {
        for (index, byte) in window.iter_mut().enumerate() {
            *byte = self.byte(sensor, index);
        }
    }
}

/// `((37 index + 11) mod 256) - 128`.
fn ramp(index: usize) -> i8 {
    let [low, ..] = index.to_le_bytes();
    // Subtracting 128 of a byte is adding it.
    low.wrapping_mul(37).wrapping_add(11 + 128) as i8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tensors_are_the_ramp() {
        let mut window = [0; 300];
        GoldenRule::Ramp.fill(SensorKind::Tensor, &mut window);
        assert_eq!(window[..4], [0x8b, 0xb0, 0xd5, 0xfa]);
        assert_eq!(window[299], ((299 * 37 + 11) % 256 - 128) as u8);
        let mut wide = [0; 300];
        GoldenRule::Ramp.fill(SensorKind::Int16Tensor, &mut wide);
        assert_eq!(wide, window);
    }

    #[test]
    fn accelerometer_values_are_the_ramp_in_milli_g() {
        let mut window = [0; 12];
        GoldenRule::Ramp.fill(SensorKind::Accelerometer, &mut window);
        let values: std::vec::Vec<i16> = window
            .chunks(2)
            .map(|pair| i16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        assert_eq!(values, [-936, -640, -344, -48, 248, 544]);
    }
}
