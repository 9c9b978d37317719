//! All stages, frame by frame.

use crate::fourier::Frame;
use crate::gain;
use crate::logarithm::logarithm;
use crate::mel;
use crate::noise;
use crate::root::square_root;
use crate::window;

/// Samples in a second.
pub const SAMPLE_RATE: u32 = 16_000;
/// Samples in a frame: 30 ms.
pub const FRAME_SAMPLES: usize = 480;
/// Samples from the start of a frame to that of the next one: 20 ms.
pub const STEP_SAMPLES: usize = 320;
/// Features of a frame.
pub const CHANNELS: usize = 40;
/// What a 64th of a logarithm was called in training: models see logarithms by the 25.6.
pub const FEATURE_UNIT: f64 = 1.0 / 25.6;

/// How many frames there are in so many samples.
pub const fn frames(samples: usize) -> usize {
    match samples.checked_sub(FRAME_SAMPLES) {
        Some(rest) => rest / STEP_SAMPLES + 1,
        None => 0,
    }
}

/// The front end, with what it knows of the noise so far.
#[derive(Clone, Debug)]
pub struct FrontEnd {
    noise: [u32; CHANNELS],
}

impl FrontEnd {
    /// Knows no noise.
    pub const fn new() -> Self {
        Self {
            noise: [0; CHANNELS],
        }
    }

    /// The features of the next frame: of the first [`FRAME_SAMPLES`] samples, or of
    /// fewer and silence. Frames follow each other [`STEP_SAMPLES`] apart. Features are
    /// int8, from low frequencies to high ones, as the bytes that a tensor holds.
    #[inline(never)] // The frame's kilobyte of stack is free again afterwards.
    pub fn hear(&mut self, samples: impl Iterator<Item = i16>, features: &mut [u8; CHANNELS]) {
        let mut frame = Frame::SILENT;
        frame.hear(window::weighed(samples));
        let amplification = frame.amplify();
        frame.transform();
        let mut channels = self.noise.iter_mut().zip(features).enumerate();
        for energy in mel::channels(frame.energies()) {
            let Some((channel, (noise, feature))) = channels.next() else {
                break;
            };
            let magnitude = square_root(energy) >> amplification;
            let signal = noise::reduced(channel, magnitude, noise);
            let normalized = gain::normalized(signal, *noise);
            *feature = quantized(logarithm(normalized << gain::MAGNITUDE_SHIFT)) as u8;
        }
    }
}

impl Default for FrontEnd {
    fn default() -> Self {
        Self::new()
    }
}

/// A logarithm in 64ths as the model takes it: 26 × 25.6 of them are the 256 values.
pub fn quantized(logarithm: u32) -> i8 {
    const RANGE: u32 = 666;
    let value = (logarithm * 256 + RANGE / 2) / RANGE;
    (value.min(255) as i32 - 128) as i8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{self, Random};
    use std::vec::Vec;

    /// A second of a chirp that comes and goes in noise.
    fn chirp(random: &mut Random, loudness: f64, noise: i16) -> Vec<i16> {
        (0..16_000)
            .map(|at| {
                let time = at as f64 / 16_000.0;
                let phase = 200.0 * time + 1500.0 * time * time;
                let envelope = (time * 3.0 * std::f64::consts::PI).sin().powi(2);
                let tone = (phase * std::f64::consts::TAU).sin() * envelope * loudness;
                (tone + f64::from(random.sample(noise))) as i16
            })
            .collect()
    }

    fn all_features(samples: &[i16]) -> Vec<i8> {
        let mut front_end = FrontEnd::new();
        let frames = samples.windows(FRAME_SAMPLES).step_by(STEP_SAMPLES);
        let features = frames.flat_map(|frame| heard(&mut front_end, frame.iter().copied()));
        features.collect()
    }

    fn heard(front_end: &mut FrontEnd, frame: impl Iterator<Item = i16>) -> [i8; CHANNELS] {
        let mut features = [0; CHANNELS];
        front_end.hear(frame, &mut features);
        features.map(|feature| feature as i8)
    }

    #[test]
    fn frames_are_counted() {
        for (samples, expected) in [(0, 0), (479, 0), (480, 1), (799, 1), (800, 2), (16_000, 49)] {
            assert_eq!(frames(samples), expected);
            assert_eq!(
                all_features(&std::vec![0; samples]).len(),
                expected * CHANNELS
            );
        }
    }

    /// From quiet to as loud as 16 bits allow, in much noise and in little: on average
    /// within 6 of the 256 steps. Close to silence a step of the gain's 64ths is one of
    /// up to 51 of its logarithm's, so that the worst case counts for the louder half.
    #[test]
    fn features_follow_the_exact_ones() {
        let mut random = Random(11);
        for (loudness, noise, mean, worst) in [
            (30_000.0, 300, 3.0, 18.0),
            (20_000.0, 3_000, 3.0, 5.0),
            (8_000.0, 1_000, 3.0, 5.0),
            (1_000.0, 20, 4.0, 14.0),
            (100.0, 10, 6.0, 14.0),
        ] {
            let samples = chirp(&mut random, loudness, noise);
            let ours = all_features(&samples);
            let exact = reference::features(&samples);
            let (mut sum, mut largest) = (0.0, 0.0);
            for (ours, exact) in ours.iter().zip(&exact) {
                let deviation = (f64::from(*ours) - exact).abs();
                sum += deviation;
                if *exact >= 0.0 {
                    largest = deviation.max(largest);
                }
            }
            let average = sum / exact.len() as f64;
            assert!(average <= mean, "{average} on average at {loudness}");
            assert!(largest <= worst, "{largest} at most at {loudness}");
        }
    }

    #[test]
    fn silence_is_the_least() {
        assert!(all_features(&[0; 16_000])
            .iter()
            .all(|feature| *feature == -128));
    }

    #[test]
    fn any_sound_is_taken() {
        let mut random = Random(13);
        for _ in 0..20 {
            let extreme = |sample: i16| if sample < 0 { i16::MIN } else { i16::MAX };
            let samples: Vec<i16> = (0..16_000)
                .map(|_| extreme(random.sample(i16::MAX)))
                .collect();
            assert_eq!(all_features(&samples).len(), 1960);
        }
        let mut front_end = FrontEnd::new();
        heard(&mut front_end, [i16::MIN; FRAME_SAMPLES].into_iter());
        heard(&mut front_end, core::iter::empty());
        let square = [i16::MIN, i16::MAX].into_iter().cycle();
        heard(&mut front_end, square.take(FRAME_SAMPLES));
    }

    #[test]
    fn the_largest_logarithms_are_cut_off() {
        assert_eq!(quantized(0), -128);
        assert_eq!(quantized(666), 127);
        assert_eq!(quantized(333), 0);
        assert_eq!(quantized(1420), 127);
    }
}
