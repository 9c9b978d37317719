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

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use core::cell::Cell;
    use kernel::hil::time::{AlarmClient, Freq1MHz, Ticks32, Time};
    use kernel::ErrorCode;
    use std::boxed::Box;

    /// A clock that the test turns, about to start again from 0.
    struct Clock {
        now: Cell<u32>,
        alarm: Cell<Option<u32>>,
    }

    impl Time for Clock {
        type Frequency = Freq1MHz;
        type Ticks = Ticks32;

        fn now(&self) -> Ticks32 {
            self.now.get().into()
        }
    }

    impl Alarm<'static> for Clock {
        fn set_alarm_client(&self, _client: &'static dyn AlarmClient) {}

        fn set_alarm(&self, reference: Ticks32, dt: Ticks32) {
            self.alarm.set(Some(reference.wrapping_add(dt).into_u32()));
        }

        fn get_alarm(&self) -> Ticks32 {
            self.alarm.get().unwrap_or(0).into()
        }

        fn disarm(&self) -> Result<(), ErrorCode> {
            self.alarm.set(None);
            Ok(())
        }

        fn is_armed(&self) -> bool {
            self.alarm.get().is_some()
        }

        fn minimum_dt(&self) -> Ticks32 {
            1.into()
        }
    }

    #[test]
    fn a_slice_ends_on_time_even_if_the_interrupt_is_late() {
        let clock: &Clock = Box::leak(Box::new(Clock {
            now: Cell::new(u32::MAX - 100),
            alarm: Cell::new(None),
        }));
        let timer = VirtualSchedulerTimer::new(clock);
        let left = || timer.get_remaining_us().map(NonZeroU32::get);
        let turn = |ticks| clock.now.set(clock.now.get().wrapping_add(ticks));
        assert_eq!(left(), None);
        timer.start(NonZeroU32::MIN.saturating_add(9_999));
        assert_eq!(left(), Some(10_000));
        turn(9_999);
        assert_eq!(left(), Some(1));
        turn(1);
        assert_eq!(left(), None);
        turn(5_000);
        assert_eq!(left(), None, "late, and still armed");
        timer.start(NonZeroU32::MIN.saturating_add(99));
        assert_eq!(left(), Some(100));
        timer.reset();
        assert_eq!(left(), None);
    }
}
