//! The CMSDK's dual timer (Arm DDI 0479, 4.5) as a clock and an alarm: one of its
//! two counters runs on and on, the other once for every alarm. Both count down.

use core::cell::Cell;
use kernel::hil::time::{Alarm, AlarmClient, Frequency, Ticks, Ticks32, Time};
use kernel::utilities::cells::OptionalCell;
use kernel::utilities::StaticRef;
use kernel::ErrorCode;
use tock_registers::interfaces::{Readable, Writeable};
use tock_registers::registers::{ReadOnly, ReadWrite, WriteOnly};
use tock_registers::{register_bitfields, register_structs};

register_structs! {
    /// Registers of one counter.
    CounterRegisters {
        /// Where it starts; writing starts it over.
        (0x00 => load: ReadWrite<u32>),
        (0x04 => value: ReadOnly<u32>),
        (0x08 => control: ReadWrite<u32, Control::Register>),
        /// Writing anything ends the interrupt.
        (0x0c => clear_interrupt: WriteOnly<u32>),
        (0x10 => _interrupt_status),
        (0x20 => @END),
    },
    /// Registers of the timer.
    pub TimerRegisters {
        (0x00 => clock: CounterRegisters),
        (0x20 => alarm: CounterRegisters),
        (0x40 => @END),
    }
}

register_bitfields![u32,
    Control [
        /// Stops at zero.
        ONCE OFFSET(0) NUMBITS(1) [],
        /// Counts 32 bits, not 16.
        WIDE OFFSET(1) NUMBITS(1) [],
        PRESCALE OFFSET(2) NUMBITS(2) [
            By16 = 1
        ],
        INTERRUPT OFFSET(5) NUMBITS(1) [],
        ENABLE OFFSET(7) NUMBITS(1) []
    ]
];

/// A sixteenth of 25 MHz: the counter wraps around after 45 minutes.
pub enum Freq1562500Hz {}

impl Frequency for Freq1562500Hz {
    fn frequency() -> u32 {
        1_562_500
    }
}

/// The dual timer.
pub struct Timer<'a> {
    registers: StaticRef<TimerRegisters>,
    /// When the alarm is or was due.
    due: Cell<Ticks32>,
    armed: Cell<bool>,
    client: OptionalCell<&'a dyn AlarmClient>,
}

impl Timer<'_> {
    /// The timer behind `registers`, stopped until [`Timer::start`].
    pub fn new(registers: StaticRef<TimerRegisters>) -> Self {
        Timer {
            registers,
            due: Cell::new(Ticks32::from(0)),
            armed: Cell::new(false),
            client: OptionalCell::empty(),
        }
    }

    /// Starts counting, with no alarm.
    pub fn start(&self) {
        self.silence();
        let clock = &self.registers.clock;
        clock
            .control
            .write(Control::WIDE::SET + Control::PRESCALE::By16);
        clock.load.set(u32::MAX);
        clock
            .control
            .write(Control::WIDE::SET + Control::PRESCALE::By16 + Control::ENABLE::SET);
    }

    /// Ends the alarm that expired and tells the client. The chip calls this for
    /// the timer's interrupt.
    pub fn handle_interrupt(&self) {
        let expected = self.armed.get();
        self.silence();
        if expected {
            self.client.map(|client| client.alarm());
        }
    }

    /// No alarm, no interrupt. What follows is still 32 bits wide: a narrow
    /// counter would cut what it is loaded with.
    fn silence(&self) {
        let alarm = &self.registers.alarm;
        alarm
            .control
            .write(Control::ONCE::SET + Control::WIDE::SET + Control::PRESCALE::By16);
        alarm.clear_interrupt.set(1);
        self.armed.set(false);
    }
}

impl Time for Timer<'_> {
    type Frequency = Freq1562500Hz;
    type Ticks = Ticks32;

    fn now(&self) -> Ticks32 {
        Ticks32::from(!self.registers.clock.value.get())
    }
}

impl<'a> Alarm<'a> for Timer<'a> {
    fn set_alarm_client(&self, client: &'a dyn AlarmClient) {
        self.client.set(client);
    }

    fn set_alarm(&self, reference: Ticks32, dt: Ticks32) {
        self.silence();
        let now = self.now();
        let due = reference.wrapping_add(dt);
        let left = match now.within_range(reference, due) {
            true => due.wrapping_sub(now),
            false => self.minimum_dt(),
        };
        let alarm = &self.registers.alarm;
        alarm.load.set(left.into_u32());
        alarm.control.write(
            Control::ONCE::SET
                + Control::WIDE::SET
                + Control::PRESCALE::By16
                + Control::INTERRUPT::SET
                + Control::ENABLE::SET,
        );
        self.due.set(due);
        self.armed.set(true);
    }

    fn get_alarm(&self) -> Ticks32 {
        self.due.get()
    }

    fn disarm(&self) -> Result<(), ErrorCode> {
        self.silence();
        Ok(())
    }

    fn is_armed(&self) -> bool {
        self.armed.get()
    }

    fn minimum_dt(&self) -> Ticks32 {
        Ticks32::from(1)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::boxed::Box;

    /// Registers in plain memory: they keep what is written, and time stands.
    fn timer_at(now: u32) -> (&'static Timer<'static>, *const u32) {
        let memory: &'static mut [u32; 16] = Box::leak(Box::new([0; 16]));
        memory[1] = !now;
        let memory = memory.as_ptr();
        // SAFETY: the block is as long as the registers, aligned, and leaked.
        let timer = Timer::new(unsafe { StaticRef::new(memory.cast()) });
        (Box::leak(Box::new(timer)), memory)
    }

    fn load(memory: *const u32) -> u32 {
        // SAFETY: within the block of `timer_at`, which one thread uses.
        unsafe { memory.add(8).read_volatile() }
    }

    fn control(memory: *const u32) -> u32 {
        // SAFETY: as in `load`.
        unsafe { memory.add(10).read_volatile() }
    }

    #[derive(Default)]
    struct Client(Cell<u32>);

    impl AlarmClient for Client {
        fn alarm(&self) {
            self.0.set(self.0.get() + 1);
        }
    }

    #[test]
    fn an_alarm_counts_from_now_to_its_time_across_the_wrap() {
        let (timer, memory) = timer_at(u32::MAX - 5);
        timer.set_alarm(Ticks32::from(u32::MAX - 9), Ticks32::from(20));
        assert_eq!(timer.get_alarm(), Ticks32::from(10));
        assert_eq!(load(memory), 16);
        // Enabled, interrupt, prescaled, 32 bits, once.
        assert_eq!(control(memory), 0b1010_0111);
        assert!(timer.is_armed());
    }

    #[test]
    fn an_overdue_alarm_is_due_at_once() {
        let (timer, memory) = timer_at(1000);
        for (reference, dt) in [(900, 50), (900, 100), (1000, 0)] {
            timer.set_alarm(Ticks32::from(reference), Ticks32::from(dt));
            assert_eq!(load(memory), 1);
            assert_eq!(timer.get_alarm(), Ticks32::from(reference + dt));
        }
    }

    #[test]
    fn a_client_is_told_once_and_not_after_disarming() {
        let (timer, memory) = timer_at(1000);
        let client: &'static Client = Box::leak(Box::default());
        timer.set_alarm_client(client);
        timer.set_alarm(Ticks32::from(1000), Ticks32::from(5));
        timer.handle_interrupt();
        assert!(!timer.is_armed());
        assert_eq!((client.0.get(), control(memory)), (1, 0b0000_0111));
        timer.handle_interrupt();
        timer.set_alarm(Ticks32::from(1000), Ticks32::from(5));
        assert_eq!(timer.disarm(), Ok(()));
        timer.handle_interrupt();
        assert_eq!(client.0.get(), 1);
    }
}
