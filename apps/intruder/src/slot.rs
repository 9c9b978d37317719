//! Slots of a quarter of a second, by the time since boot.

use libtock::alarm::{Alarm, Ticks};
use libtock::platform::ErrorCode;

/// Slots in a second.
const PER_SECOND: u32 = 4;

/// Ticks in a slot.
fn length() -> Result<u32, ErrorCode> {
    Ok((Alarm::get_frequency()?.0 / PER_SECOND).max(1))
}

/// The slot that it is, out of `slots`.
pub fn current(slots: u32) -> Result<u32, ErrorCode> {
    Ok(Alarm::get_ticks()? / length()? % slots)
}

/// Sleeps until the next slot and returns it, out of `slots`.
pub fn next(slots: u32) -> Result<u32, ErrorCode> {
    let length = length()?;
    let elapsed = Alarm::get_ticks()? % length;
    Alarm::sleep_for(Ticks(length - elapsed))?;
    current(slots)
}
