//! What a model is given of a window, as the inference process makes it.

use anchorhold_audio_frontend::{
    frames, quantized, FrontEnd, CHANNELS, FRAME_SAMPLES, STEP_SAMPLES,
};
use anchorhold_engine::format::Element;
use anchorhold_engine::{Header, InputQuantization};
use anchorhold_policy::{InputContract, SensorKind};

/// How many values a model is given of a window.
pub fn values(input: &InputContract) -> usize {
    let samples = usize::from(input.samples);
    match input.sensor {
        SensorKind::Microphone => frames(samples) * CHANNELS,
        _ => samples * usize::from(input.channels),
    }
}

/// The bytes of the values that a model with this header is given of the bytes of a
/// window.
pub fn of_window(sensor: SensorKind, header: &Header, window: &[u8]) -> Vec<i8> {
    let samples = || window.as_chunks().0.iter().copied().map(i16::from_le_bytes);
    let signed = |bytes: &[u8]| bytes.iter().map(|byte| *byte as i8).collect();
    match sensor {
        SensorKind::Tensor | SensorKind::Int16Tensor => signed(window),
        SensorKind::Accelerometer => {
            let size = header.input_element.bytes() as usize;
            let mut input = vec![0; samples().len() * size];
            for (input, raw) in input.chunks_exact_mut(size).zip(samples()) {
                header.input.fill(raw, input);
            }
            signed(&input)
        }
        SensorKind::Microphone => features(&samples().collect::<Vec<_>>()),
    }
}

/// What a model's input must be for a sensor; nothing where any will do.
pub fn element(sensor: SensorKind) -> Option<Element> {
    match sensor {
        SensorKind::Tensor | SensorKind::Microphone => Some(Element::Int8),
        SensorKind::Int16Tensor => Some(Element::Int16),
        SensorKind::Accelerometer => None,
    }
}

/// The features of sound, by a front end that has heard nothing before.
pub fn features(samples: &[i16]) -> Vec<i8> {
    let mut front_end = FrontEnd::new();
    let frames = samples.windows(FRAME_SAMPLES).step_by(STEP_SAMPLES);
    let features = frames.flat_map(|frame| {
        let mut features = [0; CHANNELS];
        front_end.hear(frame.iter().copied(), &mut features);
        features.map(|feature| feature as i8)
    });
    features.collect()
}

/// Whether a model whose raw unit is a feature's takes them as the front end gives them,
/// but for rounding.
pub fn takes_features(quantization: InputQuantization) -> bool {
    /// The largest logarithm that the front end can tell from larger ones.
    const LARGEST: i16 = 666;
    (0..=LARGEST).all(|logarithm| {
        let given = quantized(logarithm.unsigned_abs().into());
        given.abs_diff(quantization.quantize(logarithm)) <= 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use anchorhold_policy::InputChecks;

    #[test]
    fn a_second_of_sound_has_so_many_features() {
        let mut input = InputContract {
            sensor: SensorKind::Microphone,
            samples: 16_000,
            channels: 1,
            sample_period_us: 0,
            checks: InputChecks {
                minimum: 0,
                maximum: 0,
                zeros_permille: 0,
                flat_run: 0,
                saturated_permille: 0,
                maximum_age_ms: 0,
            },
        };
        assert_eq!(values(&input), 49 * 40);
        assert_eq!(features(&[0; 16_000]).len(), 49 * 40);
        input.samples = 479;
        assert_eq!(values(&input), 0);
        input.sensor = SensorKind::Accelerometer;
        input.channels = 3;
        assert_eq!(values(&input), 3 * 479);
    }

    #[test]
    fn models_of_another_scale_are_told_apart() {
        // 256 / 26 / 25.6, as a share of 2^31, halved.
        let usual = InputQuantization {
            multiplier: 1_651_910_498,
            shift: -1,
            zero_point: -128,
        };
        assert!(takes_features(usual));
        for other in [
            InputQuantization { shift: 0, ..usual },
            InputQuantization {
                zero_point: 0,
                ..usual
            },
            InputQuantization {
                multiplier: 1_600_000_000,
                ..usual
            },
        ] {
            assert!(!takes_features(other), "{other:?}");
        }
    }
}
