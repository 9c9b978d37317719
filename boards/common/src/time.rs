//! Time: a timer that many share, and processes' alarms.

use crate::place::{keep, places, Place};
use crate::system::Authority;
use capsules_core::alarm::{self, AlarmDriver};
use capsules_core::virtualizers::virtual_alarm::{MuxAlarm, VirtualMuxAlarm};
use kernel::hil::time::Alarm;
use kernel::Kernel;

/// The alarms on the chip's timer.
pub type BoardAlarms<T> = MuxAlarm<'static, T>;
/// One of them.
pub type BoardAlarm<T> = VirtualMuxAlarm<'static, T>;
/// The processes' alarm driver.
pub(crate) type ProcessAlarm<T> = AlarmDriver<'static, BoardAlarm<T>>;

places! {
    pub(crate) struct TimePlaces<T: Alarm<'static>> {
        alarms: BoardAlarms<T>,
        process: BoardAlarm<T>,
        driver: ProcessAlarm<T>,
    }
}

/// Who waits for the timer.
pub(crate) struct Time<T: Alarm<'static> + 'static> {
    pub alarms: &'static BoardAlarms<T>,
    pub driver: &'static ProcessAlarm<T>,
}

/// Shares the timer out.
pub(crate) fn wire<T: Alarm<'static>>(
    places: &'static mut TimePlaces<T>,
    timer: &'static T,
    kernel: &'static Kernel,
    authority: impl Authority,
) -> Time<T> {
    let alarms = keep(&mut places.alarms, MuxAlarm::new(timer));
    timer.set_alarm_client(alarms);
    let process = share(&mut places.process, alarms);
    let grant = kernel.create_grant(alarm::DRIVER_NUM, &authority);
    let driver = keep(&mut places.driver, AlarmDriver::new(process, grant));
    process.set_alarm_client(driver);
    Time { alarms, driver }
}

/// A share of the timer.
pub(crate) fn share<T: Alarm<'static>>(
    place: &'static mut Place<BoardAlarm<T>>,
    alarms: &'static BoardAlarms<T>,
) -> &'static BoardAlarm<T> {
    let alarm = keep(place, VirtualMuxAlarm::new(alarms));
    alarm.setup();
    alarm
}
