//! Round robin: every process that is ready gets a slice in turn.
//!
//! A process that the kernel interrupts goes on with what is left of its
//! slice; one that uses its slice up, or waits, goes to the end of the line.

use core::cell::Cell;
use core::num::NonZeroU32;

use kernel::collections::list::{List, ListLink, ListNode};
use kernel::platform::chip::Chip;
use kernel::process::{ProcessSlot, StoppedExecutingReason};
use kernel::scheduler::{Scheduler, SchedulingDecision};

/// A slot's place in the line.
pub struct RoundRobinProcessNode<'a> {
    slot: &'static ProcessSlot,
    next: ListLink<'a, RoundRobinProcessNode<'a>>,
}

impl<'a> RoundRobinProcessNode<'a> {
    /// A place for `slot`.
    pub const fn new(slot: &'static ProcessSlot) -> RoundRobinProcessNode<'a> {
        RoundRobinProcessNode {
            slot,
            next: ListLink::empty(),
        }
    }
}

impl<'a> ListNode<'a, RoundRobinProcessNode<'a>> for RoundRobinProcessNode<'a> {
    fn next(&'a self) -> &'a ListLink<'a, RoundRobinProcessNode<'a>> {
        &self.next
    }
}

/// The scheduler.
pub struct RoundRobinSched<'a> {
    timeslice_us: u32,
    /// What the head of the line has left of its slice, if it was interrupted.
    left_us: Cell<Option<NonZeroU32>>,
    /// The line. The board appends a node for each slot.
    pub processes: List<'a, RoundRobinProcessNode<'a>>,
}

impl RoundRobinSched<'_> {
    const DEFAULT_TIMESLICE_US: u32 = 10_000;

    /// Slices of 10 ms.
    pub const fn new() -> Self {
        Self::new_with_time(Self::DEFAULT_TIMESLICE_US)
    }

    /// Slices of `time_us` microseconds; 0 stands for slices without an end.
    pub const fn new_with_time(time_us: u32) -> Self {
        Self {
            timeslice_us: time_us,
            left_us: Cell::new(None),
            processes: List::new(),
        }
    }

    /// Sends the head to the end of the line.
    fn rotate(&self) {
        if let Some(head) = self.processes.pop_head() {
            self.processes.push_tail(head);
        }
        self.left_us.set(None);
    }
}

impl Default for RoundRobinSched<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: Chip> Scheduler<C> for RoundRobinSched<'_> {
    fn next(&self) -> SchedulingDecision {
        for _ in 0..self.processes.iter().count() {
            let process = self.processes.head().and_then(|head| head.slot.get());
            match process {
                Some(process) if process.ready() => {
                    let slice = self.left_us.get().or(NonZeroU32::new(self.timeslice_us));
                    return SchedulingDecision::RunProcess((process.processid(), slice));
                }
                _ => self.rotate(),
            }
        }
        SchedulingDecision::TrySleep
    }

    fn result(&self, result: StoppedExecutingReason, execution_time_us: Option<u32>) {
        if result != StoppedExecutingReason::KernelPreemption {
            return self.rotate();
        }
        let slice = self
            .left_us
            .get()
            .map_or(self.timeslice_us, NonZeroU32::get);
        let left = slice.saturating_sub(execution_time_us.unwrap_or(0));
        match NonZeroU32::new(left) {
            Some(left) => self.left_us.set(Some(left)),
            None => self.rotate(),
        }
    }
}
