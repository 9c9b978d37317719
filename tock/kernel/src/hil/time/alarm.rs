//! Counters and alarms.

use super::{Frequency, Ticks};
use crate::errorcode::ErrorCode;

/// Something that counts time.
pub trait Time {
    /// How fast it counts.
    type Frequency: Frequency;
    /// How far it counts before it starts again from 0.
    type Ticks: Ticks;

    /// The count now.
    fn now(&self) -> Self::Ticks;
}

/// A counter that can be stopped.
pub trait Counter<'a>: Time {
    /// Starts to count.
    fn start(&self) -> Result<(), ErrorCode>;

    /// Stops to count.
    fn stop(&self) -> Result<(), ErrorCode>;

    /// Counts from 0 again.
    fn reset(&self) -> Result<(), ErrorCode>;

    /// Whether it counts.
    fn is_running(&self) -> bool;
}

/// Hears that a counter has started again from 0.
pub trait OverflowClient {
    /// The counter overflowed.
    fn overflow(&self);
}

/// Hears of an alarm.
pub trait AlarmClient {
    /// The time has come.
    fn alarm(&self);
}

/// Calls its client at a chosen time.
pub trait Alarm<'a>: Time {
    /// Names who is called.
    fn set_alarm_client(&self, client: &'a dyn AlarmClient);

    /// Sets the alarm to `dt` ticks after `reference`, which is in the past:
    /// if that point has passed already, the alarm fires at once. The client
    /// is never called from within this call.
    fn set_alarm(&self, reference: Self::Ticks, dt: Self::Ticks);

    /// When the alarm fires, or last fired.
    fn get_alarm(&self) -> Self::Ticks;

    /// Switches the alarm off; the client will not be called.
    fn disarm(&self) -> Result<(), ErrorCode>;

    /// Whether the client will be called.
    fn is_armed(&self) -> bool;

    /// The least `dt` that the hardware can keep.
    fn minimum_dt(&self) -> Self::Ticks;
}
