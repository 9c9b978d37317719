//! Any number of alarms on one.
//!
//! The hardware alarm is always set for the virtual alarm that is due next. Due
//! alarms are found by scanning; a board has a handful.

use core::cell::Cell;
use kernel::collections::list::{List, ListLink, ListNode};
use kernel::hil::time::{Alarm, AlarmClient, Ticks, Time};
use kernel::utilities::cells::OptionalCell;
use kernel::ErrorCode;

/// One of the alarms.
pub struct VirtualMuxAlarm<'a, A: Alarm<'a>> {
    mux: &'a MuxAlarm<'a, A>,
    reference: Cell<A::Ticks>,
    dt: Cell<A::Ticks>,
    armed: Cell<bool>,
    next: ListLink<'a, VirtualMuxAlarm<'a, A>>,
    client: OptionalCell<&'a dyn AlarmClient>,
}

impl<'a, A: Alarm<'a>> VirtualMuxAlarm<'a, A> {
    /// An alarm of `mux_alarm`; [`VirtualMuxAlarm::setup`] must follow.
    pub fn new(mux_alarm: &'a MuxAlarm<'a, A>) -> VirtualMuxAlarm<'a, A> {
        let zero = A::Ticks::from(0);
        VirtualMuxAlarm {
            mux: mux_alarm,
            reference: Cell::new(zero),
            dt: Cell::new(zero),
            armed: Cell::new(false),
            next: ListLink::empty(),
            client: OptionalCell::empty(),
        }
    }

    /// Makes the alarm known to its mux. Once, after it is in its final place.
    pub fn setup(&'a self) {
        self.mux.alarms.push_head(self);
    }

    /// Ticks until due; zero once due.
    fn remaining(&self, now: A::Ticks) -> A::Ticks {
        let due = self.get_alarm();
        if now.within_range(self.reference.get(), due) {
            due.wrapping_sub(now)
        } else {
            A::Ticks::from(0)
        }
    }
}

impl<'a, A: Alarm<'a>> ListNode<'a, VirtualMuxAlarm<'a, A>> for VirtualMuxAlarm<'a, A> {
    fn next(&'a self) -> &'a ListLink<'a, VirtualMuxAlarm<'a, A>> {
        &self.next
    }
}

impl<'a, A: Alarm<'a>> Time for VirtualMuxAlarm<'a, A> {
    type Frequency = A::Frequency;
    type Ticks = A::Ticks;

    fn now(&self) -> A::Ticks {
        self.mux.alarm.now()
    }
}

impl<'a, A: Alarm<'a>> Alarm<'a> for VirtualMuxAlarm<'a, A> {
    fn set_alarm_client(&self, client: &'a dyn AlarmClient) {
        self.client.set(client);
    }

    fn set_alarm(&self, reference: A::Ticks, dt: A::Ticks) {
        self.reference.set(reference);
        self.dt.set(dt);
        self.armed.set(true);
        self.mux.rearm();
    }

    fn get_alarm(&self) -> A::Ticks {
        self.reference.get().wrapping_add(self.dt.get())
    }

    fn disarm(&self) -> Result<(), ErrorCode> {
        if self.armed.take() {
            self.mux.rearm();
        }
        Ok(())
    }

    fn is_armed(&self) -> bool {
        self.armed.get()
    }

    fn minimum_dt(&self) -> A::Ticks {
        self.mux.alarm.minimum_dt()
    }
}

/// The hardware alarm and the alarms that share it.
pub struct MuxAlarm<'a, A: Alarm<'a>> {
    alarms: List<'a, VirtualMuxAlarm<'a, A>>,
    alarm: &'a A,
    /// Clients are being called; the hardware is set once they are done.
    firing: Cell<bool>,
}

impl<'a, A: Alarm<'a>> MuxAlarm<'a, A> {
    /// Shares `alarm`, of which this must become the client.
    pub const fn new(alarm: &'a A) -> MuxAlarm<'a, A> {
        MuxAlarm {
            alarms: List::new(),
            alarm,
            firing: Cell::new(false),
        }
    }

    fn rearm(&self) {
        if self.firing.get() {
            return;
        }
        let now = self.alarm.now();
        let armed = self.alarms.iter().filter(|alarm| alarm.armed.get());
        match armed.min_by_key(|alarm| alarm.remaining(now)) {
            Some(next) => self.alarm.set_alarm(next.reference.get(), next.dt.get()),
            // An alarm that cannot be disarmed fires once for nobody.
            None => drop(self.alarm.disarm()),
        }
    }
}

impl<'a, A: Alarm<'a>> AlarmClient for MuxAlarm<'a, A> {
    fn alarm(&self) {
        self.firing.set(true);
        for alarm in self.alarms.iter() {
            // The time now: a client may just have set this alarm.
            let now = self.alarm.now();
            let due = alarm.armed.get() && alarm.remaining(now) == A::Ticks::from(0);
            if due {
                alarm.armed.set(false);
                alarm.client.map(|client| client.alarm());
            }
        }
        self.firing.set(false);
        self.rearm();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::hil::time::{Freq1MHz, Ticks32};

    struct FakeAlarm {
        now: Cell<u32>,
        set: Cell<Option<(u32, u32)>>,
    }

    impl FakeAlarm {
        fn at(now: u32) -> Self {
            FakeAlarm {
                now: Cell::new(now),
                set: Cell::new(None),
            }
        }

        fn due(&self) -> Option<u32> {
            self.set.get().map(|(start, dt)| start.wrapping_add(dt))
        }
    }

    impl Time for FakeAlarm {
        type Frequency = Freq1MHz;
        type Ticks = Ticks32;

        fn now(&self) -> Ticks32 {
            Ticks32::from(self.now.get())
        }
    }

    impl<'a> Alarm<'a> for FakeAlarm {
        fn set_alarm_client(&self, _client: &'a dyn AlarmClient) {}

        fn set_alarm(&self, reference: Ticks32, dt: Ticks32) {
            self.set.set(Some((reference.into_u32(), dt.into_u32())));
        }

        fn get_alarm(&self) -> Ticks32 {
            Ticks32::from(self.due().unwrap_or(0))
        }

        fn disarm(&self) -> Result<(), ErrorCode> {
            self.set.set(None);
            Ok(())
        }

        fn is_armed(&self) -> bool {
            self.set.get().is_some()
        }

        fn minimum_dt(&self) -> Ticks32 {
            Ticks32::from(1)
        }
    }

    #[derive(Default)]
    struct Count(Cell<u32>);

    impl AlarmClient for Count {
        fn alarm(&self) {
            self.0.set(self.0.get() + 1);
        }
    }

    fn ticks(value: u32) -> Ticks32 {
        Ticks32::from(value)
    }

    #[test]
    fn the_next_due_alarm_is_the_one_that_is_set_across_the_wrap() {
        let hardware = FakeAlarm::at(u32::MAX - 10);
        let mux = MuxAlarm::new(&hardware);
        let (first, second) = (VirtualMuxAlarm::new(&mux), VirtualMuxAlarm::new(&mux));
        first.setup();
        second.setup();
        first.set_alarm(first.now(), ticks(100));
        second.set_alarm(second.now(), ticks(20));
        assert_eq!(hardware.due(), Some(9));
        second.disarm().unwrap();
        assert_eq!(hardware.due(), Some(89));
        first.disarm().unwrap();
        assert_eq!(hardware.due(), None);
    }

    #[test]
    fn only_due_alarms_fire_and_only_once() {
        let hardware = FakeAlarm::at(0);
        let mux = MuxAlarm::new(&hardware);
        let (early, late) = (VirtualMuxAlarm::new(&mux), VirtualMuxAlarm::new(&mux));
        let (early_count, late_count) = (Count::default(), Count::default());
        early.setup();
        late.setup();
        early.set_alarm_client(&early_count);
        late.set_alarm_client(&late_count);
        early.set_alarm(ticks(0), ticks(5));
        late.set_alarm(ticks(0), ticks(50));
        hardware.now.set(7);
        mux.alarm();
        mux.alarm();
        assert_eq!((early_count.0.get(), late_count.0.get()), (1, 0));
        assert!(!early.is_armed());
        assert_eq!(hardware.due(), Some(50));
    }

    struct Arms<'a>(&'a FakeAlarm, &'a VirtualMuxAlarm<'a, FakeAlarm>);

    impl AlarmClient for Arms<'_> {
        fn alarm(&self) {
            // A tick passes while the client works.
            self.0.now.set(self.0.now.get() + 1);
            self.1.set_alarm(self.1.now(), ticks(50));
        }
    }

    #[test]
    fn an_alarm_that_is_set_while_another_fires_waits_its_time() {
        let hardware = FakeAlarm::at(0);
        let mux = MuxAlarm::new(&hardware);
        let (second, first) = (VirtualMuxAlarm::new(&mux), VirtualMuxAlarm::new(&mux));
        let (count, arms) = (Count::default(), Arms(&hardware, &second));
        second.setup();
        first.setup();
        second.set_alarm_client(&count);
        first.set_alarm_client(&arms);
        first.set_alarm(ticks(0), ticks(5));
        hardware.now.set(7);
        mux.alarm();
        assert_eq!(count.0.get(), 0);
        assert_eq!(hardware.due(), Some(58));
    }

    #[test]
    fn an_overdue_alarm_outranks_a_future_one() {
        let hardware = FakeAlarm::at(1000);
        let mux = MuxAlarm::new(&hardware);
        let (overdue, future) = (VirtualMuxAlarm::new(&mux), VirtualMuxAlarm::new(&mux));
        overdue.setup();
        future.setup();
        future.set_alarm(ticks(1000), ticks(1));
        overdue.set_alarm(ticks(900), ticks(50));
        assert_eq!(hardware.due(), Some(950));
    }
}
