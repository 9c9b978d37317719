//! What code did wrong, for the log.

use core::fmt;
use core::ops::Range;

/// The fault status registers (Arm DDI 0403, B3.2.15 to B3.2.19).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaultStatus {
    /// `CFSR`: memory management, bus and usage faults.
    pub configurable: u32,
    /// `HFSR`.
    pub hard: u32,
    /// `MMFAR`.
    pub memory_address: u32,
    /// `BFAR`.
    pub bus_address: u32,
}

/// Bits of `CFSR`, and of `HFSR`.
mod bit {
    pub const INSTRUCTION_ACCESS: u32 = 1 << 0;
    pub const DATA_ACCESS: u32 = 1 << 1;
    /// Registers could not be taken from or put on the stack: memory protection.
    pub const MEMORY_STACKING: u32 = 1 << 3 | 1 << 4 | 1 << 5;
    pub const MEMORY_ADDRESS_VALID: u32 = 1 << 7;
    pub const INSTRUCTION_BUS: u32 = 1 << 8;
    pub const DATA_BUS: u32 = 1 << 9 | 1 << 10;
    /// As above: the bus.
    pub const BUS_STACKING: u32 = 1 << 11 | 1 << 12 | 1 << 13;
    pub const BUS_ADDRESS_VALID: u32 = 1 << 15;
    pub const UNDEFINED_INSTRUCTION: u32 = 1 << 16;
    pub const INVALID_STATE: u32 = 1 << 17;
    pub const INVALID_RETURN: u32 = 1 << 18;
    pub const NO_COPROCESSOR: u32 = 1 << 19;
    pub const UNALIGNED: u32 = 1 << 24;
    pub const DIVISION_BY_ZERO: u32 = 1 << 25;

    /// `HFSR`: a breakpoint without a debugger. QEMU 7.2 says instead that some
    /// exception had nobody to take it, and no bit of `CFSR` says which.
    pub const DEBUG_EVENT: u32 = 1 << 31 | 1 << 30;
}

impl FaultStatus {
    fn has(&self, bits: u32) -> bool {
        self.configurable & bits != 0
    }

    /// Whether the registers of the code that faulted are lost, because its
    /// stack could not take them.
    pub fn lost_registers(&self) -> bool {
        self.has(bit::MEMORY_STACKING | bit::BUS_STACKING)
    }
}

/// A push or an exception stores at most this much below the stack pointer.
const REACH_OF_PUSH: u32 = 64;

/// The exception that stopped some code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What happened.
    pub name: &'static str,
    /// Where: the address or the instruction that was refused.
    pub address: u32,
    /// Where the code was; zero if that is lost.
    pub pc: u32,
}

impl Fault {
    /// The fault of code that was at `pc`, or lost it, with its stack at `sp` in
    /// memory from `memory_start` on.
    pub fn new(status: &FaultStatus, pc: u32, sp: u32, memory_start: u32) -> Fault {
        let reached = |valid: u32, register: u32| match status.has(valid) {
            true => register,
            false => sp,
        };
        let memory = reached(bit::MEMORY_ADDRESS_VALID, status.memory_address);
        let bus = reached(bit::BUS_ADDRESS_VALID, status.bus_address);
        // The stack is first in memory: what is below is its limit.
        let beyond_stack = sp.saturating_sub(REACH_OF_PUSH)..memory_start;
        let (name, address) = if status.has(bit::DATA_ACCESS) {
            (data_access(memory, beyond_stack), memory)
        } else if status.lost_registers() {
            (STACK_LIMIT, sp)
        } else if status.has(bit::INSTRUCTION_ACCESS) {
            ("instruction access violation", pc)
        } else if status.has(bit::DATA_BUS) {
            ("bus fault", bus)
        } else if status.has(bit::INSTRUCTION_BUS) {
            ("instruction bus fault", pc)
        } else {
            (usage(status), pc)
        };
        Fault { name, address, pc }
    }

    /// The stack pointer is where no registers can be kept.
    pub fn stack_limit(sp: u32, pc: u32) -> Fault {
        Fault {
            name: STACK_LIMIT,
            address: sp,
            pc,
        }
    }
}

const STACK_LIMIT: &str = "stack limit violation";

fn data_access(address: u32, beyond_stack: Range<u32>) -> &'static str {
    match beyond_stack.contains(&address) {
        true => STACK_LIMIT,
        false => "data access violation",
    }
}

fn usage(status: &FaultStatus) -> &'static str {
    let names = [
        (bit::UNDEFINED_INSTRUCTION, "undefined instruction"),
        (bit::INVALID_STATE, "invalid processor state"),
        (bit::INVALID_RETURN, "invalid exception return"),
        (bit::NO_COPROCESSOR, "absent coprocessor"),
        (bit::UNALIGNED, "unaligned access"),
        (bit::DIVISION_BY_ZERO, "division by zero"),
    ];
    let name = names.into_iter().find(|(bit, _)| status.has(*bit));
    match name {
        Some((_, name)) => name,
        None if status.hard & bit::DEBUG_EVENT != 0 => "breakpoint",
        None => "unknown exception",
    }
}

/// `data access violation at 0x20000000 pc 0x00058120`.
impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { name, address, pc } = self;
        write!(formatter, "{name} at {address:#010x} pc {pc:#010x}")
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::{String, ToString};

    const MEMORY: u32 = 0x2002_4000;
    const SP: u32 = 0x2002_4800;
    const PC: u32 = 0x5_8120;

    fn line(configurable: u32, sp: u32) -> String {
        let status = FaultStatus {
            configurable,
            hard: 0,
            memory_address: 0x2002_3ffc,
            bus_address: 0xe000_ed94,
        };
        Fault::new(&status, PC, sp, MEMORY).to_string()
    }

    #[test]
    fn an_access_names_what_was_touched() {
        assert_eq!(
            line(0x82, SP),
            "data access violation at 0x20023ffc pc 0x00058120"
        );
        assert_eq!(
            line(0x01, SP),
            "instruction access violation at 0x00058120 pc 0x00058120"
        );
        assert_eq!(line(0x8200, SP), "bus fault at 0xe000ed94 pc 0x00058120");
    }

    #[test]
    fn what_lies_below_the_stack_is_its_limit() {
        for sp in [MEMORY - 0x100, MEMORY - 4, MEMORY, MEMORY + 60] {
            assert!(line(0x82, sp).starts_with("stack limit violation at 0x20023ffc"));
        }
        // An access far from the stack is no overflow, whatever the stack is.
        for sp in [MEMORY + 61, SP, u32::MAX] {
            assert!(line(0x82, sp).starts_with("data access violation at 0x20023ffc"));
        }
        // Neither is one in the process's memory.
        let status = FaultStatus {
            configurable: 0x82,
            memory_address: SP,
            ..FaultStatus::default()
        };
        let fault = Fault::new(&status, PC, 0, MEMORY);
        assert_eq!((fault.name, fault.address), ("data access violation", SP));
    }

    #[test]
    fn a_stack_that_takes_no_registers_is_at_its_limit() {
        let status = |configurable| FaultStatus {
            configurable,
            ..FaultStatus::default()
        };
        for configurable in [0x08, 0x10, 0x0800, 0x1000] {
            assert!(status(configurable).lost_registers());
            assert!(line(configurable, 0x40).starts_with("stack limit violation at 0x00000040"));
        }
        assert!(!status(0x0103_0383).lost_registers());
        // The access that the code wanted says more.
        assert!(line(0x92, SP).starts_with("data access violation at 0x20023ffc"));
    }

    #[test]
    fn usage_faults_have_their_names() {
        for (bit, name) in [
            (16, "undefined instruction"),
            (17, "invalid processor state"),
            (18, "invalid exception return"),
            (19, "absent coprocessor"),
            (24, "unaligned access"),
            (25, "division by zero"),
        ] {
            let expected = std::format!("{name} at 0x00058120 pc 0x00058120");
            assert_eq!(line(1 << bit, SP), expected);
        }
        for bit in [30, 31] {
            let breakpoint = FaultStatus {
                hard: 1 << bit,
                ..FaultStatus::default()
            };
            assert_eq!(Fault::new(&breakpoint, PC, SP, MEMORY).name, "breakpoint");
        }
    }
}
