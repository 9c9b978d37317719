//! The console driver, for Tock processes: bytes to and from a terminal.
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

use core::cell::Cell;
use core::fmt;
use core::marker::PhantomData;

use libtock_platform::subscribe::AnyId;
use libtock_platform::{
    self as platform, share, AllowRo, AllowRw, DefaultConfig, ErrorCode, Subscribe, Syscalls,
    Upcall,
};

/// Driver number (Tock's doc/syscalls/00001).
const DRIVER: u32 = 0x1;

/// Command numbers.
mod command {
    pub const EXISTS: u32 = 0;
    pub const WRITE: u32 = 1;
    pub const READ: u32 = 2;
}

/// Numbers of the upcalls, and of the buffers that go with them.
const WRITE: u32 = 1;
const READ: u32 = 2;
/// The buffer of a read has a number of its own.
const READ_BUFFER: u32 = 1;

/// The console driver.
pub struct Console<S: Syscalls, C: Config = DefaultConfig>(PhantomData<(S, C)>);

impl<S: Syscalls, C: Config> Console<S, C> {
    /// Whether the process may use the driver.
    pub fn exists() -> bool {
        S::command(DRIVER, command::EXISTS, 0, 0).is_success()
    }

    /// Writes bytes and waits until they are on their way.
    ///
    /// # Errors
    /// What the driver answers.
    pub fn write(bytes: &[u8]) -> Result<(), ErrorCode> {
        let written: Cell<Option<()>> = Cell::new(None);
        share::scope::<(AllowRo<_, DRIVER, WRITE>, Subscribe<_, DRIVER, WRITE>), _, _>(|handle| {
            let (allow_ro, subscribe) = handle.split();
            S::allow_ro::<C, DRIVER, WRITE>(allow_ro, bytes)?;
            S::subscribe::<_, _, C, DRIVER, WRITE>(subscribe, &written)?;
            S::command(DRIVER, command::WRITE, bytes.len() as u32, 0)
                .to_result::<(), ErrorCode>()?;
            wait::<S, _>(&written);
            Ok(())
        })
    }

    /// Reads until `buffer` is full, or the driver ends the read for another
    /// reason. Returns how many bytes were read, also next to an error.
    pub fn read(buffer: &mut [u8]) -> (usize, Result<(), ErrorCode>) {
        let done: Cell<Option<(u32, u32)>> = Cell::new(None);
        let wanted = buffer.len() as u32;
        let outcome =
            share::scope::<(AllowRw<_, DRIVER, READ_BUFFER>, Subscribe<_, DRIVER, READ>), _, _>(
                |handle| {
                    let (allow_rw, subscribe) = handle.split();
                    S::allow_rw::<C, DRIVER, READ_BUFFER>(allow_rw, buffer)?;
                    S::subscribe::<_, _, C, DRIVER, READ>(subscribe, &done)?;
                    S::command(DRIVER, command::READ, wanted, 0).to_result::<(), ErrorCode>()?;
                    Ok(wait::<S, _>(&done))
                },
            );
        match outcome {
            Err(error) => (0, Err(error)),
            Ok((0, count)) => (count as usize, Ok(())),
            Ok((status, count)) => (
                count as usize,
                Err(status.try_into().unwrap_or(ErrorCode::Fail)),
            ),
        }
    }

    /// The console as a `core::fmt::Write`.
    pub fn writer() -> ConsoleWriter<S> {
        ConsoleWriter {
            syscalls: PhantomData,
        }
    }
}

/// Sleeps until `upcall` has been called, and returns what it kept.
fn wait<S: Syscalls, T: Copy>(upcall: &Cell<Option<T>>) -> T
where
    Cell<Option<T>>: Upcall<AnyId>,
{
    loop {
        S::yield_wait();
        if let Some(kept) = upcall.get() {
            return kept;
        }
    }
}

/// Writes text to the console, one system call for each piece.
pub struct ConsoleWriter<S: Syscalls> {
    syscalls: PhantomData<S>,
}

impl<S: Syscalls> fmt::Write for ConsoleWriter<S> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        Console::<S>::write(text.as_bytes()).map_err(|_| fmt::Error)
    }
}

/// What to do about surprises in the console's system calls.
pub trait Config:
    platform::allow_ro::Config + platform::allow_rw::Config + platform::subscribe::Config
{
}

impl<T> Config for T where
    T: platform::allow_ro::Config + platform::allow_rw::Config + platform::subscribe::Config
{
}

#[cfg(test)]
mod tests;
