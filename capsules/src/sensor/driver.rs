//! The sensor driver's system calls.

use crate::hil::{Microphone, TensorReplay};
use crate::keys::Keys;
use crate::model::ActiveModel;
use crate::work::{Job, Kind, Work};
use anchorhold_crypto::digest::Sha256;
use anchorhold_policy::{InputChecker, InputContract, SensorKind};
use core::cell::Cell;
use kernel::deferred_call::DeferredCall;
use kernel::grant::{AllowRoCount, AllowRwCount, Grant, UpcallCount};
use kernel::hil::sensors::NineDof;
use kernel::hil::time::Alarm;
use kernel::processbuffer::{ReadableProcessBuffer, WriteableProcessBuffer};
use kernel::syscall::{CommandReturn, SyscallDriver};
use kernel::utilities::cells::MapCell;
use kernel::{ErrorCode, ProcessId};

/// Axes of an accelerometer sample.
pub(super) const AXES: usize = 3;

/// Numbers of the commands.
mod command {
    pub const EXISTS: usize = 0;
    pub const READ: usize = 1;
    pub const WINDOW: usize = 2;
}

/// Numbers of the upcalls.
pub(super) mod upcall {
    /// (status, bytes handed over, input status).
    pub const SLICE: usize = 0;
    pub const COUNT: u8 = 1;
}

/// Numbers of the writable buffers.
pub(super) mod rw_allow {
    /// A window, or a slice of one.
    pub const SLICE: usize = 0;
    pub const COUNT: u8 = 1;
}

/// The window that is being filled.
#[derive(Clone, Copy)]
pub(super) struct Active {
    pub process: ProcessId,
    pub job: Job,
    pub contract: InputContract,
    /// Number of the window's first sample since boot.
    pub first_sample: u64,
}

/// How far the window is, in bytes from its start.
#[derive(Clone, Copy, Default)]
pub(super) struct Progress {
    /// What was handed over.
    pub taken: usize,
    /// The slice that the process asked for.
    pub start: usize,
    pub end: usize,
}

/// The grant of the driver, which keeps nothing but what the kernel keeps in it.
pub type SensorGrant =
    Grant<(), UpcallCount<{ upcall::COUNT }>, AllowRoCount<0>, AllowRwCount<{ rw_allow::COUNT }>>;

/// Where input comes from; which of them, a model's manifest says.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// A motion sensor, whose client the driver is to be.
    pub accelerometer: &'a dyn NineDof<'a>,
    /// Recorded tensors.
    pub tensors: &'a dyn TensorReplay,
    /// A microphone.
    pub microphone: &'a dyn Microphone,
}

/// The sensor driver.
pub struct Sensor<'a, A: Alarm<'a>> {
    pub(super) sources: Sources<'a>,
    pub(super) alarm: &'a A,
    pub(super) keys: &'a Keys<'a>,
    pub(super) model: &'a ActiveModel,
    pub(super) work: &'a Work<'a>,
    pub(super) apps: SensorGrant,
    pub(super) deferred_call: DeferredCall,
    pub(super) active: Cell<Option<Active>>,
    pub(super) progress: Cell<Progress>,
    pub(super) checker: MapCell<InputChecker>,
    pub(super) digest: MapCell<Sha256>,
    /// Whether a sample was asked for and is awaited.
    pub(super) asked: Cell<bool>,
    /// When the latest sample was due.
    pub(super) due: Cell<A::Ticks>,
    /// Samples since boot.
    pub(super) samples: Cell<u64>,
}

impl<'a, A: Alarm<'a>> Sensor<'a, A> {
    /// A driver over these sources. It is a client of the accelerometer and of the
    /// alarm, and has a deferred call to register.
    pub fn new(
        sources: Sources<'a>,
        alarm: &'a A,
        keys: &'a Keys<'a>,
        model: &'a ActiveModel,
        work: &'a Work<'a>,
        grant: SensorGrant,
    ) -> Sensor<'a, A> {
        Sensor {
            sources,
            alarm,
            keys,
            model,
            work,
            apps: grant,
            deferred_call: DeferredCall::new(),
            active: Cell::new(None),
            progress: Cell::default(),
            checker: MapCell::empty(),
            digest: MapCell::empty(),
            asked: Cell::new(false),
            due: Cell::new(A::Ticks::from(0)),
            samples: Cell::new(0),
        }
    }

    /// Begins the window of the job in hand, or goes on with it. The process's buffer is
    /// filled from a deferred call on.
    fn read(&self, process: ProcessId, generation: usize) -> Result<(), ErrorCode> {
        let contract = self.model.input().ok_or(ErrorCode::NODEVICE)?;
        if contract.sensor == SensorKind::Accelerometer && usize::from(contract.channels) > AXES {
            return Err(ErrorCode::NOSUPPORT);
        }
        let length = self.apps.enter(process, |_, kernel| {
            kernel
                .get_readwrite_processbuffer(rw_allow::SLICE)
                .map_or(0, |buffer| buffer.len())
        })?;
        let generation = u32::try_from(generation).map_err(|_| ErrorCode::INVAL)?;
        let is_begun = self
            .active
            .get()
            .is_some_and(|active| active.process == process && active.job.generation == generation);
        let Progress { taken, end, .. } = match is_begun {
            true => self.progress.get(),
            false => Progress::default(),
        };
        if taken < end {
            return Err(ErrorCode::ALREADY);
        }
        let rest = contract.window_bytes().saturating_sub(taken);
        if !is_slice(contract.sensor, contract.sample_bytes(), rest, length) {
            return Err(ErrorCode::SIZE);
        }
        if is_begun {
            self.work.open_job(process, generation)?;
        } else {
            self.begin(contract, process, generation)?;
        }
        self.progress.set(Progress {
            taken,
            start: taken,
            end: taken.saturating_add(length),
        });
        self.deferred_call.set();
        Ok(())
    }

    /// Begins a window.
    fn begin(
        &self,
        contract: InputContract,
        process: ProcessId,
        generation: u32,
    ) -> Result<(), ErrorCode> {
        let job = self.work.begin_input(process, generation)?;
        // A window that was still being filled belongs to a job that is over.
        self.stop();
        // The values of a tensor have no sample rate: each counts as a sample.
        let channels = match contract.sensor {
            SensorKind::Tensor | SensorKind::Int16Tensor => 1,
            _ => contract.channels,
        };
        self.checker
            .replace(InputChecker::new(contract.checks, channels));
        self.digest.replace(Sha256::new());
        self.active.set(Some(Active {
            process,
            job,
            contract,
            first_sample: self.samples.get(),
        }));
        Ok(())
    }

    /// Ends the window in hand, whether it is whole or not, and counts its samples.
    /// Returns it and how many samples it has.
    pub(super) fn stop(&self) -> Option<(Active, u32)> {
        let _ = self.alarm.disarm();
        self.asked.set(false);
        let active = self.active.take()?;
        let taken = self.progress.get().taken;
        let samples = taken.checked_div(active.contract.sample_bytes())? as u32;
        if active.job.kind == Kind::Answer {
            self.samples
                .set(active.first_sample.saturating_add(samples.into()));
        }
        Some((active, samples))
    }

    /// Hands the next bytes of the window over.
    ///
    /// # Errors
    /// `SIZE` when the buffer is no longer the size of the slice, `NODEVICE` when the
    /// process is gone.
    pub(super) fn hand_over(&self, process: ProcessId, bytes: &[u8]) -> Result<(), ErrorCode> {
        let mut progress = self.progress.get();
        let Progress { taken, start, end } = progress;
        progress.taken = taken.saturating_add(bytes.len());
        let place = taken.saturating_sub(start)..progress.taken.saturating_sub(start);
        self.apps
            .enter(process, |_, kernel| {
                kernel
                    .get_readwrite_processbuffer(rw_allow::SLICE)
                    .and_then(|buffer| {
                        buffer.mut_enter(|slice| {
                            if slice.len() != end.saturating_sub(start) {
                                return Err(ErrorCode::SIZE);
                            }
                            slice
                                .get(place)
                                .ok_or(ErrorCode::SIZE)?
                                .copy_from_slice_or_err(bytes)
                        })
                    })
                    .unwrap_or(Err(ErrorCode::SIZE))
            })
            .map_err(|_| ErrorCode::NODEVICE)??;
        self.digest.map(|digest| digest.update(bytes));
        self.progress.set(progress);
        Ok(())
    }

    /// Wipes the process's buffer.
    pub(super) fn wipe(&self, process: ProcessId) {
        let _ = self.apps.enter(process, |_, kernel| {
            kernel
                .get_readwrite_processbuffer(rw_allow::SLICE)
                .and_then(|buffer| {
                    buffer.mut_enter(|slice| slice.iter().for_each(|byte| byte.set(0)))
                })
        });
    }

    /// Tells the process how its slice ended.
    pub(super) fn announce(&self, process: ProcessId, arguments: (usize, usize, usize)) {
        let _ = self.apps.enter(process, |_, kernel| {
            kernel.schedule_upcall(upcall::SLICE, arguments)
        });
    }
}

impl<'a, A: Alarm<'a>> SyscallDriver for Sensor<'a, A> {
    fn command(
        &self,
        command: usize,
        generation: usize,
        _: usize,
        process: ProcessId,
    ) -> CommandReturn {
        if command == command::EXISTS {
            return CommandReturn::success();
        }
        if !self.work.is_inference(process) {
            return CommandReturn::failure(ErrorCode::NOSUPPORT);
        }
        match command {
            command::READ => self.read(process, generation).into(),
            command::WINDOW => match self.model.input() {
                Some(contract) => CommandReturn::success_u32_u32(
                    contract.window_bytes() as u32,
                    contract.sensor as u32,
                ),
                None => CommandReturn::failure(ErrorCode::NODEVICE),
            },
            _ => CommandReturn::failure(ErrorCode::NOSUPPORT),
        }
    }

    fn allocate_grant(&self, process: ProcessId) -> Result<(), kernel::process::Error> {
        self.apps.enter(process, |_, _| {})
    }
}

/// Whether a buffer of this length can take a slice of the bytes that are left of a
/// window: whole samples, and no more than there are. The accelerometer's pace leaves a
/// process no time in between, so its windows are whole.
fn is_slice(sensor: SensorKind, sample_bytes: usize, rest: usize, length: usize) -> bool {
    match sensor {
        SensorKind::Accelerometer => length == rest,
        _ => (1..=rest).contains(&length) && length.is_multiple_of(sample_bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::is_slice;
    use anchorhold_policy::SensorKind::{Accelerometer, Microphone, Tensor};

    #[test]
    fn slices_are_whole_samples_of_what_is_left() {
        for (rest, length, expected) in [
            (20, 20, true),
            (20, 2, true),
            (20, 22, false),
            (20, 3, false),
            (20, 0, false),
            (0, 0, false),
            (0, 2, false),
        ] {
            assert_eq!(is_slice(Microphone, 2, rest, length), expected);
        }
        assert!(is_slice(Tensor, 3, 30, 27));
        assert!(!is_slice(Tensor, 3, 30, 4));
    }

    #[test]
    fn a_window_of_the_accelerometer_is_one_slice() {
        assert!(is_slice(Accelerometer, 6, 60, 60));
        assert!(!is_slice(Accelerometer, 6, 60, 54));
    }
}
