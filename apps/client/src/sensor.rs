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
    pub const READ_WINDOW: u32 = 1;
    pub const WINDOW_BYTES: u32 = 2;
}

/// Read-write buffer: where the window goes.
const WINDOW: u32 = 0;
/// Upcall: the window is complete, or will not be.
const DONE: u32 = 0;

/// The sensor driver: fills windows with samples as the model's manifest asks.
pub struct Sensor<S: Syscalls>(PhantomData<S>);

/// What the kernel's checks of the samples said. Evidence has the details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The samples may be used.
    Accepted,
    /// The samples are not what the model's manifest asks for.
    Rejected,
}

impl<S: Syscalls> Sensor<S> {
    /// Length of a window in bytes.
    ///
    /// # Errors
    /// What the driver answers, `NoDevice` without a model for instance.
    pub fn window_bytes() -> Result<usize, ErrorCode> {
        let bytes = S::command(DRIVER, command::WINDOW_BYTES, 0, 0).to_result::<u32, _>()?;
        Ok(bytes as usize)
    }

    /// Fills `window`, as long as [`window_bytes`](Self::window_bytes) says,
    /// with the samples for `work`.
    ///
    /// # Errors
    /// What the driver answers or reports later, `Size` for another length for
    /// instance.
    pub fn read_window(work: Work, window: &mut [u8]) -> Result<Window, ErrorCode> {
        let done: Cell<Option<(u32, u32, u32)>> = Cell::new(None);
        let (status, _bytes, input_status) =
            share::scope::<(AllowRw<_, DRIVER, WINDOW>, Subscribe<_, DRIVER, DONE>), _, _>(
                |handle| {
                    let (allow_rw, subscribe) = handle.split();
                    S::allow_rw::<DefaultConfig, DRIVER, WINDOW>(allow_rw, window)?;
                    S::subscribe::<_, _, DefaultConfig, DRIVER, DONE>(subscribe, &done)?;
                    S::command(DRIVER, command::READ_WINDOW, work.generation(), 0)
                        .to_result::<(), ErrorCode>()?;
                    Ok(wait::<S, _>(&done))
                },
            )?;
        match (status, input_status) {
            (0, 0) => Ok(Window::Accepted),
            (0, _) => Ok(Window::Rejected),
            (error, _) => Err(error.try_into().unwrap_or(ErrorCode::Fail)),
        }
    }
}
