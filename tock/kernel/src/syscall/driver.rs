//! [`SyscallDriver`]: a capsule that processes can call.

use crate::errorcode::ErrorCode;
use crate::process::{Error, ProcessId};
use crate::syscall::SyscallReturn;

/// A driver that processes reach by its number.
///
/// The kernel itself keeps the upcalls and buffers that processes give to a
/// driver, in the driver's grant; the driver sees commands only.
pub trait SyscallDriver {
    /// Does something at once, or starts it. Command 0 asks whether the
    /// driver exists, and succeeds without effect (TRD 104, section 4.3.1).
    fn command(
        &self,
        _command_num: usize,
        _r2: usize,
        _r3: usize,
        _process_id: ProcessId,
    ) -> CommandReturn {
        CommandReturn::failure(ErrorCode::NOSUPPORT)
    }

    /// Makes sure that the driver's grant for `process_id` exists:
    /// `self.grant.enter(process_id, |_, _| {})`.
    fn allocate_grant(&self, process_id: ProcessId) -> Result<(), Error>;
}

/// What a command returns: success or failure, with up to three numbers.
#[derive(Debug, PartialEq)]
pub struct CommandReturn(SyscallReturn);

impl CommandReturn {
    pub(crate) fn into_inner(self) -> SyscallReturn {
        self.0
    }

    /// Failure.
    pub fn failure(error: ErrorCode) -> Self {
        Self(SyscallReturn::Failure(error))
    }

    /// Failure, with a number.
    pub fn failure_u32(error: ErrorCode, data0: u32) -> Self {
        Self(SyscallReturn::FailureU32(error, data0))
    }

    /// Failure, with two numbers.
    pub fn failure_u32_u32(error: ErrorCode, data0: u32, data1: u32) -> Self {
        Self(SyscallReturn::FailureU32U32(error, data0, data1))
    }

    /// Failure, with a wide number.
    pub fn failure_u64(error: ErrorCode, data0: u64) -> Self {
        Self(SyscallReturn::FailureU64(error, data0))
    }

    /// Success.
    pub fn success() -> Self {
        Self(SyscallReturn::Success)
    }

    /// Success, with a number.
    pub fn success_u32(data0: u32) -> Self {
        Self(SyscallReturn::SuccessU32(data0))
    }

    /// Success, with two numbers.
    pub fn success_u32_u32(data0: u32, data1: u32) -> Self {
        Self(SyscallReturn::SuccessU32U32(data0, data1))
    }

    /// Success, with three numbers.
    pub fn success_u32_u32_u32(data0: u32, data1: u32, data2: u32) -> Self {
        Self(SyscallReturn::SuccessU32U32U32(data0, data1, data2))
    }

    /// Success, with a wide number.
    pub fn success_u64(data0: u64) -> Self {
        Self(SyscallReturn::SuccessU64(data0))
    }

    /// Success, with a number and a wide number.
    pub fn success_u32_u64(data0: u32, data1: u64) -> Self {
        Self(SyscallReturn::SuccessU32U64(data0, data1))
    }
}

impl From<Result<(), ErrorCode>> for CommandReturn {
    fn from(result: Result<(), ErrorCode>) -> Self {
        match result {
            Ok(()) => Self::success(),
            Err(error) => Self::failure(error),
        }
    }
}

impl From<Error> for CommandReturn {
    fn from(error: Error) -> Self {
        Self::failure(error.into())
    }
}
