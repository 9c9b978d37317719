//! The alarm driver: time and one alarm for each process.
//!
//! Processes see a 32-bit counter; where the hardware's is narrower it is
//! shifted up, so that it wraps at 32 bits in any case.

use kernel::grant::{AllowRoCount, AllowRwCount, Grant, UpcallCount};
use kernel::hil::time::{Alarm, AlarmClient, Ticks};
use kernel::process::{Error, ProcessId};
use kernel::syscall::{CommandReturn, SyscallDriver};
use kernel::ErrorCode;

use crate::driver;

/// The driver's number.
pub const DRIVER_NUM: usize = driver::NUM::Alarm as usize;

mod upcall {
    /// The alarm expired: counter now, counter that was asked for.
    pub const EXPIRED: usize = 0;
    pub const COUNT: u8 = 1;
}

/// A process's alarm.
pub struct AlarmData<T: Ticks> {
    /// Reference and distance of the alarm, while one is set.
    expiration: Option<(T, T)>,
}

impl<T: Ticks> Default for AlarmData<T> {
    fn default() -> Self {
        AlarmData { expiration: None }
    }
}

/// An alarm, and how far off it is.
#[derive(Clone, Copy)]
struct Due<T: Ticks> {
    reference: T,
    dt: T,
    /// Zero once it is due.
    remaining: T,
}

impl<T: Ticks> AlarmData<T> {
    fn due(&self, now: T) -> Option<Due<T>> {
        let (reference, dt) = self.expiration?;
        let end = reference.wrapping_add(dt);
        let remaining = if now.within_range(reference, end) {
            end.wrapping_sub(now)
        } else {
            T::from(0)
        };
        Some(Due {
            reference,
            dt,
            remaining,
        })
    }
}

type AlarmGrant<T> =
    Grant<AlarmData<T>, UpcallCount<{ upcall::COUNT }>, AllowRoCount<0>, AllowRwCount<0>>;

/// The driver.
pub struct AlarmDriver<'a, A: Alarm<'a>> {
    alarm: &'a A,
    processes: AlarmGrant<A::Ticks>,
}

impl<'a, A: Alarm<'a>> AlarmDriver<'a, A> {
    /// A driver over `alarm`, of which it must become the client.
    pub const fn new(alarm: &'a A, grant: AlarmGrant<A::Ticks>) -> Self {
        AlarmDriver {
            alarm,
            processes: grant,
        }
    }

    /// Tells every process whose alarm is due, then sets the hardware for the
    /// next one.
    fn service(&self) {
        let now = self.alarm.now();
        let mut next: Option<Due<A::Ticks>> = None;
        self.processes.each(|_, process, kernel_data| {
            let Some(due) = process.due(now) else {
                return;
            };
            if due.remaining == A::Ticks::from(0) {
                process.expiration = None;
                let due = due.reference.wrapping_add(due.dt);
                // A process whose queue of upcalls is full misses this one.
                let _ = kernel_data.schedule_upcall(
                    upcall::EXPIRED,
                    (to_process(now) as usize, to_process(due) as usize, 0),
                );
            } else if next.is_none_or(|soonest| due.remaining < soonest.remaining) {
                next = Some(due);
            }
        });
        match next {
            Some(due) => self.alarm.set_alarm(due.reference, due.dt),
            // An alarm that cannot be disarmed fires once for nobody.
            None => drop(self.alarm.disarm()),
        }
    }

    /// Sets a process's alarm `dt` after the counter showed `reference`, both as
    /// processes see them, and returns when it is due.
    fn set(&self, processid: ProcessId, reference: Option<u32>, dt: u32) -> CommandReturn {
        let now = self.alarm.now();
        let (reference, dt) = from_process(now, reference, dt);
        let entered = self.processes.enter(processid, |process, _| {
            process.expiration = Some((reference, dt));
        });
        match entered {
            Ok(()) => {
                self.service();
                CommandReturn::success_u32(to_process(reference.wrapping_add(dt)))
            }
            Err(error) => CommandReturn::failure(error.into()),
        }
    }

    fn stop(&self, processid: ProcessId) -> CommandReturn {
        let entered = self
            .processes
            .enter(processid, |process, _| process.expiration.take());
        match entered {
            Ok(Some(_)) => {
                self.service();
                CommandReturn::success()
            }
            Ok(None) => CommandReturn::failure(ErrorCode::ALREADY),
            Err(error) => CommandReturn::failure(error.into()),
        }
    }
}

/// The counter as processes see it.
fn to_process<T: Ticks>(ticks: T) -> u32 {
    ticks.into_u32_left_justified()
}

/// A process's alarm in hardware ticks: reference and distance.
fn from_process<T: Ticks>(now: T, reference: Option<u32>, dt: u32) -> (T, T) {
    let ago = reference.map_or(0, |reference| to_process(now).wrapping_sub(reference));
    let (ago, dt) = unshifted(T::u32_padding(), ago, dt);
    (now.wrapping_sub(T::from(ago)), T::from(dt))
}

/// How long ago and how far off, in units of 2^`padding`: the first rounded
/// down and the second up, so that an alarm may be late, never early.
fn unshifted(padding: u32, ago: u32, dt: u32) -> (u32, u32) {
    let below = (1u64 << padding) - 1;
    let dt = (u64::from(dt) + below) >> padding;
    (ago >> padding, u32::try_from(dt).unwrap_or(u32::MAX))
}

impl<'a, A: Alarm<'a>> SyscallDriver for AlarmDriver<'a, A> {
    /// Time and alarms.
    ///
    /// - 0: the driver exists
    /// - 1: frequency in hertz
    /// - 2: counter now
    /// - 3: stop the alarm
    /// - 5: set the alarm `arg1` ticks from now
    /// - 6: set the alarm `arg2` ticks after the counter showed `arg1`
    fn command(
        &self,
        command_num: usize,
        arg1: usize,
        arg2: usize,
        processid: ProcessId,
    ) -> CommandReturn {
        match command_num {
            0 => CommandReturn::success(),
            1 => {
                CommandReturn::success_u32(A::Ticks::u32_left_justified_scale_freq::<A::Frequency>())
            }
            2 => CommandReturn::success_u32(to_process(self.alarm.now())),
            3 => self.stop(processid),
            5 => self.set(processid, None, arg1 as u32),
            6 => self.set(processid, Some(arg1 as u32), arg2 as u32),
            _ => CommandReturn::failure(ErrorCode::NOSUPPORT),
        }
    }

    fn allocate_grant(&self, processid: ProcessId) -> Result<(), Error> {
        self.processes.enter(processid, |_, _| {})
    }
}

impl<'a, A: Alarm<'a>> AlarmClient for AlarmDriver<'a, A> {
    fn alarm(&self) {
        self.service();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::hil::time::{Ticks32, Ticks64};

    #[test]
    fn wide_counters_keep_a_processs_reference_in_the_past() {
        let now = Ticks64::from(0x5_0000_0010u64);
        // Set when the counter showed 0xffff_fff0: 0x20 ticks ago.
        let (reference, dt) = from_process(now, Some(0xffff_fff0), 0x40);
        assert_eq!(reference.into_u64(), 0x4_ffff_fff0);
        assert_eq!(dt.into_u64(), 0x40);
    }

    #[test]
    fn alarms_on_narrow_counters_are_never_early() {
        assert_eq!(unshifted(8, 0xff, 1), (0, 1));
        assert_eq!(unshifted(8, 0x100, 0x100), (1, 1));
        assert_eq!(unshifted(8, 0x1ff, 0x101), (1, 2));
        assert_eq!(unshifted(0, u32::MAX, u32::MAX), (u32::MAX, u32::MAX));
    }

    #[test]
    fn remaining_counts_down_to_zero_and_stays() {
        let data = AlarmData {
            expiration: Some((Ticks32::from(u32::MAX), Ticks32::from(5))),
        };
        let remaining = |now| data.due(Ticks32::from(now)).map(|due| due.remaining);
        assert_eq!(remaining(2), Some(Ticks32::from(2)));
        assert_eq!(remaining(4), Some(Ticks32::from(0)));
        assert_eq!(remaining(900), Some(Ticks32::from(0)));
        let idle = AlarmData::<Ticks32>::default();
        assert!(idle.due(Ticks32::from(0)).is_none());
    }
}
