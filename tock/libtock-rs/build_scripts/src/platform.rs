//! The boards that a build can name.

/// Where a board's first process goes.
pub struct Platform {
    /// What `LIBTOCK_PLATFORM` calls it.
    pub name: &'static str,
    /// Address of the TBF header.
    pub flash_start: &'static str,
    /// Length of flash, in the linker's notation.
    pub flash_length: &'static str,
    /// Address of the RAM.
    pub ram_start: &'static str,
    /// Length of the RAM, in the linker's notation.
    pub ram_length: &'static str,
}

/// The boards that the project builds for, at upstream's addresses. The emulated
/// `mps2_an386` has the nRF52840's, so that what is built for one runs on the other.
const PLATFORMS: [Platform; 4] = [
    Platform {
        name: "mps2_an386",
        flash_start: "0x00040000",
        flash_length: "768K",
        ram_start: "0x20010000",
        ram_length: "128K",
    },
    Platform {
        name: "nrf52840",
        flash_start: "0x00040000",
        flash_length: "768K",
        ram_start: "0x20010000",
        ram_length: "128K",
    },
    Platform {
        name: "opentitan",
        flash_start: "0x20030000",
        flash_length: "832K",
        ram_start: "0x10006000",
        ram_length: "104K",
    },
    Platform {
        name: "qemu_rv32_virt",
        flash_start: "0x80100000",
        flash_length: "1M",
        ram_start: "0x80300000",
        ram_length: "1M",
    },
];

impl Platform {
    /// The board of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        PLATFORMS.iter().find(|platform| platform.name == name)
    }

    /// The names of all boards.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PLATFORMS.iter().map(|platform| platform.name)
    }
}
