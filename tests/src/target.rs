//! The boards that the tests run on, and where things are on each.

use std::ops::Range;

use anchorhold::board::{self, Board};

/// A board to test.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// What the tools know about it.
    pub board: &'static Board,
    /// Where in flash the inference process is.
    pub inference: u32,
    /// Where in flash the reader is.
    pub reader: u32,
    /// Where in flash the intruder is, or whoever takes its place.
    pub stranger: u32,
    /// Where the RAM is in which the kernel keeps its grants for the inference process:
    /// the last 4 KiB of that process's RAM, which the process itself cannot reach.
    pub grants: Range<u32>,
    /// Whether applications can have random numbers: not where the kernel has no room
    /// for the driver.
    pub has_random_numbers: bool,
}

/// OpenTitan Earl Grey: RISC-V.
pub static OPENTITAN: Target = Target {
    board: &board::OPENTITAN,
    inference: 0x2003_0000,
    reader: 0x2004_0000,
    stranger: 0x2004_8000,
    grants: 0x1001_7000..0x1001_8000,
    has_random_numbers: false,
};

/// MPS2+ AN386, with the memory map of an nRF52840: Arm.
pub static MPS2_AN386: Target = Target {
    board: &board::MPS2_AN386,
    inference: 0x0004_0000,
    reader: 0x0005_0000,
    stranger: 0x0005_8000,
    grants: 0x2002_1000..0x2002_2000,
    has_random_numbers: true,
};

/// QEMU's `virt` machine with the real Tock, which `make upstream` builds: RISC-V.
pub static QEMU_RV32_VIRT: Target = Target {
    board: &board::QEMU_RV32_VIRT,
    inference: 0x8010_0000,
    reader: 0x8011_0000,
    stranger: 0x8011_8000,
    grants: 0x8031_1000..0x8031_2000,
    has_random_numbers: false,
};

impl Target {
    /// Whether the kernel is the real Tock's.
    pub fn is_upstream(&self) -> bool {
        self.board.budget.is_none()
    }

    /// Where `address` is in a copy of the flash.
    pub fn in_flash(&self, address: u32) -> usize {
        (address - self.board.family.flash_origin) as usize
    }

    /// Where `address` is in a copy of the RAM.
    pub fn in_ram(&self, address: u32) -> usize {
        (address - self.board.family.ram_origin) as usize
    }

    /// The address of the first slot for a sealed model.
    pub fn model_slot(&self) -> u32 {
        self.board.family.model_slots[0]
    }
}

/// Makes each of these functions, which take a `&'static Target`, a test on every board.
#[macro_export]
macro_rules! on_every_board {
    ($($test:ident),+ $(,)?) => {
        mod opentitan {
            $(#[test]
            fn $test() {
                super::$test(&$crate::target::OPENTITAN);
            })+
        }
        mod mps2_an386 {
            $(#[test]
            fn $test() {
                super::$test(&$crate::target::MPS2_AN386);
            })+
        }
    };
}

/// Makes each of these functions a test on the real Tock, which `make upstream` runs.
#[macro_export]
macro_rules! on_upstream {
    ($($test:ident),+ $(,)?) => {
        mod qemu_rv32_virt {
            $(#[test]
            #[ignore = "needs the kernel of `make upstream`"]
            fn $test() {
                super::$test(&$crate::target::QEMU_RV32_VIRT);
            })+
        }
    };
}
