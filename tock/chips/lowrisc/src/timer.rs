//! The 64-bit machine timer (lowRISC `rv_timer`) as an alarm.

use kernel::hil::time::{Alarm, AlarmClient, Frequency, Ticks, Ticks64, Time};
use kernel::utilities::cells::OptionalCell;
use kernel::utilities::StaticRef;
use kernel::ErrorCode;
use tock_registers::interfaces::{Readable, Writeable};
use tock_registers::register_structs;
use tock_registers::registers::ReadWrite;

register_structs! {
    /// Registers of the timer in the order of its first release, before the
    /// interrupt registers moved ahead of the counter.
    pub TimerRegisters {
        (0x000 => _alert_test),
        (0x004 => control: ReadWrite<u32>),
        (0x008 => _reserved),
        (0x100 => configuration: ReadWrite<u32>),
        (0x104 => value_low: ReadWrite<u32>),
        (0x108 => value_high: ReadWrite<u32>),
        (0x10c => compare_low: ReadWrite<u32>),
        (0x110 => compare_high: ReadWrite<u32>),
        (0x114 => interrupt_enable: ReadWrite<u32>),
        (0x118 => interrupt_state: ReadWrite<u32>),
        (0x11c => _interrupt_test: ReadWrite<u32>),
        (0x120 => @END),
    }
}

/// One comparator, one bit.
const COMPARATOR: u32 = 1;
/// One tick per prescaled clock: step 1, prescale 0.
const STEP_ONE: u32 = 1 << 16;

/// A comparison value that is not reached in two centuries of 10 kHz. Not the
/// largest one: QEMU 7.2 converts the distance to nanoseconds in 64 bits, and
/// would wrap around and fire at once.
const NEVER: u64 = 1 << 46;

/// Ten ticks a millisecond, as the emulated timer counts.
pub enum Freq10KHz {}

impl Frequency for Freq10KHz {
    fn frequency() -> u32 {
        10_000
    }
}

/// The machine timer.
pub struct Timer<'a> {
    registers: StaticRef<TimerRegisters>,
    client: OptionalCell<&'a dyn AlarmClient>,
}

impl<'a> Timer<'a> {
    /// The timer behind `registers`, stopped until [`Timer::start`].
    pub const fn new(registers: StaticRef<TimerRegisters>) -> Self {
        Timer {
            registers,
            client: OptionalCell::empty(),
        }
    }

    /// Starts counting, with no alarm.
    pub fn start(&self) {
        self.silence();
        self.registers.configuration.set(STEP_ONE);
        self.registers.control.set(COMPARATOR);
    }

    /// Ends the alarm that expired and tells the client. The chip calls this
    /// while the timer's interrupt is pending.
    pub fn handle_interrupt(&self) {
        self.silence();
        self.client.map(|client| client.alarm());
    }

    /// No comparison, no interrupt.
    fn silence(&self) {
        self.registers.interrupt_enable.set(0);
        self.set_compare(NEVER);
        self.registers.interrupt_state.set(COMPARATOR);
    }

    /// Never passes through a value earlier than both the old and the new one.
    fn set_compare(&self, value: u64) {
        self.registers.compare_high.set((NEVER >> 32) as u32);
        self.registers.compare_low.set(value as u32);
        self.registers.compare_high.set((value >> 32) as u32);
    }
}

impl Time for Timer<'_> {
    type Frequency = Freq10KHz;
    type Ticks = Ticks64;

    fn now(&self) -> Ticks64 {
        loop {
            let high = self.registers.value_high.get();
            let low = self.registers.value_low.get();
            if self.registers.value_high.get() == high {
                return Ticks64::from((u64::from(high) << 32) | u64::from(low));
            }
        }
    }
}

impl<'a> Alarm<'a> for Timer<'a> {
    fn set_alarm_client(&self, client: &'a dyn AlarmClient) {
        self.client.set(client);
    }

    fn set_alarm(&self, reference: Ticks64, dt: Ticks64) {
        let now = self.now();
        let mut expiry = reference.wrapping_add(dt);
        if !now.within_range(reference, expiry) {
            // Already due.
            expiry = now;
        }
        self.registers.interrupt_enable.set(COMPARATOR);
        self.set_compare(expiry.into_u64());
    }

    fn get_alarm(&self) -> Ticks64 {
        let high = self.registers.compare_high.get();
        let low = self.registers.compare_low.get();
        Ticks64::from((u64::from(high) << 32) | u64::from(low))
    }

    fn disarm(&self) -> Result<(), ErrorCode> {
        self.silence();
        Ok(())
    }

    fn is_armed(&self) -> bool {
        self.registers.interrupt_enable.get() & COMPARATOR != 0
    }

    fn minimum_dt(&self) -> Ticks64 {
        Ticks64::from(1u64)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::boxed::Box;

    /// Registers in plain memory: they keep what is written, and time stands.
    fn timer_at(now: u64) -> Timer<'static> {
        let memory: &'static mut [u32; 0x120 / 4] = Box::leak(Box::new([0; 0x120 / 4]));
        memory[0x104 / 4] = now as u32;
        memory[0x108 / 4] = (now >> 32) as u32;
        // SAFETY: the block is as long as the registers, aligned, and leaked.
        Timer::new(unsafe { StaticRef::new(memory.as_ptr().cast()) })
    }

    #[test]
    fn an_alarm_is_set_for_reference_and_distance_across_the_halves() {
        let timer = timer_at(0x1_0000_0005);
        timer.set_alarm(Ticks64::from(0xffff_ffffu64), Ticks64::from(0x10u64));
        assert_eq!(timer.get_alarm().into_u64(), 0x1_0000_000f);
        assert!(timer.is_armed());
    }

    #[test]
    fn an_overdue_alarm_is_due_now() {
        let timer = timer_at(1000);
        timer.set_alarm(Ticks64::from(900u64), Ticks64::from(50u64));
        assert_eq!(timer.get_alarm().into_u64(), 1000);
    }

    #[test]
    fn a_silenced_timer_compares_with_never() {
        let timer = timer_at(1000);
        timer.set_alarm(Ticks64::from(1000u64), Ticks64::from(1u64));
        assert_eq!(timer.disarm(), Ok(()));
        assert!(!timer.is_armed());
        assert_eq!(timer.get_alarm().into_u64(), NEVER);
    }
}
