//! Static memory for objects that are made at run time, once.

use core::cell::UnsafeCell;
use core::mem::MaybeUninit;

/// Static room for a `T`, which can be claimed once. Use it through
/// [`static_buf!`](crate::static_buf).
pub struct StaticBuffer<T> {
    claimed: UnsafeCell<bool>,
    memory: UnsafeCell<MaybeUninit<T>>,
}

// SAFETY: the only access is `claim`, whose caller keeps threads apart.
unsafe impl<T> Sync for StaticBuffer<T> {}

impl<T> StaticBuffer<T> {
    /// Unclaimed room.
    #[allow(clippy::new_without_default)] // only for statics
    pub const fn new() -> Self {
        Self {
            claimed: UnsafeCell::new(false),
            memory: UnsafeCell::new(MaybeUninit::uninit()),
        }
    }

    /// Hands the room out.
    ///
    /// # Panics
    ///
    /// On the second call.
    ///
    /// # Safety
    ///
    /// Two threads must not call this at the same time.
    #[allow(clippy::mut_from_ref)] // given out once only
    pub unsafe fn claim(&'static self) -> &'static mut MaybeUninit<T> {
        // SAFETY: no other thread is here (the caller's promise), and nothing
        // else refers to the flag.
        let claimed = unsafe { &mut *self.claimed.get() };
        refuse_second_claim(claimed);
        // SAFETY: this is the first claim, so nobody else has a reference.
        unsafe { &mut *self.memory.get() }
    }
}

/// Kept out of line: boards have a claim for every object.
#[inline(never)]
fn refuse_second_claim(claimed: &mut bool) {
    if core::mem::replace(claimed, true) {
        panic!("static buffer claimed twice");
    }
}

/// Static, uninitialized room for a value of a type: a
/// `&'static mut MaybeUninit<T>`. Must be called inside `unsafe`, by one
/// thread; the same place in the code may be reached once.
#[macro_export]
macro_rules! static_buf {
    ($T:ty $(,)?) => {{
        static BUFFER: $crate::utilities::static_init::StaticBuffer<$T> =
            $crate::utilities::static_init::StaticBuffer::new();
        BUFFER.claim()
    }};
}

/// Static room for a value of a type, with the value in it: a
/// `&'static mut T`. Rules as for [`static_buf!`](crate::static_buf).
#[macro_export]
macro_rules! static_init {
    ($T:ty, $e:expr $(,)?) => {{
        let buffer = $crate::static_buf!($T);
        buffer.write($e)
    }};
}
