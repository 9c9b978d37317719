//! The sensor driver's system calls.

use crate::hil::TensorReplay;
use crate::keys::Keys;
use crate::model::ActiveModel;
use crate::work::{Job, Work};
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
    pub const READ_WINDOW: usize = 1;
    pub const WINDOW_BYTES: usize = 2;
}

/// Numbers of the upcalls.
pub(super) mod upcall {
    /// (status, bytes handed over, input status).
    pub const WINDOW: usize = 0;
    pub const COUNT: u8 = 1;
}

/// Numbers of the writable buffers.
pub(super) mod rw_allow {
    /// Exactly one window.
    pub const WINDOW: usize = 0;
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
    /// Samples handed over so far.
    pub taken: u16,
}

/// The grant of the driver, which keeps nothing but what the kernel keeps in it.
pub type SensorGrant =
    Grant<(), UpcallCount<{ upcall::COUNT }>, AllowRoCount<0>, AllowRwCount<{ rw_allow::COUNT }>>;

/// The sensor driver.
pub struct Sensor<'a, A: Alarm<'a>> {
    pub(super) accelerometer: &'a dyn NineDof<'a>,
    pub(super) tensors: &'a dyn TensorReplay,
    pub(super) alarm: &'a A,
    pub(super) keys: &'a Keys<'a>,
    pub(super) model: &'a ActiveModel,
    pub(super) work: &'a Work<'a>,
    pub(super) apps: SensorGrant,
    pub(super) deferred_call: DeferredCall,
    pub(super) active: Cell<Option<Active>>,
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
    /// A driver over these sensors. It is a client of the accelerometer and of the
    /// alarm, and has a deferred call to register.
    pub fn new(
        accelerometer: &'a dyn NineDof<'a>,
        tensors: &'a dyn TensorReplay,
        alarm: &'a A,
        keys: &'a Keys<'a>,
        model: &'a ActiveModel,
        work: &'a Work<'a>,
        grant: SensorGrant,
    ) -> Sensor<'a, A> {
        Sensor {
            accelerometer,
            tensors,
            alarm,
            keys,
            model,
            work,
            apps: grant,
            deferred_call: DeferredCall::new(),
            active: Cell::new(None),
            checker: MapCell::empty(),
            digest: MapCell::empty(),
            asked: Cell::new(false),
            due: Cell::new(A::Ticks::from(0)),
            samples: Cell::new(0),
        }
    }

    /// Begins a window for the job in hand. It is filled from a deferred call on.
    fn read_window(&self, process: ProcessId, generation: usize) -> Result<(), ErrorCode> {
        let contract = self.model.input().ok_or(ErrorCode::NODEVICE)?;
        if contract.sensor == SensorKind::Accelerometer && usize::from(contract.channels) > AXES {
            return Err(ErrorCode::NOSUPPORT);
        }
        let length = self.apps.enter(process, |_, kernel| {
            kernel
                .get_readwrite_processbuffer(rw_allow::WINDOW)
                .map_or(0, |buffer| buffer.len())
        })?;
        if length != contract.window_bytes() {
            return Err(ErrorCode::SIZE);
        }
        let generation = u32::try_from(generation).map_err(|_| ErrorCode::INVAL)?;
        let job = self.work.begin_input(process, generation)?;

        // A window that was still being filled belongs to a job that is over.
        let _ = self.alarm.disarm();
        self.asked.set(false);
        // The values of a tensor have no sample rate: each counts as a sample.
        let channels = match contract.sensor {
            SensorKind::Accelerometer => contract.channels,
            SensorKind::Tensor => 1,
        };
        self.checker
            .replace(InputChecker::new(contract.checks, channels));
        self.digest.replace(Sha256::new());
        self.active.set(Some(Active {
            process,
            job,
            contract,
            first_sample: self.samples.get(),
            taken: 0,
        }));
        self.deferred_call.set();
        Ok(())
    }

    /// Copies a part of the window into the process's buffer.
    ///
    /// # Errors
    /// `SIZE` when the buffer is no longer the size of the window, `NODEVICE` when
    /// the process is gone.
    pub(super) fn hand_over(
        &self,
        active: &Active,
        offset: usize,
        bytes: &[u8],
    ) -> Result<(), ErrorCode> {
        let end = offset.checked_add(bytes.len()).ok_or(ErrorCode::SIZE)?;
        self.apps
            .enter(active.process, |_, kernel| {
                kernel
                    .get_readwrite_processbuffer(rw_allow::WINDOW)
                    .and_then(|buffer| {
                        buffer.mut_enter(|window| {
                            if window.len() != active.contract.window_bytes() {
                                return Err(ErrorCode::SIZE);
                            }
                            window
                                .get(offset..end)
                                .ok_or(ErrorCode::SIZE)?
                                .copy_from_slice_or_err(bytes)
                        })
                    })
                    .unwrap_or(Err(ErrorCode::SIZE))
            })
            .map_err(|_| ErrorCode::NODEVICE)?
    }

    /// Wipes the window in the process's buffer.
    pub(super) fn wipe(&self, active: &Active) {
        let _ = self.apps.enter(active.process, |_, kernel| {
            kernel
                .get_readwrite_processbuffer(rw_allow::WINDOW)
                .and_then(|buffer| {
                    buffer.mut_enter(|window| window.iter().for_each(|byte| byte.set(0)))
                })
        });
    }

    /// Tells the process how its window ended.
    pub(super) fn announce(&self, process: ProcessId, arguments: (usize, usize, usize)) {
        let _ = self.apps.enter(process, |_, kernel| {
            kernel.schedule_upcall(upcall::WINDOW, arguments)
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
            command::READ_WINDOW => self.read_window(process, generation).into(),
            command::WINDOW_BYTES => match self.model.input() {
                Some(contract) => CommandReturn::success_u32(contract.window_bytes() as u32),
                None => CommandReturn::failure(ErrorCode::NODEVICE),
            },
            _ => CommandReturn::failure(ErrorCode::NOSUPPORT),
        }
    }

    fn allocate_grant(&self, process: ProcessId) -> Result<(), kernel::process::Error> {
        self.apps.enter(process, |_, _| {})
    }
}
