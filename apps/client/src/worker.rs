//! The evidence driver, as the inference process uses it (driver 0xA0001).

use core::cell::Cell;
use core::marker::PhantomData;

use libtock_platform::{share, DefaultConfig, ErrorCode, Syscalls};

use crate::evidence::DRIVER;
use crate::upcall::wait;
use crate::ResultStatus;

/// Command numbers.
mod command {
    pub const READY: u32 = 16;
    pub const SUBMIT: u32 = 17;
    pub const FAIL: u32 = 18;
}

/// Read-only buffer: the model's raw output.
const OUTPUT: u32 = 1;
/// Upcall: there is work.
const WORK: u32 = 1;

/// The kind of upcall that brings no work: there was none for a while.
const REST: u32 = 3;

/// Longest output that can be handed in, in bytes.
pub const MAX_OUTPUT: usize = 64;

/// The inference process's half of the evidence driver.
pub struct Worker<S: Syscalls>(PhantomData<S>);

/// A piece of work. Whether it is for an application or for the kernel's own
/// test of the model makes no difference to the process that does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    generation: u32,
}

impl Work {
    /// Which piece of work this is; all calls about it name it.
    pub fn generation(self) -> u32 {
        self.generation
    }
}

impl<S: Syscalls> Worker<S> {
    /// Says that the process is idle and waits for work. Whatever work it still
    /// had is taken to have failed.
    ///
    /// # Errors
    /// `NoDevice` or `NoSupport` when this is not the inference process, and
    /// what else the driver answers.
    pub fn next() -> Result<Work, ErrorCode> {
        Self::next_or_rest(|| ())
    }

    /// The same, but calls `rest` when the kernel says that there was no work for a
    /// while: what was kept for the next piece of work must go.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    pub fn next_or_rest(mut rest: impl FnMut()) -> Result<Work, ErrorCode> {
        let work: Cell<Option<(u32, u32)>> = Cell::new(None);
        share::scope(|subscribe| {
            S::subscribe::<_, _, DefaultConfig, DRIVER, WORK>(subscribe, &work)?;
            S::command(DRIVER, command::READY, 0, 0).to_result::<(), ErrorCode>()?;
            loop {
                match wait::<S, _>(&work) {
                    (_, REST) => rest(),
                    (generation, _) => return Ok(Work { generation }),
                }
                work.set(None);
            }
        })
    }

    /// Hands in the model's raw output, at most [`MAX_OUTPUT`] bytes. The
    /// kernel reduces it to what the model owner lets applications know.
    ///
    /// # Errors
    /// `Size` for an unacceptable length; what the driver answers to work that
    /// is no longer wanted.
    pub fn submit(work: Work, output: &[u8]) -> Result<(), ErrorCode> {
        share::scope(|allow_ro| {
            S::allow_ro::<DefaultConfig, DRIVER, OUTPUT>(allow_ro, output)?;
            S::command(DRIVER, command::SUBMIT, work.generation, 0).to_result()
        })
    }

    /// Reports that there will be no output, and why.
    ///
    /// # Errors
    /// What the driver answers to work that is no longer wanted.
    pub fn fail(work: Work, status: ResultStatus) -> Result<(), ErrorCode> {
        S::command(DRIVER, command::FAIL, work.generation, status as u32).to_result()
    }
}
