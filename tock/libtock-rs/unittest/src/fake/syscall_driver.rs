//! What a fake driver implements.

use libtock_platform::{CommandReturn, ErrorCode};

use crate::{DriverInfo, DriverShareRef, RoAllowBuffer, RwAllowBuffer};

/// A fake driver. Add it to a kernel with `fake::Kernel::add_driver`.
pub trait SyscallDriver: 'static {
    /// The driver's number and how many upcalls it has.
    fn info(&self) -> DriverInfo;

    /// Called when the driver is added. A driver with upcalls keeps
    /// `share_ref`, to schedule them.
    fn register(&self, share_ref: DriverShareRef) {
        let _ = share_ref;
    }

    /// Answers a command. [`command_return`](crate::command_return) makes
    /// answers.
    fn command(&self, command_id: u32, argument0: u32, argument1: u32) -> CommandReturn;

    /// Takes a buffer that it may read and returns the one that it replaces.
    ///
    /// # Errors
    /// The buffer and why it was refused; `NoSupport` unless the driver
    /// implements this.
    fn allow_readonly(
        &self,
        buffer_num: u32,
        buffer: RoAllowBuffer,
    ) -> Result<RoAllowBuffer, (RoAllowBuffer, ErrorCode)> {
        let _ = buffer_num;
        Err((buffer, ErrorCode::NoSupport))
    }

    /// Takes a buffer that it may write and returns the one that it replaces.
    ///
    /// # Errors
    /// The buffer and why it was refused; `NoSupport` unless the driver
    /// implements this.
    fn allow_readwrite(
        &self,
        buffer_num: u32,
        buffer: RwAllowBuffer,
    ) -> Result<RwAllowBuffer, (RwAllowBuffer, ErrorCode)> {
        let _ = buffer_num;
        Err((buffer, ErrorCode::NoSupport))
    }
}
