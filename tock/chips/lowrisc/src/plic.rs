//! Platform-level interrupt controller (lowRISC `rv_plic`, one target).

use kernel::utilities::StaticRef;
use tock_registers::interfaces::{Readable, Writeable};
use tock_registers::register_structs;
use tock_registers::registers::ReadWrite;

register_structs! {
    /// Registers of the controller.
    pub PlicRegisters {
        (0x000000 => priority: [ReadWrite<u32>; 256]),
        (0x000400 => _reserved0),
        (0x002000 => enable: [ReadWrite<u32>; 8]),
        (0x002020 => _reserved1),
        (0x200000 => threshold: ReadWrite<u32>),
        /// Reading claims the most urgent pending source, writing completes it.
        (0x200004 => claim: ReadWrite<u32>),
        (0x200008 => @END),
    }
}

/// The interrupt controller.
pub struct Plic {
    registers: StaticRef<PlicRegisters>,
}

impl Plic {
    /// The controller behind `registers`.
    pub const fn new(registers: StaticRef<PlicRegisters>) -> Self {
        Plic { registers }
    }

    /// Lets any enabled source through.
    pub fn open(&self) {
        self.registers.threshold.set(0);
    }

    /// Enables one source. Sources that the controller lacks are ignored.
    pub fn enable(&self, source: u32) {
        let word = self.registers.enable.get(source as usize / 32);
        let priority = self.registers.priority.get(source as usize);
        if let (Some(word), Some(priority)) = (word, priority) {
            priority.set(1);
            word.set(word.get() | 1 << (source % 32));
        }
    }

    /// Takes the next pending source, or `None`. It stays masked until
    /// [`Plic::complete`].
    pub fn claim(&self) -> Option<u32> {
        match self.registers.claim.get() {
            0 => None,
            source => Some(source),
        }
    }

    /// Says that a claimed source has been serviced.
    pub fn complete(&self, source: u32) {
        self.registers.claim.set(source);
    }
}
