//! A parsed TBF header.

use core::num::NonZeroU32;

/// The fixed part of the header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Base {
    pub(crate) header_size: u16,
    pub(crate) total_size: u32,
    pub(crate) flags: u32,
    pub(crate) checksum: u32,
}

/// The Program entry, or the older Main entry in the same terms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Program {
    pub(crate) init_function_offset: u32,
    pub(crate) protected_size: u32,
    pub(crate) minimum_ram_size: u32,
    pub(crate) binary_end: u32,
    pub(crate) version: u32,
}

/// The FixedAddresses entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Addresses {
    pub(crate) ram: Option<u32>,
    pub(crate) flash: Option<u32>,
}

/// A TBF header: of an application, of data, or of padding.
#[derive(Clone, Copy, Debug)]
pub struct TbfHeader<'a> {
    pub(crate) base: Base,
    pub(crate) has_entries: bool,
    pub(crate) program: Option<Program>,
    pub(crate) package_name: Option<&'a str>,
    pub(crate) writeable_regions: &'a [u8],
    pub(crate) addresses: Option<Addresses>,
    pub(crate) kernel_version: Option<(u16, u16)>,
    pub(crate) short_id: Option<NonZeroU32>,
}

const ENABLED: u32 = 1;
const REGION_LEN: usize = 8;

impl<'a> TbfHeader<'a> {
    /// Bytes of header.
    pub fn length(&self) -> u16 {
        self.base.header_size
    }

    /// Whether this is more than padding: a header with entries.
    pub fn is_app(&self) -> bool {
        self.has_entries
    }

    /// Whether there is a Main or Program entry, without which there is
    /// nothing to run (a data-only TBF).
    pub fn has_program(&self) -> bool {
        self.program.is_some()
    }

    /// Whether the application may run at all.
    pub fn enabled(&self) -> bool {
        self.has_entries && self.base.flags & ENABLED != 0
    }

    /// RAM the application needs at least, in bytes.
    pub fn get_minimum_app_ram_size(&self) -> u32 {
        self.program.map_or(0, |program| program.minimum_ram_size)
    }

    /// Bytes from the start of the TBF that the application must not write:
    /// header and protected trailer.
    pub fn get_protected_size(&self) -> u32 {
        self.program.map_or(0, |program| program.protected_size)
    }

    /// Offset of the application binary from the start of the TBF.
    pub fn get_app_start_offset(&self) -> u32 {
        self.get_protected_size()
    }

    /// Offset of the first function from the start of the TBF.
    pub fn get_init_function_offset(&self) -> u32 {
        self.program
            .map_or(0, |program| program.init_function_offset)
    }

    /// The package name, if it has one.
    pub fn get_package_name(&self) -> Option<&'a str> {
        self.package_name
    }

    /// How many writeable flash regions the header declares.
    pub fn number_writeable_flash_regions(&self) -> usize {
        self.writeable_regions.len() / REGION_LEN
    }

    /// Offset (from the start of the TBF) and length of a writeable flash
    /// region; both 0 if there is no such region.
    pub fn get_writeable_flash_region(&self, index: usize) -> (usize, usize) {
        match self.writeable_regions.chunks_exact(REGION_LEN).nth(index) {
            Some(&[a, b, c, d, e, f, g, h]) => (
                u32::from_le_bytes([a, b, c, d]) as usize,
                u32::from_le_bytes([e, f, g, h]) as usize,
            ),
            _ => (0, 0),
        }
    }

    /// Address that the application's RAM must start at.
    pub fn get_fixed_address_ram(&self) -> Option<u32> {
        self.addresses?.ram
    }

    /// Address that the application binary must be at.
    pub fn get_fixed_address_flash(&self) -> Option<u32> {
        self.addresses?.flash
    }

    /// Major and minor version of the kernel that the application needs.
    pub fn get_kernel_version(&self) -> Option<(u16, u16)> {
        self.kernel_version
    }

    /// Offset of the first footer: the end of what credentials cover.
    pub fn get_binary_end(&self) -> u32 {
        self.program
            .map_or(self.base.total_size, |program| program.binary_end)
    }

    /// Version of the application; 0 if it has none.
    pub fn get_binary_version(&self) -> u32 {
        self.program.map_or(0, |program| program.version)
    }

    /// The ShortId that the application asks for. Only a credential that
    /// covers the header makes it more than a wish.
    pub fn get_fixed_short_id(&self) -> Option<NonZeroU32> {
        self.short_id
    }
}
