//! The stages once more for tests: textbook formulas in floating point, without tables,
//! steps or rounding.

use std::f64::consts::TAU;
use std::vec::Vec;

/// Samples for tests: a linear congruential generator.
pub struct Random(pub u64);

impl Random {
    /// The next sample, from `-loudest` to `loudest`.
    pub fn sample(&mut self, loudest: i16) -> i16 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let loudest = i64::from(loudest);
        ((self.0 >> 33) as i64 % (2 * loudest + 1) - loudest) as i16
    }
}

/// Samples through a Hann window.
pub fn window(samples: &[f64]) -> Vec<f64> {
    let length = samples.len() as f64;
    let weigh = |(at, sample): (usize, &f64)| {
        sample * (0.5 - 0.5 * (TAU * (at as f64 + 0.5) / length).cos())
    };
    samples.iter().enumerate().map(weigh).collect()
}

/// Magnitudes of the bins from 0 to 255 of a 512-point Fourier transform.
pub fn magnitudes(samples: &[f64]) -> Vec<f64> {
    let magnitude = |bin: usize| {
        let (mut re, mut im) = (0.0, 0.0);
        for (at, sample) in samples.iter().enumerate() {
            let angle = TAU * ((bin * at) % 512) as f64 / 512.0;
            re += sample * angle.cos();
            im -= sample * angle.sin();
        }
        re.hypot(im)
    };
    (0..256).map(magnitude).collect()
}

/// Energies of 40 triangles of the mel scale, from those of the bins from 1 on.
pub fn channels(energies: &[f64]) -> Vec<f64> {
    let mel = |frequency: f64| 1127.0 * (frequency / 700.0).ln_1p();
    let edge = |at: usize| mel(125.0) + (mel(7500.0) - mel(125.0)) * at as f64 / 41.0;
    let channel = |channel: usize| {
        let weigh = |(bin, energy): (usize, &f64)| {
            let place = mel((bin + 1) as f64 * 31.25);
            let rising = (place - edge(channel)) / (edge(channel + 1) - edge(channel));
            let falling = (edge(channel + 2) - place) / (edge(channel + 2) - edge(channel + 1));
            energy * rising.min(falling).max(0.0)
        };
        energies.iter().enumerate().map(weigh).sum()
    };
    (0..40).map(channel).collect()
}

/// A magnitude without the noise, whose estimate goes on.
pub fn reduced(channel: usize, magnitude: f64, estimate: &mut f64) -> f64 {
    let learned = [0.025, 0.06][channel % 2];
    *estimate += learned * (magnitude - *estimate);
    (magnitude - *estimate).max(0.05 * magnitude)
}

/// The gain at a level of noise.
pub fn gain(noise: f64) -> f64 {
    (noise + 80.0).powf(-0.95)
}

/// Signal to noise, with little of what hardly rises above it. Magnitudes are in eighths.
pub fn normalized(magnitude: f64, noise: f64) -> f64 {
    let ratio = magnitude * 8.0 * gain(noise * 8.0);
    match ratio {
        ..2.0 => ratio * ratio / 4.0,
        _ => ratio - 1.0,
    }
}

/// All features of a recording, as the model takes them but for rounding.
pub fn features(samples: &[i16]) -> Vec<f64> {
    let mut estimates = [0.0; 40];
    let mut features = Vec::new();
    for frame in samples.windows(480).step_by(320) {
        let frame: Vec<f64> = frame.iter().map(|sample| f64::from(*sample)).collect();
        let spectrum = magnitudes(&window(&frame));
        // The transform divides by 512, the weights of the channels are 4096 for 1.
        let energies: Vec<f64> = spectrum[1..]
            .iter()
            .map(|magnitude| (magnitude * 64.0 / 512.0).powi(2))
            .collect();
        for (channel, energy) in channels(&energies).into_iter().enumerate() {
            let signal = reduced(channel, energy.sqrt(), &mut estimates[channel]);
            let normalized = normalized(signal, estimates[channel]);
            let logarithm = (normalized * 512.0).max(1.0).ln() * 64.0;
            features.push((logarithm * 256.0 / 666.0 - 128.0).min(127.0));
        }
    }
    features
}
