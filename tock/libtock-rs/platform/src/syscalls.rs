//! The safe system call interface.

use core::mem::{self, MaybeUninit};

use crate::exit_on_drop::ExitOnDrop;
use crate::{
    allow_ro, allow_rw, exit_id, return_variant, share, subscribe, syscall_class, yield_id,
    AllowRo, AllowRw, CommandReturn, ErrorCode, RawSyscalls, Register, ReturnVariant, Subscribe,
    Upcall, YieldNoWaitReturn,
};

/// Memop operation numbers (TRD 104, 4.6).
mod memop {
    pub const BREAK: u32 = 0;
    pub const SBREAK: u32 = 1;
    pub const RAM_START: u32 = 2;
    pub const STACK_START: u32 = 10;
    pub const HEAP_START: u32 = 11;
}

/// Tock's system calls, made safe. Implemented for every [`RawSyscalls`]:
/// `libtock_runtime::TockSyscalls` on a device, `libtock_unittest::fake::Syscalls`
/// in tests.
pub trait Syscalls: RawSyscalls + Sized {
    /// Runs one pending upcall, if there is one, and says whether it did.
    fn yield_no_wait() -> YieldNoWaitReturn {
        let mut ran = MaybeUninit::<YieldNoWaitReturn>::uninit();
        // SAFETY: `ran` is one byte that the kernel may write. Upcalls are
        // sound to call, because a `Subscribe` keeps their data alive.
        unsafe { Self::yield2([yield_id::NO_WAIT.into(), ran.as_mut_ptr().into()]) };
        // SAFETY: yield-no-wait writes 0 or 1 to a valid address (TRD 104,
        // 4.1.1), which are the two values of the type.
        unsafe { ran.assume_init() }
    }

    /// Sleeps until an upcall has run.
    fn yield_wait() {
        // SAFETY: yield-wait returns no value. Upcalls are sound to call,
        // because a `Subscribe` keeps their data alive.
        unsafe { Self::yield1([yield_id::WAIT.into()]) }
    }

    /// Registers `upcall` until the end of the share.
    ///
    /// # Errors
    /// What the kernel answers: `NoDevice`, `Invalid` for a number that the
    /// driver does not have, `NoMem` for want of grant memory.
    fn subscribe<
        'share,
        IDS: subscribe::SupportsId<DRIVER_NUM, SUBSCRIBE_NUM>,
        U: Upcall<IDS>,
        CONFIG: subscribe::Config,
        const DRIVER_NUM: u32,
        const SUBSCRIBE_NUM: u32,
    >(
        _subscribe: share::Handle<Subscribe<'share, Self, DRIVER_NUM, SUBSCRIBE_NUM>>,
        upcall: &'share U,
    ) -> Result<(), ErrorCode> {
        let function = call_upcall::<Self, IDS, U> as *const ();
        let [r0, r1, _, _] = {
            // SAFETY: `call_upcall` has the type that the kernel calls, and its
            // data is a `&U` that lives for 'share, before the end of which the
            // `Subscribe` behind the handle unregisters the upcall.
            unsafe {
                Self::syscall4::<{ syscall_class::SUBSCRIBE }>([
                    DRIVER_NUM.into(),
                    SUBSCRIBE_NUM.into(),
                    function.into(),
                    (&raw const *upcall).into(),
                ])
            }
        };
        failure(r0, r1, return_variant::FAILURE_2_U32)?;
        if usize::from(r1) != 0 {
            CONFIG::returned_nonnull_upcall(DRIVER_NUM, SUBSCRIBE_NUM);
        }
        Ok(())
    }

    /// Unregisters an upcall. Does nothing if there is none.
    fn unsubscribe(driver_num: u32, subscribe_num: u32) {
        // SAFETY: the null upcall is never called.
        unsafe {
            Self::syscall4::<{ syscall_class::SUBSCRIBE }>([
                driver_num.into(),
                subscribe_num.into(),
                0usize.into(),
                0usize.into(),
            ])
        };
    }

    /// Calls command `command_id` of driver `driver_id`. What the arguments and
    /// the return mean is the driver's to say.
    fn command(driver_id: u32, command_id: u32, argument0: u32, argument1: u32) -> CommandReturn {
        // SAFETY: a command by itself touches no memory but buffers that are
        // shared, and those are borrowed by their share.
        let [r0, r1, r2, r3] = unsafe {
            Self::syscall4::<{ syscall_class::COMMAND }>([
                driver_id.into(),
                command_id.into(),
                argument0.into(),
                argument1.into(),
            ])
        };
        // SAFETY: r1 is an error code in the failure variants of a kernel that
        // keeps to TRD 104; `CommandReturn` copes with one that does not.
        unsafe { CommandReturn::new(r0.as_u32().into(), r1.as_u32(), r2.as_u32(), r3.as_u32()) }
    }

    /// Shares a buffer, which the kernel may read and write, until the end of
    /// the share.
    ///
    /// # Errors
    /// What the kernel answers: `NoDevice`, `Invalid` for a number that the
    /// driver does not have, `NoMem` for want of grant memory.
    fn allow_rw<'share, CONFIG: allow_rw::Config, const DRIVER_NUM: u32, const BUFFER_NUM: u32>(
        _allow_rw: share::Handle<AllowRw<'share, Self, DRIVER_NUM, BUFFER_NUM>>,
        buffer: &'share mut [u8],
    ) -> Result<(), ErrorCode> {
        // SAFETY: the buffer is borrowed mutably for 'share, before the end of
        // which the `AllowRw` behind the handle takes it back.
        let replaced = unsafe {
            allow::<Self, { syscall_class::ALLOW_RW }>(
                DRIVER_NUM,
                BUFFER_NUM,
                buffer.as_mut_ptr().into(),
                buffer.len(),
            )?
        };
        if replaced {
            CONFIG::returned_nonzero_buffer(DRIVER_NUM, BUFFER_NUM);
        }
        Ok(())
    }

    /// Takes back a buffer. Does nothing if there is none.
    fn unallow_rw(driver_num: u32, buffer_num: u32) {
        // SAFETY: an empty buffer borrows nothing.
        let _ = unsafe {
            allow::<Self, { syscall_class::ALLOW_RW }>(driver_num, buffer_num, 0usize.into(), 0)
        };
    }

    /// Shares a buffer, which the kernel may read, until the end of the share.
    ///
    /// # Errors
    /// As for [`allow_rw`](Self::allow_rw).
    fn allow_ro<'share, CONFIG: allow_ro::Config, const DRIVER_NUM: u32, const BUFFER_NUM: u32>(
        _allow_ro: share::Handle<AllowRo<'share, Self, DRIVER_NUM, BUFFER_NUM>>,
        buffer: &'share [u8],
    ) -> Result<(), ErrorCode> {
        // SAFETY: the buffer is borrowed for 'share, before the end of which
        // the `AllowRo` behind the handle takes it back.
        let replaced = unsafe {
            allow::<Self, { syscall_class::ALLOW_RO }>(
                DRIVER_NUM,
                BUFFER_NUM,
                buffer.as_ptr().into(),
                buffer.len(),
            )?
        };
        if replaced {
            CONFIG::returned_nonzero_buffer(DRIVER_NUM, BUFFER_NUM);
        }
        Ok(())
    }

    /// Takes back a buffer. Does nothing if there is none.
    fn unallow_ro(driver_num: u32, buffer_num: u32) {
        // SAFETY: an empty buffer borrows nothing.
        let _ = unsafe {
            allow::<Self, { syscall_class::ALLOW_RO }>(driver_num, buffer_num, 0usize.into(), 0)
        };
    }

    /// Moves the program break to `addr`.
    ///
    /// # Safety
    /// No object in use may lie at or above `addr`.
    ///
    /// # Errors
    /// `NoMem` when the break cannot be there.
    unsafe fn memop_brk(addr: *const u8) -> Result<(), ErrorCode> {
        // SAFETY: the caller answers for the memory above the new break.
        unsafe { memop2::<Self>(memop::BREAK, addr.into()) }.map(|_| ())
    }

    /// Moves the program break by `incr` bytes and returns where it was.
    ///
    /// # Safety
    /// No object in use may lie at or above the new break.
    ///
    /// # Errors
    /// `NoMem` when the break cannot be there.
    unsafe fn memop_sbrk(incr: i32) -> Result<*const u8, ErrorCode> {
        // SAFETY: the caller answers for the memory above the new break.
        unsafe { memop2::<Self>(memop::SBREAK, incr.into()) }.map(Into::into)
    }

    /// Raises the program break by `incr` bytes and returns where it was.
    ///
    /// # Errors
    /// `NoMem` when the break cannot be there; `Invalid` for 2 GiB and more.
    fn memop_increment_brk(incr: u32) -> Result<*const u8, ErrorCode> {
        let incr = i32::try_from(incr).map_err(|_| ErrorCode::Invalid)?;
        // SAFETY: raising the break takes no memory away.
        unsafe { Self::memop_sbrk(incr) }
    }

    /// Where the process's RAM starts.
    ///
    /// # Errors
    /// What the kernel answers.
    fn memop_app_ram_start() -> Result<*const u8, ErrorCode> {
        // SAFETY: the operation takes no argument and only returns a value.
        let [r0, r1] =
            unsafe { Self::syscall1::<{ syscall_class::MEMOP }>([memop::RAM_START.into()]) };
        failure(r0, r1, return_variant::FAILURE)?;
        Ok(r1.into())
    }

    /// Tells the kernel where the stack starts, for its reports.
    ///
    /// # Errors
    /// What the kernel answers.
    fn memop_debug_stack_start(stack_top: *const u8) -> Result<(), ErrorCode> {
        // SAFETY: the kernel only notes the address.
        unsafe { memop2::<Self>(memop::STACK_START, stack_top.into()) }.map(|_| ())
    }

    /// Tells the kernel where the heap starts, for its reports.
    ///
    /// # Errors
    /// What the kernel answers.
    fn memop_debug_heap_start(initial_break: *const u8) -> Result<(), ErrorCode> {
        // SAFETY: the kernel only notes the address.
        unsafe { memop2::<Self>(memop::HEAP_START, initial_break.into()) }.map(|_| ())
    }

    /// Ends the process for good.
    fn exit_terminate(exit_code: u32) -> ! {
        exit::<Self>(exit_id::TERMINATE, exit_code)
    }

    /// Ends the process and asks the kernel to start it afresh.
    fn exit_restart(exit_code: u32) -> ! {
        exit::<Self>(exit_id::RESTART, exit_code)
    }
}

impl<S: RawSyscalls> Syscalls for S {}

/// The error in `r1`, when `r0` is `failure`.
///
/// Any other variant is taken for success: the caller expects two variants and
/// no others, and the success path is the one that trusts nothing in `r1`.
fn failure(r0: Register, r1: Register, failure: ReturnVariant) -> Result<(), ErrorCode> {
    if ReturnVariant::from(r0.as_u32()) == failure {
        return Err(ErrorCode::from_kernel(r1.as_u32()));
    }
    Ok(())
}

/// The function that the kernel calls, for any [`Upcall`].
///
/// # Safety
/// `data` must be a `&U`.
unsafe extern "C" fn call_upcall<S: Syscalls, IDS, U: Upcall<IDS>>(
    arg0: u32,
    arg1: u32,
    arg2: u32,
    data: Register,
) {
    let guard = ExitOnDrop::<S>::default();
    let upcall: *const U = data.into();
    // SAFETY: the caller passes a `&U`.
    unsafe { &*upcall }.upcall(arg0, arg1, arg2);
    mem::forget(guard);
}

/// Allows a buffer and says whether it replaced another.
///
/// # Safety
/// The buffer must stay borrowed, as the class requires, until it is replaced.
unsafe fn allow<S: RawSyscalls, const CLASS: usize>(
    driver_num: u32,
    buffer_num: u32,
    address: Register,
    length: usize,
) -> Result<bool, ErrorCode> {
    // SAFETY: the caller answers for the buffer.
    let [r0, r1, r2, _] = unsafe {
        S::syscall4::<CLASS>([driver_num.into(), buffer_num.into(), address, length.into()])
    };
    failure(r0, r1, return_variant::FAILURE_2_U32)?;
    Ok((usize::from(r1), usize::from(r2)) != (0, 0))
}

/// Calls a Memop with an argument and returns its value.
///
/// # Safety
/// The operation must leave all memory in use below the break.
unsafe fn memop2<S: RawSyscalls>(
    operation: u32,
    argument: Register,
) -> Result<Register, ErrorCode> {
    // SAFETY: the caller answers for the operation.
    let [r0, r1] = unsafe { S::syscall2::<{ syscall_class::MEMOP }>([operation.into(), argument]) };
    failure(r0, r1, return_variant::FAILURE)?;
    Ok(r1)
}

/// Leaves the process.
fn exit<S: RawSyscalls>(exit_number: u32, code: u32) -> ! {
    // An exit with one of these numbers does not return (TRD 104, 4.7). Asking
    // again is what is left if a kernel broke that promise.
    loop {
        // SAFETY: exit touches no memory of the process.
        unsafe { S::syscall2::<{ syscall_class::EXIT }>([exit_number.into(), code.into()]) };
    }
}
