//! What the tools must know about boards: names, addresses, budgets, and what runs or
//! programs each.

use crate::error::{Class, Error};

/// A processor and its memory map. What is built for one runs on all of its boards.
#[derive(Debug, PartialEq, Eq)]
pub struct Family {
    /// elf2tab's and tockloader's name of the instruction set.
    pub architecture: &'static str,
    /// tockloader's name of the boards.
    pub tockloader: &'static str,
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
    /// An address in that RAM for TBFs without a process, which tockloader refuses if it
    /// is below what it takes for the start of that RAM.
    pub data_ram: u32,
    /// Where each slot for a sealed model starts.
    pub model_slots: &'static [u32],
    /// Bytes of a slot, TBF header included.
    pub model_slot_length: u32,
    /// First address of the flash that a real board keeps for itself: the provisioned
    /// page, and its records behind that.
    pub own_flash: u32,
}

/// Bytes of flash and RAM that kernel and capsules take, or may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Bytes of flash.
    pub flash: u32,
    /// Bytes of RAM, stack and buffers included.
    pub ram: u32,
}

/// OpenTitan Earl Grey, with the memory map that QEMU 7.2's `-M opentitan` follows.
pub static EARL_GREY: Family = Family {
    architecture: "riscv32imc",
    tockloader: "opentitan_earlgrey",
    flash_origin: 0x2000_0000,
    flash_length: 1024 * 1024,
    applications: 0x2003_0000,
    ram_origin: 0x1000_0000,
    ram_length: 128 * 1024,
    application_ram: 0x1000_6000,
    data_ram: 0x1000_6000,
    model_slots: &[0x2008_0000, 0x200C_0000],
    model_slot_length: 236 * 1024,
    own_flash: 0x200F_B000,
};

/// Nordic nRF52840.
pub static NRF52840: Family = Family {
    architecture: "cortex-m4",
    tockloader: "nrf52dk",
    flash_origin: 0,
    flash_length: 1024 * 1024,
    applications: 0x0004_0000,
    ram_origin: 0x2000_0000,
    ram_length: 256 * 1024,
    application_ram: 0x2000_7000,
    data_ram: 0x2001_0000,
    model_slots: &[0x0008_0000, 0x000C_0000],
    model_slot_length: 236 * 1024,
    own_flash: 0x000F_B000,
};

/// QEMU's `virt` machine for 32-bit RISC-V, with the memory map of upstream Tock's board
/// for it: RAM stands for flash.
pub static VIRT: Family = Family {
    architecture: "riscv32imac",
    tockloader: "qemu_rv32_virt",
    flash_origin: 0x8000_0000,
    flash_length: 2 * 1024 * 1024,
    applications: 0x8010_0000,
    ram_origin: 0x8020_0000,
    ram_length: 2 * 1024 * 1024,
    application_ram: 0x8030_0000,
    data_ram: 0x8030_0000,
    model_slots: &[0x8018_0000, 0x801C_0000],
    model_slot_length: 236 * 1024,
    own_flash: 0x801F_B000,
};

/// QEMU, for an emulated board.
#[derive(Debug, PartialEq, Eq)]
pub struct Emulator {
    /// The program.
    pub program: &'static str,
    /// The Debian package that it is in.
    pub package: &'static str,
    /// Its name of the machine.
    pub machine: &'static str,
    /// What else it must be told about the machine.
    pub options: &'static [&'static str],
}

/// How a kernel and applications get into a real board's flash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Programmer {
    /// tockloader does it, through a J-Link probe.
    JLink,
    /// tockloader makes an image, which opentitantool puts into a CW310's flash.
    OpenTitanTool,
}

/// What a board is.
#[derive(Debug, PartialEq, Eq)]
pub enum Means {
    /// A program on this computer.
    Emulated(Emulator),
    /// A thing on a desk.
    Real(Programmer),
}

/// A board.
#[derive(Debug, PartialEq, Eq)]
pub struct Board {
    /// Our name for it, as in `--board` and in device records.
    pub name: &'static str,
    /// Its processor and memory map.
    pub family: &'static Family,
    /// What it is.
    pub means: Means,
    /// Whose kernel it runs.
    pub kernel: Kernel,
    /// What kernel and capsules should take of it, if somebody decided that.
    pub budget: Option<Budget>,
}

/// Whose kernel a board runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// This project's, which must keep to the board's budget.
    Own,
    /// The real Tock's, with what upstream's own board takes of this one, if known:
    /// without our capsules, without cryptography.
    Upstream(Option<Budget>),
}

/// What kernel and capsules may take of Earl Grey.
const EARL_GREY_BUDGET: Budget = Budget {
    flash: 128 * 1024,
    ram: 24 * 1024,
};

/// What they may take of an nRF52840.
const NRF52840_BUDGET: Budget = Budget {
    flash: 128 * 1024,
    ram: 28 * 1024,
};

/// OpenTitan as QEMU emulates it.
pub static OPENTITAN: Board = Board {
    name: "opentitan",
    family: &EARL_GREY,
    means: Means::Emulated(Emulator {
        program: "qemu-system-riscv32",
        package: "qemu-system-misc",
        machine: "opentitan",
        options: &[],
    }),
    kernel: Kernel::Own,
    budget: Some(EARL_GREY_BUDGET),
};

/// Arm's MPS2+ with the AN386 image, a Cortex-M4, as QEMU emulates it: used as if it
/// were an nRF52840.
pub static MPS2_AN386: Board = Board {
    name: "mps2_an386",
    family: &NRF52840,
    means: Means::Emulated(Emulator {
        program: "qemu-system-arm",
        package: "qemu-system-arm",
        machine: "mps2-an386",
        options: &[],
    }),
    kernel: Kernel::Own,
    budget: Some(NRF52840_BUDGET),
};

/// QEMU's `virt` machine for 32-bit RISC-V, with upstream Tock's kernel.
pub static QEMU_RV32_VIRT: Board = Board {
    name: "qemu_rv32_virt",
    family: &VIRT,
    means: Means::Emulated(Emulator {
        program: "qemu-system-riscv32",
        package: "qemu-system-misc",
        machine: "virt",
        options: &[
            "-cpu",
            "rv32,x-epmp=true",
            "-bios",
            "none",
            "-global",
            "virtio-mmio.force-legacy=false",
            "-device",
            "virtio-rng-device",
        ],
    }),
    kernel: Kernel::Upstream(None),
    budget: None,
};

/// OpenTitan on a ChipWhisperer CW310.
pub static EARLGREY_CW310: Board = Board {
    name: "earlgrey_cw310",
    family: &EARL_GREY,
    means: Means::Real(Programmer::OpenTitanTool),
    kernel: Kernel::Upstream(Some(Budget {
        flash: 122_880,
        ram: 20_582,
    })),
    budget: Some(EARL_GREY_BUDGET),
};

/// Nordic's development kit.
pub static NRF52840DK: Board = Board {
    name: "nrf52840dk",
    family: &NRF52840,
    means: Means::Real(Programmer::JLink),
    kernel: Kernel::Upstream(Some(Budget {
        flash: 176_128,
        ram: 34_508,
    })),
    budget: Some(NRF52840_BUDGET),
};

/// All of them.
pub static BOARDS: [&Board; 5] = [
    &OPENTITAN,
    &MPS2_AN386,
    &QEMU_RV32_VIRT,
    &EARLGREY_CW310,
    &NRF52840DK,
];

impl Board {
    /// The board called `name`.
    pub fn named(name: &str) -> Option<&'static Board> {
        BOARDS.into_iter().find(|board| board.name == name)
    }

    /// The board called `name`, which was given for the option `option`.
    pub fn chosen(option: &str, name: &str) -> Result<&'static Board, Error> {
        Self::named(name).ok_or_else(|| {
            let names = BOARDS.map(|board| board.name).join(", ");
            usage(format!(
                "{option} {name}: no such board; give one of {names}"
            ))
        })
    }

    /// What emulates it; an error if it is real.
    pub fn emulator(&self) -> Result<&Emulator, Error> {
        match &self.means {
            Means::Emulated(emulator) => Ok(emulator),
            Means::Real(_) => Err(usage(format!(
                "--board {}: not emulated{}",
                self.name,
                self.relatives(|means| matches!(means, Means::Emulated(_)))
            ))),
        }
    }

    /// What programs it; an error if it is emulated.
    pub fn programmer(&self) -> Result<Programmer, Error> {
        match self.means {
            Means::Real(programmer) => Ok(programmer),
            Means::Emulated(_) => Err(usage(format!(
                "--board {}: emulated, so that there is nothing to program{}",
                self.name,
                self.relatives(|means| matches!(means, Means::Real(_)))
            ))),
        }
    }

    /// A hint at the boards of its family that are what `is` says.
    fn relatives(&self, is: fn(&Means) -> bool) -> String {
        let mut relatives = BOARDS.to_vec();
        relatives.retain(|board| board.family == self.family && is(&board.means));
        let names: Vec<_> = relatives.iter().map(|board| board.name).collect();
        if names.is_empty() {
            return String::new();
        }
        format!("; {} has the same memory map and is", names.join(" or "))
    }
}

impl Family {
    /// Bytes between the start of flash and the first application: room for the kernel.
    pub fn kernel_room(&self) -> usize {
        (self.applications - self.flash_origin) as usize
    }

    /// Bytes between the start of RAM and the first process: the kernel's RAM.
    pub fn kernel_ram(&self) -> usize {
        (self.application_ram - self.ram_origin) as usize
    }
}

fn usage(message: String) -> Error {
    Error::new(Class::Usage, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emulated_boards_are_run_and_real_ones_programmed() {
        assert!(Board::named("opentitan").unwrap().emulator().is_ok());
        let error = NRF52840DK.emulator().unwrap_err().to_string();
        assert!(error.contains("mps2_an386 has the same"), "{error}");
        let error = OPENTITAN.programmer().unwrap_err().to_string();
        assert!(error.contains("earlgrey_cw310 has the same"), "{error}");
        let error = QEMU_RV32_VIRT.programmer().unwrap_err().to_string();
        assert!(error.ends_with("nothing to program"), "{error}");
        let error = Board::chosen("--check", "toaster").unwrap_err().to_string();
        assert_eq!(
            error,
            "--check toaster: no such board; give one of opentitan, mps2_an386, qemu_rv32_virt, \
             earlgrey_cw310, nrf52840dk"
        );
    }

    #[test]
    fn kernel_and_slots_fit_into_flash_and_ram() {
        for board in BOARDS {
            let family = board.family;
            if let Some(budget) = board.budget {
                assert!(budget.flash as usize <= family.kernel_room());
                assert!(budget.ram as usize <= family.kernel_ram());
            }
            assert!(family.own_flash < family.flash_origin + family.flash_length);
            for slot in family.model_slots {
                assert!(slot + family.model_slot_length <= family.own_flash);
            }
        }
    }
}
