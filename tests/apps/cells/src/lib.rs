//! What the test cells have in common: they do their first piece of work as the
//! inference process does, then take the next one with samples and weights in memory,
//! and each comes to its own end. The kernel restarts them, and all begins anew.
#![no_std]
#![forbid(unsafe_code)]

use core::hint::black_box;

use anchorhold_client::{Sensor, Vault, Worker};
use inference_work::{serve, Memory};
use libtock::platform::ErrorCode;
use libtock::runtime::TockSyscalls;

/// Bytes of a tile of the condition monitor.
const TILE: usize = 1024;
/// Bytes of a window of the condition monitor.
const WINDOW: usize = 256 * 3 * 2;
/// Which tile is left in memory.
const INDEX: u32 = 2;

/// Works once, then comes to `end` in the middle of the work.
///
/// # Errors
/// What the kernel's drivers answer.
pub fn relapse(end: fn()) -> Result<(), ErrorCode> {
    work()?;
    fail(end)
}

/// The stack that this used is free for [`fail`].
#[inline(never)]
fn work() -> Result<(), ErrorCode> {
    let mut memory = Memory::new();
    serve::<TockSyscalls>(&mut memory)
}

#[inline(never)]
fn fail(end: fn()) -> Result<(), ErrorCode> {
    let mut tile = [0; TILE];
    let mut window = [0; WINDOW];
    let work = Worker::<TockSyscalls>::next()?;
    Sensor::<TockSyscalls>::read(work, &mut window)?;
    Vault::<TockSyscalls>::open()?;
    Vault::<TockSyscalls>::tile(INDEX, &mut tile)?;
    black_box((&mut tile, &mut window));
    end();
    black_box((&mut tile, &mut window));
    Ok(())
}
