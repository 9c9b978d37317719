//! [`VirtualSchedulerTimer`]: time slices on an alarm that others share.

use core::num::NonZeroU32;

use kernel::hil::time::{Alarm, ConvertTicks, Ticks};
use kernel::platform::scheduler_timer::SchedulerTimer;

/// A scheduler timer on an alarm. The alarm's interrupt stops the process;
/// whether its slice is over is read from the alarm's time, so that a late
/// interrupt makes no difference.
pub struct VirtualSchedulerTimer<A: 'static + Alarm<'static>> {
    alarm: &'static A,
}

impl<A: 'static + Alarm<'static>> VirtualSchedulerTimer<A> {
    /// A timer that uses `alarm`, and nobody else does.
    pub fn new(alarm: &'static A) -> Self {
        Self { alarm }
    }
}

impl<A: 'static + Alarm<'static>> SchedulerTimer for VirtualSchedulerTimer<A> {
    fn start(&self, us: NonZeroU32) {
        let length = self.alarm.ticks_from_us(us.get());
        self.alarm.set_alarm(self.alarm.now(), length);
    }

    fn reset(&self) {
        // An alarm that cannot be disarmed fires into the next slice, where
        // it is an interruption and no more.
        let _ = self.alarm.disarm();
    }

    fn arm(&self) {}

    fn disarm(&self) {}

    fn get_remaining_us(&self) -> Option<NonZeroU32> {
        if !self.alarm.is_armed() {
            return None;
        }
        // Slices are far shorter than half the counter's range: a difference
        // above that means that the end has passed.
        let left = self.alarm.get_alarm().wrapping_sub(self.alarm.now());
        if left >= A::Ticks::half_max_value() {
            return None;
        }
        NonZeroU32::new(self.alarm.ticks_to_us(left))
    }
}
