//! The engine alone on an emulated board: runs the plans that the host left in
//! flash, and writes every operator's output and instructions to a host file.
//!
//! The host puts *jobs* into flash (QEMU's `-device loader`) at [`JOBS`], one after
//! another; words are 32 bits, little-endian:
//!
//! ```text
//! jobs   = job × any, then a word of zero (which erased memory has anyway)
//! job    = plan bytes ‖ input bytes ‖ tile bytes ‖ row bytes    (words)
//!          ‖ plan ‖ input                                       (each filled up to fours)
//! ```
//!
//! `tile bytes` is the length of the tile buffer, a multiple of 64, and `row bytes`
//! that of the row buffer, where the plan does not ask for more. Without tiles (0)
//! the weights are read where they lie, and there is no row buffer. The bench writes
//! `results.bin` in the emulator's working directory, and ends the emulator, with
//! status 0 once all jobs have their records, well or ill:
//!
//! ```text
//! results = job's records × jobs
//! records = operator × run, then end
//! operator = 1 ‖ instructions ‖ output bytes (words) ‖ output
//! end      = 0 ‖ instructions ‖ status (words)
//! status   = 0 done, 1 plan refused, 2 run stopped, 3 wrong input length,
//!            4 not enough memory for arena, row buffer and tile buffer
//! ```
//!
//! Instructions are those that the processor executed under QEMU's `-icount
//! shift=0`: on opentitan exactly, by `minstret`; on mps2_an386 by its system
//! timer, whose tick is 40 of them. The end's count is the sum of the operators',
//! what the engine does between them included, the writing of records not.

#![no_std]
#![no_main]

mod inference;
mod job;
mod record;

use core::panic::PanicInfo;
use core::slice;
use job::Jobs;
use kernel::ErrorCode;
use record::Records;

/// The processor's instruction counter, and what else boards do not share.
#[cfg(target_arch = "riscv32")]
mod board {
    /// Where the host puts the jobs, and where the engine works: start and length.
    pub const JOBS: (usize, usize) = (0x2002_0000, 0xe_0000);
    /// Memory behind the image's own.
    pub const MEMORY: (usize, usize) = (0x1000_3000, 0x1_d000);

    /// Prepares exceptions, so that a fault is reported.
    pub fn start() {
        use kernel::platform::chip::Chip;
        earlgrey::chip::EarlGrey::init();
    }

    /// Where the counter stands.
    pub fn now() -> u32 {
        riscv::csr::instructions_retired::read() as u32
    }

    /// Instructions executed since the counter stood at `start`.
    pub fn since(start: u32) -> u32 {
        now().wrapping_sub(start)
    }
}

#[cfg(target_arch = "arm")]
mod board {
    use kernel::utilities::StaticRef;
    use tock_registers::interfaces::{Readable, Writeable};
    use tock_registers::register_structs;
    use tock_registers::registers::ReadWrite;

    /// Where the host puts the jobs.
    pub const JOBS: (usize, usize) = (0x0002_0000, 0xe_0000);
    /// Memory behind the image's own.
    pub const MEMORY: (usize, usize) = (0x2000_3000, 0x3_d000);

    register_structs! {
        /// The system timer (Arm DDI 0403, B3.3): 24 bits, down, 25 MHz.
        Timer {
            (0x0 => control: ReadWrite<u32>),
            (0x4 => reload: ReadWrite<u32>),
            (0x8 => value: ReadWrite<u32>),
            (0xc => @END),
        }
    }

    // SAFETY: the architecture places the registers here; nothing else uses them.
    const TIMER: StaticRef<Timer> = unsafe { StaticRef::new(0xe000_e010 as *const Timer) };
    /// An instruction takes a nanosecond, a tick of the timer as long as these.
    const INSTRUCTIONS_A_TICK: u32 = 40;
    const LONGEST: u32 = (1 << 24) - 1;

    /// Starts the timer, on the processor's clock and without interrupts.
    pub fn start() {
        use kernel::platform::chip::Chip;
        mps2::chip::Mps2::init();
        TIMER.reload.set(LONGEST);
        TIMER.value.set(0);
        TIMER.control.set(0b101);
    }

    /// Where the timer stands.
    pub fn now() -> u32 {
        TIMER.value.get()
    }

    /// Instructions executed since the timer stood at `start`, fewer than 671 million.
    pub fn since(start: u32) -> u32 {
        (start.wrapping_sub(now()) & LONGEST).wrapping_mul(INSTRUCTIONS_A_TICK)
    }
}

fn run(jobs: &[u8], memory: &mut [u8]) -> Result<(), ErrorCode> {
    let mut records = Records::create()?;
    for job in Jobs(jobs) {
        inference::run(&job, memory, &mut records)?;
    }
    Ok(())
}

/// Where reset arrives once memory is set up.
#[no_mangle]
extern "C" fn main() -> ! {
    board::start();
    let ((jobs, jobs_length), (memory, length)) = (board::JOBS, board::MEMORY);
    // SAFETY: the board has memory there that nothing else uses: flash that nobody
    // writes while this runs, and RAM behind what the linker script gives the image.
    let (jobs, memory) = unsafe {
        (
            slice::from_raw_parts(jobs as *const u8, jobs_length),
            slice::from_raw_parts_mut(memory as *mut u8, length),
        )
    };
    semihosting::exit(run(jobs, memory).is_err().into())
}

/// Nothing here should; the host sees the status.
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    semihosting::exit(101)
}
