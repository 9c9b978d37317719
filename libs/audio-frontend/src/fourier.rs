//! The spectrum of a frame: a Fourier transform of 512 real 16-bit numbers, in place.
//!
//! The samples are taken as 256 complex numbers (the even ones real, the odd ones
//! imaginary), transformed in four radix-4 passes with decimation in time, and the
//! spectrum of the real samples is taken out of the result (Cooley and Tukey 1965;
//! Brigham, "The Fast Fourier Transform", chapter 10). Every pass first divides by 4
//! and the last step by 2, so that the result is the spectrum divided by 512.
//!
//! Where results are rounded decides their last bits: after each division and after
//! each complex product, to the nearest, as TensorFlow Lite Micro's transform does.
//! Sums wrap, though what was divided before hardly ever exceeds 16 bits: it takes a frame
//! that was made for it.

use crate::constant_math::{cos_of_turn, round};

/// Complex numbers in a transform.
pub const POINTS: usize = 256;
/// Real numbers in a transform.
const LENGTH: usize = 2 * POINTS;
/// Keeps an index within the points.
const MASK: usize = POINTS - 1;

/// Fractional bits.
const BITS: u32 = 15;
/// Just below 1.
const ONE: i32 = (1 << BITS) - 1;

/// The cosine of every 512th part of a turn.
static COSINE: [i16; LENGTH] = cosine();

const fn cosine() -> [i16; LENGTH] {
    let mut table = [0; LENGTH];
    let mut at = 0;
    while at < LENGTH {
        table[at] = round(ONE as f64 * cos_of_turn(at as f64 / LENGTH as f64)) as i16;
        at += 1;
    }
    table
}

/// A complex number, or two samples side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Complex {
    re: i16,
    im: i16,
}

impl Complex {
    const ZERO: Self = Self { re: 0, im: 0 };

    /// exp(-2 pi i `part` / 512): 1, turned clockwise.
    fn turned(part: usize) -> Self {
        let cosine = |part: usize| COSINE[part % LENGTH];
        Self {
            re: cosine(part),
            // The sine lags a quarter of a turn behind, and clockwise is its opposite.
            im: cosine(part + LENGTH / 4),
        }
    }

    fn add(self, other: Self) -> Self {
        Self {
            re: self.re.wrapping_add(other.re),
            im: self.im.wrapping_add(other.im),
        }
    }

    fn subtract(self, other: Self) -> Self {
        Self {
            re: self.re.wrapping_sub(other.re),
            im: self.im.wrapping_sub(other.im),
        }
    }

    /// Two products of 16-bit numbers, one of them never the least, and half a unit fit
    /// in 32 bits.
    fn multiply(self, other: Self) -> Self {
        let [a, b] = [self.re, self.im].map(i32::from);
        let [c, d] = [other.re, other.im].map(i32::from);
        Self {
            re: rounded(a * c - b * d),
            im: rounded(a * d + b * c),
        }
    }

    fn divide(self, divisor: i32) -> Self {
        let factor = ONE / divisor;
        Self {
            re: rounded(i32::from(self.re) * factor),
            im: rounded(i32::from(self.im) * factor),
        }
    }

    /// Times -i.
    fn quarter_turned(self) -> Self {
        Self {
            re: self.im,
            im: self.re.wrapping_neg(),
        }
    }

    fn conjugate(self) -> Self {
        Self {
            re: self.re,
            im: self.im.wrapping_neg(),
        }
    }
}

/// A product, to the nearest number of 15 fractional bits.
fn rounded(product: i32) -> i16 {
    (product.wrapping_add(1 << (BITS - 1)) >> BITS) as i16
}

/// A frame: samples first, a spectrum after [`transform`](Frame::transform).
pub struct Frame {
    points: [Complex; POINTS],
}

impl Frame {
    /// A frame of silence.
    pub const SILENT: Self = Self {
        points: [Complex::ZERO; POINTS],
    };

    /// Puts up to 512 samples into a frame of silence, in place: a kilobyte is too much to
    /// move around on a small stack.
    #[inline(never)] // Nor is this function's own stack needed afterwards.
    pub fn hear(&mut self, mut samples: impl Iterator<Item = i16>) {
        for at in 0..=u8::MAX {
            let Some(re) = samples.next() else {
                break;
            };
            let im = samples.next().unwrap_or(0);
            self.points[usize::from(reversed(at))] = Complex { re, im };
        }
    }

    /// Multiplies the samples by the largest power of two that 16 bits allow, lest a
    /// quiet frame lose its bits in the transform's divisions. Returns the exponent, up
    /// to 15.
    pub fn amplify(&mut self) -> u32 {
        let values = self.points.iter().flat_map(|point| [point.re, point.im]);
        let loudest = values.map(i16::unsigned_abs).max().unwrap_or(0);
        let exponent = loudest.leading_zeros().saturating_sub(1).min(BITS);
        for point in &mut self.points {
            point.re <<= exponent;
            point.im <<= exponent;
        }
        exponent
    }

    /// Samples to spectrum, which is the transform divided by 512.
    #[inline(never)] // As above.
    pub fn transform(&mut self) {
        for (quarter, turn) in [(1, 128), (4, 32), (16, 8), (64, 2)] {
            self.combine(quarter, turn);
        }
        self.separate();
    }

    /// The energies of the bins from 1 to 255, of which bin k is the frequency k / 512
    /// of the sample rate.
    pub fn energies(&self) -> impl Iterator<Item = u32> + '_ {
        self.points.iter().skip(1).map(|point| {
            let square = |value: i16| u32::from(value.unsigned_abs()).pow(2);
            square(point.re) + square(point.im)
        })
    }

    /// Makes every four neighbouring transforms of `quarter` points one of four times
    /// as many, between whose points lies a turn of `turn` in [`LENGTH`]: half as many
    /// transforms come of it.
    fn combine(&mut self, quarter: usize, turn: usize) {
        for start in (0..turn / 2).map(|transform| 4 * quarter * transform) {
            for at in 0..quarter {
                let place = |part: usize| (start + at + part * quarter) & MASK;
                let turned = |part: usize| {
                    let point = self.points[place(part)].divide(4);
                    point.multiply(Complex::turned(part * at * turn))
                };
                let (b, c, d) = (turned(1), turned(2), turned(3));
                let a = self.points[place(0)].divide(4);
                let (even, odd) = (a.add(c), b.add(d));
                self.points[place(0)] = even.add(odd);
                self.points[place(2)] = even.subtract(odd);
                let (even, odd) = (a.subtract(c), b.subtract(d).quarter_turned());
                self.points[place(1)] = even.add(odd);
                self.points[place(3)] = even.subtract(odd);
            }
        }
    }

    /// Takes the spectrum of the real samples out of that of the complex ones, two bins
    /// at a time: the one of the even samples is the part that is symmetric about bin
    /// 128, the one of the odd samples the rest. Bins 0 and 256 share a place; nobody
    /// needs them, and they are left as they are.
    fn separate(&mut self) {
        for bin in 1..=POINTS / 2 {
            let mirror = (POINTS - bin) & MASK;
            let low = self.points[bin].divide(2);
            let high = self.points[mirror].conjugate().divide(2);
            let even = low.add(high);
            let odd = low.subtract(high);
            let odd = odd.multiply(Complex::turned(bin + LENGTH / 4));
            let [even_re, even_im] = [even.re, even.im].map(i32::from);
            let [odd_re, odd_im] = [odd.re, odd.im].map(i32::from);
            let half = |value: i32| (value >> 1) as i16;
            self.points[bin] = Complex {
                re: half(even_re + odd_re),
                im: half(even_im + odd_im),
            };
            self.points[mirror] = Complex {
                re: half(even_re - odd_re),
                im: half(odd_im - even_im),
            };
        }
    }
}

/// A point's index with its four base-4 digits in reverse: where decimation in time
/// wants the point.
fn reversed(index: u8) -> u8 {
    let bits = index.reverse_bits();
    ((bits & 0x55) << 1) | ((bits >> 1) & 0x55)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{self, Random};
    use std::vec::Vec;

    fn frame(samples: impl Iterator<Item = i16>) -> Frame {
        let mut frame = Frame::SILENT;
        frame.hear(samples);
        frame
    }

    /// The largest deviation of our spectrum's energies' square roots from the exact
    /// magnitudes.
    fn deviation(samples: &[i16]) -> f64 {
        let exact: Vec<f64> = samples.iter().map(|sample| f64::from(*sample)).collect();
        let exact = reference::magnitudes(&exact);
        let mut frame = frame(samples.iter().copied());
        frame.transform();
        let ours = frame.energies().map(|energy| f64::from(energy).sqrt());
        let pairs = ours.zip(exact.into_iter().skip(1));
        pairs.fold(0.0, |worst: f64, (ours, exact)| {
            worst.max((ours - exact / LENGTH as f64).abs())
        })
    }

    #[test]
    fn digits_are_reversed() {
        assert_eq!(reversed(0b00_01_10_11), 0b11_10_01_00);
        assert!((0..=u8::MAX).all(|index| reversed(reversed(index)) == index));
    }

    #[test]
    fn tones_and_noise_have_their_spectrum() {
        let mut random = Random(1);
        for bin in [1, 2, 31, 64, 100, 128, 200, 255] {
            let tone: Vec<i16> = (0..LENGTH)
                .map(|at| {
                    let phase = at as f64 * bin as f64 / LENGTH as f64;
                    (16_000.0 * (phase * std::f64::consts::TAU).sin()) as i16
                })
                .collect();
            // Of a magnitude of 8,000.
            assert!(deviation(&tone) < 6.0, "bin {bin}: {}", deviation(&tone));
        }
        for _ in 0..20 {
            let noise: Vec<i16> = (0..LENGTH).map(|_| random.sample(20_000)).collect();
            assert!(deviation(&noise) < 4.0, "{}", deviation(&noise));
        }
    }

    #[test]
    fn quiet_frames_are_amplified() {
        for (loudest, expected) in [(0, 15), (1, 14), (-1, 14), (255, 7), (256, 6), (-32768, 0)] {
            let mut frame = frame([0, loudest, 0].into_iter());
            assert_eq!(frame.amplify(), expected, "{loudest}");
            let now = i32::from(loudest) << expected;
            assert_eq!(i32::from(frame.points[0].im), now);
        }
    }

    #[test]
    fn the_loudest_frames_do_not_panic() {
        let mut random = Random(7);
        for _ in 0..200 {
            let extreme = |sample: i16| if sample < 0 { i16::MIN } else { i16::MAX };
            let mut frame = frame((0..LENGTH).map(|_| extreme(random.sample(i16::MAX))));
            frame.transform();
            assert!(frame.energies().count() == POINTS - 1);
        }
        let mut frame = frame([i16::MIN; LENGTH].into_iter());
        frame.transform();
    }
}
