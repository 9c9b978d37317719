//! Filling a window: from the accelerometer at the manifest's pace, from recorded
//! tensors, or with the golden input.

use super::commitment::commitment;
use super::driver::{Active, Sensor, AXES};
use crate::work::Kind;
use anchorhold_crypto::digest::Sha256;
use anchorhold_crypto::Secret;
use anchorhold_evidence::{Input, InputSource};
use anchorhold_policy::{InputStatus, SensorKind};
use kernel::deferred_call::DeferredCallClient;
use kernel::hil::sensors::NineDofClient;
use kernel::hil::time::{Alarm, AlarmClient, ConvertTicks, Ticks};
use kernel::ErrorCode;

/// How long a sensor may take for one sample before it counts as silent, in milliseconds.
const SILENCE_MS: u32 = 250;

/// Bytes that are copied at once when the whole window is at hand.
const CHUNK: usize = 64;

impl<'a, A: Alarm<'a>> Sensor<'a, A> {
    /// Fills a window whose content is all there.
    fn fill(
        &self,
        mut active: Active,
        mut source: impl FnMut(usize, &mut [u8]) -> usize,
    ) -> Result<InputStatus, ErrorCode> {
        let length = active.contract.window_bytes();
        let sample_bytes = usize::from(active.contract.channels)
            .saturating_mul(active.contract.sensor.value_bytes());
        let mut offset = 0;
        let mut chunk = Secret::<CHUNK>::zeroed();
        while offset < length {
            let wanted = CHUNK.min(length.saturating_sub(offset));
            let wanted = chunk
                .expose_mut()
                .get_mut(..wanted)
                .ok_or(ErrorCode::FAIL)?;
            let got = source(offset, wanted);
            let bytes = wanted.get(..got).ok_or(ErrorCode::FAIL)?;
            self.hand_over(&active, offset, bytes)?;
            self.digest.map(|digest| digest.update(bytes));
            if active.job.kind == Kind::Answer {
                self.check_tensor(bytes);
            }
            offset = offset.saturating_add(got);
            active.taken = offset
                .checked_div(sample_bytes)
                .and_then(|taken| u16::try_from(taken).ok())
                .unwrap_or(active.contract.samples);
            self.active.set(Some(active));
            if got < CHUNK {
                break;
            }
        }
        Ok(if offset < length {
            InputStatus::Silent
        } else if active.job.kind == Kind::SelfTest {
            InputStatus::Accepted
        } else {
            self.verdict()
        })
    }

    /// Shows the checker the values of a tensor, each as a sample of its own.
    fn check_tensor(&self, bytes: &[u8]) {
        self.checker.map(|checker| {
            for &byte in bytes {
                checker.sample(&[i16::from(byte as i8)]);
            }
        });
    }

    /// Asks the accelerometer for the next sample.
    fn ask(&self, active: &Active) {
        let now = self.alarm.now();
        self.asked.set(true);
        self.alarm
            .set_alarm(now, self.alarm.ticks_from_ms(SILENCE_MS));
        match self.accelerometer.read_accelerometer() {
            // Busy with a sample that an earlier window asked for: it will do.
            Ok(()) | Err(ErrorCode::BUSY) => {}
            Err(_) => self.finish(active, Ok(InputStatus::Silent)),
        }
    }

    /// Hands a sample over. Returns the verdict after the last one.
    fn sample(
        &self,
        active: &mut Active,
        values: [i16; AXES],
        age_ms: u32,
    ) -> Result<Option<InputStatus>, ErrorCode> {
        let channels = usize::from(active.contract.channels).min(AXES);
        let values = values.get(..channels).unwrap_or(&[]);
        let mut bytes = [0; 2 * AXES];
        for (place, value) in bytes.chunks_exact_mut(2).zip(values) {
            place.copy_from_slice(&value.to_le_bytes());
        }
        let bytes = bytes.get(..2 * channels).unwrap_or(&[]);
        let offset = usize::from(active.taken).saturating_mul(bytes.len());
        self.hand_over(active, offset, bytes)?;
        self.digest.map(|digest| digest.update(bytes));
        self.checker.map(|checker| {
            checker.age(age_ms);
            checker.sample(values);
        });
        self.count_samples(1);
        active.taken = active.taken.saturating_add(1);
        self.active.set(Some(*active));
        Ok((active.taken >= active.contract.samples).then(|| self.verdict()))
    }

    fn verdict(&self) -> InputStatus {
        self.checker
            .map_or(InputStatus::Silent, |checker| checker.finish())
    }

    fn count_samples(&self, count: u16) {
        self.samples
            .set(self.samples.get().saturating_add(u64::from(count)));
    }

    /// Ends the window: commits to what was handed over, takes it back if it was
    /// rejected, and tells the process and the job.
    fn finish(&self, active: &Active, result: Result<InputStatus, ErrorCode>) {
        let _ = self.alarm.disarm();
        self.asked.set(false);
        let active = self.active.take().unwrap_or(*active);
        self.checker.take();
        let digest = self.digest.map(|digest| {
            let finished = digest.clone().finish();
            // Dropped in its cell, it is wiped there; moved out, it would leave the last
            // samples behind.
            *digest = Sha256::new();
            finished
        });
        let result = result.and_then(|status| {
            let digest = digest.ok_or(ErrorCode::FAIL)?;
            let commitment = commitment(self.keys, active.job.counter, &digest)?;
            Ok((status, commitment))
        });
        let (status, commitment) = match result {
            Ok(result) => result,
            Err(error) => {
                self.wipe(&active);
                self.announce(active.process, (error as usize, 0, 0));
                return;
            }
        };
        let bytes = if status == InputStatus::Accepted {
            active.contract.window_bytes()
        } else {
            self.wipe(&active);
            0
        };
        self.announce(active.process, (0, bytes, status as usize));
        let source = match (active.job.kind, active.contract.sensor) {
            (Kind::SelfTest, _) => InputSource::Golden,
            (Kind::Answer, SensorKind::Accelerometer) => InputSource::Accelerometer,
            (Kind::Answer, SensorKind::Tensor) => InputSource::InjectedTensor,
        };
        self.work.input(
            active.job.generation,
            Input {
                source,
                commitment,
                first_sample: active.first_sample,
                samples: u32::from(active.taken),
                status,
            },
        );
    }
}

impl<'a, A: Alarm<'a>> DeferredCallClient for Sensor<'a, A> {
    fn handle_deferred_call(&self) {
        let Some(active) = self.active.get() else {
            return;
        };
        let sensor = active.contract.sensor;
        match (active.job.kind, sensor) {
            (Kind::SelfTest, _) => {
                let Some(golden) = self.model.golden() else {
                    return;
                };
                let result = self.fill(active, |offset, out| {
                    for (place, index) in out.iter_mut().zip(offset..) {
                        *place = golden.rule.byte(sensor, index);
                    }
                    out.len()
                });
                self.finish(&active, result);
            }
            (Kind::Answer, SensorKind::Tensor) => {
                let result = self.fill(active, |_, out| self.tensors.read(out).unwrap_or(0));
                self.count_samples(self.active.get().map_or(0, |active| active.taken));
                self.finish(&active, result);
            }
            (Kind::Answer, SensorKind::Accelerometer) => {
                self.due.set(self.alarm.now());
                self.ask(&active);
            }
        }
    }

    fn register(&'static self) {
        self.deferred_call.register(self);
    }
}

impl<'a, A: Alarm<'a>> NineDofClient for Sensor<'a, A> {
    fn callback(&self, x: usize, y: usize, z: usize) {
        let was_asked = self.asked.replace(false);
        let Some(mut active) = self.active.get().filter(|_| was_asked) else {
            return;
        };
        // From when it was due: a sample that was asked for too late is no better than
        // one that came too late.
        let late = self.alarm.now().wrapping_sub(self.due.get());
        let age_ms = self.alarm.ticks_to_ms(late);
        match self.sample(&mut active, [x, y, z].map(milli_g), age_ms) {
            Ok(None) => {
                // Each sample is due one period after the last one was due, not after
                // it came: delays do not add up.
                let period = self.alarm.ticks_from_us(active.contract.sample_period_us);
                let due = self.due.get();
                self.due.set(due.wrapping_add(period));
                self.alarm.set_alarm(due, period);
            }
            Ok(Some(status)) => self.finish(&active, Ok(status)),
            Err(error) => self.finish(&active, Err(error)),
        }
    }
}

impl<'a, A: Alarm<'a>> AlarmClient for Sensor<'a, A> {
    fn alarm(&self) {
        let Some(active) = self.active.get() else {
            return;
        };
        if self.asked.get() {
            self.finish(&active, Ok(InputStatus::Silent));
        } else {
            self.ask(&active);
        }
    }
}

/// The value of an axis: a 32-bit two's complement number in the HIL's `usize`, kept
/// within 16 bits. What lies beyond is at a limit, and so out of range or saturated.
fn milli_g(value: usize) -> i16 {
    let value = value as u32 as i32;
    value.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}
