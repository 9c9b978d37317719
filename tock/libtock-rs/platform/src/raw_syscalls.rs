//! The traps into the kernel, as the compiler has to see them.

use crate::Register;

/// The traps that [`Syscalls`](crate::Syscalls) is built from. Registers are
/// r0 to r3 of TRD 104: a0 to a3 on RISC-V, with the class in a4.
///
/// Libraries use `Syscalls`; only its implementation calls these. They differ
/// in what the compiler must assume, so that no call saves more registers or
/// memory than it has to:
///
/// | trap | class | registers in, out | upcalls run | may touch memory |
/// |---|---|---|---|---|
/// | `yield1` | Yield | 1, 0 | yes | yes |
/// | `yield2` | Yield | 2, 0 | yes | yes |
/// | `syscall1` | Memop | 1, 2 | no | no |
/// | `syscall2` | Memop, Exit | 2, 2 | no | no |
/// | `syscall4` | Subscribe, Command, Allow | 4, 4 | no | yes |
///
/// A trap that runs upcalls clobbers all registers that a function call does.
/// The others leave every register as it was, except their results.
///
/// # Safety
/// Unsafe code relies on the registers that come back; an implementation must
/// return what the kernel left in them, and pass on exactly its arguments.
pub unsafe trait RawSyscalls: Sized {
    /// Yields with one argument, for yield-wait.
    ///
    /// # Safety
    /// The yield number must be one that returns no value. An upcall that runs
    /// must still be sound to call.
    unsafe fn yield1(_: [Register; 1]);

    /// Yields with two arguments, for yield-no-wait.
    ///
    /// # Safety
    /// As for [`yield1`](Self::yield1); and the second register must be valid
    /// for the kernel to write one byte to, or zero.
    unsafe fn yield2(_: [Register; 2]);

    /// Calls class `CLASS` with one argument.
    ///
    /// # Safety
    /// The call must be a Memop that takes one argument, returns two registers
    /// at most, and is itself sound.
    unsafe fn syscall1<const CLASS: usize>(_: [Register; 1]) -> [Register; 2];

    /// Calls class `CLASS` with two arguments.
    ///
    /// # Safety
    /// The call must be a Memop or Exit that takes two arguments, returns two
    /// registers at most, and is itself sound. A Memop that moves the break
    /// must leave all memory in use below it.
    unsafe fn syscall2<const CLASS: usize>(_: [Register; 2]) -> [Register; 2];

    /// Calls class `CLASS` with four arguments.
    ///
    /// # Safety
    /// The class must be Subscribe, Command or one of the Allows.
    /// - A subscribed upcall must be 0 or a
    ///   `unsafe extern "C" fn(u32, u32, u32, Register)` that is sound to call
    ///   with the data until it is replaced.
    /// - An allowed buffer is borrowed by the kernel until it is replaced: as
    ///   by `&[u8]` for Read-Only Allow, as by `&mut [u8]` for Read-Write
    ///   Allow.
    unsafe fn syscall4<const CLASS: usize>(_: [Register; 4]) -> [Register; 4];
}
