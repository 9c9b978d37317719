//! The sensor driver, which serves the inference process only (driver 0xA0002).

use core::cell::Cell;
use core::marker::PhantomData;

use libtock_platform::{share, AllowRw, DefaultConfig, ErrorCode, Subscribe, Syscalls};

use crate::upcall::wait;
use crate::worker::Work;

/// Driver number.
const DRIVER: u32 = 0xA0002;

/// Command numbers.
mod command {
    pub const READ: u32 = 1;
    pub const WINDOW: u32 = 2;
}

/// Read-write buffer: where a slice of the window goes.
const SLICE: u32 = 0;
/// Upcall: the slice is complete, or will not be.
const DONE: u32 = 0;

/// The sensor driver: fills windows with samples as the model's manifest asks.
pub struct Sensor<S: Syscalls>(PhantomData<S>);

/// What a window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its length in bytes.
    pub bytes: usize,
    /// What it holds.
    pub sensor: SensorKind,
}

/// Which sensor a window comes from; the discriminants are the kernel's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SensorKind {
    /// 16-bit samples of an accelerometer, little-endian.
    Accelerometer = 1,
    /// A whole int8 tensor.
    Tensor = 2,
    /// 16-bit samples of a microphone, little-endian, 16,000 a second.
    Microphone = 3,
    /// A whole int16 tensor, little-endian.
    Int16Tensor = 4,
}

impl SensorKind {
    fn from_code(code: u32) -> Option<Self> {
        [
            Self::Accelerometer,
            Self::Tensor,
            Self::Microphone,
            Self::Int16Tensor,
        ]
        .into_iter()
        .find(|kind| *kind as u32 == code)
    }
}

/// What the kernel's checks of the samples said. Evidence has the details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The samples may be used, once the whole window is there: so far, they are good.
    Accepted,
    /// The samples are not what the model's manifest asks for. There are no more.
    Rejected,
}

impl<S: Syscalls> Sensor<S> {
    /// What the model wants to be given.
    ///
    /// # Errors
    /// What the driver answers, `NoDevice` without a model for instance; `BadRVal` for a
    /// sensor that is unknown here.
    pub fn window() -> Result<Window, ErrorCode> {
        let (bytes, sensor) =
            S::command(DRIVER, command::WINDOW, 0, 0).to_result::<(u32, u32), _>()?;
        Ok(Window {
            bytes: bytes as usize,
            sensor: SensorKind::from_code(sensor).ok_or(ErrorCode::BadRVal)?,
        })
    }

    /// Fills `slice` with what comes next of the window for `work`: whole samples, up to
    /// the window's end. A window of the accelerometer has one slice only.
    ///
    /// # Errors
    /// What the driver answers or reports later, `Size` for a length that does not fit
    /// for instance.
    pub fn read(work: Work, slice: &mut [u8]) -> Result<Verdict, ErrorCode> {
        let done: Cell<Option<(u32, u32, u32)>> = Cell::new(None);
        let (status, _bytes, input_status) = share::scope::<
            (AllowRw<_, DRIVER, SLICE>, Subscribe<_, DRIVER, DONE>),
            _,
            _,
        >(|handle| {
            let (allow_rw, subscribe) = handle.split();
            S::allow_rw::<DefaultConfig, DRIVER, SLICE>(allow_rw, slice)?;
            S::subscribe::<_, _, DefaultConfig, DRIVER, DONE>(subscribe, &done)?;
            S::command(DRIVER, command::READ, work.generation(), 0).to_result::<(), ErrorCode>()?;
            Ok(wait::<S, _>(&done))
        })?;
        match (status, input_status) {
            (0, 0) => Ok(Verdict::Accepted),
            (0, _) => Ok(Verdict::Rejected),
            (error, _) => Err(error.try_into().unwrap_or(ErrorCode::Fail)),
        }
    }
}
