//! What the model expects of its input, and the streaming check of one window.

/// Where a window of input comes from; the discriminants are the manifest's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SensorKind {
    /// Samples of the board's accelerometer, signed 16-bit, in milli-g.
    Accelerometer = 1,
    /// An int8 tensor that is injected whole; evidence marks it as injected.
    Tensor = 2,
    /// Sound: signed 16-bit samples of a microphone, [`MICROPHONE_HZ`] a second. The model
    /// sees features of it (crate `anchorhold-audio-frontend`).
    Microphone = 3,
    /// An int16 tensor that is injected whole, likewise.
    Int16Tensor = 4,
}

/// Samples of a microphone in a second. It is fixed, as are the features that are made
/// of them; a period in whole microseconds could not say it.
pub const MICROPHONE_HZ: u32 = 16_000;

impl SensorKind {
    /// The kind with this manifest code, if there is one.
    pub fn from_code(code: u8) -> Option<SensorKind> {
        match code {
            1 => Some(SensorKind::Accelerometer),
            2 => Some(SensorKind::Tensor),
            3 => Some(SensorKind::Microphone),
            4 => Some(SensorKind::Int16Tensor),
            _ => None,
        }
    }

    /// Bytes of one channel's value in the window buffer.
    pub fn value_bytes(self) -> usize {
        match self {
            SensorKind::Accelerometer | SensorKind::Microphone | SensorKind::Int16Tensor => 2,
            SensorKind::Tensor => 1,
        }
    }
}

/// The signed description of one input window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputContract {
    /// Which sensor fills the window.
    pub sensor: SensorKind,
    /// Samples in a window.
    pub samples: u16,
    /// Values in a sample, such as 3 for the axes of an accelerometer.
    pub channels: u8,
    /// Time between two samples in microseconds; 0 for tensors, which take none, and for
    /// a microphone, whose rate is fixed.
    pub sample_period_us: u32,
    /// What makes a window unusable.
    pub checks: InputChecks,
}

impl InputContract {
    /// Bytes of a sample: little-endian i16 values, but int8 values for an int8 tensor.
    pub fn sample_bytes(&self) -> usize {
        usize::from(self.channels) * self.sensor.value_bytes()
    }

    /// Bytes of a window in the inference process's buffer.
    pub fn window_bytes(&self) -> usize {
        usize::from(self.samples) * self.sample_bytes()
    }

    /// How long it takes to sample a window, in milliseconds, rounded down.
    pub fn window_ms(&self) -> u64 {
        let samples = u64::from(self.samples);
        match self.sensor {
            SensorKind::Microphone => samples * 1000 / u64::from(MICROPHONE_HZ),
            _ => samples * u64::from(self.sample_period_us) / 1000,
        }
    }
}

/// Limits that a window must keep to. A share is a number of values in a thousand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputChecks {
    /// Smallest value that the sensor can produce; a value at it is saturated.
    pub minimum: i16,
    /// Largest value that the sensor can produce; a value at it is saturated.
    pub maximum: i16,
    /// Largest share of zero values, in permille; 1000 allows any.
    pub zeros_permille: u16,
    /// Longest allowed run of identical samples (every channel alike).
    pub flat_run: u16,
    /// Largest share of values at `minimum` or `maximum`, in permille; 1000 allows any.
    pub saturated_permille: u16,
    /// Greatest age of a sample, in milliseconds, from when it was due to when
    /// it was handed over.
    pub maximum_age_ms: u32,
}

/// The verdict on a window; the discriminants are those of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputStatus {
    /// The window keeps to every limit.
    Accepted = 0,
    /// A value is below the minimum or above the maximum.
    OutOfRange = 1,
    /// More zeros than allowed, as from a disconnected sensor.
    TooManyZeros = 2,
    /// The same sample repeated for too long, as from a stuck sensor.
    FlatLine = 3,
    /// Too many values at the limits of the range.
    Saturated = 4,
    /// A sample is too old.
    Stale = 5,
    /// The sensor gave no data, or stopped before the window was full.
    Silent = 6,
}

/// Checks a window while it streams by; holds one sample, not the window.
pub struct InputChecker {
    checks: InputChecks,
    channels: usize,
    previous: [i16; MAX_CHANNELS],
    samples: u32,
    values: u32,
    odd: OddValues,
    run: u32,
    longest_run: u32,
    age_ms: u32,
}

/// How many values were odd. A window has fewer than 2²⁴ values: counts do not wrap.
#[derive(Clone, Copy)]
struct OddValues {
    zeros: u32,
    saturated: u32,
    out_of_range: bool,
}

impl OddValues {
    #[inline(always)]
    fn count(&mut self, value: i16, checks: &InputChecks) {
        let is_limit = value == checks.minimum || value == checks.maximum;
        self.zeros = self.zeros.wrapping_add(u32::from(value == 0));
        self.saturated = self.saturated.wrapping_add(u32::from(is_limit));
        self.out_of_range |= value < checks.minimum || value > checks.maximum;
    }
}

/// Most channels whose samples can be compared for flat lines; a wider sample is
/// compared by its first channels.
pub const MAX_CHANNELS: usize = 16;

impl InputChecker {
    /// A checker for one window of samples with `channels` values each.
    pub fn new(checks: InputChecks, channels: u8) -> InputChecker {
        InputChecker {
            checks,
            channels: usize::from(channels).min(MAX_CHANNELS),
            previous: [0; MAX_CHANNELS],
            samples: 0,
            values: 0,
            odd: OddValues {
                zeros: 0,
                saturated: 0,
                out_of_range: false,
            },
            run: 0,
            longest_run: 0,
            age_ms: 0,
        }
    }

    /// Takes the next sample: the values of its channels.
    pub fn sample(&mut self, values: &[i16]) {
        for &value in values {
            self.values = self.values.wrapping_add(1);
            self.odd.count(value, &self.checks);
        }
        self.extend_run(values);
        self.samples = self.samples.wrapping_add(1);
    }

    /// Takes samples of one value each, as a tensor's and a microphone's are: what
    /// [`sample`](Self::sample) does with each, in a loop that keeps to registers.
    #[inline(always)]
    pub fn single_values(&mut self, values: impl Iterator<Item = i16>) {
        let InputChecker {
            checks,
            previous: [previous, ..],
            mut odd,
            mut run,
            mut longest_run,
            ..
        } = *self;
        let mut previous = previous;
        let mut count = 0u32;
        for value in values {
            odd.count(value, &checks);
            // No run is of no sample at all.
            run = if run > 0 && value == previous {
                run.wrapping_add(1)
            } else {
                1
            };
            longest_run = longest_run.max(run);
            previous = value;
            count = count.wrapping_add(1);
        }
        self.odd = odd;
        self.run = run;
        self.longest_run = longest_run;
        self.previous = [previous; MAX_CHANNELS];
        self.values = self.values.wrapping_add(count);
        self.samples = self.samples.wrapping_add(count);
    }

    /// States how old the latest sample is, in milliseconds; the oldest counts.
    pub fn age(&mut self, milliseconds: u32) {
        self.age_ms = self.age_ms.max(milliseconds);
    }

    /// The verdict on everything seen. Where several limits are broken, the one
    /// that says most about the cause is named: a sensor without data, one whose
    /// data is old, one that is stuck, and only then one with odd values.
    pub fn finish(&self) -> InputStatus {
        if self.samples == 0 {
            InputStatus::Silent
        } else if self.age_ms > self.checks.maximum_age_ms {
            InputStatus::Stale
        } else if self.odd.out_of_range {
            InputStatus::OutOfRange
        } else if self.exceeds(self.odd.zeros, self.checks.zeros_permille) {
            InputStatus::TooManyZeros
        } else if self.longest_run > u32::from(self.checks.flat_run) {
            InputStatus::FlatLine
        } else if self.exceeds(self.odd.saturated, self.checks.saturated_permille) {
            InputStatus::Saturated
        } else {
            InputStatus::Accepted
        }
    }

    fn extend_run(&mut self, values: &[i16]) {
        let mut is_same = self.samples > 0;
        let before = self.previous.iter_mut().take(self.channels);
        // One by one: most sensors have so few channels that a call would cost more.
        for (before, now) in before.zip(values) {
            is_same &= before == now;
            *before = *now;
        }
        self.run = if is_same { self.run.wrapping_add(1) } else { 1 };
        self.longest_run = self.longest_run.max(self.run);
    }

    /// Whether `count` values are more than `permille` thousandths of all values.
    fn exceeds(&self, count: u32, permille: u16) -> bool {
        u64::from(count) * 1000 > u64::from(self.values) * u64::from(permille)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHECKS: InputChecks = InputChecks {
        minimum: -2000,
        maximum: 2000,
        zeros_permille: 500,
        flat_run: 3,
        saturated_permille: 250,
        maximum_age_ms: 100,
    };

    fn verdict(samples: &[[i16; 3]]) -> InputStatus {
        let mut checker = InputChecker::new(CHECKS, 3);
        for sample in samples {
            checker.sample(sample);
        }
        checker.finish()
    }

    #[test]
    fn samples_of_one_value_are_checked_alike() {
        let of = |one_by_one: bool, values: &[i16]| {
            let mut checker = InputChecker::new(CHECKS, 1);
            for values in values.chunks(3) {
                if one_by_one {
                    values.iter().for_each(|value| checker.sample(&[*value]));
                } else {
                    checker.single_values(values.iter().copied());
                }
            }
            checker.finish()
        };
        let windows: [(&[i16], InputStatus); 6] = [
            (&[], InputStatus::Silent),
            (&[0, 1, 2, 3, 2000], InputStatus::Accepted),
            (&[5, 5, 5, 5], InputStatus::FlatLine),
            (&[0, 7, 0, 7, 0], InputStatus::TooManyZeros),
            (&[2000, 1, -2000, 1], InputStatus::Saturated),
            (&[1, 2, 3, 2001], InputStatus::OutOfRange),
        ];
        for (window, status) in windows {
            assert_eq!(of(true, window), status, "{window:?}");
            assert_eq!(of(false, window), status, "{window:?}");
        }
    }

    #[test]
    fn ordinary_samples_are_accepted() {
        let samples = [[1, -2, 1000], [2, -2, 990], [3, -1, 1010], [1999, 0, -1999]];
        assert_eq!(verdict(&samples), InputStatus::Accepted);
    }

    #[test]
    fn nothing_is_silent() {
        assert_eq!(verdict(&[]), InputStatus::Silent);
    }

    #[test]
    fn one_value_out_of_range_is_enough() {
        assert_eq!(verdict(&[[1, 2, 3], [1, 2001, 3]]), InputStatus::OutOfRange);
        assert_eq!(verdict(&[[-2001, 2, 3]]), InputStatus::OutOfRange);
    }

    #[test]
    fn zeros_count_by_share() {
        assert_eq!(
            verdict(&[[0, 0, 1], [0, 2, 3]]),
            InputStatus::Accepted,
            "exactly half is allowed"
        );
        assert_eq!(verdict(&[[0, 0, 1], [0, 0, 3]]), InputStatus::TooManyZeros);
    }

    #[test]
    fn a_run_longer_than_allowed_is_flat() {
        let a = [5, 6, 7];
        assert_eq!(verdict(&[a, a, a, [1, 6, 7]]), InputStatus::Accepted);
        assert_eq!(verdict(&[[1, 6, 7], a, a, a, a]), InputStatus::FlatLine);
        assert_eq!(
            verdict(&[a, a, [1, 6, 7], a, a]),
            InputStatus::Accepted,
            "a different sample ends the run"
        );
    }

    #[test]
    fn values_at_the_limits_are_saturated() {
        let samples = [[2000, 1, 2], [-2000, 3, 4], [2000, 5, 6]];
        assert_eq!(verdict(&samples), InputStatus::Saturated);
        assert_eq!(
            verdict(&[[2000, 1, 2], [7, 3, 4]]),
            InputStatus::Accepted,
            "a sixth is under a quarter"
        );
    }

    #[test]
    fn the_oldest_sample_counts() {
        let mut checker = InputChecker::new(CHECKS, 3);
        checker.sample(&[1, 2, 3]);
        checker.age(100);
        assert_eq!(checker.finish(), InputStatus::Accepted);
        checker.age(101);
        checker.age(3);
        assert_eq!(
            checker.finish(),
            InputStatus::Stale,
            "a later fresh sample does not help"
        );
    }

    #[test]
    fn window_bytes_follow_the_sensor() {
        let mut contract = InputContract {
            sensor: SensorKind::Accelerometer,
            samples: 128,
            channels: 3,
            sample_period_us: 40_000,
            checks: CHECKS,
        };
        assert_eq!(contract.window_bytes(), 768);
        assert_eq!(contract.window_ms(), 5120);
        contract.sensor = SensorKind::Tensor;
        assert_eq!(contract.window_bytes(), 384);
        contract.sensor = SensorKind::Int16Tensor;
        assert_eq!(contract.window_bytes(), 768);
    }

    #[test]
    fn a_second_of_sound_takes_a_second() {
        let contract = InputContract {
            sensor: SensorKind::Microphone,
            samples: 16_000,
            channels: 1,
            sample_period_us: 0,
            checks: CHECKS,
        };
        assert_eq!(contract.window_bytes(), 32_000);
        assert_eq!(contract.window_ms(), 1000);
    }
}
