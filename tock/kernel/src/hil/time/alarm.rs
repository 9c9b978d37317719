//! Clocks and alarms.

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
