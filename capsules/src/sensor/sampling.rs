//! Filling a window: from the accelerometer at the manifest's pace, from recorded
//! tensors or the microphone as the process asks, or with the golden input.

use super::commitment::commitment;
use super::driver::{Active, Progress, Sensor, AXES};
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
    /// Fills a slice whose content is all there. Returns the verdict if the window is over.
    fn fill(&self, active: &Active) -> Result<Option<InputStatus>, ErrorCode> {
        let mut chunk = Secret::<CHUNK>::zeroed();
        loop {
            let Progress { taken, end, .. } = self.progress.get();
            let wanted = CHUNK.min(end.saturating_sub(taken));
            if wanted == 0 {
                break;
            }
            let out = chunk
                .expose_mut()
                .get_mut(..wanted)
                .ok_or(ErrorCode::FAIL)?;
            let got = self.supply(active, taken, out);
            let bytes = out.get(..got).ok_or(ErrorCode::FAIL)?;
            self.hand_over(active.process, bytes)?;
            if active.job.kind == Kind::Answer {
                self.check(active.contract.sensor, bytes);
            }
            if got < wanted {
                return Ok(Some(InputStatus::Silent));
            }
        }
        Ok(if !self.is_whole(active) {
            None
        } else if active.job.kind == Kind::SelfTest {
            Some(InputStatus::Accepted)
        } else {
            Some(self.verdict())
        })
    }

    /// The window's content from an offset on, or what there is of it: returns how much.
    fn supply(&self, active: &Active, offset: usize, out: &mut [u8]) -> usize {
        let sensor = active.contract.sensor;
        match (active.job.kind, sensor) {
            (Kind::SelfTest, _) => self.model.golden().map_or(0, |golden| {
                for (place, index) in out.iter_mut().zip(offset..) {
                    *place = golden.rule.byte(sensor, index);
                }
                out.len()
            }),
            (Kind::Answer, SensorKind::Microphone) => {
                self.sources.microphone.read(out).unwrap_or(0)
            }
            (Kind::Answer, _) => self.sources.tensors.read(out).unwrap_or(0),
        }
    }

    fn is_whole(&self, active: &Active) -> bool {
        self.progress.get().taken >= active.contract.window_bytes()
    }

    /// Shows the checker values, each as a sample of its own.
    fn check(&self, sensor: SensorKind, bytes: &[u8]) {
        self.checker.map(|checker| match sensor.value_bytes() {
            1 => checker.single_values(bytes.iter().map(|byte| i16::from(*byte as i8))),
            _ => checker.single_values(
                bytes
                    .as_chunks()
                    .0
                    .iter()
                    .map(|value| i16::from_le_bytes(*value)),
            ),
        });
    }

    /// Asks the accelerometer for the next sample.
    fn ask(&self) {
        let now = self.alarm.now();
        self.asked.set(true);
        self.alarm
            .set_alarm(now, self.alarm.ticks_from_ms(SILENCE_MS));
        match self.sources.accelerometer.read_accelerometer() {
            // Busy with a sample that an earlier window asked for: it will do.
            Ok(()) | Err(ErrorCode::BUSY) => {}
            Err(_) => self.finish(Ok(InputStatus::Silent)),
        }
    }

    /// Hands a sample over. Returns the verdict after the last one.
    fn sample(
        &self,
        active: &Active,
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
        self.hand_over(active.process, bytes)?;
        self.checker.map(|checker| {
            checker.age(age_ms);
            checker.sample(values);
        });
        Ok(self.is_whole(active).then(|| self.verdict()))
    }

    fn slice_bytes(&self) -> usize {
        let Progress { start, end, .. } = self.progress.get();
        end.saturating_sub(start)
    }

    fn verdict(&self) -> InputStatus {
        self.checker
            .map_or(InputStatus::Silent, |checker| checker.finish())
    }

    /// Ends the window: commits to what was handed over, takes it back if it was
    /// rejected, and tells the process and the job.
    fn finish(&self, result: Result<InputStatus, ErrorCode>) {
        let Some((active, samples)) = self.stop() else {
            return;
        };
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
                self.wipe(active.process);
                self.announce(active.process, (error as usize, 0, 0));
                return;
            }
        };
        let bytes = if status == InputStatus::Accepted {
            self.slice_bytes()
        } else {
            self.wipe(active.process);
            0
        };
        self.announce(active.process, (0, bytes, status as usize));
        let source = match (active.job.kind, active.contract.sensor) {
            (Kind::SelfTest, _) => InputSource::Golden,
            (Kind::Answer, SensorKind::Accelerometer) => InputSource::Accelerometer,
            (Kind::Answer, SensorKind::Tensor | SensorKind::Int16Tensor) => {
                InputSource::InjectedTensor
            }
            (Kind::Answer, SensorKind::Microphone) => InputSource::Microphone,
        };
        self.work.input(
            active.job.generation,
            Input {
                source,
                commitment,
                first_sample: active.first_sample,
                samples,
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
        if (active.job.kind, active.contract.sensor) == (Kind::Answer, SensorKind::Accelerometer) {
            self.due.set(self.alarm.now());
            self.ask();
            return;
        }
        match self.fill(&active) {
            Ok(None) => self.announce(active.process, (0, self.slice_bytes(), 0)),
            Ok(Some(status)) => self.finish(Ok(status)),
            Err(error) => self.finish(Err(error)),
        }
    }

    fn register(&'static self) {
        self.deferred_call.register(self);
    }
}

impl<'a, A: Alarm<'a>> NineDofClient for Sensor<'a, A> {
    fn callback(&self, x: usize, y: usize, z: usize) {
        let was_asked = self.asked.replace(false);
        let Some(active) = self.active.get().filter(|_| was_asked) else {
            return;
        };
        // From when it was due: a sample that was asked for too late is no better than
        // one that came too late.
        let late = self.alarm.now().wrapping_sub(self.due.get());
        let age_ms = self.alarm.ticks_to_ms(late);
        match self.sample(&active, [x, y, z].map(milli_g), age_ms) {
            Ok(None) => {
                // Each sample is due one period after the last one was due, not after
                // it came: delays do not add up.
                let period = self.alarm.ticks_from_us(active.contract.sample_period_us);
                let due = self.due.get();
                self.due.set(due.wrapping_add(period));
                self.alarm.set_alarm(due, period);
            }
            Ok(Some(status)) => self.finish(Ok(status)),
            Err(error) => self.finish(Err(error)),
        }
    }
}

impl<'a, A: Alarm<'a>> AlarmClient for Sensor<'a, A> {
    fn alarm(&self) {
        if self.active.get().is_none() {
            return;
        }
        if self.asked.get() {
            self.finish(Ok(InputStatus::Silent));
        } else {
            self.ask();
        }
    }
}

/// The value of an axis: a 32-bit two's complement number in the HIL's `usize`, kept
/// within 16 bits. What lies beyond is at a limit, and so out of range or saturated.
fn milli_g(value: usize) -> i16 {
    let value = value as u32 as i32;
    value.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}
