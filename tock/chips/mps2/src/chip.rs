//! The chip, as the kernel's main loop sees it.

use crate::map;
use crate::peripherals::Peripherals;
use crate::protection::{self, Mpu};
use core::fmt::Write;
use cortexm4::nvic::NVIC;
use cortexm4::syscall::SysCall;
use cortexm4::systick::SysTick;
use cortexm4::thread_id::CortexMThreadIdProvider;
use cortexm4::{barrier, Vectors};
use kernel::platform::chip::{Chip, InterruptService};

/// Where the processor finds its exception handlers.
#[link_section = ".vectors"]
#[used]
static VECTORS: Vectors<{ map::LINES }> = Vectors::new();

/// The chip.
pub struct Mps2 {
    mpu: Mpu,
    boundary: SysCall,
    time_slices: SysTick,
    peripherals: &'static Peripherals<'static>,
}

impl Mps2 {
    /// The chip with its peripherals.
    ///
    /// # Safety
    ///
    /// Only once: two would both believe to own the processor's user mode.
    pub const unsafe fn new(peripherals: &'static Peripherals<'static>) -> Self {
        Mps2 {
            mpu: protection::mpu(),
            // SAFETY: one chip, hence one boundary; interrupts stay masked.
            boundary: unsafe { SysCall::new() },
            // SAFETY: one chip, hence one timer.
            time_slices: unsafe { SysTick::new(map::CLOCK_MHZ) },
            peripherals,
        }
    }

    /// The timer of time slices.
    pub const fn time_slices(&self) -> &SysTick {
        &self.time_slices
    }
}

impl Chip for Mps2 {
    type MPU = Mpu;
    type UserspaceKernelBoundary = SysCall;
    type ThreadIdProvider = CortexMThreadIdProvider;

    fn init() {
        cortexm4::initialize_exceptions();
    }

    fn service_pending_interrupts(&self) {
        while let Some(line) = NVIC.next_pending(map::LINES) {
            // Only lines with a driver are enabled, so there is one.
            let _ = self.peripherals.service_interrupt(line);
            NVIC.clear_pending(line);
        }
    }

    fn has_pending_interrupts(&self) -> bool {
        NVIC.next_pending(map::LINES).is_some()
    }

    fn mpu(&self) -> &Mpu {
        &self.mpu
    }

    fn userspace_kernel_boundary(&self) -> &SysCall {
        &self.boundary
    }

    fn sleep(&self) {
        barrier::wait_for_interrupt();
    }

    fn with_interrupts_disabled<F, R>(&self, f: F) -> R
    where
        F: FnOnce() -> R,
    {
        // The kernel always runs with interrupts masked (see `cortexm4`).
        f()
    }

    unsafe fn print_state(_this: Option<&Self>, writer: &mut dyn Write) {
        // A panic report that cannot be written has nowhere else to go.
        let _ = writeln!(
            writer,
            "pending interrupt {:?}",
            NVIC.next_pending(map::LINES)
        );
    }
}
