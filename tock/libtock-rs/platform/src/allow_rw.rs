//! The share that Read-Write Allow makes.

use core::cell::Cell;
use core::marker::PhantomData;

use crate::share::List;
use crate::Syscalls;

/// A buffer that driver `DRIVER_NUM` may read and write as its buffer `BUFFER_NUM`.
/// Dropping it takes the buffer back; [`share::scope`](crate::share::scope)
/// sees to that.
pub struct AllowRw<'share, S: Syscalls, const DRIVER_NUM: u32, const BUFFER_NUM: u32> {
    syscalls: PhantomData<S>,
    // Invariant in 'share. Were it covariant, a share for 'static could pass
    // for one of a shorter-lived buffer, which the kernel could write to after
    // its memory had been reused. `Cell` also keeps threads out.
    share: PhantomData<Cell<&'share mut [u8]>>,
}

// By hand, because `derive` would ask that S be Default.
impl<S: Syscalls, const DRIVER_NUM: u32, const BUFFER_NUM: u32> Default
    for AllowRw<'_, S, DRIVER_NUM, BUFFER_NUM>
{
    fn default() -> Self {
        Self {
            syscalls: PhantomData,
            share: PhantomData,
        }
    }
}

impl<S: Syscalls, const DRIVER_NUM: u32, const BUFFER_NUM: u32> Drop
    for AllowRw<'_, S, DRIVER_NUM, BUFFER_NUM>
{
    fn drop(&mut self) {
        S::unallow_rw(DRIVER_NUM, BUFFER_NUM);
    }
}

impl<S: Syscalls, const DRIVER_NUM: u32, const BUFFER_NUM: u32> List
    for AllowRw<'_, S, DRIVER_NUM, BUFFER_NUM>
{
}

/// What to do about surprises. Driver libraries pass it through, so that the
/// application decides.
pub trait Config {
    /// The allow replaced a buffer that was still shared, which may mean that a
    /// library was entered twice. Ignored by default.
    fn returned_nonzero_buffer(_driver_num: u32, _buffer_num: u32) {}
}
