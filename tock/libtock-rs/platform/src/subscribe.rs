//! The share that Subscribe makes, and the upcalls it is made with.

use core::cell::Cell;
use core::marker::PhantomData;

use crate::share::List;
use crate::{ErrorCode, Syscalls};

/// An upcall registered as number `SUBSCRIBE_NUM` of driver `DRIVER_NUM`.
/// Dropping it unregisters the upcall; [`share::scope`](crate::share::scope)
/// sees to that.
pub struct Subscribe<'share, S: Syscalls, const DRIVER_NUM: u32, const SUBSCRIBE_NUM: u32> {
    syscalls: PhantomData<S>,
    // Invariant in 'share, or else an upcall could be called after its data is
    // gone (see `AllowRo`).
    share: PhantomData<Cell<&'share ()>>,
}

// By hand, because `derive` would ask that S be Default.
impl<S: Syscalls, const DRIVER_NUM: u32, const SUBSCRIBE_NUM: u32> Default
    for Subscribe<'_, S, DRIVER_NUM, SUBSCRIBE_NUM>
{
    fn default() -> Self {
        Self {
            syscalls: PhantomData,
            share: PhantomData,
        }
    }
}

impl<S: Syscalls, const DRIVER_NUM: u32, const SUBSCRIBE_NUM: u32> Drop
    for Subscribe<'_, S, DRIVER_NUM, SUBSCRIBE_NUM>
{
    fn drop(&mut self) {
        S::unsubscribe(DRIVER_NUM, SUBSCRIBE_NUM);
    }
}

impl<S: Syscalls, const DRIVER_NUM: u32, const SUBSCRIBE_NUM: u32> List
    for Subscribe<'_, S, DRIVER_NUM, SUBSCRIBE_NUM>
{
}

/// Something that the kernel can call while the process yields. `SupportedIds`
/// says for which upcall numbers: [`AnyId`] or [`OneId`].
pub trait Upcall<SupportedIds> {
    /// Called with the three arguments that the driver scheduled it with.
    fn upcall(&self, arg0: u32, arg1: u32, arg2: u32);
}

/// Whether upcall `SUBSCRIBE_NUM` of driver `DRIVER_NUM` is among these
/// identifiers.
pub trait SupportsId<const DRIVER_NUM: u32, const SUBSCRIBE_NUM: u32> {}

/// All upcall numbers of all drivers.
pub struct AnyId;
impl<const DRIVER_NUM: u32, const SUBSCRIBE_NUM: u32> SupportsId<DRIVER_NUM, SUBSCRIBE_NUM>
    for AnyId
{
}

/// One upcall number of one driver.
pub struct OneId<const DRIVER_NUM: u32, const SUBSCRIBE_NUM: u32>;
impl<const DRIVER_NUM: u32, const SUBSCRIBE_NUM: u32> SupportsId<DRIVER_NUM, SUBSCRIBE_NUM>
    for OneId<DRIVER_NUM, SUBSCRIBE_NUM>
{
}

/// What to do about surprises. Driver libraries pass it through, so that the
/// application decides.
pub trait Config {
    /// The subscribe replaced an upcall that was still registered, which may
    /// mean that a library was entered twice. Ignored by default.
    fn returned_nonnull_upcall(_driver_num: u32, _subscribe_num: u32) {}
}

/// An upcall's first argument as drivers use it: 0, or an error code.
fn status(arg0: u32) -> Result<(), ErrorCode> {
    match arg0 {
        0 => Ok(()),
        code => Err(code.try_into().unwrap_or(ErrorCode::Fail)),
    }
}

/// Notes that the upcall was called.
impl Upcall<AnyId> for Cell<bool> {
    fn upcall(&self, _: u32, _: u32, _: u32) {
        self.set(true);
    }
}

/// Implements `Upcall` for a cell that keeps some of the arguments.
macro_rules! keeps {
    ($(#[$doc:meta])* $kept:ty, |$arg0:pat_param, $arg1:pat_param, $arg2:pat_param| $value:expr) => {
        $(#[$doc])*
        impl Upcall<AnyId> for Cell<Option<$kept>> {
            fn upcall(&self, $arg0: u32, $arg1: u32, $arg2: u32) {
                self.set(Some($value));
            }
        }
    };
}

keeps!(
    /// Keeps no argument, only that the upcall was called.
    (), |_, _, _| ()
);
keeps!(
    /// Keeps the first argument.
    (u32,), |a, _, _| (a,)
);
keeps!(
    /// Keeps the first two arguments.
    (u32, u32), |a, b, _| (a, b)
);
keeps!(
    /// Keeps all three arguments.
    (u32, u32, u32), |a, b, c| (a, b, c)
);
keeps!(
    /// Keeps the first argument, read as a status.
    Result<(), ErrorCode>, |a, _, _| status(a)
);
keeps!(
    /// Reads the first argument as a status and keeps the second.
    Result<(u32,), ErrorCode>, |a, b, _| status(a).map(|()| (b,))
);
keeps!(
    /// Reads the first argument as a status and keeps the other two.
    Result<(u32, u32), ErrorCode>, |a, b, c| status(a).map(|()| (b, c))
);

#[cfg(test)]
mod tests {
    use super::*;

    fn kept<T>(arg0: u32) -> Option<T>
    where
        Cell<Option<T>>: Upcall<AnyId>,
    {
        let cell = Cell::new(None);
        cell.upcall(arg0, 20, 30);
        cell.into_inner()
    }

    #[test]
    fn cells_keep_what_their_type_says() {
        let flag = Cell::new(false);
        flag.upcall(0, 0, 0);
        assert!(flag.get());
        assert_eq!(kept::<()>(1), Some(()));
        assert_eq!(kept::<(u32,)>(1), Some((1,)));
        assert_eq!(kept::<(u32, u32)>(1), Some((1, 20)));
        assert_eq!(kept::<(u32, u32, u32)>(1), Some((1, 20, 30)));
    }

    #[test]
    fn cells_read_a_status() {
        assert_eq!(kept::<Result<(), ErrorCode>>(0), Some(Ok(())));
        assert_eq!(kept::<Result<(u32,), ErrorCode>>(0), Some(Ok((20,))));
        assert_eq!(kept::<Result<(u32, u32), ErrorCode>>(0), Some(Ok((20, 30))));
        assert_eq!(kept::<Result<(), ErrorCode>>(2), Some(Err(ErrorCode::Busy)));
        assert_eq!(
            kept::<Result<(u32,), ErrorCode>>(5000),
            Some(Err(ErrorCode::Fail))
        );
    }
}
