//! The system control block (Arm DDI 0403, B3.2).

use crate::exception::priority;
use crate::fault::FaultStatus;
use kernel::utilities::StaticRef;
use tock_registers::interfaces::{ReadWriteable, Readable, Writeable};
use tock_registers::registers::ReadWrite;
use tock_registers::{register_bitfields, register_structs};

register_structs! {
    /// Registers of the block.
    SystemControlRegisters {
        (0x00 => _reserved0),
        (0x14 => configuration: ReadWrite<u32, Configuration::Register>),
        /// One byte an exception, from number 4 on.
        (0x18 => priority: [ReadWrite<u32>; 3]),
        (0x24 => handlers: ReadWrite<u32, Handlers::Register>),
        (0x28 => configurable_faults: ReadWrite<u32>),
        (0x2c => hard_fault: ReadWrite<u32>),
        (0x30 => _reserved1),
        (0x34 => memory_address: ReadWrite<u32>),
        (0x38 => bus_address: ReadWrite<u32>),
        (0x3c => _reserved2),
        (0x88 => coprocessors: ReadWrite<u32>),
        (0x8c => @END),
    }
}

register_bitfields![u32,
    Configuration [
        /// Exceptions align the stack to eight bytes.
        ALIGN_STACK OFFSET(9) NUMBITS(1) []
    ],
    Handlers [
        /// Faults that wait until something more urgent is done.
        USAGE_FAULT_PENDING OFFSET(12) NUMBITS(1) [],
        MEMORY_FAULT_PENDING OFFSET(13) NUMBITS(1) [],
        BUS_FAULT_PENDING OFFSET(14) NUMBITS(1) [],
        SUPERVISOR_CALL_PENDING OFFSET(15) NUMBITS(1) [],
        /// Kinds of faults that have a handler of their own.
        MEMORY_FAULT OFFSET(16) NUMBITS(1) [],
        BUS_FAULT OFFSET(17) NUMBITS(1) [],
        USAGE_FAULT OFFSET(18) NUMBITS(1) []
    ]
];

// SAFETY: the architecture places the registers here; they are volatile cells.
const REGISTERS: StaticRef<SystemControlRegisters> =
    unsafe { StaticRef::new(0xe000_ed00 as *const _) };

/// Sets exceptions up: priorities, a handler for each kind of fault, aligned
/// stacks. Switches the floating-point unit off, whose registers the kernel does
/// not keep apart: its use is a fault.
pub fn initialize() {
    let [fault, switch, interrupt] =
        [priority::FAULT, priority::SWITCH, priority::INTERRUPT].map(u32::from);
    let [faults, calls, system] = &REGISTERS.priority;
    faults.set(fault << 16 | fault << 8 | fault);
    calls.set(switch << 24);
    system.set(interrupt << 24 | switch << 16);
    REGISTERS
        .configuration
        .write(Configuration::ALIGN_STACK::SET);
    REGISTERS
        .handlers
        .write(Handlers::MEMORY_FAULT::SET + Handlers::BUS_FAULT::SET + Handlers::USAGE_FAULT::SET);
    REGISTERS.coprocessors.set(0);
}

/// What the last fault left. Forgets it, and whatever exception the fault
/// outran, which would otherwise hit the next process.
pub fn take_fault() -> FaultStatus {
    let status = fault();
    // Writing a one clears.
    REGISTERS.configurable_faults.set(status.configurable);
    REGISTERS.hard_fault.set(status.hard);
    REGISTERS.handlers.modify(
        Handlers::USAGE_FAULT_PENDING::CLEAR
            + Handlers::MEMORY_FAULT_PENDING::CLEAR
            + Handlers::BUS_FAULT_PENDING::CLEAR
            + Handlers::SUPERVISOR_CALL_PENDING::CLEAR,
    );
    status
}

/// What the last fault left.
pub fn fault() -> FaultStatus {
    FaultStatus {
        configurable: REGISTERS.configurable_faults.get(),
        hard: REGISTERS.hard_fault.get(),
        memory_address: REGISTERS.memory_address.get(),
        bus_address: REGISTERS.bus_address.get(),
    }
}
