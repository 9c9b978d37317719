//! The engine alone on an emulated board: runs the plans that the host left in
//! flash, and writes every operator's output and instructions to a host file.
//!
//! Jobs and records are those of `bare_bench`; the host puts the jobs at [`JOBS`](board::JOBS).
//! The end's count of instructions is the sum of the operators', what the engine does
//! between them included, the writing of records not.

#![no_std]
#![no_main]

mod buffers;
mod inference;

use bare_bench::{Jobs, Records};
use core::panic::PanicInfo;
use core::slice;
use kernel::ErrorCode;

/// The processor's instruction counter, and what else boards do not share.
#[cfg(target_arch = "riscv32")]
mod board {
    /// Where the host puts the jobs, and where the engine works: start and length.
    pub const JOBS: (usize, usize) = (0x2002_0000, 0xe_0000);
    /// Memory behind the image's own, to the end of RAM.
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

    /// Registers that no function may change, and that nothing here depends on.
    pub fn reserved() -> [u32; 2] {
        let (global, thread): (u32, u32);
        // SAFETY: the instructions change their results and nothing else.
        unsafe {
            core::arch::asm!("mv {global}, gp", "mv {thread}, tp",
                global = out(reg) global, thread = lateout(reg) thread,
                options(nomem, nostack, preserves_flags));
        }
        [global, thread]
    }
}

#[cfg(target_arch = "arm")]
mod board {
    use bare_bench::{Counter, SYSTEM_TIMER};
    use kernel::utilities::StaticRef;

    /// Where the host puts the jobs.
    pub const JOBS: (usize, usize) = (0x0002_0000, 0xe_0000);
    /// Memory behind the image's own.
    pub const MEMORY: (usize, usize) = (0x2000_3000, 0x3_d000);

    // SAFETY: the architecture places the registers there; nothing else uses them.
    const COUNTER: Counter = Counter(unsafe { StaticRef::new(SYSTEM_TIMER) });

    /// Prepares exceptions, so that a fault is reported, and the counter.
    pub fn start() {
        use kernel::platform::chip::Chip;
        mps2::chip::Mps2::init();
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

    /// Registers that no function may change, and that nothing here depends on: none.
    pub fn reserved() -> [u32; 0] {
        []
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
