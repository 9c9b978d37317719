//! The control and status registers that the kernel uses, one module each.

use core::arch::asm;
use tock_registers::register_bitfields;

register_bitfields![usize,
    /// Interrupt sources of `mie` and `mip`.
    pub Interrupts [
        /// Machine timer.
        TIMER OFFSET(7) NUMBITS(1) [],
        /// Machine external: the platform interrupt controller.
        EXTERNAL OFFSET(11) NUMBITS(1) []
    ],
    /// Machine security configuration (Smepmp, section "mseccfg").
    pub SecurityConfiguration [
        /// Machine-mode lockdown: rules without the lock bit are user-only and
        /// machine mode executes from locked rules alone. Sticky.
        MACHINE_LOCKDOWN OFFSET(0) NUMBITS(1) [],
        /// Machine mode may touch only what a rule allows. Sticky.
        MACHINE_WHITELIST OFFSET(1) NUMBITS(1) []
    ]
];

macro_rules! control_register {
    ($(#[$doc:meta])* $module:ident, $number:literal) => {
        $(#[$doc])*
        pub mod $module {
            use super::asm;

            /// The register's present value.
            #[inline]
            pub fn read() -> usize {
                let value;
                // SAFETY: reading this register has no side effect on memory.
                unsafe {
                    asm!(concat!("csrr {0}, ", $number), out(reg) value, options(nomem, nostack));
                }
                value
            }

            /// Replaces the whole register.
            ///
            /// # Safety
            ///
            /// The value changes what the processor may execute or access; the
            /// caller must know that running code stays valid under it.
            #[inline]
            pub unsafe fn write(value: usize) {
                // SAFETY: the caller answers for the new value. The compiler
                // must not move memory accesses across it, so no `nomem`.
                unsafe {
                    asm!(concat!("csrw ", $number, ", {0}"), in(reg) value, options(nostack));
                }
            }
        }
    };
}

control_register!(
    /// `mie`: which interrupts are enabled.
    interrupt_enable, "mie");
control_register!(
    /// `mip`: which interrupts are pending.
    interrupt_pending, "mip");
control_register!(
    /// `mseccfg` of Smepmp, by number so that any assembler accepts it.
    security_configuration, "0x747");
control_register!(
    /// `minstret`: instructions executed since reset, the lower 32 bits.
    instructions_retired, "minstret");
control_register!(
    /// `pmpcfg1`: entries 4 to 7.
    pmpcfg1, "pmpcfg1");
control_register!(
    /// `pmpcfg2`: entries 8 to 11.
    pmpcfg2, "pmpcfg2");

/// Waits until an enabled interrupt is pending, whether or not traps are taken.
#[inline]
pub fn wait_for_interrupt() {
    // SAFETY: `wfi` only pauses the hart.
    unsafe { asm!("wfi", options(nomem, nostack)) }
}
