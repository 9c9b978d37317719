//! What the tools must know about a board: names, addresses, budgets.

use crate::error::{Class, Error};

/// A board that can be emulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Board {
    /// Our name for it, as in `--board`.
    pub name: &'static str,
    /// QEMU's name of the machine.
    pub machine: &'static str,
    /// tockloader's name of the board.
    pub tockloader: &'static str,
    /// tockloader's and elf2tab's name of the instruction set.
    pub architecture: &'static str,
    /// First address of flash.
    pub flash_origin: u32,
    /// Bytes of flash.
    pub flash_length: u32,
    /// First address of the region that tockloader fills with applications.
    pub applications: u32,
    /// First address of RAM.
    pub ram_origin: u32,
    /// Bytes of RAM.
    pub ram_length: u32,
    /// First address of the RAM that processes share.
    pub application_ram: u32,
    /// Where each slot for a sealed model starts.
    pub model_slots: &'static [u32],
    /// Bytes of a slot, TBF header included.
    pub model_slot_length: u32,
}

/// OpenTitan Earl Grey, with the memory map that QEMU 7.2's `-M opentitan` follows.
pub const OPENTITAN: Board = Board {
    name: "opentitan",
    machine: "opentitan",
    tockloader: "opentitan_earlgrey",
    architecture: "riscv32imc",
    flash_origin: 0x2000_0000,
    flash_length: 1024 * 1024,
    applications: 0x2003_0000,
    ram_origin: 0x1000_0000,
    ram_length: 128 * 1024,
    application_ram: 0x1000_6000,
    model_slots: &[0x2008_0000, 0x200C_0000],
    model_slot_length: 256 * 1024,
};

impl Board {
    /// The board called `name`.
    pub fn named(name: &str) -> Result<&'static Board, Error> {
        const BOARDS: &[Board] = &[OPENTITAN];
        BOARDS
            .iter()
            .find(|board| board.name == name)
            .ok_or_else(|| {
                Error::new(
                    Class::Usage,
                    format!("--board {name}: unknown; opentitan is the board known so far"),
                )
            })
    }

    /// Bytes between the start of flash and the first application: room for the kernel.
    pub fn kernel_room(&self) -> usize {
        (self.applications - self.flash_origin) as usize
    }
}
