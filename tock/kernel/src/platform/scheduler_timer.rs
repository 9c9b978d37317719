//! [`SchedulerTimer`]: the timer that ends a process's time slice.

use core::num::NonZeroU32;

/// A countdown for time slices.
///
/// The kernel starts it with the slice, arms it while the process itself
/// runs, and asks how much is left. Time that the kernel spends for the
/// process counts too.
pub trait SchedulerTimer {
    /// Starts a slice of `us` microseconds.
    fn start(&self, us: NonZeroU32);

    /// Stops and forgets the slice.
    fn reset(&self);

    /// From now on an interrupt must come when the slice ends.
    fn arm(&self);

    /// The interrupt is not needed for now; time goes on.
    fn disarm(&self);

    /// Microseconds left in the slice, `None` once it is over.
    fn get_remaining_us(&self) -> Option<NonZeroU32>;
}

/// A timer that never ends a slice: cooperative scheduling.
impl SchedulerTimer for () {
    fn start(&self, _us: NonZeroU32) {}

    fn reset(&self) {}

    fn arm(&self) {}

    fn disarm(&self) {}

    fn get_remaining_us(&self) -> Option<NonZeroU32> {
        Some(NonZeroU32::MAX)
    }
}
