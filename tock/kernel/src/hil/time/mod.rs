//! Time: counters, alarms and their units (TRD 105).

mod alarm;
mod frequency;
mod ticks;

pub use alarm::{Alarm, AlarmClient, Time};
pub use frequency::{ConvertTicks, Freq1MHz, Freq32KHz, Frequency};
pub use ticks::{Ticks, Ticks32, Ticks64};
