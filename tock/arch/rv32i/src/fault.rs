//! What a process did wrong, for the log.

use core::fmt;

/// The exception that stopped a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `mcause`.
    pub cause: usize,
    /// `mtval`: the address or instruction that was refused.
    pub value: usize,
    /// Where the process was.
    pub pc: usize,
}

impl Fault {
    /// The exception's name in the privileged specification (table of `mcause`
    /// values), in lower case.
    pub fn name(&self) -> &'static str {
        match self.cause {
            0 => "instruction address misaligned",
            1 => "instruction access fault",
            2 => "illegal instruction",
            3 => "breakpoint",
            4 => "load address misaligned",
            5 => "load access fault",
            6 => "store address misaligned",
            7 => "store access fault",
            8 => "unknown system call",
            11 => "machine environment call",
            _ => "unknown exception",
        }
    }
}

/// `load access fault at 0x10000000 pc 0x20048120`.
impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} at {:#010x} pc {:#010x}",
            self.name(),
            self.value,
            self.pc
        )
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;

    #[test]
    fn a_fault_reads_as_one_line() {
        let fault = Fault {
            cause: 5,
            value: 0x1000_0000,
            pc: 0x2004_8120,
        };
        assert_eq!(
            fault.to_string(),
            "load access fault at 0x10000000 pc 0x20048120"
        );
    }
}
