//! [`MPU`]: what of memory a process can reach.

use core::fmt::Display;

/// What a process may do with a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permissions {
    /// Read, write and execute.
    ReadWriteExecute,
    /// Read and write.
    ReadWriteOnly,
    /// Read and execute.
    ReadExecuteOnly,
    /// Read.
    ReadOnly,
    /// Execute.
    ExecuteOnly,
}

/// A stretch of memory that a region of the unit covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    start_address: *const u8,
    size: usize,
}

impl Region {
    /// `size` bytes from `start_address`.
    pub fn new(start_address: *const u8, size: usize) -> Region {
        Region {
            start_address,
            size,
        }
    }

    /// The first byte.
    pub fn start_address(&self) -> *const u8 {
        self.start_address
    }

    /// The length in bytes.
    pub fn size(&self) -> usize {
        self.size
    }
}

/// A memory protection unit.
///
/// The kernel keeps one configuration for each process, changes it through
/// these methods and loads it before it enters the process. Memory that no
/// region covers must be out of reach of user mode.
///
/// # Safety
///
/// Processes are isolated from each other and from the kernel by nothing
/// else: regions must never cover more than the methods below promise.
pub unsafe trait MPU {
    /// The regions of one process.
    type MpuConfig: Display;

    /// Turns protection on, before a process runs.
    fn enable_app_mpu(&self);

    /// Turns protection off.
    ///
    /// # Safety
    ///
    /// No process may run before it is on again.
    unsafe fn disable_app_mpu(&self);

    /// How many regions there are.
    fn number_total_regions(&self) -> usize;

    /// An empty configuration, if there is room for another.
    fn new_config(&self) -> Option<Self::MpuConfig>;

    /// Empties `config`.
    fn reset_config(&self, config: &mut Self::MpuConfig);

    /// Adds a region of at least `min_region_size` bytes somewhere in the
    /// given memory, as near to its start as the unit's alignment allows.
    /// `None` if it does not fit or no region is free.
    fn allocate_region(
        &self,
        unallocated_memory_start: *const u8,
        unallocated_memory_size: usize,
        min_region_size: usize,
        permissions: Permissions,
        config: &mut Self::MpuConfig,
    ) -> Option<Region>;

    /// Removes a region that [`Self::allocate_region`] added.
    #[allow(clippy::result_unit_err)] // Tock's interface
    fn remove_memory_region(&self, region: Region, config: &mut Self::MpuConfig) -> Result<(), ()>;

    /// Chooses the RAM of a process: a block of at least `min_memory_size`
    /// bytes, of which at least the first `initial_app_memory_size` bytes are
    /// within reach of the process and the last `initial_kernel_memory_size`
    /// bytes are not. Returns the block's start and size.
    #[allow(clippy::too_many_arguments)]
    fn allocate_app_memory_region(
        &self,
        unallocated_memory_start: *const u8,
        unallocated_memory_size: usize,
        min_memory_size: usize,
        initial_app_memory_size: usize,
        initial_kernel_memory_size: usize,
        permissions: Permissions,
        config: &mut Self::MpuConfig,
    ) -> Option<(*const u8, usize)>;

    /// Moves the end of what the process can reach in its block to (at least)
    /// `app_memory_break`, never to or past `kernel_memory_break`.
    #[allow(clippy::result_unit_err)] // Tock's interface
    fn update_app_memory_region(
        &self,
        app_memory_break: *const u8,
        kernel_memory_break: *const u8,
        permissions: Permissions,
        config: &mut Self::MpuConfig,
    ) -> Result<(), ()>;

    /// Loads `config` into the unit.
    ///
    /// # Safety
    ///
    /// `config` must be that of the process that runs next.
    unsafe fn configure_mpu(&self, config: &Self::MpuConfig);
}
