//! What a system call returns.

use crate::errorcode::ErrorCode;
use crate::utilities::capability_ptr::CapabilityPtr;

/// The result of a system call, before it is encoded into registers (TRD 104,
/// section 3.3; see [`crate::utilities::arch_helpers`]).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SyscallReturn {
    /// Failure.
    Failure(ErrorCode),
    /// Failure, with a number.
    FailureU32(ErrorCode, u32),
    /// Failure, with two numbers.
    FailureU32U32(ErrorCode, u32, u32),
    /// Failure, with a wide number.
    FailureU64(ErrorCode, u64),
    /// Success.
    Success,
    /// Success, with a number.
    SuccessU32(u32),
    /// Success, with two numbers.
    SuccessU32U32(u32, u32),
    /// Success, with three numbers.
    SuccessU32U32U32(u32, u32, u32),
    /// Success, with a wide number.
    SuccessU64(u64),
    /// Success, with a number and a wide number.
    SuccessU32U64(u32, u64),
    /// Success, with an address.
    SuccessAddr(usize),
    /// Success, with a pointer that the process may use.
    SuccessPtr(CapabilityPtr),
    /// The buffer that was shared until now.
    AllowReadWriteSuccess(*mut u8, usize),
    /// The buffer that was not accepted.
    AllowReadWriteFailure(ErrorCode, *mut u8, usize),
    /// The buffer that was shared until now.
    UserspaceReadableAllowSuccess(*mut u8, usize),
    /// The buffer that was not accepted.
    UserspaceReadableAllowFailure(ErrorCode, *mut u8, usize),
    /// The buffer that was shared until now.
    AllowReadOnlySuccess(*const u8, usize),
    /// The buffer that was not accepted.
    AllowReadOnlyFailure(ErrorCode, *const u8, usize),
    /// The upcall that was registered until now: function and data.
    SubscribeSuccess(*const (), usize),
    /// The upcall that was not accepted: function and data.
    SubscribeFailure(ErrorCode, *const (), usize),
    /// The three arguments of the upcall that was waited for.
    YieldWaitFor(usize, usize, usize),
}
