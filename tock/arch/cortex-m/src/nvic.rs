//! The nested vectored interrupt controller (Arm DDI 0403, B3.4).
//!
//! The kernel polls: enabled lines stop the running process, or end sleep, and
//! are looked up here afterwards.

use kernel::utilities::StaticRef;
use tock_registers::interfaces::{Readable, Writeable};
use tock_registers::register_structs;
use tock_registers::registers::ReadWrite;

/// Lines in a register.
const LINES: u32 = 32;
/// Registers of 32 lines each; a Cortex-M4 has 240 lines at most.
const WORDS: usize = 8;

register_structs! {
    /// Registers of the controller, one bit a line.
    pub NvicRegisters {
        (0x000 => set_enable: [ReadWrite<u32>; WORDS]),
        (0x020 => _reserved0),
        (0x080 => clear_enable: [ReadWrite<u32>; WORDS]),
        (0x0a0 => _reserved1),
        (0x100 => set_pending: [ReadWrite<u32>; WORDS]),
        (0x120 => _reserved2),
        (0x180 => clear_pending: [ReadWrite<u32>; WORDS]),
        (0x1a0 => _reserved3),
        /// Priorities, one byte a line.
        (0x300 => priority: [ReadWrite<u32>; 60]),
        (0x3f0 => @END),
    }
}

/// The processor's interrupt controller.
// SAFETY: the architecture places the registers here; they are volatile cells.
pub const NVIC: Nvic = Nvic::new(unsafe { StaticRef::new(0xe000_e100 as *const _) });

/// An interrupt controller.
pub struct Nvic {
    registers: StaticRef<NvicRegisters>,
}

impl Nvic {
    /// The controller behind `registers`.
    const fn new(registers: StaticRef<NvicRegisters>) -> Self {
        Nvic { registers }
    }

    /// Gives every line the priority that `priority` encodes, and disables it.
    pub fn reset(&self, priority: u8) {
        for word in &self.registers.clear_enable {
            word.set(!0);
        }
        for word in &self.registers.priority {
            word.set(u32::from_ne_bytes([priority; 4]));
        }
    }

    /// Enables one line. Lines that the controller lacks are ignored.
    pub fn enable(&self, line: u32) {
        set(&self.registers.set_enable, line);
    }

    /// Makes one line pending again.
    pub fn set_pending(&self, line: u32) {
        set(&self.registers.set_pending, line);
    }

    /// Forgets that a line was pending, once what it asked for is done. One that
    /// still asks stays pending.
    pub fn clear_pending(&self, line: u32) {
        set(&self.registers.clear_pending, line);
    }

    /// The lowest line that is enabled and pending, among the first `lines`, which
    /// are a multiple of 32.
    #[inline]
    pub fn next_pending(&self, lines: usize) -> Option<u32> {
        let pending = self.registers.set_pending.iter();
        let words = pending.zip(&self.registers.set_enable).zip(0..);
        for ((pending, enabled), word) in words.take(lines / LINES as usize) {
            let asking = pending.get() & enabled.get();
            if asking != 0 {
                return Some(word * LINES + asking.trailing_zeros());
            }
        }
        None
    }
}

/// Writes a one for the line; zeros have no effect.
fn set(words: &[ReadWrite<u32>; WORDS], line: u32) {
    if let Some(word) = words.get((line / LINES) as usize) {
        word.set(1 << (line % LINES));
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::boxed::Box;

    /// Registers in plain memory: they keep what is written.
    fn nvic() -> Nvic {
        let memory: &'static mut [u32; 0x3f0 / 4] = Box::leak(Box::new([0; 0x3f0 / 4]));
        // SAFETY: the block is as long as the registers, aligned, and leaked.
        Nvic::new(unsafe { StaticRef::new(memory.as_ptr().cast()) })
    }

    #[test]
    fn only_enabled_lines_are_reported() {
        let nvic = nvic();
        assert_eq!(nvic.next_pending(64), None);
        nvic.set_pending(33);
        assert_eq!(nvic.next_pending(64), None);
        nvic.enable(33);
        assert_eq!(nvic.next_pending(64), Some(33));
        assert_eq!(nvic.next_pending(32), None);
        nvic.set_pending(10);
        nvic.enable(10);
        assert_eq!(nvic.next_pending(64), Some(10));
    }

    #[test]
    fn lines_that_do_not_exist_are_ignored() {
        let nvic = nvic();
        nvic.enable(256);
        nvic.set_pending(u32::MAX);
        assert_eq!(nvic.next_pending(64), None);
    }

    #[test]
    fn every_line_gets_the_same_priority() {
        let nvic = nvic();
        nvic.reset(0xc0);
        assert!(nvic
            .registers
            .priority
            .iter()
            .all(|word| word.get() == 0xc0c0_c0c0));
    }
}
