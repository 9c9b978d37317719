//! The device's clock.

use libtock::alarm::Alarm;
use libtock::platform::ErrorCode;

/// The time now, in ticks of the alarm driver.
///
/// # Errors
/// What the driver answers.
pub fn now() -> Result<u32, ErrorCode> {
    Alarm::get_ticks()
}

/// How many ticks `rounds` rounds of `work` take.
///
/// # Errors
/// What the driver answers.
pub fn ticks_of(rounds: u32, work: impl Fn()) -> Result<u32, ErrorCode> {
    let start = now()?;
    for _ in 0..rounds {
        work();
    }
    Ok(now()?.wrapping_sub(start))
}
