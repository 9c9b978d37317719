//! The system timer, which ends time slices (Arm DDI 0403, B3.3).

use core::cell::Cell;
use core::num::NonZeroU32;
use kernel::platform::scheduler_timer::SchedulerTimer;
use kernel::utilities::StaticRef;
use tock_registers::interfaces::{Readable, Writeable};
use tock_registers::registers::{ReadWrite, WriteOnly};
use tock_registers::{register_bitfields, register_structs};

register_structs! {
    /// Registers of the timer, and one of the system control block.
    pub SysTickRegisters {
        (0x0 => control: ReadWrite<u32, Control::Register>),
        (0x4 => reload: ReadWrite<u32>),
        /// Writing anything makes it zero, and forgets the last expiry.
        (0x8 => value: ReadWrite<u32>),
        (0xc => _between),
        (0xcf4 => interrupt_control: WriteOnly<u32, InterruptControl::Register>),
        (0xcf8 => @END),
    }
}

register_bitfields![u32,
    Control [
        ENABLE OFFSET(0) NUMBITS(1) [],
        INTERRUPT OFFSET(1) NUMBITS(1) [],
        /// Counts the processor's own clock.
        PROCESSOR_CLOCK OFFSET(2) NUMBITS(1) [],
        /// Zero has been reached since this was last read.
        EXPIRED OFFSET(16) NUMBITS(1) []
    ],
    InterruptControl [
        /// Writing one forgets that the timer's exception is pending.
        CLEAR_PENDING OFFSET(25) NUMBITS(1) []
    ]
];

/// The counter has 24 bits.
const LONGEST: u32 = (1 << 24) - 1;

// SAFETY: the architecture places the registers here; they are volatile cells.
const REGISTERS: StaticRef<SysTickRegisters> = unsafe { StaticRef::new(0xe000_e010 as *const _) };

/// Time slices on the system timer. It counts down and starts over; whether a
/// slice has ended is kept, so that a late look makes no difference.
pub struct SysTick {
    registers: StaticRef<SysTickRegisters>,
    ticks_per_us: NonZeroU32,
    expired: Cell<bool>,
}

impl SysTick {
    /// The processor's timer, where the processor's clock has `ticks_per_us`
    /// ticks a microsecond.
    ///
    /// # Safety
    ///
    /// At most one exists.
    pub const unsafe fn new(ticks_per_us: NonZeroU32) -> SysTick {
        SysTick::at(REGISTERS, ticks_per_us)
    }

    const fn at(registers: StaticRef<SysTickRegisters>, ticks_per_us: NonZeroU32) -> SysTick {
        SysTick {
            registers,
            ticks_per_us,
            expired: Cell::new(true),
        }
    }
}

impl SchedulerTimer for SysTick {
    /// Slices longer than the counter reaches are cut: 0.26 s at 64 MHz.
    fn start(&self, us: NonZeroU32) {
        let ticks = us.get().saturating_mul(self.ticks_per_us.get());
        self.reset();
        self.expired.set(false);
        self.registers.reload.set(ticks.min(LONGEST));
        self.registers.value.set(0);
        self.disarm();
    }

    /// An interrupt that came too late to stop a process would keep the processor
    /// from sleeping.
    fn reset(&self) {
        self.registers.control.set(0);
        self.registers
            .interrupt_control
            .write(InterruptControl::CLEAR_PENDING::SET);
        self.expired.set(true);
    }

    fn arm(&self) {
        self.registers
            .control
            .write(Control::ENABLE::SET + Control::INTERRUPT::SET + Control::PROCESSOR_CLOCK::SET);
    }

    /// An interrupt that is pending already stops the process when it goes on,
    /// which is a reason to look at the time, and no more.
    fn disarm(&self) {
        self.registers
            .control
            .write(Control::ENABLE::SET + Control::PROCESSOR_CLOCK::SET);
    }

    fn get_remaining_us(&self) -> Option<NonZeroU32> {
        if self.registers.control.is_set(Control::EXPIRED) {
            self.expired.set(true);
        }
        if self.expired.get() {
            return None;
        }
        // Zero is where it starts, until the first tick loads the slice.
        let left = match self.registers.value.get() {
            0 => self.registers.reload.get(),
            left => left,
        };
        NonZeroU32::new(left / self.ticks_per_us)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::boxed::Box;

    /// A timer of 25 MHz, whose registers are plain memory: they keep what is
    /// written, and time stands.
    fn timer() -> (SysTick, &'static SysTickRegisters) {
        let memory: &'static mut [u32; 0xcf8 / 4] = Box::leak(Box::new([0; 0xcf8 / 4]));
        // SAFETY: the block is as long as the registers, aligned, and leaked.
        let registers = unsafe { StaticRef::new(memory.as_ptr().cast::<SysTickRegisters>()) };
        let timer = SysTick::at(registers, NonZeroU32::new(25).unwrap());
        // SAFETY: as above; they are never freed.
        (timer, unsafe { &*memory.as_ptr().cast() })
    }

    fn start(timer: &SysTick, us: u32) {
        timer.start(NonZeroU32::new(us).unwrap());
    }

    fn left(timer: &SysTick) -> Option<u32> {
        timer.get_remaining_us().map(NonZeroU32::get)
    }

    #[test]
    fn a_slice_is_counted_in_ticks_of_the_processor() {
        let (timer, registers) = timer();
        assert_eq!(left(&timer), None, "none has started");
        start(&timer, 10_000);
        assert_eq!(registers.reload.get(), 250_000);
        assert_eq!(left(&timer), Some(10_000), "not loaded yet");
        registers.value.set(25_049);
        assert_eq!(left(&timer), Some(1001));
        registers.value.set(24);
        assert_eq!(left(&timer), None);
    }

    #[test]
    fn a_slice_that_ended_does_not_start_over() {
        let (timer, registers) = timer();
        start(&timer, 1000);
        let running = registers.control.get();
        registers.control.set(running | 1 << 16);
        registers.value.set(20_000);
        assert_eq!(left(&timer), None);
        registers.control.set(running);
        assert_eq!(left(&timer), None);
        start(&timer, 1000);
        assert_eq!(left(&timer), Some(1000));
        timer.reset();
        assert_eq!((left(&timer), registers.control.get()), (None, 0));
    }

    #[test]
    fn the_interrupt_is_on_only_while_armed() {
        let (timer, registers) = timer();
        start(&timer, 1000);
        assert_eq!(registers.control.get(), 0b101);
        timer.arm();
        assert_eq!(registers.control.get(), 0b111);
        timer.disarm();
        assert_eq!(registers.control.get(), 0b101);
    }

    #[test]
    fn a_pending_interrupt_does_not_outlive_its_slice() {
        let (timer, registers) = timer();
        start(&timer, 1000);
        timer.reset();
        let block = core::ptr::from_ref(registers).cast::<u32>();
        // SAFETY: the last word of the block of `timer`.
        let control = unsafe { block.add(0xcf4 / 4).read_volatile() };
        assert_eq!(control, 1 << 25);
    }

    #[test]
    fn a_slice_is_never_longer_than_the_counter() {
        let (timer, registers) = timer();
        start(&timer, u32::MAX);
        assert_eq!(registers.reload.get(), LONGEST);
    }
}
