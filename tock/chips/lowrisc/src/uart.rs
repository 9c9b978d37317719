//! UART (lowRISC `uart`).

use kernel::utilities::StaticRef;
use kernel::ErrorCode;
use serial::{Events, Port};
use tock_registers::interfaces::{ReadWriteable, Readable, Writeable};
use tock_registers::registers::{ReadOnly, ReadWrite, WriteOnly};
use tock_registers::{register_bitfields, register_structs};

register_structs! {
    /// Registers of the UART.
    pub UartRegisters {
        (0x00 => interrupt_state: ReadWrite<u32, Interrupts::Register>),
        (0x04 => interrupt_enable: ReadWrite<u32, Interrupts::Register>),
        (0x08 => _tests),
        (0x10 => control: ReadWrite<u32, Control::Register>),
        (0x14 => status: ReadOnly<u32, Status::Register>),
        (0x18 => read_data: ReadOnly<u32>),
        (0x1c => write_data: WriteOnly<u32>),
        (0x20 => fifo_control: ReadWrite<u32, FifoControl::Register>),
        (0x24 => @END),
    }
}

register_bitfields![u32,
    Interrupts [
        RECEIVED OFFSET(1) NUMBITS(1) [],
        /// The transmit FIFO has run empty.
        TRANSMITTED OFFSET(2) NUMBITS(1) []
    ],
    Control [
        TRANSMIT OFFSET(0) NUMBITS(1) [],
        RECEIVE OFFSET(1) NUMBITS(1) [],
        /// Baud rate, as a fraction of the clock in units of 2^-20.
        RATE OFFSET(16) NUMBITS(16) []
    ],
    Status [
        TRANSMIT_FULL OFFSET(0) NUMBITS(1) [],
        TRANSMIT_EMPTY OFFSET(2) NUMBITS(1) [],
        TRANSMIT_IDLE OFFSET(3) NUMBITS(1) [],
        RECEIVE_EMPTY OFFSET(5) NUMBITS(1) []
    ],
    FifoControl [
        RESET_RECEIVE OFFSET(0) NUMBITS(1) [],
        RESET_TRANSMIT OFFSET(1) NUMBITS(1) [],
        /// 0: interrupt at every received byte.
        RECEIVE_LEVEL OFFSET(2) NUMBITS(3) []
    ]
];

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

/// `Control::RATE` for a baud rate; `INVAL` if the clock cannot make it.
fn rate(baud: u32, clock_hz: u32) -> Result<u16, ErrorCode> {
    // Sixteen-fold oversampling against a 2^-16 counter makes 2^-20.
    (u64::from(baud) << 20)
        .checked_div(u64::from(clock_hz))
        .and_then(|rate| u16::try_from(rate).ok())
        .filter(|rate| *rate > 0)
        .ok_or(ErrorCode::INVAL)
}

impl Port for UartPort {
    fn configure(&self, baud: u32) -> Result<(), ErrorCode> {
        let rate = rate(baud, self.clock_hz)?;
        self.registers.interrupt_enable.set(0);
        self.registers
            .fifo_control
            .write(FifoControl::RESET_RECEIVE::SET + FifoControl::RESET_TRANSMIT::SET);
        self.registers.control.write(
            Control::TRANSMIT::SET + Control::RECEIVE::SET + Control::RATE.val(u32::from(rate)),
        );
        Ok(())
    }

    fn is_on(&self) -> bool {
        self.registers.control.is_set(Control::TRANSMIT)
    }

    fn put(&self, byte: u8) -> bool {
        let room = !self.registers.status.is_set(Status::TRANSMIT_FULL);
        if room {
            self.registers.write_data.set(u32::from(byte));
        }
        room
    }

    fn take(&self) -> Option<u8> {
        match self.registers.status.is_set(Status::RECEIVE_EMPTY) {
            true => None,
            false => Some(self.registers.read_data.get() as u8),
        }
    }

    fn listen_transmitted(&self, on: bool) {
        // An event of what was sent before is not for whoever listens now.
        self.registers
            .interrupt_state
            .write(Interrupts::TRANSMITTED::SET);
        self.registers
            .interrupt_enable
            .modify(Interrupts::TRANSMITTED.val(on.into()));
    }

    fn listen_received(&self, on: bool) {
        self.registers
            .interrupt_enable
            .modify(Interrupts::RECEIVED.val(on.into()));
    }

    fn take_events(&self) -> Events {
        let pending = self.registers.interrupt_state.extract();
        self.registers.interrupt_state.set(pending.get());
        Events {
            transmitted: pending.is_set(Interrupts::TRANSMITTED),
            received: pending.is_set(Interrupts::RECEIVED),
        }
    }

    fn is_idle(&self) -> bool {
        let gone = Status::TRANSMIT_EMPTY::SET + Status::TRANSMIT_IDLE::SET;
        self.registers.status.matches_all(gone)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::boxed::Box;

    const FULL: u32 = 1 << 0;
    const EMPTY: u32 = 1 << 5;

    /// A UART over registers in plain memory. They keep what is written, so the
    /// UART's side is played by writing status and data.
    struct Memory(*mut u32);

    impl Memory {
        fn new() -> (Self, UartPort) {
            let memory = Box::leak(Box::new([0u32; 9])).as_mut_ptr();
            // SAFETY: as long as the registers, aligned, and leaked.
            let registers = unsafe { StaticRef::new(memory.cast()) };
            (Memory(memory), UartPort::new(registers, 50_000_000))
        }

        fn set(&self, offset: usize, value: u32) {
            // SAFETY: within the block, which one thread uses.
            unsafe { self.0.add(offset / 4).write_volatile(value) }
        }

        fn get(&self, offset: usize) -> u32 {
            // SAFETY: as in `set`.
            unsafe { self.0.add(offset / 4).read_volatile() }
        }
    }

    #[test]
    fn bytes_move_when_the_status_allows() {
        let (memory, port) = Memory::new();
        memory.set(0x14, FULL | EMPTY);
        assert!(!port.put(b'a') && port.take().is_none());
        assert_eq!(memory.get(0x1c), 0);
        memory.set(0x14, 0);
        memory.set(0x18, u32::from(b'b'));
        assert!(port.put(b'a'));
        assert_eq!(
            (memory.get(0x1c), port.take()),
            (u32::from(b'a'), Some(b'b'))
        );
        assert!(!port.is_idle());
        memory.set(0x14, 0b1100);
        assert!(port.is_idle());
    }

    #[test]
    fn a_configured_port_is_on() {
        let (memory, port) = Memory::new();
        assert!(!port.is_on());
        assert_eq!(port.configure(115_200), Ok(()));
        assert!(port.is_on());
        assert_eq!(memory.get(0x10), 2415 << 16 | 0b11);
    }

    #[test]
    fn events_are_listened_to_apart() {
        let (memory, port) = Memory::new();
        port.listen_received(true);
        port.listen_transmitted(true);
        assert_eq!(memory.get(0x04), 0b110);
        port.listen_received(false);
        assert_eq!(memory.get(0x04), 0b100);
        port.listen_transmitted(false);
        assert_eq!(memory.get(0x04), 0);
        memory.set(0x00, 0b010);
        let received = Events {
            received: true,
            transmitted: false,
        };
        assert_eq!(port.take_events(), received);
    }

    #[test]
    fn the_rate_is_a_fraction_of_the_clock() {
        // Register documentation: NCO = 2^20 * baud / clock.
        assert_eq!(rate(115_200, 50_000_000), Ok(2415));
        assert_eq!(rate(4_000_000, 50_000_000), Err(ErrorCode::INVAL));
        assert_eq!(rate(1, 50_000_000), Err(ErrorCode::INVAL));
        assert_eq!(rate(9600, 0), Err(ErrorCode::INVAL));
    }
}
