//! Filling a window: from the accelerometer at the manifest's pace, from recorded
//! tensors or the microphone as the process asks, or with the golden input.

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

/// Bytes that are copied at once when all of a slice is at hand.
const CHUNK: usize = 64;

impl<'a, A: Alarm<'a>> Sensor<'a, A> {
    /// Fills a slice whose content is all there, and ends the window with its last one.
    fn fill(&self, active: Active, source: impl FnMut(usize, &mut [u8]) -> usize) {
        match self.copy(active, source) {
            Ok(None) => self.announce(active.process, (0, active.end - active.start, 0)),
            Ok(Some(status)) => self.finish(&active, Ok(status)),
            Err(error) => self.finish(&active, Err(error)),
        }
    }

    /// Fills a slice. Returns the verdict if the window is over.
    fn copy(
        &self,
        mut active: Active,
        mut source: impl FnMut(usize, &mut [u8]) -> usize,
    ) -> Result<Option<InputStatus>, ErrorCode> {
        let mut chunk = Secret::<CHUNK>::zeroed();
        while active.taken < active.end {
            let wanted = CHUNK.min(active.end.saturating_sub(active.taken));
            let wanted = chunk
                .expose_mut()
                .get_mut(..wanted)
                .ok_or(ErrorCode::FAIL)?;
            let got = source(active.taken, wanted);
            let is_all = got == wanted.len();
            let bytes = wanted.get(..got).ok_or(ErrorCode::FAIL)?;
            self.hand_over(&mut active, bytes)?;
            if active.job.kind == Kind::Answer {
                self.check(active.contract.sensor, bytes);
            }
            if !is_all {
                return Ok(Some(InputStatus::Silent));
            }
        }
        Ok(if active.taken < active.contract.window_bytes() {
            None
        } else if active.job.kind == Kind::SelfTest {
            Some(InputStatus::Accepted)
        } else {
            Some(self.verdict())
        })
    }

    /// Shows the checker values, each as a sample of its own.
    fn check(&self, sensor: SensorKind, bytes: &[u8]) {
        self.checker.map(|checker| {
            for value in bytes.chunks_exact(sensor.value_bytes()) {
                checker.sample(&[match *value {
                    [low, high] => i16::from_le_bytes([low, high]),
                    [byte] => i16::from(byte as i8),
                    _ => 0,
                }]);
            }
        });
    }

    /// Asks the accelerometer for the next sample.
    fn ask(&self, active: &Active) {
        let now = self.alarm.now();
        self.asked.set(true);
        self.alarm
            .set_alarm(now, self.alarm.ticks_from_ms(SILENCE_MS));
        match self.sources.accelerometer.read_accelerometer() {
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
        self.hand_over(active, bytes)?;
        self.checker.map(|checker| {
            checker.age(age_ms);
            checker.sample(values);
        });
        Ok((active.taken >= active.end).then(|| self.verdict()))
    }

    fn verdict(&self) -> InputStatus {
        self.checker
            .map_or(InputStatus::Silent, |checker| checker.finish())
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
            active.end - active.start
        } else {
            self.wipe(&active);
            0
        };
        self.announce(active.process, (0, bytes, status as usize));
        let source = match (active.job.kind, active.contract.sensor) {
            (Kind::SelfTest, _) => InputSource::Golden,
            (Kind::Answer, SensorKind::Accelerometer) => InputSource::Accelerometer,
            (Kind::Answer, SensorKind::Tensor) => InputSource::InjectedTensor,
            (Kind::Answer, SensorKind::Microphone) => InputSource::Microphone,
        };
        self.work.input(
            active.job.generation,
            Input {
                source,
                commitment,
                first_sample: active.first_sample,
                samples: active.samples(),
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
                self.fill(active, |offset, out| {
                    for (place, index) in out.iter_mut().zip(offset..) {
                        *place = golden.rule.byte(sensor, index);
                    }
                    out.len()
                });
            }
            (Kind::Answer, SensorKind::Tensor) => {
                self.fill(active, |_, out| self.sources.tensors.read(out).unwrap_or(0));
            }
            (Kind::Answer, SensorKind::Microphone) => {
                self.fill(active, |_, out| {
                    self.sources.microphone.read(out).unwrap_or(0)
                });
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
