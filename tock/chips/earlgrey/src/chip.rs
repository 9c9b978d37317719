//! The chip, as the kernel's main loop sees it.

use crate::peripherals::{Peripherals, PLIC};
use crate::protection::{self, Mpu};
use core::fmt::Write;
use kernel::platform::chip::{Chip, InterruptService};
use riscv::csr::{self, Interrupts};
use rv32i::syscall::SysCall;
use rv32i::thread_id::RiscvThreadIdProvider;

/// Earl Grey.
pub struct EarlGrey {
    mpu: Mpu,
    boundary: SysCall,
    peripherals: &'static Peripherals<'static>,
}

impl EarlGrey {
    /// The chip with its peripherals.
    ///
    /// # Safety
    ///
    /// Only once: two would both believe to own the processor's user mode.
    pub const unsafe fn new(peripherals: &'static Peripherals<'static>) -> Self {
        EarlGrey {
            mpu: protection::mpu(),
            // SAFETY: one chip, hence one boundary; interrupts stay masked.
            boundary: unsafe { SysCall::new() },
            peripherals,
        }
    }

    fn pending(source: tock_registers::fields::Field<usize, Interrupts::Register>) -> bool {
        source.is_set(csr::interrupt_pending::read())
    }
}

impl Chip for EarlGrey {
    type MPU = Mpu;
    type UserspaceKernelBoundary = SysCall;
    type ThreadIdProvider = RiscvThreadIdProvider;

    fn init() {
        rv32i::initialize_traps();
    }

    fn service_pending_interrupts(&self) {
        while self.has_pending_interrupts() {
            if Self::pending(Interrupts::TIMER) {
                self.peripherals.timer.handle_interrupt();
            }
            while let Some(source) = PLIC.claim() {
                // Only sources with a driver are enabled, so there is one.
                let _ = self.peripherals.service_interrupt(source);
                PLIC.complete(source);
            }
        }
    }

    fn has_pending_interrupts(&self) -> bool {
        Self::pending(Interrupts::TIMER) || Self::pending(Interrupts::EXTERNAL)
    }

    fn mpu(&self) -> &Mpu {
        &self.mpu
    }

    fn userspace_kernel_boundary(&self) -> &SysCall {
        &self.boundary
    }

    fn sleep(&self) {
        csr::wait_for_interrupt();
    }

    fn with_interrupts_disabled<F, R>(&self, f: F) -> R
    where
        F: FnOnce() -> R,
    {
        // The kernel always runs with interrupts masked (see `rv32i`).
        f()
    }

    unsafe fn print_state(_this: Option<&Self>, writer: &mut dyn Write) {
        // A panic report that cannot be written has nowhere else to go.
        let _ = writeln!(
            writer,
            "mie {:08x} mip {:08x} mseccfg {:08x}",
            csr::interrupt_enable::read(),
            csr::interrupt_pending::read(),
            csr::security_configuration::read(),
        );
    }
}
