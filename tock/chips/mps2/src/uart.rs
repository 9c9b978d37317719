//! The CMSDK's UART (Arm DDI 0479, 4.3).

use kernel::utilities::StaticRef;
use kernel::ErrorCode;
use serial::{Events, Port};
use tock_registers::interfaces::{ReadWriteable, Readable, Writeable};
use tock_registers::registers::ReadWrite;
use tock_registers::{register_bitfields, register_structs};

register_structs! {
    /// Registers of the UART.
    pub UartRegisters {
        (0x00 => data: ReadWrite<u32>),
        (0x04 => state: ReadWrite<u32, State::Register>),
        (0x08 => control: ReadWrite<u32, Control::Register>),
        /// Reading tells, writing ones clears.
        (0x0c => interrupts: ReadWrite<u32, Interrupts::Register>),
        /// Ticks of the clock in a bit.
        (0x10 => divider: ReadWrite<u32>),
        (0x14 => @END),
    }
}

register_bitfields![u32,
    State [
        /// The one byte that waits behind the one that is being sent.
        TRANSMIT_FULL OFFSET(0) NUMBITS(1) [],
        RECEIVE_FULL OFFSET(1) NUMBITS(1) []
    ],
    Control [
        TRANSMIT OFFSET(0) NUMBITS(1) [],
        RECEIVE OFFSET(1) NUMBITS(1) [],
        TRANSMIT_INTERRUPT OFFSET(2) NUMBITS(1) [],
        RECEIVE_INTERRUPT OFFSET(3) NUMBITS(1) []
    ],
    Interrupts [
        TRANSMITTED OFFSET(0) NUMBITS(1) [],
        RECEIVED OFFSET(1) NUMBITS(1) []
    ]
];

/// The divider has 20 bits, and values below 16 are not allowed.
const DIVIDERS: core::ops::Range<u32> = 16..1 << 20;

/// A UART's registers.
#[derive(Clone, Copy)]
pub struct UartPort {
    registers: StaticRef<UartRegisters>,
    clock_hz: u32,
}

/// A UART.
pub type Uart<'a> = serial::Uart<'a, UartPort>;

impl UartPort {
    /// The UART behind `registers`, whose input clock is `clock_hz`.
    pub const fn new(registers: StaticRef<UartRegisters>, clock_hz: u32) -> Self {
        UartPort {
            registers,
            clock_hz,
        }
    }
}

impl Port for UartPort {
    fn configure(&self, baud: u32) -> Result<(), ErrorCode> {
        let divider = self.clock_hz.checked_div(baud);
        let divider = divider.filter(|divider| DIVIDERS.contains(divider));
        self.registers.divider.set(divider.ok_or(ErrorCode::INVAL)?);
        self.registers
            .control
            .write(Control::TRANSMIT::SET + Control::RECEIVE::SET);
        Ok(())
    }

    fn is_on(&self) -> bool {
        self.registers.control.is_set(Control::TRANSMIT)
    }

    fn put(&self, byte: u8) -> bool {
        let room = !self.registers.state.is_set(State::TRANSMIT_FULL);
        if room {
            self.registers.data.set(u32::from(byte));
        }
        room
    }

    fn take(&self) -> Option<u8> {
        match self.registers.state.is_set(State::RECEIVE_FULL) {
            true => Some(self.registers.data.get() as u8),
            false => None,
        }
    }

    fn listen_transmitted(&self, on: bool) {
        self.registers
            .control
            .modify(Control::TRANSMIT_INTERRUPT.val(on.into()));
    }

    fn listen_received(&self, on: bool) {
        self.registers
            .control
            .modify(Control::RECEIVE_INTERRUPT.val(on.into()));
    }

    fn take_events(&self) -> Events {
        let pending = self.registers.interrupts.extract();
        self.registers.interrupts.set(pending.get());
        Events {
            transmitted: pending.is_set(Interrupts::TRANSMITTED),
            received: pending.is_set(Interrupts::RECEIVED),
        }
    }

    /// The byte that is being sent itself cannot be seen.
    fn is_idle(&self) -> bool {
        !self.registers.state.is_set(State::TRANSMIT_FULL)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::boxed::Box;

    /// A UART over registers in plain memory, which keep what is written.
    fn port() -> (&'static UartRegisters, UartPort) {
        let memory = Box::leak(Box::new([0u32; 5])).as_mut_ptr();
        // SAFETY: as long as the registers, aligned, and leaked.
        let registers = unsafe { StaticRef::new(memory.cast::<UartRegisters>()) };
        // SAFETY: as above.
        let seen = unsafe { &*memory.cast::<UartRegisters>() };
        (seen, UartPort::new(registers, 25_000_000))
    }

    #[test]
    fn the_divider_is_clock_ticks_in_a_bit() {
        let (registers, port) = port();
        assert!(!port.is_on());
        assert_eq!(port.configure(115_200), Ok(()));
        assert!(port.is_on());
        assert_eq!(registers.divider.get(), 217);
        assert_eq!(registers.control.get(), 0b0011);
        for impossible in [0, 1, 23, 1_666_667, u32::MAX] {
            assert_eq!(port.configure(impossible), Err(ErrorCode::INVAL));
        }
        assert_eq!(registers.divider.get(), 217);
        assert_eq!(
            (port.configure(24), port.configure(1_562_500)),
            (Ok(()), Ok(()))
        );
    }

    #[test]
    fn bytes_move_when_the_state_allows() {
        let (registers, port) = port();
        registers.state.set(0b01);
        assert!(!port.put(b'a') && port.take().is_none() && !port.is_idle());
        registers.state.set(0b10);
        registers.data.set(u32::from(b'b'));
        assert_eq!(port.take(), Some(b'b'));
        assert!(port.put(b'a') && port.is_idle());
        assert_eq!(registers.data.get(), u32::from(b'a'));
    }

    #[test]
    fn events_are_listened_to_apart() {
        let (registers, port) = port();
        port.listen_received(true);
        port.listen_transmitted(true);
        assert_eq!(registers.control.get(), 0b1100);
        port.listen_received(false);
        assert_eq!(registers.control.get(), 0b0100);
        registers.interrupts.set(0b01);
        let transmitted = Events {
            transmitted: true,
            received: false,
        };
        assert_eq!(port.take_events(), transmitted);
    }
}
