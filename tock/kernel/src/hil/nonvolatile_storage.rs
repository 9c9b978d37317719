//! Storage that outlives a reset, addressed by byte.

use crate::errorcode::ErrorCode;

/// A stretch of nonvolatile memory. Addresses start at 0.
pub trait NonvolatileStorage<'a> {
    /// Names who hears of finished reads and writes.
    fn set_client(&self, client: &'a dyn NonvolatileStorageClient);

    /// Reads `length` bytes from `address` into `buffer`.
    fn read(
        &self,
        buffer: &'static mut [u8],
        address: usize,
        length: usize,
    ) -> Result<(), ErrorCode>;

    /// Writes the first `length` bytes of `buffer` to `address`.
    fn write(
        &self,
        buffer: &'static mut [u8],
        address: usize,
        length: usize,
    ) -> Result<(), ErrorCode>;
}

/// Hears of finished reads and writes.
pub trait NonvolatileStorageClient {
    /// A read has finished, with `length` bytes.
    fn read_done(&self, buffer: &'static mut [u8], length: usize);

    /// A write has finished, with `length` bytes.
    fn write_done(&self, buffer: &'static mut [u8], length: usize);
}
