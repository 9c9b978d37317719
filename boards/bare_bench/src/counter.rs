//! Instructions, counted by the system timer of a Cortex-M.

use kernel::utilities::StaticRef;
use tock_registers::interfaces::{Readable, Writeable};
use tock_registers::register_structs;
use tock_registers::registers::ReadWrite;

register_structs! {
    /// The system timer (Arm DDI 0403, B3.3): 24 bits, down, 25 MHz on the AN386.
    pub SystemTimer {
        (0x0 => control: ReadWrite<u32>),
        (0x4 => reload: ReadWrite<u32>),
        (0x8 => value: ReadWrite<u32>),
        (0xc => @END),
    }
}

/// Where the architecture places the timer.
pub const SYSTEM_TIMER: *const SystemTimer = 0xe000_e010 as *const SystemTimer;

/// An instruction takes a nanosecond, a tick of the timer as long as these.
const INSTRUCTIONS_A_TICK: u32 = 40;
const LONGEST: u32 = (1 << 24) - 1;

/// The timer as a counter of instructions.
pub struct Counter(pub StaticRef<SystemTimer>);

impl Counter {
    /// Starts the timer, on the processor's clock and without interrupts.
    pub fn start(&self) {
        self.0.reload.set(LONGEST);
        self.0.value.set(0);
        self.0.control.set(0b101);
    }

    /// Where the timer stands.
    pub fn now(&self) -> u32 {
        self.0.value.get()
    }

    /// Instructions executed since the timer stood at `start`, fewer than 671 million.
    pub fn since(&self, start: u32) -> u32 {
        (start.wrapping_sub(self.now()) & LONGEST).wrapping_mul(INSTRUCTIONS_A_TICK)
    }
}
