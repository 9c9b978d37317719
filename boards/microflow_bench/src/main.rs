//! microflow on an emulated Cortex-M4, with its floating-point unit: runs the models
//! that are in it, and writes outputs and instructions to a host file.
//!
//! Jobs and records are those of `bare_bench`, but that a job's plan is the name of a
//! model, without tiles, and an output what microflow makes of it: 32-bit floats. The
//! host puts the jobs at [`JOBS`]. An inference is one operator: from an input of eight
//! bits until those floats are there.

#![no_std]
#![no_main]

mod inference;
mod models;

use bare_bench::{Jobs, Records};
use core::panic::PanicInfo;
use core::slice;
use kernel::ErrorCode;

/// Where the host puts the jobs: start and length.
const JOBS: (usize, usize) = (0x0020_0000, 0x10_0000);

/// What the processor has for the measurement.
mod board {
    use bare_bench::{Counter, SYSTEM_TIMER};
    use cortexm4::barrier;
    use kernel::platform::chip::Chip;
    use kernel::utilities::StaticRef;
    use tock_registers::interfaces::Writeable;
    use tock_registers::registers::ReadWrite;

    // SAFETY: the architecture places the registers there; nothing else uses them.
    const COUNTER: Counter = Counter(unsafe { StaticRef::new(SYSTEM_TIMER) });

    /// Who may use which coprocessor (Arm DDI 0403, B3.2.20).
    // SAFETY: the architecture places the register there; nothing uses it once the
    // exceptions are prepared.
    const COPROCESSORS: StaticRef<ReadWrite<u32>> =
        unsafe { StaticRef::new(0xe000_ed88 as *const ReadWrite<u32>) };
    /// Both halves of the floating-point unit, for everybody.
    const FLOATING_POINT: u32 = 0b1111 << 20;

    /// Prepares exceptions, so that a fault is reported, the counter and the
    /// floating-point unit.
    pub fn start() {
        mps2::chip::Mps2::init();
        COPROCESSORS.set(FLOATING_POINT);
        barrier::synchronize();
        COUNTER.start();
    }

    /// Where the counter stands.
    pub fn now() -> u32 {
        COUNTER.now()
    }

    /// Instructions executed since the counter stood at `start`, fewer than 671 million.
    pub fn since(start: u32) -> u32 {
        COUNTER.since(start)
    }
}

/// Not part of `main`, which may use no floating-point register yet when it starts.
#[inline(never)]
fn run(jobs: &[u8]) -> Result<(), ErrorCode> {
    let mut records = Records::create()?;
    for job in Jobs(jobs) {
        inference::run(&job, &mut records)?;
    }
    Ok(())
}

/// Where reset arrives once memory is set up.
#[no_mangle]
extern "C" fn main() -> ! {
    board::start();
    let (start, length) = JOBS;
    // SAFETY: the board has memory there, behind the image, that nobody writes while
    // this runs.
    let jobs = unsafe { slice::from_raw_parts(start as *const u8, length) };
    semihosting::exit(run(jobs).is_err().into())
}

/// Nothing here should; the host sees the status.
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    semihosting::exit(101)
}
