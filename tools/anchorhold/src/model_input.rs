//! What a model is given of a window, as the inference process makes it.

use anchorhold_audio_frontend::{
    frames, quantized, FrontEnd, CHANNELS, FRAME_SAMPLES, STEP_SAMPLES,
};
use anchorhold_engine::InputQuantization;
use anchorhold_policy::{InputContract, SensorKind};

/// How many values a model is given of a window.
pub fn values(input: &InputContract) -> usize {
    let samples = usize::from(input.samples);
    match input.sensor {
        SensorKind::Microphone => frames(samples) * CHANNELS,
        _ => samples * usize::from(input.channels),
    }
}

/// The values that a model with this quantisation is given of the bytes of a window.
pub fn of_window(sensor: SensorKind, quantization: InputQuantization, window: &[u8]) -> Vec<i8> {
    let bytes = || window.iter().map(|byte| i8::from_le_bytes([*byte]));
    let samples = || window.as_chunks().0.iter().copied().map(i16::from_le_bytes);
    match sensor {
        SensorKind::Tensor => bytes().collect(),
        SensorKind::Accelerometer => samples().map(|raw| quantization.quantize(raw)).collect(),
        SensorKind::Microphone => features(&samples().collect::<Vec<_>>()),
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
